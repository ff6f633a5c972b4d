//! Finds the calls of a bridge that is gone: those that are live at Callslot with its mark.

use std::sync::Arc;

use callslot_api::{Call, CallState, CallType, ClientError};
use serde::Deserialize;

use super::{Calls, Held};
use crate::clock::now_ms;
use crate::twilio::caller::{Caller, Line, Way};

/// How many calls are read at once.
const PAGE: &str = "1000";

/// What a bridge writes into a call's metadata.
#[derive(Debug, Deserialize)]
struct Marks {
    bridge: String,
    #[serde(default)]
    sid: Option<String>,
    from: String,
    to: String,
}

impl Calls {
    /// Takes over all calls that bear this bridge's name; returns how many there are.
    pub(crate) async fn revive_all(self: &Arc<Self>) -> Result<usize, ClientError> {
        let (mut cursor, mut count): (Option<String>, usize) = (None, 0);
        loop {
            let slots = self.slots.clone();
            let from = cursor.clone();
            let page = self
                .carrier
                .blocking(move || {
                    let mut filters = vec![("limit", PAGE)];
                    filters.extend(from.as_deref().map(|from| ("cursor", from)));
                    slots.api().calls(&filters)
                })
                .await?;
            for call in &page.items {
                if self.revive_marked(call).is_some() {
                    count += 1;
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(count);
            }
        }
    }

    /// Takes over the one call that a message is about; `None` if nothing of it is live, or it is not for this bridge.
    pub(crate) async fn revive(self: &Arc<Self>, id: &str) -> Option<Arc<Held>> {
        let (slots, asked) = (self.slots.clone(), id.to_owned());
        let call = self.carrier.blocking(move || slots.api().call(&asked, 0)).await.ok()?;
        if call.state == CallState::Ended {
            return None;
        }
        self.revive_marked(&call).or_else(|| self.revive_dialled(&call))
    }

    fn revive_marked(self: &Arc<Self>, call: &Call) -> Option<Arc<Held>> {
        let marks: Marks = serde_json::from_str(call.metadata.as_text()).ok()?;
        let settings = self.settings();
        if marks.bridge != *settings.name.get_ref() {
            return None;
        }
        let Some(number) = settings.number(&marks.to) else {
            tracing::warn!(
                "{} is a call to {}, which the settings no longer have; its lease ends it",
                call.id,
                marks.to
            );
            return None;
        };
        // An id that was made again, since its lease ran out in line, has `~` and a number after it.
        let own = call.id.split('~').next().unwrap_or(&call.id);
        let base = settings.base();
        let ends = (&*marks.from, &*marks.to);
        let mut caller =
            Caller::new(Way::In(Arc::clone(number)), own, ends, base, call.requested_at.0)
                .of_before(call.state == CallState::Active);
        let sid = marks.sid.unwrap_or_else(|| own.to_owned());
        caller.first_leg = Some(sid.clone());
        let (held, ending) = self.hold(caller, Some(sid), Line::Asked);
        if let Some(ending) = ending {
            held.is_long_unheard();
            self.adopt(&held, call.id.clone(), ending);
        }
        Some(held)
    }

    /// A call that an agent makes: it is under no lease of the bridge, and has its slot.
    fn revive_dialled(self: &Arc<Self>, call: &Call) -> Option<Arc<Held>> {
        let settings = self.settings();
        let outbound =
            settings.outbound_of(&call.agent).filter(|_| call.call_type == CallType::Outbound)?;
        let to = crate::twilio::dispatch::number_to_dial(outbound, &call.metadata)?;
        let (from, base) = (outbound.from.get_ref().clone(), settings.base());
        let caller =
            Caller::new(Way::Out(Arc::clone(outbound)), &call.id, (&from, &to), base, now_ms());
        Some(self.hold(caller, None, Line::Active).0)
    }
}
