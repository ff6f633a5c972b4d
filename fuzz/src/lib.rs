//! What several fuzz targets need: requests as bytes, and answers read from bytes by a reader of our own.

pub mod http;
