//! What a caller who comes through a SIP proxy goes through, in words.

use std::fmt::Write as _;

use super::file::{Number, Overflow, Settings, SipProxy};
use super::path::{seconds, target, while_away};

/// The paths of all numbers.
pub(super) fn in_words(settings: &Settings, proxy: &SipProxy) -> String {
    let mut text = String::new();
    for number in &settings.numbers {
        of_number(number, *proxy.retry_after_s.get_ref(), &mut text);
    }
    text.push_str(&while_away(settings));
    text
}

fn of_number(number: &Number, retry_after_s: u64, text: &mut String) {
    let call_type = format!("{:?}", number.call_type).to_lowercase();
    // Writing to a string does not fail.
    let _ = writeln!(text, "an INVITE to {} comes:", number.number.get_ref());
    let mut step = 0;
    let mut line = |what: String| {
        step += 1;
        let _ = writeln!(text, "  {step}. {what}");
    };
    let gates = match number.gates.get_ref().as_slice() {
        [] => String::new(),
        gates => format!(", through the gates {}", gates.join(", ")),
    };
    let agent = number.agent.get_ref();
    line(format!("a call of {agent}, {call_type}{gates}, asks for a slot"));
    let wait = seconds(*number.max_wait_s.get_ref());
    line(format!(
        "while there is none, the caller waits up to {wait}, and is told the place in line with `182 Queued`"
    ));
    line(format!("with a slot, the INVITE is relayed to {}", target(number.connect.get_ref())));
    let mut redirects = false;
    for item in &number.overflow {
        line(match item.get_ref() {
            Overflow::Sip(to) => format!("who is not connected: the INVITE is relayed to {to}"),
            Overflow::Redirect(to) => {
                redirects = true;
                format!("who is not connected is told to call {to}, with `302 Moved Temporarily`")
            }
            Overflow::Dial(_)
            | Overflow::Callback(_)
            | Overflow::Voicemail(_)
            | Overflow::Say(_) => continue,
        });
    }
    if !redirects {
        line(format!(
            "who waited too long gets `486 Busy Here`, with `Retry-After: {retry_after_s}`; who got no answer, the last one's failure"
        ));
    }
}
