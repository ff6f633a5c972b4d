//! The JSON of paces.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often calls may start: over every span of `w` seconds at most `burst + starts × w ÷ per_s` of them, where a start up to 50 ms
/// late counts as if it had come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "starts": 5, "per_s": 1 }))]
pub struct Pace {
    /// How many calls may start …
    #[schema(minimum = 1, maximum = 10_000)]
    pub starts: u32,
    /// … in that many seconds.
    #[schema(minimum = 1, maximum = 86_400)]
    pub per_s: u32,
    /// How many may start at once after a pause. If absent: 1.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 10_000, default = 1)]
    pub burst: u32,
}

const fn one() -> u32 {
    1
}
