//! `callslot apply` and `callslot export` against a running server.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_callslot");

const POOL: &str = "\
agents:
  sales: { name: Sales, cap: 10, pace: { starts: 5, per_s: 1, burst: 2 } }
  support: { name: 'Support: \"first\"', reserve: { inbound: 4, chat: 2 } }
types:
  outbound: { cap: 12 }
gates:
  trunk:
    name: Trunk
    kind: trunk
    cap: 3
    hours: { tz: Europe/Berlin, open: [{ days: [mon, tue], from: '09:00', to: '17:00' }] }
webhooks:
  - { url: 'https://example.com/one', events: ['*'], claims: false, description: watches }
  - { url: 'https://example.com/two', events: [call.started], types: [chat], enabled: false }
";

struct Server {
    process: Child,
    directory: TempDir,
    url: String,
    admin: String,
}

impl Server {
    fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut process = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--data", "data"])
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut after = |words: &str| {
            let line = said.find(|line| line.as_ref().is_ok_and(|line| line.contains(words)));
            let line = line.expect("it is said").expect("it is text");
            line.split(words).nth(1).expect("a value").trim_matches([' ', '"']).to_owned()
        };
        let admin = after("admin key of \"default\"");
        let url = after("Callslot listens on ");
        let url = url.split(';').next().expect("an address").to_owned();
        Self { process, directory, url, admin }
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(BINARY)
            .args(words)
            .env("CALLSLOT_URL", &self.url)
            .env("CALLSLOT_KEY", &self.admin)
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .output()
            .expect("it runs")
    }

    fn said(&self, words: &[&str], code: i32) -> String {
        let Output { status, stdout, stderr } = self.run(words);
        let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("text")).concat();
        assert_eq!(status.code(), Some(code), "{words:?}: {said}");
        said
    }

    fn write(&self, text: &str) {
        fs::write(self.directory.path().join("pool.yaml"), text).expect("a file");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const APPLY: [&str; 3] = ["apply", "-f", "pool.yaml"];
const DRY_RUN: [&str; 4] = ["apply", "-f", "pool.yaml", "--dry-run"];

#[test]
fn what_was_exported_differs_in_nothing_and_makes_another_server_the_same() {
    let server = Server::start();
    server.write(POOL);
    assert!(server.said(&DRY_RUN, 2).ends_with("7 changes\n"), "{}", server.said(&DRY_RUN, 2));
    assert!(server.said(&["agent", "list"], 0).lines().count() == 1, "nothing was changed");
    assert!(server.said(&APPLY, 0).contains("done: create webhook https://example.com/two"));
    assert_eq!(server.said(&APPLY, 0), "nothing differs\n");
    // Somebody pauses a gate in need: the file does not resume it.
    server.said(&["gate", "pause", "trunk"], 0);
    assert_eq!(server.said(&DRY_RUN, 0), "nothing differs\n");

    let exported = server.said(&["export"], 0);
    assert!(!exported.contains("whsec"), "{exported}");
    server.write(&exported);
    assert_eq!(
        server.said(&["apply", "-f", "pool.yaml", "--dry-run", "--prune"], 0),
        "nothing differs\n"
    );
    let other = Server::start();
    other.write(&exported);
    other.said(&APPLY, 0);
    assert_eq!(other.said(&["export"], 0), exported);
}

#[test]
fn deletions_need_prune_and_slots_of_one_agent_can_go_to_another() {
    let server = Server::start();
    server.write(POOL);
    server.said(&APPLY, 0);
    // All 20 slots are asked for, of which 6 are reserved for another agent until it is deleted.
    server.write("agents:\n  sales: { name: Sales, reserve: { chat: 20 } }\ngates: {}\n");
    let kept = server.said(&DRY_RUN, 2);
    assert!(kept.contains("--prune would delete agent support"), "{kept}");
    assert!(!kept.contains("webhook"), "its section is absent: {kept}");
    let failed = server.said(&APPLY, 1);
    assert!(failed.contains("change reservations: "), "{failed}");
    assert!(failed.contains("1 of 2 changes are done"), "{failed}");
    let pruned = server.said(&["apply", "-f", "pool.yaml", "--prune", "--json"], 0);
    let pruned: serde_json::Value = serde_json::from_str(&pruned).expect("JSON");
    assert_eq!((&pruned["done"], pruned["changes"].as_array().map(Vec::len)), (&3.into(), Some(3)));
    assert_eq!(server.said(&["apply", "-f", "pool.yaml", "--prune"], 0), "nothing differs\n");
}

#[test]
fn a_file_that_is_wrong_changes_nothing_and_says_where() {
    let server = Server::start();
    server.write("agents:\n  a: { name: A }\n  b:\n    name: B\n    capp: 1\n");
    let refused = server.said(&APPLY, 1);
    assert!(refused.contains("pool.yaml, line 5, column 5: "), "{refused}");
    assert!(server.said(&["agent", "list"], 0).lines().count() == 1);
    assert!(server.said(&["apply", "-f", "none.yaml"], 1).contains("none.yaml cannot be read"));
}
