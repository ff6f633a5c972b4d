//! Lines and texts on the screen: put in their place, and made to fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Puts a line at the top of an area, cut off at its right.
pub fn put(buffer: &mut Buffer, area: Rect, line: &Line) {
    if area.height > 0 {
        buffer.set_line(area.x, area.y, line, area.width);
    }
}

/// A number in at most five characters, up to 99,999,999.
pub fn in_five(number: impl Into<u64>) -> String {
    let number = number.into();
    if number < 100_000 { number.to_string() } else { format!("{}k", number / 1_000) }
}

/// A text of at most this width; a sign shows where its end was cut off.
pub fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    if width == 0 { kept } else { format!("{kept}…") }
}
