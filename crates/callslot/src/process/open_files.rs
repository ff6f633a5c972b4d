//! The limit on open files. Each connection is a file, and a shell often allows only a thousand.

use callslot_server::MAX_CONNECTIONS;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Open files other than connections: the store, the listeners, the runtime.
const OTHER_FILES: u64 = 64;

/// Raises the limit as far as the system permits, and logs a warning if that is not enough.
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
