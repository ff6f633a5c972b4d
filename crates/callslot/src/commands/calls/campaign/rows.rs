//! The rows of a list: CSV with a header, or NDJSON. One row is in memory at a time, and one that is too long is passed over, so
//! a list may be of any size.
//!
//! Start reading at [`Rows::open`].

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead};

use callslot_api::Metadata;
use callslot_api::limits::MAX_METADATA_BYTES;
use clap::ValueEnum;
use serde_json::value::RawValue;

use crate::failure::Failure;

/// The longest row, in bytes. Metadata is at most 4 KiB, so a longer one is no row: a quote is open, or it is another kind of file.
const MAX_ROW_BYTES: usize = 64 << 10;
/// The longest id of a call.
const MAX_ID_BYTES: usize = 128;
/// What columns and fields with the id are called.
const ID_NAMES: [&str; 3] = ["id", "number", "phone"];
/// What marks UTF-8 at the beginning of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values, with a header.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

/// A row that can be called.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Its id, without the campaign.
    pub id: String,
    /// Everything else in it.
    pub metadata: Metadata,
}

/// A row that cannot be called.
#[derive(Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// A list that is read row by row.
pub struct Rows<R> {
    lines: Lines<R>,
    form: Form,
    /// How much of an id's length the campaign takes.
    prefix_bytes: usize,
}

/// How rows are to be read.
enum Form {
    Csv(Columns),
    /// With the name of the field with the id, if it was given.
    Ndjson(Option<String>),
}

/// The columns of a CSV file.
struct Columns {
    /// Their names as JSON.
    names: Vec<String>,
    id: usize,
    delimiter: u8,
}

impl<R: BufRead> Rows<R> {
    /// Begins to read: finds out the format if it is not given, and reads the header.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read, or there is no column with the id.
    pub fn open(
        input: R,
        format: Option<Format>,
        id: Option<&str>,
        prefix_bytes: usize,
    ) -> Result<Self, Failure> {
        let mut lines = Lines::new(input);
        let failed = |error: io::Error| Failure::said(format!("the list cannot be read: {error}"));
        // An empty line says nothing about the format.
        let begin = loop {
            let Some(read) = lines.next().map_err(failed)? else {
                return Err(Failure::said("the list is empty; a CSV list begins with a header"));
            };
            if lines.number == 1 && lines.text.starts_with(BYTE_ORDER_MARK) {
                lines.text.drain(..BYTE_ORDER_MARK.len());
            }
            if !lines.is_blank() {
                break read;
            }
        };
        let is_object = lines.text.trim_ascii_start().starts_with(b"{");
        let format = format.unwrap_or(if is_object { Format::Ndjson } else { Format::Csv });
        let form = match format {
            Format::Ndjson => {
                lines.again = Some(begin);
                Form::Ndjson(id.map(str::to_owned))
            }
            Format::Csv if begin == Read::TooLong => {
                return Err(Failure::said("the header of the list is longer than 64 KiB"));
            }
            Format::Csv => Form::Csv(Columns::of(&lines.text, id)?),
        };
        Ok(Self { lines, form, prefix_bytes })
    }

    /// The next row, good or bad.
    ///
    /// # Errors
    /// [`io::Error`] when the list cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Result<Row, BadRow>>> {
        loop {
            let Some(mut read) = self.lines.next()? else { return Ok(None) };
            if self.lines.is_blank() {
                continue;
            }
            let line = self.lines.number;
            if let Form::Csv(columns) = &self.form {
                read = self.lines.close_quotes(read, columns.delimiter)?;
            }
            let row = match (read, &self.form) {
                (Read::TooLong, Form::Csv(_)) => {
                    Err("the row is longer than 64 KiB; is a quote not closed?".to_owned())
                }
                (Read::TooLong, Form::Ndjson(_)) => Err("the row is longer than 64 KiB".to_owned()),
                (Read::Whole, Form::Csv(columns)) => columns.row(&self.lines.text),
                (Read::Whole, Form::Ndjson(id)) => object(&self.lines.text, id.as_deref()),
            };
            let row = row.and_then(|(id, metadata)| {
                check_id(&id, self.prefix_bytes)?;
                check_metadata(&metadata)?;
                Ok(Row { line, id, metadata })
            });
            return Ok(Some(row.map_err(|why| BadRow { line, why })));
        }
    }
}

