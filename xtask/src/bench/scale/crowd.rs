//! Clients for the measurements: loads of `callslot bench`, and the crowds of `bench/clients/src/bin/crowd`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process::server::{Server, release};

/// A load of other callers, for that many seconds.
pub fn load(server: &Server, what: &str, seconds: &str) -> Result<Child, String> {
    load_as(server, &server.admin, what, seconds)
}

/// The same with this key.
pub fn load_as(server: &Server, key: &str, what: &str, seconds: &str) -> Result<Child, String> {
    release("callslot")
        .args(what.split_whitespace())
        .args([seconds, "--url", &server.url, "--key", key])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_run)
}

/// Runs a crowd to its end; returns its output.
pub fn crowd(server: &Server, key: &str, what: &str) -> Result<String, String> {
    output_of(&mut start_crowd(release("crowd"), server, key, what)?)
}

/// The same with an admin's key at the lowest priority, so that the server has the processors that it asks for.
pub fn crowd_aside(server: &Server, what: &str) -> Result<String, String> {
    output_of(&mut start_crowd(aside(), server, &server.admin, what)?)
}

fn aside() -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "19"]).arg(release("crowd").get_program());
    command
}

fn start_crowd(
    mut command: Command,
    server: &Server,
    key: &str,
    what: &str,
) -> Result<Child, String> {
    command
        .arg(server.address())
        .args(what.split(' '))
        .env("CALLSLOT_KEY", key)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_run)
}

pub fn output_of(child: &mut Child) -> Result<String, String> {
    let output = child.stdout.take().ok_or("it says nothing")?;
    let said = std::io::read_to_string(output).map_err(|error| error.to_string())?;
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(said) } else { Err("the load failed".into()) }
}

#[expect(clippy::needless_pass_by_value, reason = "used to map an error")]
fn not_run(error: std::io::Error) -> String {
    format!("the load does not run: {error}")
}

/// A crowd that holds something open until this is dropped.
pub struct Holding(Child);

impl Holding {
    /// Starts one; returns its first line once all is open.
    pub fn start(server: &Server, what: &str) -> Result<(Self, String), String> {
        Self::start_as(release("crowd"), server, what)
    }

    /// The same at the lowest priority.
    pub fn start_aside(server: &Server, what: &str) -> Result<(Self, String), String> {
        Self::start_as(aside(), server, what)
    }

    fn start_as(command: Command, server: &Server, what: &str) -> Result<(Self, String), String> {
        let mut holding = Self(start_crowd(command, server, &server.admin, what)?);
        let output = holding.0.stdout.take();
        match output.and_then(|output| BufReader::new(output).lines().next()) {
            Some(Ok(said)) => Ok((holding, said)),
            Some(Err(_)) | None => Err(format!("`{what}` could not be held open")),
        }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        // It may have ended on its own.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
