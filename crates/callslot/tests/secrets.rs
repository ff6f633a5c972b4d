//! Secrets are shown once, where they are created, and nowhere else: a server and commands go through a day with the log at its
//! most verbose, and everything they print, answer and keep is searched.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_callslot");
const GIVEN_OPERATOR: &str = "operator-key-that-settings-give";
const PATIENCE: Duration = Duration::from_mins(1);

/// All that must not be found, and where it was.
#[derive(Default)]
struct Search {
    secrets: Vec<String>,
    found: Vec<String>,
    searched: usize,
}

impl Search {
    fn through(&mut self, what: &str, bytes: &[u8]) {
        self.searched += bytes.len();
        let holds =
            |secret: &&String| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        let found = self.secrets.iter().filter(holds);
        self.found.extend(found.map(|secret| format!("{what} holds {secret}")));
    }

    fn through_files_below(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.through_files_below(&path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                self.through(&path.display().to_string(), &bytes);
            }
        }
    }
}

/// A server that says all that it can, into files.
struct Server {
    process: Child,
    folder: TempDir,
    /// How often it was started.
    starts: u32,
    url: String,
    log_format: &'static str,
}

impl Server {
    fn start(log_format: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let process = spawn(&folder, 0, log_format, None);
        let mut server = Self { process, folder, starts: 1, url: String::new(), log_format };
        server.wait_until_ready();
        server
    }

    fn start_again(&mut self, operator: Option<&str>) {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("an id");
        kill_process(id, Signal::TERM).expect("it is there");
        self.process.wait().expect("it stops");
        self.process = spawn(&self.folder, self.starts, self.log_format, operator);
        self.starts += 1;
        self.wait_until_ready();
    }

    fn wait_until_ready(&mut self) {
        let said = self.folder.path().join(format!("stdout-{}", self.starts - 1));
        loop {
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            let rest = text.split_once("Callslot listens on ").map(|(_, rest)| rest);
            if let Some((url, _)) = rest.and_then(|rest| rest.split_once(';')) {
                url.clone_into(&mut self.url);
                return;
            }
            assert!(matches!(self.process.try_wait(), Ok(None)), "the server ended: {text}");
            std::thread::yield_now();
        }
    }

    /// What the first start printed: up to the last line that may show a key, and the rest.
    fn first_words(&self) -> (String, String) {
        let said = std::fs::read_to_string(self.folder.path().join("stdout-0")).expect("words");
        let (banner, rest) = said.split_once("API reference: ").expect("its last line");
        (banner.to_owned(), rest.to_owned())
    }

    /// Sends a message by the byte, and returns all that comes back.
    fn answer_to(&self, message: &[u8]) -> Vec<u8> {
        let mut client =
            TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        client.set_read_timeout(Some(PATIENCE)).expect("a time");
        client.write_all(message).expect("it is sent");
        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer);
        answer
    }

    fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> Vec<u8> {
        self.answer_to(
            format!(
                "{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n{headers}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        )
    }

    /// Makes a key, whose answer is the one that shows it.
    fn make_key(&self, admin: &str, role: &str) -> Value {
        let body = json!({ "name": role, "role": role }).to_string();
        let headers = format!("authorization: Bearer {admin}\r\ncallslot-org: default");
        let answer =
            String::from_utf8(self.ask("POST", "/v1/keys", &headers, &body)).expect("text");
        let (_, json) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(json).expect("JSON")
    }

    /// Signs a browser in; returns the answer, and the token in it.
    fn sign_in(&self, with: &Value) -> (String, String) {
        let answer = self.ask("POST", "/v1/session", "accept: */*", &with.to_string());
        let answer = String::from_utf8(answer).expect("text");
        let set = answer.split_once("callslot_session=").map(|(_, rest)| rest);
        let token = set.and_then(|rest| rest.split(';').next()).expect("a cookie").to_owned();
        (answer, token)
    }

    fn run(&self, words: &[&str], key: &str) -> Output {
        Command::new(BINARY)
            .args(words)
            .env("CALLSLOT_URL", &self.url)
            .env("CALLSLOT_KEY", key)
            .env("CALLSLOT_OPERATOR_KEY", GIVEN_OPERATOR)
            .env("CALLSLOT_DATA", self.folder.path().join("data"))
            .current_dir(self.folder.path())
            .output()
            .expect("it runs")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(folder: &TempDir, start: u32, log_format: &str, operator: Option<&str>) -> Child {
    let output = |name: &str| {
        File::create(folder.path().join(format!("{name}-{start}"))).expect("a file for its words")
    };
    Command::new(BINARY)
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-level",
            "trace",
            "--log-format",
            log_format,
        ])
        .arg("--data")
        .arg(folder.path().join("data"))
        .envs(operator.map(|key| ("CALLSLOT_OPERATOR_KEY", key)))
        .stdin(Stdio::null())
        .stdout(output("stdout"))
        .stderr(output("stderr"))
        .spawn()
        .expect("the server starts")
}

/// A request over HTTP/2 with a header that holds a secret, as RFC 9113 and RFC 7541 §6.2.2 write it.
fn http_2(header: &str, value: &str) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/v1/concurrency"),
        (":authority", "x"),
        (header, value),
    ] {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).expect("short"));
            block.extend(text.as_bytes());
        }
    }
    let length = u8::try_from(block.len()).expect("short");
    let request = [&[0, 0, length, 1, 5, 0, 0, 0, 1], &block[..]].concat();
    // Then the client says goodbye, so that the server closes the connection.
    let goodbye = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"[..], &request, &goodbye].concat()
}

