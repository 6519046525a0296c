//! The word of witnesses, and whether the clock can be trusted by it (R17, R28).
//!
//! Promises: only a checkpoint of this vault is taken, signed by a witness that its settings name,
//! and never one seen earlier than the one there is.

use super::Vault;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{WITNESS_AGE_MAX, WITNESS_SKEW_MAX};
use crate::settings::Settings;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::cosignature::WitnessKey;

/// The latest time at which any of these witnesses saw the note.
fn seen_by(note: &str, witnesses: &[WitnessKey]) -> Option<u64> {
    witnesses.iter().filter_map(|witness| witness.seen(note).ok()).max()
}

impl Vault {
    /// Keeps a checkpoint of this vault that a witness of the settings signed; gives when it saw it.
    pub fn take_witnessed(&self, note: &str) -> Outcome<UtcTime> {
        let refused = |what: &str| Fault::new(Code::CosignatureInvalid).with("reason", what);
        let checkpoint = Checkpoint::open(note, &self.ledger.verifier()?)
            .map_err(|error| refused("checkpoint").caused_by(error))?;
        if checkpoint.size > self.ledger.size()? {
            return Err(refused("checkpoint"));
        }
        let witnesses = Settings::read(self.directory())?.witness.parsed()?;
        let seen = seen_by(note, &witnesses).ok_or_else(|| refused("witness"))?;
        let before = self.ledger.witnessed()?;
        let earlier = before.and_then(|note| seen_by(&note, &witnesses));
        if earlier.is_some_and(|earlier| seen < earlier) {
            return Err(refused("older"));
        }
        self.ledger.keep_witnessed(note)?;
        Ok(seconds(seen))
    }

    /// When a witness last saw the ledger, by its own clock.
    pub fn witnessed_at(&self) -> Outcome<Option<UtcTime>> {
        let witnesses = Settings::read(self.directory())?.witness.parsed()?;
        let note = self.ledger.witnessed()?;
        Ok(note.and_then(|note| seen_by(&note, &witnesses)).map(seconds))
    }

    /// Now; or, where the clock went back behind the ledger, a time that is after all on record.
    pub(crate) async fn now_after_the_record(&self) -> Outcome<UtcTime> {
        let (now, last) = (self.clock.now(), self.catalog.ask().await?.last_event_at().await?);
        Ok(if now < last { last.plus_ms(1) } else { now })
    }

    /// Whether somebody outside vouches for the clock: a witness saw the ledger within a day by
    /// both clocks, and the clock was not set back behind the ledger. What must not happen before
    /// its time asks this first.
    pub(crate) async fn require_trusted_clock(&self) -> Outcome<()> {
        let now = self.clock.now();
        let untrusted = |what: &str| Fault::new(Code::ClockUntrusted).with("reason", what);
        let last = self.catalog.ask().await?.last_event_at().await?;
        if now < last {
            return Err(untrusted("set-back").with("last", last.in_china()));
        }
        let seen = self.witnessed_at()?.ok_or_else(|| untrusted("no-witness"))?;
        let away = |limit: u64| i64::try_from(limit * 1_000).unwrap_or(i64::MAX);
        let age = now.as_ms() - seen.as_ms();
        if age > away(WITNESS_AGE_MAX) || -age > away(WITNESS_SKEW_MAX) {
            return Err(untrusted("witness-too-old").with("seen", seen.in_china()));
        }
        Ok(())
    }
}

fn seconds(seconds: u64) -> UtcTime {
    UtcTime::from_ms(i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX))
}
