//! The form that a carrier sends, read as messages about a call.

use std::collections::HashMap;

use crate::twilio::caller::{Dialled, Gone};

/// The longest id of a call, in bytes.
const MAX_ID: usize = 128;

/// The fields of a form or of a query. Of a field that is there twice, the first counts.
#[derive(Debug, Default)]
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    /// Reads a form, or a query, which has the same form.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Self(fields)
    }

    /// A field; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The number of an item of the overflow.
    pub(crate) fn index(&self) -> usize {
        self.text("at").parse().unwrap_or_default()
    }

    /// The digit that was pressed.
    pub(crate) fn digit(&self) -> Option<char> {
        self.text("Digits").chars().next()
    }

    /// How dialling went; what has no such field was a media stream, which was there.
    pub(crate) fn dialled(&self) -> Dialled {
        match self.text("DialCallStatus") {
            "" | "completed" | "answered" => Dialled::Answered,
            "busy" => Dialled::Busy,
            "no-answer" => Dialled::NoAnswer,
            _ => Dialled::Failed,
        }
    }

    /// Whether a machine has answered, as far as the carrier found out.
    pub(crate) fn is_machine(&self) -> bool {
        let by = self.text("AnsweredBy");
        by.starts_with("machine") || by == "fax"
    }
}

/// How a call has ended at the carrier, in its word for it; `None` while it goes on.
pub(crate) fn gone(status: &str) -> Option<Gone> {
    match status {
        "completed" => Some(Gone::Completed),
        "busy" => Some(Gone::Busy),
        "no-answer" => Some(Gone::NoAnswer),
        "failed" => Some(Gone::Failed),
        "canceled" => Some(Gone::Canceled),
        _ => None,
    }
}

/// The id at Callslot of a carrier's call. `/` is not allowed in there.
pub(crate) fn call_id(sid: &str) -> Option<String> {
    let fits = (1..=MAX_ID).contains(&sid.len()) && sid.bytes().all(|byte| byte.is_ascii_graphic());
    let is_word = matches!(sid, "." | ".." | "batch" | "end");
    (fits && !is_word).then(|| sid.replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_and_what_it_lacks_is_empty() {
        let form = Form::parse(b"CallSid=CA1&From=%2B49&From=x&DialCallStatus=busy&Digits=17&at=2&AnsweredBy=machine_start");
        assert_eq!((form.text("From"), form.text("To"), form.index()), ("+49", "", 2));
        assert_eq!(
            (form.digit(), form.dialled(), form.is_machine()),
            (Some('1'), Dialled::Busy, true)
        );
        assert_eq!(Form::parse(b"").dialled(), Dialled::Answered);
        assert_eq!((gone("no-answer"), gone("in-progress")), (Some(Gone::NoAnswer), None));
    }

    #[test]
    fn a_carriers_id_becomes_one_that_callslot_takes() {
        assert_eq!(call_id("v3:a/b-_=").as_deref(), Some("v3:a_b-_="));
        for wrong in ["", "a b", "ü", "batch", &"a".repeat(129)] {
            assert_eq!(call_id(wrong), None, "{wrong}");
        }
    }
}
