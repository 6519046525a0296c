//! The vault: its parts opened together, and the acts that concern the whole.
//!
//! Opening checks what a promise rests on: the description, the vault key, the settings of the
//! database; it brings the ledger log up to the database, so that nothing acknowledged is in one
//! of them only. Nothing here hands out recorded bytes.

mod behind;
pub(crate) mod change;
mod description;
mod doctor;
mod lay;
mod rebuild;
#[cfg(test)]
pub(crate) mod trial;
mod witness;

pub use behind::{Ahead, Behind};
pub use description::{CatalogueChoice, FurtherPlace, InitOptions, StoreChoice};
pub(crate) use description::{RestoredPlaces, RestoredStore};
pub use doctor::{Finding, Level};
pub(crate) use lay::{Backed, lay};
pub use rebuild::RebuildReport;

use crate::catalog::{Catalog, Entry, NewEvent, SealedPayload};
use crate::clock::{Clock, UtcTime};
use crate::fault::{Class, Code, Fault, Outcome};
use crate::holdings::Holdings;
use crate::keys::{self, KeyStore, NewKey, Purpose, VaultKey};
use crate::ledger::{Ledger, LedgerReport, LogEntry, create_signing_key};
use crate::limits::CATALOGUE_WAIT;
use crate::policy::{
    Act, Actor, Judged, Permitted, Refusal, State, entitled, is_person, permit, permit_in,
};
use crate::store::backend::Backend;
use crate::store::cipher::SecretKey;
use crate::store::durable::FileLock;
use crate::store::{MAIN_STORE, Store};
use description::Description;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::event::leaf_hash;
use vault_proof::{Body, ContentId, Event, RecordId, Subject};

/// An open vault.
#[derive(Debug, Clone)]
pub struct Vault {
    directory: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) store: Store,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) catalog: Catalog,
}

impl Vault {
    /// Makes a vault: keys, catalogue, ledger, store. Refuses a directory that holds anything.
    pub async fn init(options: InitOptions, actor: &Actor, clock: Clock) -> Outcome<Self> {
        let permitted =
            permit(actor, Act::InitialiseVault).map_err(|refusal| denied(&refusal, State::Any))?;
        let description = Description::prepare(&options)?;
        let directory = options.directory.clone();
        let vault_key = VaultKey::create(&description.secrets(&directory).join("vault.key"))?;
        let keys = KeyStore::create(description.key_copies(&directory), &vault_key)?;
        let key_path = description.secrets(&directory).join("ledger.key");
        let verifier = create_signing_key(&key_path, &description.vault)?;
        let backend = description.create_backend(&directory)?;
        let capabilities = {
            let backend = Arc::clone(&backend);
            blocking(move || backend.self_test()).await?
        };
        let catalog = Catalog::create(&description.location(&directory)?, CATALOGUE_WAIT).await?;
        let ledger = Ledger::new(
            &description.ledger(&directory),
            &description.secrets(&directory),
            &description.vault,
        );
        let event = |body| NewEvent { subjects: vec![Subject::vault()], body, payload: None };
        let mut tx = catalog.begin(permitted, &clock).await?;
        tx.append(vec![
            event(Body::VaultCreated {
                vault: description.vault.clone(),
                format: 1,
                checkpoint_key: verifier.to_string(),
            }),
            event(Body::StoreRegistered {
                store: backend.kind().to_owned(),
                create_only: capabilities.create_only,
                object_lock: capabilities.object_lock,
            }),
        ])
        .await?;
        let _ = tx.commit().await?;
        ledger.publish(&catalog).await?;
        let store = Store::new(backend, vault_key.name_key());
        // Written last: a directory without it is no vault.
        description.write(&directory)?;
        Ok(Self {
            directory,
            clock,
            keys: Arc::new(keys),
            store,
            ledger: Arc::new(ledger),
            catalog,
        })
    }

