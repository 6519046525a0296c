//! Uploads (上传): recordings whose bytes arrive over a network, in pieces, from people and stations.
//!
//! Promises: bytes go straight into the store, encrypted, and are hashed on the way; what was
//! acknowledged at the end is durable; an upload is seen by who began it and by nobody else; what a
//! stop or a kill left is gone on with from the last extent that was made durable; a declared
//! digest that differs refuses the whole. A recording without its labels is taken in and waits in
//! the tray. A file may come in parts, each an upload of its own, which are joined at the end.
//! Never writes bytes in the clear, and never keeps more than one buffer of an upload.
//! (A2.18(一)1, A3.10)

mod join;

use super::commit::Committer;
use super::engine::{Content, Ready};
use super::{Earlier, LabelInput, Labels, earlier};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    STAGING_KEPT, UPLOAD_BYTES_MAX, UPLOAD_NAME_BYTES_MAX, UPLOADS_MAX, UPLOADS_OF_ONE_MAX,
};
use crate::media::{self, BEGINNING_BYTES};
use crate::policy::{Act, Actor};
use crate::store::stage::{self, Arriving, Left};
use crate::vault::change::new_record;
use crate::vault::{Vault, blocking};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::OwnedMutexGuard;
use vault_proof::canonical::Value;
use vault_proof::{ContentId, Hash256, RecordId};

/// An upload to be begun.
#[derive(Debug, Clone, Default)]
pub struct NewUpload {
    /// The name of the file.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its labels; it waits in the tray where the required ones are missing.
    pub labels: LabelInput,
    /// BLAKE3 of the file, where it is known beforehand.
    pub declared: Option<ContentId>,
    /// What the sender knows the file again by before it has read all of it: SHA-256 of its
    /// length, beginning and end.
    pub fingerprint: Option<Hash256>,
    /// A file, or a part of one; `join` alone makes the third.
    pub shape: Shape,
}

/// Whether an upload is a file, a part of one, or a file that was joined of parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shape {
    /// A file.
    #[default]
    Whole,
    /// A part, which waits to be joined.
    Part,
    /// Joined of these parts, in this order.
    Joined(Vec<RecordId>),
}

/// What came of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its content id.
    pub recording: ContentId,
    /// Whether the content was here already.
    pub duplicate: bool,
    /// How it came in the first time, where it was here already and its sender may know.
    pub earlier: Option<Earlier>,
    /// The event.
    pub seq: u64,
}

/// An upload as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    /// Its number.
    pub id: RecordId,
    /// The name of the file.
    pub name: String,
    /// What its sender knows the file again by, where he said.
    pub fingerprint: Option<Hash256>,
    /// How many bytes it is to have.
    pub bytes: u64,
    /// How many are here.
    pub offset: u64,
    /// When it was begun.
    pub begun_at: UtcTime,
    /// When it is given up if nothing more comes.
    pub expires_at: UtcTime,
    /// What came of it, once it is whole.
    pub arrived: Option<Arrived>,
    /// A file, a part, or joined of parts.
    pub shape: Shape,
}

/// What is kept of an upload beside its bytes.
#[derive(Debug, Clone)]
struct Note {
    id: RecordId,
    owner: String,
    name: String,
    labels: LabelInput,
    declared: Option<ContentId>,
    fingerprint: Option<Hash256>,
    begun_at: UtcTime,
    shape: Shape,
}

/// Where its bytes are.
enum Bytes {
    Arriving(Box<Arriving>),
    Left(Box<Left>),
    Arrived(Arrived),
    Gone,
}

struct Upload {
    note: Note,
    bytes: u64,
    offset: u64,
    beginning: Vec<u8>,
    at: Bytes,
    touched_at: UtcTime,
}

type Shared = Arc<tokio::sync::Mutex<Upload>>;

/// The uploads under way. One for a process.
pub struct Uploads {
    vault: Vault,
    live: Mutex<HashMap<RecordId, (String, Shared)>>,
}

fn poisoned<T>(_: T) -> Fault {
    Fault::new(Code::Internal).with("what", "uploads")
}

fn unknown(id: &RecordId) -> Fault {
    Fault::new(Code::UploadUnknown).with("upload", id)
}

