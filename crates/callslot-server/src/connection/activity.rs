//! What is counted on a connection: its bytes, its requests, and its place among the open connections.
//!
//! It judges nothing; `watchdog.rs` checks the counts. Start reading at [`Activity`].

use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker, ready};

use axum::http::Version;
use prometheus_client::metrics::gauge::Gauge;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::{Sleep, sleep};

use crate::connection::limits::LOOK_BEHIND_BYTES_EVERY;
use crate::connection::unsent_answers::UnsentAnswers;

/// The activity of a connection.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    /// Bytes received and sent.
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
    /// Bytes that were decrypted of those received, if the connection speaks TLS.
    decrypted: AtomicU64,
    is_encrypted: AtomicBool,
    /// The client is not reading at the moment.
    pub(super) is_blocked: AtomicBool,
    /// Several requests share the connection (HTTP/2), and some of its bytes belong to none of them.
    pub(super) is_shared: AtomicBool,
    /// Exchanges begun and ended.
    pub(super) begun: AtomicU64,
    pub(super) ended: AtomicU64,
    /// How much had been read when the last exchange ended; anything more is part of the next request.
    pub(super) read_at_end: AtomicU64,
    /// How many requests want to know at once when the client has left.
    awaiting_end: AtomicU64,
    /// Answers that the client has no room for (HTTP/2).
    pub(crate) unsent: Arc<UnsentAnswers>,
    /// Notified when the connection is to be cut off.
    pub(super) cut: Notify,
}

impl Activity {
    /// Records the HTTP version of a request.
    pub(crate) fn note_version(&self, version: Version) {
        if version == Version::HTTP_2 {
            self.is_shared.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the client takes nothing of what it is sent at the moment.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_blocked.load(Ordering::Relaxed)
    }

    /// How many bytes the client has sent, without what TLS puts around them.
    pub(crate) fn read_bytes(&self) -> u64 {
        let is_encrypted = self.is_encrypted.load(Ordering::Relaxed);
        let counted = if is_encrypted { &self.decrypted } else { &self.read };
        counted.load(Ordering::Relaxed)
    }

    /// Records that bytes of a connection with TLS were decrypted.
    pub(crate) fn note_decrypted(&self, bytes: u64) {
        self.is_encrypted.store(true, Ordering::Relaxed);
        self.decrypted.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How many bytes were read, and how many exchanges have begun and ended.
    #[cfg(fuzzing)]
    pub(crate) fn counts(&self) -> (u64, u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.read), count(&self.begun), count(&self.ended))
    }
}

/// A request that ends when its client leaves, also if the client has sent more behind it. Over HTTP/1.1 hyper reads nothing more until
/// the answer is there, and so would not see the end.
#[derive(Debug)]
pub(crate) struct AwaitingEnd(Arc<Activity>);

impl AwaitingEnd {
    /// Has the connection look for its end until this is dropped.
    pub(crate) fn of(activity: &Arc<Activity>) -> Self {
        activity.awaiting_end.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for AwaitingEnd {
    fn drop(&mut self) {
        self.0.awaiting_end.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream of which one can see that its client has left without reading what is left of it.
pub(crate) trait SeesEnd {
    /// Whether nothing more will come. Pending if nothing is left now, or that cannot be seen. Who is told `false` has to ask again.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>>;
}

impl SeesEnd for TcpStream {
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut byte = [0];
        let bytes = ready!(self.poll_peek(context, &mut ReadBuf::new(&mut byte)))?;
        Poll::Ready(Ok(bytes == 0 || is_closed(self)))
    }
}

/// Whether the client has closed a connection from which something is left to read. The system says so beside the bytes.
fn is_closed(stream: &TcpStream) -> bool {
    let ready = pin!(stream.ready(Interest::READABLE));
    match ready.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(ready)) => ready.is_read_closed(),
        Poll::Ready(Err(_)) => true,
        Poll::Pending => false,
    }
}

#[cfg(fuzzing)]
impl SeesEnd for tokio::io::DuplexStream {
    fn poll_end(&mut self, _: &mut Context<'_>) -> Poll<io::Result<bool>> {
        Poll::Pending
    }
}

/// A request being answered, or a stream being sent.
#[derive(Debug)]
pub(crate) struct Exchange(Arc<Activity>);

impl Exchange {
    /// Begins one on the connection.
    pub(crate) fn begin(activity: &Arc<Activity>) -> Self {
        activity.begun.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let read = self.0.read.load(Ordering::Relaxed);
        self.0.read_at_end.store(read, Ordering::Relaxed);
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// A client's socket that counts its bytes.
#[derive(Debug)]
pub(crate) struct CountedStream<S> {
    stream: S,
    activity: Arc<Activity>,
    /// When to look again for the end behind bytes that are left.
    look_again: Option<Pin<Box<Sleep>>>,
}

impl<S> CountedStream<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity, look_again: None }
    }

    /// Has the task that serves the connection look again: bytes that are left keep the end from waking it.
    fn look_again_later(&mut self, context: &mut Context<'_>) {
        let later = || Box::pin(sleep(LOOK_BEHIND_BYTES_EVERY));
        let due = self.look_again.get_or_insert_with(later);
        while due.as_mut().poll(context).is_ready() {
            *due = later();
        }
    }

    fn note(&self, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.activity.is_blocked.store(outcome.is_pending(), Ordering::Relaxed);
        if let Poll::Ready(Ok(bytes)) = &outcome {
            self.activity.written.fetch_add(*bytes as u64, Ordering::Relaxed);
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CountedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        let bytes = buffer.filled().len() - before;
        self.activity.read.fetch_add(bytes as u64, Ordering::Relaxed);
        outcome
    }
}

impl<S: AsyncWrite + SeesEnd + Unpin> AsyncWrite for CountedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.note(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Hyper flushes whenever it has looked at the request that it answers. HTTP/2 reads on meanwhile.
        let awaits_end = self.activity.awaiting_end.load(Ordering::Relaxed) > 0
            && !self.activity.is_shared.load(Ordering::Relaxed);
        if awaits_end {
            match self.stream.poll_end(context) {
                Poll::Ready(Ok(true) | Err(_)) => {
                    return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
                }
                Poll::Ready(Ok(false)) => self.look_again_later(context),
                Poll::Pending => {}
            }
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A connection's place among those that may be open. It is released when everything on the connection has ended: its
/// requests, and what it became by an upgrade.
pub(crate) struct Place {
    _room: OwnedSemaphorePermit,
    _counted: CountedConnection,
}

impl Place {
    pub(crate) fn new(room: OwnedSemaphorePermit, counted: CountedConnection) -> Self {
        Self { _room: room, _counted: counted }
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Place")
    }
}

/// Counts a connection on a gauge until it is dropped.
pub(crate) struct CountedConnection(Gauge);

impl CountedConnection {
    /// Adds one to the gauge.
    pub(crate) fn of(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for CountedConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}
