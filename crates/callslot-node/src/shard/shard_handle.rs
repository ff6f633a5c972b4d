//! The handle of one shard of a running node. Start reading at [`ShardHandle::enqueue`].

use std::sync::atomic::Ordering;

use callslot_core::{Now, Shard};
use tokio::sync::oneshot;

use crate::shard::fair_queue::Share;
use crate::shard::order::{Askable, Order};
use crate::shard::order_channel::OrderSender;
use crate::shared_state::ShardState;
use crate::unavailable::{SubmitError, Unavailable};

/// A handle of a shard. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ShardHandle {
    orders: OrderSender,
    pub(crate) state: ShardState,
}

impl ShardHandle {
    pub(crate) fn new(orders: OrderSender, state: ShardState) -> Self {
        Self { orders, state }
    }

    /// Submits a command to all organisations of this shard. Returns its reply once its events are durable.
    pub(crate) async fn submit<A: Askable>(&self, ask: A) -> Result<A::Reply, SubmitError> {
        let decided = self.ask(|caller| Order::decide(ask, caller)).await?;
        Ok(decided?)
    }

    /// Reads the state of this shard. The look is queued when this returns.
    pub(crate) fn look<R: Send + 'static, L: FnOnce(&Shard, Now) -> R + Send + 'static>(
        &self,
        look: L,
    ) -> impl Future<Output = Result<R, Unavailable>> + use<R, L> {
        self.ask(|caller| Order::look(None, look, caller))
    }

    /// Whether the last commit or probe of the store succeeded.
    pub(crate) fn is_writable(&self) -> bool {
        self.state.is_writable.load(Ordering::Relaxed) && !self.orders.is_closed()
    }

    /// Puts an order in line, for this share.
    pub(crate) fn enqueue(&self, share: Share, order: Order) -> Result<(), Unavailable> {
        let sent = self.orders.send(share, order);
        if sent == Err(Unavailable::Overloaded) {
            self.state.metrics.overloads.inc();
        }
        sent
    }

    /// What comes of an order of this shard.
    pub(crate) fn outcome<R>(
        &self,
        answer: oneshot::Receiver<Result<R, Unavailable>>,
    ) -> impl Future<Output = Result<R, Unavailable>> + use<R> {
        let orders = self.orders.clone();
        async move {
            // The loop drops callers that it can no longer answer: because it has ended, or because the store failed.
            answer.await.unwrap_or_else(|_| {
                Err(if orders.is_closed() {
                    Unavailable::ShuttingDown
                } else {
                    Unavailable::StoreFailed
                })
            })
        }
    }

    fn ask<R, O: FnOnce(oneshot::Sender<Result<R, Unavailable>>) -> Order>(
        &self,
        order: O,
    ) -> impl Future<Output = Result<R, Unavailable>> + use<R, O> {
        let (caller, answer) = oneshot::channel();
        let order = order(caller);
        let sent = self.enqueue(order.share(), order);
        let outcome = self.outcome(answer);
        async move {
            sent?;
            outcome.await
        }
    }
}
