//! The pieces of which a call's instructions are made.

use super::{Caller, Next, Way};
use crate::settings::Target;
use crate::twilio::markup::{Callee, Verb};
use crate::words::{self, Words};

/// How long a caller who waits hears nothing before the bridge is asked again, in seconds: the delay after which one who got a slot is
/// connected.
const PAUSE_S: u32 = 1;
/// How often a caller who waits hears the place in line, in milliseconds.
const TELL_EVERY_MS: u64 = 30_000;

impl Caller {
    /// What a caller hears who waits.
    pub(super) fn hold(&mut self, place: Option<(u64, Option<u64>)>, now_ms: u64) -> Next {
        let Way::In(number) = &self.way else { return Next::of(vec![Verb::Hangup]) };
        let mut verbs = Vec::new();
        let is_due = self.told_ms.is_none_or(|at| now_ms.saturating_sub(at) >= TELL_EVERY_MS);
        if is_due {
            let own = number.hold_words.as_ref().map(|words| words.get_ref().as_str());
            let words = place.map_or_else(
                || self.words().wait.to_owned(),
                |(position, estimate_ms)| self.words().standing(own, position, estimate_ms),
            );
            verbs.push(self.say(&words));
        }
        let music = number.hold_music.as_ref().map(|music| Verb::Play(music.get_ref().clone()));
        self.is_entertained = is_due || music.is_some();
        if is_due {
            self.told_ms = Some(now_ms);
        }
        verbs.push(music.unwrap_or(Verb::Pause(PAUSE_S)));
        verbs.push(self.ask_again());
        Next::of(verbs)
    }

    /// What connects the call with its target.
    pub(super) fn connection(&self) -> Vec<Verb> {
        let action = self.url("parted?");
        let verb = match self.target() {
            Target::Stream(url) => Verb::Stream {
                url: self.filled_in(url),
                parameters: vec![
                    ("call", self.call.clone()),
                    ("from", self.from.clone()),
                    ("to", self.to.clone()),
                ],
                action,
            },
            Target::Sip(address) => Verb::Dial { to: Callee::Sip(self.filled_in(address)), action },
            Target::Dial(number) => Verb::Dial { to: Callee::Number(number.clone()), action },
            Target::Url(url) => Verb::Redirect(self.filled_in(url)),
        };
        vec![verb]
    }

    pub(super) fn ask_again(&self) -> Verb {
        Verb::Redirect(self.url("hold?"))
    }

    /// The address of a path of the bridge; the path ends with `?` or `&`, after which the call follows.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{path}call={}", self.base, encoded(&self.call))
    }

    pub(super) fn say(&self, words: &str) -> Verb {
        Verb::Say { language: self.language(), words: words.to_owned() }
    }

    pub(super) fn words(&self) -> &'static Words {
        words::of_language(&self.language()).expect("the settings were checked")
    }

    pub(super) fn language(&self) -> String {
        match &self.way {
            Way::In(number) => number.language.get_ref().clone(),
            Way::Out(_) => "en".to_owned(),
        }
    }

    pub(super) fn filled_in(&self, template: &str) -> String {
        template
            .replace("{call}", &encoded(&self.call))
            .replace("{from}", &encoded(&self.from))
            .replace("{to}", &encoded(&self.to))
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
