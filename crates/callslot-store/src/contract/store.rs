//! One name for everything that a node needs of a store. It adds no promise.

use std::fmt::Debug;

use crate::contract::catalogue::Catalogue;
use crate::contract::history::History;
use crate::contract::log::Log;

/// A store that keeps all three contracts.
pub trait Store: Log + Catalogue + History + Debug {}

impl<T: Log + Catalogue + History + Debug> Store for T {}
