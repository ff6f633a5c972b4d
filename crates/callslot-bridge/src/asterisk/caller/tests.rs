//! Calls, message by message.

use std::sync::LazyLock;

use super::*;
use crate::asterisk::settings::Settings;

const SETTINGS: &str = r#"[asterisk]
[[number]]
number = "1"
agent = "support"
max_wait_s = 60
connect = { dialplan = "support@agents" }
overflow = [{ dialplan = "office@overflow" }, { play = "sound:goodbye" }]
[[number]]
number = "2"
agent = "support"
answer = false
max_wait_s = 60
connect = { dialplan = "support@agents" }
overflow = [{ hang_up = "congestion" }]
[[number]]
number = "3"
agent = "support"
greeting = "sound:hello-world"
announce = false
connect = { dialplan = "support@agents" }
[[outbound]]
agent = "sales"
from = "+4930123458"
endpoint = "PJSIP/{to}@trunk"
connect = { dialplan = "sales@agents" }
"#;
const QUEUED: Line = Line::Queued { position: 2, estimate_ms: Some(90_000) };
const CAME: Message = Message::Came(Back::Untold);
const HUNG_UP: Message = Message::Gone(Gone::HungUp(16));

static READ: LazyLock<Settings> = LazyLock::new(|| Settings::read(SETTINGS).expect("settings"));

fn caller(number: &str) -> Caller {
    Caller::new(Way::In(Arc::clone(READ.number(number).expect("a number"))), 0)
}

fn dialling() -> Caller {
    Caller::new(Way::Out(Arc::clone(READ.outbound_of("sales").expect("it dials"))), 0)
}

/// What the acts are, in short.
fn told(acts: &[Act]) -> Vec<String> {
    let short = |act: &Act| match act {
        Act::Answer => "answer".into(),
        Act::Ring => "ring".into(),
        Act::Dial => "dial".into(),
        Act::Music(class) => format!("music {class}"),
        Act::Silence => "silence".into(),
        Act::Play { media, number } => format!("play {number} {media}"),
        Act::Stop(number) => format!("stop {number}"),
        Act::Continue(place) => format!("to {place}"),
        Act::Overflow { place, index: _ } => format!("overflow {place}"),
        Act::HangUp(cause) => format!("hang up {}", cause.code()),
        Act::End(note) => format!("end {}", note.unwrap_or("-")),
        Act::Connected { since_ms } => format!("connected {since_ms}"),
    };
    acts.iter().map(short).collect()
}

/// Tells a caller something, and checks what follows.
#[track_caller]
fn hears(caller: &mut Caller, message: Message, line: Line, now_ms: u64, acts: &[&str]) {
    assert_eq!(told(&caller.hear(message, line, now_ms)), acts, "{message:?}");
}

#[test]
fn a_caller_hears_music_and_the_place_and_is_sent_on_with_a_slot() {
    let mut caller = caller("1");
    hears(&mut caller, CAME, Line::Asked, 0, &["answer"]);
    let place = "play 1 sound:queue-thereare,number:2,sound:queue-callswaiting,sound:queue-holdtime,number:2,sound:queue-minutes";
    hears(&mut caller, Message::LineChanged, QUEUED, 10, &[place]);
    hears(&mut caller, Message::Tick, QUEUED, 1_000, &[]);
    hears(&mut caller, Message::Played(7), QUEUED, 2_000, &[]);
    hears(&mut caller, Message::Played(1), QUEUED, 5_000, &["music default"]);
    hears(&mut caller, Message::Tick, QUEUED, 30_009, &[]);
    let first = Line::Queued { position: 1, estimate_ms: Some(2_000) };
    hears(&mut caller, Message::Tick, first, 30_010, &["silence", "play 2 sound:queue-youarenext"]);
    // An announcement is broken off.
    let on = ["stop 2", "to support@agents", "connected 31000"];
    hears(&mut caller, Message::LineChanged, Line::Active, 31_000, &on);
    hears(&mut caller, Message::Left, Line::Active, 31_001, &[]);
    hears(&mut caller, Message::LineChanged, Line::OutOfSight, 40_000, &[]);
    hears(&mut caller, HUNG_UP, Line::Active, 50_000, &["end -"]);
    assert_eq!(caller.stage, Stage::Over);
    hears(&mut caller, HUNG_UP, Line::Ended, 50_001, &[]);
}

