//! Where packages are built.

/// Everything goes there, each kind under its own name.
pub const FOLDER: &str = "target/package";
