//! Refusals and failures as problems: the code of each, and the sentence with the numbers and the next step.

use axum::response::{IntoResponse, Response};
use callslot_api::{Problem, ProblemCode as Code};
use callslot_core::Rejection;
use callslot_node::{CatalogueError, FollowError, SubmitError, Unavailable};

/// The name of the whole body, where a field would be named.
pub(crate) const WHOLE: &str = ".";

/// A rejected request and the reason.
#[derive(Debug, Clone)]
pub(crate) struct Refusal(Box<Problem>);

impl Refusal {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(code, detail)))
    }

    pub(crate) fn invalid_field(field: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(Code::InvalidField, detail).with_field(field)))
    }

    /// The same refusal, which is about a row of the request, such as `calls[3]`. Where it names a field, the field is in that row.
    pub(crate) fn in_row(mut self, row: &str) -> Self {
        match self.0.field.take() {
            Some(field) if field != WHOLE => {
                let full = format!("{row}.{field}");
                self.0.detail =
                    self.0.detail.replacen(&format!("`{field}`"), &format!("`{full}`"), 1);
                self.0.field = Some(full);
            }
            Some(_) => self = self.about(row),
            None => self.0.detail = format!("`{row}`: {}", self.0.detail),
        }
        self
    }

    /// The same refusal, which is about this field of the request.
    pub(crate) fn about(mut self, field: &str) -> Self {
        self.0.detail = format!("`{field}`: {}", self.0.detail);
        self.0.field = Some(field.to_owned());
        self
    }

    /// Nothing is at this address.
    pub(crate) fn unknown_route() -> Self {
        Self::new(Code::UnknownRoute, "there is nothing at this address; /docs lists every address")
    }

    /// The address accepts other methods only.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            Code::MethodNotAllowed,
            "this address does not accept this method; /docs lists the methods it accepts",
        )
    }

    /// The client speaks HTTP to a port that speaks TLS.
    pub(crate) fn no_tls() -> Self {
        Self::new(
            Code::MalformedRequest,
            "this port speaks TLS; ask at https:// instead of http://",
        )
    }

    /// The code of the problem.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    pub(crate) fn into_problem(self) -> Box<Problem> {
        self.0
    }

    /// The same refusal, with a number of its sentence by name.
    pub(crate) fn number(mut self, name: &str, number: impl Into<u64>) -> Self {
        *self.0 = self.0.with_number(name, number);
        self
    }
}

/// The problem travels alongside an empty body; `middleware/write_problem.rs` writes it out, with the request's id.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(std::sync::Arc::<Problem>::from(self.0));
        response
    }
}

