//! What a node needs of a store, in one name. It promises nothing of its own.

use std::fmt::Debug;

use crate::contract::catalogue::Catalogue;
use crate::contract::history::History;
use crate::contract::log::Log;

/// A store that keeps all three contracts.
pub trait Store: Log + Catalogue + History + Debug {}

impl<T: Log + Catalogue + History + Debug> Store for T {}
