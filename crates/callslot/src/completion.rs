//! What a shell offers at the tab key beside commands and flags: the ids that the server knows.

use std::ffi::OsString;
use std::time::Duration;

use callslot_api::{Client, ClientError};
use clap::{Arg, Command, FromArgMatches};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::cli::Cli;
use crate::profiles::Profiles;
use crate::remote::Remote;

/// A shell waits for its answer, so a server that hangs is not waited for.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// How many calls are offered.
const CALLS_OFFERED: &str = "200";

/// An id, and what it is the id of.
type Offered = (String, String);

/// A question to the server.
type List = fn(&Client) -> Result<Vec<Offered>, ClientError>;

/// The command line, each of whose arguments that is an id offers those that there are.
pub fn command() -> Command {
    within(Cli::documented(), "")
}

/// Has the arguments of a command and of those below it offer ids. `outer` names the command around it.
fn within(command: Command, outer: &str) -> Command {
    let name = command.get_name().to_owned();
    let subs: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = subs
        .into_iter()
        .fold(command, |command, sub| command.mut_subcommand(sub, |sub| within(sub, &name)));
    command.mut_args(|argument| offering(argument, &name, outer))
}

fn offering(argument: Arg, command: &str, outer: &str) -> Arg {
    let noun = match argument.get_id().as_str() {
        "id" if argument.is_positional() => match (command, outer) {
            ("explain", _) => "call",
            (noun, "open") | (_, noun) => noun,
        },
        "agents" => "agent",
        "gates" | "trunks" => "gate",
        noun => noun,
    };
    if noun == "profile" || (noun, outer) == ("name", "profile") {
        return argument.add(ArgValueCandidates::new(profiles));
    }
    let list: List = match noun {
        "agent" => agents,
        "alert" => alerts,
        "call" => calls,
        "gate" => gates,
        "key" => keys,
        "lease" => leases,
        "org" => orgs,
        "plan" => plans,
        "webhook" => webhooks,
        _ => return argument,
    };
    argument.add(ArgValueCandidates::new(move || asked(list)))
}

/// Asks the server that the words typed so far mean. Nothing is offered where it does not answer.
fn asked(list: List) -> Vec<CompletionCandidate> {
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    let Some(client) = client(words.collect()) else { return Vec::new() };
    let offered = list(&client.answered_within(ANSWERED_WITHIN)).unwrap_or_default();
    offered.into_iter().map(candidate).collect()
}

/// A client as the flags among `words`, the variables and the profile say.
fn client(words: Vec<OsString>) -> Option<Client> {
    let matches = Cli::documented().ignore_errors(true).try_get_matches_from(words).ok()?;
    let mut typed = &matches;
    while let Some((_, within)) = typed.subcommand() {
        typed = within;
    }
    Remote::from_arg_matches(typed).ok()?.client().ok()
}

fn candidate((id, what): Offered) -> CompletionCandidate {
    CompletionCandidate::new(id).help((!what.is_empty()).then(|| what.into()))
}

fn profiles() -> Vec<CompletionCandidate> {
    let kept = Profiles::read().map(|profiles| profiles.profiles).unwrap_or_default();
    kept.into_iter().map(|(name, profile)| candidate((name, profile.url))).collect()
}

fn agents(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let agents = client.agents(None)?.items;
    Ok(agents.into_iter().map(|agent| (agent.id, agent.name)).collect())
}

fn alerts(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let alerts = client.alerts(None)?.items;
    Ok(alerts.into_iter().map(|alert| (alert.id, String::new())).collect())
}

fn calls(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let calls = client.calls(&[("limit", CALLS_OFFERED)])?.items;
    Ok(calls.into_iter().map(|call| (call.id, call.agent)).collect())
}

fn gates(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let gates = client.gates(None)?.items;
    Ok(gates.into_iter().map(|gate| (gate.id, gate.settings.name)).collect())
}

fn keys(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let keys = client.keys(None)?.items;
    Ok(keys.into_iter().map(|key| (key.id, key.name)).collect())
}

fn leases(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let leases = client.leases(None)?.items;
    Ok(leases.into_iter().map(|lease| (lease.id, String::new())).collect())
}

fn orgs(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let orgs = client.orgs(None)?.items;
    Ok(orgs.into_iter().map(|org| (org.id, org.name)).collect())
}

fn plans(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let plans = client.plans(None)?.items;
    Ok(plans.into_iter().map(|plan| (plan.id, String::new())).collect())
}

fn webhooks(client: &Client) -> Result<Vec<Offered>, ClientError> {
    let webhooks = client.webhooks(None)?.items;
    Ok(webhooks.into_iter().map(|webhook| (webhook.id, webhook.url)).collect())
}
