//! The history: figures over time.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName};
use callslot_api as api;
use callslot_api::limits::HISTORY_STEP_S;
use callslot_api::{HistoryBy, Time};
use callslot_core::Timestamp;
use callslot_node::{HistoryQuery, HistoryTooLong, HistoryView, Point, read_history};
use callslot_store::{Series, SeriesKind, Which};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::actions::orgs::check_exists;
use crate::auth::roles::MayRead;
use crate::convert;
use crate::csv_answer::{CSV, Table};
use crate::extract::field::{checked_id, in_range};
use crate::extract::headers::Format;
use crate::extract::query::Params;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[("read_figures", &[])];

/// The default span of a query, in milliseconds.
const DEFAULT_SPAN_MS: u64 = 3_600_000;
/// The maximum number of points in a series when no step is given.
const DEFAULT_POINTS: u64 = 120;
/// The steps to choose from in that case, in seconds.
const DEFAULT_STEPS_S: [u64; 11] =
    [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];

/// Which figures to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryParams {
    /// The start. By default an hour before `to`.
    from: Option<Time>,
    /// The end. By default now.
    to: Option<Time>,
    /// The length of a point, in seconds: whole minutes, up to a day. By default chosen so that there are about 120 points.
    #[param(minimum = 60, maximum = 86_400, multiple_of = 60)]
    step_s: Option<u64>,
    /// What to group the figures by: `none`, `agent`, `type` or `gate`.
    #[param(inline)]
    by: Option<HistoryBy>,
    /// With `by=gate`: only the figures of this gate, which may have been deleted.
    #[param(value_type = Option<api::id::GateId>)]
    gate: Option<String>,
}

/// Read figures over time
///
/// Active and queued calls, starts, ends, refusals and waits for each step of a span, with the changes of settings in
/// it.
#[utoipa::path(get, path = "/v1/history", tag = "History", security(("key" = ["viewer"])), params(HistoryParams),
    responses((status = 200, description = "The figures; as CSV for `Accept: text/csv`, with one row per point and without markers",
        content((api::History = "application/json"), (String = "text/csv")))))]
pub(crate) async fn read_figures(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<HistoryParams>,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 2], Vec<u8>), Refusal> {
    let format = Format::wanted(&headers);
    let by = params.by.unwrap_or_default();
    let which = which_series(by, params.gate.as_deref())?;
    check_exists(&app.node, &org).await?;
    let now = app.node.now();
    let to = params.to.map_or(now, |to| Timestamp(to.0));
    let from = params.from.map_or(to.0.saturating_sub(DEFAULT_SPAN_MS), |from| from.0);
    if from >= to.0 {
        let detail = format!("`from` ({}) is not before `to` ({})", Time(from), Time(to.0));
        return Err(Refusal::invalid_field("from", format!("{detail}; choose an earlier time")));
    }
    let step_s = match params.step_s {
        Some(step_s) => checked_step(step_s)?,
        None => default_step_s(to.0.min(now.0).saturating_sub(from)),
    };
    let query = HistoryQuery { org, which, from: Timestamp(from), to, step_ms: step_s * 1_000 };
    let turn = app.turns.to_read_figures(&query.org).await;
    let node = app.node.clone();
    // A long answer is serialised off the async threads.
    let read = app.node.in_store(move |store| {
        // Reading continues after the client has hung up, and keeps its permit.
        let _turn = turn;
        let view = read_history(store, &query, || node.now())?;
        Ok(view.map(|view| match format {
            Format::Json => json(&shown(&view, step_s, by)),
            Format::Csv => table(&shown(&view, step_s, by)).into_bytes(),
        }))
    });
    let body = read.await?.map_err(|too_long| refused(&too_long))?;
    let media_type = match format {
        Format::Json => "application/json",
        Format::Csv => CSV,
    };
    Ok(([(CONTENT_TYPE, media_type), (VARY, "accept")], body))
}

fn which_series(by: HistoryBy, gate: Option<&str>) -> Result<Which, Refusal> {
    let kind = match (by, gate) {
        (HistoryBy::Gate, Some(gate)) => {
            return Ok(Which::One(Series::Gate(checked_id("gate", gate)?)));
        }
        (_, Some(_)) => {
            let detail = "`gate` only applies to figures by gate; omit it, or add `by=gate`";
            return Err(Refusal::invalid_field("gate", detail.to_owned()));
        }
        (HistoryBy::None, None) => SeriesKind::Org,
        (HistoryBy::Agent, None) => SeriesKind::Agent,
        (HistoryBy::Type, None) => SeriesKind::Type,
        (HistoryBy::Gate, None) => SeriesKind::Gate,
    };
    Ok(Which::Each(kind))
}

