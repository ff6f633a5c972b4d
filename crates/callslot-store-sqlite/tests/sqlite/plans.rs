//! How SQLite finds the rows of each statement of the store: as `plans.txt` says, which names the index and the columns that lead to them.
//!
//! A statement that reads more than it means to gives the right answer, so nothing else would notice. The statements are read from
//! the sources; each one needs a plan here.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use callslot_store_sqlite::SqliteStore;
use rusqlite::Connection;

/// What is put into the statements that are made of parts: each of the alternatives is a statement of its own.
const PARTS: &[(&str, &[&str])] = &[
    ("{table}", &["minute", "hour"]),
    ("FROM {} ", &["FROM minute ", "FROM hour "]),
    ("{column}", &["minutes_from", "hours_from"]),
    ("{named}", &["AND ?3 IS NULL", "AND name = ?3"]),
    ("{condition}", &["< ? ORDER BY part DESC", ">= ? ORDER BY part"]),
    ("{of_org}", &["org = ?1", "?1 IS NULL"]),
    ("{ends}", &["expires_at, old_secret_sha256, old_until"]),
];

#[test]
fn every_statement_finds_its_rows_as_it_is_meant_to() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(SqliteStore::open(directory.path()).expect("a new store"));
    let history = Connection::open(directory.path().join("history.db")).expect("the history opens");
    let log = Connection::open(directory.path().join("callslot.db")).expect("the log opens");

    let mut found = String::new();
    for statement in statements() {
        let plan = plan(&history, &statement).or_else(|_| plan(&log, &statement));
        let plan = plan.unwrap_or_else(|error| panic!("{statement}: {error}"));
        writeln!(found, "{statement}").expect("a text has room");
        for step in plan {
            writeln!(found, "    {step}").expect("a text has room");
        }
    }
    if std::env::var_os("CALLSLOT_UPDATE_GOLDEN").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sqlite/plans.txt");
        return std::fs::write(path, found).expect("it is written");
    }
    let expected = include_str!("plans.txt");
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

/// The steps of a plan that go to a table; none where a row is put in.
fn plan(database: &Connection, statement: &str) -> rusqlite::Result<Vec<String>> {
    let mut explain = database.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
    let places = explain.parameter_count();
    let nulls = rusqlite::params_from_iter((0..places).map(|_| rusqlite::types::Null));
    explain.query_map(nulls, |row| row.get("detail"))?.collect()
}

/// The statements in the sources, in order.
fn statements() -> Vec<String> {
    let mut files = BTreeMap::new();
    for file in Path::new(env!("CARGO_MANIFEST_DIR")).join("src").read_dir().expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        // A backup reads and writes everything.
        if path.extension().is_some_and(|ending| ending == "rs") && name != "backup.rs" {
            files.insert(name, std::fs::read_to_string(path).expect("a source"));
        }
    }
    let literals = files.values().flat_map(|source| literals(source));
    let mut found: Vec<String> = Vec::new();
    for statement in literals.filter(|text| is_statement(text)).flat_map(alternatives) {
        if !found.contains(&statement) {
            found.push(statement);
        }
    }
    assert!(found.len() > 50, "only {} statements were found", found.len());
    found
}

fn is_statement(text: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM "].iter().any(|verb| text.starts_with(verb))
}

/// The texts in quotes of a source, with single spaces, up to its tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().expect("there is a first part");
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let texts = code.split('"').skip(1).step_by(2);
    texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The statements that one with parts stands for.
fn alternatives(statement: String) -> Vec<String> {
    let mut all = vec![statement];
    for (part, texts) in PARTS {
        let with = |statement: String| texts.iter().map(move |it| statement.replace(part, it));
        all = all.into_iter().flat_map(with).collect();
        all.dedup();
    }
    all
}
