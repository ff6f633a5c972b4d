//! `callslot bridge`: puts Callslot in front of telephone numbers.

use std::path::{Path, PathBuf};

use callslot_bridge::asterisk;
use callslot_bridge::twilio::{self, Dialect, Secrets, Signer};
use callslot_bridge::{Check, sip_proxy};
use callslot_client::Slots;
use clap::{Args, Subcommand, ValueEnum};
use tokio::sync::mpsc;

use crate::failure::Failure;
use crate::output::{print, print_json, print_line, print_table};
use crate::process::logging::log_to_stderr;
use crate::process::runtime;
use crate::process::signals::{Signals, on_hangup};
use crate::remote::{Remote, Target};
use crate::settings::{LogFormat, Resolved, Settings};

/// Puts Callslot in front of telephone numbers: callers wait in line without holding a slot, and are connected in order.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  callslot bridge check\n  callslot bridge doctor\n  callslot bridge twilio\n  \
    callslot bridge twilio --dialect texml --config /etc/callslot/bridge.toml\n  \
    callslot bridge sip-proxy\n  \
    callslot bridge asterisk\n\n\
    Secrets come from the environment: TWILIO_AUTH_TOKEN, or TELNYX_PUBLIC_KEY and TELNYX_API_KEY with `--dialect texml`;\n\
    CALLSLOT_WEBHOOK_SECRET if agents dial. ASTERISK_ARI_PASSWORD for Asterisk."
)]
pub struct Bridge {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check the settings file, and say what callers go through
    Check(File),
    /// Check the server, and the carrier's account and numbers, the SIP proxy or Asterisk, each with its fix
    Doctor(Door),
    /// Answer the webhooks of Twilio, or of Telnyx, until told to stop (SIGHUP reads the settings again)
    Twilio(Run),
    /// Let callers of a SIP proxy (Kamailio) wait and be connected, until told to stop (SIGHUP reads the settings again)
    SipProxy(Plain),
    /// Be the Stasis application of an Asterisk, until told to stop (SIGHUP reads the settings again)
    Asterisk(Plain),
}

#[derive(Debug, Args)]
struct File {
    /// The settings file
    #[arg(long, env = "CALLSLOT_BRIDGE_CONFIG", default_value = "bridge.toml")]
    config: PathBuf,
}

#[derive(Debug, Args)]
struct Door {
    #[command(flatten)]
    file: File,
    /// The carrier's dialect: Twilio's, or Telnyx's
    #[arg(long, default_value = "twiml")]
    dialect: Spoken,
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    door: Door,
    #[command(flatten)]
    log: Log,
}

/// What a door takes whose secrets, if it has any, are in variables.
#[derive(Debug, Args)]
struct Plain {
    #[command(flatten)]
    file: File,
    #[command(flatten)]
    log: Log,
}

#[derive(Debug, Args)]
struct Log {
    /// Log format
    #[arg(long, env = "CALLSLOT_LOG_FORMAT", default_value = "pretty")]
    log_format: LogFormat,
    /// Log level: error, warn, info, debug, trace, or a filter
    #[arg(long, env = "CALLSLOT_LOG_LEVEL", default_value = "info")]
    log_level: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    Twiml,
    Texml,
}

impl From<Spoken> for Dialect {
    fn from(spoken: Spoken) -> Self {
        match spoken {
            Spoken::Twiml => Self::Twiml,
            Spoken::Texml => Self::Texml,
        }
    }
}

impl Bridge {
    pub fn run(self) -> Result<(), Failure> {
        match self.what {
            What::Check(file) => check(&file.config, self.remote.json),
            What::Doctor(door) => doctor(&door, &self.remote),
            What::Twilio(run) => run.run(&self.remote),
            What::SipProxy(door) => door.run_sip_proxy(&self.remote),
            What::Asterisk(door) => door.run_asterisk(&self.remote),
        }
    }
}

fn check(file: &Path, is_json: bool) -> Result<(), Failure> {
    let words = if is_for_asterisk(file) {
        read_for_asterisk(file)?.in_words()
    } else {
        read(file)?.in_words()
    };
    if is_json {
        print_json(&serde_json::json!({ "path": words.lines().collect::<Vec<_>>() }));
    } else {
        print(&words);
    }
    Ok(())
}

fn doctor(door: &Door, remote: &Remote) -> Result<(), Failure> {
    let file = &door.file.config;
    let slots = || Slots::new(server(remote)?).map_err(|error| Failure::said(error.to_string()));
    let checks = if is_for_asterisk(file) {
        asterisk::examine(&read_for_asterisk(file)?, &asterisk_password()?, &slots()?)
    } else {
        let settings = read(file)?;
        if settings.sip_proxy.is_some() {
            sip_proxy::examine(&settings, &slots()?)
        } else {
            let secrets = secrets(door.dialect)?;
            twilio::examine(&settings, door.dialect.into(), &secrets, &slots()?)
        }
    };
    if remote.json {
        print_json(&checks);
    } else {
        let row = |check: &Check| {
            let outcome = if check.wrong.is_none() { "good" } else { "BAD" };
            let wrong = check.wrong.as_ref().map(|wrong| format!(": {wrong}")).unwrap_or_default();
            vec![outcome.to_owned(), format!("{}{wrong}", check.what)]
        };
        print_table(&checks.iter().map(row).collect::<Vec<_>>());
    }
    match checks.iter().filter(|check| check.wrong.is_some()).count() {
        0 => Ok(()),
        bad => Err(Failure::said(format!("{bad} of {} checks failed; see above", checks.len()))),
    }
}

