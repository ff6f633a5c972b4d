//! The HTTP contract: what goes over the wire, and a client that speaks it.
//!
//! The only crate that defines the API's JSON. It decides nothing and depends on no other crate of Callslot. Start reading at
//! [`Call`] and [`Pool`]; every refusal is a [`Problem`].

pub mod limits;

mod agent;
mod alert;
mod atoms;
mod audit;
mod browser_session;
mod call;
#[cfg(feature = "client")]
mod client;
mod engine_stream;
mod event;
mod gate;
mod history;
pub mod id;
mod key;
mod lease;
mod list_page;
mod metadata;
mod org;
mod pace;
mod pool;
mod preview;
mod problem;
mod recent;
mod strict;
mod time;
mod type_settings;
mod webhook;

pub use agent::{Agent, AgentPut};
pub use alert::{
    Alert, AlertChanged, AlertClosed, AlertFigure, AlertHasClosed, AlertHasOpened, AlertOpening,
    AlertPut, AlertRule, AlertWhen, PastAlert,
};
pub use atoms::{
    AtomsAgent, AtomsAgentFigures, AtomsAnalytics, AtomsAnswer, AtomsConcurrency, AtomsErrors,
    AtomsMinute, AtomsReservation, AtomsReservationsPut, AtomsUpdated,
};
pub use audit::{Actor, ActorKind, AuditAction, AuditEntry, AuditState};
pub use browser_session::{Session, SessionKey, SignIn, SignInCode};
pub use call::{
    BatchResult, BlockedBy, BlockedOn, Call, CallBatch, CallBatchResults, CallClaim, CallDecline,
    CallEnd, CallStart, CallState, CallType, CallsEnd, CallsEnded, EndReason, LiveCallState,
    SlotKind,
};
#[cfg(feature = "client")]
pub use client::{Client, ClientError, Roots, RootsError, StreamedEvent};
pub use engine_stream::{
    AdoptFrame, AnswerFrame, ClaimFrame, ClientFrame, DeclineFrame, EndFrame, FrameHead,
    ResumeFrame, Resumed, ServerFrame, StartFrame, ToldFrame,
};
pub use event::{
    AgentChanged, CallChanged, GateChanged, LimitChanged, ReservationsChanged, ServerSentEvent,
    TypeChanged,
};
pub use gate::{Day, Gate, GateKind, GatePut, GateSettings, Hours, OpenSpan};
pub use history::{
    History, HistoryBy, HistoryEnds, HistoryMarker, HistoryPoint, HistorySeries, HistoryWaits,
    SettingsChange,
};
pub use key::{Key, KeyCreate, KeyRotate, Role};
pub use lease::{
    Lease, LeaseAdopt, LeaseOpen, LeaseReconcile, LeaseReconciled, LeaseRenew, LeaseRenewed,
    LeaseStatus, UnknownCall, WhyUnknown,
};
pub use list_page::Page;
pub use metadata::{BadMetadata, Metadata};
pub use org::{MaxWaits, MaxWaitsPatch, Org, OrgCreate, OrgPatch, Plan, PlanPut};
pub use pace::Pace;
pub use pool::{
    ClassUse, Pool, PoolAgent, PoolTypes, Reservation, ReservationsPut, Shared, TypeCaps, TypePaces,
};
pub use preview::{MayWaitLonger, OverReservation, ReservationsPreview, StartsOfClass};
pub use problem::{Problem, ProblemCode};
pub use recent::{Recent, RecentAgent, RecentFigures, RecentPoint, RecentType};
pub use strict::Object;
pub use time::{Date, Time};
pub use type_settings::{TypePut, TypeSettings};
pub use webhook::{
    Delivery, DeliveryOutcome, Redeliver, Webhook, WebhookAnswer, WebhookCreate, WebhookDecline,
    WebhookEvent, WebhookFailure, WebhookPatch, WebhookRotate, WebhookState, WebhookTested,
};
