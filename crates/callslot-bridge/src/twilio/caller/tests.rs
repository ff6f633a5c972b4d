//! Calls, message by message.

use std::sync::LazyLock;

use super::*;
use crate::settings::Settings;
use crate::twilio::markup::Callee;

const SETTINGS: &str = r#"public_url = "https://phone.example/b"
[carrier]
account = "AC1"
[[number]]
number = "+4930123456"
agent = "support"
language = "de"
greeting = "Guten Tag."
max_wait_s = 60
connect = { stream = "wss://engine.example/{call}" }
overflow = [{ callback = "Rückruf: 1." }, { dial = "+4930999" }, { voicemail = "Nach dem Ton." }]
[[number]]
number = "+4930123457"
agent = "support"
hold_music = "https://phone.example/music.mp3"
max_wait_s = 60
connect = { sip = "sip:{from}@engine.example" }
overflow = [{ dial = "+4930999" }, { say = "No." }]
[[outbound]]
agent = "sales"
from = "+4930123458"
connect = { url = "https://engine.example/{to}" }
"#;
const QUEUED: Line = Line::Queued { position: 2, estimate_ms: None };

static READ: LazyLock<Settings> = LazyLock::new(|| Settings::read(SETTINGS).expect("settings"));

fn caller(number: &str) -> Caller {
    let number = Arc::clone(READ.number(number).expect("a number"));
    Caller::new(Way::In(number), "CA1", ("+49170", "+4930"), "https://phone.example/b", 0)
}

fn dialling() -> Caller {
    let outbound = Arc::clone(READ.outbound_of("sales").expect("it dials"));
    Caller::new(Way::Out(outbound), "c1", ("+4930123458", "+49170"), "https://phone.example/b", 0)
}

/// What the verbs are, in short.
fn told(next: &Next) -> Vec<String> {
    let short = |verb: &Verb| match verb {
        Verb::Say { words, .. } => format!("say {words}"),
        Verb::Play(_) => "play".into(),
        Verb::Pause(seconds) => format!("pause {seconds}"),
        Verb::Redirect(url) => {
            format!("ask {}", url.trim_start_matches("https://phone.example/b/"))
        }
        Verb::Hangup => "hang up".into(),
        Verb::Dial { to: Callee::Number(to) | Callee::Sip(to), .. } => format!("dial {to}"),
        Verb::Stream { url, .. } => format!("stream {url}"),
        Verb::Gather { words, .. } => format!("gather {words}"),
        Verb::Record { .. } => "record".into(),
        Verb::Reject => "reject".into(),
    };
    next.verbs.iter().map(short).collect()
}

#[track_caller]
fn check(next: &Next, verbs: &[&str], effects: &[Effect]) {
    assert_eq!(told(next), verbs);
    assert_eq!(next.effects, effects);
}

#[test]
fn a_caller_waits_hears_the_place_and_is_connected() {
    let mut caller = caller("+4930123456");
    let next = caller.hear(Message::Arrived, QUEUED, 0);
    check(
        &next,
        &[
            "say Guten Tag.",
            "say Sie sind auf Platz 2 der Warteschlange.",
            "pause 1",
            "ask hold?call=CA1",
        ],
        &[],
    );
    let next = caller.hear(Message::Asks, QUEUED, 5_000);
    check(&next, &["pause 1", "ask hold?call=CA1"], &[]);
    // A pause is over in a second, so there is nothing to hurry.
    check(&caller.hear(Message::LineChanged, Line::Active, 5_500), &[], &[]);
    let next = caller.hear(Message::Asks, Line::Active, 6_200);
    check(&next, &["stream wss://engine.example/CA1"], &[Effect::Connected(700)]);
    // The answer was lost: it is the same again.
    check(
        &caller.hear(Message::Asks, Line::Active, 9_000),
        &["stream wss://engine.example/CA1"],
        &[],
    );
    check(
        &caller.hear(Message::Parted(Dialled::Answered), Line::Active, 9_500),
        &["hang up"],
        &[Effect::End(None)],
    );
    check(&caller.hear(Message::Gone(Gone::Completed), Line::Ended, 9_600), &[], &[]);
}

#[test]
fn a_caller_with_a_slot_is_connected_at_once_and_leaves_when_gone() {
    let mut caller = caller("+4930123457");
    let next = caller.hear(Message::Arrived, Line::Active, 0);
    check(&next, &["dial sip:%2B49170@engine.example"], &[Effect::Connected(0)]);
    check(&caller.hear(Message::Gone(Gone::Completed), Line::Active, 1), &[], &[Effect::End(None)]);
    check(&caller.hear(Message::Asks, Line::Active, 2), &["hang up"], &[]);
}

