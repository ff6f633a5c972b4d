//! The OpenAPI document: its frame, and what holds for many addresses and is said in one place.
//!
//! Paths, parameters, bodies and successes come from the handlers, and so do the refusals that follow from what a handler
//! does. Those that follow from what an address takes are added here; tests hold every answer against the document.

use std::collections::BTreeMap;

use callslot_api::ProblemCode as Code;
use serde_json::Value;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
    PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, ContentBuilder, Header, ObjectBuilder, OneOfBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder, ResponsesBuilder, Type,
};
use utoipa::{Modify, OpenApi};

use crate::auth::cookies::SESSION_COOKIE;
use crate::reference::example::example;
use crate::reference::unions::{name_variants, remove_unused};

/// The tag of addresses that everyone may ask without a key.
pub(crate) const SERVER: &str = "Server";
/// The tag of addresses that answer as the Atoms platform does.
const ATOMS: &str = "Atoms";
/// The tag of addresses that are about who asks, in whichever organisation.
pub(crate) const SESSIONS: &str = "Sessions";
/// The tag of addresses that are about no single organisation.
const OPERATOR: &str = "Operator";
/// What an operator who names no organisation does with the keys of all of them.
const KEYS_OF_ALL: [&str; 3] = ["list_keys", "rotate_key", "revoke_key"];

/// The handlers of a file, and the codes with which each refuses because of what it does.
pub(crate) type Refusals = &'static [(&'static str, &'static [Code])];
/// What the data of a server-sent event can be.
const EVENT_DATA: [&str; 9] = [
    "CallChanged",
    "ReservationsChanged",
    "LimitChanged",
    "AgentChanged",
    "TypeChanged",
    "GateChanged",
    "AlertChanged",
    "AlertHasOpened",
    "AlertHasClosed",
];
/// What is sent on `GET /v1/connect` and to webhooks: types that no operation of HTTP can refer to.
const SENT_ELSEWHERE: [&str; 4] = ["ClientFrame", "ServerFrame", "WebhookAnswer", "WebhookEvent"];

/// The frame of the OpenAPI document; paths and types come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Callslot API",
        description = "Slots for calls of AI voice and chat agents. Every answer that is no success is a problem document \
            (RFC 9457), or below `/atoms/v1`, where clients of the Atoms platform find what they know, an `AtomsErrors`. Every \
            answer carries its request's id in `x-request-id`. Answers with the statuses 429 and 503 \
            say in `retry-after` when to come back. The role that stands with an address is the least that may ask it; each \
            may do what those before it may: `viewer`, `engine`, `admin`, `operator`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "The Callslot developers"),
    ),
    servers((url = "/", description = "The server that serves this document")),
    tags(
        (name = "Calls", description = "Starting, reading, claiming, declining and ending calls"),
        (name = "Concurrency", description = "The pool of slots, and what is reserved of it"),
        (name = "Agents", description = "The bots that handle calls"),
        (name = "Types", description = "The settings of call types"),
        (name = "Gates", description = "Named limits that calls pass on their way to a slot: trunks, campaigns, customers, numbers"),
        (name = "Leases", description = "Signs of life of the processes that run calls"),
        (name = "Events", description = "Everything public that happens in an organisation"),
        (name = "History", description = "Figures over time"),
        (name = "Audit", description = "Who changed what, and putting it back"),
        (name = "Keys", description = "API keys and their roles"),
        (name = "Webhooks", description = "Events sent to addresses of the organisation, with calls that the receiver claims"),
        (name = "Alerts", description = "Rules that say of which figures somebody wants to know, and what is open"),
        (name = "Sessions", description = "Signing browsers in and out"),
        (name = "Operator", description = "Organisations and plans, for the operator"),
        (name = "Atoms", description = "Concurrency in the form that clients of the Atoms platform expect"),
        (name = "Server", description = "Health, metrics, the API's description and the dashboard"),
    ),
    modifiers(&Schemes),
    components(schemas(
        callslot_api::CallChanged, callslot_api::ReservationsChanged, callslot_api::LimitChanged,
        callslot_api::AgentChanged, callslot_api::TypeChanged, callslot_api::GateChanged, callslot_api::AlertChanged, callslot_api::AlertHasOpened,
        callslot_api::AlertHasClosed, callslot_api::Problem, callslot_api::AtomsErrors, callslot_api::ClientFrame,
        callslot_api::ServerFrame, callslot_api::WebhookEvent, callslot_api::WebhookAnswer
    )),
)]
pub(crate) struct BaseDocument;

