//! The addresses of the Atoms platform: its clients read and change the pool, and read a day's figures, in their usual form.
//!
//! Only names and shapes differ here. Reservations are checked and set in `actions/reservations.rs`, figures are those of
//! the history, and every refusal is written as [`AtomsErrors`](callslot_api::AtomsErrors) in `middleware/write_problem.rs`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::{Json as JsonBody, Router};
use callslot_api::{
    AtomsAgent, AtomsAgentFigures, AtomsAnalytics, AtomsAnswer, AtomsConcurrency, AtomsMinute,
    AtomsReservationsPut, AtomsUpdated, Date, PoolAgent, ProblemCode as Code, Time, id,
};
use callslot_core::{AgentId, OrgId, Rejection, Timestamp};
use callslot_node::{HistoryQuery, HistoryTooLong, HistoryView, NodeHandle, Point, read_history};
use callslot_store::{Grain, Series, SeriesKind, Store, StoreError, Which};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::actions::pool::pool;
use crate::actions::reservations::{reserved, set_rows};
use crate::auth::roles::{MayConfigure, MayRead};
use crate::convert;
use crate::extract::body::Json;
use crate::extract::field::checked_id;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;

use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("read_atoms_pool", &[]),
    (
        "put_atoms_reservations",
        &[Code::UnknownAgent, Code::ReservationsExceedLimit, Code::ReservationsExceedCap],
    ),
    ("read_atoms_day", &[Code::UnknownAgent]),
];

/// The platform's addresses.
pub(crate) fn addresses() -> (Router<Arc<App>>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(read_atoms_pool))
        .routes(routes!(put_atoms_reservations))
        .routes(routes!(read_atoms_day))
        .split_for_parts()
}

/// Read the limit and the reservations as Atoms shows them
///
/// In the form that clients of the Atoms platform know.
#[utoipa::path(get, path = "/atoms/v1/concurrency", tag = "Atoms", security(("key" = ["viewer"])),
    responses((status = 200, description = "The current reservations", body = AtomsAnswer<AtomsConcurrency>)))]
pub(crate) async fn read_atoms_pool(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    _: NoParams,
) -> Result<JsonBody<AtomsAnswer<AtomsConcurrency>>, Refusal> {
    let pool = pool(&app, org).await?;
    Ok(JsonBody(AtomsAnswer::new(AtomsConcurrency {
        org_limit: pool.limit,
        total_reserved: pool.reserved,
        unreserved_pool: pool.shared.size,
        agents: pool.agents.into_iter().filter(|agent| agent.reserved > 0).map(shown).collect(),
    })))
}

fn shown(agent: PoolAgent) -> AtomsAgent {
    AtomsAgent {
        agent_id: agent.id,
        agent_name: agent.name,
        avatar_url: None,
        webcall: agent.types.webcall.reserved,
        outbound: agent.types.outbound.reserved,
        inbound: agent.types.inbound.reserved,
        chat: agent.types.chat.reserved,
    }
}

/// Replace agents' reservations as Atoms does, all or nothing
///
/// The same change as `PUT /v1/reservations`, in the form that clients of the Atoms platform know.
#[utoipa::path(put, path = "/atoms/v1/concurrency/reservations", tag = "Atoms", security(("key" = ["admin"])),
    request_body = AtomsReservationsPut,
    responses((status = 200, description = "Replaced", body = AtomsAnswer<AtomsUpdated>)))]
pub(crate) async fn put_atoms_reservations(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    Json(put): Json<AtomsReservationsPut>,
) -> Result<JsonBody<AtomsAnswer<AtomsUpdated>>, Refusal> {
    let wanted: Vec<_> = put.reservations.into_iter().map(Into::into).collect();
    let reservations = reserved(&wanted, "agentId")?;
    set_rows(&app.node, (actor, &org), reservations, "agentId", None).await?;
    Ok(JsonBody(AtomsAnswer::new(AtomsUpdated { updated: wanted.len() })))
}

