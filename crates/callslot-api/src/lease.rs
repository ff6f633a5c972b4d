//! The JSON of leases.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{CallId, LeaseId};
use crate::strict;

/// A lease to open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseOpen {
    /// How long it lives without a renewal, in seconds; 15 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 3600, example = 15)]
    pub ttl_s: Option<u64>,
}

/// A lease just opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lease {
    /// Its id, for `lease` when calls are started.
    #[schema(value_type = LeaseId)]
    pub id: String,
    /// How long it lives without a renewal, in seconds. Renew it every third of that.
    pub ttl_s: u64,
    /// How long it lives from now, in milliseconds.
    pub expires_in_ms: u64,
}

/// An open lease, as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseStatus {
    /// Its id.
    #[schema(value_type = LeaseId)]
    pub id: String,
    /// How long it lives without a renewal, in seconds.
    pub ttl_s: u64,
    /// How long it lives from now if it is not renewed, in milliseconds; 0: it is about to end.
    pub expires_in_ms: u64,
    /// The id of the key with which it was opened; null if it was opened before that was kept.
    pub key: Option<String>,
    /// How many of its calls hold a slot.
    pub active: u64,
    /// How many of its calls are queued.
    pub queued: u64,
}

/// A renewal, with the calls that the client believes are active: both fields, or neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseRenew {
    /// How many calls the client has active under the lease.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, maximum = 1_000_000_000, example = 1)]
    pub count: Option<u64>,
    /// Exclusive or over those calls of the first 8 bytes, big endian, of SHA-256 of the id: 16 hexadecimal digits.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, example = "6b86b273ff34fce1", pattern = "^[0-9A-Fa-f]{16}$")]
    pub digest: Option<String>,
}

/// A lease just renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseRenewed {
    /// How long it lives from now, in milliseconds.
    pub expires_in_ms: u64,
    /// Whether the client's calls differ from the server's: then reconcile.
    pub reconcile: bool,
}

/// Every call the client has active under a lease, or a page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseReconcile {
    /// Their ids, up to 100,000; of a page up to 10,000.
    #[schema(value_type = Vec<CallId>, max_items = 100_000)]
    pub active: Vec<String>,
    /// Whether another page follows. All are decided when the last one is there.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(example = false)]
    pub more: bool,
    /// What the answer to the page before had as `next`; none in the first page. It makes sure that no page is lost or mixed with
    /// those of another client.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, example = "9e3779b97f4a7c15", pattern = "^[0-9a-f]{16}$")]
    pub cursor: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What a reconciliation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeaseReconciled {
    /// Calls that were ended because the client does not know them.
    #[schema(value_type = Vec<CallId>)]
    pub ended: Vec<String>,
    /// Calls that the client named and must not run, and why.
    pub unknown: Vec<UnknownCall>,
    /// The `cursor` of the next page, if one follows. Then nothing is decided yet, and the lists are empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// A call that a client believes is active under its lease, and that is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownCall {
    /// Its id.
    #[schema(value_type = CallId)]
    pub id: String,
    /// What the server knows of it.
    pub why: WhyUnknown,
}

/// Why a call is not active under the lease of the client that named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnknown {
    /// No call has this id, or it ended too long ago.
    NeverKnown,
    /// It has ended, or was ended before it came.
    Ended,
    /// It is live under another lease, or under none.
    OtherLease,
    /// It is of this lease, and queued.
    Queued,
}

/// Calls that a lease is to adopt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseAdopt {
    /// Their ids, up to 1,000.
    #[schema(value_type = Vec<CallId>, max_items = 1_000)]
    pub calls: Vec<String>,
}
