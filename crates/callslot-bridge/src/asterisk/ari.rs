//! ARI's REST: what Asterisk is asked and told.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::asterisk::event::Channel;
use crate::asterisk::settings::{Cause, Place, Settings};

/// How long Asterisk has for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes: all channels of a large Asterisk.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// Why Asterisk did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AriError {
    /// It cannot be reached: later may be better.
    #[error("Asterisk does not answer: {0}")]
    Away(String),
    /// There is no such channel.
    #[error("Asterisk has no such channel")]
    Unknown,
    /// It refuses this.
    #[error("Asterisk refuses: {0}")]
    Refused(String),
}

/// A client of ARI. Its methods block.
#[derive(Debug, Clone)]
pub(crate) struct Ari {
    http: ureq::Agent,
    base: String,
    app: String,
    authorization: String,
}

/// What Asterisk says about itself.
#[derive(Debug, Deserialize)]
struct About {
    system: System,
}

#[derive(Debug, Deserialize)]
struct System {
    version: String,
}

#[derive(Debug, Deserialize)]
struct Variable {
    value: String,
}

#[derive(Debug, Deserialize)]
struct Module {
    status: String,
}

impl Ari {
    pub(crate) fn new(settings: &Settings, password: &str) -> Self {
        let http = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let asterisk = &settings.asterisk;
        let basic = STANDARD.encode(format!("{}:{password}", asterisk.user.get_ref()));
        Self {
            http,
            base: format!("{}/ari", asterisk.url.get_ref().trim_end_matches('/')),
            app: asterisk.app.get_ref().clone(),
            authorization: format!("Basic {basic}"),
        }
    }

    /// The application's name.
    pub(crate) fn app(&self) -> &str {
        &self.app
    }

    /// Where the events come from, and who asks for them.
    pub(crate) fn events(&self) -> (String, &str) {
        let base = self.base.replacen("http", "ws", 1);
        (format!("{base}/events?app={}", encoded(&self.app)), &self.authorization)
    }

    /// Asterisk's version.
    pub(crate) fn version(&self) -> Result<String, AriError> {
        let about: About = self.get("asterisk/info?only=system")?;
        Ok(about.system.version)
    }

    /// All channels.
    pub(crate) fn channels(&self) -> Result<Vec<Channel>, AriError> {
        self.get("channels")
    }

    /// One channel.
    pub(crate) fn channel(&self, id: &str) -> Result<Channel, AriError> {
        self.get(&format!("channels/{}", encoded(id)))
    }

