//! `callslot login`: keeps a server's address and a key, so that commands need neither.

use std::io::{self, IsTerminal, Write as _};
use std::time::Duration;

use callslot_api::ClientError;
use clap::Args;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::failure::Failure;
use crate::output::show;
use crate::profiles::{Profile, Profiles};
use crate::remote::{Remote, Target, USUAL_URL};

/// How long the server has to say whether it knows the key.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps a server's address and a key.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot login\n  callslot login --url https://calls.example.com --profile work\n  \
    callslot login --url https://calls.example.com < key.txt\n\n\
    The key is asked for, or read from standard input; it is tried before it is kept. The file of profiles is readable by you alone: \
    ~/.config/callslot/profiles.toml, or the one in CALLSLOT_PROFILES. `callslot logout` removes it again."
)]
pub struct Login {
    #[command(flatten)]
    remote: Remote,
}

impl Login {
    pub fn run(&self) -> Result<(), Failure> {
        let name = self.remote.profile.as_deref().unwrap_or("default");
        let mut kept = Profiles::read()?;
        let before = kept.profiles.get(name);
        let url = self.remote.url.clone();
        let url = url.or_else(|| before.map(|before| before.url.clone()));
        let url = url.unwrap_or_else(|| USUAL_URL.to_owned()).trim_end_matches('/').to_owned();
        let key = match &self.remote.key {
            Some(key) => key.clone(),
            None => asked_key(&url)?,
        };
        if key.is_empty() {
            return Err(Failure::said(
                "no key was given; `callslot key create NAME ROLE` makes one",
            ));
        }
        let ca_cert = match &self.remote.ca_cert {
            Some(path) => Some(std::path::absolute(path).map_err(|error| {
                Failure::said(format!("--ca-cert {}: {error}", path.display()))
            })?),
            None => None,
        };
        let target = Target { url, key, org: self.remote.org.clone(), ca_cert };
        let whose = try_key(&target)?;
        let Target { url, key, org, ca_cert } = target;
        let line = format!("logged in to {url} {whose}, as the profile {name}");
        let shown = serde_json::json!({ "profile": name, "url": url, "org": org });
        kept.profiles.insert(name.to_owned(), Profile { url, key, org, ca_cert });
        kept.current = Some(name.to_owned());
        let path = kept.write()?;
        show(self.remote.json, &shown, &format!("{line} (in {})", path.display()));
        Ok(())
    }
}

/// Asks the server with the key; returns for whom it acts.
fn try_key(target: &Target) -> Result<String, Failure> {
    match target.client()?.answered_within(PATIENCE).pool() {
        Ok(pool) => Ok(format!("for {}", pool.org)),
        Err(ClientError::Problem(problem)) if problem.code == "org_not_named" => {
            Ok("as an operator; name organisations with --org".to_owned())
        }
        Err(error) => Err(error.into()),
    }
}

/// The key that is typed unseen, or the first line of standard input.
fn asked_key(url: &str) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::said(format!("the key cannot be read: {error}"));
    let mut line = String::new();
    let input = io::stdin();
    if input.is_terminal() {
        eprint!("Key for {url}: ");
        io::stderr().flush().map_err(failed)?;
        let _unseen = Unseen::begin().map_err(failed)?;
        input.read_line(&mut line).map_err(failed)?;
        eprintln!();
    } else {
        input.read_line(&mut line).map_err(failed)?;
    }
    Ok(line.trim().to_owned())
}

/// What is typed is not shown until this is dropped.
struct Unseen(rustix::termios::Termios);

impl Unseen {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &unseen)?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
