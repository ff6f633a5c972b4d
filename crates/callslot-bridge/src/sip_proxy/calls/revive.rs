//! Finds the calls of a bridge that is gone: those that are live at Callslot with its mark.

use std::sync::Arc;
use std::time::Duration;

use callslot_api::{Call, CallState, ClientError};

use super::Calls;
use super::marks::Marks;
use crate::clock::now_ms;
use crate::sip_proxy::caller::Caller;

/// How many calls are read at once.
const PAGE: &str = "1000";
/// The pause before they are read again, if the server is away.
const PAUSE: Duration = Duration::from_secs(1);

impl Calls {
    /// Whether that has been done.
    pub(crate) fn is_revived(&self) -> bool {
        self.is_revived.try_lock().is_ok_and(|is_revived| *is_revived)
    }

    /// Takes over all calls that bear this bridge's name, if that has not been done.
    pub(crate) async fn revive_once(self: &Arc<Self>) {
        let mut is_revived = self.is_revived.lock().await;
        while !*is_revived {
            match self.revive_all().await {
                Ok(count) => {
                    *is_revived = true;
                    if count > 0 {
                        tracing::info!("{count} calls of the bridge before this one go on");
                    }
                }
                Err(error) => {
                    tracing::warn!("calls of the bridge before this one are not known: {error}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Takes over all calls that bear this bridge's name; returns how many there are.
    async fn revive_all(self: &Arc<Self>) -> Result<usize, ClientError> {
        let (mut cursor, mut count): (Option<String>, usize) = (None, 0);
        loop {
            let (slots, from) = (self.slots.clone(), cursor.clone());
            let read = move || {
                let mut filters = vec![("limit", PAGE)];
                filters.extend(from.as_deref().map(|from| ("cursor", from)));
                slots.api().calls(&filters)
            };
            let page = tokio::task::spawn_blocking(read).await.expect("it does not panic")?;
            count += page.items.iter().filter(|call| self.revive(call)).count();
            cursor = page.next;
            if cursor.is_none() {
                return Ok(count);
            }
        }
    }

    fn revive(self: &Arc<Self>, call: &Call) -> bool {
        let Ok(marks) = serde_json::from_str::<Marks>(call.metadata.as_text()) else {
            return false;
        };
        let settings = self.settings();
        if marks.bridge != *settings.name.get_ref() {
            return false;
        }
        let Some(number) = settings.number(&marks.to) else {
            tracing::warn!(
                "{} is a call to {}, which the settings no longer have; its lease ends it",
                call.id,
                marks.to
            );
            return false;
        };
        // An id that was made again, since its lease ran out in line, has `~` and a number after it.
        let own = call.id.split('~').next().unwrap_or(&call.id);
        let ends = (&*marks.from, &*marks.to);
        let retry_after_s = self.retry_after_s();
        // The server keeps `max_wait_s`; its clock may be another.
        let arrived_ms = now_ms();
        let mut caller =
            Caller::new(Arc::clone(number), own, marks.leg, ends, retry_after_s, arrived_ms);
        if call.state == CallState::Active {
            caller = caller.of_before();
        }
        let (held, ending) = self.hold(caller);
        let Some(ending) = ending else { return false };
        self.adopt(&held, call.id.clone(), ending);
        true
    }
}
