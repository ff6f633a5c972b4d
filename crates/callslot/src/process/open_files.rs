//! How many files the process may open: each connection is one, and what a shell allows is often a thousand.

use callslot_server::MAX_CONNECTIONS;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the process has open besides connections: the store, the listeners, the runtime.
const OTHER_FILES: u64 = 64;

/// Raises what is allowed as far as the system lets the process, and says so if that is less than it needs.
pub fn allow_as_many_as_possible() {
    let allowed = getrlimit(Resource::Nofile);
    let (Some(soft), Some(hard)) = (allowed.current, allowed.maximum) else {
        return;
    };
    let wanted = hard.min(MAX_CONNECTIONS as u64 + OTHER_FILES).max(soft);
    let raised =
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: allowed.maximum });
    let files = if raised.is_ok() { wanted } else { soft };
    let connections = files.saturating_sub(OTHER_FILES);
    if connections < MAX_CONNECTIONS as u64 {
        tracing::warn!(
            files,
            "this process may open {files} files, enough for {connections} connections but not for {MAX_CONNECTIONS}; raise \
             the limit (`ulimit -Hn`, or LimitNOFILE= in a systemd unit)"
        );
    }
}
