//! Whose certificates the connections take, as the settings say.

use std::fs;
use std::sync::Arc;

use callslot_api::{Client, Roots};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::Connector;

use crate::settings::Settings;
use crate::status::Error;

/// The text of the authorities' file, if one is named.
fn pem(settings: &Settings) -> Result<Option<Vec<u8>>, Error> {
    let Some(path) = &settings.ca_cert else { return Ok(None) };
    let wrong = |why: String| Error::Settings(format!("{}: {why}", path.display()));
    fs::read(path).map(Some).map_err(|error| wrong(error.to_string()))
}

/// The client of the HTTP API.
pub(crate) fn api(settings: &Settings) -> Result<Client, Error> {
    let client = Client::new(&settings.url, &settings.key, settings.org.as_deref());
    let Some(pem) = pem(settings)? else { return Ok(client) };
    let roots = Roots::from_pem(&pem).map_err(|error| Error::Settings(error.to_string()))?;
    Ok(client.trusting(roots))
}

/// How the stream's connections are made; `None`: with the authorities that browsers trust.
pub(crate) fn connector(settings: &Settings) -> Result<Option<Connector>, Error> {
    let Some(pem) = pem(settings)? else { return Ok(None) };
    let wrong = |error: &dyn std::fmt::Display| Error::Settings(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(Connector::Rustls(Arc::new(config))))
}
