//! Registers of oversight: numbered forms, devices, statements of what was not recorded, lapses,
//! legal review of decisions, publicity and yearly figures, editions of the calendar. Names, places
//! and reasons are in payloads. (R04, R05, R10, R24, R25, R26; A3.5, A3.6, A3.10, A2.5 to A2.10,
//! A2.19, A2.20 to A2.33, A3.16)

use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about entries of a register.
    pub enum OversightBody {
        /// A form was made out with the next number of its kind in the year.
        FormIssued = "form.issued" {
            /// The form.
            form: RecordId,
            /// `preservation-list` or `transfer-list`.
            kind: String,
            /// The year of the number.
            year: u64,
            /// The number, from 1, without gaps in a year for each kind.
            number: u64,
            /// BLAKE3 of the form's fields in canonical form.
            digest: ContentId,
            /// SHA-256 of it as it was printed, hex.
            sha256: String,
            /// What it lists.
            recordings: Vec<ContentId>,
        },
        /// One side signed a form.
        FormSigned = "form.signed" {
            /// The form.
            form: RecordId,
            /// `hands-over` or `receives`.
            side: String,
            /// `system`, or `paper` where somebody puts a signature on paper on record.
            way: String,
        },
        /// A form was made void; its number stays used.
        FormVoided = "form.voided" {
            /// The form.
            form: RecordId,
        },
        /// A recorder was entered, or entered anew with what changed.
        DeviceRegistered = "device.registered" {
            /// The device.
            device: RecordId,
        },
        /// Somebody took it out.
        DeviceTakenOut = "device.taken-out" {
            /// The device.
            device: RecordId,
        },
        /// It came back.
        DeviceReturned = "device.returned" {
            /// The device.
            device: RecordId,
        },
        /// Its battery, memory and clock were looked at.
        DeviceChecked = "device.checked" {
            /// The device.
            device: RecordId,
            /// Whether it is fit for duty.
            passed: bool,
        },
        /// It was maintained.
        DeviceMaintained = "device.maintained" {
            /// The device.
            device: RecordId,
        },
        /// It does not work.
        DeviceBroken = "device.broken" {
            /// The device.
            device: RecordId,
        },
        /// It works again.
        DeviceMended = "device.mended" {
            /// The device.
            device: RecordId,
        },
        /// It is used no more.
        DeviceRetired = "device.retired" {
            /// The device.
            device: RecordId,
        },
        /// Somebody states why nothing was recorded, and reports it.
        StatementMade = "statement.made" {
            /// The statement.
            statement: RecordId,
            /// Which of the four grounds of A3.5.
            ground: String,
            /// What was not recorded.
            activity: String,
        },
        /// The superior has seen it.
        StatementAnswered = "statement.answered" {
            /// The statement.
            statement: RecordId,
            /// Whether the ground is accepted.
            accepted: bool,
        },
        /// A lapse was entered.
        LapseRaised = "lapse.raised" {
            /// The lapse.
            lapse: RecordId,
            /// Which item of A2.19(二) or A3.16.
            clause: String,
            /// `finding`, `alarm`, `deadline` or `person`.
            source: String,
            /// The recordings it concerns.
            recordings: Vec<ContentId>,
        },
        /// Whoever it concerns answered.
        LapseAnswered = "lapse.answered" {
            /// The lapse.
            lapse: RecordId,
        },
        /// It was closed.
        LapseClosed = "lapse.closed" {
            /// The lapse.
            lapse: RecordId,
            /// Whether it was one.
            upheld: bool,
        },
        /// The handling unit says that a decision is none that needs a review.
        ReviewNotNeeded = "review.not-needed" {
            /// The review.
            review: RecordId,
        },
        /// A decision was handed in for review (送审).
        ReviewSubmitted = "review.submitted" {
            /// The review.
            review: RecordId,
            /// Items of A2.22 and A2.23, by the article.
            grounds: Vec<String>,
            /// What was handed in, of A2.24.
            materials: Vec<String>,
        },
        /// The material is complete, and the clocks run (受理).
        ReviewAccepted = "review.accepted" {
            /// The review.
            review: RecordId,
        },
        /// The clocks stop: for more material, or for experts.
        ReviewStopped = "review.stopped" {
            /// The review.
            review: RecordId,
            /// `supplement` or `experts`.
            cause: String,
        },
        /// They run again.
        ReviewResumed = "review.resumed" {
            /// The review.
            review: RecordId,
            /// What was handed in besides.
            materials: Vec<String>,
        },
        /// A leader gave more time, once.
        ReviewExtended = "review.extended" {
            /// The review.
            review: RecordId,
        },
        /// The opinion was given.
        ReviewOpinionGiven = "review.opinion-given" {
            /// The review.
            review: RecordId,
            /// Which of the five of A2.30.
            opinion: String,
        },
        /// The handling unit objects to it.
        ReviewObjected = "review.objected" {
            /// The review.
            review: RecordId,
        },
        /// The leaders decided on the objection together (集体讨论).
        ReviewSettled = "review.settled" {
            /// The review.
            review: RecordId,
            /// Whether the decision may be made.
            passed: bool,
        },
        /// What is to be published of a decision was drafted, or drafted anew (公示).
        PublicityDrafted = "publicity.drafted" {
            /// The entry.
            publicity: RecordId,
            /// Which of the four kinds of A2.6(三).
            kind: String,
            /// Whether it is to be published; else a ground of A2.8 stands against it.
            publish: bool,
        },
        /// A leader approved the last draft, or gave it back.
        PublicityDecided = "publicity.decided" {
            /// The entry.
            publicity: RecordId,
            /// Whether it is approved.
            approved: bool,
        },
        /// It was published.
        PublicityPublished = "publicity.published" {
            /// The entry.
            publicity: RecordId,
            /// Where, of the carriers of A2.9.
            places: Vec<String>,
        },
        /// The decision does not stand any more, or may not be shown any more.
        PublicityRevoked = "publicity.revoked" {
            /// The entry.
            publicity: RecordId,
            /// Why.
            cause: String,
        },
        /// It was withdrawn from where it was published.
        PublicityWithdrawn = "publicity.withdrawn" {
            /// The entry.
            publicity: RecordId,
        },
        /// A natural person applies for it to be taken down.
        PublicityTakeDownAsked = "publicity.take-down-asked" {
            /// The entry.
            publicity: RecordId,
        },
        /// The principal leader decided on that.
        PublicityTakeDownDecided = "publicity.take-down-decided" {
            /// The entry.
            publicity: RecordId,
            /// Whether it may be taken down.
            approved: bool,
        },
        /// It was taken down after its time.
        PublicityTakenDown = "publicity.taken-down" {
            /// The entry.
            publicity: RecordId,
        },
        /// The figures of a year were computed and frozen.
        AnnualFrozen = "annual.frozen" {
            /// The figures.
            annual: RecordId,
            /// The year.
            year: u64,
        },
        /// A leader approved them, or gave them back.
        AnnualDecided = "annual.decided" {
            /// The figures.
            annual: RecordId,
            /// Whether they are approved.
            approved: bool,
        },
        /// They were reported upwards.
        AnnualHandedOn = "annual.handed-on" {
            /// The figures.
            annual: RecordId,
        },
        /// The notice of a year was brought in.
        CalendarProposed = "calendar.proposed" {
            /// The edition.
            edition: RecordId,
            /// The year.
            year: u64,
        },
        /// Another confirmed it.
        CalendarConfirmed = "calendar.confirmed" {
            /// The edition.
            edition: RecordId,
        },
        /// The last day of a term is over, and what was to be done was not.
        TermMissed = "term.missed" {
            /// The term.
            term: RecordId,
            /// What was to be done.
            due_kind: String,
            /// The day it is counted from.
            since: String,
            /// The last day.
            due: String,
            /// The recordings it concerns.
            recordings: Vec<ContentId>,
        },
        /// Somebody wrote why.
        TermExplained = "term.explained" {
            /// The term.
            term: RecordId,
        },
        /// Another edition of the calendar moved the last day of a running term.
        TermMoved = "term.moved" {
            /// The term.
            term: RecordId,
            /// What is to be done.
            due_kind: String,
            /// The last day as it was counted before.
            from: String,
            /// The last day as it is counted now.
            due: String,
            /// The edition.
            edition: RecordId,
            /// The recordings it concerns.
            recordings: Vec<ContentId>,
        },
    }
}

