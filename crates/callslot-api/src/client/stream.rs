//! Server-sent events (WHATWG HTML, section 9.2). A stream that breaks is resumed automatically.

use std::io::{BufRead, BufReader, Read};
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
    /// A stream that breaks is opened again after the last event seen.
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
                        failures = 0;
                        last = Some(event.id.clone());
                        if !hand_on(&event) {
                            return Ok(());
                        }
                    }
                }
                Err(error @ (ClientError::Problem(_) | ClientError::Unexpected { .. })) => {
                    return Err(error);
                }
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
}

impl<R: Read> Events<R> {
    fn new(bytes: R) -> Self {
        Self { lines: BufReader::new(bytes).lines() }
    }

    fn next(&mut self) -> Option<StreamedEvent> {
        let mut event =
            StreamedEvent { id: String::new(), name: String::new(), data: String::new() };
        loop {
            let line = self.lines.next()?.ok()?;
            if line.is_empty() && !event.data.is_empty() {
                return Some(event);
            }
            if let Some(id) = line.strip_prefix("id: ") {
                id.clone_into(&mut event.id);
            } else if let Some(name) = line.strip_prefix("event: ") {
                name.clone_into(&mut event.name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                event.data.push_str(data);
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
}