    /// Whether a module is loaded and runs.
    pub(crate) fn has_module(&self, name: &str) -> Result<bool, AriError> {
        match self.get::<Module>(&format!("asterisk/modules/{name}")) {
            Ok(module) => Ok(module.status == "Running"),
            // Asterisk's way to say that a module is not loaded.
            Err(AriError::Refused(said)) if said.starts_with("409") => Ok(false),
            Err(AriError::Unknown) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Has the events of a channel come after it has left Stasis, too.
    pub(crate) fn subscribe(&self, id: &str) -> Result<(), AriError> {
        let source = format!("channel:{id}");
        let path = format!("applications/{}/subscription", encoded(&self.app));
        match self.post(&path, &[("eventSource", &source)]) {
            // Asterisk's way to say that there is no such channel.
            Err(AriError::Refused(said)) if said.starts_with("422") => Err(AriError::Unknown),
            other => other,
        }
    }

    pub(crate) fn answer(&self, id: &str) -> Result<(), AriError> {
        self.post(&channel(id, "/answer"), &[])
    }

    pub(crate) fn ring(&self, id: &str) -> Result<(), AriError> {
        self.post(&channel(id, "/ring"), &[])
    }

    pub(crate) fn music(&self, id: &str, class: &str) -> Result<(), AriError> {
        self.post(&channel(id, "/moh"), &[("mohClass", class)])
    }

    pub(crate) fn silence(&self, id: &str) -> Result<(), AriError> {
        self.delete(&channel(id, "/moh"), &[])
    }

    /// Plays sounds, under an id of the bridge.
    pub(crate) fn play(
        &self,
        id: &str,
        playback: &str,
        media: &str,
        language: Option<&str>,
    ) -> Result<(), AriError> {
        let mut fields = vec![("media", media)];
        fields.extend(language.map(|language| ("lang", language)));
        self.post(&channel(id, &format!("/play/{}", encoded(playback))), &fields)
    }

    /// Stops what is played; whether there was anything.
    pub(crate) fn stop(&self, playback: &str) -> Result<bool, AriError> {
        match self.delete(&format!("playbacks/{}", encoded(playback)), &[]) {
            Err(AriError::Unknown) => Ok(false),
            other => other.map(|()| true),
        }
    }

    pub(crate) fn set(&self, id: &str, variable: &str, value: &str) -> Result<(), AriError> {
        self.post(&channel(id, "/variable"), &[("variable", variable), ("value", value)])
    }

    /// What a variable of a channel says; nothing if it has none.
    pub(crate) fn variable(&self, id: &str, variable: &str) -> Result<Option<String>, AriError> {
        let path = channel(id, &format!("/variable?variable={}", encoded(variable)));
        match self.get::<Variable>(&path) {
            Ok(Variable { value }) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(AriError::Unknown) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a channel on in the dialplan: to a place, or to where it would go by itself.
    pub(crate) fn send_on(&self, id: &str, place: Option<&Place>) -> Result<(), AriError> {
        let fields = place.map(|place| {
            [("context", &*place.context), ("extension", &*place.extension), ("priority", "1")]
        });
        self.post(&channel(id, "/continue"), fields.as_ref().map_or(&[], |fields| fields))
    }

    pub(crate) fn hang_up(&self, id: &str, cause: Cause) -> Result<(), AriError> {
        let code = cause.code().to_string();
        self.delete(&channel(id, ""), &[("reason_code", &code)])
    }

    /// Dials, as a channel with an id of the bridge: twice with the same id is once.
    pub(crate) fn dial(
        &self,
        id: &str,
        endpoint: &str,
        from: &str,
        ring_s: u64,
    ) -> Result<(), AriError> {
        let seconds = ring_s.to_string();
        let fields = [
            ("endpoint", endpoint),
            ("app", &self.app),
            ("callerId", from),
            ("timeout", &seconds),
            ("channelId", id),
        ];
        match self.post("channels", &fields) {
            Err(AriError::Refused(said)) if said.starts_with("409") => Ok(()),
            other => other,
        }
    }

    fn get<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, AriError> {
        let url = format!("{}/{path}", self.base);
        let answer = self.http.get(url).header("authorization", &self.authorization).call();
        serde_json::from_str(&read(answer)?)
            .map_err(|error| AriError::Refused(format!("its answer cannot be read: {error}")))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<(), AriError> {
        let url = self.url(path, fields);
        let sent = self.http.post(url).header("authorization", &self.authorization).send_empty();
        read(sent).map(drop)
    }

    fn delete(&self, path: &str, fields: &[(&str, &str)]) -> Result<(), AriError> {
        let url = self.url(path, fields);
        read(self.http.delete(url).header("authorization", &self.authorization).call()).map(drop)
    }

    fn url(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        format!("{}/{path}?{query}", self.base)
    }
}

fn channel(id: &str, what: &str) -> String {
    format!("channels/{}{what}", encoded(id))
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<String, AriError> {
    let mut answer = answer.map_err(|error| AriError::Away(error.to_string()))?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_string();
    let text = text.map_err(|error| AriError::Away(error.to_string()))?;
    match status {
        200..=299 => Ok(text),
        404 => Err(AriError::Unknown),
        // 503 is for what a channel that is about to end cannot do; Asterisk itself is there.
        _ => {
            let said: String = text.chars().take(200).collect();
            Err(AriError::Refused(format!("{status} {said}")))
        }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
