//! Signed-in browsers: how they sign in, for how long, and what their cookie grants.

use std::io::{BufRead, BufReader, Lines};

use callslot_server::ServerConfig;
use serde_json::{Value, json};

use crate::support::test_server::{Answer, OPERATOR, TestServer};

/// The cookie that an answer sets, as the browser sends it back.
#[track_caller]
fn cookie_of(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().expect("text");
    let cookie = set.split(';').next().expect("a cookie begins with its name");
    assert!(cookie.starts_with("callslot_session="), "{set}");
    cookie.to_owned()
}

/// Signs in with a key or a code; returns the cookie.
#[track_caller]
pub fn signed_in(server: &TestServer, with: &Value) -> String {
    let answer = server.ask_plain("POST", "/v1/session", with, &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    cookie_of(&answer)
}

/// What a browser sends from a page of the server.
pub fn from_our_page(cookie: &str) -> [(&str, &str); 2] {
    [("cookie", cookie), ("sec-fetch-site", "same-origin")]
}

/// A new key of the organisation `default`: its id and secret.
fn key(server: &TestServer, role: &str) -> (String, String) {
    let made = server.post("/v1/keys", &json!({ "name": role, "role": role })).expect(201);
    let text = |field: &str| made[field].as_str().expect("text").to_owned();
    (text("id"), text("secret"))
}

fn read(server: &TestServer, cookie: &str) -> Answer {
    server.ask_plain("GET", "/v1/session", &Value::Null, &[("cookie", cookie)])
}

pub fn is_open(server: &TestServer, cookie: &str) -> bool {
    let answer = read(server, cookie);
    if answer.status == 401 {
        answer.refused(401, "unauthenticated", "has ended");
        return false;
    }
    answer.expect(200);
    true
}

pub fn make_code(server: &TestServer, key: &str) -> Value {
    let answer = server.ask("POST", "/v1/session/codes", key, None, &[]);
    assert_eq!(answer.headers["cache-control"], "no-store");
    json!({ "code": answer.expect(201)["code"] })
}

/// Who is signed in, without until when: a session lasts by the time that the server has seen, so the time that is shown for its
/// end follows the clock, and a restart moves it.
fn who(session: &Value) -> Value {
    let mut session = session.clone();
    assert!(session["expires_at"].take().is_string());
    session
}

#[test]
fn a_browser_signs_in_with_a_key_and_is_told_who_it_is() {
    let server = TestServer::new();
    let (id, secret) = key(&server, "viewer");
    let answer = server.ask_plain("POST", "/v1/session", &json!({ "key": secret }), &[]);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let cookie = cookie_of(&answer);
    let session = answer.expect(200);
    assert_eq!(session["role"], "viewer");
    assert_eq!(session["key"], json!({ "id": id, "name": "viewer" }));
    assert_eq!(session["org"], "default");
    assert!(session["expires_at"].is_string());
    assert_eq!(read(&server, &cookie).expect(200), session);

    let with_key = server.ask("GET", "/v1/session", &secret, None, &[]).expect(200);
    assert_eq!(with_key["key"], session["key"]);
    assert_eq!(with_key["expires_at"], Value::Null, "a key has no session");
    let operator = signed_in(&server, &json!({ "key": OPERATOR }));
    let session = read(&server, &operator).expect(200);
    assert_eq!((&session["role"], &session["org"]), (&json!("operator"), &Value::Null));
}

#[test]
fn a_session_opens_what_its_key_opens() {
    let server = TestServer::new();
    let agent = json!({ "name": "C" });
    let change = |cookie: &str, more: &[(&str, &str)]| {
        let headers = [&from_our_page(cookie)[..], more].concat();
        server.ask_plain("PUT", "/v1/agents/c", &agent, &headers)
    };
    let viewer = signed_in(&server, &json!({ "key": key(&server, "viewer").1 }));
    change(&viewer, &[]).refused(403, "forbidden", "needs admin");
    change(&viewer, &[("callslot-org", "other")]).refused(403, "forbidden", "another organisation");
    let admin = signed_in(&server, &json!({ "key": server.admin }));
    change(&admin, &[]).expect(201);
    let operator = signed_in(&server, &json!({ "key": OPERATOR }));
    change(&operator, &[]).refused(422, "org_not_named", "callslot-org");
    change(&operator, &[("callslot-org", "default")]).expect(200);
    let listed = server.get("/v1/keys").expect(200);
    let keys = listed["items"].as_array().expect("items");
    let viewer = keys.iter().find(|key| key["role"] == "viewer").expect("it is listed");
    assert!(viewer["last_used_at"].is_string(), "a use by a browser is one");
}

#[test]
fn the_cookie_is_for_the_browser_alone_and_goes_nowhere_without_tls_if_it_came_with_it() {
    let server = TestServer::new();
    let with = json!({ "key": server.admin });
    let set = |origin: &str, host: &str| {
        let headers = [("origin", origin), ("host", host)];
        let answer = server.ask_plain("POST", "/v1/session", &with, &headers);
        answer.headers["set-cookie"].to_str().expect("text").to_owned()
    };
    let plain = set("http://calls.example.com", "calls.example.com");
    let (cookie, attributes) = plain.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=604800");
    let token = cookie.strip_prefix("callslot_session=").expect("its name");
    assert_eq!((token.len(), token.bytes().all(|byte| byte.is_ascii_hexdigit())), (64, true));
    let tls = set("https://calls.example.com", "calls.example.com");
    let tls =
        tls.strip_prefix("__Host-callslot_session=").expect("a name that nobody else can set");
    assert!(tls.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure"), "{tls}");
    let cookie = format!("__Host-callslot_session={}", &tls[..64]);
    assert!(is_open(&server, &cookie));
    let headers = [("origin", "https://calls.example.com"), ("sec-fetch-site", "same-origin")];
    let out = server.ask_plain("DELETE", "/v1/session", &Value::Null, &headers);
    assert_eq!(
        out.headers["set-cookie"],
        "__Host-callslot_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"
    );
}

#[test]
fn a_code_signs_in_once_with_the_key_that_made_it() {
    let server = TestServer::new();
    let (id, secret) = key(&server, "engine");
    let code = make_code(&server, &secret);
    let cookie = signed_in(&server, &code);
    assert_eq!(read(&server, &cookie).expect(200)["key"]["id"], id);
    let again = server.ask_plain("POST", "/v1/session", &code, &[]);
    again.refused(401, "unauthenticated", "callslot dashboard");
    let by_session =
        server.ask_plain("POST", "/v1/session/codes", &Value::Null, &from_our_page(&cookie));
    let code = json!({ "code": by_session.expect(201)["code"] });
    assert_eq!(read(&server, &signed_in(&server, &code)).expect(200)["key"]["id"], id);
    let revoked = make_code(&server, &secret);
    server.delete(&format!("/v1/keys/{id}")).expect(204);
    server.ask_plain("POST", "/v1/session", &revoked, &[]).refused(401, "unauthenticated", "link");
}

#[test]
fn the_first_start_gives_a_code_of_the_operators_that_a_restart_forgets() {
    let server = TestServer::bare(&ServerConfig::default());
    let code = json!({ "code": server.sign_in_code });
    let session = read(&server, &signed_in(&server, &code)).expect(200);
    assert_eq!(session["role"], "operator");
    server.ask_plain("POST", "/v1/session", &code, &[]).refused(
        401,
        "unauthenticated",
        "already used",
    );
    let unused = make_code(&server, OPERATOR);
    let server = server.restart();
    server.ask_plain("POST", "/v1/session", &unused, &[]).refused(401, "unauthenticated", "link");
}

#[test]
fn who_does_not_sign_in_is_told_why_and_slowed_down() {
    let server = TestServer::new();
    let ask = |with: &Value| server.ask_plain("POST", "/v1/session", with, &[]);
    ask(&json!({ "key": "cs_admin_guessed" })).refused(
        401,
        "unauthenticated",
        "unknown or revoked",
    );
    ask(&json!({ "code": "guessed" })).refused(401, "unauthenticated", "callslot dashboard");
    for neither in [json!({}), json!({ "key": server.admin, "code": "x" })] {
        let problem = ask(&neither).refused(422, "invalid_field", "send either");
        assert_eq!(problem["field"], "key");
    }
    ask(&json!({ "key": null })).refused(422, "invalid_field", "null");
    ask(&json!({ "secret": "x" })).refused(422, "invalid_field", "secret");
    let guess = json!({ "key": "guessed" });
    let slowed = (0..500).map(|_| ask(&guess)).find(|answer| answer.status == 429);
    slowed.expect("guessing has a bound").refused(429, "rate_limited", "wait a second");
    signed_in(&server, &json!({ "key": server.admin }));
}

#[test]
fn signing_in_makes_a_new_token_and_ends_the_session_before() {
    let server = TestServer::new();
    let first = signed_in(&server, &json!({ "key": server.admin }));
    let elsewhere = signed_in(&server, &json!({ "key": server.admin }));
    let again = |cookie: &str, key: &str| {
        let headers = from_our_page(cookie);
        let answer = server.ask_plain("POST", "/v1/session", &json!({ "key": key }), &headers);
        assert_eq!(answer.status, 200, "{}", answer.body);
        cookie_of(&answer)
    };
    let second = again(&first, &server.admin);
    assert_ne!(first, second);
    assert_eq!((is_open(&server, &first), is_open(&server, &second)), (false, true));
    let third = again(&second, OPERATOR);
    assert_eq!((is_open(&server, &second), is_open(&server, &third)), (false, true));
    assert!(is_open(&server, &elsewhere), "another browser's goes on");
    let refused = server.ask_plain(
        "POST",
        "/v1/session",
        &json!({ "key": "guessed" }),
        &from_our_page(&third),
    );
    refused.refused(401, "unauthenticated", "unknown");
    assert!(is_open(&server, &third), "who is not signed in anew stays signed in");
}

#[test]
fn a_session_ends_with_its_key_and_with_its_organisation() {
    let server = TestServer::new();
    let (id, secret) = key(&server, "admin");
    let cookie = signed_in(&server, &json!({ "key": secret }));
    let other = signed_in(&server, &json!({ "key": server.admin }));
    server.delete(&format!("/v1/keys/{id}")).expect(204);
    assert_eq!((is_open(&server, &cookie), is_open(&server, &other)), (false, true));

    let acme = json!({ "id": "acme", "name": "Acme", "plan": "standard" });
    server.operate("POST", "/v1/orgs", Some(&acme)).expect(201);
    let create = json!({ "name": "A", "role": "viewer" });
    let in_acme = [("callslot-org", "acme")];
    let made = server.ask("POST", "/v1/keys", OPERATOR, Some(&create), &in_acme).expect(201);
    let of_acme = signed_in(&server, &json!({ "key": made["secret"] }));
    assert!(is_open(&server, &of_acme));
    server.operate("DELETE", "/v1/orgs/acme", None).expect(204);
    let server = {
        assert!(!is_open(&server, &of_acme));
        server.restart()
    };
    let open = [&cookie, &of_acme, &other].map(|cookie| is_open(&server, cookie));
    assert_eq!(open, [false, false, true], "nothing comes back");
}

#[test]
fn signing_out_ends_the_session_and_can_be_repeated() {
    let server = TestServer::new();
    let [first, second] = [(); 2].map(|()| signed_in(&server, &json!({ "key": server.admin })));
    for _ in 0..2 {
        let out = server.ask_plain("DELETE", "/v1/session", &Value::Null, &from_our_page(&first));
        assert_eq!(
            out.headers["set-cookie"],
            "callslot_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
        out.expect(204);
    }
    assert_eq!((is_open(&server, &first), is_open(&server, &second)), (false, true));
    server.delete("/v1/session").expect(204);
    server.ask_plain("DELETE", "/v1/session", &Value::Null, &[]).expect(204);
    assert!(is_open(&server, &second), "neither a key nor nobody has a session to end");
}

#[test]
fn signing_out_everywhere_ends_all_that_the_key_has_opened_and_nothing_else() {
    let server = TestServer::new();
    let everywhere = "/v1/session?everywhere=true";
    let (_, secret) = key(&server, "viewer");
    let with = json!({ "key": secret });
    let of_another = signed_in(&server, &json!({ "key": server.admin }));
    for by_key in [false, true] {
        let cookies = [(); 3].map(|()| signed_in(&server, &with));
        let code = make_code(&server, &secret);
        let out = if by_key {
            server.ask("DELETE", everywhere, &secret, None, &[])
        } else {
            server.ask_plain("DELETE", everywhere, &Value::Null, &from_our_page(&cookies[1]))
        };
        out.expect(204);
        assert_eq!(cookies.map(|cookie| is_open(&server, &cookie)), [false; 3]);
        let late = server.ask_plain("POST", "/v1/session", &code, &[]);
        late.refused(401, "unauthenticated", "link");
    }
    assert!(is_open(&server, &of_another));
    let nobody = server.ask_plain("DELETE", everywhere, &Value::Null, &[]);
    nobody.refused(401, "unauthenticated", "Bearer");
    let dead = [("cookie", "callslot_session=1"), ("sec-fetch-site", "same-origin")];
    let dead = server.ask_plain("DELETE", everywhere, &Value::Null, &dead);
    dead.refused(401, "unauthenticated", "has ended");
}

#[test]
fn sessions_are_there_after_a_restart_and_signed_out_ones_are_not() {
    let server = TestServer::new();
    let [kept, ended] = [(); 2].map(|()| signed_in(&server, &json!({ "key": server.admin })));
    let out = server.ask_plain("DELETE", "/v1/session", &Value::Null, &from_our_page(&ended));
    out.expect(204);
    let before = read(&server, &kept).expect(200);
    let server = server.restart();
    assert_eq!(who(&read(&server, &kept).expect(200)), who(&before));
    assert!(!is_open(&server, &ended));
}

#[test]
fn of_101_browsers_with_one_key_the_first_is_signed_out() {
    let server = TestServer::new();
    let with = json!({ "key": server.admin });
    let cookies: Vec<_> = (0..101).map(|_| signed_in(&server, &with)).collect();
    let ends: Vec<_> = [0, 1, 100].map(|n| is_open(&server, &cookies[n])).into();
    assert_eq!(ends, [false, true, true]);
}

#[test]
fn a_key_goes_before_the_cookie() {
    let server = TestServer::new();
    let cookie = signed_in(&server, &json!({ "key": OPERATOR }));
    let ask = |authorization: &str| {
        let headers = [("authorization", authorization), ("cookie", &*cookie)];
        server.ask_plain("GET", "/v1/session", &Value::Null, &headers)
    };
    assert_eq!(ask(&format!("Bearer {}", server.admin)).expect(200)["role"], "admin");
    for wrong in ["Bearer wrong", "Bearer", "bearer "] {
        ask(wrong).refused(401, "unauthenticated", "Bearer <key>");
    }
    // With this a browser has signed in at a proxy in front.
    assert_eq!(ask("Basic b3BlcmF0b3I6eA==").expect(200)["role"], "operator");
}

#[test]
fn a_stream_ends_with_what_opened_it() {
    let server = TestServer::new();
    let (id, secret) = key(&server, "viewer");
    let [one, other] = [(); 2].map(|()| signed_in(&server, &json!({ "key": secret })));
    let bearer = format!("Bearer {secret}");
    let mut first = Stream::open(&server, ("cookie", &one));
    let mut second = Stream::open(&server, ("cookie", &other));
    let mut with_key = Stream::open(&server, ("authorization", &bearer));
    server.ask_plain("DELETE", "/v1/session", &Value::Null, &from_our_page(&one)).expect(204);
    first.has_ended();
    server.start("a", "chat", "1");
    second.goes_on();
    with_key.goes_on();
    server.ask("DELETE", &format!("/v1/keys/{id}"), &server.admin, None, &[]).expect(204);
    second.has_ended();
    with_key.has_ended();
}

/// An open stream of events.
struct Stream(Lines<BufReader<ureq::BodyReader<'static>>>);

impl Stream {
    fn open(server: &TestServer, (name, value): (&str, &str)) -> Self {
        let answer = ureq::get(server.url("/v1/events")).header(name, value).call();
        Self(BufReader::new(answer.expect("a stream").into_body().into_reader()).lines())
    }

    #[track_caller]
    fn goes_on(&mut self) {
        let is_event = |line: &str| line.starts_with("event: ");
        let event = self.0.find(|line| line.as_ref().is_ok_and(|line| is_event(line)));
        assert!(event.is_some(), "it has ended");
    }

    #[track_caller]
    fn has_ended(&mut self) {
        // Keep-alive comments arrive at intervals.
        let left: Vec<_> = self.0.by_ref().map_while(Result::ok).take(8).collect();
        assert!(left.len() < 8, "it goes on: {left:?}");
    }
}
