//! Sends a message to a receiver, and reads what it answers. The guard against private addresses is here, where the connection is
//! made, on the address that is used.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::num::NonZeroU16;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use callslot_node::Stopwatch;
use callslot_webhooks::Allowed;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::webhooks::limits::{
    ANSWER_WITHIN, IDLE_CONNECTIONS, IDLE_FOR, LOOKUPS, MAX_ANSWER_BYTES, MAX_CAUSE_CHARS,
    TRIED_ADDRESSES,
};

/// What all senders share.
#[derive(Debug, Clone)]
pub(crate) struct Outbound {
    tls: Arc<ClientConfig>,
    allowed: Arc<Allowed>,
    lookups: Arc<Semaphore>,
    lookup: Lookup,
}

/// Where a name leads at the moment. It may take long.
type Lookup = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;

impl Outbound {
    pub(crate) fn new(allowed: Allowed) -> Self {
        let of_system = |host: &str, port| {
            let found = (host, port).to_socket_addrs();
            found.map(|found| found.take(TRIED_ADDRESSES).collect())
        };
        Self::with(allowed, of_system)
    }

    fn with(allowed: Allowed, lookup: Lookup) -> Self {
        let tls = ClientConfig::builder().with_webpki_roots().with_no_client_auth();
        Self {
            tls: Arc::new(tls),
            allowed: Arc::new(allowed),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            lookup,
        }
    }

    /// The networks that the operator allows.
    pub(crate) fn allowed(&self) -> &Allowed {
        &self.allowed
    }
}

/// What a receiver answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: Option<StatusCode>,
    pub(crate) has_retry_after: bool,
    /// At most [`MAX_ANSWER_BYTES`].
    pub(crate) body: Vec<u8>,
    /// Why there is no answer, or not a whole one.
    pub(crate) cause: Option<String>,
    pub(crate) took: Duration,
}

impl Answer {
    pub(crate) fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| status.is_success())
    }

    /// What went wrong, for people.
    pub(crate) fn said_cause(&self) -> Option<String> {
        match (self.status, &self.cause) {
            (Some(status), None) if status.is_success() => None,
            (Some(status), None) if status.is_redirection() => {
                Some(format!("it answered {}; redirects are not followed", status.as_u16()))
            }
            (Some(status), None) => Some(format!("it answered {}", status.as_u16())),
            (_, Some(cause)) => Some(cause.chars().take(MAX_CAUSE_CHARS).collect()),
            (None, None) => Some("no answer came".to_owned()),
        }
    }
}

/// The headers that sign a message.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) id: String,
    pub(crate) timestamp_s: u64,
    pub(crate) signatures: String,
}

/// Sends to one receiver. It has connections of its own, so that no other receiver can hold them up.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    client: Client<HttpsConnector<Guarded>, Full<Bytes>>,
}

impl Sender {
    pub(crate) fn new(outbound: &Outbound) -> Self {
        let guarded = Guarded {
            allowed: Arc::clone(&outbound.allowed),
            of_all: Arc::clone(&outbound.lookups),
            // One that hangs leaves the threads for lookups to others.
            own: Arc::new(Semaphore::new(1)),
            lookup: outbound.lookup,
        };
        let connector = HttpsConnector::from((guarded, Arc::clone(&outbound.tls)));
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_idle_timeout(IDLE_FOR)
            .pool_timer(hyper_util::rt::TokioTimer::new())
            .build(connector);
        Self { client }
    }

    /// Sends a message, and returns once the answer is there or time is up.
    pub(crate) async fn send(&self, url: &str, signed: &Signed, body: Bytes) -> Answer {
        let watch = Stopwatch::start();
        let request = Request::post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("callslot/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &signed.id)
            .header("webhook-timestamp", signed.timestamp_s)
            .header("webhook-signature", &signed.signatures)
            .body(Full::new(body));
        let mut answer = Answer {
            status: None,
            has_retry_after: false,
            body: Vec::new(),
            cause: None,
            took: Duration::ZERO,
        };
        match request {
            Ok(request) => {
                let exchange = self.exchange(request, &mut answer);
                if tokio::time::timeout(ANSWER_WITHIN, exchange).await.is_err() {
                    let within = ANSWER_WITHIN.as_secs();
                    answer.cause = Some(format!("no whole answer came within {within} s"));
                    answer.status = None;
                }
            }
            Err(error) => answer.cause = Some(format!("the request cannot be made: {error}")),
        }
        answer.took = watch.elapsed();
        answer
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, answer: &mut Answer) {
        let response: Response<Incoming> = match self.client.request(request).await {
            Ok(response) => response,
            Err(error) => {
                answer.cause = Some(innermost(&error));
                return;
            }
        };
        answer.has_retry_after = response.headers().contains_key(RETRY_AFTER);
        let status = response.status();
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                answer.cause = Some("the connection broke off within the answer".to_owned());
                return;
            };
            let Ok(data) = frame.into_data() else { continue };
            let room = MAX_ANSWER_BYTES - answer.body.len();
            answer.body.extend_from_slice(&data[..room.min(data.len())]);
            if answer.body.len() == MAX_ANSWER_BYTES {
                // The rest is not read, so the connection is of no use any more.
                break;
            }
        }
        answer.status = Some(status);
    }
}

