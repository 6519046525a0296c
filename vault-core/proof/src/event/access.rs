//! Access (调取): request, consent, notice, grant, reading, handing out, revocation. Purposes, names
//! and reasons are in payloads. (R19–R22; A3.15, A2.18(一)4–5)

use super::fields::bodies;
use crate::id::{ContentId, RecordId, Subject};

bodies! {
    /// Events about access to archived recordings.
    pub enum AccessBody {
        /// Somebody asked for recordings (调取申请).
        Requested = "access.requested" {
            /// The request.
            request: RecordId,
            /// For whom: `account`, `outside-account`, `counterpart` or `outside-body`.
            applicant: String,
            /// Who has to consent, as the system decided: `in-charge` or `principal`.
            office: String,
            /// `view` or `copy`.
            mode: String,
            /// For how many days.
            days: u64,
            /// How many copies; 0 for viewing.
            copies: u64,
            /// Begin of the stretch asked for, from the beginning of each recording.
            from_ms: u64,
            /// End of it; 0 for the whole.
            to_ms: u64,
            /// What is asked for.
            recordings: Vec<ContentId>,
        },
        /// The leader consented or refused.
        Decided = "access.decided" {
            /// The request.
            request: RecordId,
            /// Whether he consented.
            consent: bool,
        },
        /// The notice was made out (《调取证据通知书》第N号).
        NoticeIssued = "access.notice-issued" {
            /// The request.
            request: RecordId,
            /// The year of the number.
            year: u64,
            /// The number, from 1, without gaps in a year.
            number: u64,
        },
        /// The notice was signed.
        NoticeSigned = "access.notice-signed" {
            /// The request.
            request: RecordId,
            /// `scan` or `system`.
            way: String,
            /// BLAKE3 of the scan; of the notice's fields in canonical form if signed here.
            digest: ContentId,
        },
        /// The scan of a signed notice is kept, an object of its own.
        ScanKept = "access.scan-kept" {
            /// The request.
            request: RecordId,
            /// Content id of the scan: the digest of the signature.
            object: ContentId,
            /// Its length.
            bytes: u64,
            /// Its format: `application/pdf`, `image/jpeg`, `image/png` or `image/tiff`.
            format: String,
            /// BLAKE3 of its manifest.
            manifest: ContentId,
        },
        /// The scan of a notice was looked at again.
        ScanShown = "access.scan-shown" {
            /// The request.
            request: RecordId,
            /// Content id of the scan.
            object: ContentId,
        },
        /// Leave to read was given.
        Granted = "access.granted" {
            /// The request, whose number is the grant's.
            request: RecordId,
            /// When it ends, in milliseconds since 1970-01-01 UTC.
            expires_ms: u64,
        },
        /// Request or grant was taken back.
        Revoked = "access.revoked" {
            /// The request.
            request: RecordId,
        },
        /// Bytes were read under a grant.
        Read = "access.read" {
            /// The request.
            request: RecordId,
            /// Which recording.
            recording: ContentId,
            /// First byte.
            from: u64,
            /// End, exclusive.
            to: u64,
        },
        /// An excerpt was cut for reading under a grant, and is kept (节选).
        ExcerptMade = "access.excerpt-made" {
            /// The request.
            request: RecordId,
            /// Of which recording.
            recording: ContentId,
            /// Begin of what is in it, in milliseconds from the recording's beginning.
            begins_ms: u64,
            /// End of it.
            ends_ms: u64,
            /// Its format, for example `video/mp4`.
            format: String,
            /// Content id of the excerpt.
            object: ContentId,
            /// Its length.
            bytes: u64,
            /// BLAKE3 of its manifest.
            manifest: ContentId,
        },
        /// Bytes of an excerpt were read under a grant.
        ExcerptRead = "access.excerpt-read" {
            /// The request.
            request: RecordId,
            /// Of which recording.
            recording: ContentId,
            /// First byte of the excerpt.
            from: u64,
            /// End, exclusive.
            to: u64,
        },
        /// A copy was handed out; it bears its number.
        CopyHandedOut = "access.copy-handed-out" {
            /// The request.
            request: RecordId,
            /// Number of the copy, from 1.
            copy: u64,
            /// What is on it.
            recordings: Vec<ContentId>,
        },
        /// The handling unit read its own recording before it was archived.
        OwnRead = "access.own-read" {
            /// Which recording.
            recording: ContentId,
            /// First byte.
            from: u64,
            /// End, exclusive.
            to: u64,
        },
        /// The package of a copy was written, whole and durable.
        CopyWritten = "access.copy-written" {
            /// The request.
            request: RecordId,
            /// Number of the copy.
            copy: u64,
            /// Files in the package.
            files: u64,
            /// Their bytes.
            bytes: u64,
            /// SHA-256 of its `package.sig`, hex: names this very package.
            signature: String,
        },
        /// What was made of a recording for a copy, with the copy's mark in the picture (R22).
        CopyRendered = "access.copy-rendered" {
            /// The request.
            request: RecordId,
            /// Number of the copy.
            copy: u64,
            /// Of which recording.
            recording: ContentId,
            /// Content id of the rendition.
            object: ContentId,
            /// Its length.
            bytes: u64,
        },
        /// The package of a copy is kept as it was handed over (R18).
        CopyKept = "access.copy-kept" {
            /// The request.
            request: RecordId,
            /// Number of the copy.
            copy: u64,
            /// Content id of the package as one zip file.
            object: ContentId,
            /// Its length.
            bytes: u64,
            /// BLAKE3 of its manifest.
            manifest: ContentId,
        },
        /// A kept package was collected (领取).
        CopyCollected = "access.copy-collected" {
            /// The request.
            request: RecordId,
            /// Number of the copy.
            copy: u64,
            /// `account` or `code`.
            way: String,
        },
    }
}

impl AccessBody {
    /// The recordings it speaks of.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::Requested { recordings, .. } | Self::CopyHandedOut { recordings, .. } => {
                recordings.iter().collect()
            }
            Self::Read { recording, .. }
            | Self::OwnRead { recording, .. }
            | Self::ExcerptMade { recording, .. }
            | Self::ExcerptRead { recording, .. }
            | Self::CopyRendered { recording, .. } => vec![recording],
            Self::Decided { .. }
            | Self::NoticeIssued { .. }
            | Self::NoticeSigned { .. }
            | Self::ScanKept { .. }
            | Self::ScanShown { .. }
            | Self::Granted { .. }
            | Self::Revoked { .. }
            | Self::CopyWritten { .. }
            | Self::CopyKept { .. }
            | Self::CopyCollected { .. } => Vec::new(),
        }
    }

    /// The request it speaks of.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Requested { request, .. }
            | Self::Decided { request, .. }
            | Self::NoticeIssued { request, .. }
            | Self::NoticeSigned { request, .. }
            | Self::ScanKept { request, .. }
            | Self::ScanShown { request, .. }
            | Self::Granted { request, .. }
            | Self::Revoked { request }
            | Self::Read { request, .. }
            | Self::ExcerptMade { request, .. }
            | Self::ExcerptRead { request, .. }
            | Self::CopyRendered { request, .. }
            | Self::CopyHandedOut { request, .. }
            | Self::CopyWritten { request, .. }
            | Self::CopyKept { request, .. }
            | Self::CopyCollected { request, .. } => vec![Subject::request(request)],
            Self::OwnRead { .. } => Vec::new(),
        }
    }
}