    /// Opens a vault.
    pub async fn open(directory: &Path, clock: Clock) -> Outcome<Self> {
        let description = Description::read(directory)?;
        let secrets = description.secrets(directory);
        let vault_key = VaultKey::read(&secrets.join("vault.key"))?;
        let keys = KeyStore::open(description.key_copies(directory), &vault_key)?;
        let backend = description.open_backend(directory)?;
        let catalog = Catalog::open(&description.location(directory)?, CATALOGUE_WAIT).await?;
        let ledger = Ledger::new(&description.ledger(directory), &secrets, &description.vault);
        let vault = Self {
            directory: directory.to_owned(),
            clock,
            keys: Arc::new(keys),
            store: Store::new(backend, vault_key.name_key()),
            ledger: Arc::new(ledger),
            catalog,
        };
        vault.reconcile().await?;
        Ok(vault)
    }

    /// Brings the log up to the database; a database that lacks events of the log is an old one.
    async fn reconcile(&self) -> Outcome<()> {
        let logged = self.ledger.size()?;
        let catalogued = self.catalog.head().await?.map_or(0, |(seq, _)| seq + 1);
        if catalogued < logged {
            return Err(Fault::new(Code::CatalogueDisagrees)
                .with("what", "catalogue is older than the ledger log")
                .with("size", catalogued)
                .with("expected", logged));
        }
        if logged < catalogued {
            self.ledger.keep_a_cut_log()?;
        }
        self.ledger.publish(&self.catalog).await
    }

    /// Makes the place of a further store and describes it; gives what lies there.
    pub(crate) fn make_store(
        &self,
        store: &RecordId,
        place: &FurtherPlace,
    ) -> Outcome<Arc<dyn Backend>> {
        // The description is replaced whole: who adds another store at this moment waits.
        let _lock = FileLock::wait(&self.directory.join("vault.lock"))?;
        Description::read(&self.directory)?.add_store(&self.directory, store, place)
    }

    /// A further store, as it is described.
    pub(crate) fn further_store(&self, store: &RecordId) -> Outcome<Store> {
        let description = Description::read(&self.directory)?;
        Ok(self.store.beside(description.further(&self.directory, store)?))
    }

    /// Refuses a path that lies in the vault, in one of its stores, or where its secrets are: what
    /// is lost with the vault saves nothing of it.
    pub(crate) fn require_outside(&self, path: &Path) -> Outcome<()> {
        if Description::read(&self.directory)?.holds(&self.directory, path)? {
            return Err(Fault::new(Code::ArgumentInvalid)
                .with("argument", path.display())
                .with("reason", "inside-the-vault"));
        }
        Ok(())
    }

    /// Where its secrets are.
    pub(crate) fn secrets(&self) -> Outcome<PathBuf> {
        Ok(Description::read(&self.directory)?.secrets(&self.directory))
    }

    /// Where the vault is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What time it is for this vault.
    pub fn now(&self) -> UtcTime {
        self.clock.now()
    }

