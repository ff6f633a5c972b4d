//! The first start of a server, and the operator key that the settings give.

use std::path::Path;

use callslot_server::{FirstStart, ServeError, Server, ServerConfig};

use crate::support::test_server::{OPERATOR, TestServer, open_store};

/// Starts a server on `data` and asks for the pool with the keys it made.
fn first_start(data: &Path, operator_key: Option<&str>) -> Result<Option<FirstStart>, ServeError> {
    let config = ServerConfig {
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        data: data.into(),
        operator_key: operator_key.map(str::to_owned),
        ..ServerConfig::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start(config, open_store).await?;
        let first = server.first_start().cloned();
        server.run_until(async {}).await;
        Ok(first)
    })
}

#[test]
fn a_first_start_makes_an_admin_key_and_an_operator_key_and_a_second_start_none() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let first = first_start(directory.path(), None).expect("it starts").expect("it is the first");
    assert_eq!(first.org, "default");
    assert!(first.admin_key.starts_with("cs_admin_"));
    assert!(first.operator_key.expect("none was given").starts_with("cs_operator_"));
    assert!(first_start(directory.path(), None).expect("it starts again").is_none());
}

#[test]
fn an_operator_key_that_is_easily_guessed_or_fits_no_header_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let visible = "visible ASCII";
    for (key, words) in [
        ("", "at most 0 bits"),
        ("0123456789abcdef", "at most 64 bits and could be guessed; it must have at least 128"),
        ("0123456789abcdef0123456789abcde", "at most 124 bits"),
        (&*"a".repeat(1_000), "at most 0 bits"),
        ("has spaces in it, and is long enough", visible),
        ("ends-with-a-newline-and-is-long-enough\n", visible),
    ] {
        let refused = first_start(directory.path(), Some(key)).expect_err("it is refused");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert!(first_start(directory.path(), Some(OPERATOR)).expect("it starts").is_some());
}

#[test]
fn an_operator_key_of_the_settings_replaces_the_one_before() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (old, new) = ("the-operator-key-before", "the-operator-key-after");
    first_start(directory.path(), Some(old)).expect("it starts");
    first_start(directory.path(), Some(new)).expect("it starts again");
    let server = TestServer::on(directory);
    for key in [old, new] {
        server.ask("GET", "/v1/orgs", key, None, &[]).refused(401, "unauthenticated", "Bearer");
    }
    server.operate("GET", "/v1/orgs", None).expect(200);
}
