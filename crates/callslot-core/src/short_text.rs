//! A text that is kept in place when it is short, as most call ids are, so that a call is one piece of memory.

use alloc::sync::Arc;
use core::cmp::Ordering;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

/// The longest text kept in place, in bytes: a UUID has 36. With the length and the kind it makes 40.
const LONGEST_IN_PLACE: usize = 38;

/// A text. The same text is always kept the same way.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ShortText {
    InPlace { len: u8, bytes: [u8; LONGEST_IN_PLACE] },
    Apart(Arc<str>),
}

impl ShortText {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::InPlace { len, bytes } => &bytes[..usize::from(*len)],
            Self::Apart(text) => text.as_bytes(),
        }
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        match u8::try_from(text.len()) {
            Ok(len) if text.len() <= LONGEST_IN_PLACE => {
                let mut bytes = [0; LONGEST_IN_PLACE];
                bytes[..text.len()].copy_from_slice(text.as_bytes());
                Self::InPlace { len, bytes }
            }
            Ok(_) | Err(_) => Self::Apart(Arc::from(text)),
        }
    }
}

impl Deref for ShortText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::InPlace { .. } => {
                core::str::from_utf8(self.as_bytes()).expect("it was made of a text")
            }
            Self::Apart(text) => text,
        }
    }
}

impl Ord for ShortText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for ShortText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for ShortText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use core::hash::BuildHasher;

    use hashbrown::DefaultHashBuilder;

    use super::*;

    #[test]
    fn a_text_of_any_length_is_the_same_text_and_in_the_same_order() {
        let hasher = DefaultHashBuilder::default();
        let texts: [String; 4] = [37, 38, 39, 255].map(|len| "x".repeat(len));
        for (place, text) in texts.iter().enumerate() {
            let short = ShortText::from(text.as_str());
            assert_eq!(&*short, text.as_str());
            assert_eq!(matches!(short, ShortText::InPlace { .. }), text.len() <= LONGEST_IN_PLACE);
            for (other_place, other) in texts.iter().enumerate() {
                let other = ShortText::from(other.as_str());
                assert_eq!(short.partial_cmp(&other), Some(place.cmp(&other_place)));
                assert_eq!(short == other, place == other_place);
                let [one, another] = [&short, &other].map(|text| hasher.hash_one(text));
                assert_eq!(one == another, place == other_place);
            }
        }
    }

    #[test]
    fn it_takes_as_much_room_as_it_says() {
        assert_eq!(size_of::<ShortText>(), 40);
    }
}
