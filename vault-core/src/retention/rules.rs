//! The rules: from what happened to how long something is kept. Pure.

use crate::catalog::RetentionAct;
use crate::clock::{Date, UtcTime};
use crate::limits::ORIGINAL_YEARS;

/// The ten triggers of long-term preservation, with their articles: seven of A2.18(二), three of
/// A3.12.
pub const TRIGGERS: &[(&str, &str)] = &[
    ("decision-evidence", "A2.18(二)1"),
    ("coercive-measure", "A2.18(二)2"),
    ("dispute", "A2.18(二)3"),
    ("objection-likely-suit", "A2.18(二)4"),
    ("obstruction", "A2.18(二)5"),
    ("mass-incident", "A2.18(二)6"),
    ("other-long-term", "A2.18(二)7"),
    ("objection-on-site", "A3.12(一)"),
    ("evasion-or-abuse", "A3.12(二)"),
    ("other-important", "A3.12(三)"),
];

/// The end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Kept to the end of this day.
    Day(Date),
    /// Kept for ever.
    Ever,
}

/// Why something is kept, and until when by this reason alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `original`, `case-term` or `trigger`.
    pub kind: &'static str,
    /// The trigger, or the 案号.
    pub detail: String,
    /// The article.
    pub article: &'static str,
    /// Until when.
    pub until: Until,
    /// Who found it; empty for the law's own term.
    pub person: String,
    /// Why.
    pub why: String,
    /// When it was found.
    pub at: Option<UtcTime>,
}

/// What stands against any removal, whatever the term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// `hold`, `case-open` or `case-term-unset`.
    pub kind: &'static str,
    /// The hold's number, or the 案号.
    pub detail: String,
    /// Who placed it.
    pub person: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Option<UtcTime>,
}

/// How long a recording is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The longest of all reasons.
    pub until: Until,
    /// Every reason, the longest first.
    pub reasons: Vec<Reason>,
    /// What stands against removal besides.
    pub blocks: Vec<Block>,
}

/// A case file as retention sees it.
#[derive(Debug, Clone)]
pub(super) struct KeptCase {
    pub(super) case_no: String,
    pub(super) closed_on: Option<Date>,
    /// What was done about its retention, in order.
    pub(super) acts: Vec<RetentionAct>,
}

/// The term of a case file: years from its closing, 0 for ever; the longest ever set.
pub(super) fn case_term(acts: &[RetentionAct]) -> Option<u64> {
    let terms = acts.iter().filter(|act| act.kind == "retention.case-term-set");
    terms.map(|act| act.years).max_by_key(|years| longer(*years))
}

/// An order of terms in which for ever is the longest.
pub(super) const fn longer(years: u64) -> u64 {
    if years == 0 { u64::MAX } else { years }
}

fn holds(acts: &[RetentionAct], blocks: &mut Vec<Block>) {
    for act in acts.iter().filter(|act| act.kind == "retention.hold-placed") {
        let released = acts
            .iter()
            .any(|other| other.kind == "retention.hold-released" && other.hold == act.hold);
        if !released {
            blocks.push(Block {
                kind: "hold",
                detail: act.hold.clone(),
                person: act.person.clone(),
                why: act.reason.clone(),
                at: Some(act.at_ms),
            });
        }
    }
}

/// What holds for a recording that came on this day.
pub(super) fn effective(accessioned: Date, acts: &[RetentionAct], cases: &[KeptCase]) -> Retention {
    let mut reasons = vec![Reason {
        kind: "original",
        detail: String::new(),
        article: "A3.11",
        until: Until::Day(accessioned.plus_years(ORIGINAL_YEARS)),
        person: String::new(),
        why: String::new(),
        at: None,
    }];
    let mut blocks = Vec::new();
    for act in acts.iter().filter(|act| act.kind == "retention.trigger-found") {
        let trigger = TRIGGERS.iter().find(|(code, _)| *code == act.cause);
        reasons.push(Reason {
            kind: "trigger",
            detail: act.cause.clone(),
            article: trigger.map_or("A3.12", |(_, article)| article),
            until: Until::Ever,
            person: act.person.clone(),
            why: act.reason.clone(),
            at: Some(act.at_ms),
        });
    }
    holds(acts, &mut blocks);
    for case in cases {
        by_case(case, &mut reasons, &mut blocks);
        holds(&case.acts, &mut blocks);
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.until));
    let until = reasons.first().map_or(Until::Ever, |reason| reason.until);
    Retention { until, reasons, blocks }
}

