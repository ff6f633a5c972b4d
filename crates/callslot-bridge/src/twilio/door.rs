//! The webhooks that the carrier calls: who signed is looked at first, then which call it is about.
//!
//! Start reading at [`answer`].

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::clock::{now_ms, utc_ms};
use crate::twilio::caller::{Caller, Gone, Line, Message, Way};
use crate::twilio::calls::{Calls, Held};
use crate::twilio::carrier_api::Secrets;
use crate::twilio::form::{self, Form};
use crate::twilio::markup::{Verb, document};
use crate::twilio::signature::Signed;

/// The longest body that is read, in bytes. Those of carriers have a few kilobytes.
const MAX_BODY_BYTES: usize = 64 << 10;
/// How long a body may take.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// What answers the webhooks.
pub(crate) struct Door {
    pub(crate) calls: Arc<Calls>,
    pub(crate) secrets: Secrets,
}

/// A message of the carrier, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    Voice,
    Hold,
    Turn,
    Answered,
    Parted,
    Overflow,
    Digit,
    Passed,
    Recorded,
    Status,
}

const PATHS: [(&str, Path); 10] = [
    ("voice", Path::Voice),
    ("hold", Path::Hold),
    ("turn", Path::Turn),
    ("answered", Path::Answered),
    ("parted", Path::Parted),
    ("overflow", Path::Overflow),
    ("digit", Path::Digit),
    ("passed", Path::Passed),
    ("recorded", Path::Recorded),
    ("status", Path::Status),
];
const DISPATCH: &str = "dispatch";

/// The router of all webhooks.
pub(crate) fn router(door: Arc<Door>) -> Router {
    Router::new().fallback(answer).with_state(door)
}

async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let settings = door.calls.settings();
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
    // A proxy may have taken the path of the public address away, or left it.
    let below = below(settings.base(), &asked).to_owned();
    let (path, query) = below.split_once('?').unwrap_or((&below, ""));
    let name = path.trim_start_matches('/');
    let known = PATHS.iter().find(|(known, _)| *known == name).copied();
    let label = known.map_or(if name == DISPATCH { DISPATCH } else { "other" }, |(label, _)| label);
    let response = match (known, request.method() == Method::POST) {
        (None, true) if name == DISPATCH => door.dispatched(request).await,
        (Some((_, path)), true) => door.told(path, query, &below, request).await,
        (Some(_), false) => {
            said(StatusCode::METHOD_NOT_ALLOWED, "set the webhook's method to POST")
        }
        (None, _) => {
            said(StatusCode::NOT_FOUND, "no webhook of this bridge; /voice and /status are")
        }
    };
    door.calls.metrics.answered(label, response.status().as_u16());
    response
}

