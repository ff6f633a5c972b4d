//! `callslot apply`: makes the pool's settings what a file says, after showing what would change.
//!
//! What is in a file is in `apply/document.rs`, what a server has is read in `apply/live.rs`, what differs is found in
//! `apply/plan.rs` (pure), and `apply/steps.rs` changes it. Start reading at [`Apply::run`].

pub mod document;
pub mod live;
mod plan;
mod steps;

use std::io::{IsTerminal, Read as _};
use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{print, print_json, print_line};
use crate::remote::Remote;

use self::document::Document;
use self::plan::{Plan, Prune};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// Makes the pool's settings what a file says.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot export > pool.yaml\n  callslot apply -f pool.yaml --dry-run\n  callslot apply -f pool.yaml\n  \
    callslot apply -f pool.yaml --prune --yes\n\n\
    A file has agents (with their reservations, caps and paces), types, gates and webhooks; a section that it leaves out stays as it is. \
    What the server has and a section has not is deleted with --prune alone. On a terminal it asks before it changes something.\n\n\
    Exit codes: 0 done, or nothing differs, 1 refused or failed, 2 wrong usage, or with --dry-run: something differs"
)]
pub struct Apply {
    #[command(flatten)]
    remote: Remote,
    /// The file, as YAML or JSON; - reads standard input
    #[arg(long, short)]
    file: PathBuf,
    /// Only show what differs
    #[arg(long, visible_alias = "diff")]
    dry_run: bool,
    /// Also delete what the file's sections do not have
    #[arg(long)]
    prune: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl Apply {
    pub fn run(&self) -> Result<Exit, Failure> {
        let wanted = self.read()?;
        let client = self.remote.client()?;
        let live = live::read(&client)?;
        let prune = if self.prune { Prune::Yes } else { Prune::No };
        let plan = Plan::of(&live, &wanted, prune).map_err(Failure::said)?;
        if self.dry_run {
            if self.remote.json {
                print_json(&plan.shown(0));
            } else {
                print(&plan.to_string());
            }
            return Ok(if plan.changes.is_empty() { Exit::Done } else { Exit::Differs });
        }
        if !self.remote.json {
            print(&plan.to_string());
        }
        if !plan.changes.is_empty() && !self.is_confirmed() {
            return Err(Failure::said("nothing was changed"));
        }
        let (done, outcome) = steps::carry_out(&client, &plan, live.version, |change| {
            if !self.remote.json {
                print_line(&format!("done: {}", change.title()));
            }
        });
        if self.remote.json {
            print_json(&plan.shown(done));
        }
        outcome.map_err(|error| {
            let (all, failure) = (plan.changes.len(), Failure::from(error));
            let at = plan.changes.get(done).map(plan::Change::title).unwrap_or_default();
            Failure::said(format!(
                "{at}: {failure}; {done} of {all} changes are done, and the same command does the rest"
            ))
        })?;
        Ok(Exit::Done)
    }

    fn read(&self) -> Result<Document, Failure> {
        let name = self.file.display();
        let is_input = self.file.as_os_str() == "-";
        let mut text = String::new();
        let read = if is_input {
            std::io::stdin().take(MAX_FILE_BYTES).read_to_string(&mut text)
        } else {
            let file = std::fs::File::open(&self.file);
            file.and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text))
        };
        read.map_err(|error| Failure::said(format!("{name} cannot be read: {error}")))?;
        Document::parse(&text).map_err(|error| Failure::said(format!("{name}, {error}")))
    }

    /// Whether to go ahead. Without a terminal there is nobody to ask, and the command itself is the answer.
    fn is_confirmed(&self) -> bool {
        if self.yes || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return true;
        }
        eprint!("Change this? [y/N] ");
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
    }
}
