//! Whether an older state of the vault came back: what lies elsewhere is asked before anything is
//! signed, and told what was signed afterwards.
//!
//! Promises: no checkpoint is signed over a ledger that a store, a witness or a person knows to be
//! longer or another, until a person has looked and said so on record (R29; A2.19(二)3). A store
//! out of reach is passed over: it is asked at the next signing.

use super::change::event;
use super::{Vault, blocking};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::ledger::{Ledger, Standing, behind};
use crate::people;
use crate::policy::{Act, Actor};
use crate::preservation::stores_in_use;
use crate::store::{MAIN_STORE, Store};
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::{BackupBody, Body, Subject};

/// A checkpoint that is known somewhere and that the ledger does not reach or agree with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// `last-signed`, `witnessed`, `brought`, or the name of a store.
    pub place: String,
    /// Events it covers.
    pub size: u64,
    /// Their root, hex.
    pub root: String,
    /// Whether the ledger is shorter, or another.
    pub standing: Standing,
}

/// A ledger that is behind what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// The backup it was restored from, while nobody has looked.
    pub restored: Option<String>,
    /// What knows better.
    pub ahead: Vec<Ahead>,
}

impl Behind {
    /// Whether nothing stands against signing.
    pub fn is_nothing(&self) -> bool {
        self.restored.is_none() && self.ahead.is_empty()
    }
}

/// The stores of a vault by the names people call them, for asking all of them.
type Named = Vec<(String, Store)>;

fn ahead_of(ledger: &Ledger, place: &str, known: &Checkpoint) -> Outcome<Option<Ahead>> {
    let standing = ledger.stands_to(known)?;
    let (size, root) = (known.size, known.root.to_string());
    let found = Ahead { place: place.to_owned(), size, root, standing };
    Ok((standing != Standing::Agrees).then_some(found))
}

/// What the stores remember and the ledger does not agree with.
fn known_by(ledger: &Ledger, stores: &Named) -> Outcome<Vec<Ahead>> {
    let mut found = Vec::new();
    for (name, store) in stores {
        let note = match store.backend().remembered() {
            Ok(note) => note.unwrap_or_default(),
            Err(fault) => {
                tracing::warn!(store = name, fault = %fault, "a store was not asked for its memory");
                continue;
            }
        };
        if note.is_empty() {
            continue;
        }
        let note = String::from_utf8(note).ok();
        // What no key of this vault signed says nothing of it.
        if let Some(known) = note.and_then(|note| ledger.own_checkpoint(&note).ok()) {
            found.extend(ahead_of(ledger, name, &known)?);
        } else {
            tracing::warn!(store = name, "the memory of a store cannot be read");
        }
    }
    Ok(found)
}

fn tell(stores: &Named, note: &str) {
    for (name, store) in stores {
        if let Err(fault) = store.backend().remember(note.as_bytes()) {
            tracing::warn!(store = name, fault = %fault, "a store was not told the checkpoint");
        }
    }
}

impl Vault {
    /// Every store in reach.
    async fn named_stores(&self) -> Outcome<Named> {
        let mut stores = vec![(MAIN_STORE.to_owned(), self.store.clone())];
        for (id, name) in stores_in_use(self).await? {
            match self.further_store(&id) {
                Ok(store) => stores.push((name, store)),
                Err(fault) => tracing::warn!(store = name, fault = %fault, "not in reach"),
            }
        }
        Ok(stores)
    }

    /// What stands against signing: that this is an older state, by whatever remembers a newer.
    pub async fn behind(&self) -> Outcome<Behind> {
        let (ledger, stores) = (Arc::clone(&self.ledger), self.named_stores().await?);
        blocking(move || {
            let mut ahead = Vec::new();
            for (place, known) in ledger.remembered_here()? {
                ahead.extend(ahead_of(&ledger, place, &known)?);
            }
            ahead.extend(known_by(&ledger, &stores)?);
            Ok(Behind { restored: ledger.restored(), ahead })
        })
        .await
    }

    /// Does work that signs: the stores are asked before, and told afterwards.
    pub(crate) async fn signing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (ledger, stores) = (Arc::clone(&self.ledger), self.named_stores().await?);
        blocking(move || {
            if let Some(found) = known_by(&ledger, &stores)?.first() {
                let fault = behind(&found.place, ledger.size()?, None);
                return Err(fault.with("signed", found.size));
            }
            let before = ledger.last_checkpoint()?.map(|(_, before)| before.size);
            let done = work(&ledger)?;
            if let Some((note, now)) = ledger.last_checkpoint()?
                && before != Some(now.size)
            {
                tell(&stores, &note);
            }
            Ok(done)
        })
        .await
    }

    /// Compares the ledger with a checkpoint that a person brings, from a printed line, a package
    /// or a witness. One that it does not reach or agree with is kept: from then on nothing is
    /// signed until a person has looked.
    pub async fn compare_checkpoint(&self, note: &str) -> Outcome<(Standing, Checkpoint)> {
        let (ledger, note) = (Arc::clone(&self.ledger), note.to_owned());
        blocking(move || {
            let known = ledger.own_checkpoint(&note)?;
            let standing = ledger.stands_to(&known)?;
            if standing != Standing::Agrees {
                ledger.keep_brought(&note)?;
            }
            Ok((standing, known))
        })
        .await
    }

    /// A person has looked at a ledger that is behind what is known of it, and lets it go on. What
    /// is lost stays named in the ledger. Gives what stood against it.
    pub async fn recover_ledger(&self, actor: &Actor, reason: &str) -> Outcome<Behind> {
        checked_text("reason", reason, true)?;
        let found = self.behind().await?;
        let about = vec![Subject::vault()];
        let state = people::phase_of(self).await?;
        let permitted = self.permit_in(actor, Act::RecoverLedger, state, about.clone()).await?;
        if found.is_nothing() {
            return Err(Fault::new(Code::LedgerNotBehind));
        }
        let lost = found.ahead.iter().map(|one| format!("{} {}", one.size, one.root)).collect();
        let plain = [("by", Value::text(actor.person())), ("reason", Value::text(reason))];
        let payload = self.seal_one(Value::map(plain)).await?;
        let events = self.ledger.size()?;
        let body = Body::Backup(BackupBody::Recovered { events, lost });
        let mut tx = self.begin(permitted).await?;
        tx.append(vec![event(body, Some(payload), about)]).await?;
        self.finish(tx).await?;
        let (ledger, stores) = (Arc::clone(&self.ledger), self.named_stores().await?);
        blocking(move || {
            ledger.go_on(events)?;
            let note = ledger.last_checkpoint()?.map(|(note, _)| note).unwrap_or_default();
            tell(&stores, &note);
            Ok(())
        })
        .await?;
        Ok(found)
    }
}
