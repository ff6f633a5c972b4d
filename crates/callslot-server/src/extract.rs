//! What handlers extract from requests: bodies, queries, paths, headers and pages, all parsed strictly.
//!
//! It decides nothing about calls. Input that cannot be parsed is refused with the name of the wrong field,
//! its value and what is allowed. Start reading at
//! `body.rs`.

mod allowed;
pub(crate) mod body;
pub(crate) mod body_budget;
pub(crate) mod etag;
pub(crate) mod field;
pub(crate) mod headers;
mod invisible;
mod limits;
mod misread;
pub(crate) mod pagination;
pub(crate) mod path;
pub(crate) mod query;
