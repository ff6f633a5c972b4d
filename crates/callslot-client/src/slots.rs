//! The client of a process: [`Slots`].

use std::thread;

use callslot_api::{CallType, Client};
use tokio::sync::watch;

use crate::call::{Call, CallRequest};
use crate::commands::{Command, Commands};
use crate::engine::Engine;
use crate::ledger::Opening;
use crate::settings::Settings;
use crate::status::Error;
use crate::trust;

/// How long calls may live on without contact, in seconds.
const GRACE_S: std::ops::RangeInclusive<u64> = 5..=3_600;

/// Takes slots and gives them back. Make one for each process; clones share its connection.
///
/// Nothing is sent before the first call. Dropping the last clone does not end calls that are still held: each ends when it is
/// dropped itself. [`Slots::close`] ends all, and waits for it; a program that exits without leaves them to the grace.
#[derive(Clone)]
pub struct Slots {
    commands: Commands,
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
        let api = trust::api(&settings)?;
        let (commands, inbox) = Commands::new();
        let (open, over) = watch::channel(());
        let engine = Engine::new(settings, api.clone(), inbox)?;
        let started = thread::Builder::new().name("callslot".to_owned()).spawn(move || {
            engine.run();
            drop(open);
        });
        if let Err(error) = started {
            return refused(format!("no thread can be started: {error}"));
        }
        Ok(Self { commands, over, api })
    }

    /// A call to start. Awaiting it waits in line until the call has its slot; [`CallRequest::start`] does not wait in line.
    pub fn call(&self, agent: &str, call_type: CallType) -> CallRequest {
        CallRequest::new(self.commands.clone(), agent, call_type)
    }

    /// Takes over a live call, whatever its lease, from an engine that has died or stopped. It keeps its slot or its place in line.
    ///
    /// Given up (dropped) before it is sent, the call stays as it is; once the server has moved it to this client, it ends.
    pub async fn adopt(&self, id: &str) -> Result<Call, Error> {
        let mut call = Call::written(self.commands.clone(), id.to_owned(), Opening::Adopt);
        call.answered().await?;
        Ok(call)
    }

    /// Everything else of the organisation: the pool, reservations, agents, gates. Its methods block.
    #[must_use]
    pub fn api(&self) -> &Client {
        &self.api
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
        self.commands.send(command);
        let mut over = self.over;
        // It is an error once the thread is done.
        while over.changed().await.is_ok() {}
    }
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Slots").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::IntoFuture;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn a_client_that_is_dropped_lives_on_for_its_calls_and_no_longer() {
        // Nobody listens there.
        let slots = Slots::new(Settings::new("http://127.0.0.1:1", "key")).expect("settings");
        let mut over = slots.over.clone();
        let mut waiting = slots.call("support", CallType::Inbound).into_future();
        assert!(timeout(Duration::from_millis(20), &mut waiting).await.is_err());
        drop(slots);
        assert!(timeout(Duration::from_millis(50), &mut waiting).await.is_err());
        assert!(timeout(Duration::from_millis(1), over.changed()).await.is_err());
        drop(waiting);
        let ended = timeout(Duration::from_secs(8), over.changed()).await;
        assert!(ended.expect("the thread ends").is_err());
    }
}
