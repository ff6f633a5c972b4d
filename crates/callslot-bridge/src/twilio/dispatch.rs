//! Callslot's webhook: a call that an agent is to make has its slot. The bridge dials; its answer claims the call.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use callslot_api::{CallType, Metadata};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::clock::{now_ms, utc_ms};
use crate::settings::Outbound;
use crate::twilio::caller::{Caller, Line, Way};
use crate::twilio::carrier_api::ApiError;
use crate::twilio::door::{Door, read, said, text};

/// How old a message of Callslot may be, or how far ahead, in seconds.
const FRESH_S: u64 = 300;

/// The part of an event that is read.
#[derive(Debug, Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    call: Option<Offered>,
}

#[derive(Debug, Deserialize)]
struct Offered {
    id: String,
    agent: String,
    #[serde(rename = "type")]
    call_type: CallType,
    metadata: Metadata,
}

impl Door {
    /// A message of Callslot.
    pub(crate) async fn dispatched(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let Some(body) = read(body).await else {
            return said(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long or too slow");
        };
        let header = |name| text(&head.headers, name);
        let (id, at, signatures) =
            (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
        if !self.is_callslots(id, at, signatures, &body) {
            self.calls.metrics.wrong_dispatch_signatures.inc();
            return said(
                StatusCode::FORBIDDEN,
                "Callslot has not signed this; is CALLSLOT_WEBHOOK_SECRET the secret of this webhook?",
            );
        }
        let Ok(event) = serde_json::from_slice::<Event>(&body) else {
            return said(StatusCode::BAD_REQUEST, "no event can be read in there");
        };
        match event.data.call {
            Some(call) if event.kind == "call.started" => self.dial(call).await,
            _ => StatusCode::NO_CONTENT.into_response(),
        }
    }

    fn is_callslots(&self, id: &str, at: &str, signed: &str, body: &[u8]) -> bool {
        let (Some(secret), Ok(at_s)) = (&self.secrets.dispatch, at.parse::<u64>()) else {
            return false;
        };
        let expected = callslot_webhooks::signatures([secret], id, at_s, body);
        let is_fresh = at_s.abs_diff(utc_ms() / 1000) <= FRESH_S;
        let mut each = signed.split(' ');
        is_fresh && each.any(|one| bool::from(one.as_bytes().ct_eq(expected.as_bytes())))
    }

    /// Dials for a call, unless it is being dialled already.
    async fn dial(&self, call: Offered) -> Response {
        let settings = self.calls.settings();
        let outbound = settings.outbound_of(&call.agent);
        let Some(outbound) = outbound.filter(|_| call.call_type == CallType::Outbound) else {
            return said(StatusCode::NOT_FOUND, "the settings have no [[outbound]] for this agent");
        };
        let Some(to) = number_to_dial(outbound, &call.metadata) else {
            self.calls.end_at_server(call.id, Some("no number to dial"));
            return StatusCode::NO_CONTENT.into_response();
        };
        let (from, base) = (outbound.from.get_ref(), settings.base());
        let caller =
            Caller::new(Way::Out(Arc::clone(outbound)), &call.id, (from, &to), base, now_ms());
        let (held, is_new) = self.calls.hold(caller, None, Line::Active);
        if is_new.is_none() {
            return StatusCode::NO_CONTENT.into_response();
        }
        match self.calls.dial(&held, from, &to, outbound.detect_machines).await {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(ApiError::Away(_)) => {
                self.calls.forget(&call.id);
                ([(header::RETRY_AFTER, "5")], StatusCode::SERVICE_UNAVAILABLE).into_response()
            }
            Err(ApiError::Refused(_)) => {
                self.calls.forget(&call.id);
                self.calls.end_at_server(call.id, Some("failed"));
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }
}

/// The number in a call's metadata, if there is one that can be dialled.
pub(crate) fn number_to_dial(outbound: &Outbound, metadata: &Metadata) -> Option<String> {
    let fields: serde_json::Value = serde_json::from_str(metadata.as_text()).ok()?;
    let number = fields.get(&outbound.to_field)?.as_str()?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "+:@.;=-_".contains(letter);
    ((1..=256).contains(&number.len()) && number.chars().all(fits)).then(|| number.to_owned())
}
