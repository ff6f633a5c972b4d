//! `cargo xtask kamailio`: a real Kamailio, with the configuration of `docs/telephony/kamailio.md` as it is printed, and callers and an engine
//! that `SIPp` plays.
//!
//! Each case judges by what the server noted of its calls, and that no slot is held after it. Start reading at [`Kamailio::run`]; `world.rs`
//! has the programs.

mod judge;
mod world;

use std::thread::sleep;
use std::time::{Duration, Instant};

use self::judge::Noted;
use self::world::{Callers, World};
use crate::process::packages::{self, need};
use crate::process::step::{run, timed};

const SUPPORT: &str = "support";
const SALES: &str = "sales";
/// How long callers who get through may take, at most.
const PATIENCE: Duration = Duration::from_mins(1);
/// How soon all is free after the last caller.
const FREE_WITHIN: Duration = Duration::from_secs(3);

/// Runs everything: in half a minute, or with more callers and those that take longer.
#[derive(Debug, Default, clap::Args)]
pub struct Kamailio {
    /// 400 calls at 20 slots instead of 100 at 10, and what takes until a timer is over: two minutes more
    #[arg(long)]
    long: bool,
}

impl Kamailio {
    /// Runs all cases.
    pub fn run(self) -> Result<(), String> {
        need(&[packages::KAMAILIO, packages::KAMAILIO_EXTRA, packages::SIPP, packages::FAKETIME])?;
        run("cargo build --locked --release --quiet --package callslot --bins")?;
        let mut world = World::start()?;
        let (calls, slots) = if self.long { (400, 20) } else { (100, 10) };
        // Nobody answers at this engine, which takes a few seconds to be noticed: meanwhile the others call.
        let unanswered = world.call("caller", "+4931", 1, 1000)?;
        let cases: [(&str, Case); 11] = [
            ("a crowd", &mut |world| crowd(world, calls, slots)),
            ("callers who hang up in line", &mut hang_up),
            ("callers who wait for too long", &mut wait_too_long),
            ("a server that is killed", &mut |world| killed(world, &mut World::replace_server)),
            ("a bridge that is killed", &mut |world| killed(world, &mut World::replace_bridge)),
            ("callers who hang up without a bridge", &mut hang_up_untold),
            ("callers who come while the bridge is killed", &mut come_untold),
            ("somebody with other callers' Call-IDs", &mut intruder),
            ("a second bridge", &mut second_bridge),
            ("a clock that is set", &mut clock_set),
            ("a Kamailio that is killed", &mut kamailio_killed),
        ];
        for (name, case) in cases {
            timed(name, || case(&mut world))
                .map_err(|why| format!("{name}: {why}\n{}", world.log()))?;
        }
        timed("an engine that does not answer", || unanswered_engine(&world, unanswered))?;
        timed("calls that an operator ends", || ended_by_operator(&world))?;
        if self.long {
            timed("a caller who goes silent", || goes_silent(&world))?;
            timed("a Kamailio that stays away", || stays_away(&mut world))?;
        }
        world.stop_bridge()
    }
}

type Case<'a> = &'a mut dyn FnMut(&mut World) -> Result<(), String>;

/// More callers than slots: all get through, in order.
fn crowd(world: &mut World, calls: u32, slots: u32) -> Result<(), String> {
    world.cap(slots)?;
    let begun = Instant::now();
    world.call("caller", "+4930", calls, 300)?.get_through(PATIENCE)?;
    let took = begun.elapsed();
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    let noted = Noted::read(world)?;
    let waited = noted.in_order()?;
    let ended = noted.ended_with(None);
    if ended < calls as usize || waited < (calls / 2) as usize {
        return Err(format!("{ended} of {calls} calls ended well, and {waited} waited"));
    }
    println!(
        "{calls} calls at {slots} slots in {:.1} s, of which {waited} waited",
        took.as_secs_f64()
    );
    Ok(())
}

/// Two talk, and those behind them hang up.
fn hang_up(world: &mut World) -> Result<(), String> {
    world.cap(2)?;
    let talking = world.call("caller", "+4930", 2, 2000)?;
    world.until("two talk", SUPPORT, |pool| pool.active == 2)?;
    let before = Noted::read(world)?.ended_with(Some("hung up"));
    let hanging_up = world.call("hangs_up", "+4930", 5, 300)?;
    world.until("five wait", SUPPORT, |pool| pool.queued == 5)?;
    hanging_up.get_through(PATIENCE)?;
    world.until("nobody waits", SUPPORT, |pool| pool.queued == 0)?;
    talking.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    match Noted::read(world)?.ended_with(Some("hung up")) - before {
        5 => Ok(()),
        other => Err(format!("{other} of 5 hung up, as the server says")),
    }
}

