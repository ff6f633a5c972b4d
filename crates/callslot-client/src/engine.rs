//! The thread that has the connection and the ledger: start reading at [`Engine::live`].

use std::pin::Pin;
use std::time::Duration;

use callslot_api::{Client, Problem, ProblemCode};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::Connector;
use tokio_tungstenite::tungstenite::handshake::client::Request as Handshake;

use crate::commands::Command;
use crate::ledger::{Heard, Ledger};
use crate::link::{self, Link, Reader};
use crate::retry::{full_jitter, passes};
use crate::settings::{Settings, Transport};
use crate::status::{Error, Over};
use crate::stream::{self, Gone, Out};
use crate::trust;

/// The server takes that many frames in a message.
const FRAMES_AT_ONCE: usize = 1_000;
/// A lease that another connection resumes again within this time belongs to another process.
const TAKEN_OVER_WITHIN: Duration = Duration::from_mins(1);
const TAKEN_OVER: u16 = 4001;
/// A connection that lasted that long does not count as one more failure.
const STEADY_AFTER: Duration = Duration::from_secs(2);
/// With a key that the server does not take, there is no use in asking more often.
const REFUSED_FOR: Duration = Duration::from_secs(5);
/// How long `close` waits for the server to confirm the ends of calls.
const CLOSE_WITHIN: Duration = Duration::from_secs(10);
/// How often the server shows meanwhile that it lives: the connection may be half-open.
const CLOSING_HEARTBEAT: Duration = Duration::from_millis(1_500);
/// How long the end of the lease may take.
const LEASE_ENDS_WITHIN: Duration = Duration::from_secs(2);
/// Calls count as lost that much before the grace is over at the server.
const CAUTION: Duration = Duration::from_secs(1);

pub(crate) struct Engine {
    settings: Settings,
    handshake: Handshake,
    connector: Option<Connector>,
    api: Client,
    runtime: Option<Runtime>,
    inbox: mpsc::UnboundedReceiver<Command>,
    ledger: Ledger,
    /// From when on it ends, and until when it may wait for confirmations.
    closes_by: Option<Instant>,
    is_leaving: bool,
    uses_http: bool,
    /// When the server last showed that it lives; `None` before the first connection.
    last_heard: Option<Instant>,
    taken_over_at: Option<Instant>,
}

