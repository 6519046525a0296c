//! Volumes and the shelf: planned, built, burnt, read again, shelved, restored from, migrated,
//! released (R16; A2.18(二), A3.12).
//!
//! Promises: a page names volumes and drives, never a path: images lie in the directory and media
//! in the drives that the settings name. What takes long is begun and answered at once; the ledger
//! says what it came to.

use crate::desk::{self, Found, Kind, Work};
use crate::extract::{Asked, Confirmed, ReasonTold, Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, StepSaid, said_time, step_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::limits::VOLUME_CHECK_NOTICE_DAYS;
use vault_core::policy::Act;
use vault_core::settings::{Settings, VolumeSettings};
use vault_core::tables;
use vault_core::volume::{
    self, CopyName, Identities, MEDIA, Medium, NewImage, NewShelf, Rereading, VolumeView,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(volumes, build))
        .routes(routes!(plan))
        .routes(routes!(due))
        .routes(routes!(equipment))
        .routes(routes!(burn))
        .routes(routes!(check))
        .routes(routes!(shelve))
        .routes(routes!(restore))
        .routes(routes!(propose_release))
        .routes(routes!(release))
        .routes(routes!(withdraw_release))
}

/// That a copy no longer counts.
#[derive(Debug, Serialize, ToSchema)]
struct ReleaseSaid {
    /// Who proposed it.
    person: String,
    /// Why.
    reason: String,
    /// When.
    at: String,
    /// Who released it.
    released_by: Option<String>,
    /// When.
    released: Option<String>,
}

/// A copy of a volume on a shelf.
#[derive(Debug, Serialize, ToSchema)]
struct VolumeCopySaid {
    /// Which copy.
    copy: u64,
    /// Where it is.
    place: String,
    /// How it was made, where the vault did not burn it.
    burnt_elsewhere: Option<String>,
    /// When it was put there.
    at: String,
    /// When it was last read again.
    checked: Option<String>,
    /// Whether every byte agreed then.
    whole: Option<bool>,
    /// That it no longer counts, or that this is proposed.
    release: Option<ReleaseSaid>,
    /// How the last proposal that came to nothing ended.
    withdrawn: Option<StepSaid>,
}

/// An image written to a medium and read back.
#[derive(Debug, Serialize, ToSchema)]
struct BurnSaid {
    /// Which copy.
    copy: u64,
    /// `drive`, `device` or `file`.
    target: String,
    /// `agrees`, `differs` or `failed`.
    result: String,
    /// Bytes that were read back otherwise.
    differing_bytes: u64,
    /// Who did it.
    person: String,
    /// When.
    at: String,
}

/// A volume for long-term preservation.
#[derive(Debug, Serialize, ToSchema)]
struct VolumeSaid {
    /// Its number.
    volume: String,
    /// What stands on its label.
    label: String,
    /// Kind of medium.
    medium: String,
    /// Length of the image.
    bytes: u64,
    /// BLAKE3 of the image.
    image: String,
    /// When it was built.
    built: String,
    /// Recordings on it.
    recordings: u64,
    /// Whom it is encrypted for.
    recipients: Vec<String>,
    /// The volume whose content it bears.
    source: Option<String>,
    /// Volumes that bear its content.
    successors: Vec<String>,
    /// Whether two copies stand in two places.
    counts: bool,
    /// Whether all its copies were released.
    retired: bool,
    /// A volume that bears its content and counts, or was followed by one that does.
    superseded_by: Option<String>,
    /// Whether its image lies where pages build images.
    image_here: bool,
    /// Every time it was burnt.
    burns: Vec<BurnSaid>,
    /// Its copies.
    copies: Vec<VolumeCopySaid>,
}

