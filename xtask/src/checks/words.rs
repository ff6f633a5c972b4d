//! `cargo xtask words`: spelling, by typos, and words that are grammatical but cost every reader a second.
//!
//! Start reading at [`HUNTED`].

use std::fs;

use crate::checks::lint;
use crate::process::step::{command, root, timed};

/// A phrase, and what to write instead.
type Hunted = (&'static str, &'static str);

const HUNTED: [Hunted; 5] = [
    ("whoever", "who, callers, clients"),
    ("so many", "that many"),
    ("for ever", "forever, indefinitely"),
    ("came of", "the result, the outcome"),
    ("of ours", "our"),
];
/// What is read: prose, and sources with their comments and texts.
const READ: [&str; 6] = ["*.md", "*.rs", "*.ts", "*.tsx", "*.py", "*.toml"];
/// These files name the words.
const NAMING: [&str; 2] = ["xtask/src/checks/words.rs", "docs/internals/style.md"];

/// Checks the spelling, and looks for the words.
pub fn words() -> Result<(), String> {
    lint::spelling()?;
    let complaints = timed("words to avoid", complaints)?;
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { Ok(()) } else { Err("say it plainly; the places are above".into()) }
}

fn complaints() -> Result<Vec<String>, String> {
    let listed = command("git ls-files --").args(READ).output();
    let listed = listed.map_err(|error| format!("`git ls-files` did not start: {error}"))?;
    let mut files = Vec::new();
    for name in
        String::from_utf8_lossy(&listed.stdout).lines().filter(|name| !NAMING.contains(name))
    {
        let text =
            fs::read_to_string(root().join(name)).map_err(|error| format!("{name}: {error}"))?;
        files.push((name.to_owned(), text));
    }
    Ok(HUNTED.iter().flat_map(|hunted| places_of(*hunted, &files)).collect())
}

/// Where a phrase occurs, as complaints.
fn places_of((phrase, instead): Hunted, files: &[(String, String)]) -> Vec<String> {
    let mut places = Vec::new();
    for (name, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.to_lowercase();
            let found =
                line.match_indices(phrase).filter(|(at, _)| is_whole(&line, *at, phrase.len()));
            places.extend(found.map(|_| format!("{name}:{number}: `{phrase}`; rather: {instead}")));
        }
    }
    places
}

/// Whether no letter touches the text at a place.
fn is_whole(line: &str, at: usize, length: usize) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !is_letter(line[..at].chars().next_back()) && !is_letter(line[at + length..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_whole_and_in_any_case() {
        let files = [("a.md".to_owned(), "So many\nalso manyfold, so many".to_owned())];
        assert_eq!(
            places_of(("so many", "that many"), &files),
            [1, 2].map(|line| format!("a.md:{line}: `so many`; rather: that many"))
        );
    }
}
