//! Refusals and failures: RFC 9457 problem details, with a code for programs and a sentence for people.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem. `type` is `urn:callslot:problem:` and the code; `docs/errors.md` has a section for each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URN with the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:callslot:problem:queue_full")]
    pub kind: String,
    /// The code, for programs.
    #[schema(example = "queue_full")]
    pub code: String,
    /// What kind of problem it is, in a few words.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 429)]
    pub status: u16,
    /// What went wrong, with the numbers, and the next step.
    pub detail: String,
    /// The field of the request that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The id of the request, to find it in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The numbers of the sentence, by name.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, u64>,
}

impl Problem {
    /// A problem with its sentence.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:callslot:problem:{}", code.as_str()),
            code: code.as_str().into(),
            title: code.title().into(),
            status: code.status(),
            detail: detail.into(),
            field: None,
            request_id: None,
            numbers: BTreeMap::new(),
        }
    }

    /// The same, naming the field that is wrong.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same, with a number of the sentence by name.
    #[must_use]
    pub fn with_number(mut self, name: &str, number: impl Into<u64>) -> Self {
        self.numbers.insert(name.into(), number.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.code)
    }
}

macro_rules! problem_codes {
    ($($variant:ident $code:literal $status:literal $title:literal;)+) => {
        /// Every code a problem may have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemCode {
            $(#[doc = $title] $variant,)+
        }

        impl ProblemCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// Its kind in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

problem_codes! {
    MalformedBody "malformed_body" 400 "The body is not JSON";
    MalformedRequest "malformed_request" 400 "The request cannot be read";
    Unauthenticated "unauthenticated" 401 "A valid key is needed";
    KeyExpired "key_expired" 401 "The key has expired";
    Forbidden "forbidden" 403 "The key may not do this";
    CrossSite "cross_site" 403 "The request came from another site";
    UnknownRoute "unknown_route" 404 "No such address";
    UnknownCall "unknown_call" 404 "No such call";
    UnknownAgent "unknown_agent" 404 "No such agent";
    UnknownGate "unknown_gate" 404 "No such gate";
    UnknownAlert "unknown_alert" 404 "No such alert";
    UnknownOrg "unknown_org" 404 "No such organisation";
    UnknownPlan "unknown_plan" 404 "No such plan";
    UnknownKey "unknown_key" 404 "No such key";
    UnknownAuditEntry "unknown_audit_entry" 404 "No such change";
    UnknownWebhook "unknown_webhook" 404 "No such webhook";
    LeaseExpired "lease_expired" 404 "The lease has expired";
    MethodNotAllowed "method_not_allowed" 405 "The address does not take this method";
    RequestTimeout "request_timeout" 408 "The request took too long to arrive";
    OrgExists "org_exists" 409 "The organisation exists";
    OrgInUse "org_in_use" 409 "The organisation has live calls";
    AgentInUse "agent_in_use" 409 "The agent has calls or reservations";
    TooManyAgents "too_many_agents" 409 "The organisation has too many agents";
    GateInUse "gate_in_use" 409 "The gate has live calls";
    TooManyGates "too_many_gates" 409 "The organisation has too many gates";
    TooManyAlerts "too_many_alerts" 409 "The organisation has too many rules for alerts";
    BuiltInAlert "built_in_alert" 409 "The alert is the server's own";
    TooManyKeys "too_many_keys" 409 "The organisation has too many keys";
    TooManyWebhooks "too_many_webhooks" 409 "The organisation has too many webhooks";
    TooManyLeases "too_many_leases" 409 "There are too many leases";
    PlanInUse "plan_in_use" 409 "Organisations are on the plan";
    KeyInUse "key_in_use" 409 "The key has to stay";
    SecretInUse "secret_in_use" 409 "The earlier secret still signs";
    ReservationsExceedLimit "reservations_exceed_limit" 409 "The reservations do not fit";
    ReservationsExceedCap "reservations_exceed_cap" 409 "The reservations exceed a cap";
    CannotRevert "cannot_revert" 409 "The change cannot be put back";
    CapBelowReservations "cap_below_reservations" 409 "The cap is below the reservations";
    LimitBelowReservations "limit_below_reservations" 409 "The limit is below the reservations";
    CallIdTaken "call_id_taken" 409 "The id belongs to another call";
    HeldByOtherLease "held_by_other_lease" 409 "Another lease holds the call";
    ClaimedByOther "claimed_by_other" 409 "Another has claimed the call";
    NoClaimDue "no_claim_due" 409 "The call waits for no claim";
    CallNotDispatched "call_not_dispatched" 409 "The call is still queued";
    CallHasEnded "call_has_ended" 409 "The call has ended";
    CallIsLive "call_is_live" 409 "The call has not ended";
    LeaseFull "lease_full" 409 "The lease has too many calls";
    ReconciliationLost "reconciliation_lost" 409 "Pages of the reconciliation are missing";
    CursorExpired "cursor_expired" 410 "The events are no longer kept";
    CursorAhead "cursor_ahead" 410 "The cursor is ahead of the log";
    VersionMismatch "version_mismatch" 412 "Somebody else changed the reservations";
    BodyTooLarge "body_too_large" 413 "The body is too large";
    UnsupportedMediaType "unsupported_media_type" 415 "The body must be JSON";
    InvalidField "invalid_field" 422 "A field is wrong";
    OrgNotNamed "org_not_named" 422 "Name the organisation to act in";
    UpgradeRequired "upgrade_required" 426 "The address is a WebSocket";
    QueueFull "queue_full" 429 "The queue is full";
    QueuedMetadataFull "queued_metadata_full" 429 "The queue has no room for the metadata";
    TooManyLanes "too_many_lanes" 429 "Too many different sets of gates";
    ReconciliationTooLong "reconciliation_too_long" 429 "Too many pages wait for the last one";
    TooManySweeps "too_many_sweeps" 429 "Too many ends of all calls that match";
    RateLimited "rate_limited" 429 "Too many requests";
    TooManySeats "too_many_seats" 429 "Too many clients stay connected";
    TooManyBodies "too_many_bodies" 429 "Too many bodies are arriving";
    Internal "internal" 500 "A fault of the server";
    Overloaded "overloaded" 503 "The server is overloaded";
    StoreFailed "store_failed" 503 "The store cannot write";
    ShuttingDown "shutting_down" 503 "The server is shutting down";
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERRORS_PAGE: &str = include_str!("../../../docs/errors.md");

    #[test]
    fn the_page_on_errors_has_a_section_for_each_code_and_no_other() {
        let sections: Vec<&str> =
            ERRORS_PAGE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let codes: Vec<String> = ProblemCode::ALL
            .iter()
            .map(|code| format!("{} · {}", code.as_str(), code.status()))
            .collect();
        assert_eq!(sections, codes);
    }
}
