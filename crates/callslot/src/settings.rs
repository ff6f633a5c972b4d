//! The server's settings: flags, then variables, then the settings file, then defaults.
//!
//! A setting is written twice: in the table [`Settings`], which is both the flags and the keys of the file, and in
//! [`Resolved::new`], which says where its value goes; a test finds the one that is forgotten there. Start reading at the table.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use callslot_server::{Allowed, Network, ServerConfig};
use clap::{Args, ValueEnum};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// The settings file that is read when none is named, if it is there.
const DEFAULT_FILE: &str = "callslot.toml";
const MS_PER_HOUR: u64 = 3_600_000;
const MS_PER_DAY: u64 = 24 * MS_PER_HOUR;

/// Declares settings, none of which need be given, and which of two sources goes first for each of them.
macro_rules! table {
    ($(#[$of_table:meta])* pub struct $table:ident {
        $($(#[$of_setting:meta])* pub $setting:ident: Option<$type:ty>,)*
    }) => {
        $(#[$of_table])*
        pub struct $table { $($(#[$of_setting])* pub $setting: Option<$type>,)* }

        impl $table {
            /// The names of all settings, as the file has them.
            #[cfg(test)]
            const NAMES: &[&str] = &[$(stringify!($setting)),*];

            /// These settings, and where one was not given, the other's.
            fn or(self, other: Self) -> Self {
                Self { $($setting: self.$setting.or(other.$setting),)* }
            }
        }
    };
}

table! {
    /// The settings as they were given: on the command line or in variables, which clap reads, or in the file, where a
    /// key is a flag with underscores.
    #[derive(Debug, Default, Args, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Settings {
        /// The address to listen on (default: 127.0.0.1:7070)
        #[arg(long, env = "CALLSLOT_LISTEN")]
        pub listen: Option<SocketAddr>,
        /// The PEM file of a certificate to speak TLS with; a new one is used as soon as it is there (default: plain HTTP)
        #[arg(long, env = "CALLSLOT_TLS_CERT", value_name = "FILE")]
        pub tls_cert: Option<PathBuf>,
        /// The PEM file of its key (default: that of --tls-cert)
        #[arg(long, env = "CALLSLOT_TLS_KEY", value_name = "FILE")]
        pub tls_key: Option<PathBuf>,
        /// The data directory (default: ./callslot-data)
        #[arg(long, env = "CALLSLOT_DATA")]
        pub data: Option<PathBuf>,
        /// A PostgreSQL database for the data, such as `postgres://callslot@db.example.com/callslot` (default: SQLite in the data directory)
        #[serde(default, deserialize_with = "database")]
        #[arg(long, env = "CALLSLOT_STORE", hide_env_values = true, value_name = "URL", value_parser = Database::from_str)]
        pub store: Option<Database>,
        /// How many shards new data has, each with a queue and a log of its own: a power of two up to 64 (default: those of the data, 1 for new data)
        #[arg(long, env = "CALLSLOT_SHARDS", value_name = "NUMBER")]
        pub shards: Option<Shards>,
        /// A separate address for metrics (default: same as --listen)
        #[arg(long, env = "CALLSLOT_METRICS_LISTEN")]
        pub metrics_listen: Option<SocketAddr>,
        /// The operator's key (default: created at the first start)
        #[arg(long, env = "CALLSLOT_OPERATOR_KEY", hide_env_values = true)]
        pub operator_key: Option<String>,
        /// Whether a proxy in front of the server speaks TLS with clients (default: false)
        #[arg(long, env = "CALLSLOT_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
        pub behind_proxy: Option<bool>,
        /// Commands per second for each key; 0 for no limit (default: 0)
        #[arg(long, env = "CALLSLOT_RATE_LIMIT")]
        pub rate_limit: Option<u32>,
        /// Event streams, engine streams and long polls at once for each key; 0 for no limit of its own (default: 10000)
        #[arg(long, env = "CALLSLOT_SEATS_PER_KEY")]
        pub seats_per_key: Option<u32>,
        /// The same for each organisation; 0 for no limit of its own (default: 20000)
        #[arg(long, env = "CALLSLOT_SEATS_PER_ORG")]
        pub seats_per_org: Option<u32>,
        /// How long events are kept for resuming streams, in hours (default: 24)
        #[arg(long, env = "CALLSLOT_CURSOR_RETENTION_H")]
        pub cursor_retention_h: Option<u64>,
        /// How long ended calls are kept, in days (default: 30)
        #[arg(long, env = "CALLSLOT_ENDED_RETENTION_DAYS")]
        pub ended_retention_days: Option<u64>,
        /// How long figures per minute are kept, in days (default: 7)
        #[arg(long, env = "CALLSLOT_MINUTE_RETENTION_DAYS")]
        pub minute_retention_days: Option<u64>,
        /// How long figures per hour are kept, in days (default: 396, 13 months)
        #[arg(long, env = "CALLSLOT_HISTORY_RETENTION_DAYS")]
        pub history_retention_days: Option<u64>,
        /// A network that webhooks may be sent to although it is not the public internet, such as 10.0.0.0/8; repeatable (default: public addresses only)
        #[serde(default, deserialize_with = "networks")]
        #[arg(long, env = "CALLSLOT_WEBHOOK_ALLOW", value_delimiter = ',', value_name = "CIDR")]
        pub webhook_allow: Option<Vec<Network>>,
        /// Log format (default: pretty)
        #[arg(long, env = "CALLSLOT_LOG_FORMAT")]
        pub log_format: Option<LogFormat>,
        /// Log level: error, warn, info, debug, trace, or a filter (default: info)
        #[arg(long, env = "CALLSLOT_LOG_LEVEL")]
        pub log_level: Option<String>,
    }
}

/// Networks of a settings file: a list of texts, or one text with commas.
fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Network>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        List(Vec<String>),
    }
    let texts = match Written::deserialize(from)? {
        Written::Text(text) => text.split(',').map(str::to_owned).collect(),
        Written::List(texts) => texts,
    };
    let networks = texts.iter().map(|text| text.trim().parse().map_err(D::Error::custom));
    networks.collect::<Result<_, _>>().map(Some)
}

/// The address of a PostgreSQL database. It may have a password in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database(pub String);

impl FromStr for Database {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_known = ["postgres://", "postgresql://"].iter().any(|it| text.starts_with(it));
        is_known.then(|| Self(text.to_owned())).ok_or("it begins with postgres://")
    }
}

fn database<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Database>, D::Error> {
    String::deserialize(from)?.parse().map(Some).map_err(D::Error::custom)
}

/// How many shards data may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub struct Shards(pub u16);

impl TryFrom<u16> for Shards {
    type Error = &'static str;

    fn try_from(shards: u16) -> Result<Self, Self::Error> {
        let is_possible = callslot_store::is_number_of_shards(shards);
        is_possible.then_some(Self(shards)).ok_or("it is one of 1, 2, 4, 8, 16, 32 and 64")
    }
}

impl FromStr for Shards {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map_err(|_| "it is a number").and_then(|shards: u16| shards.try_into())
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object per line.
    Json,
}

/// The data directory, for commands that work on it without a server.
#[derive(Debug, Args)]
pub struct DataDirectory {
    /// The data directory
    #[arg(long, env = "CALLSLOT_DATA", default_value = "./callslot-data")]
    pub data: PathBuf,
}

impl Settings {
    /// Reads the text of a settings file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::said(format!("{} cannot be read: {error}", path.display()))
        })?;
        Self::parse(&text).map_err(|error| {
            // The whole error quotes the line, which may hold a key.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            Failure::said(format!(
                "{}, line {}: {}; `callslot serve --help` lists all settings",
                path.display(),
                before.matches('\n').count() + 1,
                error.message()
            ))
        })
    }
}

