//! Why a connection is cut off. It is counted under that name, and nothing else happens here.

use callslot_engine_stream::Fault;

/// Why a connection is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The head of a request did not arrive in time.
    SlowHead,
    /// No request for a long time, or no sign of life on a stream.
    Idle,
    /// The client does not read what it is sent.
    Stuck,
}

impl Cut {
    /// All reasons.
    pub(crate) const ALL: [Self; 3] = [Self::SlowHead, Self::Idle, Self::Stuck];

    /// The reason as the metrics name it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SlowHead => "slow_head",
            Self::Idle => "idle",
            Self::Stuck => "not_reading",
        }
    }
}

impl From<Fault> for Cut {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotReading => Self::Stuck,
            Fault::Silent => Self::Idle,
        }
    }
}
