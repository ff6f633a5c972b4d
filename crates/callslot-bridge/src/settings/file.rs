//! The keys of `bridge.toml`, with what they mean and their defaults.

use std::net::SocketAddr;
use std::sync::Arc;

use callslot_api::CallType;
use serde::Deserialize;
use toml::Spanned;

use super::defaults::{
    ask_after_s, grace_s, inbound, max_wait_s, metrics_listen, name, no_gates, to_field, unwritten,
};

/// A valid file of settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the carrier's webhooks are answered.
    #[serde(default = "listen")]
    pub listen: SocketAddr,
    /// Where `/metrics` and `/healthz` are answered; not for the carrier to see.
    #[serde(default = "metrics_listen")]
    pub metrics_listen: SocketAddr,
    /// The address under which the carrier reaches `listen`: what it signs, whatever a proxy makes of it. Needed with `[carrier]`.
    pub public_url: Option<Spanned<String>>,
    /// Marks this bridge's calls, so that it finds them again after a restart. Bridges that run at once have different names.
    #[serde(default = "name")]
    pub name: Spanned<String>,
    /// How long calls keep their slots while the bridge is away, in seconds.
    #[serde(default = "grace_s")]
    pub grace_s: Spanned<u64>,
    /// How long the carrier, or the SIP proxy, may be silent about a call before it is asked whether it still has it, in seconds.
    #[serde(default = "ask_after_s")]
    pub ask_after_s: Spanned<u64>,
    /// The account with the carrier, where callers come from one that asks what to do with a call.
    pub carrier: Option<Carrier>,
    /// The SIP proxy, where callers come from one.
    pub sip_proxy: Option<SipProxy>,
    /// The numbers that are called.
    #[serde(default, rename = "number")]
    pub numbers: Vec<Arc<Number>>,
    /// How agents dial.
    #[serde(default)]
    pub outbound: Vec<Arc<Outbound>>,
}

/// The account with the carrier. Its secrets are in the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// The account's id, such as `AC…`.
    pub account: Spanned<String>,
    /// The address of the carrier's API, if it is not the usual one.
    pub api: Option<Spanned<String>>,
    /// The `TeXML` application that dials; Telnyx alone has one.
    pub application: Option<String>,
}

/// A SIP proxy, which keeps callers waiting and connects them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SipProxy {
    /// Where its event socket is, which the bridge connects to.
    #[serde(default = "sip_events")]
    pub events: SocketAddr,
    /// After how many seconds a caller who was not connected may try again: `Retry-After`.
    #[serde(default = "retry_after_s")]
    pub retry_after_s: Spanned<u64>,
}

/// A number that is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the fields are the keys of the file")]
pub struct Number {
    /// The number, as the carrier writes it: `+` and digits. From a SIP proxy, the user part of the address that is called.
    pub number: Spanned<String>,
    /// The agent that handles its calls.
    pub agent: Spanned<String>,
    /// Their type.
    #[serde(default = "inbound", rename = "type")]
    pub call_type: CallType,
    /// The gates that they pass, up to 4.
    #[serde(default = "no_gates")]
    pub gates: Spanned<Vec<String>>,
    /// The language of what callers hear, such as `de` or `en-GB`.
    #[serde(default = "language")]
    pub language: Spanned<String>,
    /// What a caller hears first; nothing by default.
    pub greeting: Option<String>,
    /// What a caller who waits hears: `{position}` and `{minutes}` are filled in. By default words of the language.
    pub hold_words: Option<Spanned<String>>,
    /// Music for callers who wait: the address of an audio file. Without one there is silence between the words.
    pub hold_music: Option<Spanned<String>>,
    /// How long a caller waits in line before the overflow, in seconds.
    #[serde(default = "max_wait_s")]
    pub max_wait_s: Spanned<u64>,
    /// Where a caller is connected once there is a slot.
    pub connect: Spanned<Target>,
    /// What becomes of callers who cannot be connected: one after the other, until one of them takes the caller.
    #[serde(default)]
    pub overflow: Vec<Spanned<Overflow>>,
    /// How long a caller who wants to be called back keeps the place in line, in seconds, counted from the end of `max_wait_s`.
    #[serde(default = "callback_within_s")]
    pub callback_within_s: Spanned<u64>,
}

/// How an agent dials.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// The agent.
    pub agent: Spanned<String>,
    /// The number that it calls from.
    pub from: Spanned<String>,
    /// The field of a call's metadata that has the number to dial.
    #[serde(default = "to_field")]
    pub to_field: String,
    /// Where the callee is connected.
    pub connect: Spanned<Target>,
    /// Whether the carrier finds out if a machine has answered. Then the call ends.
    #[serde(default)]
    pub detect_machines: bool,
}

/// Where a caller is connected. `{call}`, `{from}` and `{to}` in it are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The call's media go to a WebSocket: `wss://…`.
    Stream(String),
    /// A SIP address: `sip:…`.
    Sip(String),
    /// A telephone number.
    Dial(String),
    /// The user's own instructions, at an address that the carrier asks.
    Url(String),
}

/// What becomes of a caller who cannot be connected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// These words offer to be called back: who presses 1 keeps the place in line and hangs up.
    Callback(String),
    /// Another telephone number.
    Dial(String),
    /// These words ask for a message, which the carrier records.
    Voicemail(String),
    /// These words, and the end of the call.
    Say(String),
    /// The SIP proxy relays the call to this address: `sip:…`.
    Sip(String),
    /// The caller is told to call this address: `sip:…`.
    Redirect(String),
}

impl Number {
    /// Whether callers are offered to be called back.
    #[must_use]
    pub fn offers_callback(&self) -> bool {
        self.overflow.iter().any(|item| matches!(item.get_ref(), Overflow::Callback(_)))
    }
}

impl Settings {
    /// The bridge's address without a slash at its end.
    pub(crate) fn base(&self) -> &str {
        self.public_url.as_ref().map_or("", |url| url.get_ref().trim_end_matches('/'))
    }

    /// The number that was called, if it is one of these.
    #[must_use]
    pub fn number(&self, called: &str) -> Option<&Arc<Number>> {
        self.numbers.iter().find(|number| number.number.get_ref() == called)
    }

    /// How an agent dials, if it does.
    #[must_use]
    pub fn outbound_of(&self, agent: &str) -> Option<&Arc<Outbound>> {
        self.outbound.iter().find(|outbound| outbound.agent.get_ref() == agent)
    }
}

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7080))
}

fn sip_events() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8448))
}

fn retry_after_s() -> Spanned<u64> {
    unwritten(30)
}

fn language() -> Spanned<String> {
    unwritten("en".to_owned())
}

fn callback_within_s() -> Spanned<u64> {
    unwritten(3_600)
}
