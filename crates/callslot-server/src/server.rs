//! A server: its settings, its start, its first start, and its stop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callslot_api::limits::{DEFAULT_MAX_CALL_DURATION_S, DEFAULT_MAX_QUEUED};
use callslot_core::{OrgId, OrgSettings, PerType, PlanId, Rejection};
use callslot_node::{
    CatalogueError, NewOrg, Node, NodeConfig, NodeHandle, StartError, SubmitError, wall_now,
};
use callslot_store::{ApiKey, Log, Plan, Role, Store, StoreError};
use callslot_store_sqlite::SqliteStore;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use crate::accept;
use crate::auth::key_ring::{Keys, hash};
use crate::auth::secrets::{new_id, new_secret};
use crate::limits::{LEAST_OPERATOR_KEY_CHARS, MAX_NOT_YET_ACCEPTED, TEND_KEYS_EVERY};
use crate::routes::router::{MetricsAt, metrics_router, router};
use crate::state::App;
use crate::web_app::files::Dashboard;

/// The plans of a first start, with their names and limits.
const FIRST_PLANS: [(&str, &str, u32); 2] =
    [("standard", "Standard", 20), ("enterprise", "Enterprise", 100)];
/// The organisation of a first start, and the plan it is on.
const FIRST_ORG: (&str, &str) = ("default", "standard");
/// The id of the operator key that the settings give.
const GIVEN_OPERATOR_KEY: &str = "key_operator";

/// Settings of a server.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen. Port 0: any free port.
    pub listen: SocketAddr,
    /// The data directory.
    pub data: PathBuf,
    /// Where to listen for readers of metrics; none: with everything else.
    pub metrics_listen: Option<SocketAddr>,
    /// The operator's key; none: one is made at the first start.
    pub operator_key: Option<String>,
    /// How many requests one key may make a second; 0: without bound.
    pub requests_per_second_per_key: u32,
    /// How long events are kept for cursors, in milliseconds.
    pub cursor_retention_ms: u64,
    /// How long ended calls are kept, in milliseconds.
    pub ended_retention_ms: u64,
    /// How long figures are kept by the minute, in milliseconds.
    pub minute_retention_ms: u64,
    /// How long figures are kept by the hour, in milliseconds.
    pub history_retention_ms: u64,
    /// The dashboard; none: a page that says how to get it.
    pub dashboard: Option<Dashboard>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let node = NodeConfig::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7070)),
            data: PathBuf::from("./callslot-data"),
            metrics_listen: None,
            operator_key: None,
            requests_per_second_per_key: 0,
            cursor_retention_ms: node.cursor_retention_ms,
            ended_retention_ms: node.ended_retention_ms,
            minute_retention_ms: node.minute_retention_ms,
            history_retention_ms: node.history_retention_ms,
            dashboard: None,
        }
    }
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address} ({source}); stop what listens there, or choose another address with --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operator's key that the settings give is too easily guessed, or cannot stand in a header.
    #[error(
        "the operator's key must have at least {LEAST_OPERATOR_KEY_CHARS} characters, all of them visible ASCII; make one with \
         `openssl rand -hex 32`, or leave it out"
    )]
    OperatorKey,
    /// The first start could not be set up.
    #[error("the first start could not be set up: {0}")]
    SetUp(String),
}

impl From<StartError> for ServeError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => Self::Store(error),
        }
    }
}

/// What a first start made. The keys are shown once.
#[derive(Debug, Clone)]
pub struct FirstStart {
    /// The organisation.
    pub org: String,
    /// The key of its admin.
    pub admin_key: String,
    /// The operator's key; none when the settings gave one.
    pub operator_key: Option<String>,
    /// Signs a browser in as the operator, once and within an hour: the page `/sign-in#<code>`.
    pub sign_in_code: String,
}

/// The keys of a first start.
pub(crate) struct FirstKeys {
    admin: String,
    /// None when the settings gave one.
    operator: Option<String>,
}

/// A server that is ready to answer.
#[derive(Debug)]
pub struct Server {
    node: Node,
    app: Arc<App>,
    closing: watch::Sender<bool>,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    first_start: Option<FirstStart>,
}

