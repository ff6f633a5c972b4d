//! Looks for what most often keeps callers from being connected, at the server and the proxy, each with its fix.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use callslot_client::Slots;

use crate::doctor::{Check, of_server};
use crate::settings::Settings;
use crate::sip_proxy::wire::{Command, Event, Leg, next_message};

/// How long the proxy may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// How many messages about calls may come before the answer.
const MAX_BEFORE: usize = 1_000;

/// Checks the server, its agents and gates, and the proxy's event socket. Blocks.
#[must_use]
pub fn examine(settings: &Settings, slots: &Slots) -> Vec<Check> {
    let mut checks = of_server(settings.agents(), settings.gates(), slots);
    let mut check = |what: String, wrong: Option<String>| checks.push(Check { what, wrong });
    let Some(proxy) = &settings.sip_proxy else {
        check("the settings have a [sip_proxy]".into(), Some("write one".into()));
        return checks;
    };
    let what = format!("the proxy answers at {}", proxy.events);
    match hello(proxy.events) {
        Ok(longest_ms) => {
            check(what, None);
            for number in &settings.numbers {
                let most_s = *number.max_wait_s.get_ref();
                let wrong = (longest_ms < (most_s + 10) * 1000).then(|| {
                    format!(
                        "it gives up after {} s, and `max_wait_s` is {most_s}: set LONGEST_WAIT_MS to {} or more",
                        longest_ms / 1000,
                        (most_s + 10) * 1000
                    )
                });
                let called = number.number.get_ref();
                check(format!("the proxy lets callers of {called} wait for long enough"), wrong);
            }
        }
        Err(why) => check(
            what,
            Some(format!(
                "{why}; does Kamailio run with the configuration of docs/telephony/kamailio.md, and is `events` its `bind_addr`?"
            )),
        ),
    }
    checks
}

/// Greets the proxy; returns for how long it lets callers wait, in milliseconds.
fn hello(address: SocketAddr) -> Result<u64, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_WITHIN).map_err(failed)?;
    stream.set_read_timeout(Some(ANSWER_WITHIN)).map_err(failed)?;
    stream.write_all(&Command::Hello.frame(1, &Leg::default(), "")).map_err(failed)?;
    let (mut come, mut buffer) = (Vec::new(), [0; 4096]);
    for _ in 0..MAX_BEFORE {
        let length = stream.read(&mut buffer).map_err(failed)?;
        if length == 0 {
            return Err("it closes the connection".into());
        }
        come.extend_from_slice(&buffer[..length]);
        while let Some(message) = next_message(&mut come).map_err(|error| error.to_string())? {
            if let Some(Event::Done { id: 1, longest_ms, .. }) = Event::read(&message) {
                return Ok(longest_ms);
            }
        }
    }
    Err("it does not answer".into())
}
