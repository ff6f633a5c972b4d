//! The files of the dashboard's web app.
//!
//! It knows no address; `routes/web_app.rs` serves the pages. Start reading at `files.rs`.

pub(crate) mod files;
