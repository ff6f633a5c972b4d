//! What goes over the proxy's event socket: netstrings of fields, `name=value;name=value`, whose values are percent-coded.
//!
//! So the proxy's own transformations (`param.value`, `s.escape.param`) read and write them, and no header of a caller can add a field.

use std::collections::HashMap;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The longest message that is read, in bytes.
const LONGEST: usize = 16 << 10;
/// What needs no code in a value.
const CODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// What identifies a call at the proxy. The Call-ID alone does not: callers who know it can call with it, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Dialog {
    /// The Call-ID.
    pub(crate) ci: String,
    /// The number in the INVITE's `CSeq`.
    pub(crate) cs: String,
    /// The caller's tag.
    pub(crate) ft: String,
}

/// A call at the proxy, and the transaction that waits there.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Leg {
    #[serde(flatten)]
    pub(crate) dialog: Dialog,
    /// The transaction's index and label.
    pub(crate) ix: String,
    pub(crate) lb: String,
    /// Which start of the proxy this was: what it held before is gone after another.
    pub(crate) boot: String,
}

/// What the proxy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// An INVITE came, and waits.
    Invite { leg: Leg, from: String, to: String },
    /// Who was called has answered.
    Answered { dialog: Dialog },
    /// Who was called did not take the call: the code.
    Failed { dialog: Dialog, code: u16 },
    /// It is over.
    Gone { dialog: Dialog },
    /// A BYE for a call that the proxy does not know, with the tags of who sent it and of the other side: anybody can send one.
    Left { ci: String, tags: [String; 2] },
    /// A command was carried out, or could not be.
    Done {
        id: u64,
        outcome: Outcome,
        is_talking: bool,
        boot: String,
        /// For how long it lets callers wait, in milliseconds.
        longest_ms: u64,
    },
}

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// It could not be carried out.
    Failed,
    /// The calls are another bridge's.
    NotOwner,
}

/// What the proxy is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// To say which start of it this is, and for how long it lets callers wait.
    Hello,
    /// The same, and to give its calls to this bridge from now on, unless another has them.
    Claim,
    /// That the bridge has this call: it was told.
    Have,
    /// To tell it some of the calls again that no bridge is known to have.
    Untold,
    /// To tell the caller that the call waits, with these words.
    Queued(String),
    /// To go on with the call along this path.
    Go { path: String },
    /// To end the call on both sides.
    End,
    /// To say whether it has the call.
    Ask,
}

/// A command about a call.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) leg: Leg,
    pub(crate) call: String,
    pub(crate) command: Command,
}

impl Command {
    /// The command as it is sent. `call` is the call's id at Callslot.
    pub(crate) fn frame(&self, id: u64, leg: &Leg, call: &str) -> Vec<u8> {
        let (what, more) = match self {
            Self::Hello => ("hello", None),
            Self::Claim => ("claim", None),
            Self::Have => ("have", None),
            Self::Untold => ("untold", None),
            Self::Queued(words) => ("queued", Some(("say", words))),
            Self::Go { path } => ("go", Some(("path", path))),
            Self::End => ("end", None),
            Self::Ask => ("ask", None),
        };
        let Leg { dialog: Dialog { ci, cs, ft }, ix, lb, boot: _ } = leg;
        let id = id.to_string();
        let call = call.to_owned();
        let mut text = format!("do={what}");
        let fields = [("ci", ci), ("cs", cs), ("ft", ft), ("ix", ix), ("lb", lb), ("call", &call)];
        for (name, value) in [("id", &id)].into_iter().chain(fields).chain(more) {
            if !value.is_empty() {
                // Writing to a string does not fail.
                let _ = write!(text, ";{name}={}", utf8_percent_encode(value, CODED));
            }
        }
        format!("{}:{text},", text.len()).into_bytes()
    }
}

