//! Runs the door until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::accept;
use crate::asterisk::ari::Ari;
use crate::asterisk::calls::Calls;
use crate::asterisk::dial::dial;
use crate::asterisk::listen::listen;
use crate::asterisk::settings::Settings;
use crate::running::{self, Failure, broken, client, is_reachable, pages, reloads};

/// Reads a file of settings.
pub fn read(file: &Path) -> Result<Settings, Failure> {
    running::read(file, Settings::read)
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
    let metrics = running::listen(settings.metrics_listen).await?;
    let slots = client(server, &settings.grace_s)?;
    is_reachable(&slots).await?;
    let (ari, dials) = (Ari::new(&settings, password), !settings.outbound.is_empty());
    let calls = Calls::new(slots, ari, settings);
    let (stopping, stopped) = watch::channel(());
    let counted = Arc::clone(&calls);
    let pages = pages(move || counted.metrics.page());
    let measuring = tokio::spawn(accept::serve(metrics.0, pages, stopped));
    let mut listening = tokio::spawn(listen(Arc::clone(&calls)));
    let dialled = Arc::clone(&calls);
    let mut dialling = tokio::spawn(async move {
        if dials {
            dial(dialled).await;
        }
        std::future::pending().await
    });
    ready(metrics.1);
    let stopped = tokio::select! {
        () = stop => Ok(()),
        failure = broken([&mut listening, &mut dialling]) => Err(failure),
        () = reloads(
            reload,
            || read(file),
            |new| kept(&calls.settings(), new),
            |new| calls.set_settings(new),
        ) => Ok(()),
    };
    // What Asterisk says from now on is for the next bridge, which compares.
    listening.abort();
    dialling.abort();
    drop(stopping);
    let _ = measuring.await;
    calls.slots.clone().leave().await;
    stopped
}

/// The fields that are read only once, each with whether it is as it was.
fn kept(now: &Settings, new: &Settings) -> Vec<(&'static str, bool)> {
    vec![
        ("metrics_listen", now.metrics_listen == new.metrics_listen),
        ("name", now.name.get_ref() == new.name.get_ref()),
        ("grace_s", now.grace_s.get_ref() == new.grace_s.get_ref()),
        ("asterisk.url", now.asterisk.url.get_ref() == new.asterisk.url.get_ref()),
        ("asterisk.user", now.asterisk.user.get_ref() == new.asterisk.user.get_ref()),
        ("asterisk.app", now.asterisk.app.get_ref() == new.asterisk.app.get_ref()),
        ("outbound", now.outbound.is_empty() == new.outbound.is_empty()),
    ]
}
