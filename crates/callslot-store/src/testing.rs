//! Pieces for tests of code that uses a store. Not part of a release: tests enable it with the feature `testing`.

mod delegating_store;

pub use delegating_store::{DelegatingStore, Interfere};