impl Server {
    /// Opens the store, recovers what it holds, and listens.
    ///
    /// # Errors
    /// [`ServeError`] says what keeps the server from running and what to do.
    pub async fn start(config: ServerConfig) -> Result<Self, ServeError> {
        if config.operator_key.as_deref().is_some_and(|secret| !is_fit_for_operator(secret)) {
            return Err(ServeError::OperatorKey);
        }
        let listener = listen(config.listen)?;
        let metrics_listener = match config.metrics_listen {
            Some(address) => Some(listen(address)?),
            None => None,
        };
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&config.data)?);
        let node_config = NodeConfig {
            cursor_retention_ms: config.cursor_retention_ms,
            ended_retention_ms: config.ended_retention_ms,
            minute_retention_ms: config.minute_retention_ms,
            history_retention_ms: config.history_retention_ms,
        };
        let node = Node::start(Arc::clone(&store), node_config)?;
        let made = set_up(&node.handle(), &*store, config.operator_key.as_deref()).await?;
        let keys = Keys::new(config.requests_per_second_per_key);
        keys.load(&*store)?;
        let (closing, is_closing) = watch::channel(false);
        let dashboard = config.dashboard.unwrap_or_else(Dashboard::without_app);
        let app = App::new(node.handle(), keys, dashboard, is_closing);
        let first_start = made.map(|made| first_start(made, config.operator_key.as_deref(), &app));
        Ok(Self { node, app: Arc::new(app), closing, listener, metrics_listener, first_start })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address on which metrics are read, if it is one of their own.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// What was made, if this is the first start.
    #[must_use]
    pub fn first_start(&self) -> Option<&FirstStart> {
        self.first_start.as_ref()
    }

    /// Answers until `shutdown` is done; then lets open requests finish, commits, and keeps a snapshot.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        let metrics_at = match self.metrics_listener {
            Some(_) => MetricsAt::OwnListener,
            None => MetricsAt::SameListener,
        };
        let main = tokio::spawn(accept::serve(
            self.listener,
            router(&self.app, metrics_at),
            Arc::clone(&self.app),
        ));
        let metrics = self.metrics_listener.map(|listener| {
            tokio::spawn(accept::serve(listener, metrics_router(&self.app), Arc::clone(&self.app)))
        });
        let tending = tokio::spawn(tend_keys(Arc::clone(&self.app)));
        shutdown.await;
        let _ = self.closing.send(true);
        main.await.expect("the accept loop ends by itself");
        if let Some(metrics) = metrics {
            metrics.await.expect("the accept loop ends by itself");
        }
        tending.await.expect("tending the keys ends by itself");
        self.node.shutdown().await;
    }
}

fn is_fit_for_operator(secret: &str) -> bool {
    secret.len() >= LEAST_OPERATOR_KEY_CHARS && secret.bytes().all(|byte| byte.is_ascii_graphic())
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // Otherwise connections of a server that has just ended would keep the next one from listening.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(MAX_NOT_YET_ACCEPTED)
    };
    listening().map_err(|source| ServeError::Listen { address, source })
}

/// What is told of a first start, with a code of the operator's.
fn first_start(made: FirstKeys, given_operator: Option<&str>, app: &App) -> FirstStart {
    let secret = made.operator.as_deref().or(given_operator);
    let operator = secret.and_then(|secret| app.keys.find(secret)).expect("it was just kept");
    FirstStart {
        org: first_org().to_string(),
        admin_key: made.admin,
        operator_key: made.operator,
        sign_in_code: app.codes.make(&operator, wall_now()).0,
    }
}

/// Keeps when keys were last used, and forgets sessions that have expired: now and then, and at the end.
async fn tend_keys(app: Arc<App>) {
    loop {
        let is_last = tokio::select! {
            () = tokio::time::sleep(TEND_KEYS_EVERY) => false,
            () = app.closed() => true,
        };
        let tending = Arc::clone(&app);
        // A store that fails says so elsewhere; the next round tries again.
        let _ = app
            .node
            .in_store(move |store| {
                tending.keys.keep_last_uses(store)?;
                tending.keys.forget_expired(store, wall_now())
            })
            .await;
        if is_last {
            return;
        }
    }
}