fn checked_step(step_s: u64) -> Result<u64, Refusal> {
    let (least, most) = HISTORY_STEP_S;
    in_range("step_s", step_s, (least, most))?;
    if step_s.is_multiple_of(least) {
        return Ok(step_s);
    }
    Err(Refusal::invalid_field(
        "step_s",
        format!(
            "`step_s` is {step_s}; it must be a multiple of {least}, such as {}",
            step_s / least * least
        ),
    ))
}

fn default_step_s(span_ms: u64) -> u64 {
    let (_, most) = HISTORY_STEP_S;
    let fits = |step_s: &u64| span_ms <= step_s * 1_000 * DEFAULT_POINTS;
    DEFAULT_STEPS_S.into_iter().find(fits).unwrap_or(most)
}

fn refused(too_long: &HistoryTooLong) -> Refusal {
    let advice = match too_long {
        HistoryTooLong::Points { .. } => {
            "choose a longer `step_s`, a shorter span, or fewer series with `by` or `gate`"
        }
        HistoryTooLong::Minutes { .. } => "choose whole hours as `step_s`, or a shorter span",
    };
    Refusal::invalid_field("step_s", format!("{too_long}; {advice}"))
}

fn shown(view: &HistoryView, step_s: u64, by: HistoryBy) -> api::History {
    let series = view.series.iter().map(|(series, points)| {
        let (agent, call_type, gate) = match series {
            Series::Org => (None, None, None),
            Series::Agent(agent) => (Some(agent.to_string()), None, None),
            Series::Type(call_type) => (None, Some(convert::call_type(*call_type)), None),
            Series::Gate(gate) => (None, None, Some(gate.to_string())),
        };
        let points = points.iter().map(shown_point).collect();
        api::HistorySeries { agent, call_type, gate, points }
    });
    let markers = view.markers.iter().map(|marker| api::HistoryMarker {
        by: marker.by.as_deref().map(convert::audit::actor),
        at: convert::time(marker.at),
        change: convert::events::settings_change(marker.sequence, marker.at, &marker.change),
    });
    api::History {
        from: convert::time(view.from),
        to: convert::time(view.to),
        step_s,
        by,
        series: series.collect(),
        markers: markers.collect(),
    }
}

fn shown_point(point: &Point) -> api::HistoryPoint {
    let figures = &point.figures;
    api::HistoryPoint {
        at: convert::time(point.at),
        span_ms: point.ms,
        peak_active: figures.peak.active,
        mean_active: convert::mean_active(point),
        peak_queued: figures.peak.queued,
        starts: figures.starts,
        ends: figures.ends,
        ended: convert::ended(&figures.ended),
        refused: point.refused,
        wait_ms: convert::waits(&figures.waits),
    }
}

fn json(history: &api::History) -> Vec<u8> {
    serde_json::to_vec(history).expect("our own types can be written")
}

fn table(history: &api::History) -> String {
    let mut table = Table::new(&[
        "at",
        "span_ms",
        "agent",
        "type",
        "gate",
        "peak_active",
        "mean_active",
        "peak_queued",
        "starts",
        "ends",
        "refused",
        "wait_p50_ms",
        "wait_p95_ms",
        "wait_p99_ms",
        "wait_max_ms",
        "ended_completed",
        "ended_canceled",
        "ended_lease_expired",
        "ended_reconciled",
        "ended_max_duration",
        "ended_max_wait",
        "ended_unclaimed",
        "ended_declined",
    ]);
    for series in &history.series {
        for point in &series.points {
            let wait = point.wait_ms;
            table
                .field(point.at)
                .field(point.span_ms)
                .optional(series.agent.as_deref())
                .optional(series.call_type.map(|it| convert::core_call_type(it).as_str()))
                .optional(series.gate.as_deref())
                .field(point.peak_active)
                .field(point.mean_active)
                .field(point.peak_queued)
                .field(point.starts)
                .field(point.ends)
                .field(point.refused)
                .optional(wait.map(|wait| wait.p50))
                .optional(wait.map(|wait| wait.p95))
                .optional(wait.map(|wait| wait.p99))
                .optional(wait.map(|wait| wait.max));
            let ends = point.ended;
            for count in [
                ends.completed,
                ends.canceled,
                ends.lease_expired,
                ends.reconciled,
                ends.max_duration,
                ends.max_wait,
                ends.unclaimed,
                ends.declined,
            ] {
                table.field(count);
            }
            table.end_row();
        }
    }
    table.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_step_there_are_about_120_points() {
        const HOUR_MS: u64 = 3_600_000;
        for (hours, step_s) in [(1, 60), (24, 900), (168, 7_200), (720, 21_600), (9_504, 86_400)] {
            assert_eq!(default_step_s(hours * HOUR_MS), step_s, "{hours} h");
        }
    }
}
