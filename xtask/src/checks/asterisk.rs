//! `cargo xtask asterisk`: a real Asterisk, with the configuration of `docs/telephony/asterisk.md` as it is printed, and callers and an engine
//! that `SIPp` plays.
//!
//! Each case judges by what the server's log has of the calls, and that nothing is held after it. Start reading at [`Asterisk::run`].

mod debian;
mod printed;
mod world;

use std::collections::HashSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

use self::world::{Callers, World};
use crate::process::step::{run, timed};

const SUPPORT: &str = "+4930123456";
/// A number whose engine hears nothing.
const DEAD: &str = "+4930123457";
/// A number whose callers wait for a second, and then are elsewhere for a few.
const ELSEWHERE: &str = "+4930123458";
/// How long calls take, if nothing else is said.
pub const TALK_MS: u32 = 500;
/// How long callers may take in all, and how soon all is free after the last one.
const PATIENCE: Duration = Duration::from_mins(1);
const FREE_WITHIN: Duration = Duration::from_secs(8);

/// Runs all cases: in half a minute, or with more callers.
#[derive(Debug, Default, clap::Args)]
pub struct Asterisk {
    /// 400 calls at 20 slots instead of 60 at 6
    #[arg(long)]
    long: bool,
}

type Case<'a> = &'a mut dyn FnMut(&mut World) -> Result<(), String>;

