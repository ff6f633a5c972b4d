//! What must hold in a file of settings, beyond its form.

use std::collections::HashSet;

use toml::Spanned;

use super::file::{Carrier, Number, Outbound, Overflow, Settings, Target};
use crate::words;

/// How long calls may live on without the bridge: what a lease can be, in seconds.
const GRACE_S: std::ops::RangeInclusive<u64> = 5..=3_600;
/// How long a caller may wait, in seconds: up to a day.
pub(crate) const WAIT_S: std::ops::RangeInclusive<u64> = 1..=86_400;
/// How long a carrier may be silent, in seconds.
const ASK_AFTER_S: std::ops::RangeInclusive<u64> = 1..=3_600;
/// How many gates a call passes at most.
const MAX_GATES: usize = 4;
const LONGEST_WORDS: usize = 1_000;

/// What the settings of every door have.
pub(crate) struct OfAllDoors<'a> {
    pub(crate) name: &'a Spanned<String>,
    pub(crate) grace_s: &'a Spanned<u64>,
    pub(crate) ask_after_s: &'a Spanned<u64>,
    /// The numbers that are called.
    pub(crate) numbers: Vec<&'a Spanned<String>>,
    /// The agents that dial.
    pub(crate) dialling: Vec<&'a Spanned<String>>,
}

/// Where something is in the text, in bytes, and what is wrong with it.
pub(crate) type Found = Vec<(usize, String)>;

/// All that is wrong.
pub(super) fn faults(settings: &Settings) -> Found {
    let mut found = Found::new();
    match (&settings.carrier, &settings.sip_proxy) {
        (Some(carrier), None) => check_carrier(settings, carrier, &mut found),
        // It has its own.
        (None, Some(_)) => {}
        (None, None) => {
            found.push((0, "there is no [carrier] and no [sip_proxy]; one is needed".into()));
        }
        (Some(carrier), Some(_)) => {
            let what =
                "there are both [carrier] and [sip_proxy]; each has a file and a bridge of its own"
                    .into();
            found.push((at(&carrier.account), what));
        }
    }
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

impl OfAllDoors<'_> {
    pub(crate) fn check(&self, found: &mut Found) {
        plain(self.name, "name", found);
        within(self.grace_s, "grace_s", &GRACE_S, found);
        within(self.ask_after_s, "ask_after_s", &ASK_AFTER_S, found);
        if self.numbers.is_empty() && self.dialling.is_empty() {
            let what = "there is no [[number]] and no [[outbound]]; one of them is needed";
            found.push((0, what.into()));
        }
        let mut known = HashSet::new();
        for number in &self.numbers {
            if !known.insert(number.get_ref()) {
                found.push((at(number), format!("the number {} is there twice", number.get_ref())));
            }
        }
        let mut dialling = HashSet::new();
        for agent in &self.dialling {
            if !dialling.insert(agent.get_ref()) {
                let what = format!(
                    "the agent {:?} dials in two ways; it has one [[outbound]]",
                    agent.get_ref()
                );
                found.push((at(agent), what));
            }
        }
    }
}

/// What must hold for a carrier that asks what to do with a call.
fn check_carrier(settings: &Settings, carrier: &Carrier, found: &mut Found) {
    match &settings.public_url {
        Some(public) => {
            let url = public.get_ref();
            if !is_web(url) || url.contains(['?', '#']) {
                let what = format!(
                    "`public_url` is {url:?}; it begins with https:// (or http://) and has no `?` and no `#`"
                );
                found.push((at(public), what));
            }
        }
        None => found.push((at(&carrier.account), "with [carrier], `public_url` is needed".into())),
    }
    let account = carrier.account.get_ref();
    if !is_plain(account) {
        let what = format!(
            "`account` is {account:?}; it is the account's id, which has letters, digits and `-` alone"
        );
        found.push((at(&carrier.account), what));
    }
    if let Some(api) = carrier.api.as_ref().filter(|api| !is_web(api.get_ref())) {
        found.push((
            at(api),
            format!("`api` is {:?}; it begins with https:// (or http://)", api.get_ref()),
        ));
    }
    for number in &settings.numbers {
        telephone(&number.number, "number", found);
        for item in &number.overflow {
            if matches!(item.get_ref(), Overflow::Redirect(_)) {
                let what = "a carrier redirects nobody; `redirect` is for [sip_proxy]".into();
                found.push((at(item), what));
            }
        }
    }
}

fn check_number(number: &Number, found: &mut Found) {
    agent(&number.agent, found);
    gates(&number.gates, found);
    let language = number.language.get_ref();
    if words::of_language(language).is_none() {
        let what = format!(
            "`language` is {language:?}; it is one of {}, alone or with a country, such as en-GB",
            words::LANGUAGES.join(", ")
        );
        found.push((at(&number.language), what));
    }
    if let Some(said) = &number.hold_words {
        placeholders(said, "hold_words", said.get_ref(), &["position", "minutes"], found);
    }
    if let Some(music) = number.hold_music.as_ref().filter(|music| !is_web(music.get_ref())) {
        let what =
            format!("`hold_music` is {:?}; it begins with https:// (or http://)", music.get_ref());
        found.push((at(music), what));
    }
    within(&number.max_wait_s, "max_wait_s", &WAIT_S, found);
    within(&number.callback_within_s, "callback_within_s", &WAIT_S, found);
    target(&number.connect, found);
    for (index, item) in number.overflow.iter().enumerate() {
        overflow(item, found);
        let ends = matches!(
            item.get_ref(),
            Overflow::Voicemail(_) | Overflow::Say(_) | Overflow::Redirect(_)
        );
        if ends && index + 1 < number.overflow.len() {
            let what =
                "nothing comes after `voicemail`, `say` or `redirect` in `overflow`: they end the call".into();
            found.push((at(item), what));
        }
    }
}

