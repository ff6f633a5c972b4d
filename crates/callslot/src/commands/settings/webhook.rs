//! `callslot webhook`: lists, adds, changes, tests and removes webhooks, and shows what was delivered.

use callslot_api::{self as api, CallType, Redeliver, WebhookCreate, WebhookPatch, WebhookRotate};
use clap::{Args, Subcommand};

use crate::commands::settings::key::seconds;
use crate::failure::Failure;
use crate::output::{or_dash, show, show_gone, show_list, word};
use crate::remote::{Remote, all_pages, id};

/// Manages webhooks.
#[derive(Debug, Args)]
pub struct Webhook {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List webhooks with their states
    List,
    /// Create a webhook and print its secret (shown once)
    #[command(
        after_help = "Examples:\n  callslot webhook create https://example.com/callslot\n  callslot webhook create https://example.com/start --events call.started --types outbound --json"
    )]
    Create {
        /// Where events are sent
        // `url` is the server's, for every command.
        #[arg(value_name = "URL")]
        to: String,
        #[command(flatten)]
        wanted: Wanted,
        /// Only watch: a 2xx to call.started claims no call
        #[arg(long)]
        watch_only: bool,
    },
    /// Show one webhook: its settings and how it fares
    Show {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Change a webhook; what is not given stays
    #[command(
        after_help = "Examples:\n  callslot webhook edit wh_1f0c --events call.started,call.ended\n  callslot webhook edit wh_1f0c --enabled true"
    )]
    Edit {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
        /// Where events are sent
        #[arg(long, value_name = "URL")]
        to: Option<String>,
        #[command(flatten)]
        wanted: Wanted,
        /// Whether its 2xx to call.started claims a call
        #[arg(long, value_name = "BOOL")]
        claims: Option<bool>,
        /// false disables it, true lets it go on from where it was
        #[arg(long, value_name = "BOOL")]
        enabled: Option<bool>,
    },
    /// Delete a webhook
    Delete {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// Give a webhook a new secret and print it (shown once); the old one signs too for 24 h
    #[command(
        after_help = "Examples:\n  callslot webhook rotate wh_1f0c\n  callslot webhook rotate wh_1f0c --grace 0s"
    )]
    Rotate {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
        /// How long the old secret signs too, at most 24h; 0s: no earlier one signs any more
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = seconds)]
        grace: u64,
    },
    /// Send a test event now, and print what the receiver said
    #[command(after_help = "Example:\n  callslot webhook test wh_1f0c")]
    Test {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
    },
    /// List attempts to deliver, newest first
    #[command(after_help = "Example:\n  callslot webhook deliveries wh_1f0c --limit 20")]
    Deliveries {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Deliver again: everything after an event's number, or single events
    #[command(
        after_help = "Examples:\n  callslot webhook redeliver wh_1f0c --after 41\n  callslot webhook redeliver wh_1f0c --ids evt_1f0c0019aa_42"
    )]
    Redeliver {
        /// The webhook's id
        #[arg(value_parser = id)]
        id: String,
        /// Everything after this event's number
        #[arg(long, required_unless_present = "ids", conflicts_with = "ids")]
        after: Option<u64>,
        /// These events, by the ids of their deliveries, comma-separated
        #[arg(long, value_delimiter = ',')]
        ids: Option<Vec<String>>,
    },
}

/// Which events a webhook gets.
#[derive(Debug, Args)]
struct Wanted {
    /// Only these events, comma-separated (a new webhook: all)
    #[arg(long, value_delimiter = ',')]
    events: Option<Vec<String>>,
    /// Only events of these agents, comma-separated
    #[arg(long, value_delimiter = ',')]
    agents: Option<Vec<String>>,
    /// Only events of calls of these types, comma-separated
    #[arg(long, value_delimiter = ',', value_parser = call_type)]
    types: Option<Vec<CallType>>,
    /// Only events of these gates, comma-separated
    #[arg(long, value_delimiter = ',')]
    gates: Option<Vec<String>>,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
}

fn call_type(text: &str) -> Result<CallType, String> {
    let json = serde_json::Value::String(text.to_owned());
    serde_json::from_value(json).map_err(|error| error.to_string())
}

