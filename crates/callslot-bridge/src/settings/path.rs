//! What a caller goes through, in words.

use std::fmt::Write as _;

use super::file::{Number, Outbound, Overflow, Settings, Target};

/// The paths of all numbers and of all agents that dial.
pub(super) fn in_words(settings: &Settings) -> String {
    let mut text = String::new();
    for number in &settings.numbers {
        of_number(number, &mut text);
    }
    for outbound in &settings.outbound {
        of_outbound(outbound, &mut text);
    }
    text.push_str(&while_away(settings));
    text
}

/// What becomes of calls without the bridge.
pub(super) fn while_away(settings: &Settings) -> String {
    let grace = seconds(*settings.grace_s.get_ref());
    format!("While this bridge is away, calls keep their slots for {grace}.\n")
}

fn of_number(number: &Number, text: &mut String) {
    let call_type = format!("{:?}", number.call_type).to_lowercase();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{} is called:", number.number.get_ref());
    let mut step = 0;
    let mut line = |what: String| {
        step += 1;
        let _ = writeln!(text, "  {step}. {what}");
    };
    if let Some(greeting) = &number.greeting {
        line(format!("the caller hears {greeting:?}"));
    }
    let gates = through_gates(number.gates.get_ref());
    let agent = number.agent.get_ref();
    line(format!("a call of {agent}, {call_type}{gates}, asks for a slot"));
    let music = number.hold_music.as_ref().map_or("silence", |_| "music");
    let wait = seconds(*number.max_wait_s.get_ref());
    line(format!(
        "while there is none, the caller waits up to {wait}: the place in line in words ({}), and {music}",
        number.language.get_ref()
    ));
    line(format!("with a slot, the caller is connected to {}", target(number.connect.get_ref())));
    let within = seconds(*number.callback_within_s.get_ref());
    for item in &number.overflow {
        line(match item.get_ref() {
            Overflow::Callback(words) => format!(
                "who waited too long hears {words:?}; who presses 1 keeps the place for {within} more, and is called back"
            ),
            Overflow::Dial(to) | Overflow::Sip(to) => {
                format!("who is not connected: {to} is called")
            }
            Overflow::Redirect(_) => continue,
            Overflow::Voicemail(words) => {
                format!(
                    "who is not connected hears {words:?}, and leaves a message with the carrier"
                )
            }
            Overflow::Say(words) => format!("who is not connected hears {words:?}; the call ends"),
        });
    }
    let ends = number
        .overflow
        .last()
        .is_some_and(|last| matches!(last.get_ref(), Overflow::Voicemail(_) | Overflow::Say(_)));
    if !ends {
        line("who is still not connected hears that nobody is free; the call ends".to_owned());
    }
}

fn of_outbound(outbound: &Outbound, text: &mut String) {
    let (agent, from, field) =
        (outbound.agent.get_ref(), outbound.from.get_ref(), &outbound.to_field);
    let _ = writeln!(text, "{agent} dials from {from}:");
    let _ = writeln!(
        text,
        "  1. a call that got its slot comes by webhook; the number is `{field}` of its metadata"
    );
    let machine = if outbound.detect_machines { ", a machine" } else { "" };
    let _ =
        writeln!(text, "  2. busy, no answer{machine} or a failure ends it, with that as its note");
    let _ =
        writeln!(text, "  3. who answers is connected to {}", target(outbound.connect.get_ref()));
}

pub(super) fn target(target: &Target) -> String {
    match target {
        Target::Stream(url) => format!("the media stream {url}"),
        Target::Sip(address) => address.clone(),
        Target::Dial(number) => format!("the number {number}"),
        Target::Url(url) => format!("the instructions at {url}"),
    }
}

pub(crate) fn through_gates(gates: &[String]) -> String {
    match gates {
        [] => String::new(),
        gates => format!(", through the gates {}", gates.join(", ")),
    }
}

pub(crate) fn seconds(seconds: u64) -> String {
    match seconds {
        7_200.. if seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        120.. if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
