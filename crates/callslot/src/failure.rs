//! Why a command fails, as people read it on standard error.

// The fuzz target of campaigns takes this file in by its path, too.
#[path = "failure/next_step.rs"]
mod next_step;

use callslot_api::ClientError;
use callslot_server::{ServeError, with_advice};
use callslot_store::StoreError;
use callslot_store_sqlite::BackupError;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server refused, or could not be reached.
    #[error("{}", refused(.0))]
    Client(#[from] ClientError),
    /// The server cannot run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The store cannot be used.
    #[error("{}", with_advice(.0))]
    Store(#[from] StoreError),
    /// A backup was not made or not restored.
    #[error("{}", backup_with_advice(.0))]
    Backup(#[from] BackupError),
    /// Something typed, or in the settings, is wrong.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// A failure with its sentence and next step.
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}

/// Why the server did not do it, with what to type next.
fn refused(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => next_step::with_next_step(problem),
        ClientError::Unsendable { .. }
        | ClientError::Unreachable { .. }
        | ClientError::Unexpected { .. } => error.to_string(),
    }
}

/// Why a backup was not made or not restored, and the next step.
fn backup_with_advice(error: &BackupError) -> String {
    let step = match error {
        BackupError::NoStore { .. } => "name the server's data directory with --data",
        BackupError::InData { .. } => {
            "a backup is for when that is lost; name a file elsewhere, best on another disk"
        }
        BackupError::FileExists { .. } => "name a new file",
        BackupError::UnderWay { .. } => "wait until it is there, or name another file",
        BackupError::NotEmpty { .. } => "restore into a new directory with --data",
        BackupError::RevokedKeysUnknown => {
            "name the data directory that the backup was made of with --old-data, or restore all its keys with --keep-keys"
        }
        BackupError::NotLater { .. } => {
            "name the data directory that the backup was made of with --old-data"
        }
        BackupError::NotUtf8 { .. } => "name another path",
        BackupError::NoFile { .. } | BackupError::NotABackup { .. } => {
            "name a file that `callslot backup FILE` made"
        }
        BackupError::Unreadable { error: StoreError::Damaged { .. }, .. } => {
            "nothing was restored; name another backup"
        }
        BackupError::Unreadable { file, error } => {
            return format!("{}: {}", file.display(), with_advice(error));
        }
        BackupError::Store(error) => return with_advice(error),
    };
    format!("{error}; {step}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use callslot_store_sqlite::{RestoreReport, RestoredKeys, SqliteStore, backup};

    use super::*;

    fn refused<T>(result: Result<T, BackupError>) -> String {
        match result {
            Ok(_) => panic!("it is refused"),
            Err(error) => Failure::from(error).to_string(),
        }
    }

    fn restore(file: &Path, data: &Path) -> Result<RestoreReport, BackupError> {
        callslot_store_sqlite::restore(file, data, &RestoredKeys::default(), |_| Ok(()))
    }

    #[test]
    fn what_cannot_be_backed_up_or_restored_is_named_with_the_way_out() {
        let directory = tempfile::tempdir().expect("a directory");
        let in_it = |name: &str| directory.path().join(name);
        let (data, file, other) = (in_it("data"), in_it("backup.db"), in_it("other.txt"));
        let place = directory.path().display();
        assert_eq!(
            refused(backup(&data, &file)),
            format!("{place}/data holds no store; name the server's data directory with --data")
        );
        drop(SqliteStore::open(&data).expect("a new store"));
        backup(&data, &file).expect("a backup");
        assert_eq!(
            refused(backup(&data, &file)),
            format!("{place}/backup.db exists already; name a new file")
        );
        assert_eq!(
            refused(backup(&data, &in_it("data/backup.db"))),
            format!(
                "{place}/data/backup.db is in the data directory {place}/data; a backup is for when that is lost; name a file \
                 elsewhere, best on another disk"
            )
        );
        assert_eq!(
            refused(restore(&file, &data)),
            format!("{place}/data is not empty; restore into a new directory with --data")
        );
        assert_eq!(
            refused(restore(&other, &in_it("new"))),
            format!(
                "there is no file {place}/other.txt; name a file that `callslot backup FILE` made"
            )
        );
        std::fs::write(&other, "no backup").expect("a file");
        assert_eq!(
            refused(restore(&other, &in_it("new"))),
            format!(
                "{place}/other.txt cannot be restored: it is not a backup of Callslot; name a file that `callslot backup FILE` \
                 made"
            )
        );
        let damaged = BackupError::Unreadable {
            file: file.clone(),
            error: StoreError::damaged("the record at position 2", "its checksum does not match"),
        };
        assert_eq!(
            Failure::from(damaged).to_string(),
            format!(
                "{place}/backup.db: the record at position 2 is damaged (its checksum does not match); nothing was restored; \
                 name another backup"
            )
        );
    }
}
