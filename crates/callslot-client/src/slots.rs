//! The client of a process: [`Slots`].

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use callslot_api::{CallType, Client};
use tokio::sync::{mpsc, watch};

use crate::call::{Call, CallRequest};
use crate::engine::{Command, Engine};
use crate::ledger::{Handle, Opening};
use crate::status::{Error, Status};

/// How long calls may live on without contact, in seconds.
const GRACE_S: std::ops::RangeInclusive<u64> = 5..=3_600;

/// Where the server is, and how its client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server's address, such as `https://callslot.example`.
    pub url: String,
    /// A key with the role `engine` or above.
    pub key: String,
    /// The organisation; with an operator's key only.
    pub org: Option<String>,
    /// How long calls live on if this process or its connection is gone: 5 s to an hour, in whole seconds. 30 s by default.
    pub grace: Duration,
}

impl Settings {
    /// The settings for a server and a key, with a grace of 30 s.
    #[must_use]
    pub fn new(url: &str, key: &str) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { url, key: key.to_owned(), org: None, grace: Duration::from_secs(30) }
    }

    /// Those of the environment: `CALLSLOT_URL`, `CALLSLOT_KEY` and, with an operator's key, `CALLSLOT_ORG`.
    pub fn from_env() -> Result<Self, Error> {
        let get =
            |name: &str| env::var(name).map_err(|_| Error::Settings(format!("{name} must be set")));
        let org = env::var("CALLSLOT_ORG").ok();
        Ok(Self { org, ..Self::new(&get("CALLSLOT_URL")?, &get("CALLSLOT_KEY")?) })
    }
}

/// Takes slots and gives them back. Make one for each process; clones share its connection.
///
/// Nothing is sent before the first call. Dropping the last clone does not end calls that are still held: each ends when it is
/// dropped itself. [`Slots::close`] ends all, and waits for it; a program that exits without leaves them to the grace.
#[derive(Clone)]
pub struct Slots {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    commands: mpsc::UnboundedSender<Command>,
    next_handle: AtomicU64,
    over: watch::Receiver<()>,
    api: Client,
}

impl Slots {
    /// A client of the server that the environment names; see [`Settings::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::from_env()?)
    }

    /// A client with these settings. Starts the connection's thread; there is no request yet.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let refused = |why: String| Err(Error::Settings(why));
        if !settings.url.starts_with("http://") && !settings.url.starts_with("https://") {
            return refused(format!(
                "the url is {:?}; it begins with http:// or https://",
                settings.url
            ));
        }
        if !GRACE_S.contains(&settings.grace.as_secs()) {
            return refused(format!("the grace is {:?}; it is 5 s to an hour", settings.grace));
        }
        let api = Client::new(&settings.url, &settings.key, settings.org.as_deref());
        let (commands, inbox) = mpsc::unbounded_channel();
        let (open, over) = watch::channel(());
        let engine = Engine::new(settings, inbox)?;
        let started = thread::Builder::new().name("callslot".to_owned()).spawn(move || {
            engine.run();
            drop(open);
        });
        if let Err(error) = started {
            return refused(format!("no thread can be started: {error}"));
        }
        let next_handle = AtomicU64::new(0);
        Ok(Self { shared: Arc::new(Shared { commands, next_handle, over, api }) })
    }

    /// A call to start. Awaiting it waits in line until the call has its slot; [`CallRequest::start`] does not wait in line.
    pub fn call(&self, agent: &str, call_type: CallType) -> CallRequest {
        CallRequest::new(self.clone(), agent, call_type)
    }

    /// Takes over a live call, whatever its lease, from an engine that has died or stopped. It keeps its slot or its place in line.
    pub async fn adopt(&self, id: &str) -> Result<Call, Error> {
        let mut call = self.write(id.to_owned(), Opening::Adopt);
        call.answered().await?;
        Ok(call)
    }

    /// Everything else of the organisation: the pool, reservations, agents, gates. Its methods block.
    #[must_use]
    pub fn api(&self) -> &Client {
        &self.shared.api
    }

    /// Ends the calls that are left and disconnects. Returns once the server has confirmed that, or after 10 s: then the lease
    /// ends those calls.
    pub async fn close(self) {
        self.stop(Command::Close).await;
    }

    /// Disconnects, and leaves the calls to the grace, for another process that [adopts](Self::adopt) them.
    pub async fn leave(self) {
        self.stop(Command::Leave).await;
    }

    async fn stop(self, command: Command) {
        self.send(command);
        let mut over = self.shared.over.clone();
        // It is an error once the thread is done.
        while over.changed().await.is_ok() {}
    }

    /// Writes a call down; it is over at once if the client is closed.
    pub(crate) fn write(&self, id: String, opening: Opening) -> Call {
        let handle: Handle = self.shared.next_handle.fetch_add(1, Ordering::Relaxed);
        let (told, status) = watch::channel(Status::asked(id.clone()));
        self.send(Command::Write { handle, id, opening: Box::new(opening), told });
        Call::new(self.clone(), handle, status)
    }

    pub(crate) fn send(&self, command: Command) {
        // The engine is gone once the client is closed; calls are told that by their status.
        let _ = self.shared.commands.send(command);
    }
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Slots").finish_non_exhaustive()
    }
}
