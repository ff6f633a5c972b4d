//! Server-sent events (WHATWG HTML, section 9.2). A stream that breaks is resumed automatically.

use std::io::{BufRead, BufReader, Read};
use std::mem::take;
use std::thread::sleep;
use std::time::Duration;

use super::{Client, ClientError, query};

/// The first pause before a stream that broke is opened again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How often in a row a stream is opened again before its reader is told.
const ATTEMPTS: u32 = 12;

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamedEvent {
    /// Its number in the organisation.
    pub id: String,
    /// Its name, such as `call.started`.
    pub name: String,
    /// Its data, JSON.
    pub data: String,
}

impl Client {
    /// Follows the organisation's events after `after`, handing each on until `hand_on` says to stop.
    ///
    /// A stream that breaks is opened again after the last event seen or passed over.
    ///
    /// # Errors
    /// [`ClientError`] when the server refuses, or cannot be reached for a minute.
    pub fn follow(
        &self,
        after: Option<&str>,
        filters: &[(&str, &str)],
        mut hand_on: impl FnMut(&StreamedEvent) -> bool,
    ) -> Result<(), ClientError> {
        let mut last = after.map(str::to_owned);
        let mut failures = 0;
        let (first_pause, longest) = PAUSES;
        loop {
            let mut parameters = filters.to_vec();
            if let Some(last) = &last {
                parameters.push(("after", last));
            }
            let opened = self.exchange(
                "GET",
                &format!("/v1/events{}", query(&parameters)),
                None::<&()>,
                &[("accept", "text/event-stream".into())],
            );
            match opened {
                Ok(answer) => {
                    let (_, body) = answer.into_parts();
                    let mut events = Events::new(body.into_reader());
                    while let Some(event) = events.next() {
                        if !hand_on(&event) {
                            return Ok(());
                        }
                    }
                    if events.last_id.is_some() {
                        failures = 0;
                        last = events.last_id;
                    }
                }
                Err(
                    error @ (ClientError::Problem(_)
                    | ClientError::Unsendable { .. }
                    | ClientError::Unexpected { .. }),
                ) => return Err(error),
                Err(error @ ClientError::Unreachable { .. }) if failures >= ATTEMPTS => {
                    return Err(error);
                }
                Err(ClientError::Unreachable { .. }) => {}
            }
            failures += 1;
            sleep((first_pause * failures).min(longest));
        }
    }
}

/// Events read from a stream's bytes. Ends when the stream does.
struct Events<R: Read> {
    lines: std::io::Lines<BufReader<R>>,
    /// The number that came last, with an event or alone.
    last_id: Option<String>,
}

impl<R: Read> Events<R> {
    fn new(bytes: R) -> Self {
        Self { lines: BufReader::new(bytes).lines(), last_id: None }
    }

    fn next(&mut self) -> Option<StreamedEvent> {
        let (mut id, mut name, mut data) = (None, String::new(), String::new());
        loop {
            let line = self.lines.next()?.ok()?;
            if line.is_empty() {
                self.last_id = id.take().or(self.last_id.take());
                let name = take(&mut name);
                if !data.is_empty() {
                    let id = self.last_id.clone().unwrap_or_default();
                    return Some(StreamedEvent { id, name, data });
                }
            } else if let Some(came) = line.strip_prefix("id: ") {
                id = Some(came.to_owned());
            } else if let Some(came) = line.strip_prefix("event: ") {
                came.clone_into(&mut name);
            } else if let Some(came) = line.strip_prefix("data: ") {
                data.push_str(came);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_apart_and_comments_passed_over() {
        let bytes = ": still here\n\nid: 1\nevent: call.queued\ndata: {\"seq\":1}\n\nid: 2\nevent: call.ended\ndata: {}\n\n";
        let mut events = Events::new(bytes.as_bytes());
        let first = events.next().expect("an event");
        assert_eq!((first.id.as_str(), first.name.as_str()), ("1", "call.queued"));
        assert_eq!(first.data, "{\"seq\":1}");
        assert_eq!(events.next().expect("an event").id, "2");
        assert_eq!(events.next(), None);
    }

    #[test]
    fn a_number_alone_is_no_event_and_is_where_the_stream_resumes() {
        let bytes = ": open\nid: 7\n\nid: 8\nevent: call.ended\ndata: {}\n\nid: 9\n\nid: 10\nevent: call.que";
        let mut events = Events::new(bytes.as_bytes());
        assert_eq!(events.next().expect("an event").id, "8");
        assert_eq!(events.next(), None);
        assert_eq!(events.last_id.as_deref(), Some("9"), "10 did not come completely");
        let mut quiet = Events::new(&b": open\nid: 7\n\n"[..]);
        assert_eq!((quiet.next(), quiet.last_id.as_deref()), (None, Some("7")));
    }
}
