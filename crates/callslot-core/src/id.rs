//! Names and numbers that identify things. Text ids are cheap to clone and valid by construction.

use alloc::sync::Arc;
use core::fmt;

use crate::short_text::ShortText;

/// A text that cannot be an id of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be 1 to {max} characters of {alphabet}")]
pub struct InvalidId {
    /// The kind of id, for example `an agent id`.
    pub kind: &'static str,
    /// The longest id of this kind, in bytes.
    pub max: usize,
    /// The characters allowed, in words.
    pub alphabet: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident($text:ty), $kind:literal, $max:literal, $alphabet:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($text);

        impl $name {
            /// Checks `text` and makes it an id.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, too long, or has a character that is not allowed.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let allowed: fn(u8) -> bool = $allowed;
                if text.is_empty() || text.len() > $max || !text.bytes().all(allowed) {
                    return Err(InvalidId { kind: $kind, max: $max, alphabet: $alphabet });
                }
                Ok(Self(<$text>::from(text)))
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
    OrgId(Arc<str>), "an organisation id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug
);
text_id!(
    /// A plan: where a limit comes from.
    PlanId(Arc<str>), "a plan id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug
);
text_id!(
    /// An agent: a bot that handles calls.
    AgentId(Arc<str>), "an agent id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug
);
text_id!(
    /// A lease: the sign of life of a client process.
    LeaseId(Arc<str>), "a lease id", 64, "letters, digits, '-', '_', '.' and ':'", is_slug
);
text_id!(
    /// A call, named by the client (a SIP Call-ID, a carrier's call id) or by the server.
    CallId(ShortText), "a call id", 255, "printable ASCII without spaces", |byte| byte.is_ascii_graphic()
);

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
