//! Fills a server with calls, started as engines start them: over streams, many in a message.

use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::limits::{MAX_BODY_BYTES, MAX_FRAMES};
use callslot_api::{
    AgentPut, BatchResult, CallType, ClientFrame, Metadata, ServerFrame, StartFrame,
};
use serde::de::IgnoredAny;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

use crate::{Target, call_id, print};

const AGENTS: usize = 100;
/// As many as a lease may cover.
const CALLS_PER_LEASE: usize = 100_000;
/// The bytes of `{"text":""}`.
const METADATA_FRAME: usize = 11;
/// More than a frame has besides its metadata.
const FRAME_BYTES: usize = 256;

/// What the calls are like.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// For how many seconds they outlive their connection.
    pub grace_s: u32,
    pub metadata_bytes: usize,
    pub claim_within_s: Option<u64>,
}

impl Kind {
    /// Plain calls that outlive their connection by an hour, the longest that there is.
    pub const PLAIN: Self = Self { grace_s: 3_600, metadata_bytes: 0, claim_within_s: None };

    /// A call of the agent and the type that its number falls on.
    fn start(&self, number: usize) -> ClientFrame {
        let mut frame = start_frame(&agent_id(number % AGENTS), number, call_id(number));
        if let ClientFrame::Start(start) = &mut frame {
            start.claim_within_s = self.claim_within_s;
            let text = "x".repeat(self.metadata_bytes.saturating_sub(METADATA_FRAME));
            let json = format!(r#"{{"text":"{text}"}}"#);
            start.metadata =
                (self.metadata_bytes > 0).then(|| Metadata::parse(&json).expect("it is an object"));
        }
        frame
    }
}

/// Starts calls over 100 agents and the four types, and stays connected until it is killed. With one connection they queue in
/// the order of their numbers.
pub fn fill(target: &Target, calls: usize, connections: usize, kind: Kind) {
    for agent in 0..AGENTS {
        let put = AgentPut { name: agent_id(agent), cap: None, pace: None };
        target.client(None).put_agent(&agent_id(agent), &put).expect("an agent");
    }
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut filled = Vec::new();
        loop {
            let from = next.fetch_add(CALLS_PER_LEASE, Ordering::Relaxed);
            if from >= calls {
                return filled;
            }
            let mut socket = connect(target, kind.grace_s);
            let took = fill_lease(&mut socket, from, calls.min(from + CALLS_PER_LEASE), kind);
            filled.push((socket, took));
        }
    };
    let filled: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    let (sockets, took): (Vec<_>, Vec<_>) = filled.into_iter().unzip();
    print("messages", begun, took.concat());
    // Pings are answered while it listens.
    thread::scope(|scope| {
        for mut socket in sockets {
            scope.spawn(move || while socket.read().is_ok() {});
        }
    });
}

/// Starts calls on one connection; how long each message took to be answered.
fn fill_lease(
    socket: &mut WebSocket<TcpStream>,
    from: usize,
    to: usize,
    kind: Kind,
) -> Vec<Duration> {
    let mut took = Vec::new();
    let frames_per_message = MAX_FRAMES.min(MAX_BODY_BYTES / (FRAME_BYTES + kind.metadata_bytes));
    for first in (from..to).step_by(frames_per_message) {
        let frames: Vec<_> =
            (first..to.min(first + frames_per_message)).map(|number| kind.start(number)).collect();
        let asked = Instant::now();
        let mut unanswered = frames.len();
        send(socket, &frames);
        while unanswered > 0 {
            for frame in hear(socket) {
                if let ServerFrame::Answer(answer) = frame {
                    if let BatchResult::Error(problem) = answer.outcome {
                        panic!("a call is refused: {problem}");
                    }
                    unanswered -= 1;
                }
            }
        }
        took.push(asked.elapsed());
    }
    took
}

fn agent_id(number: usize) -> String {
    format!("crowd-{number}")
}

/// A call of the type that its number falls on.
pub fn start_frame(agent: &str, number: usize, id: String) -> ClientFrame {
    let types = [CallType::Inbound, CallType::Outbound, CallType::Webcall, CallType::Chat];
    ClientFrame::Start(StartFrame {
        op: IgnoredAny,
        reference: None,
        agent: agent.to_owned(),
        call_type: types[number % types.len()],
        id: Some(id),
        gates: Vec::new(),
        max_wait_s: None,
        max_duration_s: None,
        claim_within_s: None,
        metadata: None,
    })
}

/// Connects as an engine.
pub fn connect(target: &Target, grace_s: u32) -> WebSocket<TcpStream> {
    let url = format!("ws://{}/v1/connect?grace_s={grace_s}", target.address);
    let mut request = url.into_client_request().expect("an address");
    let key = format!("Bearer {}", target.key).try_into().expect("a key is visible ASCII");
    request.headers_mut().insert("authorization", key);
    let stream = TcpStream::connect(&target.address).expect("the server listens");
    stream.set_nodelay(true).expect("a TCP stream");
    let (socket, _) = client::client(request, stream).expect("a stream of an engine");
    socket
}

pub fn send(socket: &mut WebSocket<TcpStream>, frames: &[ClientFrame]) {
    let json = serde_json::to_string(frames).expect("the API's types can be written");
    socket.send(Message::text(json)).expect("the connection holds");
}

/// The frames of the next message.
pub fn hear(socket: &mut WebSocket<TcpStream>) -> Vec<ServerFrame> {
    match socket.read().expect("the connection holds") {
        Message::Text(text) if text.starts_with('[') => serde_json::from_str(&text),
        Message::Text(text) => serde_json::from_str(&text).map(|frame| vec![frame]),
        Message::Binary(_)
        | Message::Ping(_)
        | Message::Pong(_)
        | Message::Close(_)
        | Message::Frame(_) => Ok(Vec::new()),
    }
    .expect("frames of the server")
}
