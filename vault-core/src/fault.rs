//! What went wrong, as a value that people can act on.
//!
//! One closed list of codes serves the whole core: each code has, in both languages of the
//! catalogue (`locales/`), what happened, why it matters (the article) and what to do next.
//! Nothing here formats text for people; `wording` does. A fault never carries secrets.

use std::error::Error;
use std::fmt;

/// The result of everything in the core that can fail.
pub type Outcome<T> = Result<T, Fault>;

/// How a program reports a fault to its caller; the CLI turns it into an exit code, the server
/// into a status. The numbers are those of the interface document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The act failed; nothing was lost.
    Failed,
    /// The caller asked for something that cannot be asked.
    Usage,
    /// What is stored does not agree with what was promised.
    Integrity,
    /// Denied, or an approval is needed first.
    Denied,
    /// Nothing is known under that name.
    NotFound,
    /// The directory is not a vault.
    NotInitialised,
    /// Somebody else holds what is needed.
    Locked,
    /// A passing condition: the same call may succeed later.
    TryAgain,
    /// Stopped by a person.
    Interrupted,
    /// Nobody proved who he is.
    LoginFailed,
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $class:ident;)+) => {
        /// Everything that can go wrong, by its stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$meta])* $name,)+ }

        impl Code {
            /// Every code, for the test that each has its words in both languages.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The stable name, as in JSON and in the catalogues.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// How programs report it.
            pub const fn class(self) -> Class {
                match self { $(Code::$name => Class::$class,)+ }
            }
        }
    };
}

