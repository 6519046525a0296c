//! R02 (A3.3): capture in step, central keeping, orderly archiving, confidentiality; original bytes
//! are never altered.

use crate::office::Office;

#[test]
fn works_an_original_is_kept_as_it_came_under_the_id_that_b3sum_prints() {
    let office = Office::new();
    let (file, id) = office.recording();
    let before = std::fs::read(&file).expect("file");
    assert_eq!(blake3::hash(&before).to_hex().to_string(), id);
    office.done("", &["verify", &id]);
    let out = office.text("again.mp4");
    assert_eq!(office.read_as("zhang", &id, &out).code, 0);
    assert!(std::fs::read(&out).expect("file") == before, "every byte is what it was");
    assert!(std::fs::read(&file).expect("file") == before, "the source is left alone");
}

#[test]
fn refuses_content_without_a_grant_once_it_is_archived_and_on_record() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    for account in ["zhang", "li", "wang", "qian", "zhao", "sys"] {
        let out = office.text(&format!("{account}.mp4"));
        assert_eq!(office.read_as(account, &id, &out).code, 5, "{account}");
        assert!(!std::path::Path::new(&out).exists());
    }
    let seen = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert!(seen.matches("act.refused").count() >= 6, "refusals are events");
}
