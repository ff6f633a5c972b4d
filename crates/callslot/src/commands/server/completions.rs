//! `callslot completions`: prints a shell's completion script.

use std::io;

use clap::Args;
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::failure::Failure;

/// Set to a shell's name by its script, which has this program complete a line instead of running it.
pub const VARIABLE: &str = "CALLSLOT_COMPLETE";

/// Prints a shell's completion script, which asks this program for commands, flags and ids.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot completions bash > /etc/bash_completion.d/callslot\n  \
        source <(callslot completions zsh)\n\nPrint it again after an upgrade."
)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self) -> Result<(), Failure> {
        let shells = Shells::builtins();
        let shell = shells
            .completer(&self.shell.to_string())
            .expect("both enums of the library have the same shells");
        shell
            .write_registration(VARIABLE, "callslot", "callslot", "callslot", &mut io::stdout())
            .map_err(|error| Failure::said(format!("the script cannot be printed ({error})")))
    }
}
