//! The queue: owed once, done once, given back, given up.

use super::kit::{NOON, Place, accession, clock, commit, digests, id, leave};
use std::collections::HashSet;
use std::time::Duration;
use vault_core::catalog::Catalog;
use vault_core::clock::{Clock, UtcTime};
use vault_core::fault::{Code, Fault};
use vault_core::jobs::{JobKind, JobState, Jobs, LeaseState, NewJob};
use vault_core::limits::{JOB_ATTEMPTS_MAX, JOB_BACKOFF, JOB_LEASE};
use vault_core::policy::Act;

const KINDS: &[JobKind] = JobKind::ALL;

fn digest_job(n: u64) -> NewJob {
    NewJob { kind: JobKind::TakeDigests, recording: id(n) }
}

fn go_on(clock: &Clock, by: Duration) {
    let by = i64::try_from(by.as_millis()).expect("small");
    clock.set(UtcTime::from_ms(clock.now().as_ms() + by));
}

pub(super) async fn a_job_is_owed_once_and_done_once(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    let jobs = Jobs::new(&catalog, &clock);
    let mut tx = catalog.begin(leave(Act::TakeIn), &clock).await.expect("begins");
    tx.enqueue(&[digest_job(1), digest_job(1)]).await.expect("enqueued");
    drop(tx);
    assert_eq!(jobs.count(JobState::Ready).await.expect("count"), 0, "the change never was");
    let check = NewJob { kind: JobKind::CheckFixity, recording: id(1) };
    jobs.enqueue(&[digest_job(1), digest_job(1), check]).await.expect("enqueued");
    jobs.enqueue(&[digest_job(1)]).await.expect("owed already");
    assert_eq!(jobs.count(JobState::Ready).await.expect("count"), 2);
    assert!(jobs.claim("a", &[], 9).await.expect("claims").is_empty());
    let claimed = jobs.claim("a", &[JobKind::TakeDigests], 9).await.expect("claims");
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].kind(), claimed[0].recording()), (JobKind::TakeDigests, &id(1)));
    jobs.enqueue(&[digest_job(1)]).await.expect("still owed");
    assert!(jobs.claim("b", &[JobKind::TakeDigests], 9).await.expect("claims").is_empty());
    assert_eq!(jobs.finish(&claimed[0]).await.expect("ends"), LeaseState::Held);
    assert_eq!(jobs.finish(&claimed[0]).await.expect("ends"), LeaseState::Lost, "only once");
    jobs.enqueue(&[digest_job(1)]).await.expect("owed anew");
    assert_eq!(jobs.claim("b", &[JobKind::TakeDigests], 9).await.expect("claims").len(), 1);
}

pub(super) async fn two_workers_never_both_finish(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    let jobs = Jobs::new(&catalog, &clock);
    jobs.enqueue(&[digest_job(1)]).await.expect("enqueued");
    let slow = jobs.claim("slow", KINDS, 1).await.expect("claims").remove(0);
    go_on(&clock, JOB_LEASE - Duration::from_millis(1));
    assert!(jobs.claim("quick", KINDS, 1).await.expect("claims").is_empty());
    assert_eq!(jobs.extend(&slow).await.expect("extends"), LeaseState::Held);
    go_on(&clock, JOB_LEASE - Duration::from_millis(1));
    assert!(jobs.claim("quick", KINDS, 1).await.expect("claims").is_empty(), "extended");
    go_on(&clock, Duration::from_millis(1));
    assert_eq!(jobs.extend(&slow).await.expect("extends"), LeaseState::Lost, "too late");
    let quick = jobs.claim("quick", KINDS, 1).await.expect("claims").remove(0);
    assert_eq!(quick.attempt(), 2);
    let fault = Fault::new(Code::Internal);
    assert_eq!(jobs.finish(&slow).await.expect("ends"), LeaseState::Lost);
    assert_eq!(jobs.fail(&slow, &fault).await.expect("fails"), LeaseState::Lost);
    assert_eq!(jobs.finish(&quick).await.expect("ends"), LeaseState::Held);
    assert_eq!(jobs.count(JobState::Done).await.expect("count"), 1);
}

pub(super) async fn a_person_takes_a_job_that_nobody_is_at_whatever_became_of_it(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    let jobs = Jobs::new(&catalog, &clock);
    let kind = JobKind::TakeDigests;
    let take = async |owner: &str| jobs.take(owner, kind, &id(1)).await.expect("asked");
    let unowed = take("person").await.expect("owed or not");
    assert!(take("another").await.is_none(), "while somebody is at it");
    assert!(jobs.claim("worker", KINDS, 9).await.expect("claims").is_empty());
    assert_eq!(jobs.finish(&unowed).await.expect("ends"), LeaseState::Held);
    jobs.enqueue(&[digest_job(1)]).await.expect("enqueued");
    for _ in 0..JOB_ATTEMPTS_MAX {
        let job = take("person").await.expect("due or not");
        assert_eq!(
            jobs.fail(&job, &Fault::new(Code::Internal)).await.expect("fails"),
            LeaseState::Held
        );
    }
    assert_eq!(jobs.count(JobState::Failed).await.expect("count"), 1);
    let left = take("person").await.expect("given up or not");
    go_on(&clock, JOB_LEASE);
    assert!(take("another").await.is_some(), "a person who is gone holds nothing");
    assert_eq!(jobs.finish(&left).await.expect("ends"), LeaseState::Lost);
}

