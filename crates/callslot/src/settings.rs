//! The server's settings: flags, then variables, then the settings file, then defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use callslot_server::ServerConfig;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, Serve};
use crate::output::Failure;

/// The settings file that is read when none is named, if it is there.
const DEFAULT_FILE: &str = "callslot.toml";
const MS_PER_HOUR: u64 = 3_600_000;

/// All that `callslot serve` is told.
#[derive(Debug)]
pub struct Settings {
    pub server: ServerConfig,
    pub log_format: LogFormat,
    pub log_level: String,
}

/// The settings file: every flag, by its name with underscores.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    metrics_listen: Option<SocketAddr>,
    operator_key: Option<String>,
    rate_limit: Option<u32>,
    cursor_retention_h: Option<u64>,
    ended_retention_days: Option<u64>,
    minute_retention_days: Option<u64>,
    history_retention_days: Option<u64>,
    log_format: Option<LogFormat>,
    log_level: Option<String>,
}

impl Settings {
    /// Puts flags and variables (which clap has read) before the file, and the file before the defaults.
    pub fn of(flags: &Serve) -> Result<Self, Failure> {
        let file = match &flags.config {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
            None => SettingsFile::default(),
        };
        Ok(Self::merged(flags, file))
    }

    /// What flags and a file say together.
    pub fn merged(flags: &Serve, file: SettingsFile) -> Self {
        let defaults = ServerConfig::default();
        let retention = |flag: Option<u64>, file: Option<u64>, unit_ms: u64, default_ms: u64| {
            flag.or(file).map_or(default_ms, |units| units.saturating_mul(unit_ms))
        };
        let server = ServerConfig {
            listen: flags.listen.or(file.listen).unwrap_or(defaults.listen),
            data: flags.data.clone().or(file.data).unwrap_or(defaults.data),
            metrics_listen: flags.metrics_listen.or(file.metrics_listen),
            operator_key: flags.operator_key.clone().or(file.operator_key),
            requests_per_second_per_key: flags
                .rate_limit
                .or(file.rate_limit)
                .unwrap_or(defaults.requests_per_second_per_key),
            cursor_retention_ms: retention(
                flags.cursor_retention_h,
                file.cursor_retention_h,
                MS_PER_HOUR,
                defaults.cursor_retention_ms,
            ),
            ended_retention_ms: retention(
                flags.ended_retention_days,
                file.ended_retention_days,
                24 * MS_PER_HOUR,
                defaults.ended_retention_ms,
            ),
            minute_retention_ms: retention(
                flags.minute_retention_days,
                file.minute_retention_days,
                24 * MS_PER_HOUR,
                defaults.minute_retention_ms,
            ),
            history_retention_ms: retention(
                flags.history_retention_days,
                file.history_retention_days,
                24 * MS_PER_HOUR,
                defaults.history_retention_ms,
            ),
            // It is in the binary, and no setting.
            dashboard: None,
        };
        Self {
            server,
            log_format: flags.log_format.or(file.log_format).unwrap_or_default(),
            log_level: flags.log_level.clone().or(file.log_level).unwrap_or_else(|| "info".into()),
        }
    }

    /// What is logged. Values in a filter are texts: as regular expressions a few dozen dots would take hours to read.
    pub fn log_filter(&self) -> Result<EnvFilter, Failure> {
        // The library takes spaces at the beginning of a part for a part of its name.
        let parts: Vec<&str> = self.log_level.split(',').map(str::trim).collect();
        EnvFilter::builder().with_regex(false).parse(parts.join(",")).map_err(|error| {
            Failure::said(format!("--log-level {}: {error}; try info or debug", self.log_level))
        })
    }
}

impl SettingsFile {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

fn read(path: &Path) -> Result<SettingsFile, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::said(format!("{} cannot be read: {error}", path.display())))?;
    SettingsFile::parse(&text).map_err(|error| {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SettingsFile {
        SettingsFile::parse(text).expect("the settings are readable")
    }

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
        let flags = Serve { rate_limit: Some(5), ..Serve::default() };
        let settings = Settings::merged(&flags, file("rate_limit = 9\nended_retention_days = 2"));
        assert_eq!(settings.server.requests_per_second_per_key, 5);
        assert_eq!(settings.server.ended_retention_ms, 2 * 24 * MS_PER_HOUR);
        assert_eq!(settings.server.cursor_retention_ms, 24 * MS_PER_HOUR);
        assert_eq!(settings.log_level, "info");
    }

    #[test]
    fn values_in_a_log_filter_are_texts_however_much_they_look_like_patterns() {
        let level = format!("info,[{{kind={}}}]=debug", ".".repeat(100));
        let flags = Serve { log_level: Some(level), ..Serve::default() };
        assert!(Settings::merged(&flags, SettingsFile::default()).log_filter().is_ok());
    }

    #[test]
    fn spaces_between_the_parts_of_a_log_filter_mean_nothing() {
        for spaced in ["warn, callslot=debug", "\u{2007}warn ,\u{2007}[é{kind=1}]=info"] {
            let filter = |level: &str| {
                let flags = Serve { log_level: Some(level.into()), ..Serve::default() };
                let filter = Settings::merged(&flags, SettingsFile::default()).log_filter();
                filter.expect("it is a filter").to_string()
            };
            let dense: String = spaced.chars().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(filter(spaced), filter(&dense));
        }
    }

    #[test]
    fn a_setting_that_does_not_exist_is_refused_by_name() {
        let error = SettingsFile::parse("lisen = \"x\"").expect_err("there is no such setting");
        assert!(error.to_string().contains("lisen"));
    }
}
