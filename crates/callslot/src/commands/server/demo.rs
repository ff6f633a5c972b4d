//! `callslot demo`: a server with data of its own, deleted when it stops, and a call centre that uses it.
//!
//! The past of the call centre is written to the log before the server starts; everything after that comes over the public
//! API, as from any client. Start reading at [`Demo::run`].

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use callslot_api::{Client, ReservationsPut, Time};
use callslot_demo::{
    Caller, Callers, Past, Traffic, agents, reservations, temporary_directory, write_past,
};
use callslot_server::{
    FirstStart, Server, ServerConfig, first_org, first_org_settings, first_plans, wall_now,
};
use clap::Args;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::output::print_line;
use crate::process::logging::log_to_stderr;
use crate::process::runtime;
use crate::process::signals::Signals;
use crate::settings::LogFormat;
use crate::store;
use crate::web_app::{self, sign_in_link};

const MS_PER_HOUR: u64 = 3_600_000;
const MS_PER_DAY: u64 = 24 * MS_PER_HOUR;
/// Whose talks may still go on when the call centre begins.
const LOOKS_BACK_MS: u64 = MS_PER_HOUR;
/// At which hour of its day the call centre begins, so that it is busy from the start.
const BEGINS_AT_HOUR: u64 = 10;

/// Flags of the demonstration.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  callslot demo\n  callslot demo --speed 60 --days 0\n  callslot demo --listen 127.0.0.1:8080"
)]
pub struct Demo {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:7070")]
    listen: SocketAddr,
    /// How many times faster than real time the call centre runs; its history does not, so a chart has that many times more calls from now on
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=600))]
    speed: u64,
    /// Days of history to start with
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(0..=30))]
    days: u64,
    /// Seed of the simulated calls
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after this many seconds
    #[arg(long)]
    for_s: Option<u64>,
    /// Log format (default: pretty)
    #[arg(long)]
    log_format: Option<LogFormat>,
}

impl Demo {
    /// Runs the server and the call centre until they are stopped.
    pub fn run(&self) -> Result<(), Failure> {
        log_to_stderr(EnvFilter::new("warn"), self.log_format.unwrap_or_default());
        let directory = temporary_directory().map_err(|error| {
            Failure::said(format!("cannot create a temporary directory: {error}"))
        })?;
        let data = directory.path().join("data");
        runtime()?.block_on(async {
            // Its data is deleted whenever it is stopped, also while the past is being written.
            let mut signals = Signals::catch();
            if self.days > 0 && !write_until_told(&data, self, &mut signals).await? {
                return Ok(());
            }
            run(self, &data, signals).await
        })
    }

    /// How long it runs unless it is stopped.
    fn stop_after(&self) -> Duration {
        self.for_s.map_or(Duration::MAX, Duration::from_secs)
    }
}

/// Makes the past; returns false if it was stopped meanwhile.
async fn write_until_told(
    data: &Path,
    flags: &Demo,
    signals: &mut Signals,
) -> Result<bool, Failure> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let (data, flags, is_over) = (data.to_owned(), flags.clone(), Arc::clone(&is_stopped));
    let mut writing = tokio::task::spawn_blocking(move || write(&data, &flags, &is_over));
    let written = tokio::select! {
        written = &mut writing => written,
        () = signals.next() => {
            is_stopped.store(true, Ordering::Relaxed);
            writing.await
        }
    };
    written.expect("it does not panic")?;
    Ok(!is_stopped.load(Ordering::Relaxed))
}

