//! A receiver of webhooks, as docs/webhooks.md shows it.

use std::collections::HashSet;
use std::env;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use standardwebhooks::Webhook;

struct Receiver {
    webhook: Webhook,
    seen: Mutex<HashSet<String>>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let webhook = Webhook::new(&env::var("CALLSLOT_WEBHOOK_SECRET")?)?;
    let receiver = Arc::new(Receiver { webhook, seen: Mutex::default() });
    let routes = axum::Router::new().route("/hook", post(receive)).with_state(receiver);
    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    Ok(axum::serve(listener, routes).await?)
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if receiver.webhook.verify(&body, &headers).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let id = headers["webhook-id"].to_str().unwrap_or_default().to_owned();
    let is_new = receiver.seen.lock().expect("nobody panics with it").insert(id);
    if is_new && let Ok(event) = serde_json::from_slice::<Value>(&body) {
        println!("{} {}", event["type"].as_str().unwrap_or_default(), event["seq"]);
    }
    StatusCode::NO_CONTENT
}
