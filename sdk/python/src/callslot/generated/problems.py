"""An exception for each problem that the server answers with.

Made by scripts/generate.py from docs/errors.md; do not edit.
"""

from callslot.errors import Refused


class MalformedBody(Refused):
    """The body is not JSON in UTF-8, or did not arrive completely.

    Next step: Send one JSON object with `content-type: application/json`; `detail` says where parsing stopped.
    """

    code = "malformed_body"
    status = 400


class MalformedRequest(Refused):
    """The address or a header cannot be parsed; for example, its percent-encoding is wrong (a `%` without two
    hexadecimal digits after it). Or a header that holds one value is there twice, whether the address reads it or
    not: `authorization`, `callslot-org`, `content-encoding`, `content-type`, `host`, `idempotency-key`, `if-match`,
    `last-event-id` or `transfer-encoding`. A proxy might have read the other one. A body may have the
    `transfer-encoding` `chunked` and no other.

    Next step: Correct what `detail` names.
    """

    code = "malformed_request"
    status = 400


class Unauthenticated(Refused):
    """The request has no key, or the key is unknown, revoked, or was revoked while the request waited (`wait_s`). In a
    browser: the session has ended, or the sign-in code has been used or has expired.

    Next step: Send `authorization: Bearer <key>`. An admin creates keys with `callslot key create NAME ROLE`. To
    sign a browser in again, paste a key or open a link that `callslot dashboard` prints.
    """

    code = "unauthenticated"
    status = 401


class KeyExpired(Refused):
    """The key has expired, or it was rotated and the time of the secret that was sent is over. Streams, long polls and
    signed-in browsers end with it. A key remembers one secret before its own: earlier ones, and one that was to
    stop at once, are `unauthenticated`.

    Next step: Send the new secret. An admin gives an expired key another one with `callslot key rotate ID --expires
    90d`, or creates another key.
    """

    code = "key_expired"
    status = 401


class Forbidden(Refused):
    """The key's role may not do this, or the key belongs to another organisation than the one named. On `/v1/connect`:
    a page of another site tried to connect.

    Next step: Use a key with the role that `detail` names, or follow `detail`.
    """

    code = "forbidden"
    status = 403


class CrossSite(Refused):
    """A request could change something with a session's cookie, or sign a browser in, and the browser does not confirm
    that a page of this server sent it. `sec-fetch-site` decides alone where it is there: each line of it must be
    `same-origin`, and `origin` is not looked at. Otherwise `origin` decides: it must name the host and port of the
    request. With neither, a cookie changes nothing.

    Next step: Use the dashboard at this server's own address. A reverse proxy must pass `sec-fetch-site`, `origin`
    and `host` on unchanged. Programs send a key as `authorization: Bearer <key>` instead of the cookie.
    """

    code = "cross_site"
    status = 403


class UnknownRoute(Refused):
    """There is nothing at this address. A browser that opens it gets the dashboard instead, with the same status,
    unless it is an address of the API.

    Next step: `/docs` lists every address.
    """

    code = "unknown_route"
    status = 404


class UnknownCall(Refused):
    """The organisation has no such call: it never existed, or it ended so long ago that it has been removed (after 30
    days by default). An end of such a call is remembered for 60 s: if its start comes late, it takes no slot.

    Next step: Check the id, and whether the key belongs to the organisation that started the call.
    """

    code = "unknown_call"
    status = 404


class UnknownAgent(Refused):
    """The organisation has no such agent.

    Next step: Create it with `PUT /v1/agents/{id}`, or correct the id.
    """

    code = "unknown_agent"
    status = 404


class UnknownGate(Refused):
    """The organisation has no such gate. Nothing was started or changed.

    Next step: Create it with `PUT /v1/gates/{id}`, or correct the id.
    """

    code = "unknown_gate"
    status = 404


