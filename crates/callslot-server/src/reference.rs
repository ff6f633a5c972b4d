//! The description of the API: the OpenAPI document, and the reference page made from it.
//!
//! It knows no handler: paths and types come from the router. Start reading at `openapi.rs`.

mod curl;
mod example;
pub(crate) mod openapi;
pub(crate) mod page;
mod unions;
