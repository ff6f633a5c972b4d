//! The contract of the history: ended calls, figures and changes of settings, all projected from the log.
//!
//! The projection of a part of the log and the position it reaches are kept in one transaction, so a crash neither loses nor
//! doubles anything. Start reading at [`History`].

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use callslot_core::{
    Actor, AgentId, Call, CallId, CallType, EndReason, Ended, GateId, OrgId, Sequence,
    SettingsEvent, Timestamp,
};

use crate::contract::audit::{Audited, Origin};
use crate::contract::record::Position;
use crate::contract::seen_time::{OldTimes, SeenTime};
use crate::contract::store_error::StoreError;
use crate::figures::{Figures, Grain, Levels};

/// What figures are about, within an organisation. Each series is counted separately, since the peak of a sum cannot be
/// computed from the peaks of its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// All of the organisation.
    Org,
    /// An agent.
    Agent(AgentId),
    /// A call type.
    Type(CallType),
    /// A gate: the calls that name it. A call counts for each gate that it names.
    Gate(GateId),
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
    /// One for each gate that calls have named.
    Gate,
}

impl SeriesKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Org, Self::Agent, Self::Type, Self::Gate];
}

/// Which series of an organisation to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Every one of a kind.
    Each(SeriesKind),
    /// Only this one.
    One(Series),
}

impl Which {
    /// The series that always exists, even if nothing has happened in it.
    #[must_use]
    pub const fn sole(&self) -> Option<&Series> {
        match self {
            Self::One(series) => Some(series),
            Self::Each(SeriesKind::Org) => Some(&Series::Org),
            Self::Each(SeriesKind::Agent | SeriesKind::Type | SeriesKind::Gate) => None,
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
            Self::Gate(_) => SeriesKind::Gate,
        }
    }

    /// The name that distinguishes it from others of its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Org => "",
            Self::Agent(agent) => agent.as_str(),
            Self::Type(call_type) => call_type.as_str(),
            Self::Gate(gate) => gate.as_str(),
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

/// The last minute and the last hour in which something happened in a series. More may happen in both.
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
    /// When the next part of the series begins in which something happened: later or, where the clock was set back, earlier.
    pub until: Timestamp,
}

/// Starts of calls that were refused because the queue or the lease was full. They are not events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The organisation.
    pub org: OrgId,
    /// The series.
    pub series: Series,
    /// When the minute began.
    pub at: Timestamp,
    /// How many starts.
    pub count: u64,
}

/// A change of settings: of reservations, of the limit, of an agent, of a type or of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// When.
    pub at: Timestamp,
    /// In which organisation.
    pub org: OrgId,
    /// The event's number among the organisation's public events.
    pub sequence: Sequence,
    /// Who made it; none in logs from before that was kept.
    pub by: Option<Arc<Actor>>,
    /// The change.
    pub change: SettingsEvent,
}

/// The history of a part of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection {
    /// The last record before it, up to which the history must reach already.
    pub after: Position,
    /// The last record that is in it.
    pub reached: Position,
    /// Ids of which all calls that are kept lose their metadata and notes, before those of [`ended`](Self::ended) are kept. These have lost
    /// theirs already where they are to.
    pub erased: Vec<(OrgId, CallId)>,
    /// Calls that ended.
    pub ended: Vec<(OrgId, Sequence, Call<Ended>)>,
    /// Minutes and hours that are over. Each is projected once for each time that the clock showed it: what is kept of it already is
    /// [shown again](Figures::show_again). What is kept of times between it and the next one [stands at](Figures::stand_at) its levels.
    pub closed: Vec<Closed>,
    /// The open minute and hour of every series in which something happened. They replace the ones before.
    pub open: Vec<(OrgId, Series, Open)>,
    /// Refusals, to be added to those of their minutes and hours.
    pub refused: Vec<Refused>,
    /// Changes of settings.
    pub markers: Vec<Marker>,
    /// Entries of the audit. They are kept before the rest, with [`keep_audited`](crate::Audit::keep_audited).
    pub audited: Vec<(Origin, Audited)>,
}

/// One kept minute or hour of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// When it began.
    pub at: Timestamp,
    /// Its figures; none if nothing but refusals happened.
    pub figures: Option<Figures>,
    /// How many starts were refused.
    pub refused: u64,
}

/// The kept minutes or hours of a series over a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesRows {
    /// The series.
    pub series: Series,
    /// The levels when the span began.
    pub before: Levels,
    /// Minutes or hours of the span in which something happened, in order.
    pub rows: Vec<Row>,
}

impl SeriesRows {
    /// Puts the open part among the rows of a span. Refusals of its time may have a row already, and so may its figures from an
    /// earlier time when the clock showed it. Later rows are of times that were shown too early, and stand as the open part does.
    pub fn put_open(&mut self, open: Part, span: &Range<Timestamp>, grain: Grain) {
        for row in self.rows.iter_mut().filter(|row| row.at > open.at) {
            if let Some(figures) = &mut row.figures {
                figures.stand_at(open.figures.after, grain.ms());
            }
        }
        if !span.contains(&open.at) {
            return;
        }
        match self.rows.binary_search_by_key(&open.at, |row| row.at) {
            Ok(place) => show_again(&mut self.rows[place].figures, open.figures),
            Err(place) => {
                let row = Row { at: open.at, figures: Some(open.figures), refused: 0 };
                self.rows.insert(place, row);
            }
        }
    }
}

