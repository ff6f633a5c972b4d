//! TLS of the server itself: the handshakes, and the certificate that they show.
//!
//! It wraps the counted socket, so the checks of `connection/watchdog.rs` see what is on the wire: a handshake that is not finished
//! is a head that does not come, and a client that takes no records is one that does not read. Files are read in `certificate.rs`
//! and watched in `renewal.rs`. Start reading at [`Tls`].

mod certificate;
mod error;
mod limits;
mod renewal;

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::tls::limits::MAX_UNSENT_BYTES;
use crate::tls::renewal::Shown;

pub use certificate::{CertificateFound, TlsFiles, inspect_certificate};
pub use error::TlsError;
pub use renewal::CertificateRenewal;

/// What is offered in the handshake (RFC 7301), best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Makes handshakes.
#[derive(Clone)]
pub(crate) struct Tls(TlsAcceptor);

impl Tls {
    /// Reads the files; the second part watches them.
    pub(crate) fn open(files: TlsFiles) -> Result<(Self, CertificateRenewal), TlsError> {
        let shown = Arc::new(Shown::new(certificate::read(&files)?));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has both versions of TLS")
            .with_no_client_auth();
        let mut config = config
            .with_cert_resolver(Arc::clone(&shown) as Arc<dyn rustls::server::ResolvesServerCert>);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
        // Engines that come back all at once resume their sessions, and the server keeps nothing for that.
        config.ticketer = ring::Ticketer::new().map_err(TlsError::NoTickets)?;
        let renewal = CertificateRenewal::new(files, shown);
        Ok((Self(TlsAcceptor::from(Arc::new(config))), renewal))
    }

    /// Makes the handshake of a connection.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> std::io::Result<TlsStream<S>> {
        self.0
            .accept_with(stream, |connection| connection.set_buffer_limit(Some(MAX_UNSENT_BYTES)))
            .await
    }
}
