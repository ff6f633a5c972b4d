//! The way of orders from the handles of a node to the loop of a shard. They wait in a [`FairQueue`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::limits::ORDER_ROOM;
use crate::shard::fair_queue::{Crowd, FairQueue, Share};
use crate::shard::order::Order;
use crate::unavailable::Unavailable;

/// The two ends of a new channel. It shares the room in all with the others of the crowd.
pub(crate) fn order_channel(crowd: Crowd) -> (OrderSender, OrderReceiver) {
    let orders = FairQueue::within(ORDER_ROOM, crowd);
    let channel = Arc::new(Channel {
        waiting: Mutex::new(Waiting { orders, is_open: true }),
        has_changed: Notify::new(),
    });
    (OrderSender(Arc::new(Sending(Arc::clone(&channel)))), OrderReceiver(channel))
}

#[derive(Debug)]
struct Channel {
    waiting: Mutex<Waiting>,
    has_changed: Notify,
}

#[derive(Debug)]
struct Waiting {
    orders: FairQueue<Order>,
    is_open: bool,
}

impl Channel {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().is_open = false;
        self.has_changed.notify_one();
    }
}

/// Where handles put orders. The channel closes when the last clone is dropped.
#[derive(Debug, Clone)]
pub(crate) struct OrderSender(Arc<Sending>);

#[derive(Debug)]
struct Sending(Arc<Channel>);

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl OrderSender {
    /// Puts an order in line, for this share.
    pub(crate) fn send(&self, share: Share, order: Order) -> Result<(), Unavailable> {
        let Channel { has_changed, .. } = &*self.0.0;
        let mut waiting = self.0.0.lock();
        if !waiting.is_open {
            return Err(Unavailable::ShuttingDown);
        }
        if !waiting.orders.has_room(share.org.as_ref()) {
            return Err(Unavailable::Overloaded);
        }
        waiting.orders.push(share, order);
        drop(waiting);
        has_changed.notify_one();
        Ok(())
    }

    /// Whether the loop takes no more orders.
    pub(crate) fn is_closed(&self) -> bool {
        !self.0.0.lock().is_open
    }
}

/// Where the loop takes them. Orders that are not taken are dropped with it, and so are those who wait for their answers.
#[derive(Debug)]
pub(crate) struct OrderReceiver(Arc<Channel>);

impl OrderReceiver {
    /// The next order, once there is one. None when the channel is closed and empty. May be dropped and called again: no order is
    /// lost.
    pub(crate) async fn recv(&self) -> Option<Order> {
        loop {
            {
                let mut waiting = self.0.lock();
                if let Some(order) = waiting.orders.pop() {
                    return Some(order);
                }
                if !waiting.is_open {
                    return None;
                }
            }
            self.0.has_changed.notified().await;
        }
    }

    /// The next order, if one waits.
    pub(crate) fn try_recv(&self) -> Option<Order> {
        self.0.lock().orders.pop()
    }

    /// How many commands wait.
    pub(crate) fn commands(&self) -> usize {
        self.0.lock().orders.commands()
    }

    /// Lets no more orders in; those that wait can be taken still.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

impl Drop for OrderReceiver {
    fn drop(&mut self) {
        self.0.close();
        // The callers are dropped outside of the lock.
        let unanswered = std::mem::replace(&mut self.0.lock().orders, FairQueue::new(ORDER_ROOM));
        drop(unanswered);
    }
}
