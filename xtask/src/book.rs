//! `cargo xtask book`: the documentation as a site, made by mdBook from `docs/` in the order of `docs/SUMMARY.md`.
//!
//! The pages can also be read where they are: `cargo xtask tidy` checks their links there, and this chore checks those of the
//! site.

use std::fs;
use std::path::Path;

use crate::process::files::{files_below, read};
use crate::process::step::{root, run};
use crate::process::tools;

const MDBOOK: &str = "0.5.4";
/// Without what watches and serves; with the search.
const FLAGS: &str = "--no-default-features --features search";
/// `book.toml` says so.
const SITE: &str = "target/book";

/// Builds the site, and fails where a link of it leads nowhere.
pub fn book() -> Result<(), String> {
    let mdbook = tools::from_crate("mdbook", MDBOOK, FLAGS)?;
    run(&format!("{mdbook} build"))?;
    let site = root().join(SITE);
    let mut dead = Vec::new();
    for page in files_below(&site, "html")? {
        let folder = page.parent().unwrap_or(&site);
        let shown = page.strip_prefix(&site).unwrap_or(&page).display();
        let text = read(&page)?;
        let there = |target: &&str| fs::exists(folder.join(Path::new(target))).unwrap_or(false);
        dead.extend(
            links(&text).filter(|target| !there(target)).map(|target| format!("{shown}: {target}")),
        );
    }
    if !dead.is_empty() {
        return Err(format!("links of the site lead nowhere:\n  {}", dead.join("\n  ")));
    }
    println!("open {SITE}/index.html");
    Ok(())
}

/// Files that a page links to, without their anchors.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let is_file = |target: &&str| !target.contains(':') && !target.is_empty();
    targets.map(|target| target.split('#').next().unwrap_or_default()).filter(is_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_of_the_site_are_found_and_others_are_not() {
        let page =
            r##"<a href="a.html#b">, <link href="c.css">, <a href="#d">, <a href="https://e">"##;
        assert_eq!(links(page).collect::<Vec<_>>(), ["a.html", "c.css"]);
    }
}
