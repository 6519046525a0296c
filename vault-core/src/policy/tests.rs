//! The table as a whole, and what a permit says.

use super::*;

#[test]
fn the_table_is_the_one_that_was_agreed() {
    let agreed = include_str!("../../../tests/vectors/policy/table.txt");
    assert_eq!(print(), agreed, "a right was given or taken: agree on it, then change the file");
}

#[test]
fn nobody_reads_an_archived_recording_by_role() {
    for actor in [Actor::terminal(0, "root", [0; 16]), Actor::system([0; 16])] {
        let refusal = permit(&actor, Act::ReadRecording).expect_err("refused");
        assert_eq!(refusal.reason(), "grant-needed");
        assert_eq!(refusal.article(), "A3.15, A2.18(一)5");
        assert_eq!(refusal.actor(), &actor.name());
    }
}

#[test]
fn a_permit_names_the_actor_without_the_person() {
    let actor = Actor::terminal(1000, "张三", [7; 16]);
    let permitted = permit(&actor, Act::TakeIn).expect("allowed");
    assert_eq!(permitted.act(), Act::TakeIn);
    assert_eq!(permitted.actor().id, "terminal:uid-1000");
    assert_eq!(permitted.actor().role, "operator");
    assert_eq!(permitted.actor().session, "07".repeat(16));
    assert!(!format!("{actor:?} {permitted:?}").contains("张三"));
}

#[test]
fn names_of_acts_are_different() {
    let mut names: Vec<_> = Act::ALL.iter().map(|act| act.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Act::ALL.len());
}
