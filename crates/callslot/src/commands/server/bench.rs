//! `callslot bench`: loads a running server with calls over its public API and reports how fast it answers.
//!
//! With `--rate` the time of a start counts from the moment it was due, not from when a connection was free for it, so a
//! stalled server does not look fast. Start reading at [`Bench::run`].

mod args;
mod connection;
mod counts;
mod http;
mod load;
mod report;
mod stream;
mod target;

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use callslot_api::{AgentPut, Client, ClientError};

pub use args::Bench;

use crate::commands::server::bench::args::Door;
use crate::commands::server::bench::load::{Load, run};
use crate::failure::Failure;
use crate::output::{print_json, print_line};
use crate::process::signals::Signals;
use crate::remote;

impl Bench {
    /// Runs the load, prints the results, and deletes the agents it created.
    pub fn run(&self) -> Result<(), Failure> {
        if self.door == Door::Http && self.pipeline > 1 {
            return Err(Failure::said(
                "an HTTP/1.1 connection carries one request at a time; use --door stream, or more --connections",
            ));
        }
        let remote = self.remote.target()?;
        let (authority, address) = target(self, &remote.url)?;
        let targets = self.targets(&remote);
        let clients = targets.iter().map(remote::Target::client).collect::<Result<Vec<_>, _>>()?;
        let limits = clients.iter().map(|client| Ok(client.pool()?.limit));
        let limits = limits.collect::<Result<Vec<_>, ClientError>>()?;
        let agents = Agents::create(clients, self.agents)?;
        self.warn_of_queueing(limits.into_iter().min().unwrap_or_default(), targets.len() as u64);
        let load = Arc::new(Load::new(self, &targets, (authority, address), agents.ids.clone()));
        // On one thread, so that the server has the other processors, and what workers ask at the same time goes out together.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Failure::said(format!("the load cannot run: {error}")))?;
        let measured = runtime.block_on(async {
            let signals = Signals::catch();
            run(&load, signals).await
        })?;
        if self.remote.json {
            print_json(&measured.report(self));
        } else {
            print_line(&measured.text(self));
        }
        match measured.counts.first_refusal() {
            Some(refusal) => {
                Err(Failure::said(format!("some requests failed; the first: {refusal}")))
            }
            None => Ok(()),
        }
    }

    /// Whom to load: the organisations that are named, or the one that the key acts in.
    fn targets(&self, remote: &remote::Target) -> Vec<remote::Target> {
        let in_org = |org: &String| remote::Target { org: Some(org.clone()), ..remote.clone() };
        if self.orgs.is_empty() {
            vec![remote.clone()]
        } else {
            self.orgs.iter().map(in_org).collect()
        }
    }

    /// Says so when more calls of an organisation run at once than its limit allows.
    fn warn_of_queueing(&self, limit: u32, orgs: u64) {
        let at_once = self.connections.div_ceil(orgs) * self.pipeline;
        if at_once > u64::from(limit) {
            eprintln!(
                "note: up to {at_once} calls run at once under a limit of {limit}; those that find no slot are canceled in the \
                 queue; `callslot org edit ORG --limit {at_once}` makes room"
            );
        }
    }
}

/// The host as requests name it, and its address. A server on another machine is loaded only with `--yes`.
fn target(flags: &Bench, url: &str) -> Result<(String, SocketAddr), Failure> {
    let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let authority = authority.filter(|authority| !authority.contains('/')).ok_or_else(|| {
        Failure::said(format!(
            "{url}: the bench takes an address like http://127.0.0.1:7070; it does not support TLS"
        ))
    })?;
    let with_port =
        if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let found = with_port.to_socket_addrs();
    let address = found.ok().and_then(|mut found| found.next());
    let address =
        address.ok_or_else(|| Failure::said(format!("{authority} cannot be resolved")))?;
    if !address.ip().is_loopback() && !flags.yes {
        return Err(Failure::said(format!(
            "{authority} is not on this machine, and the bench starts real calls as fast as it can; add --yes to go ahead"
        )));
    }
    Ok((authority.to_owned(), address))
}

/// The bench's own agents, the same in each organisation, deleted when it ends.
struct Agents {
    /// One for each organisation.
    clients: Vec<Client>,
    ids: Vec<String>,
}

impl Agents {
    fn create(clients: Vec<Client>, count: u64) -> Result<Self, ClientError> {
        let run = fastrand::u32(..);
        let mut agents = Self { clients, ids: Vec::new() };
        for number in 0..count {
            let id = format!("bench-{run:08x}-{number}");
            let put = AgentPut { name: format!("Bench {number}"), cap: None, pace: None };
            agents.ids.push(id.clone());
            for client in &agents.clients {
                client.put_agent(&id, &put)?;
            }
        }
        Ok(agents)
    }
}

impl Drop for Agents {
    fn drop(&mut self) {
        let is_left = |id: &&String| {
            let has_failed = |client: &Client| client.delete_agent(id).is_err();
            self.clients.iter().filter(|client| has_failed(client)).count() > 0
        };
        let left: Vec<_> = self.ids.iter().filter(is_left).cloned().collect();
        if let Some(first) = left.first() {
            eprintln!(
                "note: {} agents of the bench still have calls and were not deleted: {first} …; delete them with \
                 `callslot agent delete` once these have ended",
                left.len()
            );
        }
    }
}
