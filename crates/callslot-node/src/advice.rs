//! What to do about a store that failed, in words for the person who reads them: in the log, at a start, in `doctor`.
//!
//! The store says what happened, in types, and knows no command line. Start reading at [`with_advice`].

use callslot_store::{Damage, Failure, StoreError};

/// An error of the store as a sentence, followed by the next step if there is one to name.
#[must_use]
pub fn with_advice(error: &StoreError) -> String {
    match next_step(error) {
        Some(step) => format!("{error}; {step}"),
        None => error.to_string(),
    }
}

fn next_step(error: &StoreError) -> Option<&'static str> {
    let step = match error {
        StoreError::Failed { failure, .. } => match failure {
            Failure::Full => "free some space on its disk",
            Failure::ReadOnly => "check its permissions and how its file system is mounted",
            Failure::Busy => "close the program that has it open",
            Failure::Replaced => {
                "put it back, or stop the server and restore the data directory from a backup with `callslot restore FILE`"
            }
            Failure::Other => return None,
        },
        StoreError::Damaged { damage, .. } => match damage {
            Damage::Bytes(_)
            | Damage::Database(_)
            | Damage::AheadOfLog { .. }
            | Damage::Gap { .. } => {
                "restore the data directory from a backup with `callslot restore FILE`"
            }
            Damage::Foreign => "choose another directory with --data",
            Damage::Unfinished => "empty the directory and run `callslot restore FILE` again",
        },
        StoreError::InUse { .. } => "stop that process, or choose another directory with --data",
        StoreError::TooNew { .. } => "use the newer version that wrote it",
        StoreError::TooOld { .. } => {
            "start with a new data directory, or use the version that wrote it"
        }
    };
    Some(step)
}

#[cfg(test)]
mod tests {
    use callslot_store::{Position, VersionKind};

    use super::*;

    fn said(place: &str, damage: Damage) -> String {
        with_advice(&StoreError::Damaged { place: place.into(), damage })
    }

    fn failed(failure: Failure, cause: Option<&str>) -> String {
        let cause = cause.map(Into::into);
        with_advice(&StoreError::Failed { place: "/data/callslot.db".into(), failure, cause })
    }

    #[test]
    fn damage_is_named_with_its_place_and_the_way_out() {
        assert_eq!(
            said("the record at position 2", Damage::Bytes("its checksum does not match")),
            "the record at position 2 is damaged (its checksum does not match); restore the data directory from a backup \
             with `callslot restore FILE`"
        );
        let ahead = Damage::AheadOfLog { reached: Position(5), end: Position(3) };
        assert_eq!(
            said("/data/history.db", ahead),
            "/data/history.db reaches position 5, but the log ends at 3, so one of them was lost or replaced; restore the \
             data directory from a backup with `callslot restore FILE`"
        );
        assert_eq!(
            said("/data/callslot.db", Damage::Foreign),
            "/data/callslot.db is not a store of Callslot; choose another directory with --data"
        );
        assert_eq!(
            said("/data/history.db.unfinished", Damage::Unfinished),
            "/data/history.db.unfinished was left by a restore that was interrupted; empty the directory and run \
             `callslot restore FILE` again"
        );
    }

    #[test]
    fn a_failure_is_named_with_its_cause_and_the_way_out_where_one_is_known() {
        assert_eq!(
            failed(Failure::Full, Some("database or disk is full")),
            "the store failed: /data/callslot.db cannot grow (database or disk is full); free some space on its disk"
        );
        assert_eq!(
            failed(Failure::Replaced, None),
            "the store failed: /data/callslot.db was deleted, moved or replaced while it was in use; put it back, or stop \
             the server and restore the data directory from a backup with `callslot restore FILE`"
        );
        assert_eq!(
            failed(Failure::Other, Some("disk I/O error")),
            "the store failed: /data/callslot.db cannot be used (disk I/O error)"
        );
    }

    #[test]
    fn a_store_of_another_process_or_version_is_named_with_both_versions_and_the_way_out() {
        let in_use = StoreError::InUse { place: "/data".into() };
        assert_eq!(
            with_advice(&in_use),
            "/data is open in another process; stop that process, or choose another directory with --data"
        );
        let place = "the record at position 3".to_owned();
        let kind = VersionKind::Format;
        assert_eq!(
            with_advice(&StoreError::TooNew { place, kind, found: 7, newest: 1 }),
            "the record at position 3 has format 7, and this version of Callslot reads formats up to 1; use the newer \
             version that wrote it"
        );
        let place = "/data/history.db".to_owned();
        let kind = VersionKind::Layout;
        assert_eq!(
            with_advice(&StoreError::TooOld { place, kind, found: 1 }),
            "/data/history.db has layout 1, which predates the first release and is not supported; start with a new data \
             directory, or use the version that wrote it"
        );
    }
}
