//! Programs that chores run and that are not Debian packages: at exact versions, below `target/`, never on the rest of the
//! machine.

use std::fs;
use std::path::Path;

use crate::process::packages;
use crate::process::step::{root, run, run_in};

/// Makes a virtual environment from a file of requirements, unless that is done. Returns its folder of programs.
pub fn from_pypi(folder: &str, requirements: &str) -> Result<String, String> {
    from_pypi_for("python3", folder, requirements)
}

/// The same, for another Python, which is there.
pub fn from_pypi_for(python: &str, folder: &str, requirements: &str) -> Result<String, String> {
    let wanted = fs::read_to_string(root().join(requirements))
        .map_err(|error| format!("{requirements}: {error}"))?;
    let programs = format!("{folder}/bin");
    let installed = format!("{folder}/installed.txt");
    if is_noted(&installed, &wanted) {
        return Ok(programs);
    }
    packages::need(&[packages::PYTHON, packages::PYTHON_VENV])?;
    run(&format!("{python} -m venv --clear {folder}"))?;
    run(&format!(
        "{programs}/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement {requirements}"
    ))?;
    note(&installed, &wanted)?;
    Ok(programs)
}

/// Copies a folder's files, and installs there what its package-lock.json names, unless that is done.
pub fn from_npm(folder: &str, sources: &str) -> Result<(), String> {
    let (there, files) = (root().join(folder), root().join(sources));
    let said = |error: std::io::Error| format!("{sources}: {error}");
    fs::create_dir_all(&there).map_err(said)?;
    for entry in fs::read_dir(&files).map_err(said)? {
        let file = entry.map_err(said)?;
        fs::copy(file.path(), there.join(file.file_name())).map_err(said)?;
    }
    let wanted = fs::read_to_string(files.join("package-lock.json")).map_err(said)?;
    let installed = format!("{folder}/installed.txt");
    if is_noted(&installed, &wanted) {
        return Ok(());
    }
    run_in(&there, "npm ci --ignore-scripts --no-audit --no-fund --silent")?;
    note(&installed, &wanted)
}

/// Builds a program from its crate, unless that is done. Returns where the program is.
pub fn from_crate(name: &str, version: &str, flags: &str) -> Result<String, String> {
    let folder = format!("target/tools/{name}");
    let installed = format!("{folder}/installed.txt");
    let wanted = format!("{name}@{version} {flags}");
    if !is_noted(&installed, &wanted) {
        run(&format!(
            "cargo install --locked --quiet --force --root {folder} {name}@{version} {flags}"
        ))?;
        note(&installed, &wanted)?;
    }
    Ok(format!("{folder}/bin/{name}"))
}

fn is_noted(file: &str, wanted: &str) -> bool {
    fs::read_to_string(root().join(file)).is_ok_and(|noted| noted == wanted)
}

fn note(file: &str, installed: &str) -> Result<(), String> {
    fs::write(root().join(Path::new(file)), installed).map_err(|error| format!("{file}: {error}"))
}