impl Run {
    fn run(self, remote: &Remote) -> Result<(), Failure> {
        let secrets = secrets(self.door.dialect)?;
        self.log.begin()?;
        let (file, dialect) = (self.door.file.config, self.door.dialect.into());
        let server = server(remote)?;
        runtime()?.block_on(async {
            let (signals, reloading) = (Signals::catch(), hangups());
            let ready = |places: twilio::Places| {
                print_line(&format!(
                    "The bridge listens on http://{} for the carrier; metrics are on http://{}/metrics",
                    places.webhooks, places.metrics
                ));
            };
            let stop = signals.told_to_stop();
            twilio::run(&file, dialect, secrets, server, ready, reloading, stop)
                .await
                .map_err(|failure| Failure::said(failure.to_string()))
        })
    }
}

impl Plain {
    fn run_sip_proxy(self, remote: &Remote) -> Result<(), Failure> {
        self.log.begin()?;
        let server = server(remote)?;
        runtime()?.block_on(async {
            let (signals, reloading) = (Signals::catch(), hangups());
            let ready = |events, metrics| {
                print_line(&format!(
                    "The bridge runs for the SIP proxy at {events}; metrics are on http://{metrics}/metrics"
                ));
            };
            let stop = signals.told_to_stop();
            sip_proxy::run(&self.file.config, server, ready, reloading, stop)
                .await
                .map_err(|failure| Failure::said(failure.to_string()))
        })
    }

    fn run_asterisk(self, remote: &Remote) -> Result<(), Failure> {
        let password = asterisk_password()?;
        self.log.begin()?;
        let (file, server) = (self.file.config, server(remote)?);
        let runtime = runtime()?;
        let ran = runtime.block_on(async {
            let (signals, reloading) = (Signals::catch(), hangups());
            let ready = |metrics: std::net::SocketAddr| {
                print_line(&format!(
                    "The bridge looks for Asterisk; metrics are on http://{metrics}/metrics"
                ));
            };
            let stop = signals.told_to_stop();
            asterisk::run(&file, &password, server, ready, reloading, stop)
                .await
                .map_err(|failure| Failure::said(failure.to_string()))
        });
        // The next bridge finds out what became of requests that are under way.
        runtime.shutdown_background();
        ran
    }
}

impl Log {
    fn begin(self) -> Result<(), Failure> {
        let log =
            Resolved::new(Settings { log_level: Some(self.log_level), ..Settings::default() });
        log_to_stderr(log.log_filter()?, self.log_format);
        Ok(())
    }
}

/// Where SIGHUP arrives.
fn hangups() -> mpsc::Receiver<()> {
    let (reload, reloading) = mpsc::channel(1);
    // If one is on its way already, it brings this one too.
    on_hangup(move || {
        let _ = reload.try_send(());
    });
    reloading
}

/// A file that cannot be read is for another door.
fn is_for_asterisk(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| asterisk::is_for_asterisk(&text))
}

fn read_for_asterisk(file: &Path) -> Result<asterisk::Settings, Failure> {
    asterisk::read(file).map_err(|failure| Failure::said(failure.to_string()))
}

fn asterisk_password() -> Result<String, Failure> {
    set("ASTERISK_ARI_PASSWORD").ok_or_else(|| {
        Failure::said("ASTERISK_ARI_PASSWORD must be set: the password of the user in ari.conf")
    })
}

/// What the environment has under a name.
fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn read(file: &Path) -> Result<callslot_bridge::Settings, Failure> {
    twilio::read(file).map_err(|failure| Failure::said(failure.to_string()))
}

fn server(remote: &Remote) -> Result<callslot_client::Settings, Failure> {
    let Target { url, key, org, ca_cert } = remote.target()?;
    Ok(callslot_client::Settings { org, ca_cert, ..callslot_client::Settings::new(&url, &key) })
}

/// What the environment has.
fn secrets(dialect: Spoken) -> Result<Secrets, Failure> {
    let needed = |name: &str, what: &str| {
        set(name).ok_or_else(|| Failure::said(format!("{name} must be set: {what}")))
    };
    let (signer, api) = match dialect {
        Spoken::Twiml => {
            let token = needed("TWILIO_AUTH_TOKEN", "the account's auth token")?;
            (Signer::Token(token.clone()), token)
        }
        Spoken::Texml => {
            let key = needed("TELNYX_PUBLIC_KEY", "the account's public key")?;
            let signer = Signer::of_public_key(&key).ok_or_else(|| {
                Failure::said("TELNYX_PUBLIC_KEY is no public key; it is 32 bytes in base64")
            })?;
            (signer, needed("TELNYX_API_KEY", "a key of the account's API")?)
        }
    };
    let dispatch = match set("CALLSLOT_WEBHOOK_SECRET") {
        Some(text) => Some(
            callslot_webhooks::Secret::parse(&text)
                .map_err(|error| Failure::said(format!("CALLSLOT_WEBHOOK_SECRET: {error}")))?,
        ),
        None => None,
    };
    Ok(Secrets { signer, api, dispatch })
}
