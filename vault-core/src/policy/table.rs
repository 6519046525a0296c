//! The one table of who may do what, in which state.
//!
//! For each act and state the roles that may; everybody else is refused, with the reason. A
//! snapshot of the whole (`tests/vectors/policy/table.txt`) is compared in a test, so that no
//! right is given or taken without somebody seeing it, and so is a table written from the
//! regulation alone (`tests/vectors/policy/regulation.yaml`). Later flows add rows and columns
//! here, never a comparison of roles elsewhere.

use super::Role::{
    Archivist, AuditAdministrator, Custodian, DeviceManager, Handler, InCharge, Inspector,
    Operator, Principal, Recipient, SecurityAdministrator, Station, System, SystemAdministrator,
};
use super::roles::ADMINISTRATORS;
use super::{Act, Role, State};
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

/// The roles that may do this act in this state; nobody where the state is not one of the act.
pub const fn entitled(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::RegisterStore | Act::Rebuild, State::Any) => &[Operator, SystemAdministrator],
        (Act::TakeIn, State::Any) => &[Operator, Custodian, Handler, DeviceManager, Station],
        (Act::Label, State::Any) => &[Operator, Custodian, Handler],
        (Act::TakeDigests, State::Any) => &[Operator, System, Custodian, SystemAdministrator],
        (Act::CheckFixity, State::Any) => {
            &[Operator, System, Custodian, Archivist, SystemAdministrator]
        }
        (Act::ExamineMedia | Act::StoreTranscript, State::Any) => {
            &[Operator, System, Custodian, Handler]
        }
        (Act::CheckTranscript, State::Any) | (Act::ShowTranscript, State::OwnUnit) => {
            &[Operator, Custodian, Handler]
        }
        (Act::InitialiseVault, State::Any) | (Act::ShowTranscript, State::OtherUnit) => &[Operator],
        (Act::MarkRecording, State::Any) => &[Operator, Custodian, Handler, Inspector],
        (Act::Search, State::Any) => {
            &[Operator, Custodian, Handler, InCharge, Principal, Archivist, Inspector]
        }
        (Act::ReadCatalogue, State::Any) => &[
            Operator,
            System,
            Custodian,
            Handler,
            InCharge,
            Principal,
            Archivist,
            Inspector,
            DeviceManager,
        ],
        // Who keeps the machine sees how it stands, and nothing of what is kept.
        (Act::ReadHealth, State::Any) => &[
            Operator,
            System,
            Custodian,
            Handler,
            InCharge,
            Principal,
            Archivist,
            Inspector,
            DeviceManager,
            SystemAdministrator,
            SecurityAdministrator,
            AuditAdministrator,
        ],
        (Act::ReadLedger, State::Any) => {
            &[Operator, System, InCharge, Principal, Archivist, Inspector, AuditAdministrator]
        }
        (Act::SignCheckpoint, State::Any) => {
            &[Operator, System, SystemAdministrator, AuditAdministrator]
        }
        (Act::RunJobs, State::Any) => &[Operator, System, SystemAdministrator],
        _ => entitled_people(act, state),
    }
}

/// People and case files.
#[expect(clippy::match_same_arms, reason = "rows that agree are not one rule")]
const fn entitled_people(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::SignIn, State::Any) => &[Operator, System],
        (Act::ReadPeople, State::Any) => {
            &[Operator, SystemAdministrator, SecurityAdministrator, AuditAdministrator]
        }
        (Act::ProposeAccount, State::SetUp) => &[SystemAdministrator],
        (Act::ConfirmAccount, State::OthersProposal) => &[SecurityAdministrator],
        (Act::DisableAccount, State::SetUp) => &[SystemAdministrator, SecurityAdministrator],
        (
            Act::AppointAdministrators
            | Act::ProposeAccount
            | Act::ConfirmAccount
            | Act::DisableAccount
            | Act::SetCredential,
            State::FirstRun,
        ) => &[Operator],
        (Act::SetCredential, State::OwnAccount) => &[
            Custodian,
            Handler,
            InCharge,
            Principal,
            Archivist,
            Inspector,
            DeviceManager,
            Recipient,
            SystemAdministrator,
            SecurityAdministrator,
            AuditAdministrator,
        ],
        (Act::SetCredential, State::OthersAccount) => &[SecurityAdministrator],
        (Act::SetCredential, State::AdministratorsAccount) => &[Operator, SecurityAdministrator],
        (Act::OpenCase, State::Any) | (Act::EndCase | Act::FileInCase, State::CaseOpen) => {
            &[Operator, Custodian, Handler, Archivist]
        }
        (Act::CloseCase, State::CaseOpen) | (Act::AddAddendum, State::CaseClosed) => &[Archivist],
        _ => entitled_keeping(act, state),
    }
}

