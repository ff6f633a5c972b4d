//! All addresses, and the OpenAPI document made from them: an address that is not documented cannot be added.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use callslot_api::ProblemCode as Code;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::docs::{self, Documents};
use crate::refusal::Refusal;
use crate::{agents, calls, concurrency, events, health, keys, leases, metrics, orgs};

/// The frame of the OpenAPI document; paths and types come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Callslot API",
        description = "Slots for calls of AI voice and chat agents. Every answer that is no success is a problem document \
            (RFC 9457). An operator's key acts inside an organisation with the header `callslot-org: <id>`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    security(("key" = [])),
    modifiers(&KeyScheme),
    components(schemas(
        callslot_api::CallChanged, callslot_api::ReservationsChanged, callslot_api::LimitChanged, callslot_api::AgentChanged
    )),
)]
struct Frame;

struct KeyScheme;

impl Modify for KeyScheme {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key: `callslot key create NAME ROLE` makes one."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}

/// The API's addresses and its document.
fn api() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(calls::start_call, calls::list_calls))
        .routes(routes!(calls::start_calls))
        .routes(routes!(calls::read_call))
        .routes(routes!(calls::claim_call))
        .routes(routes!(calls::end_call))
        .routes(routes!(concurrency::read_pool))
        .routes(routes!(concurrency::put_reservations))
        .routes(routes!(concurrency::delete_reservations))
        .routes(routes!(agents::list_agents))
        .routes(routes!(agents::read_agent, agents::put_agent, agents::delete_agent))
        .routes(routes!(leases::open_lease))
        .routes(routes!(leases::renew_lease))
        .routes(routes!(leases::reconcile_lease))
        .routes(routes!(leases::end_lease))
        .routes(routes!(events::follow_events))
        .routes(routes!(orgs::list_plans))
        .routes(routes!(orgs::read_plan, orgs::put_plan, orgs::delete_plan))
        .routes(routes!(orgs::list_orgs, orgs::create_org))
        .routes(routes!(orgs::read_org, orgs::change_org, orgs::delete_org))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .split_for_parts()
}

/// The OpenAPI document, as it is served at `/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    let mut json = Documents::of(&api().1).openapi.to_string();
    json.push('\n');
    json
}

/// Every address. Metrics are left out where they have a listener of their own.
pub(crate) fn router(app: &Arc<App>, with_metrics: MetricsAt) -> Router {
    let (api, openapi) = api();
    let documents = Documents::of(&openapi);
    let (spec, reference) = (documents.clone(), documents);
    let mut all = api
        .route("/", get(health::root))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(async move || spec.openapi_answer()))
        .route("/docs", get(async move || reference.reference_answer()))
        .route("/docs/style.css", get(docs::style));
    if with_metrics == MetricsAt::SameListener {
        all = all.route("/metrics", get(metrics::read_metrics));
    }
    all.route_layer(middleware::from_fn(name_route))
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
        .with_state(Arc::clone(app))
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
