//! `callslot backup`: copies the data to a file, also while the server runs.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::output::print_line;
use crate::settings::DataDirectory;

/// Copies the data to a file.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  callslot backup /backups/callslot-monday.db")]
pub struct Backup {
    /// The new file
    file: PathBuf,
    #[command(flatten)]
    data: DataDirectory,
}

impl Backup {
    pub fn run(&self) -> Result<(), Failure> {
        let data = &self.data.data;
        callslot_server::backup(data, &self.file)?;
        print_line(&format!("{} is in {}", data.display(), self.file.display()));
        Ok(())
    }
}
