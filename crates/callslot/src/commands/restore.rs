//! `callslot restore`: restores a backup to a new data directory.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::output::print_line;
use crate::settings::DataDirectory;

/// Restores a backup to a new data directory.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  callslot restore /backups/callslot-monday.db --data ./restored"
)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    data: DataDirectory,
}

impl Restore {
    pub fn run(&self) -> Result<(), Failure> {
        let data = &self.data.data;
        callslot_store_sqlite::restore(&self.file, data)?;
        print_line(&format!(
            "restored {} to {}; start it with `callslot serve --data {}`",
            self.file.display(),
            data.display(),
            data.display()
        ));
        Ok(())
    }
}