impl Columns {
    fn of(header: &[u8], id: Option<&str>) -> Result<Self, Failure> {
        let outside = |sign: u8| header.contains(&sign);
        // Spreadsheets write semicolons where the comma is in numbers.
        let delimiter = match (outside(b','), outside(b';'), outside(b'\t')) {
            (false, true, _) => b';',
            (false, false, true) => b'\t',
            _ => b',',
        };
        let cells = cells(header, delimiter)
            .map_err(|why| Failure::said(format!("the header of the list is wrong: {why}")))?;
        let names: Vec<&str> = cells.iter().map(str::trim).collect();
        let mut known = HashSet::new();
        for name in &names {
            if name.is_empty() || !known.insert(name) {
                let what = if name.is_empty() { "a column without a name" } else { "two columns" };
                return Err(Failure::said(format!(
                    "the header of the list has {what} `{name}`; give each column a name of its own"
                )));
            }
        }
        let is_id = |name: &&str| match id {
            Some(id) => *name == id,
            None => ID_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)),
        };
        let Some(id) = names.iter().position(is_id) else {
            return Err(Failure::said(format!(
                "the list has no column {}; its first line, the header, has {}; name the column of the numbers with --id",
                id.map_or_else(|| "id, number or phone".to_owned(), |id| format!("`{id}`")),
                names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            )));
        };
        let names = names.iter().map(|name| json_text(name)).collect();
        Ok(Self { names, id, delimiter })
    }

    /// The id and the metadata of a row.
    fn row(&self, text: &[u8]) -> Result<(String, Metadata), String> {
        let cells = cells(text, self.delimiter)?;
        if cells.len() != self.names.len() {
            return Err(format!(
                "it has {} columns, the header has {}",
                cells.len(),
                self.names.len()
            ));
        }
        let mut json = String::from("{");
        let others = self.names.iter().zip(&cells).enumerate();
        for (_, (name, cell)) in others.filter(|(place, _)| *place != self.id) {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(name);
            json.push(':');
            json.push_str(&json_text(cell));
        }
        json.push('}');
        let metadata = Metadata::parse(&json).expect("it was written as an object");
        Ok((cells[self.id].trim().to_owned(), metadata))
    }
}

/// The cells of a record.
fn cells(text: &[u8], delimiter: u8) -> Result<csv::StringRecord, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(text.len().max(1))
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(|error| error.to_string())?;
    csv::StringRecord::from_byte_record(record).map_err(|_| "it is not UTF-8".to_owned())
}

/// The id and the metadata of a JSON object.
fn object(text: &[u8], id: Option<&str>) -> Result<(String, Metadata), String> {
    let text = str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut members: BTreeMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON object: {error}"))?;
    let named = match id {
        Some(id) => members.remove(id),
        None => ID_NAMES.iter().find_map(|name| members.remove(*name)),
    };
    let Some(named) = named else {
        let wanted = id.map_or_else(|| "id, number or phone".to_owned(), |id| format!("`{id}`"));
        return Err(format!("it has no field {wanted}"));
    };
    let id = match serde_json::from_str(named.get()) {
        Ok(serde_json::Value::String(text)) => text,
        // As it is written: a number of twenty digits stays what it is.
        Ok(serde_json::Value::Number(_)) => named.get().to_owned(),
        _ => return Err("its id is neither text nor a number".to_owned()),
    };
    let json = serde_json::to_string(&members).map_err(|error| error.to_string())?;
    let metadata = Metadata::parse(&json).map_err(|error| error.to_string())?;
    metadata.check().map_err(|bad| format!("its field {} {bad}", bad.path))?;
    Ok((id.trim().to_owned(), metadata))
}