/// Requests that have the key in its place, nearly in its place, and where it does not belong.
fn ask_with(server: &Server, key: &str, search: &mut Search) {
    let bearer = format!("authorization: Bearer {key}");
    let mut hear =
        |what: &str, answer: Vec<u8>| search.through(&format!("the answer to {what}"), &answer);
    for path in [
        "/v1/concurrency",
        "/v1/keys",
        "/v1/orgs",
        "/v1/agents",
        "/v1/nothing",
        "/metrics",
        "/docs",
    ] {
        hear(path, server.ask("GET", path, &bearer, ""));
    }
    for target in ["?key=", "?access_token=", "?limit=", "?cursor=", "?wait_s="] {
        let target = format!("/v1/calls{target}{key}");
        hear(&target, server.ask("GET", &target, &bearer, ""));
        hear(&target, server.ask("GET", &target, "", ""));
    }
    for header in [
        format!("authorization: {key}"),
        format!("authorization: Basic {key}"),
        format!("authorization: Bearer {key} x"),
        format!("authorization: Bearer\t{key}"),
        format!("authorization : Bearer {key}"),
        format!("authorization: Bearer {key}\0"),
        format!("authorization Bearer {key}"),
        format!("x-api-key: {key}"),
        format!("cookie: key={key}"),
        format!("{bearer}\r\ncallslot-org: {key}"),
        format!("{bearer}\r\nlast-event-id: {key}"),
    ] {
        let answer = server.ask("GET", "/v1/events?after=zero", &header, "");
        hear(&header, answer);
    }
    for body in [format!("{{\"agent\":{key}"), key.to_string(), format!("[\"{key}\"]")] {
        hear(&body, server.ask("POST", "/v1/calls", &bearer, &body));
    }
    hear("HTTP/2", server.answer_to(&http_2("authorization", &format!("Bearer {key}"))));
    hear("no HTTP", server.answer_to(format!("{key}\r\n\r\n").as_bytes()));
}

/// Requests of a browser that has the token in its place, nearly in its place, and where it does not belong.
fn browse_with(server: &Server, token: &str, search: &mut Search) {
    let cookie = format!("cookie: callslot_session={token}");
    let ours = format!("{cookie}\r\nsec-fetch-site: same-origin");
    let mut hear =
        |what: &str, answer: Vec<u8>| search.through(&format!("the answer to {what}"), &answer);
    for path in ["/", "/v1/session", "/v1/keys", "/v1/nothing", "/metrics", "/docs"] {
        hear(path, server.ask("GET", path, &cookie, ""));
    }
    for target in ["/sign-in?code=", "/sign-in/", "/v1/session?everywhere=", "/v1/calls?cursor="] {
        let target = format!("{target}{token}");
        hear(&target, server.ask("GET", &target, &cookie, ""));
        hear(&target, server.ask("DELETE", &target, &ours, ""));
    }
    for header in [
        format!("{cookie}\r\nsec-fetch-site: cross-site"),
        format!("{cookie}\r\norigin: http://{token}"),
        format!("{ours}\r\nauthorization: Bearer {token}"),
        format!("cookie: {token}"),
        format!("cookie: callslot_session=\"{token}\"\0"),
    ] {
        hear(&header, server.ask("PUT", "/v1/agents/a", &header, "{}"));
    }
    for body in [format!("{{\"key\":\"{token}\"}}"), format!("{{\"code\":\"{token}\"}}")] {
        hear(&body, server.ask("POST", "/v1/session", &ours, &body));
    }
    hear("HTTP/2", server.answer_to(&http_2("cookie", &format!("callslot_session={token}"))));
}

