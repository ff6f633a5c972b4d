//! The bytes of a connection, HTTP/1.1 or HTTP/2, into a whole server: every answer is well-formed, and none is a 500.
#![no_main]

use std::time::Duration;

use callslot_fuzz::http;
use callslot_server::fuzz_server::FuzzServer;
use libfuzzer_sys::fuzz_target;

/// How long to wait for a long poll, or for a request that does not arrive whole.
const PATIENCE: Duration = Duration::from_millis(10);
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const FRAME_HEAD_BYTES: usize = 9;
const SETTINGS: u8 = 4;

fuzz_target!(|data: &[u8]| {
    let server = FuzzServer::new();
    let answered = server.exchange(data, PATIENCE);
    if data.starts_with(HTTP2) {
        judge_frames(&answered);
    } else if !HTTP2.starts_with(data) {
        let _ = http::answers(&answered);
    }
    server.stop_and_recover();
});

/// Frames follow one another without a gap; the first has the server's settings (RFC 9113, sections 3.4 and 4.1).
fn judge_frames(mut bytes: &[u8]) {
    let mut is_first = true;
    while let Some(head) = bytes.first_chunk::<FRAME_HEAD_BYTES>() {
        let [a, b, c, kind, ..] = *head;
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).expect("24 bits fit");
        assert!(!is_first || kind == SETTINGS, "the first frame is of kind {kind}");
        let body =
            bytes.get(FRAME_HEAD_BYTES..FRAME_HEAD_BYTES + length).expect("a frame is whole");
        let text = String::from_utf8_lossy(body);
        assert!(!text.contains("\"status\":500"), "the server broke: {text}");
        bytes = &bytes[FRAME_HEAD_BYTES + length..];
        is_first = false;
    }
    assert!(bytes.is_empty(), "a frame is cut off");
}