#[test]
fn a_greeting_is_heard_to_its_end_and_only_once() {
    let mut caller = caller("3");
    hears(&mut caller, CAME, Line::Active, 0, &["answer", "play 1 sound:hello-world"]);
    hears(&mut caller, Message::Tick, Line::Active, 1_000, &[]);
    let on = ["to support@agents", "connected 0"];
    hears(&mut caller, Message::Played(1), Line::Active, 1_500, &on);
    // Asterisk is away: it is tried again.
    hears(&mut caller, Message::NotSentOn, Line::Active, 1_600, &[]);
    hears(&mut caller, Message::Tick, Line::Active, 2_500, &["to support@agents", "connected 0"]);
}

#[test]
fn who_hangs_up_in_line_leaves_it_whatever_is_told_first() {
    for message in [Message::Left, HUNG_UP] {
        let mut caller = caller("1");
        caller.hear(CAME, QUEUED, 0);
        hears(&mut caller, message, QUEUED, 1_000, &["end hung up"]);
        assert_eq!(caller.stage, Stage::Over);
    }
    let mut lost = caller("1");
    lost.hear(CAME, QUEUED, 0);
    hears(&mut lost, Message::Gone(Gone::Missing), QUEUED, 1_000, &["end its end was not told"]);
}

#[test]
fn who_is_not_taken_goes_from_one_overflow_to_the_next() {
    let mut caller = caller("1");
    caller.hear(CAME, QUEUED, 0);
    caller.hear(Message::Played(1), QUEUED, 4_000);
    let first = ["end overflow", "silence", "overflow office@overflow"];
    hears(&mut caller, Message::LineChanged, Line::NotTaken, 60_000, &first);
    hears(&mut caller, Message::Left, Line::Ended, 60_001, &[]);
    let back = Message::Came(Back::NoAnswer);
    hears(&mut caller, back, Line::Ended, 80_000, &["play 2 sound:goodbye"]);
    hears(&mut caller, Message::Played(2), Line::Ended, 82_000, &["hang up 16"]);
    assert_eq!(caller.stage, Stage::Over);

    // The server says nothing for too long: the caller does not wait indefinitely.
    let mut ringing = self::caller("2");
    hears(&mut ringing, CAME, Line::Asked, 0, &["ring"]);
    hears(&mut ringing, Message::Tick, Line::Asked, 64_999, &[]);
    let over = ["end overflow", "hang up 34"];
    hears(&mut ringing, Message::Tick, Line::Asked, 65_000, &over);
}

#[test]
fn an_agent_who_is_not_reached_frees_the_slot_and_the_caller_overflows() {
    for (back, note) in [
        (Back::Busy, "end the agent's line was busy"),
        (Back::NoAnswer, "end the agent's line did not answer"),
        (Back::Failed, "end the agent's line could not be reached"),
    ] {
        let mut caller = caller("1");
        caller.hear(CAME, Line::Active, 0);
        let acts = [note, "overflow office@overflow"];
        hears(&mut caller, Message::Came(back), Line::Active, 9_000, &acts);
    }
    let mut caller = caller("1");
    caller.hear(CAME, Line::Active, 0);
    let acts = ["end -", "hang up 16"];
    hears(&mut caller, Message::Came(Back::Answered), Line::Active, 9_000, &acts);
}

#[test]
fn after_a_break_calls_go_on_where_their_channels_are() {
    let mut waiting = caller("1").of_before(true, true);
    // Whatever the bridge before this one began to say.
    let acts = ["stop 1", "stop 2", "stop 3", "stop 4", "music default"];
    hears(&mut waiting, Message::Found { in_stasis: true }, Line::Asked, 9_000, &acts);
    let on = ["silence", "to support@agents", "connected 9100"];
    hears(&mut waiting, Message::LineChanged, Line::Active, 9_100, &on);
    // It did not hear that it was sent on.
    let again = ["to support@agents", "connected 9100"];
    hears(&mut waiting, Message::Found { in_stasis: true }, Line::Active, 10_000, &again);

    let mut talking = caller("1").of_before(false, true);
    hears(&mut talking, Message::Found { in_stasis: false }, Line::Active, 9_000, &[]);
    hears(&mut talking, Message::LineChanged, Line::Ended, 9_500, &["hang up 16"]);

    let mut told = caller("1");
    told.hear(CAME, QUEUED, 0);
    let on = ["stop 1", "silence", "to support@agents", "connected 1"];
    hears(&mut told, Message::Found { in_stasis: true }, Line::Active, 1, &on);

    let mut elsewhere = caller("1");
    elsewhere.hear(CAME, QUEUED, 0);
    hears(&mut elsewhere, Message::Found { in_stasis: false }, QUEUED, 1, &["end hung up"]);
}

