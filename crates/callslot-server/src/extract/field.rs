//! Checks of fields: numbers against their range, names and texts against their length. A refusal names the field.

use std::sync::Arc;

use callslot_api::limits::MAX_NAME_CHARS;

use crate::refusal::Refusal;

/// Checks a number against its range.
pub(crate) fn in_range(field: &str, value: u64, (least, most): (u64, u64)) -> Result<u64, Refusal> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(Refusal::invalid_field(
        field,
        format!("`{field}` is {value}; it must be {least} to {most}"),
    ))
}

/// Checks a name, which is 1 to 200 characters without control characters.
pub(crate) fn name(field: &str, name: &str) -> Result<Arc<str>, Refusal> {
    text(field, name, MAX_NAME_CHARS)?;
    if name.chars().any(char::is_control) {
        return Err(Refusal::invalid_field(
            field,
            format!("`{field}` has control characters; remove them"),
        ));
    }
    if name.trim().is_empty() {
        return Err(Refusal::invalid_field(field, format!("`{field}` is empty; give it a name")));
    }
    Ok(Arc::from(name))
}

/// Checks a text's length.
pub(crate) fn text(field: &str, text: &str, most: usize) -> Result<Arc<str>, Refusal> {
    let chars = text.chars().count();
    if chars > most {
        return Err(Refusal::invalid_field(
            field,
            format!("`{field}` has {chars} characters; the maximum is {most}"),
        ));
    }
    Ok(Arc::from(text))
}

/// Names the field: by the path to it, or by the name in backticks at the start of serde's message.
pub(super) fn wrong_field(path: &str, message: &str) -> Refusal {
    let named = message.split('`').nth(1).filter(|_| message.contains("field `"));
    let field = match (path, named) {
        ("." | "", Some(name)) => name.to_owned(),
        (path, Some(name)) if !path.ends_with(name) => format!("{path}.{name}"),
        (path, _) => path.to_owned(),
    };
    Refusal::invalid_field(
        &field,
        format!("`{field}`: {message}; /docs lists every field with its range"),
    )
}
