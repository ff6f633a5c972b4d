//! Gates and paces: what they let through, told from the calls that pass them and the tokens that are left.

use callslot_core::{
    AgentId, BlockedBy, BlockedOn, Call, CallGates, CallType, DeleteGate, GateId, GateView, Now,
    PerType, PutGate, Rejection, Reply, SetWithinHours, SettingsEvent, Tick,
};

use crate::model::bucket::Bucket;
use crate::model::gate::{Gate, kept_bucket};
use crate::model::org::{Answer, OrgModel};
use crate::model::wait_figures::Held;

/// When this many slots have come free, the next one halves the weight of what was before.
const FULL_WEIGHT: u64 = 256;

/// All paces and gates at a moment, to try starts on.
#[derive(Debug, Clone)]
pub(super) struct Doors {
    tick: Tick,
    agents: Vec<(AgentId, Option<Bucket>)>,
    types: PerType<Option<Bucket>>,
    gates: Vec<Door>,
}

#[derive(Debug, Clone)]
struct Door {
    id: GateId,
    cap: Option<u32>,
    is_paused: bool,
    is_within_hours: bool,
    active: u32,
    bucket: Option<Bucket>,
}

impl Doors {
    /// Whether every gate that a call names is open and every pace on its way has a start to give.
    pub(super) fn let_through(
        &self,
        (agent, call_type): (&AgentId, CallType),
        gates: &CallGates,
    ) -> bool {
        let paces = self.paces(agent, call_type, gates);
        paces.iter().all(|(_, bucket)| bucket.has_start(self.tick))
            && self
                .named(gates)
                .iter()
                .all(|door| !door.is_full() && !door.is_paused && door.is_within_hours)
    }

    /// A call goes through.
    pub(super) fn pass(&mut self, (agent, call_type): (&AgentId, CallType), gates: &CallGates) {
        let tick = self.tick;
        let of_agent = self.agents.iter_mut().filter(|(id, _)| id == agent);
        let of_agent = of_agent.filter_map(|(_, bucket)| bucket.as_mut());
        of_agent.chain(self.types[call_type].as_mut()).for_each(|bucket| bucket.take(tick));
        for door in self.gates.iter_mut().filter(|door| gates.ids().contains(&door.id)) {
            door.active += 1;
            door.bucket.iter_mut().for_each(|bucket| bucket.take(tick));
        }
    }

    /// What holds a call, whose it is, and in how long a pace has a start to give.
    pub(super) fn hold(
        &self,
        (agent, call_type): (&AgentId, CallType),
        gates: &CallGates,
    ) -> Option<(BlockedOn, BlockedBy, Option<u64>)> {
        let named = self.named(gates);
        let first = |is: &dyn Fn(&Door) -> bool| named.iter().position(|door| is(door));
        for (on, place) in [
            (BlockedOn::GateCap, first(&Door::is_full)),
            (BlockedOn::GatePaused, first(&|door| door.is_paused)),
            (BlockedOn::GateHours, first(&|door| !door.is_within_hours)),
        ] {
            if let Some(place) = place {
                return Some((on, at(place), None));
            }
        }
        let mut latest: Option<(BlockedBy, u64)> = None;
        for (by, bucket) in self.paces(agent, call_type, gates) {
            let in_ms = bucket.next_in_ms(self.tick);
            if in_ms > latest.map_or(0, |(_, longest)| longest) {
                latest = Some((by, in_ms));
            }
        }
        latest.map(|(by, in_ms)| (BlockedOn::Paced, by, Some(in_ms)))
    }

    fn named(&self, gates: &CallGates) -> Vec<&Door> {
        let door = |id: &GateId| self.gates.iter().find(|door| door.id == *id);
        gates.ids().iter().map(|id| door(id).expect("a live call's gates are there")).collect()
    }

    fn paces(
        &self,
        agent: &AgentId,
        call_type: CallType,
        gates: &CallGates,
    ) -> Vec<(BlockedBy, Bucket)> {
        let own = self.agents.iter().find(|(id, _)| id == agent).and_then(|(_, bucket)| *bucket);
        let named = self.named(gates).into_iter().enumerate();
        let named = named.filter_map(|(place, door)| Some((at(place), door.bucket?)));
        let own = own.map(|bucket| (BlockedBy::Agent, bucket));
        let of_type = self.types[call_type].map(|bucket| (BlockedBy::Type, bucket));
        own.into_iter().chain(of_type).chain(named).collect()
    }
}

impl Door {
    fn is_full(&self) -> bool {
        self.cap.is_some_and(|cap| self.active >= cap)
    }
}