/// With `max_wait_s` of a second: one number refuses, the other redirects.
fn wait_too_long(world: &mut World) -> Result<(), String> {
    world.cap(1)?;
    let talking = world.call("caller", "+4930", 1, 4000)?;
    world.until("one talks", SUPPORT, |pool| pool.active == 1)?;
    let refused = world.call("refused", "+4932", 3, 0)?;
    let redirected = world.call("redirected", "+4933", 3, 0)?;
    refused.get_through(PATIENCE)?;
    redirected.get_through(PATIENCE)?;
    talking.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)
}

/// Something is killed while callers talk and wait, and is back after a moment: all get through, though nobody may be told of those who hang
/// up meanwhile.
fn killed(
    world: &mut World,
    replace: &mut dyn FnMut(&mut World) -> Result<(), String>,
) -> Result<(), String> {
    let well =
        |noted: &Noted| noted.ended_with(None) + noted.ended_with(Some("its end was not told"));
    world.cap(5)?;
    let before = well(&Noted::read(world)?);
    let callers = world.call("caller", "+4930", 15, 2000)?;
    world.until("they talk and wait", SUPPORT, |pool| pool.active == 5 && pool.queued == 10)?;
    replace(world)?;
    callers.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    let noted = Noted::read(world)?;
    noted.in_order()?;
    match well(&noted) - before {
        15 => Ok(()),
        other => Err(format!("{other} of 15 calls ended well: {}", noted.in_short())),
    }
}

/// One talks and two wait, and all hang up while there is no bridge: the next one asks, or sends who waits to the engine in vain.
fn hang_up_untold(world: &mut World) -> Result<(), String> {
    world.cap(1)?;
    let before = Noted::read(world)?.ended_by_the_bridge();
    let talking = world.call("caller", "+4930", 1, 2500)?;
    world.until("one talks", SUPPORT, |pool| pool.active == 1)?;
    let waiting = world.call("hangs_up", "+4930", 2, 1800)?;
    world.until("two wait", SUPPORT, |pool| pool.queued == 2)?;
    world.kill_bridge();
    talking.get_through(PATIENCE)?;
    waiting.get_through(PATIENCE)?;
    world.replace_bridge()?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    let noted = Noted::read(world)?;
    match noted.ended_by_the_bridge() - before {
        3 => Ok(()),
        other => Err(format!("{other} of 3 were found: {}", noted.in_short())),
    }
}

/// One talks and one waits, and somebody calls with their Call-IDs and sends BYEs with them: that changes nothing for the two.
fn intruder(world: &mut World) -> Result<(), String> {
    world.cap(1)?;
    let before = Noted::read(world)?.ended_with(None);
    let talking = world.call_as("talks@x", "caller", "+4930", 4000)?;
    world.until("one talks", SUPPORT, |pool| pool.active == 1)?;
    let waiting = world.call_as("waits@x", "caller", "+4930", 300)?;
    world.until("one waits", SUPPORT, |pool| pool.queued == 1)?;
    for call_id in ["talks@x", "waits@x"] {
        world.call_as(call_id, "intrudes", "+4930", 0)?.get_through(PATIENCE)?;
    }
    // What was sent last may take a moment.
    sleep(Duration::from_millis(500));
    world
        .until("they still talk and wait", SUPPORT, |pool| pool.active == 1 && pool.queued == 1)?;
    talking.get_through(PATIENCE)?;
    waiting.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    match Noted::read(world)?.ended_with(None) - before {
        2 => Ok(()),
        other => Err(format!("{other} of 2 calls ended well")),
    }
}

/// A second bridge with the same settings takes no call from the first, and goes on with them once that one is gone.
fn second_bridge(world: &mut World) -> Result<(), String> {
    world.cap(3)?;
    let before = Noted::read(world)?.ended_with(None);
    let early = world.call("caller", "+4930", 5, 4000)?;
    world.until("three talk and two wait", SUPPORT, |pool| pool.active == 3 && pool.queued == 2)?;
    let second = world.start_second_bridge()?;
    sleep(Duration::from_secs(1));
    world.first_is_connected()?;
    let late = world.call("caller", "+4930", 5, 500)?;
    world
        .until("three talk and seven wait", SUPPORT, |pool| pool.active == 3 && pool.queued == 7)?;
    world.first_is_connected()?;
    world.hand_over(second)?;
    early.get_through(PATIENCE)?;
    late.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    match Noted::read(world)?.ended_with(None) - before {
        10 => Ok(()),
        other => Err(format!("{other} of 10 calls ended well")),
    }
}

