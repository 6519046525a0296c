//! Acts: what can be asked for, and which events each may leave behind.

use super::State;
use vault_proof::{
    AccessBody, BackupBody, Body, CaseBody, DisposalBody, InspectionBody, KeepingBody, MediaBody,
    OversightBody, PeopleBody, RetentionBody, VolumeBody,
};

/// Declares the acts: the doc, the stable name (the flow, then what is done), the article.
macro_rules! acts {
    ($( $(#[$meta:meta])* $act:ident = $name:literal, $article:literal; )+) => {
        /// Something that can be done. Closed: a new act needs a row of the table and the bodies
        /// it may record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act {
            $( $(#[$meta])* $act ),+
        }

        impl Act {
            /// Every act.
            pub const ALL: &'static [Self] = &[ $( Self::$act ),+ ];

            /// The stable name: the flow, then what is done.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$act => $name ),+
                }
            }

            /// The article the act rests on.
            pub const fn article(self) -> &'static str {
                match self {
                    $( Self::$act => $article ),+
                }
            }
        }
    };
}

acts! {
    /// Begin a vault.
    InitialiseVault = "vault.initialise", "A3.11";
    /// Register a place for bytes.
    RegisterStore = "store.register", "A3.11";
    /// Take recordings in (接收入库).
    TakeIn = "intake.take-in", "A2.18(一)1";
    /// Give a recording the labels it came without (R08).
    Label = "intake.label", "A2.18(一)1";
    /// Take SHA-256 and SM3 of a recording, proving its content id again.
    TakeDigests = "preservation.take-digests", "A2.18(一)2";
    /// Read stored bytes again and compare them with their digests.
    CheckFixity = "preservation.check-fixity", "A3.12";
    /// See how sound the whole is: figures, stores, backups; ids, but no names.
    ReadHealth = "preservation.read-health", "A3.12";
    /// Examine a recording and make its previews.
    ExamineMedia = "media.examine", "A3.8, A3.9";
    /// Store a version of the text of a recording's sound (文字记录).
    StoreTranscript = "transcript.store", "A2.18(一)2";
    /// Vouch that a version agrees with the sound.
    CheckTranscript = "transcript.check", "A2.18(一)2";
    /// Be shown a version, or take it out.
    ShowTranscript = "transcript.show", "A3.15";
    /// Set or take back a mark on the time line.
    MarkRecording = "media.mark", "A2.14(四)";
    /// Search in labels, texts and marks.
    Search = "catalogue.search", "A3.14";
    /// Look into the catalogue.
    ReadCatalogue = "catalogue.read", "A3.14";
    /// Look into the ledger.
    ReadLedger = "ledger.read", "A3.14";
    /// Sign a checkpoint of the ledger.
    SignCheckpoint = "ledger.sign-checkpoint", "A3.14";
    /// Build the catalogue anew from the ledger.
    Rebuild = "catalogue.rebuild", "A3.12";
    /// Work off the queue.
    RunJobs = "jobs.run", "A3.12";
    /// Read bytes of a recording without a grant.
    ReadRecording = "access.read-recording", "A3.15";
    /// Read bytes of a recording under a grant.
    ReadUnderGrant = "access.read-under-grant", "A3.15";
    /// Read an excerpt under a grant for a stretch only.
    ReadExcerpt = "access.read-excerpt", "A3.15";
    /// Hand out a copy under a grant (提供复制).
    HandOutCopy = "access.hand-out-copy", "A3.15";
    /// Collect the kept package of a copy (领取).
    CollectCopy = "access.collect-copy", "A3.15";
    /// Put on record what a copy came to.
    RecordCopy = "access.record-copy", "A3.15";
    /// Issue a form with a number of its own: preservation list, transfer list.
    IssueForm = "form.issue", "A3.10, A3.13";
    /// Sign such a form, or put a signature on paper on record.
    SignForm = "form.sign", "A3.10, A3.13";
    /// Make such a form void.
    VoidForm = "form.void", "A3.10, A3.13";
    /// Ask for recordings for oneself (调取申请).
    RequestAccess = "access.request", "A3.15";
    /// Register the request of a counterpart or an outside body.
    RegisterRequest = "access.register-request", "A3.15, A2.18(一)4";
    /// Consent to a request or refuse it.
    DecideAccess = "access.decide", "A3.15";
    /// Make out the notice (《调取证据通知书》).
    IssueNotice = "access.issue-notice", "A3.15";
    /// Sign the notice in the system.
    SignNotice = "access.sign-notice", "A3.15";
    /// File the scan of a notice signed on paper.
    FileScan = "access.file-scan", "A3.15";
    /// Look at the scan of a signed notice again.
    ShowScan = "access.show-scan", "A3.15";
    /// Give the grant.
    GiveGrant = "access.give-grant", "A3.15";
    /// Take a request or grant back.
    RevokeAccess = "access.revoke", "A3.15";
    /// Have a person prove who he is.
    SignIn = "people.sign-in", "A3.6";
    /// Appoint the three administrators at the first set-up.
    AppointAdministrators = "people.set-up", "A3.6";
    /// Look into the accounts.
    ReadPeople = "people.read", "A3.6";
    /// Propose an account, or other roles for one.
    ProposeAccount = "people.propose", "A3.6";
    /// Confirm what another proposed.
    ConfirmAccount = "people.confirm", "A3.6";
    /// Disable an account.
    DisableAccount = "people.disable", "A3.6";
    /// Set a password or a key for one-time codes.
    SetCredential = "people.set-credential", "A3.6";
    /// Open a case file (立卷).
    OpenCase = "case.open", "A2.18(一)3";
    /// Say when the enforcement ended.
    EndCase = "case.end", "A2.18(一)3";
    /// File a recording or a written record.
    FileInCase = "case.file", "A2.18(一)3";
    /// Add to a closed case file (补充材料).
    AddAddendum = "case.add-addendum", "A2.18(一)3";
    /// Close a case file (归档).
    CloseCase = "case.close", "A2.18(一)3";
    /// Set the term of a case file (案卷保管期限).
    SetCaseTerm = "retention.set-case-term", "A3.11";
    /// Propose another term for a class of recordings.
    ProposeRule = "retention.propose-rule", "A3.11";
    /// Confirm a rule of retention that another proposed.
    ConfirmRule = "retention.confirm-rule", "A3.11";
    /// Take back or refuse a rule that was proposed.
    WithdrawRule = "retention.withdraw-rule", "A3.11";
    /// Find a trigger of long-term preservation.
    FindTrigger = "retention.find-trigger", "A3.12, A2.18(二)";
    /// Place a hold (冻结).
    PlaceHold = "retention.place-hold", "A3.12, A2.18(二)";
    /// Release a hold.
    ReleaseHold = "retention.release-hold", "A3.12, A2.18(二)";
    /// Copy what is kept to a further store.
    CopyOut = "preservation.copy-out", "A3.12";
    /// Mend a damaged copy from a good one.
    RepairCopy = "preservation.repair", "A3.12";
    /// Take bytes that lie in a cold store from the vault's own.
    CoolDown = "preservation.cool-down", "A3.12";
    /// Ask for a recording that lies in a cold store.
    AskBack = "preservation.ask-back", "A3.15, A3.12";
    /// Bring bytes back from a cold store.
    BringBack = "preservation.bring-back", "A3.12";
    /// Make a backup of the vault.
    BackUp = "backup.make", "A3.12";
    /// Restore a backup for trial.
    RehearseRestore = "backup.rehearse", "A3.12";
    /// Restore a vault from a backup.
    RestoreVault = "backup.restore", "A3.12";
    /// Let a ledger go on that is behind what is known of it.
    RecoverLedger = "ledger.recover", "A2.19(二)3, A3.14";
    /// Propose that a store no longer counts.
    ProposeRelease = "store.propose-release", "A3.12, A2.19(二)3";
    /// Release a store that another proposed.
    ReleaseStore = "store.release", "A3.12, A2.19(二)3";
    /// Take back or refuse the proposed release of a store.
    WithdrawRelease = "store.withdraw-release", "A3.12, A2.19(二)3";
    /// Propose recordings for disposal.
    ProposeDisposal = "disposal.propose", "A3.11, A2.19(二)3";
    /// Approve a disposal that another proposed.
    ApproveDisposal = "disposal.approve", "A3.11, A2.19(二)3";
    /// Take back or refuse a disposal.
    WithdrawDisposal = "disposal.withdraw", "A3.11, A2.19(二)3";
    /// Carry out an approved disposal.
    CarryOutDisposal = "disposal.carry-out", "A3.11, A2.19(二)3";
    /// Plan an inspection by lot.
    PlanInspection = "inspection.plan", "A3.14";
    /// Approve an inspection that another planned.
    ApproveInspection = "inspection.approve", "A3.14";
    /// Take back, refuse or end an inspection.
    EndInspection = "inspection.end", "A3.14";
    /// Freeze the population, draw the lots.
    DrawLots = "inspection.draw", "A3.14";
    /// Bind oneself to a number for the draw, and open it.
    TakePartInDraw = "inspection.take-part", "A3.14";
    /// Review what was drawn, state findings, look at them again.
    ReviewDrawn = "inspection.review", "A3.14";
    /// Say what was done about a finding.
    CorrectFinding = "inspection.correct", "A3.14";
    /// Enter devices, what changed of them, their maintenance and their end.
    KeepDevices = "device.keep", "A3.6, A2.12";
    /// Take a device out, bring it back, say how it was found.
    UseDevice = "device.use", "A3.6, A2.12";
    /// State why something was not recorded.
    MakeStatement = "statement.make", "A3.5";
    /// Answer such a statement as the superior.
    AnswerStatement = "statement.answer", "A3.5";
    /// Raise a lapse.
    RaiseLapse = "lapse.raise", "A3.16, A2.19";
    /// Answer a lapse.
    AnswerLapse = "lapse.answer", "A3.16, A2.19";
    /// Close a lapse.
    CloseLapse = "lapse.close", "A3.16, A2.19";
    /// Hand a decision in for legal review, hand more in, object, or say that none is needed.
    SubmitReview = "review.submit", "A2.21, A2.24";
    /// Accept a decision for review, stop and start its clocks, give the opinion.
    CarryOutReview = "review.carry-out", "A2.28, A2.30";
    /// Give a review more time.
    ExtendReview = "review.extend", "A2.28, A2.30";
    /// Decide on an objection to an opinion.
    SettleReview = "review.settle", "A2.29, A2.32";
    /// Draft what is to be published of a decision, or why it may not be.
    DraftPublicity = "publicity.draft", "A2.10(一)";
    /// Approve what another drafted for publication.
    ApprovePublicity = "publicity.approve", "A2.10(二)";
    /// Publish what was approved, withdraw it, take it down after its time.
    PublishDecision = "publicity.publish", "A2.7, A2.9";
    /// Decide on the application of a natural person to take something down.
    ApproveTakeDown = "publicity.approve-take-down", "A2.7(三)";
    /// Compute and freeze the figures of a year, report them upwards.
    FreezeFigures = "annual.freeze", "A2.10(五)";
    /// Approve the figures of a year.
    ApproveFigures = "annual.approve", "A2.10(五)";
    /// Bring the calendar of a year in.
    ProposeCalendar = "calendar.propose", "A2.18(一)1";
    /// Confirm it.
    ConfirmCalendar = "calendar.confirm", "A2.18(一)1";
    /// Put on record which terms were missed.
    CountTerms = "term.count", "A2.18(一)1";
    /// Write why a term was missed.
    ExplainTerm = "term.explain", "A2.18(一)1";
    /// See to terms that others missed, as the head of the unit.
    FollowUpTerm = "term.follow-up", "A2.18(一)1";
    /// Look at reminders that were sent.
    ReadReminders = "reminder.read", "A3.6";
    /// Send reminders.
    SendReminders = "reminder.send", "A3.6";
    /// Build a volume for long-term preservation.
    BuildVolume = "volume.build", "A2.18(二), A3.12";
    /// Put a copy of a volume on a shelf.
    ShelveVolume = "volume.shelve", "A2.18(二), A3.12";
    /// Write the image of a volume to a medium and read it back.
    BurnVolume = "volume.burn", "A2.18(二), A3.12";
    /// Propose that a copy of a volume no longer counts.
    ProposeCopyRelease = "volume.propose-release", "A3.12, A2.19(二)3";
    /// Say that a copy another person proposed no longer counts.
    ReleaseVolumeCopy = "volume.release", "A3.12, A2.19(二)3";
    /// Take back or refuse the proposed release of a volume's copy.
    WithdrawCopyRelease = "volume.withdraw-release", "A3.12, A2.19(二)3";
}

