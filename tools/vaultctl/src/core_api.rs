//! Stands in for the parts of the core that are not in the tree yet; to be deleted.
//!
//! Same paths and signatures as in `vault_core`: wiring is to delete this file and to name
//! `vault_core` in its place. Every act answers `Internal`, and does nothing.

#![expect(
    unreachable_pub,
    dead_code,
    clippy::unused_async,
    clippy::unused_self,
    reason = "stands in for a library"
)]

use vault_core::fault::{Code, Fault, Outcome};

fn absent<T>() -> Outcome<T> {
    Err(Fault::new(Code::Internal).with("what", "core not wired"))
}

pub mod policy {
    #[derive(Debug, Clone)]
    pub struct Actor;

    impl Actor {
        pub fn terminal(_uid: u32, _person: &str, _session: [u8; 16]) -> Self {
            Self
        }
    }
}

pub mod vault {
    use super::absent;
    use super::catalog::Catalog;
    use super::policy::Actor;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use vault_core::clock::Clock;
    use vault_core::fault::Outcome;
    use vault_proof::ContentId;

    pub struct InitOptions {
        pub directory: PathBuf,
        pub key_copies: Vec<PathBuf>,
        pub secrets: Option<PathBuf>,
        pub store: StoreChoice,
        pub catalogue: CatalogueChoice,
    }

    #[derive(Debug, PartialEq, Eq)]
    pub enum StoreChoice {
        Local,
        S3 {
            endpoint: Option<String>,
            region: String,
            bucket: String,
            prefix: String,
            credentials_file: PathBuf,
        },
    }

    #[derive(Debug, PartialEq, Eq)]
    pub enum CatalogueChoice {
        Sqlite,
        Postgres { url_file: PathBuf },
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Level {
        Ok,
        Warning,
        Problem,
    }

    pub struct Finding {
        pub level: Level,
        pub key: &'static str,
        pub details: Vec<(&'static str, String)>,
    }

    pub struct LedgerReport {
        pub size: u64,
        pub root: vault_proof::Hash256,
    }

    pub struct RebuildReport {
        pub recordings: u64,
        pub events: u64,
        pub dump_digest: ContentId,
    }

    pub struct Vault;

    impl Vault {
        pub async fn init(_: InitOptions, _: &Actor, _: Clock) -> Outcome<Self> {
            absent()
        }
        pub async fn open(_: &Path, _: Clock) -> Outcome<Self> {
            absent()
        }
        pub async fn doctor(_: &Path, _: Clock) -> Vec<Finding> {
            Vec::new()
        }
        pub async fn rebuild(_: &Path, _: &Path, _: Clock) -> Outcome<RebuildReport> {
            absent()
        }
        pub fn catalog(&self) -> &Catalog {
            &Catalog
        }
        pub async fn find(&self, _prefix: &str) -> Outcome<ContentId> {
            absent()
        }
        pub async fn sign_checkpoint(&self, _: &Actor) -> Outcome<String> {
            absent()
        }
        pub async fn verify_ledger(&self) -> Outcome<LedgerReport> {
            absent()
        }
        pub async fn prove(&self, _seq: u64) -> Outcome<String> {
            absent()
        }
        pub async fn dump(&self, _: &mut (dyn Write + Send)) -> Outcome<()> {
            absent()
        }
    }
}

pub mod catalog {
    use super::absent;
    use vault_core::clock::UtcTime;
    use vault_core::fault::Outcome;
    use vault_proof::{ContentId, Event};

    pub struct Catalog;

    pub struct RecordingRow {
        pub recording: ContentId,
        pub bytes: u64,
        pub name: String,
        pub case: String,
        pub counterpart: String,
        pub handler: String,
        pub activity: String,
        pub device: String,
        pub maker: String,
        pub method: String,
        pub proves: String,
        pub secrecy: String,
        pub accession_seq: u64,
        pub received_at: UtcTime,
        pub checked_at: Option<UtcTime>,
        /// The event that found it damaged, until a later check finds it whole again.
        pub damaged_seq: Option<u64>,
        pub sha256: Option<String>,
        pub sm3: Option<String>,
    }

    impl Catalog {
        pub async fn list(
            &self,
            _case: Option<&str>,
            _after_seq: Option<u64>,
            _rows_max: u32,
        ) -> Outcome<Vec<RecordingRow>> {
            absent()
        }
        pub async fn recording(&self, _: &ContentId) -> Outcome<RecordingRow> {
            absent()
        }
        pub async fn events(
            &self,
            _recording: Option<&ContentId>,
            _after_seq: Option<u64>,
            _rows_max: u32,
        ) -> Outcome<Vec<Event>> {
            absent()
        }
    }
}

pub mod stop {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[derive(Debug, Clone, Default)]
    pub struct Stop(Arc<AtomicBool>);