    /// What is catalogued, for people and programs.
    pub fn catalog(&self) -> Holdings<'_> {
        Holdings::new(&self.catalog)
    }

    /// The recording whose id begins so.
    pub async fn find(&self, prefix: &str) -> Outcome<ContentId> {
        Ok(self.catalog.find_recording(prefix).await?.id)
    }

    /// The recording whose id begins so, or whatever else is kept under exactly this id.
    pub async fn find_kept(&self, id: &str) -> Outcome<ContentId> {
        if let Ok(id) = id.parse::<ContentId>()
            && self.catalog.copy(MAIN_STORE, &id).await?.is_some()
        {
            return Ok(id);
        }
        self.find(id).await
    }

    /// Asks the policy; a refusal is recorded before it is answered.
    pub(crate) async fn permit(&self, actor: &Actor, act: Act) -> Outcome<Permitted> {
        self.permit_in(actor, act, State::Any, Vec::new()).await
    }

    /// Whether this actor may do an act that depends on no state; a refusal is recorded before it
    /// is answered. For callers that only look: every change asks again by itself.
    pub async fn admit(&self, actor: &Actor, act: Act) -> Outcome<()> {
        self.permit(actor, act).await.map(drop)
    }

    /// Asks the policy about an act in a state; a refusal is recorded about these subjects before
    /// it is answered.
    pub(crate) async fn permit_in(
        &self,
        actor: &Actor,
        act: Act,
        state: State,
        mut subjects: Vec<Subject>,
    ) -> Outcome<Permitted> {
        match permit_in(actor, act, state) {
            Ok(permitted) => Ok(permitted),
            Err(refusal) => {
                if subjects.is_empty() {
                    subjects.push(Subject::vault());
                }
                self.record_refusal(&refusal, subjects).await?;
                Err(denied(&refusal, state))
            }
        }
    }

    /// The answer of an act that the policy allowed. Where how things stand refused it, as a hold
    /// does, that is put on record before it is answered.
    pub(crate) async fn answer<T>(&self, judged: Judged, answer: Outcome<T>) -> Outcome<T> {
        if let Err(fault) = &answer
            && fault.code().class() == Class::Denied
        {
            let refusal = judged.refused(fault.code().as_str());
            self.record_refusal(&refusal, judged.about).await?;
        }
        answer
    }

    async fn record_refusal(&self, refusal: &Refusal, about: Vec<Subject>) -> Outcome<()> {
        let recording = self.catalog.record_refusal_about(refusal, about, &self.clock);
        let _ = recording.await?;
        self.ledger.publish(&self.catalog).await
    }

    /// Signs the ledger's state; gives the checkpoint.
    pub async fn sign_checkpoint(&self, actor: &Actor) -> Outcome<String> {
        let _ = self.permit(actor, Act::SignCheckpoint).await?;
        self.signing(Ledger::sign).await
    }

    /// Signs where so many events wait for it, so that whoever needs a checkpoint does not wait
    /// for what others left.
    pub(crate) async fn keep_signed(&self, actor: &Actor, unsigned_max: u64) -> Outcome<()> {
        let vault = self.clone();
        if blocking(move || vault.unsigned()).await? < unsigned_max {
            return Ok(());
        }
        self.sign_checkpoint(actor).await.map(drop)
    }

    /// How many events wait for a checkpoint.
    pub(crate) fn unsigned(&self) -> Outcome<u64> {
        let signed = self.ledger.last_checkpoint()?.map_or(0, |(_, last)| last.size);
        Ok(self.ledger.size()?.saturating_sub(signed))
    }

    /// How many events wait for a checkpoint; a fault where none can be signed.
    pub async fn signing_state(&self) -> Outcome<u64> {
        let vault = self.clone();
        blocking(move || {
            let _ = vault.ledger.verifier()?;
            vault.unsigned()
        })
        .await
    }

    /// Verifies the ledger in all its forms, and that the catalogue is its fold.
    pub async fn verify_ledger(&self) -> Outcome<LedgerReport> {
        let report = self.ledger.verify(&self.catalog).await?;
        self.catalog.check().await?;
        let keys = Arc::clone(&self.keys);
        let entries = self.ledger.entries().map(move |entry| opened(&keys, entry?));
        self.catalog.compare_with_fold(entries).await?;
        Ok(report)
    }

    /// The proof file of an event.
    pub async fn prove(&self, seq: u64) -> Outcome<String> {
        self.signing(move |ledger| ledger.prove(seq)).await
    }

    /// The catalogue, line by line, for comparing.
    pub async fn dump(&self, out: &mut (dyn Write + Send)) -> Outcome<()> {
        self.catalog
            .dump(&mut |line| {
                writeln!(out, "{}", line.trim_end_matches('\n')).map_err(|error| {
                    Fault::new(Code::FileFailed).with("path", "dump").caused_by(error)
                })
            })
            .await
    }

    /// Seals payloads under keys of their own, which are durable when this returns.
    pub(crate) fn seal(&self, plains: Vec<Value>) -> Outcome<Vec<SealedPayload>> {
        let ready = plains.into_iter().map(keys::ready).collect::<Outcome<Vec<_>>>()?;
        let secrets = ready.iter().map(|_| SecretKey::random()).collect::<Outcome<Vec<_>>>()?;
        let new = ready.iter().zip(&secrets).map(|(payload, key)| NewKey {
            purpose: Purpose::Payload,
            owner: *payload.commitment.as_bytes(),
            key: key.clone(),
        });
        let slots = self.keys.issue(&new.collect::<Vec<_>>())?;
        ready
            .into_iter()
            .zip(slots.into_iter().zip(secrets))
            .map(|(payload, (slot, key))| {
                let sealed = keys::seal_payload(&payload, slot, &key)?;
                Ok(SealedPayload { commitment: payload.commitment, sealed, plain: payload.plain })
            })
            .collect()
    }
}

