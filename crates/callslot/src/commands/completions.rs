//! `callslot completions`: prints a shell's completion script.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;

/// Prints a shell's completion script.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  callslot completions bash > /etc/bash_completion.d/callslot")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self) {
        clap_complete::generate(
            self.shell,
            &mut Cli::command(),
            "callslot",
            &mut std::io::stdout(),
        );
    }
}
