//! What running a door takes, whichever it is: its settings, now and after a reload, the server, and the pages for those who watch it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use callslot_client::Slots;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use toml::Spanned;

use crate::settings::Fault;

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
    /// Another bridge has what this one needs.
    #[error("{0}")]
    Replaced(&'static str),
    /// A part of the bridge has come to an end. That is a bug: the bridge stops, and the next one goes on with its calls.
    #[error("a part of the bridge has come to an end: {0}")]
    Broken(String),
}

/// Reads a file of settings with what reads its text.
pub(crate) fn read<S>(
    file: &Path,
    parse: impl FnOnce(&str) -> Result<S, Vec<Fault>>,
) -> Result<S, Failure> {
    let name = || file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Unreadable { file: name(), why: error.to_string() })?;
    parse(&text).map_err(|faults| Failure::Settings { file: name(), faults })
}

/// A client of the server, whose calls keep their slots for `grace_s` while the bridge is away.
pub(crate) fn client(
    server: callslot_client::Settings,
    grace_s: &Spanned<u64>,
) -> Result<Slots, Failure> {
    let grace = Duration::from_secs(*grace_s.get_ref());
    Slots::new(callslot_client::Settings { grace, ..server })
        .map_err(|error| Failure::Server(error.to_string()))
}

/// Whether the server answers, and takes the key.
pub(crate) async fn is_reachable(slots: &Slots) -> Result<(), Failure> {
    let slots = slots.clone();
    let read = move || slots.api().calls(&[("limit", "1")]).map(drop);
    let read = tokio::task::spawn_blocking(read).await.expect("it does not panic");
    read.map_err(|error| Failure::Server(error.to_string()))
}

/// Reads the settings again whenever it is asked to, and has `set` take them. Wrong ones change nothing, nor do those with a field that
/// `kept` says is read only once and has changed.
pub(crate) async fn reloads<S>(
    mut reload: mpsc::Receiver<()>,
    read: impl Fn() -> Result<S, Failure>,
    kept: impl Fn(&S) -> Vec<(&'static str, bool)>,
    set: impl Fn(S),
) {
    while reload.recv().await.is_some() {
        let settings = match read() {
            Ok(settings) => settings,
            Err(failure) => {
                tracing::error!("the settings stay as they are: {failure}");
                continue;
            }
        };
        let fields = kept(&settings);
        for (field, _) in fields.iter().filter(|(_, is_kept)| !is_kept) {
            tracing::warn!("`{field}` has changed; that takes a restart");
        }
        if fields.iter().all(|(_, is_kept)| *is_kept) {
            set(settings);
            tracing::info!("the settings were read again; calls go on as they began");
        }
    }
    std::future::pending::<()>().await;
}

/// Waits until one of the tasks that never end has ended: why the bridge cannot go on.
pub(crate) async fn broken<const N: usize>(tasks: [&mut JoinHandle<Failure>; N]) -> Failure {
    futures_util::future::select_all(tasks)
        .await
        .0
        .unwrap_or_else(|error| Failure::Broken(error.to_string()))
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

pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failed = |error: std::io::Error| Failure::Address {
        address: address.to_string(),
        why: error.to_string(),
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}
