//! A rule of `tidy`: imports go downwards only, so that no files import each other in a circle.
//!
//! Unit tests may import what is above them. A file that only lists what is in its folder is above it; one that shares
//! code with its folder has that code in a file of the folder.

use std::collections::{BTreeMap, BTreeSet};

/// Files that import each other in a circle. Each file has its path below the folder of the crate's root, and its text.
pub fn found_in(folder: &str, files: &[(String, String)]) -> Vec<String> {
    let modules: BTreeSet<String> = files.iter().filter_map(|(path, _)| module(path)).collect();
    let imports = files.iter().filter_map(|(path, text)| {
        let importing = module(path)?;
        let imported =
            paths(&importing, text).into_iter().filter_map(|path| file_of(&path, &modules));
        let others = imported.filter(|other| *other != importing).collect();
        Some((importing, others))
    });
    let left = in_circles(imports.collect());
    if left.is_empty() {
        return Vec::new();
    }
    let left = left.join(", ");
    vec![format!("{folder}: these import each other in a circle: {left}")]
}

/// The module of a file; `None` for tests and the root, which may import everything.
fn module(path: &str) -> Option<String> {
    let module = path.strip_suffix(".rs")?.replace('/', "::");
    let is_left_out =
        matches!(&*module, "lib" | "main") || module.split("::").any(|it| it == "tests");
    (!is_left_out).then_some(module)
}

/// The module with a file of its own in which a path begins.
fn file_of(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let ends = path.match_indices("::").map(|(end, _)| end).chain([path.len()]);
    let prefixes = ends.map(|end| &path[..end]);
    prefixes.filter(|prefix| modules.contains(*prefix)).last().map(str::to_owned)
}

/// Every path in the code of a module that leads to a module of its crate, without those in its tests: after `crate::` and
/// `super::`, and to the modules that it declares. What it only passes on with `pub use` does not count.
fn paths(importing: &str, text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let parent =
        importing.rsplit_once("::").map_or(String::new(), |(parent, _)| format!("{parent}::"));
    let after = |prefix| code.split(prefix).skip(1).filter(|rest: &&str| !rest.starts_with('"'));
    let of_crate = after("crate::").flat_map(|tree| expanded("", tree_at_start(tree)));
    let of_parent = after("super::").flat_map(|tree| expanded(&parent, tree_at_start(tree)));
    let own_code: String = code.split_inclusive(';').filter(|it| !passes_on(it)).collect();
    let declared = code.lines().filter_map(declared);
    let of_own = declared.filter(|child| uses(&own_code, child));
    let of_own = of_own.map(|child| format!("{importing}::{child}"));
    of_crate.chain(of_parent).chain(of_own).collect()
}

fn passes_on(statement: &str) -> bool {
    let statement = statement.trim_start();
    statement.starts_with("pub use ") || statement.starts_with("pub(crate) use ")
}

/// The module that a line declares.
fn declared(line: &str) -> Option<&str> {
    let (before, name) = line.strip_suffix(';')?.split_once("mod ")?;
    matches!(before, "" | "pub " | "pub(crate) " | "pub(super) ").then_some(name)
}

/// Whether code has a path that begins with this module.
fn uses(code: &str, module: &str) -> bool {
    code.match_indices(&format!("{module}::")).any(|(start, _)| {
        let before = code[..start].chars().next_back().unwrap_or(' ');
        before != ':' && before != '_' && !before.is_alphanumeric()
    })
}

/// The path or tree of paths at the start of a text.
fn tree_at_start(text: &str) -> &str {
    let mut depth = 0_u32;
    let end = text.find(|letter: char| match letter {
        '{' => {
            depth += 1;
            false
        }
        '}' if depth > 0 => {
            depth -= 1;
            depth == 0
        }
        _ if depth > 0 => false,
        _ => letter != ':' && letter != '_' && !letter.is_alphanumeric(),
    });
    &text[..end.unwrap_or(text.len())]
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expanded(prefix: &str, tree: &str) -> Vec<String> {
    let Some((stem, members)) = tree.split_once('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        return vec![format!("{prefix}{name}")];
    };
    let prefix = format!("{prefix}{}", stem.trim());
    let members = members.trim_end().strip_suffix('}').unwrap_or(members);
    let mut depth = 0_u32;
    let members = members.split(|letter: char| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    members
        .filter(|member| !member.trim().is_empty())
        .flat_map(|it| expanded(&prefix, it))
        .collect()
}

/// The modules left when those that import nothing, or that nothing imports, are taken away again and again.
fn in_circles(mut imports: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let before = imports.len();
        let modules: BTreeSet<String> = imports.keys().cloned().collect();
        let imported: BTreeSet<String> = imports.values().flatten().cloned().collect();
        imports.retain(|module, others| imported.contains(module) && !others.is_disjoint(&modules));
        if imports.len() == before {
            return imports.into_keys().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        found_in("a", &files.collect::<Vec<_>>())
    }

    #[test]
    fn files_that_import_each_other_are_found_however_they_say_it() {
        let low = ("low.rs", "use crate::{middle::{x, Y}, other};");
        let middle = ("middle.rs", "use crate::high::part::Part;");
        let high = ("high/part.rs", "fn a() { crate::low::b() }");
        let complaints = found(&[low, middle, high, ("other.rs", ""), ("lib.rs", "mod low;")]);
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].ends_with("high::part, low, middle"), "{complaints:?}");
    }

    #[test]
    fn a_file_and_one_of_its_folder_that_import_each_other_are_found() {
        let part = ("high/part.rs", "use super::{Low, middle};");
        for text in ["mod part;\nfn a() { part::b() }", "mod part;\nuse crate::high::part::Part;"] {
            let complaints =
                found(&[("high.rs", text), ("high/middle.rs", "use crate::high::A;"), part]);
            assert!(
                complaints[0].ends_with("circle: high, high::middle, high::part"),
                "{complaints:?}"
            );
        }
        for text in
            ["mod part;", "mod part;\npub use part::Part;", "mod part;\nfn a() { apart::b() }"]
        {
            assert_eq!(found(&[("high.rs", text), part]), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn imports_that_go_downwards_are_fine_and_tests_may_go_up() {
        let high = ("high.rs", "use crate::low::Low;");
        for text in [
            "",
            "//! Not `crate::high`.",
            "#[cfg(test)]\nmod tests {\n    use crate::high::High;\n}",
            "use crate::low::Low;",
        ] {
            assert_eq!(found(&[high, ("low.rs", text)]), Vec::<String>::new(), "{text}");
        }
        let tests = ("low/tests.rs", "use crate::high::High;");
        assert_eq!(found(&[high, ("low.rs", "mod tests;"), tests]), Vec::<String>::new());
    }
}