struct Schemes;

impl Modify for Schemes {
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
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            SESSION_COOKIE,
            "A browser that is signed in: `POST /v1/session` sets the cookie, which opens what the key opens. A request that \
             is no GET or HEAD must come from a page of this server. A key in `authorization` goes before it.",
        ));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Adds what the handlers do not say: the header that names an organisation, how each address is refused, the headers of
/// answers, and an example of each body. `own` has a line for every handler.
pub(crate) fn complete(openapi: &mut utoipa::openapi::OpenApi, own: &[Refusals]) {
    let mut shared = BTreeMap::new();
    for (method, operation) in openapi.paths.paths.values_mut().flat_map(operations) {
        let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
        if is_in_org(&tag) {
            operation.parameters.get_or_insert_default().push(RefOr::T(org_header()));
        }
        if let Some(role) = least_role(operation) {
            let session = SecurityRequirement::new("session", [role]);
            operation.security.get_or_insert_default().push(session);
        }
        for (status, codes) in by_status(&refusals(&method, operation, &tag, own)) {
            let mut name = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(".");
            if tag == ATOMS {
                name.insert_str(0, "atoms.");
            }
            let reference = Ref::from_response_name(&name);
            let response = || RefOr::T(problem(status, &described(&codes), &tag));
            shared.entry(name).or_insert_with(response);
            operation.responses.responses.insert(status.to_string(), RefOr::Ref(reference));
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                add_header(response, "x-request-id", "The request's id, to find it in the log");
            }
        }
        if let Some(body) = body_of(operation) {
            cannot_be_null(body);
        }
    }
    let components = openapi.components.get_or_insert_default();
    components.responses.extend(shared);
    name_variants(&mut components.schemas);
    if let Some(RefOr::T(Schema::Object(renewal))) = components.schemas.get_mut("LeaseRenew") {
        // The attributes of a type have no word for it.
        let together = serde_json::json!({ "count": ["digest"], "digest": ["count"] });
        let extensions = renewal.extensions.get_or_insert_default();
        extensions.insert("dependentRequired".into(), together);
    }
    if let Some(RefOr::T(Schema::Object(event))) = components.schemas.get_mut("ServerSentEvent")
        && let Some(RefOr::T(Schema::Object(data))) = event.properties.get_mut("data")
    {
        let types = EVENT_DATA.map(|name| RefOr::Ref(Ref::from_schema_name(name)));
        let one_of = types.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item);
        data.content_schema = Some(Box::new(RefOr::T(one_of.into())));
    }
    remove_unused(openapi, &SENT_ELSEWHERE);
    add_examples(openapi);
    openapi.webhooks = Some(PathsBuilder::new().path("event", delivery()).build());
}

/// What a webhook's receiver gets, and what it may answer.
fn delivery() -> PathItem {
    let json =
        |schema: &str| ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
    let header = |name: &str, description: &str| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .build()
    };
    let taken = ResponseBuilder::new()
        .description("Any 2xx: it is taken. To `call.started` of a call that is to be claimed, it is the claim")
        .build();
    let declined = ResponseBuilder::new()
        .description("Anything else: it is tried again; 410 disables the webhook. A dispatched call can be declined, with this body or a 503 with `retry-after`")
        .content("application/json", json("WebhookAnswer"))
        .build();
    let responses = ResponsesBuilder::new().response("2XX", taken).response("default", declined);
    let body = RequestBodyBuilder::new()
        .content("application/json", json("WebhookEvent"))
        .required(Some(Required::True))
        .build();
    let operation = OperationBuilder::new()
        .tag("Webhooks")
        .summary(Some("An event, or a test"))
        .parameter(header("webhook-id", "The event's id, the same each time it comes"))
        .parameter(header("webhook-timestamp", "When it was sent, in seconds since the Unix epoch"))
        .parameter(header("webhook-signature", "`v1,` and HMAC-SHA256 in base64; several with a space between them while the secret is rotated"))
        .request_body(Some(body))
        .responses(responses.build())
        .build();
    PathItem::new(HttpMethod::Post, operation)
}

