//! What a store keeps of what was: ended calls, figures and changes of settings, all projected from the log.
//!
//! One transaction keeps a part of the log and the position it reaches, so that nothing is lost or doubled, whenever a crash
//! comes. Start reading at [`History`].

use callslot_core::{
    AgentId, Call, CallId, CallType, EndReason, Ended, OrgId, Sequence, SettingsEvent, Timestamp,
};

use crate::contract::record::Position;
use crate::contract::store_error::StoreError;
use crate::figures::{Figures, Grain, Levels};

/// What figures are about, within an organisation. Each has figures of its own: the peak of a sum does not follow from the
/// peaks of what is summed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// All of the organisation.
    Org,
    /// An agent.
    Agent(AgentId),
    /// A call type.
    Type(CallType),
}

/// A kind of series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeriesKind {
    /// All of the organisation, in one.
    Org,
    /// One for each agent.
    Agent,
    /// One for each call type.
    Type,
}

/// Which series of an organisation to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Every one of a kind.
    Each(SeriesKind),
    /// This one alone.
    One(Series),
}

impl Which {
    /// The series, where there is one whether anything was in it or not.
    #[must_use]
    pub const fn sole(&self) -> Option<&Series> {
        match self {
            Self::One(series) => Some(series),
            Self::Each(SeriesKind::Org) => Some(&Series::Org),
            Self::Each(SeriesKind::Agent | SeriesKind::Type) => None,
        }
    }
}

impl Series {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> SeriesKind {
        match self {
            Self::Org => SeriesKind::Org,
            Self::Agent(_) => SeriesKind::Agent,
            Self::Type(_) => SeriesKind::Type,
        }
    }

    /// What tells it from the others of its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Org => "",
            Self::Agent(agent) => agent.as_str(),
            Self::Type(call_type) => call_type.as_str(),
        }
    }
}

/// The figures of a minute or an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// When it began: a whole minute or hour.
    pub at: Timestamp,
    /// Its figures.
    pub figures: Figures,
}

/// The last minute and the last hour in which something happened in a series, which more may happen in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The minute.
    pub minute: Part,
    /// The hour.
    pub hour: Part,
}

/// A minute or an hour of a series that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The organisation.
    pub org: OrgId,
    /// The series.
    pub series: Series,
    /// Whether it is a minute or an hour.
    pub grain: Grain,
    /// Its figures.
    pub part: Part,
}

/// Starts of calls that were refused for want of room, which are no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The organisation.
    pub org: OrgId,
    /// The series.
    pub series: Series,
    /// When the minute began.
    pub at: Timestamp,
    /// How many.
    pub count: u64,
}

/// A change of settings: of reservations, of the limit, or of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// When.
    pub at: Timestamp,
    /// In which organisation.
    pub org: OrgId,
    /// The event's number among the organisation's public events.
    pub sequence: Sequence,
    /// The change.
    pub change: SettingsEvent,
}

/// What a part of the log comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection {
    /// Where the projection stood before it.
    pub after: Position,
    /// The last record that is in it.
    pub reached: Position,
    /// Calls that ended.
    pub ended: Vec<(OrgId, Sequence, Call<Ended>)>,
    /// Minutes and hours that are over. Each comes once.
    pub closed: Vec<Closed>,
    /// The open minute and hour of every series in which something happened, in the place of those before.
    pub open: Vec<(OrgId, Series, Open)>,
    /// Refusals, added to those of their minutes and hours.
    pub refused: Vec<Refused>,
    /// Changes of settings.
    pub markers: Vec<Marker>,
}

/// What is kept of one minute or hour of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// When it began.
    pub at: Timestamp,
    /// Its figures; none when nothing happened but refusals.
    pub figures: Option<Figures>,
    /// How many starts were refused.
    pub refused: u64,
}

/// What is kept of a series over a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesRows {
    /// The series.
    pub series: Series,
    /// How it stood when the span began.
    pub before: Levels,
    /// Minutes or hours of the span in which something happened, in order.
    pub rows: Vec<Row>,
}