impl Event {
    /// Reads a message; `None` if it is none of these.
    pub(crate) fn read(message: &str) -> Option<Self> {
        let fields: HashMap<&str, String> = message
            .split(';')
            .filter_map(|field| field.split_once('='))
            .map(|(name, value)| (name, percent_decode_str(value).decode_utf8_lossy().into_owned()))
            .collect();
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let dialog = Dialog { ci: field("ci"), cs: field("cs"), ft: field("ft") };
        let event = match fields.get("event")?.as_str() {
            "invite" => Self::Invite {
                leg: Leg { dialog, ix: field("ix"), lb: field("lb"), boot: field("boot") },
                from: field("from"),
                to: field("to"),
            },
            "answered" => Self::Answered { dialog },
            "failed" => Self::Failed { dialog, code: field("code").parse().ok()? },
            "gone" => Self::Gone { dialog },
            "left" => Self::Left { ci: dialog.ci, tags: [dialog.ft, field("tt")] },
            "done" => Self::Done {
                id: field("id").parse().ok()?,
                outcome: match field("rc").as_str() {
                    "1" => Outcome::Done,
                    "-2" => Outcome::NotOwner,
                    _ => Outcome::Failed,
                },
                // The state of a dialog: answered, or answered and acknowledged.
                is_talking: matches!(field("st").as_str(), "3" | "4"),
                boot: field("boot"),
                longest_ms: field("wait").parse().unwrap_or_default(),
            },
            _ => return None,
        };
        Some(event)
    }

    /// Its name, for the figures.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Answered { .. } => "answered",
            Self::Failed { .. } => "failed",
            Self::Gone { .. } => "gone",
            Self::Left { .. } => "left",
            Self::Done { .. } => "done",
        }
    }
}

/// What the socket brings is no sequence of netstrings.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proxy's event socket brings no netstrings")]
pub(crate) struct Garbled;

/// Takes the next message off the front of what has come; `None` if it is not all there.
pub(crate) fn next_message(come: &mut Vec<u8>) -> Result<Option<String>, Garbled> {
    let Some(colon) = come.iter().take(8).position(|&byte| byte == b':') else {
        return if come.len() >= 8 { Err(Garbled) } else { Ok(None) };
    };
    let length = std::str::from_utf8(&come[..colon]).ok().and_then(|text| text.parse().ok());
    let length: usize = length.filter(|&length| length <= LONGEST).ok_or(Garbled)?;
    let end = colon + 1 + length;
    match come.get(end) {
        None => Ok(None),
        Some(b',') => {
            let text = String::from_utf8_lossy(&come[colon + 1..end]).into_owned();
            come.drain(..=end);
            Ok(Some(text))
        }
        Some(_) => Err(Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_whole_in_order_and_nothing_else_is() {
        let mut come = b"5:a=b;c,0:,3:x".to_vec();
        assert_eq!(next_message(&mut come), Ok(Some("a=b;c".into())));
        assert_eq!(next_message(&mut come), Ok(Some(String::new())));
        assert_eq!(next_message(&mut come), Ok(None));
        come.extend(b"=y,");
        assert_eq!(next_message(&mut come), Ok(Some("x=y".into())));
        assert!(come.is_empty());
        for garbled in ["x:,", "3:abcd", "99999:", "123456789"] {
            assert_eq!(next_message(&mut garbled.into()), Err(Garbled), "{garbled}");
        }
    }

    #[test]
    fn a_value_can_be_anything_and_adds_no_field() {
        let event = Event::read(
            "event=invite;ci=a%3Bb%3D%22%40h;cs=7;ft=t;ix=1;lb=2;boot=3/4;from=+49;to=x",
        );
        let Some(Event::Invite { leg, from, to }) = event else { panic!() };
        assert_eq!((&*leg.dialog.ci, &*leg.boot, &*from, &*to), ("a;b=\"@h", "3/4", "+49", "x"));
        let frame = Command::Go { path: "sip:a;b@h|486 30".into() }.frame(9, &leg, "c.7");
        let text = String::from_utf8(frame).expect("text");
        assert_eq!(
            text,
            "90:do=go;id=9;ci=a%3Bb%3D%22%40h;cs=7;ft=t;ix=1;lb=2;call=c.7;path=sip%3Aa%3Bb%40h%7C486%2030,"
        );
        assert_eq!(Event::read("event=fly;ci=a"), None);
        let dialog = Dialog { ci: "a".into(), cs: "7".into(), ft: "t".into() };
        assert_eq!(Event::read("event=gone;ci=a;cs=7;ft=t"), Some(Event::Gone { dialog }));
        let tags = ["e".into(), "t".into()];
        let left = Event::Left { ci: "a".into(), tags };
        assert_eq!(Event::read("event=left;ci=a;ft=e;tt=t"), Some(left));
        assert_eq!(
            Event::read("event=done;id=3;rc=-1;st=4;boot=b;wait=9"),
            Some(Event::Done {
                id: 3,
                outcome: Outcome::Failed,
                is_talking: true,
                boot: "b".into(),
                longest_ms: 9
            })
        );
    }
}
