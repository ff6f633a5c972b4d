//! A carrier: it signs, asks for instructions, follows them in real time, and has an API. It is written against Twilio's documentation; the
//! chore `cargo xtask telephony` has Twilio's own validators and API description judge the same bridge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::programs::TOKEN;

/// The address that the carrier knows; a proxy makes another of it.
pub const PUBLIC: &str = "https://phone.example/bridge";
/// How often an address that does not answer is asked again: what a fallback address is for.
const TRIES: u32 = 100;

/// What the API is told about a call.
#[derive(Debug, Clone)]
pub enum Told {
    Ask(String),
    HangUp,
}

struct Leg {
    status: &'static str,
    told: watch::Sender<Option<Told>>,
}

/// The carrier.
pub struct Carrier {
    bridge: Mutex<String>,
    legs: Mutex<HashMap<String, Leg>>,
    /// The calls that the bridge made: their ids, and the fields of the request.
    pub made: Mutex<Vec<(String, HashMap<String, String>)>>,
    /// The status that the API answers new calls with.
    pub dialling: Mutex<StatusCode>,
}

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    pub name: String,
    /// Its text, or that of what it dials.
    pub text: String,
    pub action: String,
    pub length: u64,
}

impl Carrier {
    /// Starts its API; returns it, and where the API is.
    pub async fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let api = format!("http://{}", listener.local_addr().expect("an address"));
        let carrier = Arc::new(Self {
            bridge: Mutex::default(),
            legs: Mutex::default(),
            made: Mutex::default(),
            dialling: Mutex::new(StatusCode::CREATED),
        });
        let router = Router::new()
            .route("/2010-04-01/Accounts/AC1/Calls/{sid}", get(shown).post(told))
            .route("/2010-04-01/Accounts/AC1/Calls.json", post(made))
            .route("/v2/texml/Accounts/AC1/Calls/{sid}", get(shown).post(told))
            .with_state(Arc::clone(&carrier));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (carrier, api)
    }

    /// Whom it calls when it calls the public address.
    pub fn forward_to(&self, bridge: &str) {
        bridge.clone_into(&mut locked(&self.bridge));
    }

    /// A call has begun; returns what the API tells about it.
    pub fn ring(&self, sid: &str) -> watch::Receiver<Option<Told>> {
        let told = watch::Sender::new(None);
        let heard = told.subscribe();
        locked(&self.legs).insert(sid.to_owned(), Leg { status: "in-progress", told });
        heard
    }

    /// A call is over; nobody is told by this.
    pub fn over(&self, sid: &str) {
        if let Some(leg) = locked(&self.legs).get_mut(sid) {
            leg.status = "completed";
        }
    }

    /// Asks for instructions.
    pub async fn ask(&self, url: &str, fields: &[(&str, &str)]) -> Vec<Verb> {
        let (status, text) = self.post(url, fields, TOKEN).await;
        assert_eq!(status, 200, "{text}");
        verbs(&text)
    }

    /// Tells how a call ended.
    pub async fn tell(&self, url: &str, sid: &str, status: &str) {
        let (answered, text) =
            self.post(url, &[("CallSid", sid), ("CallStatus", status)], TOKEN).await;
        assert_eq!(answered, 204, "{text}");
    }

    /// Sends a form to an address below the public one, signed with a token, again and again until there is an answer.
    pub async fn post(&self, url: &str, fields: &[(&str, &str)], token: &str) -> (u16, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let signature = signature(url, fields, token);
        let path = url.strip_prefix(PUBLIC).expect("an address of the bridge");
        for _ in 0..TRIES {
            if let Some(answer) = self.exchange(path, &body, &signature).await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the bridge does not answer");
    }

    async fn exchange(&self, path: &str, body: &str, signature: &str) -> Option<(u16, String)> {
        let bridge = locked(&self.bridge).clone();
        let mut stream = TcpStream::connect(&bridge).await.ok()?;
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: 10.0.0.1\r\nconnection: close\r\nx-twilio-signature: {signature}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }
}

/// The header of Twilio: over the address, then each field's name and value in the order of the names.
fn signature(url: &str, fields: &[(&str, &str)], token: &str) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{url}{text}").as_bytes()))
}

/// Reads a document, which has verbs that Twilio documents and no others.
fn verbs(text: &str) -> Vec<Verb> {
    let document =
        roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "Response");
    let elements = root.children().filter(roxmltree::Node::is_element);
    let read = |node: roxmltree::Node<'_, '_>| {
        let name = node.tag_name().name().to_owned();
        let allowed: &[&str] = match &*name {
            "Say" => &["language", "voice", "loop"],
            "Play" => &["loop", "digits"],
            "Pause" => &["length"],
            "Redirect" => &["method"],
            "Hangup" => &[],
            "Reject" => &["reason"],
            "Dial" => &["action", "method", "timeout", "callerId"],
            "Connect" => &["action", "method"],
            "Gather" => &["action", "method", "numDigits", "timeout", "language", "input"],
            "Record" => &["action", "method", "maxLength", "playBeep", "timeout"],
            other => panic!("{other} is no verb: {text}"),
        };
        for attribute in node.attributes() {
            assert!(allowed.contains(&attribute.name()), "{} of {name}: {text}", attribute.name());
        }
        let inner = node.children().find(roxmltree::Node::is_element);
        let inner_text =
            inner.map(|inner| inner.attribute("url").or(inner.text()).unwrap_or_default());
        Verb {
            text: inner_text.or(node.text()).unwrap_or_default().to_owned(),
            action: node.attribute("action").unwrap_or_default().to_owned(),
            length: node
                .attribute("length")
                .and_then(|length| length.parse().ok())
                .unwrap_or_default(),
            name,
        }
    };
    elements.map(read).collect()
}

fn is_authorized(headers: &HeaderMap) -> bool {
    let basic = format!("Basic {}", STANDARD.encode(format!("AC1:{TOKEN}")));
    let given = headers.get("authorization").and_then(|given| given.to_str().ok());
    given.is_some_and(|given| given == basic || given == format!("Bearer {TOKEN}"))
}

async fn shown(
    State(carrier): State<Arc<Carrier>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    if !is_authorized(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({})));
    }
    let sid = file.trim_end_matches(".json");
    match locked(&carrier.legs).get(sid) {
        Some(leg) => (StatusCode::OK, Json(json!({ "sid": sid, "status": leg.status }))),
        None => (StatusCode::NOT_FOUND, Json(json!({}))),
    }
}

async fn told(
    State(carrier): State<Arc<Carrier>>,
    Path(file): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    if !is_authorized(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({})));
    }
    let sid = file.trim_end_matches(".json");
    let legs = locked(&carrier.legs);
    let Some(leg) = legs.get(sid).filter(|leg| leg.status == "in-progress") else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "code": 21220 })));
    };
    let told = match fields.get("Url") {
        Some(url) => Told::Ask(url.clone()),
        None => Told::HangUp,
    };
    leg.told.send_replace(Some(told));
    (StatusCode::OK, Json(json!({ "sid": sid, "status": leg.status })))
}

async fn made(
    State(carrier): State<Arc<Carrier>>,
    headers: HeaderMap,
    Form(fields): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let status = *locked(&carrier.dialling);
    if !is_authorized(&headers) || status != StatusCode::CREATED {
        return (status, Json(json!({})));
    }
    let mut made = locked(&carrier.made);
    let sid = format!("CAmade{}", made.len());
    drop(carrier.ring(&sid));
    made.push((sid.clone(), fields));
    (status, Json(json!({ "sid": sid, "status": "queued" })))
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic")
}
