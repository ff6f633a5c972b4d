//! The connection to the proxy's event socket: made again whenever it is lost, with few commands under way at once.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::clock::now_ms;
use crate::running::Failure;
use crate::sip_proxy::calls::Calls;
use crate::sip_proxy::wire::{Command, Event, Garbled, Leg, Outcome, Told, next_message};

/// How many commands wait for the connection at most.
pub(crate) const MAX_TOLD: usize = 1 << 16;
/// How many commands are under way at once: the proxy reads up to 32 KiB at a time, and loses what a read cuts in its length.
const MAX_UNDER_WAY: usize = 32;
/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// How long the proxy may take for a command; then the connection is made again.
const DONE_WITHIN_MS: u64 = 10_000;
/// The pause before a connection is tried again.
const PAUSE: Duration = Duration::from_millis(300);
/// How often it is looked for commands that take too long.
const TICK: Duration = Duration::from_secs(1);

/// Keeps the connection until the bridge stops.
pub(crate) async fn keep(
    calls: Arc<Calls>,
    address: SocketAddr,
    mut told: mpsc::Receiver<Told>,
) -> Failure {
    let mut away_since_ms = Some(now_ms());
    let mut said = String::new();
    loop {
        if let Ok(Ok(stream)) = timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            // What was to be told before is told again, if it is still true.
            while told.try_recv().is_ok() {}
            let mut link = Link::new(&calls, stream);
            let why = link.serve(&mut told, &mut away_since_ms).await.to_string();
            // An attempt after the other that fails for the same reason is said once.
            if link.is_known || why != said {
                tracing::warn!("the proxy's event socket at {address} is lost: {why}");
                said = why;
            }
            calls.metrics.set_connected(false);
            away_since_ms.get_or_insert_with(now_ms);
        }
        let grace_ms = *calls.settings().grace_s.get_ref() * 1000;
        if away_since_ms.is_some_and(|since| now_ms().saturating_sub(since) >= grace_ms) {
            calls.proxy_is_lost();
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Why a connection is over.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("it was closed")]
    Closed,
    #[error("{0}")]
    Failed(#[from] std::io::Error),
    #[error("{0}")]
    Garbled(#[from] Garbled),
    #[error("a command took too long")]
    TooSlow,
    #[error("another bridge has this proxy's calls; this one waits until that one is gone")]
    NotOwner,
}

/// A connection.
struct Link<'a> {
    calls: &'a Arc<Calls>,
    stream: TcpStream,
    come: Vec<u8>,
    last_id: u64,
    under_way: HashMap<u64, (u64, Told)>,
    /// Whether the proxy has said which start of it this is, and that its calls are this bridge's.
    is_known: bool,
}

impl<'a> Link<'a> {
    fn new(calls: &'a Arc<Calls>, stream: TcpStream) -> Self {
        // Commands are short, and callers wait for them.
        let _ = stream.set_nodelay(true);
        Self {
            calls,
            stream,
            come: Vec::new(),
            last_id: 0,
            under_way: HashMap::new(),
            is_known: false,
        }
    }

    /// Serves until the connection is lost; returns why.
    async fn serve(
        &mut self,
        told: &mut mpsc::Receiver<Told>,
        away_since_ms: &mut Option<u64>,
    ) -> Lost {
        match self.exchange(told, away_since_ms).await {
            Ok(never) => match never {},
            Err(lost) => lost,
        }
    }

    async fn exchange(
        &mut self,
        told: &mut mpsc::Receiver<Told>,
        away_since_ms: &mut Option<u64>,
    ) -> Result<Infallible, Lost> {
        let claim = Told { leg: Leg::default(), call: String::new(), command: Command::Claim };
        self.send(claim).await?;
        let mut ticks = tokio::time::interval(TICK);
        loop {
            let may_send = self.is_known && self.under_way.len() < MAX_UNDER_WAY;
            tokio::select! {
                read = self.stream.read_buf(&mut self.come) => {
                    if read? == 0 {
                        return Err(Lost::Closed);
                    }
                    while let Some(message) = next_message(&mut self.come)? {
                        self.take(&message)?;
                    }
                    if self.is_known {
                        *away_since_ms = None;
                    }
                }
                Some(next) = told.recv(), if may_send => self.send(next).await?,
                _ = ticks.tick() => {
                    let now_ms = now_ms();
                    let is_late = |since: u64| now_ms.saturating_sub(since) >= DONE_WITHIN_MS;
                    if self.under_way.values().any(|(since, _)| is_late(*since)) {
                        return Err(Lost::TooSlow);
                    }
                    if may_send {
                        let command = Command::Untold;
                        self.send(Told { leg: Leg::default(), call: String::new(), command }).await?;
                    }
                }
            }
        }
    }

    async fn send(&mut self, told: Told) -> Result<(), Lost> {
        self.last_id += 1;
        let frame = told.command.frame(self.last_id, &told.leg, &told.call);
        self.under_way.insert(self.last_id, (now_ms(), told));
        // It is a few hundred bytes, in one piece.
        self.stream.write_all(&frame).await?;
        Ok(())
    }

    fn take(&mut self, message: &str) -> Result<(), Lost> {
        let Some(event) = Event::read(message) else {
            tracing::warn!("the proxy says what is not understood: {message:?}");
            return Ok(());
        };
        if let Event::Done { id, outcome, is_talking, boot, longest_ms: _ } = &event {
            let Some((_, told)) = self.under_way.remove(id) else { return Ok(()) };
            if *outcome == Outcome::NotOwner {
                return Err(Lost::NotOwner);
            }
            if told.command == Command::Claim {
                self.is_known = true;
                self.calls.metrics.set_connected(true);
                tracing::info!("the proxy is there");
                tokio::spawn(Arc::clone(self.calls).proxy_is_back(boot.clone()));
            } else {
                let is_done = *outcome == Outcome::Done;
                self.calls.done(&told.leg, &told.command, is_done, *is_talking);
            }
        }
        self.calls.take(event);
        Ok(())
    }
}
