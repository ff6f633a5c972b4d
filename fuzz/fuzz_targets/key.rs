//! Authentication: the headers `authorization` and `callslot-org`, judged by the contract alone.
//!
//! An input is the value of the first, and after a line break that of the second. The bytes 0 to 3 are replaced by the
//! secrets of a viewer, an engine, an admin and the operator.
#![no_main]

use std::sync::LazyLock;

use callslot_api::Key;
use callslot_fuzz::http::{PATIENCE, answers, request};
use callslot_server::fuzz_server::{FuzzServer, OPERATOR_KEY};
use libfuzzer_sys::fuzz_target;

const ROLES: [&str; 3] = ["viewer", "engine", "admin"];
const OPERATOR: usize = ROLES.len();
/// With more a head may be too large, which is not tested here.
const MAX_HEADER_BYTES: usize = 4_000;

/// A server, and the secrets of its keys.
static SERVER: LazyLock<(FuzzServer, Vec<String>)> = LazyLock::new(|| {
    let server = FuzzServer::new();
    let operator = format!("Bearer {OPERATOR_KEY}");
    let headers: [(&str, &[u8]); 2] =
        [("authorization", operator.as_bytes()), ("callslot-org", b"default")];
    let made = ROLES.map(|role| {
        let body = format!(r#"{{"name":"K","role":"{role}"}}"#);
        let made = server
            .exchange(&request("POST", b"/v1/keys", &headers, Some(body.as_bytes())), PATIENCE);
        answers(&made)[0].json::<Key>().secret.expect("a new key has a secret")
    });
    (server, made.into_iter().chain([OPERATOR_KEY.to_owned()]).collect())
});

fuzz_target!(|data: &[u8]| {
    let (server, secrets) = &*SERVER;
    let is_in_header = |byte: &u8| matches!(byte, 0..=3 | b'\n' | b' '..=b'~' | 0x80..);
    if !data.iter().all(is_in_header) {
        return;
    }
    let mut lines = data.splitn(2, |&byte| byte == b'\n').map(|line| with_secrets(line, secrets));
    let (authorization, org) = (lines.next().unwrap_or_default(), lines.next());
    let is_fit = |value: &Vec<u8>| value.len() <= MAX_HEADER_BYTES && !value.contains(&b'\n');
    if !is_fit(&authorization) || !org.as_ref().is_none_or(is_fit) {
        return;
    }
    let mut headers: Vec<(&str, &[u8])> = vec![("authorization", &authorization)];
    headers.extend(org.as_deref().map(|org| ("callslot-org", org)));
    let answered = server.exchange(&request("GET", b"/v1/concurrency", &headers, None), PATIENCE);
    let answered = answers(&answered);
    let [answer] = &answered[..] else { panic!("one request, one answer: {answered:?}") };
    let expected = expected(&authorization, org.as_deref(), secrets);
    assert!(expected.contains(&answer.status), "{answer:?} instead of {expected:?}");
});

fn with_secrets(line: &[u8], secrets: &[String]) -> Vec<u8> {
    let parts = line.iter().flat_map(|byte| match secrets.get(usize::from(*byte)) {
        Some(secret) => secret.as_bytes(),
        None => std::slice::from_ref(byte),
    });
    parts.copied().collect()
}

/// The statuses that the contract allows.
fn expected(authorization: &[u8], org: Option<&[u8]>, secrets: &[String]) -> &'static [u16] {
    let Some(role) = role(authorization, secrets) else {
        // A client that guesses too often has to wait.
        return &[401, 429];
    };
    let Some(org) = org.map(<[u8]>::trim_ascii) else {
        return if role == OPERATOR { &[400, 422] } else { &[200] };
    };
    let is_slug = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    let is_dots = matches!(org, b"." | b"..");
    if !(1..=64).contains(&org.len()) || !org.iter().all(is_slug) || is_dots {
        return &[400, 422];
    }
    match (org == b"default", role == OPERATOR) {
        (true, _) => &[200],
        (false, true) => &[404],
        (false, false) => &[403],
    }
}

fn role(authorization: &[u8], secrets: &[String]) -> Option<usize> {
    let text = std::str::from_utf8(authorization.trim_ascii()).ok()?;
    let (scheme, secret) = text.split_once(' ')?;
    let known = secrets.iter().position(|known| known == secret.trim_matches(' '));
    known.filter(|_| scheme.eq_ignore_ascii_case("bearer"))
}
