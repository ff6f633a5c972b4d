//! A connection, whichever way it goes: [`Link`].

use std::time::Duration;

use callslot_api::{Client, ServerFrame};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::Connector;
use tokio_tungstenite::tungstenite::handshake::client::Request as Handshake;

use crate::http_lease::{self, HttpLease};
use crate::settings::Settings;
use crate::stream::{self, Gone, Out, Stream};

/// What reads, what is written to, and what writes.
pub(crate) struct Link {
    pub(crate) reader: Reader,
    pub(crate) out: mpsc::Sender<Out>,
    /// Ends once `out` is dropped.
    pub(crate) writer: JoinHandle<()>,
}

/// The half that reads.
pub(crate) enum Reader {
    Stream(Stream),
    Http(HttpLease),
}

impl Reader {
    /// The connection's own lease.
    pub(crate) fn lease(&self) -> &str {
        match self {
            Self::Stream(stream) => &stream.lease,
            Self::Http(http) => &http.lease,
        }
    }

    /// How many calls a `resume` may name.
    pub(crate) fn resumes_at_most(&self) -> usize {
        match self {
            Self::Stream(_) => stream::RESUMED_AT_MOST,
            Self::Http(_) => usize::MAX,
        }
    }

    /// The next frames: none if the server only showed that it lives.
    pub(crate) async fn receive(&mut self) -> Result<Vec<ServerFrame>, Gone> {
        match self {
            Self::Stream(stream) => stream.receive().await,
            Self::Http(http) => http.receive().await,
        }
    }
}

/// Connects over the engine stream.
pub(crate) async fn stream(
    handshake: Handshake,
    connector: Option<Connector>,
    settings: Settings,
) -> Result<Link, Gone> {
    let silence = stream::heartbeat(&settings).mul_f64(1.5);
    let (stream, sink) = stream::open(handshake, connector, silence).await?;
    let (out, written) = mpsc::channel(2);
    let writer = tokio::spawn(stream::write(sink, written));
    Ok(Link { reader: Reader::Stream(stream), out, writer })
}

/// Opens a lease over plain HTTP.
pub(crate) async fn http(api: Client, grace: Duration) -> Result<Link, Gone> {
    let (http, desk) = http_lease::open(api, grace).await?;
    let (out, written) = mpsc::channel(2);
    let writer = tokio::spawn(desk.write(written));
    Ok(Link { reader: Reader::Http(http), out, writer })
}
