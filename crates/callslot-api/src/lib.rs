//! The HTTP contract: what goes over the wire, and a client that speaks it.
//!
//! The only crate that defines the API's JSON. It decides nothing and depends on no other crate of Callslot. Start reading at
//! [`Call`] and [`Pool`]; every refusal is a [`Problem`].

pub mod limits;

mod agent;
mod atoms;
mod call;
#[cfg(feature = "client")]
mod client;
mod connect;
mod event;
mod history;
pub mod id;
mod key;
mod lease;
mod metadata;
mod org;
mod page;
mod pool;
mod problem;
mod session;
mod strict;
mod time;

pub use agent::{Agent, AgentPut};
pub use atoms::{
    AtomsAgent, AtomsAgentFigures, AtomsAnalytics, AtomsAnswer, AtomsConcurrency, AtomsErrors,
    AtomsMinute, AtomsReservation, AtomsReservationsPut, AtomsUpdated,
};
pub use call::{
    BatchResult, BlockedOn, Call, CallBatch, CallBatchResults, CallEnd, CallStart, CallState,
    CallType, EndReason, SlotKind,
};
#[cfg(feature = "client")]
pub use client::{Client, ClientError, StreamedEvent};
pub use connect::{
    AnswerFrame, ClaimFrame, ClientFrame, EndFrame, FrameHead, ResumeFrame, Resumed, ServerFrame,
    StartFrame, ToldFrame,
};
pub use event::{AgentChanged, CallChanged, LimitChanged, ReservationsChanged, ServerSentEvent};
pub use history::{
    History, HistoryBy, HistoryMarker, HistoryPoint, HistorySeries, HistoryWaits, SettingsChange,
};
pub use key::{Key, KeyCreate, Role};
pub use lease::{Lease, LeaseOpen, LeaseReconcile, LeaseReconciled, LeaseRenew, LeaseRenewed};
pub use metadata::{depth as metadata_depth, read_metadata};
pub use org::{MaxWaits, MaxWaitsPatch, Org, OrgCreate, OrgPatch, Plan, PlanPut};
pub use page::Page;
pub use pool::{ClassUse, Pool, PoolAgent, PoolTypes, Reservation, ReservationsPut, Shared};
pub use problem::{Problem, ProblemCode};
pub use session::{Session, SessionKey, SignIn, SignInCode};
pub use strict::Object;
pub use time::{Date, Time};
