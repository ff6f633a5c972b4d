//! An independent reference model of the rules, to judge the core by.
//!
//! It shares the core's vocabulary (ids, commands, events, views) and none of its code: everything here is a list of
//! calls and a scan. Slow on purpose, so that it is easy to believe. Start reading at [`Model`].

mod model;

pub use model::Model;
