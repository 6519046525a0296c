//! The catalogue and the queue: one suite, run on SQLite and on PostgreSQL.
//!
//! Each test of the suite is a function of a `Place`; the macro at the end makes two tests of it.
//! What compares the two databases, or only one of them can do, stands in files of its own.

mod across;
mod damage;
mod door;
mod kit;
mod queue;
mod settings;
mod speed;

macro_rules! on_both {
    ($module:ident: $($test:ident),+ $(,)?) => {
        mod $module {
            mod sqlite {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $test() {
                    super::super::super::$module::$test(super::super::super::kit::sqlite()).await;
                })+
            }
            mod postgres {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $test() {
                    let place = super::super::super::kit::postgres().await;
                    super::super::super::$module::$test(place).await;
                })+
            }
        }
    };
}

mod suite {
    on_both!(door:
        events_are_numbered_linked_and_timed,
        a_foreign_body_is_refused,
        a_dropped_change_never_was,
        writers_at_the_same_time_leave_no_gap,
        a_refusal_is_recorded,
        a_second_accession_of_the_same_content_is_refused,
        an_event_of_an_unknown_recording_is_refused,
        recordings_are_found_listed_and_counted,
        a_check_that_finds_damage_is_remembered_until_one_finds_none,
        hostile_names_are_kept,
        a_busy_catalogue_says_so,
        what_lies_open_is_not_made_again,
    );
    on_both!(damage:
        a_replay_gives_the_same_catalogue,
        a_changed_row_is_found_and_named,
        a_ledger_that_does_not_fit_is_refused,
    );
    on_both!(queue:
        a_job_is_owed_once_and_done_once,
        two_workers_never_both_finish,
        a_failing_job_waits_longer_and_then_for_a_person,
        a_person_takes_a_job_that_nobody_is_at_whatever_became_of_it,
        many_workers_share_without_doubling,
        a_job_ends_together_with_its_event,
    );
}
