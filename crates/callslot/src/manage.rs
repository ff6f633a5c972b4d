//! Calls, reservations, agents, organisations, plans, keys and events from the command line.

use callslot_api as api;
use callslot_api::{ClientError, Page};
use serde::Serialize;

use crate::cli::{
    Agent, AgentAction, Call, CallAction, CallState, CallType, Dashboard, Events, Key, KeyAction,
    Org, OrgAction, Plan, PlanAction, Reserve, Role,
};
use crate::commands::serve::sign_in_link;
use crate::commands::status::{client, word};
use crate::output::{Failure, Printed, print_json, print_line, print_table};

/// `callslot call`
pub fn call(command: &Call) -> Result<(), Failure> {
    let client = client(&command.remote);
    let json = command.remote.json;
    match &command.action {
        CallAction::Start {
            agent,
            call_type,
            id,
            lease,
            max_wait,
            claim_within,
            metadata,
            wait,
        } => {
            let start = api::CallStart {
                agent: agent.clone(),
                call_type: api_type(*call_type),
                id: id.clone(),
                lease: lease.clone(),
                max_wait_s: *max_wait,
                claim_within_s: *claim_within,
                metadata: metadata.as_deref().map(parsed_metadata).transpose()?,
            };
            show_call(&client.start_call(&start, *wait)?, json);
        }
        CallAction::End { id, note } => {
            show_call(&client.end_call(id, &api::CallEnd { note: note.clone() })?, json);
        }
        CallAction::Show { id } => show_call(&client.call(id, 0)?, json),
        CallAction::List { state, agent, call_type, most } => {
            let state = state.map(state_word);
            let call_type = call_type.map(|call_type| word(&api_type(call_type)));
            let filters = [
                ("state", state),
                ("agent", agent.as_deref()),
                ("type", call_type.as_deref()),
                ("limit", Some("1000")),
            ];
            let filters: Vec<_> =
                filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            let mut calls = all_pages(
                |cursor| {
                    let cursor = cursor.map(|cursor| ("cursor", cursor));
                    client.calls(&filters.iter().copied().chain(cursor).collect::<Vec<_>>())
                },
                *most,
            )?;
            calls.truncate(*most);
            show_list(
                json,
                &calls,
                &["id", "agent", "type", "state", "requested", "why"],
                |call| {
                    vec![
                        call.id.clone(),
                        call.agent.clone(),
                        word(&call.call_type),
                        word(&call.state),
                        call.requested_at.to_string(),
                        call.blocked_on
                            .map(|why| word(&why))
                            .or(call.reason.map(|why| word(&why)))
                            .unwrap_or_default(),
                    ]
                },
            );
        }
    }
    Ok(())
}

/// `callslot reserve`
pub fn reserve(command: &Reserve) -> Result<(), Failure> {
    let client = client(&command.remote);
    let pool = if command.none {
        client.delete_reservations(&command.agent)?
    } else {
        let before = client.pool()?;
        let types =
            before.agents.iter().find(|agent| agent.id == command.agent).map(|agent| agent.types);
        let kept = |named: Option<u32>, reserved: Option<u32>| named.or(reserved).unwrap_or(0);
        let reservation = api::Reservation {
            agent: command.agent.clone(),
            webcall: kept(command.webcall, types.map(|types| types.webcall.reserved)),
            chat: kept(command.chat, types.map(|types| types.chat.reserved)),
            outbound: kept(command.outbound, types.map(|types| types.outbound.reserved)),
            inbound: kept(command.inbound, types.map(|types| types.inbound.reserved)),
        };
        let put = api::ReservationsPut { reservations: vec![reservation] };
        client.put_reservations(&put, Some(before.version))?
    };
    if command.remote.json {
        print_json(&pool);
        return Ok(());
    }
    let reserved = pool
        .agents
        .iter()
        .find(|agent| agent.id == command.agent)
        .map_or(0, |agent| agent.reserved);
    print_line(&format!(
        "{} has {reserved} reserved slots; {} of {} are reserved in all, {} are shared",
        command.agent, pool.reserved, pool.limit, pool.shared.size
    ));
    if pool.settling > 0 {
        print_line(&format!("settling: {} more calls must end; active calls go on", pool.settling));
    }
    Ok(())
}

