//! The carrier's API: how a call stands there, and what it is told outside of its own questions.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::settings::Carrier;
use crate::twilio::caller::Gone;
use crate::twilio::form;
use crate::twilio::signature::Signer;

/// How long the carrier has for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// Whose words are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Twilio's.
    Twiml,
    /// Telnyx's.
    Texml,
}

/// What must not be in a file.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// What the carrier signs with.
    pub signer: Signer,
    /// The secret of the carrier's API: Twilio's auth token, Telnyx's API key.
    pub api: String,
    /// The secret of Callslot's webhook to `/dispatch`, if agents dial.
    pub dispatch: Option<callslot_webhooks::Secret>,
}

/// Why the carrier's API did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// It cannot be reached, or is busy: later may be better.
    #[error("the carrier's API does not answer: {0}")]
    Away(String),
    /// It refuses this.
    #[error("the carrier's API refuses: {0}")]
    Refused(String),
}

/// A client of the carrier's API. Its methods block.
#[derive(Debug, Clone)]
pub(crate) struct CarrierApi {
    http: ureq::Agent,
    dialect: Dialect,
    /// The address of the account.
    account: String,
    application: Option<String>,
    authorization: String,
}

/// The part of a call that is read.
#[derive(Debug, Deserialize)]
struct CallThere {
    sid: String,
    #[serde(default)]
    status: String,
}

/// A number of the account.
#[derive(Debug, Deserialize)]
pub(crate) struct NumberThere {
    #[serde(default)]
    pub(crate) voice_url: Option<String>,
    #[serde(default)]
    pub(crate) status_callback: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NumbersThere {
    #[serde(default)]
    incoming_phone_numbers: Vec<NumberThere>,
}

/// A call to make.
#[derive(Debug)]
pub(crate) struct NewCall<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    /// Where the carrier asks once somebody has answered.
    pub(crate) answered: String,
    /// Where it says that the call is over.
    pub(crate) over: String,
    pub(crate) detect_machines: bool,
}

impl CarrierApi {
    pub(crate) fn new(carrier: &Carrier, dialect: Dialect, secret: &str) -> Self {
        let account = carrier.account.get_ref();
        let (usual, path, authorization) = match dialect {
            Dialect::Twiml => {
                let basic = STANDARD.encode(format!("{account}:{secret}"));
                ("https://api.twilio.com", "2010-04-01/Accounts", format!("Basic {basic}"))
            }
            Dialect::Texml => {
                ("https://api.telnyx.com", "v2/texml/Accounts", format!("Bearer {secret}"))
            }
        };
        let api = carrier.api.as_ref().map_or(usual, |api| api.get_ref().trim_end_matches('/'));
        let http = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let account = format!("{api}/{path}/{account}");
        Self { http, dialect, account, application: carrier.application.clone(), authorization }
    }

    /// How a call has ended; `None` while it goes on. A call that the carrier does not know is over.
    pub(crate) fn how_ended(&self, sid: &str) -> Result<Option<Gone>, ApiError> {
        let answer =
            self.http.get(self.call(sid)).header("authorization", &self.authorization).call();
        match read::<CallThere>(answer)? {
            Some(there) => Ok(form::gone(&there.status).map(|_| Gone::FoundOver)),
            None => Ok(Some(Gone::FoundOver)),
        }
    }

    /// Has the carrier ask for instructions at this address at once.
    pub(crate) fn turn(&self, sid: &str, url: &str) -> Result<(), ApiError> {
        self.post(&self.call(sid), &[("Url", url), ("Method", "POST")]).map(drop)
    }

    /// Hangs up.
    pub(crate) fn hang_up(&self, sid: &str) -> Result<(), ApiError> {
        self.post(&self.call(sid), &[("Status", "completed")]).map(drop)
    }

    /// Makes a call; its id at the carrier.
    pub(crate) fn dial(&self, call: &NewCall<'_>) -> Result<String, ApiError> {
        let mut fields = vec![
            ("To", call.to),
            ("From", call.from),
            ("Url", &call.answered),
            ("Method", "POST"),
            ("StatusCallback", &call.over),
            ("StatusCallbackMethod", "POST"),
        ];
        if call.detect_machines {
            fields.push(("MachineDetection", "Enable"));
        }
        if let Some(application) = &self.application {
            fields.push(("ApplicationSid", application));
        }
        let url = format!("{}/Calls{}", self.account, self.suffix());
        let there = self.post(&url, &fields)?;
        there
            .map(|there| there.sid)
            .ok_or_else(|| ApiError::Refused("it knows no such account".into()))
    }

    /// A number of the account, if it is one. Twilio alone tells.
    pub(crate) fn number(&self, number: &str) -> Result<Option<NumberThere>, ApiError> {
        let url =
            format!("{}/IncomingPhoneNumbers.json?PhoneNumber={}", self.account, encoded(number));
        let answer = self.http.get(url).header("authorization", &self.authorization).call();
        let there = read::<NumbersThere>(answer)?;
        Ok(there.and_then(|there| there.incoming_phone_numbers.into_iter().next()))
    }

    fn call(&self, sid: &str) -> String {
        format!("{}/Calls/{}{}", self.account, encoded(sid), self.suffix())
    }

    /// What Twilio's addresses end with.
    fn suffix(&self) -> &'static str {
        match self.dialect {
            Dialect::Twiml => ".json",
            Dialect::Texml => "",
        }
    }

    fn post(&self, url: &str, fields: &[(&str, &str)]) -> Result<Option<CallThere>, ApiError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let sent = self
            .http
            .post(url)
            .header("authorization", &self.authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .send(&body);
        read(sent)
    }
}

/// Reads an answer; `None` for a 404.
fn read<T: for<'de> Deserialize<'de>>(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Option<T>, ApiError> {
    let mut answer = answer.map_err(|error| ApiError::Away(error.to_string()))?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_string();
    let text = text.map_err(|error| ApiError::Away(error.to_string()))?;
    match status {
        200..=299 => serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| ApiError::Refused(format!("its answer cannot be read: {error}"))),
        404 => Ok(None),
        429 | 500.. => Err(ApiError::Away(format!("{status}"))),
        _ => {
            let said: String = text.chars().take(200).collect();
            Err(ApiError::Refused(format!("{status} {said}")))
        }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
