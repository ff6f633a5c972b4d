//! `callslot listen`: sends events to an address of this machine, signed as a webhook signs them, through the event stream. So a
//! receiver can be tried before any server reaches it.

use std::time::Duration;

use callslot_api::{
    CallClaim, CallDecline, Client, ClientError, StreamedEvent, Time, WebhookAnswer,
    WebhookDecline, WebhookEvent,
};
use callslot_webhooks::{Secret, signatures};
use clap::Args;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::commands::watch::events::Followed;
use crate::failure::Failure;
use crate::output::{Printed, print_line};
use crate::remote::Remote;

/// How long the receiver has to answer, as with a webhook.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// How much of an answer is read, in bytes, as with a webhook.
const MAX_ANSWER_BYTES: u64 = 4 << 10;

/// Sends events to an address of this machine.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot listen --forward http://127.0.0.1:3000/hook\n  callslot listen --forward http://127.0.0.1:3000/hook --types call.started --watch-only\n\n\
Each event is sent once. Unless --watch-only is given, a 2xx to call.started claims a call that is to be claimed."
)]
pub struct Listen {
    #[command(flatten)]
    remote: Remote,
    /// Where to send events
    #[arg(long, value_name = "URL")]
    forward: String,
    /// The secret to sign with, `whsec_…` (default: a new one, which is printed)
    #[arg(long, env = "CALLSLOT_WEBHOOK_SECRET", hide_env_values = true)]
    secret: Option<String>,
    #[command(flatten)]
    followed: Followed,
    /// Claim no call
    #[arg(long)]
    watch_only: bool,
}

/// What every event's data has.
#[derive(Deserialize)]
struct Head {
    seq: u64,
    at: Time,
    call: Option<HeadOfCall>,
}

#[derive(Deserialize)]
struct HeadOfCall {
    id: String,
}

impl Listen {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let secret = match &self.secret {
            Some(text) => Secret::parse(text).map_err(|error| Failure::said(error.to_string()))?,
            None => new_secret(),
        };
        let org = client.pool()?.org;
        if self.secret.is_none() && !self.remote.json {
            print_line(&format!("The secret of this session: {}", secret.written()));
        }
        let receiver: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let forwarder = Forwarder { listen: self, client: &client, secret, org, receiver };
        self.followed
            .follow(&client, |event| print_line(&forwarder.forward(event)) == Printed::Whole)?;
        Ok(())
    }
}

struct Forwarder<'a> {
    listen: &'a Listen,
    client: &'a Client,
    secret: Secret,
    org: String,
    receiver: ureq::Agent,
}

impl Forwarder<'_> {
    /// Sends an event; returns the line about it.
    fn forward(&self, event: &StreamedEvent) -> String {
        let head: Option<Head> = serde_json::from_str(&event.data).ok();
        let data = RawValue::from_string(event.data.clone()).ok();
        let Some((head, data)) = head.zip(data) else {
            return self.line(event, "it cannot be read");
        };
        let body = WebhookEvent {
            kind: event.name.clone(),
            timestamp: head.at,
            org: self.org.clone(),
            seq: head.seq,
            data,
        };
        let body = serde_json::to_vec(&body).expect("an event can be written");
        let id = format!("evt_listen{:x}_{}", head.at.0, head.seq);
        let now_s = callslot_server::wall_now().0 / 1000;
        let sent = self
            .receiver
            .post(&self.listen.forward)
            .header("content-type", "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now_s.to_string())
            .header("webhook-signature", signatures([&self.secret], &id, now_s, &body))
            .send(&body);
        let (status, has_retry_after, answer) = match sent {
            Ok(mut answer) => {
                let text = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
                let has_retry_after = answer.headers().contains_key("retry-after");
                (answer.status().as_u16(), has_retry_after, text.unwrap_or_default())
            }
            Err(error) => return self.line(event, &format!("not sent: {error}")),
        };
        let offers = event.name == "call.started" && !self.listen.watch_only;
        let Some(call) = head.call.filter(|_| offers) else {
            return self.line(event, &status.to_string());
        };
        let done = self.decide(&call.id, (status, has_retry_after), &answer);
        self.line(event, &format!("{status}{done}"))
    }

    /// Does with a call what the answer says; returns what is to be said about it.
    fn decide(&self, call: &str, (status, has_retry_after): (u16, bool), answer: &[u8]) -> String {
        let said: Option<WebhookAnswer> = serde_json::from_slice(answer).ok();
        let decline = match said.and_then(|said| said.decline) {
            None if status == 503 && has_retry_after => Some(WebhookDecline::Now),
            decline => decline,
        };
        let (done, what) = match (status, decline) {
            (200..=299, _) => {
                (self.client.claim_call(call, &CallClaim::default()).map(drop), "claimed")
            }
            (_, Some(decline)) => {
                let for_good = decline == WebhookDecline::ForGood;
                let decline = CallDecline { for_good, note: None };
                (self.client.decline_call(call, &decline).map(drop), "declined")
            }
            (_, None) => return String::new(),
        };
        match done {
            Ok(()) => format!(", {what}"),
            // Most calls are not to be claimed.
            Err(ClientError::Problem(problem)) if problem.code == "no_claim_due" => String::new(),
            Err(error) => format!(", not {what}: {error}"),
        }
    }

    fn line(&self, event: &StreamedEvent, said: &str) -> String {
        if self.listen.remote.json {
            let line = serde_json::json!({ "id": event.id, "event": event.name, "answer": said });
            return line.to_string();
        }
        format!("{:>8} {:<20} {said}", event.id, event.name)
    }
}

fn new_secret() -> Secret {
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    Secret::of(bytes)
}
