//! Collecting (领取): the kept package of a copy, by who asked for it, by the office that hands it
//! out, or by whoever holds its code.
//!
//! Promises: each collection is on record before a byte leaves; a code serves for one package and
//! for as long as its limit says; a wrong code says nothing about whether there is a package.

use super::export::hash_of;
use super::machine::RequestState;
use super::view::{RequestView, show};
use crate::catalog::AccessAct;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::PICK_UP_KEPT;
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::event;
use aws_lc_rs::constant_time;
use tokio::sync::mpsc;
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, Body, ContentId};

/// A package on its way out.
#[derive(Debug)]
pub struct Collected {
    /// Its mark: the name of the file.
    pub mark: String,
    /// Its length.
    pub bytes: u64,
    pieces: mpsc::Receiver<Outcome<Vec<u8>>>,
}

impl Collected {
    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Outcome<Option<Vec<u8>>> {
        self.pieces.recv().await.transpose()
    }
}

fn unknown(number: &str) -> Fault {
    Fault::new(Code::CopyUnknown).with("id", number)
}

async fn kept(vault: &Vault, view: &RequestView, copy: u64) -> Outcome<Option<AccessAct>> {
    let acts = vault.catalog.ask().await?.packages_of(&view.id).await?;
    Ok(acts.into_iter().find(|act| act.kind == "access.copy-kept" && act.copy == copy))
}

/// Collects a package with an account.
pub async fn collect(vault: &Vault, actor: &Actor, number: &str, copy: u64) -> Outcome<Collected> {
    let view = show(vault, number).await?;
    let state = if view.is_own(actor) { State::OwnRequest } else { State::OthersRequest };
    let permitted = vault.permit_in(actor, Act::CollectCopy, state, view.subjects()).await?;
    let act = kept(vault, &view, copy).await?.ok_or_else(|| unknown(number))?;
    if view.is_own(actor) {
        require_consent(&view)?;
    }
    let payload = Value::map([("by", Value::text(actor.person())), ("reason", Value::text(""))]);
    hand_over(vault, permitted, &view, &act, ("account", payload)).await
}

/// Collects a package with its code. `at` is the service that asks.
pub async fn collect_by_code(
    vault: &Vault,
    at: &Actor,
    (number, copy): (&str, u64),
    code: &str,
) -> Outcome<Collected> {
    let code: String = code.chars().filter(|one| one.is_alphanumeric()).collect();
    let hash = hash_of(&code.to_uppercase());
    let view = show(vault, number).await.map_err(|_| unknown(number))?;
    let act = kept(vault, &view, copy).await?.ok_or_else(|| unknown(number))?;
    let fits =
        constant_time::verify_slices_are_equal(hash.as_bytes(), act.reason.as_bytes()).is_ok();
    let age_ms = vault.clock.now().as_ms().saturating_sub(act.at_ms.as_ms());
    let kept_ms = i64::try_from(PICK_UP_KEPT.as_millis()).unwrap_or(i64::MAX);
    if !fits || age_ms > kept_ms {
        return Err(unknown(number));
    }
    require_consent(&view)?;
    let state = State::OthersRequest;
    let permitted = vault.permit_in(at, Act::CollectCopy, state, view.subjects()).await?;
    let payload = Value::map([("by", Value::text("")), ("reason", Value::text(""))]);
    hand_over(vault, permitted, &view, &act, ("code", payload)).await
}

/// What was withdrawn leaves no more; the office keeps what it handed out before (R18).
fn require_consent(view: &RequestView) -> Outcome<()> {
    if view.state == RequestState::Revoked {
        return Err(Fault::new(Code::CopyWithdrawn).with("id", view.id).with("article", "A3.15"));
    }
    Ok(())
}

async fn hand_over(
    vault: &Vault,
    permitted: crate::policy::Permitted,
    view: &RequestView,
    act: &AccessAct,
    (way, payload): (&str, Value),
) -> Outcome<Collected> {
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "package");
    let object: ContentId = act.digest.parse().map_err(|_| damaged())?;
    let payload = vault.seal_one(payload).await?;
    let body = AccessBody::CopyCollected { request: view.id, copy: act.copy, way: way.to_owned() };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Access(body), Some(payload), view.subjects())]).await?;
    vault.finish(tx).await?;
    let bytes = act.to_byte;
    let pieces = super::read::pieces(vault, &object, 0..bytes);
    let mark = format!("{}-{}", &view.id.to_string()[..8], act.copy);
    Ok(Collected { mark, bytes, pieces })
}
