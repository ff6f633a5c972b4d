//! Profiles: servers and keys that `callslot login` has kept in a file of this user's.
//!
//! The file is `callslot/profiles.toml` in the directory of settings (XDG Base Directory), or the one that `CALLSLOT_PROFILES`
//! names. It is readable by its owner alone, as there are keys in it.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Names another file.
const FILE: &str = "CALLSLOT_PROFILES";
/// Read and written by the owner, by nobody else.
const OWNER_ONLY: u32 = 0o600;
/// Only the owner may look into the folder, or put another file in the place of the profiles.
const OWNERS_FOLDER: u32 = 0o700;

/// A server and a key for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub url: String,
    pub key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_cert: Option<PathBuf>,
}

impl Profile {
    /// A server without a key.
    pub fn of_nobody(url: &str) -> Self {
        Self { url: url.to_owned(), key: String::new(), org: None, ca_cert: None }
    }
}

/// All profiles, and the one in use.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Those of the user; none if there is no file.
    pub fn read() -> Result<Self, Failure> {
        file().map_or_else(|| Ok(Self::default()), |path| Self::read_at(&path))
    }

    fn read_at(path: &Path) -> Result<Self, Failure> {
        let failed = |why: &dyn std::fmt::Display| {
            Failure::said(format!(
                "the profiles in {} cannot be read: {why}; mend the file, or remove it and use `callslot login` again",
                path.display()
            ))
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(&error)),
        };
        if is_open_to_others(path) {
            let path = path.display();
            eprintln!(
                "callslot: others can read the keys in {path}; `chmod 600 {path}` keeps them to you"
            );
        }
        // The whole error quotes the line, which may hold a key.
        let read = toml::from_str(&text);
        read.map_err(|error: toml::de::Error| failed(&error.message().to_owned()))
    }

    /// The profile of this name, or the one in use.
    pub fn used(&self, name: Option<&str>) -> Result<Option<Profile>, Failure> {
        let Some(name) = name.or(self.current.as_deref()) else { return Ok(None) };
        self.profiles.get(name).cloned().map(Some).ok_or_else(|| unknown(name))
    }

    /// Keeps them.
    pub fn write(&self) -> Result<PathBuf, Failure> {
        let path = file().ok_or_else(|| {
            Failure::said(format!("there is no home directory; name a file with {FILE}"))
        })?;
        self.write_at(&path)?;
        Ok(path)
    }

    fn write_at(&self, path: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self).expect("texts can be written as TOML");
        // A link stays one: what it leads to is written.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let new = path.with_extension("toml.new");
        let write = || {
            if let Some(directory) = path.parent() {
                DirBuilder::new().recursive(true).mode(OWNERS_FOLDER).create(directory)?;
            }
            let mut options = OpenOptions::new();
            let mut file =
                options.write(true).create(true).truncate(true).mode(OWNER_ONLY).open(&new)?;
            // One that is left of an attempt before may be anybody's to read.
            file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)
        };
        write().map_err(|error: std::io::Error| {
            Failure::said(format!("{} cannot be written: {error}", path.display()))
        })
    }
}

/// Whether others than the owner can read or change a file.
fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// There is no profile of that name.
pub fn unknown(name: &str) -> Failure {
    Failure::said(format!(
        "there is no profile {name:?}; `callslot profile list` lists them, `callslot login --profile {name}` makes it"
    ))
}

/// Where the profiles are.
fn file() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let in_settings = || {
        let settings = named("XDG_CONFIG_HOME").or_else(|| Some(named("HOME")?.join(".config")));
        Some(settings?.join("callslot").join("profiles.toml"))
    };
    named(FILE).or_else(in_settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_kept_for_their_owner_alone_also_in_place_of_a_file_that_others_could_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("new/profiles.toml");
        assert_eq!(Profiles::read_at(&path).expect("none"), Profiles::default());
        let profile = Profile {
            url: "https://calls.example.com".into(),
            key: "k\"1".into(),
            org: Some("acme".into()),
            ca_cert: None,
        };
        let kept = Profiles {
            current: Some("work".into()),
            profiles: BTreeMap::from([("work".to_owned(), profile.clone())]),
        };
        for _ in 0..2 {
            kept.write_at(&path).expect("it is written");
            let mode = fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, OWNER_ONLY);
            let folder = path.parent().expect("a folder");
            let mode = fs::metadata(folder).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, OWNERS_FOLDER);
            assert!(!is_open_to_others(&path));
            fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("it is ours");
            assert!(is_open_to_others(&path));
            fs::write(path.with_extension("toml.new"), "").expect("it is ours");
        }
        assert_eq!(Profiles::read_at(&path).expect("they are there"), kept);
        let link = directory.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).expect("it is made");
        Profiles::default().write_at(&link).expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(Profiles::read_at(&path).expect("they are there"), Profiles::default());
        assert_eq!(kept.used(None).expect("it is there"), Some(profile));
        assert!(kept.used(Some("home")).expect_err("none").to_string().contains("\"home\""));
        fs::write(&path, "current = \"a\"\nkey = \"secret-key\"\n").expect("it is ours");
        let failed = Profiles::read_at(&path).expect_err("it is wrong").to_string();
        assert!(
            failed.contains("unknown field `key`") && !failed.contains("secret-key"),
            "{failed}"
        );
    }
}