/// `callslot agent`
pub fn agent(command: &Agent) -> Result<(), Failure> {
    let client = client(&command.remote);
    let json = command.remote.json;
    match &command.action {
        AgentAction::List => {
            let agents = all_pages(|cursor| client.agents(cursor), usize::MAX)?;
            show_list(json, &agents, &["id", "name", "cap"], |agent| {
                vec![agent.id.clone(), agent.name.clone(), or_dash(agent.cap)]
            });
        }
        AgentAction::Put { id, name, cap } => {
            let name = name.clone().unwrap_or_else(|| id.clone());
            let put = client.put_agent(id, &api::AgentPut { name, cap: *cap })?;
            show(
                json,
                &put,
                &format!("agent {} is \"{}\", cap {}", put.id, put.name, or_dash(put.cap)),
            );
        }
        AgentAction::Delete { id } => {
            client.delete_agent(id)?;
            show_gone(json, "agent", id);
        }
    }
    Ok(())
}

/// `callslot org`
pub fn org(command: &Org) -> Result<(), Failure> {
    let client = client(&command.remote);
    let json = command.remote.json;
    match &command.action {
        OrgAction::List => {
            let orgs = all_pages(|cursor| client.orgs(cursor), usize::MAX)?;
            show_list(json, &orgs, &["id", "name", "plan", "limit", "live calls"], |org| {
                vec![
                    org.id.clone(),
                    org.name.clone(),
                    org.plan.clone(),
                    org.limit.to_string(),
                    org.live_calls.to_string(),
                ]
            });
        }
        OrgAction::Show { id } => show_org(&client.org(id)?, json),
        OrgAction::Create { id, name, plan } => {
            let create = api::OrgCreate {
                id: Some(id.clone()),
                name: name.clone().unwrap_or_else(|| id.clone()),
                plan: plan.clone(),
                limit_override: None,
                max_call_duration_s: None,
                max_wait_s: None,
                max_queued: None,
            };
            show_org(&client.create_org(&create)?, json);
        }
        OrgAction::Set { id, name, plan, limit, max_call_duration, max_queued } => {
            let patch = api::OrgPatch {
                name: name.clone(),
                plan: plan.clone(),
                limit_override: limit.as_deref().map(parsed_limit).transpose()?,
                max_call_duration_s: *max_call_duration,
                max_wait_s: None,
                max_queued: *max_queued,
            };
            show_org(&client.change_org(id, &patch)?, json);
        }
        OrgAction::Delete { id } => {
            client.delete_org(id)?;
            show_gone(json, "organisation", id);
        }
    }
    Ok(())
}

/// `callslot plan`
pub fn plan(command: &Plan) -> Result<(), Failure> {
    let client = client(&command.remote);
    let json = command.remote.json;
    match &command.action {
        PlanAction::List => {
            let plans = all_pages(|cursor| client.plans(cursor), usize::MAX)?;
            show_list(json, &plans, &["id", "name", "limit"], |plan| {
                vec![plan.id.clone(), plan.name.clone(), plan.limit.to_string()]
            });
        }
        PlanAction::Put { id, name, limit } => {
            let name = name.clone().unwrap_or_else(|| id.clone());
            let put = client.put_plan(id, &api::PlanPut { name, limit: *limit })?;
            show(json, &put, &format!("plan {} gives a limit of {}", put.id, put.limit));
        }
        PlanAction::Delete { id } => {
            client.delete_plan(id)?;
            show_gone(json, "plan", id);
        }
    }
    Ok(())
}

/// `callslot key`
pub fn key(command: &Key) -> Result<(), Failure> {
    let client = client(&command.remote);
    let json = command.remote.json;
    match &command.action {
        KeyAction::List => {
            let keys = all_pages(|cursor| client.keys(cursor), usize::MAX)?;
            show_list(json, &keys, &["id", "name", "role", "organisation", "last used"], |key| {
                vec![
                    key.id.clone(),
                    key.name.clone(),
                    word(&key.role),
                    or_dash(key.org.as_ref()),
                    or_dash(key.last_used_at),
                ]
            });
        }
        KeyAction::Create { name, role } => {
            let key =
                client.create_key(&api::KeyCreate { name: name.clone(), role: api_role(*role) })?;
            let secret = key.secret.clone().unwrap_or_default();
            show(
                json,
                &key,
                &format!("{} ({}), shown this once:\n{secret}", key.id, word(&key.role)),
            );
        }
        KeyAction::Revoke { id } => {
            client.revoke_key(id)?;
            show_gone(json, "key", id);
        }
    }
    Ok(())
}

