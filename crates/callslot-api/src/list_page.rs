//! Lists, one page at a time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items. They may be fewer than asked for, even none, although `next` is set.
    pub items: Vec<T>,
    /// The cursor of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}
