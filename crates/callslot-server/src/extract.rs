//! What handlers take out of requests: bodies, queries, paths, pages and forms, each read strictly.
//!
//! It decides nothing about calls; what cannot be read is refused with the name of the field that is wrong. Start reading
//! at `body.rs`.

pub(crate) mod body;
pub(crate) mod csv;
pub(crate) mod etag;
pub(crate) mod field;
pub(crate) mod headers;
mod limits;
pub(crate) mod pagination;
pub(crate) mod path;
pub(crate) mod query;
