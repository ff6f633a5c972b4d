//! `callslot restore`: restores a backup to a new data directory.

use std::path::PathBuf;
use std::sync::Arc;

use callslot_server::move_numbers_on;
use callslot_store::ApiKey;
use callslot_store_sqlite::RestoredKeys;
use clap::Args;

use crate::failure::Failure;
use crate::output::{print_line, print_table};
use crate::settings::DataDirectory;

/// Restores a backup to a new data directory.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  callslot restore /backups/callslot-monday.db --data ./restored --old-data ./callslot-data"
)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    data: DataDirectory,
    /// The data directory that the backup was made of: keys that it no longer has stay revoked
    #[arg(long)]
    old_data: Option<PathBuf>,
    /// Restore all keys of the backup, also those that were revoked since
    #[arg(long)]
    keep_keys: bool,
}

impl Restore {
    pub fn run(&self) -> Result<(), Failure> {
        let data = &self.data.data;
        let keys = RestoredKeys { old_data: self.old_data.clone(), keeps_revoked: self.keep_keys };
        let drawn = fastrand::u64(..);
        let restored = callslot_store_sqlite::restore(&self.file, data, &keys, |store| {
            (0..store.shards())
                .try_for_each(|number| move_numbers_on(&*Arc::clone(store).shard(number), drawn))
        })?;
        let (heading, listed) = match (&self.old_data, self.keep_keys) {
            (Some(_), false) => {
                ("These keys were revoked since the backup and stay so", restored.revoked)
            }
            (Some(_), true) => {
                ("These keys were revoked since the backup and are valid again", restored.revoked)
            }
            (None, _) => (
                "These keys are valid, also if they were revoked since the backup",
                restored.others,
            ),
        };
        list(heading, &listed);
        print_line(&format!(
            "restored {} to {}, with everybody signed out; start it with `callslot serve --data {}`",
            self.file.display(),
            data.display(),
            data.display()
        ));
        Ok(())
    }
}

fn list(heading: &str, keys: &[ApiKey]) {
    if keys.is_empty() {
        return;
    }
    print_line(&format!("{heading}:"));
    let row = |key: &ApiKey| {
        let org = key.org.as_ref().map_or("-".to_owned(), ToString::to_string);
        vec![key.id.clone(), key.name.clone(), key.role.as_str().to_owned(), org]
    };
    print_table(&keys.iter().map(row).collect::<Vec<_>>());
}
