//! A place in the dialplan: `extension@context`.

use serde::Deserialize;

/// The longest name of an extension or context, in characters: Asterisk's own bound.
const LONGEST: usize = 79;

/// An extension in a context; the call goes on at its priority 1.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Place {
    pub(crate) extension: String,
    pub(crate) context: String,
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_name = |name: &str| {
            (1..=LONGEST).contains(&name.len())
                && name
                    .bytes()
                    .all(|letter| letter.is_ascii_graphic() && !b"@,&|".contains(&letter))
        };
        match text.split_once('@') {
            Some((extension, context)) if is_name(extension) && is_name(context) => {
                Ok(Self { extension: extension.to_owned(), context: context.to_owned() })
            }
            Some(_) | None => Err(format!(
                "a place in the dialplan is {text:?}; it is extension@context, such as support@agents"
            )),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}@{}", self.extension, self.context)
    }
}