fn volume_said(view: VolumeView, settings: &VolumeSettings) -> VolumeSaid {
    let (counts, retired) = (view.counts(), view.is_retired());
    let image_here = image_of(settings, &view.label).is_ok_and(|path| path.is_file());
    let copies = view.copies.into_iter().map(|copy| VolumeCopySaid {
        copy: copy.copy,
        place: copy.place,
        burnt_elsewhere: copy.burnt_elsewhere,
        at: said_time(copy.at),
        checked: copy.checked.map(|(at, _)| said_time(at)),
        whole: copy.checked.map(|(_, whole)| whole),
        release: copy.release.map(|release| ReleaseSaid {
            person: release.person,
            reason: release.reason,
            at: said_time(release.at),
            released_by: release.released.as_ref().map(|(person, _)| person.clone()),
            released: release.released.map(|(_, at)| said_time(at)),
        }),
        withdrawn: copy.withdrawn.map(|step| step_said((step.person, step.reason, step.at))),
    });
    let burns = view.burns.into_iter().map(|burn| BurnSaid {
        copy: burn.copy,
        target: burn.target,
        result: burn.result,
        differing_bytes: burn.differing_bytes,
        person: burn.person,
        at: said_time(burn.at),
    });
    VolumeSaid {
        volume: view.id.to_string(),
        label: view.label,
        medium: view.medium,
        bytes: view.bytes,
        image: view.image,
        built: said_time(view.built_at),
        recordings: view.recordings,
        recipients: view.recipients,
        source: view.source,
        successors: view.successors,
        counts,
        retired,
        superseded_by: view.superseded_by,
        image_here,
        burns: burns.collect(),
        copies: copies.collect(),
    }
}

fn settings(app: &App) -> Outcome<VolumeSettings> {
    Ok(Settings::read(app.vault.directory())?.volumes)
}

/// Where the image of a volume lies.
fn image_of(settings: &VolumeSettings, label: &str) -> Outcome<PathBuf> {
    let missing = || Fault::new(Code::SettingInvalid).with("argument", "volumes.images");
    // A label is letters, digits and hyphens, or there is no volume of it.
    let plain = label.chars().all(|one| one.is_ascii_alphanumeric() || "-_".contains(one));
    if !plain {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", label));
    }
    let directory = settings.images.as_ref().ok_or_else(missing)?;
    Ok(directory.join(format!("{label}.iso")))
}

/// A drive of the settings, by its number among them.
fn drive_of(settings: &VolumeSettings, number: usize) -> Outcome<String> {
    let unknown = || Fault::new(Code::ArgumentInvalid).with("argument", number);
    settings.drives.get(number).cloned().ok_or_else(unknown)
}

/// The path that a copy is read from: a drive, or the image where no drive is said.
fn medium_of(settings: &VolumeSettings, label: &str, drive: Option<usize>) -> Outcome<PathBuf> {
    match drive {
        Some(number) => Ok(volume::drive_path(&drive_of(settings, number)?)),
        None => image_of(settings, label),
    }
}

/// The volumes, oldest first.
#[utoipa::path(get, path = "/api/v1/volumes", tag = "preservation",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<VolumeSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn volumes(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let settings = settings(&app)?;
    let volumes = volume::list(&app.vault).await?;
    shape.whole(&tables::VOLUMES, volumes, |view| volume_said(view, &settings)).await
}

async fn one(app: &App, label: &str) -> Answer<Json<VolumeSaid>> {
    Ok(Json(volume_said(volume::find(&app.vault, label).await?, &settings(app)?)))
}

/// For which medium.
#[derive(Debug, Deserialize, IntoParams)]
struct PlanAsked {
    /// Kind of medium.
    medium: String,
    /// How much it holds, where that is not what is usual.
    capacity: Option<u64>,
}

/// A recording of a plan.
#[derive(Debug, Serialize, ToSchema)]
struct ItemSaid {
    /// Its id.
    recording: String,
    /// The name of its file.
    name: String,
    /// 案号.
    case: String,
    /// Its length.
    bytes: u64,
    /// Its class of secrecy.
    secrecy: String,
}

/// A volume that is to be built.
#[derive(Debug, Serialize, ToSchema)]
struct PlannedSaid {
    /// What is to be on it.
    items: Vec<ItemSaid>,
    /// The cases.
    cases: Vec<String>,
    /// Bytes of the originals.
    bytes: u64,
    /// Whom it is encrypted for.
    recipients: Vec<String>,
}

/// What is to be built.
#[derive(Debug, Serialize, ToSchema)]
struct PlanSaid {
    /// The volumes, in the order in which they are built.
    volumes: Vec<PlannedSaid>,
    /// Recordings that fit on no medium of this kind.
    too_large: Vec<ItemSaid>,
}

fn item_said(item: &volume::VolumeItem) -> ItemSaid {
    ItemSaid {
        recording: item.recording.to_string(),
        name: item.name.clone(),
        case: item.case.clone(),
        bytes: item.bytes,
        secrecy: item.secrecy.clone(),
    }
}