class UnknownAlert(Refused):
    """The organisation has no alert with this id: no rule, and none that the server opened by itself.

    Next step: `GET /v1/alerts` lists them; `PUT /v1/alerts/{id}` creates one.
    """

    code = "unknown_alert"
    status = 404


class UnknownOrg(Refused):
    """There is no such organisation.

    Next step: `GET /v1/orgs` lists them (operator).
    """

    code = "unknown_org"
    status = 404


class UnknownPlan(Refused):
    """There is no such plan.

    Next step: `GET /v1/plans` lists them; `PUT /v1/plans/{id}` creates one (operator).
    """

    code = "unknown_plan"
    status = 404


class UnknownKey(Refused):
    """There is no such key, or it belongs to another organisation.

    Next step: `GET /v1/keys` lists the keys.
    """

    code = "unknown_key"
    status = 404


class UnknownAuditEntry(Refused):
    """The audit has no change with this number in the organisation. Changes are kept for 13 months.

    Next step: `GET /v1/audit` lists the changes.
    """

    code = "unknown_audit_entry"
    status = 404


class UnknownWebhook(Refused):
    """There is no such webhook, or it belongs to another organisation.

    Next step: `GET /v1/webhooks` lists the webhooks.
    """

    code = "unknown_webhook"
    status = 404


class LeaseExpired(Refused):
    """The lease has expired, was ended, or never existed. Its calls have ended with the reason `lease_expired`.

    Next step: Open a new lease, and start the calls that are still wanted again, under new ids. Renew a lease every
    third of its TTL.
    """

    code = "lease_expired"
    status = 404


class MethodNotAllowed(Refused):
    """The address exists, but does not accept this method.

    Next step: Use one of the methods that the header `allow` lists.
    """

    code = "method_not_allowed"
    status = 405


class RequestTimeout(Refused):
    """The body did not arrive within 30 s, or within 5 s where it is sent without a key (to sign in).

    Next step: Send it again; a start with an `id` is safe to repeat.
    """

    code = "request_timeout"
    status = 408


class OrgExists(Refused):
    """An organisation with this id exists.

    Next step: Choose another id, or change the existing one with `PATCH /v1/orgs/{id}`.
    """

    code = "org_exists"
    status = 409


class OrgInUse(Refused):
    """The organisation has `live` calls, queued or active.

    Next step: End them, then delete it.
    """

    code = "org_in_use"
    status = 409


class AgentInUse(Refused):
    """The agent has `live` calls, queued or active, or `reserved` slots.

    Next step: Remove its reservations with `DELETE /v1/reservations/{agent}` and end its calls.
    """

    code = "agent_in_use"
    status = 409


class TooManyAgents(Refused):
    """The organisation has the maximum number of agents (`max_agents`, 10,000). Agents that exist can still be
    changed.

    Next step: Delete those that nobody uses with `DELETE /v1/agents/{id}`.
    """

    code = "too_many_agents"
    status = 409


class GateInUse(Refused):
    """The gate has `live` calls, queued or active.

    Next step: End them, for instance with `POST /v1/calls/end` and `gate`. To hold them back instead, pause the
    gate.
    """

    code = "gate_in_use"
    status = 409


class TooManyGates(Refused):
    """The organisation has the maximum number of gates (`max_gates`, 10,000). Gates that exist can still be changed.

    Next step: Delete those that nobody uses with `DELETE /v1/gates/{id}`.
    """

    code = "too_many_gates"
    status = 409


class TooManyAlerts(Refused):
    """The organisation has the maximum number of rules for alerts (`max_alerts`, 100). Rules that exist can still be
    replaced.

    Next step: Delete those that nobody needs with `DELETE /v1/alerts/{id}`.
    """

    code = "too_many_alerts"
    status = 409


class BuiltInAlert(Refused):
    """Ids that begin with `webhook:` are those of alerts that the server opens and closes by itself. They have no
    rules.

    Next step: Give the alert another id. One that is open closes once its webhook is enabled or deleted.
    """

    code = "built_in_alert"
    status = 409


