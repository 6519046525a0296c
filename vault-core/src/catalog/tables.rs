//! The tables that are folded from the ledger, and their columns, in one list.
//!
//! Inserting, dumping and comparing all go by this list, so that a column added to the schema and
//! forgotten here fails at the first insert instead of escaping the comparison.

use super::bulk::{Column, Kind};
use super::flows;

const INTEGER: Kind = Kind::Integer;
const TEXT: Kind = Kind::Text;
const BLOB: Kind = Kind::Blob;

/// A table folded from the ledger.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
    /// How many of the first columns are its key.
    pub(super) n_key: usize,
}

pub(super) const EVENTS: Table = Table {
    name: "events",
    columns: &[
        ("seq", INTEGER),
        ("event_id", BLOB),
        ("kind", TEXT),
        ("at_ms", INTEGER),
        ("leaf", BLOB),
        ("leaf_hash", BLOB),
        ("sealed", BLOB),
    ],
    n_key: 1,
};

pub(super) const SUBJECTS: Table = Table {
    name: "subjects",
    columns: &[("subject", TEXT), ("seq", INTEGER), ("leaf_hash", BLOB)],
    n_key: 1,
};

pub(super) const RECORDINGS: Table = Table {
    name: "recordings",
    columns: &[
        ("id", TEXT),
        ("bytes", INTEGER),
        ("manifest", TEXT),
        ("accession_seq", INTEGER),
        ("accessioned_ms", INTEGER),
        ("activity", TEXT),
        ("secrecy", TEXT),
        ("sha256", TEXT),
        ("sm3", TEXT),
        ("digests_seq", INTEGER),
        ("checked_ms", INTEGER),
        ("checked_keyless_ms", INTEGER),
        ("examined_ms", INTEGER),
        ("damaged_seq", INTEGER),
    ],
    n_key: 1,
};

pub(super) const RECEIPTS: Table = Table {
    name: "receipts",
    columns: &[
        ("seq", INTEGER),
        ("recording", TEXT),
        ("duplicate", INTEGER),
        ("received_ms", INTEGER),
        ("name", TEXT),
        ("name_bytes", BLOB),
        ("source_modified_ms", INTEGER),
        ("case_no", TEXT),
        ("counterpart", TEXT),
        ("handler", TEXT),
        ("activity", TEXT),
        ("device", TEXT),
        ("maker", TEXT),
        ("method", TEXT),
        ("proves", TEXT),
        ("person", TEXT),
        ("secrecy", TEXT),
        ("declared_ms", INTEGER),
        ("clock_offset_ms", INTEGER),
    ],
    n_key: 1,
};

pub(super) const DAMAGES: Table = Table {
    name: "damages",
    columns: &[
        ("seq", INTEGER),
        ("ordinal", INTEGER),
        ("recording", TEXT),
        ("class", TEXT),
        ("from_byte", INTEGER),
        ("to_byte", INTEGER),
    ],
    n_key: 2,
};

pub(super) const REFUSALS: Table = Table {
    name: "refusals",
    columns: &[("seq", INTEGER), ("act", TEXT), ("reason", TEXT), ("article", TEXT)],
    n_key: 1,
};

pub(super) const EXAMINATIONS: Table = Table {
    name: "examinations",
    columns: &[
        ("recording", TEXT),
        ("task", TEXT),
        ("seq", INTEGER),
        ("at_ms", INTEGER),
        ("outcome", TEXT),
        ("engine", TEXT),
        ("medium", TEXT),
        ("duration_ms", INTEGER),
        ("sound", INTEGER),
        ("findings", INTEGER),
        ("started_ms", INTEGER),
        ("time_source", TEXT),
        ("device", TEXT),
        ("report", TEXT),
    ],
    n_key: 2,
};

pub(super) const DERIVATIVES: Table = Table {
    name: "derivatives",
    columns: &[
        ("seq", INTEGER),
        ("ordinal", INTEGER),
        ("recording", TEXT),
        ("kind", TEXT),
        ("object", TEXT),
        ("bytes", INTEGER),
        ("manifest", TEXT),
        ("recipe", TEXT),
        ("made_ms", INTEGER),
    ],
    n_key: 2,
};

