//! A minimal call engine on the stream: it starts calls, learns when queued ones get their slots, ends them, and resumes after
//! a lost connection.
//!
//! `CALLSLOT_KEY=cs_engine_… cargo run --release -p callslot --example stream -- 127.0.0.1:7070 support 30` runs 30 calls of the
//! agent `support`.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::TcpStream;

use callslot_api::{
    BatchResult, CallState, CallType, ClientFrame, EndFrame, ResumeFrame, ServerFrame, StartFrame,
    ToldFrame,
};
use serde::de::IgnoredAny;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

/// How often in a row it tries to come back.
const ATTEMPTS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(address), Some(agent), Some(calls)) = (words.next(), words.next(), words.next())
    else {
        return Err("stream ADDRESS AGENT CALLS, with a key in CALLSLOT_KEY".into());
    };
    let calls: usize = calls.parse()?;
    let mut engine =
        Engine { lease: None, own_lease: String::new(), live: BTreeSet::new(), done: 0 };
    let mut attempt = 0;
    while engine.done < calls && attempt < ATTEMPTS {
        attempt += 1;
        let before = engine.done;
        if let Err(error) = engine.work(&address, &agent, calls) {
            println!("the connection is gone ({error}); coming back");
        }
        if engine.done > before {
            attempt = 0;
        }
    }
    println!("{} of {calls} calls done", engine.done);
    Ok(())
}

struct Engine {
    /// The one its calls are under.
    lease: Option<String>,
    /// The one that this connection was given.
    own_lease: String,
    /// Calls that were started and have not ended.
    live: BTreeSet<String>,
    done: usize,
}

impl Engine {
    /// Works on one connection until all calls are done or it is gone.
    fn work(&mut self, address: &str, agent: &str, calls: usize) -> Result<(), Box<dyn Error>> {
        let mut request = format!("ws://{address}/v1/connect").into_client_request()?;
        let key = format!("Bearer {}", std::env::var("CALLSLOT_KEY")?);
        request.headers_mut().insert("authorization", key.try_into()?);
        request.headers_mut().insert("sec-websocket-protocol", "callslot.v1".try_into()?);
        let (mut socket, _) = client::client(request, TcpStream::connect(address)?)?;
        if let Some(lease) = self.lease.clone() {
            let calls = self.live.iter().cloned().collect();
            let resume = ResumeFrame { op: IgnoredAny, reference: None, lease, calls };
            send(&mut socket, &[ClientFrame::Resume(resume)])?;
        }
        let new: Vec<_> = (self.done + self.live.len()..calls).map(|_| start(agent)).collect();
        send(&mut socket, &new)?;
        while self.done < calls {
            let Message::Text(text) = socket.read()? else { continue };
            let frames: Vec<ServerFrame> = if text.starts_with('[') {
                serde_json::from_str(&text)?
            } else {
                vec![serde_json::from_str(&text)?]
            };
            let ends: Vec<_> =
                frames.into_iter().flat_map(|frame| self.hear(frame)).map(end).collect();
            send(&mut socket, &ends)?;
        }
        Ok(())
    }

    /// Takes in a frame; the calls that have a slot now, and are over as soon as they have begun.
    fn hear(&mut self, frame: ServerFrame) -> Vec<String> {
        let calls = match frame {
            ServerFrame::Told(ToldFrame::Hello { lease, .. }) => {
                self.own_lease.clone_from(&lease);
                self.lease.get_or_insert(lease);
                Vec::new()
            }
            ServerFrame::Told(ToldFrame::Resumed(resumed)) => {
                self.lease = Some(resumed.lease);
                [resumed.calls, resumed.ended].concat()
            }
            ServerFrame::Told(
                ToldFrame::Started { call }
                | ToldFrame::Queued { call }
                | ToldFrame::Ended { call },
            ) => vec![*call],
            ServerFrame::Told(ToldFrame::Adopted { call }) => {
                println!("{} is carried on by another engine", call.id);
                self.live.remove(&call.id);
                self.done += 1;
                Vec::new()
            }
            ServerFrame::Told(ToldFrame::Position { id, position, .. }) => {
                println!("{id} is number {position}");
                Vec::new()
            }
            ServerFrame::Answer(answer) => match answer.outcome {
                BatchResult::Call(call) => vec![*call],
                BatchResult::Error(problem) => {
                    println!("refused: {problem}");
                    if problem.code == "lease_expired" {
                        // It came back too late, and its calls have ended.
                        self.done += self.live.len();
                        self.live.clear();
                        self.lease = Some(self.own_lease.clone());
                    } else {
                        self.done += 1;
                    }
                    Vec::new()
                }
            },
        };
        let mut active = Vec::new();
        for call in calls {
            match call.state {
                CallState::Queued => drop(self.live.insert(call.id)),
                CallState::Active => {
                    self.live.insert(call.id.clone());
                    active.push(call.id);
                }
                CallState::Ended => self.done += usize::from(self.live.remove(&call.id)),
            }
        }
        active
    }
}

fn start(agent: &str) -> ClientFrame {
    ClientFrame::Start(StartFrame {
        op: IgnoredAny,
        reference: None,
        agent: agent.to_owned(),
        call_type: CallType::Outbound,
        id: None,
        gates: Vec::new(),
        max_wait_s: None,
        max_duration_s: None,
        claim_within_s: None,
        metadata: None,
    })
}

fn end(id: String) -> ClientFrame {
    ClientFrame::End(EndFrame { op: IgnoredAny, reference: None, id, note: None })
}

fn send(socket: &mut WebSocket<TcpStream>, frames: &[ClientFrame]) -> Result<(), Box<dyn Error>> {
    for frames in frames.chunks(1_000) {
        socket.send(Message::text(serde_json::to_string(frames)?))?;
    }
    Ok(())
}
