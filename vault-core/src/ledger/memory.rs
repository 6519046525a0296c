//! What remembers checkpoints of this ledger, and a ledger that is behind them.
//!
//! An older state of a vault looks sound by itself: its log, tiles and checkpoint agree. Only what
//! lay elsewhere tells: the memory of the last signing, a witness, a checkpoint that a person
//! brings, the stores. Promises: nothing is signed over a ledger that does not reach, or does not
//! agree with, a checkpoint that is known here, or that was restored, until a person has looked;
//! what was known then is kept aside and never deleted. (R29; A2.19(二)3)

use super::tiles::TileReader;
use super::{Ledger, damaged};
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::path::PathBuf;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::tree::Frontier;

/// The mark of a ledger that was restored and that nobody has looked at.
const RESTORED: &str = "restored";

/// The newest checkpoint that a person brought and that the ledger does not reach.
const BROUGHT: &str = "brought";

/// How a ledger stands to a checkpoint of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It continues what was signed.
    Agrees,
    /// It is shorter.
    Behind,
    /// It is long enough, and another.
    Differs,
}

impl Ledger {
    /// Says of a ledger that it came from a backup: nothing is signed until a person has looked.
    pub(crate) fn mark_restored(&self, backup: &str) -> Outcome<()> {
        durable::write_file(&self.directory.join(RESTORED), backup.as_bytes(), durable::REPLACED)
    }

    /// The backup that this ledger was restored from, while nobody has looked.
    pub(crate) fn restored(&self) -> Option<String> {
        std::fs::read_to_string(self.directory.join(RESTORED)).ok()
    }

    /// Keeps a checkpoint that a person brought and that the ledger does not reach.
    pub(crate) fn keep_brought(&self, note: &str) -> Outcome<()> {
        durable::write_file(&self.directory.join(BROUGHT), note.as_bytes(), durable::REPLACED)
    }

    /// Everything in the vault's own directories that remembers a checkpoint, by its name.
    fn memories(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("last-signed", self.secrets.join("last-signed")),
            ("witnessed", self.directory.join("witnessed")),
            (BROUGHT, self.directory.join(BROUGHT)),
        ]
    }

    /// The checkpoints that are remembered in the vault's own directories.
    pub(crate) fn remembered_here(&self) -> Outcome<Vec<(&'static str, Checkpoint)>> {
        let mut found = Vec::new();
        for (name, path) in self.memories() {
            if let Some((_, known)) = self.read_note(&path, name)? {
                found.push((name, known));
            }
        }
        Ok(found)
    }

    /// A checkpoint that this vault's key signed, from its note.
    pub(crate) fn own_checkpoint(&self, note: &str) -> Outcome<Checkpoint> {
        let opened = Checkpoint::open(note, &self.verifier()?);
        opened.map_err(|error| damaged("checkpoint", 0).caused_by(error))
    }

    /// How the ledger stands to a checkpoint of it.
    pub(crate) fn stands_to(&self, known: &Checkpoint) -> Outcome<Standing> {
        if known.size > self.size()? {
            return Ok(Standing::Behind);
        }
        let signed = self.last_checkpoint()?.map_or(0, |(_, signed)| signed.size);
        let reader = TileReader::new(&self.directory, signed);
        let bad = |error| damaged("hash tile", known.size.saturating_sub(1)).caused_by(error);
        let root = if known.size <= signed {
            Frontier::load(known.size, &reader).map_err(bad)?.root()
        } else {
            let frontier = Frontier::load(signed, &reader).map_err(bad)?;
            self.grow(frontier, signed, known.size)?.1
        };
        Ok(if root == known.root { Standing::Agrees } else { Standing::Differs })
    }

    /// Fails while the ledger was restored and nobody has looked, or is behind a checkpoint that is
    /// remembered in the vault's own directories.
    pub(super) fn refuse_behind(&self) -> Outcome<()> {
        if let Some(backup) = self.restored() {
            return Err(behind("restored", self.size()?, None).with("backup", backup));
        }
        for (name, known) in self.remembered_here()? {
            // The memory of the last signing has a check of its own, before every signing.
            if name != "last-signed" && self.stands_to(&known)? != Standing::Agrees {
                return Err(behind(name, self.size()?, Some(&known)));
            }
        }
        Ok(())
    }

    /// After a person has looked: what is remembered and does not agree goes aside, and the last
    /// checkpoint of this ledger takes its place.
    pub(crate) fn go_on(&self, number: u64) -> Outcome<()> {
        let last = self.last_checkpoint()?;
        let aside = |path: &PathBuf| path.with_extension(format!("lost-{number}"));
        for (name, path) in self.memories() {
            let Ok(note) = std::fs::read_to_string(&path) else { continue };
            let known = self.own_checkpoint(&note)?;
            let current = last.as_ref().map(|(_, last)| last);
            let stays = match name {
                "last-signed" => current == Some(&known),
                _ => self.stands_to(&known)? == Standing::Agrees,
            };
            if !stays {
                durable::write_file(&aside(&path), note.as_bytes(), durable::SECRET)?;
                durable::remove(&path)?;
            }
        }
        if let Some((note, _)) = &last {
            let path = self.secrets.join("last-signed");
            durable::write_file(&path, note.as_bytes(), durable::SECRET)?;
        }
        let restored = self.directory.join(RESTORED);
        if restored.exists() {
            durable::rename(&restored, &aside(&restored))?;
        }
        durable::sync_directory(&self.directory)
    }
}

/// The fault that says so: where a longer or another ledger is remembered, and how long it was.
pub(crate) fn behind(place: &str, size: u64, known: Option<&Checkpoint>) -> Fault {
    let fault = Fault::new(Code::LedgerBehind).with("place", place).with("size", size);
    match known {
        Some(known) => fault.with("signed", known.size),
        None => fault,
    }
}
