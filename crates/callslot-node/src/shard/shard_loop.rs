//! The task that owns a shard. Everything that can wake it is in [`ShardLoop::run`]; it decides nothing itself, the sequencer
//! does.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use callslot_core::{Event, OrgEvent, Recorded};
use callslot_store::Record;
use tokio::sync::watch;

use crate::follow::event_feed::FedEvent;
use crate::limits::{LOOK_EVERY, MAX_COMMANDS_PER_BATCH};
use crate::shard::commit_steps::Outcome;
use crate::shard::commit_thread::CommitThread;
use crate::shard::order::Order;
use crate::shard::order_channel::OrderReceiver;
use crate::shard::sequencer::{Sequencer, Settled, ToCommit};
use crate::shared_state::ShardState;
use crate::time::system_clock::instant_now;

pub(crate) struct ShardLoop {
    sequencer: Sequencer,
    orders: OrderReceiver,
    commit_thread: CommitThread,
    state: ShardState,
}

impl ShardLoop {
    pub(crate) fn new(sequencer: Sequencer, orders: OrderReceiver, state: ShardState) -> Self {
        let commit_thread = CommitThread::start(Arc::clone(&state.store));
        Self { sequencer, orders, commit_thread, state }
    }

    /// Runs until every handle is dropped or the node stops. Before it returns, all orders taken are committed and answered,
    /// as far as the store can write.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut look = pin!(tokio::time::sleep(LOOK_EVERY));
        let (mut is_open, mut is_stopping) = (true, false);
        while is_open || (self.sequencer.is_committing() && self.sequencer.is_writable()) {
            let is_committing = self.sequencer.is_committing();
            let mut settled = None;
            tokio::select! {
                biased;
                _ = stop.changed(), if !is_stopping => {
                    is_stopping = true;
                    self.orders.close();
                }
                (outcome, took) = self.commit_thread.outcome(),
                    if is_committing || !self.sequencer.is_writable() =>
                {
                    if matches!(outcome, Outcome::Committed { .. }) {
                        self.state.metrics.commits.observe(took.as_secs_f64());
                    }
                    settled = Some(self.hear(outcome));
                }
                order = self.orders.recv(), if is_open && self.sequencer.has_room() => match order {
                    Some(order) => self.take_all(order),
                    None => is_open = false,
                },
                // While a commit is stuck the loop does not look at the clock, so no deadline comes nearer.
                () = &mut look, if !is_committing => {
                    self.let_time_pass();
                    look.as_mut().reset(self.sequencer.next_look());
                }
                // A step may have looked at calls and led to nothing.
                () = tokio::task::yield_now(), if !is_committing && self.sequencer.has_steps_left() => {
                    self.let_time_pass();
                }
            }
            // Start the next commit before publishing the last one, so that the disk does not wait for that.
            if self.sequencer.needs_commit() {
                self.commit();
            }
            if let Some(settled) = settled {
                self.tell(settled);
            }
            self.commit();
            // What is left to do comes first in a batch, so that orders cannot crowd it out. It is decided while the record before is
            // on its way.
            if self.sequencer.has_steps_left() {
                self.let_time_pass();
                self.commit();
            }
            // What was decided may have brought a deadline nearer.
            let next_look = self.sequencer.next_look();
            if next_look < look.deadline() {
                look.as_mut().reset(next_look);
            }
        }
        self.state.feeds.close_all();
        self.state.lease_watches.close_all();
        // A thread that cannot write is not waited for.
        if self.sequencer.is_writable() {
            self.commit_thread.finish().await;
        }
    }

    /// Takes an order and the ones waiting behind it, as many as fit a batch, then expires what is due.
    fn take_all(&mut self, first: Order) {
        let at = instant_now();
        self.sequencer.take(at, first);
        for _ in 1..MAX_COMMANDS_PER_BATCH {
            if !self.sequencer.has_room() {
                break;
            }
            let Some(order) = self.orders.try_recv() else {
                break;
            };
            self.sequencer.take(at, order);
        }
        self.let_time_pass();
    }

    fn let_time_pass(&mut self) {
        let waiting = self.orders.commands();
        self.state.gauges.waiting_commands.store(waiting as u64, Ordering::Relaxed);
        self.sequencer.let_time_pass(instant_now(), waiting > 0);
        let stalled_ms = self.sequencer.clock().stalled_ms();
        self.state.gauges.stalled_ms.store(stalled_ms, Ordering::Relaxed);
    }

    /// Starts committing the next record, if there is one and no commit is in progress.
    fn commit(&mut self) {
        if let Some(ToCommit { after, record, commands }) = self.sequencer.next_record() {
            self.state.metrics.note_batch(commands);
            self.commit_thread.commit(after, record);
        }
    }

    fn hear(&mut self, outcome: Outcome) -> Settled {
        if matches!(outcome, Outcome::Failed) {
            self.state.metrics.failed_commits.inc();
            // Who is told of it may ask at once whether the node is ready.
            self.state.is_writable.store(false, Ordering::Relaxed);
        }
        let settled = self.sequencer.hear(instant_now(), outcome);
        self.state.is_writable.store(self.sequencer.is_writable(), Ordering::Relaxed);
        settled
    }

    fn tell(&self, mut settled: Settled) {
        if let Some(record) = settled.durable.take() {
            self.state.lease_watches.publish(&record.events, &settled.gone_leases);
            self.publish(record);
        }
        settled.answer();
    }

    /// Publishes a durable record to feeds and metrics, in order.
    fn publish(&self, record: Record) {
        let (at, events) = (record.now.at, record.events.len() as u64);
        for recorded in record.events {
            self.state.alert_book.note(&recorded);
            let Recorded { org, sequence, event } = recorded;
            let is_deleted = matches!(event, Event::Org(OrgEvent::Deleted));
            if let Some((sequence, event)) = sequence.zip(event.into_public()) {
                let event = FedEvent { sequence, at, event };
                self.state.metrics.count(&org, &event);
                self.state.feeds.publish(&org, event);
            } else if is_deleted {
                self.state.feeds.close(&org);
                self.state.metrics.forget(&org);
            }
        }
        self.state.progress.send_modify(|durable| *durable += events);
    }
}
