//! The flags of a load.

use callslot_api::CallType;
use clap::{Args, ValueEnum};

use crate::remote::Remote;

/// Loads a running server and measures it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot bench\n  callslot bench --connections 50 --duration 30 --json\n  \
    callslot bench --door stream --pipeline 16\n  \
    callslot bench --rate 2000 --connections 64   at a steady pace, however slow the server\n  \
    callslot bench --mix inbound=6,chat=3,webcall=1 --hold-ms 200\n  \
    callslot bench --orgs acme,globex   as the operator, for data of several shards\n\n\
    Needs an admin key: it creates agents of its own and deletes them afterwards."
)]
pub struct Bench {
    #[command(flatten)]
    pub remote: Remote,
    /// The interface to load
    #[arg(long, value_enum, default_value_t = Door::Http)]
    pub door: Door,
    /// Number of connections
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub connections: u64,
    /// Concurrent calls on each connection
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub pipeline: u64,
    /// Organisations to spread the connections over, with an operator's key (default: one, that of the key or of --org)
    #[arg(long, value_delimiter = ',', value_name = "ORG,…")]
    pub orgs: Vec<String>,
    /// Number of agents to spread the calls over
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub agents: u64,
    /// Call types and their weights
    #[arg(long, value_parser = parse_mix, default_value = "webcall=1,chat=1,outbound=1,inbound=1", value_name = "TYPE=N,…")]
    pub mix: Mix,
    /// Duration of each call, in milliseconds
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600_000))]
    pub hold_ms: u64,
    /// Starts per second over all connections (default: each call follows the previous one)
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub rate: Option<u64>,
    /// Measured time, in seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub duration: u64,
    /// Time to run before measuring, in seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub warm_up: u64,
    /// Allow loading a server on another machine
    #[arg(long)]
    pub yes: bool,
}

/// The interfaces of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// HTTP/1.1 over kept connections.
    Http,
    /// Streams (`GET /v1/connect`), each shared by the calls under way on it.
    Stream,
}

/// Call types, each repeated by its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix(Vec<CallType>);

impl Mix {
    /// The type that a random number falls on.
    pub fn drawn(&self, number: usize) -> CallType {
        self.0[number % self.0.len()]
    }
}

/// The highest weight of a type.
const MOST: usize = 1_000;

fn parse_mix(text: &str) -> Result<Mix, String> {
    let mut types = Vec::new();
    for part in text.split(',') {
        let (name, weight) = part.split_once('=').unwrap_or((part, "1"));
        let call_type = match name.trim() {
            "webcall" => CallType::Webcall,
            "chat" => CallType::Chat,
            "outbound" => CallType::Outbound,
            "inbound" => CallType::Inbound,
            other => {
                return Err(format!(
                    "unknown call type `{other}`; expected webcall, chat, outbound or inbound"
                ));
            }
        };
        let weight = weight.trim().parse().ok().filter(|weight| *weight <= MOST);
        let weight =
            weight.ok_or_else(|| format!("`{part}`: a weight is a number up to {MOST}"))?;
        types.extend(std::iter::repeat_n(call_type, weight));
    }
    if types.is_empty() { Err("all weights are 0".into()) } else { Ok(Mix(types)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_names_types_and_how_often_each_comes() {
        let mix = parse_mix("inbound=2,chat").expect("a mix");
        assert_eq!(mix, Mix(vec![CallType::Inbound, CallType::Inbound, CallType::Chat]));
        for wrong in ["", "phone=1", "chat=x", "chat=0", "chat=1001", "chat=-1"] {
            assert!(parse_mix(wrong).is_err(), "{wrong}");
        }
    }
}
