//! Records of any events, with any parts: what the stored form is put to.

use std::fmt::Debug;
use std::sync::Arc;

use callslot_core::limits::MAX_GATES_PER_CALL;
use callslot_core::{
    Active, Actor, ActorKind, Adoption, AgentId, AlertClosing, AlertEvent, AlertId, AlertOpening,
    AlertRule, AlertWhen, Call, CallEvent, CallFilter, CallGates, CallId, CallType, ChangedBy,
    Claim, Claimant, ClassFigures, Counters, EndReason, Ended, Event, Former, GateFigures, GateId,
    GateKind, GateSettings, HeldSlots, Hours, KeyId, LeaseEvent, LeaseId, LeaseSum, Line,
    LiveState, Now, OpenSpan, OrgEvent, OrgId, OrgSettings, Pace, PaceOf, PerType, PlanId, Queued,
    Recorded, Request, Sequence, SetFigures, SettingsEvent, SlotKind, StateFilter, Sweep,
    SweepEvent, Tick, Ticket, Timestamp, Version, WaitFigures, WhyClosed,
};
use callslot_store::Record;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    let recorded = (org_id(), any_event(), 1..u64::MAX).prop_map(|(org, event, number)| Recorded {
        org,
        sequence: event.is_public().then_some(Sequence(number)),
        event,
    });
    (time(), time(), vec(recorded, 0..12)).prop_map(|(at, tick, events)| Record {
        now: Now { at: Timestamp(at), tick: Tick(tick) },
        events,
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let counters = any_counters().prop_map(Box::new);
    prop_oneof![
        any_settings().prop_map(|settings| OrgEvent::Created(Box::new(settings)).into()),
        any_settings().prop_map(|settings| OrgEvent::Changed(Box::new(settings)).into()),
        Just(OrgEvent::Deleted.into()),
        any_change_of_settings().prop_map(Event::from),
        any_changed_by().prop_map(Event::from),
        any_alert_event().prop_map(Event::from),
        any_call(any_queued()).prop_map(|call| CallEvent::Queued(call).into()),
        any_call(any_active()).prop_map(|call| CallEvent::Started(call).into()),
        (any_call(any_active()), option::of(claimant())).prop_map(|(call, claimant)| Claim {
            call,
            claimant
        }
        .into()),
        (any_call(any_live()), option::of(lease_id())).prop_map(|(call, from)| Adoption {
            call,
            from
        }
        .into()),
        any_call(any_ended()).prop_map(|call| CallEvent::Ended(call).into()),
        any_call(any_ended()).prop_map(|call| CallEvent::EndedAtOnce(call).into()),
        (vec(call_id(), 1..4), time())
            .prop_map(|(calls, until)| Event::EndsRemembered(calls, Tick(until))),
        call_id().prop_map(Event::CallErased),
        any_sweep().prop_map(|sweep| SweepEvent::Begun(Box::new(sweep)).into()),
        any::<[u64; 2]>().prop_map(|[number, ended]| SweepEvent::Done { number, ended }.into()),
        (lease_id(), any::<u64>(), option::of(key_id()))
            .prop_map(|(lease, ttl_ms, key)| { LeaseEvent::Opened { lease, ttl_ms, key }.into() }),
        lease_id().prop_map(|lease| LeaseEvent::Ended { lease }.into()),
        (lease_id(), option::of(any_sum()), any::<bool>()).prop_map(
            |(lease, first, is_in_doubt)| {
                LeaseEvent::PagesBegun { lease, first, is_in_doubt }.into()
            }
        ),
        (lease_id(), any_sum(), time()).prop_map(|(lease, last, until)| {
            LeaseEvent::PagesDecided { lease, last, until: Tick(until) }.into()
        }),
        (lease_id(), option::of(any_sum()), option::of(any_sum())).prop_map(
            |(lease, last, first)| { LeaseEvent::PagesLost { lease, last, first }.into() }
        ),
        counters.prop_map(|counters| OrgEvent::CountersRestored(counters).into()),
        any_waits().prop_map(|waits| OrgEvent::WaitsRestored(Box::new(waits)).into()),
        (agent_id(), vec(any_class_waits(), 4)).prop_map(|(agent, classes)| {
            let classes = classes.try_into().expect("there are four");
            OrgEvent::AgentWaitsRestored(agent, Box::new(PerType(classes))).into()
        }),
        (call_id(), time()).prop_map(|(call, at)| OrgEvent::StartRestored(call, Tick(at)).into()),
        vec(time().prop_map(Tick), 0..5)
            .prop_map(|requested| OrgEvent::RequestsRestored(requested).into()),
        (any_pace_of(), any::<u64>()).prop_map(|(of, due)| OrgEvent::PaceRestored(of, due).into()),
        (gate_id(), any::<u64>(), any_slots()).prop_map(|(gate, ended, held)| {
            OrgEvent::GateRestored(gate, GateFigures { ended, held }).into()
        }),
    ]
}

fn any_change_of_settings() -> impl Strategy<Value = SettingsEvent> {
    let limit = (plan_id(), any::<u32>(), any::<Option<u32>>());
    let put = (agent_id(), text(), any::<Option<u32>>(), option::of(any_pace()));
    let of_type = (call_type(), any::<Option<u32>>(), option::of(any_pace()));
    let reserved = vec((agent_id(), any::<[u32; 4]>().prop_map(PerType)), 0..5);
    prop_oneof![
        limit.prop_map(|(plan, plan_limit, limit_override)| {
            SettingsEvent::LimitChanged { plan, plan_limit, limit_override }
        }),
        put.prop_map(|(agent, name, cap, pace)| SettingsEvent::AgentPut { agent, name, cap, pace }),
        agent_id().prop_map(|agent| SettingsEvent::AgentDeleted { agent }),
        of_type.prop_map(|(call_type, cap, pace)| {
            SettingsEvent::TypeChanged { call_type, cap, pace }
        }),
        (gate_id(), any_gate(), any::<bool>()).prop_map(|(gate, settings, is_within_hours)| {
            SettingsEvent::GatePut { gate, settings: Box::new(settings), is_within_hours }
        }),
        (gate_id(), any::<bool>())
            .prop_map(|(gate, is_within_hours)| SettingsEvent::GateHours { gate, is_within_hours }),
        gate_id().prop_map(|gate| SettingsEvent::GateDeleted { gate }),
        (alert_id(), any_rule())
            .prop_map(|(alert, rule)| { SettingsEvent::AlertPut { alert, rule: Box::new(rule) } }),
        alert_id().prop_map(|alert| SettingsEvent::AlertDeleted { alert }),
        (any::<u64>(), reserved).prop_map(|(version, reservations)| {
            SettingsEvent::ReservationsChanged { version: Version(version), reservations }
        }),
    ]
}

fn any_alert_event() -> impl Strategy<Value = AlertEvent> {
    let opened = any_opening().prop_map(|opening| AlertEvent::Opened(Box::new(opening)));
    let figure = any::<Option<u64>>();
    let closed = (any::<u64>(), any_opening(), time(), figure, select(WhyClosed::ALL.to_vec()));
    let closed = closed.prop_map(|(number, opening, closed_at, figure_milli, why)| {
        let closed_at = Timestamp(closed_at);
        let closing = AlertClosing { number, opening, closed_at, figure_milli, why };
        AlertEvent::Closed(Box::new(closing))
    });
    prop_oneof![opened, closed]
}

fn any_opening() -> impl Strategy<Value = AlertOpening> {
    (alert_id(), any_rule(), time(), any::<u64>()).prop_map(
        |(alert, rule, opened_at, figure_milli)| AlertOpening {
            alert,
            rule,
            opened_at: Timestamp(opened_at),
            figure_milli,
        },
    )
}

fn any_rule() -> impl Strategy<Value = AlertRule> {
    let of = (option::of(agent_id()), option::of(call_type()), option::of(gate_id()));
    (select(AlertWhen::ALL.to_vec()), of, any::<[u64; 2]>()).prop_map(
        |(when, (agent, call_type, gate), [above_milli, for_ms])| AlertRule {
            when,
            agent,
            call_type,
            gate,
            above_milli,
            for_ms,
        },
    )
}

fn alert_id() -> impl Strategy<Value = AlertId> {
    "[a-zA-Z0-9_:-]{1,64}".prop_map(|id| AlertId::parse(&id).expect("an alert id"))
}

fn any_gate() -> impl Strategy<Value = GateSettings> {
    let what = (text(), select(GateKind::ALL.to_vec()), any::<bool>());
    let limits = (any::<Option<u32>>(), option::of(any_pace()), option::of(any_hours()));
    (what, limits).prop_map(|((name, kind, is_paused), (cap, pace, hours))| GateSettings {
        name,
        kind,
        cap,
        pace,
        is_paused,
        hours: hours.map(Arc::new),
    })
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let span = (any::<u8>(), any::<[u16; 2]>()).prop_map(|(days, [from_min, to_min])| OpenSpan {
        days,
        from_min,
        to_min,
    });
    (text(), vec(span, 0..4)).prop_map(|(tz, open)| Hours { tz, open })
}

fn any_pace() -> impl Strategy<Value = Pace> {
    let number = || prop_oneof![1..10_u32, 1..=u32::MAX];
    (number(), number(), number()).prop_map(|(starts, per_s, burst)| Pace { starts, per_s, burst })
}

fn any_changed_by() -> impl Strategy<Value = ChangedBy> {
    let actor = (select(&ActorKind::ALL[..]), "[a-z0-9_]{1,20}", ".{0,20}");
    let actor = actor.prop_map(|(kind, id, name)| Actor { kind, id: id.into(), name: name.into() });
    (actor, option::of(any_former()))
        .prop_map(|(actor, former)| ChangedBy { actor: Arc::new(actor), former })
}

fn any_former() -> impl Strategy<Value = Former> {
    let cap = any::<Option<u32>>;
    let reserved = vec((agent_id(), any::<[u32; 4]>().prop_map(PerType)), 0..4);
    prop_oneof![
        (plan_id(), any::<u32>(), cap()).prop_map(|(plan, plan_limit, limit_override)| {
            Former::Limit { plan, plan_limit, limit_override }
        }),
        (".{0,20}", cap(), option::of(any_pace())).prop_map(|(name, cap, pace)| Former::Agent {
            name: name.into(),
            cap,
            pace
        }),
        (cap(), option::of(any_pace())).prop_map(|(cap, pace)| Former::Type { cap, pace }),
        any_rule().prop_map(|rule| Former::Alert(Box::new(rule))),
        any_gate().prop_map(|settings| Former::Gate(Box::new(settings))),
        (any::<u64>(), reserved).prop_map(|(version, reservations)| Former::Reservations {
            version: Version(version),
            reservations
        }),
        any_settings().prop_map(|settings| Former::Org(Box::new(settings))),
    ]
}

fn any_pace_of() -> impl Strategy<Value = PaceOf> {
    prop_oneof![
        agent_id().prop_map(PaceOf::Agent),
        call_type().prop_map(PaceOf::Type),
        gate_id().prop_map(PaceOf::Gate),
    ]
}

fn any_sum() -> impl Strategy<Value = LeaseSum> {
    any::<[u64; 2]>().prop_map(|[count, digest]| LeaseSum { count, digest })
}

fn any_sweep() -> impl Strategy<Value = Sweep> {
    let state = option::of(select(vec![StateFilter::Queued, StateFilter::Active]));
    let filter = (state, option::of(agent_id()), option::of(call_type()), option::of(gate_id()))
        .prop_map(|(state, agent, call_type, gate)| CallFilter { state, agent, call_type, gate });
    let ids = option::of(vec(call_id(), 0..4));
    (any::<[u64; 2]>(), filter, ids, option::of(".{0,40}")).prop_map(
        |([number, up_to], filter, ids, note)| {
            let (up_to, note) = (Ticket(up_to), note.map(Arc::from));
            Sweep { number, filter, ids, up_to, note }
        },
    )
}

fn any_settings() -> impl Strategy<Value = OrgSettings> {
    let waits = any::<[Option<u64>; 4]>().prop_map(PerType);
    let numbers = (any::<u32>(), any::<Option<u32>>(), any::<u64>(), any::<u32>());
    (".{0,40}", plan_id(), numbers, waits).prop_map(|(name, plan, numbers, max_wait_ms)| {
        let (plan_limit, limit_override, max_call_duration_ms, max_queued) = numbers;
        OrgSettings {
            name: Arc::from(name),
            plan,
            plan_limit,
            limit_override,
            max_call_duration_ms,
            max_wait_ms,
            max_queued,
        }
    })
}

fn any_counters() -> impl Strategy<Value = Counters> {
    any::<[u64; 3]>().prop_map(|[sequence, ticket, version]| Counters {
        sequence: Sequence(sequence),
        ticket: Ticket(ticket),
        version: Version(version),
    })
}

fn any_waits() -> impl Strategy<Value = WaitFigures> {
    let types =
        vec(any_set(), 4).prop_map(|types| PerType(types.try_into().expect("there are four")));
    (any_slots(), any_set(), types).prop_map(|(slots, pool, types)| WaitFigures {
        slots,
        pool,
        types,
    })
}

fn any_class_waits() -> impl Strategy<Value = ClassFigures> {
    (any_slots(), any_slots()).prop_map(|(slots, shared)| ClassFigures { slots, shared })
}

fn any_set() -> impl Strategy<Value = SetFigures> {
    (any_slots(), any::<[u64; 3]>(), any::<[u32; 2]>()).prop_map(
        |(shared, [reached, passed, marked], [left, given])| SetFigures {
            shared,
            line: Line { reached: Ticket(reached), passed, marked: Ticket(marked), left, given },
        },
    )
}

fn any_slots() -> impl Strategy<Value = HeldSlots> {
    any::<[u64; 3]>().prop_map(|[slot_ms, freed, until]| HeldSlots {
        slot_ms,
        freed,
        until: Tick(until),
    })
}

fn any_call<State: Debug>(
    state: impl Strategy<Value = State>,
) -> impl Strategy<Value = Call<State>> {
    let names = (call_id(), agent_id(), option::of(lease_id()), option::of(text()));
    let times = (any::<u64>(), time(), option::of(time()));
    let spans = (any::<Option<u64>>(), any::<Option<u64>>());
    let gates = vec(gate_id(), 0..=MAX_GATES_PER_CALL)
        .prop_map(|ids| CallGates::new(ids).expect("no more than a call may name"));
    let request = (names, call_type(), times, spans, gates).prop_map(
        |((id, agent, lease, metadata), call_type, times, spans, gates)| {
            let (ticket, requested_at, wait_deadline) = times;
            let (max_duration_ms, claim_within_ms) = spans;
            Request {
                id,
                agent,
                call_type,
                ticket: Ticket(ticket),
                requested_at: Timestamp(requested_at),
                lease,
                wait_deadline: wait_deadline.map(Tick),
                max_duration_ms,
                claim_within_ms,
                gates,
                metadata,
            }
        },
    );
    (request, state).prop_map(|(request, state)| Call { request: Arc::new(request), state })
}

fn any_queued() -> impl Strategy<Value = Queued> {
    any::<u8>().prop_map(|misses| Queued { misses })
}

fn any_active() -> impl Strategy<Value = Active> {
    let times = (time(), option::of(time()), option::of(time()));
    (slot(), times, any::<bool>(), any::<u8>()).prop_map(
        |(slot, (started_at, dispatched, deadline), is_claim_due, misses)| Active {
            slot,
            started_at: Timestamp(started_at),
            dispatched: dispatched.map(Tick),
            deadline: deadline.map(Tick),
            is_claim_due,
            misses,
        },
    )
}

fn any_live() -> impl Strategy<Value = LiveState> {
    prop_oneof![any_queued().prop_map(LiveState::Queued), any_active().prop_map(LiveState::Active)]
}

fn any_ended() -> impl Strategy<Value = Ended> {
    let served = option::of((slot(), time().prop_map(Timestamp)));
    (served, time(), select(&EndReason::ALL[..]), option::of(text()), time()).prop_map(
        |(served, ended_at, reason, note, remembered_until)| Ended {
            served,
            ended_at: Timestamp(ended_at),
            reason,
            note,
            remembered_until: Tick(remembered_until),
        },
    )
}

/// Ordinary times, and the extremes that distances must survive.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![1_700_000_000_000..1_800_000_000_000_u64, 0..100_000_u64, any::<u64>()]
}

