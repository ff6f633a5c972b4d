//! The authorities whose certificates a client takes.

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::typestate::AgentScope;

/// Certificates of authorities. Without any, a client trusts those that browsers trust.
#[derive(Debug, Clone)]
pub struct Roots(RootCerts);

/// Why a text is not certificates of authorities.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// It is damaged.
    #[error("it cannot be read as PEM ({0})")]
    Damaged(String),
    /// There is no certificate in it.
    #[error("it holds no certificate as PEM (`-----BEGIN CERTIFICATE-----`)")]
    NoCertificate,
}

impl Roots {
    /// Those in a PEM file (RFC 7468).
    pub fn from_pem(pem: &[u8]) -> Result<Self, RootsError> {
        let mut certificates: Vec<Certificate<'static>> = Vec::new();
        for item in parse_pem(pem) {
            let item = item.map_err(|error| RootsError::Damaged(error.to_string()))?;
            // A key beside it is of no use here.
            if let PemItem::Certificate(certificate) = item {
                certificates.push(certificate);
            }
        }
        if certificates.is_empty() {
            return Err(RootsError::NoCertificate);
        }
        Ok(Self(RootCerts::new_with_certs(&certificates)))
    }
}

/// How the connections of every client are made.
pub(super) fn http(roots: Option<&Roots>) -> ConfigBuilder<AgentScope> {
    let mut tls = TlsConfig::builder();
    if let Some(Roots(certificates)) = roots {
        tls = tls.root_certs(certificates.clone());
    }
    Agent::config_builder().tls_config(tls.build()).http_status_as_error(false)
}
