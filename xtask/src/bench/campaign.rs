//! `cargo xtask bench campaign`: what a long list costs, fed, paused, resumed and cancelled by the command line.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::pace::make_room;
use crate::process::server::Server;
use crate::process::step::{command, run};

/// Feeds that many numbers and prints what each step took, and what the server's memory came to.
pub fn campaign(numbers: u64) -> Result<(), String> {
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    let list = std::env::temp_dir().join(format!("callslot-campaign-{}.csv", std::process::id()));
    write_list(&list, numbers).map_err(|error| format!("the list: {error}"))?;
    let outcome = measure(&list.to_string_lossy(), numbers);
    let _ = fs::remove_file(list);
    outcome
}

/// The command line that feeds a campaign, at the lowest priority, until it is dropped.
pub struct Feed {
    process: Child,
    list: PathBuf,
}

impl Feed {
    /// Starts it.
    pub fn start_aside(server: &Server, numbers: u64) -> Result<Self, String> {
        let list = std::env::temp_dir().join(format!("callslot-feed-{}.csv", std::process::id()));
        write_list(&list, numbers).map_err(|error| format!("the list: {error}"))?;
        server.said(&["agent", "put", "sales"], &server.admin)?;
        let process =
            command("nice -n 19 target/release/callslot campaign run --agent sales --gate spring")
                .arg(&list)
                .args(["--pace", "5/s", "--url", &server.url, "--key", &server.admin])
                .stdout(Stdio::null())
                .spawn()
                .map_err(|error| format!("the feed did not start: {error}"))?;
        Ok(Self { process, list })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // It may be over.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.list);
    }
}

fn write_list(list: &std::path::Path, numbers: u64) -> std::io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(list)?);
    writeln!(file, "id,number,name")?;
    for number in 0..numbers {
        writeln!(file, "spring-{number},+4930{number:08},Customer {number}")?;
    }
    file.flush()
}

fn measure(list: &str, numbers: u64) -> Result<(), String> {
    let server = Server::start()?;
    // As in a real campaign, nearly all of it waits.
    make_room(&server, 100)?;
    let step = |name: &str, words: &[&str]| -> Result<(), String> {
        let begun = Instant::now();
        server.said(words, &server.admin)?;
        told(&server, name, begun.elapsed())
    };
    println!("{numbers} numbers");
    step(
        "fed",
        &["campaign", "run", list, "--agent", "sales", "--gate", "spring", "--pace", "5/s"],
    )?;
    step("paused", &["campaign", "pause", "spring"])?;
    step("resumed", &["campaign", "resume", "spring"])?;
    step("status", &["campaign", "status", "spring"])?;
    step("cancelled", &["campaign", "cancel", "spring", "--active", "--yes"])
}

fn told(server: &Server, name: &str, took: Duration) -> Result<(), String> {
    let (now, most) = server.memory()?;
    println!(
        "{name}: {:.2} s; memory {} MiB, at most {} MiB",
        took.as_secs_f64(),
        now >> 20,
        most >> 20
    );
    Ok(())
}
