//! Shows a new certificate once its files have changed. Connections that are open go on with what they began with.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::Notify;

use crate::metrics::ServerMetrics;
use crate::shutdown::Closing;
use crate::tls::certificate::{Certificate, Pair, TlsFiles, parse, read_pair};
use crate::tls::error::TlsError;
use crate::tls::limits::LOOK_EVERY;

/// The certificate that handshakes show.
pub(super) struct Shown(RwLock<Arc<Certificate>>);

impl Shown {
    pub(super) fn new(certificate: Certificate) -> Self {
        Self(RwLock::new(Arc::new(certificate)))
    }

    fn now(&self) -> Arc<Certificate> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, certificate: Certificate) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
    }
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Shown")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.now().key))
    }
}

/// Has the files of the certificate read again.
#[derive(Debug, Clone)]
pub struct CertificateRenewal {
    files: Arc<TlsFiles>,
    shown: Arc<Shown>,
    asked: Arc<Notify>,
}

impl CertificateRenewal {
    pub(super) fn new(files: TlsFiles, shown: Arc<Shown>) -> Self {
        Self { files: Arc::new(files), shown, asked: Arc::default() }
    }

    /// Has the files read at once, instead of within 5 s of a change.
    pub fn ask(&self) {
        self.asked.notify_one();
    }

    /// When the certificate expires that is shown now, in seconds since 1970.
    #[must_use]
    pub fn expires_at_s(&self) -> u64 {
        self.shown.now().expires_at_s
    }

    /// Looks at the files until the server stops.
    pub(crate) async fn keep_current(self, metrics: Arc<ServerMetrics>, closing: Closing) {
        metrics.note_certificate(self.expires_at_s());
        let mut refused = Refused::default();
        loop {
            let is_asked = tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => false,
                () = self.asked.notified() => true,
                () = closing.begun() => return,
            };
            let looking = self.clone();
            let looked = tokio::task::spawn_blocking(move || looking.changed()).await;
            match looked.expect("reading files does not panic") {
                Ok(None) => refused = Refused::default(),
                Ok(Some(certificate)) => {
                    let expires_at_s = certificate.expires_at_s;
                    self.shown.replace(certificate);
                    metrics.note_certificate(expires_at_s);
                    let expires_at = callslot_api::Time(expires_at_s.saturating_mul(1000));
                    tracing::info!(%expires_at, "new connections get the new certificate");
                    refused = Refused::default();
                }
                Err(failed) => {
                    if refused.is_to_be_said(failed.pair) || is_asked {
                        // Not again at the next look.
                        refused.times = refused.times.max(2);
                        metrics.count_refused_certificate();
                        tracing::warn!(error = %failed.error, "the certificate stays as it was");
                    }
                }
            }
        }
    }

    /// The certificate in the files, if it is another.
    fn changed(&self) -> Result<Option<Certificate>, Failed> {
        let pair = read_pair(&self.files).map_err(|error| Failed { error, pair: None })?;
        if pair == self.shown.now().pair {
            return Ok(None);
        }
        let parsed = parse(&self.files, pair.clone());
        parsed.map(Some).map_err(|error| Failed { error, pair: Some(pair) })
    }
}

/// Files that cannot be used.
struct Failed {
    error: TlsError,
    pair: Option<Pair>,
}

/// What was refused last. A certificate is renewed one file after the other, so a pair that does not fit is said only when it
/// is still there at the second look; and then once.
#[derive(Default)]
struct Refused {
    /// How often in a row the same was refused.
    times: u32,
    /// None: the files could not be read.
    last: Option<Pair>,
}

impl Refused {
    fn is_to_be_said(&mut self, pair: Option<Pair>) -> bool {
        let is_same = self.times > 0 && self.last == pair;
        self.times = if is_same { self.times.saturating_add(1) } else { 1 };
        self.last = pair;
        self.times == 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_used_are_said_once_and_not_at_the_first_look() {
        let mut refused = Refused::default();
        let said: Vec<bool> = (0..4).map(|_| refused.is_to_be_said(None)).collect();
        assert_eq!(said, [false, true, false, false]);
    }
}
