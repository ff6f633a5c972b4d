//! Calls, message by message.

use std::sync::LazyLock;

use super::*;
use crate::settings::Settings;

const SETTINGS: &str = r#"[sip_proxy]
[[number]]
number = "+4930"
agent = "support"
max_wait_s = 60
connect = { sip = "sip:{to}@10.0.0.5;call={call};from={from}" }
overflow = [{ sip = "sip:{to}@10.0.0.6" }, { redirect = "sip:later@10.0.0.7" }]
[[number]]
number = "plain"
agent = "support"
max_wait_s = 60
connect = { sip = "sips:10.0.0.5" }
"#;
const ENGINE: &str = "sip:+4930@10.0.0.5;call=c%40h.1;from=+49%3B170";
const REST: &str = "sip:+4930@10.0.0.6|302 sip:later@10.0.0.7";

static READ: LazyLock<Settings> = LazyLock::new(|| Settings::read(SETTINGS).expect("settings"));

fn caller(number: &str) -> Caller {
    let number = Arc::clone(READ.number(number).expect("a number"));
    Caller::new(number, "c@h.1", Leg::default(), ("+49;170", "+4930"), 7, 0)
}

fn queued(position: u64) -> Line {
    Line::Queued { position, estimate_ms: Some(61_000) }
}

fn go(path: &str) -> Effect {
    Effect::Tell(Command::Go { path: path.to_owned() })
}

fn ended(note: &'static str) -> Effect {
    Effect::End(Some(note))
}

/// A call that rings at the engine.
fn ringing() -> Caller {
    let mut caller = caller("+4930");
    caller.hear(Message::LineChanged, Line::Active, 0);
    caller
}

fn talking() -> Caller {
    let mut caller = ringing();
    assert_eq!(caller.hear(Message::Answered, Line::Active, 0), []);
    assert_eq!(caller.stage, Stage::Talking);
    caller
}

#[test]
fn who_waits_is_told_the_place_and_is_connected_once_there_is_a_slot() {
    let mut caller = caller("+4930");
    let mut hear = |line, now_ms| caller.hear(Message::LineChanged, line, now_ms);
    let told = |position| {
        let words = format!("Queued, position {position}, about 2 min");
        vec![Effect::Tell(Command::Queued(words))]
    };
    assert_eq!(hear(Line::Asked, 0), []);
    assert_eq!(hear(queued(3), 1_000), told(3));
    assert_eq!(hear(queued(2), 10_999), [], "not more often than every 10 s");
    assert_eq!(hear(queued(2), 11_000), told(2));
    assert_eq!(hear(queued(2), 60_000), []);
    assert_eq!(hear(Line::Active, 60_500), [go(&format!("{ENGINE}|{REST}")), Effect::Connected(0)]);
    assert_eq!(hear(Line::Active, 60_600), []);
}

#[test]
fn the_place_is_told_every_minute_though_it_stays() {
    let mut caller = caller("+4930");
    let mut count = |now_ms| caller.hear(Message::LineChanged, queued(1), now_ms).len();
    assert_eq!([count(0), count(59_999), count(60_000)], [1, 0, 1]);
}

#[test]
fn who_waits_too_long_goes_to_the_overflow_without_a_slot() {
    for (line, now_ms, ends) in [(Line::NotTaken, 0, false), (queued(1), 65_000, true)] {
        let mut caller = caller("+4930");
        let effects = caller.hear(Message::LineChanged, line, now_ms);
        let path = go(&format!("{REST}|486 7"));
        assert_eq!(effects[..2], [path, Effect::Overflowed]);
        assert_eq!(effects.contains(&ended("overflow")), ends);
    }
    let mut caller = caller("plain");
    assert_eq!(caller.hear(Message::LineChanged, queued(1), 64_999).len(), 1);
    let effects = caller.hear(Message::LineChanged, Line::NotTaken, 64_999);
    assert_eq!(effects, [go("486 7"), Effect::Overflowed]);
}

#[test]
fn an_engine_that_fails_gives_the_slot_back_and_an_end_is_noted() {
    for (code, note) in [
        (486, "the agent's line was busy"),
        (408, "the agent's line did not answer"),
        (503, "the agent's line could not be reached"),
    ] {
        let mut caller = ringing();
        let effects = caller.hear(Message::Failed(code), Line::Active, 1);
        assert_eq!(effects, [ended(note), Effect::Overflowed]);
        // The overflow fails too, and then all is over.
        assert_eq!(caller.hear(Message::Failed(500), Line::Ended, 2), []);
        assert_eq!(caller.hear(Message::Gone, Line::Ended, 3), [Effect::End(None)]);
        assert_eq!(caller.hear(Message::Gone, Line::Ended, 4), []);
    }
    assert_eq!(caller("+4930").hear(Message::Gone, queued(1), 1), [ended("hung up")]);
    assert_eq!(ringing().hear(Message::Gone, Line::Active, 1), [ended("hung up")]);
    assert_eq!(talking().hear(Message::Gone, Line::Active, 1), [Effect::End(None)]);
}