/// Gives each body an example, which the reference shows as well.
fn add_examples(openapi: &mut utoipa::openapi::OpenApi) {
    let document = serde_json::to_value(&*openapi).expect("an OpenAPI document can be written");
    for (_, operation) in openapi.paths.paths.values_mut().flat_map(operations) {
        if let Some(body) = body_of(operation) {
            let schema: Value =
                serde_json::to_value(&body.schema).expect("a schema can be written");
            body.example = Some(example(&document, &schema));
        }
    }
}

fn body_of(operation: &mut Operation) -> Option<&mut Content> {
    let Some(RefOr::T(body)) = operation.request_body.as_mut() else {
        return None;
    };
    match body.content.get_mut("application/json")? {
        RefOr::T(content) => Some(content),
        RefOr::Ref(_) => None,
    }
}

/// A body that may be left out is not one that may be `null`.
fn cannot_be_null(body: &mut Content) {
    if let Some(RefOr::T(Schema::OneOf(choices))) = &body.schema {
        let choice = choices.items.iter().find(|choice| matches!(choice, RefOr::Ref(_))).cloned();
        body.schema = choice.or_else(|| body.schema.clone());
    }
}

fn add_header(response: &mut Response, name: &str, description: &str) {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String).build());
    header.description = Some(description.into());
    response.headers.insert(name.into(), RefOr::T(header));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    let all = [
        (HttpMethod::Get, get),
        (HttpMethod::Post, post),
        (HttpMethod::Put, put),
        (HttpMethod::Patch, patch),
        (HttpMethod::Delete, delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The least role of a key that may ask it; none when anyone may.
fn least_role(operation: &Operation) -> Option<String> {
    let security = serde_json::to_value(&operation.security).expect("a requirement can be written");
    security[0]["key"][0].as_str().map(str::to_owned)
}

/// Whether addresses with this tag act in one organisation.
fn is_in_org(tag: &str) -> bool {
    ![SERVER, SESSIONS, OPERATOR].contains(&tag)
}

/// Every code with which an address may answer.
fn refusals(method: &HttpMethod, operation: &Operation, tag: &str, own: &[Refusals]) -> Vec<Code> {
    let handler = operation.operation_id.as_deref().unwrap_or_default();
    let of_handler = own.iter().copied().flatten().find(|(name, _)| *name == handler);
    let (_, codes) = of_handler.unwrap_or_else(|| panic!("`{handler}` is not in `REFUSALS`"));
    // Of every address: `host` is checked first.
    let mut codes = [*codes, &[Code::MalformedRequest]].concat();
    if least_role(operation).is_some() {
        codes.extend([
            Code::MalformedRequest,
            Code::Unauthenticated,
            Code::KeyExpired,
            Code::Forbidden,
            Code::InvalidField,
            Code::RateLimited,
            Code::Overloaded,
            Code::StoreFailed,
            Code::ShuttingDown,
        ]);
        if *method != HttpMethod::Get {
            codes.push(Code::CrossSite);
        }
    }
    if operation.request_body.is_some() {
        codes.extend([
            Code::MalformedBody,
            Code::MalformedRequest,
            Code::RequestTimeout,
            Code::BodyTooLarge,
            Code::UnsupportedMediaType,
            Code::TooManyBodies,
        ]);
    }
    if is_in_org(tag) && !KEYS_OF_ALL.contains(&handler) {
        codes.extend([Code::OrgNotNamed, Code::UnknownOrg]);
    }
    codes
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

fn problem(status: u16, description: &str, tag: &str) -> Response {
    let (media_type, schema) = match tag {
        ATOMS => ("application/json", "AtomsErrors"),
        _ => ("application/problem+json", "Problem"),
    };
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
    let mut response =
        ResponseBuilder::new().description(description).content(media_type, content).build();
    add_header(&mut response, "x-request-id", "The request's id, to find it in the log");
    match status {
        401 => add_header(&mut response, "www-authenticate", "`Bearer`"),
        426 => add_header(&mut response, "upgrade", "`websocket`"),
        429 | 503 => add_header(&mut response, "retry-after", "When to come back, in seconds"),
        _ => {}
    }
    response
}

fn org_header() -> Parameter {
    ParameterBuilder::new()
        .name("callslot-org")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The id of the organisation to act in. An operator's key needs it, except to list, rotate or revoke keys of all; any \
             other key acts in its own.",
        ))
        .schema(Some(Ref::from_schema_name("OrgId")))
        .build()
}
