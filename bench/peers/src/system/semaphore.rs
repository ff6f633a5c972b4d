//! Redis as a counting semaphore in a sorted set, the recipe of many posts: members are the calls, scores are when they came, and those among
//! the first `limit` hold a slot. A call that is not among them leaves, and asks again after a pause.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::redis::aio::MultiplexedConnection;
use ::redis::{cmd, pipe};

use crate::answer::{Answer, Refused};
use crate::pool::Pool;
use crate::system::redis::{connect, failed, key_of};

/// A holder that has not given its slot back within this time is taken to be gone.
const HELD_FOR_MS: u64 = 15 * 60 * 1_000;
/// How long to wait before asking again.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Notes how many may hold it.
pub async fn set_up(url: &str, pool: &Pool) -> Result<(), Refused> {
    let mut connection = connect(url).await?;
    let mut set = cmd("SET");
    set.arg(limit_of(&pool.org)).arg(pool.limit);
    set.exec_async(&mut connection).await.map_err(failed)
}

/// A connection of the client library that its users share and pipeline on.
#[derive(Clone)]
pub struct Connection {
    redis: MultiplexedConnection,
    holders: String,
    limit: u64,
}

impl Connection {
    pub async fn open(url: &str, org: &str) -> Result<Self, Refused> {
        let mut redis = connect(url).await?;
        let limit = cmd("GET").arg(limit_of(org)).query_async(&mut redis).await.map_err(failed)?;
        Ok(Self { redis, holders: key_of(org), limit })
    }

    /// Comes back with a slot.
    pub async fn start(&mut self, id: &str) -> Result<Answer, Refused> {
        loop {
            let now = since_epoch_ms();
            let mut ask = pipe();
            ask.atomic();
            let gone = now.saturating_sub(HELD_FOR_MS);
            ask.cmd("ZREMRANGEBYSCORE").arg(&self.holders).arg("-inf").arg(gone).ignore();
            ask.cmd("ZADD").arg(&self.holders).arg("NX").arg(now).arg(id).ignore();
            ask.cmd("ZRANK").arg(&self.holders).arg(id);
            let (rank,): (u64,) = ask.query_async(&mut self.redis).await.map_err(failed)?;
            if rank < self.limit {
                return Ok(Answer::Active);
            }
            self.end(id).await?;
            tokio::time::sleep(ASK_AGAIN_AFTER).await;
        }
    }

    pub async fn end(&mut self, id: &str) -> Result<Answer, Refused> {
        let mut remove = cmd("ZREM");
        remove.arg(&self.holders).arg(id);
        remove.exec_async(&mut self.redis).await.map_err(failed)?;
        Ok(Answer::Ended)
    }
}

fn limit_of(org: &str) -> String {
    format!("{}:limit", key_of(org))
}

fn since_epoch_ms() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the recipe goes by the clock of the caller")]
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
