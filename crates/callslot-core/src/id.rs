//! Names and numbers that identify things. Text ids are cheap to clone and valid by construction.

use alloc::sync::Arc;
use core::fmt;

use crate::short_text::ShortText;

/// A text that cannot be an id of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be 1 to {max} characters of {alphabet}, and not {taken}")]
pub struct InvalidId {
    /// The kind of id, for example `an agent id`.
    pub kind: &'static str,
    /// The longest id of this kind, in bytes.
    pub max: usize,
    /// The characters allowed, in words.
    pub alphabet: &'static str,
    /// The texts that are no ids because addresses have another meaning for them, in words.
    pub taken: &'static str,
}

/// In an address, `.` and `..` are folders: clients take them out before they send it.
const FOLDERS: (&[&str], &str) = (&[".", ".."], "`.` or `..`");
/// The addresses of alerts have a word of their own where an id would be.
const FOLDERS_AND_HISTORY: (&[&str], &str) = (&[".", "..", "history"], "`.`, `..` or `history`");
/// The addresses of calls have words of their own where an id would be.
const FOLDERS_AND_WORDS: (&[&str], &str) =
    (&[".", "..", "batch", "end"], "`.`, `..`, `batch` or `end`");

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident($text:ty), $kind:literal, $max:literal, $alphabet:literal, $allowed:expr, $taken:ident) => {
        text_id!($(#[$doc])* $name($text), $kind, $max, $alphabet, $allowed, $taken; formerly $max, $allowed);
    };
    ($(#[$doc:meta])* $name:ident($text:ty), $kind:literal, $max:literal, $alphabet:literal, $allowed:expr, $taken:ident;
        formerly $kept_max:literal, $kept_allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($text);

        impl $name {
            /// Checks `text` and makes it an id.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, too long, has a character that is not allowed, or means something else in
            /// an address.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let allowed: fn(u8) -> bool = $allowed;
                if text.len() > $max || !text.bytes().all(allowed) {
                    return Err(Self::invalid());
                }
                Self::named(text)
            }

            /// Reads an id with which a client names something that there may be: also one that is longer or has other characters
            /// than [`parse`](Self::parse) takes now.
            ///
            /// # Errors
            /// [`InvalidId`] when no version can have made it, or it means something else in an address.
            pub fn named(text: &str) -> Result<Self, InvalidId> {
                let (taken, _) = $taken;
                if taken.contains(&text) {
                    return Err(Self::invalid());
                }
                Self::kept(text)
            }

            /// Reads an id that is kept already. Earlier versions made some that [`parse`](Self::parse) refuses.
            ///
            /// # Errors
            /// [`InvalidId`] when no version can have made it.
            pub fn kept(text: &str) -> Result<Self, InvalidId> {
                let allowed: fn(u8) -> bool = $kept_allowed;
                if text.is_empty() || text.len() > $kept_max || !text.bytes().all(allowed) {
                    return Err(Self::invalid());
                }
                Ok(Self(<$text>::from(text)))
            }

            const fn invalid() -> InvalidId {
                let (_, taken) = $taken;
                InvalidId { kind: $kind, max: $max, alphabet: $alphabet, taken }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_slug(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
}

text_id!(
    /// An organisation: the tenant that owns a pool.
    OrgId(Arc<str>), "an organisation id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// A plan: where a limit comes from.
    PlanId(Arc<str>), "a plan id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// An agent: a bot that handles calls.
    AgentId(Arc<str>), "an agent id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// A gate: a named limit that calls pass on their way to a slot.
    GateId(Arc<str>), "a gate id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// An alert: a rule that says of which figure somebody wants to know.
    AlertId(Arc<str>), "an alert id", 80, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS_AND_HISTORY
);
text_id!(
    /// A lease: the sign of life of a client process.
    LeaseId(Arc<str>), "a lease id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// A key of the API: who opened a lease.
    KeyId(Arc<str>), "a key id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug, FOLDERS
);
text_id!(
    /// Who has claimed a call: a lease, a key, or who the client says.
    Claimant(Arc<str>), "a claimant", 255, "printable ASCII without spaces", |byte| byte.is_ascii_graphic(), FOLDERS
);
text_id!(
    /// A call, named by the client (a SIP Call-ID, a carrier's call id) or by the server.
    CallId(ShortText), "a call id", 128, "printable ASCII without spaces and '/'", |byte| byte.is_ascii_graphic() && byte != b'/', FOLDERS_AND_WORDS;
    formerly 255, |byte| byte.is_ascii_graphic()
);

/// How the ids of alerts begin that are about a webhook.
const OF_WEBHOOK: &str = "webhook:";

impl AlertId {
    /// The alert that is open while a webhook is disabled. None if the webhook's id cannot be part of one.
    #[must_use]
    pub fn of_webhook(webhook: &str) -> Option<Self> {
        Self::parse(&alloc::format!("{OF_WEBHOOK}{webhook}")).ok()
    }

    /// The webhook that it is about, if it is about one.
    #[must_use]
    pub fn webhook(&self) -> Option<&str> {
        self.as_str().strip_prefix(OF_WEBHOOK)
    }

    /// Whether the server opens and closes it by itself, so that there is no rule for it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.webhook().is_some()
    }
}

impl From<&LeaseId> for Claimant {
    fn from(LeaseId(lease): &LeaseId) -> Self {
        Self(Arc::clone(lease))
    }
}

impl CallId {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// The number after this one.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A call's place in the arrival order of its organisation. The first is 1.
    Ticket
);
number_id!(
    /// The number of a public event of an organisation: 1, 2, 3, … without gaps. 0 is "before the first".
    Sequence
);
number_id!(
    /// How often an organisation's reservations have changed.
    Version
);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn what_means_something_else_in_an_address_cannot_be_made_an_id_and_is_read_where_it_was_kept()
    {
        for word in [".", "..", "batch", "end"] {
            let refused = CallId::parse(word).expect_err(word).to_string();
            assert!(refused.ends_with("and not `.`, `..`, `batch` or `end`"), "{refused}");
            assert_eq!(CallId::kept(word).expect("it was kept").as_str(), word);
        }
        for folder in [".", ".."] {
            assert!(AgentId::parse(folder).is_err() && AgentId::kept(folder).is_ok());
            assert!(OrgId::parse(folder).is_err() && OrgId::kept(folder).is_ok());
            assert!(PlanId::parse(folder).is_err() && PlanId::kept(folder).is_ok());
            assert!(LeaseId::parse(folder).is_err() && LeaseId::kept(folder).is_ok());
        }
        for id in ["...", "ending", "batch.", "Batch"] {
            assert!(CallId::parse(id).is_ok(), "{id}");
        }
        assert!(AgentId::parse("batch").is_ok());
        assert!(CallId::kept("a b").is_err() && AgentId::kept("").is_err());
    }

    #[test]
    fn a_call_id_that_an_earlier_version_made_can_be_named_and_read_and_not_be_made_again() {
        for former in ["x".repeat(129), "x".repeat(255), "a/b".to_string()] {
            assert!(CallId::parse(&former).is_err(), "{former}");
            assert_eq!(CallId::named(&former).expect("it may be there").as_str(), former);
            assert_eq!(CallId::kept(&former).expect("it was kept").as_str(), former);
        }
        assert!(CallId::parse(&"x".repeat(128)).is_ok());
        for never in
            ["x".repeat(256), "a b".to_string(), "end".to_string(), alloc::string::String::new()]
        {
            assert!(CallId::named(&never).is_err(), "{never}");
        }
    }

    #[test]
    fn an_id_has_letters_digits_and_a_few_signs() {
        assert!(AgentId::parse("Support-2_a.b:c").is_ok());
        for text in ["a b", "a/b", "ä"] {
            assert!(AgentId::parse(text).is_err(), "{text}");
        }
    }
}