fn check_id(id: &str, prefix_bytes: usize) -> Result<(), String> {
    if id.is_empty() {
        return Err("its id is empty".to_owned());
    }
    if id.len() + prefix_bytes > MAX_ID_BYTES {
        let most = MAX_ID_BYTES - prefix_bytes;
        return Err(format!("its id has {} characters; {most} are allowed here", id.len()));
    }
    match id.chars().find(|sign| !sign.is_ascii_graphic() || *sign == '/') {
        Some(sign) => Err(format!(
            "its id `{id}` has a `{}`; an id has printable ASCII characters without spaces and `/`",
            sign.escape_default()
        )),
        None => Ok(()),
    }
}

fn check_metadata(metadata: &Metadata) -> Result<(), String> {
    let bytes = metadata.as_text().len();
    if bytes > MAX_METADATA_BYTES {
        return Err(format!(
            "its other columns are {bytes} bytes of JSON; {MAX_METADATA_BYTES} are allowed"
        ));
    }
    Ok(())
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).expect("text can be written")
}

/// How much of a line was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Whole,
    /// It was longer than a row may be; the rest was passed over.
    TooLong,
}

/// Lines of bounded length.
struct Lines<R> {
    input: R,
    /// How many lines were read.
    number: u64,
    /// The line read last, or the lines of the row read last.
    text: Vec<u8>,
    /// A line that is to be read again.
    again: Option<Read>,
}

impl<R: BufRead> Lines<R> {
    fn new(input: R) -> Self {
        Self { input, number: 0, text: Vec::new(), again: None }
    }

    /// Reads a line.
    fn next(&mut self) -> io::Result<Option<Read>> {
        if let Some(read) = self.again.take() {
            return Ok(Some(read));
        }
        self.text.clear();
        self.append()
    }

    /// Reads on until the quotes of a CSV row are closed.
    fn close_quotes(&mut self, mut read: Read, delimiter: u8) -> io::Result<Read> {
        let mut place = Place::Begin;
        let mut seen = 0;
        loop {
            place =
                self.text[seen..].iter().fold(place, |place, byte| place.after(*byte, delimiter));
            seen = self.text.len();
            if place != Place::Quoted || read == Read::TooLong {
                return Ok(read);
            }
            match self.append()? {
                Some(Read::Whole) => {}
                Some(Read::TooLong) | None => read = Read::TooLong,
            }
        }
    }

    /// Appends a line to the text; none at the end.
    fn append(&mut self) -> io::Result<Option<Read>> {
        let (mut read, mut has_begun) = (Read::Whole, false);
        loop {
            let piece = match self.input.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if piece.is_empty() {
                break;
            }
            if !has_begun {
                (has_begun, self.number) = (true, self.number + 1);
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(piece.len(), |end| end + 1);
            let room = MAX_ROW_BYTES.saturating_sub(self.text.len()).min(length);
            self.text.extend_from_slice(&piece[..room]);
            if room < length {
                read = Read::TooLong;
            }
            self.input.consume(length);
            if end.is_some() {
                break;
            }
        }
        Ok(has_begun.then_some(read))
    }

    fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }
}

/// Where in a CSV row one is (RFC 4180 §2): quotes count at the beginning of a cell only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of a cell.
    Begin,
    Unquoted,
    Quoted,
    /// After a quote in a quoted cell: its end, or the first of two that stand for one.
    Quote,
}

impl Place {
    const fn after(self, byte: u8, delimiter: u8) -> Self {
        match self {
            Self::Quoted if byte == b'"' => Self::Quote,
            Self::Quoted => Self::Quoted,
            Self::Begin | Self::Quote if byte == b'"' => Self::Quoted,
            Self::Begin | Self::Quote | Self::Unquoted if byte == delimiter => Self::Begin,
            Self::Begin | Self::Quote | Self::Unquoted => Self::Unquoted,
        }
    }
}

#[cfg(test)]
mod tests;
