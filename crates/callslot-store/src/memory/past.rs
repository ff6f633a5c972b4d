//! What a store in memory keeps of the history, in stored form like everything else there.

use std::collections::{BTreeMap, BTreeSet};

use callslot_core::{OrgId, Sequence, Timestamp};

use crate::contract::history::{
    Closed, Open, Part, Projection, Row, Series, SeriesKind, SeriesRows, show_again,
};
use crate::contract::seen_time::{OldTimes, SeenTime};
use crate::contract::store_error::StoreError;
use crate::figures::{Grain, Levels};
use crate::limits::{PRUNED_PARTS_PER_CALL, PRUNED_PER_CALL};
use crate::stored_form::{
    decode_ended_call, decode_figures, encode_ended_call, encode_figures, encode_marker,
};

/// The history of all organisations.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) ended: BTreeMap<(OrgId, Sequence), Vec<u8>>,
    pub(super) series: BTreeMap<(OrgId, SeriesKind, Series), Kept>,
    pub(super) markers: BTreeMap<(OrgId, Sequence), (Timestamp, Vec<u8>)>,
    pub(super) kept_from: [Timestamp; 2],
    pub(super) seen_time: Option<SeenTime>,
}

/// Everything about a series.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The open minute and hour.
    open: Option<[(Timestamp, Vec<u8>); 2]>,
    is_live: bool,
    /// Minutes and hours.
    parts: [BTreeMap<Timestamp, Entry>; 2],
}

#[derive(Debug, Default)]
struct Entry {
    body: Option<Vec<u8>>,
    refused: u64,
}

impl Past {
    pub(super) fn keep(&mut self, projection: &Projection) -> Result<(), StoreError> {
        for (org, id) in &projection.erased {
            let (first, last) = (Sequence(0), Sequence(u64::MAX));
            for ((_, sequence), body) in
                self.ended.range_mut((org.clone(), first)..=(org.clone(), last))
            {
                let mut call = decode_ended_call(body)?;
                if call.request.id == *id && call.erase_texts() {
                    *body = encode_ended_call(org, *sequence, &call);
                }
            }
        }
        for (org, sequence, call) in &projection.ended {
            self.ended.insert((org.clone(), *sequence), encode_ended_call(org, *sequence, call));
        }
        for (org, series, open) in &projection.open {
            let kept = self.of(org, series);
            let levels = open.minute.figures.after;
            kept.is_live = levels.active + levels.queued > 0;
            let stored = |part: &Part| (part.at, encode_figures(&part.figures));
            kept.open = Some([stored(&open.minute), stored(&open.hour)]);
        }
        for closed in &projection.closed {
            self.of(&closed.org, &closed.series).close(closed)?;
        }
        for refused in &projection.refused {
            let kept = self.of(&refused.org, &refused.series);
            for grain in Grain::ALL {
                let parts = &mut kept.parts[grain as usize];
                parts.entry(grain.start_of(refused.at)).or_default().refused += refused.count;
            }
        }
        for marker in &projection.markers {
            let key = (marker.org.clone(), marker.sequence);
            self.markers.insert(key, (marker.at, encode_marker(marker)));
        }
        Ok(())
    }

    fn of(&mut self, org: &OrgId, series: &Series) -> &mut Kept {
        self.series.entry((org.clone(), series.kind(), series.clone())).or_default()
    }

    /// Removes a bounded number of calls of an organisation, or then everything else of it.
    pub(super) fn erase(&mut self, org: &OrgId) -> u64 {
        let calls = self.ended.keys().filter(|(of, _)| of == org);
        let going: Vec<_> = calls.take(PRUNED_PER_CALL as usize).cloned().collect();
        for key in &going {
            self.ended.remove(key);
        }
        if !going.is_empty() {
            return going.len() as u64;
        }
        let count = |past: &Self| past.markers.len() + past.series.len();
        let were = count(self);
        self.markers.retain(|(of, _), _| of != org);
        self.series.retain(|(of, ..), _| of != org);
        (were - count(self)) as u64
    }

    pub(super) fn prune_ended(&mut self, old: &OldTimes) -> Result<u64, StoreError> {
        let mut going: Vec<(OrgId, Sequence)> = Vec::new();
        let mut blocked: Option<&OrgId> = None;
        for (key, body) in &self.ended {
            if going.len() == PRUNED_PER_CALL as usize {
                break;
            }
            if blocked == Some(&key.0) {
                continue;
            }
            if old.contains(decode_ended_call(body)?.state.ended_at) {
                going.push(key.clone());
            } else {
                blocked = Some(&key.0);
            }
        }
        for key in &going {
            self.ended.remove(key);
        }
        Ok(going.len() as u64)
    }

