//! The dashboard's pages and files, as browsers ask for them.

use callslot_server::{Dashboard, DashboardFile, Naming, ServerConfig};
use serde_json::Value;

use crate::support::documented::PAGES;
use crate::support::test_server::{Answer, TestServer};

const SCRIPT: &str = "/assets/index-BQ2x9a1f.js";
const PLAIN: &[u8] = b"<!doctype html><title>the app</title>";

fn files() -> [DashboardFile; 4] {
    let file = |path, content_type, bytes| DashboardFile {
        path,
        content_type,
        bytes,
        brotli: None,
        naming: Naming::ByPlace,
    };
    [
        DashboardFile {
            brotli: Some(b"app, compressed"),
            ..file("index.html", "text/html", PLAIN)
        },
        DashboardFile {
            brotli: Some(b"script, compressed"),
            naming: Naming::ByContent,
            ..file(&SCRIPT[1..], "text/javascript", b"go()")
        },
        file("assets/icon.svg", "image/svg+xml", b"<svg/>"),
        file("robots.txt", "text/plain", b"Disallow: /"),
    ]
}

fn server() -> TestServer {
    let dashboard = Dashboard::of(files());
    TestServer::bare(&ServerConfig { dashboard, ..ServerConfig::default() })
}

fn ask(server: &TestServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    server.ask_plain(method, path, &Value::Null, headers)
}

fn text<'a>(answer: &'a Answer, header: &str) -> &'a str {
    answer.headers.get(header).map_or("", |value| value.to_str().expect("text"))
}