/// Copies and stores.
#[expect(clippy::match_same_arms, reason = "rows that agree are not one rule")]
const fn entitled_keeping(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::CopyOut, State::Any) => {
            &[Operator, System, Custodian, Archivist, SystemAdministrator]
        }
        (Act::RepairCopy, State::Any) => {
            &[Operator, System, Custodian, Archivist, SystemAdministrator]
        }
        (Act::CoolDown | Act::BringBack, State::Any) => {
            &[Operator, System, Archivist, SystemAdministrator]
        }
        (Act::AskBack, State::Any) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector]
        }
        (Act::BackUp, State::Any) => &[Operator, System, SystemAdministrator],
        (Act::RehearseRestore, State::Any) => &[Operator, System, Archivist, SystemAdministrator],
        (Act::RestoreVault, State::Any) | (Act::RecoverLedger, State::FirstRun) => &[Operator],
        (Act::RecoverLedger, State::SetUp) => &[InCharge, Principal, AuditAdministrator],
        (Act::ProposeRelease, State::Any) => &[Custodian, Archivist, SystemAdministrator],
        (Act::ReleaseStore, State::OthersProposal) => &[InCharge, Archivist, SecurityAdministrator],
        (Act::WithdrawRelease, State::Any) => {
            &[Custodian, InCharge, Archivist, SystemAdministrator, SecurityAdministrator]
        }
        (Act::ProposeDisposal | Act::CarryOutDisposal, State::Any) => &[Custodian, Archivist],
        (Act::ApproveDisposal, State::OthersProposal) => &[InCharge, Principal],
        (Act::WithdrawDisposal, State::Any) => {
            &[Custodian, InCharge, Principal, Archivist, Inspector]
        }
        (
            Act::BuildVolume | Act::BurnVolume | Act::ShelveVolume | Act::ProposeCopyRelease,
            State::Any,
        ) => &[Custodian, Archivist],
        (Act::ReleaseVolumeCopy, State::OthersProposal) => &[InCharge, Archivist],
        (Act::WithdrawCopyRelease, State::Any) => &[Custodian, InCharge, Archivist],
        _ => entitled_use(act, state),
    }
}

/// Retention and access.
#[expect(clippy::match_same_arms, reason = "rows that agree are not one rule")]
const fn entitled_use(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::SetCaseTerm, State::Any) => &[InCharge, Archivist],
        (Act::ProposeRule, State::Any) => &[InCharge, Archivist],
        (Act::ConfirmRule, State::OthersProposal) => &[InCharge, Principal],
        (Act::WithdrawRule, State::Any) => &[InCharge, Principal, Archivist, Inspector],
        (Act::FindTrigger, State::Any) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector]
        }
        (Act::PlaceHold, State::Any) => &[Handler, InCharge, Principal, Archivist, Inspector],
        (Act::ReleaseHold, State::OthersHold) => &[InCharge, Principal, Inspector],
        (Act::RequestAccess, State::Any) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector, Recipient]
        }
        (Act::RegisterRequest, State::Any) => &[Custodian, Handler, Archivist, Inspector],
        (Act::DecideAccess | Act::SignNotice, State::ForInCharge) => &[InCharge],
        (Act::DecideAccess | Act::SignNotice, State::ForPrincipal) => &[Principal],
        (Act::IssueNotice | Act::FileScan | Act::RecordCopy, State::Any)
        | (Act::GiveGrant, State::OthersRequest)
        | (Act::HandOutCopy, State::GrantLive) => &[Custodian, Archivist],
        (Act::ShowScan, State::OthersRequest) => {
            &[Custodian, InCharge, Principal, Archivist, Inspector, AuditAdministrator]
        }
        (Act::ShowScan, State::OwnRequest) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector, Recipient]
        }
        (Act::CollectCopy, State::OthersRequest) => &[System, Custodian, Archivist],
        (Act::RevokeAccess | Act::CollectCopy, State::OwnRequest) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector, Recipient]
        }
        (Act::RevokeAccess, State::OthersRequest) => {
            &[Custodian, InCharge, Principal, Archivist, Inspector, SecurityAdministrator]
        }
        // Before archiving, the handling unit labels and transcribes what it recorded.
        (Act::ReadRecording, State::OwnUnit) => &[Custodian, Handler],
        (Act::ReadUnderGrant, State::GrantLive) | (Act::ReadExcerpt, State::GrantExcerptOnly) => {
            &[Custodian, Handler, InCharge, Principal, Archivist, Inspector]
        }
        _ => entitled_inspection(act, state),
    }
}

