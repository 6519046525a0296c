//! Copies on shelves: put there, read again, and which of them are due.
//!
//! Promises: a copy is read to its end before it is on record; what a check found is on record
//! whether it was good or bad; a copy that was released does not come back under its number.

use super::build::{another, require_image, require_volume};
use super::image;
use super::parity::{self, Damaged, Image};
use super::place::{self, Stretch};
use super::release::{CopyName, refused};
use super::views::{VolumeView, find, list};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{EVENT_ITEMS_MAX, VOLUME_COPIES_MAX};
use crate::policy::{Act, Actor, State};
use crate::settings::Settings;
use crate::store::durable;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, Subject, VolumeBody};

/// A copy that is to stand on a shelf.
#[derive(Debug, Clone, Copy)]
pub struct NewShelf<'a> {
    /// The label of its volume.
    pub label: &'a str,
    /// Which copy.
    pub copy: u64,
    /// Where it is to stand.
    pub place: &'a str,
    /// Where it can be read.
    pub medium: &'a Path,
    /// How it was made, where the vault did not burn it: a duplicator, another program.
    pub burnt_elsewhere: Option<&'a str>,
}

/// A copy that is to be read again.
#[derive(Debug, Clone, Copy)]
pub struct Rereading<'a> {
    /// The label of its volume.
    pub label: &'a str,
    /// Which copy; 0 for the image itself.
    pub copy: u64,
    /// Where it can be read.
    pub medium: &'a Path,
    /// A new file into which the image is written, made whole as far as its parity goes.
    pub recover: Option<&'a Path>,
    /// Somebody says that this is that copy even where it cannot be read: then all of it is put on
    /// record as damaged. Without that word, what cannot be read could be anything.
    pub said_unreadable: bool,
}

/// What reading a volume again found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeCheck {
    /// Bytes that do not agree.
    pub damaged_bytes: u64,
    /// Files that the parity cannot give back, by their paths.
    pub lost: Vec<String>,
    /// The recordings that are in those files.
    pub lost_recordings: Vec<ContentId>,
    /// Whether the parity gives everything back: files, directories, and what lies between them.
    pub mendable: bool,
}

/// A copy on a shelf that is to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueCopy {
    /// The label of its volume.
    pub label: String,
    /// Which copy.
    pub copy: u64,
    /// Where it is.
    pub place: String,
    /// The day it was last read to its end.
    pub read_on: Date,
    /// Whether every byte agreed then.
    pub whole: bool,
    /// The day by which it is to be read again.
    pub due_on: Date,
    /// Days until then; negative where it is over.
    pub days_left: i64,
}

/// A number that a copy can have, and that none which was released bears.
pub fn require_copy(volume: &VolumeView, copy: u64) -> Outcome<()> {
    if !(1..=VOLUME_COPIES_MAX).contains(&copy) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", copy));
    }
    if volume.copies.iter().any(|one| one.copy == copy && one.is_released()) {
        return Err(refused(CopyName { label: &volume.label, copy }, "released"));
    }
    Ok(())
}

/// A copy that was burnt or shelved, or 0 for the image itself: what is read again is one of those.
pub fn require_known_copy(volume: &VolumeView, copy: u64) -> Outcome<()> {
    let burnt = volume.burns.iter().any(|burn| burn.copy == copy);
    if copy == 0 || burnt || volume.copies.iter().any(|one| one.copy == copy) {
        return Ok(());
    }
    Err(refused(CopyName { label: &volume.label, copy }, "no-such-copy"))
}

/// Whether this copy can be put there, as far as that can be said before its medium is read.
pub fn require_shelf(volume: &VolumeView, copy: u64, place: &str) -> Outcome<()> {
    checked_text("place", place, true)?;
    require_copy(volume, copy)
}

/// A copy is a medium of its own: one that was burnt and agreed, or of which somebody says how else
/// it was made. The image alone, read twice, would count as two copies. One that stands on a shelf
/// already was judged when it was put there.
pub fn require_made(volume: &VolumeView, copy: u64, burnt_elsewhere: Option<&str>) -> Outcome<()> {
    if let Some(how) = burnt_elsewhere {
        return checked_text("burnt-elsewhere", how, true);
    }
    let burnt = volume.burns.iter().any(|burn| burn.copy == copy && burn.result == "agrees");
    if burnt || volume.copies.iter().any(|one| one.copy == copy) {
        return Ok(());
    }
    Err(Fault::new(Code::CopyNotBurnt).with("id", &volume.label).with("copy", copy))
}

