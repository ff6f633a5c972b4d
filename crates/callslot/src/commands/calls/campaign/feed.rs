//! The feed: one thread reads the list, a few send batches, and the server's refusals for want of room slow them down.
//!
//! A call's id is that of its row, so a batch whose answer was lost is sent again and starts nothing twice. Start reading at
//! [`Feed::run`].

use std::io::BufRead;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callslot_api::limits::MAX_BATCH_CALLS;
use callslot_api::{BatchResult, CallBatch, CallStart, Client, ClientError, Problem};
use callslot_server::Stopwatch;

use crate::commands::calls::campaign::progress::Board;
use crate::commands::calls::campaign::rows::{Row, Rows};
use crate::failure::Failure;

/// The most that the calls of a batch take, in bytes of JSON; a body may have 1 MiB.
const MAX_BATCH_BYTES: usize = 900 << 10;
/// What a call takes beside its id and its metadata, at most: keys, numbers, the agent and four gates.
const CALL_BYTES: usize = 640;
/// How often it is drawn, and how often a thread that waits looks whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a thread waits before it sends again, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(4));
/// After how long without an answer a feed gives up.
const GIVES_UP_AFTER: Duration = Duration::from_mins(10);
/// How many calls are sent at least after the server had no room.
const LEAST_TRIED: usize = 25;

/// What to do about a row that cannot be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OnBadRow {
    /// Stop there; the rows before it are fed.
    Stop,
    /// Go on with the next one.
    Skip,
}

/// How rows become calls.
#[derive(Debug, Clone)]
pub struct Feed {
    /// What all calls have in common; its id is the beginning of theirs.
    pub call: CallStart,
    /// Whether each id is looked up first: the server forgets an ended id in time, its list of ended calls does not.
    pub looks_up: bool,
    pub on_bad_row: OnBadRow,
}

/// A call to start, and the line of its row.
#[derive(Debug)]
struct Item {
    line: u64,
    start: CallStart,
}

/// What is to be done about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// There is no room now: send it again later.
    Wait,
    /// The server could not do it: send it again.
    Retry,
    /// It is about this row alone.
    PassOver,
    /// No row would be taken.
    GiveUp,
}

