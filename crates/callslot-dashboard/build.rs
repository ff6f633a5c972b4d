//! Embeds the finished web app: writes a table of its files, which `lib.rs` includes.
//!
//! The app is in `bundle/`, made from `dashboard/` by `cargo xtask dashboard build`, so a build of Callslot needs no Node.js.
//! `CALLSLOT_DASHBOARD` names another finished build, or is `none`. Start reading at [`main`].

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

/// Names a finished build to embed; `none`: no dashboard.
const FINISHED: &str = "CALLSLOT_DASHBOARD";
/// The one page, which names the other files.
const INDEX: &str = "index.html";
/// Brotli's strongest compression: it takes seconds, once.
const QUALITY: u32 = 11;
/// Brotli's usual window, 4 MiB: more than any file has.
const WINDOW_BITS: u32 = 22;

fn main() {
    println!("cargo:rerun-if-env-changed={FINISHED}");
    let out = PathBuf::from(variable("OUT_DIR"));
    let bundle = match env::var_os(FINISHED) {
        Some(none) if none == "none" => None,
        Some(named) => Some(PathBuf::from(named)),
        None => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("bundle")),
    };
    let table = bundle.map_or_else(
        || "&[]".to_owned(),
        |bundle| {
            println!("cargo:rerun-if-changed={}", bundle.display());
            if !bundle.join(INDEX).is_file() {
                fail(&format!("{} has no {INDEX}", bundle.display()));
            }
            // Compressing takes longer than a debug build should.
            write_files(&bundle, &out, variable("PROFILE") == "release")
        },
    );
    fs::write(out.join("files.rs"), table).unwrap_or_else(|error| fail(&error.to_string()));
}

/// A file to embed.
struct Embedded {
    /// Its address without the first slash.
    path: String,
    content_type: &'static str,
    bytes: Vec<u8>,
    is_named_by_content: bool,
}

/// Writes the files of a finished build to `out`, and gives the table of them as Rust.
pub(crate) fn write_files(bundle: &Path, out: &Path, compress: bool) -> String {
    let files = embedded(bundle);
    let rows = thread::scope(|scope| {
        let rows: Vec<_> = (files.iter().enumerate())
            .map(|(number, file)| scope.spawn(move || write_file(file, number, out, compress)))
            .collect();
        rows.into_iter().map(|row| row.join().expect("no writer panics")).collect::<Vec<_>>()
    });
    format!("&[\n{}]", rows.concat())
}

/// The files of a finished build. What is in `assets/` keeps its name from one version to the next, so that Git shows how it
/// changed; its address has a hash of all of them, so that a browser may keep it.
fn embedded(bundle: &Path) -> Vec<Embedded> {
    let mut paths = Vec::new();
    files_below(bundle, bundle, &mut paths);
    paths.sort();
    let mut files: Vec<_> = (paths.into_iter())
        .map(|path| {
            let bytes =
                fs::read(bundle.join(&path)).unwrap_or_else(|error| fail(&error.to_string()));
            let is_named_by_content = path.starts_with("assets/");
            Embedded { content_type: content_type(&path), path, bytes, is_named_by_content }
        })
        .collect();
    let hash = hash(files.iter().filter(|file| file.is_named_by_content));
    for file in &mut files {
        if file.path == INDEX {
            let page = String::from_utf8_lossy(&file.bytes);
            file.bytes = page.replace("\"/assets/", &format!("\"/assets/{hash}/")).into_bytes();
        } else if let Some(name) = file.path.strip_prefix("assets/") {
            file.path = format!("assets/{hash}/{name}");
        }
    }
    files
}

/// A hash (64-bit FNV-1a) of the names and contents of these files.
fn hash<'a>(files: impl Iterator<Item = &'a Embedded>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        for part in [file.path.as_bytes(), &file.bytes.len().to_le_bytes(), &file.bytes] {
            for byte in part {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    format!("{hash:016x}")
}

/// Writes a file as it is and compressed, and gives its row of the table.
fn write_file(file: &Embedded, number: usize, out: &Path, compress: bool) -> String {
    let write = |name: String, bytes: &[u8]| {
        let written = out.join(name);
        fs::write(&written, bytes).unwrap_or_else(|error| fail(&error.to_string()));
        written.display().to_string()
    };
    let plain = write(format!("file-{number}"), &file.bytes);
    let compressed = compress.then(|| brotli(&file.bytes)).filter(|it| it.len() < file.bytes.len());
    let compressed = compressed.map_or("None".to_owned(), |bytes| {
        format!("Some(include_bytes!({:?}))", write(format!("file-{number}.br"), &bytes))
    });
    let Embedded { path, content_type, is_named_by_content, .. } = file;
    let mut row = String::new();
    let _ = writeln!(
        row,
        "File {{ path: {path:?}, content_type: {content_type:?}, bytes: include_bytes!({plain:?}), \
         brotli: {compressed}, is_named_by_content: {is_named_by_content} }},"
    );
    row
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let mut writer =
        brotli::CompressorWriter::new(&mut compressed, bytes.len() + 1, QUALITY, WINDOW_BITS);
    writer.write_all(bytes).expect("memory takes what is written");
    drop(writer);
    compressed
}

fn files_below(folder: &Path, bundle: &Path, found: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| fail(&error.to_string()));
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files_below(&path, bundle, found);
        } else if let Some(name) = path.strip_prefix(bundle).ok().and_then(Path::to_str) {
            found.push(name.replace('\\', "/"));
        }
    }
}

pub(crate) fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| fail(&format!("Cargo sets {name}")))
}

/// Ends the build with the reason and the ways out.
fn fail(why: &str) -> ! {
    eprintln!(
        "\nThe dashboard cannot be embedded: {why}\n\n\
         `cargo xtask dashboard build` makes it from `dashboard/`. {FINISHED} can be the absolute path of another\n\
         finished build, or `none` to leave the dashboard out.\n"
    );
    std::process::exit(1)
}
