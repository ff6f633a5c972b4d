//! Webhooks: their settings, their state, what was delivered, a test, and delivering again.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, StatusCode};
use bytes::Bytes;
use callslot_api::limits::{MAX_WEBHOOKS, WEBHOOK_GRACE_S};
use callslot_api::{
    Delivery, Page, ProblemCode as Code, Redeliver, Webhook, WebhookCreate, WebhookPatch,
    WebhookRotate, WebhookTested, id,
};
use callslot_core::{Org, OrgId, Sequence, Timestamp};
use callslot_node::{Unavailable, events_after, wall_now};
use callslot_store::{PendingDelivery, WebhookMessage, WebhookPlace};
use callslot_webhooks::Secret;

use crate::actions::webhooks::{changed, checked, redelivered};
use crate::auth::roles::MayConfigure;
use crate::auth::secrets::{new_bytes, new_id};
use crate::convert::webhooks::{delivery, webhook_json};
use crate::extract::body::{Json, NoBody, OptionalJson};
use crate::extract::field::in_range;
use crate::extract::pagination::{List, PageParams, bad_cursor, page_limit};
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;
use crate::webhooks::known::Known;
use crate::webhooks::limits::MAX_WEBHOOKS_OF_ALL;
use crate::webhooks::message::{message, sign, test_message, wanted};
use crate::webhooks::registry::GoOn;
use crate::webhooks::sender::Sender;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("list_webhooks", &[]),
    ("create_webhook", &[Code::TooManyWebhooks]),
    ("read_webhook", &[Code::UnknownWebhook]),
    ("change_webhook", &[Code::UnknownWebhook]),
    ("delete_webhook", &[Code::UnknownWebhook]),
    ("rotate_webhook", &[Code::UnknownWebhook, Code::SecretInUse]),
    ("test_webhook", &[Code::UnknownWebhook]),
    ("redeliver", &[Code::UnknownWebhook, Code::CursorExpired, Code::CursorAhead]),
    ("list_deliveries", &[Code::UnknownWebhook]),
];

/// An answer with a secret, which nobody may store.
type WithSecret = ([(HeaderName, &'static str); 1], JsonBody<Webhook>);

const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

/// List webhooks
///
/// Those of the organisation with their states, without their secrets.
#[utoipa::path(get, path = "/v1/webhooks", tag = "Webhooks", security(("key" = ["admin"])), params(PageParams),
    responses((status = 200, description = "A page of webhooks, by id", body = Page<Webhook>)))]
pub(crate) async fn list_webhooks(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Webhook>>, Refusal> {
    let page = params.of(List::Webhooks)?;
    let as_of = as_of(&app, &org).await?;
    let all = app.webhooks.list(Some(&org)).into_iter();
    let all = all.map(|known| webhook_json(&known, as_of));
    Ok(JsonBody(page.take(all, |webhook| &webhook.id, |webhook| webhook)))
}

/// Create a webhook
///
/// It gets the events that happen from now on. The answer is the only one that shows the secret with which deliveries are signed, as
/// [Standard Webhooks 1.0](https://www.standardwebhooks.com) says.
#[utoipa::path(post, path = "/v1/webhooks", tag = "Webhooks", security(("key" = ["admin"])), request_body = WebhookCreate,
    responses((status = 201, description = "The webhook; its secret is only in this answer", body = Webhook,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn create_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    Json(create): Json<WebhookCreate>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], JsonBody<Webhook>), Refusal> {
    let as_of = as_of(&app, &org).await?;
    let secret = Secret::of(new_bytes::<32>().to_vec());
    let webhook = callslot_store::Webhook {
        id: new_id("wh"),
        secret: secret.bytes().to_vec(),
        ..checked(&create, org, app.webhooks.shared.outbound.allowed())?
    };
    let place = WebhookPlace { sequence: as_of, ..WebhookPlace::default() };
    let most = (MAX_WEBHOOKS, MAX_WEBHOOKS_OF_ALL);
    let added = app.webhooks.add(actor, webhook, place, most).await?.ok_or_else(too_many)?;
    let mut json = webhook_json(&added, as_of);
    json.secret = Some(secret.written());
    Ok((StatusCode::CREATED, NO_STORE, JsonBody(json)))
}

/// Read a webhook
///
/// Its settings and its state: whether deliveries are taken, the last success, the last failure with its cause, and how far it is behind.
#[utoipa::path(get, path = "/v1/webhooks/{id}", tag = "Webhooks", security(("key" = ["admin"])),
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 200, description = "The webhook", body = Webhook)))]
pub(crate) async fn read_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
) -> Result<JsonBody<Webhook>, Refusal> {
    let known = find(&app, &org, &id)?;
    shown(&app, &org, &known).await.map(JsonBody)
}