/// A receiver's address for the log: without a user and a query, which may hold a secret.
pub(crate) fn without_query(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = shown.split_once("://") else { return shown.to_owned() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// The port of a receiver's address; that of its scheme where none is written. None if what is written is no port: earlier versions
/// kept such addresses, and libraries take them for addresses without one, which lead to somebody else.
fn port_of(uri: &Uri) -> Option<u16> {
    let host_and_port = uri.authority()?.as_str().rsplit('@').next()?;
    match host_and_port.strip_prefix(uri.host()?)?.trim_start_matches(':') {
        "" if uri.scheme_str() == Some("https") => Some(443),
        "" => Some(80),
        port => port.parse::<NonZeroU16>().ok().map(NonZeroU16::get),
    }
}

/// The cause of a failure, without the words of those that pass it on.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Makes connections, to permitted addresses alone.
#[derive(Debug, Clone)]
struct Guarded {
    allowed: Arc<Allowed>,
    of_all: Arc<Semaphore>,
    own: Arc<Semaphore>,
    lookup: Lookup,
}

/// Why there is no connection.
#[derive(Debug)]
enum NoConnection {
    Unknown(String),
    NotPublic(String),
    NoPort(String),
    Failed(io::Error),
}

impl fmt::Display for NoConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(host) => write!(f, "the name {host} is not known"),
            // Not which address it is: where names lead inside the network is nobody's business.
            Self::NotPublic(host) => write!(
                f,
                "the address of {host} is not an address of the public internet; the operator can allow its network with --webhook-allow"
            ),
            Self::NoPort(host) => write!(
                f,
                "the port behind {host} is not a number from 1 to 65,535; change the webhook's `url`"
            ),
            Self::Failed(error) => write!(f, "no connection: {error}"),
        }
    }
}

impl std::error::Error for NoConnection {}

impl Service<Uri> for Guarded {
    type Response = TokioIo<TcpStream>;
    type Error = NoConnection;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NoConnection>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoConnection>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let guarded = self.clone();
        Box::pin(async move { guarded.connect(&uri).await })
    }
}

impl Guarded {
    async fn connect(&self, uri: &Uri) -> Result<TokioIo<TcpStream>, NoConnection> {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = port_of(uri).ok_or_else(|| NoConnection::NoPort(host.clone()))?;
        let addresses = self.addresses(host.clone(), port).await?;
        let mut failure = NoConnection::Unknown(host.clone());
        for address in addresses {
            if !self.allowed.permits(address.ip()) {
                failure = NoConnection::NotPublic(host.clone());
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Answers are short; nothing is gained by waiting for more.
                    let _ = stream.set_nodelay(true);
                    return Ok(TokioIo::new(stream));
                }
                Err(error) => failure = NoConnection::Failed(error),
            }
        }
        Err(failure)
    }

    async fn addresses(&self, host: String, port: u16) -> Result<Vec<SocketAddr>, NoConnection> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let own = Arc::clone(&self.own).acquire_owned().await;
        let of_all = Arc::clone(&self.of_all).acquire_owned().await;
        let (unknown, lookup) = (NoConnection::Unknown(host.clone()), self.lookup);
        let found = tokio::task::spawn_blocking(move || {
            // Held until the lookup ends, even if nobody waits for it any more.
            let _turn = (own, of_all);
            lookup(&host, port)
        });
        found.await.ok().and_then(Result::ok).ok_or(unknown)
    }
}

#[cfg(test)]
#[path = "sender/tests.rs"]
mod tests;
