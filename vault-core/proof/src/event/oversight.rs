//! Registers of oversight: devices, statements of what was not recorded, lapses, legal review of
//! decisions, editions of the calendar. Names, places and reasons are in payloads. (R04, R05, R24, R25; A3.5, A3.6, A2.19,
//! A2.20 to A2.33, A3.16)

use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about entries of a register.
    pub enum OversightBody {
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
    }
}

impl OversightBody {
    /// The entry of the register.
    pub const fn entry(&self) -> &RecordId {
        match self {
            Self::DeviceRegistered { device: entry }
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
            | Self::CalendarProposed { edition: entry, .. }
            | Self::CalendarConfirmed { edition: entry } => entry,
        }
    }

    /// The recordings it speaks of.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::LapseRaised { recordings, .. } => recordings.iter().collect(),
            _ => Vec::new(),
        }
    }
}