/// Inspection by lot: its approval is the leave to read what was drawn.
#[expect(clippy::match_same_arms, reason = "rows that agree are not one rule")]
const fn entitled_inspection(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::PlanInspection | Act::DrawLots | Act::ReviewDrawn, State::Any) => &[Inspector],
        (Act::ApproveInspection, State::OthersProposal) => &[InCharge, Principal],
        (Act::EndInspection, State::Any) => &[InCharge, Principal, Inspector],
        (Act::TakePartInDraw, State::InspectorsLot) => &[Inspector],
        (Act::TakePartInDraw, State::InspectedsLot) => {
            &[Custodian, Handler, Archivist, AuditAdministrator]
        }
        (Act::CorrectFinding, State::Any) => &[Custodian, Handler, DeviceManager],
        (Act::ReadRecording | Act::ShowTranscript, State::Drawn) => &[Inspector],
        _ => entitled_oversight(act, state),
    }
}

/// Registers of oversight.
#[expect(clippy::match_same_arms, reason = "rows that agree are not one rule")]
const fn entitled_oversight(act: Act, state: State) -> &'static [Role] {
    match (act, state) {
        (Act::IssueForm | Act::SignForm, State::Any) => &[Custodian, Handler, Archivist],
        (Act::VoidForm, State::Any) => &[Custodian, Archivist],
        (Act::KeepDevices, State::Any) => &[Custodian, DeviceManager],
        (Act::UseDevice, State::Any) => &[Custodian, Handler, DeviceManager],
        (Act::MakeStatement, State::Any) => &[Custodian, Handler],
        (Act::AnswerStatement, State::OthersProposal) => &[InCharge, Principal],
        (Act::RaiseLapse, State::Any) => &[InCharge, Principal, Archivist, Inspector],
        (Act::AnswerLapse, State::Any) => &[Custodian, Handler, InCharge, Archivist, DeviceManager],
        (Act::CloseLapse, State::OthersProposal) => &[InCharge, Principal, Inspector],
        (Act::SubmitReview, State::Any) => &[Custodian, Handler],
        (Act::CarryOutReview, State::OthersProposal) => &[Inspector],
        (Act::ExtendReview, State::Any) => &[InCharge, Principal],
        (Act::SettleReview, State::Any) => &[InCharge, Principal],
        (Act::DraftPublicity, State::Any) => &[Custodian, Handler],
        (Act::ApprovePublicity, State::OthersProposal) => &[InCharge, Principal],
        (Act::PublishDecision, State::Any) => &[Custodian, Handler, Archivist],
        (Act::ApproveTakeDown, State::Any) => &[Principal],
        (Act::FreezeFigures, State::Any) => &[Custodian, Inspector],
        (Act::ApproveFigures, State::OthersProposal) => &[InCharge, Principal],
        (Act::ProposeCalendar, State::Any) => &[Custodian, Archivist],
        (Act::ConfirmCalendar, State::OthersProposal) => &[InCharge, Principal],
        (Act::FollowUpTerm, State::Any) => &[InCharge],
        (Act::ReadReminders, State::Any) => {
            &[Operator, SystemAdministrator, SecurityAdministrator, AuditAdministrator]
        }
        (Act::SendReminders, State::Any) => &[Operator, System, SystemAdministrator],
        (Act::CountTerms, State::Any) => &[Operator, System],
        (Act::ExplainTerm, State::OwnUnit) => &[Handler, InCharge],
        (Act::ExplainTerm, State::InspectorsTerm) => &[InCharge, Inspector],
        (Act::ExplainTerm, State::KeepersTerm) => &[Custodian, InCharge, Archivist],
        _ => &[],
    }
}

