//! The systems that are compared, and the load that each is put under.

use std::path::PathBuf;

use crate::bench::peer_servers::Persistence;
use crate::process::step::root;

/// Connections of every load.
pub const CONNECTIONS: u32 = 50;
/// Calls under way at once on each, where a system lets them.
const PIPELINES: [u32; 2] = [1, 16];

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    CallslotStream,
    CallslotHttp,
    Redis(Persistence),
    /// A sorted set as a semaphore.
    Semaphore(Persistence),
    Postgres,
    BullMq(Persistence),
    Dbos,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub system: System,
    pub pipeline: u32,
    /// Starts a second; without it each call follows the one before.
    pub rate: Option<u32>,
}

/// Every system under every load.
pub fn loads() -> Vec<Load> {
    let durable = [Persistence::Always, Persistence::EverySecond];
    let mut systems = vec![System::CallslotStream, System::CallslotHttp];
    systems.extend(durable.map(System::Redis));
    systems.extend([System::Redis(Persistence::None), System::Postgres]);
    systems.extend(durable.map(System::Semaphore));
    systems.extend(durable.map(System::BullMq));
    systems.push(System::Dbos);
    let of = |system| PIPELINES.map(|pipeline| Load { system, pipeline, rate: None });
    let all = systems.into_iter().flat_map(of);
    // A connection of HTTP/1.1 carries one request at a time.
    all.filter(|load| load.system != System::CallslotHttp || load.pipeline == 1).collect()
}

/// The folder of the load on BullMQ.
pub fn bullmq() -> PathBuf {
    root().join("bench/peers/bullmq")
}

/// The folder of the load on DBOS.
pub fn dbos() -> PathBuf {
    root().join("bench/peers/dbos")
}
