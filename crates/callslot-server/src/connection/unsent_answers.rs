//! Answers over HTTP/2 that are being sent: in small pieces, each of which the client must take in time.
//!
//! A client opens a window for each answer, and may leave it closed while its other requests go on. Hyper asks for the next
//! piece once there is room for one, so an answer of which no piece is asked for is one that the client does not take.
//! Start reading at [`WatchedAnswer`].

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, SizeHint};

use crate::connection::limits::MAX_PIECE_BYTES;

/// The answers of a connection that have something to send.
#[derive(Debug, Default)]
pub(crate) struct UnsentAnswers {
    /// By number: during how many checks no piece was asked for.
    waiting: Mutex<HashMap<u64, u32>>,
}

impl UnsentAnswers {
    /// Checks once; returns during how many checks the client has left one of them alone.
    pub(super) fn check(&self) -> u32 {
        let mut waiting = self.waiting();
        waiting.values_mut().for_each(|checks| *checks += 1);
        waiting.values().copied().max().unwrap_or(0)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, u32>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of an answer that counts as unsent whenever it has bytes that the client has no room for.
pub(crate) struct WatchedAnswer {
    body: Body,
    /// What it has given and hyper has not taken.
    rest: Bytes,
    unsent: Arc<UnsentAnswers>,
    number: u64,
}

impl WatchedAnswer {
    /// The answer to the exchange of this number.
    pub(crate) fn new(body: Body, unsent: &Arc<UnsentAnswers>, number: u64) -> Self {
        let answer = Self { body, rest: Bytes::new(), unsent: Arc::clone(unsent), number };
        answer.note_waiting(true);
        answer
    }

    fn note_waiting(&self, is_waiting: bool) {
        let mut waiting = self.unsent.waiting();
        if is_waiting {
            waiting.insert(self.number, 0);
        } else {
            waiting.remove(&self.number);
        }
    }

    fn next_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(MAX_PIECE_BYTES));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl hyper::body::Body for WatchedAnswer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let piece = self.next_piece(context);
        // A stream that has nothing to say waits for nobody.
        self.note_waiting(matches!(piece, Poll::Ready(Some(Ok(_)))));
        piece
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (body, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut all = SizeHint::new();
        all.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            all.set_upper(upper + rest);
        }
        all
    }
}

impl Drop for WatchedAnswer {
    fn drop(&mut self) {
        self.note_waiting(false);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;

    use http_body_util::{Empty, Full};

    use super::*;

    /// Asks for a piece; returns its size, or `None` if there is none yet.
    fn taken(answer: Pin<&mut WatchedAnswer>) -> Option<usize> {
        match answer.poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(piece))) => piece.data_ref().map(Bytes::len),
            Poll::Ready(Some(Err(_)) | None) => Some(0),
            Poll::Pending => None,
        }
    }

    #[test]
    fn an_answer_waits_from_one_piece_to_the_next() {
        let unsent = Arc::new(UnsentAnswers::default());
        let whole = MAX_PIECE_BYTES * 2 + 1;
        let body = Body::new(Full::new(Bytes::from(vec![b'x'; whole])));
        let mut answer = pin!(WatchedAnswer::new(body, &unsent, 1));
        assert_eq!(answer.size_hint().exact(), Some(whole as u64));
        for size in [MAX_PIECE_BYTES, MAX_PIECE_BYTES, 1] {
            assert!(!answer.is_end_stream());
            assert_eq!((unsent.check(), unsent.check()), (1, 2));
            assert_eq!(taken(answer.as_mut()), Some(size));
        }
        assert!(answer.is_end_stream());
    }

    #[test]
    fn a_stream_that_has_nothing_to_say_and_an_answer_that_was_dropped_do_not_wait() {
        let unsent = Arc::new(UnsentAnswers::default());
        let silent = futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>();
        let silent = Body::from_stream(silent);
        let mut silent = pin!(WatchedAnswer::new(silent, &unsent, 1));
        assert_eq!(taken(silent.as_mut()), None);
        assert_eq!(unsent.check(), 0);
        let dropped = WatchedAnswer::new(Body::new(Empty::new()), &unsent, 2);
        assert_eq!(unsent.check(), 1);
        drop(dropped);
        assert_eq!(unsent.check(), 0);
    }
}
