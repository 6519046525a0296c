//! Images built of what is planned, or of what another volume bears.
//!
//! Promises: an image is read back before it is on record; what it is made of lies beside the target
//! only while it is made. Nothing is written over.

use super::bag::Bag;
use super::image;
use super::parity::Image;
use super::plan::{Medium, PlannedVolume, content_of, plan};
use super::views::{VolumeView, find};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{EVENT_ITEMS_MAX, VOLUME_LABEL_MAX};
use crate::policy::{Act, Actor};
use crate::preservation::{met_in, require_readable};
use crate::stop::Stop;
use crate::store::durable::FileLock;
use crate::vault::change::{event, new_record};
use crate::vault::{Vault, blocking};
use std::path::{Path, PathBuf};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, RecordId, Subject, VolumeBody};

/// What the names of directories begin with in which an image is made.
const SCRATCH: &str = ".volume-";

/// The lock in such a directory, held while it is used.
const LOCK: &str = "lock";

/// What an image is to be called, and where it is to lie.
#[derive(Debug, Clone)]
pub struct NewImage {
    /// The medium it is for.
    pub medium: Medium,
    /// What stands on its label.
    pub label: String,
    /// The file that is made.
    pub target: PathBuf,
}

/// Builds the image of the first planned volume, and reads it back.
pub async fn build(vault: &Vault, actor: &Actor, new: &NewImage) -> Outcome<VolumeView> {
    let permitted = vault.permit(actor, Act::BuildVolume).await?;
    require_new(vault, new).await?;
    let planned = first_planned(vault, new.medium).await?;
    make(vault, permitted, actor, (new, planned, None)).await
}

/// What the next volume for this medium is to bear; a fault where nothing waits, or nothing fits.
pub async fn first_planned(vault: &Vault, medium: Medium) -> Outcome<PlannedVolume> {
    let plan = plan(vault, medium).await?;
    if let (true, Some(item)) = (plan.volumes.is_empty(), plan.too_large.first()) {
        let fault = Fault::new(Code::VolumeTooSmall).with("recording", item.recording);
        return Err(fault.with("bytes", item.bytes).with("limit", medium.capacity()));
    }
    let planned = plan.volumes.into_iter().next();
    planned.ok_or_else(|| Fault::new(Code::VolumeUnknown).with("what", "empty"))
}

/// Builds the image of a volume that bears what another bears and the vault still keeps, for a
/// medium that is to be replaced. The old one counts until its copies are released.
pub async fn migrate(
    vault: &Vault,
    actor: &Actor,
    source: &str,
    new: &NewImage,
) -> Outcome<VolumeView> {
    let old = find(vault, source).await?;
    let permitted = vault.permit(actor, Act::BuildVolume).await?;
    require_new(vault, new).await?;
    let borne = vault.catalog.ask().await?.volume_items(&old.id).await?;
    let mut plan = content_of(vault, &borne, new.medium).await?;
    if let (Some(planned), 1, true) =
        (plan.volumes.pop(), plan.volumes.len() + 1, plan.too_large.is_empty())
    {
        return make(vault, permitted, actor, (new, planned, Some(old.id))).await;
    }
    let fault = Fault::new(Code::VolumeStepRefused).with("id", source);
    let reason = if borne.is_empty() { "nothing-kept" } else { "not-on-one-volume" };
    Err(fault.with("reason", reason).with("limit", new.medium.capacity()))
}

/// Whether an image can be called that: its label can be one and is free, and so is its target.
pub async fn require_new(vault: &Vault, new: &NewImage) -> Outcome<()> {
    let label = &new.label;
    checked_text("label", label, true)?;
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if label.len() > VOLUME_LABEL_MAX || !label.chars().all(plain) {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", label);
        let fault = fault.with("reason", "volume-label-characters");
        return Err(fault.with("limit", VOLUME_LABEL_MAX));
    }
    if let Ok(volume) = find(vault, label).await {
        return Err(label_taken(&volume.label, &volume.id));
    }
    if new.target.exists() {
        return Err(Fault::new(Code::TargetTaken).with("path", new.target.display()));
    }
    Ok(())
}

fn label_taken(label: &str, volume: &RecordId) -> Fault {
    Fault::new(Code::VolumeLabelTaken).with("volume", label).with("id", volume)
}

