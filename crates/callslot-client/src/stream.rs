//! The engine stream: one WebSocket to `GET /v1/connect`, as frames.

use std::fmt::Display;
use std::time::Duration;

use callslot_api::{ClientFrame, Problem, ProblemCode, ServerFrame, ToldFrame};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config as connect,
};

use crate::settings::Settings;
use crate::status::Error;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// The server takes 1 MiB in a message.
const MESSAGE_BYTES: usize = 900 * 1024;
/// Ids in one `resume`: 128 characters each stay within that.
pub(crate) const RESUMED_AT_MOST: usize = 7_000;
/// The longest pause that an answer may ask for before the next attempt.
const LONGEST_RETRY_S: u64 = 60;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why a connection is gone, or could not be made.
#[derive(Debug)]
pub(crate) enum Gone {
    /// It may be had again.
    Lost {
        /// What happened.
        why: String,
        /// The close code of the WebSocket, if there was one.
        code: Option<u16>,
        /// How long the server asks to wait.
        retry_in: Duration,
    },
    /// What answers does not open a `WebSocket`.
    Blocked(String),
    /// The server does not take this client.
    Refused(Box<Problem>),
}

impl Gone {
    pub(crate) fn lost(why: impl Into<String>) -> Self {
        Self::Lost { why: why.into(), code: None, retry_in: Duration::ZERO }
    }
}

/// What is written.
pub(crate) enum Out {
    Frames(Vec<ClientFrame>),
    Ping,
}

/// The half that reads.
pub(crate) struct Stream {
    source: SplitStream<Socket>,
    silence: Duration,
    /// The connection's own lease.
    pub(crate) lease: String,
}

/// How often this side shows that it lives: three times in the grace, and every 10 s at least.
pub(crate) fn heartbeat(settings: &Settings) -> Duration {
    (settings.grace / 3).min(Duration::from_secs(10))
}

/// The request that opens the stream; fails if the settings do not fit into one.
pub(crate) fn request(settings: &Settings) -> Result<Request, Error> {
    let grace_s = settings.grace.as_secs();
    let url = settings.url.replacen("http", "ws", 1);
    let wrong = |what: &str| Error::Settings(format!("{what} cannot be sent"));
    let mut request = format!("{url}/v1/connect?grace_s={grace_s}")
        .into_client_request()
        .map_err(|error| Error::Settings(format!("the url {:?}: {error}", settings.url)))?;
    let headers = request.headers_mut();
    let key = HeaderValue::try_from(format!("Bearer {}", settings.key));
    headers.insert("authorization", key.map_err(|_| wrong("the key"))?);
    if let Some(org) = &settings.org {
        let org = HeaderValue::try_from(org);
        headers.insert("callslot-org", org.map_err(|_| wrong("the organisation"))?);
    }
    headers.insert("sec-websocket-protocol", HeaderValue::from_static("callslot.v1"));
    headers.insert(
        "user-agent",
        HeaderValue::from_static(concat!("callslot-rust/", env!("CARGO_PKG_VERSION"))),
    );
    Ok(request)
}

/// Connects: what reads, and what writes, which ends when the other end of `out` is dropped.
pub(crate) async fn open(
    request: Request,
    connector: Option<Connector>,
    silence: Duration,
) -> Result<(Stream, SplitSink<Socket, Message>), Gone> {
    let (socket, _) = timeout(CONNECT_WITHIN, connect(request, None, false, connector))
        .await
        .map_err(|_| Gone::lost("there was no answer in time"))?
        .map_err(|error| not_opened(&error))?;
    let (sink, source) = socket.split();
    let mut stream = Stream { source, silence, lease: String::new() };
    match stream.receive().await?.into_iter().next() {
        Some(ServerFrame::Told(ToldFrame::Hello { lease, .. })) => stream.lease = lease,
        first => return Err(Gone::lost(format!("the first frame is {first:?}"))),
    }
    Ok((stream, sink))
}

fn not_opened(error: &tungstenite::Error) -> Gone {
    if let tungstenite::Error::Http(answer) = &error { refused(answer) } else { failed(&error) }
}

fn failed(error: &impl Display) -> Gone {
    Gone::lost(error.to_string())
}

fn refused(answer: &Response<Option<Vec<u8>>>) -> Gone {
    let status = answer.status();
    let body = answer.body().as_deref().unwrap_or_default();
    if status.is_server_error() || status.as_u16() == 429 {
        let seconds =
            answer.headers().get("retry-after").and_then(|it| it.to_str().ok()?.parse().ok());
        let retry_in = Duration::from_secs(seconds.unwrap_or(0).min(LONGEST_RETRY_S));
        return Gone::Lost { why: format!("the server answered {status}"), code: None, retry_in };
    }
    match serde_json::from_slice::<Box<Problem>>(body) {
        Ok(problem) if problem.code != "upgrade_required" => Gone::Refused(problem),
        _ => Gone::Blocked(format!("the WebSocket was answered with {status}")),
    }
}

