//! Gates and paces, as every door takes them: checks what a client sends.

use std::sync::Arc;

use callslot_api as api;
use callslot_api::limits::{MAX_LIMIT, MAX_OPEN_SPANS, MAX_PACE_S, MAX_PACE_STARTS};
use callslot_core::{GateSettings, Hours, OpenSpan, Pace};
use callslot_node::time_zone_name;

use crate::convert::gates::{DAYS, core_kind};
use crate::extract::field::{at_most, in_range, name, quoted};
use crate::refusal::Refusal;

/// Checks a gate's settings.
pub(crate) fn settings(put: &api::GatePut) -> Result<GateSettings, Refusal> {
    if let Some(cap) = put.cap {
        in_range("cap", cap.into(), (0, MAX_LIMIT.into()))?;
    }
    let hours =
        put.hours.as_ref().map(|wanted| hours(wanted).map_err(|refusal| refusal.in_row("hours")));
    Ok(GateSettings {
        name: name("name", &put.name)?,
        kind: core_kind(put.kind),
        cap: put.cap,
        pace: checked_pace(put.pace)?,
        is_paused: put.paused,
        hours: hours.transpose()?.map(Arc::new),
    })
}

/// Checks a pace.
pub(crate) fn checked_pace(pace: Option<api::Pace>) -> Result<Option<Pace>, Refusal> {
    let Some(api::Pace { starts, per_s, burst }) = pace else { return Ok(None) };
    in_range("pace.starts", starts.into(), (1, MAX_PACE_STARTS.into()))?;
    in_range("pace.per_s", per_s.into(), (1, MAX_PACE_S.into()))?;
    in_range("pace.burst", burst.into(), (1, MAX_PACE_STARTS.into()))?;
    Ok(Some(Pace { starts, per_s, burst }))
}

fn hours(wanted: &api::Hours) -> Result<Hours, Refusal> {
    let Some(tz) = time_zone_name(&wanted.tz) else {
        let detail = format!(
            "`tz` is {}, which is no time zone of the IANA database; one is \"America/New_York\"",
            quoted(&wanted.tz)
        );
        return Err(Refusal::invalid_field("tz", detail));
    };
    at_most("open", "spans", wanted.open.len(), MAX_OPEN_SPANS)?;
    let spans = wanted.open.iter().enumerate().map(|(row, wanted)| {
        span(wanted).map_err(|refusal| refusal.in_row(&format!("open[{row}]")))
    });
    Ok(Hours { tz: tz.into(), open: spans.collect::<Result<_, _>>()? })
}

fn span(wanted: &api::OpenSpan) -> Result<OpenSpan, Refusal> {
    if wanted.days.is_empty() {
        let detail = "`days` is empty; name the days on which it is open, such as \"mon\"";
        return Err(Refusal::invalid_field("days", detail));
    }
    if wanted.days.len() > DAYS.len() {
        let detail = format!("`days` has {} days; a week has 7", wanted.days.len());
        return Err(Refusal::invalid_field("days", detail));
    }
    let bit = |day: &api::Day| DAYS.iter().position(|of| of == day).map_or(0, |place| 1 << place);
    let days = wanted.days.iter().map(bit).fold(0, |days, bit| days | bit);
    let (from_min, to_min) = (minute("from", &wanted.from)?, minute("to", &wanted.to)?);
    if from_min >= to_min {
        let detail = format!(
            "`to` is {} and `from` {}; a span ends after it begins, on the same day: write one over midnight as two, to \"24:00\" and \
             from \"00:00\" on the next day",
            quoted(&wanted.to),
            quoted(&wanted.from)
        );
        return Err(Refusal::invalid_field("to", detail));
    }
    Ok(OpenSpan { days, from_min, to_min })
}

/// The minute of the day that a clock shows.
fn minute(field: &str, text: &str) -> Result<u16, Refusal> {
    let number = |digits: &str| {
        let is_one = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| is_one)
    };
    let shown = text.split_once(':').and_then(|(hour, minute)| number(hour).zip(number(minute)));
    match shown {
        Some((24, 0)) => Ok(24 * 60),
        Some((hour @ 0..=23, minute @ 0..=59)) => Ok(hour * 60 + minute),
        Some(_) | None => {
            let detail = format!(
                "`{field}` is {}; it must be a time of day from \"00:00\" to \"24:00\", such as \"08:30\"",
                quoted(text)
            );
            Err(Refusal::invalid_field(field, detail))
        }
    }
}
