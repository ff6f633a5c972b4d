//! Checks of a webhook's settings, and of what is to be delivered again.

use std::net::IpAddr;
use std::num::NonZeroU16;

use callslot_api::limits::{
    MAX_NOTE_CHARS, MAX_WEBHOOK_EVENTS, MAX_WEBHOOK_NAMES, MAX_WEBHOOK_URL_BYTES,
};
use callslot_api::{CallType, Redeliver, WebhookCreate, WebhookPatch};
use callslot_core::{OrgId, Sequence};
use callslot_node::wall_now;
use callslot_store::Webhook;
use callslot_webhooks::Allowed;
use hyper::Uri;

use crate::convert;
use crate::convert::events::EVENT_NAMES;
use crate::extract::field::{TextId, at_most, checked_ids, quoted, seen, text};
use crate::refusal::Refusal;
use crate::webhooks::alerts::BY_AN_ADMIN;
use crate::webhooks::message::{EVERY_EVENT, sequence_of};

/// What is to be delivered again.
pub(crate) enum Again {
    /// Everything after this event.
    After(Sequence),
    /// These events, by their ids.
    These(Vec<(String, Sequence)>),
}

/// Checks a webhook to create. Its id and its secret are still to be given to it.
pub(crate) fn checked(
    create: &WebhookCreate,
    org: OrgId,
    allowed: &Allowed,
) -> Result<Webhook, Refusal> {
    let said = create.description.as_deref();
    Ok(Webhook {
        id: String::new(),
        org,
        url: url(&create.url, allowed)?,
        events: events(&create.events)?,
        agents: ids("agents", create.agents.as_deref())?,
        types: types(create.types.as_deref())?,
        gates: ids("gates", create.gates.as_deref())?,
        description: said.map(description).transpose()?,
        claims: create.claims.unwrap_or(true),
        secret: Vec::new(),
        old_secret: None,
        created_at: wall_now(),
        disabled: None,
    })
}

/// Checks a change, and makes it.
pub(crate) fn changed(
    before: &Webhook,
    patch: &WebhookPatch,
    allowed: &Allowed,
) -> Result<Webhook, Refusal> {
    let mut webhook = before.clone();
    if let Some(address) = &patch.url {
        webhook.url = url(address, allowed)?;
    }
    if let Some(names) = &patch.events {
        webhook.events = events(names)?;
    }
    if let Some(agents) = &patch.agents {
        webhook.agents = ids("agents", agents.as_deref())?;
    }
    if let Some(wanted) = &patch.types {
        webhook.types = types(wanted.as_deref())?;
    }
    if let Some(gates) = &patch.gates {
        webhook.gates = ids("gates", gates.as_deref())?;
    }
    if let Some(said) = &patch.description {
        webhook.description = said.as_deref().map(description).transpose()?;
    }
    if let Some(claims) = patch.claims {
        webhook.claims = claims;
    }
    match patch.enabled {
        Some(true) => webhook.disabled = None,
        // Whatever disabled it before: it is the admin's decision now.
        Some(false) => webhook.disabled = Some(BY_AN_ADMIN.to_owned()),
        None => {}
    }
    Ok(webhook)
}

/// Checks what is to be delivered again.
pub(crate) fn redelivered(body: &Redeliver) -> Result<Again, Refusal> {
    match (body.after, &body.ids) {
        (Some(after), None) => Ok(Again::After(Sequence(after))),
        (None, Some(ids)) => {
            some("ids", ids.len(), MAX_WEBHOOK_NAMES)?;
            let ids = ids.iter().map(|id| {
                let sequence = sequence_of(id).ok_or_else(|| {
                    let detail = format!(
                        "`ids` has {}, which is no id of a delivery; GET /v1/webhooks/{{id}}/deliveries has them",
                        quoted(id)
                    );
                    Refusal::invalid_field("ids", detail)
                })?;
                Ok((id.clone(), sequence))
            });
            Ok(Again::These(ids.collect::<Result<_, Refusal>>()?))
        }
        (None, None) | (Some(_), Some(_)) => Err(Refusal::invalid_field(
            "after",
            "either `after` or `ids` must say what to deliver again; send one of them",
        )),
    }
}

fn url(address: &str, allowed: &Allowed) -> Result<String, Refusal> {
    at_most("url", "bytes", address.len(), MAX_WEBHOOK_URL_BYTES)?;
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::invalid_field(
            "url",
            "`url` has spaces, control characters or characters that are not ASCII; write them as %20 and the like",
        ));
    }
    let refused = |why: String| {
        Err(Refusal::invalid_field("url", format!("`url` is {}; {why}", quoted(address))))
    };
    let parsed: Option<Uri> = address.parse().ok();
    let parsed = parsed.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let host = parsed.as_ref().and_then(Uri::host).filter(|host| !host.is_empty());
    let Some((uri, host)) = parsed.as_ref().zip(host) else {
        return refused("it must be an address that begins with https:// or http://".to_owned());
    };
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if has_user || address.contains('#') {
        return refused("it must have no user, no password and no fragment".to_owned());
    }
    let port = uri.authority().and_then(|authority| authority.as_str().strip_prefix(host));
    let port = port.and_then(|rest| rest.strip_prefix(':'));
    if port.is_some_and(|port| port.parse::<NonZeroU16>().is_err()) {
        return refused("its port must be a number from 1 to 65,535, or left out".to_owned());
    }
    // Only to say so early: what counts is the address when the connection is made.
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    if let Ok(ip) = literal
        && !allowed.permits(ip)
    {
        return refused(format!(
            "{ip} is not an address of the public internet; the operator can allow its network with --webhook-allow"
        ));
    }
    Ok(address.to_owned())
}

fn events(names: &[String]) -> Result<Vec<String>, Refusal> {
    some("events", names.len(), MAX_WEBHOOK_EVENTS)?;
    let unknown =
        names.iter().find(|name| *name != EVERY_EVENT && !EVENT_NAMES.contains(&name.as_str()));
    if let Some(unknown) = unknown {
        let names = EVENT_NAMES.join(", ");
        let detail = format!(
            "`events` has {}, which is not an event; the events are {names}, and * for all",
            quoted(unknown)
        );
        return Err(Refusal::invalid_field("events", detail));
    }
    if names.len() > 1 && names.iter().any(|name| name == EVERY_EVENT) {
        let detail = "`events` has * and other names; * alone stands for all events";
        return Err(Refusal::invalid_field("events", detail));
    }
    Ok(names.to_vec())
}

fn ids<T: TextId>(field: &str, ids: Option<&[String]>) -> Result<Option<Vec<T>>, Refusal> {
    let Some(ids) = ids else { return Ok(None) };
    some(field, ids.len(), MAX_WEBHOOK_NAMES)?;
    checked_ids(field, ids).map(Some)
}

fn types(types: Option<&[CallType]>) -> Result<Option<Vec<callslot_core::CallType>>, Refusal> {
    let Some(types) = types else { return Ok(None) };
    some("types", types.len(), callslot_core::CallType::ALL.len())?;
    Ok(Some(types.iter().map(|it| convert::core_call_type(*it)).collect()))
}

fn description(said: &str) -> Result<String, Refusal> {
    text("description", said, MAX_NOTE_CHARS)?;
    seen("description", said)?;
    Ok(said.to_owned())
}

fn some(field: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count == 0 {
        let detail = format!("`{field}` is empty; name one or more, or leave it out for all");
        return Err(Refusal::invalid_field(field, detail));
    }
    at_most(field, "entries", count, most)
}