impl OrgModel {
    pub(super) fn doors(&self, tick: Tick) -> Doors {
        let door = |gate: &Gate| Door {
            id: gate.id.clone(),
            cap: gate.settings.cap,
            is_paused: gate.settings.is_paused,
            is_within_hours: gate.is_within_hours,
            active: self.count_of(gate, Call::is_active),
            bucket: gate.bucket,
        };
        Doors {
            tick,
            agents: self.agents.iter().map(|agent| (agent.id.clone(), agent.bucket)).collect(),
            types: self.type_buckets,
            gates: self.gates.iter().map(door).collect(),
        }
    }

    fn count_of(&self, gate: &Gate, is_counted: impl Fn(&Call) -> bool) -> u32 {
        let counted = self.live.iter().filter(|call| is_counted(call) && passes(call, &gate.id));
        u32::try_from(counted.count()).expect("a model has few calls")
    }

    pub(super) fn put_gate(&mut self, now: Now, put: &PutGate) -> Result<Answer, Rejection> {
        let PutGate { gate: id, settings, is_within_hours } = put.clone();
        let (max_gates, count) = (self.bounds.gates, self.gates.len());
        let event = SettingsEvent::GatePut {
            gate: id.clone(),
            settings: Box::new(settings.clone()),
            is_within_hours,
        };
        let Some(known) = self.gates.iter_mut().find(|gate| gate.id == id) else {
            if count + 1 > max_gates {
                return Err(Rejection::TooManyGates { max_gates });
            }
            let bucket = settings.pace.map(Bucket::new);
            let (ended, held) = (0, Held::default());
            self.gates.push(Gate { id, settings, is_within_hours, bucket, ended, held });
            self.record(event);
            return Ok(Answer::Plain(Reply::Gate { is_new: true }));
        };
        if (&known.settings, known.is_within_hours) != (&settings, is_within_hours) {
            known.bucket = kept_bucket(known.bucket, settings.pace, now.tick);
            (known.settings, known.is_within_hours) = (settings, is_within_hours);
            self.record(event);
        }
        Ok(Answer::Plain(Reply::Gate { is_new: false }))
    }

    pub(super) fn set_within_hours(&mut self, command: &SetWithinHours) -> Answer {
        let SetWithinHours { gate: id, hours, is_within_hours } = command.clone();
        let known = self.gates.iter_mut().find(|gate| gate.id == id);
        let known = known.filter(|gate| gate.settings.hours.as_ref() == Some(&hours));
        if let Some(gate) = known.filter(|gate| gate.is_within_hours != is_within_hours) {
            gate.is_within_hours = is_within_hours;
            self.record(SettingsEvent::GateHours { gate: id, is_within_hours });
        }
        Answer::Plain(Reply::Done)
    }

    pub(super) fn delete_gate(&mut self, command: &DeleteGate) -> Result<Answer, Rejection> {
        let id = &command.gate;
        let Some(place) = self.gates.iter().position(|gate| gate.id == *id) else {
            return Err(Rejection::UnknownGate { gate: id.clone() });
        };
        let live = self.live.iter().filter(|call| passes(call, id)).count() as u64;
        if live > 0 {
            return Err(Rejection::GateInUse { gate: id.clone(), live });
        }
        self.gates.remove(place);
        self.record(SettingsEvent::GateDeleted { gate: id.clone() });
        Ok(Answer::Plain(Reply::Done))
    }

    /// A start may name only gates that there are, and there may not be too many different lanes.
    pub(super) fn check_gates(
        &self,
        class: (&AgentId, CallType),
        gates: &CallGates,
    ) -> Result<(), Rejection> {
        let is_known = |id: &&GateId| self.gates.iter().any(|gate| gate.id == **id);
        if let Some(unknown) = gates.ids().iter().find(|id| !is_known(id)) {
            return Err(Rejection::UnknownGate { gate: unknown.clone() });
        }
        let mut lanes: Vec<_> = Vec::new();
        for call in self.live.iter().filter(|call| !call.request.gates.is_empty()) {
            let request = &call.request;
            let lane = (&request.agent, request.call_type, request.gates.ids());
            if !lanes.contains(&lane) {
                lanes.push(lane);
            }
        }
        let max_lanes = self.bounds.lanes;
        let is_new = !lanes.contains(&(class.0, class.1, gates.ids()));
        if !gates.is_empty() && is_new && lanes.len() + 1 > max_lanes {
            return Err(Rejection::TooManyLanes { max_lanes });
        }
        Ok(())
    }

    /// A call takes a slot, and so a token of each pace on its way.
    pub(super) fn count_start(&mut self, call: &Call) {
        let tick = self.waits.now;
        for bucket in self.buckets_of(call) {
            bucket.take(tick);
            bucket.look(tick);
        }
    }

    /// A call that passed gates is over.
    pub(super) fn count_end(&mut self, gates: &CallGates) {
        for gate in self.gates.iter_mut().filter(|gate| gates.ids().contains(&gate.id)) {
            gate.ended += 1;
        }
    }