    pub(super) fn prune_figures(&mut self, grain: Grain, old: &OldTimes) -> u64 {
        let kept_from = &mut self.kept_from[grain as usize];
        *kept_from = Grain::Hour.start_of(old.all_before()).max(*kept_from);
        let is_old = |at: Timestamp| is_old_hour(old, Grain::Hour.start_of(at));
        let most = PRUNED_PARTS_PER_CALL as usize;
        let mut removed = 0;
        for kept in self.series.values_mut() {
            let parts = &mut kept.parts[grain as usize];
            let going: Vec<_> = parts.keys().copied().filter(|at| is_old(*at)).collect();
            for at in going.iter().take(most - removed) {
                parts.remove(at);
            }
            removed += going.len().min(most - removed);
        }
        if grain == Grain::Hour && removed == 0 {
            let count = |past: &Self| past.markers.len() + past.series.len();
            let were = count(self);
            self.markers.retain(|_, (at, _)| !is_old(*at));
            self.series.retain(|_, kept| {
                let last = kept.open.as_ref().map_or(Timestamp(0), |[_, (hour, _)]| *hour);
                kept.is_live || !is_old(last) || kept.parts.iter().any(|parts| !parts.is_empty())
            });
            removed = were - count(self);
        }
        removed as u64
    }

    pub(super) fn keep_seen_time(&mut self, time: &SeenTime, changed: &BTreeSet<Timestamp>) {
        let mut parts = self.seen_time.take().unwrap_or_default().parts;
        for at in changed {
            match time.parts.get(at) {
                Some(seen) => parts.insert(*at, *seen),
                None => parts.remove(at),
            };
        }
        self.seen_time = Some(SeenTime { parts, ..time.clone() });
    }
}

/// Whether an hour is old as a whole.
fn is_old_hour(old: &OldTimes, at: Timestamp) -> bool {
    let end = Timestamp(at.0 + Grain::Hour.ms());
    old.spans().iter().any(|span| span.start <= at && end <= span.end)
}

impl Kept {
    /// Keeps a part that is over.
    fn close(&mut self, closed: &Closed) -> Result<(), StoreError> {
        let Closed { grain, part, until, .. } = closed;
        let parts = &mut self.parts[*grain as usize];
        for (_, entry) in
            parts.range_mut(part.at..(*until).max(part.at)).skip_while(|(at, _)| **at == part.at)
        {
            if let Some(body) = &mut entry.body {
                let mut figures = decode_figures(body)?;
                figures.stand_at(part.figures.after, grain.ms());
                *body = encode_figures(&figures);
            }
        }
        let entry = parts.entry(part.at).or_default();
        let mut kept = entry.body.as_deref().map(decode_figures).transpose()?;
        show_again(&mut kept, part.figures.clone());
        entry.body = kept.as_ref().map(encode_figures);
        Ok(())
    }

    /// Whether its open minute begins after `at`.
    pub(super) fn is_open_after(&self, at: Timestamp) -> bool {
        self.open.as_ref().is_some_and(|[(minute, _), _]| *minute > at)
    }

    pub(super) fn open(&self) -> Result<Option<Open>, StoreError> {
        let Some([minute, hour]) = &self.open else { return Ok(None) };
        let part = |(at, body): &(Timestamp, Vec<u8>)| {
            Ok::<_, StoreError>(Part { at: *at, figures: decode_figures(body)? })
        };
        Ok(Some(Open { minute: part(minute)?, hour: part(hour)? }))
    }

    pub(super) fn rows(
        &self,
        series: &Series,
        grain: Grain,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<SeriesRows, StoreError> {
        let open = self.open()?.map(|open| match grain {
            Grain::Minute => open.minute,
            Grain::Hour => open.hour,
        });
        let parts = &self.parts[grain as usize];
        let figures = |entry: &Entry| entry.body.as_deref().map(decode_figures).transpose();
        let mut rows = Vec::new();
        for (&at, entry) in parts.range(from..to.max(from)) {
            rows.push(Row { at, figures: figures(entry)?, refused: entry.refused });
        }
        let has_body = |(_, entry): &(&Timestamp, &Entry)| entry.body.is_some();
        let before = parts.range(..from).rev().find(has_body).map(|(_, entry)| figures(entry));
        let after = parts.range(from..).find(has_body).map(|(_, entry)| figures(entry));
        let mut before = before.transpose()?.flatten();
        let mut after = after.transpose()?.flatten();
        match &open {
            Some(open) if open.at < from => before = Some(open.figures.clone()),
            Some(open) => {
                let is_first = parts.range(from..open.at).find(has_body).is_none();
                after = after.filter(|_| !is_first).or_else(|| Some(open.figures.clone()));
            }
            None => {}
        }
        let before = Levels::between(before.as_ref(), after.as_ref());
        let mut kept = SeriesRows { series: series.clone(), before, rows };
        if let Some(open) = open {
            kept.put_open(open, &(from..to), grain);
        }
        Ok(kept)
    }
}
