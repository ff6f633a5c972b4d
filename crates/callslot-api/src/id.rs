//! The forms of ids, names and cursors, as the OpenAPI document describes them. On the wire and in this crate's types they are
//! plain text; the server checks them.

use utoipa::ToSchema;

macro_rules! written {
    ($($(#[doc = $doc:literal])+ $name:ident $most:tt $pattern:tt $example:tt;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
            #[schema(
                value_type = String, min_length = 1, max_length = $most, pattern = $pattern, example = $example
            )]
            pub struct $name(());
        )+
    };
}

written! {
    /// An agent's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
    AgentId 64 "^[A-Za-z0-9_.:-]+$" "support";
    /// A call's id: 1 to 128 printable ASCII characters without spaces and `/`; not `.`, `..`, `batch` or `end`.
    CallId 128 "^[!-.0-~]+$" "sip-77@pbx";
    /// Who claims a call: 1 to 255 printable ASCII characters without spaces; not `.` or `..`.
    Claimant 255 "^[!-~]+$" "worker-7";
    /// A gate's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
    GateId 64 "^[A-Za-z0-9_.:-]+$" "spring";
    /// An alert's id: 1 to 80 letters, digits, `-`, `_`, `.` and `:`; not `.`, `..` or `history`. Those that begin with `webhook:` are the
    /// server's own.
    AlertId 80 "^[A-Za-z0-9_.:-]+$" "busy";
    /// A lease's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
    LeaseId 64 "^[A-Za-z0-9_.:-]+$" "lease_1f0c";
    /// An organisation's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
    OrgId 64 "^[A-Za-z0-9_.:-]+$" "acme";
    /// A plan's id: 1 to 64 letters, digits, `-`, `_`, `.` and `:`; not `.` or `..`.
    PlanId 64 "^[A-Za-z0-9_.:-]+$" "standard";
    /// A key's id, as the server made it.
    KeyId 64 "^[a-z0-9_]+$" "key_1f0c";
    /// A webhook's id, as the server made it.
    WebhookId 64 "^[a-z0-9_]+$" "wh_1f0c";
    /// A name for people: 1 to 200 characters, not all of them spaces, and no control characters.
    Name 200 r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*$" "Support";
}
