//! An engine in a simulated world: what it sends, and what it learns from what it is sent.

use std::collections::BTreeSet;

use callslot_core::{CallId, CallView, DeclineCall, LeaseId, StartCall};
use callslot_engine_stream::{Asked, Frame, Goodbye, ServerFrame};

use crate::judge::stream_check::Refused;
use crate::report::Situation;
use crate::world::engines::connection::{Connection, Outgoing};
use crate::world::node::Node;

/// A frame of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saying {
    /// It starts a call under the connection's lease.
    Start(StartCall),
    /// It adopts a call under the connection's lease.
    Adopt(CallId),
    /// It claims a call.
    Claim(CallId),
    /// It declines a call.
    Decline(DeclineCall),
    /// It ends a call.
    End(CallId),
    /// It resumes the lease that it used last, and names the calls that it believes to be live.
    Resume,
}

/// An engine and what it remembers.
#[derive(Debug, Default)]
pub(super) struct Engine {
    /// The newest one last.
    pub(super) connections: Vec<Connection>,
    /// The lease that it put to use last.
    pub(super) lease: Option<LeaseId>,
    /// The calls that it believes to be live.
    pub(super) live: BTreeSet<CallId>,
    pub(super) lost: Option<Loss>,
}

/// How an engine lost its last connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    Cut,
    Crash,
    Stop,
    TooSlow,
}

impl Engine {
    /// Sends a message on the newest connection.
    pub(super) fn say(&mut self, sayings: &[Saying]) {
        let Some(connection) = self.connections.last_mut().filter(|it| !it.is_cut) else { return };
        let mut frames = Vec::new();
        for saying in sayings {
            let asked = match saying {
                Saying::Start(start) => {
                    self.lease = connection.lease_in_use().or(self.lease.take());
                    self.live.insert(start.id.clone());
                    Asked::Start(start.clone())
                }
                Saying::Adopt(call) => {
                    self.lease = connection.lease_in_use().or(self.lease.take());
                    Asked::Adopt(call.clone())
                }
                Saying::Claim(call) => Asked::Claim(call.clone()),
                Saying::Decline(decline) => Asked::Decline(decline.clone()),
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

    /// Its newest connection breaks.
    pub(super) fn cut(&mut self) {
        if let Some(connection) = self.connections.last_mut() {
            connection.is_cut = true;
            self.lost = Some(Loss::Cut);
        }
    }

    /// Takes what is on its way on each connection.
    pub(super) fn take(&mut self, node: &mut Node) {
        for place in 0..self.connections.len() {
            let connection = &mut self.connections[place];
            if connection.is_cut {
                continue;
            }
            match connection.outgoing.take() {
                Some(Outgoing::Ping) => connection.has_ponged = true,
                Some(Outgoing::Frames(frames)) => {
                    for frame in frames {
                        self.learn(node, place, frame);
                    }
                }
                None => {}
            }
        }
    }

    fn learn(&mut self, node: &mut Node, place: usize, frame: ServerFrame<Refused>) {
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
            ServerFrame::Lost(call) => {
                node.reached.note(Situation::CallLost);
                self.live.remove(&call.request.id);
            }
            ServerFrame::Resumed(part) => {
                node.reached.note_if(Situation::ResumedElsewhere, place > 0);
                if let Some(lost) = self.lost {
                    node.reached.note(match lost {
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
                for unknown in part.unknown {
                    self.live.remove(&unknown.id);
                }
            }
            ServerFrame::Answer { outcome: Err(_), .. } | ServerFrame::Position { .. } => {}
        }
    }

    /// Drops the connections that have ended.
    pub(super) fn notice_ends(&mut self, node: &mut Node) {
        for connection in &self.connections {
            let Some(goodbye) = &connection.goodbye else { continue };
            node.leases.connected.remove(&connection.number);
            let code = match goodbye {
                Goodbye::Left => continue,
                Goodbye::Close { code, .. } => *code,
            };
            match code {
                1001 => self.lost = Some(Loss::Stop),
                1013 => {
                    node.reached.note(Situation::SlowEngineClosed);
                    self.lost = Some(Loss::TooSlow);
                }
                4002 => node.reached.note(Situation::LeaseEndedWhileConnected),
                _ => {}
            }
        }
        self.connections.retain(|connection| connection.goodbye.is_none());
    }
}