impl Act {
    /// The states that decide who may do it, in the order of the table.
    pub const fn states(self) -> &'static [State] {
        match self {
            Self::ReadRecording | Self::ShowTranscript => {
                &[State::Archived, State::OwnUnit, State::OtherUnit, State::Drawn]
            }
            Self::ExplainTerm => {
                &[State::OwnUnit, State::OtherUnit, State::InspectorsTerm, State::KeepersTerm]
            }
            Self::ReadUnderGrant | Self::ReadExcerpt => &[
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
            Self::GiveGrant | Self::RevokeAccess | Self::CollectCopy | Self::ShowScan => {
                &[State::OthersRequest, State::OwnRequest]
            }
            Self::ProposeAccount
            | Self::DisableAccount
            | Self::AppointAdministrators
            | Self::RecoverLedger => &[State::FirstRun, State::SetUp],
            Self::ReleaseStore
            | Self::ReleaseVolumeCopy
            | Self::ApproveDisposal
            | Self::ConfirmRule
            | Self::ApproveInspection
            | Self::AnswerStatement
            | Self::CloseLapse
            | Self::CarryOutReview
            | Self::ApprovePublicity
            | Self::ApproveFigures
            | Self::ConfirmCalendar => &[State::OthersProposal, State::OwnProposal],
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
            Body::Backup(body) => self.admits_backup(body),
            Body::Disposal(body) => self.admits_disposal(body),
            Body::Volume(body) => self.admits_volume(body),
            Body::Inspection(body) => self.admits_inspection(body),
            Body::Oversight(body) => self.admits_oversight(body),
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
            PeopleBody::SignedIn { .. }
            | PeopleBody::SignedInByProvider { .. }
            | PeopleBody::SignInRefused { .. } => matches!(self, Self::SignIn),
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
            RetentionBody::RuleProposed { .. } => matches!(self, Self::ProposeRule),
            RetentionBody::RuleConfirmed { .. } => matches!(self, Self::ConfirmRule),
            RetentionBody::RuleWithdrawn { .. } => matches!(self, Self::WithdrawRule),
        }
    }