class TooManyKeys(Refused):
    """The organisation has the maximum number of keys (`max_keys`, 1,000), or there are as many operator keys.

    Next step: Revoke those that nobody uses with `DELETE /v1/keys/{id}`; `last_used_at` in `GET /v1/keys` says
    which.
    """

    code = "too_many_keys"
    status = 409


class TooManyWebhooks(Refused):
    """The organisation has the maximum number of webhooks (`max_webhooks`, 20), or the server has 1,000 in all.

    Next step: Delete those that nobody uses with `DELETE /v1/webhooks/{id}`.
    """

    code = "too_many_webhooks"
    status = 409


class TooManyLeases(Refused):
    """The organisation has the maximum number of leases (`max_leases`, 20,000), or as many as one key may have were
    opened with this one (10,000). The text says which. One that has ended counts until its last call has ended too.

    Next step: Open one lease for each engine process and renew it. `GET /v1/leases` says which key opened each, and
    how many calls it has. End those that are not needed with `DELETE /v1/leases/{id}`, or wait until they run out.
    """

    code = "too_many_leases"
    status = 409


class PlanInUse(Refused):
    """The plan is in use by `orgs` organisations.

    Next step: Move them to another plan first.
    """

    code = "plan_in_use"
    status = 409


class KeyInUse(Refused):
    """This is the last key with the role `operator` that does not expire; or it is the one in the server's settings,
    which is not rotated here. Or the key was rotated before, and the secret before its own still works, as was
    promised.

    Next step: Create another operator key first. Rotate a key again once its earlier secret has ended
    (`old_secret_until`), or end both at once with `grace_s` 0. The one in the settings changes with
    `CALLSLOT_OPERATOR_KEY` and a restart.
    """

    code = "key_in_use"
    status = 409


class SecretInUse(Refused):
    """The webhook's secret was rotated in the last 24 hours, and the one before it still signs, as was promised.
    Another rotation would end it at once.

    Next step: Rotate again once it has ended (`old_secret_until`), or end it now with `grace_s` 0 in the body. Then
    only the new secret signs.
    """

    code = "secret_in_use"
    status = 409


class ReservationsExceedLimit(Refused):
    """The reservations would add up to `asked` slots, more than the `limit`.

    Next step: Reserve at most `left` slots in all for the agents named, or raise the limit or the plan.
    """

    code = "reservations_exceed_limit"
    status = 409


class ReservationsExceedCap(Refused):
    """An agent, or a call type over all agents, would have `asked` reserved slots, more than its `cap`. `detail` names
    it.

    Next step: Reserve at most `left` slots under the cap for the agents named, or raise or remove the cap with `PUT
    /v1/agents/{id}` or `PUT /v1/types/{type}`.
    """

    code = "reservations_exceed_cap"
    status = 409


class CannotRevert(Refused):
    """The change is not one of reservations, or it was about an agent that has been deleted since.

    Next step: Make the change anew: `GET /v1/audit` shows under `before` what there was.
    """

    code = "cannot_revert"
    status = 409


class CapBelowReservations(Refused):
    """The requested `cap` of an agent or a call type is below the slots `reserved` for it. `detail` names it.

    Next step: Lower the reservations first.
    """

    code = "cap_below_reservations"
    status = 409


class LimitBelowReservations(Refused):
    """The requested `limit`, of a plan or of one organisation, is below the `reserved` slots of an organisation, which
    `detail` names.

    Next step: Lower its reservations first.
    """

    code = "limit_below_reservations"
    status = 409


class CallIdTaken(Refused):
    """The id belongs to a call of another agent or type, or with other gates; `detail` names them.

    Next step: Use a new id for each call.
    """

    code = "call_id_taken"
    status = 409


