//! Requests that another site makes a browser send: the cookie grants nothing.

use serde_json::{Value, json};

use crate::sign_in::{is_open, make_code, signed_in};
use crate::support::test_server::TestServer;

#[test]
fn a_cookie_opens_nothing_unsafe_that_another_site_asks_for() {
    let server = TestServer::new();
    let cookie = signed_in(&server, &json!({ "key": server.admin }));
    let bearer = format!("Bearer {}", server.admin);
    let (here, there) = (server.url(""), "http://evil.example".to_owned());
    let other_port = "http://127.0.0.1:1".to_owned();
    let site = |site: &'static str| vec![("sec-fetch-site", site.to_owned())];
    let origin = |origin: &String| vec![("origin", origin.clone())];
    let both = |site: &'static str, origin: &String| {
        vec![("sec-fetch-site", site.to_owned()), ("origin", origin.clone())]
    };
    // What the browser says, and whether an unsafe request with the cookie is taken.
    let sayings = [
        (vec![], false),
        (site("same-origin"), true),
        (site("same-site"), false),
        (site("cross-site"), false),
        (site("none"), false),
        (origin(&here), true),
        (origin(&there), false),
        (origin(&other_port), false),
        (origin(&"null".to_owned()), false),
        (both("same-origin", &here), true),
        (both("cross-site", &here), false),
        (both("same-site", &there), false),
    ];
    for (said, is_taken) in sayings {
        let said: Vec<_> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let ask = |method: &str, path: &str, credential: (&str, &str)| {
            let body = if method == "PUT" { json!({ "name": "A" }) } else { Value::Null };
            server.ask_plain(method, path, &body, &[&said[..], &[credential]].concat())
        };
        let (by_cookie, by_key) = (("cookie", &*cookie), ("authorization", &*bearer));
        for method in ["GET", "HEAD"] {
            let answer = ask(method, "/v1/concurrency", by_cookie);
            assert_eq!(answer.status, 200, "{method} with {said:?}");
        }
        for (method, path) in
            [("PUT", "/v1/agents/a"), ("POST", "/v1/session/codes"), ("DELETE", "/v1/agents/none")]
        {
            let answer = ask(method, path, by_cookie);
            if is_taken {
                assert!(matches!(answer.status, 200 | 201 | 404), "{method} with {said:?}");
            } else {
                answer.refused(403, "cross_site", "dashboard at this server's own address");
            }
            let answer = ask(method, path, by_key);
            assert!(matches!(answer.status, 200 | 201 | 404), "{method} by key with {said:?}");
        }
        let out = ask("DELETE", "/v1/session?everywhere=false", ("cookie", "callslot_session=x"));
        assert_eq!(out.status, 204, "there is nothing to forge with {said:?}");
        if !is_taken {
            ask("DELETE", "/v1/session", by_cookie).refused(403, "cross_site", "page");
            let everywhere = ask("DELETE", "/v1/session?everywhere=true", by_cookie);
            everywhere.refused(403, "cross_site", "page");
        }
    }
    assert!(is_open(&server, &cookie));
}

#[test]
fn no_other_site_signs_a_browser_in() {
    let server = TestServer::new();
    let with = json!({ "key": server.admin });
    let here = server.url("");
    for (header, is_taken) in [
        (("sec-fetch-site", "same-origin"), true),
        (("sec-fetch-site", "same-site"), false),
        (("sec-fetch-site", "cross-site"), false),
        (("origin", &*here), true),
        (("origin", "http://evil.example"), false),
        (("origin", "null"), false),
    ] {
        let answer = server.ask_plain("POST", "/v1/session", &with, &[header]);
        if is_taken {
            answer.expect(200);
        } else {
            assert!(answer.headers.get("set-cookie").is_none());
            answer.refused(403, "cross_site", "page of this server");
        }
    }
    let code = make_code(&server, &server.admin);
    let forged = server.ask_plain("POST", "/v1/session", &code, &[("origin", "null")]);
    forged.refused(403, "cross_site", "page");
    signed_in(&server, &code);
}
