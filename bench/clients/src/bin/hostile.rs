//! Hostile clients for a running server: each kind does its worst on many connections, and opens another one wherever the
//! server has cut it off. Runs until it is killed. `cargo xtask slow-clients` measures the server's memory meanwhile.
//!
//! `CALLSLOT_KEY=… cargo run --release -p callslot-bench-clients --bin hostile -- 127.0.0.1:7070 pings 20`, with an admin's key;
//! prints a line once it has begun.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const USAGE: &str = "\
hostile HOST:PORT WHAT COUNT, with an admin's key in CALLSLOT_KEY. WHAT is one of:
  heads       heads of requests that never end, of 30 KiB
  sign-ins    bodies without a key, a byte a piece
  bodies      bodies with a key that stall before their last byte
  pings       streams of engines that ping and never read
  engines     streams of engines that start and end calls and never read
  silent      streams of engines that never say anything
  events      event streams that are never read, while calls start and end
  polls       long polls of queued calls
  pipelined   requests one behind the other whose answers are never read
  lists       lists of 1,000 calls that are never read";

/// How long a client that has nothing more to do stays, before it opens another connection.
const STAYS: Duration = Duration::from_mins(1);
/// How long a client whose bytes are not taken stays.
const STUCK: Duration = Duration::from_mins(1);
/// The pause before a connection is opened again.
const PAUSE: Duration = Duration::from_millis(20);
/// The metadata of a call may have this many bytes.
const METADATA_BYTES: usize = 4_000;
/// The calls in a batch that fills a body.
const CALLS_PER_BATCH: usize = 200;

struct Target {
    address: String,
    key: String,
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, what, count] = &words[..] else {
        eprintln!("{USAGE}");
        std::process::exit(2);
    };
    let count: usize = count.parse().expect("a number");
    let allowed = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum })
        .expect("as many files as the system allows");
    let key = std::env::var("CALLSLOT_KEY").unwrap_or_default();
    let target = Arc::new(Target { address: address.clone(), key });
    prepare(&target, what).await.expect("the server answers");
    println!("{count} clients begin");
    for number in 0..count {
        let (target, what) = (Arc::clone(&target), what.clone());
        tokio::spawn(async move {
            loop {
                // However it ends: it begins again.
                let _ = attack(&target, &what, number).await;
                sleep(PAUSE).await;
            }
        });
    }
    let mut round = 0;
    loop {
        if what == "events" {
            let _ = traffic(&target, round).await;
            round += 1;
        } else {
            sleep(STAYS).await;
        }
    }
}

