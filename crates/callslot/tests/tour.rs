//! The commands of the README and the tour, run as they are, and the commands of the binary against a running server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use ureq::http::Request;

/// Pages with commands to type, and how many answers each shows at least.
const PAGES: [(&str, usize); 2] =
    [(include_str!("../../../README.md"), 1), (include_str!("../../../docs/tour.md"), 9)];
const BINARY: &str = env!("CARGO_BIN_EXE_callslot");

/// A server at its first start.
struct Server {
    process: Child,
    url: String,
    admin: String,
    operator: String,
    directory: TempDir,
}

impl Server {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut process = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--data"])
            .arg(directory.path().join("data"))
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut value_after = |words: &str| {
            let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
            let line = line.expect("it is said").expect("it is text");
            let rest = line.split(words).nth(1).expect("a value").to_owned();
            rest.trim_start_matches(|c: char| c == '"' || c.is_whitespace()).to_owned()
        };
        let admin = value_after("admin key of \"default\"");
        let operator = value_after("operator key");
        let url = value_after("Callslot listens on ");
        let url = url.split(';').next().expect("an address").to_owned();
        Self { process, url, admin, operator, directory }
    }

    /// The binary as a person would run it.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(words)
            .env("CALLSLOT_URL", &self.url)
            .env("CALLSLOT_KEY", &self.admin)
            .env("CALLSLOT_DATA", self.directory.path().join("data"));
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
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_commands_of_the_readme_and_the_tour_answer_as_they_say() {
    for (page, answers_shown) in PAGES {
        let server = Server::start();
        let mut checked = 0;
        for block in page.split("```sh\n").skip(1) {
            let block = block.split("```").next().expect("a block ends");
            let mut answers = String::new();
            for line in block.lines() {
                if let Some(expected) = line.strip_prefix("# -> ") {
                    assert!(answers.contains(expected), "`{expected}` is not in {answers}");
                    answers.clear();
                    checked += 1;
                } else {
                    answers.push_str(&curl(&server, line));
                }
            }
        }
        assert!(checked >= answers_shown, "the page shows its answers");
    }
}

/// Does what a curl line says.
fn curl(server: &Server, line: &str) -> String {
    let line = line.replace("$CALLSLOT_URL", &server.url).replace("$CALLSLOT_KEY", &server.admin);
    let words = shell_words(&line);
    assert_eq!(words[0], "curl");
    let after = |flag: &str| {
        let places = words.iter().enumerate().filter(move |(_, word)| *word == flag);
        places.map(|(place, _)| words[place + 1].as_str()).collect::<Vec<_>>()
    };
    let mut request = Request::builder().method(after("-X")[0]).uri(&words[3]);
    for header in after("-H") {
        let (name, value) = header.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    let http: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let body = after("-d").first().copied().unwrap_or_default().to_owned();
    let mut answer = if body.is_empty() {
        http.run(request.body(()).expect("a request"))
    } else {
        http.run(request.body(body).expect("a request"))
    }
    .expect("an answer");
    answer.body_mut().read_to_string().expect("text")
}

/// Words of a shell line, with single and double quotes and nothing more.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, _) => words.last_mut().expect("there is a word").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn a_person_manages_calls_and_slots_from_the_terminal() {
    let server = Server::start();
    server.said(&["agent", "put", "support", "--name", "Support", "--cap", "8"]);
    server.said(&["reserve", "support", "--inbound", "2", "--chat", "1"]);
    // Types that are not named keep what they have.
    assert!(
        server
            .said(&["reserve", "support", "--chat", "3"])
            .contains("support has 5 reserved slots")
    );
    assert!(
        server
            .said(&["call", "start", "support", "inbound", "--id", "x"])
            .contains("reserved slot")
    );
    let call: Value =
        serde_json::from_str(&server.said(&["call", "show", "x", "--json"])).expect("JSON");
    assert_eq!(call["state"], "active");
    assert!(server.said(&["status"]).contains("1 of 20 in use"));
    assert!(server.said(&["history", "--by", "none"]).starts_with("at "));
    assert!(server.said(&["history", "--csv"]).starts_with("at,span_ms,"));
    assert!(server.said(&["call", "end", "x", "--note", "bye"]).contains("completed"));
    assert!(server.said(&["call", "erase", "x"]).contains("no metadata and no note"));
    let erased: Value =
        serde_json::from_str(&server.said(&["call", "show", "x", "--json"])).expect("JSON");
    assert_eq!((&erased["state"], &erased["note"]), (&"ended".into(), &Value::Null));
    let ended: Value =
        serde_json::from_str(&server.said(&["call", "list", "--state", "ended", "--json"]))
            .expect("JSON");
    assert!(ended.as_array().is_some_and(|calls| calls.len() <= 1));
    let orgs = server.said(&["org", "list", "--key", &server.operator]);
    assert!(orgs.contains("standard"), "{orgs}");
    let made = server.said(&["key", "create", "engine", "engine"]);
    let secret = made.lines().last().expect("a secret").to_owned();
    assert!(!server.said(&["key", "list"]).contains(&secret));
    let link = server.said(&["dashboard"]);
    let link = link.lines().last().expect("a link");
    let (page, code) = link.split_once('#').expect("a code");
    assert_eq!(page, format!("{}/sign-in", server.url));
    let sign_in = format!(
        "curl -X POST $CALLSLOT_URL/v1/session -H 'content-type: application/json' -d '{{\"code\":\"{code}\"}}'"
    );
    assert!(curl(&server, &sign_in).contains("\"role\":\"admin\""));
    let file = server.directory.path().join("backup.db");
    let file = file.to_str().expect("text");
    server.said(&["backup", file]);
    let restored = server.directory.path().join("restored");
    let restored = restored.to_str().expect("text");
    server.said(&["restore", file, "--data", restored, "--keep-keys"]);
    assert!(server.said(&["completions", "bash"]).contains("CALLSLOT_COMPLETE"));
}

