//! `callslot campaign run`: sets up the gate of a campaign and feeds its list.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use callslot_api::{CallStart, Client, ClientError, Gate, GateKind, GatePut};
use clap::Args;
use serde::Serialize;

use crate::commands::calls::call::CallType;
use crate::commands::calls::campaign::feed::{Feed, OnBadRow};
use crate::commands::calls::campaign::progress::Board;
use crate::commands::calls::campaign::rows::{Format, Rows};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::notation::hours::HoursFlags;
use crate::notation::pace::PaceFlags;
use crate::output::{grouped, print_line, word};
use crate::process::signals::stop_on_signal;
use crate::remote::{Remote, id};

/// How much of a list is read at a time, in bytes.
const READ_BYTES: usize = 256 << 10;
/// How many gates a call may name beside the campaign's.
const MAX_TRUNKS: usize = 3;

/// Feeds a list of numbers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    callslot campaign run numbers.csv --agent sales --gate spring --pace 5/s --cap 40\n  \
    callslot campaign run numbers.csv --agent sales --gate spring --trunk trunk-east --id lead \\\n    \
    --hours 'mon-fri 09:00-20:00' --tz America/New_York\n  \
    zcat numbers.ndjson.gz | callslot campaign run - --agent sales --gate spring --json\n\n\
The list is CSV with a header, or NDJSON. A call's id is GATE-ID, with the row's own id; the other\ncolumns are its metadata. \
Running the same list again makes no call twice. Of a gate that\nexists, only what is given is changed; a paused one stays paused.\n\n\
Exit codes: 0 every row is in the server, 1 refused or failed, 2 wrong usage,\n            \
3 stopped by a signal, 4 some rows were skipped")]
pub struct Run {
    /// The list, a file or - for the standard input
    list: PathBuf,
    /// The agent that handles the calls
    #[arg(long, value_parser = id)]
    agent: String,
    /// The type of the calls
    #[arg(long = "type", value_name = "TYPE", value_enum, default_value_t = CallType::Outbound)]
    call_type: CallType,
    /// The campaign's gate, created if there is none
    #[arg(long, value_parser = id)]
    gate: String,
    /// The campaign's name (default: its id)
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    pace: PaceFlags,
    /// Maximum number of active calls of the campaign (default: no limit of its own)
    #[arg(long)]
    cap: Option<u32>,
    #[command(flatten)]
    hours: HoursFlags,
    /// Another gate that the calls pass, such as a carrier's trunk (repeat the flag; up to 3)
    #[arg(long = "trunk", value_name = "GATE", value_parser = id)]
    trunks: Vec<String>,
    /// The column with the row's id (default: the first named id, number or phone)
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// How the list is written (default: NDJSON if it begins with a brace, else CSV)
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// What to do about a row that cannot be called
    #[arg(long, value_enum, default_value_t = OnBadRow::Stop)]
    on_bad_row: OnBadRow,
    /// Maximum time of a call in the queue, in seconds
    #[arg(long, value_name = "SECONDS")]
    max_wait: Option<u64>,
    /// Maximum time that a call is active, in seconds
    #[arg(long, value_name = "SECONDS")]
    max_duration: Option<u64>,
    /// Time to claim a call once it has a slot, in seconds
    #[arg(long, value_name = "SECONDS")]
    claim_within: Option<u64>,
    /// Batches under way at once; with 1, calls queue exactly in the list's order
    #[arg(long, value_name = "BATCHES", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    in_flight: u8,
}

/// The outcome of a feed.
#[derive(Debug, Serialize)]
struct Fed {
    gate: String,
    /// Rows that were read.
    rows: u64,
    /// Calls that are new.
    accepted: u64,
    /// Rows whose calls were there before.
    already_there: u64,
    /// Rows that the server has refused.
    refused: u64,
    /// Rows that could not be sent.
    bad_rows: u64,
    seconds: f64,
    /// Whether it went to the end of the list.
    complete: bool,
}

impl Run {
    pub fn run(&self, remote: &Remote) -> Result<Exit, Failure> {
        if self.trunks.len() > MAX_TRUNKS {
            return Err(Failure::said(
                "a call passes at most 4 gates: its campaign's and 3 others",
            ));
        }
        let prefix = format!("{}-", self.gate);
        // Read before anything is changed: a list without a header leaves no gate behind.
        let rows = Rows::open(opened(&self.list)?, self.format, self.id.as_deref(), prefix.len())?;
        let client = remote.client()?;
        let gate = self.put_gate(&client)?;
        let had = calls_of(&gate);
        let feed =
            Feed { call: self.call(prefix), looks_up: gate.ended > 0, on_bad_row: self.on_bad_row };
        let board = Arc::new(Board::new());
        let its_board = Arc::clone(&board);
        stop_on_signal(move || its_board.stop())?;
        let clients = (0..self.in_flight).map(|_| remote.client());
        let clients = clients.collect::<Result<_, _>>()?;
        feed.run(rows, clients, &board);
        self.tell(&client, remote.json, had, &board)
    }

