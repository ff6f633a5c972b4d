//! Calls that agents make: those that got their slot and are to be claimed are claimed, and dialled.

use std::sync::Arc;
use std::time::Duration;

use callslot_api::{CallClaim, CallType, ClientError, Metadata, StreamedEvent};
use serde::Deserialize;
use tokio::sync::{Semaphore, mpsc};

use crate::asterisk::caller::{Caller, Way};
use crate::asterisk::calls::Calls;
use crate::asterisk::live::{Following, Live};
use crate::asterisk::settings::Outbound;
use crate::clock::now_ms;

/// How many calls are claimed at once, and how many wait for that; the stream is read no further meanwhile.
const MAX_WAITING: usize = 64;
/// The pause after the stream of events could not be had for long.
const PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug, Deserialize)]
struct Event {
    call: Offered,
}

#[derive(Debug, Deserialize)]
struct Offered {
    id: String,
    agent: String,
    #[serde(rename = "type")]
    call_type: CallType,
    metadata: Metadata,
}

/// Dials until the bridge stops.
pub(crate) async fn dial(calls: Arc<Calls>) {
    let (offer, mut offered) = mpsc::channel(MAX_WAITING);
    let slots = calls.slots.clone();
    std::thread::spawn(move || {
        let mut last: Option<String> = None;
        loop {
            let after = last.clone();
            let hand_on = |event: &StreamedEvent| {
                last = Some(event.id.clone());
                // It is an error once the bridge stops.
                serde_json::from_str::<Event>(&event.data)
                    .map_or(true, |event| offer.blocking_send(event.call).is_ok())
            };
            match slots.api().follow(after.as_deref(), &[("types", "call.started")], hand_on) {
                Ok(()) => return,
                // The log leads there no longer; calls that nobody has claimed come again.
                Err(ClientError::Problem(problem)) if problem.code.starts_with("cursor_") => {
                    last = None;
                }
                Err(error) => tracing::warn!("the stream of events cannot be had: {error}"),
            }
            std::thread::sleep(PAUSE);
        }
    });
    let room = Arc::new(Semaphore::new(MAX_WAITING));
    while let Some(call) = offered.recv().await {
        let calls = Arc::clone(&calls);
        let permit = Arc::clone(&room).acquire_owned().await.expect("it is never closed");
        tokio::spawn(async move {
            take(&calls, call).await;
            drop(permit);
        });
    }
}

/// Claims a call if it is this bridge's to dial, and nobody else has claimed it.
async fn take(calls: &Arc<Calls>, call: Offered) {
    let settings = calls.settings();
    let outbound = settings.outbound_of(&call.agent);
    let Some(outbound) = outbound.filter(|_| call.call_type == CallType::Outbound) else { return };
    // Without Asterisk it is left alone, and comes again.
    if !calls.is_connected() {
        return;
    }
    let (slots, id) = (calls.slots.clone(), call.id.clone());
    let claim = CallClaim { claimant: Some(settings.name.get_ref().clone()) };
    if let Err(error) = calls.asterisk.blocking(move || slots.api().claim_call(&id, &claim)).await {
        tracing::debug!("{} is not dialled: {error}", call.id);
        return;
    }
    let channel = channel_of(&call.id);
    let Some(coming) = calls.hold(&channel) else { return };
    let to = number_to_dial(outbound, &call.metadata);
    let following = Following::adopt(calls, call.id, to);
    let caller = Caller::new(Way::Out(Arc::clone(outbound)), now_ms());
    Live::new(calls, channel, caller, following).spawn(coming);
}

/// The id of the channel of an agent's call.
pub(crate) fn channel_of(call: &str) -> String {
    format!("callslot-{call}")
}

/// The number in a call's metadata, if there is one that can be dialled.
pub(crate) fn number_to_dial(outbound: &Outbound, metadata: &Metadata) -> Option<String> {
    let fields: serde_json::Value = serde_json::from_str(metadata.as_text()).ok()?;
    let number = fields.get(&outbound.to_field)?.as_str()?;
    can_be_dialled(number).then(|| number.to_owned())
}

/// Whether a number has nothing that could lead to another endpoint.
fn can_be_dialled(number: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "+-_.*#".contains(letter);
    (1..=64).contains(&number.len()) && number.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_no_other_endpoint() {
        for number in ["+4930123", "*97", "anna_1.b-c#"] {
            assert!(can_be_dialled(number), "{number}");
        }
        for number in ["", "1@evil", "1&Local/2", "PJSIP/x", "1 2", "1\n2", "1,g", &"1".repeat(65)]
        {
            assert!(!can_be_dialled(number), "{number:?}");
        }
    }
}
