//! `callslot restore`: makes a data directory from a backup.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::output::print_line;
use crate::settings::DataDirectory;

/// Makes a data directory from a backup.
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
        callslot_server::restore(&self.file, data)?;
        print_line(&format!(
            "{} holds what was in {}; start it with `callslot serve --data {}`",
            data.display(),
            self.file.display(),
            data.display()
        ));
        Ok(())
    }
}
