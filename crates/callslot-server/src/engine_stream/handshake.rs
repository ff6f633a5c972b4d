//! The handshake of the stream for call engines: upgrades a request over HTTP/1.1 to a WebSocket (RFC 6455).
//!
//! `session_loop.rs` takes over from here.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use callslot_api::ProblemCode as Code;
use callslot_api::limits::{DEFAULT_GRACE_S, LEASE_TTL_S};
use hyper::upgrade::OnUpgrade;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use utoipa::IntoParams;

use crate::actions::orgs::check_exists;
use crate::auth::csrf::CameFrom;
use crate::auth::roles::MayStream;
use crate::connection::activity::Exchange;
use crate::connection::peer::Peer;
use crate::engine_stream::engine::Engine;
use crate::engine_stream::session_loop::SessionLoop;
use crate::engine_stream::socket::Socket;
use crate::extract::field::in_range;
use crate::extract::headers::{listed, lists, single};
use crate::extract::query::Params;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[("connect", &[Code::UpgradeRequired, Code::TooManySeats])];

/// The protocol spoken, as a client offers it in `sec-websocket-protocol`.
const PROTOCOL: &str = "callslot.v1";
/// The version of RFC 6455.
const VERSION: &str = "13";
/// How many characters a key of a handshake has: 16 bytes in base64.
const KEY_CHARS: usize = 24;

/// How the connection is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConnectParams {
    /// How long the connection's lease lives after the connection is gone, in seconds: 5 to 3,600, 30 by default.
    #[param(minimum = 5, maximum = 3600)]
    grace_s: Option<u64>,
}

/// Connect a call engine
///
/// A WebSocket over HTTP/1.1 with the subprotocol `callslot.v1`. Each text message is one frame or an array of frames: the
/// client sends `ClientFrame`s, the server `ServerFrame`s. The connection's lease covers its calls and lives on for
/// `grace_s` after the connection is gone, so that the next one can resume it.
#[utoipa::path(get, path = "/v1/connect", tag = "Calls", security(("key" = ["engine"])), params(ConnectParams),
    responses((status = 101, description = "The connection is a WebSocket from here on")))]
pub(crate) async fn connect(
    State(app): State<Arc<App>>,
    MayStream(credential, org): MayStream,
    Params(params): Params<ConnectParams>,
    handshake: Result<Handshake, Refusal>,
    Extension(peer): Extension<Peer>,
) -> Result<Response, Refusal> {
    let grace_s = in_range("grace_s", params.grace_s.unwrap_or(DEFAULT_GRACE_S), LEASE_TTL_S)?;
    let Handshake { upgrade, answer } = handshake?;
    let seat = app.seats.take(&credential.known.key.id, &org)?;
    check_exists(&app.node, &org).await?;
    let engine = Engine { app, org, credential };
    tokio::spawn(async move {
        // Its place and seat are held until it has ended; for the watchdog it is a stream.
        let _held = (seat, Exchange::begin(&peer.activity), peer.place);
        // A client that has gone meanwhile needs no answer.
        if let Ok(upgraded) = upgrade.await {
            let socket = Socket::new(upgraded, peer.activity).await;
            SessionLoop::new(engine, socket, grace_s).run().await;
        }
    });
    Ok((StatusCode::SWITCHING_PROTOCOLS, answer).into_response())
}

/// A request that asks for a WebSocket.
pub(crate) struct Handshake {
    upgrade: OnUpgrade,
    answer: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Handshake {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let headers = &parts.headers;
        if parts.method != Method::GET || parts.version != Version::HTTP_11 {
            return Err(not_upgraded("it is opened with GET over HTTP/1.1, not over HTTP/2"));
        }
        if !lists(headers, &CONNECTION, "upgrade") || !lists(headers, &UPGRADE, "websocket") {
            return Err(not_upgraded(
                "connect with a WebSocket client, or use POST /v1/calls and GET /v1/events",
            ));
        }
        if !lists(headers, &SEC_WEBSOCKET_VERSION, VERSION) {
            return Err(not_upgraded("send `sec-websocket-version: 13`"));
        }
        let key = single(headers, &SEC_WEBSOCKET_KEY)?.filter(|key| key.len() == KEY_CHARS);
        let key = key.ok_or_else(|| not_upgraded("send 16 random bytes as `sec-websocket-key`"))?;
        // The answer is one of the values offered (RFC 6455 §4.2.2), so case counts, unlike in the words above.
        let is_offered = listed(headers, &SEC_WEBSOCKET_PROTOCOL).any(|offer| offer == PROTOCOL);
        if headers.contains_key(SEC_WEBSOCKET_PROTOCOL) && !is_offered {
            return Err(not_upgraded("offer the subprotocol `callslot.v1`"));
        }
        check_origin(parts)?;
        let mut answer = HeaderMap::new();
        answer.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        answer.insert(UPGRADE, HeaderValue::from_static("websocket"));
        let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()));
        answer.insert(SEC_WEBSOCKET_ACCEPT, accept.expect("base64 is a header's value"));
        if is_offered {
            answer.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        }
        let upgrade = parts.extensions.remove::<OnUpgrade>();
        let upgrade = upgrade.ok_or_else(|| not_upgraded("this connection cannot become one"))?;
        Ok(Self { upgrade, answer })
    }
}

fn not_upgraded(next_step: &str) -> Refusal {
    Refusal::new(Code::UpgradeRequired, format!("this address is a WebSocket: {next_step}"))
}

/// Refuses a page of another site: its browser would open the connection with the user's sign-in, since
/// no same-origin policy holds here (RFC 6455 §10.2).
fn check_origin(parts: &Parts) -> Result<(), Refusal> {
    if CameFrom::of(parts) != CameFrom::Elsewhere {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Forbidden,
        "pages of another site may not connect; leave the header `origin` out, or serve the page from this server's address",
    ))
}
