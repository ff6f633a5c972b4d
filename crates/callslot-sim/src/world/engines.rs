//! Call engines in a simulated world: they connect, are cut off, come back and resume, over connections on which messages
//! take their time in both directions.
//!
//! Each connection is served by the session that serves engines everywhere (`callslot-engine-stream`), in turns as the
//! server's loop takes them. Start reading at [`Deed`]; one connection is in `world/engine_connection.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callslot_core::{
    CallId, CallView, Event, LeaseEvent, LeaseId, OrgEvent, OrgId, Recorded, StartCall,
};
use callslot_engine_stream::{Asked, Frame, Goodbye, ServerFrame};
use callslot_node::LeaseWatches;

use crate::judge::stream_check::{CallHistories, Refused};
use crate::report::Situation;
use crate::world::World;
use crate::world::engine_connection::{Connection, Outgoing};

/// How many events may wait for a connection before it has fallen behind: few, so that it happens.
const LEASE_EVENTS: usize = 8;
/// In this many turns everything that is on its way arrives.
const MOST_TURNS: usize = 400;
/// How long a server that stops lets its connections end, in milliseconds.
const STOPS_WITHIN_MS: u64 = 6_000;

/// What an engine, or the server for it, does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The engine opens a connection, with this many seconds of grace, whether or not it has another one.
    Connect(u64),
    /// It sends a message.
    Say(Vec<Saying>),
    /// The server's task for the connection takes a turn, and reads a message if it wants one.
    Serve,
    /// It takes a turn in which no message has come.
    Tell,
    /// The engine takes the message that is on its way to it.
    Take,
    /// The connection breaks.
    Cut,
}

/// A frame of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saying {
    /// It starts a call under the connection's lease.
    Start(StartCall),
    /// It claims a call.
    Claim(CallId),
    /// It ends a call.
    End(CallId),
    /// It resumes the lease that it used last, and names the calls that it believes to be live.
    Resume,
}

/// All engines, and what is known of the calls of their organisation.
#[derive(Debug, Default)]
pub(super) struct Engines {
    all: Vec<Engine>,
    histories: CallHistories,
    /// How many connections were opened.
    opened: u32,
}

/// What a session's surroundings keep for all connections.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) watches: Arc<LeaseWatches>,
    /// Which connection watches a lease.
    pub(super) carriers: BTreeMap<LeaseId, u32>,
    /// The leases that have ended.
    pub(super) ended_leases: BTreeSet<LeaseId>,
    pub(super) is_stopping: bool,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            watches: Arc::new(LeaseWatches::with_bound(LEASE_EVENTS)),
            carriers: BTreeMap::new(),
            ended_leases: BTreeSet::new(),
            is_stopping: false,
        }
    }
}

impl Stream {
    /// Passes durable events on to the watches of their leases.
    pub(super) fn tell(&mut self, record: &[Recorded]) {
        self.watches.publish(record);
        if self.carriers.is_empty() {
            return;
        }
        for recorded in record.iter().filter(|recorded| recorded.org == engines_org()) {
            if let Event::Lease(LeaseEvent::Ended { lease }) = &recorded.event {
                self.ended_leases.insert(lease.clone());
            } else if let Event::Org(OrgEvent::Deleted) = &recorded.event {
                self.ended_leases.extend(self.carriers.keys().cloned());
            }
        }
    }
}

/// An engine and what it remembers.
#[derive(Debug, Default)]
struct Engine {
    /// The newest one last.
    connections: Vec<Connection>,
    /// The lease that it put to use last.
    lease: Option<LeaseId>,
    /// The calls that it believes to be live.
    live: BTreeSet<CallId>,
    lost: Option<Loss>,
}

/// How an engine lost its last connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    Cut,
    Crash,
    Stop,
    TooSlow,
}

/// The organisation that engines act in.
pub(super) fn engines_org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}

