//! What is done with volumes: planned, built, shelved, read again.

use super::image::Stretch;
use super::parity::Image;
use super::{bag, image};
use crate::catalog::VolumeAct;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{EVENT_ITEMS_MAX, VOLUME_ITEMS_MAX, VOLUME_LABEL_MAX};
use crate::policy::{Act, Actor, State};
use crate::vault::change::{event, new_record};
use crate::vault::{Vault, blocking};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, RecordId, Subject, VolumeBody};

/// Kinds of medium and the bytes that an image may have on them: what the medium holds less two
/// percent, because its edge fails first.
pub const MEDIA: &[(&str, u64)] = &[
    ("dvd", 4_700_372_992 / 100 * 98),
    ("bd25", 25_025_314_816 / 100 * 98),
    ("bd50", 50_050_629_632 / 100 * 98),
    ("bd100", 100_103_356_416 / 100 * 98),
    ("drive", 1_000_000_000_000),
];

/// Of an image's bytes, what is left for files beside parity and tables.
const fn payload(capacity: u64) -> u64 {
    capacity / 1_000 * 825
}

/// A recording that belongs on a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeItem {
    /// Which recording.
    pub recording: ContentId,
    /// Its length.
    pub bytes: u64,
    /// The name of its file.
    pub name: String,
    /// 案号.
    pub case: String,
    /// 行政相对人.
    pub counterpart: String,
    /// 承办人.
    pub handler: String,
    /// The activity, by its code.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// When it was received.
    pub received_at: UtcTime,
    /// Grounds of its long-term preservation, by their codes.
    pub grounds: Vec<String>,
}

/// A volume that is to be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVolume {
    /// What is to be on it, by case.
    pub items: Vec<VolumeItem>,
    /// Bytes of the originals.
    pub bytes: u64,
}

/// A copy of a volume on a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelvedCopy {
    /// Which copy, from 1.
    pub copy: u64,
    /// Where it is.
    pub place: String,
    /// Who put it there.
    pub person: String,
    /// When.
    pub at: UtcTime,
    /// When it was last read again, and whether everything could be read.
    pub checked: Option<(UtcTime, bool)>,
}

/// A volume as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// Its number.
    pub id: RecordId,
    /// What stands on its label.
    pub label: String,
    /// Kind of medium.
    pub medium: String,
    /// Length of the image.
    pub bytes: u64,
    /// BLAKE3 of the image.
    pub image: String,
    /// When it was built.
    pub built_at: UtcTime,
    /// How many recordings are on it.
    pub recordings: u64,
    /// Its copies on shelves.
    pub copies: Vec<ShelvedCopy>,
}

impl VolumeView {
    /// Whether two copies in two places can be read: before that it does not count (A3.12).
    pub fn counts(&self) -> bool {
        let good = |copy: &&ShelvedCopy| copy.checked.is_none_or(|(_, readable)| readable);
        let mut places: Vec<_> =
            self.copies.iter().filter(good).map(|copy| copy.place.trim()).collect();
        places.sort_unstable();
        places.dedup();
        places.len() >= 2
    }
}

/// What reading a volume again found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeCheck {
    /// Bytes that do not agree.
    pub damaged_bytes: u64,
    /// Files that the parity cannot give back, by their paths.
    pub lost: Vec<String>,
}

/// All volumes, oldest first.
pub async fn list(vault: &Vault) -> Outcome<Vec<VolumeView>> {
    let mut asking = vault.catalog.ask().await?;
    let mut volumes: Vec<VolumeView> = Vec::new();
    for act in asking.volume_acts().await? {
        if act.kind == "volume.built" {
            let recordings = asking.volume_items(&act.volume).await?.len() as u64;
            volumes.push(built(act, recordings));
            continue;
        }
        let Some(volume) = volumes.iter_mut().find(|volume| volume.id == act.volume) else {
            continue;
        };
        match act.kind.as_str() {
            "volume.shelved" => {
                volume.copies.retain(|copy| copy.copy != act.copy);
                volume.copies.push(ShelvedCopy {
                    copy: act.copy,
                    place: act.place,
                    person: act.person,
                    at: act.at_ms,
                    checked: None,
                });
            }
            "volume.checked" => {
                for copy in volume.copies.iter_mut().filter(|copy| copy.copy == act.copy) {
                    copy.checked = Some((act.at_ms, act.readable));
                }
            }
            _ => {}
        }
    }
    Ok(volumes)
}

fn built(act: VolumeAct, recordings: u64) -> VolumeView {
    VolumeView {
        id: act.volume,
        label: act.label,
        medium: act.medium,
        bytes: act.bytes,
        image: act.image,
        built_at: act.at_ms,
        recordings,
        copies: Vec::new(),
    }
}

