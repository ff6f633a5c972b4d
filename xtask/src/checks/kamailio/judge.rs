//! What the server noted of the calls.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::process::Stdio;

use serde_json::Value;

use super::world::World;
use crate::process::step::command;

/// The server's events about calls, so far.
pub struct Noted {
    queued: Vec<String>,
    started: Vec<String>,
    /// The note of each that has ended.
    ended: HashMap<String, Option<String>>,
}

impl Noted {
    /// Reads all that there are.
    pub fn read(world: &World) -> Result<Self, String> {
        let binary = crate::process::server::release("callslot");
        let program = binary.get_program().to_string_lossy().into_owned();
        // It would follow them indefinitely.
        let output = command(&format!("timeout 1 {program} events --json --after 0"))
            .args(["--types", "call.queued,call.started,call.ended"])
            .args(["--url", &world.server.url, "--key", &world.server.admin])
            .stderr(Stdio::null())
            .output()
            .map_err(|error| format!("callslot events: {error}"))?;
        let mut noted = Self { queued: Vec::new(), started: Vec::new(), ended: HashMap::new() };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let event: Value =
                serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
            let call = &event["data"]["call"];
            let id = call["id"].as_str().unwrap_or_default().to_owned();
            match event["event"].as_str() {
                Some("call.queued") => noted.queued.push(id),
                Some("call.started") => noted.started.push(id),
                Some("call.ended") => {
                    let reason = call["reason"].as_str().filter(|reason| *reason != "completed");
                    let why = call["note"].as_str().or(reason);
                    noted.ended.insert(id, why.map(str::to_owned));
                }
                _ => return Err(format!("what is this? {line}")),
            }
        }
        Ok(noted)
    }

    /// Whether those who waited got their slots in the order in which they came; returns how many they are.
    pub fn in_order(&self) -> Result<usize, String> {
        let started: HashSet<&String> = self.started.iter().collect();
        let waited: HashSet<&String> = self.queued.iter().collect();
        let came = self.queued.iter().filter(|id| started.contains(id));
        let served = self.started.iter().filter(|id| waited.contains(id));
        match came.clone().zip(served).find(|(came, served)| came != served) {
            None => Ok(came.count()),
            Some((came, served)) => Err(format!("{served} got its slot before {came}")),
        }
    }

    /// Those that have their slots.
    pub fn active(&self) -> impl Iterator<Item = &String> {
        self.started.iter().filter(|id| !self.ended.contains_key(*id))
    }

    /// How the calls have ended: how many with which note.
    pub fn in_short(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for note in self.ended.values() {
            *counts.entry(note.as_deref().unwrap_or("well")).or_default() += 1;
        }
        format!("{counts:?}")
    }

    /// How many calls the bridge has ended, and no lease or wait that ran out.
    pub fn ended_by_the_bridge(&self) -> usize {
        self.ended.len()
            - self.ended_with(Some("lease_expired"))
            - self.ended_with(Some("max_wait"))
    }

    /// How many calls have ended with this note or for this reason, or as they should without either.
    pub fn ended_with(&self, note: Option<&str>) -> usize {
        self.ended.values().filter(|ended| ended.as_deref() == note).count()
    }
}
