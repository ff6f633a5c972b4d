//! A call, as the program holds it: [`Call`], and how it is asked for: [`CallRequest`].

use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use callslot_api::{CallType, Metadata, Problem, ProblemCode, StartFrame};
use serde::de::IgnoredAny;
use tokio::sync::{oneshot, watch};

use crate::commands::{Command, Commands};
use crate::ledger::{Handle, Opening, Request, RequestKind};
use crate::status::{Error, Over, State, Status};

/// How many characters of a note the server keeps.
const NOTE_CHARS: usize = 1_000;
/// More than the server takes of a call in any spelling, in bytes. What fits into no message would break the connection of all calls.
const FRAME_BYTES: usize = 64 * 1024;

/// A call that is to be started.
#[must_use = "a call is started once this is awaited"]
#[derive(Debug)]
pub struct CallRequest {
    commands: Commands,
    frame: StartFrame,
}

impl CallRequest {
    pub(crate) fn new(commands: Commands, agent: &str, call_type: CallType) -> Self {
        let frame = StartFrame {
            op: IgnoredAny,
            reference: None,
            agent: agent.to_owned(),
            call_type,
            id: None,
            gates: Vec::new(),
            max_wait_s: None,
            max_duration_s: None,
            claim_within_s: None,
            metadata: None,
        };
        Self { commands, frame }
    }

    /// Your own id for it: 1 to 128 printable ASCII characters without spaces and `/`. Without it one is made.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.frame.id = Some(id.into());
        self
    }

    /// The ids of the gates that it passes, up to 4. Their order does not matter.
    pub fn gates<I: IntoIterator<Item: Into<String>>>(mut self, gates: I) -> Self {
        self.frame.gates = gates.into_iter().map(Into::into).collect();
        self
    }

    /// How long the server lets it wait in line, in whole seconds up to 30 days; zero is not at all.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.frame.max_wait_s = Some(wait.as_secs());
        self
    }

    /// How long it may be active, in whole seconds: 1 s to a year.
    pub fn max_duration(mut self, duration: Duration) -> Self {
        self.frame.max_duration_s = Some(duration.as_secs());
        self
    }

    /// How soon it is [claimed](Call::claim) once it has its slot, in whole seconds: 1 s to an hour. Otherwise it goes back to the line.
    pub fn claim_within(mut self, within: Duration) -> Self {
        self.frame.claim_within_s = Some(within.as_secs());
        self
    }

    /// A JSON object of at most 4 KiB that is kept with it.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.frame.metadata = Some(metadata);
        self
    }

    /// Starts it, and returns once the server has answered: it is active, or queued and [`Call::wait`] waits.
    ///
    /// Given up (dropped) meanwhile, the call ends.
    pub async fn start(self) -> Result<Call, Error> {
        let id =
            self.frame.id.clone().unwrap_or_else(|| format!("call_{:032x}", fastrand::u128(..)));
        if serde_json::to_string(&self.frame).map_or(0, |frame| frame.len()) > FRAME_BYTES {
            let detail = "a call has up to 4 KiB of metadata, and less than 64 KiB in all";
            let problem = Problem::new(ProblemCode::BodyTooLarge, detail.to_owned());
            return Err(Error::Over { id, why: Over::Refused(Box::new(problem)) });
        }
        let mut call = Call::written(self.commands, id, Opening::Start(self.frame));
        call.answered().await?;
        Ok(call)
    }
}

impl IntoFuture for CallRequest {
    type Output = Result<Call, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// Starts it and waits in line until it has its slot. Given up (dropped) meanwhile, the call leaves the line.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut call = self.start().await?;
            call.wait().await?;
            Ok(call)
        })
    }
}

/// A call of this client. It ends when it is dropped, whatever becomes of the connection.
#[must_use = "a call ends when it is dropped"]
#[derive(Debug)]
pub struct Call {
    commands: Commands,
    handle: Handle,
    status: watch::Receiver<Status>,
}

impl Call {
    /// Writes a call down, which begins it.
    pub(crate) fn written(commands: Commands, id: String, opening: Opening) -> Self {
        let (handle, status) = commands.write(id, opening);
        Self { commands, handle, status }
    }

    /// The call's id; see [`Status::id`].
    #[must_use]
    pub fn id(&self) -> String {
        self.status.borrow().id.clone()
    }

    /// How it stands now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Whether it has its slot, for all that is known.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.status.borrow().state == State::Active
    }

    /// Waits until anything about it has changed, such as its position, which does at most once a second; how it stands then. Does not
    /// return for a call that is over and known to be.
    pub async fn changed(&mut self) -> Status {
        if self.status.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.status.borrow_and_update().clone()
    }

    /// Waits in line until it has its slot. Given up meanwhile, the call keeps its place; drop the call, and it leaves the line.
    pub async fn wait(&mut self) -> Result<(), Error> {
        self.until(|state| state == State::Active).await
    }

    /// Waits until it has no slot though you have not ended it, and returns how it stands: over, [`State::Lost`], or back in line since it was not
    /// claimed in time. Hang up then: the slot is somebody else's.
    pub async fn lost(&mut self) -> Status {
        self.reach(|state| state != State::Active).await
    }

    /// Ends it, and returns once the server has confirmed that. `note`, up to 1,000 characters, is kept with the call.
    ///
    /// Given up meanwhile, the end goes on.
    pub async fn end(mut self, note: Option<&str>) {
        self.commands.send(Command::End { handle: self.handle, note: note.map(kept) });
        // A client that was closed has ended its calls, or left them to others.
        self.reach(|state| state == State::Ended).await;
    }

    /// Claims a call that was started with [`CallRequest::claim_within`], once it has its slot. Safe to repeat.
    pub async fn claim(&self) -> Result<(), Error> {
        self.request(RequestKind::Claim).await
    }

    /// Gives a call that is to be claimed back to the line, or ends it for good.
    pub async fn decline(&self, for_good: bool, note: Option<&str>) -> Result<(), Error> {
        self.request(RequestKind::Decline { for_good, note: note.map(kept) }).await
    }

    async fn request(&self, kind: RequestKind) -> Result<(), Error> {
        let (done, answer) = oneshot::channel();
        self.commands.send(Command::Request(Request { handle: self.handle, kind, done }));
        answer.await.unwrap_or(Err(Error::NoAnswer))
    }

    /// Waits until the server has answered its start.
    pub(crate) async fn answered(&mut self) -> Result<(), Error> {
        self.until(|state| matches!(state, State::Queued | State::Active)).await
    }

    async fn until(&mut self, is_there: impl Fn(State) -> bool) -> Result<(), Error> {
        let status =
            self.reach(|it| is_there(it) || matches!(it, State::Lost | State::Ended)).await;
        if is_there(status.state) {
            return Ok(());
        }
        Err(Error::Over { id: status.id, why: status.over.unwrap_or(Over::Closed) })
    }

    /// Waits for a state, and returns how the call stands then: over, if nobody tells any more.
    async fn reach(&mut self, is_there: impl Fn(State) -> bool) -> Status {
        let is_told = self.status.wait_for(|status| is_there(status.state)).await.is_ok();
        let last = self.status();
        if is_told {
            return last;
        }
        let why = last.over.clone().unwrap_or(Over::Closed);
        Status { state: State::Ended, over: Some(why), ..last }
    }
}

/// As much of a note as the server takes. One that is far longer would not even fit into a message.
fn kept(note: &str) -> String {
    note.chars().take(NOTE_CHARS).collect()
}

impl Drop for Call {
    fn drop(&mut self) {
        self.commands.send(Command::End { handle: self.handle, note: None });
    }
}
