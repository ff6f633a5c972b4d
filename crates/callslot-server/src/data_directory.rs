//! Maintenance of a data directory, with or without a server running on it: backup, restore and check.

use std::path::Path;

use callslot_store_sqlite::{Inspection, inspect};

use crate::serve_error::ServeError;

/// Copies the store in `data` to the new file `file`. Safe while a server is using it.
///
/// # Errors
/// [`ServeError::Backup`] says what failed and what to do.
pub fn backup(data: &Path, file: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::backup(data, file)?;
    Ok(())
}

/// Creates the data directory `data` from a backup.
///
/// # Errors
/// [`ServeError::Backup`] says what failed and what to do.
pub fn restore(file: &Path, data: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::restore(file, data)?;
    Ok(())
}

/// Describes what a server would find in `data`, without changing it.
///
/// # Errors
/// [`ServeError::Store`] says what would prevent a server from starting.
pub fn check_store(data: &Path) -> Result<String, ServeError> {
    let place = data.display();
    Ok(match inspect(data)? {
        Inspection::Nothing => format!("{place} does not exist yet; the first start creates it"),
        Inspection::InUse => format!("{place} is open in a running server"),
        Inspection::Records { start, end } => {
            format!("{place} holds records {} to {}", start.0, end.0)
        }
    })
}

#[cfg(test)]
mod tests {
    use callslot_store::StoreError;
    use callslot_store_sqlite::{BackupError, SqliteStore};

    use super::*;

    fn refused(result: Result<(), ServeError>) -> String {
        result.expect_err("it is refused").to_string()
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
            ServeError::from(damaged).to_string(),
            format!(
                "{place}/backup.db: the record at position 2 is damaged (its checksum does not match); nothing was restored; \
                 name another backup"
            )
        );
    }
}
