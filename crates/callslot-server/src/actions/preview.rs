//! A preview of reservations: what replacing them would lead to. It changes nothing.

use callslot_api::ReservationsPreview;
use callslot_core::limits::CALLS_PREVIEWED_PER_STEP;
use callslot_core::{
    AgentId, Now, Org, OrgId, PerType, PreviewInProgress, Rejection, SetReservations, Version,
};

use crate::actions::reservations::refused;
use crate::convert;
use crate::refusal::Refusal;
use crate::state::App;
use crate::turns::Turn;

/// A preview that has begun.
struct Begun {
    preview: PreviewInProgress,
    /// Why the reservations would be refused if they do not fit; then the preview is one of no change.
    rejection: Option<Rejection>,
    _turn: Turn,
}

/// What replacing the reservations that the rows of a request name would lead to, and the version that would be replaced. Commands go
/// between the steps of a preview in which many calls start, as they would between the starts.
pub(crate) async fn preview_rows(
    app: &App,
    org: OrgId,
    rows: Vec<(AgentId, PerType<u32>)>,
    if_version: Option<Version>,
) -> Result<(Version, ReservationsPreview), Refusal> {
    // It goes through all agents.
    let turn = app.turns.to_read(&org).await;
    let agents: Vec<_> = rows.iter().map(|(agent, _)| agent.clone()).collect();
    let command = SetReservations { reservations: rows, if_version };
    let first = move |found: Option<&Org>, now: Now| {
        found.map(|found| begin(found, now, &command, turn).map(|begun| step(found, begun)))
    };
    let begun = app.node.read(&org, first).await?;
    let begun = begun.ok_or_else(|| Rejection::UnknownOrg { org: org.clone() })?;
    let (mut begun, mut is_done) =
        begun.map_err(|rejection| refused(&agents, rejection, "agent"))?;
    while !is_done {
        let next = move |found: Option<&Org>, _: Now| found.map(|found| step(found, begun));
        let gone_on = app.node.read(&org, next).await?;
        (begun, is_done) = gone_on.ok_or_else(|| Rejection::UnknownOrg { org: org.clone() })?;
    }
    let refused = begun.rejection.map(|rejection| refused(&agents, rejection, "agent"));
    let problem = refused.map(|refusal| *refusal.into_problem());
    let preview = begun.preview.finish();
    Ok((preview.version, convert::preview(&preview, problem)))
}

fn begin(org: &Org, now: Now, command: &SetReservations, turn: Turn) -> Result<Begun, Rejection> {
    let rejection = match org.preview_reservations(command, now.tick) {
        Ok(preview) => return Ok(Begun { preview, rejection: None, _turn: turn }),
        Err(rejection) => rejection,
    };
    let is_too_much = matches!(
        rejection,
        Rejection::ReservationsExceedLimit { .. } | Rejection::ReservationsExceedCap { .. }
    );
    if !is_too_much {
        return Err(rejection);
    }
    let nothing = SetReservations { reservations: Vec::new(), if_version: None };
    let preview = org.preview_reservations(&nothing, now.tick)?;
    Ok(Begun { preview, rejection: Some(rejection), _turn: turn })
}

/// Goes on, and returns whether that was the last step. Where nothing would change nothing starts.
fn step(org: &Org, mut begun: Begun) -> (Begun, bool) {
    let is_done = begun.rejection.is_some()
        || org.go_on_with_preview(&mut begun.preview, CALLS_PREVIEWED_PER_STEP);
    (begun, is_done)
}
