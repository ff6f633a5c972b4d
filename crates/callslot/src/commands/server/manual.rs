//! `callslot manual`: writes the manual pages, for packages.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::Failure;

/// Writes the manual pages of all commands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  callslot manual /usr/local/share/man/man1")]
pub struct Manual {
    /// The folder to write them to; it is made if it is not there
    folder: PathBuf,
}

impl Manual {
    /// Writes one page for the command line and one for each command, such as `callslot-call-start.1`.
    pub fn run(&self, command_line: Command) -> Result<(), Failure> {
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(command_line, &self.folder));
        written.map_err(|error| {
            Failure::said(format!("{} cannot be written to: {error}", self.folder.display()))
        })
    }
}