#[test]
fn the_tab_key_offers_what_there_is() {
    let server = Server::start();
    for agent in ["support", "sales"] {
        server.said(&["agent", "put", agent]);
    }
    server.said(&["call", "start", "sales", "chat", "--id", "c-1"]);
    server.said(&["gate", "put", "trunk-east"]);
    for (line, offered) in [
        ("callslot call st", "start"),
        ("callslot call start s", "sales:sales\nsupport:support"),
        ("callslot call start sales ch", "chat:Text"),
        ("callslot call start sales chat --gate t", "trunk-east:trunk-east"),
        ("callslot call list --agent su", "support:support"),
        ("callslot explain c", "c-1:sales"),
        ("callslot open call c", "c-1:sales"),
        ("callslot call end --note over c", "c-1:sales"),
        ("callslot webhook create https://example.com --agents su", "support:support"),
        ("callslot call start --url http://127.0.0.1:1 s", ""),
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let completed = server
            .command(&["--"])
            .args(&words)
            .env("CALLSLOT_COMPLETE", "zsh")
            .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
            .output()
            .expect("it runs");
        let text = String::from_utf8(completed.stdout).expect("text");
        if offered.is_empty() {
            assert_eq!(text, "", "{line}");
        } else {
            assert!(text.starts_with(offered), "{line}: {text}");
        }
    }
}