pub(super) const TRANSCRIPTS: Table = Table {
    name: "transcripts",
    columns: &[
        ("recording", TEXT),
        ("version", INTEGER),
        ("seq", INTEGER),
        ("at_ms", INTEGER),
        ("origin", TEXT),
        ("engine", TEXT),
        ("based_on", INTEGER),
        ("object", TEXT),
        ("person", TEXT),
        ("checked_seq", INTEGER),
        ("checked_ms", INTEGER),
        ("checked_by", TEXT),
    ],
    n_key: 2,
};

pub(super) const MARKERS: Table = Table {
    name: "markers",
    columns: &[
        ("marker", TEXT),
        ("recording", TEXT),
        ("seq", INTEGER),
        ("at_ms", INTEGER),
        ("kind", TEXT),
        ("from_ms", INTEGER),
        ("to_ms", INTEGER),
        ("note", TEXT),
        ("person", TEXT),
        ("removed_seq", INTEGER),
    ],
    n_key: 1,
};

/// Copies of objects in stores.
pub(super) const COPIES: Table = Table {
    name: "copies",
    columns: &[
        ("store", TEXT),
        ("object", TEXT),
        ("placed_ms", INTEGER),
        ("checked_ms", INTEGER),
        ("checked_keyless_ms", INTEGER),
        ("examined_ms", INTEGER),
        ("damaged_seq", INTEGER),
    ],
    n_key: 2,
};

pub(super) const VAULT: Table =
    Table { name: "vault", columns: &[("key", TEXT), ("value", TEXT)], n_key: 1 };

/// Every table folded from the ledger, in the order of the dump.
pub(super) const ALL: &[&Table] = &[
    &EVENTS,
    &SUBJECTS,
    &RECORDINGS,
    &RECEIPTS,
    &DAMAGES,
    &EXAMINATIONS,
    &DERIVATIVES,
    &TRANSCRIPTS,
    &MARKERS,
    &REFUSALS,
    &VAULT,
    &flows::ACCOUNT_ACTS,
    &flows::CASES,
    &flows::CASE_ACTS,
    &flows::RETENTION_ACTS,
    &flows::RETENTION_RULES,
    &flows::ACCESS_REQUESTS,
    &flows::ACCESS_ITEMS,
    &flows::ACCESS_ACTS,
    &flows::ACCESS_RENDITIONS,
    &COPIES,
    &flows::STORE_ACTS,
    &flows::TIER_ACTS,
    &flows::BACKUP_ACTS,
    &flows::DISPOSAL_ACTS,
    &flows::DESTROYED,
    &flows::VOLUME_ACTS,
    &flows::VOLUME_ITEMS,
    &flows::INSPECTION_ACTS,
    &flows::INSPECTION_LISTS,
    &flows::INSPECTION_DRAWN,
    &flows::OVERSIGHT_ACTS,
];

impl Table {
    /// Its columns, for a statement.
    pub(super) fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The columns of its key, for a statement.
    pub(super) fn key_names(&self) -> String {
        let key = self.columns.iter().take(self.n_key);
        key.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The kinds of its columns.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }

    /// The statement that inserts a batch, a row of the same key taking the place of the one
    /// that is there.
    pub(super) fn put(&self) -> String {
        let set: Vec<_> = self.columns[self.n_key..]
            .iter()
            .map(|(name, _)| format!("{name} = excluded.{name}"))
            .collect();
        let (insert, key, set) = (self.insert(), self.key_names(), set.join(", "));
        // "WHERE true" tells SQLite's parser that ON belongs to the conflict, not to a join.
        format!("{insert} WHERE true ON CONFLICT ({key}) DO UPDATE SET {set}")
    }

    /// The statement that inserts a batch.
    pub(super) fn insert(&self) -> String {
        let (name, columns) = (self.name, self.names());
        format!("WITH {{batch}} INSERT INTO {name} ({columns}) SELECT {columns} FROM batch")
    }
}
