//! The task of one call: it follows the call at Callslot, hears what its channel does, and has done what follows, in order.

mod following;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use crate::asterisk::ari::AriError;
use crate::asterisk::caller::{Act, Caller, Gone, Message, Stage, Way};
use crate::asterisk::calls::Calls;
use crate::asterisk::overflow_mark::OverflowMark;
use crate::clock::now_ms;
use crate::line::Line;

pub(crate) use following::{Following, Marks};

/// How often a call looks at the time.
const TICK: Duration = Duration::from_secs(1);

/// The pauses between attempts to stop what is played; after the first, it most often is over.
const STOP_PAUSES: [Duration; 16] = {
    let mut pauses = [Duration::from_millis(100); 16];
    pauses[0] = Duration::from_millis(20);
    pauses
};

/// A call that is held.
pub(crate) struct Live {
    calls: Arc<Calls>,
    channel: String,
    caller: Caller,
    following: Following,
    line: Line,
}

/// Stops what is played, and returns once it is over. A number that is being said cannot be stopped, but what comes after it.
async fn stop(calls: &Calls, playback: String) -> Result<(), AriError> {
    for pause in STOP_PAUSES {
        let playback = playback.clone();
        if !calls.asterisk.ask("stop", move |ari| ari.stop(&playback)).await? {
            break;
        }
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

/// How an act went, as far as it matters for the acts after it.
enum Done {
    Yes,
    /// What follows from that instead.
    No(Message),
}

impl Live {
    pub(crate) fn new(
        calls: &Arc<Calls>,
        channel: String,
        caller: Caller,
        following: Following,
    ) -> Self {
        Self { calls: Arc::clone(calls), channel, caller, following, line: Line::Asked }
    }

    pub(crate) fn spawn(mut self, mut coming: mpsc::Receiver<Message>) {
        tokio::spawn(async move {
            self.live(&mut coming).await;
            self.calls.forget(&self.channel);
        });
    }

    async fn live(&mut self, coming: &mut mpsc::Receiver<Message>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        if matches!(&self.caller.way, Way::In(_)) {
            self.subscribe().await;
        }
        while self.caller.stage != Stage::Over {
            let message = tokio::select! {
                message = coming.recv() => match message {
                    Some(message) => message,
                    None => return,
                },
                (line, is_others) = self.following.next() => {
                    if is_others {
                        tracing::info!("the call of {} is another bridge's now", self.channel);
                        return;
                    }
                    if line == Line::OutOfSight && self.line != line {
                        self.calls.metrics.out_of_sight.inc();
                    }
                    if self.line == line {
                        continue;
                    }
                    self.line = line;
                    Message::LineChanged
                }
                _ = ticks.tick() => Message::Tick,
            };
            if matches!(message, Message::Found { .. }) {
                self.subscribe().await;
            }
            self.hear(message).await;
        }
    }

    /// Has the channel's events come wherever it is. Without the right to, the channels are compared now and then in any case.
    async fn subscribe(&mut self) {
        let channel = self.channel.clone();
        match self.calls.asterisk.ask("subscribe", move |ari| ari.subscribe(&channel)).await {
            Ok(()) => {}
            Err(AriError::Unknown) => self.hear(Message::Gone(Gone::Missing)).await,
            Err(error) => tracing::warn!("{error}"),
        }
    }

    async fn hear(&mut self, message: Message) {
        let mut next = Some(message);
        while let Some(message) = next.take() {
            let was_overflowing = matches!(self.caller.stage, Stage::Overflow(_));
            let acts = self.caller.hear(message, self.line, now_ms());
            if !was_overflowing && matches!(self.caller.stage, Stage::Overflow(_)) {
                self.calls.metrics.overflowed.inc();
            }
            if message == Message::Gone(Gone::Missing) && !acts.is_empty() {
                self.calls.metrics.found_over.inc();
            }
            for act in acts {
                if let Done::No(follows) = self.perform(act).await {
                    next = Some(follows);
                    break;
                }
            }
        }
    }

    async fn perform(&mut self, act: Act) -> Done {
        let (calls, id) = (Arc::clone(&self.calls), self.channel.clone());
        let asked = match act {
            Act::End(note) => {
                std::mem::replace(&mut self.following, Following::Over).end(note);
                return Done::Yes;
            }
            Act::Connected { since_ms } => {
                calls.metrics.connected(now_ms().saturating_sub(since_ms));
                return Done::Yes;
            }
            Act::Dial => return self.dial().await,
            Act::Continue(place) => {
                let call = self.following.id();
                let asked = calls
                    .asterisk
                    .ask("continue", move |ari| {
                        if let Some(call) = call {
                            ari.set(&id, "CALLSLOT_CALL", &call)?;
                        }
                        ari.send_on(&id, Some(&place))
                    })
                    .await;
                if let Err(AriError::Away(why)) = asked {
                    tracing::warn!("Asterisk does not answer: {why}");
                    return Done::No(Message::NotSentOn);
                }
                asked
            }
            Act::Overflow { place, index } => {
                let mark = self.caller.number().map(|number| OverflowMark::of(number, index));
                calls
                    .asterisk
                    .ask("overflow", move |ari| {
                        if let Some(mark) = mark {
                            ari.set(&id, OverflowMark::VARIABLE, &mark.text())?;
                        }
                        ari.send_on(&id, Some(&place))
                    })
                    .await
            }
            Act::Answer => calls.asterisk.ask("answer", move |ari| ari.answer(&id)).await,
            Act::Ring => calls.asterisk.ask("ring", move |ari| ari.ring(&id)).await,
            Act::Music(class) => {
                calls.asterisk.ask("music", move |ari| ari.music(&id, &class)).await
            }
            Act::Silence => calls.asterisk.ask("silence", move |ari| ari.silence(&id)).await,
            Act::Play { media, number } => {
                let (playback, language) = (self.playback(number), self.language());
                calls
                    .asterisk
                    .ask("play", move |ari| ari.play(&id, &playback, &media, language.as_deref()))
                    .await
            }
            Act::Stop(number) => {
                let playback = self.playback(number);
                stop(&calls, playback).await
            }
            Act::HangUp(cause) => {
                calls.asterisk.ask("hang_up", move |ari| ari.hang_up(&id, cause)).await
            }
        };
        match asked {
            // A channel that is gone says so by its events.
            Ok(()) | Err(AriError::Unknown) => {}
            Err(error) => tracing::warn!("{}: {error}", self.channel),
        }
        Done::Yes
    }

    /// Dials; a channel that cannot be made is one that has failed.
    async fn dial(&mut self) -> Done {
        let Way::Out(outbound) = &self.caller.way else { return Done::Yes };
        let Some(to) = self.following.number_to_dial() else {
            return Done::No(Message::Gone(Gone::NotDialled));
        };
        let endpoint = outbound.endpoint.get_ref().replace("{to}", &to);
        let (from, ring_s) = (outbound.from.get_ref().clone(), *outbound.ring_s.get_ref());
        let id = self.channel.clone();
        let asked = self
            .calls
            .asterisk
            .ask("dial", move |ari| ari.dial(&id, &endpoint, &from, ring_s))
            .await;
        match asked {
            Ok(()) => Done::Yes,
            Err(error) => {
                tracing::warn!("{}: {error}", self.channel);
                Done::No(Message::Gone(Gone::NotDialled))
            }
        }
    }

    /// The id of what is played.
    fn playback(&self, number: u32) -> String {
        format!("callslot-{}-{number}", self.channel)
    }

    fn language(&self) -> Option<String> {
        match &self.caller.way {
            Way::In(number) => number.language.as_ref().map(|language| language.get_ref().clone()),
            Way::Out(_) => None,
        }
    }
}