codes! {
    /// The directory holds no vault description.
    NotAVault = "not-a-vault", NotInitialised;
    /// `init` was pointed at a directory that holds something.
    DirectoryNotEmpty = "directory-not-empty", Failed;
    /// The vault was written by a newer version of this program.
    VaultTooNew = "vault-too-new", Failed;
    /// The vault description cannot be read or does not make sense.
    VaultDescriptionDamaged = "vault-description-damaged", Integrity;
    /// The vault lies on a file system that cannot be written.
    VaultReadOnly = "vault-read-only", Failed;
    /// A setting would void a promise; the parameter names it.
    SettingVoidsPromise = "setting-voids-promise", Failed;
    /// The vault key is missing.
    VaultKeyMissing = "vault-key-missing", Failed;
    /// The vault key does not open this vault's key store.
    VaultKeyWrong = "vault-key-wrong", Failed;
    /// A copy of the key store is damaged or missing.
    KeyCopyDamaged = "key-copy-damaged", Integrity;
    /// No copy of the key store holds a usable key for this object.
    KeyLost = "key-lost", Integrity;
    /// The source is not a regular file.
    SourceNotAFile = "source-not-a-file", Failed;
    /// A symbolic link inside a directory is not followed.
    SourceIsALink = "source-is-a-link", Failed;
    /// The source cannot be opened or read.
    SourceUnreadable = "source-unreadable", Failed;
    /// The source changed while it was read.
    SourceChanged = "source-changed", Failed;
    /// The source is larger than the limit.
    SourceTooLarge = "source-too-large", Failed;
    /// Nothing exists under the given path.
    SourceMissing = "source-missing", NotFound;
    /// A directory holds more files, or is deeper, than the limit.
    TooManySources = "too-many-sources", Failed;
    /// A label is missing, too long or holds characters that cannot be shown safely.
    LabelInvalid = "label-invalid", Usage;
    /// A reason or another text that a person wrote is empty, too long or deceptive.
    TextInvalid = "text-invalid", Usage;
    /// State secrets are refused by an installation not cleared for them.
    StateSecretRefused = "state-secret-refused", Denied;
    /// No space is left.
    DiskFull = "disk-full", Failed;
    /// The medium reported a write error; the attempt was abandoned.
    MediumFailed = "medium-failed", Failed;
    /// The storage backend answered with an error.
    BackendFailed = "backend-failed", Failed;
    /// The storage backend is for now out of reach.
    BackendUnreachable = "backend-unreachable", TryAgain;
    /// Stored bytes do not agree with their digests.
    StoredBytesDamaged = "stored-bytes-damaged", Integrity;
    /// A stored part is missing altogether.
    StoredBytesMissing = "stored-bytes-missing", Integrity;
    /// The object was found damaged and is not served until it was repaired.
    Quarantined = "quarantined", Integrity;
    /// A manifest is damaged or not the one the ledger names.
    ManifestDamaged = "manifest-damaged", Integrity;
    /// A range lies outside the recording.
    RangeOutside = "range-outside", Usage;
    /// The catalogue cannot be opened or is damaged.
    CatalogueDamaged = "catalogue-damaged", Integrity;
    /// The catalogue is out of reach.
    CatalogueUnreachable = "catalogue-unreachable", TryAgain;
    /// The catalogue is busy with another writer for longer than the limit.
    CatalogueBusy = "catalogue-busy", Locked;
    /// The catalogue does not agree with the ledger.
    CatalogueDisagrees = "catalogue-disagrees", Integrity;
    /// The ledger does not agree with itself; the parameter names the first bad index.
    LedgerDamaged = "ledger-damaged", Integrity;
    /// The tree would not extend the last signed checkpoint.
    LedgerRewound = "ledger-rewound", Integrity;
    /// The ledger is behind a checkpoint that is known, or was restored, and nobody has looked.
    LedgerBehind = "ledger-behind", Integrity;
    /// Nothing stands against the ledger that a person would have to look at.
    LedgerNotBehind = "ledger-not-behind", NotFound;
    /// A backup is not whole, or not what its list says.
    BackupDamaged = "backup-damaged", Integrity;
    /// No backup of that number is on record, or nothing lies there.
    BackupUnknown = "backup-unknown", NotFound;
    /// The recording lies in a cold store and is being brought back.
    BeingBroughtBack = "being-brought-back", TryAgain;
    /// The recording lies in a cold store; nobody asked for it.
    InColdStore = "in-cold-store", Failed;
    /// No rule of retention of that number waits for a decision.
    RuleUnknown = "rule-unknown", NotFound;
    /// The ledger has no event of that number.
    EventUnknown = "event-unknown", NotFound;
    /// No recording is known under that id.
    RecordingUnknown = "recording-unknown", NotFound;
    /// More than one recording begins with that id.
    RecordingAmbiguous = "recording-ambiguous", Usage;
    /// An id, number or word of the call cannot be read.
    ArgumentInvalid = "argument-invalid", Usage;
    /// The act is not allowed to this actor.
    ActDenied = "act-denied", Denied;
    /// Archived bytes are read only under a grant.
    GrantNeeded = "grant-needed", Denied;
    /// Name, password or one-time code is not right.
    SignInFailed = "sign-in-failed", LoginFailed;
    /// What was shown is not the code of the first set-up.
    SetUpCodeWrong = "set-up-code-wrong", LoginFailed;
    /// Another person set the password; it serves only to set one's own.
    PasswordNotOwn = "password-not-own", LoginFailed;
    /// A password is too short or too long.
    PasswordRefused = "password-refused", Usage;
    /// No account of that name acts.
    AccountUnknown = "account-unknown", NotFound;
    /// An account of that name is there already.
    AccountTaken = "account-taken", Usage;
    /// Nothing is proposed for that account.
    ProposalUnknown = "proposal-unknown", NotFound;
    /// An account cannot have these roles together.
    RolesRefused = "roles-refused", Denied;
    /// No case file is known under that number.
    CaseUnknown = "case-unknown", NotFound;
    /// A case file of that number is there already.
    CaseTaken = "case-taken", Usage;
    /// A case file is not ready for this step.
    CaseStepRefused = "case-step-refused", Denied;
    /// A change would shorten what is to be kept.
    RetentionShortens = "retention-shortens", Denied;
    /// No hold is in force under that number.
    HoldUnknown = "hold-unknown", NotFound;
    /// No further store of that name is in use.
    StoreUnknown = "store-unknown", NotFound;
    /// Somebody proposed already that this store stops to count.
    StoreReleaseProposed = "store-release-proposed", Failed;
    /// Nobody proposed that this store stops to count, or no longer.
    StoreReleaseNotProposed = "store-release-not-proposed", NotFound;
    /// A directory for copies is not empty.
    StoreDirectoryNotEmpty = "store-directory-not-empty", Failed;
    /// The directory in which a directory for copies is to be made is not there.
    StoreParentMissing = "store-parent-missing", NotFound;
    /// A store cannot stop to count: too few good copies would be left.
    CopiesNeeded = "copies-needed", Denied;
    /// An image is no volume, or is damaged beyond its own tables.
    VolumeUnreadable = "volume-unreadable", Integrity;
    /// No volume of that label.
    VolumeUnknown = "volume-unknown", NotFound;
    /// Another volume bears that label.
    VolumeLabelTaken = "volume-label-taken", Failed;
    /// The recording does not fit on that medium.
    VolumeTooSmall = "volume-too-small", Usage;
    /// What was burnt does not agree with its image.
    MediumDiffers = "medium-differs", Integrity;
    /// A medium bears something already; nothing is written over.
    MediumNotEmpty = "medium-not-empty", Failed;
    /// A medium is shorter than the image.
    MediumTooShort = "medium-too-short", Failed;
    /// A volume or copy does not stand so that this can be done.
    VolumeStepRefused = "volume-step-refused", Failed;
    /// A copy that is to be shelved was not burnt, and nobody says how else it was made.
    CopyNotBurnt = "copy-not-burnt", Failed;
    /// Without this copy, too few good copies of a recording would be left.
    VolumeCopyNeeded = "volume-copy-needed", Denied;
    /// What is said to be a copy of a volume cannot be read as one.
    MediumUnreadable = "medium-unreadable", Integrity;
    /// A file on an encrypted volume is damaged.
    SealedDamaged = "sealed-damaged", Integrity;
    /// A volume is encrypted, and no identity was given.
    IdentityNeeded = "identity-needed", Denied;
    /// A volume is encrypted, and what was given is no identity or does not open it.
    IdentityWrong = "identity-wrong", Denied;
    /// The program that makes images is missing or failed.
    ImageToolFailed = "image-tool-failed", Failed;
    /// No disposal of that number.
    DisposalUnknown = "disposal-unknown", NotFound;
    /// The disposal does not stand so that this can be done.
    DisposalStepRefused = "disposal-step-refused", Failed;
    /// A recording lies in another disposal that is not at its end.
    DisposalOverlaps = "disposal-overlaps", Failed;
    /// No inspection or finding of that number.
    InspectionUnknown = "inspection-unknown", NotFound;
    /// The inspection does not stand so that this can be done.
    InspectionStepRefused = "inspection-step-refused", Failed;
    /// No entry of that number in the register.
    EntryUnknown = "entry-unknown", NotFound;
    /// The entry does not stand so that this can be done.
    EntryStepRefused = "entry-step-refused", Failed;
    /// The decision was not reviewed, or did not pass.
    ReviewNeeded = "review-needed", Denied;
    /// The decision bears a day on which its review had not passed.
    DecisionBeforeReview = "decision-before-review", Denied;
    /// The edition of a calendar cannot be read.
    EditionInvalid = "edition-invalid", Usage;
    /// The device was found unfit, and is not taken out.
    DeviceUnfit = "device-unfit", Failed;
    /// Another device in use bears this number.
    DeviceNumberTaken = "device-number-taken", Failed;
    /// A number does not open the commitment that was made.
    LotRefused = "lot-refused", Denied;
    /// Something stands against the disposal of a recording.
    NotDisposable = "not-disposable", Denied;
    /// The time of grace of a disposal is not over.
    DisposalTooEarly = "disposal-too-early", Denied;
    /// A cosigned checkpoint is not of this vault, or of none of its witnesses.
    CosignatureInvalid = "cosignature-invalid", Integrity;
    /// Nobody outside vouches for the clock.
    ClockUntrusted = "clock-untrusted", Denied;
    /// The recording was destroyed after its time.
    Destroyed = "destroyed", NotFound;
    /// Something is damaged and no copy of it is good.
    NoGoodCopy = "no-good-copy", Integrity;
    /// No request is known under that number.
    RequestUnknown = "request-unknown", NotFound;
    /// More than one request begins with that number.
    RequestAmbiguous = "request-ambiguous", Usage;
    /// A request asks for what cannot be asked.
    RequestInvalid = "request-invalid", Usage;
    /// A request is not ready for this step, or past it.
    AccessStepRefused = "access-step-refused", Denied;
    /// Something lies already where a package was to be written.
    TargetTaken = "target-taken", Failed;
    /// A package would hold more files than a reader accepts.
    PackageTooLarge = "package-too-large", Failed;
    /// Nothing of that kind was made of the recording, or not yet.
    ProductUnknown = "product-unknown", NotFound;
    /// No package of that number is kept, or the code does not fit.
    CopyUnknown = "copy-unknown", NotFound;
    /// No copy that left bears that mark or is that file.
    CopyUntraced = "copy-untraced", NotFound;
    /// The consent to a copy was withdrawn before it was collected.
    CopyWithdrawn = "copy-withdrawn", Denied;
    /// A copy would go to somebody else than it was consented to.
    RecipientOther = "recipient-other", Denied;
    /// No upload is under way under that number, or it is another person's.
    UploadUnknown = "upload-unknown", NotFound;
    /// A piece of an upload does not begin where the last one ended.
    UploadOffset = "upload-offset", Usage;
    /// Another piece of the same upload is coming in.
    UploadBusy = "upload-busy", Locked;
    /// What came is not what its digest announced.
    UploadDiffers = "upload-differs", Integrity;
    /// A piece of an upload does not have the checksum it bears.
    ChecksumDiffers = "checksum-differs", Usage;
    /// The client speaks another version of the upload protocol.
    UploadVersion = "upload-version", Usage;
    /// A part that is to be joined is not whole yet.
    UploadPartsUnfinished = "upload-parts-unfinished", Usage;
    /// The upload was joined of parts; nothing can be added to it.
    UploadJoined = "upload-joined", Denied;
    /// A person has more readings under way than the limit.
    ReadingsTooMany = "readings-too-many", TryAgain;
    /// More uploads are under way than the limit.
    UploadsTooMany = "uploads-too-many", TryAgain;
    /// The recording has its labels already.
    LabelsGiven = "labels-given", Denied;
    /// Nobody is signed in, or no longer.
    SignInNeeded = "sign-in-needed", LoginFailed;
    /// The identity provider cannot be asked, or does not answer as it should.
    ProviderUnavailable = "provider-unavailable", TryAgain;
    /// No identity provider is configured.
    ProviderAbsent = "provider-absent", NotFound;
    /// What came back from the identity provider does not hold; `check` says what.
    ProviderAnswerRefused = "provider-answer-refused", LoginFailed;
    /// The identity provider knows the person, and the vault has no account under that name.
    ProviderLoginUnknown = "provider-login-unknown", LoginFailed;
    /// The account's one-time code is needed as well.
    CodeNeeded = "code-needed", LoginFailed;
    /// The act asks the person to prove who he is once more.
    ConfirmationNeeded = "confirmation-needed", Denied;
    /// Too many failed attempts from one place; the parameter says for how long to wait.
    TooManyAttempts = "too-many-attempts", TryAgain;
    /// A font that forms are set in is not there.
    FormFontMissing = "form-font-missing", Failed;
    /// No font has a glyph for a character of a form.
    FormGlyphMissing = "form-glyph-missing", Failed;
    /// A form has more lines than can be set.
    FormTooLong = "form-too-long", Failed;
    /// Other work that this one would get in the way of goes on.
    WorkUnderWay = "work-under-way", Locked;
    /// Work that was to be stopped has ended, or cannot be stopped in the middle.
    WorkNotStopped = "work-not-stopped", Failed;
    /// Another program holds the lock for longer than the limit.
    Locked = "locked", Locked;
    /// The program that examines media cannot be started.
    MediaWorkerFailed = "media-worker-failed", Failed;
    /// The text of a transcript, or a file with one, is not usable.
    TranscriptInvalid = "transcript-invalid", Usage;
    /// The recording has no transcript, or none of that number.
    TranscriptUnknown = "transcript-unknown", NotFound;
    /// The recording has no sound, or cannot be listened to.
    SoundUnavailable = "sound-unavailable", Failed;
    /// The stretch cannot be cut out of the recording.
    ExcerptUnavailable = "excerpt-unavailable", Failed;
    /// The rendition with a copy's mark cannot be made.
    RenditionUnavailable = "rendition-unavailable", Failed;
    /// A scan is in no format that scans come in.
    ScanFormatRefused = "scan-format-refused", Usage;
    /// No scan is kept of that notice.
    ScanUnknown = "scan-unknown", NotFound;
    /// A form cannot be printed as it was issued: what it says has changed.
    FormChanged = "form-changed", Integrity;
    /// There is nothing to be listed.
    FormEmpty = "form-empty", NotFound;
    /// The digests of a recording were not taken yet.
    DigestsNotTaken = "digests-not-taken", TryAgain;
    /// The speech engine failed.
    SpeechEngineFailed = "speech-engine-failed", Failed;
    /// No mark is known under that id.
    MarkerUnknown = "marker-unknown", NotFound;
    /// A setting of the vault's configuration cannot be used.
    SettingInvalid = "setting-invalid", Usage;
    /// A reminder could not be delivered.
    DeliveryFailed = "delivery-failed", TryAgain;
    /// A person stopped the work.
    Interrupted = "interrupted", Interrupted;
    /// A file of the vault cannot be read or written.
    FileFailed = "file-failed", Failed;
    /// A path that a person gave cannot be read or written.
    GivenPathFailed = "given-path-failed", Failed;
    /// Something that cannot happen happened; nothing was changed.
    Internal = "internal", Failed;
}

