//! Client processes: call engines, and one that changes settings. The answers they got are kept.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::PATIENCE;
use crate::http::Client;
use crate::server::{OPERATOR, example};

/// A client's process, and what it was answered. It is killed when it is dropped.
pub struct Teller {
    pub process: Child,
    reading: Option<JoinHandle<Vec<Value>>>,
}

impl Teller {
    /// Starts a client; `news` hears of each answer.
    fn start(command: &mut Command, news: Sender<Value>) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("a client starts");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let reading = thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            let read = lines.map(|line| {
                let answer: Value = serde_json::from_str(&line).expect("JSON");
                // The test may have heard enough.
                let _ = news.send(answer.clone());
                answer
            });
            read.collect()
        });
        Self { process, reading: Some(reading) }
    }

    /// Waits until it ends on its own, and returns the answers it got.
    fn finish(mut self) -> Vec<Value> {
        let reading = self.reading.take().expect("it is read once");
        let answers = reading.join().expect("its output is readable");
        assert!(self.process.wait().expect("it ends").success(), "a client gave up");
        answers
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What engines do.
pub struct Load {
    pub engines: u64,
    pub calls_each: u64,
    pub workers_each: u64,
    pub lease_ttl_s: u64,
}

impl Load {
    pub fn calls(&self) -> u64 {
        self.engines * self.calls_each
    }
}

/// Call engines, each with calls of its own.
pub struct Engines {
    pub tellers: Vec<Teller>,
    news: Receiver<Value>,
}

impl Engines {
    pub fn start(client: &Client, load: &Load) -> Self {
        let (tell, news) = channel();
        let start = |number: u64| {
            let mut command = Command::new(example("engine"));
            command
                .args([&client.url, &client.key, &Self::name(number)])
                .args([load.calls_each, load.workers_each].map(|number| number.to_string()))
                .args([number + 1, load.lease_ttl_s].map(|number| number.to_string()));
            Teller::start(command.stdin(Stdio::null()), tell.clone())
        };
        Self { tellers: (0..load.engines).map(start).collect(), news }
    }

    /// The name of an engine, with which the ids of its calls begin.
    pub fn name(number: u64) -> String {
        format!("engine{number}")
    }

    /// Waits until they got this many more answers.
    pub fn wait_for_answers(&self, count: usize) {
        for _ in 0..count {
            self.wait_for_answer();
        }
    }

    /// Waits for the next answer to one of them.
    pub fn wait_for_answer(&self) -> Value {
        self.news.recv_timeout(PATIENCE).expect("engines are answered")
    }

    /// Waits until one of them learned that the store fails.
    pub fn wait_for_refusal(&self) {
        while self.wait_for_answer()["answer"]["code"] != "store_failed" {}
    }

    /// Waits until this many requests succeeded since the last refusal.
    pub fn wait_for_recovery(&self, count: usize) {
        let mut answered = 0;
        while answered < count {
            let is_refused = self.wait_for_answer()["status"] == 503;
            answered = if is_refused { 0 } else { answered + 1 };
        }
    }

    /// Whether none of them is given an answer in this time.
    pub fn hear_nothing_for(&self, time: Duration) -> bool {
        self.news.recv_timeout(time).is_err()
    }

    /// Forgets the answers given so far; those to come are news.
    pub fn forget_answers(&self) {
        while self.news.try_recv().is_ok() {}
    }

    /// Waits for all of them to end, and returns every answer they were given.
    pub fn finish(self) -> Vec<Value> {
        self.tellers.into_iter().flat_map(Teller::finish).collect()
    }
}

/// The process that changes settings.
pub struct Steering {
    teller: Teller,
    input: ChildStdin,
}

impl Steering {
    pub fn start(client: &Client) -> Self {
        let mut command = Command::new(example("steering"));
        command.args([&client.url, &client.key, OPERATOR, "default", "7"]).stdin(Stdio::piped());
        let mut teller = Teller::start(&mut command, channel().0);
        let input = teller.process.stdin.take().expect("its input");
        Self { teller, input }
    }

    /// Has it end, and returns every answer it was given.
    pub fn stop(self) -> Vec<Value> {
        drop(self.input);
        self.teller.finish()
    }
}
