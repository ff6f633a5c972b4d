//! Turns what the node decided into the answers to a message's frames, as over HTTP.

use callslot_core::{CallView, DeclineCall, Rejection, Reply};
use callslot_engine_stream::{Action, Answered, Answers, Batch, Effect, under_lease};
use callslot_node::{Decisions, Unavailable};

use crate::judge::stream_check::Refused;
use crate::world::engines::node_requests::forgotten_call;
use crate::world::node::Node;

/// The outcomes of a batch's frames, as over HTTP: a call that the core has forgotten may be among the ended ones.
pub(super) fn answers(
    node: &Node,
    batch: Batch<Refused>,
    decisions: Result<Decisions, Unavailable>,
) -> Answers<Refused> {
    let mut decisions = decisions.map(Vec::into_iter);
    let mut next = || match &mut decisions {
        Ok(decisions) => Ok(decisions.next().expect("every command is decided")),
        Err(unavailable) => Err(Refused::Unavailable(*unavailable)),
    };
    let opened = batch.opens.and_then(|_| next().ok()).map(|decided| decided.map(drop));
    let answer = |(reference, action): (Option<u64>, Result<Action, Refused>)| {
        let about = action.as_ref().ok().map(|action| action.call().clone());
        let mut effect = Effect::None;
        let outcome = action.and_then(|action| {
            let decided = under_lease(opened.as_ref(), next()?);
            effect = Effect::of(&action, &decided);
            outcome(node, &action, decided)
        });
        Answered { reference, about, effect, outcome }
    };
    let answers = batch.actions.into_iter().map(answer).collect();
    Answers { opened, answers }
}

fn outcome(
    node: &Node,
    action: &Action,
    decided: Result<Reply, Rejection>,
) -> Result<CallView, Refused> {
    match (action, decided) {
        (_, Ok(Reply::Call { call, .. })) => Ok(call),
        (Action::End(id, _), Ok(Reply::EndRemembered)) => {
            let unknown = Refused::Rules(Rejection::UnknownCall { call: id.clone() });
            forgotten_call(node, id).ok_or(unknown)
        }
        (
            Action::Claim(id, _)
            | Action::Decline(DeclineCall { call: id, .. })
            | Action::Adopt(id, _),
            Err(rejection @ Rejection::UnknownCall { .. }),
        ) => {
            let ended = forgotten_call(node, id);
            let has_ended = |_| Rejection::CallHasEnded { call: id.clone() };
            Err(Refused::Rules(ended.map_or(rejection, has_ended)))
        }
        (_, Err(rejection)) => Err(Refused::Rules(rejection)),
        (_, Ok(reply)) => panic!("{action:?} is answered with {reply:?}"),
    }
}
