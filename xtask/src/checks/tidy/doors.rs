//! A rule of `tidy`: in the server no door calls another door. What two of them do alike is in `actions/`.
//!
//! A door is a file of `routes/`, or the stream for call engines. Only the list of all addresses knows every door.

const SERVER: &str = "crates/callslot-server/src/";
/// Lists all addresses, so it names every door.
const ROUTER: &str = "routes/router.rs";
/// Where the doors are. Each file of the first is one, and the second is one as a whole.
const ROUTES: &str = "routes";
const STREAM: &str = "engine_stream";
/// Not a door, though it is beside them.
const LIMITS: &str = "crate::routes::limits";
/// Runs a server, so it asks for the router.
const RUN: [&str; 3] = ["server.rs", "lib.rs", "fuzz_server.rs"];

/// What a source file of the server calls that is a door, or another one.
pub fn calls_to_other_doors(path: &str, text: &str) -> Vec<String> {
    let Some(file) = path.strip_prefix(SERVER).filter(|file| *file != ROUTER) else {
        return Vec::new();
    };
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.flat_map(|line| [line, "\n"]).collect();
    let code = code.replace(LIMITS, "");
    let mut complaints = Vec::new();
    for door in [ROUTES, STREAM] {
        let is_allowed = match door {
            STREAM => file.starts_with(STREAM),
            _ => RUN.contains(&file),
        };
        if !is_allowed && names(&code, door) {
            complaints.push(format!(
                "{path}: calls a door (`crate::{door}`); move what it needs to `actions/`"
            ));
        }
    }
    complaints
}

/// Whether code names a module of the crate, alone or in a group.
fn names(code: &str, module: &str) -> bool {
    let is_word =
        |rest: &str| !rest.starts_with(|next: char| next == '_' || next.is_alphanumeric());
    let paths = code.split("crate::").skip(1);
    paths.into_iter().any(|path| match path.strip_prefix('{') {
        Some(group) => {
            let group = group.split(';').next().unwrap_or_default();
            let members = group.split([',', '{']).map(str::trim);
            members.into_iter().any(|member| member.strip_prefix(module).is_some_and(is_word))
        }
        None => path.strip_prefix(module).is_some_and(is_word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_that_calls_another_door_is_found() {
        let complaints =
            |file: &str, text: &str| calls_to_other_doors(&format!("{SERVER}{file}"), text).len();
        assert_eq!(complaints("routes/atoms.rs", "use crate::routes::history::mean;"), 1);
        assert_eq!(complaints("routes/atoms.rs", "use crate::{convert, routes::history};"), 1);
        assert_eq!(complaints("routes/atoms.rs", "let a = crate::engine_stream::a();"), 1);
        assert_eq!(complaints("engine_stream/frames.rs", "use crate::routes::calls::start;"), 1);
        assert_eq!(complaints("actions/calls.rs", "use crate::engine_stream::frames::Frame;"), 1);
        assert_eq!(complaints("accept.rs", "use crate::routes::router::router;"), 1);
    }

    #[test]
    fn what_is_below_the_doors_may_be_called_and_the_router_knows_them_all() {
        for (file, text) in [
            ("routes/router.rs", "use crate::routes::{calls, agents};\nuse crate::engine_stream;"),
            ("routes/atoms.rs", "//! As in `crate::routes::history`.\nuse crate::actions::pool;"),
            ("engine_stream/session.rs", "use crate::engine_stream::frames::Frame;"),
            ("server.rs", "use crate::routes::router::router;"),
            ("routes/calls.rs", "use crate::routes_of_calls::x;"),
            ("routes/events.rs", "use crate::routes::limits::STREAM_KEEP_ALIVE;"),
        ] {
            let found = calls_to_other_doors(&format!("{SERVER}{file}"), text);
            assert_eq!(found, Vec::<String>::new(), "{file}");
        }
        let elsewhere =
            calls_to_other_doors("crates/callslot/src/main.rs", "use crate::routes::x;");
        assert_eq!(elsewhere, Vec::<String>::new());
    }
}
