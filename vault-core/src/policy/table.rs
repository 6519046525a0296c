//! The one table of who may do what.
//!
//! One cell for each role and act; a snapshot of the whole (`tests/vectors/policy/table.txt`) is
//! compared in a test, so that no right is given or taken without somebody seeing it. Later flows
//! add rows and columns here, never a comparison of roles elsewhere.

use super::{Act, Role};
use std::fmt::Write;

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The role may do it.
    Allowed,
    /// It may not.
    Refused {
        /// Why, as a stable code.
        reason: &'static str,
        /// The article that says so.
        article: &'static str,
    },
}

/// Reading archived bytes: whatever the role, only under a grant, which a role cannot replace.
const NEEDS_GRANT: Answer =
    Answer::Refused { reason: "grant-needed", article: "A3.15, A2.18(一)5" };

/// What only a person may begin, never the vault by itself.
const NEEDS_PERSON: Answer = Answer::Refused { reason: "person-needed", article: "A2.18(一)1" };

/// The cell of this role and act.
pub const fn answer(role: Role, act: Act) -> Answer {
    match (act, role) {
        (Act::ReadRecording, Role::Operator | Role::System) => NEEDS_GRANT,
        (
            Act::InitialiseVault
            | Act::RegisterStore
            | Act::TakeIn
            | Act::CheckTranscript
            | Act::ShowTranscript
            | Act::MarkRecording
            | Act::Search
            | Act::Rebuild,
            Role::System,
        ) => NEEDS_PERSON,
        (
            Act::InitialiseVault
            | Act::RegisterStore
            | Act::TakeIn
            | Act::TakeDigests
            | Act::CheckFixity
            | Act::ExamineMedia
            | Act::StoreTranscript
            | Act::CheckTranscript
            | Act::ShowTranscript
            | Act::MarkRecording
            | Act::Search
            | Act::ReadCatalogue
            | Act::ReadLedger
            | Act::SignCheckpoint
            | Act::Rebuild
            | Act::RunJobs,
            Role::Operator,
        )
        | (
            Act::TakeDigests
            | Act::CheckFixity
            | Act::ExamineMedia
            | Act::StoreTranscript
            | Act::ReadCatalogue
            | Act::ReadLedger
            | Act::SignCheckpoint
            | Act::RunJobs,
            Role::System,
        ) => Answer::Allowed,
    }
}

/// The whole table as text, one line for each role and act.
pub fn print() -> String {
    let mut text = String::new();
    for &act in Act::ALL {
        for &role in Role::ALL {
            let cell = match answer(role, act) {
                Answer::Allowed => "allowed".to_owned(),
                Answer::Refused { reason, article } => format!("refused {reason} [{article}]"),
            };
            let (name, article) = (act.as_str(), act.article());
            // Writing to a String cannot fail.
            writeln!(text, "{name} [{article}] {}: {cell}", role.as_str()).ok();
        }
    }
    text
}
