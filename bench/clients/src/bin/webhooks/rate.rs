//! How many deliveries a second a receiver gets, with that many events behind; and events that stay behind.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::{AgentPut, Client};

use crate::load::{delivered, enable, hook, start_and_end};
use crate::receiver::receive;

/// What came: the events' numbers, and the last number of each call.
#[derive(Default)]
struct Came {
    numbers: HashSet<u64>,
    of_call: HashMap<String, u64>,
    again: usize,
    out_of_order: usize,
}

/// Makes that many events, and has them delivered.
pub fn rate(client: &Client, events: usize) {
    let (count, came) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Came::default())));
    let address = {
        let (count, came) = (Arc::clone(&count), Arc::clone(&came));
        receive(Arc::new(move |body| {
            let event = delivered(body);
            let mut came = came.lock().expect("nobody panics with it");
            if came.numbers.insert(event.seq) {
                count.fetch_add(1, Ordering::Relaxed);
            } else {
                came.again += 1;
            }
            let last = came.of_call.insert(event.data.call.id, event.seq);
            came.out_of_order += usize::from(last.is_some_and(|last| last > event.seq));
            true
        }))
    };
    put_agent(client);
    let webhook = hook(client, address, &["call.started", "call.ended"]);
    enable(client, &webhook, false);
    start_and_end(client, events / 2);
    let begun = Instant::now();
    enable(client, &webhook, true);
    while count.load(Ordering::Relaxed) < events / 2 * 2 {
        assert!(begun.elapsed() < Duration::from_mins(5), "events are missing");
        thread::sleep(Duration::from_millis(1));
    }
    let seconds = begun.elapsed().as_secs_f64();
    while client.webhook(&webhook.id).expect("it is there").behind > 0 {
        assert!(begun.elapsed() < Duration::from_mins(5), "it stays behind");
        thread::sleep(Duration::from_millis(20));
    }
    let came = came.lock().expect("nobody panics with it");
    let per_second = f64::from(u32::try_from(events).expect("few")) / seconds;
    println!(
        "delivered {}, seconds {seconds:.2}, per_s {per_second:.0}, again {}, out_of_order {}",
        came.numbers.len(),
        came.again,
        came.out_of_order
    );
}

/// Makes that many events for a webhook whose receiver never answers.
pub fn behind(client: &Client, events: usize) {
    put_agent(client);
    let address = receive(Arc::new(|_| false));
    let webhook = hook(client, address, &["*"]);
    enable(client, &webhook, false);
    start_and_end(client, events / 2);
    println!("made {events}, webhook {}", webhook.id);
    loop {
        thread::park();
    }
}

fn put_agent(client: &Client) {
    let put = AgentPut { name: "Support".to_owned(), cap: None, pace: None };
    client.put_agent("support", &put).expect("an agent");
}
