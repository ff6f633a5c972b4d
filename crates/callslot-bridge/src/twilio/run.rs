//! Runs the door until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use callslot_client::Slots;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use toml::Spanned;

use crate::accept;
use crate::settings::{Carrier, Fault, Settings};
use crate::twilio::calls::Calls;
use crate::twilio::carrier_api::{CarrierApi, Dialect, Secrets};
use crate::twilio::door::{self, Door};
use crate::twilio::sweep::sweep;

/// Why the door cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file of settings cannot be read.
    #[error("{file} cannot be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// The reason.
        why: String,
    },
    /// The file of settings is wrong.
    #[error("{file}, {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Settings {
        /// The file.
        file: String,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}; is a bridge running there already?")]
    Address {
        /// The address.
        address: String,
        /// The reason.
        why: String,
    },
    /// The file of settings is for another door.
    #[error("the settings have no [{0}]; without it this door cannot be opened")]
    OtherDoor(&'static str),
    /// The server cannot be used.
    #[error("{0}")]
    Server(String),
}

/// Where the door listens.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// The carrier's webhooks.
    pub webhooks: std::net::SocketAddr,
    /// `/metrics` and `/healthz`.
    pub metrics: std::net::SocketAddr,
}

/// Reads a file of settings.
pub fn read(file: &Path) -> Result<Settings, Failure> {
    let name = || file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Unreadable { file: name(), why: error.to_string() })?;
    Settings::read(&text).map_err(|faults| Failure::Settings { file: name(), faults })
}

fn carrier(settings: &Settings) -> Result<&Carrier, Failure> {
    settings.carrier.as_ref().ok_or(Failure::OtherDoor("carrier"))
}

/// What the requests to the carrier's API are made with: the account, the address and the application.
fn of_api(settings: &Settings) -> Option<(&String, Option<&String>, Option<&String>)> {
    let carrier = settings.carrier.as_ref()?;
    let api = carrier.api.as_ref().map(Spanned::get_ref);
    Some((carrier.account.get_ref(), api, carrier.application.as_ref()))
}

/// Runs the door. `server` has the address and key of the server; `reload` comes when the file is to be read again, and `stop` resolves when
/// the door is to stop: then it leaves its calls to the next one for `grace_s`.
pub async fn run(
    file: &Path,
    dialect: Dialect,
    secrets: Secrets,
    server: callslot_client::Settings,
    ready: impl FnOnce(Places),
    reload: mpsc::Receiver<()>,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let settings = read(file)?;
    let webhooks = listen(settings.listen).await?;
    let metrics = listen(settings.metrics_listen).await?;
    let grace = std::time::Duration::from_secs(*settings.grace_s.get_ref());
    let slots = Slots::new(callslot_client::Settings { grace, ..server })
        .map_err(|error| Failure::Server(error.to_string()))?;
    let api = CarrierApi::new(carrier(&settings)?, dialect, &secrets.api);
    let calls = Calls::new(slots, api, settings);
    match calls.revive_all().await {
        Ok(0) => {}
        Ok(count) => tracing::info!("{count} calls of the bridge before this one go on"),
        Err(error) => return Err(Failure::Server(error.to_string())),
    }
    let (stopping, stopped) = watch::channel(());
    let measured = Arc::clone(&calls);
    let page = move || measured.metrics.page();
    let door = Arc::new(Door { calls: Arc::clone(&calls), secrets });
    let places = Places { webhooks: webhooks.1, metrics: metrics.1 };
    let answering = tokio::spawn(accept::serve(webhooks.0, door::router(door), stopped.clone()));
    let measuring = tokio::spawn(accept::serve(metrics.0, pages(page), stopped));
    let sweeping = tokio::spawn(sweep(Arc::clone(&calls)));
    ready(places);
    tokio::select! {
        () = stop => {}
        () = reloads(file, &calls, reload) => {}
    }
    drop(stopping);
    // Open requests are answered first: they may be about calls that go on.
    let _ = answering.await;
    let _ = measuring.await;
    sweeping.abort();
    calls.slots.clone().leave().await;
    Ok(())
}

/// Reads the file again whenever it is asked to. A wrong one changes nothing.
async fn reloads(file: &Path, calls: &Arc<Calls>, mut reload: mpsc::Receiver<()>) {
    while reload.recv().await.is_some() {
        match read(file) {
            Ok(settings) => {
                let now = calls.settings();
                let keeps = [
                    ("listen", now.listen == settings.listen),
                    ("metrics_listen", now.metrics_listen == settings.metrics_listen),
                    ("name", now.name.get_ref() == settings.name.get_ref()),
                    ("grace_s", now.grace_s.get_ref() == settings.grace_s.get_ref()),
                    ("carrier", of_api(&now) == of_api(&settings)),
                ];
                for (field, _) in keeps.iter().filter(|(_, is_kept)| !is_kept) {
                    tracing::warn!("`{field}` has changed; that takes a restart");
                }
                if keeps.iter().all(|(_, is_kept)| *is_kept) {
                    calls.set_settings(settings);
                    tracing::info!("the settings were read again; calls go on as they began");
                }
            }
            Err(failure) => tracing::error!("the settings stay as they are: {failure}"),
        }
    }
    std::future::pending::<()>().await;
}

/// The pages for those who watch the bridge.
pub(crate) fn pages(page: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router {
    let metrics = move || {
        let page = page();
        async move {
            (
                [(
                    header::CONTENT_TYPE,
                    "application/openmetrics-text; version=1.0.0; charset=utf-8",
                )],
                page,
            )
        }
    };
    Router::new().route("/metrics", get(metrics)).route("/healthz", get(async || "ok\n"))
}

pub(crate) async fn listen(
    address: std::net::SocketAddr,
) -> Result<(TcpListener, std::net::SocketAddr), Failure> {
    let failed = |error: std::io::Error| Failure::Address {
        address: address.to_string(),
        why: error.to_string(),
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}
