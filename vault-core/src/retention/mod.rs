//! Retention (保管期限): how long each recording is kept, and why (R14, R15; A3.11, A3.12,
//! A2.18(二)).
//!
//! What holds is the longest of all reasons, and every reason is shown: an original two years, or as
//! the rule of its class says, evidence as long as its case file, what bears a trigger for ever. Holds and unfinished case
//! files stand beside the term: while one is there, nothing goes, whatever the day. Promises: the
//! term only grows, whatever is done in whatever order; a change that would shorten it is refused
//! with its article. Never removes anything.

mod acts;
mod rules;
mod schedule;

pub use acts::{HoldTarget, find_trigger, place_hold, release_hold, set_case_term, show};
pub use rules::{ANY_CLASS, BLOCKS, Block, KEPT_FOR, Reason, Retention, TRIGGERS, Until};
pub use schedule::{
    NewRule, RuleState, RuleView, Simulation, confirm_rule, propose_rule, rules, simulate,
    withdraw_rule,
};
