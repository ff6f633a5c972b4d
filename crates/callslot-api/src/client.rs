//! A typed, blocking client for the API.

mod roots;
mod stream;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::uri::InvalidUri;
use ureq::http::{HeaderValue, Request, Response, Uri};
use ureq::{Agent as Http, Body};

use crate::limits::{MAX_RECONCILED_PAGE, MAX_WAIT_S};
use crate::problem::Problem;
use crate::{
    Agent, AgentPut, Alert, AlertPut, AuditEntry, Call, CallBatch, CallBatchResults, CallClaim,
    CallDecline, CallEnd, CallStart, CallsEnd, CallsEnded, Delivery, Gate, GatePut, History, Key,
    KeyCreate, KeyRotate, Lease, LeaseAdopt, LeaseOpen, LeaseReconcile, LeaseReconciled,
    LeaseRenew, LeaseRenewed, LeaseStatus, Org, OrgCreate, OrgPatch, Page, PastAlert, Plan,
    PlanPut, Pool, Redeliver, ReservationsPreview, ReservationsPut, SignInCode, TypePut,
    TypeSettings, Webhook, WebhookCreate, WebhookPatch, WebhookTested,
};

pub use roots::{Roots, RootsError};
pub use stream::StreamedEvent;

/// How often a reconciliation is sent again of which the server has lost pages.
const RECONCILE_TRIES: u32 = 4;
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may take beyond the longest long poll.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(MAX_WAIT_S + 15);

/// The longest answer that is read, in bytes. That of a pool of many agents, or of a long history, is long.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server refused it, or could not do it.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// What the client was made with does not fit into a request, so none was sent.
    #[error("{what} cannot be sent ({why}); check {setting}")]
    Unsendable {
        /// What does not fit.
        what: &'static str,
        /// The reason.
        why: String,
        /// The flag and the variable that set it.
        setting: &'static str,
    },
    /// No answer came.
    #[error(
        "{url} cannot be reached ({why}); is the server running there? `callslot serve` starts one, --url names another"
    )]
    Unreachable {
        /// The server's address.
        url: String,
        /// What happened.
        why: String,
    },
    /// What came is not an answer of this API.
    #[error("{url} answered something else than Callslot would ({why}); check --url")]
    Unexpected {
        /// The address asked.
        url: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Connections that wait for long polls.
fn patient(roots: Option<&Roots>) -> Http {
    roots::http(roots)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(ANSWER_TIMEOUT))
        .build()
        .into()
}

/// A client with a key.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
    roots: Option<Roots>,
    base: String,
    key: String,
    org: Option<String>,
}

impl Client {
    /// A client of the server at `base` (such as `http://127.0.0.1:7070`). An operator names the organisation to act in.
    #[must_use]
    pub fn new(base: &str, key: &str, org: Option<&str>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        let (key, org) = (key.to_owned(), org.map(str::to_owned));
        Self { http: patient(None), roots: None, base, key, org }
    }

    /// The same client, which trusts these authorities alone, instead of those that browsers trust.
    #[must_use]
    pub fn trusting(mut self, roots: Roots) -> Self {
        self.http = patient(Some(&roots));
        self.roots = Some(roots);
        self
    }

    /// The same client, which gives up on an answer after `most`. Not for long polls and streams.
    #[must_use]
    pub fn answered_within(mut self, most: Duration) -> Self {
        self.http = roots::http(self.roots.as_ref()).timeout_global(Some(most)).build().into();
        self
    }

    /// Whether the server is up and its store accepts writes; a problem says why not.
    pub fn ready(&self) -> Result<(), ClientError> {
        self.exchange("GET", "/readyz", None::<&()>, &[]).map(drop)
    }

    /// The pool now.
    pub fn pool(&self) -> Result<Pool, ClientError> {
        self.get("/v1/concurrency")
    }

