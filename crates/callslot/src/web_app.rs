//! The dashboard that was built into this binary, and links that sign a browser in to it.

use callslot_server::{Dashboard, DashboardFile, Naming};

/// The dashboard's files, if this binary was built with them.
pub fn embedded() -> Option<Dashboard> {
    Dashboard::of(callslot_dashboard::FILES.iter().map(|file| DashboardFile {
        path: file.path,
        content_type: file.content_type,
        bytes: file.bytes,
        brotli: file.brotli,
        naming: if file.is_named_by_content { Naming::ByContent } else { Naming::ByPlace },
    }))
}

/// The page that signs a browser in with a code. What follows the `#` is sent to no server and is in no log.
pub fn sign_in_link(url: &str, code: &str) -> String {
    format!("{}/sign-in#{code}", url.trim_end_matches('/'))
}
