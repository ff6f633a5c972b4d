//! Channels that come to Stasis: new calls, calls that are held already, and callers whom a bridge before this one sent to the overflow.

use std::sync::Arc;

use crate::asterisk::caller::{Back, Caller, Message, Way};
use crate::asterisk::calls::Calls;
use crate::asterisk::event::Channel;
use crate::asterisk::live::{Following, Live};
use crate::asterisk::overflow_mark::OverflowMark;
use crate::asterisk::settings::{Cause, Number};
use crate::clock::now_ms;

/// A channel has come to Stasis.
pub(crate) fn came(calls: &Arc<Calls>, channel: Channel, back: Back) {
    if calls.tell(&channel.id, Message::Came(back)) {
        return;
    }
    match calls.settings().number(&channel.dialplan.exten).cloned() {
        Some(number) if back == Back::Untold => begin(calls, &channel, number, back),
        // It comes back, or is nobody's.
        number => {
            let calls = Arc::clone(calls);
            tokio::spawn(async move { come_back(&calls, channel, number, back).await });
        }
    }
}

/// A new call.
fn begin(calls: &Arc<Calls>, channel: &Channel, number: Arc<Number>, back: Back) {
    if calls.is_full() {
        turn_away(calls, channel.id.clone(), Some(Cause::Congestion));
        return;
    }
    let Some(coming) = calls.hold(&channel.id) else { return };
    calls.tell(&channel.id, Message::Came(back));
    let following = Following::start(calls, channel, &number);
    let caller = Caller::new(Way::In(number), now_ms());
    Live::new(calls, channel.id.clone(), caller, following).spawn(coming);
}

/// Goes on with the overflow of a caller whom a bridge before this one sent there. `number` is the one whose extension the channel has.
async fn come_back(calls: &Arc<Calls>, channel: Channel, number: Option<Arc<Number>>, back: Back) {
    let id = channel.id.clone();
    let asked =
        calls.asterisk.ask("variable", move |ari| ari.variable(&id, OverflowMark::VARIABLE)).await;
    let text = asked.unwrap_or_else(|error| {
        tracing::warn!("{error}");
        None
    });
    let settings = calls.settings();
    let mark = text.as_deref().and_then(OverflowMark::read);
    let marked = mark.and_then(|mark| Some((settings.number(&mark.number)?.clone(), mark.index)));
    match (marked, number) {
        (Some((number, index)), _) => {
            let Some(coming) = calls.hold(&channel.id) else { return };
            calls.tell(&channel.id, Message::Came(back));
            let caller = Caller::of_overflow(number, index, now_ms());
            Live::new(calls, channel.id, caller, Following::Over).spawn(coming);
        }
        (None, Some(number)) => begin(calls, &channel, number, back),
        (None, None) => {
            calls.metrics.unknown_numbers.inc();
            tracing::warn!(
                "{:?} is called, which the settings do not have",
                channel.dialplan.exten
            );
            turn_away(calls, channel.id, None);
        }
    }
}

/// Sends a channel away that is not held: on in the dialplan, or with a cause.
fn turn_away(calls: &Arc<Calls>, channel: String, cause: Option<Cause>) {
    let calls = Arc::clone(calls);
    tokio::spawn(async move {
        let asked = calls
            .asterisk
            .ask("turn_away", move |ari| match cause {
                Some(cause) => ari.hang_up(&channel, cause),
                None => ari.send_on(&channel, None),
            })
            .await;
        if let Err(error) = asked {
            tracing::warn!("{error}");
        }
    });
}
