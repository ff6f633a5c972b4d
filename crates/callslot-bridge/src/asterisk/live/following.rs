//! How a call stands with Callslot, from its start or its adoption to its end.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use callslot_client::{Call, Error, Metadata, Over, State};
use serde::{Deserialize, Serialize};

use crate::asterisk::calls::Calls;
use crate::asterisk::event::Channel;
use crate::asterisk::settings::Number;
use crate::line::Line;

type Opening = Pin<Box<dyn Future<Output = Result<Call, Error>> + Send>>;

/// What the bridge writes into a call's metadata: what is needed to go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks {
    pub(crate) bridge: String,
    pub(crate) channel: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A call at Callslot.
pub(crate) enum Following {
    /// It was asked for.
    Starting(Opening),
    /// It is being taken over, with the number to dial if it is an agent's.
    Adopting(Opening, Option<String>),
    /// It is known; with the number to dial.
    Known(Call, Option<String>),
    /// The bridge has ended it, or it is not known any more.
    Over,
}

impl Following {
    /// Asks for a slot for a caller.
    pub(crate) fn start(calls: &Calls, channel: &Channel, number: &Number) -> Self {
        let bridge = calls.settings().name.get_ref().clone();
        let id = format!("{bridge}-{}", channel.id);
        let marks = Marks {
            bridge,
            channel: channel.id.clone(),
            from: channel.caller.number.clone(),
            to: number.number.get_ref().clone(),
        };
        let marks = serde_json::to_string(&marks).expect("texts are JSON");
        let mut request = calls
            .slots
            .call(number.agent.get_ref(), number.call_type)
            .id(id)
            .gates(number.gates.get_ref().iter().cloned())
            .max_wait(Duration::from_secs(*number.max_wait_s.get_ref()))
            .metadata(Metadata::parse(&marks).expect("an object"));
        if let Some(most) = &number.max_duration_s {
            request = request.max_duration(Duration::from_secs(*most.get_ref()));
        }
        Self::Starting(Box::pin(request.start()))
    }

    /// Takes a live call over.
    pub(crate) fn adopt(calls: &Arc<Calls>, id: String, to: Option<String>) -> Self {
        let slots = calls.slots.clone();
        Self::Adopting(Box::pin(async move { slots.adopt(&id).await }), to)
    }

    /// How it stands next, and whether another bridge has taken it over. May be given up and asked again.
    pub(crate) async fn next(&mut self) -> (Line, bool) {
        let (opened, to) = match self {
            Self::Starting(opening) => (opening.await, None),
            Self::Adopting(opening, to) => (opening.await, to.take()),
            Self::Known(call, _) => {
                let status = call.changed().await;
                let is_others = status.over == Some(Over::Adopted);
                let line = Line::of(&status);
                if status.state == State::Ended {
                    *self = Self::Over;
                }
                return (line, is_others);
            }
            Self::Over => std::future::pending().await,
        };
        match opened {
            Ok(call) => {
                let line = Line::of(&call.status());
                *self = Self::Known(call, to);
                (line, false)
            }
            Err(error) => {
                tracing::info!("{error}");
                *self = Self::Over;
                (Line::of_error(&error), false)
            }
        }
    }

    /// The id of the call, if it is known.
    pub(crate) fn id(&self) -> Option<String> {
        match self {
            Self::Known(call, _) => Some(call.id()),
            Self::Starting(_) | Self::Adopting(..) | Self::Over => None,
        }
    }

    /// The number that an agent's call is to dial.
    pub(crate) fn number_to_dial(&self) -> Option<String> {
        match self {
            Self::Known(_, to) => to.clone(),
            Self::Starting(_) | Self::Adopting(..) | Self::Over => None,
        }
    }

    /// Ends the call; that goes on by itself until the server has heard it.
    pub(crate) fn end(self, note: Option<&'static str>) {
        match self {
            Self::Known(call, _) => drop(tokio::spawn(call.end(note))),
            // A call that is not taken over could not be ended.
            Self::Adopting(opening, _) => drop(tokio::spawn(async move {
                if let Ok(call) = opening.await {
                    call.end(note).await;
                }
            })),
            // One that is given up ends.
            Self::Starting(_) | Self::Over => {}
        }
    }
}
