//! Shared by several fuzz targets: requests as bytes, and our own reader of answers.

pub mod http;
