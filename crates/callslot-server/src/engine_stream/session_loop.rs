//! Runs the session of a connected engine: everything that can wake it is in [`SessionLoop::serve`]. It waits, and decides
//! nothing: `callslot-engine-stream` does.

use std::future::ready;
use std::iter::from_fn;
use std::pin::pin;

use callslot_core::LeaseId;
use callslot_engine_stream::{Goodbye, Limits, Session};
use callslot_node::{LeaseWatch, WatchEnd};
use futures_util::future::FutureExt;
use tokio::time::sleep_until;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::auth::secrets::new_id;
use crate::engine_stream::engine::{Engine, now};
use crate::engine_stream::frames::json;
use crate::engine_stream::outbox::Outbox;
use crate::engine_stream::pending_work::{Done, UnderWay};
use crate::engine_stream::socket::{Heard, Socket};
use crate::refusal::Refusal;

pub(crate) struct SessionLoop {
    engine: Engine,
    socket: Socket,
    session: Session<Refusal>,
    watch: LeaseWatch,
    outbox: Outbox,
    under_way: UnderWay,
}

impl SessionLoop {
    pub(crate) fn new(engine: Engine, socket: Socket, grace_s: u64) -> Self {
        let lease = LeaseId::parse(&new_id("lease")).expect("an id we make is one");
        Self {
            watch: engine.watch(lease.clone()),
            under_way: UnderWay::new(engine.clone()),
            engine,
            socket,
            session: Session::new(now(), lease, grace_s, Limits::default()),
            outbox: Outbox::default(),
        }
    }

    /// Serves the engine until one of the two ends it.
    pub(crate) async fn run(mut self) {
        let goodbye = self.serve().await;
        if let Goodbye::Close { fault: Some(fault), .. } = &goodbye {
            self.engine.app.metrics.count_cut((*fault).into());
        }
        self.socket.end(goodbye).await;
    }

    async fn serve(&mut self) -> Goodbye {
        let app = self.engine.app.clone();
        let (mut stop, mut is_stopping) = (pin!(app.closed()), false);
        let mut timer = pin!(sleep_until(self.session.next_timer().into()));
        loop {
            let next_timer = self.session.next_timer().into();
            // A timer that fires early does no harm, and setting it anew for each message would cost.
            if next_timer < timer.deadline() || timer.is_elapsed() {
                timer.as_mut().reset(next_timer);
            }
            let mut is_sent = false;
            tokio::select! {
                biased;
                () = &mut stop, if !is_stopping => {
                    is_stopping = true;
                    self.session.handle_stop(now());
                }
                () = timer.as_mut() => {
                    if self.engine.is_admitted() {
                        self.session.handle_timer(now());
                    } else {
                        self.session.handle_revocation();
                    }
                }
                // Each turn takes the rest anyway, so it may come after the messages of a busy client.
                heard = self.socket.next(), if self.session.wants_socket() => {
                    is_sent = matches!(heard, Heard::Sent);
                    self.hear(heard).await;
                }
                done = self.under_way.next(), if self.session.wants_outcomes() => self.take(done),
                happened = self.watch.next(), if self.session.wants_event() => {
                    self.session.handle_event(now(), happened);
                }
                () = ready(()), if self.session.has_frame() => {}
            }
            // Between two messages to the client it may say something.
            if !is_sent {
                self.send_what_is_there();
            }
            let goodbye = self.session.poll_goodbye();
            while let Some(work) = self.session.poll_work() {
                self.under_way.begin(work);
            }
            if let Some(goodbye) = goodbye {
                return goodbye;
            }
        }
    }

    async fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Message(_) if !self.engine.is_admitted() => self.session.handle_revocation(),
            Heard::Message(text) => {
                let frames = self.engine.read(&text).await;
                self.session.handle_message(frames);
            }
            Heard::SignOfLife => self.session.handle_sign_of_life(),
            Heard::Sent => self.session.handle_sent(),
            Heard::Wrong(code, reason) => self.session.handle_violation(code.into(), reason),
            Heard::Gone => self.session.handle_gone(),
        }
    }

    fn take(&mut self, done: Done) {
        let happened = from_fn(|| self.watch.try_next());
        match done {
            Done::Answers(answers) => self.session.handle_answers(now(), happened, answers),
            Done::Positions(waits) => self.session.handle_positions(now(), happened, waits),
            Done::Resumed(Ok((resumed, watch))) => {
                self.watch = watch.take_over();
                self.session.handle_resumed(now(), Ok(resumed));
            }
            Done::Resumed(Err(refusal)) => self.session.handle_resumed(now(), Err(refusal)),
        }
    }

    /// Sends all that is available without waiting in one message.
    fn send_what_is_there(&mut self) {
        if self.watch.end() == Some(WatchEnd::FellBehind) {
            self.session.handle_event(now(), Err(WatchEnd::FellBehind));
        }
        while !self.outbox.is_full() {
            if let Some(frame) = self.session.poll_frame() {
                self.outbox.push(&json(frame, &self.engine.gate_hours()));
            } else if self.session.wants_outcomes()
                && let Some(done) = self.under_way.next().now_or_never()
            {
                self.take(done);
            } else if self.session.wants_event()
                && let Some(event) = self.watch.try_next()
            {
                self.session.handle_event(now(), Ok(event));
            } else {
                break;
            }
        }
        let ping = || self.session.poll_ping().then(|| Message::Ping(Bytes::new()));
        if let Some(message) = self.outbox.take().map(Message::Text).or_else(ping) {
            self.socket.send(message);
            self.session.handle_sending(now());
        }
    }
}
