//! How the process asks for memory.

/// Has the process use ordinary pages of memory alone. A page of 2 MiB is kept whole for the few bytes that are in use in it, which doubles
/// what a server keeps after a burst of calls, and makes it no faster.
#[cfg(target_os = "linux")]
pub fn use_small_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::warn!(%error, "transparent huge pages stay on; the server may keep more memory than it uses");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn use_small_pages() {}
