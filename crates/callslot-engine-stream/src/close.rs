//! Why a connection ends: the code and the reason that the engine gets (RFC 6455 §7.4), and whether its lease lives on.

use callslot_core::LeaseId;

/// The connection does not take what it is sent.
const TRY_AGAIN: u16 = 1013;
/// The client is silent, or may no longer be here.
const POLICY: u16 = 1008;
/// The server stops.
const GOING_AWAY: u16 = 1001;
/// Another connection carries the lease now.
const RESUMED_ELSEWHERE: u16 = 4001;
/// The lease ran out or was ended, and its calls with it.
const LEASE_ENDED: u16 = 4002;

/// How a connection ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goodbye {
    /// The client has left: nothing can be said to it.
    Left,
    /// It gets a close frame.
    Close {
        /// The code of the close frame.
        code: u16,
        /// The reason in it. It names the lease if there is one to resume.
        reason: String,
        /// What the client failed to do, if that is why.
        fault: Option<Fault>,
    },
}

/// What a client that is cut off failed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It did not read what it was sent.
    NotReading,
    /// It sent no message and no pong.
    Silent,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    ClientLeft,
    /// No message and no pong came for too long.
    ClientSilent,
    ClientTooSlow,
    /// The client sent something that the protocol does not allow.
    Violation(u16, &'static str),
    KeyRevoked,
    LeaseEnded,
    ResumedElsewhere,
    ServerStops,
}

impl Cause {
    /// Whether the calls live on for the grace, which then counts from now.
    pub(crate) const fn keeps_lease(self) -> bool {
        match self {
            Self::LeaseEnded | Self::ResumedElsewhere => false,
            Self::ClientLeft
            | Self::ClientSilent
            | Self::ClientTooSlow
            | Self::Violation(..)
            | Self::KeyRevoked
            | Self::ServerStops => true,
        }
    }

    const fn fault(self) -> Option<Fault> {
        match self {
            Self::ClientTooSlow | Self::Violation(TRY_AGAIN, _) => Some(Fault::NotReading),
            Self::ClientSilent => Some(Fault::Silent),
            Self::ClientLeft
            | Self::Violation(..)
            | Self::KeyRevoked
            | Self::LeaseEnded
            | Self::ResumedElsewhere
            | Self::ServerStops => None,
        }
    }

    pub(crate) fn goodbye(self, lease: &LeaseId) -> Goodbye {
        let (code, reason) = match self {
            Self::ClientLeft => return Goodbye::Left,
            Self::ClientSilent => (POLICY, "no message for 25 s; reconnect".to_owned()),
            Self::ClientTooSlow => {
                (TRY_AGAIN, format!("read faster; reconnect and resume {lease}"))
            }
            Self::Violation(code, reason) => (code, reason.to_owned()),
            Self::KeyRevoked => (
                POLICY,
                "the key was revoked or has expired, or the browser has signed out".to_owned(),
            ),
            Self::LeaseEnded => {
                (LEASE_ENDED, format!("{lease} has ended, and its calls with it; reconnect"))
            }
            Self::ResumedElsewhere => {
                (RESUMED_ELSEWHERE, format!("{lease} was resumed by another connection"))
            }
            Self::ServerStops => {
                (GOING_AWAY, format!("the server stops; reconnect and resume {lease}"))
            }
        };
        Goodbye::Close { code, reason, fault: self.fault() }
    }
}
