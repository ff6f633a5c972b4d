//! Follows a call at Callslot, from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use callslot_client::{Call, Error, Metadata, Over, State};

use super::marks::Marks;
use super::{Calls, Ending, Held};
use crate::adoption::adopted;
use crate::line::Line;
use crate::sip_proxy::caller::Message;
use crate::sip_proxy::wire::Command;

impl Calls {
    /// Starts a call, and follows it.
    pub(crate) fn start(self: &Arc<Self>, held: &Arc<Held>, ending: Ending) {
        let (number, call, marks) = {
            let caller = held.caller();
            let marks = Marks {
                bridge: self.settings().name.get_ref().clone(),
                from: caller.from.clone(),
                to: caller.to.clone(),
                leg: caller.leg.clone(),
            };
            (Arc::clone(&caller.number), caller.call.clone(), marks)
        };
        let text = serde_json::to_string(&marks).expect("it is text");
        let request = self
            .slots
            .call(number.agent.get_ref(), number.call_type)
            .id(call)
            .gates(number.gates.get_ref().iter().cloned())
            .max_wait(Duration::from_secs(*number.max_wait_s.get_ref()))
            .metadata(Metadata::parse(&text).expect("an object"));
        let (calls, held) = (Arc::clone(self), Arc::clone(held));
        tokio::spawn(async move { calls.follow(held, request.start(), ending).await });
    }

    /// Takes a live call over from a bridge that is gone, and follows it.
    pub(super) fn adopt(self: &Arc<Self>, held: &Arc<Held>, id: String, ending: Ending) {
        let (calls, held) = (Arc::clone(self), Arc::clone(held));
        let adopted = adopted(self.slots.clone(), id);
        tokio::spawn(async move { calls.follow(held, adopted, ending).await });
    }

    async fn follow(
        self: Arc<Self>,
        held: Arc<Held>,
        opening: impl Future<Output = Result<Call, Error>>,
        mut ending: Ending,
    ) {
        let opened = tokio::select! {
            // One that was taken over ends with its note: it is looked at first.
            biased;
            opened = opening => opened,
            // Given up while it is asked for, the call ends.
            _ = ending.recv() => {
                let leg = held.caller().leg.clone();
                self.tell(&leg, "", Command::Have);
                held.line.send_replace(Line::Ended);
                return;
            }
        };
        let leg = held.caller().leg.clone();
        self.tell(&leg, "", Command::Have);
        let mut call = match opened {
            Ok(call) => call,
            Err(error) => {
                tracing::info!("{error}");
                self.stands(&held, Line::of_error(&error));
                return;
            }
        };
        let mut status = call.status();
        loop {
            let line = Line::of(&status);
            if line == Line::OutOfSight && *held.line.borrow() != line {
                self.metrics.out_of_sight.inc();
            }
            if status.over == Some(Over::Adopted) {
                let ci = held.caller().leg.dialog.ci.clone();
                self.forget(&ci);
                return;
            }
            self.stands(&held, line);
            if status.state == State::Ended {
                return;
            }
            tokio::select! {
                changed = call.changed() => status = changed,
                note = ending.recv() => {
                    held.line.send_replace(Line::Ended);
                    call.end(note.flatten()).await;
                    return;
                }
            }
        }
    }

    /// Notes how a call stands with Callslot.
    fn stands(&self, held: &Held, line: Line) {
        held.line.send_replace(line);
        self.hear(held, Message::LineChanged);
    }
}
