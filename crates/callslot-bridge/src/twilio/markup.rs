//! What a carrier is told to do with a call: verbs, written as `TwiML`, which `TeXML` shares.

use std::fmt::Write as _;

/// One thing that the carrier does, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Says words.
    Say { language: String, words: String },
    /// Plays an audio file once.
    Play(String),
    /// Stays silent, in seconds.
    Pause(u32),
    /// Asks for the next instructions.
    Redirect(String),
    /// Hangs up.
    Hangup,
    /// Connects with a telephone number or a SIP address; `action` is asked once that is over.
    Dial { to: Callee, action: String },
    /// Connects the media with a WebSocket; `action` is asked once that is over.
    Stream { url: String, parameters: Vec<(&'static str, String)>, action: String },
    /// Says words, and asks `action` with the digit that is pressed; without one it goes on.
    Gather { language: String, words: String, action: String },
    /// Records a message after a tone; `action` is asked once that is over.
    Record { action: String },
    /// Refuses the call, so that the caller hears a busy line.
    Reject,
}

/// Who is dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Callee {
    Number(String),
    Sip(String),
}

/// How long a dialled number may ring, in seconds.
const RING_S: u32 = 30;
/// How long a message may be, in seconds.
const MESSAGE_S: u32 = 180;
/// How long a caller has to press a digit, in seconds.
const DIGIT_S: u32 = 5;

/// The document of some verbs.
pub(crate) fn document(verbs: &[Verb]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>");
    for verb in verbs {
        // Writing to a string does not fail.
        let _ = write(verb, &mut text);
    }
    text.push_str("</Response>\n");
    text
}

fn write(verb: &Verb, text: &mut String) -> std::fmt::Result {
    match verb {
        Verb::Say { language, words } => say(language, words, text),
        Verb::Play(url) => write!(text, "<Play>{}</Play>", escaped(url)),
        Verb::Pause(seconds) => write!(text, "<Pause length=\"{seconds}\"/>"),
        Verb::Redirect(url) => {
            write!(text, "<Redirect method=\"POST\">{}</Redirect>", escaped(url))
        }
        Verb::Hangup => write!(text, "<Hangup/>"),
        Verb::Reject => write!(text, "<Reject reason=\"busy\"/>"),
        Verb::Dial { to, action } => {
            let action = escaped(action);
            write!(text, "<Dial timeout=\"{RING_S}\" action=\"{action}\" method=\"POST\">")?;
            match to {
                Callee::Number(number) => write!(text, "<Number>{}</Number>", escaped(number))?,
                Callee::Sip(address) => write!(text, "<Sip>{}</Sip>", escaped(address))?,
            }
            write!(text, "</Dial>")
        }
        Verb::Stream { url, parameters, action } => {
            write!(text, "<Connect action=\"{}\" method=\"POST\">", escaped(action))?;
            write!(text, "<Stream url=\"{}\">", escaped(url))?;
            for (name, value) in parameters {
                write!(text, "<Parameter name=\"{name}\" value=\"{}\"/>", escaped(value))?;
            }
            write!(text, "</Stream></Connect>")
        }
        Verb::Gather { language, words, action } => {
            let action = escaped(action);
            write!(
                text,
                "<Gather numDigits=\"1\" timeout=\"{DIGIT_S}\" action=\"{action}\" method=\"POST\">"
            )?;
            say(language, words, text)?;
            write!(text, "</Gather>")
        }
        Verb::Record { action } => {
            let action = escaped(action);
            write!(
                text,
                "<Record maxLength=\"{MESSAGE_S}\" playBeep=\"true\" action=\"{action}\" method=\"POST\"/>"
            )
        }
    }
}

fn say(language: &str, words: &str, text: &mut String) -> std::fmt::Result {
    write!(text, "<Say language=\"{}\">{}</Say>", escaped(language), escaped(words))
}

/// A text as XML has it, in an element or between double quotes. What XML cannot have at all is left out.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' | '\n' | '\r' => written.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_well_formed_and_says_what_it_was_given() {
        let hard = "a<b>&\"c'\u{1}\u{fffe}ü\n";
        let read = "a<b>&\"c'ü ";
        let own = || hard.to_owned();
        let verbs = [
            Verb::Say { language: "de".into(), words: own() },
            Verb::Play(own()),
            Verb::Pause(1),
            Verb::Dial { to: Callee::Number(own()), action: own() },
            Verb::Dial { to: Callee::Sip(own()), action: own() },
            Verb::Stream { url: own(), parameters: vec![("call", own())], action: own() },
            Verb::Gather { language: "de".into(), words: own(), action: own() },
            Verb::Record { action: own() },
            Verb::Redirect(own()),
            Verb::Hangup,
            Verb::Reject,
        ];
        let text = document(&verbs);
        let parsed = roxmltree::Document::parse(&text).expect("it is well-formed");
        let children: Vec<_> = parsed.root_element().children().collect();
        let names: Vec<_> = children.iter().map(|child| child.tag_name().name()).collect();
        assert_eq!(
            names,
            [
                "Say", "Play", "Pause", "Dial", "Dial", "Connect", "Gather", "Record", "Redirect",
                "Hangup", "Reject"
            ]
        );
        for node in parsed.root_element().descendants() {
            if let Some(said) = node.text() {
                assert_eq!(said, read);
            }
            if let Some(action) = node.attribute("action") {
                assert_eq!(action, read);
            }
        }
    }
}
