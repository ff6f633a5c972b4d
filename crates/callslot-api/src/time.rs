//! Points in time on the wire: RFC 3339, UTC, milliseconds; and days.

use std::time::{Duration, UNIX_EPOCH};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A point in time, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-01-31T12:00:00.000Z")]
pub struct Time(pub u64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = UNIX_EPOCH + Duration::from_millis(self.0);
        serializer.collect_str(&humantime::format_rfc3339_millis(time))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = humantime::parse_rfc3339(&text).map_err(D::Error::custom)?;
        let since_epoch = time.duration_since(UNIX_EPOCH).map_err(D::Error::custom)?;
        u64::try_from(since_epoch.as_millis()).map(Self).map_err(D::Error::custom)
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = UNIX_EPOCH + Duration::from_millis(self.0);
        humantime::format_rfc3339_millis(time).fmt(f)
    }
}

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, utoipa::ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-01-31")]
pub struct Date(Time);

impl Date {
    /// How long a day is, in milliseconds.
    pub const MS: u64 = 86_400_000;

    /// The day in which a moment lies.
    #[must_use]
    pub const fn of(moment: Time) -> Self {
        Self(Time(moment.0 - moment.0 % Self::MS))
    }

    /// When it begins.
    #[must_use]
    pub const fn begins(self) -> Time {
        self.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.to_string().split('T').next().unwrap_or_default())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let midnight = Value::String(format!("{text}T00:00:00Z"));
        let time = Time::deserialize(midnight).ok().filter(|_| text.len() == "2026-01-31".len());
        time.map(Self).ok_or_else(|| {
            D::Error::custom(format!("{text:?} is no day since 1970, such as \"2026-01-31\""))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_without_a_time_and_read_in_no_other_way() {
        let day = Date::of(Time(1_769_860_800_007));
        assert_eq!(serde_json::to_string(&day).expect("it can be written"), "\"2026-01-31\"");
        assert_eq!(day.begins(), Time(1_769_817_600_000));
        let read = |text: &str| serde_json::from_value::<Date>(text.into()).ok();
        assert_eq!(read("2026-01-31"), Some(day));
        for text in
            ["2026-02-30", "2026-1-31", "20260131", "1969-12-31", "2026-01-31T00:00:00Z", ""]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn times_have_milliseconds_and_are_read_back() {
        let time = Time(1_769_860_800_007);
        let json = serde_json::to_string(&time).expect("it can be written");
        assert_eq!(json, "\"2026-01-31T12:00:00.007Z\"");
        assert_eq!(serde_json::from_str::<Time>(&json).expect("it can be read"), time);
    }
}
