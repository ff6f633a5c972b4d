//! The history of a store in memory: what is asked of it.

use std::collections::BTreeSet;

use callslot_core::{Call, CallId, Ended, OrgId, Sequence, Timestamp};

use crate::contract::history::{
    EndedFilter, EndedPage, History, Marker, Open, Projection, Series, SeriesKind, SeriesRows,
    Which,
};
use crate::contract::record::Position;
use crate::contract::seen_time::{OldTimes, SeenTime};
use crate::contract::store_error::StoreError;
use crate::figures::Grain;
use crate::memory::MemoryStore;
use crate::memory::past::Kept;
use crate::shards::shard_of;
use crate::stored_form::{decode_ended_call, decode_marker};

impl History for MemoryStore {
    fn projected(&self) -> Result<Position, StoreError> {
        Ok(self.kept().log_of(self.number).projected)
    }

    fn project(&self, projection: &Projection) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let is_next = kept.log_of(self.number).projected == projection.after;
        if is_next {
            kept.past.keep(projection)?;
            kept.log_of(self.number).projected = projection.reached;
        }
        Ok(is_next)
    }

    fn erase(&self, org: &OrgId) -> Result<u64, StoreError> {
        Ok(self.kept().past.erase(org))
    }

    fn ended_call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call<Ended>>, StoreError> {
        let page = self.ended_calls(org, &EndedFilter::default(), usize::MAX)?;
        Ok(page.calls.into_iter().map(|(_, call)| call).find(|call| call.request.id == *id))
    }

    fn ended_calls(
        &self,
        org: &OrgId,
        filter: &EndedFilter,
        limit: usize,
    ) -> Result<EndedPage, StoreError> {
        let past = &self.kept().past;
        let before = filter.before.unwrap_or(Sequence(u64::MAX));
        let mut page = EndedPage::default();
        for ((_, sequence), body) in
            past.ended.range((org.clone(), Sequence(0))..(org.clone(), before)).rev()
        {
            let call = decode_ended_call(body)?;
            if filter.lets_through(&call) {
                page.calls.push((*sequence, call));
            }
            if page.calls.len() == limit {
                page.next = Some(*sequence);
                break;
            }
        }
        Ok(page)
    }

    fn prune(&self, old: &OldTimes) -> Result<u64, StoreError> {
        self.kept().past.prune_ended(old)
    }

    fn open_parts(&self, series: &[(OrgId, Series)]) -> Result<Vec<Option<Open>>, StoreError> {
        let past = &self.kept().past;
        let open = |(org, series): &(OrgId, Series)| {
            let kept = past.series.get(&(org.clone(), series.kind(), series.clone()));
            kept.map_or(Ok(None), Kept::open)
        };
        series.iter().map(open).collect()
    }

    fn series_after(&self, at: Timestamp) -> Result<Vec<(OrgId, Series)>, StoreError> {
        let kept = self.kept();
        let is_here = |org| shard_of(org, self.shards) == self.number;
        let after = kept
            .past
            .series
            .iter()
            .filter(|((org, ..), kept)| is_here(org) && kept.is_open_after(at));
        Ok(after.map(|((org, _, series), _)| (org.clone(), series.clone())).collect())
    }

    fn count_series(&self, org: &OrgId, kind: SeriesKind) -> Result<u64, StoreError> {
        let past = &self.kept().past;
        let of_kind = past.series.keys().filter(|(of, series, _)| of == org && *series == kind);
        Ok(of_kind.count() as u64)
    }

    fn figures(
        &self,
        org: &OrgId,
        which: &Which,
        grain: Grain,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SeriesRows>, StoreError> {
        let past = &self.kept().past;
        let is_wanted = |kind: SeriesKind, series: &Series| match which {
            Which::Each(wanted) => kind == *wanted,
            Which::One(wanted) => series == wanted,
        };
        let mut found = Vec::new();
        for ((_, _, series), kept) in past
            .series
            .iter()
            .filter(|((of, kind, series), _)| of == org && is_wanted(*kind, series))
        {
            found.push(kept.rows(series, grain, (from, to))?);
        }
        found.sort_by(|a, b| a.series.name().cmp(b.series.name()));
        Ok(found)
    }

    fn kept_from(&self, grain: Grain) -> Result<Timestamp, StoreError> {
        Ok(self.kept().past.kept_from[grain as usize])
    }

    fn prune_figures(&self, grain: Grain, old: &OldTimes) -> Result<u64, StoreError> {
        Ok(self.kept().past.prune_figures(grain, old))
    }

    fn markers(
        &self,
        org: &OrgId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<Marker>, StoreError> {
        let past = &self.kept().past;
        let of_org =
            past.markers.range((org.clone(), Sequence(0))..=(org.clone(), Sequence(u64::MAX)));
        let mut in_span: Vec<_> = of_org.filter(|(_, (at, _))| (from..to).contains(at)).collect();
        in_span.sort_by_key(|((_, sequence), (at, _))| (*at, *sequence));
        let mut newest = in_span.split_off(in_span.len().saturating_sub(limit));
        newest.sort_by_key(|((_, sequence), _)| *sequence);
        newest.into_iter().map(|(_, (_, body))| decode_marker(body)).collect()
    }

    fn seen_time(&self) -> Result<Option<SeenTime>, StoreError> {
        Ok(self.kept().past.seen_time.clone())
    }

    fn keep_seen_time(
        &self,
        time: &SeenTime,
        changed: &BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        self.kept().past.keep_seen_time(time, changed);
        Ok(())
    }
}