fn slot() -> impl Strategy<Value = SlotKind> {
    select(&[SlotKind::Reserved, SlotKind::Shared][..])
}

fn call_type() -> impl Strategy<Value = CallType> {
    select(&CallType::ALL[..])
}

fn text() -> impl Strategy<Value = Arc<str>> {
    ".{0,60}".prop_map(Arc::from)
}

/// A few ids, which recur, and some of any form that was ever allowed: earlier versions made `.` and `..`.
const IDS: &str = "(a|b|support|[.]{1,2}|[A-Za-z0-9_.:-]{1,64})";

fn org_id() -> impl Strategy<Value = OrgId> {
    IDS.prop_map(|id| OrgId::kept(&id).expect("an organisation id"))
}

fn agent_id() -> impl Strategy<Value = AgentId> {
    IDS.prop_map(|id| AgentId::kept(&id).expect("an agent id"))
}

fn gate_id() -> impl Strategy<Value = GateId> {
    IDS.prop_map(|id| GateId::kept(&id).expect("a gate id"))
}

fn lease_id() -> impl Strategy<Value = LeaseId> {
    IDS.prop_map(|id| LeaseId::kept(&id).expect("a lease id"))
}

fn key_id() -> impl Strategy<Value = KeyId> {
    IDS.prop_map(|id| KeyId::kept(&id).expect("a key id"))
}

fn plan_id() -> impl Strategy<Value = PlanId> {
    IDS.prop_map(|id| PlanId::kept(&id).expect("a plan id"))
}

fn claimant() -> impl Strategy<Value = Claimant> {
    "(a|b|[!-~]{1,255})".prop_map(|name| Claimant::kept(&name).expect("a claimant"))
}

fn call_id() -> impl Strategy<Value = CallId> {
    "(batch|end|[.]{1,2}|[!-~]{1,255})".prop_map(|id| CallId::kept(&id).expect("a call id"))
}
