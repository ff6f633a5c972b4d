//! Pieces for the tests of stores and of what uses them. Not part of a release: tests ask for it with the feature `testing`.

mod delegating_store;

pub use delegating_store::{DelegatingStore, Interfere};