impl From<Rejection> for Refusal {
    #[expect(clippy::too_many_lines, reason = "it is a table, with a row for each rejection")]
    fn from(rejection: Rejection) -> Self {
        let said = rejection.to_string();
        match rejection {
            Rejection::UnknownOrg { .. } => {
                Self::new(Code::UnknownOrg, format!("{said}; GET /v1/orgs lists them"))
            }
            Rejection::OrgExists { .. } => {
                Self::new(Code::OrgExists, format!("{said}; choose another id, or change the existing one with PATCH"))
            }
            Rejection::OrgInUse { live } => {
                Self::new(Code::OrgInUse, format!("{said}; end them, then delete it")).number("live", live)
            }
            Rejection::UnknownAgent { agent } => Self::new(
                Code::UnknownAgent,
                format!("{said}; create it with PUT /v1/agents/{agent}, or correct the id"),
            ),
            Rejection::AgentInUse { live, reserved, .. } => Self::new(
                Code::AgentInUse,
                format!("{said}; end the calls and remove the reservations first"),
            )
            .number("live", live)
            .number("reserved", reserved),
            Rejection::TooManyAgents { max_agents } => Self::new(
                Code::TooManyAgents,
                format!("{said}; delete those that nobody uses with DELETE /v1/agents/{{id}}"),
            )
            .number("max_agents", max_agents as u64),
            Rejection::UnknownGate { gate } => Self::new(
                Code::UnknownGate,
                format!("{said}; create it with PUT /v1/gates/{gate}, or correct the id"),
            ),
            Rejection::GateInUse { live, .. } => Self::new(
                Code::GateInUse,
                format!("{said}; end them, for instance with POST /v1/calls/end and `gate`, then delete it"),
            )
            .number("live", live),
            Rejection::TooManyGates { max_gates } => Self::new(
                Code::TooManyGates,
                format!("{said}; delete those that nobody uses with DELETE /v1/gates/{{id}}"),
            )
            .number("max_gates", max_gates as u64),
            Rejection::UnknownAlert { alert } => Self::new(
                Code::UnknownAlert,
                format!("{said}; create it with PUT /v1/alerts/{alert}, or correct the id"),
            ),
            Rejection::BuiltInAlert { .. } => Self::new(
                Code::BuiltInAlert,
                format!("{said}; it closes once its webhook is enabled or deleted, and rules have ids that do not begin with `webhook:`"),
            ),
            Rejection::TooManyAlerts { max_alerts } => Self::new(
                Code::TooManyAlerts,
                format!("{said}; delete those that nobody needs with DELETE /v1/alerts/{{id}}"),
            )
            .number("max_alerts", max_alerts as u64),
            Rejection::TooManyLanes { max_lanes } => Self::new(
                Code::TooManyLanes,
                format!("{said}; the call was not accepted: let calls share gates, or try again when some have ended"),
            )
            .number("max_lanes", max_lanes as u64),
            Rejection::AgentNamedTwice { .. } => Self::invalid_field(
                "reservations",
                format!("{said}; name each agent once, with all its types"),
            ),
            Rejection::ReservationsExceedLimit { asked, limit, left } => Self::new(
                Code::ReservationsExceedLimit,
                format!(
                    "{said}; {left} are left for the agents named: reserve less, or raise the limit or the plan"
                ),
            )
            .number("asked", asked)
            .number("limit", limit)
            .number("left", left),
            Rejection::ReservationsExceedCap { asked, cap, left, .. } => Self::new(
                Code::ReservationsExceedCap,
                format!("{said}; {left} are left for the agents named: reserve less, or raise or remove the cap"),
            )
            .number("asked", asked)
            .number("cap", cap)
            .number("left", left),
            Rejection::CapBelowReservations { cap, reserved, .. } => Self::new(
                Code::CapBelowReservations,
                format!("{said}; lower the reservations first"),
            )
            .number("cap", cap)
            .number("reserved", reserved),
            Rejection::LimitBelowReservations { limit, reserved, .. } => Self::new(
                Code::LimitBelowReservations,
                format!("{said}; lower its reservations first"),
            )
            .number("limit", limit)
            .number("reserved", reserved),
            Rejection::VersionMismatch { given, current } => Self::new(
                Code::VersionMismatch,
                format!("{said}: someone else changed them; read /v1/concurrency and decide again"),
            )
            .number("given", given.0)
            .number("current", current.0),
            Rejection::UnknownCall { .. } => Self::new(
                Code::UnknownCall,
                format!("{said}, or it ended too long ago; check the id and the key's organisation"),
            ),
            Rejection::CallIdTaken { .. } => {
                Self::new(Code::CallIdTaken, format!("{said}; use a new id for each call"))
            }
            Rejection::HeldByOtherLease { .. } => Self::new(
                Code::HeldByOtherLease,
                format!("{said}; leave it to its engine, or take it over with POST /v1/leases/{{id}}/adopt"),
            ),
            Rejection::ClaimedByOther { .. } => Self::new(
                Code::ClaimedByOther,
                format!("{said}; leave it to them: the first claim wins"),
            ),
            Rejection::NoClaimDue { .. } => Self::new(
                Code::NoClaimDue,
                format!("{said}; end it with POST /v1/calls/{{id}}/end if it is not to go on"),
            ),
            Rejection::CallNotDispatched { .. } => Self::new(
                Code::CallNotDispatched,
                format!("{said}; wait until it is active, for instance with ?wait_s=60"),
            ),
            Rejection::CallHasEnded { .. } => {
                Self::new(Code::CallHasEnded, format!("{said}; GET it to see why"))
            }
            Rejection::CallIsLive { .. } => Self::new(
                Code::CallIsLive,
                format!("{said}; end it first, with POST /v1/calls/{{id}}/end"),
            ),
            Rejection::QueueFull { max_queued } => Self::new(
                Code::QueueFull,
                format!("{said}; the call was not accepted: try again later, or raise the limit or max_queued"),
            )
            .number("max_queued", max_queued),
            Rejection::QueuedMetadataFull { bytes, queued_bytes, max_bytes } => Self::new(
                Code::QueuedMetadataFull,
                format!("{said}; the call was not accepted: try again later, or with less metadata"),
            )
            .number("bytes", bytes)
            .number("queued_bytes", queued_bytes)
            .number("max_bytes", max_bytes),
            Rejection::UnknownLease => Self::new(
                Code::LeaseExpired,
                format!("{said}; open a new one with POST /v1/leases and start its calls again"),
            ),
            Rejection::TooManyLeases { max_leases } | Rejection::TooManyLeasesOfKey { max_leases } => Self::new(
                Code::TooManyLeases,
                format!("{said}; renew one lease for each engine, end those that are not needed, or wait until they run out"),
            )
            .number("max_leases", max_leases as u64),
            Rejection::LeaseExists => Self::new(Code::Internal, said),
            Rejection::LeaseFull { max_calls } => {
                Self::new(Code::LeaseFull, format!("{said}; open another lease")).number("max_calls", max_calls)
            }
            Rejection::ListTooLong { calls, pages, max_calls, max_pages } => Self::new(
                Code::ReconciliationTooLong,
                format!(
                    "{said}; name each call once, in pages of up to 10,000, and send the last page without `more`, or begin again once \
                     the lease has been renewed for one TTL without another page"
                ),
            )
            .number("calls", calls as u64)
            .number("pages", pages as u64)
            .number("max_calls", max_calls as u64)
            .number("max_pages", max_pages as u64),
            Rejection::TooManyPages { max_bytes } => Self::new(
                Code::ReconciliationTooLong,
                format!("{said}; try again when other leases have sent their last pages, or send the list in one request"),
            )
            .number("max_bytes", max_bytes),
            Rejection::TooManySweeps { max_sweeps } => Self::new(
                Code::TooManySweeps,
                format!("{said}; nothing was ended: try again when one of them has been answered"),
            )
            .number("max_sweeps", u64::try_from(max_sweeps).unwrap_or(u64::MAX)),
        }
    }
}

