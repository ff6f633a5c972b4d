//! `cargo xtask words`: spelling, by typos, and words that are grammatical but cost every reader a second.
//!
//! Start reading at [`HUNTED`].

use std::fs;

use crate::checks::lint;
use crate::process::step::{command, root, timed};

/// A phrase, how often it may occur, and what to write instead.
type Hunted = (&'static str, usize, &'static str);

const HUNTED: [Hunted; 5] = [
    ("whoever", 0, "who, callers, clients"),
    ("so many", 0, "that many"),
    ("for ever", 0, "forever, indefinitely"),
    // There are more of these than there should be; there may be fewer, and never more.
    ("came of", 15, "the result, the outcome"),
    ("of ours", 10, "our"),
];
/// What is read: prose, and sources with their comments and texts.
const READ: [&str; 6] = ["*.md", "*.rs", "*.ts", "*.tsx", "*.py", "*.toml"];
/// These files name the words.
const NAMING: [&str; 2] = ["xtask/src/checks/words.rs", "docs/internals/style.md"];

/// Checks the spelling, and counts the words.
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
    Ok(HUNTED.iter().flat_map(|hunted| too_often(*hunted, &files)).collect())
}

/// The places of a phrase, when there are more of them than it may have.
fn too_often((phrase, most, instead): Hunted, files: &[(String, String)]) -> Vec<String> {
    let mut places = Vec::new();
    for (name, text) in files {
        for (number, line) in text.lines().enumerate() {
            let line = line.to_lowercase();
            let found =
                line.match_indices(phrase).filter(|(at, _)| is_whole(&line, *at, phrase.len()));
            places.extend(found.map(|_| {
                format!(
                    "{name}:{}: `{phrase}`, at most {most} in all; rather: {instead}",
                    number + 1
                )
            }));
        }
    }
    if places.len() > most { places } else { Vec::new() }
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
    fn a_phrase_is_found_whole_in_any_case_and_only_beyond_its_allowance() {
        let files = [("a.md".to_owned(), "So many\nalso manyfold, so many".to_owned())];
        let places = |most| too_often(("so many", most, "that many"), &files);
        assert_eq!(places(2), [""; 0]);
        assert_eq!(
            places(1),
            [1, 2]
                .map(|line| format!("a.md:{line}: `so many`, at most 1 in all; rather: that many"))
        );
    }
}
