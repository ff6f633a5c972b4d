//! The work that a session has asked for and that is not done yet: batches and resumptions in order, and one look-up of
//! positions beside them. It only waits.

use std::future::pending;

use callslot_engine_stream::{Answers, ResumedLease, Waits, Work};
use callslot_node::WatchSuccessor;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesOrdered, StreamExt};

use crate::engine_stream::engine::Engine;
use crate::refusal::Refusal;

/// The outcome of something that a session asked for.
pub(crate) enum Done {
    Answers(Answers<Refusal>),
    Resumed(Result<(ResumedLease, WatchSuccessor), Refusal>),
    Positions(Waits),
}

pub(crate) struct UnderWay {
    engine: Engine,
    in_order: FuturesOrdered<BoxFuture<'static, Done>>,
    positions: Option<BoxFuture<'static, Waits>>,
}

impl UnderWay {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, in_order: FuturesOrdered::new(), positions: None }
    }

    /// Begins what a session asks for. Commands are handed in when this returns.
    pub(crate) fn begin(&mut self, work: Work<Refusal>) {
        let engine = self.engine.clone();
        match work {
            Work::Decide(batch) => {
                self.in_order.push_back(Box::pin(engine.decide(batch).map(Done::Answers)));
            }
            Work::Resume(resume) => self
                .in_order
                .push_back(Box::pin(async move { Done::Resumed(engine.resume(resume).await) })),
            Work::LookAtPositions(ids) => self.positions = Some(engine.waits(ids)),
            Work::Renew(lease) => engine.renew(lease),
        }
    }

    /// The next outcome; waits indefinitely where nothing is under way. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Done {
        let Self { in_order, positions, .. } = self;
        tokio::select! {
            biased;
            waits = async { positions.as_mut().expect("there is one").await }, if positions.is_some() => {
                self.positions = None;
                Done::Positions(waits)
            }
            Some(done) = in_order.next() => done,
            else => pending().await,
        }
    }
}
