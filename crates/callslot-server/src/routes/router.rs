//! All addresses, and the OpenAPI document made from them: an address that is not documented cannot be added.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use callslot_api::ProblemCode as Code;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::reference::openapi::{self, Frame};
use crate::reference::page::{self, Documents};
use crate::refusal::Refusal;
use crate::routes::{
    agents, atoms, call_list, calls, events, health, history, keys, leases, orgs, reservations,
    sign_in,
};
use crate::state::App;
use crate::web_app::files::Dashboard;
use crate::{engine_stream, metrics};

/// All addresses with their document. Metrics are always in the document, wherever they are read.
fn addresses(metrics_at: MetricsAt) -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let metrics = OpenApiRouter::new().routes(routes!(metrics::read_metrics));
    let (all, mut openapi) = OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(calls::start_call, call_list::list_calls))
        .routes(routes!(calls::start_calls))
        .routes(routes!(calls::read_call))
        .routes(routes!(calls::claim_call))
        .routes(routes!(calls::end_call))
        .routes(routes!(reservations::read_pool))
        .routes(routes!(reservations::put_reservations))
        .routes(routes!(reservations::delete_reservations))
        .routes(routes!(agents::list_agents))
        .routes(routes!(agents::read_agent, agents::put_agent, agents::delete_agent))
        .routes(routes!(leases::open_lease))
        .routes(routes!(leases::renew_lease))
        .routes(routes!(leases::reconcile_lease))
        .routes(routes!(leases::end_lease))
        .routes(routes!(engine_stream::handshake::connect))
        .routes(routes!(events::follow_events))
        .routes(routes!(history::read_figures))
        .routes(routes!(atoms::read_atoms_pool))
        .routes(routes!(atoms::put_atoms_reservations))
        .routes(routes!(atoms::read_atoms_day))
        .routes(routes!(orgs::list_plans))
        .routes(routes!(orgs::read_plan, orgs::put_plan, orgs::delete_plan))
        .routes(routes!(orgs::list_orgs, orgs::create_org))
        .routes(routes!(orgs::read_org, orgs::change_org, orgs::delete_org))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(sign_in::sign_in, sign_in::read_session, sign_in::sign_out))
        .routes(routes!(sign_in::create_code))
        .routes(routes!(health::root))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(page::read_openapi))
        .routes(routes!(page::read_reference))
        .routes(routes!(page::read_style))
        .split_for_parts();
    let (metrics, of_metrics) = metrics.split_for_parts();
    openapi.merge(of_metrics);
    openapi::complete(&mut openapi);
    match metrics_at {
        MetricsAt::SameListener => (all.merge(metrics), openapi),
        MetricsAt::OwnListener => (all, openapi),
    }
}

/// The documents about the API, made once.
pub(crate) fn documents() -> &'static Documents {
    static DOCUMENTS: LazyLock<Documents> =
        LazyLock::new(|| Documents::of(&addresses(MetricsAt::SameListener).1));
    &DOCUMENTS
}

/// The OpenAPI document, as it is served at `/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    format!("{}\n", documents().openapi)
}

/// Every address. Metrics are left out where they have a listener of their own.
pub(crate) fn router(app: &Arc<App>, metrics_at: MetricsAt) -> Router {
    routes(metrics_at, &app.dashboard).with_state(Arc::clone(app))
}

/// The same, not yet of any server.
pub(crate) fn routes(metrics_at: MetricsAt, dashboard: &Dashboard) -> Router<Arc<App>> {
    let (all, _) = addresses(metrics_at);
    dashboard
        .add_to(all)
        .route_layer(middleware::from_fn(name_route))
        .method_not_allowed_fallback(async || {
            Refusal::new(
                Code::MethodNotAllowed,
                "this address does not take this method; /docs lists what it takes",
            )
        })
        .fallback(async || {
            Refusal::new(
                Code::UnknownRoute,
                "there is nothing at this address; /docs lists every address",
            )
        })
}

/// The addresses of a listener for metrics only.
pub(crate) fn metrics_router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics::read_metrics))
        .fallback(async || Refusal::new(Code::UnknownRoute, "there is only /metrics here"))
        .with_state(Arc::clone(app))
}

/// Where metrics are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetricsAt {
    /// With everything else.
    SameListener,
    /// On a listener of their own.
    OwnListener,
}

/// The route that answered, for the metrics.
#[derive(Debug, Clone)]
pub(crate) struct Route(pub(crate) Arc<str>);

/// Notes on the answer which route it came from.
async fn name_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| Route(path.as_str().into()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
