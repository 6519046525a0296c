//! What is to be done by a day: one form for every term of the regulation.
//!
//! Every source of terms (labels, case files, reviews, findings, lapses, publicity, copies of
//! volumes) answers with
//! these, so that they are listed, told, reminded of and put on record as missed in one way.
//! Promises: a term counted in working days bears every day it counted and the notices it rests on;
//! the same term has the same number, however often it is asked for. Never asks a clock.

use crate::calendar::{Deadline, Passed};
use crate::clock::Date;
use vault_proof::RecordId;

/// From when a deadline is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The end of the recording, by the best of the times it states.
    Recorded,
    /// Its receipt, where no time is stated, or none that can be true.
    Received,
    /// The end of the enforcement, as the case file states it.
    EnforcementEnded,
    /// The material was complete, and the review began.
    Accepted,
    /// The day of a decision.
    Decided,
    /// The day on which it was received that a decision does not stand.
    Revoked,
    /// A person set the last day.
    Set,
    /// The last time that a copy was read to its end.
    LastRead,
}

impl Basis {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Received => "received",
            Self::EnforcementEnded => "enforcement-ended",
            Self::Accepted => "accepted",
            Self::Decided => "decided",
            Self::Revoked => "revoked",
            Self::Set => "set",
            Self::LastRead => "last-read",
        }
    }
}

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// Labels are to be given (A2.18(一)1).
    Label,
    /// A case file is to be closed (A2.18(一)3).
    CloseCase,
    /// A legal review is to come to its opinion (A2.26, A2.28).
    Review,
    /// A finding of an inspection is to be put right (A3.14).
    CorrectFinding,
    /// A lapse is to be answered (A3.16).
    AnswerLapse,
    /// A decision is to be published (A2.7(一)).
    Publish,
    /// What does not stand any more is to be withdrawn (A2.7(二)).
    Withdraw,
    /// A copy of a volume is to be read again (A3.12).
    ReadCopy,
}

impl DueKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Label,
        Self::CloseCase,
        Self::Review,
        Self::CorrectFinding,
        Self::AnswerLapse,
        Self::Publish,
        Self::Withdraw,
        Self::ReadCopy,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::CloseCase => "close-case",
            Self::Review => "review",
            Self::CorrectFinding => "correct-finding",
            Self::AnswerLapse => "answer-lapse",
            Self::Publish => "publish",
            Self::Withdraw => "withdraw",
            Self::ReadCopy => "read-copy",
        }
    }

    /// The article that sets the term.
    pub const fn article(self) -> &'static str {
        match self {
            Self::Label => "A2.18(一)1",
            Self::CloseCase => "A2.18(一)3",
            Self::Review => "A2.26, A2.28",
            Self::CorrectFinding => "A3.14",
            Self::AnswerLapse => "A3.16, A2.19",
            Self::Publish => "A2.7(一)",
            Self::Withdraw => "A2.7(二)",
            Self::ReadCopy => "A3.12",
        }
    }

    /// The item of A2.19(二) or A3.16 that a missed term of this kind may be; none where it is
    /// none of them.
    pub const fn clause(self) -> Option<&'static str> {
        match self {
            Self::Label => Some("A3.16(一)"),
            Self::CloseCase => Some("A2.19(二)1"),
            Self::CorrectFinding => Some("A3.16(六)"),
            // What is published late stays late: its register tells it. A copy that was not read in
            // time is no lapse by itself: damage to it is one, when it is found.
            Self::Review | Self::AnswerLapse | Self::Publish | Self::Withdraw | Self::ReadCopy => {
                None
            }
        }
    }
}

/// Whom and what a term is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What tells it: the recording's id, the case's number, the number of an entry, or the label of
    /// the volume and the copy.
    pub subject: String,
    /// What people call it: the name of the file, the title of the case, the place of the copy.
    /// Personal data.
    pub name: String,
    /// The unit it concerns; empty where nobody has said it.
    pub unit: String,
    /// The case it belongs to; may be empty.
    pub case_no: String,
}

/// Something to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub kind: DueKind,
    /// The recording's id, the case's number, or the number of an entry.
    pub subject: String,
    /// The name of the file, or the title of the case.
    pub name: String,
    /// The unit of a case; empty for a recording without its labels.
    pub unit: String,
    /// The case it belongs to; may be empty.
    pub case_no: String,
    /// The day it is counted from.
    pub since: Date,
    /// Why that day.
    pub basis: Basis,
    /// The last day.
    pub due: Date,
    /// Days until then; negative where it was missed.
    pub days_left: i64,
    /// Every day that was counted; none where the term is not one of working days.
    pub passed: Vec<Passed>,
    /// The notices it rests on, by their addresses.
    pub papers: Vec<String>,
    /// Whether a year without a notice was counted by its weekends alone.
    pub provisional: bool,
}

impl Due {
    /// A term of working days.
    pub fn counted(
        kind: DueKind,
        about: About,
        (since, basis): (Date, Basis),
        deadline: Deadline,
        today: Date,
    ) -> Self {
        let Deadline { due, passed, papers, provisional } = deadline;
        let bare = Self::on(kind, about, (since, basis), due, today);
        Self { passed, papers, provisional, ..bare }
    }

    /// A term that ends on a day of the calendar.
    pub fn on(
        kind: DueKind,
        about: About,
        (since, basis): (Date, Basis),
        due: Date,
        today: Date,
    ) -> Self {
        let About { subject, name, unit, case_no } = about;
        Self {
            kind,
            subject,
            name,
            unit,
            case_no,
            since,
            basis,
            due,
            days_left: today.days_until(due),
            passed: Vec::new(),
            papers: Vec::new(),
            provisional: false,
        }
    }

    /// Whether the last day is over.
    pub const fn missed(&self) -> bool {
        self.days_left < 0
    }

    /// Its number: that of its kind, its subject and the day it is counted from.
    pub fn term(&self) -> RecordId {
        term_of(self.kind, &self.subject, self.since)
    }
}

/// The number of a term.
pub(super) fn term_of(kind: DueKind, subject: &str, since: Date) -> RecordId {
    let named = format!("term\n{}\n{subject}\n{since}", kind.as_str());
    let digest = blake3::hash(named.as_bytes());
    let mut number = [0; 16];
    number.copy_from_slice(&digest.as_bytes()[..16]);
    RecordId::from_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    #[test]
    fn a_term_bears_the_days_it_counted_and_keeps_its_number() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let about = || About { subject: "x".into(), ..About::default() };
        let since = (day("2026-09-25"), Basis::Recorded);
        let deadline = Calendar::official().deadline(since.0, 2);
        let due = Due::counted(DueKind::Label, about(), since, deadline, day("2026-09-30"));
        assert_eq!((due.due, due.days_left), (day("2026-09-29"), -1));
        assert!(due.missed() && due.passed.len() == 4 && due.papers.len() == 1);
        let set = Due::on(DueKind::Label, about(), since, day("2026-12-01"), day("2026-09-30"));
        assert_eq!(due.term(), set.term(), "it is the same term, whenever it ends");
        let other = Due::on(DueKind::Review, about(), since, set.due, set.due);
        assert_ne!(due.term(), other.term());
    }
}