/// Which figures to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayParams {
    /// The day, in UTC: today, or a day whose figures are all still kept (for 13 months by default). By default today.
    date: Option<Date>,
    /// Only the calls of this agent, which may have been deleted since. By default all calls.
    #[param(value_type = Option<id::AgentId>)]
    agent_id: Option<String>,
    /// Whether to include `byAgent`. By default false.
    include_agents: Option<bool>,
}

/// Read a day's figures as Atoms shows them
///
/// By the minute, in the form that clients of the Atoms platform know. The day is in UTC.
#[utoipa::path(get, path = "/atoms/v1/analytics/concurrency", tag = "Atoms", security(("key" = ["viewer"])), params(DayParams),
    responses((status = 200, description = "The figures", body = AtomsAnswer<AtomsAnalytics>)))]
pub(crate) async fn read_atoms_day(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<DayParams>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>), Refusal> {
    let agent: Option<AgentId> =
        params.agent_id.as_deref().map(|agent| checked_id("agentId", agent)).transpose()?;
    let now = app.node.now();
    let today = Date::of(Time(now.0));
    let date = params.date.unwrap_or(today);
    if date > today {
        let detail = format!(
            "`date` is {date}, which has not begun yet in UTC; choose {today} or an earlier day"
        );
        return Err(Refusal::invalid_field("date", detail));
    }
    let missing = missing(&app.node, &org, agent.clone()).await?;
    let with_agents = params.include_agents.unwrap_or_default();
    let day = Day { org, date, agent, missing, with_agents };
    let turn = app.turns.to_read_figures(&day.org).await;
    let node = app.node.clone();
    let read = app.node.in_store(move |store| {
        // Reading continues after the client has hung up, and keeps its permit.
        let _turn = turn;
        let figures = day.read(store, || node.now())?;
        // There may be many agents; serialise them off the async threads.
        let json = |figures| serde_json::to_vec(&AtomsAnswer::new(figures));
        Ok(figures.map(|figures| json(figures).expect("our own types can be written")))
    });
    Ok(([(CONTENT_TYPE, "application/json")], read.await??))
}

/// Why the agent is refused, unless it had calls before it was deleted.
async fn missing(
    node: &NodeHandle,
    org: &OrgId,
    agent: Option<AgentId>,
) -> Result<Option<Rejection>, Refusal> {
    let of = org.clone();
    let missing = node.read(org, move |found, _| {
        let Some(found) = found else {
            return Err(Rejection::UnknownOrg { org: of });
        };
        let missing = agent.filter(|agent| found.agent(agent).is_none());
        Ok(missing.map(|agent| Rejection::UnknownAgent { agent }))
    });
    Ok(missing.await??)
}

/// The question about a day.
struct Day {
    org: OrgId,
    date: Date,
    /// Only this agent.
    agent: Option<AgentId>,
    missing: Option<Rejection>,
    with_agents: bool,
}

impl Day {
    /// Reads its figures. Blocks.
    fn read(
        self,
        store: &dyn Store,
        mut now: impl FnMut() -> Timestamp,
    ) -> Result<Result<AtomsAnalytics, Refusal>, StoreError> {
        let kept_from = store.kept_from(Grain::Hour)?;
        if self.begins() < kept_from {
            return Ok(Err(self.no_longer_kept(kept_from)));
        }
        let sole = self.agent.clone().map_or(Series::Org, Series::Agent);
        let minutes = self.query(Which::One(sole), Grain::Minute.ms());
        let view = match read_history(store, &minutes, &mut now)? {
            Ok(view) => view,
            Err(too_long) => return Ok(Err(refused(&too_long))),
        };
        let by_agent = match (self.with_agents, &self.agent) {
            (false, _) => Vec::new(),
            (true, Some(_)) => agents(&view),
            (true, None) => {
                let days = self.query(Which::Each(SeriesKind::Agent), Date::MS);
                match read_history(store, &days, &mut now)? {
                    Ok(view) => agents(&view),
                    Err(too_long) => return Ok(Err(refused(&too_long))),
                }
            }
        };
        Ok(self.shown(&view.series[0].1, by_agent))
    }

