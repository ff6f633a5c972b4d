//! Holds streams open without using them.

use std::future::pending;

use futures_util::StreamExt;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::Target;

/// The head of an answer and the first word after it fit well.
const READ_BYTES: usize = 4_096;

pub fn events(target: &Target, count: usize) {
    let open = async || {
        let mut stream = TcpStream::connect(&target.address).await.expect("the server listens");
        let request = format!(
            "GET /v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            target.address, target.key
        );
        stream.write_all(request.as_bytes()).await.expect("the connection holds");
        let mut bytes = [0; READ_BYTES];
        let length = stream.read(&mut bytes).await.expect("an answer");
        assert!(bytes[..length].starts_with(b"HTTP/1.1 200"), "events are refused");
        stream
    };
    hold(count, open, async |mut stream| {
        let mut bytes = vec![0; READ_BYTES];
        while stream.read(&mut bytes).await.is_ok_and(|length| length > 0) {}
    });
}

pub fn engines(target: &Target, count: usize) {
    let open = async || {
        let url = format!("ws://{}/v1/connect", target.address);
        let mut request = url.into_client_request().expect("an address");
        let key = format!("Bearer {}", target.key).try_into().expect("a key is visible ASCII");
        request.headers_mut().insert("authorization", key);
        let stream = TcpStream::connect(&target.address).await.expect("the server listens");
        let (mut socket, _) = client_async(request, stream).await.expect("an engine's stream");
        socket.next().await.expect("a hello").expect("the connection holds");
        socket
    };
    // Pings are answered while it reads.
    hold(
        count,
        open,
        async |mut socket| {
            while socket.next().await.is_some_and(|heard| heard.is_ok()) {}
        },
    );
}

/// Opens streams one after the other, says when all are open, and goes on listening to each.
fn hold<Stream: 'static>(
    count: usize,
    open: impl AsyncFn() -> Stream,
    listen: impl AsyncFn(Stream) + Copy + 'static,
) {
    let allowed = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: allowed.maximum, maximum: allowed.maximum })
        .expect("as many files as the system allows");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    tokio::task::LocalSet::new().block_on(&runtime.expect("a runtime"), async {
        for _ in 0..count {
            let stream = open().await;
            tokio::task::spawn_local(async move {
                listen(stream).await;
                eprintln!("a stream has ended");
            });
        }
        println!("{count} streams are open");
        pending::<()>().await;
    });
}
