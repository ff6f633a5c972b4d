//! Disks that fail under a running server: full, failing for a while, taken away, or used by another server already.
//!
//! Whatever fails, clients learn that it fails, what was answered stays true, and the server recovers on its own once the
//! cause is gone.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::answers_vs_history::judge_history;
use crate::clients::{Engines, Load};
use crate::server::{Server, Setup};

const LOAD: Load = Load { engines: 3, calls_each: 400, workers_each: 8, lease_ttl_s: 30 };
/// How many answers show that the server works.
const ENOUGH: usize = 300;

/// A server in file systems of its own, which `mounts` prepares; `$DATA` is the data directory.
fn with_mounts(mounts: &str) -> Setup {
    let mut setup = Setup::new();
    fs::create_dir_all(&setup.data).expect("a directory");
    let script = format!("set -e; {mounts}; exec \"$@\"");
    let as_root = (!rustix::process::geteuid().is_root()).then_some("--map-root-user");
    let words = ["unshare", "--mount"].into_iter().chain(as_root);
    let words = words.chain(["sh", "-c", &script, "sh"]);
    setup.under = words.map(Into::into).collect();
    setup.environment.push(("DATA".into(), setup.data.clone().into()));
    setup
}

/// What a process sees at a path.
fn seen_by(server: &Server, path: &Path) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{}/root", server.process.child.id()));
    root.join(path.strip_prefix("/").expect("an absolute path"))
}

/// Checks that everything engines were told is true, that none of their calls is lost, and that every call has ended.
fn judge_all(server: &Server, engines: Engines) {
    let answers = engines.finish();
    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 0, "no clock was set back");
    assert_eq!(judge.ends.values().sum::<u64>(), LOAD.calls(), "every call has one end");
    assert_eq!(judge.live(), 0, "no slot leaked");
}

#[test]
fn on_a_full_disk_calls_are_refused_and_are_started_again_once_there_is_room() {
    let server = with_mounts("mount -t tmpfs -o size=48m none \"$DATA\"").start();
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    engines.wait_for_answers(ENOUGH);

    let filler = seen_by(&server, &server.setup.data).join("filler");
    let mut file = File::create(&filler).expect("a file");
    let full = (0..4_000).find_map(|_| file.write_all(&[1; 16_384]).err());
    assert_eq!(full.expect("the disk is small").kind(), ErrorKind::StorageFull);
    engines.wait_for_refusal();
    // It may find room in its own files for a while, and then goes on; the pool is shown in any case. A read that saw what
    // the disk then refused is refused with it, and is shown what is true when it asks again.
    let shown = (0..100).any(|_| server.client.send("GET", "/v1/concurrency", None).0 == 200);
    assert!(shown, "the pool is not shown");

    drop(file);
    fs::remove_file(&filler).expect("the file is there");
    engines.wait_for_recovery(ENOUGH);
    judge_all(&server, engines);
    let logged = server.setup.logged();
    assert!(logged.contains("free some space on its disk"), "no next step in {logged}");
}

/// Has a server's system calls fail for a while. Counted in each thread separately, so the loop that commits sees them all.
fn with_failing(call: &str, error: &str) -> Setup {
    let mut setup = Setup::new();
    let inject = format!("inject={call}:error={error}:when=400..405");
    let words = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e"];
    setup.under = words.into_iter().map(Into::into).collect();
    setup.under.extend([format!("trace={call}"), "-e".into(), inject].map(Into::into));
    setup
}

fn check_failing(call: &str, error: &str, said: &str) {
    let server = with_failing(call, error).start();
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    engines.wait_for_refusal();
    engines.wait_for_recovery(ENOUGH);
    judge_all(&server, engines);
    let logged = server.setup.logged();
    assert!(logged.contains(said), "no `{said}` in {logged}");
}

#[test]
fn while_the_store_is_read_only_calls_are_refused_and_are_started_again_once_it_is_not() {
    check_failing("pwrite64", "EROFS", "store failed");
}

#[test]
fn while_the_disk_does_not_sync_calls_are_refused_and_are_started_again_once_it_does() {
    check_failing("fdatasync", "EIO", "store failed");
}

#[test]
fn a_data_directory_that_is_moved_away_is_noticed_and_used_again_once_it_is_back() {
    let server = Setup::new().start();
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    engines.wait_for_answers(ENOUGH);
    let away = server.setup.scratch().join("away");
    fs::rename(&server.setup.data, &away).expect("it can be moved");
    engines.wait_for_refusal();
    assert_eq!(server.client.send("GET", "/readyz", None).0, 503);
    fs::rename(&away, &server.setup.data).expect("it can be moved");
    engines.wait_for_recovery(ENOUGH);
    judge_all(&server, engines);
}

#[test]
fn once_the_data_directory_is_deleted_nothing_is_promised_any_more() {
    let mut server = Setup::new().start();
    server.client.set_up_the_worked_example();
    fs::remove_dir_all(&server.setup.data).expect("it can be deleted");
    for call in ["1", "2", "3"] {
        let (status, refusal) = server.client.start(call);
        assert_eq!((status, &refusal["code"]), (503, &"store_failed".into()));
    }
    assert!(server.stop().success(), "it still stops in good order");
    let logged = server.setup.logged();
    assert!(logged.contains("was deleted, moved or replaced"), "no cause in {logged}");
    assert!(logged.contains("callslot restore"), "no next step in {logged}");
}

#[test]
fn on_a_read_only_data_directory_a_server_does_not_start_and_says_why() {
    let mut server = Setup::new().start();
    assert!(server.stop().success());
    let mut setup =
        with_mounts("mount --bind \"$DATA\" \"$DATA\"; mount -o remount,bind,ro \"$DATA\"");
    setup.data.clone_from(&server.setup.data);
    setup.environment = vec![("DATA".into(), setup.data.clone().into())];
    assert!(!setup.spawn().ended().success());
    let logged = setup.logged();
    assert!(logged.contains("Read-only file system"), "no cause in {logged}");
    server.start_again();
    server.client.get("/v1/concurrency");
}

#[test]
fn a_second_server_on_the_same_data_does_not_start_and_does_not_disturb_the_first() {
    let server = Setup::new().start();
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    engines.wait_for_answers(ENOUGH);
    let mut second = Setup::new();
    second.data.clone_from(&server.setup.data);
    for _ in 0..5 {
        assert!(!second.spawn().ended().success());
    }
    let logged = second.logged();
    assert!(logged.contains("is open in another process"), "no cause in {logged}");
    assert!(logged.contains("choose another directory with --data"), "no next step in {logged}");
    judge_all(&server, engines);
}
