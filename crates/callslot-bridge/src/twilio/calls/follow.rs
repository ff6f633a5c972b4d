//! Follows a call of a caller at Callslot, from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use callslot_client::{Call, Error, Metadata, Over, State};
use tokio::sync::mpsc;

use super::{Calls, Held};
use crate::adoption::adopted;
use crate::settings::Number;
use crate::twilio::caller::{Caller, Line, Message};

/// Where the end of a call is asked for, with its note.
pub(crate) type Ending = mpsc::Receiver<Option<&'static str>>;

impl Calls {
    /// Starts a caller's call, and follows it.
    pub(crate) fn start(self: &Arc<Self>, held: &Arc<Held>, number: &Number, ending: Ending) {
        let (call, metadata) = {
            let caller = held.caller();
            (caller.call.clone(), self.metadata(&caller, held))
        };
        let callback_s =
            if number.offers_callback() { *number.callback_within_s.get_ref() } else { 0 };
        let wait = Duration::from_secs(number.max_wait_s.get_ref() + callback_s);
        let request = self
            .slots
            .call(number.agent.get_ref(), number.call_type)
            .id(call)
            .gates(number.gates.get_ref().iter().cloned())
            .max_wait(wait)
            .metadata(metadata);
        let (calls, held) = (Arc::clone(self), Arc::clone(held));
        tokio::spawn(async move { calls.follow(held, request.start(), ending).await });
    }

    /// Takes a live call over from a bridge that is gone, and follows it.
    pub(crate) fn adopt(self: &Arc<Self>, held: &Arc<Held>, id: String, ending: Ending) {
        let (calls, held) = (Arc::clone(self), Arc::clone(held));
        let adopted = adopted(self.slots.clone(), id);
        tokio::spawn(async move { calls.follow(held, adopted, ending).await });
    }

    /// What marks the call as this bridge's, and says all that is needed to go on with it.
    fn metadata(&self, caller: &Caller, held: &Held) -> Metadata {
        let marks = serde_json::json!({
            "bridge": self.settings().name.get_ref(),
            "sid": held.sid(),
            "from": caller.from,
            "to": caller.to,
        });
        Metadata::parse(&marks.to_string()).expect("an object")
    }

    async fn follow(
        self: Arc<Self>,
        held: Arc<Held>,
        opening: impl Future<Output = Result<Call, Error>>,
        mut ending: Ending,
    ) {
        let opened = tokio::select! {
            opened = opening => opened,
            // Given up while it is asked for, the call ends.
            _ = ending.recv() => {
                held.line.send_replace(Line::Ended);
                return;
            }
        };
        let mut call = match opened {
            Ok(call) => call,
            Err(error) => {
                tracing::info!("{error}");
                self.over(&held, Line::of_error(&error));
                return;
            }
        };
        let mut status = call.status();
        loop {
            let line = Line::of(&status);
            let was = held.line.send_replace(line);
            if line == Line::OutOfSight && was != line {
                self.metrics.out_of_sight.inc();
            }
            if status.state == State::Ended {
                if status.over == Some(Over::Adopted) {
                    self.forget(&held.caller().call.clone());
                    return;
                }
                self.over(&held, line);
                return;
            }
            if was != line {
                self.hear(&held, Message::LineChanged);
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

    fn over(self: &Arc<Self>, held: &Arc<Held>, line: Line) {
        held.line.send_replace(line);
        self.hear(held, Message::LineChanged);
    }
}
