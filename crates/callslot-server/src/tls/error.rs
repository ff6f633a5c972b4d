//! Why a certificate cannot be used.

use std::path::PathBuf;

/// Why a certificate cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read ({source}); check the path, and that this user may read it", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A file is too large for what it should hold.
    #[error("{} is larger than 1 MiB; name the PEM file of the server's own certificate", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// There is no certificate in the file.
    #[error("{} holds no certificate as PEM (`-----BEGIN CERTIFICATE-----`)", .file.display())]
    NoCertificate {
        /// The file.
        file: PathBuf,
    },
    /// There is no key in the file.
    #[error(
        "{} holds no private key as PEM without a passphrase; name the key's file with --tls-key, or remove its passphrase with \
         `openssl pkey`",
        .file.display()
    )]
    NoKey {
        /// The file.
        file: PathBuf,
    },
    /// The certificate or the key is damaged, or of a kind that is not supported.
    #[error("{} cannot be used: {why}", .file.display())]
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The key is not the certificate's.
    #[error(
        "the key in {} is not that of the certificate in {}; name the pair that was made together, with the server's own certificate \
         before those of authorities",
        .key.display(),
        .certificate.display()
    )]
    KeyDoesNotFit {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// A key was named without its certificate.
    #[error("--tls-key needs the certificate's file in --tls-cert")]
    KeyAlone,
    /// The system gives no random numbers.
    #[error("sessions cannot be encrypted: {0}")]
    NoTickets(rustls::Error),
}
