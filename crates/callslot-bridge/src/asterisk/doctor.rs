//! Looks for what most often keeps callers from being connected, each with its fix.

use callslot_client::Slots;

use crate::asterisk::ari::{Ari, AriError};
use crate::asterisk::settings::Settings;
use crate::doctor::{Check, of_server};

/// What the bridge uses of Asterisk, and what it is for.
const MODULES: [(&str, &str); 7] = [
    ("res_ari_events.so", "events"),
    ("res_ari_channels.so", "all that is done with channels"),
    ("res_ari_applications.so", "the events of channels in the dialplan"),
    ("app_stasis.so", "Stasis() in the dialplan"),
    ("res_stasis_answer.so", "answering"),
    ("res_stasis_playback.so", "greetings and announcements"),
    ("res_musiconhold.so", "music on hold"),
];

/// Checks the server, its agents and gates, and Asterisk. Blocks.
#[must_use]
pub fn examine(settings: &Settings, password: &str, slots: &Slots) -> Vec<Check> {
    let mut checks = of_server(settings.agents(), settings.gates(), slots);
    let mut check = |what: String, wrong: Option<String>| checks.push(Check { what, wrong });
    let ari = Ari::new(settings, password);
    let (url, user) = (settings.asterisk.url.get_ref(), settings.asterisk.user.get_ref());
    match ari.version() {
        Ok(version) => {
            check(format!("Asterisk {version} answers at {url}, and takes the password"), None);
        }
        Err(error) => {
            let fix = match &error {
                AriError::Away(_) => {
                    "is `enabled = yes` in http.conf, and is this its address?".to_owned()
                }
                AriError::Unknown => {
                    "is `enabled = yes` in ari.conf, and has http.conf a `prefix`?".to_owned()
                }
                AriError::Refused(_) => {
                    format!("ASTERISK_ARI_PASSWORD is the `password` of [{user}] in ari.conf")
                }
            };
            check(format!("Asterisk answers at {url}"), Some(format!("{error}; {fix}")));
            return checks;
        }
    }
    for (module, what) in MODULES {
        let wrong = match ari.has_module(module) {
            Ok(true) => None,
            Ok(false) => Some(format!(
                "`asterisk -rx 'module load {module}'` loads it, and modules.conf for good"
            )),
            Err(error) => Some(error.to_string()),
        };
        check(format!("{module}, for {what}"), wrong);
    }
    checks
}
