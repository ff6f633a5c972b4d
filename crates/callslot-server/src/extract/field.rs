//! Checks of fields: ids, numbers against their range, names, texts and lists against their length. A refusal names the field,
//! its value and what is allowed. Fields that cannot even be read are refused in `misread.rs`.

use std::sync::Arc;

use callslot_api::limits::MAX_NAME_CHARS;
use callslot_core::{
    AgentId, AlertId, CallId, Claimant, GateId, InvalidId, LeaseId, OrgId, PlanId,
};

use crate::extract::invisible::first_invisible;
use crate::refusal::Refusal;

/// The longest value that a refusal repeats, in characters.
const MAX_SHOWN_CHARS: usize = 60;

/// A kind of id that requests name as text.
pub(crate) trait TextId: Sized {
    /// Makes a text an id.
    fn of_text(text: &str) -> Result<Self, InvalidId>;

    /// Reads an id of something that there may be.
    fn named(text: &str) -> Result<Self, InvalidId>;
}

macro_rules! text_ids {
    ($($id:ident)+) => {
        $(impl TextId for $id {
            fn of_text(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }

            fn named(text: &str) -> Result<Self, InvalidId> {
                Self::named(text)
            }
        })+
    };
}

text_ids!(OrgId PlanId AgentId AlertId GateId LeaseId CallId Claimant);

/// Checks the id of something that there may be: what an earlier version made can be named.
pub(crate) fn checked_id<T: TextId>(field: &str, text: &str) -> Result<T, Refusal> {
    T::named(text).map_err(|error| invalid_id(field, text, error))
}

/// Checks the id of something new.
pub(crate) fn new_id<T: TextId>(field: &str, text: &str) -> Result<T, Refusal> {
    T::of_text(text).map_err(|error| invalid_id(field, text, error))
}

fn invalid_id(field: &str, text: &str, error: InvalidId) -> Refusal {
    Refusal::invalid_field(field, format!("`{field}` is {}; {error}", quoted(text)))
}

/// Checks ids in a list. A refusal names the place in the list.
pub(crate) fn checked_ids<T: TextId, C: FromIterator<T>>(
    field: &str,
    texts: &[String],
) -> Result<C, Refusal> {
    texts
        .iter()
        .enumerate()
        .map(|(row, text)| checked_id(&format!("{field}[{row}]"), text))
        .collect()
}

/// Checks a number against its range.
pub(crate) fn in_range(field: &str, value: u64, (least, most): (u64, u64)) -> Result<u64, Refusal> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let range = between(least, most);
    Err(Refusal::invalid_field(field, format!("`{field}` is {value}; it must be {range}")))
}

/// Checks how much of something a field has.
pub(crate) fn at_most(field: &str, what: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    let (count, most) = (grouped(count as u64), grouped(most as u64));
    let detail = format!("`{field}` has {count} {what}; it may have at most {most}");
    Err(Refusal::invalid_field(field, detail))
}

/// Checks a name, which is 1 to 200 characters that are seen. Names of before that was checked stay as they are.
pub(crate) fn name(field: &str, name: &str) -> Result<Arc<str>, Refusal> {
    text(field, name, MAX_NAME_CHARS)?;
    seen(field, name)?;
    if name.trim().is_empty() {
        return Err(Refusal::invalid_field(field, format!("`{field}` is empty; give it a name")));
    }
    Ok(Arc::from(name))
}

/// Checks that all characters of a text are seen, and none controls a terminal or turns the order of others around.
pub(crate) fn seen(field: &str, text: &str) -> Result<(), Refusal> {
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid_field(
            field,
            format!("`{field}` has control characters; remove them"),
        ));
    }
    let Some(character) = first_invisible(text) else { return Ok(()) };
    let number = u32::from(character);
    Err(Refusal::invalid_field(
        field,
        format!(
            "`{field}` has U+{number:04X}, which nobody sees there or which turns the order of others around; remove it"
        ),
    ))
}

/// Checks a text's length.
pub(crate) fn text(field: &str, text: &str, most: usize) -> Result<Arc<str>, Refusal> {
    at_most(field, "characters", text.chars().count(), most)?;
    Ok(Arc::from(text))
}

/// A value as a refusal repeats it: cut if it is long, and without characters that would control a terminal.
pub(crate) fn shown(value: &str) -> String {
    if value.is_empty() {
        return "empty".to_owned();
    }
    let (mut text, rest) = match value.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => (value[..end].to_owned(), "…"),
        None => (value.to_owned(), ""),
    };
    if text.contains(char::is_control) {
        text = text.escape_debug().to_string();
    }
    text + rest
}

/// A text as a refusal repeats it: in quotation marks, and cut if it is long.
pub(crate) fn quoted(text: &str) -> String {
    shown(&format!("{text:?}"))
}

/// A range in words.
pub(super) fn between(least: u64, most: u64) -> String {
    format!("{} to {}", grouped(least), grouped(most))
}

/// Whether a text is a whole number's digits.
pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number with a comma before every three digits: `86,400`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (86_400, "86,400"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(shown("7"), "7");
        assert_eq!(shown(""), "empty");
        assert_eq!(shown("\u{0}\u{1b}[31m"), "\\0\\u{1b}[31m");
        assert_eq!(shown(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(shown(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
