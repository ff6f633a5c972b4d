//! Measures how long it takes from the end of a call until the client that waits for its slot knows.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::{
    AgentPut, CallEnd, CallStart, CallState, CallType, Client, ServerFrame, ToldFrame,
};

use crate::fill::{connect, hear, send, start_frame};
use crate::{Target, print};

/// Between the moment at which a call is queued and the end that frees its slot: the client waits by then.
const PAUSE: Duration = Duration::from_millis(50);
const GRACE_S: u32 = 30;
const WAIT_S: u64 = 60;

/// Frees slots for which a client waits `by` a long poll or a stream. Each worker has an agent with a cap of one call.
pub fn told(target: &Target, by: &str, count: usize, workers: usize) {
    let wait: fn(&Target, &str, &Receiver<usize>, &Sender<Instant>) = match by {
        "poll" => wait_by_poll,
        "stream" => wait_on_stream,
        other => panic!("`{other}` is not a way to wait; use poll or stream"),
    };
    let begun = Instant::now();
    let work = |worker: usize| {
        let agent = format!("told-{by}-{worker}");
        let client = target.client(None);
        let put = AgentPut { name: agent.clone(), cap: Some(1), pace: None };
        client.put_agent(&agent, &put).expect("an agent");
        thread::scope(|scope| {
            let (ask, asked) = channel();
            let (tell, heard) = channel();
            let waiting = agent.clone();
            scope.spawn(move || wait(target, &waiting, &asked, &tell));
            free_slots(&client, &agent, count / workers, &ask, &heard)
        })
    };
    let took = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    print("told", begun, took);
}

/// Has a call queued and frees a slot for it, again and again; how long it took each time until the other side knew.
fn free_slots(
    client: &Client,
    agent: &str,
    count: usize,
    ask: &Sender<usize>,
    heard: &Receiver<Instant>,
) -> Vec<Duration> {
    let next = || heard.recv().expect("the waiting side lives");
    let end = |number: usize| {
        client.end_call(&id(agent, number), &CallEnd::default()).expect("it ends");
    };
    let mut took = Vec::new();
    client.start_call(&call(agent, 0), 0).expect("the first call has a slot");
    for number in 1..=count {
        ask.send(number).expect("the waiting side lives");
        next();
        thread::sleep(PAUSE);
        let freed = Instant::now();
        end(number - 1);
        took.push(next().saturating_duration_since(freed));
    }
    end(count);
    took
}

/// Has calls queued that it is asked for, and says when each is, and when it has its slot.
fn wait_by_poll(target: &Target, agent: &str, asked: &Receiver<usize>, tell: &Sender<Instant>) {
    let client = target.client(None);
    let say = || tell.send(Instant::now()).expect("the other side lives");
    for number in asked {
        let queued = client.start_call(&call(agent, number), 0).expect("a queued call");
        assert_eq!(queued.state, CallState::Queued);
        say();
        let active = client.call(&queued.id, WAIT_S).expect("an answer in time");
        say();
        assert_eq!(active.state, CallState::Active);
    }
}

/// The same on a stream.
fn wait_on_stream(target: &Target, agent: &str, asked: &Receiver<usize>, tell: &Sender<Instant>) {
    let mut socket = connect(target, GRACE_S);
    for number in asked {
        send(&mut socket, &[start_frame(agent, 0, id(agent, number))]);
        let mut is_started = false;
        while !is_started {
            for frame in hear(&mut socket) {
                let has_slot = matches!(frame, ServerFrame::Told(ToldFrame::Started { .. }));
                if has_slot || matches!(frame, ServerFrame::Answer(_)) {
                    tell.send(Instant::now()).expect("the other side lives");
                }
                is_started |= has_slot;
            }
        }
    }
}

fn id(agent: &str, number: usize) -> String {
    format!("{agent}-{number}")
}

fn call(agent: &str, number: usize) -> CallStart {
    CallStart { id: Some(id(agent, number)), ..CallStart::new(agent, CallType::Inbound) }
}
