//! The rules: from what happened to how long something is kept. Pure.

use crate::catalog::{RetentionAct, RuleAct};
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

/// Kinds of reasons for which something is kept.
pub const KEPT_FOR: &[&str] = &["original", "rule", "case-term", "trigger"];

/// Kinds of what stands against any removal.
pub const BLOCKS: &[&str] = &["hold", "case-open", "case-term-unset"];

/// Why something is kept, and until when by this reason alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `original`, `rule`, `case-term` or `trigger`.
    pub kind: &'static str,
    /// The trigger, the class, or the 案号.
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
    /// Of an open case file whose term is set: the years from its closing, 0 for ever.
    pub years: Option<u64>,
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
                years: None,
            });
        }
    }
}

/// The class of a rule that concerns every recording.
pub const ANY_CLASS: &str = "any";

/// A rule of retention that another person confirmed.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// An activity, or `any`.
    pub(super) class: String,
    pub(super) years: u64,
    /// Whether it lengthens what was stored before.
    pub(super) stored: bool,
    /// The event that confirmed it.
    pub(super) since: u64,
    pub(super) person: String,
    pub(super) why: String,
    pub(super) at: UtcTime,
}

/// The rules that hold, in the order of their confirmation.
pub(super) fn rules_in_force(acts: &[RuleAct]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for act in acts.iter().filter(|act| act.kind == "retention.rule-confirmed") {
        let proposed = |one: &&RuleAct| {
            one.rule == act.rule && one.kind == "retention.rule-proposed" && one.seq < act.seq
        };
        let Some(proposal) = acts.iter().find(proposed) else { continue };
        rules.push(Rule {
            class: proposal.class.clone(),
            years: proposal.years,
            stored: proposal.stored,
            since: act.seq,
            person: act.person.clone(),
            why: proposal.reason.clone(),
            at: act.at_ms,
        });
    }
    rules
}

/// What retention has to know of a recording.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) on: Date,
    /// The event that took it in.
    pub(super) seq: u64,
    /// The activities it was ever said to record.
    pub(super) classes: Vec<String>,
}

/// The rule that keeps a recording longest, if any does: of each of its classes the last rule
/// before it was taken in, and whatever lengthened what was stored afterwards. A later rule can
/// therefore never shorten, and a class more can only lengthen.
pub(super) fn rule_for<'a>(received: &Received, rules: &'a [Rule]) -> Option<&'a Rule> {
    let concerns = |rule: &&Rule, class: &str| rule.class == class;
    let mut longest: Option<&Rule> = None;
    let classes = received.classes.iter().map(String::as_str).chain([ANY_CLASS]);
    for class in classes {
        let before = |rule: &&Rule| concerns(rule, class) && rule.since < received.seq;
        let after =
            |rule: &&Rule| concerns(rule, class) && rule.since > received.seq && rule.stored;
        let found = rules.iter().rev().find(before).into_iter().chain(rules.iter().filter(after));
        for rule in found {
            if longest.is_none_or(|longest| longer(rule.years) > longer(longest.years)) {
                longest = Some(rule);
            }
        }
    }
    longest
}

/// The end of a term in years from a day; 0 is for ever.
pub(super) fn until(from: Date, years: u64) -> Until {
    match years {
        0 => Until::Ever,
        years => Until::Day(from.plus_years(i64::try_from(years).unwrap_or(i64::MAX))),
    }
}

/// What holds for a recording.
pub(super) fn effective(
    received: &Received,
    rules: &[Rule],
    acts: &[RetentionAct],
    cases: &[KeptCase],
) -> Retention {
    let accessioned = received.on;
    let mut reasons = vec![Reason {
        kind: "original",
        detail: String::new(),
        article: "A3.11",
        until: Until::Day(accessioned.plus_years(ORIGINAL_YEARS)),
        person: String::new(),
        why: String::new(),
        at: None,
    }];
    reasons.extend(rule_for(received, rules).map(|rule| Reason {
        kind: "rule",
        detail: rule.class.clone(),
        article: "A3.11",
        until: until(accessioned, rule.years),
        person: rule.person.clone(),
        why: rule.why.clone(),
        at: Some(rule.at),
    }));
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
        years: None,
    };
    let term = case_term(&case.acts);
    let set = case.acts.iter().rev().find(|act| act.kind == "retention.case-term-set");
    if case.closed_on.is_none() {
        // A term that is counted from the closing has no end yet, but it was set by somebody.
        blocks.push(Block {
            person: set.map(|act| act.person.clone()).unwrap_or_default(),
            why: set.map(|act| act.reason.clone()).unwrap_or_default(),
            at: set.map(|act| act.at_ms),
            years: term,
            ..block("case-open")
        });
    }
    let until = match (term, case.closed_on) {
        (Some(0), _) => Until::Ever,
        (Some(years), Some(closed)) => until(closed, years),
        (Some(_), None) => return,
        (None, _) => return blocks.push(block("case-term-unset")),
    };
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
mod tests;
