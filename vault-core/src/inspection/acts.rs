//! The steps of an inspection up to the draw.

use super::STRATA;
use super::draw::{self, Lot, Measure, Party};
use super::item::Item;
use super::view::{InspectionState, InspectionView, find_one, listed, load};
use crate::catalog::{Inspectable, NewEvent, Tx};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{EVENT_ITEMS_MAX, LISTED_ITEMS_MAX, POPULATION_MAX};
use crate::oversight::must_record::{self, Obligation, Recorded};
use crate::oversight::statement;
use crate::policy::{Act, Actor, State};
use crate::store::cipher::random_bytes;
use crate::vault::change::{event, new_record};
use crate::vault::{Vault, blocking};
use std::collections::BTreeMap;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, InspectionBody, RecordId, Subject};

/// An inspection to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInspection {
    /// On what it rests, who does it, how.
    pub basis: String,
    /// How much is drawn.
    pub measure: Measure,
    /// By what the population is divided, of `STRATA`.
    pub strata: Vec<String>,
    /// Received on this day or later.
    pub from: Date,
    /// Received on this day or before.
    pub to: Date,
}

/// A number for a draw, with which a party binds itself and which it opens later. Better made on a
/// machine of its own: `docs/formats/draw.md` says how.
pub fn number() -> Outcome<String> {
    Ok(hex::encode(random_bytes::<32>()?))
}

pub(super) fn said(actor: &Actor, text: &str) -> Value {
    Value::map([("by", Value::text(actor.person())), ("text", Value::text(text))])
}

pub(super) fn refused(view: &InspectionView, reason: &'static str) -> Fault {
    let fault = Fault::new(Code::InspectionStepRefused).with("id", view.id);
    fault.with("state", view.state.as_str()).with("reason", reason)
}

pub(super) fn require(view: &InspectionView, state: InspectionState) -> Outcome<()> {
    if view.state == state { Ok(()) } else { Err(refused(view, "out-of-turn")) }
}

fn invalid(argument: &str) -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", argument)
}

/// Plans an inspection; gives its number.
pub async fn plan(vault: &Vault, actor: &Actor, new: NewInspection) -> Outcome<RecordId> {
    checked_text("basis", &new.basis, true)?;
    let Measure { proportion, minimum } = new.measure;
    if proportion > 10_000 || (proportion == 0 && minimum == 0) {
        return Err(invalid(&proportion.to_string()));
    }
    if let Some(unknown) = new.strata.iter().find(|name| !STRATA.contains(&name.as_str())) {
        return Err(invalid(unknown));
    }
    if new.from.days_until(new.to) < 0 {
        return Err(invalid(&new.to.to_string()));
    }
    let ms = |date: Date| u64::try_from(date.begins_at().as_ms()).unwrap_or(0);
    let permitted = vault.permit(actor, Act::PlanInspection).await?;
    let inspection = new_record()?;
    let body = InspectionBody::Planned {
        inspection,
        proportion,
        minimum,
        strata: new.strata,
        from_ms: ms(new.from),
        to_ms: ms(new.to.plus_days(1)),
    };
    let payload = vault.seal_one(said(actor, &new.basis)).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    Ok(inspection)
}

/// Approves an inspection that another planned. From the draw on, this is the inspectors' leave to
/// read what was drawn.
pub async fn approve(vault: &Vault, actor: &Actor, number: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let view = find_one(vault, number).await?;
    let own = view.planned_by == actor.id();
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::ApproveInspection, state, Vec::new()).await?;
    let payload = vault.seal_one(said(actor, reason)).await?;
    let mut tx = vault.begin(permitted).await?;
    require(&load(&mut tx.ask(), &view.id).await?, InspectionState::Planned)?;
    let body = InspectionBody::Approved { inspection: view.id };
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

/// Refuses, takes back or ends an inspection; nothing is read under it any more.
pub async fn end(vault: &Vault, actor: &Actor, number: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::EndInspection).await?;
    let payload = vault.seal_one(said(actor, reason)).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &view.id).await?;
    if view.state == InspectionState::Ended {
        return Err(refused(&view, "out-of-turn"));
    }
    let body = InspectionBody::Ended { inspection: view.id };
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

const fn lot_state(party: Party) -> State {
    match party {
        Party::Inspector => State::InspectorsLot,
        Party::Inspected => State::InspectedsLot,
    }
}

