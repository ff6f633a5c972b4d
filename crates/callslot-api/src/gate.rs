//! The JSON of gates and of their hours.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{GateId, Name};
use crate::pace::Pace;
use crate::strict;

/// What a gate stands for. It decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GateKind {
    /// A list of numbers that are to be called.
    Campaign,
    /// A carrier's line.
    Trunk,
    /// A customer of the organisation.
    Customer,
    /// A phone number.
    Number,
    /// Anything else.
    Other,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// When a gate is open, week by week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The time zone, by its name in the IANA database. Changes of summer time are followed.
    #[schema(min_length = 1, max_length = 64, example = "America/New_York")]
    pub tz: String,
    /// The spans in which it is open, up to 56; none: never.
    #[serde(deserialize_with = "strict::objects")]
    #[schema(max_items = 56)]
    pub open: Vec<OpenSpan>,
}

/// A span of a day, on some days of the week, by the clock of the time zone. One over midnight is written as two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSpan {
    /// The days, at least one.
    #[serde(deserialize_with = "strict::names")]
    #[schema(min_items = 1, max_items = 7, example = json!(["mon", "tue", "wed", "thu", "fri"]))]
    pub days: Vec<Day>,
    /// When it opens.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "08:00")]
    pub from: String,
    /// When it closes, after `from`; `24:00` is the end of the day.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "21:00")]
    pub to: String,
}

/// A gate's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateSettings {
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// What it stands for.
    pub kind: GateKind,
    /// How many of its calls may be active at once; null: no cap.
    #[schema(required, maximum = 10_000_000)]
    pub cap: Option<u32>,
    /// How often its calls may start; null: no pace.
    #[schema(required)]
    pub pace: Option<Pace>,
    /// Whether no call may start through it until it goes on.
    pub paused: bool,
    /// When calls may start through it; null: always.
    #[schema(required)]
    pub hours: Option<Hours>,
}

/// A gate now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gate {
    /// Its id.
    #[schema(value_type = GateId)]
    pub id: String,
    /// Its settings.
    #[serde(flatten)]
    pub settings: GateSettings,
    /// Whether it is within its hours; true if it has none.
    pub within_hours: bool,
    /// In how long its hours begin, in milliseconds; null when it is within them, or if they never begin.
    #[schema(required)]
    pub opens_in_ms: Option<u64>,
    /// Its calls that hold a slot.
    pub active: u32,
    /// Its queued calls.
    pub queued: u32,
    /// Its calls that have ended since it was created.
    pub ended: u64,
    /// How long the earliest of its queued calls has waited, in milliseconds.
    #[schema(required)]
    pub oldest_wait_ms: Option<u64>,
    /// In how long its pace has a start to give, in milliseconds; null without a pace.
    #[schema(required)]
    pub next_start_in_ms: Option<u64>,
    /// An estimate of how long it takes until its last call has ended, if no other comes, in milliseconds; null if nothing supports
    /// one.
    #[schema(required)]
    pub done_in_ms: Option<u64>,
}

/// A gate to create or replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Spring", "kind": "campaign", "cap": 40, "pace": { "starts": 5, "per_s": 1 },
    "hours": { "tz": "America/New_York", "open": [{ "days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "21:00" }] }
}))]
pub struct GatePut {
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
    /// What it stands for.
    #[serde(deserialize_with = "strict::name")]
    pub kind: GateKind,
    /// How many of its calls may be active at once. Absent or null: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10_000_000)]
    pub cap: Option<u32>,
    /// How often its calls may start. Absent or null: no pace.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub pace: Option<Pace>,
    /// Whether no call may start through it until it goes on.
    #[serde(default)]
    pub paused: bool,
    /// When calls may start through it. Absent or null: always.
    #[serde(
        default,
        deserialize_with = "strict::object_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub hours: Option<Hours>,
}

impl From<GateSettings> for GatePut {
    /// What leaves a gate as it is.
    fn from(settings: GateSettings) -> Self {
        let GateSettings { name, kind, cap, pace, paused, hours } = settings;
        Self { name, kind, cap, pace, paused, hours }
    }
}