impl OversightBody {
    /// The entry of the register.
    pub const fn entry(&self) -> &RecordId {
        match self {
            Self::FormIssued { form: entry, .. }
            | Self::FormSigned { form: entry, .. }
            | Self::FormVoided { form: entry }
            | Self::DeviceRegistered { device: entry }
            | Self::DeviceTakenOut { device: entry }
            | Self::DeviceReturned { device: entry }
            | Self::DeviceChecked { device: entry, .. }
            | Self::DeviceMaintained { device: entry }
            | Self::DeviceBroken { device: entry }
            | Self::DeviceMended { device: entry }
            | Self::DeviceRetired { device: entry }
            | Self::StatementMade { statement: entry, .. }
            | Self::StatementAnswered { statement: entry, .. }
            | Self::LapseRaised { lapse: entry, .. }
            | Self::LapseAnswered { lapse: entry }
            | Self::LapseClosed { lapse: entry, .. }
            | Self::ReviewNotNeeded { review: entry }
            | Self::ReviewSubmitted { review: entry, .. }
            | Self::ReviewAccepted { review: entry }
            | Self::ReviewStopped { review: entry, .. }
            | Self::ReviewResumed { review: entry, .. }
            | Self::ReviewExtended { review: entry }
            | Self::ReviewOpinionGiven { review: entry, .. }
            | Self::ReviewObjected { review: entry }
            | Self::ReviewSettled { review: entry, .. }
            | Self::PublicityDrafted { publicity: entry, .. }
            | Self::PublicityDecided { publicity: entry, .. }
            | Self::PublicityPublished { publicity: entry, .. }
            | Self::PublicityRevoked { publicity: entry, .. }
            | Self::PublicityWithdrawn { publicity: entry }
            | Self::PublicityTakeDownAsked { publicity: entry }
            | Self::PublicityTakeDownDecided { publicity: entry, .. }
            | Self::PublicityTakenDown { publicity: entry }
            | Self::AnnualFrozen { annual: entry, .. }
            | Self::AnnualDecided { annual: entry, .. }
            | Self::AnnualHandedOn { annual: entry }
            | Self::CalendarProposed { edition: entry, .. }
            | Self::CalendarConfirmed { edition: entry }
            | Self::TermMissed { term: entry, .. }
            | Self::TermExplained { term: entry }
            | Self::TermMoved { term: entry, .. } => entry,
        }
    }

    /// The recordings it speaks of.
    pub fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::LapseRaised { recordings, .. }
            | Self::FormIssued { recordings, .. }
            | Self::TermMissed { recordings, .. }
            | Self::TermMoved { recordings, .. } => recordings.iter().collect(),
            _ => Vec::new(),
        }
    }
}
