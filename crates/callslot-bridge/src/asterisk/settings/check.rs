//! What must hold in a file of settings, beyond its form.

use toml::Spanned;

use super::file::{Number, Outbound, Overflow, Settings};
use crate::settings::check::{
    Found, OfAllDoors, WAIT_S, agent, at, gates, is_web, placeholders, plain, within,
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
    plain(&settings.asterisk.user, "user", &mut found);
    plain(&settings.asterisk.app, "app", &mut found);
    let of_all = OfAllDoors {
        name: &settings.name,
        grace_s: &settings.grace_s,
        ask_after_s: &settings.ask_after_s,
        numbers: settings.numbers.iter().map(|number| &number.number).collect(),
        dialling: settings.outbound.iter().map(|outbound| &outbound.agent).collect(),
    };
    of_all.check(&mut found);
    for number in &settings.numbers {
        check_number(number, &mut found);
    }
    for outbound in &settings.outbound {
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