impl SeriesRows {
    /// Puts the open part among the rows. Refusals of its time may have a row already.
    pub fn put_open(&mut self, open: Part) {
        match self.rows.binary_search_by_key(&open.at, |row| row.at) {
            Ok(place) => self.rows[place].figures = Some(open.figures),
            Err(place) => {
                let row = Row { at: open.at, figures: Some(open.figures), refused: 0 };
                self.rows.insert(place, row);
            }
        }
    }
}

/// Which ended calls to read, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndedFilter {
    /// Only this agent's.
    pub agent: Option<AgentId>,
    /// Only of this type.
    pub call_type: Option<CallType>,
    /// Only those that ended for this reason.
    pub reason: Option<EndReason>,
    /// Only those that ended at this time or later.
    pub from: Option<Timestamp>,
    /// Only those that ended before this time.
    pub to: Option<Timestamp>,
    /// Only those that waited in line so long, in milliseconds, whether they were served then or not.
    pub least_wait_ms: Option<u64>,
    /// Only before this sequence number (the cursor).
    pub before: Option<Sequence>,
}

impl EndedFilter {
    /// Whether it lets a call through, apart from the cursor.
    #[must_use]
    pub fn lets_through(&self, call: &Call<Ended>) -> bool {
        let Ended { ended_at, reason, .. } = call.state;
        self.agent.as_ref().is_none_or(|agent| call.request.agent == *agent)
            && self.call_type.is_none_or(|call_type| call.request.call_type == call_type)
            && self.reason.is_none_or(|wanted| reason == wanted)
            && self.from.is_none_or(|from| ended_at >= from)
            && self.to.is_none_or(|to| ended_at < to)
            && self.least_wait_ms.is_none_or(|least| waited_ms(call) >= least)
    }
}

/// Ended calls, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndedPage {
    /// The calls, with the sequence numbers of their ends.
    pub calls: Vec<(Sequence, Call<Ended>)>,
    /// The `before` with which to read on; none when there is no more. A page may be shorter than asked for, even empty, and
    /// go on: no read looks at more than a bounded number of calls.
    pub next: Option<Sequence>,
}

/// What is kept of the past, projected from the log in the background.
pub trait History: Send + Sync {
    /// The last record that is projected.
    fn projected(&self) -> Result<Position, StoreError>;

    /// Keeps what a part of the log comes to and the position it reaches, in one transaction. Changes nothing when the
    /// position is not [`Projection::after`] any more; says whether it was kept.
    fn project(&self, projection: &Projection) -> Result<bool, StoreError>;

    /// The newest ended call with this id.
    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError>;

    /// Ended calls, newest first: at most `limit`.
    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError>;

    /// Forgets calls that ended before `before`, a bounded number at a time; says how many went.
    fn prune(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// The open minute and hour of each of these series, in their order; none where nothing ever happened.
    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError>;

    /// How many series of a kind an organisation has.
    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError>;

    /// What is kept of the series asked for, sorted by name: the minutes or hours that began at `from` or later and before
    /// `to`, all as of one moment.
    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError>;

    /// From when on all minutes or hours are kept: a whole hour.
    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError>;

    /// Forgets minutes or hours of hours that began before `before`, a bounded number at a time; says how many went. With
    /// the hours go changes of settings of that time, and series in which nothing happened since. How many calls are live in a
    /// series is never forgotten.
    fn prune_figures(&self, grain: Grain, before: Timestamp) -> Result<u64, StoreError>;

    /// The newest changes of settings at `from` or later and before `to`, in order: at most `limit`.
    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError>;
}

/// How long an ended call waited for its slot, or for nothing, in milliseconds.
fn waited_ms(call: &Call<Ended>) -> u64 {
    let until = call.state.served.map_or(call.state.ended_at, |(_, started_at)| started_at);
    until.ms_since(call.request.requested_at)
}
