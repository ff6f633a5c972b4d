//! The parts of the server that change settings themselves, as actors.

use std::sync::Arc;

use callslot_core::{Actor, ActorKind};

/// The server, with the part of it that makes a change.
#[must_use]
pub fn system_actor(part: &str) -> Arc<Actor> {
    Arc::new(Actor { kind: ActorKind::System, id: Arc::from(part), name: Arc::from("Callslot") })
}
