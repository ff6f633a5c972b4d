//! The OpenAPI document: its frame, and what holds for many addresses and is said in one place.
//!
//! Paths, parameters, bodies and successes come from the handlers. How each is refused is listed here, because most of it
//! follows from what an address takes; tests hold every answer against it.

use std::collections::BTreeMap;

use callslot_api::ProblemCode as Code;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Type,
};
use utoipa::{Modify, OpenApi};

/// The tag of addresses that everyone may ask without a key.
pub(crate) const SERVER: &str = "Server";
/// The tag of addresses that are about no single organisation.
const OPERATOR: &str = "Operator";

/// The frame of the OpenAPI document; paths and types come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Callslot API",
        description = "Slots for calls of AI voice and chat agents. Every answer that is no success is a problem document \
            (RFC 9457), and every answer carries its request's id in `x-request-id`. Answers with the statuses 429 and 503 \
            say in `retry-after` when to come back.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    modifiers(&KeyScheme),
    components(schemas(
        callslot_api::CallChanged, callslot_api::ReservationsChanged, callslot_api::LimitChanged,
        callslot_api::AgentChanged, callslot_api::Problem
    )),
)]
pub(crate) struct Frame;

struct KeyScheme;

impl Modify for KeyScheme {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API key: `callslot key create NAME ROLE` makes one. An operation names the least role that it needs: \
                 viewer, engine, admin or operator; each may do what those before it may.",
            ))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}

/// Adds what the handlers do not say: the header that names an organisation, and how each address is refused.
pub(crate) fn complete(openapi: &mut utoipa::openapi::OpenApi) {
    let mut shared = BTreeMap::new();
    for operation in openapi.paths.paths.values_mut().flat_map(operations) {
        let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
        if ![SERVER, OPERATOR].contains(&tag.as_str()) {
            operation.parameters.get_or_insert_default().push(RefOr::T(org_header()));
        }
        for (status, codes) in by_status(&refusals(operation, &tag)) {
            let name = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(".");
            let reference = Ref::from_response_name(&name);
            shared.entry(name).or_insert_with(|| RefOr::T(problem(&described(&codes))));
            operation.responses.responses.insert(status.to_string(), RefOr::Ref(reference));
        }
    }
    openapi.components.get_or_insert_default().responses.extend(shared);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    [get, post, put, patch, delete].into_iter().flatten()
}

/// Every code with which an address may answer.
fn refusals(operation: &Operation, tag: &str) -> Vec<Code> {
    let own = own_refusals(operation.operation_id.as_deref().unwrap_or_default());
    if tag == SERVER {
        return own.to_vec();
    }
    let mut codes = vec![
        Code::Unauthenticated,
        Code::Forbidden,
        Code::InvalidField,
        Code::RateLimited,
        Code::Overloaded,
        Code::StoreFailed,
        Code::ShuttingDown,
    ];
    if operation.request_body.is_some() {
        codes.extend([
            Code::MalformedBody,
            Code::RequestTimeout,
            Code::BodyTooLarge,
            Code::UnsupportedMediaType,
        ]);
    }
    if operation.parameters.iter().flatten().any(is_in_path) {
        codes.push(Code::MalformedRequest);
    }
    if tag != OPERATOR {
        codes.extend([Code::OrgNotNamed, Code::UnknownOrg]);
    }
    codes.extend(own);
    codes
}

/// The codes that follow from what an address does, by the name of its handler.
fn own_refusals(handler: &str) -> &'static [Code] {
    match handler {
        "start_call" => &[
            Code::UnknownAgent,
            Code::LeaseExpired,
            Code::CallIdTaken,
            Code::LeaseFull,
            Code::QueueFull,
        ],
        "read_call" | "end_call" => &[Code::UnknownCall],
        "claim_call" => &[Code::UnknownCall, Code::CallNotDispatched, Code::CallHasEnded],
        "put_reservations" => &[
            Code::UnknownAgent,
            Code::ReservationsExceedLimit,
            Code::ReservationsExceedCap,
            Code::VersionMismatch,
        ],
        "delete_reservations" => &[Code::UnknownAgent, Code::VersionMismatch],
        "read_agent" => &[Code::UnknownAgent],
        "put_agent" => &[Code::CapBelowReservations],
        "delete_agent" => &[Code::UnknownAgent, Code::AgentInUse],
        "renew_lease" | "reconcile_lease" | "end_lease" => &[Code::LeaseExpired],
        "follow_events" => &[Code::CursorExpired],
        "read_plan" => &[Code::UnknownPlan],
        "put_plan" => &[Code::LimitBelowReservations],
        "delete_plan" => &[Code::UnknownPlan, Code::PlanInUse],
        "read_org" => &[Code::UnknownOrg],
        "create_org" => &[Code::UnknownPlan, Code::OrgExists],
        "change_org" => &[Code::UnknownOrg, Code::UnknownPlan, Code::LimitBelowReservations],
        "delete_org" => &[Code::UnknownOrg, Code::OrgInUse],
        "revoke_key" => &[Code::UnknownKey, Code::KeyInUse],
        "alive" => &[Code::InvalidField],
        "ready" => &[Code::InvalidField, Code::StoreFailed, Code::ShuttingDown],
        "read_metrics" => {
            &[Code::InvalidField, Code::Overloaded, Code::StoreFailed, Code::ShuttingDown]
        }
        _ => &[],
    }
}

fn by_status(codes: &[Code]) -> BTreeMap<u16, Vec<Code>> {
    // In the order in which the codes are declared, so that equal sets have equal names.
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().filter(|code| codes.contains(code)) {
        by_status.entry(code.status()).or_default().push(*code);
    }
    by_status
}

fn described(codes: &[Code]) -> String {
    let described: Vec<_> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    described.join("; ")
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

fn org_header() -> Parameter {
    ParameterBuilder::new()
        .name("callslot-org")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The id of the organisation to act in. An operator's key needs it; any other key acts in its own.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn is_in_path(parameter: &RefOr<Parameter>) -> bool {
    match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Path,
        RefOr::Ref(_) => false,
    }
}
