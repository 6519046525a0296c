//! The catalogue: what the ledger's events say, folded into tables that can be asked.
//!
//! Promises: the catalogue is a fold of the ledger by construction. One function (`fold`) makes
//! rows of an event; live commits and `replay` both use it, and nothing else writes those tables.
//! A change goes through one door ([`Catalog::begin`]) with a permit; its events and its rows are
//! committed together or not at all. SQLite and PostgreSQL hold the same rows, and `dump` prints
//! them alike. The catalogue never invents anything: if it is lost, the ledger gives it back
//! (R29, A3.14). It never decides who may do what; `policy` does.

mod database;
mod migrations;
mod settings;

mod bulk;
mod flows;
mod fold;
mod tables;

mod door;
mod dump;
mod read;
mod replay;
mod texts;

pub use database::Location;
pub use door::{Appended, NewEvent, Receipt, SealedPayload, Tx};
pub use flows::{
    AccessAct, AccessItem, AccessRendition, AccessRequest, AccountAct, BackupAct, CaseAct, CaseRow,
    Destroyed, DisposalAct, InspectionAct, InspectionDrawn, InspectionList, OversightAct,
    RetentionAct, RuleAct, StoreAct, TierAct, VolumeAct, VolumeItem,
};
pub use read::{
    Counts, Cursor, DamageRow, DerivativeRow, EventRow, ExaminationRow, Filter, ListedRecording,
    MarkerRow, PartRow, ReceiptRow, RecordingRow, TranscriptRow, Wanted,
};
pub use replay::Entry;
pub use texts::FoundText;

pub(crate) use bulk::{Cell, Column, Kind, execute as execute_batch};
pub(crate) use database::{Database, Session};
pub(crate) use dump::Snapshot;
pub(crate) use read::{
    Asking, CaseBrief, Cells, ClassedRow, ColdRow, DocumentBrief, Inspectable, KeptCopy,
};
pub(crate) use texts::{IndexedText, Outdated, Question};

use crate::fault::Outcome;
use std::time::Duration;

/// The catalogue of one vault, open.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) database: Database,
}

impl Catalog {
    /// Makes a new catalogue. Refuses a place that already holds one.
    pub async fn create(location: &Location, wait: Duration) -> Outcome<Self> {
        let database = Database::connect(location, database::Opening::Create, wait).await?;
        migrations::create(&database).await?;
        Ok(Self { database })
    }

    /// Opens a catalogue, bringing it up to the version this program knows. `wait` is how long a
    /// writer waits for another (`limits::CATALOGUE_WAIT`).
    pub async fn open(location: &Location, wait: Duration) -> Outcome<Self> {
        let database = Database::connect(location, database::Opening::Existing, wait).await?;
        migrations::bring_up(&database).await?;
        let catalog = Self { database };
        catalog.head().await?;
        Ok(catalog)
    }

    /// Reads every page and every index (SQLite); PostgreSQL checks pages as it reads them.
    pub async fn check(&self) -> Outcome<()> {
        self.database.check().await
    }

    /// Closes every connection; SQLite folds its write-ahead log back.
    pub async fn close(self) {
        self.database.close().await;
    }
}
