//! A violated invariant aborts the process.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::test_node::{PATIENCE, org, test_node};

/// Set in the process that is expected to abort.
const BREAKS: &str = "CALLSLOT_TEST_BREAKS_AN_INVARIANT";
const SIGABRT: i32 = 6;

#[test]
fn a_loop_that_panics_takes_the_process_along() {
    if std::env::var_os(BREAKS).is_some() {
        return break_an_invariant();
    }
    let status = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "abort_on_panic::a_loop_that_panics_takes_the_process_along",
            "--nocapture",
        ])
        .env(BREAKS, "1")
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a process");
    assert_eq!(status.signal(), Some(SIGABRT));
}

fn break_an_invariant() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (_store, node) = test_node().await;
        let broken = node.handle().read(&org(), |_, _| panic!("an invariant is broken")).await;
        let Err(_) = broken;
        // If this returns, the process is still alive, and the test fails.
        let _ = tokio::time::timeout(PATIENCE, std::future::pending::<()>()).await;
    });
}
