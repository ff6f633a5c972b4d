//! What happens to every request and every answer, whatever the route.
//!
//! It knows no route, but for where clients of the Atoms platform ask and which answers may be compressed. Start reading at `answer.rs`.

pub(crate) mod answer;
pub(crate) mod compress;
mod head;
mod host;
pub(crate) mod route_name;
pub(crate) mod write_problem;