/// The settings that `callslot serve` uses: each of them has a value.
#[derive(Debug)]
pub struct Resolved {
    pub server: ServerConfig,
    /// Where the data are, if not in the data directory.
    pub store: Option<Database>,
    /// How many shards the data have, if they must have a certain number.
    pub shards: Option<Shards>,
    pub behind_proxy: bool,
    pub log_format: LogFormat,
    pub log_level: String,
}

impl Resolved {
    /// Puts flags and variables before the file, and the file before the defaults.
    pub fn of(given: Settings, file: Option<&Path>) -> Result<Self, Failure> {
        let file = match file {
            Some(path) => Settings::read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => Settings::read(Path::new(DEFAULT_FILE))?,
            None => Settings::default(),
        };
        Ok(Self::new(given.or(file)))
    }

    /// Fills in the defaults of settings that were not given.
    pub fn new(settings: Settings) -> Self {
        let default = ServerConfig::default();
        let ms = |units: Option<u64>, unit_ms: u64, default_ms: u64| {
            units.map_or(default_ms, |units| units.saturating_mul(unit_ms))
        };
        let server = ServerConfig {
            listen: settings.listen.unwrap_or(default.listen),
            tls_cert: settings.tls_cert,
            tls_key: settings.tls_key,
            data: settings.data.unwrap_or(default.data),
            metrics_listen: settings.metrics_listen,
            operator_key: settings.operator_key,
            commands_per_second_per_key: settings
                .rate_limit
                .unwrap_or(default.commands_per_second_per_key),
            seats_per_key: settings.seats_per_key.unwrap_or(default.seats_per_key),
            seats_per_org: settings.seats_per_org.unwrap_or(default.seats_per_org),
            cursor_retention_ms: ms(
                settings.cursor_retention_h,
                MS_PER_HOUR,
                default.cursor_retention_ms,
            ),
            ended_retention_ms: ms(
                settings.ended_retention_days,
                MS_PER_DAY,
                default.ended_retention_ms,
            ),
            minute_retention_ms: ms(
                settings.minute_retention_days,
                MS_PER_DAY,
                default.minute_retention_ms,
            ),
            history_retention_ms: ms(
                settings.history_retention_days,
                MS_PER_DAY,
                default.history_retention_ms,
            ),
            webhook_allow: Allowed(settings.webhook_allow.unwrap_or_default()),
            // The clock is confirmed for one start, and the dashboard is embedded in the binary; neither is a setting.
            confirms_clock: false,
            dashboard: None,
        };
        Self {
            server,
            store: settings.store,
            shards: settings.shards,
            behind_proxy: settings.behind_proxy.unwrap_or_default(),
            log_format: settings.log_format.unwrap_or_default(),
            log_level: settings.log_level.unwrap_or_else(|| "info".into()),
        }
    }

    /// The log filter. Values in it are plain text: as a regular expression, a few dozen dots would take hours to parse.
    pub fn log_filter(&self) -> Result<EnvFilter, Failure> {
        // The library treats a leading space as a part of the name.
        let parts: Vec<&str> = self.log_level.split(',').map(str::trim).collect();
        EnvFilter::builder().with_regex(false).parse(parts.join(",")).map_err(|error| {
            Failure::said(format!("--log-level {}: {error}; try info or debug", self.log_level))
        })
    }
}

#[cfg(test)]
// The fuzz target includes this file from elsewhere.
#[path = "settings/tests.rs"]
mod tests;