/// One thing that went wrong.
#[derive(Debug)]
pub struct Fault {
    code: Code,
    details: Vec<(&'static str, String)>,
    cause: Option<Box<dyn Error + Send + Sync + 'static>>,
}

impl Fault {
    /// A fault of this kind, without details yet.
    pub fn new(code: Code) -> Self {
        Self { code, details: Vec::new(), cause: None }
    }

    /// Adds a named detail, used by the catalogued text. Never a secret.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.details.push((name, value.to_string()));
        self
    }

    /// Adds the error that lies behind.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync + 'static>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The kind of fault.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The named details, in the order they were added.
    pub fn details(&self) -> &[(&'static str, String)] {
        &self.details
    }

    /// The detail of that name, if there is one.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// A fault for a failed file operation of the vault itself: a full disk, a read-only file
    /// system and a failing medium are told apart, because people must act differently.
    pub fn from_file(error: std::io::Error, path: &std::path::Path) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let code = match error.kind() {
            StorageFull | QuotaExceeded => Code::DiskFull,
            ReadOnlyFilesystem => Code::VaultReadOnly,
            _ if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                Code::MediumFailed
            }
            _ => Code::FileFailed,
        };
        Self::new(code).with("path", path.display()).caused_by(error)
    }

    /// A fault for a failed operation on a path that a person gave, which is no file of the vault:
    /// what is wrong there is the person's to mend, and says nothing of what is stored.
    pub fn from_given_path(error: std::io::Error, path: &std::path::Path) -> Self {
        use std::io::ErrorKind::{AlreadyExists, QuotaExceeded, StorageFull};
        let code = match error.kind() {
            StorageFull | QuotaExceeded => Code::DiskFull,
            AlreadyExists => Code::TargetTaken,
            _ if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                Code::MediumFailed
            }
            _ => Code::GivenPathFailed,
        };
        Self::new(code).with("path", path.display()).caused_by(error)
    }

    /// The same of a fault that the vault's own way of writing gave for such a path.
    #[must_use]
    pub(crate) fn at_given_path(mut self) -> Self {
        if matches!(self.code, Code::FileFailed | Code::VaultReadOnly) {
            self.code = Code::GivenPathFailed;
        }
        self
    }
}

impl fmt::Display for Fault {
    /// For logs: the code and the details. People are shown the catalogued text instead.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.as_str())?;
        for (name, value) in &self.details {
            write!(formatter, " {name}={value:?}")?;
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause.as_ref() as &(dyn Error + 'static))
    }
}