/// Puts a copy on a shelf: it is read to its end first and must be the image that was built, on a
/// medium that was burnt or made elsewhere.
pub async fn shelve(vault: &Vault, actor: &Actor, new: NewShelf<'_>) -> Outcome<VolumeView> {
    let NewShelf { label, copy, place, medium, burnt_elsewhere } = new;
    let volume = find(vault, label).await?;
    let about = vec![Subject::vault()];
    let permitted = vault.permit_in(actor, Act::ShelveVolume, State::Any, about.clone()).await?;
    require_shelf(&volume, copy, place)?;
    require_made(&volume, copy, burnt_elsewhere)?;
    let (reading, wanted) = (medium.to_owned(), volume.clone());
    blocking(move || require_image(&wanted, &reading)).await?;
    let mut plain = vec![("by", Value::text(actor.person())), ("place", Value::text(place))];
    plain.extend(burnt_elsewhere.map(|how| ("reason", Value::text(how))));
    let payload = vault.seal_one(Value::map(plain)).await?;
    let body = VolumeBody::Shelved { volume: volume.id, copy };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Volume(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    find(vault, label).await
}

/// Copies on shelves with the day by which each is to be read again, the most urgent first: those
/// due within so many days, or due already.
pub async fn due(vault: &Vault, within_days: i64) -> Outcome<Vec<DueCopy>> {
    let days = Settings::read(vault.directory())?.volumes.check_days;
    let today = Date::of(vault.clock.now());
    let mut all = Vec::new();
    for volume in list(vault).await? {
        for (copy, due_on) in volume.checks(days) {
            let days_left = today.days_until(due_on);
            if days_left > within_days {
                continue;
            }
            all.push(DueCopy {
                label: volume.label.clone(),
                copy: copy.copy,
                place: copy.place.clone(),
                read_on: Date::of(copy.read_at()),
                whole: copy.is_good(),
                due_on,
                days_left,
            });
        }
    }
    all.sort_by(|one, other| {
        (one.due_on, &one.label, one.copy).cmp(&(other.due_on, &other.label, other.copy))
    });
    Ok(all)
}

/// Reads a copy again, and puts on record what was found.
///
/// Fails with `MediumUnreadable`, and puts nothing on record, where no volume can be read and
/// nobody says that it is this one.
pub async fn check(vault: &Vault, actor: &Actor, reading: Rereading<'_>) -> Outcome<VolumeCheck> {
    let (label, copy) = (reading.label, reading.copy);
    let volume = find(vault, label).await?;
    let permitted = vault.permit(actor, Act::CheckFixity).await?;
    require_known_copy(&volume, copy)?;
    let (wanted, medium) = (volume.clone(), reading.medium.to_owned());
    let into = reading.recover.map(Path::to_owned);
    let found = blocking(move || examine(&wanted, &medium, into.as_deref())).await;
    let found = match found {
        Err(fault) if reading.said_unreadable && fault.code() == Code::MediumUnreadable => {
            Found { damaged_bytes: volume.bytes, lost: None, mendable: false }
        }
        found => found?,
    };
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
    let lost_recordings = gone.clone();
    gone.truncate(EVENT_ITEMS_MAX);
    let Found { damaged_bytes, mendable, .. } = found;
    let readable = lost.is_empty() && damaged_bytes < volume.bytes;
    let mut about: Vec<Subject> = gone.iter().map(Subject::recording).collect();
    about.push(Subject::vault());
    let body = VolumeBody::Checked { volume: volume.id, copy, damaged_bytes, readable, lost: gone };
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Volume(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    Ok(VolumeCheck { damaged_bytes, lost, lost_recordings, mendable })
}

/// What reading a medium found.
struct Found {
    /// Bytes that do not agree.
    damaged_bytes: u64,
    /// The files that do not come back, with their ids; `None` where its directory is lost, too.
    lost: Option<BTreeMap<String, String>>,
    /// Whether every chunk comes back.
    mendable: bool,
}

/// Opens a medium and compares all of it. What bears another label is another volume; what is
/// there, bears none and cannot be read as a volume is unreadable.
fn compared(volume: &VolumeView, medium: &Path) -> Outcome<(Image, Damaged)> {
    let unread = |error| Fault::from_given_path(error, medium);
    if std::fs::metadata(medium).map_err(unread)?.is_dir() {
        return Err(unread(std::io::ErrorKind::IsADirectory.into()));
    }
    if image::label(medium).is_some_and(|found| found != volume.label) {
        return Err(another(medium));
    }
    let unreadable = |fault: Fault| match fault.code() {
        Code::VolumeUnreadable | Code::MediumFailed => {
            let told = Fault::new(Code::MediumUnreadable).with("path", medium.display());
            fault
                .detail("what")
                .map(str::to_owned)
                .into_iter()
                .fold(told, |told, what| told.with("what", what))
        }
        _ => fault,
    };
    let opened = Image::open(medium).map_err(unreadable)?;
    require_volume(volume, medium, &opened)?;
    let damaged = opened.check().map_err(unreadable)?;
    Ok((opened, damaged))
}

/// Whether a file can be written anew there; what lies there is never written over.
pub fn require_free(into: Option<&Path>) -> Outcome<()> {
    match into.filter(|into| into.exists()) {
        None => Ok(()),
        Some(into) => Err(Fault::new(Code::TargetTaken).with("path", into.display())),
    }
}

fn examine(volume: &VolumeView, medium: &Path, recover: Option<&Path>) -> Outcome<Found> {
    require_free(recover)?;
    let (opened, damaged) = compared(volume, medium)?;
    let mendable = damaged.lost.is_empty();
    if let Some(into) = recover {
        opened.recover(into, &damaged)?;
        if mendable {
            // The same data have the same parity: what is whole again can be burnt again.
            Image::protect(into)?;
            durable::sync_file(into)?;
            require_image(volume, into)?;
        }
    }
    let chunks = damaged.data.len() as u64 + damaged.parity;
    let damaged_bytes = chunks * parity::CHUNK;
    if mendable {
        return Ok(Found { damaged_bytes, lost: Some(BTreeMap::new()), mendable });
    }
    // What could be made whole of the directory is in the recovered image alone.
    let listed = recover.unwrap_or(medium);
    let lost = place::originals(listed).ok().filter(|files| !files.is_empty()).map(|files| {
        let known = image::known(listed);
        let hit = |part: &Stretch| damaged.lost.iter().any(|n| part.chunks().contains(n));
        let lost = files.into_iter().filter(hit).map(|part| part.path);
        lost.map(|path| {
            let id = known.get(image::unsealed(&path)).cloned().unwrap_or_default();
            (path, id)
        })
        .collect()
    });
    Ok(Found { damaged_bytes, lost, mendable })
}
