//! Streams: a WebSocket that many workers share. What they ask at the same time goes out in one message, as a call engine
//! would send it.

use std::collections::HashMap;
use std::sync::Arc;

use callslot_api::{CallStart, CallState, ClientFrame, EndFrame, Problem, StartFrame};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::commands::server::bench::target::{Refused, Target, refusal};

/// How many frames a message may have.
const MAX_FRAMES: usize = 1_000;
/// How many may wait for a message: more than there are workers, each of which waits for its answer.
const MAX_WAITING: usize = 2_000;

type Answer = Result<CallState, Refused>;
type Asked = (ClientFrame, oneshot::Sender<Answer>);

/// A worker's part of a connection.
#[derive(Clone)]
pub struct Connection(mpsc::Sender<Asked>);

impl Connection {
    pub async fn open(target: &Arc<Target>) -> Result<Self, Refused> {
        let failed = |why: String| format!("no connection to {}: {why}", target.authority);
        let request = request(target).map_err(|error| failed(error.to_string()))?;
        let stream =
            TcpStream::connect(target.address).await.map_err(|error| failed(error.to_string()))?;
        stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
        let (socket, _) =
            client_async(request, stream).await.map_err(|error| failed(error.to_string()))?;
        let (asks, asked) = mpsc::channel(MAX_WAITING);
        tokio::spawn(async move {
            // Workers waiting for an answer learn that there is none.
            let _ = exchange(socket, asked).await;
        });
        Ok(Self(asks))
    }

    /// Starts a call and returns its state.
    pub async fn start(&self, start: &CallStart) -> Result<CallState, Refused> {
        self.ask(ClientFrame::Start(StartFrame {
            op: IgnoredAny,
            reference: None,
            agent: start.agent.clone(),
            call_type: start.call_type,
            id: start.id.clone(),
            gates: start.gates.clone(),
            max_wait_s: start.max_wait_s,
            max_duration_s: start.max_duration_s,
            claim_within_s: start.claim_within_s,
            metadata: start.metadata.clone(),
        }))
        .await
    }

    pub async fn end(&self, id: &str) -> Result<(), Refused> {
        let end = EndFrame { op: IgnoredAny, reference: None, id: id.to_owned(), note: None };
        self.ask(ClientFrame::End(end)).await.map(drop)
    }

    async fn ask(&self, frame: ClientFrame) -> Answer {
        let (caller, answer) = oneshot::channel();
        let lost = || "the connection was lost".to_owned();
        self.0.send((frame, caller)).await.map_err(|_| lost())?;
        answer.await.map_err(|_| lost())?
    }
}

fn request(
    target: &Target,
) -> Result<tokio_tungstenite::tungstenite::handshake::client::Request, Box<dyn std::error::Error>>
{
    let mut request = format!("ws://{}/v1/connect", target.authority).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("authorization", HeaderValue::try_from(format!("Bearer {}", target.key))?);
    headers.insert("sec-websocket-protocol", HeaderValue::from_static("callslot.v1"));
    if let Some(org) = &target.org {
        headers.insert("callslot-org", HeaderValue::try_from(org)?);
    }
    Ok(request)
}

/// Sends the workers' requests and passes back the answers, until there are no more workers.
async fn exchange(
    mut socket: WebSocketStream<TcpStream>,
    mut asked: mpsc::Receiver<Asked>,
) -> Result<(), Error> {
    let mut waiting: HashMap<u64, oneshot::Sender<Answer>> = HashMap::new();
    let mut last = 0;
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            count = asked.recv_many(&mut batch, MAX_FRAMES) => {
                if count == 0 {
                    return socket.close(None).await;
                }
                let mut frames = Vec::with_capacity(count);
                for (mut frame, caller) in batch.drain(..) {
                    last += 1;
                    number(&mut frame, last);
                    waiting.insert(last, caller);
                    frames.push(frame);
                }
                let json = serde_json::to_string(&frames).expect("the API's types can be written");
                socket.send(Message::text(json)).await?;
            }
            message = socket.next() => {
                let Some(message) = message else { return Ok(()) };
                if let Message::Text(text) = message? {
                    hear(&text, &mut waiting);
                }
            }
        }
    }
}

/// Gives a frame the number that its answer will carry.
fn number(frame: &mut ClientFrame, reference: u64) {
    match frame {
        ClientFrame::Start(frame) => frame.reference = Some(reference),
        ClientFrame::Claim(frame) => frame.reference = Some(reference),
        ClientFrame::Decline(frame) => frame.reference = Some(reference),
        ClientFrame::End(frame) => frame.reference = Some(reference),
        ClientFrame::Resume(frame) => frame.reference = Some(reference),
        ClientFrame::Adopt(frame) => frame.reference = Some(reference),
    }
}

/// Passes the answers of a message to the workers that wait for them. Other frames are not measured.
fn hear(text: &str, waiting: &mut HashMap<u64, oneshot::Sender<Answer>>) {
    let frames: Vec<AnswerHead> = if text.starts_with('[') {
        serde_json::from_str(text).unwrap_or_default()
    } else {
        serde_json::from_str(text).into_iter().collect()
    };
    for AnswerHead { reference, call, error } in frames {
        let caller = reference.and_then(|reference| waiting.remove(&reference));
        if let Some(caller) = caller {
            let outcome = match (call, error) {
                (Some(call), _) => Ok(call.state),
                (None, Some(problem)) => Err(refusal(&problem)),
                (None, None) => Err("an answer that is neither a call nor a problem".to_owned()),
            };
            // A worker that has stopped needs no answer.
            let _ = caller.send(outcome);
        }
    }
}

/// The part of an answer that a worker needs. A frame without a number is not an answer.
#[derive(Deserialize)]
struct AnswerHead {
    #[serde(rename = "ref")]
    reference: Option<u64>,
    call: Option<CallHead>,
    error: Option<Problem>,
}

#[derive(Deserialize)]
struct CallHead {
    state: CallState,
}