    /// Starts a call, waiting up to `wait_s` seconds for it to leave the queue.
    pub fn start_call(&self, start: &CallStart, wait_s: u64) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls?wait_s={wait_s}"), start)
    }

    /// Starts up to 1,000 calls in order; the outcomes are in the same order.
    pub fn start_calls(&self, batch: &CallBatch) -> Result<CallBatchResults, ClientError> {
        self.send("POST", "/v1/calls/batch", batch)
    }

    /// Ends all calls that match, and returns once the last has ended.
    pub fn end_calls(&self, end: &CallsEnd) -> Result<CallsEnded, ClientError> {
        self.send("POST", "/v1/calls/end", end)
    }

    /// Ends a call.
    pub fn end_call(&self, id: &str, end: &CallEnd) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/end", encoded(id)), end)
    }

    /// Declines a dispatched call that is to be claimed.
    pub fn decline_call(&self, id: &str, decline: &CallDecline) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/decline", encoded(id)), decline)
    }

    /// Claims a dispatched call.
    pub fn claim_call(&self, id: &str, claim: &CallClaim) -> Result<Call, ClientError> {
        self.send("POST", &format!("/v1/calls/{}/claim", encoded(id)), claim)
    }

    /// One call, waiting up to `wait_s` seconds for it to leave the queue.
    pub fn call(&self, id: &str, wait_s: u64) -> Result<Call, ClientError> {
        self.get(&format!("/v1/calls/{}?wait_s={wait_s}", encoded(id)))
    }

    /// A page of calls. `filters` are query parameters.
    pub fn calls(&self, filters: &[(&str, &str)]) -> Result<Page<Call>, ClientError> {
        self.get(&format!("/v1/calls{}", query(filters)))
    }

    /// Figures over time. `asked` are the parameters of the address.
    pub fn history(&self, asked: &[(&str, &str)]) -> Result<History, ClientError> {
        let path = format!("/v1/history{}", query(asked));
        let mut answer = self.exchange("GET", &path, None::<&()>, &[])?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES);
        body.read_json().map_err(|error| self.unexpected(&path, &error.to_string()))
    }

    /// The same as CSV.
    pub fn history_csv(&self, asked: &[(&str, &str)]) -> Result<String, ClientError> {
        let path = format!("/v1/history{}", query(asked));
        let headers = [("accept", "text/csv".to_owned())];
        let mut answer = self.exchange("GET", &path, None::<&()>, &headers)?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES);
        body.read_to_string().map_err(|error| self.unexpected(&path, &error.to_string()))
    }

    /// Replaces the reservations of the agents named, if they are still at `version`.
    pub fn put_reservations(
        &self,
        put: &ReservationsPut,
        version: Option<u64>,
    ) -> Result<Pool, ClientError> {
        let if_match = version.map(|version| ("if-match", format!("\"{version}\"")));
        self.request("PUT", "/v1/reservations", Some(put), if_match.as_slice())
    }

    /// What [`put_reservations`](Self::put_reservations) would lead to, without changing anything.
    pub fn preview_reservations(
        &self,
        put: &ReservationsPut,
    ) -> Result<ReservationsPreview, ClientError> {
        self.request("POST", "/v1/reservations/preview", Some(put), &[])
    }

    /// A page of changes, newest first. `filters` are query parameters.
    pub fn audit(&self, filters: &[(&str, &str)]) -> Result<Page<AuditEntry>, ClientError> {
        self.get(&format!("/v1/audit{}", query(filters)))
    }

    /// Puts a change of reservations back.
    pub fn revert(&self, seq: u64) -> Result<Pool, ClientError> {
        self.request("POST", &format!("/v1/audit/{seq}/revert"), None::<&()>, &[])
    }

    /// Removes an agent's reservations.
    pub fn delete_reservations(&self, agent: &str) -> Result<Pool, ClientError> {
        self.request("DELETE", &format!("/v1/reservations/{}", encoded(agent)), None::<&()>, &[])
    }

    /// A page of agents.
    pub fn agents(&self, cursor: Option<&str>) -> Result<Page<Agent>, ClientError> {
        self.get(&format!("/v1/agents{}", page(cursor)))
    }

    /// Creates or replaces an agent.
    pub fn put_agent(&self, id: &str, put: &AgentPut) -> Result<Agent, ClientError> {
        self.send("PUT", &format!("/v1/agents/{}", encoded(id)), put)
    }

    /// Deletes an agent.
    pub fn delete_agent(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/agents/{}", encoded(id)))
    }

    /// A call type's settings.
    pub fn type_settings(&self, call_type: &str) -> Result<TypeSettings, ClientError> {
        self.get(&format!("/v1/types/{}", encoded(call_type)))
    }

    /// Replaces a call type's settings.
    pub fn put_type(&self, call_type: &str, put: &TypePut) -> Result<TypeSettings, ClientError> {
        self.send("PUT", &format!("/v1/types/{}", encoded(call_type)), put)
    }

    /// A page of gates.
    pub fn gates(&self, cursor: Option<&str>) -> Result<Page<Gate>, ClientError> {
        self.get(&format!("/v1/gates{}", page(cursor)))
    }

    /// One gate.
    pub fn gate(&self, id: &str) -> Result<Gate, ClientError> {
        self.get(&format!("/v1/gates/{}", encoded(id)))
    }

    /// Creates or replaces a gate.
    pub fn put_gate(&self, id: &str, put: &GatePut) -> Result<Gate, ClientError> {
        self.send("PUT", &format!("/v1/gates/{}", encoded(id)), put)
    }

    /// Deletes a gate.
    pub fn delete_gate(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/gates/{}", encoded(id)))
    }

    /// A page of alerts.
    pub fn alerts(&self, cursor: Option<&str>) -> Result<Page<Alert>, ClientError> {
        self.get(&format!("/v1/alerts{}", page(cursor)))
    }

    /// One alert.
    pub fn alert(&self, id: &str) -> Result<Alert, ClientError> {
        self.get(&format!("/v1/alerts/{}", encoded(id)))
    }

    /// Creates or replaces the rule of an alert.
    pub fn put_alert(&self, id: &str, put: &AlertPut) -> Result<Alert, ClientError> {
        self.send("PUT", &format!("/v1/alerts/{}", encoded(id)), put)
    }

    /// Deletes the rule of an alert.
    pub fn delete_alert(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/alerts/{}", encoded(id)))
    }

    /// A page of the alerts that closed, newest first.
    pub fn past_alerts(&self, cursor: Option<&str>) -> Result<Page<PastAlert>, ClientError> {
        self.get(&format!("/v1/alerts/history{}", page(cursor)))
    }

    /// A page of leases.
    pub fn leases(&self, cursor: Option<&str>) -> Result<Page<LeaseStatus>, ClientError> {
        self.get(&format!("/v1/leases{}", page(cursor)))
    }

    /// Opens a lease.
    pub fn open_lease(&self, open: &LeaseOpen) -> Result<Lease, ClientError> {
        self.send("POST", "/v1/leases", open)
    }

    /// Renews a lease.
    pub fn renew_lease(&self, id: &str, renew: &LeaseRenew) -> Result<LeaseRenewed, ClientError> {
        self.send("POST", &format!("/v1/leases/{}/renew", encoded(id)), renew)
    }

    /// Names every call that is active under a lease: a long list in pages, again from the first one if the server has lost some.
    pub fn reconcile_lease(
        &self,
        id: &str,
        active: &[String],
    ) -> Result<LeaseReconciled, ClientError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.reconcile_in_pages(id, active) {
                Err(ClientError::Problem(problem))
                    if problem.code == "reconciliation_lost" && tries < RECONCILE_TRIES => {}
                outcome => return outcome,
            }
        }
    }

    fn reconcile_in_pages(
        &self,
        id: &str,
        active: &[String],
    ) -> Result<LeaseReconciled, ClientError> {
        let path = format!("/v1/leases/{}/reconcile", encoded(id));
        let mut rest = active;
        let mut cursor = None;
        loop {
            let (page, after) = rest.split_at(rest.len().min(MAX_RECONCILED_PAGE));
            let (active, more) = (page.to_vec(), !after.is_empty());
            let answer: LeaseReconciled =
                self.send("POST", &path, &LeaseReconcile { active, more, cursor })?;
            if !more {
                return Ok(answer);
            }
            (rest, cursor) = (after, answer.next);
        }
    }

    /// Moves live calls to a lease, whatever their own is.
    pub fn adopt_calls(
        &self,
        id: &str,
        adopt: &LeaseAdopt,
    ) -> Result<CallBatchResults, ClientError> {
        self.send("POST", &format!("/v1/leases/{}/adopt", encoded(id)), adopt)
    }

    /// Ends a lease and its calls.
    pub fn end_lease(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/leases/{}", encoded(id)))
    }

    /// A page of organisations.
    pub fn orgs(&self, cursor: Option<&str>) -> Result<Page<Org>, ClientError> {
        self.get(&format!("/v1/orgs{}", page(cursor)))
    }

    /// One organisation.
    pub fn org(&self, id: &str) -> Result<Org, ClientError> {
        self.get(&format!("/v1/orgs/{}", encoded(id)))
    }

    /// Creates an organisation.
    pub fn create_org(&self, create: &OrgCreate) -> Result<Org, ClientError> {
        self.send("POST", "/v1/orgs", create)
    }

    /// Changes an organisation.
    pub fn change_org(&self, id: &str, patch: &OrgPatch) -> Result<Org, ClientError> {
        self.send("PATCH", &format!("/v1/orgs/{}", encoded(id)), patch)
    }

    /// Deletes an organisation.
    pub fn delete_org(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/orgs/{}", encoded(id)))
    }

    /// A page of plans.
    pub fn plans(&self, cursor: Option<&str>) -> Result<Page<Plan>, ClientError> {
        self.get(&format!("/v1/plans{}", page(cursor)))
    }

    /// Creates or replaces a plan.
    pub fn put_plan(&self, id: &str, put: &PlanPut) -> Result<Plan, ClientError> {
        self.send("PUT", &format!("/v1/plans/{}", encoded(id)), put)
    }

    /// Deletes a plan.
    pub fn delete_plan(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/plans/{}", encoded(id)))
    }

    /// A page of keys.
    pub fn keys(&self, cursor: Option<&str>) -> Result<Page<Key>, ClientError> {
        self.get(&format!("/v1/keys{}", page(cursor)))
    }

    /// Makes a key; its secret is in this answer only.
    pub fn create_key(&self, create: &KeyCreate) -> Result<Key, ClientError> {
        self.send("POST", "/v1/keys", create)
    }

    /// Gives a key a new secret, which is in this answer only.
    pub fn rotate_key(&self, id: &str, rotate: &KeyRotate) -> Result<Key, ClientError> {
        self.send("POST", &format!("/v1/keys/{}/rotate", encoded(id)), rotate)
    }

    /// Revokes a key.
    pub fn revoke_key(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/keys/{}", encoded(id)))
    }

    /// Makes a code that signs a browser in once, with this key.
    pub fn create_code(&self) -> Result<SignInCode, ClientError> {
        self.request("POST", "/v1/session/codes", None::<&()>, &[])
    }

    /// A page of webhooks.
    pub fn webhooks(&self, cursor: Option<&str>) -> Result<Page<Webhook>, ClientError> {
        self.get(&format!("/v1/webhooks{}", page(cursor)))
    }

    /// One webhook.
    pub fn webhook(&self, id: &str) -> Result<Webhook, ClientError> {
        self.get(&format!("/v1/webhooks/{}", encoded(id)))
    }

    /// Makes a webhook; its secret is in this answer only.
    pub fn create_webhook(&self, create: &WebhookCreate) -> Result<Webhook, ClientError> {
        self.send("POST", "/v1/webhooks", create)
    }

    /// Changes a webhook.
    pub fn change_webhook(&self, id: &str, patch: &WebhookPatch) -> Result<Webhook, ClientError> {
        self.send("PATCH", &format!("/v1/webhooks/{}", encoded(id)), patch)
    }

    /// Deletes a webhook.
    pub fn delete_webhook(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/webhooks/{}", encoded(id)))
    }

    /// Gives a webhook a new secret, which is in this answer only.
    pub fn rotate_webhook(&self, id: &str) -> Result<Webhook, ClientError> {
        let path = format!("/v1/webhooks/{}/rotate", encoded(id));
        self.request("POST", &path, None::<&()>, &[])
    }

    /// Sends a test event, and returns what the receiver said.
    pub fn test_webhook(&self, id: &str) -> Result<WebhookTested, ClientError> {
        let path = format!("/v1/webhooks/{}/test", encoded(id));
        self.request("POST", &path, None::<&()>, &[])
    }

    /// Delivers again.
    pub fn redeliver(&self, id: &str, what: &Redeliver) -> Result<Webhook, ClientError> {
        self.send("POST", &format!("/v1/webhooks/{}/redeliver", encoded(id)), what)
    }

    /// A page of a webhook's attempts, newest first.
    pub fn deliveries(
        &self,
        id: &str,
        cursor: Option<&str>,
    ) -> Result<Page<Delivery>, ClientError> {
        self.get(&format!("/v1/webhooks/{}/deliveries{}", encoded(id), page(cursor)))
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.request("GET", path, None::<&()>, &[])
    }

    fn send<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.request(method, path, Some(body), &[])
    }

    fn delete(&self, path: &str) -> Result<(), ClientError> {
        self.exchange("DELETE", path, None::<&()>, &[]).map(drop)
    }

    fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: Option<&impl Serialize>,
        headers: &[(&str, String)],
    ) -> Result<T, ClientError> {
        let mut answer = self.exchange(method, path, body, headers)?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES);
        body.read_json().map_err(|error| self.unexpected(path, &error.to_string()))
    }

    /// Sends a request and returns an answer that is no problem.
    fn exchange(
        &self,
        method: &str,
        path: &str,
        body: Option<&impl Serialize>,
        headers: &[(&str, String)],
    ) -> Result<Response<Body>, ClientError> {
        let mut request = Request::builder()
            .method(method)
            .uri(self.uri(path)?)
            .header("authorization", self.authorization()?);
        if let Some(org) = self.acting_org()? {
            request = request.header("callslot-org", org);
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let json = body.map(serde_json::to_vec).transpose();
        let json = json.map_err(|error| self.unexpected(path, &error.to_string()))?;
        let answer = match json {
            Some(json) => request
                .header("content-type", "application/json")
                .body(json)
                .map_err(|error| self.unexpected(path, &error.to_string()))
                .and_then(|request| self.run(request)),
            None => request
                .body(())
                .map_err(|error| self.unexpected(path, &error.to_string()))
                .and_then(|request| self.run(request)),
        }?;
        if answer.status().is_success() { Ok(answer) } else { Err(self.problem(path, answer)) }
    }

    fn uri(&self, path: &str) -> Result<Uri, ClientError> {
        let uri = format!("{}{path}", self.base).parse();
        uri.map_err(|error: InvalidUri| ClientError::Unsendable {
            what: "a request to that address",
            why: error.to_string(),
            setting: "--url (CALLSLOT_URL)",
        })
    }

    fn authorization(&self) -> Result<HeaderValue, ClientError> {
        header_value(&format!("Bearer {}", self.key), "the key", "--key (CALLSLOT_KEY)")
    }

    fn acting_org(&self) -> Result<Option<HeaderValue>, ClientError> {
        let org = self.org.as_deref();
        org.map(|org| header_value(org, "the organisation", "--org (CALLSLOT_ORG)")).transpose()
    }

    fn run(&self, request: Request<impl ureq::AsSendBody>) -> Result<Response<Body>, ClientError> {
        self.http.run(request).map_err(|error| ClientError::Unreachable {
            url: self.base.clone(),
            why: error.to_string(),
        })
    }

    fn problem(&self, path: &str, mut answer: Response<Body>) -> ClientError {
        match answer.body_mut().read_json() {
            Ok(problem) => ClientError::Problem(Box::new(problem)),
            Err(_) => self.unexpected(path, &format!("status {}", answer.status())),
        }
    }

    fn unexpected(&self, path: &str, why: &str) -> ClientError {
        ClientError::Unexpected { url: format!("{}{path}", self.base), why: why.to_owned() }
    }
}

