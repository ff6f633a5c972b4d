//! What must hold in a file of settings, beyond its form.

use std::collections::HashSet;

use toml::Spanned;

use super::file::{Number, Outbound, Overflow, Settings};
use crate::settings::check::{
    ASK_AFTER_S, Found, GRACE_S, WAIT_S, agent, at, gates, is_plain, is_web, placeholders, within,
};

/// How often callers are told where they stand, in seconds.
const ANNOUNCE_S: std::ops::RangeInclusive<u64> = 5..=3_600;
/// How long a callee's telephone rings, in seconds.
const RING_S: std::ops::RangeInclusive<u64> = 1..=600;
/// How long a call may last, in seconds: up to a year.
const DURATION_S: std::ops::RangeInclusive<u64> = 1..=31_536_000;
/// The longest number and the longest endpoint, in characters.
const LONGEST: usize = 79;
/// How a sound begins; each is a kind that ARI plays.
const SOUNDS: [&str; 6] = ["sound:", "recording:", "number:", "digits:", "characters:", "tone:"];

/// All that is wrong.
pub(super) fn faults(settings: &Settings) -> Found {
    let mut found = Found::new();
    let url = &settings.asterisk.url;
    if !is_web(url.get_ref()) || url.get_ref().contains(['?', '#']) {
        let what = format!(
            "`url` is {:?}; it begins with http:// or https:// and has no `?` and no `#`",
            url.get_ref()
        );
        found.push((at(url), what));
    }
    let names = [
        ("name", &settings.name),
        ("user", &settings.asterisk.user),
        ("app", &settings.asterisk.app),
    ];
    for (field, value) in names {
        plain(value, field, &mut found);
    }
    within(&settings.grace_s, "grace_s", &GRACE_S, &mut found);
    within(&settings.ask_after_s, "ask_after_s", &ASK_AFTER_S, &mut found);
    if settings.numbers.is_empty() && settings.outbound.is_empty() {
        found.push((0, "there is no [[number]] and no [[outbound]]; one of them is needed".into()));
    }
    let mut known = HashSet::new();
    for number in &settings.numbers {
        if !known.insert(number.number.get_ref()) {
            let what = format!("the number {} is there twice", number.number.get_ref());
            found.push((at(&number.number), what));
        }
        check_number(number, &mut found);
    }
    let mut dialing = HashSet::new();
    for outbound in &settings.outbound {
        if !dialing.insert(outbound.agent.get_ref()) {
            let what = format!(
                "the agent {:?} dials in two ways; it has one [[outbound]]",
                outbound.agent.get_ref()
            );
            found.push((at(&outbound.agent), what));
        }
        check_outbound(outbound, &mut found);
    }
    found
}

fn check_number(number: &Number, found: &mut Found) {
    extension(&number.number, "number", found);
    agent(&number.agent, found);
    gates(&number.gates, found);
    if let Some(greeting) = &number.greeting {
        sound(greeting, "greeting", greeting.get_ref(), found);
    }
    if let Some(language) = &number.language {
        plain(language, "language", found);
    }
    plain(&number.hold_music, "hold_music", found);
    within(&number.announce_every_s, "announce_every_s", &ANNOUNCE_S, found);
    within(&number.max_wait_s, "max_wait_s", &WAIT_S, found);
    if let Some(most) = &number.max_duration_s {
        within(most, "max_duration_s", &DURATION_S, found);
    }
    for (index, item) in number.overflow.iter().enumerate() {
        let ends = match item.get_ref() {
            Overflow::Dialplan(_) => false,
            Overflow::Play(media) => {
                sound(item, "play", media, found);
                true
            }
            Overflow::HangUp(_) => true,
        };
        if ends && index + 1 < number.overflow.len() {
            let what =
                "nothing comes after `play` or `hang_up` in `overflow`: they end the call".into();
            found.push((at(item), what));
        }
    }
}

fn check_outbound(outbound: &Outbound, found: &mut Found) {
    agent(&outbound.agent, found);
    extension(&outbound.from, "from", found);
    let endpoint = outbound.endpoint.get_ref();
    let is_endpoint = endpoint
        .split_once('/')
        .is_some_and(|(technology, resource)| !technology.is_empty() && resource.contains("{to}"));
    if !is_endpoint || endpoint.contains(char::is_whitespace) || endpoint.len() > LONGEST {
        let what = format!("`endpoint` is {endpoint:?}; it is such as PJSIP/{{to}}@trunk");
        found.push((at(&outbound.endpoint), what));
    }
    placeholders(&outbound.endpoint, "endpoint", endpoint, &["to"], found);
    within(&outbound.ring_s, "ring_s", &RING_S, found);
}

fn extension(value: &Spanned<String>, field: &str, found: &mut Found) {
    let text = value.get_ref();
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"+-_.*#".contains(&letter);
    if !(1..=LONGEST).contains(&text.len()) || !text.bytes().all(fits) {
        let what = format!(
            "`{field}` is {text:?}; it is 1 to {LONGEST} digits, letters, `+`, `-`, `_`, `.`, `*` and `#`"
        );
        found.push((at(value), what));
    }
}

fn plain(value: &Spanned<String>, field: &str, found: &mut Found) {
    let text = value.get_ref();
    if !is_plain(text) {
        let what =
            format!("`{field}` is {text:?}; it is 1 to 64 letters, digits, `-`, `_` and `.`");
        found.push((at(value), what));
    }
}

/// Checks one sound, or several with commas between them.
fn sound<T>(span: &Spanned<T>, field: &str, media: &str, found: &mut Found) {
    let is_sound = |one: &str| {
        SOUNDS.iter().any(|kind| one.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
            && !one.contains(char::is_whitespace)
    };
    if !media.split(',').all(is_sound) {
        let what = format!(
            "`{field}` is {media:?}; it is such as sound:hello-world, or several with commas between them"
        );
        found.push((at(span), what));
    }
}
