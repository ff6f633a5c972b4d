//! HTTP/1.1: a kept connection that sends one request after the other.
//!
//! It does only what the load needs, so that the client takes little of the machine: a request is one write, and of an answer
//! only the status, the length and the body are read. All answers of this server have a length.

use std::fmt::Write as _;
use std::sync::Arc;

use callslot_api::{CallStart, CallState, Problem};
use httparse::{EMPTY_HEADER, Response, Status};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::commands::server::bench::target::{Refused, Target, refusal};

/// How many headers an answer may have, and how long it may be.
const MAX_HEADERS: usize = 64;
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    /// The part of a request's head that is always the same.
    headers: String,
    request: String,
    /// The part of an answer read so far.
    answer: Vec<u8>,
}

/// An answer's body, and the fields of its head.
struct Head {
    status: u16,
    begins: usize,
    length: usize,
}

impl Connection {
    pub async fn open(target: Arc<Target>) -> Result<Self, Refused> {
        let failed = |error| format!("no connection to {}: {error}", target.authority);
        let stream = TcpStream::connect(target.address).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let mut headers = format!(
            "HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n",
            target.authority, target.key
        );
        if let Some(org) = &target.org {
            let _ = write!(headers, "callslot-org: {org}\r\n");
        }
        Ok(Self { stream, headers, request: String::new(), answer: Vec::new() })
    }

    /// Starts a call and returns its state.
    pub async fn start(&mut self, start: &CallStart) -> Result<CallState, Refused> {
        #[derive(Deserialize)]
        struct CallHead {
            state: CallState,
        }
        let body = serde_json::to_string(start).expect("the API's types can be written");
        let answer = self.post("/v1/calls", &body).await?;
        let call: CallHead = serde_json::from_slice(answer)
            .map_err(|error| format!("an answer that is not a call: {error}"))?;
        Ok(call.state)
    }

    pub async fn end(&mut self, id: &str) -> Result<(), Refused> {
        self.post(&format!("/v1/calls/{id}/end"), "").await.map(drop)
    }

    /// Asks; returns the body of an answer that is a success.
    async fn post(&mut self, path: &str, body: &str) -> Result<&[u8], Refused> {
        let Self { stream, headers, request, answer } = self;
        request.clear();
        let length = body.len();
        let _ = write!(request, "POST {path} {headers}content-length: {length}\r\n\r\n{body}");
        let lost = |why: &dyn std::fmt::Display| format!("the connection was lost: {why}");
        stream.write_all(request.as_bytes()).await.map_err(|error| lost(&error))?;
        answer.clear();
        let Head { status, begins, length } = loop {
            let read = stream.read_buf(answer).await.map_err(|error| lost(&error))?;
            match head(answer)? {
                Some(head) if answer.len() >= head.begins + head.length => break head,
                Some(_) | None if read == 0 => return Err(lost(&"the server has closed it")),
                Some(_) | None if answer.len() > MAX_ANSWER_BYTES => {
                    return Err(format!("an answer of more than {MAX_ANSWER_BYTES} bytes"));
                }
                Some(_) | None => {}
            }
        };
        let body = &answer[begins..begins + length];
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let problem = serde_json::from_slice::<Problem>(body);
        Err(problem.map_or_else(|_| format!("status {status}"), |problem| refusal(&problem)))
    }
}

/// The head of an answer, once all of it is there.
fn head(answer: &[u8]) -> Result<Option<Head>, Refused> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = Response::new(&mut headers);
    let Status::Complete(begins) =
        parsed.parse(answer).map_err(|error| format!("an answer that is not HTTP: {error}"))?
    else {
        return Ok(None);
    };
    let status = parsed.code.unwrap_or_default();
    let length = parsed.headers.iter().find(|it| it.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|it| str::from_utf8(it.value).ok()?.parse().ok());
    let length = length.ok_or("an answer without a length")?;
    Ok(Some(Head { status, begins, length }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_once_its_head_is_there_and_needs_a_length() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        let Head { status, begins, length } = head(whole).expect("HTTP").expect("a whole head");
        assert_eq!((status, &whole[begins..begins + length]), (201, &b"{}"[..]));
        assert!(head(&whole[..30]).expect("HTTP so far").is_none());
        for wrong in ["HTTP/1.1 200 OK\r\n\r\n", "220 mail.example ESMTP\r\n\r\n"] {
            assert!(head(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
