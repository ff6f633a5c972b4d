//! A packaged server, started as its users start it.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::process::step::{command, run, succeeds};

/// Runs a command line that serves on `address`, until `ask` (a command line too) says that it is ready; then asks it to stop.
pub fn serve(words: &str, ask: &str) -> Result<(), String> {
    println!("── {words}");
    let mut server = command(words)
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("the server did not start: {error}"))?;
    let is_ready = (0..50).any(|_| {
        sleep(Duration::from_millis(100));
        succeeds(ask)
    });
    run(&format!("kill -TERM {}", server.id()))?;
    let ended = server.wait().map_err(|error| format!("the server does not end: {error}"))?;
    expect("the server is ready", is_ready)?;
    expect("the server stops well", ended.success())
}

/// Says what is so, or fails.
pub fn expect(what: &str, is_so: bool) -> Result<(), String> {
    if is_so {
        println!("{what}: yes");
        return Ok(());
    }
    Err(format!("not so: {what}"))
}
