//! HTTP/1.1 as bytes: writes requests, and checks that the answers are whole and well-formed, and so are the frames after
//! one that opens a stream.
//!
//! The reader shares no code with the server. Start reading at [`answers`].

use std::time::Duration;

use callslot_api::{AnswerFrame, BatchResult, Problem, ServerFrame};
use serde::de::DeserializeOwned;

/// How long a whole request may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// One answer.
#[derive(Debug)]
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, &'a str)>,
    /// Its body, as far as it arrived.
    pub body: Vec<u8>,
}

impl Answer<'_> {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(named, _)| named == name).map(|&(_, value)| value)
    }

    /// The body as JSON, read as a client reads it.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("a client cannot read this: {error}\n{}", String::from_utf8_lossy(&self.body))
        })
    }

    /// Checks what holds for every answer.
    fn judge(&self) {
        assert!((100..600).contains(&self.status), "{self:?}");
        assert_ne!(self.status, 500, "the server broke: {}", String::from_utf8_lossy(&self.body));
        if self.header("content-type") == Some("application/problem+json") && !self.body.is_empty()
        {
            let problem: Problem = self.json();
            assert_eq!(problem.status, self.status, "a problem has the answer's status");
            assert!(!problem.detail.is_empty(), "a problem says what is wrong");
        }
    }
}

/// A request as bytes.
#[must_use]
pub fn request(
    method: &str,
    target: &[u8],
    headers: &[(&str, &[u8])],
    body: Option<&[u8]>,
) -> Vec<u8> {
    let mut bytes = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nhost: callslot\r\n"].concat();
    for (name, value) in headers {
        bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    if let Some(body) = body {
        let length =
            format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        bytes.extend(length.as_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body.unwrap_or_default());
    bytes
}

/// Reads all answers on a connection, and checks each.
#[must_use]
pub fn answers(mut bytes: &[u8]) -> Vec<Answer<'_>> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let (answer, rest) = one_answer(bytes);
        answer.judge();
        let is_stream = answer.status == 101;
        answers.push(answer);
        if is_stream {
            judge_stream(rest);
            break;
        }
        bytes = rest;
    }
    answers
}

/// Checks the server's side of a WebSocket: whole, unmasked frames without extensions (RFC 6455 §5.2), with text that our
/// client can read. The last one may be cut off if the client has gone.
fn judge_stream(mut bytes: &[u8]) {
    while let [first, second, rest @ ..] = bytes {
        assert_eq!(first & 0xF0, 0x80, "messages of the server are in one piece");
        assert_eq!(second & 0x80, 0, "a server masks nothing");
        let (head, length) = match second {
            126 => (2, rest.get(..2).map(|it| usize::from(u16::from_be_bytes([it[0], it[1]])))),
            127 => (
                8,
                rest.first_chunk()
                    .map(|it| usize::try_from(u64::from_be_bytes(*it)).expect("it fits")),
            ),
            _ => (0, Some(usize::from(*second))),
        };
        let Some(body) = length.and_then(|length| rest.get(head..head + length)) else {
            return;
        };
        match first & 0x0F {
            1 => judge_frames(body),
            8..=10 => {}
            other => panic!("the server sends no frame of kind {other}"),
        }
        bytes = &rest[head + body.len()..];
    }
}

fn judge_frames(text: &[u8]) {
    let frames: Vec<ServerFrame> = if text.starts_with(b"[") {
        serde_json::from_slice(text).expect("a client can read them")
    } else {
        vec![serde_json::from_slice(text).expect("a client can read it")]
    };
    for frame in frames {
        if let ServerFrame::Answer(AnswerFrame { outcome: BatchResult::Error(problem), .. }) = frame
        {
            assert_ne!(problem.status, 500, "the server broke: {problem}");
        }
    }
}

fn one_answer(bytes: &[u8]) -> (Answer<'_>, &[u8]) {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(bytes)));
    let head = std::str::from_utf8(&bytes[..end]).expect("a head is text");
    let rest = &bytes[end + 4..];
    let mut lines = head.split("\r\n");
    let status_line = lines.next().expect("there is a first line");
    let status = status_line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5)?.parse().ok())
        .unwrap_or_else(|| panic!("no status line: {status_line}"));
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':').expect("a header has a name");
        (name.to_ascii_lowercase(), value.trim())
    });
    let mut answer = Answer { status, headers: headers.collect(), body: Vec::new() };
    let has_body = status >= 200 && !matches!(status, 204 | 304);
    // The answer to HEAD has the length of a body, but no body.
    let is_followed = rest.is_empty() || rest.starts_with(b"HTTP/1.");
    let rest = if answer.header("transfer-encoding") == Some("chunked") && !is_followed {
        chunks(rest, &mut answer.body)
    } else if let Some(length) = answer.header("content-length").filter(|_| has_body) {
        let length: usize = length.parse().expect("a length is a number");
        let length = if is_followed { 0 } else { length };
        assert!(length <= rest.len(), "{} of {length} bytes arrived: {head}", rest.len());
        answer.body.extend(&rest[..length]);
        &rest[length..]
    } else if has_body && !is_followed {
        answer.body.extend(rest);
        &[]
    } else {
        rest
    };
    (answer, rest)
}

/// Reads a body in chunks. A stream ends when its client has gone.
fn chunks<'a>(mut rest: &'a [u8], body: &mut Vec<u8>) -> &'a [u8] {
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else {
            assert!(rest.is_empty(), "a chunk is cut off: {}", String::from_utf8_lossy(rest));
            return rest;
        };
        let size = std::str::from_utf8(&rest[..end]).expect("a size is text");
        let size = usize::from_str_radix(size, 16).expect("a size is hexadecimal");
        let chunk = rest[end + 2..].get(..size + 2).expect("a chunk is whole");
        assert!(chunk.ends_with(b"\r\n"), "a chunk ends with its line");
        body.extend(&chunk[..size]);
        rest = &rest[end + 2 + size + 2..];
        if size == 0 {
            return rest;
        }
    }
}