/// Makes what a first start needs, and installs the operator key that the settings give.
///
/// Keys come last, so that a start that was cut off before is completed by the next one; and since the last operator key
/// stays, there is never again a start without keys.
pub(crate) async fn set_up(
    node: &NodeHandle,
    store: &dyn Store,
    operator_key: Option<&str>,
) -> Result<Option<FirstKeys>, ServeError> {
    let made = if store.keys()?.is_empty() {
        make_first_plans_and_org(node, store).await?;
        let made_operator_key = operator_key.is_none().then(|| new_secret(Role::Operator));
        if let Some(secret) = &made_operator_key {
            keep_key(store, new_id("key"), None, Role::Operator, secret)?;
        }
        let admin = new_secret(Role::Admin);
        keep_key(store, new_id("key"), Some(first_org()), Role::Admin, &admin)?;
        Some(FirstKeys { admin, operator: made_operator_key })
    } else {
        None
    };
    if let Some(secret) = operator_key {
        keep_key(store, GIVEN_OPERATOR_KEY.into(), None, Role::Operator, secret)?;
    }
    Ok(made)
}

async fn make_first_plans_and_org(node: &NodeHandle, store: &dyn Store) -> Result<(), ServeError> {
    let failed = |error: CatalogueError| ServeError::SetUp(error.to_string());
    let known = store.plans()?;
    for plan in first_plans() {
        if !known.contains_key(&plan.id) {
            node.put_plan(plan).await.map_err(failed)?;
        }
    }
    let settings = first_org_settings();
    let new = NewOrg {
        name: settings.name,
        plan: settings.plan,
        limit_override: settings.limit_override,
        max_call_duration_ms: settings.max_call_duration_ms,
        max_wait_ms: settings.max_wait_ms,
        max_queued: settings.max_queued,
    };
    match node.create_org(first_org(), new).await {
        Ok(()) | Err(CatalogueError::Submit(SubmitError::Refused(Rejection::OrgExists { .. }))) => {
            Ok(())
        }
        Err(error) => Err(failed(error)),
    }
}

/// The plans of a first start.
pub(crate) fn first_plans() -> impl Iterator<Item = Plan> {
    FIRST_PLANS.into_iter().map(|(id, name, limit)| Plan {
        id: PlanId::parse(id).expect("a plan id"),
        name: name.into(),
        limit,
    })
}

/// The organisation of a first start.
pub(crate) fn first_org() -> OrgId {
    OrgId::parse(FIRST_ORG.0).expect("an organisation id")
}

/// What is set for it.
pub(crate) fn first_org_settings() -> OrgSettings {
    let plan = PlanId::parse(FIRST_ORG.1).expect("a plan id");
    let of_plan = first_plans().find(|first| first.id == plan).expect("it is a first plan");
    OrgSettings {
        name: "Default".into(),
        plan,
        plan_limit: of_plan.limit,
        limit_override: None,
        max_call_duration_ms: DEFAULT_MAX_CALL_DURATION_S * 1000,
        max_wait_ms: PerType::default(),
        max_queued: DEFAULT_MAX_QUEUED,
    }
}

fn keep_key(
    store: &dyn Store,
    id: String,
    org: Option<OrgId>,
    role: Role,
    secret: &str,
) -> Result<(), StoreError> {
    store.put_key(&ApiKey {
        id,
        org,
        name: format!("first {}", role.as_str()),
        role,
        secret_sha256: hash(secret),
        created_at: wall_now(),
        last_used_at: None,
    })
}

/// Copies the store in `data` to the new file `file`, while a server may be using it.
///
/// # Errors
/// [`ServeError::Store`] says why not and what to do.
pub fn backup(data: &Path, file: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::backup(data, file)?;
    Ok(())
}

/// Makes the new data directory `data` from a backup.
///
/// # Errors
/// [`ServeError::Store`] says why not and what to do.
pub fn restore(file: &Path, data: &Path) -> Result<(), ServeError> {
    callslot_store_sqlite::restore(file, data)?;
    Ok(())
}

/// Says what a server would find in `data`, without changing it.
///
/// # Errors
/// [`ServeError::Store`] says what would keep a server from starting.
pub fn check_store(data: &Path) -> Result<String, ServeError> {
    if !data.join("callslot.db").exists() {
        return Ok(format!("{} is not there yet; the first start makes it", data.display()));
    }
    match SqliteStore::open(data) {
        Ok(store) => {
            store.latest_snapshot()?;
            let (start, end) = (store.start()?, store.end()?);
            Ok(format!("{} holds records {} to {}", data.display(), start.0, end.0))
        }
        Err(StoreError::InUse(_)) => Ok(format!("{} is open in a running server", data.display())),
        Err(error) => Err(error.into()),
    }
}