fn check_outbound(outbound: &Outbound, found: &mut Found) {
    agent(&outbound.agent, found);
    telephone(&outbound.from, "from", found);
    target(&outbound.connect, found);
}

fn overflow(item: &Spanned<Overflow>, found: &mut Found) {
    match item.get_ref() {
        Overflow::Dial(to) if !is_telephone(to) => {
            found.push((at(item), not_telephone("dial", to)));
        }
        Overflow::Dial(_) => {}
        Overflow::Sip(address) => sip_address(item, "sip", address, found),
        Overflow::Redirect(address) => sip_address(item, "redirect", address, found),
        Overflow::Callback(words) | Overflow::Voicemail(words) | Overflow::Say(words) => {
            let length = words.chars().count();
            if !(1..=LONGEST_WORDS).contains(&length) {
                let what =
                    format!("the words have {length} characters; 1 to {LONGEST_WORDS} are allowed");
                found.push((at(item), what));
            }
        }
    }
}

fn target(target: &Spanned<Target>, found: &mut Found) {
    let (kind, value, begins): (_, _, &[&str]) = match target.get_ref() {
        Target::Stream(url) => ("stream", url, &["wss://", "ws://"]),
        Target::Sip(address) => return sip_address(target, "sip", address, found),
        Target::Url(url) => ("url", url, &["https://", "http://"]),
        Target::Dial(to) => {
            if !is_telephone(to) {
                found.push((at(target), not_telephone("dial", to)));
            }
            return;
        }
    };
    address(target, kind, value, begins, found);
}

fn sip_address<T>(span: &Spanned<T>, kind: &str, value: &str, found: &mut Found) {
    address(span, kind, value, &["sip:", "sips:"], found);
}

fn address<T>(span: &Spanned<T>, kind: &str, value: &str, begins: &[&str], found: &mut Found) {
    if !begins.iter().any(|begin| value.starts_with(begin)) || value.contains(char::is_whitespace) {
        let what = format!(
            "`{kind}` is {value:?}; it begins with {}, and has no spaces",
            begins.join(" or ")
        );
        found.push((at(span), what));
    }
    placeholders(span, kind, value, &["call", "from", "to"], found);
}

/// Finds placeholders that nothing fills in.
pub(crate) fn placeholders<T>(
    span: &Spanned<T>,
    field: &str,
    text: &str,
    known: &[&str],
    found: &mut Found,
) {
    for piece in text.split('{').skip(1) {
        let named = piece.split_once('}').map(|(name, _)| name);
        if !named.is_some_and(|name| known.contains(&name)) {
            let known: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
            let what = format!("`{field}` has a `{{` that begins none of {}", known.join(", "));
            found.push((at(span), what));
        }
    }
}

pub(crate) fn within(
    value: &Spanned<u64>,
    field: &str,
    allowed: &std::ops::RangeInclusive<u64>,
    found: &mut Found,
) {
    if !allowed.contains(value.get_ref()) {
        let what = format!(
            "`{field}` is {}; it is {} to {} seconds",
            value.get_ref(),
            allowed.start(),
            allowed.end()
        );
        found.push((at(value), what));
    }
}

fn telephone(number: &Spanned<String>, field: &str, found: &mut Found) {
    if !is_telephone(number.get_ref()) {
        found.push((at(number), not_telephone(field, number.get_ref())));
    }
}

fn not_telephone(field: &str, number: &str) -> String {
    format!("`{field}` is {number:?}; a telephone number is `+` and 4 to 15 digits, without spaces")
}

pub(crate) fn gates(gates: &Spanned<Vec<String>>, found: &mut Found) {
    let count = gates.get_ref().len();
    if count > MAX_GATES {
        found.push((at(gates), format!("`gates` names {count}; a call passes up to {MAX_GATES}")));
    }
}

pub(crate) fn agent(agent: &Spanned<String>, found: &mut Found) {
    if agent.get_ref().is_empty() {
        found.push((at(agent), "`agent` is empty; it is the id of an agent".into()));
    }
}

fn is_telephone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (4..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

pub(crate) fn plain(value: &Spanned<String>, field: &str, found: &mut Found) {
    let text = value.get_ref();
    if !is_plain(text) {
        let what =
            format!("`{field}` is {text:?}; it is 1 to 64 letters, digits, `-`, `_` and `.`");
        found.push((at(value), what));
    }
}

pub(crate) fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn is_plain(text: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter);
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

pub(crate) fn at<T>(value: &Spanned<T>) -> usize {
    value.span().start
}
