//! A running server and plain HTTP requests to it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use callslot_server::{CertificateRenewal, Server, ServerConfig};
use callslot_store::{Store, StoreError};
use callslot_store_sqlite::SqliteStore;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::support::documented::check_documented;

/// Opens the store that the binary uses.
pub fn open_store(data: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqliteStore::open(data)?))
}

pub const OPERATOR: &str = "operator-key-of-the-tests";

/// A server that runs until it is dropped.
pub struct TestServer {
    pub address: SocketAddr,
    pub metrics: Option<SocketAddr>,
    pub admin: String,
    /// What a first start made to sign a browser in.
    pub sign_in_code: String,
    /// Has the certificate read again, if the server has one.
    pub renewal: Option<CertificateRenewal>,
    data: PathBuf,
    /// Removed once the server has stopped.
    directory: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
    http: ureq::Agent,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The body, if the status is the one expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks that it is a problem of this code whose sentence holds `words`.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str, words: &str) -> Value {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["code"], code, "{}", self.body);
        assert_eq!(self.body["type"], format!("urn:callslot:problem:{code}"));
        assert_eq!(self.body["status"], status);
        assert!(self.body["request_id"].is_string());
        let detail = self.body["detail"].as_str().expect("a sentence");
        assert!(detail.contains(words), "{detail}");
        self.expect(status)
    }
}

impl Answer {
    /// Checks that it is an error as clients of the Atoms platform read them, and that its sentence holds `words`.
    #[track_caller]
    pub fn refused_as_atoms(self, status: u16, words: &str) {
        assert_eq!(self.headers["content-type"], "application/json");
        assert!(self.headers.contains_key("x-request-id"));
        let body = self.expect(status);
        let said = body["errors"][0].as_str().unwrap_or_default();
        assert!(said.contains(words), "{body}");
        assert_eq!(body, json!({ "success": false, "errors": [said] }));
    }
}

impl TestServer {
    /// A server with the agents `a` and `b` in the organisation `default`, limit 20.
    pub fn new() -> Self {
        let server = Self::bare(&ServerConfig::default());
        for agent in ["a", "b"] {
            server.put(&format!("/v1/agents/{agent}"), &json!({ "name": agent })).expect(201);
        }
        server
    }

    /// A server as it is at its first start, except for the address, the data directory and the operator's key.
    pub fn bare(config: &ServerConfig) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let data = directory.path().join("data");
        let mut server = Self::started(data, config);
        server.directory = Some(directory);
        server
    }

    /// A server on data that is there.
    pub fn on(directory: TempDir) -> Self {
        let mut server = Self::started(directory.path().into(), &ServerConfig::default());
        server.directory = Some(directory);
        server
    }

    fn started(data: PathBuf, config: &ServerConfig) -> Self {
        let config = ServerConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.clone(),
            operator_key: Some(OPERATOR.into()),
            ..config.clone()
        };
        let http = trusting(config.tls_cert.as_deref());
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let server = Server::start(config, open_store).await.expect("the server starts");
                let first = server.first_start();
                let made = first.map(|it| (it.admin_key.clone(), it.sign_in_code.clone()));
                let address = server.local_addr().expect("an address");
                let at = (address, server.metrics_addr());
                tell.send((at, made, server.certificate_renewal())).expect("the test listens");
                server
                    .run_until(async {
                        let _ = stopped.await;
                    })
                    .await;
            });
        });
        let ((address, metrics), made, renewal) = told.recv().expect("the server starts");
        let (admin, sign_in_code) = made.unwrap_or_default();
        Self {
            address,
            metrics,
            admin,
            sign_in_code,
            renewal,
            data,
            directory: None,
            stop: Some(stop),
            running: Some(running),
            http,
        }
    }

    /// The same data in a new server with these settings.
    pub fn restart_as(mut self, config: &ServerConfig) -> Self {
        self.halt();
        let mut again = Self::started(self.data.clone(), config);
        again.admin = std::mem::take(&mut self.admin);
        again.directory = self.directory.take();
        again
    }

    /// The same data in a new server.
    pub fn restart(self) -> Self {
        self.restart_with(|_| {})
    }

    /// What is made of the same data, in a new server.
    pub fn restart_with(mut self, change: impl FnOnce(&dyn Store)) -> Self {
        self.halt();
        change(&*open_store(&self.data).expect("the store opens"));
        let mut again = Self::started(self.data.clone(), &ServerConfig::default());
        again.admin = std::mem::take(&mut self.admin);
        again.directory = self.directory.take();
        again
    }

    pub fn url(&self, path: &str) -> String {
        let scheme = if self.renewal.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.admin, None, &[])
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &self.admin, Some(body), &[])
    }

    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.ask("PUT", path, &self.admin, Some(body), &[])
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &self.admin, None, &[])
    }

    /// A request of the operator's.
    pub fn operate(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.ask(method, path, OPERATOR, body, &[])
    }

    /// A request with a key.
    #[track_caller]
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        self.ask_plain(method, path, body.unwrap_or(&Value::Null), &all)
    }

    /// A request with these headers alone, and with a body unless that is null.
    #[track_caller]
    pub fn ask_plain(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_null() {
            self.http.run(request.body(()).expect("a request"))
        } else {
            let request = request.header("content-type", "application/json");
            self.http.run(request.body(body.to_string()).expect("a request"))
        };
        let (parts, mut body) = answer.expect("an answer").into_parts();
        let text = body.read_to_string().expect("a body");
        let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let status = parts.status.as_u16();
        check_documented(method, path, status, &json);
        Answer { status, headers: parts.headers, body: json }
    }

    /// Starts a call under this id.
    pub fn start(&self, agent: &str, call_type: &str, id: &str) -> Value {
        let answer =
            self.post("/v1/calls", &json!({ "agent": agent, "type": call_type, "id": id }));
        answer.expect(201)
    }

    pub fn end(&self, id: &str) -> Value {
        self.post(&format!("/v1/calls/{id}/end"), &json!({})).expect(200)
    }

    /// Gives `default` another limit.
    pub fn limit(&self, limit: u32) {
        let patch = json!({ "limit_override": limit });
        self.operate("PATCH", "/v1/orgs/default", Some(&patch)).expect(200);
    }

    /// Tells the server to stop, and does not wait for it.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    fn halt(&mut self) {
        self.stop();
        if let Some(running) = self.running.take() {
            running.join().expect("the server stops on its own");
        }
    }
}

/// A client that trusts the certificate in a file, if there is one.
fn trusting(certificate: Option<&Path>) -> ureq::Agent {
    let mut tls = TlsConfig::builder();
    if let Some(path) = certificate {
        let pem = std::fs::read(path).expect("a certificate");
        let root = Certificate::from_pem(&pem).expect("a certificate");
        tls = tls.root_certs(RootCerts::new_with_certs(&[root]));
    }
    let config = ureq::Agent::config_builder().tls_config(tls.build());
    config.http_status_as_error(false).build().into()
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.halt();
    }
}
