//! Compares the calls that are held, and those of a bridge that is gone, with Asterisk's channels.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callslot_api::{Call, CallEnd, CallState, CallType, ClientError};

use crate::asterisk::ari::{Ari, AriError};
use crate::asterisk::arrive::came;
use crate::asterisk::caller::{Back, Caller, Gone, Message, Way};
use crate::asterisk::calls::Calls;
use crate::asterisk::dial::{channel_of, number_to_dial};
use crate::asterisk::event::Channel;
use crate::asterisk::live::{Following, Live, Marks};
use crate::clock::now_ms;

/// How many calls are read at once.
const PAGE: &str = "1000";

/// A live call of the bridge before this one.
#[derive(Debug)]
struct Orphan {
    id: String,
    channel: String,
    way: Way,
    is_active: bool,
    /// The number to dial, if it is an agent's.
    to: Option<String>,
}

/// Why calls and channels could not be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCompared {
    #[error("{0}")]
    Asterisk(#[from] AriError),
    #[error("calls of the bridge before this one are not known: {0}")]
    Callslot(#[from] ClientError),
}

/// The live calls that bear this bridge's name, and those that it may have dialled.
async fn orphans(calls: &Arc<Calls>) -> Result<Vec<Orphan>, ClientError> {
    let (mut cursor, mut orphans): (Option<String>, Vec<Orphan>) = (None, Vec::new());
    loop {
        let (slots, from) = (calls.slots.clone(), cursor.clone());
        let page = calls
            .asterisk
            .blocking(move || {
                let mut filters = vec![("limit", PAGE)];
                filters.extend(from.as_deref().map(|from| ("cursor", from)));
                slots.api().calls(&filters)
            })
            .await?;
        orphans.extend(page.items.iter().filter_map(|call| orphan(calls, call)));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(orphans);
        }
    }
}

fn orphan(calls: &Calls, call: &Call) -> Option<Orphan> {
    let settings = calls.settings();
    let is_active = call.state == CallState::Active;
    let marks = serde_json::from_str::<Marks>(call.metadata.as_text()).ok();
    let (way, channel, to) = match marks {
        Some(marks) if marks.bridge == *settings.name.get_ref() => {
            let Some(number) = settings.number(&marks.to) else {
                tracing::warn!(
                    "{} is a call to {}, which the settings no longer have; its lease ends it",
                    call.id,
                    marks.to
                );
                return None;
            };
            (Way::In(Arc::clone(number)), marks.channel, None)
        }
        Some(_) | None => {
            let is_dialled = is_active && call.call_type == CallType::Outbound;
            let outbound = settings.outbound_of(&call.agent).filter(|_| is_dialled)?;
            let to = number_to_dial(outbound, &call.metadata);
            (Way::Out(Arc::clone(outbound)), channel_of(&call.id), to)
        }
    };
    Some(Orphan { id: call.id.clone(), channel, way, is_active, to })
}

/// After a break: every call learns where its channel is, and channels in Stasis that nobody holds are taken.
pub(crate) async fn after_break(
    calls: &Arc<Calls>,
    is_first: &AtomicBool,
) -> Result<(), NotCompared> {
    // Its calls are read before the channels: what comes after that comes to this bridge.
    let orphans = if is_first.load(Ordering::Relaxed) { orphans(calls).await? } else { Vec::new() };
    let held = calls.channels();
    let mut channels = all(calls).await?;
    let app = calls.asterisk.client.app().to_owned();
    for id in held {
        let message = match channels.remove(&id) {
            Some(channel) => Message::Found { in_stasis: channel.is_in(&app) },
            None => Message::Gone(Gone::Missing),
        };
        calls.tell(&id, message);
    }
    is_first.store(false, Ordering::Relaxed);
    for orphan in orphans.into_iter().filter(|orphan| !calls.is_held(&orphan.channel)) {
        let channel = channels.remove(&orphan.channel);
        go_on(calls, orphan, channel.as_ref(), &app);
    }
    for channel in channels.into_values().filter(|channel| channel.is_in(&app)) {
        take(calls, channel).await?;
    }
    Ok(())
}

/// Goes on with a call of the bridge before this one, or ends it if its channel is gone.
fn go_on(calls: &Arc<Calls>, orphan: Orphan, channel: Option<&Channel>, app: &str) {
    let Orphan { id, channel: name, way, is_active, to } = orphan;
    let in_stasis = channel.is_some_and(|channel| channel.is_in(app));
    match (&way, channel) {
        (_, Some(channel)) if is_active || in_stasis => {
            let Some(coming) = calls.hold(&name) else { return };
            // The server keeps `max_wait_s`; its clock may be another.
            let caller = Caller::new(way, now_ms()).of_before(in_stasis, channel.is_up());
            let following = Following::adopt(calls, id, to);
            calls.tell(&name, Message::Found { in_stasis });
            Live::new(calls, name, caller, following).spawn(coming);
        }
        // Somebody else's, or to be dialled again: its lease and its claim say what becomes of it.
        (Way::Out(_), _) => {}
        // Its channel is gone, or went elsewhere without a slot.
        (Way::In(_), _) => {
            calls.metrics.found_over.inc();
            let calls = Arc::clone(calls);
            tokio::spawn(async move {
                let slots = calls.slots.clone();
                let end = CallEnd { note: Some("its end was not told".to_owned()) };
                let ended = calls.asterisk.blocking(move || slots.api().end_call(&id, &end)).await;
                if let Err(error) = ended {
                    tracing::warn!("a call is left to its lease: {error}");
                }
            });
        }
    }
}

/// Takes a channel that waits in Stasis, if it still does and nobody has it.
async fn take(calls: &Arc<Calls>, channel: Channel) -> Result<(), AriError> {
    if calls.is_held(&channel.id) {
        return Ok(());
    }
    let id = channel.id;
    match calls.asterisk.ask("channel", move |ari| ari.channel(&id)).await {
        Ok(channel) if channel.is_in(calls.asterisk.client.app()) => {
            came(calls, channel, Back::Untold);
            Ok(())
        }
        Ok(_) | Err(AriError::Unknown) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Now and then: finds calls whose end was not told.
pub(crate) async fn sweep(calls: &Arc<Calls>) -> Result<(), AriError> {
    let held = calls.channels();
    if held.is_empty() {
        return Ok(());
    }
    let channels = all(calls).await?;
    for id in held.into_iter().filter(|id| !channels.contains_key(id)) {
        let asked = id.clone();
        // A call that was about to be dialled has its channel by now.
        if let Err(AriError::Unknown) =
            calls.asterisk.ask("channel", move |ari| ari.channel(&asked)).await.map(drop)
        {
            calls.tell(&id, Message::Gone(Gone::Missing));
        }
    }
    Ok(())
}

async fn all(calls: &Calls) -> Result<HashMap<String, Channel>, AriError> {
    let channels = calls.asterisk.ask("channels", Ari::channels).await?;
    Ok(channels.into_iter().map(|channel| (channel.id.clone(), channel)).collect())
}
