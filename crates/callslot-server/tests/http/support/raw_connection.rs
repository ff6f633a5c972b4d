//! HTTP/1.1 byte by byte: sends bytes unchanged, and counts the server's answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The last request of a connection: it is answered and the connection closed, if the server still listens there.
pub const LAST: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
/// Longer than the server waits for anything: beyond it, it hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends `bytes` on a new connection and waits until the server closes it; the statuses and bodies of what it answered.
pub fn answers(address: SocketAddr, bytes: &[u8]) -> Vec<(u16, String)> {
    let mut client = TcpStream::connect(address).expect("a connection");
    client.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    let mut sending = client.try_clone().expect("a second handle");
    std::thread::scope(|scope| {
        // A server that has refused does not read the rest.
        scope.spawn(move || sending.write_all(bytes));
        let mut received = Vec::new();
        match client.read_to_end(&mut received) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                panic!("the server neither answers nor closes the connection");
            }
            // A connection that is reset was closed as well.
            Ok(_) | Err(_) => {}
        }
        split(&String::from_utf8_lossy(&received))
    })
}

/// Takes answers with a `content-length` apart.
fn split(mut text: &str) -> Vec<(u16, String)> {
    let mut answers = Vec::new();
    while let Some((head, rest)) = text.split_once("\r\n\r\n") {
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        let (body, next) = rest.split_at(length.unwrap_or(0).min(rest.len()));
        answers.push((status.expect("a status"), body.to_owned()));
        text = next;
    }
    assert!(text.is_empty(), "half an answer: {text}");
    answers
}
