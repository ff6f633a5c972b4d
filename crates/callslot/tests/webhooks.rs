//! `callslot webhook` and `callslot listen --forward`, as a person types them, against a server and a receiver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use callslot_webhooks::{Secret, signatures};
use serde_json::Value;
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_callslot");
const PATIENCE: Duration = Duration::from_secs(30);
/// How often something is looked at that has to come.
const LOOKS: u32 = 2_000;

/// A server that may send to this machine.
struct Server {
    process: Child,
    url: String,
    admin: String,
    directory: TempDir,
}

impl Server {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut process = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error"])
            .args(["--webhook-allow", "127.0.0.0/8", "--data"])
            .arg(directory.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut line_with = |words: &str| {
            let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
            line.expect("it is said").expect("it is text")
        };
        let admin = line_with("admin key of \"default\"");
        let admin = admin.split_whitespace().last().expect("a key").to_owned();
        let url = line_with("Callslot listens on ");
        let url = url.trim_start_matches("Callslot listens on ");
        let url = url.split(';').next().expect("an address").to_owned();
        Self { process, url, admin, directory }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(words).env("CALLSLOT_URL", &self.url).env("CALLSLOT_KEY", &self.admin);
        command.current_dir(self.directory.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the command runs")
    }

    #[track_caller]
    fn said(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    #[track_caller]
    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[words, &["--json"]].concat())).expect("JSON")
    }

    /// Asks until it is as `is_so` says.
    #[track_caller]
    fn until(&self, words: &[&str], is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..LOOKS {
            let shown = self.json(words);
            if is_so(&shown) {
                return shown;
            }
        }
        panic!("{words:?} stays {}", self.json(words));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What came to the receiver: its heads and its body.
struct Message {
    headers: Vec<(String, String)>,
    text: String,
}

impl Message {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(of, _)| of == name);
        found.map_or("", |(_, value)| value)
    }

    fn body(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    fn is_signed_with(&self, secret: &str) -> bool {
        let secret = Secret::parse(secret).expect("a secret");
        let at = self.header("webhook-timestamp").parse().expect("a time");
        let own = signatures([&secret], self.header("webhook-id"), at, self.text.as_bytes());
        self.header("webhook-signature").split(' ').any(|signature| signature == own)
    }
}

struct Receiver {
    address: SocketAddr,
    messages: Channel<Message>,
    answer: Arc<Mutex<&'static str>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(Mutex::new("204 No Content\r\ncontent-length: 0\r\n\r\n"));
        let (tell, messages) = channel();
        let answers = Arc::clone(&answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answers, tell) = (Arc::clone(&answers), tell.clone());
                std::thread::spawn(move || while receive(&stream, &answers, &tell).is_some() {});
            }
        });
        Self { address, messages, answer }
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    #[track_caller]
    fn next(&self) -> Message {
        self.messages.recv_timeout(PATIENCE).expect("a message comes")
    }

    fn answer_with(&self, answer: &'static str) {
        *self.answer.lock().expect("nobody panics with it") = answer;
    }
}

fn receive(
    mut stream: &TcpStream,
    answer: &Mutex<&'static str>,
    tell: &Sender<Message>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut headers, mut line) = (Vec::new(), String::new());
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    tell.send(Message { headers, text: String::from_utf8(body).ok()? }).ok()?;
    let answer = *answer.lock().expect("nobody panics with it");
    write!(stream, "HTTP/1.1 {answer}").ok()
}