/// A header's value. The error does not repeat it: it may be a key.
fn header_value(
    text: &str,
    what: &'static str,
    setting: &'static str,
) -> Result<HeaderValue, ClientError> {
    let refused = |why: &str| ClientError::Unsendable { what, why: why.to_owned(), setting };
    if !text.is_ascii() {
        return Err(refused("it has a character that is not ASCII"));
    }
    HeaderValue::try_from(text)
        .map_err(|_| refused("it has a character that cannot be printed, such as a line break"))
}

/// A path segment or query value with everything but unreserved characters (RFC 3986 §2.3) percent-encoded.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn query(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn page(cursor: Option<&str>) -> String {
    let mut parameters = vec![("limit", "1000")];
    parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
    query(&parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_a_request_is_named_and_a_key_is_not_repeated() {
        let url = "http://127.0.0.1:1";
        let said = |url: &str, key: &str, org: Option<&str>| {
            let error = Client::new(url, key, org).pool().expect_err("nobody listens there");
            error.to_string()
        };
        for key in ["cs_secret\n", "cs_secret\r", "\u{7f}cs_secret", "cs_secret\u{e9}"] {
            let key = said(url, key, None);
            assert!(key.starts_with("the key cannot be sent (it has a character"), "{key}");
            assert!(key.ends_with("check --key (CALLSLOT_KEY)"), "{key}");
            assert!(!key.contains("cs_secret"), "{key}");
        }
        let org = said(url, "key", Some("a\nb"));
        assert!(org.starts_with("the organisation cannot be sent"), "{org}");
        assert!(org.ends_with("check --org (CALLSLOT_ORG)"), "{org}");
        let address = said("http://127.0.0.1:1/a b", "key", None);
        assert!(address.starts_with("a request to that address cannot be sent"), "{address}");
        assert!(address.ends_with("check --url (CALLSLOT_URL)"), "{address}");
    }

    #[test]
    fn ids_with_any_character_make_one_path_segment() {
        assert_eq!(encoded("a84b4c/76@pc33?x=1&%"), "a84b4c%2F76%40pc33%3Fx%3D1%26%25");
    }
}