#[test]
fn a_refusal_is_one_message_with_the_next_step_and_a_status() {
    let server = Server::start();
    let refused = server.run(&["call", "start", "nobody", "chat"]);
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8(refused.stderr).expect("text");
    assert!(text.contains("`callslot agent put`"), "{text}");
    let unreachable = server.run(&["status", "--url", "http://127.0.0.1:1"]);
    let text = String::from_utf8(unreachable.stderr).expect("text");
    assert!(text.contains("callslot serve"), "{text}");
    let usage = server.run(&["call", "start", "a", "fax"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_call_is_explained_in_sentences_with_what_would_help() {
    let server = Server::start();
    for words in [
        &["agent", "put", "a"][..],
        &["gate", "put", "spring", "--kind", "campaign", "--paused"],
        &["org", "set", "default", "--limit", "1", "--key", &server.operator],
        &["call", "start", "a", "chat", "--id", "first"],
    ] {
        server.said(words);
    }
    server.run(&["call", "start", "a", "chat", "--id", "second"]);
    server.run(&["call", "start", "a", "chat", "--id", "third", "--gate", "spring"]);
    let told = |id: &str| server.said(&["explain", id]);
    assert!(told("first").contains("it started at once on a shared slot"), "{}", told("first"));
    let second = told("second");
    assert!(
        second.contains("number 1 in the queue, and number 1 of the chat calls of a"),
        "{second}"
    );
    assert!(second.contains("All 1 slots of the organisation are in use"), "{second}");
    for id in ["first", "second"] {
        server.said(&["call", "end", id]);
    }
    let third = told("third");
    assert!(third.contains("`callslot gate resume spring` lets its calls start"), "{third}");
    server.said(&["call", "end", "third", "--note", "enough"]);
    let third = told("third");
    assert!(third.contains("its client ended it before it started. Note: enough"), "{third}");
}

#[test]
fn lists_that_are_cut_say_so() {
    let server = Server::start();
    server.said(&["agent", "put", "a"]);
    for id in ["1", "2", "3"] {
        server.said(&["call", "start", "a", "chat", "--id", id]);
    }
    let listed = |most: &str| server.run(&["call", "list", "--most", most]);
    let said = String::from_utf8(listed("2").stderr).expect("text");
    assert!(said.contains("only the first 2 calls are shown"), "{said}");
    assert!(listed("3").stderr.is_empty());
}

#[test]
fn a_start_says_by_its_exit_code_what_the_call_is_and_waits_if_asked() {
    let server = Server::start();
    server.said(&["agent", "put", "a"]);
    let start = |words: &[&str]| {
        let words = [&["call", "start", "a", "chat"], words].concat();
        server.run(&words).status.code()
    };
    let operator: &[&str] = &["--key", &server.operator];
    let limit = |limit: &str| {
        server.said(&[&["org", "set", "default", "--limit", limit], operator].concat())
    };
    limit("1");
    assert_eq!(start(&["--id", "1"]), Some(0));
    assert_eq!(start(&["--id", "2"]), Some(3));
    assert_eq!(start(&["--id", "2", "--wait", "1"]), Some(3));
    assert_eq!(start(&["--id", "3", "--max-wait", "1", "--wait"]), Some(4));
    server.said(&["call", "end", "1"]);
    assert_eq!(start(&["--id", "2", "--wait"]), Some(0));
    assert_eq!(start(&["--id", "1"]), Some(4));
}

#[test]
fn without_a_command_the_binary_shows_its_help_or_runs_the_command_it_is_told() {
    let help = Command::new(BINARY).env_remove("CALLSLOT_COMMAND").output().expect("it runs");
    assert!(String::from_utf8(help.stdout).expect("text").contains("callslot help"));
    let told =
        Command::new(BINARY).env("CALLSLOT_COMMAND", "completions").output().expect("it runs");
    assert_eq!(told.status.code(), Some(2), "completions needs a shell");
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_server_that_runs() {
    let server = Server::start();
    let address = server.url.trim_start_matches("http://");
    let found = server.said(&["doctor", "--listen", address]);
    assert!(found.contains(&format!("Callslot is running at {address}")), "{found}");
    assert!(found.contains("is open in a running server"), "{found}");
    // A server with other data, and a stranger, have the address for themselves.
    let other = server.directory.path().join("other");
    let other = other.to_str().expect("a path");
    let output = server.run(&["doctor", "--listen", address, "--data", other]);
    let found = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{found}");
    assert!(found.contains("with another data directory; name that directory"), "{found}");
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = stranger.local_addr().expect("an address").to_string();
    // It hangs up on everyone.
    std::thread::spawn(move || stranger.incoming().for_each(drop));
    let output = server.run(&["doctor", "--listen", &address]);
    let found = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{found}");
    assert!(found.contains("no Callslot answers there; stop the program"), "{found}");
}

#[test]
fn the_demonstration_has_a_past_and_makes_calls_until_it_stops_by_itself() {
    let mut demo = Command::new(BINARY)
        .args(["demo", "--listen", "127.0.0.1:0", "--days", "1", "--speed", "600", "--for-s", "6"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(demo.stdout.take().expect("its output")).lines();
    let first = said.next().expect("it says something").expect("text");
    assert!(first.starts_with("Dashboard: http://127.0.0.1:"), "{first}");
    assert!(first.contains("/sign-in#"), "{first}");
    let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains("export ")));
    let line = line.expect("it says where to look").expect("text");
    let variables: Vec<_> =
        line.split_whitespace().filter_map(|word| word.split_once('=')).collect();
    let json = |words: &[&str]| -> Value {
        let variables = variables.iter().copied();
        let output = Command::new(BINARY).args(words).arg("--json").envs(variables).output();
        serde_json::from_slice(&output.expect("it runs").stdout).unwrap_or_default()
    };
    let is_past = |calls: &Value| {
        let mut calls = calls.as_array().into_iter().flatten();
        calls.any(|call| call["id"].as_str().is_some_and(|id| id.starts_with("past-")))
    };
    let looks = 0..500;
    assert!(looks.clone().any(|_| is_past(&json(&["call", "list", "--state", "ended"]))));
    assert!(looks.clone().any(|_| json(&["status"])["active"].as_u64() > Some(5)));
    let is_used = |gates: &Value| {
        let mut gates = gates.as_array().into_iter().flatten();
        gates.any(|gate| gate["id"] == "trunk-east" && gate["ended"].as_u64() > Some(0))
    };
    assert!(looks.clone().any(|_| is_used(&json(&["gate", "list"]))), "no call used the trunk");
    assert!(demo.wait().expect("it ends").success());
}

#[test]
fn a_bench_measures_calls_through_either_door_and_leaves_nothing_behind() {
    let server = Server::start();
    let load =
        ["--connections", "3", "--agents", "2", "--duration", "1", "--warm-up", "0", "--json"];
    for door in [&["--door", "http"][..], &["--door", "stream", "--pipeline", "4"]] {
        let words = [&["bench"], &load[..], door].concat();
        let report: Value = serde_json::from_str(&server.said(&words)).expect("a report");
        let number = |field: &str| report[field].as_u64().expect("a number");
        assert!(number("pairs") > 0, "{report}");
        assert_eq!((number("failed"), number("queued")), (0, 0), "{report}");
        let start = &report["start_us"];
        assert!(start["p50"].as_u64() <= start["p99"].as_u64(), "{report}");
        let pool: Value = serde_json::from_str(&server.said(&["status", "--json"])).expect("JSON");
        assert_eq!(
            (&pool["active"], &pool["agents"]),
            (&Value::from(0), &Value::from(Vec::<Value>::new()))
        );
    }
}

#[test]
fn a_bench_of_a_server_elsewhere_has_to_be_wanted() {
    let server = Server::start();
    let refused = server.run(&["bench", "--url", "http://192.0.2.1:7070"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--yes"));
}