class HeldByOtherLease(Refused):
    """The id belongs to a live call of another lease, which `detail` names, or of none. Two engines never both hold
    one call.

    Next step: Leave the call to the engine that holds it, or take it over with `POST /v1/leases/{id}/adopt`. To see
    how it stands, read it with `GET /v1/calls/{id}`, or start it without a `lease`.
    """

    code = "held_by_other_lease"
    status = 409


class ClaimedByOther(Refused):
    """Another claimant, which `detail` names, has claimed the call. The first claim wins.

    Next step: Leave the call to them. To repeat a claim, name the same `claimant`.
    """

    code = "claimed_by_other"
    status = 409


class NoClaimDue(Refused):
    """The call cannot be declined: it is active and claimed already, or did not ask for a claim.

    Next step: End it with `POST /v1/calls/{id}/end` if it is not to go on.
    """

    code = "no_claim_due"
    status = 409


class CallNotDispatched(Refused):
    """The call cannot be claimed or declined yet because it is queued.

    Next step: Claim it once it is active: wait with `GET /v1/calls/{id}?wait_s=60` or follow the events.
    """

    code = "call_not_dispatched"
    status = 409


class CallHasEnded(Refused):
    """The call cannot be claimed, declined or adopted because it has ended.

    Next step: Read it with `GET /v1/calls/{id}`; `reason` says why it ended.
    """

    code = "call_has_ended"
    status = 409


class CallIsLive(Refused):
    """The call cannot be erased because it has not ended.

    Next step: End it first, with `POST /v1/calls/{id}/end`, then erase it.
    """

    code = "call_is_live"
    status = 409


class LeaseFull(Refused):
    """The lease has the maximum number of live calls (`max_calls`).

    Next step: Open another lease.
    """

    code = "lease_full"
    status = 409


class ReconciliationLost(Refused):
    """A page of a reconciliation came without the pages before it. The server keeps them in memory: a restart loses
    them, and they are dropped when no page has come for one TTL. Or all of them were decided and this one came
    again; or another client has begun to send pages of the same lease. Nothing was ended: calls that the missing
    pages name would have been.

    Next step: Send all pages again, from the first one, which has no `cursor`.
    """

    code = "reconciliation_lost"
    status = 409


class CursorExpired(Refused):
    """The log no longer reaches back to the cursor (`after`), or the event after it was lost with the data from which
    a backup was restored.

    Next step: Read `GET /v1/concurrency` and follow the events after its `as_of`.
    """

    code = "cursor_expired"
    status = 410


class CursorAhead(Refused):
    """The cursor names something that the organisation does not have yet: it was given by another server, for example.
    Of an event stream, `after` is the cursor and `as_of` the organisation's last event; a list names `cursor` as
    its `field`.

    Next step: Forget the cursor. For a stream, read `GET /v1/concurrency` and follow the events after its `as_of`;
    start a list again without `cursor`.
    """

    code = "cursor_ahead"
    status = 410


class VersionMismatch(Refused):
    """`If-Match` names the version `given`, but the reservations are at the version `current`.

    Next step: Read `GET /v1/concurrency`, decide again, and send its `ETag` as it is, with the quotation marks.
    """

    code = "version_mismatch"
    status = 412


class BodyTooLarge(Refused):
    """The body is larger than 1 MiB, or than 4 KiB where it is sent without a key (to sign in).

    Next step: Send fewer items at a time.
    """

    code = "body_too_large"
    status = 413


class UnsupportedMediaType(Refused):
    """The body is not declared as JSON.

    Next step: Send `content-type: application/json`.
    """

    code = "unsupported_media_type"
    status = 415


class InvalidField(Refused):
    """A field of the body, a parameter of the query or a header is missing, unknown, of the wrong type or out of
    range. `field` names it, with its row in a list: `calls[3].max_wait_s`. `detail` has its value and what is
    allowed: "`calls[3].max_wait_s` is -1; it must be 0 to 2,592,000".

    Next step: Correct it; `/docs` lists every field with its range.
    """

    code = "invalid_field"
    status = 422


