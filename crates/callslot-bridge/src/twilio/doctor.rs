//! Looks for what most often keeps callers from being connected, at the server and the carrier, each with its fix.

use callslot_client::Slots;

use crate::doctor::{Check, of_server};
use crate::settings::Settings;
use crate::twilio::carrier_api::{CarrierApi, Dialect, Secrets};

/// Checks the server, its agents and gates, and the carrier's account and numbers. Blocks.
#[must_use]
pub fn examine(
    settings: &Settings,
    dialect: Dialect,
    secrets: &Secrets,
    slots: &Slots,
) -> Vec<Check> {
    let mut checks = of_server(settings.agents(), settings.gates(), slots);
    let mut check = |what: String, wrong: Option<String>| checks.push(Check { what, wrong });
    let Some(carrier) = &settings.carrier else {
        check("the settings have a [carrier]".into(), Some("write one".into()));
        return checks;
    };
    let api = CarrierApi::new(carrier, dialect, &secrets.api);
    match dialect {
        Dialect::Twiml => {
            for number in &settings.numbers {
                let number = number.number.get_ref();
                check(format!("{number} at the carrier"), number_at(&api, number, settings.base()));
            }
        }
        Dialect::Texml => {
            let asked = api.how_ended("callslot-doctor").err();
            let wrong = asked.map(|error| format!("{error}; check `account` and TELNYX_API_KEY"));
            check("the carrier's API takes the key".into(), wrong);
        }
    }
    if !settings.outbound.is_empty() {
        let wrong = secrets.dispatch.is_none().then(|| {
            format!(
                "agents dial, and CALLSLOT_WEBHOOK_SECRET is not set; `callslot webhook create {}/dispatch --events call.started --agents …` prints it",
                settings.base()
            )
        });
        check("the secret of the dispatch webhook".into(), wrong);
    }
    checks
}

/// What is wrong with a number at the carrier.
fn number_at(api: &CarrierApi, number: &str, base: &str) -> Option<String> {
    let there = match api.number(number) {
        Ok(Some(there)) => there,
        Ok(None) => return Some("the account has no such number".into()),
        Err(error) => return Some(format!("{error}; check `account` and TWILIO_AUTH_TOKEN")),
    };
    let (voice, status) = (format!("{base}/voice"), format!("{base}/status"));
    if there.voice_url.as_deref() != Some(&voice) {
        return Some(format!("set its webhook for incoming calls to {voice}"));
    }
    if there.status_callback.as_deref() != Some(&status) {
        return Some(format!("set its callback for call status changes to {status}"));
    }
    None
}