/// `callslot dashboard`
pub fn dashboard(command: &Dashboard) -> Result<(), Failure> {
    let made = client(&command.remote).create_code()?;
    if command.remote.json {
        print_json(&made);
        return Ok(());
    }
    print_line(&format!("This link signs a browser in, once and until {}:", made.expires_at));
    print_line(&sign_in_link(&command.remote.url, &made.code));
    Ok(())
}

/// `callslot events`
pub fn events(command: &Events) -> Result<(), Failure> {
    let client = client(&command.remote);
    let after = command.after.map(|after| after.to_string());
    let filters = [("types", command.types.as_deref()), ("agents", command.agents.as_deref())];
    let filters: Vec<_> =
        filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    client.follow(after.as_deref(), &filters, |event| {
        let line = if command.remote.json {
            format!("{{\"id\":{},\"event\":\"{}\",\"data\":{}}}", event.id, event.name, event.data)
        } else {
            format!("{:>8} {:<20} {}", event.id, event.name, event.data)
        };
        print_line(&line) == Printed::Whole
    })?;
    Ok(())
}

/// Reads pages until there are no more or there is enough.
fn all_pages<T>(
    mut page: impl FnMut(Option<&str>) -> Result<Page<T>, ClientError>,
    enough: usize,
) -> Result<Vec<T>, ClientError> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let next = page(cursor.as_deref())?;
        items.extend(next.items);
        cursor = next.next;
        if cursor.is_none() || items.len() >= enough {
            return Ok(items);
        }
    }
}

fn show(json: bool, value: &impl Serialize, line: &str) {
    if json {
        print_json(value)
    } else {
        print_line(line)
    };
}

fn show_gone(json: bool, what: &str, id: &str) {
    show(json, &serde_json::json!({ "deleted": id }), &format!("{what} {id} is gone"));
}

fn show_list<T: Serialize>(
    json: bool,
    items: &[T],
    heading: &[&str],
    row: impl Fn(&T) -> Vec<String>,
) {
    if json {
        print_json(&items);
        return;
    }
    let heading = heading.iter().map(ToString::to_string).collect();
    let rows: Vec<_> = std::iter::once(heading).chain(items.iter().map(row)).collect();
    print_table(&rows);
}

fn show_call(call: &api::Call, json: bool) {
    let more = match call.state {
        api::CallState::Queued => format!(
            ", position {}, blocked on {}",
            or_dash(call.position),
            call.blocked_on.map(|why| word(&why)).unwrap_or_default()
        ),
        api::CallState::Active => {
            format!(", on a {} slot", call.slot.map(|slot| word(&slot)).unwrap_or_default())
        }
        api::CallState::Ended => {
            format!(", {}", call.reason.map(|reason| word(&reason)).unwrap_or_default())
        }
    };
    show(json, call, &format!("{} is {}{more}", call.id, word(&call.state)));
}

fn show_org(org: &api::Org, json: bool) {
    let line = format!(
        "{} (\"{}\") is on plan {} with a limit of {}; {} live calls",
        org.id, org.name, org.plan, org.limit, org.live_calls
    );
    show(json, org, &line);
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

fn parsed_metadata(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::said(format!("--metadata is no JSON object: {error}; try '{{\"room\":7}}'"))
    })
}

fn parsed_limit(text: &str) -> Result<Option<u32>, Failure> {
    if text == "plan" {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| Failure::said("--limit takes a number, or `plan` for the plan's limit"))
}

fn api_type(call_type: CallType) -> api::CallType {
    match call_type {
        CallType::Webcall => api::CallType::Webcall,
        CallType::Chat => api::CallType::Chat,
        CallType::Outbound => api::CallType::Outbound,
        CallType::Inbound => api::CallType::Inbound,
    }
}

fn state_word(state: CallState) -> &'static str {
    match state {
        CallState::Queued => "queued",
        CallState::Active => "active",
        CallState::Ended => "ended",
    }
}

fn api_role(role: Role) -> api::Role {
    match role {
        Role::Viewer => api::Role::Viewer,
        Role::Engine => api::Role::Engine,
        Role::Admin => api::Role::Admin,
        Role::Operator => api::Role::Operator,
    }
}
