//! The door for carriers that ask what to do with a call, and are answered in `TwiML`: Twilio, and Telnyx with its `TeXML`.
//!
//! `signature.rs`, `markup.rs` and `caller.rs` are pure: who signed a request, what the carrier is told, and what becomes of a call on each
//! message. Around them are `door.rs` (the webhooks), `calls.rs` (the calls that are held, each with a task that follows it) and
//! `carrier_api.rs`. Start reading at [`run`], then at `caller.rs`.


mod caller;





mod markup;

mod signature;