/// The system's clock is set forth and back while one talks and others wait: that costs nobody the place.
fn clock_set(world: &mut World) -> Result<(), String> {
    world.replace_bridge_with_clock()?;
    world.cap(1)?;
    let before = Noted::read(world)?.ended_with(None);
    let callers = world.call("caller", "+4930", 3, 2000)?;
    world.until("one talks and two wait", SUPPORT, |pool| pool.active == 1 && pool.queued == 2)?;
    for offset in ["+2h", "-2h"] {
        world.set_clock(offset)?;
        sleep(Duration::from_millis(1_500));
    }
    callers.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    world.replace_bridge()?;
    match Noted::read(world)?.ended_with(None) - before {
        3 => Ok(()),
        other => Err(format!("{other} of 3 calls ended well")),
    }
}

/// Two come when the bridge hears nothing any more, and is killed then: the next one is told of them.
fn come_untold(world: &mut World) -> Result<(), String> {
    world.cap(2)?;
    let before = Noted::read(world)?.ended_with(None);
    world.freeze_bridge()?;
    let callers = world.call("caller", "+4930", 2, 300)?;
    sleep(Duration::from_millis(500));
    world.replace_bridge()?;
    callers.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, FREE_WITHIN)?;
    match Noted::read(world)?.ended_with(None) - before {
        2 => Ok(()),
        other => Err(format!("{other} of 2 calls ended well")),
    }
}

/// Of ten who talk, five vanish with Kamailio, as do five who wait; the other five hang up through the next one.
fn kamailio_killed(world: &mut World) -> Result<(), String> {
    const NOTE: Option<&str> = Some("the proxy was started anew");
    world.cap(10)?;
    let staying = world.call("caller", "+4930", 5, 6000)?;
    world.until("five talk", SUPPORT, |pool| pool.active == 5)?;
    let vanishing = world.call("caller", "+4930", 10, 60_000)?;
    world.until("ten talk and five wait", SUPPORT, |pool| pool.active == 10 && pool.queued == 5)?;
    // Those who ring would not be talking yet for Kamailio.
    sleep(Duration::from_millis(500));
    let before = Noted::read(world)?.ended_with(NOTE);
    world.replace_kamailio()?;
    drop(vanishing);
    world.until("nobody waits", SUPPORT, |pool| pool.queued == 0)?;
    staying.get_through(PATIENCE)?;
    world.all_are_free(SUPPORT, Duration::from_secs(8))?;
    match Noted::read(world)?.ended_with(NOTE) - before {
        10 => Ok(()),
        other => Err(format!("{other} of 10 calls vanished, as the server says")),
    }
}

/// The engine of this number is silent: the caller is connected to the overflow, without a slot.
fn unanswered_engine(world: &World, caller: Callers) -> Result<(), String> {
    caller.get_through(PATIENCE)?;
    match Noted::read(world)?.ended_with(Some("the agent's line did not answer")) {
        1 => Ok(()),
        other => Err(format!("{other} calls were not answered, as the server says")),
    }
}

/// A caller who talks gets a BYE, and one whose engine has not answered is refused.
fn ended_by_operator(world: &World) -> Result<(), String> {
    world.cap(1)?;
    let talking = world.call("is_ended", "+4930", 1, 0)?;
    let ringing = world.call("is_ended_early", "+4931", 1, 0)?;
    world.until("one talks", SUPPORT, |pool| pool.active == 1)?;
    world.until("one rings", SALES, |pool| pool.active == 1)?;
    // Until the ACK, nobody talks for Kamailio.
    sleep(Duration::from_millis(500));
    for id in Noted::read(world)?.active() {
        world.server.said(&["call", "end", id], &world.server.admin)?;
    }
    talking.get_through(FREE_WITHIN)?;
    ringing.get_through(FREE_WITHIN)
}

/// A caller talks, and nothing is heard any more: Kamailio finds out by OPTIONS.
fn goes_silent(world: &World) -> Result<(), String> {
    let caller = world.call("caller", "+4934", 1, 600_000)?;
    world.until("it talks", SALES, |pool| pool.active == 1)?;
    // Until the ACK, nobody talks for Kamailio.
    sleep(Duration::from_millis(500));
    drop(caller);
    let since = Instant::now();
    world.all_are_free(SALES, Duration::from_mins(2))?;
    println!("its call ended within {} s", since.elapsed().as_secs());
    Ok(())
}

/// Kamailio is killed and does not come back: those who talk and wait are over after the grace.
fn stays_away(world: &mut World) -> Result<(), String> {
    const NOTE: Option<&str> = Some("the proxy was away");
    world.cap(1)?;
    let calling = world.call("caller", "+4930", 3, 600_000)?;
    world.until("one talks and two wait", SUPPORT, |pool| pool.active == 1 && pool.queued == 2)?;
    world.kill_kamailio();
    world.all_are_free(SUPPORT, Duration::from_secs(10))?;
    drop(calling);
    match Noted::read(world)?.ended_with(NOTE) {
        3 => Ok(()),
        other => Err(format!("{other} of 3 calls were over, as the server says")),
    }
}