    const fn admits_keeping(self, body: &KeepingBody) -> bool {
        match body {
            KeepingBody::StoreAdded { .. } => matches!(self, Self::RegisterStore),
            KeepingBody::CopiesPlaced { .. } => matches!(self, Self::CopyOut),
            KeepingBody::CopiesChecked { .. } => matches!(self, Self::CheckFixity),
            KeepingBody::CopyRepaired { .. } => matches!(self, Self::RepairCopy),
            KeepingBody::Cooled { .. } => matches!(self, Self::CoolDown),
            KeepingBody::RecallAsked { .. } => matches!(self, Self::AskBack),
            KeepingBody::Recalled { .. } => matches!(self, Self::BringBack),
            KeepingBody::ReleaseProposed { .. } => matches!(self, Self::ProposeRelease),
            KeepingBody::Released { .. } => matches!(self, Self::ReleaseStore),
            KeepingBody::ReleaseWithdrawn { .. } => matches!(self, Self::WithdrawRelease),
        }
    }

    const fn admits_backup(self, body: &BackupBody) -> bool {
        match body {
            BackupBody::Made { .. } => matches!(self, Self::BackUp),
            BackupBody::Rehearsed { .. } => matches!(self, Self::RehearseRestore),
            BackupBody::Restored { .. } => matches!(self, Self::RestoreVault),
            BackupBody::Recovered { .. } => matches!(self, Self::RecoverLedger),
        }
    }

