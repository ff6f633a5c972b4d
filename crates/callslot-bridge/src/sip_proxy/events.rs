//! What the proxy says, and which call it is about.

use std::sync::Arc;

use ring::digest;

use crate::clock::now_ms;
use crate::sip_proxy::caller::{Caller, Message, Presence, refusal};
use crate::sip_proxy::calls::Calls;
use crate::sip_proxy::wire::{Command, Dialog, Event, Leg};

/// The longest Call-ID that is part of a call's id as it is.
const LONGEST_CALL_ID: usize = 100;
/// The step of a path for numbers that are not in the settings.
const UNKNOWN: &str = "404 0";

impl Calls {
    /// Takes what the proxy says about a call.
    pub(crate) fn take(self: &Arc<Self>, event: Event) {
        self.metrics.answered(event.name(), 200);
        let about = |dialog: &Dialog, message| {
            let held = self.held(&dialog.ci);
            if let Some(held) = held.filter(|held| held.caller().leg.dialog == *dialog) {
                self.hear(&held, message);
            }
        };
        match event {
            Event::Invite { leg, from, to } => self.invite(&leg, &from, &to),
            Event::Answered { dialog } => about(&dialog, Message::Answered),
            Event::Failed { dialog, code } => about(&dialog, Message::Failed(code)),
            Event::Gone { dialog } => about(&dialog, Message::Gone),
            Event::Left { ci, tags } => {
                let held = self.held(&ci);
                if let Some(held) = held.filter(|it| tags.contains(&it.caller().leg.dialog.ft)) {
                    self.hear(&held, Message::Left);
                }
            }
            // The connection knows what was to be done.
            Event::Done { .. } => {}
        }
    }

    /// A caller has come. The proxy tells it again until it hears that the bridge has it: only once the server knows the call, so that
    /// a bridge that is killed before loses nobody.
    fn invite(self: &Arc<Self>, leg: &Leg, from: &str, to: &str) {
        // It may be a call of the bridge before this one.
        if !self.is_revived() {
            return;
        }
        let settings = self.settings();
        let refuse = |path: String| {
            self.tell(leg, "", Command::Have);
            self.tell(leg, "", Command::Go { path });
        };
        let Some(number) = settings.number(to) else {
            self.metrics.unknown_numbers.inc();
            return refuse(UNKNOWN.to_owned());
        };
        let retry_after_s = self.retry_after_s();
        if self.is_full() {
            return refuse(refusal(retry_after_s));
        }
        let number = Arc::clone(number);
        let call = call_id(leg);
        let caller = Caller::new(number, &call, leg.clone(), (from, to), retry_after_s, now_ms());
        match self.hold(caller) {
            (held, Some(ending)) => self.start(&held, ending),
            // Another INVITE of a call that is held: a loop, or a fork on the way.
            (held, None) if held.caller().leg != *leg => refuse(refusal(retry_after_s)),
            (held, None) if held.is_known() => self.tell(leg, "", Command::Have),
            (_, None) => {}
        }
    }

    /// A command was carried out, or could not be.
    pub(crate) fn done(&self, leg: &Leg, command: &Command, is_done: bool, is_talking: bool) {
        let Some(held) = self.held(&leg.dialog.ci).filter(|held| held.caller().leg == *leg) else {
            return;
        };
        match command {
            Command::Go { .. } if !is_done => self.hear(&held, Message::NotGone),
            Command::Ask => {
                let presence = match (is_done, is_talking) {
                    (false, _) => Presence::Absent,
                    (true, false) => Presence::Early,
                    (true, true) => Presence::Talking,
                };
                self.hear(&held, Message::IsThere(presence));
            }
            Command::Go { .. }
            | Command::Hello
            | Command::Claim
            | Command::Have
            | Command::Untold
            | Command::Queued(_)
            | Command::End => {}
        }
    }

    /// The connection to the proxy is there; `boot` says which start of it that is.
    /// The first time, the calls of the bridge before this one are taken over: not earlier, as that one may still be there.
    pub(crate) async fn proxy_is_back(self: Arc<Self>, boot: String) {
        self.revive_once().await;
        let grace_ms = *self.settings().grace_s.get_ref() * 1000;
        for held in self.all() {
            let is_same = held.caller().leg.boot == boot;
            let message =
                if is_same { Message::ProxyBack } else { Message::ProxyRestarted { grace_ms } };
            self.hear(&held, message);
        }
    }

    /// The proxy is away for longer than calls live without it.
    pub(crate) fn proxy_is_lost(&self) {
        self.all().iter().for_each(|held| self.hear(held, Message::ProxyLost));
    }

    /// Asks about calls of which the proxy has said nothing for long, and has time pass for those who wait.
    pub(crate) fn tick(&self) {
        let after_ms = *self.settings().ask_after_s.get_ref() * 1000;
        for held in self.all() {
            self.hear(&held, Message::LineChanged);
            if held.is_silent_for(after_ms) {
                let (leg, call) = {
                    let caller = held.caller();
                    (caller.leg.clone(), caller.call.clone())
                };
                held.is_asked_about();
                self.tell(&leg, &call, Command::Ask);
            }
        }
    }
}

/// The call's id at Callslot: the Call-ID and the number of the INVITE, as a caller who was refused may try again with the same Call-ID. A
/// Call-ID that is long, or has what ids may not have, becomes its hash.
fn call_id(leg: &Leg) -> String {
    let fits = |letter: u8| letter.is_ascii_graphic() && letter != b'/' && letter != b'~';
    let Dialog { ci, cs, .. } = &leg.dialog;
    if ci.len() <= LONGEST_CALL_ID && ci.bytes().all(fits) {
        return format!("{ci}.{cs}");
    }
    let hash = digest::digest(&digest::SHA256, ci.as_bytes());
    let hash = hash.as_ref().first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    format!("sip-{hash:032x}.{cs}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_id_makes_an_id_that_the_server_takes() {
        let of = |ci: &str| {
            let dialog = Dialog { ci: ci.into(), cs: "7".into(), ft: String::new() };
            call_id(&Leg { dialog, ..Leg::default() })
        };
        assert_eq!(of("a84b4c76e66710@pc33.example"), "a84b4c76e66710@pc33.example.7");
        for odd in ["a/b", "a~1", "a b", &"x".repeat(101)] {
            let id = of(odd);
            assert!(id.starts_with("sip-") && id.len() == 38 && id.ends_with(".7"), "{id}");
        }
        assert_ne!(of("a/b"), of("a/c"));
    }
}