impl Feed {
    /// Feeds all rows with as many threads as there are clients, and returns when the last answer is there.
    pub fn run<R: BufRead + Send + 'static>(
        self,
        rows: Rows<R>,
        clients: Vec<Client>,
        board: &Arc<Board>,
    ) {
        let (send, receive) = sync_channel(1);
        let (feed, receive) = (Arc::new(self), Arc::new(Mutex::new(receive)));
        // The reader may hang on its input; nobody waits for it.
        let (reader, its_board) = (Arc::clone(&feed), Arc::clone(board));
        std::thread::spawn(move || reader.read(rows, &send, &its_board));
        let (is_done, done) = channel::<()>();
        for client in clients {
            let (feed, board) = (Arc::clone(&feed), Arc::clone(board));
            let (receive, is_done) = (Arc::clone(&receive), is_done.clone());
            std::thread::spawn(move || {
                feed.send_all(&client, &receive, &board);
                drop(is_done);
            });
        }
        drop(is_done);
        while done.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
            board.draw();
        }
        board.clear();
    }

    /// Reads the list, and hands it on batch by batch.
    fn read<R: BufRead>(&self, mut rows: Rows<R>, send: &SyncSender<Vec<Item>>, board: &Board) {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while !board.is_stopped() {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    let said = format!("the list cannot be read further: {error}");
                    board.fail_after_the_rest(Failure::said(said));
                    break;
                }
            };
            board.rows.fetch_add(1, Relaxed);
            match row {
                Ok(row) => {
                    let item = self.item(row);
                    let metadata = item.start.metadata.as_ref();
                    let its_bytes = CALL_BYTES + metadata.map_or(0, |it| it.as_text().len());
                    if batch.len() == MAX_BATCH_CALLS || bytes + its_bytes > MAX_BATCH_BYTES {
                        bytes = 0;
                        if send.send(std::mem::take(&mut batch)).is_err() {
                            return;
                        }
                    }
                    bytes += its_bytes;
                    batch.push(item);
                }
                Err(bad) => {
                    board.bad.fetch_add(1, Relaxed);
                    if self.on_bad_row == OnBadRow::Stop {
                        board.fail_after_the_rest(stopped_at(bad.line, &bad.why));
                        break;
                    }
                    board.tell_row(bad.line, &format!("{}; skipped", bad.why));
                }
            }
        }
        // The last one, unless nobody sends any more.
        let _ = send.send(batch);
    }

    fn item(&self, row: Row) -> Item {
        let prefix = self.call.id.as_deref().unwrap_or_default();
        let start = CallStart {
            id: Some(format!("{prefix}{}", row.id)),
            metadata: (!row.metadata.is_empty()).then_some(row.metadata),
            ..self.call.clone()
        };
        Item { line: row.line, start }
    }

    /// Sends batches until there are no more.
    fn send_all(&self, client: &Client, receive: &Mutex<Receiver<Vec<Item>>>, board: &Board) {
        while !board.is_stopped() {
            let next = receive.lock().unwrap_or_else(PoisonError::into_inner);
            let next = next.recv_timeout(LOOK_EVERY);
            match next {
                Ok(items) => self.send(client, items, board),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Sends a batch until the server has all of it, or the feed is stopped.
    fn send(&self, client: &Client, items: Vec<Item>, board: &Board) {
        let mut items = if self.looks_up { look_up(client, items, board) } else { items };
        let mut patience = Patience::new();
        let mut most = MAX_BATCH_CALLS;
        while !items.is_empty() && !board.is_stopped() {
            let rest = items.split_off(items.len().min(most));
            let calls = items.iter().map(|item| item.start.clone()).collect();
            match client.start_calls(&CallBatch { calls }) {
                Ok(answer) => {
                    let tried = items.len();
                    let (left, why) = self.settle(items, answer.results, board);
                    items = left;
                    let taken = tried - items.len();
                    if let Some((remedy, why)) = why.filter(|_| !items.is_empty()) {
                        most = (2 * taken).clamp(LEAST_TRIED, MAX_BATCH_CALLS);
                        if taken > 0 {
                            patience = Patience::new();
                        }
                        patience.wait(remedy, &why, board);
                    } else {
                        (patience, most) = (Patience::new(), MAX_BATCH_CALLS);
                        board.set_wait(None);
                    }
                }
                Err(error) => match whole(&error) {
                    Remedy::GiveUp | Remedy::PassOver => return board.fail(error.into()),
                    remedy @ (Remedy::Wait | Remedy::Retry) => {
                        patience.wait(remedy, &error.to_string(), board);
                    }
                },
            }
            items.extend(rest);
        }
    }

    /// Counts the outcomes of a batch; returns the calls that are to be sent again, and why.
    fn settle(
        &self,
        items: Vec<Item>,
        results: Vec<BatchResult>,
        board: &Board,
    ) -> (Vec<Item>, Option<(Remedy, String)>) {
        let mut left = Vec::new();
        let mut why = None;
        let mut taken = 0;
        for (item, result) in items.into_iter().zip(results) {
            let problem = match result {
                BatchResult::Call(_) => {
                    taken += 1;
                    continue;
                }
                BatchResult::Error(problem) => problem,
            };
            match of_row(&problem) {
                remedy @ (Remedy::Wait | Remedy::Retry) => {
                    left.push(item);
                    why.get_or_insert_with(|| (remedy, problem.to_string()));
                }
                Remedy::PassOver => {
                    board.refused.fetch_add(1, Relaxed);
                    let said = format!("refused: {problem}");
                    match self.on_bad_row {
                        OnBadRow::Stop => board.fail(stopped_at(item.line, &said)),
                        OnBadRow::Skip => board.tell_row(item.line, &said),
                    }
                }
                Remedy::GiveUp => board.fail(ClientError::Problem(problem).into()),
            }
        }
        board.taken.fetch_add(taken, Relaxed);
        (left, why)
    }
}

/// Leaves out the rows whose calls are known already, live or ended.
fn look_up(client: &Client, items: Vec<Item>, board: &Board) -> Vec<Item> {
    let mut unknown = Vec::with_capacity(items.len());
    for item in items {
        let mut patience = Patience::new();
        while !board.is_stopped() {
            match client.call(item.start.id.as_deref().unwrap_or_default(), 0) {
                Ok(_) => {
                    board.taken.fetch_add(1, Relaxed);
                    board.found.fetch_add(1, Relaxed);
                }
                Err(ClientError::Problem(problem)) if problem.code == "unknown_call" => {
                    unknown.push(item);
                }
                Err(error) => match whole(&error) {
                    Remedy::GiveUp | Remedy::PassOver => {
                        board.fail(error.into());
                        return Vec::new();
                    }
                    remedy @ (Remedy::Wait | Remedy::Retry) => {
                        patience.wait(remedy, &error.to_string(), board);
                        continue;
                    }
                },
            }
            break;
        }
    }
    unknown
}

/// What to do about a request that came to nothing.
fn whole(error: &ClientError) -> Remedy {
    match error {
        ClientError::Problem(problem) => match problem.status {
            429 => Remedy::Wait,
            408 | 500.. => Remedy::Retry,
            _ => Remedy::GiveUp,
        },
        // A proxy in front of the server, or half an answer of one that is gone.
        ClientError::Unreachable { .. } | ClientError::Unexpected { .. } => Remedy::Retry,
        ClientError::Unsendable { .. } => Remedy::GiveUp,
    }
}

/// What to do about a refused call of a batch.
fn of_row(problem: &Problem) -> Remedy {
    match problem.status {
        429 => Remedy::Wait,
        500.. => Remedy::Retry,
        // An agent, a gate or a lease that is not there, which all rows name.
        401..=404 => Remedy::GiveUp,
        _ => Remedy::PassOver,
    }
}

fn stopped_at(line: u64, why: &str) -> Failure {
    Failure::said(format!(
        "stopped at line {line}: {why}; correct it and run the same command again, which makes no call twice, or add --on-bad-row \
         skip"
    ))
}

/// How long to wait before something is sent again.
struct Patience {
    next: Duration,
    since: Stopwatch,
}

impl Patience {
    fn new() -> Self {
        Self { next: PAUSES.0, since: Stopwatch::start() }
    }

    /// Waits, longer each time, or until the feed is stopped. Gives up on a server that does not answer for long; one that has no
    /// room may have none for hours.
    fn wait(&mut self, remedy: Remedy, why: &str, board: &Board) {
        if remedy == Remedy::Retry && self.since.elapsed() > GIVES_UP_AFTER {
            return board.fail(Failure::said(format!(
                "no answer for 10 minutes ({why}); run the same command again to go on"
            )));
        }
        board.set_wait(Some(match remedy {
            Remedy::Wait => "the server has no room now; the feed waits",
            Remedy::Retry | Remedy::PassOver | Remedy::GiveUp => {
                "the server does not answer; the feed tries again"
            }
        }));
        let mut left = self.next;
        while !left.is_zero() && !board.is_stopped() {
            let now = left.min(LOOK_EVERY);
            std::thread::sleep(now);
            left -= now;
        }
        self.next = (self.next * 2).min(PAUSES.1);
    }
}