/// Binds a party to a number nobody else knows, by its commitment; before the population is frozen,
/// once, and by another person for each party.
pub async fn commit(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (party, commitment): (Party, &str),
) -> Outcome<()> {
    let commitment = draw::number_of(commitment)?;
    let view = find_one(vault, number).await?;
    let state = lot_state(party);
    let permitted = vault.permit_in(actor, Act::TakePartInDraw, state, Vec::new()).await?;
    let payload = vault.seal_one(said(actor, "")).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &view.id).await?;
    require(&view, InspectionState::Approved)?;
    if view.bound.iter().any(|bound| bound.party == party) {
        return Err(refused(&view, "bound-already"));
    }
    if view.bound.iter().any(|bound| bound.by_actor == actor.id()) {
        return Err(refused(&view, "both-parties"));
    }
    let party = party.as_str().to_owned();
    let body = InspectionBody::Committed { inspection: view.id, party, commitment };
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

/// By what an item is put into a stratum.
struct Place<'a> {
    unit: &'a str,
    handler: &'a str,
    activity: &'a str,
    device: &'a str,
}

/// The name of the stratum an item falls into.
fn stratum(item: &Place<'_>, by: &[String]) -> String {
    let part = |name: &String| match name.as_str() {
        "unit" => item.unit,
        "handler" => item.handler,
        "activity" => item.activity,
        _ => item.device,
    };
    by.iter().map(part).collect::<Vec<_>>().join(" / ")
}

/// What was not recorded in the period of an inspection: statements of why, and acts of which
/// nobody said why.
async fn not_recorded(vault: &Vault, view: &InspectionView) -> Outcome<Vec<Lot>> {
    let within = |day: Date| (view.from..view.to).contains(&day.begins_at());
    let obligations = must_record::every(vault).await?;
    let units: BTreeMap<&str, &str> =
        obligations.iter().map(|one| (one.case_no.as_str(), one.unit.as_str())).collect();
    let mut lots = Vec::new();
    for one in statement::all(vault).await? {
        if !one.stated.on.parse().is_ok_and(within) {
            continue;
        }
        let place = Place {
            unit: units.get(one.stated.case_no.as_str()).copied().unwrap_or_default(),
            handler: &one.stated.handler,
            activity: &one.stated.activity,
            device: "",
        };
        lots.push(Lot {
            stratum: stratum(&place, &view.strata),
            item: Item::of_statement(&one.id),
        });
    }
    // What has a statement is in the population by that.
    let bare = |one: &&Obligation| one.state == Recorded::Neither && one.statements.is_empty();
    for one in obligations.iter().filter(bare).filter(|one| one.on.is_some_and(within)) {
        let place =
            Place { unit: &one.unit, handler: &one.handler, activity: one.activity, device: "" };
        let item = Item::of_act(&one.case_id, one.activity);
        lots.push(Lot { stratum: stratum(&place, &view.strata), item });
    }
    Ok(lots)
}

/// Freezes the population: what was received in the period and is still here, and what took place in
/// it and was not recorded, as it is in this very moment of the ledger. Needs both parties bound, so that neither knows it when it binds itself.
pub async fn freeze(vault: &Vault, actor: &Actor, number: &str) -> Outcome<u64> {
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::DrawLots).await?;
    let payload = vault.seal_one(said(actor, "")).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &view.id).await?;
    require(&view, InspectionState::Approved)?;
    if view.bound.len() < Party::ALL.len() {
        return Err(refused(&view, "parties-missing"));
    }
    let found = tx.ask().inspectable(view.from.as_ms(), view.to.as_ms()).await?;
    let mut lots = Vec::new();
    for Inspectable { unit, handler, activity, device, recordings } in &found {
        let stratum = stratum(&Place { unit, handler, activity, device }, &view.strata);
        let lot = |id| Lot { stratum: stratum.clone(), item: Item::of_recording(id) };
        lots.extend(recordings.iter().map(lot));
    }
    // Nobody else writes meanwhile: what is read beside the change is as it is in it.
    lots.extend(not_recorded(vault, &view).await?);
    if lots.is_empty() || lots.len() > POPULATION_MAX {
        let fault = refused(&view, "population-size");
        return Err(fault.with("count", lots.len()).with("limit", POPULATION_MAX));
    }
    let population = draw::population_digest(&mut lots);
    list_population(vault, &mut tx, &view.id, &lots).await?;
    let items = lots.len() as u64;
    let body = InspectionBody::Frozen { inspection: view.id, items, population };
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    Ok(items)
}