class OrgNotNamed(Refused):
    """An operator key does not belong to an organisation, but this address needs one.

    Next step: Name it with the header `callslot-org: <id>`.
    """

    code = "org_not_named"
    status = 422


class UpgradeRequired(Refused):
    """`/v1/connect` is a WebSocket over HTTP/1.1, and this request does not open one.

    Next step: Connect with a WebSocket client that offers the subprotocol `callslot.v1`; `detail` says what was
    missing. Without one use `POST /v1/calls` and `GET /v1/events`; Call engines says when to use which.
    """

    code = "upgrade_required"
    status = 426


class QueueFull(Refused):
    """The organisation's queue is full (`max_queued` calls). The call was not accepted.

    Next step: Try again later, or raise the limit, the reservations or `max_queued`.
    """

    code = "queue_full"
    status = 429


class QueuedMetadataFull(Refused):
    """The metadata of the organisation's queued calls has `queued_bytes`, and this call's `bytes` would take it beyond
    `max_bytes` (256 MiB). The call was not accepted. Calls without metadata still queue.

    Next step: Try again later, or send less metadata: a key of your own store instead of the data itself.
    """

    code = "queued_metadata_full"
    status = 429


class TooManyLanes(Refused):
    """The live calls of the organisation have `max_lanes` (100,000) different combinations of an agent, a type and a
    set of gates, and this call would be another one. The call was not accepted. Calls without gates, and those with
    the gates of a live call of their agent and type, are still taken.

    Next step: Let calls share gates instead of having a gate for each, or try again when some have ended.
    """

    code = "too_many_lanes"
    status = 429


class ReconciliationTooLong(Refused):
    """The pages of a reconciliation are kept until the last one is there, and there is no room for this one. Either
    they would name `calls` calls in `pages` pages (a list has up to `max_calls`, 100,000, in up to `max_pages`,
    100), or the pages of all leases of the organisation would take more than `max_bytes` (64 MiB). Nothing was
    decided, and the pages before it are still there.

    Next step: Name each call once, and send the last page without `more`. If the organisation has no room, try
    again when other leases have sent their last pages, or send the list in one request.
    """

    code = "reconciliation_too_long"
    status = 429


class TooManySweeps(Refused):
    """The organisation has `max_sweeps` requests to `POST /v1/calls/end` whose calls have not all ended yet. Nothing
    was ended.

    Next step: Try again when one of them has been answered.
    """

    code = "too_many_sweeps"
    status = 429


class RateLimited(Refused):
    """There were too many commands with this key: a request, a frame of an engine stream and a call of a batch count
    one each, and `per_second` are allowed. Nothing was started or changed. Or there were too many requests without
    a valid key from this address.

    Next step: Wait as long as `retry_in_ms` or the header `retry-after` says, then repeat it with the same call id.
    """

    code = "rate_limited"
    status = 429


class TooManySeats(Refused):
    """Event streams, engine streams and requests with `wait_s` each take a seat while they last. All `seats` of this
    key (10,000 by default), or of this organisation (20,000), are taken; `detail` says whose. Nothing was started
    or changed.

    Next step: Close streams that nobody reads, ask without `wait_s`, or raise `--seats-per-key` or
    `--seats-per-org`. Many clients of one key share its seats: give each application a key of its own.
    """

    code = "too_many_seats"
    status = 429


class TooManyBodies(Refused):
    """There was no room for the body within a second: other bodies with this key (8 MiB), or of this organisation (16
    MiB), are still arriving. Only bodies that arrive in more than one piece count, each with its whole size.

    Next step: Wait as long as the header `retry-after` says. Send fewer large bodies at once; check that clients
    send each without a pause.
    """

    code = "too_many_bodies"
    status = 429


class Internal(Refused):
    """There is a bug in the server. Its log has the request id.

    Next step: Report it with the `request_id`.
    """

    code = "internal"
    status = 500