pub(super) async fn find(vault: &Vault, label: &str) -> Outcome<VolumeView> {
    let mut found = list(vault).await?;
    found.retain(|volume| volume.label == label);
    found.pop().ok_or_else(|| Fault::new(Code::VolumeUnknown).with("id", label))
}

/// Recordings on the list for long-term preservation that are on no volume, laid out by case over
/// as few volumes of this medium as first fit gives. Refused if one fits on none.
pub async fn plan(vault: &Vault, medium: &str) -> Outcome<Vec<PlannedVolume>> {
    let capacity = MEDIA.iter().find(|(name, _)| *name == medium);
    let (_, capacity) =
        capacity.ok_or_else(|| Fault::new(Code::ArgumentInvalid).with("argument", medium))?;
    let room = payload(*capacity);
    let mut cases: BTreeMap<String, Vec<VolumeItem>> = BTreeMap::new();
    for (recording, grounds) in vault.catalog.for_long_term().await? {
        let item = item(vault, &recording, grounds).await?;
        if item.bytes > room {
            return Err(Fault::new(Code::VolumeTooSmall)
                .with("recording", recording)
                .with("bytes", item.bytes)
                .with("limit", room));
        }
        cases.entry(item.case.clone()).or_default().push(item);
    }
    let mut volumes: Vec<PlannedVolume> = Vec::new();
    let mut put = |items: Vec<VolumeItem>| {
        let bytes: u64 = items.iter().map(|item| item.bytes).sum();
        let fits = |volume: &&mut PlannedVolume| {
            volume.bytes + bytes <= room && volume.items.len() + items.len() <= VOLUME_ITEMS_MAX
        };
        match volumes.iter_mut().find(fits) {
            Some(volume) => {
                volume.bytes += bytes;
                volume.items.extend(items);
            }
            None => volumes.push(PlannedVolume { items, bytes }),
        }
    };
    for items in cases.into_values() {
        let whole: u64 = items.iter().map(|item| item.bytes).sum();
        if whole <= room && items.len() <= VOLUME_ITEMS_MAX {
            put(items);
        } else {
            for item in items {
                put(vec![item]);
            }
        }
    }
    Ok(volumes)
}

async fn item(vault: &Vault, recording: &ContentId, grounds: Vec<String>) -> Outcome<VolumeItem> {
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", recording);
    let row = vault.catalog.recording(recording).await?.ok_or_else(unknown)?;
    let receipts = vault.catalog.receipts_of(recording).await?;
    let receipt = receipts.into_iter().next().ok_or_else(unknown)?;
    Ok(VolumeItem {
        recording: *recording,
        bytes: row.bytes,
        name: receipt.name,
        case: receipt.case_no,
        counterpart: receipt.counterpart,
        handler: receipt.handler,
        activity: receipt.activity,
        device: receipt.device,
        received_at: receipt.received_at,
        grounds,
    })
}

/// Builds the image of the first planned volume of this medium under that label, and reads it
/// back. Originals lie beside the target while it is made and are removed.
pub async fn build(
    vault: &Vault,
    actor: &Actor,
    medium: &str,
    label: &str,
    target: &Path,
) -> Outcome<VolumeView> {
    checked_text("label", label, true)?;
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if label.len() > VOLUME_LABEL_MAX || !label.chars().all(plain) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", label));
    }
    let permitted = vault.permit(actor, Act::BuildVolume).await?;
    if target.exists() || find(vault, label).await.is_ok() {
        return Err(Fault::new(Code::TargetTaken).with("path", target.display()));
    }
    let planned = plan(vault, medium).await?.into_iter().next();
    let planned = planned.ok_or_else(|| Fault::new(Code::VolumeUnknown).with("what", "empty"))?;
    let (bytes, digest) = make(vault, &planned, label, target).await?;
    let volume = new_record()?;
    let body = VolumeBody::Built {
        volume,
        label: label.to_owned(),
        medium: medium.to_owned(),
        bytes,
        image: digest,
    };
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let mut events = vec![event(Body::Volume(body), Some(payload), vec![Subject::vault()])];
    for items in planned.items.chunks(EVENT_ITEMS_MAX) {
        let recordings: Vec<ContentId> = items.iter().map(|item| item.recording).collect();
        let about = recordings.iter().map(Subject::recording).collect();
        let body = VolumeBody::Filled { volume, recordings };
        events.push(event(Body::Volume(body), None, about));
    }
    let mut tx = vault.begin(permitted).await?;
    tx.append(events).await?;
    vault.finish(tx).await?;
    find(vault, label).await
}

