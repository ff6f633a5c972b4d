//! What happens to every request and every answer, whatever the route.
//!
//! It knows no route. Start reading at `answer.rs`.

pub(crate) mod answer;
pub(crate) mod route_name;
pub(crate) mod write_problem;