/// A link that waits to be used, and browsers that are signed in with a key and with a code.
fn browse(server: &Server, admin: &str, link: &str, search: &mut Search) {
    let printed = server.run(&["dashboard", "--json"], admin).stdout;
    let made: Value = serde_json::from_slice(&printed).expect("JSON");
    let code = made["code"].as_str().expect("a code").to_owned();
    let signed_in =
        [json!({ "key": admin }), json!({ "code": code })].map(|with| server.sign_in(&with));
    let (_, unused) = link.split_once('#').expect("a code");
    search.secrets.extend([unused.to_owned(), code]);
    search.secrets.extend(signed_in.iter().map(|(_, token)| token.clone()));
    for (answer, token) in &signed_in {
        let once = answer.replacen(token, "", 1);
        search.through("the answer to a sign-in, but for its cookie", once.as_bytes());
        browse_with(server, token, search);
    }
    browse_with(server, unused, search);
}

/// Commands that have the key in their environment, also when they go wrong.
fn run_with(server: &Server, key: &str, search: &mut Search) {
    for words in [
        &["status"][..],
        &["status", "--json"],
        &["agent", "put", "support"],
        &["call", "start", "support", "chat", "--id", "x"],
        &["call", "show", "x", "--json"],
        &["call", "end", "x"],
        &["call", "start", "nobody", "chat"],
        &["key", "list"],
        &["key", "list", "--json"],
        &["key", "revoke", "key_of_nobody"],
        &["org", "list"],
        &["plan", "list"],
        &["dashboard", "--url", "http://127.0.0.1:1"],
        &["status", "--url", "http://127.0.0.1:1"],
        &["status", "--url", "nonsense"],
        &["doctor"],
        &["status", "--help"],
        &["status", "--no-such-flag"],
        &["serve", "--help"],
        &["serve", "--listen", "nonsense"],
    ] {
        let output = server.run(words, key);
        search.through(
            &format!("callslot {}", words.join(" ")),
            &[output.stdout, output.stderr].concat(),
        );
    }
}

