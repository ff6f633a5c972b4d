//! What must hold in a file of settings for a SIP proxy: it plays nothing, and reaches SIP addresses alone.

use super::check::{Found, at, within};
use super::file::{Number, Overflow, Settings, SipProxy, Target};

/// After how long a caller may try again, in seconds.
const RETRY_AFTER_S: std::ops::RangeInclusive<u64> = 1..=86_400;

/// What is wrong.
pub(super) fn check(settings: &Settings, proxy: &SipProxy, found: &mut Found) {
    within(&proxy.retry_after_s, "retry_after_s", &RETRY_AFTER_S, found);
    for number in &settings.numbers {
        check_number(number, found);
    }
    if let Some(outbound) = settings.outbound.first() {
        let what = "a SIP proxy dials nobody; [[outbound]] is for [carrier]".into();
        found.push((at(&outbound.agent), what));
    }
}

fn check_number(number: &Number, found: &mut Found) {
    let called = number.number.get_ref();
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"+-_.".contains(&letter);
    if !(1..=64).contains(&called.len()) || !called.bytes().all(fits) {
        let what = format!(
            "`number` is {called:?}; it is the user part of a SIP address: 1 to 64 letters, digits, `+`, `-`, `_` and `.`"
        );
        found.push((at(&number.number), what));
    }
    match number.connect.get_ref() {
        Target::Sip(_) => {}
        Target::Stream(_) | Target::Dial(_) | Target::Url(_) => {
            let what = "a SIP proxy connects to an address: `connect = { sip = \"sip:…\" }`".into();
            found.push((at(&number.connect), what));
        }
    }
    for item in &number.overflow {
        match item.get_ref() {
            Overflow::Sip(_) | Overflow::Redirect(_) => {}
            Overflow::Dial(_)
            | Overflow::Callback(_)
            | Overflow::Voicemail(_)
            | Overflow::Say(_) => {
                let what =
                    "a SIP proxy neither speaks nor dials; `sip` and `redirect` are its overflow"
                        .into();
                found.push((at(item), what));
            }
        }
    }
    let heard = [
        number.hold_words.as_ref().map(|words| ("hold_words", at(words))),
        number.hold_music.as_ref().map(|music| ("hold_music", at(music))),
        number.greeting.as_ref().map(|_| ("greeting", at(&number.number))),
    ];
    for (field, place) in heard.into_iter().flatten() {
        found.push((place, format!("a SIP proxy plays nothing, so there is no `{field}`")));
    }
}