/// Change a webhook
///
/// What is left out stays. `enabled` false disables it; true lets it go on from where it was, with all attempts anew.
#[utoipa::path(patch, path = "/v1/webhooks/{id}", tag = "Webhooks", security(("key" = ["admin"])), request_body = WebhookPatch,
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 200, description = "The webhook", body = Webhook)))]
pub(crate) async fn change_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
    Json(patch): Json<WebhookPatch>,
) -> Result<JsonBody<Webhook>, Refusal> {
    let before = find(&app, &org, &id)?.settings();
    // What is wrong with the patch is found before anything stops.
    let allowed = app.webhooks.shared.outbound.allowed();
    changed(&before, &patch, allowed)?;
    let change = |webhook: &mut callslot_store::Webhook| {
        if let Ok(changed) = changed(webhook, &patch, allowed) {
            *webhook = changed;
        }
    };
    let is_enabled_again = patch.enabled == Some(true) && before.disabled.is_some();
    let go_on = if is_enabled_again { GoOn::Anew } else { GoOn::There };
    let known = app.webhooks.change((&org, &id), actor, change, go_on).await?;
    let known = known.ok_or_else(unknown_webhook)?;
    shown(&app, &org, &known).await.map(JsonBody)
}

/// Delete a webhook
///
/// It gets nothing any more, also nothing of what it has not had yet.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "Webhooks", security(("key" = ["admin"])),
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
) -> Result<StatusCode, Refusal> {
    let was_there = app.webhooks.remove((&org, &id), Some(actor)).await?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(unknown_webhook()) }
}

/// Rotate a webhook's secret
///
/// The new secret is only in this answer. For 24 hours, or `grace_s`, deliveries carry a signature with each of both. Until then it is not
/// rotated again, unless `grace_s` is 0.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate", tag = "Webhooks", security(("key" = ["admin"])), request_body = Option<WebhookRotate>,
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 200, description = "The webhook; its new secret is only in this answer", body = Webhook,
        headers(("cache-control" = String, description = "`no-store`")))))]
pub(crate) async fn rotate_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
    OptionalJson(rotate): OptionalJson<WebhookRotate>,
) -> Result<WithSecret, Refusal> {
    let grace_s = rotate.grace_s.unwrap_or(WEBHOOK_GRACE_S);
    let grace_s = in_range("grace_s", grace_s, (0, WEBHOOK_GRACE_S))?;
    let before = find(&app, &org, &id)?;
    if grace_s > 0
        && let Some(until) = before.grace().until(&before.settings(), wall_now())
    {
        return Err(still_signs(until));
    }
    let former = before.settings().secret.clone();
    let secret = Secret::of(new_bytes::<32>().to_vec());
    let until = Timestamp(wall_now().0 + grace_s * 1000);
    let new = secret.bytes().to_vec();
    let change = move |webhook: &mut callslot_store::Webhook| {
        // Of two rotations at once the second is refused below.
        if webhook.secret == former || grace_s == 0 {
            let old = std::mem::replace(&mut webhook.secret, new);
            webhook.old_secret = (grace_s > 0).then_some((old, until));
        }
    };
    let known = app.webhooks.change((&org, &id), actor, change, GoOn::There).await?;
    let known = known.ok_or_else(unknown_webhook)?;
    if known.settings().secret != secret.bytes() {
        let until = known.grace().until(&known.settings(), wall_now());
        return Err(still_signs(until.unwrap_or_else(wall_now)));
    }
    let mut json = shown(&app, &org, &known).await?;
    json.secret = Some(secret.written());
    Ok((NO_STORE, JsonBody(json)))
}

