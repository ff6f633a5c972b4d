//! A receiver of webhooks that answers at once, or never.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of a body that came; false: it is never answered.
pub type Take = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Receives on a thread of its own until the process ends. Returns where.
pub fn receive(take: Take) -> SocketAddr {
    let (say, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            say.send(listener.local_addr().expect("an address")).expect("it is waited for");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                tokio::spawn(serve(stream, Arc::clone(&take)));
            }
        });
    });
    said.recv().expect("an address")
}

async fn serve(mut stream: TcpStream, take: Take) {
    let mut buffer = Vec::with_capacity(16 << 10);
    loop {
        let Some((begin, end)) = bounds(&buffer) else {
            match stream.read_buf(&mut buffer).await {
                Ok(1..) => continue,
                Ok(0) | Err(_) => return,
            }
        };
        if !take(&buffer[begin..end]) {
            // It hangs until the other side gives up.
            let mut rest = [0; 64];
            let _ = stream.read(&mut rest).await;
            return;
        }
        buffer.drain(..end);
        if stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.is_err() {
            return;
        }
    }
}

/// Where the body of the first request is, once it is whole.
fn bounds(buffer: &[u8]) -> Option<(usize, usize)> {
    let begin = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..begin]).ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let end = begin + length.parse::<usize>().ok()?;
    (buffer.len() >= end).then_some((begin, end))
}