    const fn admits_disposal(self, body: &DisposalBody) -> bool {
        match body {
            DisposalBody::Proposed { .. } => matches!(self, Self::ProposeDisposal),
            DisposalBody::Approved { .. } => matches!(self, Self::ApproveDisposal),
            DisposalBody::Withdrawn { .. } => matches!(self, Self::WithdrawDisposal),
            DisposalBody::Begun { .. }
            | DisposalBody::CarriedOut { .. }
            | DisposalBody::Recorded { .. } => matches!(self, Self::CarryOutDisposal),
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
            | InspectionBody::ActsListed { .. }
            | InspectionBody::Frozen { .. }
            | InspectionBody::Drawn { .. }
            | InspectionBody::ActsSelected { .. }
            | InspectionBody::Selected { .. } => matches!(self, Self::DrawLots),
            InspectionBody::Read { .. } | InspectionBody::Served { .. } => {
                matches!(self, Self::ReadRecording)
            }
            InspectionBody::Reviewed { .. }
            | InspectionBody::Watched { .. }
            | InspectionBody::Checked { .. }
            | InspectionBody::ActReviewed { .. }
            | InspectionBody::ActFound { .. }
            | InspectionBody::Found { .. }
            | InspectionBody::Rechecked { .. } => matches!(self, Self::ReviewDrawn),
            InspectionBody::Corrected { .. } => matches!(self, Self::CorrectFinding),
        }
    }