/// Test a webhook
///
/// Sends the event `webhook.test` now, once, and answers with what the receiver said within 15 s. A disabled webhook can be tested too.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", tag = "Webhooks", security(("key" = ["admin"])),
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 200, description = "What the receiver said", body = WebhookTested)))]
pub(crate) async fn test_webhook(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
    _: NoBody,
) -> Result<JsonBody<WebhookTested>, Refusal> {
    let found = find(&app, &org, &id)?;
    let webhook = found.settings();
    let now = wall_now();
    let WebhookMessage { id, body, .. } = test_message(&org, new_id("test"), now);
    let signed = sign((&webhook, found.grace()), &id, &body, now);
    let room = Arc::clone(&app.webhooks.shared.room).try_acquire_owned();
    let _room = room.map_err(|_| Refusal::from(Unavailable::Overloaded))?;
    let sender = Sender::new(&app.webhooks.shared.outbound);
    let answer = sender.send(&webhook.url, &signed, Bytes::from(body)).await;
    Ok(JsonBody(WebhookTested {
        taken: answer.is_taken(),
        status: answer.status.map(|status| status.as_u16()),
        duration_ms: u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX),
        cause: answer.said_cause(),
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    }))
}

/// Deliver again
///
/// Everything after an event's number, or single events by the ids of their deliveries, as far as the log still has them. With `after`
/// the webhook goes on from there: what waited to be tried again comes with the rest.
#[utoipa::path(post, path = "/v1/webhooks/{id}/redeliver", tag = "Webhooks", security(("key" = ["admin"])), request_body = Redeliver,
    params(("id" = id::WebhookId, Path, description = "The webhook's id")),
    responses((status = 200, description = "The webhook", body = Webhook)))]
pub(crate) async fn redeliver(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<String>,
    Json(body): Json<Redeliver>,
) -> Result<JsonBody<Webhook>, Refusal> {
    let known = find(&app, &org, &id)?;
    let as_of = as_of(&app, &org).await?;
    let go_on = match redelivered(&body)? {
        crate::actions::webhooks::Again::After(after) => {
            // It says whether the log still has them.
            app.node.follow(org.clone(), Some(after)).await?;
            let state = known.state().place;
            let place = WebhookPlace { sequence: after, beyond: vec![], ..state };
            GoOn::From(Box::new(place))
        }
        crate::actions::webhooks::Again::These(ids) => {
            let mut again = Vec::new();
            for (id, sequence) in ids {
                again.push(kept_event(&app, &known, (&id, sequence), as_of).await?);
            }
            GoOn::With(again)
        }
    };
    let known = app.webhooks.change((&org, &id), actor, |_| {}, go_on).await?;
    let known = known.ok_or_else(unknown_webhook)?;
    shown(&app, &org, &known).await.map(JsonBody)
}

/// List deliveries
///
/// The newest 500 attempts of the webhook, newest first.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", tag = "Webhooks", security(("key" = ["admin"])),
    params(("id" = id::WebhookId, Path, description = "The webhook's id"), PageParams),
    responses((status = 200, description = "A page of attempts, newest first", body = Page<Delivery>)))]
