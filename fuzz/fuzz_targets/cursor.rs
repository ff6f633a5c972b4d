//! Cursors and everything else in the query of a list, and where an event stream continues. A cursor is never trusted: one
//! that no list gave is refused, and an accepted one leads to a page that a client can read and continue from.
//!
//! An input is a byte for the address, the query, and after a line break the header `last-event-id`.
#![no_main]

use std::sync::LazyLock;

use callslot_api::{Agent, Call, Key, Org, Page, Plan};
use callslot_fuzz::http::{Answer, PATIENCE, answers, request};
use callslot_server::fuzz_server::{FuzzServer, OPERATOR_KEY};
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;

const LISTS: [&str; 6] =
    ["/v1/calls", "/v1/agents", "/v1/plans", "/v1/orgs", "/v1/keys", "/v1/events"];
/// Calls of the agent with a cap of 2: some are active, and the others wait.
const CALLS: usize = 5;

/// A server with a few of everything. Nothing here changes it.
static SERVER: LazyLock<FuzzServer> = LazyLock::new(|| {
    let server = FuzzServer::new();
    let mut requests = Vec::new();
    let mut ask = |method: &str, path: String, body: String| {
        requests.extend(request(
            method,
            path.as_bytes(),
            &headers(&key(), b""),
            Some(body.as_bytes()),
        ));
    };
    for agent in ["a", "b", "c"] {
        ask("PUT", format!("/v1/agents/{agent}"), r#"{"name":"N","cap":2}"#.into());
    }
    for call in 0..CALLS {
        ask("POST", "/v1/calls".into(), format!(r#"{{"agent":"a","type":"chat","id":"{call}"}}"#));
    }
    ask("POST", "/v1/orgs".into(), r#"{"id":"acme","name":"Acme","plan":"standard"}"#.into());
    ask("POST", "/v1/keys".into(), r#"{"name":"K","role":"viewer"}"#.into());
    let answered = server.exchange(&requests, PATIENCE);
    assert!(answers(&answered).iter().all(|answer| answer.status == 201), "all of it is new");
    server
});

fuzz_target!(|data: &[u8]| {
    let Some((&address, rest)) = data.split_first() else { return };
    let path = LISTS[usize::from(address) % LISTS.len()];
    let mut lines = rest.splitn(2, |&byte| byte == b'\n');
    let (query, last_event) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    // Whatever is not part of a request's first line or of a header is left to the target `connection`.
    let is_in_query = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#';
    if !query.iter().all(is_in_query) || !last_event.iter().all(|byte| (b' '..=b'~').contains(byte))
    {
        return;
    }
    let target = [path.as_bytes(), b"?", query].concat();
    let answered =
        SERVER.exchange(&request("GET", &target, &headers(&key(), last_event), None), PATIENCE);
    let answered = answers(&answered);
    let [answer] = &answered[..] else { panic!("one request, one answer: {answered:?}") };
    match (answer.status, path) {
        (200, "/v1/calls") => judge_page::<Call>(path, query, answer),
        (200, "/v1/agents") => judge_page::<Agent>(path, query, answer),
        (200, "/v1/plans") => judge_page::<Plan>(path, query, answer),
        (200, "/v1/orgs") => judge_page::<Org>(path, query, answer),
        (200, "/v1/keys") => judge_page::<Key>(path, query, answer),
        (200, _) => judge_events(answer),
        (400 | 410 | 414 | 422, _) => {}
        // An agent that is not there.
        (404, "/v1/calls") => {}
        _ => panic!("{answer:?}"),
    }
});

fn key() -> String {
    format!("Bearer {OPERATOR_KEY}")
}

fn headers<'a>(key: &'a str, last_event: &'a [u8]) -> Vec<(&'static str, &'a [u8])> {
    let mut headers = vec![("authorization", key.as_bytes()), ("callslot-org", b"default")];
    if !last_event.is_empty() {
        headers.push(("last-event-id", last_event));
    }
    headers
}

fn judge_page<T: DeserializeOwned>(path: &str, query: &[u8], answer: &Answer<'_>) {
    let page: Page<T> = answer.json();
    let query = std::str::from_utf8(query).expect("it is ASCII");
    let limit = value(query, "limit").map_or(100, |limit| limit.parse().expect("it was taken"));
    assert!(page.items.len() <= limit, "{query}");
    if let Some(cursor) = value(query, "cursor") {
        assert!(is_cursor(cursor), "the cursor {cursor} was taken");
    }
    let Some(next) = page.next else { return };
    assert!(is_cursor(&next), "the cursor {next} was given");
    let kept = query.split('&').filter(|part| !part.starts_with("cursor="));
    let query = kept.chain([&*format!("cursor={next}")]).collect::<Vec<_>>().join("&");
    let target = format!("{path}?{query}");
    let answered =
        SERVER.exchange(&request("GET", target.as_bytes(), &headers(&key(), b""), None), PATIENCE);
    assert_eq!(answers(&answered)[0].status, 200, "{target} goes on where {answer:?} ended");
}

/// The value of a parameter that is in the query without any escapes.
fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = query.split('&').filter_map(|part| part.split_once('='));
    let (_, value) = parts.find(|(named, _)| *named == name)?;
    (!value.contains(['%', '+'])).then_some(value)
}

/// As `docs/openapi.json` has it.
fn is_cursor(text: &str) -> bool {
    !text.is_empty()
        && text.len().is_multiple_of(2)
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The events so far are those of the calls and agents above, without a gap in their numbers.
fn judge_events(answer: &Answer<'_>) {
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    let text = std::str::from_utf8(&answer.body).expect("events are text");
    let mut last = 0;
    for part in text.split("\n\n") {
        let field = |name| part.lines().find_map(|line| line.strip_prefix(name));
        let data = field("data: ");
        if let Some(data) = data {
            let _: serde_json::Value = serde_json::from_str(data).expect("data is JSON");
        }
        let Some(id) = field("id: ") else { continue };
        let id: u64 = id.parse().expect("an id is a number");
        // An id alone says how far the stream has come.
        let is_in_order = if data.is_some() { id > last } else { id >= last };
        assert!(is_in_order, "events come in order: {text}");
        last = id;
    }
}
