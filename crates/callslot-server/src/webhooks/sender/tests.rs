//! Names that lead elsewhere from one moment to the next. `127.0.0.2` stands for an address that may be called, and `127.0.0.1` for one
//! inside.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const OUTSIDE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

fn allowed() -> Allowed {
    Allowed(vec!["127.0.0.2".parse().expect("a network")])
}

fn signed() -> Signed {
    Signed { id: "evt_1".into(), timestamp_s: 1, signatures: "v1,x".into() }
}

/// Answers each connection once and closes it; returns where, and how many there were.
fn receiver(at: Ipv4Addr, port: u16) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((at, port)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 1024]);
            let answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, count)
}

async fn send(sender: &Sender, port: u16) -> Answer {
    let url = format!("http://hook.example:{port}/");
    sender.send(&url, &signed(), Bytes::from_static(b"{}")).await
}

#[tokio::test]
async fn a_name_that_leads_inside_by_the_next_connection_gains_nothing() {
    #[expect(clippy::unnecessary_wraps, reason = "as a resolver has it")]
    fn rebinding(_: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let is_first = ASKED.fetch_add(1, Ordering::SeqCst) == 0;
        let ip = if is_first { OUTSIDE } else { Ipv4Addr::LOCALHOST };
        Ok(vec![SocketAddr::from((ip, port))])
    }
    let (port, outside) = receiver(OUTSIDE, 0);
    let (_, inside) = receiver(Ipv4Addr::LOCALHOST, port);
    let sender = Sender::new(&Outbound::with(allowed(), rebinding));
    assert!(send(&sender, port).await.is_taken());
    for _ in 0..3 {
        let refused = send(&sender, port).await;
        let cause = refused.said_cause().expect("a cause");
        assert!(!refused.is_taken() && !cause.contains("127.0.0.1"), "{cause}");
        assert!(cause.contains("hook.example is not an address of"), "{cause}");
    }
    // A sender of its own, as a test has, likewise.
    let other = Sender::new(&Outbound::with(allowed(), rebinding));
    assert!(!send(&other, port).await.is_taken());
    assert_eq!((outside.load(Ordering::SeqCst), inside.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn of_the_addresses_of_a_name_only_those_outside_are_called() {
    #[expect(clippy::unnecessary_wraps, reason = "as a resolver has it")]
    fn both(_: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let inside = [IpAddr::from(Ipv4Addr::LOCALHOST), "::ffff:127.0.0.1".parse().expect("one")];
        let all = inside.into_iter().chain([OUTSIDE.into()]);
        Ok(all.map(|ip| SocketAddr::new(ip, port)).collect())
    }
    let (port, outside) = receiver(OUTSIDE, 0);
    let (_, inside) = receiver(Ipv4Addr::LOCALHOST, port);
    let sender = Sender::new(&Outbound::with(allowed(), both));
    assert!(send(&sender, port).await.is_taken());
    assert_eq!((outside.load(Ordering::SeqCst), inside.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn one_name_is_looked_up_at_a_time_and_an_attempt_is_over_after_15_seconds() {
    static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    fn hangs(_: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        MOST.fetch_max(UNDER_WAY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::park_timeout(ANSWER_WITHIN + Duration::from_secs(5));
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        Err(io::ErrorKind::TimedOut.into())
    }
    let sender = Sender::new(&Outbound::with(allowed(), hangs));
    let watch = Stopwatch::start();
    let (one, other, third) = tokio::join!(send(&sender, 1), send(&sender, 2), send(&sender, 3));
    for answer in [one, other, third] {
        let cause = answer.said_cause().expect("a cause");
        assert_eq!(cause, "no whole answer came within 15 s");
    }
    assert!(watch.elapsed() < Duration::from_secs(19), "{:?}", watch.elapsed());
    assert_eq!(MOST.load(Ordering::SeqCst), 1);
}

/// Versions before took such addresses, so they may be kept.
#[tokio::test]
async fn an_address_whose_port_is_none_leads_nowhere_and_says_so() {
    fn nobody_asks(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        panic!("{host}:{port} is looked up");
    }
    let sender = Sender::new(&Outbound::with(allowed(), nobody_asks));
    for port in ["65536", "70000", "99999999999", "0"] {
        let url = format!("https://hook.example:{port}/");
        let answer = sender.send(&url, &signed(), Bytes::from_static(b"{}")).await;
        let cause = answer.said_cause().expect("a cause");
        assert!(cause.contains("the port behind hook.example is not a number"), "{cause}");
        assert!(!answer.is_taken());
    }
    for (url, port) in [
        ("https://hook.example/", Some(443)),
        ("http://hook.example:/", Some(80)),
        ("http://u:8@[::1]/", Some(80)),
        ("https://u:8@[::1]:65535/", Some(65_535)),
        ("https://[::1]:65536/", None),
    ] {
        assert_eq!(port_of(&url.parse().expect("an address")), port, "{url}");
    }
}

#[test]
fn an_address_in_the_log_has_no_user_and_no_query() {
    for (url, shown) in [
        ("https://example.com/in?token=secret", "https://example.com/in"),
        ("https://u:secret@example.com:8443/a@b", "https://example.com:8443/a@b"),
        ("http://[::1]:80?secret#secret", "http://[::1]:80"),
        ("secret-without-a-scheme?secret", "secret-without-a-scheme"),
    ] {
        assert_eq!(without_query(url), shown);
    }
}