#[test]
fn a_webhook_is_added_changed_tested_rotated_redelivered_and_removed_by_commands() {
    let (server, receiver) = (Server::start(), Receiver::start());
    let url = receiver.url();
    let said = server.said(&["webhook", "add", &url, "--events", "call.started,call.ended"]);
    let (head, secret) = said.trim().split_once('\n').expect("two lines");
    assert!(head.contains(&url) && head.contains("shown only once"), "{head}");
    let id = head.split_whitespace().next().expect("an id");
    server.said(&["agent", "put", "support"]);
    server.said(&["call", "start", "support", "chat", "--id", "one"]);
    server.said(&["call", "end", "one"]);
    let came = [receiver.next(), receiver.next()];
    for (message, event) in came.iter().zip(["call.started", "call.ended"]) {
        assert_eq!(
            (&message.body()["type"], &message.body()["data"]["call"]["id"]),
            (&event.into(), &"one".into())
        );
        assert!(message.is_signed_with(secret));
    }
    let shown = server.until(&["webhook", "show", id], |it| it["behind"] == 0);
    assert_eq!((&shown["state"], &shown["secret"]), (&"ok".into(), &Value::Null));
    assert!(server.said(&["webhook", "list"]).contains(&url));

    let tested = server.said(&["webhook", "test", id]);
    assert!(tested.contains("status 204"), "{tested}");
    assert_eq!(receiver.next().body()["type"], "webhook.test");
    receiver.answer_with("500 Internal Server Error\r\ncontent-length: 4\r\n\r\nhalt");
    let refused = server.run(&["webhook", "test", id]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stdout).contains("it answered 500"));
    receiver.next();
    receiver.answer_with("204 No Content\r\ncontent-length: 0\r\n\r\n");

    let rotated = server.said(&["webhook", "rotate", id]);
    let new_secret = rotated.trim().lines().last().expect("a secret");
    let deliveries = server.json(&["webhook", "deliveries", id]);
    assert_eq!(deliveries.as_array().map(Vec::len), Some(2), "{deliveries}");
    let again = deliveries[0]["id"].as_str().expect("an id");
    server.said(&["webhook", "redeliver", id, "--ids", again]);
    let repeated = receiver.next();
    assert_eq!((repeated.header("webhook-id"), &repeated.text), (again, &came[1].text));
    assert!(repeated.is_signed_with(secret) && repeated.is_signed_with(new_secret));
    server.said(&["webhook", "redeliver", id, "--after", "0"]);
    assert_eq!([receiver.next(), receiver.next()].map(|it| it.text), came.map(|it| it.text));

    let other = Receiver::start();
    let edit = [
        "webhook",
        "edit",
        id,
        "--to",
        &other.url(),
        "--events",
        "call.ended",
        "--description",
        "x",
    ];
    assert_eq!(server.json(&edit)["url"], other.url());
    server.said(&["webhook", "edit", id, "--enabled", "false"]);
    server.said(&["call", "start", "support", "chat", "--id", "two"]);
    server.said(&["call", "end", "two"]);
    assert!(server.said(&["webhook", "show", id]).contains("an admin disabled it"));
    server.said(&["webhook", "edit", id, "--enabled", "true"]);
    let next = other.next().body();
    assert_eq!((&next["type"], &next["data"]["call"]["id"]), (&"call.ended".into(), &"two".into()));

    server.said(&["webhook", "remove", id]);
    assert!(!server.run(&["webhook", "show", id]).status.success());
    let audit = server.said(&["audit", "list", "--object", id, "--no-system"]);
    for action in ["webhook.created", "webhook.changed", "webhook.rotated", "webhook.deleted"] {
        assert!(audit.contains(action), "{audit}");
    }
    assert!(!audit.contains("whsec_"), "{audit}");
}

/// `callslot listen`, and what it prints.
struct Listening {
    process: Child,
    lines: Channel<String>,
}

impl Listening {
    fn start(server: &Server, words: &[&str]) -> Self {
        let words = [&["listen"], words].concat();
        let mut process = server.command(&words).stdout(Stdio::piped()).spawn().expect("it starts");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let (say, lines) = channel();
        std::thread::spawn(move || {
            let _ = output.lines().map_while(Result::ok).try_for_each(|line| say.send(line));
        });
        Self { process, lines }
    }

    #[track_caller]
    fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn listen_forwards_events_signed_and_claims_or_declines_as_the_answer_says() {
    let (server, receiver) = (Server::start(), Receiver::start());
    server.said(&["agent", "put", "support"]);
    let url = receiver.url();
    let listening = Listening::start(&server, &["--forward", &url, "--after", "0"]);
    let secret = listening.next();
    let secret = secret.strip_prefix("The secret of this session: ").expect("it says its secret");
    let start = |id: &str| {
        server.said(&["call", "start", "support", "chat", "--id", id, "--claim-within", "300"]);
    };
    let next_of = |event: &str| loop {
        let message = receiver.next();
        let line = listening.next();
        assert!(message.is_signed_with(secret), "{}", message.text);
        if message.body()["type"] == event {
            assert!(line.contains(event), "{line}");
            return (message.body(), line);
        }
    };
    start("one");
    let (body, line) = next_of("call.started");
    assert_eq!(body["data"]["call"]["id"], "one");
    assert!(line.ends_with("204, claimed"), "{line}");
    // Another cannot claim it any more.
    let late = ureq::post(format!("{}/v1/calls/one/claim", server.url))
        .header("authorization", format!("Bearer {}", server.admin))
        .header("content-type", "application/json")
        .send(r#"{"claimant":"another"}"#);
    assert!(matches!(late, Err(ureq::Error::StatusCode(409))), "{late:?}");
    receiver.answer_with(
        "422 Unprocessable Content\r\ncontent-length: 23\r\n\r\n{\"decline\":\"for_good\"}\n",
    );
    start("two");
    let (_, line) = next_of("call.started");
    assert!(line.ends_with("422, declined"), "{line}");
    assert_eq!(server.json(&["call", "show", "two"])["reason"], "declined");
    receiver.answer_with("204 No Content\r\ncontent-length: 0\r\n\r\n");
    next_of("call.ended");
    drop(listening);

    // With a secret of its own it prints none, and only watches if it is told so.
    let given = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let watching = Listening::start(
        &server,
        &[
            "--forward",
            &url,
            "--secret",
            given,
            "--types",
            "call.started",
            "--watch-only",
            "--after",
            "0",
        ],
    );
    let first = receiver.next();
    assert!(first.is_signed_with(given) && !first.is_signed_with(secret));
    let line = watching.next();
    assert!(line.contains("call.started") && line.ends_with(" 204"), "{line}");
}
