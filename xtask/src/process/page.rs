//! The blocks that a page of the documentation prints, for chores that run them.

use std::fs;

use crate::process::step::root;

/// The block of a page that follows the first mention of a file's name.
pub fn block_for(page: &str, name: &str) -> Result<String, String> {
    let text = read(page)?;
    let after = text.split_once(&format!("{name}`")).map(|(_, after)| after);
    let block = after.and_then(|after| after.split("```").nth(1));
    let block = block.and_then(|block| block.split_once('\n')).map(|(_, text)| text.to_owned());
    block.ok_or_else(|| format!("{page} has no block for {name}"))
}

/// The block of a page that begins with a text.
pub fn block_with(page: &str, begin: &str) -> Result<String, String> {
    let text = read(page)?;
    let blocks = text.split("```").skip(1).step_by(2);
    let mut texts = blocks.filter_map(|block| block.split_once('\n')).map(|(_, text)| text);
    let found = texts.find(|text| text.starts_with(begin)).map(str::to_owned);
    found.ok_or_else(|| format!("{page} has no block that begins with {begin}"))
}

fn read(page: &str) -> Result<String, String> {
    fs::read_to_string(root().join(page)).map_err(|error| format!("{page}: {error}"))
}
