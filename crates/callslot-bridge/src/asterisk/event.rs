//! What Asterisk says: the events of ARI that are heard, and channels.

use serde::Deserialize;

use crate::asterisk::caller::{Back, Gone, Message};

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Channel {
    pub(crate) id: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    pub(crate) caller: Party,
    #[serde(default)]
    pub(crate) dialplan: Dialplan,
}

/// Who calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Party {
    #[serde(default)]
    pub(crate) number: String,
}

/// Where a channel is in the dialplan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Dialplan {
    #[serde(default)]
    pub(crate) exten: String,
    #[serde(default)]
    app_name: String,
    #[serde(default)]
    app_data: String,
}

impl Channel {
    /// Whether it was answered.
    pub(crate) fn is_up(&self) -> bool {
        self.state == "Up"
    }

    /// Whether it is in this Stasis application.
    pub(crate) fn is_in(&self, app: &str) -> bool {
        let named = self.dialplan.app_data.split(',').next().unwrap_or_default();
        self.dialplan.app_name.eq_ignore_ascii_case("Stasis") && named == app
    }
}

#[derive(Debug, Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    args: Vec<String>,
    channel: Option<Channel>,
    #[serde(default)]
    cause: u16,
    playback: Option<Playback>,
}

#[derive(Debug, Deserialize)]
struct Playback {
    id: String,
    target_uri: String,
}

/// An event that is heard.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A channel has come to Stasis.
    Came(Channel, Back),
    /// Something has happened to a channel, by its id.
    Of(String, Message),
    /// Another program has connected with the application's name.
    Replaced,
    /// Nothing that matters here.
    Other,
}

/// Reads an event; `None` if it is none.
pub(crate) fn read(text: &str) -> Option<Event> {
    let raw: Raw = serde_json::from_str(text).ok()?;
    Some(match (&*raw.kind, raw.channel, raw.playback) {
        ("StasisStart", Some(channel), _) => Event::Came(channel, back(&raw.args)),
        ("StasisEnd", Some(channel), _) => Event::Of(channel.id, Message::Left),
        ("ChannelDestroyed", Some(channel), _) => {
            Event::Of(channel.id, Message::Gone(Gone::HungUp(raw.cause)))
        }
        ("PlaybackFinished", _, Some(playback)) => {
            let channel = playback.target_uri.strip_prefix("channel:");
            let number = playback.id.rsplit('-').next().and_then(|number| number.parse().ok());
            match channel.zip(number) {
                Some((channel, number)) => Event::Of(channel.to_owned(), Message::Played(number)),
                None => Event::Other,
            }
        }
        ("ApplicationReplaced", _, _) => Event::Replaced,
        (_, _, _) => Event::Other,
    })
}

fn back(args: &[String]) -> Back {
    match args.first().map(String::as_str) {
        None | Some("") => Back::Untold,
        Some("ANSWER") => Back::Answered,
        Some("BUSY") => Back::Busy,
        Some("NOANSWER") => Back::NoAnswer,
        Some(_) => Back::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asterisk_says_is_read() {
        let channel = r#"{"id":"1795903041.1","name":"PJSIP/trunk-00000001","state":"Up","caller":{"name":"","number":"+49301"},
            "dialplan":{"context":"numbers","exten":"+4930123456","priority":1,"app_name":"Stasis","app_data":"callslot,BUSY"}}"#;
        let event = |head: &str| read(&format!(r#"{{{head},"channel":{channel}}}"#));
        let Some(Event::Came(came, back)) = event(r#""type":"StasisStart","args":["BUSY"]"#) else {
            panic!("it came");
        };
        assert!(came.is_in("callslot") && !came.is_in("call") && came.caller.number == "+49301");
        assert_eq!((came.dialplan.exten.as_str(), back), ("+4930123456", Back::Busy));
        let of = |message| Some(Event::Of("1795903041.1".into(), message));
        assert_eq!(event(r#""type":"StasisEnd""#), of(Message::Left));
        let gone = of(Message::Gone(Gone::HungUp(17)));
        assert_eq!(event(r#""type":"ChannelDestroyed","cause":17"#), gone);
        assert_eq!(event(r#""type":"ChannelVarset""#), Some(Event::Other));
        let played = r#"{"type":"PlaybackFinished","playback":{"id":"callslot-1795903041.1-7","target_uri":"channel:1795903041.1"}}"#;
        assert_eq!(read(played), of(Message::Played(7)));
        assert_eq!(read(r#"{"type":"ApplicationReplaced"}"#), Some(Event::Replaced));
        assert_eq!(read("{"), None);
    }
}
