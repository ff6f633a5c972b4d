//! Builds the web app in `dashboard/` and writes a table of its files, which `lib.rs` includes.
//!
//! Needs Node.js and npm, unless `CALLSLOT_DASHBOARD` names a finished build, or is `none`. Without them a debug build goes
//! on without the dashboard, and says so; a release build fails and says what to do. Start reading at [`main`].

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Node.js that builds the web app.
const LEAST_NODE: (u32, u32) = (20, 19);
/// Names a finished build to embed; `none`: no dashboard.
const FINISHED: &str = "CALLSLOT_DASHBOARD";
/// What the app is made of. Never `node_modules`, which a build changes itself.
const SOURCES: [&str; 7] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
];

fn main() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dashboard");
    println!("cargo:rerun-if-env-changed={FINISHED}");
    // A path that is not there makes Cargo run this each time: cheap while there is no app at all.
    let sources = SOURCES.iter().map(|source| app.join(source));
    for source in sources.filter(|source| source.exists() || source.ends_with("package.json")) {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    let out = PathBuf::from(variable("OUT_DIR"));
    let table = match finished(&app, &out) {
        Ok(Some(dist)) => table(&dist, &app.join("public")),
        Ok(None) => "&[]".to_owned(),
        Err(why) if variable("PROFILE") == "release" => fail(&why),
        Err(why) => {
            println!("cargo:warning=built without the dashboard: {}", why.replace('\n', " "));
            "&[]".to_owned()
        }
    };
    fs::write(out.join("files.rs"), table).unwrap_or_else(|error| fail(&error.to_string()));
}

/// The folder of a finished app; none when none is wanted or there is no app.
pub(crate) fn finished(app: &Path, out: &Path) -> Result<Option<PathBuf>, String> {
    match env::var_os(FINISHED) {
        Some(none) if none == "none" => return Ok(None),
        Some(named) => {
            let dist = PathBuf::from(named);
            println!("cargo:rerun-if-changed={}", dist.display());
            if dist.join("index.html").is_file() {
                return Ok(Some(dist));
            }
            fail(&format!("{FINISHED} is {}, where there is no index.html", dist.display()));
        }
        None => {}
    }
    if !app.join("package.json").is_file() {
        return Ok(None);
    }
    check_node()?;
    let dist = out.join("dist");
    install(app)?;
    let to: [OsString; 5] = ["run", "build", "--", "--emptyOutDir", "--outDir"].map(OsString::from);
    npm(app, to.into_iter().chain([dist.clone().into_os_string()]))?;
    Ok(Some(dist))
}

/// Installs what the lock file names, unless that is done. Two builds at once would take files from each other.
fn install(app: &Path) -> Result<(), String> {
    let named = app.join("package-lock.json");
    let said = |error: std::io::Error| format!("{}: {error}", named.display());
    let lock = File::open(&named).map_err(said)?;
    lock.lock().map_err(said)?;
    let changed = |name: &str| fs::metadata(app.join(name)).and_then(|file| file.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        npm(
            app,
            ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
                .map(OsString::from),
        )?;
    }
    Ok(())
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match said {
        Ok(version) if version_of(&version) >= Some(LEAST_NODE) => Ok(()),
        Ok(version) => Err(format!("Node.js here is {version}, which is too old")),
        Err(_) => Err("Node.js is not installed".to_owned()),
    }
}

/// The first two numbers of what `node --version` says, such as `v20.19.4`.
pub(crate) fn version_of(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Runs npm; what it says when it fails is the reason.
fn npm(app: &Path, words: impl IntoIterator<Item = OsString>) -> Result<(), String> {
    let output = Command::new("npm")
        .args(words)
        .current_dir(app)
        .output()
        .map_err(|error| format!("npm does not run ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("npm failed:\n{}", String::from_utf8_lossy(&said).trim()))
}

/// The table of the files in `dist` as Rust.
pub(crate) fn table(dist: &Path, public: &Path) -> String {
    let mut files = Vec::new();
    files_below(dist, dist, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for path in files.iter().filter(|path| path.rsplit('.').next() != Some("br")) {
        let whole = dist.join(path).display().to_string();
        let compressed = format!("{whole}.br");
        let brotli = if Path::new(&compressed).is_file() {
            format!("Some(include_bytes!({compressed:?}))")
        } else {
            "None".to_owned()
        };
        // What the build makes has a hash in its name; what is copied from `public` has not.
        let is_named_by_content = path.starts_with("assets/") && !public.join(path).exists();
        let _ = writeln!(
            table,
            "File {{ path: {path:?}, content_type: {:?}, bytes: include_bytes!({whole:?}), brotli: {brotli}, \
             is_named_by_content: {is_named_by_content} }},",
            content_type(path)
        );
    }
    table + "]"
}

fn files_below(folder: &Path, dist: &Path, found: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| fail(&error.to_string()));
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files_below(&path, dist, found);
        } else if let Some(name) = path.strip_prefix(dist).ok().and_then(Path::to_str) {
            found.push(name.to_owned());
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
    let (major, minor) = LEAST_NODE;
    eprintln!(
        "\nThe dashboard cannot be built: {why}\n\n\
         It needs Node.js {major}.{minor} or newer, with npm: `apt-get install nodejs npm` where that is new enough, or\n\
         https://nodejs.org. The first build downloads packages. The ways out:\n\
         \x20 {FINISHED}=/whole/path/of/a/finished/build cargo build --release    embeds that one\n\
         \x20 {FINISHED}=none cargo build --release                               leaves the dashboard out\n"
    );
    std::process::exit(1)
}