fn kept_ms() -> i64 {
    i64::try_from(STAGING_KEPT.as_millis()).unwrap_or(i64::MAX)
}

impl Upload {
    fn view(&self) -> UploadView {
        UploadView {
            id: self.note.id,
            name: self.note.name.clone(),
            fingerprint: self.note.fingerprint,
            bytes: self.bytes,
            offset: self.offset,
            begun_at: self.note.begun_at,
            expires_at: UtcTime::from_ms(self.touched_at.as_ms().saturating_add(kept_ms())),
            arrived: match &self.at {
                Bytes::Arrived(arrived) => Some(arrived.clone()),
                _ => None,
            },
            shape: self.note.shape.clone(),
        }
    }
}

/// The last part of a name that may have come with the path of another machine.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name).trim()
}

fn checked(mut new: NewUpload) -> Outcome<NewUpload> {
    if new.shape == Shape::Part {
        // What it is a part of is named when it is joined.
        "part".clone_into(&mut new.name);
        new.declared = None;
        new.labels = LabelInput::default();
    }
    new.name = last_part(&new.name).to_owned();
    super::labels::checked_label("filename", &new.name, true)?;
    if new.name.len() > UPLOAD_NAME_BYTES_MAX || matches!(new.name.as_str(), "." | "..") {
        let fault = Fault::new(Code::LabelInvalid).with("label", "filename");
        return Err(fault.with("reason", "too long"));
    }
    if new.bytes > UPLOAD_BYTES_MAX {
        let fault = Fault::new(Code::SourceTooLarge).with("bytes", new.bytes);
        return Err(fault.with("limit", UPLOAD_BYTES_MAX));
    }
    Labels::or_waiting(new.labels.clone())?;
    Ok(new)
}

impl Uploads {
    /// The uploads of this vault, with those that an earlier process left.
    pub async fn open(vault: &Vault) -> Outcome<Self> {
        let store = vault.store.clone();
        let left = blocking(move || stage::left(&store)).await?;
        let now = vault.clock.now();
        // What was being joined is joined again of its parts, which are still there.
        let (joined, left): (Vec<_>, Vec<_>) = left.into_iter().partition(|left| {
            Note::read(&left.note).is_some_and(|note| matches!(note.shape, Shape::Joined(_)))
        });
        let store = vault.store.clone();
        blocking(move || joined.into_iter().try_for_each(|left| left.give_up(&store))).await?;
        let live = left.into_iter().filter_map(|left| {
            let note = Note::read(&left.note)?;
            let (id, owner) = (note.id, note.owner.clone());
            let upload = Upload {
                note,
                bytes: left.bytes,
                offset: left.offset,
                beginning: Vec::new(),
                at: Bytes::Left(Box::new(left)),
                touched_at: now,
            };
            Some((id, (owner, Arc::new(tokio::sync::Mutex::new(upload)))))
        });
        Ok(Self { vault: vault.clone(), live: Mutex::new(live.collect()) })
    }

    /// Begins an upload.
    pub async fn begin(&self, actor: &Actor, new: NewUpload) -> Outcome<UploadView> {
        let new = checked(new)?;
        if new.shape != Shape::Whole && !self.joins() {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", "upload-concat"));
        }
        let _ = self.vault.permit(actor, Act::TakeIn).await?;
        self.make_room(actor)?;
        let now = self.vault.clock.now();
        let note = Note {
            id: new_record()?,
            owner: actor.id().to_owned(),
            name: new.name,
            labels: new.labels,
            declared: new.declared,
            fingerprint: new.fingerprint,
            begun_at: now,
            shape: new.shape,
        };
        let (store, value, bytes) = (self.vault.store.clone(), note.value(), new.bytes);
        let arriving = blocking(move || Arriving::begin(&store, bytes, value)).await?;
        let arriving = if note.shape == Shape::Part { arriving.kept() } else { arriving };
        let (id, owner) = (note.id, note.owner.clone());
        let upload = Upload {
            note,
            bytes,
            offset: 0,
            beginning: Vec::new(),
            at: Bytes::Arriving(Box::new(arriving)),
            touched_at: now,
        };
        let view = upload.view();
        let shared = Arc::new(tokio::sync::Mutex::new(upload));
        self.live.lock().map_err(poisoned)?.insert(id, (owner, shared));
        Ok(view)
    }