async fn list_population(
    vault: &Vault,
    tx: &mut Tx,
    inspection: &RecordId,
    lots: &[Lot],
) -> Outcome<()> {
    let mut strata: BTreeMap<&str, (Vec<ContentId>, Vec<String>)> = BTreeMap::new();
    for lot in lots {
        let (recordings, acts) = strata.entry(&lot.stratum).or_default();
        match lot.item.recording() {
            Some(recording) => recordings.push(recording),
            None => acts.push(lot.item.to_string()),
        }
    }
    let (inspection, mut parts) = (*inspection, Vec::new());
    for (stratum, (name, (recordings, acts))) in (0u64..).zip(&strata) {
        let named = |body| (body, Value::map([("stratum", Value::text(*name))]));
        parts.extend(recordings.chunks(LISTED_ITEMS_MAX).map(|chunk| {
            let recordings = chunk.to_vec();
            named(InspectionBody::Listed { inspection, stratum, recordings })
        }));
        parts.extend(acts.chunks(LISTED_ITEMS_MAX).map(|chunk| {
            named(InspectionBody::ActsListed { inspection, stratum, acts: chunk.to_vec() })
        }));
    }
    let (bodies, plains): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let sealing = vault.clone();
    let payloads = blocking(move || sealing.seal(plains)).await?;
    let made =
        |(body, payload)| event(Body::Inspection(body), Some(payload), vec![Subject::vault()]);
    let events: Vec<NewEvent> = bodies.into_iter().zip(payloads).map(made).collect();
    tx.append(events).await.map(drop)
}

/// Opens the number of a party, after the population is frozen, by whoever bound it.
pub async fn reveal(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (party, opened): (Party, &str),
) -> Outcome<()> {
    let opened = draw::number_of(opened)?;
    let view = find_one(vault, number).await?;
    let state = lot_state(party);
    let permitted = vault.permit_in(actor, Act::TakePartInDraw, state, Vec::new()).await?;
    let payload = vault.seal_one(said(actor, "")).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &view.id).await?;
    require(&view, InspectionState::Frozen)?;
    let bound = view.bound.iter().find(|bound| bound.party == party && bound.number.is_none());
    let Some(bound) = bound else { return Err(refused(&view, "out-of-turn")) };
    let opens = draw::commitment(&view.id, party, &opened) == bound.commitment;
    if !opens || bound.by_actor != actor.id() {
        return Err(Fault::new(Code::LotRefused).with("id", view.id));
    }
    let party = party.as_str().to_owned();
    let body = InspectionBody::Revealed { inspection: view.id, party, number: opened };
    tx.append(vec![event(Body::Inspection(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

fn opened(view: &InspectionView, party: Party) -> Outcome<&str> {
    let number = view.bound.iter().find(|bound| bound.party == party);
    let number = number.and_then(|bound| bound.number.as_deref());
    number.ok_or_else(|| refused(view, "numbers-missing"))
}

/// Draws the lots; gives them in the order of review. Drawn once: there is nothing to choose.
pub async fn draw_lots(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Vec<Item>> {
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::DrawLots).await?;
    require(&view, InspectionState::Frozen)?;
    let frozen = view.frozen.as_ref().ok_or_else(|| refused(&view, "out-of-turn"))?;
    let numbers = (opened(&view, Party::Inspector)?, opened(&view, Party::Inspected)?);
    let size = frozen.seq + 1;
    let root = vault.signing(move |ledger| ledger.root_at(size)).await?;
    let root = hex::encode(root.as_bytes());
    let mut population = listed(&mut vault.catalog.ask().await?, &view.id).await?;
    if draw::population_digest(&mut population) != frozen.population {
        return Err(Fault::new(Code::CatalogueDamaged).with("what", "population"));
    }
    let seed = draw::seed(&view.id, &frozen.population, numbers, &root);
    let lots = draw::draw(&seed, &population, view.measure);
    let payload = vault.seal_one(said(actor, "")).await?;
    let items = lots.len() as u64;
    let drawn = InspectionBody::Drawn { inspection: view.id, root, seed, items };
    let mut events = vec![event(Body::Inspection(drawn), Some(payload), vec![Subject::vault()])];
    events.extend(selected(view.id, &lots));
    let mut tx = vault.begin(permitted).await?;
    require(&load(&mut tx.ask(), &view.id).await?, InspectionState::Frozen)?;
    tx.append(events).await?;
    vault.finish(tx).await?;
    Ok(lots)
}

/// What was drawn as events, in the order of review: recordings are subjects of theirs, what was not
/// recorded is nobody's.
fn selected(inspection: RecordId, lots: &[Item]) -> Vec<NewEvent> {
    let mut events = Vec::new();
    let kind = |one: &Item, other: &Item| one.recording().is_some() == other.recording().is_some();
    for run in lots.chunk_by(kind) {
        for chunk in run.chunks(EVENT_ITEMS_MAX) {
            let recordings: Vec<ContentId> = chunk.iter().filter_map(Item::recording).collect();
            let (body, about) = if recordings.is_empty() {
                let acts = chunk.iter().map(ToString::to_string).collect();
                (InspectionBody::ActsSelected { inspection, acts }, vec![Subject::vault()])
            } else {
                let about = recordings.iter().map(Subject::recording).collect();
                (InspectionBody::Selected { inspection, recordings }, about)
            };
            events.push(event(Body::Inspection(body), None, about));
        }
    }
    events
}