impl Asterisk {
    /// Runs all cases.
    pub fn run(self) -> Result<(), String> {
        run("cargo build --locked --release --quiet --package callslot --bins")?;
        let Some(debian) = debian::provide() else {
            eprintln!(
                "\n!!! THE BRIDGE FOR ASTERISK IS NOT TESTED: no Asterisk can be had here; see above !!!\n"
            );
            return Ok(());
        };
        let mut world = World::start(debian)?;
        let (calls, slots, talk_ms) = if self.long { (400, 20, 1_500) } else { (60, 6, TALK_MS) };
        let cases: [(&str, Case); 10] = [
            ("a crowd", &mut |world| crowd(world, calls, slots, talk_ms)),
            ("callers who hang up in line", &mut hang_up),
            ("an engine that does not answer", &mut dead_engine),
            ("an agent that dials", &mut dials),
            ("a caller who vanishes", &mut vanishes),
            ("a dialplan without the bridge", &mut without_bridge),
            ("an overflow that outlives its bridge", &mut overflow_goes_on),
            ("a bridge and a server that are killed", &mut killed),
            ("a second bridge", &mut second_bridge),
            ("an Asterisk that is killed", &mut asterisk_killed),
        ];
        for (name, case) in cases {
            timed(name, || case(&mut world)).map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(())
    }
}

fn callers(count: u32, rate: u32) -> Callers {
    let (scenario, from, number) = ("caller.xml", "127.0.0.1", SUPPORT);
    Callers { scenario, from, number, count, rate, pause_ms: 0 }
}

fn cap(world: &World, slots: u32) -> Result<(), String> {
    let put = ["agent", "put", "support", "--cap", &slots.to_string()];
    world.server.said(&put, &world.server.admin).map(drop)
}

/// More callers than slots: all get through, in order.
fn crowd(world: &mut World, calls: u32, slots: u32, talk_ms: u32) -> Result<(), String> {
    cap(world, slots)?;
    let begun = Instant::now();
    // More come in a second than the slots can take.
    world.take_calls(talk_ms)?;
    world.call(&callers(calls, 40))?.ends_well(PATIENCE)?;
    let took = begun.elapsed().as_secs_f64();
    world.all_are_over(FREE_WITHIN)?;
    let waited = in_order(world)?;
    let events = world.events()?;
    let ends = events.iter().filter(|(kind, _, _)| kind == "call.ended");
    let (ended, noted): (Vec<_>, Vec<_>) = ends.partition(|(_, _, note)| note.is_empty());
    if ended.len() != calls as usize || waited < (calls / 2) as usize {
        let well = ended.len();
        return Err(format!("{well} of {calls} calls ended well, {waited} waited; {noted:?}"));
    }
    world.take_calls(TALK_MS)?;
    println!(
        "{calls} calls at {slots} slots in {took:.1} s; {waited} waited, and got their slots in order"
    );
    Ok(())
}

/// Whether those who waited got their slots in the order in which they came; how many they are.
fn in_order(world: &World) -> Result<usize, String> {
    let events = world.events()?;
    let of = |kind: &str| -> Vec<&String> {
        events.iter().filter(|(it, _, _)| it == kind).map(|(_, id, _)| id).collect()
    };
    let (queued, started) = (of("call.queued"), of("call.started"));
    let (waited, served): (HashSet<_>, HashSet<_>) =
        (queued.iter().collect(), started.iter().collect());
    let came: Vec<_> = queued.iter().filter(|id| served.contains(id)).collect();
    let served: Vec<_> = started.iter().filter(|id| waited.contains(id)).collect();
    match came.iter().zip(&served).find(|(came, served)| came != served) {
        None => Ok(came.len()),
        Some((came, served)) => Err(format!("{served} got its slot before {came}")),
    }
}

fn ended_with(world: &World, note: &str) -> Result<usize, String> {
    let events = world.events()?;
    Ok(events.iter().filter(|(kind, _, it)| kind == "call.ended" && it == note).count())
}

/// Who hangs up in line gives the place up, while the slots are taken.
fn hang_up(world: &mut World) -> Result<(), String> {
    cap(world, 1)?;
    world.take_calls(3_000)?;
    let mut talking = world.call(&callers(1, 1))?;
    until("the first caller talks", || Ok(world.live()?.len() == 1))?;
    let leaving = Callers { scenario: "hang-up.xml", pause_ms: 800, ..callers(10, 50) };
    world.call(&leaving)?.ends_well(PATIENCE)?;
    let left = world.live()?;
    if left.len() != 1 {
        return Err(format!("after ten hang-ups in line, {left:?} are live"));
    }
    talking.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    world.take_calls(TALK_MS)?;
    match ended_with(world, "hung up")? {
        10 => Ok(()),
        count => Err(format!("{count} of 10 calls ended as hung up")),
    }
}

/// An engine that does not answer has its caller come back: the slot is free, and the caller hears the overflow.
fn dead_engine(world: &mut World) -> Result<(), String> {
    let dead = Callers { number: DEAD, ..callers(2, 10) };
    world.call(&dead)?.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    match ended_with(world, "the agent's line did not answer")? {
        2 if world.metric("overflowed_total") == Some(2) => Ok(()),
        count => Err(format!("{count} of 2 calls ended since nobody answered")),
    }
}

/// An agent's call is claimed and dialled, and goes on in the dialplan. A number that is none ends it.
fn dials(world: &mut World) -> Result<(), String> {
    for (id, number) in [("spring-1", "+4930777"), ("spring-2", "+49 30/777")] {
        let metadata = format!("{{\"number\":\"{number}\"}}");
        world.server.said(
            &[
                "call",
                "start",
                "sales",
                "outbound",
                "--id",
                id,
                "--claim-within",
                "10",
                "--metadata",
                &metadata,
            ],
            &world.server.admin,
        )?;
    }
    world.all_are_over(FREE_WITHIN)?;
    let events = world.events()?;
    let note = |id: &str| {
        let ended = events.iter().find(|(kind, it, _)| kind == "call.ended" && it == id);
        ended.map(|(_, _, note)| note.as_str())
    };
    match (note("spring-1"), note("spring-2")) {
        (Some(""), Some("failed")) => Ok(()),
        notes => Err(format!("they ended with {notes:?}")),
    }
}

/// A caller who is gone without a word: Asterisk hears no voice, and hangs up.
fn vanishes(world: &mut World) -> Result<(), String> {
    let caller = world.call(&Callers { from: "127.0.0.2", ..callers(1, 1) })?;
    world.take_calls(60_000)?;
    until("the caller talks", || Ok(world.live()?.len() == 1))?;
    drop(caller);
    world.all_are_over(FREE_WITHIN)?;
    world.take_calls(TALK_MS)
}

/// The dialplan alone, as the page prints it: two callers at one slot, one after the other.
fn without_bridge(world: &mut World) -> Result<(), String> {
    cap(world, 1)?;
    let well = ended_with(world, "")?;
    world.call(&Callers { from: "127.0.0.3", ..callers(2, 20) })?.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    let events = world.events()?;
    let waited = |(kind, id, _): &&(String, String, String)| {
        kind == "call.queued" && id.starts_with("dialplan-")
    };
    match (ended_with(world, "")? - well, events.iter().filter(waited).count()) {
        (2, 1) => Ok(()),
        other => Err(format!("how many ended well, and waited: {other:?}")),
    }
}

/// Callers come, wait and talk while the bridge is killed, stopped, and the server killed: nobody is cut off, and nobody fails.
fn killed(world: &mut World) -> Result<(), String> {
    cap(world, 6)?;
    let mut crowd = world.call(&callers(36, 12))?;
    sleep(Duration::from_millis(1_300));
    world.kill_bridge();
    sleep(Duration::from_millis(700));
    world.start_bridge()?;
    sleep(Duration::from_secs(1));
    world.stop_bridge()?;
    world.start_bridge()?;
    sleep(Duration::from_millis(700));
    world.server.kill();
    sleep(Duration::from_millis(500));
    world.server.start_again_there()?;
    crowd.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    let waited = in_order(world)?;
    println!("36 calls at 6 slots went on; {waited} callers have waited so far, in order");
    Ok(())
}

/// A caller is at the first item of the overflow, without a call at Callslot, when the bridge is killed: the next one goes on with the second.
fn overflow_goes_on(world: &mut World) -> Result<(), String> {
    cap(world, 1)?;
    world.take_calls(8_000)?;
    let mut talking = world.call(&callers(1, 1))?;
    until("the first caller talks", || Ok(world.live()?.len() == 1))?;
    let before = world.metric("overflowed_total");
    let mut leaving = world.call(&Callers { number: ELSEWHERE, ..callers(1, 1) })?;
    until("the second is at the overflow", || Ok(world.metric("overflowed_total") != before))?;
    world.kill_bridge();
    world.start_bridge()?;
    world.bridge_is_connected()?;
    leaving.ends_well(PATIENCE)?;
    talking.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    world.take_calls(TALK_MS)?;
    let played = world.metric("carrier_api_total{asked=\"play\",outcome=\"done\"}");
    match (played, world.metric("unknown_numbers_total")) {
        (Some(1), Some(0)) => Ok(()),
        other => Err(format!("how much was played, and was nobody's: {other:?}")),
    }
}

/// A second bridge takes the application: the first ends by itself, and all go on.
fn second_bridge(world: &mut World) -> Result<(), String> {
    cap(world, 3)?;
    world.take_calls(3_000)?;
    let mut crowd = world.call(&callers(9, 9))?;
    until("three talk and six wait", || Ok(world.live()?.len() == 9))?;
    world.start_bridge_beside()?;
    crowd.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)?;
    world.take_calls(TALK_MS)?;
    in_order(world).map(drop)
}

/// Asterisk takes its calls with it; their slots are free as soon as it is back.
fn asterisk_killed(world: &mut World) -> Result<(), String> {
    world.take_calls(5_000)?;
    let crowd = world.call(&callers(20, 20))?;
    until("most wait", || Ok(world.live()?.len() > 15))?;
    world.kill_asterisk();
    sleep(Duration::from_millis(500));
    world.start_asterisk()?;
    world.bridge_is_connected()?;
    world.all_are_over(FREE_WITHIN)?;
    drop(crowd);
    world.take_calls(TALK_MS)?;
    world.call(&callers(8, 8))?.ends_well(PATIENCE)?;
    world.all_are_over(FREE_WITHIN)
}

fn until(what: &str, mut is_so: impl FnMut() -> Result<bool, String>) -> Result<(), String> {
    let begun = Instant::now();
    while begun.elapsed() < FREE_WITHIN {
        if is_so()? {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    Err(format!("{what}: not after {} s", FREE_WITHIN.as_secs()))
}
