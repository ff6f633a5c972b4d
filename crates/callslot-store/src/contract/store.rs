//! One name for everything that a node needs of a store. It adds no promise.

use std::fmt::Debug;

use crate::contract::audit::Audit;
use crate::contract::history::History;
use crate::contract::log::Log;
use crate::contract::webhooks::Webhooks;

/// A store that keeps all four contracts.
pub trait Store: Log + Audit + History + Webhooks + Debug {}

impl<T: Log + Audit + History + Webhooks + Debug> Store for T {}
