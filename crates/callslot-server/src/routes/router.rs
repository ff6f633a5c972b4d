//! All addresses, and the OpenAPI document made from them. An undocumented address cannot be added.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;
use callslot_api::ProblemCode;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::engine_stream::handshake;
use crate::middleware::route_name::name_route;
use crate::reference::openapi::{self, BaseDocument, Refusals};
use crate::reference::page::Documents;
use crate::refusal::Refusal;
use crate::routes::{
    agents, alerts, atoms, audit, call_list, call_types, calls, events, gates, health, history,
    keys, leases, metrics, orgs, plans, pool, recent, reference, reservations, sign_in, web_app,
    webhooks,
};
use crate::state::App;
use crate::web_app::files::Dashboard;

/// The refusals of each handler, from its file.
const REFUSALS: [Refusals; 24] = [
    agents::REFUSALS,
    alerts::REFUSALS,
    atoms::REFUSALS,
    audit::REFUSALS,
    call_list::REFUSALS,
    call_types::REFUSALS,
    calls::REFUSALS,
    handshake::REFUSALS,
    events::REFUSALS,
    gates::REFUSALS,
    health::REFUSALS,
    history::REFUSALS,
    keys::REFUSALS,
    leases::REFUSALS,
    metrics::REFUSALS,
    orgs::REFUSALS,
    plans::REFUSALS,
    pool::REFUSALS,
    recent::REFUSALS,
    reference::REFUSALS,
    reservations::REFUSALS,
    sign_in::REFUSALS,
    web_app::REFUSALS,
    webhooks::REFUSALS,
];

/// All addresses with their document, which always includes metrics, wherever they are served.
fn addresses(metrics_at: MetricsAt) -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let metrics = OpenApiRouter::new().routes(routes!(metrics::read_metrics));
    let (all, mut openapi) = OpenApiRouter::with_openapi(BaseDocument::openapi())
        .routes(routes!(calls::start_call, call_list::list_calls))
        .routes(routes!(calls::start_calls))
        .routes(routes!(calls::end_calls))
        .routes(routes!(calls::read_call))
        .routes(routes!(calls::claim_call))
        .routes(routes!(calls::decline_call))
        .routes(routes!(calls::end_call))
        .routes(routes!(calls::erase_call))
        .routes(routes!(pool::read_pool))
        .routes(routes!(recent::read_recent))
        .routes(routes!(reservations::put_reservations))
        .routes(routes!(reservations::preview_reservations))
        .routes(routes!(reservations::delete_reservations))
        .routes(routes!(agents::list_agents))
        .routes(routes!(agents::read_agent, agents::put_agent, agents::delete_agent))
        .routes(routes!(call_types::read_type, call_types::put_type))
        .routes(routes!(gates::list_gates))
        .routes(routes!(gates::read_gate, gates::put_gate, gates::delete_gate))
        .routes(routes!(alerts::list_alerts))
        .routes(routes!(alerts::list_past_alerts))
        .routes(routes!(alerts::read_alert, alerts::put_alert, alerts::delete_alert))
        .routes(routes!(leases::list_leases, leases::open_lease))
        .routes(routes!(leases::renew_lease))
        .routes(routes!(leases::reconcile_lease))
        .routes(routes!(leases::adopt_calls))
        .routes(routes!(leases::end_lease))
        .routes(routes!(handshake::connect))
        .routes(routes!(events::follow_events))
        .routes(routes!(history::read_figures))
        .routes(routes!(audit::list_audit))
        .routes(routes!(audit::revert_audit_entry))
        .routes(routes!(plans::list_plans))
        .routes(routes!(plans::read_plan, plans::put_plan, plans::delete_plan))
        .routes(routes!(orgs::list_orgs, orgs::create_org))
        .routes(routes!(orgs::read_org, orgs::change_org, orgs::delete_org))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(keys::rotate_key))
        .routes(routes!(sign_in::sign_in, sign_in::read_session, sign_in::sign_out))
        .routes(routes!(sign_in::create_code))
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(webhooks::read_webhook, webhooks::change_webhook, webhooks::delete_webhook))
        .routes(routes!(webhooks::rotate_webhook))
        .routes(routes!(webhooks::test_webhook))
        .routes(routes!(webhooks::redeliver))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(web_app::root))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(reference::read_openapi))
        .routes(routes!(reference::read_reference))
        .routes(routes!(reference::read_style))
        .split_for_parts();
    let (metrics, of_metrics) = metrics.split_for_parts();
    let (atoms, of_atoms) = atoms::addresses();
    let all = all.merge(atoms);
    openapi.merge(of_metrics);
    openapi.merge(of_atoms);
    openapi::complete(&mut openapi, &REFUSALS);
    match metrics_at {
        MetricsAt::SameListener => (all.merge(metrics), openapi),
        MetricsAt::OwnListener => (all, openapi),
    }
}

/// The documents about the API.
pub(crate) fn documents() -> Documents {
    Documents::of(&addresses(MetricsAt::SameListener).1)
}

/// The OpenAPI document, as it is served at `/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    let document = documents().openapi;
    let document = std::str::from_utf8(&document).expect("JSON is UTF-8");
    format!("{document}\n")
}

/// Every address. Metrics are left out if they have their own listener.
pub(crate) fn router(app: &Arc<App>, metrics_at: MetricsAt) -> Router {
    routes(metrics_at, &app.dashboard).with_state(Arc::clone(app))
}

/// The same, without the state of a server.
pub(crate) fn routes(metrics_at: MetricsAt, dashboard: &Dashboard) -> Router<Arc<App>> {
    let (all, _) = addresses(metrics_at);
    web_app::add_pages(all, dashboard)
        .route_layer(from_fn(name_route))
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .fallback(web_app::unknown_address)
}

/// The addresses of a listener for metrics only.
pub(crate) fn metrics_router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics::read_metrics))
        .fallback(async || Refusal::new(ProblemCode::UnknownRoute, "only /metrics is served here"))
        .with_state(Arc::clone(app))
}

/// Where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetricsAt {
    /// With everything else.
    SameListener,
    /// On their own listener.
    OwnListener,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn refusals_are_said_once_for_every_handler_and_for_no_other() {
        let (_, openapi) = addresses(MetricsAt::SameListener);
        let document = serde_json::to_value(openapi).expect("a document can be written");
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let handlers = operations.filter_map(|(_, operation)| operation["operationId"].as_str());
        let handlers: BTreeSet<_> = handlers.collect();
        let lines: Vec<_> = REFUSALS.into_iter().flatten().map(|(handler, _)| *handler).collect();
        assert_eq!(lines.iter().copied().collect::<BTreeSet<_>>(), handlers);
        assert_eq!(lines.len(), handlers.len());
    }
}
