//! Notices when open files are no longer the ones in the directory.
//!
//! A deleted file accepts writes for as long as a process has it open, and a restart would find none of them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use callslot_store::{Failure, StoreError};

use crate::errors::{cannot_use, failed};

/// Files by path, each with its identity in the operating system.
#[derive(Debug)]
pub(crate) struct Files(Vec<(PathBuf, Identity)>);

/// Device and inode number.
type Identity = (u64, u64);

impl Files {
    /// The files of these databases, and their write-ahead logs.
    pub(crate) fn of(databases: &[&Path]) -> Result<Self, StoreError> {
        let mut files = Vec::new();
        for database in databases {
            let mut written = database.as_os_str().to_owned();
            written.push("-wal");
            for path in [database.to_path_buf(), written.into()] {
                let identity = identity(&path).map_err(|error| cannot_use(&path, error))?;
                files.push((path, identity));
            }
        }
        Ok(Self(files))
    }

    /// Fails when one of them was deleted, moved away or replaced.
    pub(crate) fn check_in_place(&self) -> Result<(), StoreError> {
        for (path, opened) in &self.0 {
            let found = identity(path);
            if !found.is_ok_and(|found| found == *opened) {
                return Err(failed(path, Failure::Replaced, None));
            }
        }
        Ok(())
    }
}

fn identity(path: &Path) -> std::io::Result<Identity> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}
