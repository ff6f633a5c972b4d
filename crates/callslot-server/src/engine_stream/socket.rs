//! The socket of a connected engine: messages with bounds on their size and on how long they may take, and an end with a
//! code and a reason (RFC 6455 §7.4).

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use callslot_api::limits::MAX_BODY_BYTES;

use crate::limits::{
    ENGINE_CLOSES_WITHIN, ENGINE_READ_BYTES, ENGINE_TAKES_WITHIN, FULL_MESSAGE_BYTES,
};

/// The longest reason that a close frame can hold, in bytes.
const MAX_REASON_BYTES: usize = 123;

/// What comes from an engine.
pub(crate) enum Heard {
    Message(Utf8Bytes),
    /// A ping or a pong.
    SignOfLife,
    /// What the protocol has no room for: with which code and why the connection is to be closed.
    Wrong(CloseCode, &'static str),
    /// It closed the connection, or the connection broke.
    Gone,
}

/// Why a message was not taken.
pub(crate) enum NotTaken {
    TooSlow,
    Gone,
}

pub(crate) struct Socket(WebSocketStream<TokioIo<Upgraded>>);

impl Socket {
    pub(crate) async fn new(upgraded: Upgraded) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(ENGINE_READ_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_BODY_BYTES))
            .max_frame_size(Some(MAX_BODY_BYTES));
        let stream = TokioIo::new(upgraded);
        Self(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await)
    }

    /// What comes next. Cancel-safe.
    pub(crate) async fn hear(&mut self) -> Heard {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Heard::Message(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Heard::SignOfLife,
            Some(Ok(Message::Binary(_))) => {
                Heard::Wrong(CloseCode::Unsupported, "messages are text: JSON in UTF-8")
            }
            Some(Err(Error::Capacity(_))) => Heard::Wrong(
                CloseCode::Size,
                "a message may have 1 MiB; send fewer frames at a time",
            ),
            Some(Err(Error::Utf8(_))) => {
                Heard::Wrong(CloseCode::Invalid, "the message is not UTF-8")
            }
            Some(Err(Error::Protocol(_))) => {
                Heard::Wrong(CloseCode::Protocol, "this is not as RFC 6455 has it")
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Gone,
        }
    }

    /// Sends a message, if it is taken in time.
    pub(crate) async fn send(&mut self, message: Message) -> Result<(), NotTaken> {
        let sending = tokio::time::timeout(ENGINE_TAKES_WITHIN, self.0.send(message));
        sending.await.map_err(|_| NotTaken::TooSlow)?.map_err(|_| NotTaken::Gone)
    }

    /// Ends the connection. What the client sends until it has heard of it is read and thrown away: closed before, the
    /// connection would be reset, and the reason lost.
    pub(crate) async fn close(mut self, code: CloseCode, reason: &str) {
        let reason = reason.get(..MAX_REASON_BYTES).unwrap_or(reason);
        let frame = CloseFrame { code, reason: reason.into() };
        let closing = async {
            self.0.close(Some(frame)).await?;
            self.hang_up().await
        };
        // Whoever does not take it in time is cut off.
        let _ = tokio::time::timeout(ENGINE_CLOSES_WITHIN, closing).await;
    }

    /// Ends a connection that the client has closed.
    pub(crate) async fn leave(mut self) {
        let closing = async {
            // Says that its close was heard.
            while self.0.next().await.is_some() {}
            self.hang_up().await
        };
        let _ = tokio::time::timeout(ENGINE_CLOSES_WITHIN, closing).await;
    }

    async fn hang_up(&mut self) -> Result<(), Error> {
        let stream = self.0.get_mut();
        stream.shutdown().await?;
        let mut unread = vec![0; ENGINE_READ_BYTES];
        while stream.read(&mut unread).await? > 0 {}
        Ok(())
    }
}

/// Frames that wait to be sent, in messages of many.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    full: Vec<Utf8Bytes>,
    /// An array that is not closed yet.
    open: Vec<u8>,
    frames: usize,
}

impl Outbox {
    pub(crate) fn push(&mut self, frame: &impl Serialize) {
        if self.open.len() >= FULL_MESSAGE_BYTES {
            self.finish();
        }
        self.open.push(if self.frames == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut self.open, frame).expect("our own types can be written");
        self.frames += 1;
    }

    /// Whether there is a message's worth.
    pub(crate) fn is_full(&self) -> bool {
        !self.full.is_empty() || self.open.len() >= FULL_MESSAGE_BYTES
    }

    /// The messages.
    pub(crate) fn take(&mut self) -> Vec<Utf8Bytes> {
        self.finish();
        std::mem::take(&mut self.full)
    }

    fn finish(&mut self) {
        let mut message = std::mem::take(&mut self.open);
        match std::mem::take(&mut self.frames) {
            0 => return,
            1 => drop(message.drain(..1)),
            _ => message.push(b']'),
        }
        self.full.push(message.try_into().expect("JSON is UTF-8"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_frame_goes_by_itself_and_many_in_arrays_of_a_bounded_size() {
        let mut outbox = Outbox::default();
        assert!(outbox.take().is_empty());
        outbox.push(&1);
        assert_eq!(outbox.take(), ["1"]);
        outbox.push(&1);
        outbox.push(&2);
        assert_eq!(outbox.take(), ["[1,2]"]);
        let large = "x".repeat(FULL_MESSAGE_BYTES);
        for _ in 0..3 {
            outbox.push(&large);
            assert!(outbox.is_full());
        }
        assert_eq!(outbox.take(), vec![format!("\"{large}\""); 3]);
    }
}