pub(super) async fn a_failing_job_waits_longer_and_then_for_a_person(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    let jobs = Jobs::new(&catalog, &clock);
    jobs.enqueue(&[digest_job(1), digest_job(2)]).await.expect("enqueued");
    let fault = Fault::new(Code::BackendUnreachable).with("what", "存储");
    let mut pause = JOB_BACKOFF;
    for attempt in 1..=JOB_ATTEMPTS_MAX {
        let claimed = jobs.claim("w", KINDS, 9).await.expect("claims");
        assert_eq!(claimed.len(), 2, "attempt {attempt}");
        for job in &claimed {
            assert_eq!(jobs.fail(job, &fault).await.expect("fails"), LeaseState::Held);
        }
        go_on(&clock, pause - Duration::from_millis(1));
        assert!(jobs.claim("w", KINDS, 9).await.expect("claims").is_empty(), "too early");
        go_on(&clock, Duration::from_millis(1));
        pause *= 2;
    }
    let failed = jobs.list(JobState::Failed, 9).await.expect("lists");
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].last_error_code, "backend-unreachable");
    assert!(failed[0].last_error_text.contains("存储"));
    jobs.enqueue(&[digest_job(1)]).await.expect("owed already, though failed");
    assert_eq!(jobs.count(JobState::Ready).await.expect("count"), 0);
    jobs.retry(failed[0].id).await.expect("again");
    jobs.retry(failed[0].id).await.expect_err("not failed any more");
    let claimed = jobs.claim("w", KINDS, 9).await.expect("claims");
    assert_eq!((claimed.len(), claimed[0].attempt()), (1, 1));
    // A job that takes its workers with it is given up too.
    for _ in 0..JOB_ATTEMPTS_MAX {
        go_on(&clock, JOB_LEASE);
        jobs.claim("w", KINDS, 9).await.expect("claims");
    }
    assert_eq!(jobs.count(JobState::Failed).await.expect("count"), 2);
}

pub(super) async fn many_workers_share_without_doubling(place: Place) {
    const OWED: u64 = 200;
    let first = place.create().await;
    let owed: Vec<_> = (0..OWED).map(digest_job).collect();
    Jobs::new(&first, &clock()).enqueue(&owed).await.expect("enqueued");
    let mut workers = Vec::new();
    for number in 0..6 {
        let catalog = Catalog::open(&place.location, Duration::from_secs(60)).await.expect("opens");
        workers.push(tokio::spawn(async move {
            let jobs = Jobs::new(&catalog, &Clock::fixed(NOON));
            let mut done = Vec::new();
            loop {
                let claimed = jobs.claim(&format!("w{number}"), KINDS, 7).await.expect("claims");
                if claimed.is_empty() {
                    return done;
                }
                for job in claimed {
                    assert_eq!(jobs.finish(&job).await.expect("ends"), LeaseState::Held);
                    done.push(*job.recording());
                }
            }
        }));
    }
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.expect("no panic"));
    }
    assert_eq!(done.len() as u64, OWED);
    assert_eq!(done.into_iter().collect::<HashSet<_>>().len() as u64, OWED);
}

pub(super) async fn a_job_ends_together_with_its_event(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    commit(&catalog, &clock, Act::TakeIn, vec![accession(1, "案")]).await.expect("taken in");
    let jobs = Jobs::new(&catalog, &clock);
    jobs.enqueue(&[digest_job(1)]).await.expect("enqueued");
    let slow = jobs.claim("slow", KINDS, 1).await.expect("claims").remove(0);
    go_on(&clock, JOB_LEASE);
    let quick = jobs.claim("quick", KINDS, 1).await.expect("claims").remove(0);
    for (job, state) in [(&slow, LeaseState::Lost), (&quick, LeaseState::Held)] {
        let mut tx = catalog.begin(leave(Act::TakeDigests), &clock).await.expect("begins");
        tx.append(vec![digests(1)]).await.expect("appends");
        assert_eq!(tx.finish_job(job).await.expect("ends"), state);
        if state == LeaseState::Held {
            assert_eq!(tx.commit().await.expect("commits").events(), Some((1, 1)));
        }
    }
    assert_eq!(catalog.counts().await.expect("counts").events, 2, "recorded once");
}
