//! The ticker: one line per event, made from the JSON of the event stream.

use callslot_api::{
    AgentChanged, AlertChanged, AlertHasClosed, AlertHasOpened, Call, CallChanged, CallState,
    CallType, GateChanged, LimitChanged, Reservation, ReservationsChanged, StreamedEvent, Time,
    TypeChanged,
};
use serde::de::DeserializeOwned;

use super::time::span;
use crate::output::word;

/// An event as the ticker shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its number in the organisation.
    pub number: u64,
    /// When it happened.
    pub at: Time,
    /// Its name, such as `call.started`.
    pub name: String,
    /// The call it is about.
    pub call: Option<String>,
    /// The agent it is about; none when it is about the whole organisation.
    pub agent: Option<String>,
    /// The type of the call it is about.
    pub call_type: Option<CallType>,
    /// What else is to be said of it.
    pub text: String,
}

/// An event as the ticker shows it; none when it is not one that this version knows.
pub fn happening(event: &StreamedEvent) -> Option<Happening> {
    match event.name.as_str() {
        "call.queued" | "call.started" | "call.ended" => of_call(event),
        "reservations.changed" => {
            let changed: ReservationsChanged = read(event)?;
            let reserved: Vec<String> = changed.reservations.iter().map(reservation).collect();
            Some(happened(event, changed.seq, changed.at, reserved.join(", ")))
        }
        "limit.changed" => {
            let changed: LimitChanged = read(event)?;
            let text = format!("limit {}, plan {}", changed.limit, changed.plan);
            Some(happened(event, changed.seq, changed.at, text))
        }
        "agent.changed" => {
            let changed: AgentChanged = read(event)?;
            let text = match &changed.agent {
                Some(agent) => match agent.cap {
                    Some(cap) => format!("{}, cap {cap}", changed.id),
                    None => format!("{}, no cap", changed.id),
                },
                None => format!("{} deleted", changed.id),
            };
            let happened = happened(event, changed.seq, changed.at, text);
            Some(Happening { agent: Some(changed.id), ..happened })
        }
        "type.changed" => {
            let changed: TypeChanged = read(event)?;
            let name = word(&changed.call_type);
            let text = match changed.cap {
                Some(cap) => format!("{name}, cap {cap}"),
                None => format!("{name}, no cap"),
            };
            Some(happened(event, changed.seq, changed.at, text))
        }
        "gate.changed" => {
            let changed: GateChanged = read(event)?;
            let text = match (&changed.gate, changed.within_hours) {
                (Some(None), _) => format!("{} deleted", changed.id),
                (Some(Some(gate)), _) if gate.paused => format!("{}, paused", changed.id),
                (Some(Some(_)), _) => format!("{} set", changed.id),
                (None, Some(true)) => format!("{}, hours began", changed.id),
                (None, _) => format!("{}, hours ended", changed.id),
            };
            Some(happened(event, changed.seq, changed.at, text))
        }
        "alert.changed" => {
            let changed: AlertChanged = read(event)?;
            let word = if changed.rule.is_some() { "set" } else { "deleted" };
            let text = format!("{} {word}", changed.id);
            Some(happened(event, changed.seq, changed.at, text))
        }
        "alert.opened" => {
            let opened: AlertHasOpened = read(event)?;
            let text = format!("{} at {}", opened.id, opened.figure);
            Some(happened(event, opened.seq, opened.at, text))
        }
        "alert.closed" => {
            let closed: AlertHasClosed = read(event)?;
            let why = word(&closed.why);
            let text = match closed.closed_figure {
                Some(figure) => format!("{} at {figure}, {why}", closed.id),
                None => format!("{}, {why}", closed.id),
            };
            Some(happened(event, closed.seq, closed.at, text))
        }
        _ => None,
    }
}

