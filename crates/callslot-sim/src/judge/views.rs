//! Compares everything that readers are shown with the model.

use callslot_core::{CallFilter, CallView, Now, Org, OrgId, PoolView, Shard};

use crate::Model;

/// How many ended calls are compared, the last ones first.
const ENDED_COMPARED: usize = 20;
/// How many closed alerts are compared, the last ones first.
const PAST_COMPARED: usize = 20;
/// How many calls a page has: few, so that listings go over several.
const PAGE_CALLS: usize = 7;

/// Compares all organisations, except for when leases were renewed, which nobody is shown.
///
/// # Panics
/// When something differs.
pub fn compare(core: &Shard, model: &Model, now: Now) {
    let orgs: Vec<OrgId> = core.orgs().into_iter().map(|(id, _)| id).collect();
    assert_eq!(orgs, model.orgs(), "the organisations, left the core's, right the model's");
    for id in orgs {
        let org = core.org(&id).expect("it is listed");
        assert_eq!(Some(org.settings()), model.settings(&id), "the settings of {id}");
        compare_org(model, &id, now, &org.pool(now), live_calls(org, now));
        let gates = org.gates(None, usize::MAX, now);
        assert_eq!(gates, model.gates(&id, now), "the gates of {id}, right the model's");
        for gate in gates {
            assert_eq!(org.gate(&gate.id, now), Some(gate), "a gate read alone");
        }
        let alerts = org.alerts(now);
        assert_eq!(alerts, model.alerts(&id, now), "the alerts of {id}, right the model's");
        for alert in alerts {
            assert_eq!(org.alert(&alert.id, now), Some(alert), "an alert read alone");
        }
        let past = org.past_alerts(None, PAST_COMPARED);
        let known = model.past_alerts(&id).into_iter().take(PAST_COMPARED);
        assert_eq!(past, known.collect::<Vec<_>>(), "the alerts of {id} that closed");
        for view in live_calls(org, now) {
            assert_eq!(org.call(&view.call.request.id, now), Some(view), "a call read alone");
        }
        for call in model.ended_ids(&id).into_iter().rev().take(ENDED_COMPARED) {
            assert_eq!(org.call(&call, now), model.call(&id, &call, now), "an ended call of {id}");
        }
    }
}

/// Compares what one organisation's readers are shown of its pool and its live calls.
pub(crate) fn compare_org(
    model: &Model,
    id: &OrgId,
    now: Now,
    pool: &PoolView,
    mut live: Vec<CallView>,
) {
    assert_eq!(Some(pool), model.pool(id, now).as_ref(), "the pool of {id}, right the model's");
    assert_eq!(u64::from(pool.active + pool.queued), live.len() as u64, "the live calls of {id}");
    let positions = live.iter().filter_map(|view| view.wait).map(|wait| wait.position);
    assert!(positions.is_sorted(), "queued calls are listed in ticket order");
    live.sort_by_key(|view| view.call.request.ticket);
    assert_eq!(live, model.live_calls(id, now), "the live calls of {id}, right the model's");
}

/// All queued and active calls, page by page.
#[must_use]
pub fn live_calls(org: &Org, now: Now) -> Vec<CallView> {
    let mut calls = Vec::new();
    let mut cursor = None;
    loop {
        let page = org.calls(&CallFilter::default(), cursor, PAGE_CALLS, now);
        calls.extend(page.calls);
        cursor = page.next;
        if cursor.is_none() {
            return calls;
        }
    }
}