async fn make(
    vault: &Vault,
    planned: &PlannedVolume,
    label: &str,
    target: &Path,
) -> Outcome<(u64, ContentId)> {
    let (working, items) = (vault.clone(), planned.items.clone());
    let (label, target) = (label.to_owned(), target.to_owned());
    blocking(move || {
        let beside = target.parent().unwrap_or(Path::new("."));
        let bag = tempfile::Builder::new().prefix(".volume-").tempdir_in(beside);
        let bag = bag.map_err(|error| Fault::from_file(error, beside))?;
        let root: PathBuf = bag.path().join("bag");
        bag::lay(&working, &items, &label, &root)?;
        image::make(&root, &label, bag.path(), &target)
    })
    .await
}

/// Puts a copy on a shelf: it is read to its end first and must be the image that was built.
pub async fn shelve(
    vault: &Vault,
    actor: &Actor,
    label: &str,
    copy: u64,
    place: &str,
    medium: &Path,
) -> Outcome<VolumeView> {
    checked_text("place", place, true)?;
    let volume = find(vault, label).await?;
    let about = vec![Subject::vault()];
    let permitted = vault.permit_in(actor, Act::ShelveVolume, State::Any, about.clone()).await?;
    if !(1..=9).contains(&copy) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", copy));
    }
    let (reading, bytes) = (medium.to_owned(), volume.bytes);
    let digest = blocking(move || image::digest(&reading, bytes)).await?;
    if digest.to_string() != volume.image {
        return Err(another(medium));
    }
    let plain = [("by", Value::text(actor.person())), ("place", Value::text(place))];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let body = VolumeBody::Shelved { volume: volume.id, copy };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Volume(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    find(vault, label).await
}

pub(super) fn another(medium: &Path) -> Fault {
    let fault = Fault::new(Code::VolumeUnreadable).with("path", medium.display());
    fault.with("what", "another image")
}

/// Reads a copy again, and puts on record what was found; into `recover` the image is written,
/// made whole as far as its parity goes.
pub async fn check(
    vault: &Vault,
    actor: &Actor,
    label: &str,
    copy: u64,
    medium: &Path,
    recover: Option<&Path>,
) -> Outcome<VolumeCheck> {
    let volume = find(vault, label).await?;
    let permitted = vault.permit(actor, Act::CheckFixity).await?;
    let (reading, into) = (medium.to_owned(), recover.map(Path::to_owned));
    // Damage may have taken the label; then the length speaks for the volume.
    if image::label(medium).is_some_and(|found| found != volume.label) {
        return Err(another(medium));
    }
    let found = blocking(move || examine(&reading, into.as_deref())).await?;
    if found.bytes != volume.bytes {
        return Err(another(medium));
    }
    let damaged_bytes = found.damaged_bytes;
    let items = vault.catalog.ask().await?.volume_items(&volume.id).await?;
    let (lost, mut gone) = match found.lost {
        Some(files) => {
            let ids: BTreeSet<&String> = files.values().collect();
            let gone = items.into_iter().filter(|one| ids.contains(&one.to_string())).collect();
            (files.into_keys().collect(), gone)
        }
        // Nobody can say where its files are: none of them can be read.
        None => (items.iter().map(ToString::to_string).collect::<Vec<_>>(), items),
    };
    gone.truncate(EVENT_ITEMS_MAX);
    let readable = lost.is_empty();
    let mut about: Vec<Subject> = gone.iter().map(Subject::recording).collect();
    about.push(Subject::vault());
    let body = VolumeBody::Checked { volume: volume.id, copy, damaged_bytes, readable, lost: gone };
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Volume(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    Ok(VolumeCheck { damaged_bytes, lost })
}

/// What reading a medium found.
struct Found {
    /// Length of the image.
    bytes: u64,
    /// Bytes that do not agree.
    damaged_bytes: u64,
    /// The files that do not come back, with their ids; `None` where its directory is lost, too.
    lost: Option<BTreeMap<String, String>>,
}

fn examine(medium: &Path, recover: Option<&Path>) -> Outcome<Found> {
    let opened = Image::open(medium)?;
    let damaged = opened.check()?;
    if let Some(into) = recover {
        opened.recover(into, &damaged)?;
    }
    let chunks = damaged.data.len() as u64 + damaged.parity;
    let (bytes, damaged_bytes) = (opened.bytes(), chunks * super::parity::CHUNK);
    if damaged.lost.is_empty() {
        return Ok(Found { bytes, damaged_bytes, lost: Some(BTreeMap::new()) });
    }
    // What could be made whole of the directory is in the recovered image alone.
    let listed = recover.unwrap_or(medium);
    let lost = image::files(listed).ok().filter(|files| !files.is_empty()).map(|files| {
        let known = image::known(listed);
        let hit = |part: &Stretch| damaged.lost.iter().any(|n| part.chunks().contains(n));
        let lost = files.into_iter().filter(hit).map(|part| part.path);
        lost.map(|path| (path.clone(), known.get(&path).cloned().unwrap_or_default())).collect()
    });
    Ok(Found { bytes, damaged_bytes, lost })
}