class Overloaded(Refused):
    """Too many requests are waiting to be decided, all 100,000 seats for waiting, following events and streaming are
    taken, or bodies of 64 MiB are arriving.

    Next step: Wait as long as the header `retry-after` says, then retry; a start with an `id` is safe to repeat.
    """

    code = "overloaded"
    status = 503


class StoreFailed(Refused):
    """The store fails because the disk is full, read-only or broken. A call that cannot be recorded is not started.

    Next step: Free disk space or repair the disk; the server then resumes on its own. `callslot doctor` helps find
    the cause.
    """

    code = "store_failed"
    status = 503


class ShuttingDown(Refused):
    """The server is stopping.

    Next step: Retry when the server is back; a start with an `id` is safe to repeat.
    """

    code = "shutting_down"
    status = 503


BY_CODE: dict[str, type[Refused]] = {
    "malformed_body": MalformedBody,
    "malformed_request": MalformedRequest,
    "unauthenticated": Unauthenticated,
    "key_expired": KeyExpired,
    "forbidden": Forbidden,
    "cross_site": CrossSite,
    "unknown_route": UnknownRoute,
    "unknown_call": UnknownCall,
    "unknown_agent": UnknownAgent,
    "unknown_gate": UnknownGate,
    "unknown_alert": UnknownAlert,
    "unknown_org": UnknownOrg,
    "unknown_plan": UnknownPlan,
    "unknown_key": UnknownKey,
    "unknown_audit_entry": UnknownAuditEntry,
    "unknown_webhook": UnknownWebhook,
    "lease_expired": LeaseExpired,
    "method_not_allowed": MethodNotAllowed,
    "request_timeout": RequestTimeout,
    "org_exists": OrgExists,
    "org_in_use": OrgInUse,
    "agent_in_use": AgentInUse,
    "too_many_agents": TooManyAgents,
    "gate_in_use": GateInUse,
    "too_many_gates": TooManyGates,
    "too_many_alerts": TooManyAlerts,
    "built_in_alert": BuiltInAlert,
    "too_many_keys": TooManyKeys,
    "too_many_webhooks": TooManyWebhooks,
    "too_many_leases": TooManyLeases,
    "plan_in_use": PlanInUse,
    "key_in_use": KeyInUse,
    "secret_in_use": SecretInUse,
    "reservations_exceed_limit": ReservationsExceedLimit,
    "reservations_exceed_cap": ReservationsExceedCap,
    "cannot_revert": CannotRevert,
    "cap_below_reservations": CapBelowReservations,
    "limit_below_reservations": LimitBelowReservations,
    "call_id_taken": CallIdTaken,
    "held_by_other_lease": HeldByOtherLease,
    "claimed_by_other": ClaimedByOther,
    "no_claim_due": NoClaimDue,
    "call_not_dispatched": CallNotDispatched,
    "call_has_ended": CallHasEnded,
    "call_is_live": CallIsLive,
    "lease_full": LeaseFull,
    "reconciliation_lost": ReconciliationLost,
    "cursor_expired": CursorExpired,
    "cursor_ahead": CursorAhead,
    "version_mismatch": VersionMismatch,
    "body_too_large": BodyTooLarge,
    "unsupported_media_type": UnsupportedMediaType,
    "invalid_field": InvalidField,
    "org_not_named": OrgNotNamed,
    "upgrade_required": UpgradeRequired,
    "queue_full": QueueFull,
    "queued_metadata_full": QueuedMetadataFull,
    "too_many_lanes": TooManyLanes,
    "reconciliation_too_long": ReconciliationTooLong,
    "too_many_sweeps": TooManySweeps,
    "rate_limited": RateLimited,
    "too_many_seats": TooManySeats,
    "too_many_bodies": TooManyBodies,
    "internal": Internal,
    "overloaded": Overloaded,
    "store_failed": StoreFailed,
    "shutting_down": ShuttingDown,
}
