//! Files, links with their anchors, commands and tests that a document names: all must exist.

/// Links of a document to files, or to headings in them, that do not exist. Both functions take the target of a link.
pub fn dead_links(
    document: &str,
    text: &str,
    exists: impl Fn(&str) -> bool,
    read: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let is_dead = |target: &&str| {
        let (file, anchor) =
            target.split_once('#').map_or((*target, None), |(file, anchor)| (file, Some(anchor)));
        if !file.is_empty() && !exists(file) {
            return true;
        }
        let Some(anchor) = anchor else { return false };
        let there = if file.is_empty() { Some(text.to_owned()) } else { read(file) };
        !there.is_some_and(|there| anchors(&there).iter().any(|known| known == anchor))
    };
    let prose = prose(text);
    let targets = prose
        .iter()
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter(is_dead)
        .map(|target| format!("{document}: links to {target}, which does not exist"))
        .collect()
}

/// The anchors of a document's headings, as GitHub and mdBook make them, and those that it sets itself.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for line in prose(text) {
        if let Some(heading) = line.strip_prefix('#') {
            let base = slug(heading.trim_start_matches('#').trim());
            let repeated =
                anchors.iter().filter(|known| **known == base || is_repeat(known, &base)).count();
            anchors.push(if repeated == 0 { base } else { format!("{base}-{repeated}") });
        }
        let set = line.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        anchors.extend(set.map(str::to_owned));
    }
    anchors
}

fn is_repeat(anchor: &str, base: &str) -> bool {
    anchor
        .strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|n| n.parse::<u32>().is_ok())
}

/// Letters, digits, `-` and `_` stay; spaces become `-`; the rest goes. Of a link only its text counts.
fn slug(heading: &str) -> String {
    let mut text = String::new();
    for part in heading.split("](") {
        // What follows `](` begins with the target of a link.
        let shown =
            if text.is_empty() { part } else { part.split_once(')').map_or("", |(_, rest)| rest) };
        text.push_str(shown);
    }
    text.to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

/// The lines of a document outside its blocks of code.
fn prose(text: &str) -> Vec<&str> {
    let mut is_code = false;
    let is_prose = |line: &&str| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    };
    text.lines().filter(is_prose).collect()
}

/// Paths in backticks that do not exist.
pub fn dead_paths(document: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    in_backticks(text)
        .filter(|named| ["crates/", "bench/", "docs/"].iter().any(|top| named.starts_with(top)))
        .filter(|named| !named.contains([' ', '*', 'N']))
        .filter(|named| !exists(named))
        .map(|named| format!("{document}: names `{named}`, which does not exist"))
        .collect()
}

/// Commands of the binary that a document names but that do not exist: each has a file of its name.
pub fn unknown_commands(document: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    in_backticks(text)
        .filter_map(|named| named.strip_prefix("callslot ")?.split_whitespace().next())
        .filter(|command| command.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|command| !exists(command))
        .map(|command| format!("{document}: names `callslot {command}`, which is not a command"))
        .collect()
}

/// Tests that a document names but that do not exist, or are several. A test is named by the end of its file's path and a part of its
/// name, such as `http/calls::an_id_belongs`. `sources` are the names and texts of all sources.
pub fn unknown_tests(document: &str, text: &str, sources: &[(String, String)]) -> Vec<String> {
    let count = |file: &str, part: &str| {
        let end = format!("/{file}.rs");
        let texts = sources.iter().filter(|(name, _)| format!("/{name}").ends_with(&end));
        let functions = texts.flat_map(|(_, text)| text.split("fn ").skip(1));
        functions.filter_map(|rest| rest.split('(').next()).filter(|it| it.contains(part)).count()
    };
    in_backticks(text)
        .filter_map(|named| named.split_once("::"))
        .filter(|(file, _)| file.contains('/'))
        .map(|(file, part)| (file, part, count(file, part)))
        .filter(|(.., count)| *count != 1)
        .map(|(file, part, count)| format!("{document}: `{file}::{part}` names {count} tests"))
        .collect()
}

/// What is between single backticks on one line.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_headings_numbered_when_they_repeat_and_those_that_are_set() {
        let text =
            "# One: `two` & three\n## Again\n## Again\n<a id=\"set\"></a>\n### [Link](x.md) end_1";
        assert_eq!(anchors(text), ["one-two--three", "again", "again-1", "set", "link-end_1"]);
    }

    #[test]
    fn links_paths_and_commands_that_do_not_exist_are_found() {
        let text = "# A b\n[x](y.md) [z](https://z) [w](w.md) [s](w.md#it-s) [t](w.md#t) [o](#a-b) [p](#c)\n```\n[](x)";
        let dead = dead_links(
            "a.md",
            text,
            |target| target == "w.md",
            |_| Some("## It s!\n```\n# t\n```".into()),
        );
        let not_there = |target| format!("a.md: links to {target}, which does not exist");
        assert_eq!(dead, ["y.md", "w.md#t", "#c"].map(not_there));
        assert_eq!(
            dead_paths("a.md", "`docs/x.md` and `crates/y`", |named| named == "crates/y").len(),
            1
        );
        let is_command = |named: &str| ["serve", "backup"].contains(&named);
        let text = "`callslot serve`, `callslot backup FILE`, `callslot fly`";
        assert_eq!(unknown_commands("a.md", text, is_command).len(), 1);
    }

    #[test]
    fn a_test_is_named_by_the_end_of_its_path_and_a_part_of_its_name_that_no_other_has() {
        let source = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let sources = [
            source("a/http/calls.rs", "fn a_call_ends() {}\nfn a_call_starts() {}"),
            source("a/http/recalls.rs", "fn one_waits() {}"),
        ];
        let text =
            "`http/calls::call_ends`, `http/calls::a_call`, `http/calls::waits`, `calls::no`, `ls`";
        assert_eq!(
            unknown_tests("a.md", text, &sources),
            ["a.md: `http/calls::a_call` names 2 tests", "a.md: `http/calls::waits` names 0 tests"]
        );
    }
}