    fn begins(&self) -> Timestamp {
        Timestamp(self.date.begins().0)
    }

    fn query(&self, which: Which, step_ms: u64) -> HistoryQuery {
        let (org, from) = (self.org.clone(), self.begins());
        HistoryQuery { org, which, from, to: Timestamp(from.0 + Date::MS), step_ms }
    }

    fn shown(
        self,
        points: &[Point],
        by_agent: Vec<AtomsAgentFigures>,
    ) -> Result<AtomsAnalytics, Refusal> {
        let whole = Point::joined(points);
        if let Some(missing) = self.missing.filter(|_| whole.as_ref().is_none_or(Point::is_idle)) {
            return Err(missing.into());
        }
        let data_points: Vec<_> = points.iter().flat_map(minutes).collect();
        Ok(AtomsAnalytics {
            date: self.date,
            total_minutes: data_points.len(),
            data_points,
            peak_concurrent: whole.as_ref().map_or(0, |whole| whole.figures.peak.active),
            avg_concurrent: whole.as_ref().map_or(0.0, convert::mean_active),
            by_agent,
        })
    }

    fn no_longer_kept(&self, kept_from: Timestamp) -> Refusal {
        let (date, kept_from) = (self.date, Time(kept_from.0));
        let detail = format!(
            "`date` is {date}, but figures are only kept from {kept_from} on; choose a later day"
        );
        Refusal::invalid_field("date", detail)
    }
}

/// The minutes of a point. Where only hourly figures are kept, a point is an hour and all its minutes show the hour's.
fn minutes(point: &Point) -> impl Iterator<Item = AtomsMinute> {
    let minute_ms = Grain::Minute.ms();
    let first = point.at.0 % Date::MS / minute_ms;
    let concurrent_calls = point.figures.peak.active;
    (first..first + point.ms.div_ceil(minute_ms)).map(move |minute| AtomsMinute {
        minute: format!("{:02}:{:02}", minute / 60, minute % 60),
        concurrent_calls,
    })
}

fn agents(view: &HistoryView) -> Vec<AtomsAgentFigures> {
    let figures = |(series, points): &(Series, Vec<Point>)| {
        let whole = Point::joined(points)?;
        Some(AtomsAgentFigures {
            agent_id: series.name().to_owned(),
            peak_concurrent: whole.figures.peak.active,
            avg_concurrent: convert::mean_active(&whole),
            total_calls: whole.figures.starts,
        })
    };
    view.series.iter().filter_map(figures).collect()
}

/// Only the agents can be too many.
fn refused(too_long: &HistoryTooLong) -> Refusal {
    let detail = format!("{too_long}; omit `includeAgents`, or choose one with `agentId`");
    Refusal::invalid_field("includeAgents", detail)
}

#[cfg(test)]
mod tests {
    use callslot_api::{AgentPut, CallType};
    use callslot_demo::{Caller, Past, write_past};
    use callslot_node::{Refusals, project, prune_figures};
    use callslot_store::OldTimes;
    use callslot_store_sqlite::SqliteStore;

    use crate::first_start::{first_org, first_org_settings, first_plans};

    use super::*;

    /// 2026-01-31.
    const MIDNIGHT: u64 = 1_769_817_600_000;
    const HOUR_MS: u64 = 3_600_000;

