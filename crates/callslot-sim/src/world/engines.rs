//! Call engines in a simulated world: they connect, are cut off, come back and resume, over connections on which messages
//! take their time in both directions.
//!
//! Each connection is served by the session that serves engines everywhere (`callslot-engine-stream`), in turns as the
//! server's loop takes them. Start reading at [`Deed`]; an engine is in `engines/engine.rs`, the server's end of a connection
//! in `engines/connection.rs`.

mod batch_answers;
mod connection;
mod engine;
mod limits;
mod node_requests;
mod resumption;

use std::collections::BTreeSet;

use callslot_core::CallId;

use crate::judge::call_histories::CallHistories;
use crate::report::Situation;
use crate::world::engines::connection::Connection;
use crate::world::engines::engine::{Engine, Loss};
use crate::world::node::{Node, engines_org};

pub use crate::world::engines::engine::Saying;

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

/// All engines, and what is known of the calls of their organisation.
#[derive(Debug, Default)]
pub(crate) struct Engines {
    all: Vec<Engine>,
    histories: CallHistories,
    /// How many connections were opened.
    opened: u32,
}

impl Engines {
    /// Lets an engine, or the server for it, do something.
    pub(super) fn act(&mut self, node: &mut Node, number: usize, deed: &Deed) {
        while self.all.len() <= number {
            self.all.push(Engine::default());
        }
        self.histories.catch_up(node.judge.call_events(&engines_org()));
        let engine = &mut self.all[number];
        match deed {
            Deed::Connect(grace_s) => {
                self.opened += 1;
                engine.connections.push(Connection::new(node, self.opened, *grace_s));
            }
            Deed::Say(sayings) => engine.say(sayings),
            Deed::Serve | Deed::Tell => {
                for connection in &mut engine.connections {
                    connection.turn(node, &self.histories, *deed == Deed::Serve);
                }
            }
            Deed::Take => engine.take(node),
            Deed::Cut => engine.cut(),
        }
        engine.notice_ends(node);
    }

    /// The time has gone by for all connections.
    pub(super) fn tick(&mut self, node: &mut Node) {
        for engine in &mut self.all {
            for connection in &mut engine.connections {
                connection.tick(node);
            }
            engine.notice_ends(node);
        }
    }

    /// Every connection takes a turn, and every engine what is on its way to it. Says whether anything went on.
    pub(super) fn turn(&mut self, node: &mut Node) -> bool {
        let mut goes_on = false;
        for number in 0..self.all.len() {
            for deed in [Deed::Serve, Deed::Take] {
                self.act(node, number, &deed);
            }
            let connections = &self.all[number].connections;
            goes_on |= connections.iter().any(|connection| !connection.is_idle());
        }
        goes_on
    }

    /// The server stops: it takes no more from its connections.
    pub(super) fn stop(&mut self, node: &mut Node) {
        node.leases.is_stopping = true;
        for connection in self.all.iter_mut().flat_map(|engine| &mut engine.connections) {
            let owes = connection.owes_answers();
            node.reached.note_if(Situation::StoppedWithAnswersDue, owes);
            connection.stop(node);
        }
    }

    /// The process has died, and all connections with it.
    pub(super) fn drop_connections(&mut self) {
        for engine in &mut self.all {
            if !engine.connections.is_empty() {
                engine.lost = Some(Loss::Crash);
            }
            engine.connections.clear();
        }
    }

    /// When nothing is on its way, every engine knows all that has happened.
    pub(super) fn check_complete(&self, node: &Node) {
        for connection in self.all.iter().flat_map(|engine| &engine.connections) {
            assert!(connection.is_idle(), "a connection never comes to rest");
            connection.check_carries_alone(node);
            connection.check.check_complete(&self.histories);
        }
    }

    /// When a server has stopped, its connections have ended.
    pub(super) fn check_all_ended(&self) {
        let are_over = self.all.iter().all(|engine| engine.connections.is_empty());
        assert!(are_over, "a connection outlives its server");
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether an engine has a connection, and the calls that it believes to be live if it has a lease to resume.
    pub(crate) fn engine(&self, number: usize) -> (bool, Option<&BTreeSet<CallId>>) {
        let engine = self.all.get(number);
        let newest = engine.and_then(|engine| engine.connections.last());
        let is_connected = newest.is_some_and(|connection| !connection.is_cut);
        (is_connected, engine.filter(|engine| engine.lease.is_some()).map(|engine| &engine.live))
    }
}