async fn make(
    vault: &Vault,
    permitted: crate::policy::Permitted,
    actor: &Actor,
    (new, planned, source): (&NewImage, PlannedVolume, Option<RecordId>),
) -> Outcome<VolumeView> {
    let cold = planned.items.iter().filter_map(|item| Some((item.recording, item.cold?)));
    require_readable(vault, actor, &cold.collect::<Vec<_>>()).await?;
    let written = write(vault, &planned, new).await;
    let (bytes, image) = met_in(vault, written).await?;
    let volume = new_record()?;
    let body = VolumeBody::Built {
        volume,
        label: new.label.clone(),
        medium: new.medium.kind().to_owned(),
        bytes,
        image,
    };
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let about = || vec![Subject::vault()];
    let mut events = vec![event(Body::Volume(body), Some(payload), about())];
    if !planned.recipients.is_empty() {
        let body = VolumeBody::Encrypted { volume, recipients: planned.recipients };
        events.push(event(Body::Volume(body), None, about()));
    }
    if let Some(source) = source {
        let body = VolumeBody::Migrated { volume, source };
        events.push(event(Body::Volume(body), None, about()));
    }
    for items in planned.items.chunks(EVENT_ITEMS_MAX) {
        let recordings: Vec<ContentId> = items.iter().map(|item| item.recording).collect();
        let about = recordings.iter().map(Subject::recording).collect();
        let body = VolumeBody::Filled { volume, recordings };
        events.push(event(Body::Volume(body), None, about));
    }
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().volume_acts().await?;
    if let Some(taken) = acts.iter().find(|act| act.label == new.label) {
        return Err(label_taken(&new.label, &taken.volume));
    }
    tx.append(events).await?;
    vault.finish(tx).await?;
    find(vault, &new.label).await
}

async fn write(
    vault: &Vault,
    planned: &PlannedVolume,
    new: &NewImage,
) -> Outcome<(u64, ContentId)> {
    let (working, planned, new) = (vault.clone(), planned.clone(), new.clone());
    // Who interrupts it drops this: then the image is not to appear any more.
    let stop = Stop::default();
    let _waiting = stop.when_dropped();
    blocking(move || {
        let beside = new.target.parent().filter(|path| !path.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        let found = rustix::fs::statvfs(beside);
        let found = found.map_err(|error| Fault::from_given_path(error.into(), beside))?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        require_free(beside, free, planned.room_needed())?;
        let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(beside);
        let scratch = scratch.map_err(|error| Fault::from_given_path(error, beside))?;
        let _held = FileLock::wait(&scratch.path().join(LOCK))?;
        sweep(beside)?;
        let root = scratch.path().join("bag");
        let mut bag = Bag::lay((&working, &planned), (&new.label, &stop), &root)?;
        let target = (new.target.as_path(), new.medium.capacity());
        let scratch = (scratch.path(), &stop);
        image::make((&root, &new.label), scratch, target, |places| bag.fill(places))
    })
    .await
}

/// Refuses before anything is written what would not find room: half an image is worth nothing, and
/// a full disk stops others.
fn require_free(directory: &Path, free: u64, needed: u64) -> Outcome<()> {
    if free >= needed {
        return Ok(());
    }
    let fault = Fault::new(Code::DiskFull).with("path", directory.display());
    Err(fault.with("needed", needed).with("free", free))
}

/// Removes originals that lie where the making of an image was cut off: whoever makes one holds
/// the lock beside them.
#[expect(clippy::disallowed_methods, reason = "copies of originals, which are in the store")]
fn sweep(directory: &Path) -> Outcome<()> {
    let failed = |error| Fault::from_given_path(error, directory);
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let lock = path.join(LOCK);
        if name.starts_with(SCRATCH) && lock.is_file() && FileLock::try_take(&lock)?.is_some() {
            std::fs::remove_dir_all(&path).map_err(failed)?;
        }
    }
    Ok(())
}

/// Whether an image is the one that was built: every byte of it.
pub(super) fn require_image(volume: &VolumeView, path: &Path) -> Outcome<()> {
    if image::digest(path, volume.bytes)?.to_string() == volume.image {
        return Ok(());
    }
    Err(another(path))
}

/// Whether a medium bears this volume, damaged or not.
pub(super) fn require_volume(volume: &VolumeView, path: &Path, opened: &Image) -> Outcome<()> {
    // Damage may have taken the label; then the length speaks for the volume.
    let other = image::label(path).is_some_and(|found| found != volume.label);
    if other || opened.bytes() != volume.bytes { Err(another(path)) } else { Ok(()) }
}

pub(super) fn another(medium: &Path) -> Fault {
    let fault = Fault::new(Code::VolumeUnreadable).with("path", medium.display());
    fault.with("what", "another image")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_refused_with_the_bytes_that_are_needed() {
        let directory = Path::new("/images");
        assert!(require_free(directory, 5_000, 5_000).is_ok());
        let fault = require_free(directory, 4_999, 5_000).unwrap_err();
        assert_eq!(fault.code(), Code::DiskFull);
        assert_eq!((fault.detail("needed"), fault.detail("free")), (Some("5000"), Some("4999")));
    }
}
