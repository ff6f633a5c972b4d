//! A call engine on the stream: sends frames, and reads what comes, one frame at a time.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket, client};

use crate::support::test_server::TestServer;

/// Longer than the server waits for anything: beyond it, it hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection after its `hello`.
pub struct StreamClient {
    socket: WebSocket<TcpStream>,
    /// Frames of a message that were not looked at yet.
    frames: VecDeque<Value>,
    /// The lease that the server gave it.
    pub lease: String,
}

/// Asks for a connection; the answer's headers, or its status and problem.
pub fn handshake(
    server: &TestServer,
    query: &str,
    headers: &[(&str, &str)],
    stream: TcpStream,
) -> Result<(WebSocket<TcpStream>, HeaderMap), (u16, Value)> {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    let url = format!("ws://{}/v1/connect{query}", server.address);
    let mut request = url.into_client_request().expect("a request");
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).expect("a header's name");
        request.headers_mut().insert(name, HeaderValue::try_from(*value).expect("a value"));
    }
    match client::client(request, stream) {
        Ok((socket, answer)) => Ok((socket, answer.headers().clone())),
        Err(tokio_tungstenite::tungstenite::HandshakeError::Failure(Error::Http(answer))) => {
            let body = answer.body().as_deref().unwrap_or_default();
            Err((answer.status().as_u16(), serde_json::from_slice(body).unwrap_or_default()))
        }
        Err(error) => panic!("no answer: {error}"),
    }
}

impl StreamClient {
    pub fn new(server: &TestServer) -> Self {
        Self::with(server, "", &server.admin)
    }

    pub fn with(server: &TestServer, query: &str, key: &str) -> Self {
        let stream = TcpStream::connect(server.address).expect("a connection");
        Self::on(server, query, key, stream)
    }

    /// On this socket.
    pub fn on(server: &TestServer, query: &str, key: &str, stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("a socket takes it");
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", &*bearer), ("sec-websocket-protocol", "callslot.v1")];
        let (socket, _) = handshake(server, query, &headers, stream).expect("a connection");
        Self::greeted(socket)
    }

    /// On a connection that has just been opened.
    pub fn greeted(socket: WebSocket<TcpStream>) -> Self {
        let mut engine = Self { socket, frames: VecDeque::new(), lease: String::new() };
        let hello = engine.next();
        assert_eq!(hello["op"], "hello", "{hello}");
        hello["lease"].as_str().expect("an id").clone_into(&mut engine.lease);
        engine
    }

    /// Sends a frame, or an array of frames.
    pub fn send(&mut self, frames: &Value) {
        self.send_text(&frames.to_string());
    }

    pub fn send_text(&mut self, text: &str) {
        self.send_message(Message::text(text)).expect("it is sent");
    }

    pub fn send_message(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message)
    }

    /// The next frame.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        self.next_or_close().unwrap_or_else(|closed| panic!("{closed:?} instead of a frame"))
    }

    /// The next frame; or with which code and reason the server has closed the connection.
    #[track_caller]
    pub fn next_or_close(&mut self) -> Result<Value, (u16, String)> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Ok(frame);
            }
            let message =
                self.socket.read().expect("the connection goes on, or the server says why not");
            if let Message::Text(text) = message {
                let mut json: Value = serde_json::from_str(&text).expect("JSON");
                match json.as_array_mut() {
                    Some(frames) => self.frames.extend(frames.drain(..)),
                    None => self.frames.push_back(json),
                }
            } else if let Message::Close(close) = message {
                let close = close.expect("a code");
                return Err((close.code.into(), close.reason.to_string()));
            }
        }
    }

    /// Checks that the server closes the connection now, with this code and a reason that holds `words`.
    #[track_caller]
    pub fn closed(&mut self, code: u16, words: &str) {
        let (found, reason) = self.next_or_close().expect_err("it is closed");
        assert_eq!(found, code, "{reason}");
        assert!(reason.contains(words), "{reason}");
    }

    /// Sends a frame, and returns the answer to it, which must be the next thing that comes.
    #[track_caller]
    pub fn ask(&mut self, frame: &Value) -> Value {
        self.send(frame);
        let answer = self.next();
        assert_eq!(answer["ref"], frame["ref"], "{answer}");
        answer
    }

    /// Starts a call; its state.
    #[track_caller]
    pub fn start(&mut self, agent: &str, id: &str) -> String {
        let frame = json!({ "op": "start", "ref": 7, "agent": agent, "type": "chat", "id": id });
        let answer = self.ask(&frame);
        answer["call"]["state"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Leaves without closing.
    pub fn drop_connection(self) {
        let stream = self.socket.get_ref();
        stream.shutdown(std::net::Shutdown::Both).expect("it is open");
    }
}

/// A socket that takes little before its reader does.
pub fn narrow_socket(server: &TestServer) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let connecting = async {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(128 << 10)?;
        socket.connect(server.address).await?.into_std()
    };
    let stream = runtime.expect("a runtime").block_on(connecting).expect("a connection");
    stream.set_nonblocking(false).expect("a socket takes it");
    stream
}
