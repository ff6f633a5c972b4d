//! Checks that the systems do the same: a scenario with known answers, and a random walk on which every system must answer as
//! Callslot does. After each step every call is also queried, by starting it again, which changes nothing.

use std::collections::BTreeMap;

use crate::answer::{Answer, Refused};
use crate::pool::{Class, Pool};
use crate::system::{Connection, Target};

/// Limit 3, of which one slot is reserved for `sales.inbound`: the shared pool has 2.
const SCENARIO: &str = "
    start sales.chat 1       -> active
    start sales.chat 2       -> active
    start sales.chat 3       -> queued
    start support.chat 4     -> queued
    start sales.inbound 5    -> active
    start sales.inbound 6    -> queued
    start support.webcall 7  -> queued
    start sales.chat 1       -> active
    start sales.chat 3       -> queued
    start sales.inbound 1    -> conflict
    start nobody.chat 8      -> unknown
    end 9                    -> unknown
    end 9                    -> unknown
    start sales.chat 9       -> ended
    start support.chat 9     -> conflict
    end 5                    -> ended starts 6
    end 5                    -> ended
    start sales.inbound 5    -> ended
    start support.chat 5     -> conflict
    end 4                    -> ended
    end 1                    -> ended starts 3
    end 1                    -> ended
    start sales.inbound 10   -> queued
    end 2                    -> ended starts 7
    end 3                    -> ended starts 10
    start support.chat 11    -> queued
    end 6                    -> ended starts 11
    end 10                   -> ended
    end 11                   -> ended
    start sales.inbound 12   -> active
    start sales.inbound 13   -> active
    start sales.chat 14      -> queued
    end 7                    -> ended starts 14
    end 12                   -> ended
    start support.chat 15    -> active
    start support.chat 16    -> queued
    start sales.inbound 17   -> queued
    end 13                   -> ended starts 17
    end 15                   -> ended starts 16
";

/// How many steps the walk has.
const STEPS: u32 = 200;
/// How many different ids: an id is used again often enough.
const IDS: u32 = 120;

/// Runs both; the first system is what the walk compares the others with.
pub async fn check(targets: &[Target], seed: u64) -> Result<(), Refused> {
    let mut steps = 0;
    for target in targets {
        steps = scenario(target).await.map_err(|why| format!("{}: {why}", target.name()))?;
    }
    let names: Vec<_> = targets.iter().map(Target::name).collect();
    println!("{}: {steps} steps of the scenario answered as the rules say", names.join(", "));
    walk(targets, seed).await.map_err(|why| format!("{why}; --seed {seed} repeats it"))?;
    println!("{}: {STEPS} steps by chance answered alike", names.join(", "));
    Ok(())
}

/// What is asked.
enum Step {
    Start(Class, String),
    End(String),
}

/// The outcome: the answer, and the states of the calls.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    answer: Answer,
    calls: BTreeMap<String, Answer>,
}

/// Asks, and then asks for each of these calls.
async fn take(
    connection: &mut Connection,
    step: &Step,
    known: &BTreeMap<String, Class>,
) -> Result<Outcome, Refused> {
    let answer = match step {
        Step::Start(class, id) => connection.start(class, id).await?,
        Step::End(id) => connection.end(id).await?,
    };
    let mut calls = BTreeMap::new();
    for (id, class) in known {
        calls.insert(id.clone(), connection.start(class, id).await?);
    }
    Ok(Outcome { answer, calls })
}

/// Runs the scenario; says how many steps it has.
async fn scenario(target: &Target) -> Result<usize, Refused> {
    let pool = Pool {
        org: fresh_org(),
        limit: 3,
        agents: ["sales", "support"].map(str::to_owned).to_vec(),
        reservations: vec![(Class::new("sales", "inbound"), 1)],
    };
    target.set_up(&pool).await?;
    let mut connection = target.connect(&pool.org).await?;
    let mut known = BTreeMap::new();
    let mut expected = BTreeMap::new();
    let lines = SCENARIO.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut steps = 0;
    for line in lines {
        let (step, answer, starts) = parsed(line)?;
        let is_new = matches!(answer, Answer::Active | Answer::Queued);
        match &step {
            Step::Start(class, id) if is_new => {
                known.entry(id.clone()).or_insert_with(|| class.clone());
                expected.entry(id.clone()).or_insert(answer);
            }
            Step::End(id) if answer == Answer::Ended => {
                expected.insert(id.clone(), answer);
            }
            Step::Start(..) | Step::End(_) => {}
        }
        expected.extend(starts.map(|id| (id, Answer::Active)));
        let outcome = take(&mut connection, &step, &known).await?;
        let expected = Outcome { answer, calls: expected.clone() };
        if outcome != expected {
            return Err(format!("`{line}`: {}", difference(&expected, &outcome)));
        }
        steps += 1;
    }
    Ok(steps)
}

