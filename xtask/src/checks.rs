//! The checks, one file each. `cargo xtask test` runs them all; each is also a chore of its own.

pub mod asterisk;
pub mod clean_root;
pub mod dashboard;
pub mod fuzz;
pub mod instructions;
pub mod kamailio;
pub mod lint;
pub mod mutants;
pub mod openapi;
pub mod planted;
pub mod receivers;
pub mod recipes;
pub mod schemathesis;
pub mod sdk;
pub mod sim;
pub mod telephony;
pub mod tidy;
pub mod words;
