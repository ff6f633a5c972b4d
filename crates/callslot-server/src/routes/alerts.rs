//! Alerts: list, read, create or replace, delete, and what closed.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::{Alert, AlertPut, Page, PastAlert, ProblemCode as Code, id};
use callslot_core::{AlertId, AlertWritten, By, DeleteAlert, Org, OrgId, PutAlert, Rejection};

use crate::actions::alerts::rule;
use crate::auth::roles::MayConfigure;
use crate::convert;
use crate::extract::body::Json;
use crate::extract::pagination::{List, PageParams, bad_cursor, page_limit};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_alerts", &[]),
    ("list_past_alerts", &[]),
    ("read_alert", &[Code::UnknownAlert]),
    (
        "put_alert",
        &[Code::UnknownAgent, Code::UnknownGate, Code::TooManyAlerts, Code::BuiltInAlert],
    ),
    ("delete_alert", &[Code::UnknownAlert, Code::BuiltInAlert]),
];

/// List alerts
///
/// The rules of the organisation with the figures that they look at, and which alerts are open; and those that are open without a rule,
/// of webhooks that were disabled.
#[utoipa::path(get, path = "/v1/alerts", tag = "Alerts", security(("key" = ["admin"])), params(PageParams),
    responses((status = 200, description = "A page of alerts, by id", body = Page<Alert>)))]
pub(crate) async fn list_alerts(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Alert>>, Refusal> {
    let page = params.of(List::Alerts)?;
    let turn = app.turns.to_read(&org).await;
    let alerts = app.node.alerts(&org).await?;
    drop(turn);
    let mut alerts = alerts.ok_or_else(|| Rejection::UnknownOrg { org: org.clone() })?;
    alerts.sort_by(|a, b| a.id.cmp(&b.id));
    let show = |alert| convert::alerts::alert(&alert);
    Ok(JsonBody(page.take(alerts, |alert| alert.id.as_str(), show)))
}

/// List the alerts that closed
///
/// The last one first. The last 500 of the organisation are kept.
#[utoipa::path(get, path = "/v1/alerts/history", tag = "Alerts", security(("key" = ["admin"])), params(PageParams),
    responses((status = 200, description = "A page of alerts that closed", body = Page<PastAlert>)))]
pub(crate) async fn list_past_alerts(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<PastAlert>>, Refusal> {
    let limit = page_limit(params.limit)?;
    let before = params.cursor.as_deref();
    let before = before.map(|at| List::PastAlerts.place(at).ok_or_else(bad_cursor)).transpose()?;
    // One more says whether there is another page.
    let look = move |found: Option<&Org>, _| found.map(|it| it.past_alerts(before, limit + 1));
    let past = app.node.read(&org, look).await?;
    let past = past.ok_or_else(|| Rejection::UnknownOrg { org: org.clone() })?;
    let last = past.iter().take(limit).next_back().filter(|_| past.len() > limit);
    let next = last.map(|last| List::PastAlerts.cursor(last.number));
    let items = past.iter().take(limit).map(convert::alerts::past).collect();
    Ok(JsonBody(Page { items, next }))
}

/// Read an alert
///
/// Its rule, the figure now, and whether it is open.
#[utoipa::path(get, path = "/v1/alerts/{id}", tag = "Alerts", security(("key" = ["admin"])),
    params(("id" = id::AlertId, Path, description = "The alert's id")),
    responses((status = 200, description = "The alert", body = Alert)))]
pub(crate) async fn read_alert(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<AlertId>,
) -> Result<JsonBody<Alert>, Refusal> {
    alert_now(&app, &org, id).await.map(JsonBody)
}

/// Create or replace the rule of an alert
///
/// The figure is looked at about once a second. If the rule changes while the alert is open, the alert closes and the time of the
/// new rule starts again. The same rule put again changes nothing. An organisation may have 100 rules.
#[utoipa::path(put, path = "/v1/alerts/{id}", tag = "Alerts", security(("key" = ["admin"])), request_body = AlertPut,
    params(("id" = id::AlertId, Path, description = "The alert's id")),
    responses((status = 201, description = "The rule is new", body = Alert),
        (status = 200, description = "The rule was replaced", body = Alert)))]
pub(crate) async fn put_alert(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(alert): PathId<AlertId>,
    Json(put): Json<AlertPut>,
) -> Result<(StatusCode, JsonBody<Alert>), Refusal> {
    let command = PutAlert { alert: alert.clone(), rule: rule(&put)? };
    let AlertWritten { is_new } = app.node.submit((org.clone(), By { actor, command })).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, JsonBody(alert_now(&app, &org, alert).await?)))
}

/// Delete the rule of an alert
///
/// If the alert is open, it closes.
#[utoipa::path(delete, path = "/v1/alerts/{id}", tag = "Alerts", security(("key" = ["admin"])),
    params(("id" = id::AlertId, Path, description = "The alert's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_alert(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(alert): PathId<AlertId>,
) -> Result<StatusCode, Refusal> {
    app.node.submit((org, By { actor, command: DeleteAlert { alert } })).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn alert_now(app: &App, org: &OrgId, id: AlertId) -> Result<Alert, Refusal> {
    let turn = app.turns.to_read(org).await;
    let alert = app.node.alert(org, id.clone()).await?;
    drop(turn);
    let alert = alert.ok_or(Rejection::UnknownAlert { alert: id })?;
    Ok(convert::alerts::alert(&alert))
}