    /// A store of a day in which two calls of the agent `a` were active, from 09:00:20 to 09:02:40 and from 09:01 to 10:30.
    fn store_of_a_day(directory: &std::path::Path) -> SqliteStore {
        let nine = MIDNIGHT + 9 * HOUR_MS;
        let caller = |after_s: u64, talk_s: u64| Caller {
            at: Time(nine + after_s * 1_000),
            agent: "a".into(),
            call_type: CallType::Chat,
            patience_ms: 1_000,
            talk_ms: talk_s * 1_000,
        };
        let past = Past {
            plans: first_plans().collect(),
            org: first_org(),
            settings: first_org_settings(),
            begins: Time(nine),
            ends: Time(nine + 2 * HOUR_MS),
            agents: vec![("a".into(), AgentPut { name: "A".into(), cap: None, pace: None })],
            reservations: Vec::new(),
            callers: vec![caller(20, 140), caller(60, 5_340)],
        };
        let store = SqliteStore::open(directory).expect("a store");
        write_past(&store, &past, |_| true).expect("it could have been");
        while project(&store, &Refusals::default()).expect("the store works") > 0 {}
        store
    }

    /// The answer about that day, this many milliseconds after it began.
    fn read(
        store: &SqliteStore,
        after_ms: u64,
        agent: Option<&str>,
    ) -> Result<AtomsAnalytics, Refusal> {
        let day = Day {
            org: first_org(),
            date: Date::of(Time(MIDNIGHT)),
            agent: agent.map(|id| AgentId::parse(id).expect("an id")),
            missing: None,
            with_agents: true,
        };
        day.read(store, || Timestamp(MIDNIGHT + after_ms)).expect("the store works")
    }

    fn points_between(day: &AtomsAnalytics, from: &str, to: &str) -> Vec<u64> {
        let points = day.data_points.iter();
        let between = points.filter(|point| (from..to).contains(&&*point.minute));
        between.map(|point| point.concurrent_calls).collect()
    }

    #[test]
    fn a_day_that_is_not_over_reaches_up_to_now() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = store_of_a_day(directory.path());
        let noon = read(&store, 12 * HOUR_MS + 1, None).expect("it is kept");
        assert_eq!((noon.total_minutes, noon.data_points.len()), (721, 721));
        assert_eq!(noon.data_points[720].minute, "12:00");
        assert_eq!(points_between(&noon, "08:59", "09:05"), [0, 1, 2, 2, 1, 1]);
        assert_eq!((noon.peak_concurrent, noon.avg_concurrent.to_string()), (2, "0.127".into()));
        let at_midnight = read(&store, 0, None).expect("it is kept");
        assert_eq!(
            (at_midnight.total_minutes, at_midnight.avg_concurrent.to_string()),
            (0, "0".into())
        );
    }

    #[test]
    fn where_only_hours_are_kept_every_minute_says_what_its_hour_does_and_the_day_stays_exact() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = store_of_a_day(directory.path());
        let by_minute = read(&store, 99 * HOUR_MS, Some("a")).expect("it is kept");
        let ten = Timestamp(MIDNIGHT + 10 * HOUR_MS);
        let old = OldTimes::before(ten);
        while prune_figures(&store, Grain::Minute, &old).expect("the store works") > 0 {}
        let day = read(&store, 99 * HOUR_MS, Some("a")).expect("it is kept");
        assert_eq!(day.total_minutes, 1_440);
        assert_eq!(day.data_points[1_439].minute, "23:59");
        assert_eq!(points_between(&day, "09:00", "10:00"), [2; 60]);
        assert_eq!(points_between(&day, "10:29", "10:32"), [1, 1, 0]);
        let exact = |day: AtomsAnalytics| (day.peak_concurrent, day.avg_concurrent, day.by_agent);
        assert_eq!(exact(day), exact(by_minute));
    }

    #[test]
    fn a_day_that_is_not_kept_from_its_beginning_is_refused_with_when_figures_begin() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = store_of_a_day(directory.path());
        let one = Timestamp(MIDNIGHT + HOUR_MS);
        let old = OldTimes::before(one);
        for grain in Grain::ALL {
            while prune_figures(&store, grain, &old).expect("the store works") > 0 {}
        }
        let refused = read(&store, 99 * HOUR_MS, None).expect_err("an hour is gone").into_problem();
        assert!(refused.detail.contains("from 2026-01-31T01:00:00.000Z on"), "{}", refused.detail);
    }
}
