//! The rules against cases by hand, and against a model written from the regulation alone.

use super::*;
use proptest::prelude::*;
use vault_proof::RecordId;

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

/// Taken in on 2026-01-15 by event 100, of no activity.
fn received() -> Received {
    Received { on: day("2026-01-15"), seq: 100, classes: Vec::new() }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn the_longest_reason_holds_and_all_are_shown() {
    let plain = effective(&received(), &[], &[], &[]);
    assert_eq!(plain.until, Until::Day(day("2028-01-15")));
    let term = vec![act("retention.case-term-set", "", "", 10)];
    let mut case = KeptCase { case_no: "民罚1".into(), closed_on: None, acts: term };
    let open = effective(&received(), &[], &[], &[case.clone()]);
    assert_eq!(open.until, Until::Day(day("2028-01-15")));
    // Its term has no end yet; that it was set, for how long and by whom, is shown all the same.
    let block = &open.blocks[0];
    assert_eq!((block.kind, block.years), ("case-open", Some(10)));
    assert_eq!((block.person.as_str(), block.why.as_str()), ("某", "因"));
    case.closed_on = Some(day("2026-03-01"));
    let closed = effective(&received(), &[], &[], &[case.clone()]);
    assert_eq!((closed.until, closed.blocks.len()), (Until::Day(day("2036-03-01")), 0));
    let found = [act("retention.trigger-found", "obstruction", "", 0)];
    let kept = effective(&received(), &[], &found, &[case]);
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
    let held = effective(&received(), &[], &acts, &[]);
    assert_eq!(held.blocks.iter().map(|block| &block.detail).collect::<Vec<_>>(), ["b"]);
    acts.push(act("retention.hold-released", "", "b", 0));
    assert!(effective(&received(), &[], &acts, &[]).blocks.is_empty());
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
        let mut before = effective(&received(), &[], &acts, &cases).until;
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
            let now = effective(&received(), &[], &acts, &cases);
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
    /// Of each class (none is any): the term for what comes next.
    next: std::collections::BTreeMap<Option<u8>, u64>,
    /// Of each class: the longest term that came to hold for this recording.
    held: std::collections::BTreeMap<Option<u8>, u64>,
    came: bool,
    classes: std::collections::BTreeSet<u8>,
}

impl Model {
    fn confirm(&mut self, class: Option<u8>, years: u64, stored: bool) {
        self.next.insert(class, years);
        if self.came && stored {
            let held = self.held.entry(class).or_insert(years);
            *held = if longer(*held) < longer(years) { years } else { *held };
        }
    }

    fn come(&mut self) {
        (self.came, self.held) = (true, self.next.clone());
    }

    fn by_rule(&self, accessioned: Date, today: Date) -> bool {
        let mine = |class: &Option<u8>| class.is_none_or(|class| self.classes.contains(&class));
        self.held.iter().filter(|(class, _)| mine(class)).all(|(_, years)| {
            *years > 0 && today > accessioned.plus_years(i64::try_from(*years).unwrap())
        })
    }

    fn may_go(&self, accessioned: Date, today: Date) -> bool {
        let original = today > accessioned.plus_years(2) && self.by_rule(accessioned, today);
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

/// The same steps, done to the program's own rows.
struct Life {
    model: Model,
    acts: Vec<RetentionAct>,
    cases: Vec<KeptCase>,
    rules: Vec<RuleAct>,
    received: Received,
    seq: u64,
}

impl Life {
    fn new(accessioned: Date) -> Self {
        Self {
            model: Model::default(),
            acts: Vec::new(),
            cases: Vec::new(),
            rules: Vec::new(),
            received: Received { on: accessioned, seq: u64::MAX, classes: Vec::new() },
            seq: 0,
        }
    }

    /// A rule is proposed, and confirmed where the other person agrees.
    fn rule(&mut self, class: u8, years: u64, stored: bool, confirmed: bool) {
        let id = RecordId::from_bytes([u8::try_from(self.seq % 200).unwrap(); 16]);
        let name = if class == 0 { ANY_CLASS.to_owned() } else { class.to_string() };
        for kind in ["retention.rule-proposed", "retention.rule-confirmed"] {
            self.seq += 1;
            self.rules.push(RuleAct {
                seq: self.seq,
                rule: id,
                kind: kind.into(),
                at_ms: UtcTime::from_ms(0),
                by_actor: String::new(),
                class: name.clone(),
                years,
                stored,
                recordings: 0,
                lengthened: 0,
                kept: 0,
                reason: String::new(),
                person: String::new(),
            });
            if !confirmed {
                return;
            }
        }
        self.model.confirm((class > 0).then_some(class), years, stored);
    }

    fn kept(&self) -> Retention {
        let rules = rules_in_force(&self.rules);
        effective(&self.received, &rules, &self.acts, &self.cases)
    }
}

/// One random step; gives the day it is then.
fn step(life: &mut Life, random: &mut dyn FnMut(u64) -> u64, today: Date) -> Date {
    let which = usize::try_from(random(2)).unwrap();
    let hold = u32::try_from(random(3)).unwrap();
    let Life { model, acts, cases, .. } = life;
    match random(16) {
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
        8..=10 => {
            let years = [0, 2, 3, 5, 10, 2, 3, 4][usize::try_from(random(8)).unwrap()];
            let class = u8::try_from(random(3)).unwrap();
            life.rule(class, years, random(2) == 0, random(4) > 0);
        }
        11 => {
            // Labels come later, or the same content comes again for another activity.
            let class = u8::try_from(random(2)).unwrap() + 1;
            life.model.classes.insert(class);
            life.received.classes.push(class.to_string());
        }
        _ => return today.plus_days(i64::try_from(random(700)).unwrap()),
    }
    today
}

/// 100,000 random lives, a step at a time: rules before and after the receipt, case files,
/// triggers, holds, labels that come late.
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
    let (mut gone, mut ruled) = (0, 0);
    for _ in 0..100_000 {
        let mut life = Life::new(accessioned);
        for _ in 0..random(4) {
            let class = u8::try_from(random(3)).unwrap();
            life.rule(class, 2 + random(4), random(2) == 0, true);
        }
        life.seq += 1;
        life.received.seq = life.seq;
        life.model.come();
        let mut today = accessioned;
        let mut before = life.kept().until;
        for _ in 0..8 {
            today = step(&mut life, &mut random, today);
            let kept = life.kept();
            assert!(kept.until >= before, "{before:?} became {:?}", kept.until);
            assert!(kept.reasons.iter().all(|one| KEPT_FOR.contains(&one.kind)), "{kept:?}");
            assert!(kept.blocks.iter().all(|one| BLOCKS.contains(&one.kind)), "{kept:?}");
            let free = crate::disposal::against(&kept, today).is_empty();
            assert_eq!(free, life.model.may_go(accessioned, today), "{today} {kept:?}");
            (before, gone) = (kept.until, gone + u32::from(free));
            ruled += u32::from(kept.reasons[0].kind == "rule");
        }
    }
    assert!(gone > 5_000 && ruled > 10_000, "some may go ({gone}), some are ruled ({ruled})");
}

#[test]
fn a_shorter_rule_reaches_only_what_comes_after_it() {
    let mut life = Life::new(day("2026-01-15"));
    life.rule(0, 5, false, true);
    (life.seq, life.received.seq) = (3, 3);
    life.rule(0, 2, true, true);
    assert_eq!(life.kept().until, Until::Day(day("2031-01-15")), "it keeps its five years");
    life.rule(0, 10, false, true);
    assert_eq!(life.kept().until, Until::Day(day("2031-01-15")), "for what comes next only");
    life.rule(0, 10, true, false);
    assert_eq!(life.kept().until, Until::Day(day("2031-01-15")), "nobody confirmed it");
    life.rule(0, 10, true, true);
    assert_eq!(life.kept().until, Until::Day(day("2036-01-15")), "and it lengthens");
    (life.seq, life.received.seq) = (100, 100);
    life.rule(0, 3, false, true);
    assert_eq!(life.kept().until, Until::Day(day("2036-01-15")), "the last before it holds");
    let later = Received { seq: 1_000, ..life.received };
    let kept = effective(&later, &rules_in_force(&life.rules), &[], &[]);
    assert_eq!(kept.until, Until::Day(day("2029-01-15")), "three years for what comes next");
}
