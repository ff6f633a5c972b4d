//! Runs the door until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use toml::Spanned;

use crate::accept;
use crate::running::{self, Failure, broken, client, listen, pages, reloads};
use crate::settings::{Carrier, Settings};
use crate::twilio::calls::Calls;
use crate::twilio::carrier_api::{CarrierApi, Dialect, Secrets};
use crate::twilio::door::{self, Door};
use crate::twilio::sweep::sweep;

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
    running::read(file, Settings::read)
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
    let slots = client(server, &settings.grace_s)?;
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
    let mut sweeping = tokio::spawn(sweep(Arc::clone(&calls)));
    ready(places);
    tokio::select! {
        () = stop => {}
        failure = broken([&mut sweeping]) => return Err(failure),
        () = reloads(
            reload,
            || read(file),
            |new| kept(&calls.settings(), new),
            |new| calls.set_settings(new),
        ) => {}
    }
    drop(stopping);
    // Open requests are answered first: they may be about calls that go on.
    let _ = answering.await;
    let _ = measuring.await;
    sweeping.abort();
    calls.slots.clone().leave().await;
    Ok(())
}

/// The fields that are read only once, each with whether it is as it was.
fn kept(now: &Settings, new: &Settings) -> Vec<(&'static str, bool)> {
    vec![
        ("listen", now.listen == new.listen),
        ("metrics_listen", now.metrics_listen == new.metrics_listen),
        ("name", now.name.get_ref() == new.name.get_ref()),
        ("grace_s", now.grace_s.get_ref() == new.grace_s.get_ref()),
        ("carrier", of_api(now) == of_api(new)),
    ]
}