#[test]
fn who_was_sent_on_though_asterisk_did_not_answer_keeps_the_slot() {
    for message in [Message::Left, Message::Found { in_stasis: false }] {
        let mut caller = caller("1");
        caller.hear(CAME, Line::Active, 0);
        caller.hear(Message::NotSentOn, Line::Active, 10_000);
        hears(&mut caller, message, Line::Active, 10_100, &[]);
        assert_eq!(caller.stage, Stage::Talking, "{message:?}");
        hears(&mut caller, HUNG_UP, Line::Active, 20_000, &["end -"]);
    }
}

#[test]
fn who_comes_back_from_the_overflow_of_a_bridge_before_this_one_gets_the_next_item() {
    let number = Arc::clone(READ.number("1").expect("a number"));
    let mut caller = Caller::of_overflow(number, 0, 0);
    let acts = ["answer", "play 1 sound:goodbye"];
    hears(&mut caller, Message::Came(Back::NoAnswer), Line::Ended, 0, &acts);
    hears(&mut caller, Message::Played(1), Line::Ended, 2_000, &["hang up 16"]);
}

#[test]
fn an_agent_dials_with_its_slot_and_its_end_says_how_that_went() {
    let mut caller = dialling();
    hears(&mut caller, Message::Gone(Gone::Missing), Line::Asked, 0, &[]);
    hears(&mut caller, Message::LineChanged, Line::Active, 1, &["dial"]);
    hears(&mut caller, CAME, Line::Active, 2_000, &["to sales@agents"]);
    hears(&mut caller, HUNG_UP, Line::Active, 9_000, &["end -"]);
    for (gone, note) in [
        (Gone::HungUp(17), "end busy"),
        (Gone::HungUp(19), "end no answer"),
        (Gone::HungUp(34), "end failed"),
        (Gone::NotDialled, "end failed"),
        (Gone::OutOfReach, "end Asterisk was out of reach"),
    ] {
        let mut caller = dialling();
        caller.hear(Message::LineChanged, Line::Active, 0);
        hears(&mut caller, Message::Gone(gone), Line::Active, 1, &[note]);
    }
    let mut late = dialling();
    late.hear(Message::LineChanged, Line::Active, 0);
    let acts = ["end the slot was gone", "hang up 16"];
    hears(&mut late, CAME, Line::OutOfSight, 1, &acts);
}

/// The messages and lines that a random caller gets.
const MESSAGES: [Message; 14] = [
    CAME,
    Message::Came(Back::Answered),
    Message::Came(Back::Busy),
    Message::Played(1),
    Message::Played(2),
    Message::Left,
    HUNG_UP,
    Message::Gone(Gone::Missing),
    Message::Gone(Gone::OutOfReach),
    Message::Found { in_stasis: true },
    Message::Found { in_stasis: false },
    Message::NotSentOn,
    Message::LineChanged,
    Message::Tick,
];
const LINES: [Line; 6] =
    [Line::Asked, QUEUED, Line::Active, Line::NotTaken, Line::Ended, Line::OutOfSight];

#[test]
fn in_any_order_of_messages_nobody_goes_on_without_a_slot_and_every_end_is_told() {
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        // Knuth's MMIX generator: the orders are the same on every machine.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % below
    };
    let numbers = ["1", "2", "3"];
    for _ in 0..20_000 {
        let mut caller =
            if random(4) == 0 { dialling() } else { caller(numbers[random(numbers.len())]) };
        let (mut now_ms, mut ends) = (0, 0);
        for _ in 0..12 {
            let (message, line) = (MESSAGES[random(MESSAGES.len())], LINES[random(LINES.len())]);
            now_ms += u64::try_from(random(40_000)).expect("it is small");
            for act in caller.hear(message, line, now_ms) {
                match act {
                    Act::Continue(_) | Act::Dial => {
                        assert!(line == Line::Active && ends == 0, "{message:?} {line:?}");
                    }
                    Act::End(_) => ends += 1,
                    Act::Overflow { .. } => assert!(ends > 0, "{message:?} {line:?}"),
                    Act::Answer
                    | Act::Ring
                    | Act::Music(_)
                    | Act::Silence
                    | Act::Play { .. }
                    | Act::Stop(_)
                    | Act::HangUp(_)
                    | Act::Connected { .. } => {}
                }
            }
        }
        caller.hear(HUNG_UP, Line::Active, now_ms).iter().for_each(|act| {
            ends += u32::from(matches!(act, Act::End(_)));
        });
        assert_eq!(caller.stage, Stage::Over);
    }
}
