//! `cargo xtask schemathesis`: sends each operation of the OpenAPI document requests that fit it and requests that do not,
//! as each role, and checks every answer against the document.
//!
//! Its configuration is in `xtask/schemathesis/`; this file installs it, starts a server for each role, and prints a summary.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::Instant;

use crate::process::server::{OPERATOR, Server};
use crate::process::step::{root, run};
use crate::process::tools;

/// Where the tool is installed.
const FOLDER: &str = "target/schemathesis";
const SCHEMATHESIS: &str = "target/schemathesis/bin/schemathesis";
const REQUIREMENTS: &str = "xtask/schemathesis/requirements.txt";
/// Cases for each operation in the short run, which is the same each time.
const CASES: &str = "15";
/// Where `callslot serve` listens by default, so that the lines that repeat a failure can be pasted as they are.
const USUAL_ADDRESS: &str = "127.0.0.1:7070";

/// Without a flag it sends the same requests each time; those for some minutes are new ones each time.
#[derive(Debug, Default, clap::Args)]
pub struct Schemathesis {
    /// How long to go on with new requests
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..))]
    minutes: Option<u64>,
}

impl Schemathesis {
    /// Runs it as each role, all at once.
    pub fn run(self) -> Result<(), String> {
        run("cargo build --locked --release --quiet --package callslot --bins")?;
        tools::from_pypi(FOLDER, REQUIREMENTS)?;
        let begun = Instant::now();
        let roles = ["operator", "admin", "engine", "viewer"];
        println!("── schemathesis as {}", roles.join(", "));
        let done: Vec<Result<Findings, String>> = std::thread::scope(|scope| {
            let running = roles.map(|role| scope.spawn(move || ask_as(role, self.minutes)));
            running.into_iter().map(|role| role.join().expect("it does not panic")).collect()
        });
        let mut found_nothing = true;
        let mut summary = Vec::new();
        for (role, findings) in roles.iter().zip(done) {
            let findings = findings?;
            if !findings.is_clean {
                println!("{}", findings.said);
                found_nothing = false;
            }
            summary.push(format!("{role}: {}", findings.cases));
        }
        println!("schemathesis: {}; {} s", summary.join("; "), begun.elapsed().as_secs());
        if found_nothing {
            return Ok(());
        }
        Err(format!(
            "an answer does not fit docs/openapi.json; to repeat a line above: \
             `CALLSLOT_OPERATOR_KEY={OPERATOR} callslot serve --data $(mktemp -d)`, and set CALLSLOT_KEY to the role's key"
        ))
    }
}

/// The result of the run as one role.
struct Findings {
    is_clean: bool,
    /// How many cases there were.
    cases: String,
    /// The output of schemathesis.
    said: String,
}

/// Runs it against a server of its own, so that no role depends on what another one did.
fn ask_as(role: &str, minutes: Option<u64>) -> Result<Findings, String> {
    let mut server = Server::start()?;
    server.said(&["agent", "put", "support"], &server.admin)?;
    let key = match role {
        "operator" => OPERATOR.to_owned(),
        "admin" => server.admin.clone(),
        _ => {
            let made = server.said(&["key", "create", role, role], &server.admin)?;
            made.lines().last().ok_or("a new key is not shown")?.to_owned()
        }
    };
    let printed = root().join(format!("target/schemathesis/{role}.txt"));
    let status = ask(&server, &key, minutes, &printed)?;
    let said = std::fs::read_to_string(&printed).unwrap_or_default();
    let said = said.replace(server.address(), USUAL_ADDRESS).replace(
        &format!("'Authorization: Bearer {key}'"),
        "\"Authorization: Bearer $CALLSLOT_KEY\"",
    );
    if !server.is_well() {
        return Err(format!("the server crashed while it was tested as {role}:\n{said}"));
    }
    // Without its key every request would be refused, which proves nothing.
    server.said(&["status", "--json", "--org", "default"], &key)?;
    let cases = said
        .lines()
        .map(str::trim)
        .find(|line| line.contains(" generated"))
        .ok_or_else(|| format!("schemathesis did not run:\n{said}"))?;
    Ok(Findings { is_clean: status.success(), cases: cases.to_owned(), said })
}

fn ask(
    server: &Server,
    key: &str,
    minutes: Option<u64>,
    printed: &PathBuf,
) -> Result<ExitStatus, String> {
    let output =
        File::create(printed).map_err(|error| format!("{}: {error}", printed.display()))?;
    let mut words: Vec<String> = [
        "--config-file",
        "xtask/schemathesis/schemathesis.toml",
        "run",
        "docs/openapi.json",
        "--url",
        &server.url,
        "--header",
    ]
    .map(str::to_owned)
    .into();
    words.push(format!("Authorization:Bearer {key}"));
    match minutes {
        None => {
            words
                .extend(["--max-examples", CASES, "--generation-deterministic"].map(str::to_owned));
        }
        Some(minutes) => words
            .extend([format!("--max-time={}", minutes * 60), "--generation-database=none".into()]),
    }
    let error = output.try_clone().map_err(|error| error.to_string())?;
    Command::new(root().join(SCHEMATHESIS))
        .args(&words)
        .env("CALLSLOT_KEPT", kept(server)?)
        .current_dir(root())
        .stdout(output)
        .stderr(error)
        .status()
        .map_err(|error| format!("schemathesis does not run: {error}"))
}

/// What no run may delete: its keys and its organisation.
fn kept(server: &Server) -> Result<String, String> {
    let listed = server.said(&["key", "list", "--json"], OPERATOR)?;
    let words = listed.split(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric());
    let keys = words.filter(|word| word.starts_with("key_")).collect::<Vec<_>>();
    if keys.is_empty() {
        return Err("the server lists no keys".into());
    }
    Ok(format!("default,{}", keys.join(",")))
}
