//! `kill -9` at any moment: under load, while the server starts, while it stops.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::answers_vs_history::{compare_ended_calls, judge_history};
use crate::clients::{Engines, Load, Steering};
use crate::server::{Server, Setup};

const KILLS: usize = 50;
/// The moments are chosen by this.
const SEED: u64 = 20_260_601;
const LOAD: Load = Load { engines: 6, calls_each: 1_250, workers_each: 8, lease_ttl_s: 15 };
/// How many answers there are between two kills, from and to: a call has three or four.
const ANSWERS_BETWEEN: (usize, usize) = (100, 500);
/// Within which time of its start or stop a server is killed.
const KILLED_WITHIN_US: u64 = 30_000;

#[derive(Default)]
struct Kills {
    under_load: usize,
    starting: usize,
    stopping: usize,
}

impl Kills {
    fn count(&self) -> usize {
        self.under_load + self.starting + self.stopping
    }
}

#[test]
fn nothing_answered_is_lost_over_the_limit_or_out_of_order_while_the_server_is_killed_fifty_times()
{
    #![expect(clippy::disallowed_methods, reason = "the test says how long it took")]
    let mut server = Setup::new().start();
    server.client.set_up_the_worked_example();
    let begun = Instant::now();
    let steering = Steering::start(&server.client);
    let engines = Engines::start(&server.client, &LOAD);
    let kills = kill_again_and_again(&mut server, &engines);
    let mut answers = engines.finish();
    answers.extend(steering.stop());

    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 0, "no clock was set back");
    assert!(server.stop().success());
    server.start_again();
    compare_ended_calls(&server.client, &judge);
    println!(
        "seed {SEED}: {} kills ({} under load, {} while starting, {} while stopping), {} events, {} answers and {} pools \
         compared, {} queued, most active {}, {} changes of settings, {:.0} s",
        kills.count(),
        kills.under_load,
        kills.starting,
        kills.stopping,
        judge.events(),
        answers.len(),
        judge.compared_pools,
        judge.queued,
        judge.most_active,
        judge.settings_changes,
        begun.elapsed().as_secs_f64(),
    );
    assert!(judge.queued > 500, "the pool was never full for long: {} queued", judge.queued);
    assert!(judge.compared_pools > 100, "too few looked: {} pools", judge.compared_pools);
    assert_eq!(judge.ends.values().sum::<u64>(), LOAD.calls(), "every call has one end");
    assert_eq!(judge.ends.get("lease_expired"), None, "every engine gave signs of life");
    assert_eq!(judge.live(), 0, "no slot leaked");
}

fn kill_again_and_again(server: &mut Server, engines: &Engines) -> Kills {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut kills = Kills::default();
    for round in 0_u64.. {
        if kills.count() >= KILLS {
            break;
        }
        engines.forget_answers();
        engines.wait_for_answers(random.usize(ANSWERS_BETWEEN.0..ANSWERS_BETWEEN.1));
        let moment = Duration::from_micros(random.u64(0..KILLED_WITHIN_US));
        match round % 4 {
            1 => {
                server.process.kill();
                kills.under_load += 1;
                server.process = server.setup.spawn();
                server.process.is_ready_within(moment);
                server.process.kill();
                kills.starting += 1;
            }
            3 => {
                server.process.signal(Signal::TERM);
                server.process.has_ended_within(moment);
                server.process.kill();
                kills.stopping += 1;
            }
            _ => {
                server.process.kill();
                kills.under_load += 1;
            }
        }
        server.start_again();
    }
    kills
}
