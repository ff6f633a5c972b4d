//! Answers as CSV (RFC 4180), for clients that ask for `text/csv`.

use callslot_api::Time;

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
        let mut table = Self::going_on();
        for column in columns {
            table.field(*column);
        }
        table.end_row();
        table
    }

    /// The rest of a table that was begun elsewhere.
    pub(crate) fn going_on() -> Self {
        Self { text: String::new(), is_at_start: true }
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds a field to the row.
    pub(crate) fn field(&mut self, value: impl Cell) -> &mut Self {
        if !std::mem::replace(&mut self.is_at_start, false) {
            self.text.push(',');
        }
        let value = value.written();
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
    pub(crate) fn optional(&mut self, value: Option<impl Cell>) -> &mut Self {
        match value {
            Some(value) => self.field(value),
            None => self.field(""),
        }
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

/// The characters with which a cell begins that a spreadsheet takes for a formula (OWASP, "CSV Injection"), the full-width ones
/// among them.
const FORMULAS_BEGIN: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// What a cell may hold. Every text is guarded; numbers and times are written as they are.
pub(crate) trait Cell {
    fn written(self) -> String;
}

/// A spreadsheet would take a text that begins like a formula for one, so an apostrophe is put before it, which makes it a text
/// there. One that parts cells at semicolons sees a beginning after each of them and, as it takes no text for quoted, after each
/// line break, also behind quotation marks.
impl Cell for &str {
    fn written(self) -> String {
        let mut written = String::with_capacity(self.len());
        for (place, part) in self.split_inclusive([';', '\n', '\r']).enumerate() {
            let is_formula = match place {
                0 => part.starts_with(FORMULAS_BEGIN),
                _ => part.trim_start_matches(['"', ' ']).starts_with(FORMULAS_BEGIN),
            };
            written.push_str(if is_formula { "'" } else { "" });
            written.push_str(part);
        }
        written
    }
}

macro_rules! plain_cells {
    ($($kind:ty)+) => {
        $(impl Cell for $kind {
            fn written(self) -> String {
                self.to_string()
            }
        })+
    };
}

plain_cells!(u64 f64 Time);

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
        table.field("=HYPERLINK(\"x\")").field("call-1").optional(None::<&str>).end_row();
        assert_eq!(table.into_text(), "a,b,c\r\n\"'=HYPERLINK(\"\"x\"\")\",call-1,\r\n");
        for begin in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            assert_eq!(format!("{begin}1").as_str().written(), format!("'{begin}1"));
            assert_eq!(format!("x;{begin}1").as_str().written(), format!("x;'{begin}1"));
        }
        assert_eq!("x;1;\" =1+1\"".written(), "x;1;'\" =1+1\"");
        assert_eq!("x\n=1+1\ny\r-2".written(), "x\n'=1+1\ny\r'-2");
    }

    #[test]
    fn numbers_and_times_stay_what_they_are() {
        assert_eq!([7_u64.written(), (-0.5_f64).written()], ["7", "-0.5"]);
        assert_eq!(Time(0).written(), "1970-01-01T00:00:00.000Z");
    }
}
