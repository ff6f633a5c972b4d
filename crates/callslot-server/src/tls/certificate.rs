//! A certificate and its key, as files hold them.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_cert::Certificate as Decoded;
use x509_cert::der::Decode as _;

use crate::tls::error::TlsError;
use crate::tls::limits::MAX_FILE_BYTES;

/// Where the certificate and its key are, as PEM (RFC 7468).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those of the authorities between it and a root.
    pub certificate: PathBuf,
    /// Its key. May be the same file.
    pub key: PathBuf,
}

/// The bytes of both files.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// A certificate that can be shown.
pub(super) struct Certificate {
    pub(super) pair: Pair,
    pub(super) key: Arc<CertifiedKey>,
    pub(super) expires_at_s: u64,
}

/// What is found in the files of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateFound {
    /// When it expires, in seconds since 1970.
    pub expires_at_s: u64,
}

/// Reads a certificate and its key as the server would.
///
/// # Errors
/// [`TlsError`] says why the server could not use them.
pub fn inspect_certificate(files: &TlsFiles) -> Result<CertificateFound, TlsError> {
    read(files).map(|found| CertificateFound { expires_at_s: found.expires_at_s })
}

/// Reads the files, and checks that the key is the certificate's.
pub(super) fn read(files: &TlsFiles) -> Result<Certificate, TlsError> {
    parse(files, read_pair(files)?)
}

pub(super) fn read_pair(files: &TlsFiles) -> Result<Pair, TlsError> {
    Ok(Pair { certificate: read_file(&files.certificate)?, key: read_file(&files.key)? })
}

fn read_file(path: &Path) -> Result<Vec<u8>, TlsError> {
    let mut bytes = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > MAX_FILE_BYTES => {
            Err(TlsError::TooLarge { file: path.to_owned() })
        }
        Ok(_) => Ok(bytes),
        Err(source) => Err(TlsError::Unreadable { file: path.to_owned(), source }),
    }
}

/// Makes of the bytes of the files what can be shown.
pub(super) fn parse(files: &TlsFiles, pair: Pair) -> Result<Certificate, TlsError> {
    let TlsFiles { certificate: of_chain, key: of_key } = files;
    let chain = CertificateDer::pem_slice_iter(&pair.certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(of_chain, &error.to_string()))?;
    let own = chain.first().ok_or_else(|| TlsError::NoCertificate { file: of_chain.clone() })?;
    let expires_at_s = expiry(own).map_err(|why| unusable(of_chain, &why))?;
    let key = PrivateKeyDer::from_pem_slice(&pair.key)
        .map_err(|_| TlsError::NoKey { file: of_key.clone() })?;
    let key = CertifiedKey::from_der(chain, key, &ring::default_provider());
    let key = key.map_err(|error| does_not_fit(&error, of_chain, of_key))?;
    Ok(Certificate { key: Arc::new(key), expires_at_s, pair })
}

fn does_not_fit(error: &rustls::Error, certificate: &Path, key: &Path) -> TlsError {
    if matches!(error, rustls::Error::InconsistentKeys(_)) {
        TlsError::KeyDoesNotFit { certificate: certificate.to_owned(), key: key.to_owned() }
    } else {
        unusable(key, &error.to_string())
    }
}

fn unusable(file: &Path, why: &str) -> TlsError {
    TlsError::Unusable { file: PathBuf::from(file), why: why.to_owned() }
}

/// When a certificate expires, in seconds since 1970.
fn expiry(certificate: &CertificateDer<'_>) -> Result<u64, String> {
    let decoded = Decoded::from_der(certificate).map_err(|error| error.to_string())?;
    Ok(decoded.tbs_certificate().validity().not_after.to_unix_duration().as_secs())
}
