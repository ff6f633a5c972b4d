//! Certificates that a test makes, and connections that trust them.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use callslot_server::ServerConfig;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;

/// Longer than the server waits for anything: beyond it, it hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection with TLS.
pub type Tls = StreamOwned<ClientConnection, TcpStream>;

/// The files of a certificate for this machine.
pub struct Files {
    directory: TempDir,
}

impl Files {
    /// A new certificate, which expires at the end of this year.
    pub fn new(year: i32) -> Self {
        let files = Self { directory: tempfile::tempdir().expect("a directory") };
        files.renew(year);
        files
    }

    /// Puts another certificate in its place; returns it.
    pub fn renew(&self, year: i32) -> CertificateDer<'static> {
        let (certificate, key) = made(year);
        fs::write(self.certificate(), &certificate).expect("a file");
        fs::write(self.key(), key).expect("a file");
        CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate")
    }

    pub fn certificate(&self) -> PathBuf {
        self.directory.path().join("certificate.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.directory.path().join("key.pem")
    }

    /// Settings of a server with this certificate.
    pub fn config(&self) -> ServerConfig {
        ServerConfig {
            tls_cert: Some(self.certificate()),
            tls_key: Some(self.key()),
            ..ServerConfig::default()
        }
    }

    /// Connects, trusting the certificate in the file, and offers these protocols.
    pub fn connect(&self, address: SocketAddr, protocols: &[&[u8]]) -> Tls {
        let mut roots = RootCertStore::empty();
        let pem = fs::read(self.certificate()).expect("a file");
        let root = CertificateDer::from_pem_slice(&pem).expect("a certificate");
        roots.add(root).expect("it can be a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions");
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from("127.0.0.1").expect("an address");
        let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        StreamOwned::new(connection, stream)
    }
}

/// A certificate for this machine, and its key.
pub fn made(year: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["127.0.0.1".into(), "localhost".into()])
        .expect("names of this machine");
    params.not_after = date_time_ymd(year, 12, 31);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}