fn by_case(case: &KeptCase, reasons: &mut Vec<Reason>, blocks: &mut Vec<Block>) {
    let block = |kind| Block {
        kind,
        detail: case.case_no.clone(),
        person: String::new(),
        why: String::new(),
        at: None,
    };
    let term = case_term(&case.acts);
    if case.closed_on.is_none() {
        blocks.push(block("case-open"));
    }
    let until = match (term, case.closed_on) {
        (Some(0), _) => Until::Ever,
        (Some(years), Some(closed)) => {
            Until::Day(closed.plus_years(i64::try_from(years).unwrap_or(i64::MAX)))
        }
        (Some(_), None) => return,
        (None, _) => return blocks.push(block("case-term-unset")),
    };
    let set = case.acts.iter().rev().find(|act| act.kind == "retention.case-term-set");
    reasons.push(Reason {
        kind: "case-term",
        detail: case.case_no.clone(),
        article: "A3.11",
        until,
        person: set.map(|act| act.person.clone()).unwrap_or_default(),
        why: set.map(|act| act.reason.clone()).unwrap_or_default(),
        at: set.map(|act| act.at_ms),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn act(kind: &str, cause: &str, hold: &str, years: u64) -> RetentionAct {
        RetentionAct {
            seq: 0,
            kind: kind.into(),
            target: String::new(),
            at_ms: UtcTime::from_ms(0),
            by_actor: String::new(),
            cause: cause.into(),
            hold: hold.into(),
            years,
            reason: "因".into(),
            person: "某".into(),
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_longest_reason_holds_and_all_are_shown() {
        let plain = effective(day("2026-01-15"), &[], &[]);
        assert_eq!(plain.until, Until::Day(day("2028-01-15")));
        let term = vec![act("retention.case-term-set", "", "", 10)];
        let mut case = KeptCase { case_no: "民罚1".into(), closed_on: None, acts: term };
        let open = effective(day("2026-01-15"), &[], &[case.clone()]);
        assert_eq!(open.until, Until::Day(day("2028-01-15")));
        assert_eq!(open.blocks[0].kind, "case-open");
        case.closed_on = Some(day("2026-03-01"));
        let closed = effective(day("2026-01-15"), &[], &[case.clone()]);
        assert_eq!((closed.until, closed.blocks.len()), (Until::Day(day("2036-03-01")), 0));
        let found = [act("retention.trigger-found", "obstruction", "", 0)];
        let kept = effective(day("2026-01-15"), &found, &[case]);
        assert_eq!(kept.until, Until::Ever);
        let kinds: Vec<_> = kept.reasons.iter().map(|reason| reason.kind).collect();
        assert_eq!(kinds, ["trigger", "case-term", "original"]);
        assert_eq!(kept.reasons[0].article, "A2.18(二)5");
    }

    #[test]
    fn several_holds_stand_beside_each_other_until_the_last_is_released() {
        let mut acts = vec![
            act("retention.hold-placed", "", "a", 0),
            act("retention.hold-placed", "", "b", 0),
            act("retention.hold-released", "", "a", 0),
        ];
        let held = effective(day("2026-01-15"), &acts, &[]);
        assert_eq!(held.blocks.iter().map(|block| &block.detail).collect::<Vec<_>>(), ["b"]);
        acts.push(act("retention.hold-released", "", "b", 0));
        assert!(effective(day("2026-01-15"), &acts, &[]).blocks.is_empty());
    }

    #[test]
    fn there_are_ten_triggers() {
        let codes: std::collections::BTreeSet<_> = TRIGGERS.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), 10);
    }

    proptest! {
        /// Whatever is done, in whatever order, allowed or not: the term never becomes shorter.
        #[test]
        fn the_term_only_grows(
            steps in proptest::collection::vec((0u8..7, 0usize..3, 0u64..40, 0i64..4_000), 1..60)
        ) {
            let mut acts = Vec::new();
            let mut cases: Vec<KeptCase> = Vec::new();
            let mut before = effective(day("2026-01-15"), &acts, &cases).until;
            for (step, which, years, days) in steps {
                let hold = which.to_string();
                let known = cases.len();
                match (step, cases.get_mut(which)) {
                    (0, None) if known == which => cases.push(KeptCase {
                        case_no: hold,
                        closed_on: None,
                        acts: Vec::new(),
                    }),
                    (1, Some(case)) => {
                        // A shorter term is refused by the act; even if it were there, it would
                        // not shorten.
                        case.acts.push(act("retention.case-term-set", "", "", years));
                    }
                    (2, Some(case)) => {
                        case.closed_on.get_or_insert(day("2026-01-15").plus_days(days));
                    }
                    (3, _) => {
                        let (trigger, _) = TRIGGERS[usize::try_from(years).unwrap() % 10];
                        if years % 5 == 0 {
                            acts.push(act("retention.trigger-found", trigger, "", 0));
                        }
                    }
                    (4, _) => acts.push(act("retention.hold-placed", "", &hold, 0)),
                    (5, Some(case)) => case.acts.push(act("retention.hold-placed", "", &hold, 0)),
                    (_, _) => acts.push(act("retention.hold-released", "", &hold, 0)),
                }
                let now = effective(day("2026-01-15"), &acts, &cases);
                prop_assert!(now.until >= before, "{before:?} became {:?}", now.until);
                prop_assert_eq!(now.reasons.iter().map(|reason| reason.until).max(), Some(now.until));
                before = now.until;
            }
        }
    }

    /// What the regulation says, written a second time and as plainly as can be.
    #[derive(Default)]
    struct Model {
        /// Of each case file: the longest term set, and the day of its closing.
        cases: Vec<(Option<u64>, Option<Date>)>,
        triggers: u32,
        holds: std::collections::BTreeSet<u32>,
        released: std::collections::BTreeSet<u32>,
    }

    impl Model {
        fn may_go(&self, accessioned: Date, today: Date) -> bool {
            let original = today > accessioned.plus_years(2);
            let held = self.holds.difference(&self.released).next().is_some();
            let case_is_over = |(term, closed): &(Option<u64>, Option<Date>)| match (term, closed) {
                (Some(years), Some(closed)) if *years > 0 => {
                    today > closed.plus_years(i64::try_from(*years).unwrap())
                }
                _ => false,
            };
            original && !held && self.triggers == 0 && self.cases.iter().all(case_is_over)
        }
    }

    /// 100,000 random lives, a step at a time.
    #[test]
    fn nothing_may_go_that_the_model_keeps_and_no_term_ever_shrinks() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let accessioned = day("2026-01-15");
        let mut gone = 0;
        for _ in 0..100_000 {
            let (mut model, mut acts, mut cases) = (Model::default(), Vec::new(), Vec::new());
            let mut today = accessioned;
            let mut before = effective(accessioned, &[], &[]).until;
            for _ in 0..8 {
                let which = usize::try_from(random(2)).unwrap();
                let hold = u32::try_from(random(3)).unwrap();
                match random(12) {
                    0 if cases.len() < 2 => {
                        model.cases.push((None, None));
                        let case_no = String::new();
                        cases.push(KeptCase { case_no, closed_on: None, acts: Vec::new() });
                    }
                    1 | 2 if which < cases.len() => {
                        let years = random(6);
                        let term = &mut model.cases[which].0;
                        if term.is_none_or(|term| longer(term) <= longer(years)) {
                            *term = Some(years);
                            cases[which].acts.push(act("retention.case-term-set", "", "", years));
                        }
                    }
                    3 | 4 if which < cases.len() && model.cases[which].1.is_none() => {
                        model.cases[which].1 = Some(today);
                        cases[which].closed_on = Some(today);
                    }
                    5 if random(8) == 0 => {
                        model.triggers += 1;
                        acts.push(act("retention.trigger-found", "obstruction", "", 0));
                    }
                    6 if !model.holds.contains(&hold) => {
                        model.holds.insert(hold);
                        acts.push(act("retention.hold-placed", "", &hold.to_string(), 0));
                    }
                    7 if model.holds.contains(&hold) => {
                        model.released.insert(hold);
                        acts.push(act("retention.hold-released", "", &hold.to_string(), 0));
                    }
                    _ => today = today.plus_days(i64::try_from(random(700)).unwrap()),
                }
                let kept = effective(accessioned, &acts, &cases);
                assert!(kept.until >= before, "{before:?} became {:?}", kept.until);
                let free = crate::disposal::against(&kept, today).is_empty();
                assert_eq!(free, model.may_go(accessioned, today), "{today} {kept:?}");
                (before, gone) = (kept.until, gone + u32::from(free));
            }
        }
        assert!(gone > 10_000, "some may go: {gone}");
    }
}