#[test]
fn music_is_cut_short_for_the_slot_and_nobody_is_connected_twice() {
    let mut caller = caller("+4930123457");
    let hold = ["say You are number 2 in line.", "play", "ask hold?call=CA1"];
    check(&caller.hear(Message::Arrived, QUEUED, 0), &hold, &[]);
    check(&caller.hear(Message::LineChanged, Line::Active, 900), &[], &[Effect::Turn]);
    // The end of the music and the turn cross: the one who asks by itself waits for the other.
    check(&caller.hear(Message::Asks, Line::Active, 950), &["pause 1", "ask hold?call=CA1"], &[]);
    let connected = ["dial sip:%2B49170@engine.example"];
    check(
        &caller.hear(Message::AsksAtOnce, Line::Active, 1_000),
        &connected,
        &[Effect::Connected(100)],
    );
    // The carrier did not turn after all.
    let mut caller = super::tests::caller("+4930123457");
    caller.hear(Message::Arrived, QUEUED, 0);
    caller.hear(Message::LineChanged, Line::Active, 900);
    caller.not_turned();
    check(
        &caller.hear(Message::Asks, Line::Active, 2_000),
        &connected,
        &[Effect::Connected(1_100)],
    );
    let mut caller = super::tests::caller("+4930123457");
    caller.hear(Message::Arrived, QUEUED, 0);
    caller.hear(Message::LineChanged, Line::Active, 900);
    check(
        &caller.hear(Message::Asks, Line::Active, 5_900),
        &connected,
        &[Effect::Connected(5_000)],
    );
}

#[test]
fn who_waited_too_long_is_called_back_at_the_kept_place() {
    let mut caller = caller("+4930123456");
    caller.hear(Message::Arrived, QUEUED, 0);
    let next = caller.hear(Message::Asks, QUEUED, 60_000);
    check(&next, &["gather Rückruf: 1.", "ask overflow?at=0&call=CA1"], &[]);
    let next = caller.hear(Message::Pressed(0, '1'), QUEUED, 61_000);
    check(
        &next,
        &["say Wir rufen Sie zurück, sobald Sie an der Reihe sind. Auf Wiederhören.", "hang up"],
        &[],
    );
    assert!(!caller.is_on_the_phone());
    check(&caller.hear(Message::Gone(Gone::Completed), QUEUED, 62_000), &[], &[]);
    check(&caller.hear(Message::LineChanged, Line::Active, 90_000), &[], &[Effect::CallBack]);
    let next = caller.hear(Message::Answered { by_machine: false }, Line::Active, 95_000);
    check(&next, &["stream wss://engine.example/CA1"], &[]);
    // Nobody is there.
    let mut caller = super::tests::caller("+4930123456");
    (caller.stage, caller.slot_ms) = (Stage::Ringing, Some(0));
    let next = caller.hear(Message::Gone(Gone::NoAnswer), Line::Active, 95_000);
    check(&next, &[], &[Effect::End(Some("no answer"))]);
}

#[test]
fn a_call_back_outlives_the_bridge_that_promised_it() {
    let mut promised = caller("+4930123456").of_before(false);
    check(&promised.hear(Message::Gone(Gone::FoundOver), QUEUED, 60_000), &[], &[]);
    assert_eq!(promised.stage, Stage::ToCallBack);
    let called = promised.hear(Message::LineChanged, Line::Active, 61_000);
    check(&called, &[], &[Effect::CallBack]);
    // The slot came before it was known that the caller has hung up.
    let mut late = caller("+4930123456").of_before(false);
    check(
        &late.hear(Message::Gone(Gone::FoundOver), Line::Active, 60_000),
        &[],
        &[Effect::CallBack],
    );
    // Nothing was offered so early: this one has hung up.
    let mut early = caller("+4930123456").of_before(false);
    let ends = [Effect::End(Some("its end was not told"))];
    check(&early.hear(Message::Gone(Gone::FoundOver), QUEUED, 59_000), &[], &ends);
}

#[test]
fn who_does_not_want_that_goes_through_the_overflow_item_by_item() {
    let mut caller = caller("+4930123456");
    caller.hear(Message::Arrived, QUEUED, 0);
    caller.hear(Message::Asks, QUEUED, 60_000);
    let next = caller.hear(Message::NotPressed(0), QUEUED, 66_000);
    check(&next, &["dial +4930999"], &[Effect::End(Some("overflow"))]);
    let next = caller.hear(Message::Passed(1, Dialled::Busy), Line::Ended, 67_000);
    check(&next, &["say Nach dem Ton.", "record", "hang up"], &[]);
    let next = caller.hear(Message::Recorded, Line::Ended, 90_000);
    check(&next, &["say Vielen Dank für Ihre Nachricht. Auf Wiederhören.", "hang up"], &[]);
}