/// The fault of a refusal; it says which roles may, where any person may do it in this state.
fn denied(refusal: &crate::policy::Refusal, state: State) -> Fault {
    let code = match refusal.act() {
        Act::ReadRecording
        | Act::ReadUnderGrant
        | Act::ReadExcerpt
        | Act::HandOutCopy
        | Act::ShowTranscript => Code::GrantNeeded,
        _ => Code::ActDenied,
    };
    let fault = Fault::new(code)
        .with("act", refusal.act().as_str())
        .with("reason", refusal.reason())
        .with("article", refusal.article());
    let may = entitled(refusal.act(), state).iter().filter(|role| is_person(**role));
    let may: Vec<&str> = may.map(|role| role.as_str()).collect();
    if may.is_empty() { fault } else { fault.with("roles", may.join(" ")) }
}

/// An entry of the log with its payload opened, for folding.
pub(crate) fn opened(keys: &KeyStore, entry: LogEntry) -> Outcome<Entry> {
    let bad = || Fault::new(Code::LedgerDamaged).with("what", "leaf").with("seq", entry.seq);
    let commitment = Event::decode(&entry.leaf).map_err(|error| bad().caused_by(error))?.payload;
    let plain = match commitment {
        None => None,
        Some(commitment) => Some(keys::open_payload(keys, &commitment, &entry.sealed)?),
    };
    let leaf_hash = leaf_hash(&entry.leaf);
    let LogEntry { seq, leaf, sealed } = entry;
    Ok(Entry { row: crate::catalog::EventRow { seq, leaf, leaf_hash, sealed }, plain })
}

/// Runs work that blocks where it does not hold up anybody else.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::new(Code::Internal).with("what", "worker").caused_by(error))?
}

impl Vault {
    /// Whether the vault can work now: the catalogue answers and the ledger log can be read.
    pub async fn readiness(&self) -> Outcome<()> {
        self.catalog.head().await?;
        self.ledger.size().map(drop)
    }

    /// The last signed checkpoint, as text; public.
    pub fn checkpoint(&self) -> Outcome<Option<String>> {
        Ok(self.ledger.last_checkpoint()?.map(|(note, _)| note))
    }

    /// A hash tile of the ledger by its path; public. `None` for every path that names none.
    pub fn hash_tile(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        self.ledger.hash_tile(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_ledger_is_signed_once_so_many_events_wait_and_not_before() {
        let scratch = tempfile::tempdir().unwrap();
        let (vault, person) = (trial::vault(scratch.path()).await, trial::operator());
        let signed = || vault.ledger.last_checkpoint().unwrap().map_or(0, |(_, last)| last.size);
        let (before, system) = (signed(), Actor::system([1; 16]));
        // What is refused is an event, too.
        for _ in 0..5 {
            assert!(vault.permit(&person, Act::DrawLots).await.is_err());
        }
        let waiting = vault.ledger.size().unwrap() - before;
        assert!(waiting >= 5);
        vault.keep_signed(&system, waiting + 1).await.unwrap();
        assert_eq!(signed(), before);
        vault.keep_signed(&system, waiting).await.unwrap();
        assert_eq!(signed(), before + waiting);
        vault.verify_ledger().await.unwrap();
    }
}