impl Webhook {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let json = self.remote.json;
        match &self.action {
            Action::List => {
                let webhooks = all_pages(|cursor| client.webhooks(cursor), usize::MAX)?;
                show_list(json, &webhooks, &["id", "url", "events", "state", "behind"], row);
            }
            Action::Create { to, wanted, watch_only } => {
                show_secret(json, &client.create_webhook(&wanted.create(to, *watch_only))?);
            }
            Action::Show { id } => show_one(json, &client.webhook(id)?),
            Action::Edit { id, to, wanted, claims, enabled } => {
                let patch = wanted.patch(to.clone(), *claims, *enabled);
                show_one(json, &client.change_webhook(id, &patch)?);
            }
            Action::Delete { id } => {
                client.delete_webhook(id)?;
                show_gone(json, "webhook", id);
            }
            Action::Rotate { id, grace } => {
                let rotate = WebhookRotate { grace_s: Some(*grace) };
                show_secret(json, &client.rotate_webhook(id, &rotate)?);
            }
            Action::Test { id } => {
                let tested = client.test_webhook(id)?;
                show(json, &tested, &said(&tested));
                if !tested.taken {
                    return Err(Failure::said("the test was not taken"));
                }
            }
            Action::Deliveries { id, limit } => {
                let page = |cursor: Option<&str>| client.deliveries(id, cursor);
                let mut deliveries = all_pages(page, *limit)?;
                deliveries.truncate(*limit);
                let heading = ["at", "id", "event", "attempt", "outcome", "status", "ms", "cause"];
                show_list(json, &deliveries, &heading, delivery_row);
            }
            Action::Redeliver { id, after, ids } => {
                let what = Redeliver { after: *after, ids: ids.clone() };
                show_one(json, &client.redeliver(id, &what)?);
            }
        }
        Ok(())
    }
}

impl Wanted {
    fn create(&self, url: &str, watch_only: bool) -> WebhookCreate {
        WebhookCreate {
            url: url.to_owned(),
            events: self.events.clone().unwrap_or_else(|| vec!["*".to_owned()]),
            agents: self.agents.clone(),
            types: self.types.clone(),
            gates: self.gates.clone(),
            description: self.description.clone(),
            claims: watch_only.then_some(false),
        }
    }

    fn patch(
        &self,
        url: Option<String>,
        claims: Option<bool>,
        enabled: Option<bool>,
    ) -> WebhookPatch {
        WebhookPatch {
            url,
            events: self.events.clone(),
            agents: self.agents.clone().map(Some),
            types: self.types.clone().map(Some),
            gates: self.gates.clone().map(Some),
            description: self.description.clone().map(Some),
            claims,
            enabled,
        }
    }
}

fn show_secret(json: bool, webhook: &api::Webhook) {
    let secret = webhook.secret.clone().unwrap_or_default();
    let line = format!("{} ({}), shown only once:\n{secret}", webhook.id, webhook.url);
    show(json, webhook, &line);
}

fn show_one(json: bool, webhook: &api::Webhook) {
    let missed = (webhook.missed > 0).then(|| format!(", {} missed", webhook.missed));
    let disabled = webhook.disabled_because.as_ref().map(|why| format!("\ndisabled: {why}"));
    let failure = webhook.last_failure.as_ref();
    let failure = failure.map(|it| format!("\nlast failure {}: {}", it.at, it.cause));
    let line = format!(
        "{} {} gets {}: {}, {} events behind{}{}{}",
        webhook.id,
        webhook.url,
        webhook.events.join(", "),
        word(&webhook.state),
        webhook.behind,
        missed.unwrap_or_default(),
        disabled.unwrap_or_default(),
        failure.unwrap_or_default()
    );
    show(json, webhook, &line);
}

fn said(tested: &api::WebhookTested) -> String {
    let status = or_dash(tested.status);
    let cause = tested.cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("status {status} after {} ms{cause}", tested.duration_ms)
}

fn row(webhook: &api::Webhook) -> Vec<String> {
    vec![
        webhook.id.clone(),
        webhook.url.clone(),
        webhook.events.join(","),
        word(&webhook.state),
        webhook.behind.to_string(),
    ]
}

fn delivery_row(delivery: &api::Delivery) -> Vec<String> {
    vec![
        delivery.at.to_string(),
        delivery.id.clone(),
        delivery.event.clone(),
        delivery.attempt.to_string(),
        word(&delivery.outcome),
        or_dash(delivery.status),
        delivery.duration_ms.to_string(),
        or_dash(delivery.cause.as_ref()),
    ]
}
