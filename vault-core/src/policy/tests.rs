//! The table as a whole, and what a permit says.

use super::*;

#[test]
fn the_table_is_the_one_that_was_agreed() {
    let agreed = include_str!("../../../tests/vectors/policy/table.txt");
    let printed = print();
    let first = printed.lines().zip(agreed.lines()).find(|(now, agreed)| now != agreed);
    assert_eq!(first, None, "a right was given or taken: agree on it, then change the file");
    assert_eq!(printed.len(), agreed.len(), "the table is longer or shorter than was agreed");
}

/// The table as the regulation has it, written from its text and not from the program.
#[derive(serde::Deserialize)]
struct Regulated {
    act: String,
    state: String,
    article: String,
    may: Vec<String>,
}

#[test]
fn the_table_is_that_of_the_regulation() {
    let text = include_str!("../../../tests/vectors/policy/regulation.yaml");
    let rows: Vec<Regulated> = serde_yaml_ng::from_str(text).expect("yaml");
    for row in &rows {
        let act = Act::ALL.iter().find(|act| act.as_str() == row.act).expect(&row.act);
        let known = |state: &&State| state.as_str() == row.state;
        let state = act.states().iter().find(known).expect(&row.state);
        for role in Role::ALL {
            let may = answer(*role, *act, *state) == Answer::Allowed;
            let regulated = row.may.iter().any(|name| name == role.as_str());
            let place = format!("{} {} {} ({})", row.act, row.state, role.as_str(), row.article);
            assert_eq!(may, regulated, "{place}");
        }
        for name in &row.may {
            assert!(Role::parse(name).is_some(), "{name} is no role");
        }
    }
    let cells = Act::ALL.iter().flat_map(|act| act.states().iter().map(move |state| (act, state)));
    for (act, state) in cells {
        let named = |row: &&Regulated| row.act == act.as_str() && row.state == state.as_str();
        let count = rows.iter().filter(named).count();
        assert_eq!(count, 1, "{} {} is in the table once", act.as_str(), state.as_str());
    }
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
