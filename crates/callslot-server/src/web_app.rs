//! The dashboard's web app: its files, and the pages at which it is shown.
//!
//! The pages have no private way in: all that they show and do is the API's. Start reading at `files.rs`.

pub(crate) mod files;
