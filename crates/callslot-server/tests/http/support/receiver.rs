//! A receiver of webhooks on a free port, which answers what a test says and remembers what came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for a message.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub timestamp: u64,
    pub signatures: String,
    pub text: String,
    pub body: Value,
}

/// What is answered: the head after `HTTP/1.1 `, and the body.
pub type Said = (&'static str, &'static str);

pub const TAKEN: Said = ("204 No Content", "");

/// A receiver.
pub struct Receiver {
    pub address: SocketAddr,
    messages: Channel<Message>,
}

impl Receiver {
    pub fn new(answer: impl Fn(&Message) -> Said + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (tell, messages) = channel();
        let (answer, tell) = (Arc::new(answer), Arc::new(Mutex::new(tell)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, tell) = (Arc::clone(&answer), Arc::clone(&tell));
                std::thread::spawn(move || {
                    let stream = stream.expect("a connection");
                    while receive(&stream, &*answer, &tell).is_some() {}
                });
            }
        });
        Self { address, messages }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next message.
    #[track_caller]
    pub fn next(&self) -> Message {
        self.messages.recv_timeout(PATIENCE).expect("a message comes")
    }

    /// Whether nothing comes for a while.
    pub fn is_silent(&self, span: Duration) -> bool {
        self.messages.recv_timeout(span).is_err()
    }
}

fn receive(
    mut stream: &TcpStream,
    answer: &(impl Fn(&Message) -> Said + ?Sized),
    tell: &Mutex<Sender<Message>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut message) = (0, None::<Message>);
    let mut head = Message {
        id: String::new(),
        timestamp: 0,
        signatures: String::new(),
        text: String::new(),
        body: Value::Null,
    };
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name {
            "content-length" => length = value.parse().ok()?,
            "webhook-id" => value.clone_into(&mut head.id),
            "webhook-timestamp" => head.timestamp = value.parse().ok()?,
            "webhook-signature" => value.clone_into(&mut head.signatures),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    head.text = String::from_utf8(body).ok()?;
    head.body = serde_json::from_str(&head.text).ok()?;
    let (status, said) = answer(&head);
    message.replace(head);
    let _ = tell.lock().expect("nobody panics").send(message?);
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{said}", said.len()).ok()
}