impl Engine {
    pub(crate) fn new(
        settings: Settings,
        api: Client,
        inbox: mpsc::UnboundedReceiver<Command>,
    ) -> Result<Self, Error> {
        let handshake = stream::request(&settings)?;
        let uses_http = settings.transport == Transport::Http;
        let connector = trust::connector(&settings)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Settings(format!("no runtime: {error}")))?;
        Ok(Self {
            settings,
            handshake,
            uses_http,
            connector,
            api,
            runtime: Some(runtime),
            inbox,
            ledger: Ledger::default(),
            closes_by: None,
            is_leaving: false,
            last_heard: None,
            taken_over_at: None,
        })
    }

    /// Runs until the client is closed, or nobody has it any more.
    pub(crate) fn run(mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.live());
            // A poll that is under way is not waited for.
            runtime.shutdown_background();
        }
        self.end_lease();
    }

    /// Connects as soon as there is something to say, and again whenever the connection is gone.
    async fn live(&mut self) {
        let mut attempt = 0;
        while !self.is_done() {
            if self.ledger.is_empty() {
                self.next_command().await;
                continue;
            }
            let began = now();
            let opening = self.open();
            let gone = match self.meanwhile(opening).await {
                Some(Ok(Link { reader, out, writer })) => {
                    let gone = self.serve(reader, out).await;
                    self.ledger.disconnected();
                    // What was sent last is on its way: the close of the connection comes after it.
                    let _ = tokio::time::timeout(LEASE_ENDS_WITHIN, writer).await;
                    gone
                }
                Some(Err(gone)) => Some(gone),
                None => None,
            };
            let Some(gone) = gone else { continue };
            attempt = if began.elapsed() > STEADY_AFTER { 1 } else { attempt + 1 };
            let longest = (self.settings.grace / 4).min(Duration::from_secs(10));
            let pause = self.taken_in(gone) + full_jitter(attempt, longest);
            self.meanwhile(Box::pin(tokio::time::sleep(pause))).await;
        }
    }

    /// What connects, the way that is open.
    fn open(&self) -> Pin<Box<dyn Future<Output = Result<Link, Gone>>>> {
        let settings = self.settings.clone();
        if self.uses_http {
            Box::pin(link::http(self.api.clone(), settings.grace))
        } else {
            let connector = self.connector.clone();
            Box::pin(link::stream(self.handshake.clone(), connector, settings))
        }
    }

    /// Takes commands while something else goes on, and returns its result; `None` once all is done. Tells calls when the grace is
    /// over without contact.
    async fn meanwhile<T>(&mut self, mut work: impl Future<Output = T> + Unpin) -> Option<T> {
        while !self.is_done() {
            let hopeless_at =
                self.last_heard.map(|heard| heard + self.settings.grace.saturating_sub(CAUTION));
            tokio::select! {
                done = &mut work => return Some(done),
                () = self.next_command() => {}
                () = until(hopeless_at) => {
                    self.ledger.give_up_hope();
                    self.last_heard = None;
                }
            }
        }
        None
    }

    /// Sends and hears until the connection is gone, which is said, or all is done.
    async fn serve(&mut self, mut reader: Reader, out: mpsc::Sender<Out>) -> Option<Gone> {
        self.last_heard = Some(now());
        if let Some(resume) =
            self.ledger.connected(reader.lease().to_owned(), reader.resumes_at_most())
            && out.send(Out::Frames(vec![resume])).await.is_err()
        {
            return Some(Gone::lost("sending failed"));
        }
        let mut heartbeat = stream::heartbeat(&self.settings);
        let mut ping_at = now() + heartbeat;
        while !self.is_done() {
            if self.closes_by.is_some() && heartbeat > CLOSING_HEARTBEAT {
                (heartbeat, ping_at) = (CLOSING_HEARTBEAT, now());
                self.last_heard = Some(now());
            }
            let wake_at = self.ledger.next_at().map(Instant::from_std);
            // Its own branch: other branches begin what reads again, and a limit in there with it.
            let silent_at = self.last_heard.map(|heard| heard + heartbeat.mul_f64(1.5));
            tokio::select! {
                () = until(silent_at) => return Some(Gone::lost("the server is silent")),
                heard = reader.receive() => match heard {
                    Ok(frames) => {
                        self.last_heard = Some(now());
                        for frame in frames {
                            if let Heard::NotResumed(problem) = self.ledger.hear(frame, now().into_std()) {
                                return Some(not_resumed(&problem));
                            }
                        }
                    }
                    Err(gone) => return Some(gone),
                },
                permit = out.reserve(), if self.ledger.has_frames() => match permit {
                    Ok(permit) => {
                        let frames = self.ledger.frames(FRAMES_AT_ONCE);
                        if !frames.is_empty() {
                            permit.send(Out::Frames(frames));
                        }
                    }
                    Err(_) => return Some(Gone::lost("sending failed")),
                },
                () = self.next_command() => {}
                () = until(wake_at) => self.ledger.wake(now().into_std()),
                () = sleep_until(ping_at) => {
                    ping_at = now() + heartbeat;
                    // A full channel means that what is sent shows it already.
                    let _ = out.try_send(Out::Ping);
                }
            }
        }
        None
    }

    /// Takes the next commands that come, or the time when closing has taken too long.
    async fn next_command(&mut self) {
        let is_open = self.closes_by.is_none();
        tokio::select! {
            command = self.inbox.recv(), if is_open || !self.inbox.is_closed() => match command {
                Some(command) => self.take(command),
                // Nobody has the client any more.
                None => self.close(),
            },
            () = until(self.closes_by) => {}
        }
        while let Ok(command) = self.inbox.try_recv() {
            self.take(command);
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Write { told, .. } if self.closes_by.is_some() => drop(told),
            Command::Write { handle, id, opening, told } => {
                self.ledger.write(handle, id, *opening, told);
            }
            Command::End { handle, note } => {
                if !self.is_leaving {
                    self.ledger.end(handle, note);
                }
            }
            Command::Request(request) => self.ledger.request(request),
            Command::Close => {
                self.ledger.end_all();
                self.close();
            }
            Command::Leave => {
                self.is_leaving = true;
                self.close();
            }
        }
    }

    fn close(&mut self) {
        self.closes_by.get_or_insert(now() + CLOSE_WITHIN);
    }

    fn is_done(&self) -> bool {
        self.closes_by.is_some_and(|by| self.is_leaving || self.ledger.is_empty() || by <= now())
    }

    /// What a lost connection means to the calls, and how long to wait at least before the next.
    fn taken_in(&mut self, gone: Gone) -> Duration {
        match gone {
            Gone::Refused(problem) if passes(&problem) => Duration::ZERO,
            Gone::Refused(problem) => self.refused(&problem),
            Gone::Blocked(why) if self.settings.transport == Transport::Stream => {
                self.refused(&Problem::new(ProblemCode::UpgradeRequired, why))
            }
            Gone::Blocked(why) => {
                tracing::warn!("{why}; going on over HTTP");
                self.uses_http = true;
                Duration::ZERO
            }
            Gone::Lost { why, code, retry_in } => {
                tracing::info!("not connected: {why}");
                if code == Some(TAKEN_OVER) {
                    self.taken_over();
                }
                retry_in
            }
        }
    }

    fn refused(&mut self, problem: &Problem) -> Duration {
        tracing::error!("the server does not take this client: {}", problem.detail);
        self.ledger.refuse_waiting(problem);
        REFUSED_FOR
    }

    /// Another connection has resumed the lease. Twice within a minute it is another process, and has the calls.
    fn taken_over(&mut self) {
        let before = self.taken_over_at.replace(now());
        if before.is_some_and(|at| at.elapsed() < TAKEN_OVER_WITHIN) {
            tracing::error!("another process has resumed this one's lease, and has its calls");
            self.ledger.forsake(&Over::Adopted);
        }
    }

    /// Ends the lease, so that it does not count until it runs out. It has no calls left, or they are to end with it.
    fn end_lease(&self) {
        let Some(lease) = self.ledger.lease().filter(|_| !self.is_leaving) else { return };
        let client = self.api.clone().answered_within(LEASE_ENDS_WITHIN);
        if let Err(error) = client.end_lease(lease) {
            tracing::debug!("the lease runs out by itself: {error}");
        }
    }
}

fn not_resumed(problem: &callslot_api::Problem) -> Gone {
    let asked = problem.numbers.get("retry_in_ms").copied().unwrap_or_default();
    let why = format!("resuming: {}", problem.detail);
    Gone::Lost { why, code: None, retry_in: Duration::from_millis(asked) }
}

#[expect(clippy::disallowed_methods, reason = "its times are its own, not the server's")]
fn now() -> Instant {
    Instant::now()
}

/// At some time; without one, never.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