    const fn admits_oversight(self, body: &OversightBody) -> bool {
        match body {
            OversightBody::FormIssued { .. } => matches!(self, Self::IssueForm),
            OversightBody::FormSigned { .. } => matches!(self, Self::SignForm),
            OversightBody::FormVoided { .. } => matches!(self, Self::VoidForm),
            OversightBody::DeviceRegistered { .. }
            | OversightBody::DeviceMaintained { .. }
            | OversightBody::DeviceMended { .. }
            | OversightBody::DeviceRetired { .. } => matches!(self, Self::KeepDevices),
            OversightBody::DeviceTakenOut { .. }
            | OversightBody::DeviceReturned { .. }
            | OversightBody::DeviceChecked { .. }
            | OversightBody::DeviceBroken { .. } => matches!(self, Self::UseDevice),
            OversightBody::StatementMade { .. } => matches!(self, Self::MakeStatement),
            OversightBody::StatementAnswered { .. } => matches!(self, Self::AnswerStatement),
            OversightBody::LapseRaised { .. } => matches!(self, Self::RaiseLapse),
            OversightBody::LapseAnswered { .. } => matches!(self, Self::AnswerLapse),
            OversightBody::LapseClosed { .. } => matches!(self, Self::CloseLapse),
            OversightBody::ReviewNotNeeded { .. }
            | OversightBody::ReviewSubmitted { .. }
            | OversightBody::ReviewObjected { .. } => matches!(self, Self::SubmitReview),
            OversightBody::ReviewAccepted { .. }
            | OversightBody::ReviewStopped { .. }
            | OversightBody::ReviewOpinionGiven { .. } => matches!(self, Self::CarryOutReview),
            // More material comes from whoever handed in, the end of experts' work from the
            // reviewer.
            OversightBody::ReviewResumed { .. } => {
                matches!(self, Self::SubmitReview | Self::CarryOutReview)
            }
            OversightBody::ReviewExtended { .. } => matches!(self, Self::ExtendReview),
            OversightBody::ReviewSettled { .. } => matches!(self, Self::SettleReview),
            OversightBody::PublicityDrafted { .. } => matches!(self, Self::DraftPublicity),
            OversightBody::PublicityDecided { .. } => matches!(self, Self::ApprovePublicity),
            OversightBody::PublicityPublished { .. }
            | OversightBody::PublicityRevoked { .. }
            | OversightBody::PublicityWithdrawn { .. }
            | OversightBody::PublicityTakeDownAsked { .. }
            | OversightBody::PublicityTakenDown { .. } => matches!(self, Self::PublishDecision),
            OversightBody::PublicityTakeDownDecided { .. } => {
                matches!(self, Self::ApproveTakeDown)
            }
            OversightBody::AnnualFrozen { .. } | OversightBody::AnnualHandedOn { .. } => {
                matches!(self, Self::FreezeFigures)
            }
            OversightBody::AnnualDecided { .. } => matches!(self, Self::ApproveFigures),
            OversightBody::CalendarProposed { .. } => matches!(self, Self::ProposeCalendar),
            OversightBody::CalendarConfirmed { .. } | OversightBody::TermMoved { .. } => {
                matches!(self, Self::ConfirmCalendar)
            }
            OversightBody::TermMissed { .. } => matches!(self, Self::CountTerms),
            OversightBody::TermExplained { .. } => matches!(self, Self::ExplainTerm),
        }
    }

    const fn admits_volume(self, body: &VolumeBody) -> bool {
        match body {
            VolumeBody::Built { .. }
            | VolumeBody::Filled { .. }
            | VolumeBody::Encrypted { .. }
            | VolumeBody::Migrated { .. } => matches!(self, Self::BuildVolume),
            VolumeBody::Burnt { .. } => matches!(self, Self::BurnVolume),
            VolumeBody::Shelved { .. } => matches!(self, Self::ShelveVolume),
            VolumeBody::ReleaseProposed { .. } => matches!(self, Self::ProposeCopyRelease),
            VolumeBody::CopyReleased { .. } => matches!(self, Self::ReleaseVolumeCopy),
            VolumeBody::ReleaseWithdrawn { .. } => matches!(self, Self::WithdrawCopyRelease),
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
            AccessBody::ScanKept { .. } => matches!(self, Self::FileScan),
            AccessBody::ScanShown { .. } => matches!(self, Self::ShowScan),
            AccessBody::Granted { .. } => matches!(self, Self::GiveGrant),
            AccessBody::Revoked { .. } => matches!(self, Self::RevokeAccess),
            AccessBody::Read { .. } => matches!(self, Self::ReadUnderGrant),
            AccessBody::ExcerptMade { .. } | AccessBody::ExcerptRead { .. } => {
                matches!(self, Self::ReadExcerpt)
            }
            AccessBody::CopyHandedOut { .. } => matches!(self, Self::HandOutCopy),
            AccessBody::CopyWritten { .. }
            | AccessBody::CopyRendered { .. }
            | AccessBody::CopyKept { .. } => {
                matches!(self, Self::RecordCopy)
            }
            AccessBody::CopyCollected { .. } => matches!(self, Self::CollectCopy),
            AccessBody::OwnRead { .. } => matches!(self, Self::ReadRecording),
        }
    }
}
