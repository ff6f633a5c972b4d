//! Looks for calls whose end was not told: the carrier's API knows.

use std::sync::Arc;
use std::time::Duration;

use callslot_api::CallState;

use crate::running::Failure;
use crate::twilio::caller::{Gone, Line, Message, Stage, Way};
use crate::twilio::calls::{Calls, Held};

/// How often it is looked for silent calls, at most.
const LONGEST_ROUND: Duration = Duration::from_secs(20);
/// How many calls are asked about in one round.
const AT_ONCE: usize = 100;

/// Goes round until the bridge stops.
pub(crate) async fn sweep(calls: Arc<Calls>) -> Failure {
    loop {
        let after_s = *calls.settings().ask_after_s.get_ref();
        let round = (Duration::from_secs(after_s) / 3).min(LONGEST_ROUND);
        tokio::time::sleep(round).await;
        let silent = calls.all().into_iter().filter(|held| held.is_silent_for(after_s * 1000));
        let mut asking = tokio::task::JoinSet::new();
        for held in silent.take(AT_ONCE) {
            let calls = Arc::clone(&calls);
            asking.spawn(async move { ask(&calls, &held).await });
        }
        while asking.join_next().await.is_some() {}
    }
}

/// Asks about one call.
async fn ask(calls: &Arc<Calls>, held: &Arc<Held>) {
    let (way, call, is_on_the_phone, stage) = {
        let caller = held.caller();
        (caller.way.clone(), caller.call.clone(), caller.is_on_the_phone(), caller.stage)
    };
    if let Some(sid) = held.sid().filter(|_| is_on_the_phone || stage == Stage::Over) {
        match calls.carrier.ask("status", move |api| api.how_ended(&sid)).await {
            Ok(Some(_)) if stage == Stage::Over => calls.forget(&call),
            Ok(Some(_)) => {
                calls.metrics.found_over.inc();
                calls.hear(held, Message::Gone(Gone::FoundOver));
                return;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!("{error}"),
        }
    }
    held.is_there();
    match way {
        Way::In(_) => {}
        // Its end at Callslot, by an operator or its bound, is not told here.
        Way::Out(_) => {
            let slots = calls.slots.clone();
            let there = calls.carrier.blocking(move || slots.api().call(&call, 0)).await;
            if there.is_ok_and(|there| there.state == CallState::Ended) {
                held.is_now(Line::Ended);
                calls.hear(held, Message::LineChanged);
            }
        }
    }
}
