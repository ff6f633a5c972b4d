//! What `callslot doctor` says of a PostgreSQL database: each setting that matters, and what it means for calls.

use callslot_server::with_advice;
use callslot_store_postgres::{CONNECTIONS, DatabaseFacts, inspect_database};

use super::finding::{Finding, Outcome, finding};

/// The findings, and whether a server seems to have the database.
pub fn findings(url: &str) -> (Vec<Finding>, bool) {
    match inspect_database(url) {
        Ok(facts) => (of_facts(&facts), facts.held == Some(true)),
        Err(error) => {
            let failed = (with_advice(&error), "the server will not start until this is fixed");
            (vec![finding("store", Err(failed))], false)
        }
    }
}

fn of_facts(facts: &DatabaseFacts) -> Vec<Finding> {
    vec![
        tables(facts),
        version(facts),
        primary(facts),
        durable(facts),
        commits(facts),
        replicas(facts),
        room(facts),
    ]
}

fn tables(facts: &DatabaseFacts) -> Finding {
    let place = &facts.place;
    let found = match facts.held {
        None => format!("{place} has no tables of Callslot yet; the first start makes them"),
        Some(true) => format!("{place} is open in a server, or was when that was killed"),
        Some(false) => format!("{place} has the tables, and no server has it open"),
    };
    finding("store", Ok(found))
}

fn version(facts: &DatabaseFacts) -> Finding {
    let found = format!("PostgreSQL {}", facts.version);
    let outcome =
        if facts.is_new_enough { Ok(found) } else { Err((found, "Callslot needs 14 or newer")) };
    finding("version", outcome)
}

fn primary(facts: &DatabaseFacts) -> Finding {
    let fix = "name the primary, or all hosts with commas between them: the one that can be written is taken";
    let outcome = if facts.only_reads {
        Err(("it follows another database and cannot be written".into(), fix))
    } else {
        Ok("it can be written".into())
    };
    finding("primary", outcome)
}

fn durable(facts: &DatabaseFacts) -> Finding {
    let outcome = match (facts.syncs, facts.writes_full_pages) {
        (true, true) => Ok("fsync and full_page_writes are on: what was answered survives a crash of its machine".into()),
        (false, _) => Err((
            "fsync is off: a crash of its machine loses calls that were answered, and may damage the database".into(),
            "set fsync = on; a server refuses to start without it",
        )),
        (true, false) => Err((
            "full_page_writes is off: a crash of its machine may damage the database".into(),
            "set full_page_writes = on; a server refuses to start without it",
        )),
    };
    finding("durability", outcome)
}

fn commits(facts: &DatabaseFacts) -> Finding {
    let setting = &facts.synchronous_commit;
    let found = match setting.as_str() {
        "on" | "remote_apply" => {
            format!("synchronous_commit is {setting}; Callslot's sessions set it to on")
        }
        _ => {
            format!("synchronous_commit is {setting} for others; Callslot's sessions set it to on")
        }
    };
    finding("commits", Ok(found))
}

fn replicas(facts: &DatabaseFacts) -> Finding {
    match (facts.replicas, facts.synchronous_replicas) {
        (0, _) => finding(
            "replicas",
            Ok("none: the database is on one machine, and so are the calls".into()),
        ),
        (all, 0) => Finding {
            check: "replicas",
            outcome: Outcome::Slow,
            found: format!(
                "{all}, none of them synchronous: calls that were answered can be lost when the database fails over"
            ),
            fix: Some("set synchronous_standby_names, or synchronous_mode with Patroni".into()),
        },
        (all, synchronous) => finding(
            "replicas",
            Ok(format!(
                "{synchronous} of {all} are synchronous: a fail-over loses nothing that was answered"
            )),
        ),
    }
}

fn room(facts: &DatabaseFacts) -> Finding {
    let (most, used) = (facts.max_connections, facts.used_connections);
    let found =
        format!("{used} of {most} connections are in use, and a server takes {CONNECTIONS}");
    let has_room = facts.held == Some(true) || most - used >= CONNECTIONS;
    let outcome = if has_room {
        Ok(found)
    } else {
        Err((found, "raise max_connections, or end sessions of others"))
    };
    finding("connections", outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> DatabaseFacts {
        DatabaseFacts {
            place: "postgres://localhost:5432/callslot".into(),
            version: "15.18".into(),
            is_new_enough: true,
            syncs: true,
            writes_full_pages: true,
            synchronous_commit: "on".into(),
            only_reads: false,
            replicas: 0,
            synchronous_replicas: 0,
            max_connections: 100,
            used_connections: 5,
            held: None,
        }
    }

    fn not_good(facts: &DatabaseFacts) -> Vec<(&'static str, Outcome)> {
        let found = of_facts(facts).into_iter().map(|finding| (finding.check, finding.outcome));
        found.filter(|(_, outcome)| *outcome != Outcome::Good).collect()
    }

    #[test]
    fn each_setting_that_loses_calls_is_found() {
        assert_eq!(not_good(&facts()), []);
        let bad = |name| vec![(name, Outcome::Bad)];
        assert_eq!(not_good(&DatabaseFacts { syncs: false, ..facts() }), bad("durability"));
        assert_eq!(
            not_good(&DatabaseFacts { writes_full_pages: false, ..facts() }),
            bad("durability")
        );
        assert_eq!(not_good(&DatabaseFacts { is_new_enough: false, ..facts() }), bad("version"));
        assert_eq!(not_good(&DatabaseFacts { only_reads: true, ..facts() }), bad("primary"));
        assert_eq!(
            not_good(&DatabaseFacts { used_connections: 97, ..facts() }),
            bad("connections")
        );
        let replicas = DatabaseFacts { replicas: 2, ..facts() };
        assert_eq!(not_good(&replicas), [("replicas", Outcome::Slow)]);
        assert_eq!(not_good(&DatabaseFacts { synchronous_replicas: 1, ..replicas }), []);
    }
}
