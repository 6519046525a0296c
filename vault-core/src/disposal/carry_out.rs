//! Carrying a disposal out: the second look, the event, keys, bytes, the record.

use super::acts::{DisposalState, DisposalView, show, view_of, wrong_state};
use super::evaluate::{Obstacle, evaluate};
use super::record::make_out;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor, State};
use crate::preservation::places_of_copies;
use crate::store::Store;
use crate::store::backend::Kind;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use std::collections::BTreeSet;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, DisposalBody, Subject};

/// What was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    /// Recordings destroyed.
    pub destroyed: Vec<ContentId>,
    /// Recordings that were proposed and are kept: something stands against them by now.
    pub spared: Vec<ContentId>,
    /// Objects destroyed, previews and transcripts among them.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Volumes that still bear copies, by label.
    pub volumes: Vec<String>,
}

/// Carries an approved disposal out after its time of grace, or finishes one that was begun.
/// Refused while nobody outside vouches for the clock.
pub async fn carry_out(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Destruction> {
    let view = show(vault, number).await?;
    let about: Vec<Subject> = view.recordings.iter().map(Subject::recording).collect();
    let permitted =
        vault.permit_in(actor, Act::CarryOutDisposal, State::Any, about.clone()).await?;
    let judged = permitted.judged(about);
    let begun = begun(vault, permitted, actor, view).await;
    let view = vault.answer(judged, begun).await?;
    destroy(vault, actor, view).await
}

/// The disposal from its beginning on, whether that was now or before.
async fn begun(
    vault: &Vault,
    permitted: crate::policy::Permitted,
    actor: &Actor,
    view: DisposalView,
) -> Outcome<DisposalView> {
    vault.require_trusted_clock().await?;
    match view.state {
        DisposalState::Begun => Ok(view),
        DisposalState::Approved => begin(vault, permitted, actor, &view).await,
        _ => Err(wrong_state(&view)),
    }
}

/// The second look, and the event from which on nothing of these is given out.
async fn begin(
    vault: &Vault,
    permitted: crate::policy::Permitted,
    actor: &Actor,
    approved: &DisposalView,
) -> Outcome<DisposalView> {
    let not_before = approved.not_before.ok_or_else(|| wrong_state(approved))?;
    if vault.clock.now() < not_before {
        return Err(Fault::new(Code::DisposalTooEarly)
            .with("id", approved.id)
            .with("not_before", not_before.in_china()));
    }
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().disposal_acts(Some(&approved.id)).await?;
    let view = view_of(&acts)?.ok_or_else(|| wrong_state(approved))?;
    if view.state != DisposalState::Approved {
        return Err(wrong_state(&view));
    }
    // No other writer is at work until this is committed: what is found out now stays true.
    let (mut recordings, mut spared, mut because) = (Vec::new(), Vec::new(), Vec::new());
    for recording in &view.recordings {
        let obstacles = evaluate(vault, recording).await?.obstacles;
        if obstacles.is_empty() {
            recordings.push(*recording);
        } else {
            spared.push(*recording);
            because.extend(obstacles.into_iter().map(|obstacle| (*recording, obstacle)));
        }
    }
    let plain = [
        ("by", Value::text(actor.person())),
        // What stood against each is gone tomorrow; the record says what it was.
        ("reason", Value::text(said_because(&because))),
    ];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let about = view.recordings.iter().map(Subject::recording).collect();
    let (destroyed, kept) = (recordings.clone(), spared.clone());
    let body = DisposalBody::Begun { disposal: view.id, recordings, spared };
    tx.append(vec![event(Body::Disposal(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    fail::fail_point!("disposal-begun", |_| std::process::abort());
    let state = DisposalState::Begun;
    Ok(DisposalView { destroyed, spared: kept, spared_because: because, state, ..view })
}

/// A line for each reason for which a recording was spared: its id, the code, the detail.
fn said_because(because: &[(ContentId, Obstacle)]) -> String {
    let line = |(recording, obstacle): &(ContentId, Obstacle)| {
        let detail = obstacle.detail.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{recording} {} {detail}", obstacle.kind)
    };
    because.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Keys, then bytes, then the record; every step can be done again.
async fn destroy(vault: &Vault, actor: &Actor, view: DisposalView) -> Outcome<Destruction> {
    let (mut objects, mut bytes) = (0, 0);
    let mut stores = BTreeSet::new();
    for recording in &view.destroyed {
        for object in vault.catalog.objects_only_of(recording).await? {
            let places = places_of_copies(vault, &object.id).await?;
            let keys = std::sync::Arc::clone(&vault.keys);
            let id = object.id;
            let removed = blocking(move || {
                let open: Vec<&Store> = places.iter().map(|(_, store)| store).collect();
                shred_and_remove(&keys, &open, &id)?;
                Ok(places.into_iter().map(|(number, _)| number).collect::<Vec<_>>())
            });
            stores.extend(removed.await?);
            objects += 1;
            bytes += object.bytes;
        }
    }
    let volumes = vault.catalog.ask().await?.volume_labels_with(&view.destroyed).await?;
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let stores: Vec<String> = stores.into_iter().collect();
    let body = DisposalBody::CarriedOut {
        disposal: view.id,
        objects,
        bytes,
        stores: stores.clone(),
        volumes: volumes.clone(),
    };
    let permitted = vault.permit(actor, Act::CarryOutDisposal).await?;
    let about = view.recordings.iter().map(Subject::recording).collect();
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().disposal_acts(Some(&view.id)).await?;
    if view_of(&acts)?.is_none_or(|now| now.state != DisposalState::Begun) {
        return Err(wrong_state(&view));
    }
    let done = tx.append(vec![event(Body::Disposal(body), Some(payload), about)]).await?;
    let at = done.first().map_or(vault.clock.now(), |done| done.at);
    let carried_out = Some((actor.person().to_owned(), at));
    let state = DisposalState::CarriedOut;
    let view = DisposalView { state, carried_out, objects, bytes, stores, volumes, ..view };
    // Where everything was spared there is nothing that a record of destruction could say.
    if !view.destroyed.is_empty() {
        make_out(vault, &mut tx, &view).await?;
    }
    vault.finish(tx).await?;
    let DisposalView { destroyed, spared, volumes, .. } = view;
    Ok(Destruction { destroyed, spared, objects, bytes, volumes })
}

/// Shreds the key of an object, then removes its bytes and manifest in every store.
fn shred_and_remove(
    keys: &crate::keys::KeyStore,
    stores: &[&Store],
    id: &ContentId,
) -> Outcome<()> {
    let mut found = Vec::new();
    for store in stores {
        let name = store.manifest_name(id);
        if let Some(manifest) = store.manifest(name)? {
            found.push((*store, name, manifest.open.data, manifest.open.key_slot));
        }
    }
    for (_, _, data, slot) in &found {
        keys.shred(*slot, &data.0)?;
    }
    fail::fail_point!("disposal-shredded", |_| std::process::abort());
    for (store, name, data, _) in found {
        store.backend().destroy(Kind::Data, data)?;
        store.backend().destroy(Kind::Manifest, name)?;
    }
    Ok(())
}
