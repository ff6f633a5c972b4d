//! The settings file: a text is refused, or each of its settings has the value in the text, and there are no others.
#![no_main]
#![allow(
    dead_code,
    missing_docs,
    reason = "the binary's modules are used as they are, and only in part"
)]

#[path = "../../crates/callslot/src/failure.rs"]
mod failure;
#[path = "../../crates/callslot/src/settings.rs"]
mod settings;

use libfuzzer_sys::fuzz_target;
use toml::Value;

use crate::settings::{LogFormat, Resolved, Settings};

const MS_PER_HOUR: u64 = 3_600_000;

fuzz_target!(|text: &str| {
    let Ok(file) = Settings::parse(text) else { return };
    let settings = Resolved::new(file);
    // An invalid filter is refused at the start.
    let _ = settings.log_filter();
    // Settings may have more than the 63 bits that a value of TOML has.
    let Ok(table) = text.parse::<toml::Table>() else { return };
    for (name, value) in &table {
        assert!(is_set(&settings, name, value), "{name} = {value:?} became {settings:?}");
    }
});

/// Whether a setting has the value that it was given.
fn is_set(settings: &Resolved, name: &str, value: &Value) -> bool {
    let server = &settings.server;
    let is_text = |set: &str| value.as_str() == Some(set);
    let is_address = |set| {
        value.as_str().and_then(|text| text.parse().ok()) == Some::<std::net::SocketAddr>(set)
    };
    let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
    let is_time = |unit_ms, set_ms| number.map(|n| n.saturating_mul(unit_ms)) == Some(set_ms);
    match name {
        "listen" => is_address(server.listen),
        "metrics_listen" => server.metrics_listen.is_some_and(is_address),
        "data" => server.data.to_str().is_some_and(is_text),
        "operator_key" => server.operator_key.as_deref().is_some_and(is_text),
        "rate_limit" => number == Some(server.commands_per_second_per_key.into()),
        "seats_per_key" => number == Some(server.seats_per_key.into()),
        "seats_per_org" => number == Some(server.seats_per_org.into()),
        "cursor_retention_h" => is_time(MS_PER_HOUR, server.cursor_retention_ms),
        "ended_retention_days" => is_time(24 * MS_PER_HOUR, server.ended_retention_ms),
        "minute_retention_days" => is_time(24 * MS_PER_HOUR, server.minute_retention_ms),
        "history_retention_days" => is_time(24 * MS_PER_HOUR, server.history_retention_ms),
        "log_format" => is_text(match settings.log_format {
            LogFormat::Pretty => "pretty",
            LogFormat::Json => "json",
        }),
        "log_level" => is_text(&settings.log_level),
        _ => false,
    }
}
