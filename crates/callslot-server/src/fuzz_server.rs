//! A server without sockets for the fuzz targets: takes the bytes of a connection, returns the bytes of the answers.
//!
//! It runs the code that serves: `accept.rs` answers, only the stream and the store are in memory. It is built with
//! `--cfg fuzzing` only, and is in no binary that ships.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use callslot_node::{Node, NodeConfig, Stopwatch, recover};
use callslot_store::{MemoryStore, Store};
use callslot_webhooks::Allowed;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, duplex, split};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use crate::accept::{connection, server};
use crate::auth::key_ring::KeyRing;
use crate::connection::activity::{Activity, CountedStream, Place};
use crate::connection::peer::{Channel, Peer};
use crate::first_start::set_up;
use crate::middleware::answer::Answering;
use crate::reference::page::Documents;
use crate::routes::router::{MetricsAt, documents, routes};
use crate::seats::Seats;
use crate::shutdown::{Closing, Stop};
use crate::state::App;
use crate::web_app::files::Dashboard;
use crate::webhooks::registry::Webhooks;
use crate::webhooks::sender::Outbound;

/// The operator's key of every server here.
pub const OPERATOR_KEY: &str = "cs_operator_fuzz";
/// How many bytes of answers wait for their reader.
const UNREAD_BYTES: usize = 1 << 20;
/// How many turns in a row everything must be still before a connection counts as answered.
const STILL_TURNS: u32 = 8;
/// How long to listen to a stream that does not end.
const LISTENING: Duration = Duration::from_millis(2);
/// How long a connection may take to end once its client has sent everything.
const MAX_CLOSING: Duration = Duration::from_secs(5);

/// Making them takes longer than everything else in a short run.
static DOCUMENTS: LazyLock<Documents> = LazyLock::new(documents);
/// Likewise.
static ROUTES: LazyLock<Router<Arc<App>>> =
    LazyLock::new(|| routes(MetricsAt::SameListener, &Dashboard::without_app()));

/// A server after its first start, with an empty store behind it.
pub struct FuzzServer {
    runtime: Runtime,
    store: Arc<dyn Store>,
    node: Node,
    app: Arc<App>,
    answering: Arc<Answering>,
    closing: Stop,
}

impl Default for FuzzServer {
    fn default() -> Self {
        Self::new()
    }
}

impl FuzzServer {
    /// Starts one.
    #[must_use]
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (closing, is_closing) = Closing::new();
        let (node, app) = runtime.block_on(async {
            let node =
                Node::start(Arc::clone(&store), &NodeConfig::default()).expect("it is empty");
            set_up(&node.handle(), &*store, Some(OPERATOR_KEY)).await.expect("the store works");
            let keys = KeyRing::new(0);
            keys.load(&*store).expect("the store works");
            let dashboard = Dashboard::without_app();
            let documents = DOCUMENTS.clone();
            let seats = Seats::new(0, 0);
            // Nothing leaves for an address of this machine.
            let webhooks = Webhooks::new(node.handle(), Outbound::new(Allowed::default()));
            let handle = node.handle();
            let app = App::new(handle, keys, seats, dashboard, documents, is_closing, webhooks);
            (node, Arc::new(app))
        });
        let router = ROUTES.clone().with_state(Arc::clone(&app));
        let answering = Arc::new(Answering::new(router, Arc::clone(&app.metrics)));
        Self { runtime, store, node, app, answering, closing }
    }

    /// Sends `bytes` on a new connection and returns what is answered. Gives up after `patience` on what is not answered,
    /// such as a long poll or an unfinished request.
    ///
    /// # Panics
    /// If the connection does not end although its client has left and nothing is going on.
    #[must_use]
    pub fn exchange(&self, bytes: &[u8], patience: Duration) -> Vec<u8> {
        self.runtime.block_on(async {
            let activity = Arc::new(Activity::default());
            let room = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("it is new");
            let client = Peer {
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
                activity: Arc::clone(&activity),
                place: Arc::new(Place::new(room, self.app.metrics.count_connection())),
                channel: Channel::Plain,
            };
            let before = self.answering.requests.load(Ordering::Relaxed);
            let (near, far) = duplex(UNREAD_BYTES);
            let far = CountedStream::new(far, Arc::clone(&activity));
            let serving =
                connection(&server(), far, client, Arc::clone(&self.answering)).into_owned();
            let serving = tokio::spawn(serving);
            let (answers, mut requests) = split(near);
            let (leave, client_gone) = oneshot::channel();
            let mut reading = tokio::spawn(read_until(answers, client_gone));
            // The server may have hung up.
            let _ = requests.write_all(bytes).await;
            let is_answered = || {
                let (read, _, ended) = activity.counts();
                let asked = self.answering.requests.load(Ordering::Relaxed) - before;
                serving.is_finished() || (read == bytes.len() as u64 && ended >= asked)
            };
            settle(is_answered, patience).await;
            let is_open = || {
                let (_, begun, ended) = activity.counts();
                begun > ended
            };
            if is_open() && is_answered() {
                tokio::time::sleep(LISTENING).await;
            }
            let _ = requests.shutdown().await;
            // A client that has sent everything may keep listening; then it is the one to hang up.
            let most = if is_open() { LISTENING } else { MAX_CLOSING };
            let mut read = tokio::time::timeout(most, &mut reading).await.ok();
            if read.is_none() {
                assert!(is_open(), "a connection on which nothing goes on ends with its client");
                drop(leave);
                read = Some(reading.await);
            }
            serving.abort();
            read.expect("it was waited for").expect("reading does not panic")
        })
    }

    /// Stops the server, and recovers what it has stored.
    ///
    /// # Panics
    /// If that cannot be read.
    pub fn stop_and_recover(self) {
        let _ = self.closing.send(true);
        self.runtime.block_on(self.node.shutdown());
        let recovered = recover(&*self.store).expect("what was stored can be read");
        assert_eq!(recovered.replayed, 0, "the last snapshot covers the log");
    }
}

/// Reads the answers until the connection ends or the client hangs up.
async fn read_until(
    mut answers: impl AsyncRead + Unpin,
    mut client_gone: oneshot::Receiver<()>,
) -> Vec<u8> {
    let mut read = Vec::new();
    loop {
        tokio::select! {
            biased;
            came = answers.read_buf(&mut read) => match came {
                Ok(bytes) if bytes > 0 => {}
                // Data received before the connection broke counts as well.
                Ok(_) | Err(_) => return read,
            },
            _ = &mut client_gone => return read,
        }
    }
}

/// Waits until everything is still and answered, or `patience` runs out.
async fn settle(is_answered: impl Fn() -> bool, patience: Duration) {
    let begun = Stopwatch::start();
    let mut still = 0;
    while still < STILL_TURNS && begun.elapsed() < patience {
        still = if is_answered() { still + 1 } else { 0 };
        tokio::task::yield_now().await;
    }
}
