//! Unread request bodies: the body of a refused request still arrives, and unless it is read the connection cannot be
//! reused. Small bodies are read and discarded; hyper closes a connection with a large one.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::connection::limits::{DRAIN_BODY_TIMEOUT, MAX_DRAINED_BODY_BYTES};

/// A body that is read to its end even if its request has been refused.
pub(crate) struct ReadToEnd(Option<Incoming>);

impl ReadToEnd {
    pub(crate) fn new(body: Incoming) -> Self {
        Self(Some(body))
    }
}

impl Body for ReadToEnd {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.0 {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for ReadToEnd {
    fn drop(&mut self) {
        let Some(mut body) = self.0.take() else {
            return;
        };
        if body.is_end_stream() || body.size_hint().lower() > MAX_DRAINED_BODY_BYTES {
            return;
        }
        tokio::spawn(async move {
            // A chunked body does not declare its size.
            let reading = async {
                let mut left = MAX_DRAINED_BODY_BYTES;
                while let Some(Ok(frame)) = body.frame().await {
                    let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
                    let Some(rest) = left.checked_sub(bytes) else { return };
                    left = rest;
                }
            };
            // A client that does not send the rest in time loses the connection.
            let _ = tokio::time::timeout(DRAIN_BODY_TIMEOUT, reading).await;
        });
    }
}
