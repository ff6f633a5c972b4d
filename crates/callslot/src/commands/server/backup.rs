//! `callslot backup`: backs up the data to a file, safely while the server is running.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::output::print_line;
use crate::settings::DataDirectory;

/// Backs up the data to a file.
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
        callslot_store_sqlite::backup(data, &self.file)?;
        print_line(&format!("backed up {} to {}", data.display(), self.file.display()));
        Ok(())
    }
}