impl From<Unavailable> for Refusal {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Overloaded => {
                Self::new(Code::Overloaded, "too many requests are waiting; retry in a second")
            }
            Unavailable::StoreFailed => Self::new(
                Code::StoreFailed,
                "the store cannot write, so no call can start; free disk space or repair the disk (`callslot doctor` helps find \
                 the cause), then retry",
            ),
            Unavailable::ShuttingDown => {
                Self::new(Code::ShuttingDown, "the server is shutting down; retry when it is back")
            }
        }
    }
}

impl From<SubmitError> for Refusal {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Refused(rejection) => rejection.into(),
            SubmitError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl From<CatalogueError> for Refusal {
    fn from(error: CatalogueError) -> Self {
        let said = error.to_string();
        match error {
            CatalogueError::UnknownPlan { .. } => {
                Self::new(Code::UnknownPlan, format!("{said}; GET /v1/plans lists them"))
            }
            CatalogueError::PlanInUse { orgs, .. } => {
                Self::new(Code::PlanInUse, format!("{said}; move them to another plan first"))
                    .number("orgs", orgs as u64)
            }
            CatalogueError::Submit(error) => error.into(),
        }
    }
}

impl From<FollowError> for Refusal {
    fn from(error: FollowError) -> Self {
        let said = error.to_string();
        match error {
            FollowError::CursorExpired { after } => Self::new(
                Code::CursorExpired,
                format!("{said}; read /v1/concurrency and follow the events after its as_of"),
            )
            .number("after", after.0),
            FollowError::CursorAhead { after, as_of } => Self::new(
                Code::CursorAhead,
                format!("{said}; read /v1/concurrency and follow the events after its as_of"),
            )
            .number("after", after.0)
            .number("as_of", as_of.0),
            FollowError::UnknownOrg => Self::new(Code::UnknownOrg, said),
            FollowError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}
