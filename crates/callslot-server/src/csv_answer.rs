//! Answers as CSV (RFC 4180), for clients that ask for `text/csv`.

use std::fmt::Display;

/// The media type, with the parameters of RFC 4180.
pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Rows of fields.
#[derive(Debug)]
pub(crate) struct Table {
    text: String,
    is_at_start: bool,
}

impl Table {
    /// A table with these column names.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut table = Self { text: String::new(), is_at_start: true };
        for column in columns {
            table.field(column);
        }
        table.end_row();
        table
    }

    /// Adds a field to the row.
    pub(crate) fn field(&mut self, value: impl Display) -> &mut Self {
        if !std::mem::replace(&mut self.is_at_start, false) {
            self.text.push(',');
        }
        let value = value.to_string();
        if value.contains(['"', ',', '\r', '\n']) {
            self.text.push('"');
            self.text.push_str(&value.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&value);
        }
        self
    }

    /// Adds a field, empty if there is no value.
    pub(crate) fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.field(value),
            None => self.field(""),
        }
    }

    /// Adds a user-supplied text, empty if there is none. A spreadsheet would take a text that begins like a formula for one,
    /// so an apostrophe is put before it, which makes it a text there.
    pub(crate) fn text(&mut self, value: Option<&str>) -> &mut Self {
        let value = value.unwrap_or_default();
        let is_like_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        self.field(format_args!("{}{value}", if is_like_formula { "'" } else { "" }))
    }

    /// Ends the row.
    pub(crate) fn end_row(&mut self) {
        self.text.push_str("\r\n");
        self.is_at_start = true;
    }

    /// The finished table.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_commas_quotes_or_line_ends_are_quoted() {
        let mut table = Table::new(&["a", "b", "c"]);
        table.field("plain").field("x,\"y\"\nz").optional(None::<u64>).end_row();
        assert_eq!(table.into_text(), "a,b,c\r\nplain,\"x,\"\"y\"\"\nz\",\r\n");
    }

    #[test]
    fn texts_that_begin_like_formulas_are_kept_from_being_any() {
        let mut table = Table::new(&["a", "b", "c"]);
        table.text(Some("=HYPERLINK(\"x\")")).text(Some("call-1")).text(None).end_row();
        assert_eq!(table.into_text(), "a,b,c\r\n\"'=HYPERLINK(\"\"x\"\")\",call-1,\r\n");
    }
}