    /// Refuses one more than there may be.
    fn make_room(&self, actor: &Actor) -> Outcome<()> {
        let mut live = self.live.lock().map_err(poisoned)?;
        let under_way = |shared: &Shared| match shared.try_lock() {
            Ok(upload) => !matches!(upload.at, Bytes::Arrived(_) | Bytes::Gone),
            Err(_) => true,
        };
        if live.len() >= UPLOADS_MAX {
            // What arrived is remembered for answers that were lost; it makes room first.
            live.retain(|_, (_, shared)| under_way(shared));
        }
        let own = live.values().filter(|(owner, _)| owner == actor.id());
        let own = own.filter(|(_, shared)| under_way(shared)).count();
        if own >= UPLOADS_OF_ONE_MAX || live.len() >= UPLOADS_MAX {
            return Err(Fault::new(Code::UploadsTooMany).with("limit", UPLOADS_OF_ONE_MAX));
        }
        Ok(())
    }

    fn find(&self, actor: &Actor, id: &RecordId) -> Outcome<Shared> {
        let live = self.live.lock().map_err(poisoned)?;
        let found = live.get(id).filter(|(owner, _)| owner == actor.id());
        found.map(|(_, shared)| Arc::clone(shared)).ok_or_else(|| unknown(id))
    }

    fn forget(&self, id: &RecordId) -> Outcome<()> {
        self.live.lock().map_err(poisoned)?.remove(id);
        Ok(())
    }

    /// The upload, for going on with it. Fails with `upload-busy` while a piece is coming in.
    async fn hold(&self, actor: &Actor, id: &RecordId) -> Outcome<OwnedMutexGuard<Upload>> {
        let shared = self.find(actor, id)?;
        let busy = |_| Fault::new(Code::UploadBusy).with("upload", id);
        let mut upload = shared.try_lock_owned().map_err(busy)?;
        if let Bytes::Left(_) = upload.at {
            let Bytes::Left(left) = std::mem::replace(&mut upload.at, Bytes::Gone) else {
                return Err(unknown(id));
            };
            let store = self.vault.store.clone();
            let taken = blocking(move || Arriving::take_up(&store, *left)).await?;
            let arriving = taken.ok_or_else(|| unknown(id))?;
            upload.offset = arriving.offset();
            let part = upload.note.shape == Shape::Part;
            let mut arriving = if part { arriving.kept() } else { arriving };
            if part && upload.offset == upload.bytes {
                arriving.rest();
            }
            upload.at = Bytes::Arriving(Box::new(arriving));
        }
        if let Bytes::Gone = upload.at {
            self.forget(id)?;
            return Err(unknown(id));
        }
        Ok(upload)
    }

    /// How an upload stands. Where a piece is still coming in, that piece does not count.
    pub async fn show(&self, actor: &Actor, id: &RecordId) -> Outcome<UploadView> {
        Ok(self.hold(actor, id).await?.view())
    }

    /// The uploads of this actor that are not whole yet.
    pub async fn list(&self, actor: &Actor) -> Outcome<Vec<UploadView>> {
        let own: Vec<Shared> = {
            let live = self.live.lock().map_err(poisoned)?;
            let own = live.values().filter(|(owner, _)| owner == actor.id());
            own.map(|(_, shared)| Arc::clone(shared)).collect()
        };
        let mut views = Vec::new();
        for shared in own {
            let upload = shared.lock().await;
            if matches!(upload.at, Bytes::Arriving(_) | Bytes::Left(_)) {
                views.push(upload.view());
            }
        }
        views.sort_by_key(|view| (view.begun_at, view.id));
        Ok(views)
    }

