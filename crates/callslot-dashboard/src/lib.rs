//! The files of the dashboard, as `build.rs` made them from the web app in `dashboard/`.
//!
//! It serves nothing and knows no other crate of ours. Start reading at `build.rs`.

/// A file of the dashboard.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its address without the first slash.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// The same, compressed with Brotli, if that was made.
    pub brotli: Option<&'static [u8]>,
    /// Whether its name has a hash of its content in it.
    pub is_named_by_content: bool,
}

/// All files. None when this was built without Node.js.
pub const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
#[path = "../build.rs"]
#[expect(dead_code, reason = "it is a program of its own, whose parts are tested here")]
mod build;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::build::{content_type, finished, table, version_of};
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
            assert!(FILES.iter().any(|file| file.path == path), "{path} is named and not there");
        }
    }

    #[test]
    fn names_are_taken_as_content_only_where_the_build_made_them() {
        for file in FILES {
            assert!(!file.is_named_by_content || file.path.starts_with("assets/"), "{file:?}");
            assert_ne!(file.path.rsplit('.').next(), Some("br"), "it is a form of another file");
        }
    }

    #[test]
    fn versions_of_node_are_compared_by_number() {
        assert_eq!(version_of("v20.19.4"), Some((20, 19)));
        assert!(version_of("v9.11.2") < version_of("v20.19.0"));
        assert!(version_of("v20.9.0") < version_of("v20.19.0"));
        for nonsense in ["", "v", "20.19.0", "v20", "vx.y"] {
            assert_eq!(version_of(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_table_has_each_file_once_with_its_forms() {
        let folder = tempfile::tempdir().expect("a folder");
        let (dist, public) = (folder.path().join("dist"), folder.path().join("public"));
        for path in ["dist/assets", "public/assets"] {
            fs::create_dir_all(folder.path().join(path)).expect("a folder");
        }
        let script = "assets/app-1f0c2b3a.js";
        for path in ["index.html", script, &format!("{script}.br"), "assets/icon.svg"] {
            fs::write(dist.join(path), path).expect("a file");
        }
        fs::write(public.join("assets/icon.svg"), "as it is").expect("a file");
        let table = table(&dist, &public);
        let rows: Vec<_> = table.lines().filter(|line| line.starts_with("File")).collect();
        assert_eq!(rows.len(), 3, "{table}");
        assert!(rows[0].contains("3a.js.br\"))") && rows[0].contains("content: true"), "{table}");
        assert!(rows[1].contains("svg+xml") && rows[1].contains("content: false"), "{table}");
        assert!(rows[2].contains("brotli: None") && rows[2].contains("content: false"), "{table}");
    }

    #[test]
    fn without_an_app_there_is_nothing_to_build() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(finished(folder.path(), folder.path()), Ok(None));
    }

    #[test]
    fn scripts_are_sent_as_scripts() {
        assert_eq!(content_type("assets/a.b.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/unknown"), "application/octet-stream");
    }
}
