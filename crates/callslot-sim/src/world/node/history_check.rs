//! Checks of the history that a simulated node's projection keeps: every ended call, every figure and every change of settings,
//! once.

use std::collections::BTreeMap;

use callslot_core::{CallEvent, OrgId, PublicEvent, Sequence, SettingsEvent, Ticket, Timestamp};
use callslot_store::{
    EndCounts, EndedFilter, Grain, History, Levels, Series, SeriesKind, SeriesRows, Which,
};

use crate::world::node::Node;

impl Node {
    /// The projection has every ended call once, however much of the log is gone, and none from before a deletion.
    pub(super) fn judge_projection(&self, org: &OrgId) {
        let kept = self.store.ended_calls(org, &EndedFilter::default(), usize::MAX);
        let kept = kept.expect("a fair store can be read");
        let published = self.judge.published_since_deletion(org).iter().rev();
        let ended = published.filter_map(|(sequence, event)| match event {
            PublicEvent::Call(CallEvent::Ended(call) | CallEvent::EndedAtOnce(call)) => {
                Some((*sequence, self.judge.kept(org, *sequence, call)))
            }
            PublicEvent::Call(_) | PublicEvent::Settings(_) | PublicEvent::Alert(_) => None,
        });
        assert!(kept.calls.into_iter().eq(ended), "the projection has every ended call once");
    }

    /// The figures count every event once, for all of the organisation, each agent, each type and each gate, by the minute and by the
    /// hour, and every change of settings is marked.
    pub(super) fn judge_figures(&self, org: &OrgId) {
        let always = (Timestamp(0), Timestamp(u64::MAX / 2));
        let published = self.judge.published_since_deletion(org);
        for kind in SeriesKind::ALL {
            for grain in Grain::ALL {
                let kept = self.store.figures(org, &Which::Each(kind), grain, always.0, always.1);
                let kept = kept.expect("a fair store can be read");
                // Where starts were refused and nothing else happened there is nothing of an event.
                let shown =
                    kept.iter().map(|of| (of.series.clone(), Count::shown(of, self.went_back)));
                let shown: BTreeMap<Series, Count> =
                    shown.filter(|(_, count)| *count != Count::default()).collect();
                let mut counted = counted(published, kind);
                if self.went_back {
                    for count in counted.values_mut() {
                        count.live = (0, 0);
                    }
                }
                assert_eq!(shown, counted, "figures, left what is kept, right what happened");
            }
        }
        let marked = self.store.markers(org, always.0, always.1, usize::MAX);
        let marked = marked.expect("a fair store can be read");
        let marked = marked.iter().map(|marker| (marker.sequence, &marker.change));
        let changed = published.iter().filter_map(|(sequence, event)| match event {
            // The hours of gates begin and end by themselves, and alerts change nothing that charts show.
            PublicEvent::Settings(SettingsEvent::GateHours { .. })
            | PublicEvent::Alert(_)
            | PublicEvent::Call(_) => None,
            PublicEvent::Settings(change) if change.is_of_alerts() => None,
            PublicEvent::Settings(change) => Some((*sequence, change)),
        });
        assert!(marked.eq(changed), "every change of settings that somebody made is marked once");
    }
}

/// What the figures of a series come to over all time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    starts: u64,
    waited: u64,
    longest_wait_ms: u64,
    ends: u64,
    ended: EndCounts,
    peak: (usize, usize),
    live: (usize, usize),
}

impl Count {
    /// Parts are in the order of the times that were shown. Where these went back, it is not that of what happened, and one part does not
    /// begin as the one before ended.
    fn shown(of: &SeriesRows, went_back: bool) -> Self {
        let mut count = Self::default();
        for figures in of.rows.iter().filter_map(|row| row.figures.as_ref()) {
            let number = |level: u64| usize::try_from(level).expect("a world has few calls");
            let pair = |levels: Levels| (number(levels.active), number(levels.queued));
            if !went_back {
                assert_eq!(
                    pair(figures.before),
                    count.live,
                    "a part begins as the one before ended"
                );
                count.live = pair(figures.after);
            }
            count.starts += figures.starts;
            count.ends += figures.ends;
            count.ended.merge(&figures.ended);
            count.waited += figures.waits.count();
            count.longest_wait_ms = count.longest_wait_ms.max(figures.waits.longest_ms());
            let (active, queued) = pair(figures.peak);
            count.peak = (count.peak.0.max(active), count.peak.1.max(queued));
        }
        count
    }

    /// Adds an event of the series, whose calls that are live before it are in `live`, with whether they are active.
    fn add(&mut self, event: &CallEvent, live: &mut BTreeMap<Ticket, bool>) {
        let request = event.request();
        match event {
            CallEvent::Queued(_) => {
                live.insert(request.ticket, false);
            }
            CallEvent::Started(call) => {
                live.insert(request.ticket, true);
                let waited_ms = call.state.started_at.ms_since(request.requested_at);
                self.starts += 1;
                self.waited += 1;
                self.longest_wait_ms = self.longest_wait_ms.max(waited_ms);
            }
            CallEvent::Ended(call) | CallEvent::EndedAtOnce(call) => {
                live.remove(&request.ticket);
                self.ends += 1;
                self.ended.add(call.state.reason, 1);
            }
        }
        let active = live.values().filter(|is_active| **is_active).count();
        self.live = (active, live.len() - active);
        self.peak = (self.peak.0.max(self.live.0), self.peak.1.max(self.live.1));
    }
}

/// What figures must come to, from the calls that are live after each event.
fn counted(published: &[(Sequence, PublicEvent)], kind: SeriesKind) -> BTreeMap<Series, Count> {
    let mut counts: BTreeMap<Series, Count> = BTreeMap::new();
    let mut live: BTreeMap<Series, BTreeMap<Ticket, bool>> = BTreeMap::new();
    for (_, event) in published {
        let PublicEvent::Call(event) = event else { continue };
        let request = event.request();
        let all = match kind {
            SeriesKind::Org => vec![Series::Org],
            SeriesKind::Agent => vec![Series::Agent(request.agent.clone())],
            SeriesKind::Type => vec![Series::Type(request.call_type)],
            SeriesKind::Gate => request.gates.ids().iter().cloned().map(Series::Gate).collect(),
        };
        for series in all {
            let (count, live) =
                (counts.entry(series.clone()).or_default(), live.entry(series).or_default());
            count.add(event, live);
        }
    }
    counts
}