pub(crate) async fn list_deliveries(
    State(app): State<Arc<App>>,
    MayConfigure(_, org): MayConfigure,
    PathId(id): PathId<String>,
    Params(params): Params<PageParams>,
) -> Result<JsonBody<Page<Delivery>>, Refusal> {
    find(&app, &org, &id)?;
    let limit = page_limit(params.limit)?;
    let place = |cursor: &str| List::Deliveries.place::<u64>(cursor).ok_or_else(bad_cursor);
    let before = params.cursor.as_deref().map(place).transpose()?;
    let read = app.node.in_store(move |store| store.attempts(&id, before, limit + 1));
    let mut attempts = read.await?;
    let has_more = attempts.len() > limit;
    attempts.truncate(limit);
    let last = attempts.last().filter(|_| has_more);
    let next = last.map(|(number, _)| List::Deliveries.cursor(number));
    let items = attempts.iter().map(|(_, attempt)| delivery(attempt)).collect();
    Ok(JsonBody(Page { items, next }))
}

/// The delivery of an event of the log, to be sent again now.
async fn kept_event(
    app: &App,
    known: &Known,
    (id, sequence): (&str, Sequence),
    as_of: Sequence,
) -> Result<(PendingDelivery, WebhookMessage), Refusal> {
    let webhook = known.settings();
    let gone = |detail: &str| {
        Refusal::new(Code::CursorExpired, format!("{detail}: {id}; it cannot be delivered again"))
    };
    if sequence.0 == 0 || sequence > as_of {
        return Err(gone("there is no event with this id"));
    }
    let (org, after) = (webhook.org.clone(), Sequence(sequence.0 - 1));
    let read = app.node.in_store_of(&webhook.org, move |store| {
        let mut from = None;
        loop {
            let (events, next) = events_after(store, &org, after, from)?;
            if !events.is_empty() || next.is_none() {
                return Ok(events.into_iter().next());
            }
            from = next;
        }
    });
    let event = read.await?.filter(|event| event.sequence == sequence);
    let event = event.ok_or_else(|| gone("the log no longer has this event"))?;
    let message = message(&webhook.org, &event);
    if message.id != id {
        return Err(gone("there is no event with this id"));
    }
    let wanted = wanted(&webhook, &event);
    let pending = PendingDelivery {
        sequence,
        key: wanted.and_then(|wanted| wanted.key),
        attempts: 0,
        due_at: Timestamp(0),
        is_dispatch: wanted.is_some_and(|wanted| wanted.is_dispatch),
    };
    Ok((pending, message))
}

async fn as_of(app: &App, org: &OrgId) -> Result<Sequence, Refusal> {
    let as_of = app.node.read(org, |found, _| found.map(Org::as_of)).await?;
    as_of.ok_or_else(|| callslot_core::Rejection::UnknownOrg { org: org.clone() }.into())
}

async fn shown(app: &App, org: &OrgId, known: &Known) -> Result<Webhook, Refusal> {
    Ok(webhook_json(known, as_of(app, org).await?))
}

fn find(app: &App, org: &OrgId, id: &str) -> Result<Arc<Known>, Refusal> {
    app.webhooks.find(org, id).ok_or_else(unknown_webhook)
}

fn unknown_webhook() -> Refusal {
    Refusal::new(Code::UnknownWebhook, "there is no such webhook; GET /v1/webhooks lists them")
}

fn still_signs(until: Timestamp) -> Refusal {
    Refusal::new(
        Code::SecretInUse,
        format!(
            "the secret before this webhook's own signs until {}, as its last rotation promised; rotate it after that, or end it now with \
             `grace_s` 0",
            crate::convert::time(until)
        ),
    )
}

fn too_many() -> Refusal {
    let refusal = Refusal::new(
        Code::TooManyWebhooks,
        format!(
            "the organisation has {MAX_WEBHOOKS} webhooks, or the server {MAX_WEBHOOKS_OF_ALL}, which is the most; delete those that \
             nobody uses with DELETE /v1/webhooks/{{id}}"
        ),
    );
    refusal.number("max_webhooks", MAX_WEBHOOKS as u64)
}
