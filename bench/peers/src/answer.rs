//! What a system says of a call.

/// Why a request failed, in words.
pub type Refused = String;

/// The state of a call after a request, or why there is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It holds a slot.
    Active,
    /// It waits for one.
    Queued,
    /// It is over.
    Ended,
    /// There is no such class, or no such call.
    Unknown,
    /// The id belongs to a call of another class.
    Conflict,
}

impl Answer {
    /// The one that the scripts and the scenario call by this name.
    pub fn named(name: &str) -> Result<Self, Refused> {
        match name {
            "active" => Ok(Self::Active),
            "queued" => Ok(Self::Queued),
            "ended" => Ok(Self::Ended),
            "unknown" => Ok(Self::Unknown),
            "conflict" => Ok(Self::Conflict),
            other => Err(format!("`{other}` is not an answer")),
        }
    }
}
