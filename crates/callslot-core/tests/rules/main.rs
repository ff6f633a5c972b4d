//! The rules of `docs/semantics.md`, one sentence and one script a rule. The language is explained in `check.rs`.

mod alerts;
mod calls;
mod check;
mod gates;
mod leases;
mod paces;
mod pages;
mod pool;
mod previews;
mod reads;
mod settings;
mod steps;
mod sweeps;
