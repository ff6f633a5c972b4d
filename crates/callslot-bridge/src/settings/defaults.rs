//! Defaults that the settings of all doors share.

use std::net::SocketAddr;

use callslot_api::CallType;
use toml::Spanned;

pub(crate) fn metrics_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7081))
}

pub(crate) fn name() -> Spanned<String> {
    unwritten("phone".to_owned())
}

pub(crate) fn grace_s() -> Spanned<u64> {
    unwritten(120)
}

pub(crate) fn ask_after_s() -> Spanned<u64> {
    unwritten(60)
}

pub(crate) fn inbound() -> CallType {
    CallType::Inbound
}

pub(crate) fn no_gates() -> Spanned<Vec<String>> {
    unwritten(Vec::new())
}

pub(crate) fn max_wait_s() -> Spanned<u64> {
    unwritten(300)
}

pub(crate) fn to_field() -> String {
    "number".to_owned()
}

/// A value that no line of the file has.
pub(crate) fn unwritten<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}
