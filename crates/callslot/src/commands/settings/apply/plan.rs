//! What differs between a server and a file, and in which order it is changed. Pure.
//!
//! What others need comes first: agents, types and gates before reservations and webhooks, deletions last, in the reverse order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use callslot_api::{CallType, Reservation};
use callslot_server::{AgentId, GateId};
use serde::Serialize;
use serde_json::Value;

use super::document::{AgentSpec, Document, GateSpec, Reserve, TypeSpec, WebhookSpec};
use super::live::Live;
use crate::output::word;

/// Whether what a file's section does not have is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prune {
    Yes,
    No,
}

/// What to do to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Change,
    Delete,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    pub name: String,
    pub before: Value,
    pub after: Value,
}

/// How a change is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    PutAgent(String, AgentSpec),
    PutType(CallType, TypeSpec),
    PutGate(String, GateSpec),
    Reserve(Vec<Reservation>),
    CreateWebhook(WebhookSpec),
    ChangeWebhook(String, WebhookSpec),
    DeleteWebhook(String),
    DeleteGate(String),
    DeleteAgent(String),
}

impl Step {
    /// Refuses an id that the server would refuse once the changes before are made.
    fn check_id(&self) -> Result<(), String> {
        let (id, checked) = match self {
            Self::PutAgent(id, _) => (id, AgentId::named(id).map(drop)),
            Self::PutGate(id, _) => (id, GateId::named(id).map(drop)),
            Self::PutType(..)
            | Self::Reserve(_)
            | Self::CreateWebhook(_)
            | Self::ChangeWebhook(..)
            | Self::DeleteWebhook(_)
            | Self::DeleteGate(_)
            | Self::DeleteAgent(_) => return Ok(()),
        };
        checked.map_err(|error| format!("{id:?} cannot be an id: {error}"))
    }
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub action: Action,
    pub what: &'static str,
    pub id: String,
    pub fields: Vec<Field>,
    #[serde(skip)]
    pub step: Step,
}

impl Change {
    /// The change in a few words.
    pub fn title(&self) -> String {
        let action = match self.action {
            Action::Create => "create",
            Action::Change => "change",
            Action::Delete => "delete",
        };
        format!("{action} {} {}", self.what, self.id).trim_end().to_owned()
    }
}

/// All that differs.
#[derive(Debug, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// What would be deleted with `--prune`.
    pub kept: Vec<String>,
}

/// The plan for programs.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    changes: &'a [Change],
    kept: &'a [String],
    done: usize,
}

impl Plan {
    /// Compares; an error says what in the file is ambiguous, or is no id.
    pub fn of(live: &Live, wanted: &Document, prune: Prune) -> Result<Self, String> {
        let mut plan = Self::default();
        let mut deletions = Vec::new();
        let has = &live.document;
        plan.agents(has, wanted, &mut deletions);
        plan.types(has, wanted, &mut deletions);
        plan.gates(has, wanted, &mut deletions);
        plan.reservations(has, wanted, prune);
        plan.webhooks(live, wanted, &mut deletions)?;
        for Change { step, .. } in &plan.changes {
            step.check_id()?;
        }
        deletions.reverse();
        match prune {
            Prune::Yes => plan.changes.extend(deletions),
            Prune::No => plan.kept = deletions.iter().map(Change::title).collect(),
        }
        Ok(plan)
    }

