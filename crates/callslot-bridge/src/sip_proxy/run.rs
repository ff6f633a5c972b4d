//! Runs the door until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use callslot_client::Slots;
use tokio::sync::{mpsc, watch};

use crate::accept;
use crate::settings::{Settings, SipProxy};
use crate::sip_proxy::calls::Calls;
use crate::sip_proxy::link;
use crate::twilio::{Failure, listen, pages, read};

/// How often time passes for those who wait.
const TICK: Duration = Duration::from_secs(1);

/// Runs the door. `server` has the address and key of the server; `ready` gets the addresses of the proxy's event socket and of the
/// metrics, `reload` comes when the file is to be read again, and `stop` resolves when the door is to stop: then it leaves its calls to the
/// next one for `grace_s`.
pub async fn run(
    file: &Path,
    server: callslot_client::Settings,
    ready: impl FnOnce(SocketAddr, SocketAddr),
    reload: mpsc::Receiver<()>,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let settings = read(file)?;
    let events = proxy(&settings)?.events;
    let (listener, metrics) = listen(settings.metrics_listen).await?;
    let grace = Duration::from_secs(*settings.grace_s.get_ref());
    let slots = Slots::new(callslot_client::Settings { grace, ..server })
        .map_err(|error| Failure::Server(error.to_string()))?;
    let (tell, told) = mpsc::channel(link::MAX_TOLD);
    let calls = Calls::new(slots, settings, tell);
    match calls.revive_all().await {
        Ok(0) => {}
        Ok(count) => tracing::info!("{count} calls of the bridge before this one go on"),
        Err(error) => return Err(Failure::Server(error.to_string())),
    }
    let (stopping, stopped) = watch::channel(());
    let measured = Arc::clone(&calls);
    let page = move || measured.metrics.page();
    let measuring = tokio::spawn(accept::serve(listener, pages(page), stopped));
    let linking = tokio::spawn(link::keep(Arc::clone(&calls), events, told));
    let ticking = tokio::spawn(ticks(Arc::clone(&calls)));
    ready(events, metrics);
    tokio::select! {
        () = stop => {}
        () = reloads(file, &calls, reload) => {}
    }
    drop(stopping);
    let _ = measuring.await;
    linking.abort();
    ticking.abort();
    calls.slots.clone().leave().await;
    Ok(())
}

fn proxy(settings: &Settings) -> Result<&SipProxy, Failure> {
    settings.sip_proxy.as_ref().ok_or(Failure::OtherDoor("sip_proxy"))
}

async fn ticks(calls: Arc<Calls>) {
    loop {
        tokio::time::sleep(TICK).await;
        calls.tick();
    }
}

/// Reads the file again whenever it is asked to. A wrong one changes nothing.
async fn reloads(file: &Path, calls: &Arc<Calls>, mut reload: mpsc::Receiver<()>) {
    while reload.recv().await.is_some() {
        let settings = match read(file).and_then(|new| proxy(&new).cloned().map(|it| (new, it))) {
            Ok((settings, new)) => {
                let now = calls.settings();
                let keeps = [
                    ("events", now.sip_proxy.as_ref().is_some_and(|it| it.events == new.events)),
                    ("metrics_listen", now.metrics_listen == settings.metrics_listen),
                    ("name", now.name.get_ref() == settings.name.get_ref()),
                    ("grace_s", now.grace_s.get_ref() == settings.grace_s.get_ref()),
                ];
                for (field, _) in keeps.iter().filter(|(_, is_kept)| !is_kept) {
                    tracing::warn!("`{field}` has changed; that takes a restart");
                }
                keeps.iter().all(|(_, is_kept)| *is_kept).then_some(settings)
            }
            Err(failure) => {
                tracing::error!("the settings stay as they are: {failure}");
                None
            }
        };
        if let Some(settings) = settings {
            calls.set_settings(settings);
            tracing::info!("the settings were read again; calls go on as they began");
        }
    }
    std::future::pending::<()>().await;
}
