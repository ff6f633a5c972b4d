//! The files of the dashboard, ready to be served: made from `dashboard/`, kept in `bundle/`, embedded by `build.rs`.
//!
//! It serves nothing and depends on no other crate of the workspace. Start reading at `build.rs`.

/// A file of the dashboard.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its address without the first slash.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// The content compressed with Brotli: in release builds, where that makes it smaller.
    pub brotli: Option<&'static [u8]>,
    /// Whether the address has a hash of the content in it.
    pub is_named_by_content: bool,
}

/// All files; none if this was built without the dashboard.
pub const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
#[path = "../build.rs"]
#[expect(dead_code, reason = "it is a program of its own, whose parts are tested here")]
mod build;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::build::{content_type, write_files};
    use super::*;

    #[test]
    fn there_is_a_first_page_and_all_that_it_names_or_nothing() {
        let Some(index) = FILES.iter().find(|file| file.path == "index.html") else {
            assert_eq!(FILES.len(), 0, "files without a first page");
            return;
        };
        let page = std::str::from_utf8(index.bytes).expect("a page is text");
        let named = page.split(['"', '\'']).filter_map(|word| word.strip_prefix("/assets/"));
        for name in named {
            let path = format!("assets/{name}");
            let file = FILES.iter().find(|file| file.path == path);
            let file = file.unwrap_or_else(|| panic!("{path} is named and not there"));
            assert!(file.is_named_by_content, "{path} is asked for again with each page");
        }
    }

    #[test]
    fn every_file_but_the_page_and_the_licences_is_named_by_content() {
        for file in FILES {
            let keeps_its_name = ["index.html", "licenses.txt"].contains(&file.path);
            assert_eq!(file.is_named_by_content, !keeps_its_name, "{}", file.path);
        }
    }

    /// The table of a build with one script, an icon and a page that names both.
    fn table(script: &str, compress: bool) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let [bundle, out] = ["bundle", "out"].map(|name| folder.path().join(name));
        fs::create_dir_all(bundle.join("assets")).expect("a folder");
        fs::create_dir(&out).expect("a folder");
        let page = r#"<link href="/assets/icon.svg"><script src="/assets/app.js"></script>"#;
        for (path, content) in
            [("index.html", page), ("assets/app.js", script), ("assets/icon.svg", "<svg/>")]
        {
            fs::write(bundle.join(path), content).expect("a file");
        }
        let table = write_files(&bundle, &out, compress);
        (folder, table)
    }

    fn page_of(out: &Path, table: &str) -> String {
        let number = table.lines().filter(|row| row.starts_with("File"));
        let number = number.take_while(|row| !row.contains("\"index.html\"")).count();
        fs::read_to_string(out.join(format!("file-{number}"))).expect("the page")
    }

    /// The part of a script's address that stands for the content.
    fn hash_in(table: &str) -> &str {
        let (before, _) = table.split_once("/app.js").expect("the script is there");
        before.rsplit('/').next().expect("a part")
    }

    #[test]
    fn an_address_follows_the_content_and_nothing_else() {
        let (_first, one) = table("one()", false);
        let (folder, again) = table("one()", false);
        let (_third, other) = table("two()", false);
        assert_eq!(hash_in(&one), hash_in(&again), "in two folders");
        assert_ne!(hash_in(&one), hash_in(&other), "of two contents");
        let page = page_of(&folder.path().join("out"), &again);
        let hash = hash_in(&again);
        assert!(page.contains(&format!("\"/assets/{hash}/app.js\"")), "{page}");
        assert!(page.contains(&format!("\"/assets/{hash}/icon.svg\"")), "{page}");
    }

    #[test]
    fn a_file_is_compressed_where_that_makes_it_smaller() {
        let script = "go();".repeat(100);
        let (folder, table) = table(&script, true);
        let rows: Vec<_> = table.lines().filter(|row| row.starts_with("File")).collect();
        let [app, icon, _page] = rows[..] else { panic!("{table}") };
        assert!(app.contains("brotli: Some") && app.contains("content: true"), "{app}");
        assert!(icon.contains("brotli: None") && icon.contains("svg+xml"), "{icon}");
        let compressed = fs::read(folder.path().join("out/file-0.br")).expect("the small form");
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut read).expect("it can be read");
        assert_eq!(read, script.as_bytes());
    }

    #[test]
    fn scripts_are_sent_as_scripts() {
        assert_eq!(content_type("assets/a.b.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/unknown"), "application/octet-stream");
    }
}
