//! Colours and signs, with fallbacks for terminals that have fewer.

use std::env;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// What the terminal can show.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    has_colours: bool,
    has_unicode: bool,
}

/// Signs, and their replacements where only ASCII can be shown. The bar's are those of `callslot status`.
const IN_ASCII: [(&str, &str); 9] = [
    ("█", "#"),
    ("░", "-"),
    ("▒", "="),
    ("▸", ">"),
    ("▾", "v"),
    ("▴", "^"),
    ("…", "~"),
    ("─", "-"),
    ("│", "|"),
];
/// The replacement of any other sign.
const IN_ASCII_ELSE: (&str, &str) = ("·", ".");

impl Theme {
    /// The important part of a line.
    pub const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
    /// Details for those who look for them.
    pub const QUIET: Style = Style::new().add_modifier(Modifier::DIM);
    /// What may no longer be true.
    pub const STALE: Style = Style::new().add_modifier(Modifier::DIM);
    /// The heading of the list that keys act on.
    pub const HEADING: Style = Style::new().add_modifier(Modifier::BOLD.union(Modifier::REVERSED));
    /// The heading of any other list.
    pub const OTHER_HEADING: Style =
        Style::new().add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED));

    /// As the environment says: `NO_COLOR` (no-color.org), and the character set of the locale (POSIX).
    pub fn of_environment() -> Self {
        let given = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(given).and_then(env::var_os);
        let locale = locale.unwrap_or_default().to_string_lossy().to_lowercase();
        Self {
            has_colours: !given(&"NO_COLOR"),
            has_unicode: locale.contains("utf-8") || locale.contains("utf8"),
        }
    }

    /// Colours and all signs.
    #[cfg(test)]
    pub const fn full() -> Self {
        Self { has_colours: true, has_unicode: true }
    }

    /// No colours, and signs of ASCII only.
    #[cfg(test)]
    pub const fn plain() -> Self {
        Self { has_colours: false, has_unicode: false }
    }

    /// All is well.
    pub fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    /// Needs attention.
    pub fn warning(self) -> Style {
        self.coloured(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// Reserved slots in use.
    pub fn reserved(self) -> Style {
        self.coloured(Color::Green)
    }

    /// Shared slots in use.
    pub fn shared(self) -> Style {
        self.coloured(Color::Cyan)
    }

    /// More than the limit allows.
    pub fn over(self) -> Style {
        self.coloured(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Replaces what the terminal cannot show.
    pub fn finish(self, buffer: &mut Buffer) {
        if self.has_unicode {
            return;
        }
        let signs = || IN_ASCII.into_iter().chain([IN_ASCII_ELSE]);
        for cell in &mut buffer.content {
            let found = signs().find(|(sign, _)| cell.symbol() == *sign);
            if let Some((_, ascii)) = found {
                cell.set_symbol(ascii);
            }
        }
    }

    fn coloured(self, colour: Color) -> Style {
        if self.has_colours { Style::new().fg(colour) } else { Style::new() }
    }
}