/// Makes the past, up to now.
fn write(data: &Path, flags: &Demo, is_over: &AtomicBool) -> Result<(), Failure> {
    let ends = wall_now().0;
    let begins = ends - flags.days * MS_PER_DAY;
    // Its day ends at the hour at which the call centre goes on, whatever the clock shows.
    let shift = (ends + MS_PER_DAY - BEGINS_AT_HOUR * MS_PER_HOUR) % MS_PER_DAY;
    let callers = Callers::after(begins - shift, flags.seed)
        .map(|caller| Caller { at: Time(caller.at.0 + shift), ..caller })
        .take_while(|caller| caller.at.0 < ends);
    let past = Past {
        plans: first_plans().collect(),
        org: first_org(),
        settings: first_org_settings(),
        begins: Time(begins),
        ends: Time(ends),
        agents: agents(),
        reservations: reservations(0),
        callers: callers.collect(),
    };
    let is_watched = std::io::stderr().is_terminal();
    write_past(&*store::open(data, None)?, &past, |percent| {
        if is_watched {
            eprint!("\rmaking {} days of history: {percent} % ", flags.days);
        }
        !is_over.load(Ordering::Relaxed)
    })
    .map_err(|error| Failure::said(error.to_string()))?;
    if is_watched {
        eprintln!("\rmade {} days of history, {} calls    ", flags.days, past.callers.len());
    }
    Ok(())
}

async fn run(flags: &Demo, data: &Path, signals: Signals) -> Result<(), Failure> {
    let config = ServerConfig {
        listen: flags.listen,
        data: data.to_owned(),
        dashboard: web_app::embedded(),
        ..ServerConfig::default()
    };
    let server = Server::start(config, |data| store::open(data, None)).await?;
    let address = server
        .local_addr()
        .map_err(|error| Failure::said(format!("the address listened on is unknown: {error}")))?;
    let url = format!("http://{address}");
    let admin_key = server.first_start().map(|first| first.admin_key.clone());
    let admin_key = admin_key.expect("new data has a first start");
    if let Some(first) = server.first_start() {
        print_line(&first_words(first, &url, flags.speed));
    }
    let client = Client::new(&url, &admin_key, None);
    let (failed, centre_failed) = oneshot::channel();
    let midnight = wall_now().0 / MS_PER_DAY * MS_PER_DAY;
    let begins = midnight + BEGINS_AT_HOUR * MS_PER_HOUR;
    let callers = Callers::after(begins - LOOKS_BACK_MS, flags.seed);
    let (speed, has_past) = (flags.speed, flags.days > 0);
    let work = move || -> Result<(), Failure> {
        if !has_past {
            set_up(&client)?;
        }
        Ok(Traffic::new(client, begins, callers, speed)?.run()?)
    };
    std::thread::spawn(move || {
        // Once the server stops, the outcome no longer matters.
        let _ = failed.send(work());
    });
    let mut failure = None;
    let stop = async {
        tokio::select! {
            () = signals.told_to_stop() => {}
            outcome = centre_failed => failure = Some(match outcome {
                Ok(Err(failure)) => failure,
                Ok(Ok(())) | Err(_) => Failure::said("the event stream of the call centre has ended"),
            }),
            () = tokio::time::sleep(flags.stop_after()) => {}
        }
    };
    server.run_until(stop).await;
    failure.map_or(Ok(()), Err)
}

/// Creates the agents and reserves slots for them.
fn set_up(client: &Client) -> Result<(), Failure> {
    for (id, put) in agents() {
        client.put_agent(&id, &put)?;
    }
    client.put_reservations(&ReservationsPut { reservations: reservations(0) }, None)?;
    Ok(())
}

/// The message printed once it runs.
fn first_words(first: &FirstStart, url: &str, speed: u64) -> String {
    let pace = match speed {
        1 => String::new(),
        _ => format!(", {speed} times faster than real time"),
    };
    let operator_key = first.operator_key.as_deref().unwrap_or_default();
    format!(
        "Dashboard: {link}\n\
         The link works once, within an hour; `callslot dashboard` prints another.\n\n\
         A call centre with five agents and 20 slots is running{pace}. All data is deleted when it stops.\n\n\
         From another terminal:\n\
         \x20 export CALLSLOT_URL={url} CALLSLOT_KEY={admin}\n\
         \x20 callslot top                   the pool, its agents and the queue, live\n\
         \x20 callslot history --by agent    the last hour\n\
         \x20 callslot events                events as they happen\n\
         \x20 callslot call list --state ended\n\n\
         API reference: {url}/docs\n\
         Operator key:  {operator_key}\n",
        link = sign_in_link(url, &first.sign_in_code),
        admin = first.admin_key,
    )
}
