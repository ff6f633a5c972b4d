//! What goes to standard output, and why a command fails.

use std::io::{self, Write};

use callslot_api::ClientError;
use callslot_server::ServeError;
use serde::Serialize;

/// Why a command fails, as it is told to people.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server refused, or could not be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The server cannot run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Something typed, or in the settings, is wrong.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// A failure with its sentence and next step.
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}

/// Whether printing goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// It was printed.
    Whole,
    /// Whoever read it has gone, which is no failure.
    ReaderGone,
}

/// Prints a text as it is.
pub fn print(text: &str) -> Printed {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Printed::Whole,
        Err(_) => Printed::ReaderGone,
    }
}

/// Prints a line.
pub fn print_line(line: &str) -> Printed {
    print(&format!("{line}\n"))
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Printed {
    print_line(&serde_json::to_string_pretty(value).expect("the API's types can be written"))
}

/// Prints rows in columns as wide as they need to be. The first row is the heading.
pub fn print_table(rows: &[Vec<String>]) -> Printed {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    print(&text)
}