    /// What all calls have in common.
    fn call(&self, prefix: String) -> CallStart {
        let mut gates = vec![self.gate.clone()];
        gates.extend(self.trunks.iter().cloned());
        CallStart {
            id: Some(prefix),
            gates,
            max_wait_s: self.max_wait,
            max_duration_s: self.max_duration,
            claim_within_s: self.claim_within,
            ..CallStart::new(&self.agent, self.call_type.into())
        }
    }

    /// Creates the campaign's gate, or changes what is given of it.
    fn put_gate(&self, client: &Client) -> Result<Gate, Failure> {
        let found = match client.gate(&self.gate) {
            Ok(gate) => Some(gate),
            Err(ClientError::Problem(problem)) if problem.code == "unknown_gate" => None,
            Err(error) => return Err(error.into()),
        };
        let is = found.as_ref().map(|gate| GatePut::from(gate.settings.clone()));
        let mut put = is.clone().unwrap_or_else(|| GatePut {
            name: self.gate.clone(),
            kind: GateKind::Campaign,
            cap: None,
            pace: None,
            paused: false,
            hours: None,
        });
        if put.kind != GateKind::Campaign {
            return Err(Failure::said(format!(
                "the gate {} is no campaign but of the kind {}; name another gate for the campaign, or pass this one with --trunk {0}",
                self.gate,
                word(&put.kind)
            )));
        }
        put.name = self.name.clone().unwrap_or(put.name);
        put.cap = self.cap.or(put.cap);
        put.pace = self.pace.pace().or(put.pace);
        put.hours = self.hours.hours().or(put.hours);
        match found {
            Some(gate) if is.as_ref() == Some(&put) => Ok(gate),
            _ => Ok(client.put_gate(&self.gate, &put)?),
        }
    }

    /// Says the outcome.
    fn tell(&self, client: &Client, json: bool, had: u64, board: &Board) -> Result<Exit, Failure> {
        let (failure, taken) = (board.failure(), board.taken.load(Relaxed));
        // The answers do not say which calls are new; how many more the gate has does.
        let gate = client.gate(&self.gate).ok();
        let found = board.found.load(Relaxed);
        let accepted = gate
            .as_ref()
            .map_or(taken - found, |gate| calls_of(gate).saturating_sub(had).min(taken - found));
        let fed = Fed {
            gate: self.gate.clone(),
            rows: board.rows.load(Relaxed),
            accepted,
            already_there: taken - accepted,
            refused: board.refused.load(Relaxed),
            bad_rows: board.bad.load(Relaxed),
            seconds: (board.seconds() * 1000.0).round() / 1000.0,
            complete: failure.is_none() && !board.is_stopped(),
        };
        if json {
            print_line(&serde_json::to_string(&fed).expect("it can be written"));
        } else {
            print_line(&fed.line(gate.as_ref()));
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        if board.is_stopped() {
            eprintln!("stopped; run the same command again to go on, which makes no call twice");
            return Ok(Exit::Stopped);
        }
        Ok(if fed.refused + fed.bad_rows > 0 { Exit::Skipped } else { Exit::Done })
    }
}

impl Fed {
    fn line(&self, gate: Option<&Gate>) -> String {
        let skipped = match self.refused + self.bad_rows {
            0 => String::new(),
            skipped => format!(", {} skipped", grouped(skipped)),
        };
        let mut line = format!(
            "{} rows read in {:.1} s: {} calls are new, {} were there{skipped}",
            grouped(self.rows),
            self.seconds,
            grouped(self.accepted),
            grouped(self.already_there)
        );
        if let Some(gate) = gate {
            let (waiting, done) = (grouped(gate.queued.into()), grouped(gate.ended));
            let _ = write!(
                line,
                "\n{}: {waiting} waiting, {} active, {done} done",
                gate.id, gate.active
            );
            if gate.settings.paused {
                let resume = format!("callslot campaign resume {}", gate.id);
                let _ = write!(line, "\nit is paused; `{resume}` lets calls start");
            }
        }
        line
    }
}

/// How many calls a gate has had.
fn calls_of(gate: &Gate) -> u64 {
    u64::from(gate.active) + u64::from(gate.queued) + gate.ended
}

/// The list.
fn opened(list: &Path) -> Result<Box<dyn BufRead + Send>, Failure> {
    if list == Path::new("-") {
        return Ok(Box::new(BufReader::with_capacity(READ_BYTES, io::stdin())));
    }
    let file = File::open(list).map_err(|error| {
        Failure::said(format!("the list {} cannot be opened: {error}", list.display()))
    })?;
    Ok(Box::new(BufReader::with_capacity(READ_BYTES, file)))
}
