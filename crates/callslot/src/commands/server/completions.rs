//! `callslot completions`: prints a shell's completion script.

use clap::{Args, Command};
use clap_complete::Shell;

/// Prints a shell's completion script.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  callslot completions bash > /etc/bash_completion.d/callslot")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script for this command line.
    pub fn run(&self, command_line: &mut Command) {
        clap_complete::generate(self.shell, command_line, "callslot", &mut std::io::stdout());
    }
}
