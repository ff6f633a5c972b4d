//! Characters that nobody sees in a name, and that make another name of it or turn its order around. It decides nothing else.
//!
//! Emoji, combining marks and letters of all scripts are seen. Some of them need an invisible character behind them: joiners, variation
//! selectors and the tags of flags are taken where they can have such a meaning (Unicode UAX #31, UTS #39, UTS #51).

/// The first character of a name that is not seen, or that turns the order of others around.
pub(super) fn first_invisible(name: &str) -> Option<char> {
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        let is_seen = match character {
            // They join what is before with what is behind, in scripts and emoji.
            '\u{200c}' | '\u{200d}' => {
                let joins = |other: char| !other.is_ascii() && !is_joiner(other);
                before.is_some_and(joins) && rest.peek().is_some_and(|&next| joins(next))
            }
            // They choose the form of what is before: a sign that is also an emoji, an ideograph.
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => before.is_some_and(|before| {
                (!before.is_ascii() && !is_selector(before))
                    || before.is_ascii_digit()
                    || matches!(before, '#' | '*')
            }),
            // The flag of a part of a country: a black flag, letters, an end.
            '\u{e0020}'..='\u{e007f}' => {
                matches!(before, Some('\u{1f3f4}' | '\u{e0020}'..='\u{e007e}'))
            }
            other => !is_never_seen(other),
        };
        if !is_seen {
            return Some(character);
        }
        before = Some(character);
    }
    None
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Marks of direction, spaces without width, fillers, and what only programs read.
fn is_never_seen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_taken_in_every_script() {
        for name in [
            "Support",
            "Müller & Söhne",
            "Mu\u{308}ller",
            "支持",
            "دعم العملاء",
            "תמיכה",
            "ग्राहक सेवा",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "葛\u{e0100}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} London",
            "🏳\u{fe0f}\u{200d}🌈",
        ] {
            assert_eq!(first_invisible(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_not_seen_or_turns_the_order_around_is_found() {
        for (name, found) in [
            ("Sup\u{200b}port", '\u{200b}'),
            ("Sup\u{200d}port", '\u{200d}'),
            ("\u{200d}दे", '\u{200d}'),
            ("दे\u{200c}", '\u{200c}'),
            ("👩\u{200d}\u{200d}👧", '\u{200d}'),
            ("a\u{fe0f}", '\u{fe0f}'),
            ("❤\u{fe0f}\u{fe0f}", '\u{fe0f}'),
            ("a\u{202e}gpj.exe", '\u{202e}'),
            ("a\u{2066}b", '\u{2066}'),
            ("a\u{200f}b", '\u{200f}'),
            ("a\u{ad}b", '\u{ad}'),
            ("a\u{2028}b", '\u{2028}'),
            ("\u{3164}", '\u{3164}'),
            ("\u{feff}a", '\u{feff}'),
            ("a\u{e0067}", '\u{e0067}'),
            ("a\u{e0001}", '\u{e0001}'),
        ] {
            assert_eq!(first_invisible(name), Some(found), "{}", name.escape_unicode());
        }
    }
}