/// What is on the list for long-term preservation and on no volume, laid out by case.
#[utoipa::path(get, path = "/api/v1/volumes/plan", tag = "preservation", params(PlanAsked),
    responses((status = 200, body = PlanSaid), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn plan(
    State(app): State<App>,
    signed: Signed,
    Asked(asked): Asked<PlanAsked>,
) -> Answer<Json<PlanSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let plan = volume::plan(&app.vault, Medium::new(&asked.medium, asked.capacity)?).await?;
    let volumes = plan.volumes.iter().map(|volume| PlannedSaid {
        items: volume.items.iter().map(item_said).collect(),
        cases: volume.cases().into_iter().map(str::to_owned).collect(),
        bytes: volume.bytes,
        recipients: volume.recipients.clone(),
    });
    let too_large = plan.too_large.iter().map(item_said).collect();
    Ok(Json(PlanSaid { volumes: volumes.collect(), too_large }))
}

/// A copy that is to be read again.
#[derive(Debug, Serialize, ToSchema)]
struct DueCopySaid {
    /// The label of its volume.
    label: String,
    /// Which copy.
    copy: u64,
    /// Where it is.
    place: String,
    /// The day it was last read to its end.
    read_on: String,
    /// Whether every byte agreed then.
    whole: bool,
    /// The day by which it is to be read again.
    due_on: String,
    /// Days until then; negative where it is over.
    days_left: i64,
}

/// Copies on shelves that are to be read again soon, or should have been.
#[utoipa::path(get, path = "/api/v1/volumes/due", tag = "preservation",
    responses((status = 200, body = Listed<DueCopySaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn due(State(app): State<App>, signed: Signed) -> Answer<Json<Listed<DueCopySaid>>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let copies = volume::due(&app.vault, VOLUME_CHECK_NOTICE_DAYS).await?;
    let said = copies.into_iter().map(|copy| DueCopySaid {
        label: copy.label,
        copy: copy.copy,
        place: copy.place,
        read_on: copy.read_on.to_string(),
        whole: copy.whole,
        due_on: copy.due_on.to_string(),
        days_left: copy.days_left,
    });
    Ok(Json(Listed::whole(said.collect())))
}

/// What volumes can be made with here.
#[derive(Debug, Serialize, ToSchema)]
struct EquipmentSaid {
    /// Kinds of medium.
    media: Vec<&'static str>,
    /// Whether images can be built from a page.
    images: bool,
    /// The drives, by what the settings call them.
    drives: Vec<String>,
}

/// What volumes can be made with here.
#[utoipa::path(get, path = "/api/v1/volumes/equipment", tag = "preservation",
    responses((status = 200, body = EquipmentSaid), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn equipment(State(app): State<App>, signed: Signed) -> Answer<Json<EquipmentSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let settings = settings(&app)?;
    Ok(Json(EquipmentSaid {
        media: MEDIA.iter().map(|(kind, _)| *kind).collect(),
        images: settings.images.is_some(),
        drives: settings.drives,
    }))
}

/// A volume to be built.
#[derive(Debug, Deserialize, ToSchema)]
struct VolumeTold {
    /// Kind of medium.
    medium: String,
    /// How much it holds, where that is not what is usual.
    capacity: Option<u64>,
    /// What stands on its label.
    label: String,
    /// The volume whose content it is to bear; without it, the first that is planned.
    source: Option<String>,
}

/// Begins to build the image of the first planned volume, or of one that bears what another does.
#[utoipa::path(post, path = "/api/v1/volumes", tag = "preservation", request_body = VolumeTold,
    responses((status = 202), (status = 403)),
    extensions(("x-act" = json!("volume.build"))))]
