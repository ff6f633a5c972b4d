//! Redis: one script starts a call and one ends it, each in one round trip (`EVALSHA`).

use ::redis::aio::MultiplexedConnection;
use ::redis::{Client, RedisError, cmd};

use crate::answer::{Answer, Refused};
use crate::pool::{Class, Pool};

const START: &str = include_str!("../../scripts/start.lua");
const END: &str = include_str!("../../scripts/end.lua");

/// Writes the counts that `start.lua` reads.
pub async fn set_up(url: &str, pool: &Pool) -> Result<(), Refused> {
    let mut connection = connect(url).await?;
    let mut counts = cmd("HSET");
    counts.arg(key_of(&pool.org)).arg("shared").arg(pool.shared()).arg("shared_used").arg(0);
    for class in pool.classes() {
        let name = name_of(&class);
        counts.arg(format!("reserved:{name}")).arg(pool.reserved(&class));
        counts.arg(format!("active:{name}")).arg(0);
    }
    counts.exec_async(&mut connection).await.map_err(failed)
}

/// A connection of the client library that its users share and pipeline on.
#[derive(Clone)]
pub struct Connection {
    redis: MultiplexedConnection,
    /// The organisation's key; all others begin with it.
    org: String,
    start_sha: String,
    end_sha: String,
}

impl Connection {
    /// Connects, and has the scripts loaded.
    pub async fn open(url: &str, org: &str) -> Result<Self, Refused> {
        let mut connection = connect(url).await?;
        let mut shas = Vec::new();
        for script in [START, END] {
            let mut load = cmd("SCRIPT");
            load.arg("LOAD").arg(script);
            shas.push(load.query_async::<String>(&mut connection).await.map_err(failed)?);
        }
        let [start_sha, end_sha] = <[String; 2]>::try_from(shas).expect("two scripts");
        Ok(Self { redis: connection, org: key_of(org), start_sha, end_sha })
    }

    /// Starts a call, or returns its state if its id is known.
    pub async fn start(&mut self, class: &Class, id: &str) -> Result<Answer, Refused> {
        let (org, class) = (&self.org, name_of(class));
        let mut start = cmd("EVALSHA");
        start.arg(&self.start_sha).arg(4).arg(org).arg(format!("{org}:call:{id}"));
        start.arg(format!("{org}:queue")).arg(format!("{org}:queue:{class}")).arg(&class).arg(id);
        let said: String = start.query_async(&mut self.redis).await.map_err(failed)?;
        Answer::named(&said)
    }

    pub async fn end(&mut self, id: &str) -> Result<Answer, Refused> {
        let org = &self.org;
        let mut end = cmd("EVALSHA");
        end.arg(&self.end_sha).arg(3).arg(org).arg(format!("{org}:call:{id}"));
        end.arg(format!("{org}:queue")).arg(id);
        let said: String = end.query_async(&mut self.redis).await.map_err(failed)?;
        Answer::named(&said)
    }
}

pub(super) async fn connect(url: &str) -> Result<MultiplexedConnection, Refused> {
    let client = Client::open(url).map_err(failed)?;
    client.get_multiplexed_async_connection().await.map_err(failed)
}

/// The braces put all keys of an organisation on one node of a cluster.
pub(super) fn key_of(org: &str) -> String {
    format!("{{{org}}}")
}

fn name_of(class: &Class) -> String {
    format!("{}:{}", class.agent, class.call_type)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
pub(super) fn failed(error: RedisError) -> Refused {
    format!("Redis: {error}")
}