impl World {
    /// Lets an engine, or the server for it, do something.
    pub(super) fn do_deed(&mut self, number: usize, deed: &Deed) {
        let mut engines = std::mem::take(&mut self.engines);
        while engines.all.len() <= number {
            engines.all.push(Engine::default());
        }
        engines.histories.catch_up(self.judge.published(&engines_org()));
        let Engines { all, histories, opened } = &mut engines;
        let engine = &mut all[number];
        match deed {
            Deed::Connect(grace_s) => {
                *opened += 1;
                engine.connections.push(Connection::new(self, *opened, *grace_s));
            }
            Deed::Say(sayings) => engine.say(sayings),
            Deed::Serve | Deed::Tell => {
                for connection in &mut engine.connections {
                    connection.turn(self, histories, *deed == Deed::Serve);
                }
            }
            Deed::Take => engine.take(self),
            Deed::Cut => {
                if let Some(connection) = engine.connections.last_mut() {
                    connection.is_cut = true;
                    engine.lost = Some(Loss::Cut);
                }
            }
        }
        engine.notice_ends(self);
        self.engines = engines;
    }

    /// The time has gone by for all connections.
    pub(super) fn tick_engines(&mut self) {
        let mut engines = std::mem::take(&mut self.engines);
        for engine in &mut engines.all {
            for connection in &mut engine.connections {
                connection.tick(self);
            }
            engine.notice_ends(self);
        }
        self.engines = engines;
    }

    /// Everything on its way between the node and its engines arrives, and then every history is complete.
    pub(super) fn catch_up_engines(&mut self) {
        if self.engines.all.is_empty() {
            return;
        }
        for _ in 0..MOST_TURNS {
            self.settle();
            if !self.turn_engines() {
                break;
            }
        }
        let engines = std::mem::take(&mut self.engines);
        for connection in engines.all.iter().flat_map(|engine| &engine.connections) {
            assert!(connection.is_idle(), "a connection never comes to rest");
            connection.check.check_complete(&engines.histories);
        }
        self.engines = engines;
    }

    /// The server stops: it takes no more, answers what it took, and another process starts on the same store.
    pub(super) fn stop(&mut self) {
        self.stream.is_stopping = true;
        let mut engines = std::mem::take(&mut self.engines);
        for connection in engines.all.iter_mut().flat_map(|engine| &mut engine.connections) {
            let owes = connection.owes_answers();
            self.reached.note_if(Situation::StoppedWithAnswersDue, owes);
            connection.stop(self);
        }
        self.engines = engines;
        for _ in 0..MOST_TURNS {
            self.settle();
            if !self.turn_engines() {
                break;
            }
        }
        self.pass(STOPS_WITHIN_MS);
        self.turn_engines();
        let are_over = self.engines.all.iter().all(|engine| engine.connections.is_empty());
        assert!(are_over, "a connection outlives its server");
        self.settle();
        self.crash();
    }

    /// The process has died, and all connections with it.
    pub(super) fn drop_engines(&mut self) {
        for engine in &mut self.engines.all {
            if !engine.connections.is_empty() {
                engine.lost = Some(Loss::Crash);
            }
            engine.connections.clear();
        }
        self.stream =
            Stream { ended_leases: self.stream.ended_leases.clone(), ..Stream::default() };
    }

    /// Whether an engine has a connection, and the calls that it believes to be live if it has a lease to resume.
    pub(crate) fn engine(&self, number: usize) -> (bool, Option<&BTreeSet<CallId>>) {
        let engine = self.engines.all.get(number);
        let newest = engine.and_then(|engine| engine.connections.last());
        let is_connected = newest.is_some_and(|connection| !connection.is_cut);
        (is_connected, engine.filter(|engine| engine.lease.is_some()).map(|engine| &engine.live))
    }

    /// Every connection takes a turn, and every engine what is on its way to it. Says whether anything went on.
    fn turn_engines(&mut self) -> bool {
        let mut goes_on = false;
        let numbers = 0..self.engines.all.len();
        for number in numbers {
            for deed in [Deed::Serve, Deed::Take] {
                self.do_deed(number, &deed);
            }
            let connections = &self.engines.all[number].connections;
            goes_on |= connections.iter().any(|connection| !connection.is_idle());
        }
        goes_on
    }
}

