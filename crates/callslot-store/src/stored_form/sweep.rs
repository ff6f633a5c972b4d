//! The stored form of a sweep. Belongs to `stored_form.rs`, which says how stored forms may change.

use std::sync::Arc;

use callslot_core::{CallFilter, CallId, StateFilter, Sweep, Ticket};
use serde::{Deserialize, Serialize};

use crate::stored_form::call::StoredType;
use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSweep<'a> {
    number: u64,
    agent: Option<u32>,
    call_type: Option<StoredType>,
    state: Option<StoredFilter>,
    #[serde(borrow)]
    ids: Option<Vec<&'a str>>,
    up_to: u64,
    note: Option<&'a str>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredFilter {
    Queued,
    Active,
}

impl<'a> StoredSweep<'a> {
    pub(super) fn from_core(sweep: &'a Sweep, names: &mut Names<'a>) -> Self {
        let CallFilter { state, agent, call_type, gate: _ } = &sweep.filter;
        let ids = sweep.ids.as_ref();
        Self {
            number: sweep.number,
            agent: agent.as_ref().map(|agent| names.number(agent.as_str())),
            call_type: call_type.map(StoredType::from),
            state: state.map(|state| match state {
                StateFilter::Queued => StoredFilter::Queued,
                StateFilter::Active => StoredFilter::Active,
            }),
            ids: ids.map(|ids| ids.iter().map(CallId::as_str).collect()),
            up_to: sweep.up_to.0,
            note: sweep.note.as_deref(),
        }
    }

    /// The sweep, of the calls of this gate alone if there is one.
    pub(super) fn into_core(
        self,
        gate: Option<u32>,
        context: &Context<'_>,
    ) -> Result<Sweep, Unreadable> {
        let filter = CallFilter {
            state: self.state.map(|state| match state {
                StoredFilter::Queued => StateFilter::Queued,
                StoredFilter::Active => StateFilter::Active,
            }),
            agent: self.agent.map(|agent| context.agents(agent)).transpose()?,
            call_type: self.call_type.map(Into::into),
            gate: gate.map(|gate| context.gates(gate)).transpose()?,
        };
        let ids = self.ids.map(|ids| ids.into_iter().map(CallId::kept).collect());
        let (number, up_to) = (self.number, Ticket(self.up_to));
        let (ids, note) = (ids.transpose()?, self.note.map(Arc::from));
        Ok(Sweep { number, filter, ids, up_to, note })
    }
}