    fn buckets_of(&mut self, call: &Call) -> Vec<&mut Bucket> {
        let request = &call.request;
        let agents = self.agents.iter_mut().filter(|agent| agent.id == request.agent);
        let gates = self.gates.iter_mut().filter(|gate| request.gates.ids().contains(&gate.id));
        let agents = agents.filter_map(|agent| agent.bucket.as_mut());
        let gates = gates.filter_map(|gate| gate.bucket.as_mut());
        agents.chain(self.type_buckets[request.call_type].as_mut()).chain(gates).collect()
    }

    pub(super) fn buckets(&mut self) -> impl Iterator<Item = &mut Bucket> {
        let agents = self.agents.iter_mut().filter_map(|agent| agent.bucket.as_mut());
        let gates = self.gates.iter_mut().filter_map(|gate| gate.bucket.as_mut());
        agents.chain(self.type_buckets.0.iter_mut().flatten()).chain(gates)
    }

    /// Looks at the paces that had no start to give and may have one by now.
    pub(super) fn look_at_paces(&mut self) {
        let tick = self.waits.now;
        for bucket in self.buckets() {
            if bucket.wake.is_some_and(|wake| wake <= tick) {
                bucket.wake = None;
            }
        }
    }

    /// When a pace has a start to give again that somebody may wait for.
    pub(super) fn next_wake(&self) -> Option<Tick> {
        if !self.live.iter().any(Call::is_queued) {
            return None;
        }
        let agents = self.agents.iter().filter_map(|agent| agent.bucket);
        let gates = self.gates.iter().filter_map(|gate| gate.bucket);
        let all = agents.chain(self.type_buckets.0.into_iter().flatten()).chain(gates);
        all.filter_map(|bucket| bucket.wake).min()
    }

    /// The time that has passed in the slots of each gate's calls.
    pub(super) fn spend_of_gates(&mut self, passed_ms: u64) {
        let in_use: Vec<u32> =
            self.gates.iter().map(|gate| self.count_of(gate, Call::is_active)).collect();
        for (gate, in_use) in self.gates.iter_mut().zip(in_use) {
            gate.held = gate.held.with(in_use.into(), passed_ms);
        }
    }

    pub(super) fn note_freed_of_gates(&mut self, gates: &CallGates) {
        for gate in self.gates.iter_mut().filter(|gate| gates.ids().contains(&gate.id)) {
            if gate.held.freed >= FULL_WEIGHT {
                gate.held.halve();
            }
            gate.held.freed += 1;
        }
    }

    pub(super) fn gate_views(&self, now: Now) -> Vec<GateView> {
        let mut views: Vec<GateView> =
            self.gates.iter().map(|gate| self.gate_view(gate, now)).collect();
        views.sort_by(|one, other| one.id.cmp(&other.id));
        views
    }

    fn gate_view(&self, gate: &Gate, now: Now) -> GateView {
        let first = self.live.iter().find(|call| call.is_queued() && passes(call, &gate.id));
        GateView {
            id: gate.id.clone(),
            settings: gate.settings.clone(),
            is_within_hours: gate.is_within_hours,
            active: self.count_of(gate, Call::is_active),
            queued: self.count_of(gate, Call::is_queued),
            ended: gate.ended,
            oldest_wait_ms: first.map(|call| self.waited_ms(now, call)),
            next_start_in_ms: gate.bucket.map(|bucket| bucket.next_in_ms(now.tick)),
            done_in_ms: self.done_in_ms(gate, now.tick),
        }
    }

    fn done_in_ms(&self, gate: &Gate, tick: Tick) -> Option<u64> {
        let active = u64::from(self.count_of(gate, Call::is_active));
        let queued = u64::from(self.count_of(gate, Call::is_queued));
        if active + queued == 0 {
            return Some(0);
        }
        let is_shut = gate.settings.is_paused || !gate.is_within_hours;
        let each_ms = gate.held.with(active, tick.ms_after(self.waits.until)).mean_ms();
        let each_ms = each_ms.filter(|_| !is_shut)?;
        if queued == 0 {
            return Some(each_ms);
        }
        let last_start_ms = gate.bucket.map(|it| it.next_in_ms(tick) + it.ms_for(queued - 1));
        let last_slot_ms = (active > 0).then(|| queued * each_ms / active);
        last_start_ms.max(last_slot_ms).map(|in_ms| in_ms + each_ms)
    }
}

fn at(place: usize) -> BlockedBy {
    BlockedBy::Gate(u8::try_from(place).expect("a call names few gates"))
}

fn passes(call: &Call, gate: &GateId) -> bool {
    call.request.gates.ids().contains(gate)
}
