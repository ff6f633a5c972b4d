//! What a bridge leaves with a channel that it sends to the overflow, for the next bridge.

use crate::asterisk::settings::Number;

/// At which item of a number's overflow a caller is, as a variable of the channel: no call at Callslot says so to the next bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OverflowMark {
    pub(crate) number: String,
    pub(crate) index: usize,
}

impl OverflowMark {
    pub(crate) const VARIABLE: &str = "CALLSLOT_OVERFLOW";

    pub(crate) fn of(number: &Number, index: usize) -> Self {
        Self { number: number.number.get_ref().clone(), index }
    }

    pub(crate) fn text(&self) -> String {
        format!("{} {}", self.index, self.number)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let (index, number) = text.split_once(' ')?;
        Some(Self { number: number.to_owned(), index: index.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = OverflowMark { number: "+4930.1#".into(), index: 2 };
        assert_eq!(OverflowMark::read(&mark.text()), Some(mark));
        for wrong in ["", "1", "x +49", "-1 +49"] {
            assert_eq!(OverflowMark::read(wrong), None, "{wrong}");
        }
    }
}
