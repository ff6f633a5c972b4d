//! What a caller goes through, in words.

use std::fmt::Write as _;

use super::file::{Cause, Number, Outbound, Overflow, Settings};
use crate::settings::path::{seconds, through_gates};

/// The paths of all numbers and of all agents that dial.
pub(super) fn in_words(settings: &Settings) -> String {
    let mut text = String::new();
    for number in &settings.numbers {
        of_number(number, settings.asterisk.app.get_ref(), &mut text);
    }
    for outbound in &settings.outbound {
        of_outbound(outbound, &mut text);
    }
    let grace = seconds(*settings.grace_s.get_ref());
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "While this bridge or Asterisk is away, calls keep their slots for {grace}."
    );
    text
}

fn of_number(number: &Number, app: &str, text: &mut String) {
    let call_type = format!("{:?}", number.call_type).to_lowercase();
    let _ = writeln!(text, "{} comes to Stasis({app}):", number.number.get_ref());
    let mut step = 0;
    let mut line = |what: String| {
        step += 1;
        let _ = writeln!(text, "  {step}. {what}");
    };
    line(match (&number.greeting, number.answer) {
        (Some(greeting), true) => {
            format!("the caller is answered, and hears {}", greeting.get_ref())
        }
        (None, true) => "the caller is answered".to_owned(),
        (_, false) => "the caller hears it ring, and is not answered yet".to_owned(),
    });
    let agent = number.agent.get_ref();
    let gates = through_gates(number.gates.get_ref());
    line(format!("a call of {agent}, {call_type}{gates}, asks for a slot"));
    let wait = seconds(*number.max_wait_s.get_ref());
    let heard = match (number.answer, number.announce) {
        (false, _) => "it rings".to_owned(),
        (true, false) => format!("music ({})", number.hold_music.get_ref()),
        (true, true) => format!(
            "the place in line every {}, and music ({})",
            seconds(*number.announce_every_s.get_ref()),
            number.hold_music.get_ref()
        ),
    };
    line(format!("while there is none, the caller waits up to {wait}: {heard}"));
    line(format!("with a slot, the caller goes on in the dialplan at {}", number.connect.dialplan));
    for item in &number.overflow {
        line(match item.get_ref() {
            Overflow::Dialplan(place) => {
                format!("who is not connected goes on in the dialplan at {place}")
            }
            Overflow::Play(media) => format!("who is not connected hears {media}; the call ends"),
            Overflow::HangUp(cause) => {
                format!("who is not connected is told {}; the call ends", said(*cause))
            }
        });
    }
    let ends = number.overflow.last().is_some_and(|last| match last.get_ref() {
        Overflow::Play(_) | Overflow::HangUp(_) => true,
        Overflow::Dialplan(_) => false,
    });
    if !ends {
        line(format!("who is still not connected is told {}; the call ends", said(Cause::Busy)));
    }
}

fn of_outbound(outbound: &Outbound, text: &mut String) {
    let (agent, from, field) =
        (outbound.agent.get_ref(), outbound.from.get_ref(), &outbound.to_field);
    let _ = writeln!(text, "{agent} dials from {from}:");
    let _ = writeln!(
        text,
        "  1. a call that got its slot, and is to be claimed, is claimed; the number is `{field}` of its metadata"
    );
    let _ = writeln!(
        text,
        "  2. {} rings for up to {}; busy, no answer or a failure ends the call, with that as its note",
        outbound.endpoint.get_ref(),
        seconds(*outbound.ring_s.get_ref())
    );
    let _ =
        writeln!(text, "  3. who answers goes on in the dialplan at {}", outbound.connect.dialplan);
}

const fn said(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "no reason",
        Cause::Busy => "\"busy\"",
        Cause::Congestion => "\"congestion\"",
        Cause::NoAnswer => "\"no answer\"",
    }
}
