//! The oldest Rust that builds the repository: `rust-version` in `Cargo.toml`, and the same wherever else it is named.

/// Complaints about files that should name the version of the manifest, and do not.
pub fn differing(manifest: &str, files: &[(String, String)]) -> Vec<String> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let Some(version) = line.map(|version| version.trim_matches('"')) else {
        return vec!["Cargo.toml: there is no `rust-version`".into()];
    };
    let lacks = files.iter().filter(|(_, text)| !text.contains(version));
    lacks
        .map(|(name, _)| format!("{name}: does not name Rust {version}, as Cargo.toml does"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_names_another_version_is_found() {
        let files = [("a", "Rust 1.95 or newer"), ("b", "Rust 1.90")];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let complaints = differing("[package]\nrust-version = \"1.95\"\n", &files);
        assert_eq!(complaints, ["b: does not name Rust 1.95, as Cargo.toml does"]);
        assert_eq!(differing("", &files), ["Cargo.toml: there is no `rust-version`"]);
    }
}