#[test]
fn every_page_is_the_app_under_a_policy_that_lets_it_use_this_server_alone() {
    let server = server();
    for page in PAGES.into_iter().chain(["/history?from=x", "/sign-in?next=%2Fcalls"]) {
        let answer = ask(&server, "GET", page, &[]);
        assert_eq!(answer.body, std::str::from_utf8(PLAIN).expect("text"), "{page}");
        assert_eq!((answer.status, text(&answer, "content-type")), (200, "text/html"));
        assert_eq!(text(&answer, "cache-control"), "no-cache");
        assert_eq!(text(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(
            text(&answer, "content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    }
    let other = ask(&server, "GET", "/docs", &[]);
    let policy = text(&other, "content-security-policy");
    assert!(policy.contains("form-action 'none'") && !policy.contains("script-src"), "{policy}");
}

#[test]
fn a_page_that_the_browser_has_is_not_sent_again() {
    let server = server();
    let tag = text(&ask(&server, "GET", "/calls", &[]), "etag").to_owned();
    let weak = format!("\"other\", W/{tag}");
    for known in [tag.as_str(), &weak, "*"] {
        let answer = ask(&server, "GET", "/calls", &[("if-none-match", known)]);
        assert_eq!((answer.status, answer.body), (304, Value::from("")), "{known}");
        assert_eq!(answer.headers["etag"], tag.as_str());
        assert_eq!(answer.headers["vary"], "accept-encoding");
        assert!(answer.headers.get("content-type").is_none());
    }
    let answer = ask(&server, "GET", "/", &[("if-none-match", "\"other\"")]);
    assert_eq!(answer.status, 200);
    let compressed = [("if-none-match", tag.as_str()), ("accept-encoding", "br")];
    assert_eq!(ask(&server, "GET", "/", &compressed).status, 200, "each form has a tag of its own");
    assert_eq!(ask(&server, "GET", "/", &[("if-none-match", &tag)]).status, 304);
}

#[test]
fn a_file_is_kept_for_a_year_if_its_name_changes_with_it() {
    let server = server();
    let script = ask(&server, "GET", SCRIPT, &[]);
    assert_eq!((script.status, &script.body), (200, &Value::from("go()")));
    assert_eq!(text(&script, "content-type"), "text/javascript");
    assert_eq!(text(&script, "cache-control"), "public, max-age=31536000, immutable");
    for (path, content_type) in
        [("/assets/icon.svg", "image/svg+xml"), ("/robots.txt", "text/plain")]
    {
        let answer = ask(&server, "GET", path, &[]);
        assert_eq!((answer.status, text(&answer, "content-type")), (200, content_type));
        assert_eq!(text(&answer, "cache-control"), "no-cache");
    }
}

#[test]
fn a_browser_that_takes_brotli_gets_it_where_there_is_some() {
    let server = server();
    for (accepted, is_taken) in [
        ("br", true),
        ("gzip, deflate, br, zstd", true),
        ("gzip;q=1.0, BR; q=0.5", true),
        ("br;q=0", false),
        ("br;q=0.000, gzip", false),
        ("gzip, brotli", false),
        ("identity", false),
        ("*", false),
    ] {
        let answer = ask(&server, "GET", SCRIPT, &[("accept-encoding", accepted)]);
        let expected = if is_taken { "script, compressed" } else { "go()" };
        assert_eq!(answer.body, expected, "{accepted}");
        assert_eq!(text(&answer, "content-encoding"), if is_taken { "br" } else { "" });
        assert_eq!(text(&answer, "vary"), "accept-encoding");
    }
    let icon = ask(&server, "GET", "/assets/icon.svg", &[("accept-encoding", "br")]);
    assert_eq!((text(&icon, "content-encoding"), &icon.body), ("", &Value::from("<svg/>")));
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let server = server();
    for path in ["/", "/plans", SCRIPT] {
        let (get, head) = (ask(&server, "GET", path, &[]), ask(&server, "HEAD", path, &[]));
        assert_eq!(head.status, 200);
        assert_eq!(head.body, "");
        for header in ["content-length", "content-type", "etag", "cache-control"] {
            assert_eq!(text(&head, header), text(&get, header), "{header} of {path}");
            assert!(!text(&head, header).is_empty(), "{header} of {path}");
        }
    }
}

#[test]
fn what_is_no_page_and_no_file_is_a_problem() {
    let server = server();
    for path in [
        "/assets/gone.js",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets//icon.svg",
    ] {
        let problem =
            ask(&server, "GET", path, &[]).refused(404, "unknown_route", "reload the page");
        assert_eq!(problem["field"], Value::Null);
    }
    for path in ["/index.html", "/favicon.ico", "/assets/", "/calls/", "/nothing", "/sign-in/x"] {
        ask(&server, "GET", path, &[]).refused(404, "unknown_route", "/docs lists every address");
    }
    for path in ["/calls", SCRIPT] {
        ask(&server, "POST", path, &[]).refused(405, "method_not_allowed", "does not accept");
    }
}

#[test]
fn a_browser_that_opens_an_unknown_address_gets_the_app_and_a_program_a_problem() {
    let server = server();
    let opened = [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    for path in ["/nothing", "/calls/x", "/favicon.ico", "/v10", "/sign-in/x?next=%2F"] {
        for method in ["GET", "HEAD"] {
            let answer = ask(&server, method, path, &opened);
            assert_eq!((answer.status, text(&answer, "vary")), (404, "accept"), "{path}");
            assert_eq!(text(&answer, "content-type"), "text/html", "{path}");
            let policy = text(&answer, "content-security-policy");
            assert!(policy.contains("script-src 'self'"), "{policy}");
            let app = if method == "GET" { std::str::from_utf8(PLAIN).expect("text") } else { "" };
            assert_eq!(answer.body, app, "{path}");
        }
        let known = [opened[0], ("if-none-match", "*")];
        assert_eq!(ask(&server, "GET", path, &known).status, 404, "{path}");
        for accept in ["application/json", "*/*", "text/html;q=0", "text/*"] {
            let answer = ask(&server, "GET", path, &[("accept", accept)]);
            assert_eq!(text(&answer, "vary"), "accept");
            answer.refused(404, "unknown_route", "/docs lists every address");
        }
        ask(&server, "POST", path, &opened).refused(404, "unknown_route", "/docs");
    }
    for path in ["/v1", "/v1/", "/v1/nothing", "//v1/nothing", "/v1/calls/1/nothing"] {
        ask(&server, "GET", path, &opened).refused(404, "unknown_route", "/docs");
    }
    ask(&server, "GET", "/atoms/v1/nothing", &opened).refused_as_atoms(404, "/docs");
    ask(&server, "GET", "/assets/gone.js", &opened).refused(
        404,
        "unknown_route",
        "reload the page",
    );
}

#[test]
fn a_server_without_its_dashboard_says_how_to_get_it_on_every_page() {
    let server = TestServer::bare(&ServerConfig::default());
    for page in PAGES {
        let answer = ask(&server, "GET", page, &[]);
        assert_eq!(answer.status, 200, "{page}");
        assert_eq!(text(&answer, "content-type"), "text/html; charset=utf-8");
        assert!(answer.body.as_str().expect("a page").contains("Node.js 20.19"), "{page}");
    }
    ask(&server, "GET", "/assets/index.js", &[]).refused(404, "unknown_route", "no such file");
}

#[test]
fn files_without_a_first_page_are_no_dashboard() {
    assert!(Dashboard::of(files()).is_some());
    assert!(Dashboard::of(files().into_iter().skip(1)).is_none());
}