    impl Stop {
        pub fn request(&self) {
            self.0.store(true, Ordering::SeqCst);
        }
        pub fn requested(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }
    }
}

pub mod intake {
    use super::absent;
    use super::policy::Actor;
    use super::stop::Stop;
    use super::vault::Vault;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;
    use vault_core::fault::{Fault, Outcome};
    use vault_proof::ContentId;

    pub struct Labels;

    #[derive(Debug, PartialEq, Eq)]
    pub struct LabelInput {
        pub case: String,
        pub counterpart: String,
        pub handler: String,
        pub activity: String,
        pub device: String,
        pub maker: String,
        pub method: String,
        pub proves: String,
        pub secrecy: String,
    }

    impl Labels {
        pub fn checked(_: LabelInput) -> Outcome<Self> {
            absent()
        }
    }

    pub struct IntakeOptions {
        pub jobs: usize,
    }

    pub enum IntakeReport {
        Found { files: u64, bytes: u64 },
        Read { bytes: u64 },
        Received { path: PathBuf, recording: ContentId, bytes: u64, duplicate: bool, seq: u64 },
        Failed { path: PathBuf, fault: Fault },
    }

    pub struct IntakeSummary {
        pub files: u64,
        pub stored: u64,
        pub duplicates: u64,
        pub failed: u64,
        pub bytes: u64,
        pub elapsed: Duration,
    }

    pub async fn ingest(
        _: &Vault,
        _: &Actor,
        _: Vec<PathBuf>,
        _: Labels,
        _: IntakeOptions,
        _: Stop,
        _: Arc<dyn Fn(IntakeReport) + Send + Sync>,
    ) -> Outcome<IntakeSummary> {
        absent()
    }
}

pub mod preservation {
    use super::absent;
    use super::policy::Actor;
    use super::stop::Stop;
    use super::vault::Vault;
    use std::sync::Arc;
    use std::time::Duration;
    use vault_core::fault::Outcome;
    use vault_proof::{ContentId, Damage};

    #[derive(Debug, PartialEq, Eq)]
    pub enum Selection {
        All,
        Percent(u8),
        These(Vec<ContentId>),
    }

    pub enum VerifyReport {
        Found { objects: u64, bytes: u64 },
        Read { bytes: u64 },
        Checked { recording: ContentId },
        Damaged(Damage),
    }

    pub struct VerifySummary {
        pub objects: u64,
        pub bytes: u64,
        pub elapsed: Duration,
        pub failed: Vec<Damage>,
    }

    pub async fn verify(
        _: &Vault,
        _: &Actor,
        _: Selection,
        _keyless: bool,
        _: Stop,
        _: Arc<dyn Fn(VerifyReport) + Send + Sync>,
    ) -> Outcome<VerifySummary> {
        absent()
    }
}

pub mod access {
    use super::absent;
    use super::policy::Actor;
    use super::vault::Vault;
    use std::io::Write;
    use std::ops::RangeInclusive;
    use vault_core::fault::Outcome;
    use vault_proof::ContentId;

    /// Without a grant the refusal is recorded, and `GrantNeeded` is the answer.
    pub async fn read(
        _: &Vault,
        _: &Actor,
        _: &ContentId,
        _grant: Option<&str>,
        _range: Option<RangeInclusive<u64>>,
        _: &mut (dyn Write + Send),
    ) -> Outcome<()> {
        absent()
    }
}

pub mod jobs {
    use super::absent;
    use super::policy::Actor;
    use super::stop::Stop;
    use super::vault::Vault;
    use vault_core::clock::UtcTime;
    use vault_core::fault::Outcome;

    pub struct JobRow {
        pub id: i64,
        pub kind: String,
        pub state: String,
        pub attempts: i64,
        pub due_at: UtcTime,
        pub problem: Option<String>,
    }

    pub struct RunSummary {
        pub done: u64,
        pub failed: u64,
    }

    pub async fn run(_: &Vault, _: &Actor, _: Stop) -> Outcome<RunSummary> {
        absent()
    }

    pub async fn list(_: &Vault) -> Outcome<Vec<JobRow>> {
        absent()
    }

    pub async fn retry(_: &Vault, _: &Actor, _id: i64) -> Outcome<()> {
        absent()
    }
}