    /// The plan for programs, of which that many changes are done.
    pub fn shown(&self, done: usize) -> Shown<'_> {
        Shown { changes: &self.changes, kept: &self.kept, done }
    }

    fn push(
        &mut self,
        action: Action,
        what: &'static str,
        id: &str,
        fields: Vec<Field>,
        step: Step,
    ) {
        if !fields.is_empty() {
            self.changes.push(Change { action, what, id: id.to_owned(), fields, step });
        }
    }

    fn agents(&mut self, has: &Document, wanted: &Document, deletions: &mut Vec<Change>) {
        let Some(wanted) = &wanted.agents else { return };
        let none = BTreeMap::new();
        let has = has.agents.as_ref().unwrap_or(&none);
        // Reservations are one change of their own.
        let plain = |spec: &AgentSpec| AgentSpec { reserve: Reserve::default(), ..spec.clone() };
        for (id, spec) in wanted {
            let (action, before) = match has.get(id) {
                Some(before) => (Action::Change, Some(plain(before))),
                None => (Action::Create, None),
            };
            let after = plain(spec);
            let fields = differing(before.as_ref(), Some(&after));
            self.push(action, "agent", id, fields, Step::PutAgent(id.clone(), after));
        }
        for (id, spec) in has.iter().filter(|(id, _)| !wanted.contains_key(*id)) {
            deletions.push(deletion("agent", id, spec, Step::DeleteAgent(id.clone())));
        }
    }

    fn types(&mut self, has: &Document, wanted: &Document, deletions: &mut Vec<Change>) {
        let Some(wanted) = wanted.types else { return };
        let has = has.types.unwrap_or_default();
        for ((call_type, before), (_, after)) in has.all().into_iter().zip(wanted.all()) {
            let id = word(&call_type);
            let step = Step::PutType(call_type, after.unwrap_or_default());
            let before = before.unwrap_or_default();
            match after {
                Some(after) => {
                    let fields = differing(Some(&before), Some(&after));
                    self.push(Action::Change, "type", &id, fields, step);
                }
                None if before == TypeSpec::default() => {}
                None => deletions.push(deletion("bounds of type", &id, &before, step)),
            }
        }
    }

    fn gates(&mut self, has: &Document, wanted: &Document, deletions: &mut Vec<Change>) {
        let Some(wanted) = &wanted.gates else { return };
        let none = BTreeMap::new();
        let has = has.gates.as_ref().unwrap_or(&none);
        for (id, spec) in wanted {
            let before = has.get(id).map(|gate| GateSpec {
                paused: Some(gate.paused.unwrap_or_default()),
                ..gate.clone()
            });
            let is_paused = before.as_ref().and_then(|gate| gate.paused).unwrap_or_default();
            let after = GateSpec { paused: Some(spec.paused.unwrap_or(is_paused)), ..spec.clone() };
            let action = if before.is_some() { Action::Change } else { Action::Create };
            let fields = differing(before.as_ref(), Some(&after));
            self.push(action, "gate", id, fields, Step::PutGate(id.clone(), after));
        }
        for (id, spec) in has.iter().filter(|(id, _)| !wanted.contains_key(*id)) {
            deletions.push(deletion("gate", id, spec, Step::DeleteGate(id.clone())));
        }
    }

    /// All reservations change at once, so that what one agent gives up another can have.
    fn reservations(&mut self, has: &Document, wanted: &Document, prune: Prune) {
        let Some(wanted) = &wanted.agents else { return };
        let none = BTreeMap::new();
        let has = has.agents.as_ref().unwrap_or(&none);
        let (mut fields, mut reservations) = (Vec::new(), Vec::new());
        let ids: BTreeSet<&String> = has.keys().chain(wanted.keys()).collect();
        for id in ids {
            let before = has.get(id).map(|agent| agent.reserve).unwrap_or_default();
            let after = match (wanted.get(id), prune) {
                (Some(agent), _) => agent.reserve,
                (None, Prune::Yes) => Reserve::default(),
                (None, Prune::No) => before,
            };
            if before == after {
                continue;
            }
            for mut field in differing(Some(&before), Some(&after)) {
                field.name = format!("{id} {}", field.name);
                for side in [&mut field.before, &mut field.after] {
                    if side.is_null() {
                        *side = 0.into();
                    }
                }
                fields.push(field);
            }
            let Reserve { webcall, chat, outbound, inbound } = after;
            reservations.push(Reservation { agent: id.clone(), webcall, chat, outbound, inbound });
        }
        self.push(Action::Change, "reservations", "", fields, Step::Reserve(reservations));
    }

    fn webhooks(
        &mut self,
        live: &Live,
        wanted: &Document,
        deletions: &mut Vec<Change>,
    ) -> Result<(), String> {
        let Some(wanted) = &wanted.webhooks else { return Ok(()) };
        let has = live.document.webhooks.as_deref().unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut matched = BTreeSet::new();
        for spec in wanted {
            let name = name_of(spec, wanted, has);
            if !seen.insert(name.clone()) {
                return Err(format!(
                    "two webhooks of the file are {name}; give each a description of its own"
                ));
            }
            let found: Vec<usize> =
                (0..has.len()).filter(|&at| name_of(&has[at], wanted, has) == name).collect();
            let at = match found[..] {
                [] => None,
                [at] => Some(at),
                [..] => {
                    return Err(format!(
                        "the server has {} webhooks that are {name}; give each a description of its own with \
                         `callslot webhook set`",
                        found.len()
                    ));
                }
            };
            matched.extend(at);
            let settled = |spec: &WebhookSpec, enabled: bool| WebhookSpec {
                enabled: Some(spec.enabled.unwrap_or(enabled)),
                ..spec.clone()
            };
            let before = at.map(|at| settled(&has[at], true));
            let is_enabled = before.as_ref().and_then(|webhook| webhook.enabled).unwrap_or(true);
            let after = settled(spec, is_enabled);
            let fields = differing(before.as_ref(), Some(&after));
            let (action, step) = match at {
                Some(at) => {
                    (Action::Change, Step::ChangeWebhook(live.webhook_ids[at].clone(), after))
                }
                None => (Action::Create, Step::CreateWebhook(after)),
            };
            self.push(action, "webhook", &name, fields, step);
        }
        for at in (0..has.len()).filter(|at| !matched.contains(at)) {
            let step = Step::DeleteWebhook(live.webhook_ids[at].clone());
            deletions.push(deletion("webhook", &name_of(&has[at], wanted, has), &has[at], step));
        }
        Ok(())
    }
}

