//! The socket of a connected engine: messages with a bound on their size, a bound on what an engine that does not read is
//! sent, and an end with a code and a reason (RFC 6455 §7.4).

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use callslot_api::limits::MAX_BODY_BYTES;
use callslot_engine_stream::Goodbye;

use crate::connection::activity::Activity;
use crate::engine_stream::engine::now;
use crate::engine_stream::limits::{
    CLOSES_WITHIN, MAX_UNREAD_PONG_BYTES, PONG_HEAD_BYTES, READ_BYTES,
};
use crate::engine_stream::unfinished_message::UnfinishedMessage;

/// The longest reason that a close frame can hold, in bytes.
const MAX_REASON_BYTES: usize = 123;

/// What comes from an engine.
pub(crate) enum Heard {
    Message(Utf8Bytes),
    /// A ping or a pong.
    SignOfLife,
    /// It has taken the message that was sent.
    Sent,
    /// Something that the protocol does not allow: with which code and why the connection is to be closed.
    Wrong(CloseCode, &'static str),
    /// It closed the connection, or the connection broke.
    Gone,
}

pub(crate) struct Socket {
    stream: WebSocketStream<TokioIo<Upgraded>>,
    is_sending: bool,
    /// What is known of the connection below: whether the client reads.
    activity: Arc<Activity>,
    /// How many bytes of pongs wait behind what the client does not read.
    unread_pong_bytes: usize,
    unfinished: UnfinishedMessage,
}

impl Socket {
    pub(crate) async fn new(upgraded: Upgraded, activity: Arc<Activity>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_BODY_BYTES))
            .max_frame_size(Some(MAX_BODY_BYTES));
        let stream = TokioIo::new(upgraded);
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        let unfinished = UnfinishedMessage::new(activity.read_bytes());
        Self { stream, is_sending: false, activity, unread_pong_bytes: 0, unfinished }
    }

    /// What comes next: while a message is on its way, that it was taken. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Heard {
        if self.is_sending {
            let sent = self.stream.flush().await;
            self.is_sending = false;
            return if sent.is_ok() { Heard::Sent } else { Heard::Gone };
        }
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => {
                self.unfinished.note_message(self.activity.read_bytes());
                Heard::Message(text)
            }
            Some(Ok(Message::Ping(payload))) if self.finishes_in_time(payload.len()) => {
                self.hear_ping(payload.len())
            }
            Some(Ok(Message::Pong(payload))) if self.finishes_in_time(payload.len()) => {
                Heard::SignOfLife
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Wrong(
                CloseCode::Policy,
                "a message has to arrive within 30 s; send its parts at once, or fewer frames",
            ),
            Some(Ok(Message::Frame(_))) => Heard::SignOfLife,
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
                Heard::Wrong(CloseCode::Protocol, "this violates RFC 6455")
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Gone,
        }
    }

    /// Whether the message that the engine sends, if it does, has not taken too long by this ping or pong.
    fn finishes_in_time(&mut self, payload_bytes: usize) -> bool {
        !self.unfinished.is_overdue(now(), payload_bytes, self.activity.read_bytes())
    }

    /// A ping is answered at once, whatever else waits, so the answers to a client that reads nothing pile up.
    fn hear_ping(&mut self, payload_bytes: usize) -> Heard {
        if self.activity.is_blocked() {
            self.unread_pong_bytes += PONG_HEAD_BYTES + payload_bytes;
        } else {
            self.unread_pong_bytes = 0;
        }
        if self.unread_pong_bytes > MAX_UNREAD_PONG_BYTES {
            return Heard::Wrong(
                CloseCode::Again,
                "read the answers to pings; reconnect and resume",
            );
        }
        Heard::SignOfLife
    }

    /// Begins to send a message; [`Socket::next`] says when the client has taken it.
    pub(crate) fn send(&mut self, message: Message) {
        // A connection that is broken says so again when it is flushed.
        let _ = self.stream.start_send_unpin(message);
        self.is_sending = true;
    }

    /// Ends the connection.
    pub(crate) async fn end(self, goodbye: Goodbye) {
        match goodbye {
            Goodbye::Left => self.leave().await,
            Goodbye::Close { code, reason, .. } => self.close(code.into(), &reason).await,
        }
    }

    /// Closes the connection. What the client sends until it has heard of it is read and thrown away: closed before, the
    /// connection would be reset, and the reason lost.
    async fn close(mut self, code: CloseCode, reason: &str) {
        let reason = reason.get(..MAX_REASON_BYTES).unwrap_or(reason);
        let frame = CloseFrame { code, reason: reason.into() };
        let closing = async {
            self.stream.close(Some(frame)).await?;
            self.hang_up().await
        };
        // A client that does not take it in time is cut off.
        let _ = tokio::time::timeout(CLOSES_WITHIN, closing).await;
    }

    /// Ends a connection that the client has closed.
    async fn leave(mut self) {
        let closing = async {
            // Says that its close was heard.
            while self.stream.next().await.is_some() {}
            self.hang_up().await
        };
        let _ = tokio::time::timeout(CLOSES_WITHIN, closing).await;
    }

    async fn hang_up(&mut self) -> Result<(), Error> {
        let stream = self.stream.get_mut();
        stream.shutdown().await?;
        let mut unread = vec![0; READ_BYTES];
        while stream.read(&mut unread).await? > 0 {}
        Ok(())
    }
}
