//! Channels that come to Stasis: new calls, and calls that are held already.

use std::sync::Arc;

use crate::asterisk::caller::{Back, Caller, Message, Way};
use crate::asterisk::calls::Calls;
use crate::asterisk::event::Channel;
use crate::asterisk::live::{Following, Live};
use crate::asterisk::settings::Cause;
use crate::clock::now_ms;

/// A channel has come to Stasis.
pub(crate) fn came(calls: &Arc<Calls>, channel: Channel, back: Back) {
    if calls.tell(&channel.id, Message::Came(back)) {
        return;
    }
    let extension = &channel.dialplan.exten;
    let Some(number) = calls.settings().number(extension).cloned() else {
        calls.metrics.unknown_numbers.inc();
        tracing::warn!("{extension} is called, which the settings do not have");
        turn_away(calls, channel.id, None);
        return;
    };
    if calls.is_full() {
        turn_away(calls, channel.id, Some(Cause::Congestion));
        return;
    }
    let Some(coming) = calls.hold(&channel.id) else { return };
    calls.tell(&channel.id, Message::Came(back));
    let following = Following::start(calls, &channel, &number);
    let caller = Caller::new(Way::In(number), now_ms());
    Live::new(calls, channel.id, caller, following).spawn(coming);
}

/// Sends a channel away that is not held: on in the dialplan, or with a cause.
fn turn_away(calls: &Arc<Calls>, channel: String, cause: Option<Cause>) {
    let calls = Arc::clone(calls);
    tokio::spawn(async move {
        let asked = calls
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
