//! The threads that query the server: one carries out orders (reading, ending calls), one follows the events.
//!
//! They only query and pass on the results; `state.rs` decides what to query and when. Nothing waits for them at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

use callslot_api::{CallEnd, Client, ClientError};

use super::lists::{Reading, Wanted};
use super::state::{Input, Order};
use super::ticker::happening;
use crate::output::word;
use crate::remote::given;

/// How many calls are read.
const MAX_CALLS: usize = 100;
/// The maximum number of pages read for them: pages thinned out by a filter may be short.
const MAX_PAGES: usize = 4;
/// The note on a call that was ended here.
const NOTE: &str = "ended from callslot top";

/// Reads the pool and the calls that a view wants.
pub fn read(client: &Client, wanted: &Wanted) -> Result<Reading, ClientError> {
    let state = word(&wanted.state);
    let call_type = wanted.call_type.map(|call_type| word(&call_type));
    let most = MAX_CALLS.to_string();
    let mut calls = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = client.calls(&given(&[
            ("state", Some(state.as_str())),
            ("agent", wanted.agent.as_deref()),
            ("type", call_type.as_deref()),
            ("limit", Some(most.as_str())),
            ("cursor", cursor.as_deref()),
        ]))?;
        calls.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || calls.len() >= MAX_CALLS {
            break;
        }
    }
    let gates = client.gates(None)?;
    let pool = client.pool()?;
    Ok(Reading {
        pool,
        gates: gates.items,
        has_more_gates: gates.next.is_some(),
        calls,
        has_more: cursor.is_some(),
        wanted: wanted.clone(),
    })
}

/// Carries out orders one after the other, until no one takes the outcomes.
pub fn obey(
    patient: &Client,
    quick: &Client,
    orders: &Receiver<Order>,
    inputs: &SyncSender<Input>,
) {
    let followed = Arc::new(AtomicU64::new(0));
    for order in orders {
        let outcome = match order {
            Order::Read(wanted) => Input::Read(read(quick, &wanted).map(Box::new)),
            Order::End(id) => {
                let end = CallEnd { note: Some(NOTE.into()) };
                let result = quick.end_call(&id, &end).map(Box::new);
                Input::Ended(id, result)
            }
            Order::Follow(after) => {
                let own = followed.fetch_add(1, Ordering::Relaxed) + 1;
                let (client, inputs) = (patient.clone(), inputs.clone());
                let followed = Arc::clone(&followed);
                thread::spawn(move || follow(&client, after, &inputs, own, &followed));
                continue;
            }
        };
        if inputs.send(outcome).is_err() {
            return;
        }
    }
}

/// Passes on the events after `after` until another stream than its `own` is followed.
fn follow(client: &Client, after: u64, inputs: &SyncSender<Input>, own: u64, followed: &AtomicU64) {
    let is_own = || followed.load(Ordering::Relaxed) == own;
    let result = client.follow(Some(&after.to_string()), &[], |event| {
        let input = happening(event).map_or_else(
            || Input::HappenedUnread(event.id.parse().unwrap_or_default()),
            Input::Happened,
        );
        is_own() && inputs.send(input).is_ok()
    });
    if is_own() {
        let _ = inputs.send(Input::StreamEnded(result.err()));
    }
}
