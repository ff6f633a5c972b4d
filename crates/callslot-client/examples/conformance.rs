//! The program of `sdk/conformance` for this client: runs calls and says what it believes; that folder's README.md has the contract.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{io, thread};

use callslot_client::{CallType, Over, Slots};
use serde_json::json;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let options: HashMap<&str, &str> =
        words.chunks_exact(2).map(|pair| (&*pair[0], &*pair[1])).collect();
    let number = |name: &str| options[name].parse::<u64>();
    let (calls, seed) = (number("--calls")?, number("--seed")?);
    let hold = Duration::from_millis(number("--hold-ms")?);
    let call_type: CallType = serde_json::from_value(json!(options["--type"]))?;
    let slots = Slots::from_env()?;
    let next = Arc::new(AtomicU64::new(0));
    let may_stop = Arc::new(AtomicBool::new(false));
    thread::spawn({
        let may_stop = Arc::clone(&may_stop);
        move || {
            // The calls go on for as long as the suite has faults.
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            may_stop.store(true, Ordering::Relaxed);
        }
    });
    let mut workers = Vec::new();
    for _ in 0..number("--concurrency")? {
        let (slots, next, agent) =
            (slots.clone(), Arc::clone(&next), options["--agent"].to_owned());
        let may_stop = Arc::clone(&may_stop);
        workers.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= calls && may_stop.load(Ordering::Relaxed) {
                    return;
                }
                let talk = hold.mul_f64(0.5 + fastrand::f64());
                run(&slots, &agent, call_type, &format!("rust-{seed}-{number}"), talk).await;
            }
        }));
    }
    for worker in workers {
        worker.await?;
    }
    slots.close().await;
    say(&json!({"at": "done"}));
    Ok(())
}

async fn run(slots: &Slots, agent: &str, call_type: CallType, id: &str, hold: Duration) {
    say(&json!({"id": id, "at": "begin"}));
    let mut call = match slots.call(agent, call_type).id(id).await {
        Ok(call) => call,
        Err(error) => return say(&json!({"id": id, "at": "failed", "why": error.to_string()})),
    };
    say(&json!({"id": id, "at": "held"}));
    tokio::select! {
        () = tokio::time::sleep(hold) => say(&json!({"id": id, "at": "released"})),
        status = call.lost() => {
            let why = status.over.as_ref().map(Over::to_string);
            say(&json!({"id": id, "at": "lost", "why": why}));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which says when things happened"
)]
/// Writes one line, with the time in milliseconds since the epoch.
fn say(step: &serde_json::Value) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut line = step.clone();
    line["t"] = json!(u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
    println!("{line}");
}
