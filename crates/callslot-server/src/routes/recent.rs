//! The last minutes of the pool, in one read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use callslot_api::limits::RECENT_MINUTES;
use callslot_api::{Recent, RecentAgent, RecentFigures, RecentPoint, RecentType};
use callslot_core::{OrgId, Timestamp};
use callslot_node::{HistoryQuery, Point, read_history};
use callslot_store::{Grain, Series, SeriesKind, Store, StoreError, Which};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::actions::orgs::check_exists;
use crate::auth::roles::MayRead;
use crate::convert;
use crate::extract::field::in_range;
use crate::extract::query::Params;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[("read_recent", &[])];

/// How many minutes without `minutes`.
const DEFAULT_MINUTES: u64 = 60;

/// How far back to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecentParams {
    /// How many minutes, the current one included. By default 60.
    #[param(minimum = 1, maximum = 60)]
    minutes: Option<u64>,
}

/// Read the last minutes
///
/// How full the pool was in each of the last minutes, and over all of them: peaks, means and waits of the organisation, of each agent and of
/// each type. What the pool is now, with its limit and reservations, is at `/v1/concurrency`; longer spans are in the history.
#[utoipa::path(get, path = "/v1/concurrency/recent", tag = "Concurrency", security(("key" = ["viewer"])), params(RecentParams),
    responses((status = 200, description = "The last minutes", body = Recent)))]
pub(crate) async fn read_recent(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<RecentParams>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>), Refusal> {
    let minutes = params.minutes.unwrap_or(DEFAULT_MINUTES);
    in_range("minutes", minutes, RECENT_MINUTES)?;
    check_exists(&app.node, &org).await?;
    let turn = app.turns.to_read_figures(&org).await;
    let node = app.node.clone();
    let read = app.node.in_store(move |store| {
        // Reading continues after the client has hung up, and keeps its permit.
        let _turn = turn;
        let recent = recent(store, &org, minutes, || node.now())?;
        // There may be many agents; serialise them off the async threads.
        Ok(serde_json::to_vec(&recent).expect("our own types can be written"))
    });
    Ok(([(CONTENT_TYPE, "application/json")], read.await?))
}

/// Reads the minutes. Blocks.
fn recent(
    store: &dyn Store,
    org: &OrgId,
    minutes: u64,
    now: impl Fn() -> Timestamp,
) -> Result<Recent, StoreError> {
    let to = now();
    let current = to.0 / Grain::Minute.ms();
    let from = Timestamp((current + 1).saturating_sub(minutes) * Grain::Minute.ms());
    let read = |which| {
        let org = org.clone();
        let query = HistoryQuery { org, which, from, to, step_ms: Grain::Minute.ms() };
        read_history(store, &query, &now)
    };
    let whole = read(Which::One(Series::Org))?.expect("an hour of one series is not too long");
    let points = &whole.series[0].1;
    let types =
        read(Which::Each(SeriesKind::Type))?.map_or_else(|_| Vec::new(), |view| view.series);
    let agents = read(Which::Each(SeriesKind::Agent))?.ok().map(|view| view.series);
    let of_type = |(series, points): &(Series, Vec<Point>)| {
        let Series::Type(call_type) = series else { return None };
        let (call_type, figures) = (convert::call_type(*call_type), together(points)?);
        Some(RecentType { call_type, figures })
    };
    let of_agent = |(series, points): &(Series, Vec<Point>)| {
        Some(RecentAgent { agent: series.name().to_owned(), figures: together(points)? })
    };
    Ok(Recent {
        from: convert::time(whole.from),
        to: convert::time(whole.to),
        points: points.iter().map(shown_point).collect(),
        whole: together(points).unwrap_or_else(nothing),
        agents: agents.map(|agents| agents.iter().filter_map(of_agent).collect()),
        types: types.iter().filter_map(of_type).collect(),
    })
}

fn shown_point(point: &Point) -> RecentPoint {
    let figures = figures(point);
    RecentPoint { at: convert::time(point.at), span_ms: point.ms, figures }
}

fn together(points: &[Point]) -> Option<RecentFigures> {
    Point::joined(points).as_ref().map(figures)
}

fn figures(point: &Point) -> RecentFigures {
    RecentFigures {
        peak_active: point.figures.peak.active,
        mean_active: convert::mean_active(point),
        peak_queued: point.figures.peak.queued,
        starts: point.figures.starts,
        wait_ms: convert::waits(&point.figures.waits),
    }
}

/// Before the first moment of the first minute there is no point.
fn nothing() -> RecentFigures {
    RecentFigures { peak_active: 0, mean_active: 0.0, peak_queued: 0, starts: 0, wait_ms: None }
}
