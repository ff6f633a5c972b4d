//! The process itself: how many files it may open.

pub mod open_files;
