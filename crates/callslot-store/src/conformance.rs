//! The promises of [`Log`](crate::Log), [`Catalogue`](crate::Catalogue), [`Audit`](crate::Audit), [`History`](crate::History) and
//! [`Webhooks`](crate::Webhooks), each as a check that
//! any store can be put to. Not part of a release: tests enable it with the feature `conformance`.
//!
//! Start reading at [`PROMISES`].

pub mod audit;
pub mod catalogue;
pub mod facts;
pub mod gates;
pub mod history;
pub mod log;
pub mod shards;
pub mod webhooks;

use std::sync::Arc;

use crate::contract::store::Store;

/// Checks one promise on an empty store, and panics where it is broken. The store may have several shards, and be seen from any of them.
pub type Check = fn(&dyn Store);
/// The same for a promise about several shards, on an empty store that has them.
pub type ShardsCheck = fn(&Arc<dyn Store>);

macro_rules! promises {
    ($checks:ident of $check:ty, $tests:ident: $($part:ident :: $promise:ident),+ $(,)?) => {
        /// Every such promise by name, with its check.
        pub const $checks: &[(&str, $check)] = &[$((stringify!($promise), $part::$promise)),+];

        /// Makes one test of each such promise, named like it, that hands the check to a function.
        #[macro_export]
        macro_rules! $tests {
            ($on_every_store:path) => {
                $(#[test]
                fn $promise() {
                    $on_every_store($crate::conformance::$part::$promise);
                })+
            };
        }
    };
}

promises! {
    SHARDS_PROMISES of ShardsCheck, test_each_promise_of_shards:
    shards::a_store_is_seen_from_each_of_its_shards,
    shards::positions_are_those_of_the_shard,
    shards::shards_that_are_appended_to_at_once_do_not_disturb_each_other,
    shards::a_snapshot_and_what_is_truncated_are_the_shards,
    shards::a_read_for_an_organisation_is_of_its_shard,
    shards::each_shard_says_how_far_it_is_in_the_history,
    shards::entries_of_the_audit_from_two_logs_are_apart,
    shards::plans_are_the_same_from_every_shard,
}

promises! {
    PROMISES of Check, test_each_promise:
    log::every_kind_of_event_is_read_back_as_it_was_written,
    log::an_append_after_anything_but_the_end_writes_nothing,
    log::a_record_that_is_too_large_is_refused_and_writes_nothing,
    log::of_writers_at_one_position_exactly_one_wins,
    log::a_record_without_events_marks_the_time,
    log::reading_stops_at_the_byte_bound_but_never_before_one_record,
    log::truncation_never_reaches_beyond_the_snapshot,
    log::the_end_holds_when_every_record_is_gone,
    log::a_long_log_is_truncated_a_bounded_number_of_records_at_a_time,
    log::a_snapshot_replaces_the_one_before_however_large,
    log::a_snapshot_is_seen_whole_or_not_at_all,
    log::a_read_for_an_organisation_has_all_its_events_and_few_of_others,
    log::a_read_for_an_organisation_begins_where_it_was_deleted,
    log::reading_from_before_a_number_reaches_every_kept_event_soon,
    log::old_records_are_those_before_the_first_that_is_not,
    log::a_probe_of_a_healthy_store_succeeds,
    catalogue::plans_are_kept_replaced_and_forgotten,
    catalogue::keys_are_kept_touched_and_forgotten,
    catalogue::sessions_are_kept_and_forgotten,
    catalogue::a_session_goes_with_its_key_and_with_its_keys_secret,
    audit::a_change_of_the_catalogue_is_kept_with_its_entry,
    audit::a_change_in_the_log_is_kept_once,
    audit::the_audit_is_read_page_by_page_and_by_its_marks,
    audit::the_audit_goes_with_its_organisation_and_its_time,
    audit::a_number_of_the_audit_is_never_given_again,
    audit::every_kind_of_entry_is_read_back_as_it_was_written,
    history::ended_calls_are_read_newest_first_by_agent_and_type_and_page_by_page,
    history::ended_calls_are_found_by_reason_time_of_end_and_wait,
    history::ended_calls_are_found_by_the_beginning_of_their_ids,
    history::ended_calls_are_found_by_time_wherever_the_clock_was_set_back,
    history::ended_calls_are_found_by_time_however_often_the_clock_was_set_back,
    history::an_organisation_is_erased_a_bounded_number_of_rows_at_a_time,
    history::of_two_calls_with_one_id_the_newest_is_found,
    history::erased_calls_have_no_texts_and_are_otherwise_as_they_were,
    history::projecting_a_record_again_doubles_nothing,
    history::old_calls_are_pruned_and_younger_ones_stay,
    history::many_old_calls_are_pruned_a_bounded_number_at_a_time,
    history::figures_are_read_back_by_series_and_span,
    history::a_span_begins_as_its_series_stood_then,
    history::refusals_are_added_up_whether_anything_else_happened_or_not,
    history::old_minutes_go_a_bounded_number_at_a_time_and_their_hours_stay,
    history::a_series_goes_with_its_last_hour_unless_calls_are_live_in_it,
    history::changes_of_settings_are_read_by_span_and_go_with_the_hours,
    history::of_several_old_spans_what_lies_between_stays,
    history::the_time_seen_is_kept_and_of_its_parts_what_has_changed,
    webhooks::webhooks_are_kept_replaced_and_forgotten,
    webhooks::the_progress_of_a_webhook_is_kept_and_goes_with_it,
    webhooks::the_newest_attempts_of_a_webhook_are_kept,
    gates::ended_calls_are_found_by_each_of_their_gates,
    gates::figures_of_gates_are_apart_from_those_of_agents_and_go_like_them,
}