    /// Goes on with an upload: what follows begins at this offset, which must be its own.
    pub async fn resume(&self, actor: &Actor, id: &RecordId, offset: u64) -> Outcome<Piece<'_>> {
        let upload = self.hold(actor, id).await?;
        if upload.offset != offset {
            return Err(Fault::new(Code::UploadOffset)
                .with("upload", id)
                .with("offset", offset)
                .with("expected", upload.offset));
        }
        Ok(Piece { uploads: self, actor: actor.clone(), upload })
    }

    /// Gives an upload up, with what came of it so far.
    pub async fn give_up(&self, actor: &Actor, id: &RecordId) -> Outcome<()> {
        let mut upload = self.hold(actor, id).await?;
        let was = std::mem::replace(&mut upload.at, Bytes::Gone);
        self.forget(id)?;
        self.remove(was).await
    }

    async fn remove(&self, was: Bytes) -> Outcome<()> {
        let store = self.vault.store.clone();
        blocking(move || match was {
            Bytes::Arriving(arriving) => arriving.give_up(&store),
            Bytes::Left(left) => left.give_up(&store),
            Bytes::Arrived(_) | Bytes::Gone => Ok(()),
        })
        .await
    }

    /// Gives up what nobody went on with for too long.
    pub async fn expire(&self) -> Outcome<()> {
        let now = self.vault.clock.now().as_ms();
        let all: Vec<Shared> = {
            let live = self.live.lock().map_err(poisoned)?;
            live.values().map(|(_, shared)| Arc::clone(shared)).collect()
        };
        for shared in all {
            let Ok(mut upload) = shared.try_lock() else { continue };
            if upload.touched_at.as_ms().saturating_add(kept_ms()) < now {
                let was = std::mem::replace(&mut upload.at, Bytes::Gone);
                self.forget(&upload.note.id)?;
                self.remove(was).await?;
            }
        }
        Ok(())
    }
}

/// A piece of an upload that is coming in. Whoever drops it has said how far it came.
pub struct Piece<'uploads> {
    uploads: &'uploads Uploads,
    actor: Actor,
    upload: OwnedMutexGuard<Upload>,
}

impl Piece<'_> {
    /// How the upload stands.
    pub fn view(&self) -> UploadView {
        self.upload.view()
    }

    /// Takes bytes in. More than were announced are refused, and the upload stays as it was.
    pub async fn take(&mut self, mut bytes: &[u8]) -> Outcome<()> {
        let over = self.upload.offset.saturating_add(bytes.len() as u64) > self.upload.bytes;
        if over {
            return Err(Fault::new(Code::SourceTooLarge)
                .with("bytes", self.upload.offset.saturating_add(bytes.len() as u64))
                .with("limit", self.upload.bytes));
        }
        let room = BEGINNING_BYTES.saturating_sub(self.upload.beginning.len());
        if self.upload.offset == self.upload.beginning.len() as u64 {
            let beginning = &bytes[..bytes.len().min(room)];
            self.upload.beginning.extend_from_slice(beginning);
        }
        while !bytes.is_empty() {
            let id = self.upload.note.id;
            let Bytes::Arriving(arriving) = &mut self.upload.at else { return Err(unknown(&id)) };
            let taken = arriving.take(bytes);
            bytes = &bytes[taken..];
            let (offset, full) = (arriving.offset(), arriving.is_full());
            self.upload.offset = offset;
            if full {
                self.seal().await?;
            }
        }
        self.upload.touched_at = self.uploads.vault.clock.now();
        Ok(())
    }

    /// Seals a full buffer where it holds up nobody. What cannot be written is given up.
    async fn seal(&mut self) -> Outcome<()> {
        let id = self.upload.note.id;
        let was = std::mem::replace(&mut self.upload.at, Bytes::Gone);
        let Bytes::Arriving(mut arriving) = was else { return Err(unknown(&id)) };
        let store = self.uploads.vault.store.clone();
        let sealed = blocking(move || {
            let outcome = arriving.seal(&store);
            Ok((arriving, outcome))
        });
        let (arriving, outcome) = sealed.await?;
        match outcome {
            Ok(()) => {
                self.upload.at = Bytes::Arriving(arriving);
                Ok(())
            }
            Err(fault) => {
                self.uploads.forget(&id)?;
                self.uploads.remove(Bytes::Arriving(arriving)).await?;
                Err(fault)
            }
        }
    }

    /// Ends a piece; where the upload is whole with it, takes the recording in. What is answered
    /// then is durable.
    pub async fn end(mut self) -> Outcome<UploadView> {
        if self.upload.offset < self.upload.bytes {
            return Ok(self.upload.view());
        }
        if self.upload.note.shape == Shape::Part {
            if let Bytes::Arriving(arriving) = &mut self.upload.at {
                arriving.rest();
            }
        } else if matches!(self.upload.at, Bytes::Arriving(_)) {
            let arrived = self.arrive().await?;
            self.upload.at = Bytes::Arrived(arrived);
        }
        Ok(self.upload.view())
    }

    async fn arrive(&mut self) -> Outcome<Arrived> {
        let was = std::mem::replace(&mut self.upload.at, Bytes::Gone);
        let id = self.upload.note.id;
        let Bytes::Arriving(mut arriving) = was else { return Err(unknown(&id)) };
        let finished = blocking(move || {
            let staged = arriving.finish();
            Ok((arriving, staged))
        });
        let (arriving, staged) = finished.await?;
        let vault = &self.uploads.vault;
        let staged = match staged.and_then(|staged| self.agrees(staged)) {
            Ok(staged) => staged,
            Err(fault) => {
                self.uploads.forget(&id)?;
                self.uploads.remove(Bytes::Arriving(arriving)).await?;
                return Err(fault);
            }
        };
        let path = PathBuf::from(&self.upload.note.name);
        let ready = Ready {
            guess: media::guess(&self.upload.beginning, &path),
            path,
            modified_ms: 0,
            content: Content::Staged(Box::new(staged)),
        };
        let labels = Labels::or_waiting(self.upload.note.labels.clone())?;
        let committer = Committer::new(vault.clone(), self.actor.clone(), labels);
        let (ready, gone) = committer.part(vec![ready]).await?;
        if let Some(ready) = gone.into_iter().next() {
            let fault = Fault::new(Code::Destroyed).with("recording", ready.content.id());
            committer.give_up(ready).await?;
            let store = vault.store.clone();
            blocking(move || arriving.forget(&store)).await?;
            return Err(fault);
        }
        let received = committer.commit(ready).await?;
        let store = vault.store.clone();
        blocking(move || arriving.forget(&store)).await?;
        let received = received.first().ok_or_else(|| Fault::new(Code::Internal))?;
        let (recording, duplicate, seq) = (received.id, received.duplicate, received.seq);
        let earlier = match earlier::names_for(vault, &self.actor).await? {
            Some(names) if duplicate => Some(earlier::earlier(vault, &names, &recording).await?),
            _ => None,
        };
        Ok(Arrived { recording, duplicate, earlier, seq })
    }

    /// Whether what came is what was announced.
    fn agrees(&self, staged: stage::Staged) -> Outcome<stage::Staged> {
        match self.upload.note.declared {
            Some(declared) if declared != staged.id => Err(Fault::new(Code::UploadDiffers)
                .with("declared", declared)
                .with("recording", staged.id)),
            _ => Ok(staged),
        }
    }
}