#[test]
fn a_call_that_the_server_ends_is_ended_at_the_proxy() {
    for mut caller in [ringing(), talking()] {
        let effects = caller.hear(Message::LineChanged, Line::Ended, 1);
        assert_eq!(effects, [Effect::Tell(Command::End)]);
        assert_eq!(caller.stage, Stage::Over);
    }
    // A server out of reach ends no conversation.
    assert_eq!(talking().hear(Message::LineChanged, Line::OutOfSight, 1), []);
}

#[test]
fn what_the_proxy_does_not_have_is_over() {
    for mut caller in [caller("+4930"), ringing(), talking()] {
        assert_eq!(caller.hear(Message::NotGone, Line::Active, 1), [Effect::Tell(Command::Ask)]);
        assert_eq!(caller.hear(Message::IsThere(Presence::Early), Line::Active, 1), []);
        let effects = caller.hear(Message::IsThere(Presence::Absent), Line::Active, 2);
        assert_eq!(effects, [ended("its end was not told"), Effect::FoundOver]);
    }
    let mut caller = ringing();
    caller.hear(Message::IsThere(Presence::Talking), Line::Active, 1);
    assert_eq!(caller.stage, Stage::Talking, "its answer was not told");
}

#[test]
fn a_bye_that_anybody_can_send_ends_no_call_that_the_proxy_knows() {
    for mut caller in [caller("+4930"), ringing(), talking()] {
        assert_eq!(caller.hear(Message::Left, Line::Active, 1), []);
        assert_ne!(caller.stage, Stage::Over);
    }
}

#[test]
fn a_connection_that_is_back_is_told_all_again() {
    let ask = Effect::Tell(Command::Ask);
    let mut waiting = caller("+4930");
    waiting.hear(Message::LineChanged, queued(1), 0);
    let effects = waiting.hear(Message::ProxyBack, queued(1), 1);
    assert!(effects.len() == 2 && effects[0] == ask, "{effects:?}");
    let effects = ringing().hear(Message::ProxyBack, Line::Active, 1);
    assert_eq!(effects, [go(&format!("{ENGINE}|{REST}"))]);
    assert_eq!(talking().hear(Message::ProxyBack, Line::Active, 1), [ask]);
}

#[test]
fn a_proxy_that_is_started_anew_takes_those_who_wait_and_keeps_no_slot_for_ever() {
    const NOTE: &str = "the proxy was started anew";
    let anew = Message::ProxyRestarted { grace_ms: 5_000 };
    for mut caller in [caller("+4930"), ringing()] {
        assert_eq!(caller.hear(anew, queued(1), 1), [ended(NOTE)]);
    }
    for mut caller in [talking(), caller("+4930").of_before()] {
        assert_eq!(caller.hear(anew, Line::Active, 1_000), []);
        assert_eq!(caller.hear(Message::LineChanged, Line::Active, 5_999), []);
        assert_eq!(caller.hear(anew, Line::Active, 5_999), [], "a second one gives no more time");
        assert_eq!(caller.hear(Message::LineChanged, Line::Active, 6_000), [ended(NOTE)]);
    }
    for message in [Message::Gone, Message::Left] {
        let mut hung_up = talking();
        hung_up.hear(anew, Line::Active, 0);
        assert_eq!(hung_up.hear(message, Line::Active, 1), [Effect::End(None)]);
    }
    assert_eq!(talking().hear(Message::ProxyLost, Line::Active, 1), [ended("the proxy was away")]);
}

/// A call ends at Callslot once at most, and once it is over nothing more happens to it, in whatever order messages come.
#[test]
fn no_order_of_messages_ends_a_call_twice_or_leaves_one_that_is_over() {
    let messages = [
        Message::LineChanged,
        Message::Answered,
        Message::Failed(486),
        Message::Gone,
        Message::Left,
        Message::NotGone,
        Message::IsThere(Presence::Absent),
        Message::IsThere(Presence::Early),
        Message::IsThere(Presence::Talking),
        Message::ProxyBack,
        Message::ProxyRestarted { grace_ms: 5_000 },
        Message::ProxyLost,
    ];
    let lines =
        [Line::Asked, queued(1), Line::Active, Line::NotTaken, Line::Ended, Line::OutOfSight];
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).expect("it is small")
    };
    for _ in 0..20_000 {
        let mut caller = caller("+4930");
        let mut now_ms = 0;
        for _ in 0..30 {
            let was_over = caller.stage == Stage::Over;
            now_ms += draw(9_000) as u64;
            let effects =
                caller.hear(messages[draw(messages.len())], lines[draw(lines.len())], now_ms);
            assert!(!was_over || effects.is_empty(), "{effects:?}");
            let ends = effects.iter().filter(|it| matches!(it, Effect::End(_))).count();
            assert!(ends <= 1, "{effects:?}");
        }
        // A proxy that is away for good ends all.
        caller.hear(Message::ProxyLost, Line::Active, now_ms);
        assert_eq!(caller.stage, Stage::Over);
    }
}
