//! Runs the door until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use callslot_client::Slots;
use tokio::sync::{mpsc, watch};

use crate::accept;
use crate::asterisk::ari::Ari;
use crate::asterisk::calls::Calls;
use crate::asterisk::dial::dial;
use crate::asterisk::listen::listen;
use crate::asterisk::reconcile::orphans;
use crate::asterisk::settings::Settings;
use crate::twilio;

pub use crate::twilio::Failure;

/// Reads a file of settings.
pub fn read(file: &Path) -> Result<Settings, Failure> {
    let name = || file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Unreadable { file: name(), why: error.to_string() })?;
    Settings::read(&text).map_err(|faults| Failure::Settings { file: name(), faults })
}

/// Runs the door. `password` is that of Asterisk's user; `server` has the address and key of the server; `ready` is told where `/metrics` is;
/// `reload` comes when the file is to be read again, and `stop` resolves when the door is to stop: then it leaves its calls to the next one for
/// `grace_s`.
pub async fn run(
    file: &Path,
    password: &str,
    server: callslot_client::Settings,
    ready: impl FnOnce(SocketAddr),
    reload: mpsc::Receiver<()>,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let settings = read(file)?;
    let metrics = twilio::listen(settings.metrics_listen).await?;
    let grace = Duration::from_secs(*settings.grace_s.get_ref());
    let slots = Slots::new(callslot_client::Settings { grace, ..server })
        .map_err(|error| Failure::Server(error.to_string()))?;
    let (ari, dials) = (Ari::new(&settings, password), !settings.outbound.is_empty());
    let calls = Calls::new(slots, ari, settings);
    let before = orphans(&calls).await.map_err(|error| Failure::Server(error.to_string()))?;
    let (stopping, stopped) = watch::channel(());
    let counted = Arc::clone(&calls);
    let pages = twilio::pages(move || counted.metrics.page());
    let measuring = tokio::spawn(accept::serve(metrics.0, pages, stopped));
    let listening = tokio::spawn(listen(Arc::clone(&calls), before));
    let dialling = dials.then(|| tokio::spawn(dial(Arc::clone(&calls))));
    ready(metrics.1);
    tokio::select! {
        () = stop => {}
        () = reloads(file, &calls, reload) => {}
    }
    // What Asterisk says from now on is for the next bridge, which compares.
    listening.abort();
    if let Some(dialling) = dialling {
        dialling.abort();
    }
    drop(stopping);
    let _ = measuring.await;
    calls.slots.clone().leave().await;
    Ok(())
}

/// Reads the file again whenever it is asked to. A wrong one changes nothing.
async fn reloads(file: &Path, calls: &Arc<Calls>, mut reload: mpsc::Receiver<()>) {
    while reload.recv().await.is_some() {
        let settings = match read(file) {
            Ok(settings) => settings,
            Err(failure) => {
                tracing::error!("the settings stay as they are: {failure}");
                continue;
            }
        };
        let changed = needing_restart(&calls.settings(), &settings);
        for field in &changed {
            tracing::warn!("`{field}` has changed; that takes a restart");
        }
        if changed.is_empty() {
            calls.set_settings(settings);
            tracing::info!("the settings were read again; calls go on as they began");
        }
    }
    std::future::pending::<()>().await;
}

/// The fields that have changed, and are read only once.
fn needing_restart(now: &Settings, new: &Settings) -> Vec<&'static str> {
    let is_kept = [
        ("metrics_listen", now.metrics_listen == new.metrics_listen),
        ("name", now.name.get_ref() == new.name.get_ref()),
        ("grace_s", now.grace_s.get_ref() == new.grace_s.get_ref()),
        ("asterisk.url", now.asterisk.url.get_ref() == new.asterisk.url.get_ref()),
        ("asterisk.user", now.asterisk.user.get_ref() == new.asterisk.user.get_ref()),
        ("asterisk.app", now.asterisk.app.get_ref() == new.asterisk.app.get_ref()),
        ("outbound", now.outbound.is_empty() == new.outbound.is_empty()),
    ];
    is_kept.into_iter().filter(|(_, is_kept)| !is_kept).map(|(field, _)| field).collect()
}
