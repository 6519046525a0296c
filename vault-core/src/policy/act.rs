//! Acts: what can be asked for, and which events each may leave behind.

use vault_proof::{Body, MediaBody};

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
    /// Read bytes of an archived recording.
    ReadRecording,
}

impl Act {
    /// Every act, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::InitialiseVault,
        Self::RegisterStore,
        Self::TakeIn,
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
    ];

    /// The stable name: the flow, then what is done.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InitialiseVault => "vault.initialise",
            Self::RegisterStore => "store.register",
            Self::TakeIn => "intake.take-in",
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
        }
    }

    /// The article the act rests on.
    pub const fn article(self) -> &'static str {
        match self {
            Self::InitialiseVault | Self::RegisterStore => "A3.11",
            Self::TakeIn => "A2.18(一)1",
            Self::TakeDigests | Self::StoreTranscript | Self::CheckTranscript => "A2.18(一)2",
            Self::ExamineMedia => "A3.8, A3.9",
            Self::MarkRecording => "A2.14(四)",
            Self::CheckFixity | Self::Rebuild | Self::RunJobs => "A3.12",
            Self::ReadCatalogue | Self::Search | Self::ReadLedger | Self::SignCheckpoint => "A3.14",
            Self::ReadRecording | Self::ShowTranscript => "A3.15",
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
            Body::DigestsTaken { .. } => matches!(self, Self::TakeDigests),
            Body::FixityChecked { .. } => matches!(self, Self::CheckFixity),
            Body::Media(body) => self.admits_media(body),
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
            MediaBody::TranscriptShown { .. } => matches!(self, Self::ShowTranscript),
            MediaBody::MarkerSet { .. } | MediaBody::MarkerRemoved { .. } => {
                matches!(self, Self::MarkRecording)
            }
            MediaBody::Searched { .. } => matches!(self, Self::Search),
        }
    }
}