async fn build(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<VolumeTold>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::BuildVolume).await?;
    let settings = settings(&app)?;
    let target = image_of(&settings, &told.label)?;
    let medium = Medium::new(&told.medium, told.capacity)?;
    let new = NewImage { medium, label: told.label, target };
    volume::require_new(&app.vault, &new).await?;
    match &told.source {
        Some(source) => drop(volume::find(&app.vault, source).await?),
        None => drop(volume::first_planned(&app.vault, medium).await?),
    }
    let kind = if told.source.is_some() { Kind::Migrate } else { Kind::Build };
    let (work, vault) = (Work::new(&app, &actor, kind, &new.label), app.vault.clone());
    desk::begin(&app, work, async move {
        match &told.source {
            None => volume::build(&vault, &actor, &new).await?,
            Some(source) => volume::migrate(&vault, &actor, source, &new).await?,
        };
        Ok(Found::Recorded)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// A copy and the drive it lies in.
#[derive(Debug, Deserialize, ToSchema)]
struct CopyTold {
    /// Which copy.
    copy: u64,
    /// The number of the drive among those of the settings, from 0; the image where none is said.
    drive: Option<usize>,
}

/// Begins to burn a volume's image to the empty medium in a drive and to read it back.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/burns", tag = "preservation",
    params(("label" = String, Path)), request_body = CopyTold,
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("volume.burn"))))]
async fn burn(
    State(app): State<App>,
    signed: Signed,
    Path(label): Path<String>,
    Told(told): Told<CopyTold>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::BurnVolume).await?;
    let volume = volume::find(&app.vault, &label).await?;
    volume::require_copy(&volume, told.copy)?;
    let settings = settings(&app)?;
    let image = image_of(&settings, &label)?;
    let needed = || Fault::new(Code::ArgumentInvalid).with("argument", "drive");
    let drive = drive_of(&settings, told.drive.ok_or_else(needed)?)?;
    let work = Work::new(&app, &actor, Kind::Burn, &label).with_copy(told.copy);
    let vault = app.vault.clone();
    desk::begin(&app, work, async move {
        volume::burn(&vault, &actor, &label, told.copy, &image, &drive).await?;
        Ok(Found::Recorded)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// A copy to be read again, and the drive it lies in.
#[derive(Debug, Deserialize, ToSchema)]
struct CheckTold {
    /// Which copy.
    copy: u64,
    /// The number of the drive among those of the settings, from 0; the image where none is said.
    drive: Option<usize>,
    /// That this is that copy even where it cannot be read: then all of it is put on record as
    /// damaged, and it no longer counts.
    unreadable: Option<bool>,
    /// Whether the image, made whole as far as its parity goes, is written to where pages build
    /// images; refused where one lies there.
    recover: Option<bool>,
}

/// Begins to read a copy again, from a drive.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/checks", tag = "preservation",
    params(("label" = String, Path)), request_body = CheckTold,
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.check-fixity"))))]
async fn check(
    State(app): State<App>,
    signed: Signed,
    Path(label): Path<String>,
    Told(told): Told<CheckTold>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::CheckFixity).await?;
    let volume = volume::find(&app.vault, &label).await?;
    let settings = settings(&app)?;
    let medium = medium_of(&settings, &label, told.drive)?;
    // The image beside this program is no copy on a shelf.
    let copy = if told.drive.is_some() { told.copy } else { 0 };
    volume::require_known_copy(&volume, copy)?;
    let recovers = told.recover.unwrap_or(false);
    let recover = recovers.then(|| image_of(&settings, &label)).transpose()?;
    volume::require_free(recover.as_deref())?;
    let work = Work::new(&app, &actor, Kind::Check, &label).with_copy(copy);
    let vault = app.vault.clone();
    desk::begin(&app, work, async move {
        let reading = Rereading {
            label: &label,
            copy,
            medium: &medium,
            recover: recover.as_deref(),
            said_unreadable: told.unreadable.unwrap_or(false),
        };
        volume::check(&vault, &actor, reading).await.map(Found::Checked)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// A copy to be put on a shelf.
#[derive(Debug, Deserialize, ToSchema)]
struct ShelfTold {
    /// Which copy.
    copy: u64,
    /// The number of the drive it lies in, from 0.
    drive: usize,
    /// Where it is to stand.
    place: String,
    /// How it was made, where the vault did not burn it.
    burnt_elsewhere: Option<String>,
}

/// Begins to read a copy to its end and, if it is the image, to put its place on record.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/copies", tag = "preservation",
    params(("label" = String, Path)), request_body = ShelfTold,
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("volume.shelve"))))]
async fn shelve(
    State(app): State<App>,
    signed: Signed,
    Path(label): Path<String>,
    Told(told): Told<ShelfTold>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::ShelveVolume).await?;
    let volume = volume::find(&app.vault, &label).await?;
    volume::require_shelf(&volume, told.copy, &told.place)?;
    let elsewhere = told.burnt_elsewhere.filter(|how| !how.trim().is_empty());
    volume::require_made(&volume, told.copy, elsewhere.as_deref())?;
    let medium = medium_of(&settings(&app)?, &label, Some(told.drive))?;
    let work = Work::new(&app, &actor, Kind::Shelve, &label).with_copy(told.copy);
    let vault = app.vault.clone();
    desk::begin(&app, work, async move {
        let new = NewShelf {
            label: &label,
            copy: told.copy,
            place: &told.place,
            medium: &medium,
            burnt_elsewhere: elsewhere.as_deref(),
        };
        volume::shelve(&vault, &actor, new).await?;
        Ok(Found::Recorded)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// What is to be brought back from a volume, and from where it is read.
#[derive(Deserialize, ToSchema)]
struct RestorationTold {
    /// The number of the drive it lies in, from 0; the image where none is said.
    drive: Option<usize>,
    /// Which recordings; all that the volume bears where none is said.
    #[serde(default)]
    recordings: Vec<String>,
    /// The content of a file of identities that opens an encrypted volume. It is held in memory
    /// while the volume is read, and nowhere else.
    identity: Option<String>,
}

/// Begins to mend what the vault lacks with the recordings of a volume.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/restorations", tag = "preservation",
    params(("label" = String, Path)), request_body = RestorationTold,
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.repair"))))]
async fn restore(
    State(app): State<App>,
    signed: Signed,
    Path(label): Path<String>,
    Told(told): Told<RestorationTold>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::RepairCopy).await?;
    let identity = told.identity.filter(|text| !text.trim().is_empty());
    let identities = identity.map(Identities::of).transpose()?;
    let volume = volume::find(&app.vault, &label).await?;
    let medium = medium_of(&settings(&app)?, &label, told.drive)?;
    let mut recordings = Vec::new();
    for wanted in &told.recordings {
        recordings.push(app.vault.find_kept(wanted).await?);
    }
    volume::require_borne(&app.vault, &volume, &recordings, identities.as_ref()).await?;
    let work = Work::new(&app, &actor, Kind::Restore, &label);
    let (vault, stop) = (app.vault.clone(), work.stop());
    desk::begin(&app, work, async move {
        let from = (label.as_str(), medium.as_path());
        let opening = identities.as_ref();
        let done = volume::restore(&vault, &actor, from, (&recordings, opening), &stop).await;
        done.map(Found::Restored)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// Proposes that a copy no longer counts.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/copies/{copy}/release-proposal",
    tag = "preservation", params(("label" = String, Path), ("copy" = u64, Path)),
    request_body = ReasonTold,
    responses((status = 200, body = VolumeSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("volume.propose-release"))))]
async fn propose_release(
    State(app): State<App>,
    signed: Signed,
    Path((label, copy)): Path<(String, u64)>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<VolumeSaid>> {
    let name = CopyName { label: &label, copy };
    volume::propose_release(&app.vault, signed.actor(), name, &told.reason).await?;
    one(&app, &label).await
}

/// Releases a copy that another person proposed; the medium is not touched.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/copies/{copy}/release",
    tag = "preservation", params(("label" = String, Path), ("copy" = u64, Path)),
    request_body = ReasonTold,
    responses((status = 200, body = VolumeSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("volume.release"))))]
async fn release(
    State(app): State<App>,
    signed: Confirmed,
    Path((label, copy)): Path<(String, u64)>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<VolumeSaid>> {
    let name = CopyName { label: &label, copy };
    volume::release(&app.vault, signed.actor(), name, &told.reason).await?;
    one(&app, &label).await
}

/// Takes back or refuses the proposed release of a copy, which counts as before.
#[utoipa::path(post, path = "/api/v1/volumes/{label}/copies/{copy}/release-withdrawal",
    tag = "preservation", params(("label" = String, Path), ("copy" = u64, Path)),
    request_body = ReasonTold,
    responses((status = 200, body = VolumeSaid), (status = 403), (status = 404), (status = 409)),
    extensions(("x-act" = json!("volume.withdraw-release"))))]
async fn withdraw_release(
    State(app): State<App>,
    signed: Signed,
    Path((label, copy)): Path<(String, u64)>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<VolumeSaid>> {
    let name = CopyName { label: &label, copy };
    volume::withdraw_release(&app.vault, signed.actor(), name, &told.reason).await?;
    one(&app, &label).await
}
