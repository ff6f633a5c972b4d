//! The keys of `bridge.toml` for Asterisk, with what they mean and their defaults.

use std::net::SocketAddr;
use std::sync::Arc;

use callslot_api::CallType;
use serde::Deserialize;
use toml::Spanned;

use super::place::Place;
use crate::settings::defaults::{
    ask_after_s, grace_s, inbound, max_wait_s, metrics_listen, name, no_gates, to_field, unwritten,
};

/// A valid file of settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where `/metrics` and `/healthz` are answered.
    #[serde(default = "metrics_listen")]
    pub metrics_listen: SocketAddr,
    /// Marks this bridge's calls, so that it finds them again after a restart. Bridges that run at once have different names.
    #[serde(default = "name")]
    pub name: Spanned<String>,
    /// How long calls keep their slots while the bridge or Asterisk is away, in seconds.
    #[serde(default = "grace_s")]
    pub grace_s: Spanned<u64>,
    /// How often the calls are compared with Asterisk's channels, in seconds.
    #[serde(default = "ask_after_s")]
    pub ask_after_s: Spanned<u64>,
    /// Where Asterisk is.
    pub asterisk: Asterisk,
    /// The numbers that are called.
    #[serde(default, rename = "number")]
    pub numbers: Vec<Arc<Number>>,
    /// How agents dial.
    #[serde(default)]
    pub outbound: Vec<Arc<Outbound>>,
}

/// Where Asterisk is. The password of its user is in the environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asterisk {
    /// The address of its HTTP server, with the prefix if `http.conf` has one, without `/ari`.
    #[serde(default = "url")]
    pub url: Spanned<String>,
    /// The user, as a section of `ari.conf`.
    #[serde(default = "callslot")]
    pub user: Spanned<String>,
    /// The Stasis application: `Stasis(callslot)` in the dialplan.
    #[serde(default = "callslot")]
    pub app: Spanned<String>,
}

/// A number that is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the fields are the keys of the file")]
pub struct Number {
    /// The extension with which its callers come to Stasis.
    pub number: Spanned<String>,
    /// The agent that handles its calls.
    pub agent: Spanned<String>,
    /// Their type.
    #[serde(default = "inbound", rename = "type")]
    pub call_type: CallType,
    /// The gates that they pass, up to 4.
    #[serde(default = "no_gates")]
    pub gates: Spanned<Vec<String>>,
    /// Whether callers are answered while they wait. Otherwise they hear it ring.
    #[serde(default = "yes")]
    pub answer: bool,
    /// What a caller hears first; nothing by default.
    pub greeting: Option<Spanned<String>>,
    /// Whether callers are told their place in line, with Asterisk's own sounds.
    #[serde(default = "yes")]
    pub announce: bool,
    /// How often they are, in seconds.
    #[serde(default = "announce_every_s")]
    pub announce_every_s: Spanned<u64>,
    /// The language of sounds; by default the channel's.
    pub language: Option<Spanned<String>>,
    /// The class of the music on hold.
    #[serde(default = "hold_music")]
    pub hold_music: Spanned<String>,
    /// How long a caller waits in line before the overflow, in seconds.
    #[serde(default = "max_wait_s")]
    pub max_wait_s: Spanned<u64>,
    /// How long a call has its slot at most, in seconds; the agent's own bound by default.
    pub max_duration_s: Option<Spanned<u64>>,
    /// Where a caller goes on once there is a slot.
    pub connect: Connect,
    /// What becomes of callers who cannot be connected: one after the other, until one of them takes the caller.
    #[serde(default)]
    pub overflow: Vec<Spanned<Overflow>>,
}

/// How an agent dials.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// The agent.
    pub agent: Spanned<String>,
    /// The number that the callee sees.
    pub from: Spanned<String>,
    /// The field of a call's metadata that has the number to dial.
    #[serde(default = "to_field")]
    pub to_field: String,
    /// What is dialled, such as `PJSIP/{to}@trunk`.
    pub endpoint: Spanned<String>,
    /// How long it rings, in seconds.
    #[serde(default = "ring_s")]
    pub ring_s: Spanned<u64>,
    /// Where the callee goes on after the answer.
    pub connect: Connect,
}

/// Where a call goes on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// In the dialplan.
    pub dialplan: Place,
}

/// What becomes of a caller who cannot be connected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// A place in the dialplan: another number, a mailbox. If it comes back to Stasis, the next item takes the caller.
    Dialplan(Place),
    /// A sound, and the end of the call.
    Play(String),
    /// The end of the call, with a cause.
    HangUp(Cause),
}

/// Why a call is hung up, as the caller's side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing is wrong; SIP's 603 for a call that was not answered.
    Normal,
    /// SIP's 486.
    Busy,
    /// SIP's 503.
    Congestion,
    /// SIP's 480.
    NoAnswer,
}

impl Cause {
    /// The number of ITU-T Q.850 that Asterisk takes.
    pub(crate) const fn code(self) -> u16 {
        match self {
            Self::Normal => 16,
            Self::Busy => 17,
            Self::NoAnswer => 19,
            Self::Congestion => 34,
        }
    }
}

impl Settings {
    /// The number that was called, if it is one of these.
    pub(crate) fn number(&self, called: &str) -> Option<&Arc<Number>> {
        self.numbers.iter().find(|number| number.number.get_ref() == called)
    }

    /// How an agent dials, if it does.
    pub(crate) fn outbound_of(&self, agent: &str) -> Option<&Arc<Outbound>> {
        self.outbound.iter().find(|outbound| outbound.agent.get_ref() == agent)
    }
}

fn url() -> Spanned<String> {
    unwritten("http://127.0.0.1:8088".to_owned())
}

fn callslot() -> Spanned<String> {
    unwritten("callslot".to_owned())
}

const fn yes() -> bool {
    true
}

fn announce_every_s() -> Spanned<u64> {
    unwritten(30)
}

fn hold_music() -> Spanned<String> {
    unwritten("default".to_owned())
}

fn ring_s() -> Spanned<u64> {
    unwritten(30)
}