impl Door {
    /// A message of the carrier.
    async fn told(&self, path: Path, query: &str, below: &str, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let Some(body) = read(body).await else {
            return said(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long or too slow");
        };
        let settings = self.calls.settings();
        let (signature, timestamp) = self.secrets.signer.headers();
        let signed = Signed {
            base: settings.base(),
            path_and_query: below,
            body: &body,
            signature: text(&head.headers, signature),
            timestamp: text(&head.headers, timestamp),
        };
        if !self.secrets.signer.has_signed(signed, utc_ms()) {
            self.calls.metrics.wrong_signatures.inc();
            return said(
                StatusCode::FORBIDDEN,
                "the carrier has not signed this; is public_url the address that it calls?",
            );
        }
        let (form, query) = (Form::parse(&body), Form::parse(query.as_bytes()));
        let sid = form.text("CallSid");
        let named = if query.text("call").is_empty() { sid } else { query.text("call") };
        let Some(call) = form::call_id(named).filter(|_| !sid.is_empty()) else {
            return said(StatusCode::BAD_REQUEST, "CallSid is missing, or no id of a call");
        };
        self.about(path, &call, &form, &query).await
    }

    /// A signed message about a call.
    async fn about(&self, path: Path, call: &str, form: &Form, query: &Form) -> Response {
        let sid = form.text("CallSid");
        let message = match path {
            Path::Voice => return verbs(&self.arrived(call, form).await),
            Path::Status => {
                if let Some(gone) = form::gone(form.text("CallStatus")) {
                    self.gone(call, sid, gone).await;
                }
                return StatusCode::NO_CONTENT.into_response();
            }
            Path::Hold => Message::Asks,
            Path::Turn => Message::AsksAtOnce,
            Path::Answered => Message::Answered { by_machine: form.is_machine() },
            Path::Parted => Message::Parted(form.dialled()),
            Path::Overflow => Message::NotPressed(query.index()),
            Path::Digit => match form.digit() {
                Some(digit) => Message::Pressed(query.index(), digit),
                None => Message::NotPressed(query.index()),
            },
            Path::Passed => Message::Passed(query.index(), form.dialled()),
            Path::Recorded => Message::Recorded,
        };
        let held = match self.calls.held(call) {
            Some(held) => Some(held),
            None => self.revived(call).await,
        };
        match held.filter(|held| held.is_about(sid)) {
            Some(held) => verbs(&self.calls.hear(&held, message)),
            None => verbs(&[Verb::Hangup]),
        }
    }

    /// A caller has called a number.
    async fn arrived(&self, call: &str, form: &Form) -> Vec<Verb> {
        let settings = self.calls.settings();
        let (from, to) = (form.text("From"), form.text("To"));
        if let Some(held) = self.calls.held(call) {
            return self.calls.hear(&held, Message::Arrived);
        }
        let sid = form.text("CallSid").to_owned();
        if form::gone(form.text("CallStatus")).is_some() || self.calls.is_over(&sid) {
            return vec![Verb::Hangup];
        }
        let Some(number) = settings.number(to) else {
            tracing::warn!("{to} was called, which is not in the settings");
            self.calls.metrics.unknown_numbers.inc();
            return vec![Verb::Reject];
        };
        if self.calls.is_full() {
            tracing::warn!(
                "the bridge has as many calls as it holds; a caller of {to} hears a busy line"
            );
            return vec![Verb::Reject];
        }
        let way = Way::In(Arc::clone(number));
        let mut caller = Caller::new(way, call, (from, to), settings.base(), now_ms());
        caller.first_leg = Some(sid.clone());
        let (held, ending) = self.calls.hold(caller, Some(sid.clone()), Line::Asked);
        if let Some(ending) = ending {
            self.calls.start(&held, number, ending);
        }
        // It may have been told between the look above and now.
        if self.calls.is_over(&sid) {
            return self.calls.hear(&held, Message::Gone(Gone::Canceled));
        }
        held.first_answer().await;
        self.calls.hear(&held, Message::Arrived)
    }

    async fn revived(&self, call: &str) -> Option<Arc<Held>> {
        let held = self.calls.revive(call).await?;
        held.first_answer().await;
        Some(held)
    }

    /// A call is over at the carrier.
    async fn gone(&self, call: &str, sid: &str, gone: Gone) {
        let held = match self.calls.held(call) {
            Some(held) => Some(held),
            // It may be of the time before the bridge was started.
            None => self.calls.revive(call).await,
        };
        if held.is_none() {
            self.calls.note_over(sid);
        }
        let held = held.or_else(|| self.calls.held(call));
        if let Some(held) = held.filter(|held| held.is_about(sid)) {
            self.calls.hear(&held, Message::Gone(gone));
        }
    }
}

/// What follows the public address in the path and query that were asked for.
fn below<'a>(base: &str, asked: &'a str) -> &'a str {
    let host_and_path = base.split_once("://").map_or(base, |(_, rest)| rest);
    let prefix = host_and_path.find('/').map_or("", |at| &host_and_path[at..]);
    match asked.strip_prefix(prefix) {
        Some(rest) if rest.starts_with('/') => rest,
        _ => asked,
    }
}

/// The whole body, unless it is too long or too slow.
pub(crate) async fn read(body: Body) -> Option<axum::body::Bytes> {
    tokio::time::timeout(BODY_WITHIN, to_bytes(body, MAX_BODY_BYTES)).await.ok()?.ok()
}

/// A header as text; empty if it is not there.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn verbs(verbs: &[Verb]) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document(verbs)).into_response()
}

pub(crate) fn said(status: StatusCode, why: &'static str) -> Response {
    (status, format!("{why}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_proxy_may_leave_the_path_of_the_public_address_or_take_it_away() {
        let base = "https://phone.example/bridge";
        assert_eq!(below(base, "/bridge/voice?a=1"), "/voice?a=1");
        assert_eq!(below(base, "/voice?a=1"), "/voice?a=1");
        assert_eq!(below(base, "/bridges/voice"), "/bridges/voice");
        assert_eq!(below("https://phone.example", "/voice"), "/voice");
    }
}
