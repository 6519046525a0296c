//! Acts: what can be asked for, and which events each may leave behind.

use super::State;
use vault_proof::{
    AccessBody, Body, CaseBody, DisposalBody, InspectionBody, KeepingBody, MediaBody, PeopleBody,
    RetentionBody, VolumeBody,
};

/// Something that can be done. Closed: a new act needs a name, an article, a row of the table and
/// the bodies it may record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Begin a vault.
    InitialiseVault,
    /// Register a place for bytes.
    RegisterStore,
    /// Take recordings in (接收入库).
    TakeIn,
    /// Give a recording the labels it came without (R08).
    Label,
    /// Take SHA-256 and SM3 of a recording, proving its content id again.
    TakeDigests,
    /// Read stored bytes again and compare them with their digests.
    CheckFixity,
    /// Examine a recording and make its previews.
    ExamineMedia,
    /// Store a version of the text of a recording's sound (文字记录).
    StoreTranscript,
    /// Vouch that a version agrees with the sound.
    CheckTranscript,
    /// Be shown a version, or take it out.
    ShowTranscript,
    /// Set or take back a mark on the time line.
    MarkRecording,
    /// Search in labels, texts and marks.
    Search,
    /// Look into the catalogue.
    ReadCatalogue,
    /// Look into the ledger.
    ReadLedger,
    /// Sign a checkpoint of the ledger.
    SignCheckpoint,
    /// Build the catalogue anew from the ledger.
    Rebuild,
    /// Work off the queue.
    RunJobs,
    /// Read bytes of a recording without a grant.
    ReadRecording,
    /// Read bytes of a recording under a grant.
    ReadUnderGrant,
    /// Hand out a copy under a grant (提供复制).
    HandOutCopy,
    /// Collect the kept package of a copy (领取).
    CollectCopy,
    /// Put on record what a copy came to.
    RecordCopy,
    /// Ask for recordings for oneself (调取申请).
    RequestAccess,
    /// Register the request of a counterpart or an outside body.
    RegisterRequest,
    /// Consent to a request or refuse it.
    DecideAccess,
    /// Make out the notice (《调取证据通知书》).
    IssueNotice,
    /// Sign the notice in the system.
    SignNotice,
    /// File the scan of a notice signed on paper.
    FileScan,
    /// Give the grant.
    GiveGrant,
    /// Take a request or grant back.
    RevokeAccess,
    /// Have a person prove who he is.
    SignIn,
    /// Appoint the three administrators at the first set-up.
    AppointAdministrators,
    /// Look into the accounts.
    ReadPeople,
    /// Propose an account, or other roles for one.
    ProposeAccount,
    /// Confirm what another proposed.
    ConfirmAccount,
    /// Disable an account.
    DisableAccount,
    /// Set a password or a key for one-time codes.
    SetCredential,
    /// Open a case file (立卷).
    OpenCase,
    /// Say when the enforcement ended.
    EndCase,
    /// File a recording or a written record.
    FileInCase,
    /// Add to a closed case file (补充材料).
    AddAddendum,
    /// Close a case file (归档).
    CloseCase,
    /// Set the term of a case file (案卷保管期限).
    SetCaseTerm,
    /// Find a trigger of long-term preservation.
    FindTrigger,
    /// Place a hold (冻结).
    PlaceHold,
    /// Release a hold.
    ReleaseHold,
    /// Copy what is kept to a further store.
    CopyOut,
    /// Mend a damaged copy from a good one.
    RepairCopy,
    /// Propose that a store no longer counts.
    ProposeRelease,
    /// Release a store that another proposed.
    ReleaseStore,
    /// Propose recordings for disposal.
    ProposeDisposal,
    /// Approve a disposal that another proposed.
    ApproveDisposal,
    /// Take back or refuse a disposal.
    WithdrawDisposal,
    /// Carry out an approved disposal.
    CarryOutDisposal,
    /// Plan an inspection by lot.
    PlanInspection,
    /// Approve an inspection that another planned.
    ApproveInspection,
    /// Take back, refuse or end an inspection.
    EndInspection,
    /// Freeze the population, draw the lots.
    DrawLots,
    /// Bind oneself to a number for the draw, and open it.
    TakePartInDraw,
    /// Review what was drawn, state findings, look at them again.
    ReviewDrawn,
    /// Say what was done about a finding.
    CorrectFinding,
    /// Build a volume for long-term preservation.
    BuildVolume,
    /// Put a copy of a volume on a shelf.
    ShelveVolume,
}

