//! `cargo xtask recipes`: what the pages on FreeSWITCH and jambonz print, against a real server.
//!
//! Neither can be installed here, so `xtask/recipes` plays both, as their documentation says. What others wrote judges that: a linter of
//! dialplans, a client of FreeSWITCH's event socket, and jambonz's own schemas, validators and signatures. Start reading at [`recipes`].

use std::fs;
use std::path::Path;
use std::thread;

use crate::process::node;
use crate::process::page::block_for;
use crate::process::server::Server;
use crate::process::step::{root, run, run_in};
use crate::process::tools;

const SOURCES: &str = "xtask/recipes";
/// Where the packages of npm are, with what plays and what the pages print.
const FOLDER: &str = "target/recipes";
const PYTHON: &str = "target/recipes-python";
const FREESWITCH: &str = "docs/telephony/freeswitch.md";
const JAMBONZ: &str = "docs/telephony/jambonz.md";
/// Runs both recipes, side by side, each with a server of its own.
pub fn recipes() -> Result<(), String> {
    node::provide()?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    tools::from_npm(FOLDER, SOURCES)?;
    let python = tools::from_pypi(PYTHON, &format!("{SOURCES}/requirements.txt"))?;
    thread::scope(|both| {
        let freeswitch = both.spawn(|| freeswitch(&python));
        let jambonz = both.spawn(jambonz);
        let ended = [freeswitch.join(), jambonz.join()];
        ended.into_iter().try_for_each(|outcome| outcome.expect("nothing panics here"))
    })
}

fn freeswitch(python: &str) -> Result<(), String> {
    const PROGRAM: &str = "callslot_freeswitch.py";
    let folder = root().join(FOLDER);
    print(&folder, FREESWITCH, "", PROGRAM)?;
    for file in [
        "autoload_configs/event_socket.conf.xml",
        "dialplan/public/callslot.xml",
        "dialplan/callslot.xml",
    ] {
        print(&folder.join("conf"), FREESWITCH, "/etc/freeswitch/", file)?;
    }
    let server = server()?;
    let programs = root().join(python);
    let (python, frslint) = (programs.join("python"), programs.join("frslint"));
    let (python, frslint) = (python.display(), frslint.display());
    let access = access(&server);
    run_in(&folder, &format!("{python} freeswitch.py {PROGRAM} conf {frslint} esl.mjs {access}"))
}

fn jambonz() -> Result<(), String> {
    const PROGRAM: &str = "callslot-jambonz.mjs";
    let folder = root().join(FOLDER);
    for file in ["numbers.json", PROGRAM] {
        print(&folder, JAMBONZ, "", file)?;
    }
    let server = server()?;
    run_in(&folder, &format!("node jambonz.mjs {PROGRAM} {}", access(&server)))
}

/// Where a server is, the test's key, and the recipe's.
fn access(server: &Server) -> String {
    format!("{} {} {}", server.url, server.admin, server.engine)
}

/// A server with the agents of the recipes.
fn server() -> Result<Server, String> {
    let server = Server::start()?;
    for agent in ["support", "sales"] {
        server.said(&["agent", "put", agent], &server.admin)?;
    }
    Ok(server)
}

/// Writes what a page prints for a file, which it may name with a folder, into another one.
fn print(folder: &Path, page: &str, before: &str, file: &str) -> Result<(), String> {
    write(&folder.join(file), &block_for(page, &format!("{before}{file}"))?)
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", file.display());
    fs::create_dir_all(file.parent().unwrap_or(file)).map_err(said)?;
    fs::write(file, text).map_err(said)
}