impl Engine {
    /// Sends a message on the newest connection.
    fn say(&mut self, sayings: &[Saying]) {
        let Some(connection) = self.connections.last_mut().filter(|it| !it.is_cut) else { return };
        let mut frames = Vec::new();
        for saying in sayings {
            let asked = match saying {
                Saying::Start(start) => {
                    if let (Some(own), false) = (&connection.greeted_with, connection.has_resumed) {
                        self.lease = Some(own.clone());
                    }
                    self.live.insert(start.id.clone());
                    Asked::Start(start.clone())
                }
                Saying::Claim(call) => Asked::Claim(call.clone()),
                Saying::End(call) => Asked::End(call.clone(), None),
                Saying::Resume => {
                    let Some(lease) = &self.lease else { continue };
                    connection.has_resumed = true;
                    Asked::Resume(lease.clone(), self.live.iter().cloned().collect())
                }
            };
            connection.said += 1;
            frames.push(Frame { reference: Some(connection.said), asked: Ok(asked) });
        }
        connection.incoming.push_back(frames);
    }

    /// Takes what is on its way on each connection.
    fn take(&mut self, world: &mut World) {
        for place in 0..self.connections.len() {
            let connection = &mut self.connections[place];
            if connection.is_cut {
                continue;
            }
            match connection.outgoing.take() {
                Some(Outgoing::Ping) => connection.has_ponged = true,
                Some(Outgoing::Frames(frames)) => {
                    for frame in frames {
                        self.learn(world, place, frame);
                    }
                }
                None => {}
            }
        }
    }

    fn learn(&mut self, world: &mut World, place: usize, frame: ServerFrame<Refused>) {
        match frame {
            ServerFrame::Hello { lease, .. } => self.connections[place].greeted_with = Some(lease),
            ServerFrame::Answer { outcome: Ok(CallView { call, .. }), .. }
            | ServerFrame::Told(call) => {
                if call.is_ended() {
                    self.live.remove(&call.request.id);
                } else if call.request.lease.is_some() && call.request.lease == self.lease {
                    self.live.insert(call.request.id.clone());
                }
            }
            ServerFrame::Resumed(part) => {
                world.reached.note_if(Situation::ResumedElsewhere, place > 0);
                if let Some(lost) = self.lost {
                    world.reached.note(match lost {
                        Loss::Cut => Situation::ResumedAfterCut,
                        Loss::Crash => Situation::ResumedAfterCrash,
                        Loss::Stop => Situation::ResumedAfterStop,
                        Loss::TooSlow => Situation::ResumedWhenTooSlow,
                    });
                }
                self.lease = Some(part.lease);
                self.live.extend(part.calls.into_iter().map(|view| view.call.request.id.clone()));
                for view in part.ended {
                    self.live.remove(&view.call.request.id);
                }
                for id in part.unknown {
                    self.live.remove(&id);
                }
            }
            ServerFrame::Answer { outcome: Err(_), .. } | ServerFrame::Position { .. } => {}
        }
    }

    /// Drops the connections that have ended.
    fn notice_ends(&mut self, world: &mut World) {
        for connection in &self.connections {
            let Some(goodbye) = &connection.goodbye else { continue };
            let code = match goodbye {
                Goodbye::Left => continue,
                Goodbye::Close { code, .. } => *code,
            };
            match code {
                1001 => self.lost = Some(Loss::Stop),
                1013 => {
                    world.reached.note(Situation::SlowEngineClosed);
                    self.lost = Some(Loss::TooSlow);
                }
                4002 => world.reached.note(Situation::LeaseEndedWhileConnected),
                _ => {}
            }
        }
        self.connections.retain(|connection| connection.goodbye.is_none());
    }
}