/// A webhook whose secret is made, rotated and printed by a command, and what is said of it later. The server keeps both secrets as
/// bytes, since it must sign; as they are written they are nowhere.
fn hook_with(server: &Server, admin: &str, search: &mut Search) {
    let bearer = format!("authorization: Bearer {admin}");
    let said = |output: Output| {
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).expect("text")
    };
    let added = said(server.run(&["webhook", "add", "https://example.com/x", "--json"], admin));
    let added: Value = serde_json::from_str(&added).expect("JSON");
    let id = added["id"].as_str().expect("an id");
    let rotated = said(server.run(&["webhook", "rotate", id], admin));
    let secrets = [
        added["secret"].as_str().expect("a secret"),
        rotated.lines().last().expect("a line").trim(),
    ];
    for secret in secrets {
        assert!(secret.starts_with("whsec_"), "{secret}");
        search.secrets.push(secret["whsec_".len()..].to_owned());
    }
    let path = format!("/v1/webhooks/{id}");
    for (method, target, body) in [
        ("GET", path.clone(), ""),
        ("GET", "/v1/webhooks".to_owned(), ""),
        ("PATCH", path.clone(), r#"{"description":"x"}"#),
        ("POST", format!("{path}/redeliver"), r#"{"after":0}"#),
        ("GET", format!("{path}/deliveries"), ""),
        ("GET", "/v1/audit".to_owned(), ""),
        ("DELETE", path.clone(), ""),
        ("GET", format!("/v1/audit?object={id}"), ""),
    ] {
        let answer = server.ask(method, &target, &bearer, body);
        assert!(answer.starts_with(b"HTTP/1.1 20"), "{method} {target}");
        search.through(&format!("the answer to {method} {target}"), &answer);
    }
    for words in [&["webhook", "list"][..], &["audit", "list"], &["audit", "list", "--json"]] {
        search.through(&words.join(" "), &server.run(words, admin).stdout);
    }
}

/// An ordinary day of a server, with its log in one of its forms.
fn a_day(log_format: &'static str) -> Search {
    let mut server = Server::start(log_format);
    let (banner, rest) = server.first_words();
    let shown = |words: &str| {
        let line = banner.lines().find(|line| line.contains(words)).expect("a key is shown");
        line.split_whitespace().last().expect("a key").to_owned()
    };
    let (admin, operator) = (shown("admin key of"), shown("operator key"));
    let made = ["viewer", "engine", "admin"].map(|role| server.make_key(&admin, role));
    let secrets = made.iter().map(|key| key["secret"].as_str().expect("a secret").to_owned());
    let mut search = Search { secrets: secrets.collect(), ..Search::default() };
    let keys = [search.secrets.clone(), vec![admin.clone(), operator.clone()]].concat();
    search.secrets = [keys.clone(), vec![GIVEN_OPERATOR.to_owned()]].concat();
    search.through("what the first start says after its keys", rest.as_bytes());
    for key in &keys {
        ask_with(&server, key, &mut search);
        run_with(&server, key, &mut search);
    }
    let link = banner.lines().find(|line| line.contains("/sign-in#")).expect("a link is shown");
    browse(&server, &admin, link, &mut search);
    hook_with(&server, &admin, &mut search);
    for key in &made {
        let id = key["id"].as_str().expect("an id");
        let bearer = format!("authorization: Bearer {admin}");
        let answer = server.ask("DELETE", &format!("/v1/keys/{id}"), &bearer, "");
        search.through("the answer to a revocation", &answer);
        ask_with(&server, key["secret"].as_str().expect("a secret"), &mut search);
    }
    server.start_again(Some(GIVEN_OPERATOR));
    ask_with(&server, GIVEN_OPERATOR, &mut search);
    run_with(&server, GIVEN_OPERATOR, &mut search);
    let backup = server.folder.path().join("backup.db");
    server.run(&["backup", backup.to_str().expect("text")], &admin);
    server.start_again(None);
    // What the first start printed was searched behind its keys.
    std::fs::remove_file(server.folder.path().join("stdout-0")).expect("it is there");
    search.through_files_below(server.folder.path());
    search
}

#[test]
fn after_a_day_no_secret_is_in_anything_printed_answered_or_kept() {
    for log_format in ["pretty", "json"] {
        let search = a_day(log_format);
        assert!(search.searched > 1 << 20, "only {} bytes were searched", search.searched);
        assert!(search.found.is_empty(), "{log_format}:\n{}", search.found.join("\n"));
    }
}

#[test]
fn a_secret_in_a_file_a_log_or_an_answer_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut search = Search { secrets: vec!["cs_admin_planted".into()], ..Search::default() };
    search.through("nothing", b"cs_admin_plante");
    assert!(search.found.is_empty());
    search.through("an answer", b"{\"detail\":\"cs_admin_planted\"}");
    let below: PathBuf = folder.path().join("data");
    std::fs::create_dir(&below).expect("a folder");
    std::fs::write(below.join("log"), b"\0\xff key=cs_admin_planted\n").expect("a file");
    search.through_files_below(folder.path());
    assert_eq!(search.found.len(), 2, "{:?}", search.found);
}

#[test]
fn a_settings_file_that_cannot_be_read_is_not_quoted() {
    let folder = tempfile::tempdir().expect("a folder");
    for line in [
        format!("operator_key = \"{GIVEN_OPERATOR}"),
        format!("operator_key = \"{GIVEN_OPERATOR}\" x"),
        format!("operator_key = [\"{GIVEN_OPERATOR}\"]"),
        format!("operator_keys = \"{GIVEN_OPERATOR}\""),
    ] {
        let file = folder.path().join("callslot.toml");
        std::fs::write(&file, format!("# settings\n{line}\n")).expect("a file");
        let output =
            Command::new(BINARY).args(["serve", "--config"]).arg(&file).output().expect("it runs");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert!(!said.contains(GIVEN_OPERATOR), "{said}");
        assert!(said.contains("line 2"), "{said}");
    }
}
