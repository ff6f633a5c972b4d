//! TLS of the server itself: the handshakes, and the certificate that they show.
//!
//! It wraps the counted socket, so the checks of `connection/watchdog.rs` see what is on the wire: a handshake that is not finished
//! is a head that does not come, and a client that takes no records is one that does not read. Files are read in `certificate.rs`
//! and watched in `renewal.rs`. Start reading at [`Tls`].

mod certificate;
mod decrypted;
mod error;
mod limits;
mod renewal;

use std::io;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ServerConfig, ServerConnection};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::connection::activity::{Activity, CountedStream};
use crate::tls::decrypted::Decrypted;
use crate::tls::limits::MAX_UNSENT_BYTES;
use crate::tls::renewal::Shown;

pub use certificate::{CertificateFound, TlsFiles, inspect_certificate};
pub use error::TlsError;
pub use renewal::CertificateRenewal;

/// What is offered in the handshake (RFC 7301), best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What a client turned out to speak.
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub(crate) enum Shaken {
    Tls(Decrypted<CountedStream<TcpStream>>),
    /// HTTP without TLS.
    Plain(CountedStream<TcpStream>),
}

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

    /// Makes the handshake of a connection, if its client begins one.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
        activity: Arc<Activity>,
    ) -> io::Result<Shaken> {
        let mut first = [0];
        // It stays to be read. A handshake begins with a byte that is no letter (RFC 8446 §5.1), a request with its method.
        let is_plain = stream.peek(&mut first).await? == 1 && first[0].is_ascii_uppercase();
        let stream = CountedStream::new(stream, Arc::clone(&activity));
        if is_plain {
            return Ok(Shaken::Plain(stream));
        }
        self.shake(stream, activity).await.map(Shaken::Tls)
    }

    async fn shake<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        activity: Arc<Activity>,
    ) -> io::Result<Decrypted<S>> {
        let limited = |connection: &mut ServerConnection| {
            connection.set_buffer_limit(Some(MAX_UNSENT_BYTES));
        };
        let stream = self.0.accept_with(stream, limited).await?;
        Ok(Decrypted::new(stream, activity))
    }
}

#[cfg(test)]
mod tests {
    use rcgen::generate_simple_self_signed;
    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio_rustls::TlsConnector;

    use super::*;

    /// An engine's message is late by how much of it has come. On the wire each small frame has a record around it.
    #[tokio::test]
    async fn what_is_counted_of_a_connection_is_what_its_client_said_and_not_the_records_around_it()
    {
        let made = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("both.pem");
        let pem = [made.cert.pem(), made.signing_key.serialize_pem()].concat();
        std::fs::write(&path, pem).expect("a file");
        let files = TlsFiles { certificate: path.clone(), key: path };
        let (tls, _) = Tls::open(files).expect("a pair");
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).expect("a root");
        let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let (near, far) = duplex(1 << 16);
        let activity = Arc::new(Activity::default());
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = TlsConnector::from(Arc::new(client));
        let (client, server) =
            tokio::join!(connector.connect(name, near), tls.shake(far, Arc::clone(&activity)));
        let (mut client, mut server) = (client.expect("a client"), server.expect("a server"));
        for _ in 0..100 {
            client.write_all(b"a ping").await.expect("it is sent");
            client.flush().await.expect("it is sent");
            server.read_exact(&mut [0; 6]).await.expect("it comes");
        }
        assert_eq!(activity.read_bytes(), 600);
    }
}
