//! Runs the door until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::accept;
use crate::running::{Failure, broken, client, is_reachable, listen, pages, read, reloads};
use crate::settings::{Settings, SipProxy};
use crate::sip_proxy::calls::Calls;
use crate::sip_proxy::link;

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
    let settings = read(file, Settings::read)?;
    let events = proxy(&settings)?.events;
    let (listener, metrics) = listen(settings.metrics_listen).await?;
    let slots = client(server, &settings.grace_s)?;
    is_reachable(&slots).await?;
    let (tell, told) = mpsc::channel(link::MAX_TOLD);
    let calls = Calls::new(slots, settings, tell);
    let (stopping, stopped) = watch::channel(());
    let measured = Arc::clone(&calls);
    let page = move || measured.metrics.page();
    let measuring = tokio::spawn(accept::serve(listener, pages(page), stopped));
    let mut linking = tokio::spawn(link::keep(Arc::clone(&calls), events, told));
    let mut ticking = tokio::spawn(ticks(Arc::clone(&calls)));
    ready(events, metrics);
    tokio::select! {
        () = stop => {}
        failure = broken([&mut linking, &mut ticking]) => return Err(failure),
        () = reloads(
            reload,
            || read_for_proxy(file),
            |new| kept(&calls.settings(), new),
            |new| calls.set_settings(new),
        ) => {}
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

async fn ticks(calls: Arc<Calls>) -> Failure {
    loop {
        tokio::time::sleep(TICK).await;
        calls.tick();
    }
}

/// Reads settings that have a SIP proxy.
fn read_for_proxy(file: &Path) -> Result<Settings, Failure> {
    let settings = read(file, Settings::read)?;
    proxy(&settings)?;
    Ok(settings)
}

/// The fields that are read only once, each with whether it is as it was.
fn kept(now: &Settings, new: &Settings) -> Vec<(&'static str, bool)> {
    let events = |settings: &Settings| settings.sip_proxy.as_ref().map(|proxy| proxy.events);
    vec![
        ("events", events(now) == events(new)),
        ("metrics_listen", now.metrics_listen == new.metrics_listen),
        ("name", now.name.get_ref() == new.name.get_ref()),
        ("grace_s", now.grace_s.get_ref() == new.grace_s.get_ref()),
    ]
}