impl Stream {
    /// The next frames: none if the server only showed that it lives.
    pub(crate) async fn receive(&mut self) -> Result<Vec<ServerFrame>, Gone> {
        // A pong comes every heartbeat, so silence for longer means a half-open socket.
        let message = timeout(self.silence, self.source.next()).await;
        let message = message.map_err(|_| Gone::lost("the server is silent"))?;
        match message
            .ok_or_else(|| Gone::lost("the connection is closed"))?
            .map_err(|error| failed(&error))?
        {
            Message::Text(text) => frames(&text),
            Message::Close(close) => {
                let code = close.map(|close| u16::from(close.code));
                let why = format!("the connection was closed ({code:?})");
                Err(Gone::Lost { why, code, retry_in: Duration::ZERO })
            }
            Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {
                Ok(Vec::new())
            }
        }
    }
}

/// The frames of a message. Those that a later server may send are left out.
fn frames(text: &str) -> Result<Vec<ServerFrame>, Gone> {
    let raw: Vec<&RawValue> = if text.starts_with('[') {
        serde_json::from_str(text).map_err(|error| failed(&error))?
    } else {
        vec![serde_json::from_str(text).map_err(|error| failed(&error))?]
    };
    raw.into_iter().filter_map(|raw| frame(raw).transpose()).collect()
}

/// What every frame has of these.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "ref")]
    reference: Option<u64>,
    op: Option<String>,
}

/// The kinds of frames without which calls would wait forever.
const NEEDED: [&str; 6] = ["hello", "resumed", "started", "queued", "ended", "adopted"];

/// A frame; `None` if it is of a kind that only a later server has. One that cannot be read though a call may wait for it is a refusal.
fn frame(raw: &RawValue) -> Result<Option<ServerFrame>, Gone> {
    let error = match serde_json::from_str(raw.get()) {
        Ok(frame) => return Ok(Some(frame)),
        Err(error) => error,
    };
    let kind = serde_json::from_str::<Kind>(raw.get()).map_err(|error| failed(&error))?;
    let is_needed = match kind.op {
        Some(op) => NEEDED.contains(&&*op),
        None => kind.reference.is_some(),
    };
    if !is_needed {
        tracing::warn!("a frame of another version of the server: {raw}");
        return Ok(None);
    }
    let detail = format!("the server is of another version: {error} in {raw}");
    Err(Gone::Refused(Box::new(Problem::new(ProblemCode::UpgradeRequired, detail))))
}

/// Writes what comes until nothing more does, or the connection is gone; who reads notices that.
pub(crate) async fn write(mut sink: SplitSink<Socket, Message>, mut out: mpsc::Receiver<Out>) {
    while let Some(out) = out.recv().await {
        let sent = match out {
            Out::Ping => sink.send(Message::Ping(Vec::new().into())).await,
            Out::Frames(frames) => send(&mut sink, &frames).await,
        };
        if sent.is_err() {
            return;
        }
    }
    let _ = sink.close().await;
}

async fn send(
    sink: &mut SplitSink<Socket, Message>,
    frames: &[ClientFrame],
) -> Result<(), tungstenite::Error> {
    let mut message = String::new();
    for frame in frames {
        let text = serde_json::to_string(frame).expect("frames are JSON");
        if message.len() + text.len() > MESSAGE_BYTES {
            sink.send(Message::text(format!("[{}]", std::mem::take(&mut message)))).await?;
        }
        if !message.is_empty() {
            message.push(',');
        }
        message.push_str(&text);
    }
    sink.send(Message::text(format!("[{message}]"))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_later_server_are_left_out_and_the_others_heard() {
        let call = r#"{"id":"c","agent":"support","type":"inbound","gates":[],"state":"active","slot":"shared","position":null,
            "position_in_class":null,"blocked_on":null,"blocked_by":null,"retry_in_ms":null,"estimated_wait_ms":null,
            "requested_at":"2026-11-28T14:00:00.000Z","started_at":null,"ended_at":null,"reason":null,"note":null,
            "lease":"lease_1","metadata":{"from":"+49"}}"#;
        let heard = |text: &str| frames(text).expect("frames");
        assert_eq!(heard(&format!(r#"{{"ref":1,"call":{call}}}"#)).len(), 1);
        let several = format!(
            r#"[{{"op":"weather"}},{{"op":"started","call":{call}}},{{"op":"hello","lease":"l","grace_s":30}}]"#
        );
        assert_eq!(heard(&several).len(), 2);
        assert!(frames("[").is_err());
        // Who waits for it is told, instead of waiting forever.
        let unreadable = frames(r#"{"ref":1,"call":{"id":"c"}}"#);
        assert!(
            matches!(unreadable, Err(Gone::Refused(problem)) if problem.detail.contains("another version"))
        );
    }
}
