//! The worked example of the contract as a reading, for tests: a limit of 20, agent `a` with 12 reserved slots, `b` with 5,
//! `c` with none.

use callslot_api::{
    BlockedOn, Call, CallState, CallType, ClassUse, Gate, GateKind, GateSettings, Pool, PoolAgent,
    PoolTypes, Problem, ProblemCode, Shared, SlotKind, Time, TypeCaps, TypePaces,
};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::lists::{Reading, Wanted};
use super::state::{Input, Order, State};
use super::ticker::Happening;

/// 12:03:07 UTC.
pub const START: u64 = 1_769_860_987_000;

/// A state that is driven like the loop drives it.
pub struct Watched {
    /// The state; always there between inputs.
    state: Option<State>,
    /// The time since the start.
    pub now_ms: u64,
}

impl Watched {
    /// A view that begins with this reading.
    pub fn of(reading: Reading) -> Self {
        Self { state: Some(State::new(reading, START)), now_ms: 0 }
    }

    pub fn state(&self) -> &State {
        self.state.as_ref().expect("it is there between inputs")
    }

    pub fn take(&mut self, input: Input) -> Vec<Order> {
        let state = self.state.take().expect("it is there between inputs");
        let (state, orders) = state.next(self.now_ms, input);
        self.state = Some(state);
        orders
    }

    /// Lets time pass and looks.
    pub fn pass(&mut self, ms: u64) -> Vec<Order> {
        self.now_ms += ms;
        self.take(Input::Look)
    }

    /// Presses keys one after the other: letters, or names in angle brackets such as `<Tab>`.
    pub fn press(&mut self, keys: &str) -> Vec<Order> {
        let mut orders = Vec::new();
        let mut rest = keys;
        while let Some(letter) = rest.chars().next() {
            let (code, length) = match rest.split_once('>') {
                Some((name, _)) if letter == '<' => (named(&name[1..]), name.len() + 1),
                _ => (KeyCode::Char(letter), letter.len_utf8()),
            };
            rest = &rest[length..];
            orders.extend(self.take(Input::Key(KeyEvent::new(code, KeyModifiers::NONE))));
        }
        orders
    }
}

fn named(name: &str) -> KeyCode {
    match name {
        "Tab" => KeyCode::Tab,
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "End" => KeyCode::End,
        "Backspace" => KeyCode::Backspace,
        _ => panic!("{name} is not a key known to the tests"),
    }
}

/// A campaign, in this state and with that many queued calls.
pub fn gate(id: &str, (active, queued): (u32, u32), settings: GateSettings) -> Gate {
    Gate {
        id: id.into(),
        settings,
        within_hours: true,
        opens_in_ms: None,
        active,
        queued,
        ended: 0,
        oldest_wait_ms: None,
        next_start_in_ms: None,
        done_in_ms: None,
    }
}

/// The settings of a gate that is open without bound.
pub fn open_gate(name: &str) -> GateSettings {
    let kind = GateKind::Campaign;
    GateSettings { name: name.into(), kind, cap: None, pace: None, paused: false, hours: None }
}

/// Step 4 of the worked example: 20 of 20, and calls of `c` and `a` in line.
pub fn reading() -> Reading {
    let class = |reserved: u32, active: u32, queued: u32| ClassUse {
        reserved,
        active,
        reserved_in_use: active.min(reserved),
        shared_in_use: active.saturating_sub(reserved),
        queued,
    };
    let agents = vec![
        agent(
            "a",
            "Support",
            None,
            [class(2, 2, 0), class(3, 3, 1), class(4, 4, 0), class(3, 6, 0)],
        ),
        agent(
            "b",
            "Sales",
            Some(8),
            [class(1, 1, 0), class(1, 1, 0), class(2, 2, 0), class(1, 1, 0)],
        ),
        agent(
            "c",
            "Surveys",
            None,
            [class(0, 0, 0), class(0, 0, 2), class(0, 0, 0), class(0, 0, 0)],
        ),
        agent("idle", "Nobody", None, [class(0, 0, 0); 4]),
    ];
    let pool = Pool {
        org: "default".into(),
        plan: "standard".into(),
        limit: 20,
        reserved: 17,
        shared: Shared { size: 3, in_use: 3, free: 0 },
        active: 20,
        queued: 3,
        oldest_wait_ms: Some(41_300),
        settling: 0,
        version: 4,
        as_of: 700,
        type_caps: TypeCaps::default(),
        type_paces: TypePaces::default(),
        agents,
    };
    let calls = vec![
        queued("sip-77@pbx.example.com", "c", CallType::Chat, (1, 41_300)),
        queued("chat-4", "c", CallType::Chat, (2, 12_000)),
        queued("chat-5", "a", CallType::Chat, (3, 900)),
    ];
    let wanted = Wanted { state: CallState::Queued, agent: None, call_type: None };
    let (gates, has_more_gates) = (Vec::new(), false);
    Reading { pool, gates, has_more_gates, calls, has_more: false, wanted }
}

fn agent(id: &str, name: &str, cap: Option<u32>, types: [ClassUse; 4]) -> PoolAgent {
    let [webcall, chat, outbound, inbound] = types;
    let sum = |part: fn(&ClassUse) -> u32| types.iter().map(part).sum();
    PoolAgent {
        id: id.into(),
        name: name.into(),
        cap,
        pace: None,
        reserved: sum(|class| class.reserved),
        active: sum(|class| class.active),
        queued: sum(|class| class.queued),
        types: PoolTypes { webcall, chat, outbound, inbound },
    }
}

/// A queued call, with its position and how long it has waited at the start.
pub fn queued(id: &str, agent: &str, call_type: CallType, (position, wait_ms): (u64, u64)) -> Call {
    Call {
        id: id.into(),
        agent: agent.into(),
        call_type,
        gates: Vec::new(),
        state: CallState::Queued,
        slot: None,
        position: Some(position),
        position_in_class: Some(1),
        blocked_on: Some(BlockedOn::Limit),
        blocked_by: None,
        retry_in_ms: None,
        estimated_wait_ms: Some(position * 9_000),
        requested_at: Time(START - wait_ms),
        started_at: None,
        ended_at: None,
        reason: None,
        note: None,
        lease: None,
        metadata: callslot_api::Metadata::default(),
    }
}

/// A call that has been active for this long at the start.
pub fn active(id: &str, agent: &str, call_type: CallType, for_ms: u64) -> Call {
    Call {
        state: CallState::Active,
        slot: Some(SlotKind::Reserved),
        position: None,
        position_in_class: None,
        blocked_on: None,
        estimated_wait_ms: None,
        started_at: Some(Time(START - for_ms)),
        ..queued(id, agent, call_type, (1, for_ms))
    }
}

/// The start of a call as the ticker gets it.
pub fn started(number: u64, call: &str, agent: &str, at: Time) -> Happening {
    Happening {
        number,
        at,
        name: "call.started".into(),
        call: Some(call.into()),
        agent: Some(agent.into()),
        call_type: Some(CallType::Chat),
        text: "shared after 12 s".into(),
    }
}

/// A refusal as the client gives it.
pub fn refused(code: ProblemCode, detail: &str) -> callslot_api::ClientError {
    callslot_api::ClientError::Problem(Box::new(Problem::new(code, detail)))
}

/// A connection that cannot be made.
pub fn unreachable() -> callslot_api::ClientError {
    callslot_api::ClientError::Unreachable {
        url: "http://127.0.0.1:7070".into(),
        why: "connection refused".into(),
    }
}
