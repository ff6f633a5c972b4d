//! The stored form of gates and paces, since version 4. Belongs to `stored_form.rs`, which says how stored forms may change.

use std::sync::Arc;

use callslot_core::{GateKind, GateSettings, Hours, OpenSpan, Pace, PaceOf};
use serde::{Deserialize, Serialize};

use crate::stored_form::call::StoredType;
use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct StoredPace {
    starts: u32,
    per_s: u32,
    burst: u32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredGate<'a> {
    name: &'a str,
    kind: StoredKind,
    cap: Option<u32>,
    pace: Option<StoredPace>,
    is_paused: bool,
    #[serde(borrow)]
    hours: Option<StoredHours<'a>>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredKind {
    Campaign,
    Trunk,
    Customer,
    Number,
    Other,
}

#[derive(Serialize, Deserialize)]
struct StoredHours<'a> {
    tz: &'a str,
    open: Vec<StoredSpan>,
}

#[derive(Serialize, Deserialize)]
struct StoredSpan {
    days: u8,
    from_min: u16,
    to_min: u16,
}

#[derive(Serialize, Deserialize)]
pub(super) enum StoredPaceOf {
    Agent(u32),
    Type(StoredType),
    Gate(u32),
}

impl From<Pace> for StoredPace {
    fn from(Pace { starts, per_s, burst }: Pace) -> Self {
        Self { starts, per_s, burst }
    }
}

impl StoredPace {
    pub(super) fn into_core(self) -> Result<Pace, Unreadable> {
        let Self { starts, per_s, burst } = self;
        if starts == 0 || per_s == 0 || burst == 0 {
            return Err(Unreadable::Damaged("a pace gives no start"));
        }
        Ok(Pace { starts, per_s, burst })
    }
}

impl<'a> StoredGate<'a> {
    pub(super) fn from_core(settings: &'a GateSettings) -> Self {
        let GateSettings { name, kind, cap, pace, is_paused, hours } = settings;
        let span =
            |&OpenSpan { days, from_min, to_min }: &OpenSpan| StoredSpan { days, from_min, to_min };
        let hours = hours
            .as_deref()
            .map(|Hours { tz, open }| StoredHours { tz, open: open.iter().map(span).collect() });
        let (kind, pace) = (StoredKind::from_core(*kind), pace.map(StoredPace::from));
        Self { name, kind, cap: *cap, pace, is_paused: *is_paused, hours }
    }

    pub(super) fn into_core(self) -> Result<GateSettings, Unreadable> {
        let span = |StoredSpan { days, from_min, to_min }| OpenSpan { days, from_min, to_min };
        let hours = self.hours.map(|StoredHours { tz, open }| {
            Arc::new(Hours { tz: Arc::from(tz), open: open.into_iter().map(span).collect() })
        });
        Ok(GateSettings {
            name: Arc::from(self.name),
            kind: self.kind.into_core(),
            cap: self.cap,
            pace: self.pace.map(StoredPace::into_core).transpose()?,
            is_paused: self.is_paused,
            hours,
        })
    }
}

impl StoredKind {
    fn from_core(kind: GateKind) -> Self {
        match kind {
            GateKind::Campaign => Self::Campaign,
            GateKind::Trunk => Self::Trunk,
            GateKind::Customer => Self::Customer,
            GateKind::Number => Self::Number,
            GateKind::Other => Self::Other,
        }
    }

    fn into_core(self) -> GateKind {
        match self {
            Self::Campaign => GateKind::Campaign,
            Self::Trunk => GateKind::Trunk,
            Self::Customer => GateKind::Customer,
            Self::Number => GateKind::Number,
            Self::Other => GateKind::Other,
        }
    }
}

impl StoredPaceOf {
    pub(super) fn from_core<'a>(of: &'a PaceOf, names: &mut Names<'a>) -> Self {
        match of {
            PaceOf::Agent(agent) => Self::Agent(names.number(agent.as_str())),
            PaceOf::Type(call_type) => Self::Type((*call_type).into()),
            PaceOf::Gate(gate) => Self::Gate(names.number(gate.as_str())),
        }
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<PaceOf, Unreadable> {
        Ok(match self {
            Self::Agent(agent) => PaceOf::Agent(context.agents(agent)?),
            Self::Type(call_type) => PaceOf::Type(call_type.into()),
            Self::Gate(gate) => PaceOf::Gate(context.gates(gate)?),
        })
    }
}