/// Makes the agent, and the calls that are listed.
async fn prepare(target: &Target, what: &str) -> io::Result<()> {
    target.ask("PUT", "/v1/agents/worst", r#"{"name":"worst"}"#).await?;
    if what == "lists" {
        for batch in 0..5 {
            target.ask("POST", "/v1/calls/batch", &starts(&format!("listed-{batch}"))).await?;
        }
    }
    Ok(())
}

/// Calls start and end, so that there are events.
async fn traffic(target: &Target, round: usize) -> io::Result<()> {
    let name = format!("traffic-{round}");
    target.ask("POST", "/v1/calls/batch", &starts(&name)).await?;
    for call in 0..CALLS_PER_BATCH {
        target.ask("POST", &format!("/v1/calls/{name}-{call}/end"), "{}").await?;
    }
    Ok(())
}

/// A batch that starts calls with all the metadata they may have.
fn starts(name: &str) -> String {
    let metadata = "y".repeat(METADATA_BYTES);
    let start = |call: usize| {
        format!(
            r#"{{"agent":"worst","type":"chat","id":"{name}-{call}","metadata":{{"x":"{metadata}"}}}}"#
        )
    };
    let calls: Vec<_> = (0..CALLS_PER_BATCH).map(start).collect();
    format!(r#"{{"calls":[{}]}}"#, calls.join(","))
}

async fn attack(target: &Target, what: &str, number: usize) -> io::Result<()> {
    let mut stream = TcpStream::connect(&target.address).await?;
    match what {
        "heads" => {
            let filler = "y".repeat(30 << 10);
            push(
                &mut stream,
                format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {filler}").as_bytes(),
            )
            .await?;
        }
        "sign-ins" => {
            let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                        transfer-encoding: chunked\r\n\r\n";
            push(&mut stream, head.as_bytes()).await?;
            loop {
                push(&mut stream, &b"1\r\n \r\n".repeat(50)).await?;
                sleep(Duration::from_millis(10)).await;
            }
        }
        "bodies" => {
            let length = 1 << 20;
            let head = target.head("POST", "/v1/calls/batch", &format!("content-length: {length}"));
            push(&mut stream, head.as_bytes()).await?;
            push(&mut stream, &vec![b' '; length - 1]).await?;
        }
        "pings" => {
            stream = target.engine(stream).await?;
            let ping = framed(0x9, &[0; 125]).repeat(100);
            loop {
                push(&mut stream, &ping).await?;
            }
        }
        "engines" => {
            stream = target.engine(stream).await?;
            let metadata = "y".repeat(METADATA_BYTES);
            for call in 0_u64.. {
                let id = format!("{number}-{call}");
                let frames = format!(
                    r#"[{{"op":"start","ref":1,"agent":"worst","type":"chat","id":"{id}","metadata":{{"x":"{metadata}"}}}},{{"op":"end","ref":2,"id":"{id}"}}]"#
                );
                push(&mut stream, &framed(0x1, frames.as_bytes())).await?;
            }
        }
        "silent" => stream = target.engine(stream).await?,
        "events" => {
            let head = target.head("GET", "/v1/events", "accept: text/event-stream");
            push(&mut stream, head.as_bytes()).await?;
        }
        "polls" => {
            let body = format!(
                r#"{{"agent":"worst","type":"chat","metadata":{{"x":"{}"}}}}"#,
                "y".repeat(METADATA_BYTES)
            );
            let length = format!("content-length: {}", body.len());
            let head = target.head("POST", "/v1/calls?wait_s=60", &length);
            push(&mut stream, format!("{head}{body}").as_bytes()).await?;
        }
        "pipelined" => {
            let requests = target.head("GET", "/openapi.json", "accept: */*").repeat(100);
            loop {
                push(&mut stream, requests.as_bytes()).await?;
            }
        }
        "lists" => {
            let head = target.head("GET", "/v1/calls?limit=1000", "accept: */*");
            push(&mut stream, head.as_bytes()).await?;
        }
        _ => {
            eprintln!("{USAGE}");
            std::process::exit(2);
        }
    }
    // Nothing is read, and the connection stays for as long as the server lets it.
    gone(&stream).await;
    Ok(())
}

/// Sends bytes. A server that takes none for a while keeps the connection all the same.
async fn push(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    timeout(STUCK, stream.write_all(bytes)).await.unwrap_or(Ok(()))
}

/// Waits until the server has cut a connection off, without reading from it.
async fn gone(stream: &TcpStream) {
    let closed = async {
        // As long as there is something to read, it is not known.
        while !matches!(stream.peek(&mut [0; 1]).await, Ok(0) | Err(_)) {
            sleep(Duration::from_millis(500)).await;
        }
    };
    let _ = timeout(STAYS, closed).await;
}

/// A frame of a client, masked with zeros (RFC 6455 §5.2).
fn framed(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    let length =
        u16::try_from(payload.len()).expect("a frame of this client is shorter than 64 KiB");
    match u8::try_from(length) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 0x7e);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

impl Target {
    fn head(&self, method: &str, path: &str, more: &str) -> String {
        let Self { address, key } = self;
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\n{more}\r\n\r\n"
        )
    }

    /// Asks, and waits for the beginning of the answer.
    async fn ask(&self, method: &str, path: &str, body: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let length = format!("content-length: {}\r\nconnection: close", body.len());
        stream.write_all(format!("{}{body}", self.head(method, path, &length)).as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let is_success = answer.starts_with(b"HTTP/1.1 2");
        if is_success { Ok(()) } else { Err(io::Error::other("it was refused")) }
    }

    /// Opens a stream of an engine. Nothing is read from it.
    async fn engine(&self, mut stream: TcpStream) -> io::Result<TcpStream> {
        let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                       sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==";
        stream.write_all(self.head("GET", "/v1/connect", upgrade).as_bytes()).await?;
        // What is sent before the server has changed over would be taken for HTTP.
        let mut seen = [0; 1];
        stream.peek(&mut seen).await?;
        Ok(stream)
    }
}