/// Adds the figures of a part to what was kept of it when the clock showed it before, if it did.
pub(crate) fn show_again(kept: &mut Option<Figures>, again: Figures) {
    match kept {
        Some(figures) => figures.show_again(&again),
        None => *kept = Some(again),
    }
}

/// Which ended calls to read, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndedFilter {
    /// Only this agent's.
    pub agent: Option<AgentId>,
    /// Only of this type.
    pub call_type: Option<CallType>,
    /// Only those that named this gate.
    pub gate: Option<GateId>,
    /// Only those that ended for this reason.
    pub reason: Option<EndReason>,
    /// Only those that ended at this time or later.
    pub from: Option<Timestamp>,
    /// Only those that ended before this time.
    pub to: Option<Timestamp>,
    /// Only those that waited at least this long, in milliseconds, whether they were served or not.
    pub least_wait_ms: Option<u64>,
    /// Only those whose ids begin with this.
    pub id_prefix: Option<String>,
    /// Only before this sequence number (the cursor).
    pub before: Option<Sequence>,
}

impl EndedFilter {
    /// Whether a call matches, apart from the cursor.
    #[must_use]
    pub fn lets_through(&self, call: &Call<Ended>) -> bool {
        let Ended { ended_at, reason, .. } = call.state;
        self.agent.as_ref().is_none_or(|agent| call.request.agent == *agent)
            && self.call_type.is_none_or(|call_type| call.request.call_type == call_type)
            && self.gate.as_ref().is_none_or(|gate| call.request.gates.ids().contains(gate))
            && self.reason.is_none_or(|wanted| reason == wanted)
            && self.from.is_none_or(|from| ended_at >= from)
            && self.to.is_none_or(|to| ended_at < to)
            && self.least_wait_ms.is_none_or(|least| waited_ms(call) >= least)
            && self
                .id_prefix
                .as_ref()
                .is_none_or(|begin| call.request.id.as_str().starts_with(begin))
    }
}

/// Ended calls, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndedPage {
    /// The calls, with the sequence numbers of their ends.
    pub calls: Vec<(Sequence, Call<Ended>)>,
    /// The `before` of the next page; none if this is the last one. A page before the last may be shorter than asked for, or
    /// even empty, since a read examines a bounded number of calls.
    pub next: Option<Sequence>,
}

/// The history, projected from the log in the background.
pub trait History: Send + Sync {
    /// The last record of this shard that is projected.
    fn projected(&self) -> Result<Position, StoreError>;

    /// The series of this shard's organisations whose open minute begins after `at`.
    fn series_after(&self, at: Timestamp) -> Result<Vec<(OrgId, Series)>, StoreError>;

    /// Stores a projection and the position it reaches, in one transaction. Changes nothing if the history does not reach
    /// exactly [`Projection::after`]; returns whether the projection was stored.
    fn project(&self, projection: &Projection) -> Result<bool, StoreError>;

    /// Removes everything that is kept of an organisation, a bounded number of rows at a time, and returns how many it removed.
    fn erase(&self, org: &OrgId) -> Result<u64, StoreError>;

    /// The newest ended call with this id.
    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError>;

    /// Ended calls, newest first: at most `limit`.
    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError>;

    /// Removes the calls of each organisation that ended at old times, up to the first that did not; a bounded number at a time.
    /// Returns how many it removed.
    fn prune(&self, old: &OldTimes) -> Result<u64, StoreError>;

    /// The open minute and hour of each of these series, in the same order; none for a series in which nothing ever happened.
    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError>;

    /// How many series of a kind an organisation has.
    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError>;

    /// The minutes or hours of each series that began at `from` or later and before `to`. Series are sorted by name, and all of
    /// them are read as of one moment.
    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError>;

    /// The time from which all minutes or hours are kept: a whole hour.
    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError>;

    /// Removes minutes or hours of the hours that are old as a whole, a bounded number at a time, and returns how many it removed.
    /// Changes of settings of that time, and series in which nothing has happened since, are removed with the hours; a series
    /// with live calls never is.
    fn prune_figures(&self, grain: Grain, old: &OldTimes) -> Result<u64, StoreError>;

    /// The newest changes of settings at `from` or later and before `to`, by their times: at most `limit`, in the order in which they
    /// were made. Reads no other changes, however many there are.
    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError>;

    /// What was last kept of the time that the server has seen.
    fn seen_time(&self) -> Result<Option<SeenTime>, StoreError>;

    /// Keeps it. Of its parts only those that begin at one of `changed` are kept anew, or removed if it does not have them any more.
    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError>;
}

/// How long an ended call waited, whether it got a slot or not, in milliseconds.
pub(crate) fn waited_ms(call: &Call<Ended>) -> u64 {
    let until = call.state.served.map_or(call.state.ended_at, |(_, started_at)| started_at);
    until.ms_since(call.request.requested_at)
}
