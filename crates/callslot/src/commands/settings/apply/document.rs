//! What a file of `callslot apply` holds. It has the words of the API.

use std::collections::BTreeMap;

use callslot_api::{CallType, GateKind, Hours, Pace};
use serde::{Deserialize, Serialize};
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

/// Settings of a pool. A section that is absent says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// By id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<BTreeMap<String, AgentSpec>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<TypeSpecs>,
    /// By id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gates: Option<BTreeMap<String, GateSpec>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Vec<WebhookSpec>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentSpec {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// Its reserved slots by type. Absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reserve: Reserve,
}

/// Reserved slots by type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    #[serde(default, skip_serializing_if = "is_default")]
    pub webcall: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub chat: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub outbound: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub inbound: u32,
}

/// The types that have bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeSpecs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webcall: Option<TypeSpec>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<TypeSpec>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<TypeSpec>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound: Option<TypeSpec>,
}

impl TypeSpecs {
    /// All types, with their bounds.
    pub fn all(&self) -> [(CallType, Option<TypeSpec>); 4] {
        [
            (CallType::Webcall, self.webcall),
            (CallType::Chat, self.chat),
            (CallType::Outbound, self.outbound),
            (CallType::Inbound, self.inbound),
        ]
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSpec {
    pub name: String,
    pub kind: GateKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Absent: as it is, so that a file does not resume what somebody has paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

/// A webhook. Its secret is in no file; the server makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSpec {
    /// Says which one it is, with the description where several have the same address.
    pub url: String,
    pub events: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<CallType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gates: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub claims: bool,
    /// Absent: as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Document {
    /// Reads a file; an error has the line and the column.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("it is empty; `callslot export` prints what the server has".to_owned());
        }
        serde_saphyr::from_str(text).map_err(|error| said(&error))
    }

    /// The file of these settings.
    pub fn to_yaml(&self) -> Result<String, String> {
        serde_saphyr::to_string(self).map_err(|error| error.to_string())
    }
}

/// An error with its place first.
fn said(error: &Error) -> String {
    let error = error.without_snippet();
    let what = if let Error::Unexpected { expected: "string scalar", .. } = error {
        "a text belongs here".into()
    } else if let Error::Unexpected { expected: "mapping start", .. } = error {
        "lines of the form `name: value` belong here".into()
    } else if let Error::InvalidScalar { ty: "u32" | "u64", .. } = error {
        "a whole number from 0 up belongs here".into()
    } else {
        // The library's words for those who did not write the program.
        UserMessageFormatter.format_message(error)
    };
    match error.location() {
        Some(at) => format!("line {}, column {}: {what}", at.line(), at.column()),
        None => what.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_misspelt_or_there_twice_is_refused_with_its_line() {
        for (text, line, words) in [
            ("agents:\n  a:\n    name: A\n    capp: 3\n", 4, "capp"),
            ("agents: {}\nagent: {}\n", 2, "agent"),
            ("types:\n  chats: {cap: 3}\n", 2, "chats"),
            ("agents:\n  a: {name: A, reserve: {chat: -1}}\n", 2, "a whole number"),
            ("agents:\n  a: {name: A}\n  a: {name: B}\n", 3, "a"),
            ("agents:\n  a: {name: [A]}\n", 2, "a text"),
            ("agents: 3\n", 1, "name: value"),
            ("gates:\n  g:\n    name: G\n    kind: bridge\n", 4, "bridge"),
            ("agents:\n  a: {cap: 3}\n", 2, "name"),
            ("webhooks:\n  - url: http://x\n    events: ['*']\n    secret: s\n", 4, "secret"),
        ] {
            let refused = Document::parse(text).expect_err(text);
            assert!(refused.starts_with(&format!("line {line}, ")), "{text}{refused}");
            assert!(refused.contains(words), "{text}{refused}");
        }
        assert!(Document::parse("\n").expect_err("nothing").contains("callslot export"));
        assert!(Document::parse("- 1\n").is_err());
    }

    #[test]
    fn texts_that_look_like_something_else_come_back_as_they_were() {
        let names =
            ["no", "12", "null", "a: b", "- x", "#1", "'", "\"", "é\u{202e}", " a ", "~", "1e3"];
        let agents = names.iter().map(|name| {
            let spec = AgentSpec {
                name: (*name).to_owned(),
                cap: None,
                pace: None,
                reserve: Reserve::default(),
            };
            ((*name).to_owned(), spec)
        });
        let document = Document { agents: Some(agents.collect()), ..Document::default() };
        let yaml = document.to_yaml().expect("it can be written");
        assert_eq!(Document::parse(&yaml).expect("it can be read"), document, "{yaml}");
    }
}