/// Which webhook it is: its address, and where several on one side have that, its description.
fn name_of(spec: &WebhookSpec, wanted: &[WebhookSpec], has: &[WebhookSpec]) -> String {
    let is_shared =
        [wanted, has].iter().any(|side| side.iter().filter(|it| it.url == spec.url).count() > 1);
    match &spec.description {
        Some(description) if is_shared => format!("{} ({description})", spec.url),
        Some(_) | None => spec.url.clone(),
    }
}

fn deletion(what: &'static str, id: &str, spec: &impl Serialize, step: Step) -> Change {
    let fields = differing(Some(spec), None);
    Change { action: Action::Delete, what, id: id.to_owned(), fields, step }
}

/// The fields that differ, by name. What is not there is null.
fn differing<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Vec<Field> {
    let fields = |side: Option<&T>| match serde_json::to_value(side) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |fields: &serde_json::Map<String, Value>, name: &str| {
        fields.get(name).cloned().unwrap_or(Value::Null)
    };
    let compared = names.into_iter().map(|name| Field {
        name: name.clone(),
        before: value(&before, name),
        after: value(&after, name),
    });
    compared.filter(|field| field.before != field.after).collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            let (sign, id) = match change.action {
                Action::Create => ('+', &change.id),
                Action::Change => ('~', &change.id),
                Action::Delete => ('-', &change.id),
            };
            writeln!(formatter, "{}", format!("{sign} {} {id}", change.what).trim_end())?;
            for Field { name, before, after } in &change.fields {
                match change.action {
                    Action::Create => writeln!(formatter, "    {name}: {after}")?,
                    Action::Change => writeln!(formatter, "    {name}: {before} -> {after}")?,
                    Action::Delete => {}
                }
            }
        }
        for kept in &self.kept {
            writeln!(formatter, "  not in the file, --prune would {kept}")?;
        }
        match self.changes.len() {
            0 => writeln!(formatter, "nothing differs"),
            1 => writeln!(formatter, "1 change"),
            count => writeln!(formatter, "{count} changes"),
        }
    }
}

#[cfg(test)]
#[path = "plan/tests.rs"]
mod tests;