/// A line of the scenario: what is asked, the answer, and the call that starts by it.
fn parsed(line: &str) -> Result<(Step, Answer, Option<String>), Refused> {
    let words: Vec<_> = line.split_whitespace().collect();
    let unreadable = || format!("`{line}` is not a step");
    let (step, said) = match words[..] {
        ["start", class, id, "->", ref said @ ..] => {
            let (agent, call_type) = class.split_once('.').ok_or_else(unreadable)?;
            (Step::Start(Class::new(agent, call_type), id.to_owned()), said)
        }
        ["end", id, "->", ref said @ ..] => (Step::End(id.to_owned()), said),
        _ => return Err(unreadable()),
    };
    match said {
        [answer] => Ok((step, Answer::named(answer)?, None)),
        [answer, "starts", id] => Ok((step, Answer::named(answer)?, Some((*id).to_owned()))),
        _ => Err(unreadable()),
    }
}

/// Takes the same random steps with every system.
async fn walk(targets: &[Target], seed: u64) -> Result<(), Refused> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let pool = Pool {
        org: fresh_org(),
        limit: 6,
        agents: ["sales", "support", "survey"].map(str::to_owned).to_vec(),
        reservations: vec![
            (Class::new("sales", "inbound"), 2),
            (Class::new("support", "inbound"), 1),
        ],
    };
    let mut systems = Vec::new();
    for target in targets {
        target.set_up(&pool).await?;
        systems.push((target.name(), target.connect(&pool.org).await?));
    }
    let classes: Vec<_> = pool.classes().filter(|class| class.call_type != "webcall").collect();
    let mut live = BTreeMap::new();
    for _ in 0..STEPS {
        let id = chance.u32(..IDS).to_string();
        let step = if chance.bool() || live.is_empty() {
            Step::Start(classes[chance.usize(..classes.len())].clone(), id)
        } else {
            // Mostly one that is there to be ended.
            let any = live.keys().nth(chance.usize(..live.len())).cloned();
            Step::End(any.filter(|_| chance.u8(..4) > 0).unwrap_or(id))
        };
        let mut before: Option<Outcome> = None;
        if let Step::Start(class, id) = &step {
            // Not known before its first start, by any of them: the others are asked for after it.
            live.entry(id.clone()).or_insert_with(|| class.clone());
        }
        for (name, connection) in &mut systems {
            let outcome = take(connection, &step, &live).await?;
            match &before {
                Some(first) if *first != outcome => {
                    return Err(format!("{name} differs: {}", difference(first, &outcome)));
                }
                Some(_) => {}
                None => before = Some(outcome),
            }
        }
        let calls = before.map(|outcome| outcome.calls).unwrap_or_default();
        live.retain(|id, _| matches!(calls.get(id), Some(Answer::Active | Answer::Queued)));
    }
    Ok(())
}

/// Where two outcomes differ.
fn difference(expected: &Outcome, outcome: &Outcome) -> String {
    if expected.answer != outcome.answer {
        return format!("{:?} was expected, {:?} answered", expected.answer, outcome.answer);
    }
    let parted = expected.calls.iter().find(|(id, state)| outcome.calls.get(*id) != Some(state));
    parted.map_or_else(String::new, |(id, state)| {
        format!("call {id} was expected {state:?} and is {:?}", outcome.calls.get(id))
    })
}

fn fresh_org() -> String {
    format!("check-{:016x}", fastrand::u64(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_scenario_is_a_step() {
        let lines = SCENARIO.lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines {
            assert!(parsed(line).is_ok(), "{line}");
        }
        for wrong in ["start sales 1 -> active", "end 1", "end 1 -> gone", "stop 1 -> ended"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