impl Act {
    /// Every act, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::InitialiseVault,
        Self::RegisterStore,
        Self::TakeIn,
        Self::Label,
        Self::TakeDigests,
        Self::CheckFixity,
        Self::ExamineMedia,
        Self::StoreTranscript,
        Self::CheckTranscript,
        Self::ShowTranscript,
        Self::MarkRecording,
        Self::Search,
        Self::ReadCatalogue,
        Self::ReadLedger,
        Self::SignCheckpoint,
        Self::Rebuild,
        Self::RunJobs,
        Self::ReadRecording,
        Self::ReadUnderGrant,
        Self::HandOutCopy,
        Self::CollectCopy,
        Self::RecordCopy,
        Self::RequestAccess,
        Self::RegisterRequest,
        Self::DecideAccess,
        Self::IssueNotice,
        Self::SignNotice,
        Self::FileScan,
        Self::GiveGrant,
        Self::RevokeAccess,
        Self::SignIn,
        Self::AppointAdministrators,
        Self::ReadPeople,
        Self::ProposeAccount,
        Self::ConfirmAccount,
        Self::DisableAccount,
        Self::SetCredential,
        Self::OpenCase,
        Self::EndCase,
        Self::FileInCase,
        Self::AddAddendum,
        Self::CloseCase,
        Self::SetCaseTerm,
        Self::FindTrigger,
        Self::PlaceHold,
        Self::ReleaseHold,
        Self::CopyOut,
        Self::RepairCopy,
        Self::ProposeRelease,
        Self::ReleaseStore,
        Self::ProposeDisposal,
        Self::ApproveDisposal,
        Self::WithdrawDisposal,
        Self::CarryOutDisposal,
        Self::PlanInspection,
        Self::ApproveInspection,
        Self::EndInspection,
        Self::DrawLots,
        Self::TakePartInDraw,
        Self::ReviewDrawn,
        Self::CorrectFinding,
        Self::BuildVolume,
        Self::ShelveVolume,
    ];

    /// The stable name: the flow, then what is done.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InitialiseVault => "vault.initialise",
            Self::RegisterStore => "store.register",
            Self::TakeIn => "intake.take-in",
            Self::Label => "intake.label",
            Self::TakeDigests => "preservation.take-digests",
            Self::CheckFixity => "preservation.check-fixity",
            Self::ExamineMedia => "media.examine",
            Self::StoreTranscript => "transcript.store",
            Self::CheckTranscript => "transcript.check",
            Self::ShowTranscript => "transcript.show",
            Self::MarkRecording => "media.mark",
            Self::Search => "catalogue.search",
            Self::ReadCatalogue => "catalogue.read",
            Self::ReadLedger => "ledger.read",
            Self::SignCheckpoint => "ledger.sign-checkpoint",
            Self::Rebuild => "catalogue.rebuild",
            Self::RunJobs => "jobs.run",
            Self::ReadRecording => "access.read-recording",
            Self::ReadUnderGrant => "access.read-under-grant",
            Self::HandOutCopy => "access.hand-out-copy",
            Self::CollectCopy => "access.collect-copy",
            Self::RecordCopy => "access.record-copy",
            Self::RequestAccess => "access.request",
            Self::RegisterRequest => "access.register-request",
            Self::DecideAccess => "access.decide",
            Self::IssueNotice => "access.issue-notice",
            Self::SignNotice => "access.sign-notice",
            Self::FileScan => "access.file-scan",
            Self::GiveGrant => "access.give-grant",
            Self::RevokeAccess => "access.revoke",
            Self::SignIn => "people.sign-in",
            Self::AppointAdministrators => "people.set-up",
            Self::ReadPeople => "people.read",
            Self::ProposeAccount => "people.propose",
            Self::ConfirmAccount => "people.confirm",
            Self::DisableAccount => "people.disable",
            Self::SetCredential => "people.set-credential",
            Self::OpenCase => "case.open",
            Self::EndCase => "case.end",
            Self::FileInCase => "case.file",
            Self::AddAddendum => "case.add-addendum",
            Self::CloseCase => "case.close",
            Self::SetCaseTerm => "retention.set-case-term",
            Self::FindTrigger => "retention.find-trigger",
            Self::PlaceHold => "retention.place-hold",
            Self::ReleaseHold => "retention.release-hold",
            Self::CopyOut => "preservation.copy-out",
            Self::RepairCopy => "preservation.repair",
            Self::ProposeRelease => "store.propose-release",
            Self::ReleaseStore => "store.release",
            Self::ProposeDisposal => "disposal.propose",
            Self::ApproveDisposal => "disposal.approve",
            Self::WithdrawDisposal => "disposal.withdraw",
            Self::CarryOutDisposal => "disposal.carry-out",
            Self::PlanInspection => "inspection.plan",
            Self::ApproveInspection => "inspection.approve",
            Self::EndInspection => "inspection.end",
            Self::DrawLots => "inspection.draw",
            Self::TakePartInDraw => "inspection.take-part",
            Self::ReviewDrawn => "inspection.review",
            Self::CorrectFinding => "inspection.correct",
            Self::BuildVolume => "volume.build",
            Self::ShelveVolume => "volume.shelve",
        }
    }

    /// The states that decide who may do it, in the order of the table.
    pub const fn states(self) -> &'static [State] {
        match self {
            Self::ReadRecording | Self::ShowTranscript => {
                &[State::Archived, State::OwnUnit, State::OtherUnit, State::Drawn]
            }
            Self::ReadUnderGrant => &[
                State::GrantLive,
                State::GrantPending,
                State::GrantExpired,
                State::GrantRevoked,
                State::GrantUsedUp,
                State::GrantOfAnother,
                State::GrantElsewhere,
                State::GrantCopiesOnly,
                State::GrantExcerptOnly,
            ],
            Self::HandOutCopy => &[
                State::GrantLive,
                State::GrantPending,
                State::GrantExpired,
                State::GrantRevoked,
                State::GrantUsedUp,
                State::GrantElsewhere,
                State::GrantViewOnly,
            ],
            Self::DecideAccess | Self::SignNotice => {
                &[State::ForInCharge, State::ForPrincipal, State::OwnRequest]
            }
            Self::GiveGrant | Self::RevokeAccess | Self::CollectCopy => {
                &[State::OthersRequest, State::OwnRequest]
            }
            Self::ProposeAccount | Self::DisableAccount | Self::AppointAdministrators => {
                &[State::FirstRun, State::SetUp]
            }
            Self::ReleaseStore | Self::ApproveDisposal | Self::ApproveInspection => {
                &[State::OthersProposal, State::OwnProposal]
            }
            Self::ConfirmAccount => &[State::FirstRun, State::OthersProposal, State::OwnProposal],
            Self::SetCredential => &[
                State::FirstRun,
                State::OwnAccount,
                State::OthersAccount,
                State::AdministratorsAccount,
            ],
            Self::EndCase | Self::FileInCase | Self::AddAddendum | Self::CloseCase => {
                &[State::CaseOpen, State::CaseClosed]
            }
            Self::TakePartInDraw => &[State::InspectorsLot, State::InspectedsLot],
            Self::ReleaseHold => &[State::OthersHold, State::OwnHold],
            _ => &[State::Any],
        }
    }

    /// The article the act rests on.
    pub const fn article(self) -> &'static str {
        match self {
            Self::InitialiseVault | Self::RegisterStore | Self::SetCaseTerm => "A3.11",
            Self::TakeIn | Self::Label => "A2.18(一)1",
            Self::TakeDigests | Self::StoreTranscript | Self::CheckTranscript => "A2.18(一)2",
            Self::ExamineMedia => "A3.8, A3.9",
            Self::MarkRecording => "A2.14(四)",
            Self::CheckFixity
            | Self::Rebuild
            | Self::RunJobs
            | Self::CopyOut
            | Self::RepairCopy => "A3.12",
            Self::ProposeRelease | Self::ReleaseStore => "A3.12, A2.19(二)3",
            Self::ProposeDisposal
            | Self::ApproveDisposal
            | Self::WithdrawDisposal
            | Self::CarryOutDisposal => "A3.11, A2.19(二)3",
            Self::BuildVolume | Self::ShelveVolume => "A2.18(二), A3.12",
            Self::ReadCatalogue
            | Self::Search
            | Self::ReadLedger
            | Self::SignCheckpoint
            | Self::PlanInspection
            | Self::ApproveInspection
            | Self::EndInspection
            | Self::DrawLots
            | Self::TakePartInDraw
            | Self::ReviewDrawn
            | Self::CorrectFinding => "A3.14",
            Self::ReadRecording
            | Self::ShowTranscript
            | Self::ReadUnderGrant
            | Self::HandOutCopy
            | Self::CollectCopy
            | Self::RecordCopy
            | Self::RequestAccess
            | Self::DecideAccess
            | Self::IssueNotice
            | Self::SignNotice
            | Self::FileScan
            | Self::GiveGrant
            | Self::RevokeAccess => "A3.15",
            Self::RegisterRequest => "A3.15, A2.18(一)4",
            Self::SignIn
            | Self::AppointAdministrators
            | Self::ReadPeople
            | Self::ProposeAccount
            | Self::ConfirmAccount
            | Self::DisableAccount
            | Self::SetCredential => "A3.6",
            Self::OpenCase
            | Self::EndCase
            | Self::FileInCase
            | Self::AddAddendum
            | Self::CloseCase => "A2.18(一)3",
            Self::FindTrigger | Self::PlaceHold | Self::ReleaseHold => "A3.12, A2.18(二)",
        }
    }

    /// Whether an event with this body may be recorded under this act.
    pub const fn admits(self, body: &Body) -> bool {
        match body {
            Body::VaultCreated { .. } => matches!(self, Self::InitialiseVault),
            Body::StoreRegistered { .. } => {
                matches!(self, Self::InitialiseVault | Self::RegisterStore)
            }
            Body::RecordingAccessioned { .. } | Body::DuplicateReceived { .. } => {
                matches!(self, Self::TakeIn)
            }
            Body::RecordingLabelled { .. } => matches!(self, Self::Label),
            Body::DigestsTaken { .. } => matches!(self, Self::TakeDigests),
            Body::FixityChecked { .. } => matches!(self, Self::CheckFixity),
            Body::Media(body) => self.admits_media(body),
            Body::People(body) => self.admits_people(body),
            Body::Case(body) => self.admits_case(body),
            Body::Retention(body) => self.admits_retention(body),
            Body::Access(body) => self.admits_access(body),
            Body::Keeping(body) => self.admits_keeping(body),
            Body::Disposal(body) => self.admits_disposal(body),
            Body::Volume(body) => self.admits_volume(body),
            Body::Inspection(body) => self.admits_inspection(body),
            // Refusals come from the policy, through a way of their own, never from a caller.
            Body::ActRefused { .. } => false,
        }
    }

    const fn admits_media(self, body: &MediaBody) -> bool {
        match body {
            MediaBody::Probed { .. }
            | MediaBody::NotExaminable { .. }
            | MediaBody::Previewed { .. } => matches!(self, Self::ExamineMedia),
            MediaBody::TranscriptStored { .. } => matches!(self, Self::StoreTranscript),
            MediaBody::TranscriptChecked { .. } => matches!(self, Self::CheckTranscript),
            MediaBody::TranscriptShown { .. } => {
                matches!(self, Self::ShowTranscript | Self::ReadUnderGrant)
            }
            MediaBody::MarkerSet { .. } | MediaBody::MarkerRemoved { .. } => {
                matches!(self, Self::MarkRecording)
            }
            MediaBody::Searched { .. } => matches!(self, Self::Search),
        }
    }

    const fn admits_people(self, body: &PeopleBody) -> bool {
        match body {
            PeopleBody::Proposed { .. } => {
                matches!(self, Self::ProposeAccount | Self::AppointAdministrators)
            }
            // At the first set-up the proposal holds at once.
            PeopleBody::Confirmed { .. } => {
                matches!(
                    self,
                    Self::ConfirmAccount | Self::ProposeAccount | Self::AppointAdministrators
                )
            }
            PeopleBody::Disabled { .. } => matches!(self, Self::DisableAccount),
            PeopleBody::CredentialSet { .. } => {
                matches!(self, Self::SetCredential | Self::AppointAdministrators)
            }
            PeopleBody::SignedIn { .. } | PeopleBody::SignInRefused { .. } => {
                matches!(self, Self::SignIn)
            }
        }
    }

    const fn admits_case(self, body: &CaseBody) -> bool {
        match body {
            CaseBody::Opened { .. } => matches!(self, Self::OpenCase),
            CaseBody::Ended { .. } => matches!(self, Self::EndCase),
            CaseBody::RecordingAdded { addendum: false, .. } => {
                matches!(self, Self::FileInCase | Self::CloseCase)
            }
            CaseBody::DocumentAdded { addendum: false, .. } => matches!(self, Self::FileInCase),
            CaseBody::RecordingAdded { addendum: true, .. }
            | CaseBody::DocumentAdded { addendum: true, .. } => matches!(self, Self::AddAddendum),
            CaseBody::Closed { .. } => matches!(self, Self::CloseCase),
        }
    }

    const fn admits_retention(self, body: &RetentionBody) -> bool {
        match body {
            RetentionBody::TriggerFound { .. } => matches!(self, Self::FindTrigger),
            RetentionBody::HoldPlaced { .. } => matches!(self, Self::PlaceHold),
            RetentionBody::HoldReleased { .. } => matches!(self, Self::ReleaseHold),
            RetentionBody::CaseTermSet { .. } => matches!(self, Self::SetCaseTerm),
        }
    }

    const fn admits_keeping(self, body: &KeepingBody) -> bool {
        match body {
            KeepingBody::StoreAdded { .. } => matches!(self, Self::RegisterStore),
            KeepingBody::CopiesPlaced { .. } => matches!(self, Self::CopyOut),
            KeepingBody::CopiesChecked { .. } => matches!(self, Self::CheckFixity),
            KeepingBody::CopyRepaired { .. } => matches!(self, Self::RepairCopy),
            KeepingBody::ReleaseProposed { .. } => matches!(self, Self::ProposeRelease),
            KeepingBody::Released { .. } => matches!(self, Self::ReleaseStore),
        }
    }

    const fn admits_disposal(self, body: &DisposalBody) -> bool {
        match body {
            DisposalBody::Proposed { .. } => matches!(self, Self::ProposeDisposal),
            DisposalBody::Approved { .. } => matches!(self, Self::ApproveDisposal),
            DisposalBody::Withdrawn { .. } => matches!(self, Self::WithdrawDisposal),
            DisposalBody::Begun { .. } | DisposalBody::CarriedOut { .. } => {
                matches!(self, Self::CarryOutDisposal)
            }
        }
    }

    const fn admits_inspection(self, body: &InspectionBody) -> bool {
        match body {
            InspectionBody::Planned { .. } => matches!(self, Self::PlanInspection),
            InspectionBody::Approved { .. } => matches!(self, Self::ApproveInspection),
            InspectionBody::Ended { .. } => matches!(self, Self::EndInspection),
            InspectionBody::Committed { .. } | InspectionBody::Revealed { .. } => {
                matches!(self, Self::TakePartInDraw)
            }
            InspectionBody::Listed { .. }
            | InspectionBody::Frozen { .. }
            | InspectionBody::Drawn { .. }
            | InspectionBody::Selected { .. } => matches!(self, Self::DrawLots),
            InspectionBody::Read { .. } => matches!(self, Self::ReadRecording),
            InspectionBody::Reviewed { .. }
            | InspectionBody::Found { .. }
            | InspectionBody::Rechecked { .. } => matches!(self, Self::ReviewDrawn),
            InspectionBody::Corrected { .. } => matches!(self, Self::CorrectFinding),
        }
    }

    const fn admits_volume(self, body: &VolumeBody) -> bool {
        match body {
            VolumeBody::Built { .. } | VolumeBody::Filled { .. } => {
                matches!(self, Self::BuildVolume)
            }
            VolumeBody::Shelved { .. } => matches!(self, Self::ShelveVolume),
            VolumeBody::Checked { .. } => matches!(self, Self::CheckFixity),
            VolumeBody::Restored { .. } => matches!(self, Self::RepairCopy),
        }
    }

    const fn admits_access(self, body: &AccessBody) -> bool {
        match body {
            AccessBody::Requested { .. } => {
                matches!(self, Self::RequestAccess | Self::RegisterRequest)
            }
            AccessBody::Decided { .. } => matches!(self, Self::DecideAccess),
            AccessBody::NoticeIssued { .. } => matches!(self, Self::IssueNotice),
            AccessBody::NoticeSigned { .. } => matches!(self, Self::SignNotice | Self::FileScan),
            AccessBody::Granted { .. } => matches!(self, Self::GiveGrant),
            AccessBody::Revoked { .. } => matches!(self, Self::RevokeAccess),
            AccessBody::Read { .. } => matches!(self, Self::ReadUnderGrant),
            AccessBody::CopyHandedOut { .. } => matches!(self, Self::HandOutCopy),
            AccessBody::CopyWritten { .. } | AccessBody::CopyKept { .. } => {
                matches!(self, Self::RecordCopy)
            }
            AccessBody::CopyCollected { .. } => matches!(self, Self::CollectCopy),
            AccessBody::OwnRead { .. } => matches!(self, Self::ReadRecording),
        }
    }
}