/// The cell of this role, act and state.
pub fn answer(role: Role, act: Act, state: State) -> Answer {
    if entitled(act, state).contains(&role) {
        return Answer::Allowed;
    }
    let (reason, article) = why_not(role, act, state);
    Answer::Refused { reason, article }
}

/// Why a role may not, and the article: first what concerns the role, then the state.
fn why_not(role: Role, act: Act, state: State) -> (&'static str, &'static str) {
    let reads = matches!(
        act,
        Act::ReadRecording | Act::ReadUnderGrant | Act::ReadExcerpt | Act::ShowTranscript
    );
    if (reads || act == Act::HandOutCopy) && ADMINISTRATORS.contains(&role) {
        return ("administrator-reads-nothing", "A3.15, A2.18(一)5");
    }
    if act == Act::ReadRecording || (act == Act::ShowTranscript && state != State::Any) {
        return ("grant-needed", "A3.15, A2.18(一)5");
    }
    if act == Act::AppointAdministrators && state == State::SetUp {
        return ("set-up-over", act.article());
    }
    if act == Act::ReadExcerpt && state == State::GrantLive {
        return ("grant-of-the-whole", "A3.15, A2.18(一)5");
    }
    if act == Act::CollectCopy || (act == Act::ReadExcerpt && state == State::GrantExcerptOnly) {
        return ("role-not-entitled", act.article());
    }
    if let Some(reason) = state_reason(state) {
        return (reason, state_article(act, state));
    }
    if matches!(role, Role::Operator | Role::System) {
        return ("person-needed", act.article());
    }
    ("role-not-entitled", act.article())
}

/// States that refuse whatever the role, by their reason.
const fn state_reason(state: State) -> Option<&'static str> {
    match state {
        State::OwnProposal
        | State::OwnHold
        | State::OwnRequest
        | State::GrantPending
        | State::GrantExpired
        | State::GrantRevoked
        | State::GrantUsedUp
        | State::GrantOfAnother
        | State::GrantElsewhere
        | State::GrantCopiesOnly
        | State::GrantViewOnly
        | State::GrantExcerptOnly
        | State::OtherUnit
        | State::CaseClosed => Some(state.as_str()),
        _ => None,
    }
}

const fn state_article(act: Act, state: State) -> &'static str {
    match state {
        // What asks for another person is the article of the act itself.
        State::OwnProposal | State::OtherUnit => act.article(),
        State::OwnHold => "A3.12",
        State::CaseClosed => "A2.18(一)3",
        State::GrantCopiesOnly => "A3.15",
        _ => "A3.15, A2.18(一)5",
    }
}

/// The whole table as text: for each act and state a line of who may, and a line for each reason
/// of whom it refuses.
pub fn print() -> String {
    let mut text = String::new();
    for &act in Act::ALL {
        for &state in act.states() {
            let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
            for &role in Role::ALL {
                let cell = match answer(role, act, state) {
                    Answer::Allowed => "may".to_owned(),
                    Answer::Refused { reason, article } => format!("{reason} [{article}]"),
                };
                match answers.iter_mut().find(|(known, _)| *known == cell) {
                    Some((_, roles)) => roles.push(role.as_str()),
                    None => answers.push((cell, vec![role.as_str()])),
                }
            }
            // Writing to a String cannot fail.
            writeln!(text, "{} [{}] {}", act.as_str(), act.article(), state.as_str()).ok();
            answers.sort_by_key(|(cell, _)| cell != "may");
            for (cell, roles) in answers {
                writeln!(text, "    {cell}: {}", roles.join(" ")).ok();
            }
        }
    }
    text
}