impl Note {
    fn value(&self) -> Value {
        let labels = self.labels.texts().into_iter().map(|(name, text)| (name, Value::text(text)));
        let declared = self.declared.map(|id| id.to_string()).unwrap_or_default();
        let fingerprint = self.fingerprint.map(|hash| hash.to_string()).unwrap_or_default();
        Value::map([
            ("begun_ms", Value::Integer(self.begun_at.as_ms())),
            ("declared", Value::Text(declared)),
            ("fingerprint", Value::Text(fingerprint)),
            ("id", Value::text(self.id.to_string())),
            ("labels", Value::map(labels)),
            ("name", Value::text(&self.name)),
            ("owner", Value::text(&self.owner)),
            ("shape", Value::text(self.shape.as_str())),
        ])
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name| value.get(name).and_then(Value::as_text);
        let declared = text("declared")?;
        Some(Self {
            id: text("id")?.parse().ok()?,
            owner: text("owner")?.to_owned(),
            name: text("name")?.to_owned(),
            labels: LabelInput::of_texts(|name| {
                let labels = value.get("labels").and_then(|labels| labels.get(name));
                labels.and_then(Value::as_text).unwrap_or_default().to_owned()
            }),
            declared: if declared.is_empty() { None } else { Some(declared.parse().ok()?) },
            // A note of an earlier version has none.
            fingerprint: text("fingerprint").and_then(|text| text.parse().ok()),
            shape: Shape::read(text("shape").unwrap_or_default()),
            begun_at: UtcTime::from_ms(value.get("begun_ms").and_then(Value::as_integer)?),
        })
    }
}