fn of_call(event: &StreamedEvent) -> Option<Happening> {
    let changed: CallChanged = read(event)?;
    let text = outcome(&changed);
    let Call { id, agent, call_type, .. } = changed.call;
    Some(Happening {
        call: Some(id),
        agent: Some(agent),
        call_type: Some(call_type),
        ..happened(event, changed.seq, changed.at, text)
    })
}

/// The outcome of a call, beyond its id and agent.
fn outcome(changed: &CallChanged) -> String {
    let call = &changed.call;
    let since = |begun: Time| span(changed.at.0.saturating_sub(begun.0));
    match call.state {
        CallState::Queued => String::new(),
        CallState::Active => {
            let slot = call.slot.map(|slot| word(&slot)).unwrap_or_default();
            format!("{slot} after {}", since(call.requested_at))
        }
        CallState::Ended => {
            let reason = call.reason.map(|reason| word(&reason)).unwrap_or_default();
            format!("{reason} after {}", since(call.started_at.unwrap_or(call.requested_at)))
        }
    }
}

fn reservation(reservation: &Reservation) -> String {
    let Reservation { agent, webcall, chat, outbound, inbound } = reservation;
    let total = u64::from(*webcall) + u64::from(*chat) + u64::from(*outbound) + u64::from(*inbound);
    format!("{agent} has {total} ({webcall} {chat} {outbound} {inbound})")
}

fn happened(event: &StreamedEvent, number: u64, at: Time, text: String) -> Happening {
    let name = event.name.clone();
    Happening { number, at, name, call: None, agent: None, call_type: None, text }
}

fn read<T: DeserializeOwned>(event: &StreamedEvent) -> Option<T> {
    serde_json::from_str(&event.data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, data: &str) -> Option<Happening> {
        happening(&StreamedEvent { id: "7".into(), name: name.into(), data: data.into() })
    }

    #[test]
    fn the_end_of_a_call_says_why_and_after_how_long() {
        let data = r#"{"seq":7,"at":"2026-01-31T12:00:41.000Z","call":{"id":"chat-1","agent":"c",
            "type":"chat","state":"ended","slot":"shared","position":null,"position_in_class":null,
            "blocked_on":null,"blocked_by":null,"estimated_wait_ms":null,"requested_at":"2026-01-31T11:59:00.000Z",
            "started_at":"2026-01-31T12:00:00.000Z","ended_at":"2026-01-31T12:00:41.000Z",
            "reason":"completed","note":null,"lease":null,"gates":[],"retry_in_ms":null,"metadata":{}}}"#;
        let happening = told("call.ended", data).expect("it is shown");
        assert_eq!(happening.text, "completed after 41 s");
        assert_eq!(
            (happening.call.as_deref(), happening.agent.as_deref()),
            (Some("chat-1"), Some("c"))
        );
        assert_eq!(happening.number, 7);
    }

    #[test]
    fn settings_that_change_are_told_with_their_numbers() {
        let at = r#""seq":7,"at":"2026-01-31T12:00:41.000Z""#;
        let reservations = r#""version":4,"reservations":[{"agent":"a","webcall":2,"chat":3,"outbound":4,"inbound":3}]"#;
        let text = |name: &str, data: &str| {
            told(name, &format!("{{{at},{data}}}")).expect("it is shown").text
        };
        assert_eq!(text("reservations.changed", reservations), "a has 12 (2 3 4 3)");
        let limit = r#""plan":"enterprise","limit":100,"limit_override":null"#;
        assert_eq!(text("limit.changed", limit), "limit 100, plan enterprise");
        assert_eq!(text("agent.changed", r#""id":"a","agent":null"#), "a deleted");
        assert_eq!(text("type.changed", r#""type":"chat","cap":5"#), "chat, cap 5");
    }

    #[test]
    fn an_event_of_a_later_version_is_passed_over() {
        assert_eq!(told("call.praised", "{}"), None);
        assert_eq!(told("call.ended", "{}"), None);
    }
}
