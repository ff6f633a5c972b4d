//! Coverage: the corners that traffic must reach for the proof to mean something.

macro_rules! situations {
    ($($name:ident: $what:literal,)*) => {
        /// Something that a world has been through.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Situation {
            $(#[doc = $what] $name,)*
        }

        impl Situation {
            /// All of them, with what each is.
            pub const ALL: &[(Self, &str)] = &[$((Self::$name, $what),)*];
        }
    };
}

situations! {
    DecidedOnTop: "Commands were decided on top of a record on its way.",
    UndoneOnTop: "What was decided on top of a record was undone as its commit failed.",
    AnsweredWithoutRecord: "Commands that led to nothing were answered without a record.",
    TimeMarked: "A record without events marked the time.",
    FailedAndWritten: "A commit was not confirmed, and the log held the record.",
    FailedAndNotWritten: "A commit was not confirmed, and the log did not hold the record.",
    FateUnknown: "After a failed commit the log could not be read for a while.",
    UnknownAndWritten: "A record that nobody could tell of for a while was in the log.",
    StillNotWritable: "The store refused writes for a while after it could be read.",
    RefusedWhileNotWritable: "A command was refused while the store refused writes.",
    ShownWhileNotWritable: "A reader was shown the state while the store refused writes.",
    CrashBeforeWrite: "A crash came before the record on its way was written.",
    CrashAfterWrite: "A crash came after a record was written and before the node heard of it.",
    CrashInRecovery: "A crash came while a node found out what a failed commit had left.",
    TornAndGone: "A crash left part of a record, which counted for nothing.",
    TornAndWhole: "What a failed write left was a whole record after a crash.",
    CrashTwice: "A crash came right after another.",
    RestartFromSnapshot: "A restart went on from a snapshot and the records after it.",
    RestartFromSnapshotAlone: "A restart found no record after the snapshot.",
    TurnedAway: "An order was turned away, as too many of its organisation waited.",
    LetInThoughFull: "An order was let in although others' orders filled the room.",
    ExpiryOverdue: "Expiry went ahead of what waited, as it had waited long enough.",
    ExpiryHeldBack: "Expiry waited for what came before it.",
    Stalled: "The node did nothing for so long that the time did not count.",
    ClockSetBack: "The system's clock was set back, and the node restarted.",
    ClockFollowedBack: "The system's clock was set back, and the times that are shown followed.",
    ClockFollowedForward: "The system's clock was set forward, and the times that are shown followed.",
    ClockInDoubt: "A node started with a clock more than a day ahead.",
    ClockConfirmed: "A clock that was in doubt was said to be right.",
    WaiterOfStarted: "Somebody waited for a call until it started.",
    WaiterOfEnded: "Somebody waited for a call until it ended in the queue.",
    WaiterSentAway: "Somebody who waited for a call was sent away by a failed commit.",
    SnapshotFailed: "A snapshot could not be kept.",
    ProjectionRepeated: "A projection was carried out, said that it had failed, and was repeated.",
    LogTruncated: "The beginning of the log was removed.",
    FollowedAcrossCrash: "Somebody followed events from before a crash to after it.",
    FollowedAnotherTenant: "Somebody followed a deleted organisation into the next one with its id.",
    EventsMetAnAnswer: "Several events had happened when an engine's frames were answered.",
    PositionTold: "An engine was told that a call's position had changed.",
    SlowEngineClosed: "An engine that did not take what it was told was sent away.",
    EngineFellBehind: "More happened to an engine's calls than waits for one that reads too slowly.",
    LeaseEndedWhileConnected: "A lease ended while its engine was connected.",
    LeaseRanOutWhileAway: "An engine came back too late: its lease had run out.",
    ResumedAfterCut: "An engine resumed its lease after its connection had broken.",
    ResumedAfterCrash: "An engine resumed its lease after a crash of the server.",
    ResumedAfterStop: "An engine resumed its lease after the server had stopped and started.",
    ResumedWhenTooSlow: "An engine that had read too slowly resumed its lease.",
    ResumedElsewhere: "A lease was resumed while another connection carried it.",
    RefusedBesideCarrier: "A resumption was refused while another connection carried the lease.",
    ChangedWhileResumed: "Something happened between two looks of a resumption.",
    CallLost: "An engine was told that another lease had adopted one of its calls.",
    CallGained: "An engine was told of a call that its lease had adopted elsewhere.",
    PlanLimitRefused: "A plan's limit was refused by one of several shards.",
    StoppedWithAnswersDue: "A server stopped that had not answered all it had taken.",
}

/// Which situations were reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached(u64);

impl Reached {
    pub(crate) fn note(&mut self, situation: Situation) {
        self.0 |= 1 << situation as u64;
    }

    pub(crate) fn note_if(&mut self, situation: Situation, is_so: bool) {
        if is_so {
            self.note(situation);
        }
    }

    /// Adds what another world reached.
    pub fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// What was not reached.
    pub fn missing(self) -> impl Iterator<Item = &'static str> {
        let is_missing = move |situation: Situation| self.0 & (1 << situation as u64) == 0;
        Situation::ALL.iter().filter(move |(it, _)| is_missing(*it)).map(|(_, what)| *what)
    }
}
