//! `callslot open`: the dashboard's address of something, opened in a browser if there is one.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::{print_json, print_line};
use crate::remote::{Remote, id};

/// Programs that open an address: the user's own, then those of the systems.
const OPENERS: [&str; 2] = ["xdg-open", "open"];

/// Opens the dashboard at a call, an agent or a gate; prints the address if there is no browser.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot open call 3c1f\n  callslot open pool\n  $BROWSER \"$(callslot open call 3c1f)\"\n\n\
    The browser must be signed in: `callslot dashboard` prints a link that does so."
)]
pub struct Open {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The pool
    Pool,
    /// A call
    #[command(after_help = "Example:\n  callslot open call 3c1f")]
    Call {
        /// The call's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// The calls of an agent
    #[command(after_help = "Example:\n  callslot open agent support")]
    Agent {
        /// The agent's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// The gates
    Gates,
    /// The history
    History,
}

impl Open {
    pub fn run(&self) -> Result<(), Failure> {
        let address = format!("{}{}", self.remote.target()?.url, self.what.path());
        if self.remote.json {
            print_json(&serde_json::json!({ "url": address }));
            return Ok(());
        }
        print_line(&address);
        if std::io::stdout().is_terminal() {
            open(&address);
        }
        Ok(())
    }
}

impl What {
    fn path(&self) -> String {
        match self {
            Self::Pool => "/concurrency".to_owned(),
            Self::Call { id } => format!("/calls?call={}", encoded(id)),
            Self::Agent { id } => format!("/calls?agent={}", encoded(id)),
            Self::Gates => "/gates".to_owned(),
            Self::History => "/history".to_owned(),
        }
    }
}

/// A text as part of an address (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Opens an address, if a program for that is there. The address is printed in any case.
fn open(address: &str) {
    let own = std::env::var("BROWSER").ok();
    for opener in own.iter().map(String::as_str).chain(OPENERS) {
        let opened =
            Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        if opened.is_ok() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_parts_of_addresses_whatever_is_in_them() {
        let call = What::Call { id: "a b&c=é".into() };
        assert_eq!(call.path(), "/calls?call=a%20b%26c%3D%C3%A9");
    }
}