#[test]
fn a_slot_that_comes_while_a_call_back_is_on_offer_connects() {
    let mut caller = caller("+4930123456");
    caller.hear(Message::Arrived, QUEUED, 0);
    caller.hear(Message::Asks, QUEUED, 60_000);
    check(&caller.hear(Message::LineChanged, Line::Active, 61_000), &[], &[Effect::Turn]);
    let next = caller.hear(Message::NotPressed(0), Line::Active, 61_100);
    check(&next, &["stream wss://engine.example/CA1"], &[Effect::Connected(100)]);
}

#[test]
fn the_server_ends_a_wait_and_a_silent_server_does_not_hold_anybody() {
    for (line, at_ms) in [(Line::NotTaken, 1_000), (QUEUED, 65_000), (Line::Asked, 65_001)] {
        let mut caller = caller("+4930123457");
        caller.hear(Message::Arrived, Line::Asked, 0);
        let next = caller.hear(Message::Asks, line, at_ms);
        check(&next, &["dial +4930999"], &[Effect::End(Some("overflow"))]);
        let next = caller.hear(Message::Passed(0, Dialled::NoAnswer), Line::Ended, 66_000);
        check(&next, &["say No.", "hang up"], &[]);
    }
    let mut caller = caller("+4930123457");
    let next = caller.hear(Message::Arrived, Line::Asked, 0);
    check(&next, &["say Please hold the line.", "play", "ask hold?call=CA1"], &[]);
}

#[test]
fn an_agent_who_cannot_be_reached_frees_the_slot_and_the_caller_goes_on() {
    let mut caller = caller("+4930123457");
    caller.hear(Message::Arrived, Line::Active, 0);
    let next = caller.hear(Message::Parted(Dialled::Failed), Line::Active, 9_000);
    check(&next, &["dial +4930999"], &[Effect::End(Some("the agent's line could not be reached"))]);
}

#[test]
fn a_conversation_is_hung_up_when_the_server_ends_it_and_not_when_it_is_out_of_reach() {
    let mut caller = caller("+4930123457");
    caller.hear(Message::Arrived, Line::Active, 0);
    check(&caller.hear(Message::LineChanged, Line::OutOfSight, 9_000), &[], &[]);
    check(&caller.hear(Message::LineChanged, Line::Ended, 9_000), &[], &[Effect::HangUp]);
}

#[test]
fn what_becomes_of_a_call_that_is_dialled_is_its_note() {
    for (gone, note) in [
        (Gone::Busy, Some("busy")),
        (Gone::NoAnswer, Some("no answer")),
        (Gone::Failed, Some("failed")),
        (Gone::Canceled, Some("canceled")),
        (Gone::Completed, None),
    ] {
        check(&dialling().hear(Message::Gone(gone), Line::Active, 1), &[], &[Effect::End(note)]);
    }
    let mut call = dialling();
    let next = call.hear(Message::Answered { by_machine: false }, Line::Active, 1);
    check(&next, &["ask https://engine.example/%2B49170"], &[]);
    let next = dialling().hear(Message::Answered { by_machine: true }, Line::Active, 1);
    check(&next, &["hang up"], &[Effect::End(Some("machine"))]);
}

#[test]
fn whatever_comes_in_whatever_order_a_call_ends_once_its_line_is_gone_and_nothing_breaks() {
    let messages = [
        Message::Arrived,
        Message::Asks,
        Message::AsksAtOnce,
        Message::Answered { by_machine: false },
        Message::Parted(Dialled::Failed),
        Message::Passed(1, Dialled::Busy),
        Message::Pressed(0, '1'),
        Message::NotPressed(0),
        Message::Recorded,
        Message::LineChanged,
        Message::Gone(Gone::Completed),
    ];
    let lines = [QUEUED, Line::Asked, Line::Active, Line::NotTaken, Line::Ended, Line::OutOfSight];
    let mut dice = 7_u64;
    let mut roll = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap_or_default() % sides
    };
    for _ in 0..20_000 {
        let mut call = if roll(4) == 0 { dialling() } else { caller("+4930123456") };
        let mut ends = 0;
        for step in 0..12 {
            let (message, line) = (messages[roll(messages.len())], lines[roll(lines.len())]);
            let next = call.hear(message, line, step * 9_000);
            ends += next.effects.iter().filter(|effect| matches!(effect, Effect::End(_))).count();
            let asks = !matches!(message, Message::LineChanged | Message::Gone(_));
            assert_eq!(asks, !next.verbs.is_empty(), "{message:?} {line:?}");
        }
        call.hear(Message::Gone(Gone::Completed), QUEUED, 200_000);
        // What keeps a place without a line is a call back alone.
        assert!(matches!(call.stage, Stage::Over | Stage::ToCallBack), "{:?}", call.stage);
        assert!(ends <= 2);
    }
}
