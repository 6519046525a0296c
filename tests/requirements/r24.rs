//! R24 (A2.19, A3.16): lapses: suspected, raised, answered, closed by another.

use super::common::{listed, opened, text};
use crate::office::{CASE, Office};

#[test]
fn refuses_a_hand_in_ones_own_lapse_a_lapse_is_suspected_raised_answered_and_closed_by_another() {
    let office = Office::new();
    office.hire("sun", "inspector");
    opened(&office);
    let found = office.done("sun", &["lapse", "suspicions"]);
    let one = listed(&found, "suspicions", "kind", "not-recorded");
    assert_eq!((office.waiting("sun", "suspicion"), office.waiting("zhang", "suspicion")), (1, 0));
    let key = text(one, "key").to_owned();
    let raise = [
        "lapse",
        "raise",
        "--clause",
        text(one, "clause"),
        "--source",
        text(one, "source"),
        "--key",
        &key,
        "--unit",
        "执法科",
        "--case",
        CASE,
        "--answer-by",
        "2099-01-31",
        "--note",
        "现场检查没有录像，也没有说明",
    ];
    office.refused("zhang", &raise, 5, "act-denied");
    let mut unknown = raise;
    unknown[3] = "A3.17";
    office.refused("sun", &unknown, 2, "argument-invalid");
    // An answer cannot be asked for by a day that is over: nothing is upheld before it was heard.
    let mut over = raise;
    over[13] = "2026-01-31";
    office.refused("sun", &over, 2, "argument-invalid");
    let lapse = office.done("sun", &raise);
    let lapse = text(&lapse, "lapse");
    office.refused("sun", &raise, 1, "entry-step-refused");
    let found = office.done("sun", &["lapse", "suspicions"]);
    assert_eq!(found["suspicions"], serde_json::json!([]), "what was raised is not suspected");
    assert_eq!(office.waiting("sun", "suspicion"), 0);
    let close = ["lapse", "close", lapse, "--upheld", "--note", "责令改正，通报"];
    office.refused("sun", &close, 1, "entry-step-refused");
    office.refused("sun", &["lapse", "answer", lapse, "--note", "不"], 5, "act-denied");
    office.done("li", &["lapse", "answer", lapse, "--note", "已责成补作说明"]);
    // The leader answered for the unit, and so does not close it.
    office.refused("li", &close, 5, "act-denied");
    office.done("sun", &close);
    office.refused("sun", &close, 1, "entry-step-refused");
    let shown = office.done("li", &["lapse", "show", lapse]);
    assert_eq!(text(&shown, "state"), "upheld");
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(3));
}

#[test]
fn works_a_damaged_recording_is_suspected_and_its_lapse_stands_in_its_custody() {
    let office = Office::new();
    office.hire("sun", "inspector");
    let (_, id) = office.recording();
    let raise = [
        "lapse",
        "raise",
        "--clause",
        "A3.16(五)",
        "--unit",
        "执法科",
        "--recording",
        &id[..12],
        "--answer-by",
        "2099-01-31",
        "--note",
        "介质损坏",
    ];
    office.done("sun", &raise);
    let events = office.done("li", &["ledger", "events", "--recording", &id]);
    assert!(events.to_string().contains("lapse.raised"), "{events}");
}
