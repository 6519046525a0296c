//! Which copies left, and which of them something comes from (R22; A3.16(三)).
//!
//! Promises: a copy is found by the recording that is on it, by its mark as people read it in a
//! picture or on a form, and by the content id of a package, a rendition or an excerpt; an original,
//! which is the same in every copy, gives every copy that bears it.

use crate::catalog::{AccessAct, Asking};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use std::fs::File;
use std::path::Path;
use vault_proof::{ContentId, RecordId};

/// A copy that left, or what was made for reading under a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Under which request.
    pub request: RecordId,
    /// Its number under it; 0 for what was read under the grant.
    pub copy: u64,
    /// Its mark, as it stands on its forms and in its pictures.
    pub mark: String,
    /// The event that stands for it.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// Who received it, or may read. Personal data.
    pub to: String,
    /// Who handed it out, or gave the grant. Personal data.
    pub by: String,
    /// SHA-256 of its package's signature, hex; none where the package was not finished.
    pub signature: Option<String>,
}

/// What is known of where something comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clue {
    /// A recording, or the content id of a file that was found somewhere.
    Object(ContentId),
    /// A mark.
    Mark(String),
}

fn damaged() -> Fault {
    Fault::new(Code::CatalogueDamaged).with("what", "copy")
}

/// The mark of a copy: year and number of the notice, number of the copy, number of the event.
pub(super) fn mark_of((year, number): (u64, u64), copy: u64, seq: u64) -> String {
    format!("{year}-{number}-{copy}-{seq}")
}

/// What `b3sum` prints of a file that was found somewhere.
pub fn id_of_file(path: &Path) -> Outcome<ContentId> {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(drop));
    read.map_err(|error| Fault::from_file(error, path))?;
    Ok(ContentId::from_bytes(*hasher.finalize().as_bytes()))
}

/// Every copy that fits, in order; none where nothing is known of it.
pub async fn copies_of(vault: &Vault, actor: &Actor, clue: &Clue) -> Outcome<Vec<Copy>> {
    let _ = vault.permit(actor, Act::ReadLedger).await?;
    let mut asking = vault.catalog.ask().await?;
    let acts = match clue {
        Clue::Mark(mark) => by_mark(&mut asking, mark).await?,
        Clue::Object(object) => {
            let mut acts = asking.copies_of(object).await?;
            for (request, copy) in asking.copies_with(object).await? {
                acts.extend(asking.copy_acts(&request, copy).await?);
            }
            acts
        }
    };
    let (written, left): (Vec<_>, Vec<_>) =
        acts.into_iter().partition(|act| act.kind == "access.copy-written");
    let mut copies = Vec::with_capacity(left.len());
    for act in left {
        let copy = copy_of(&mut asking, act, &written).await?;
        if !copies.contains(&copy) {
            copies.push(copy);
        }
    }
    if let Clue::Mark(mark) = clue {
        copies.retain(|copy| copy.mark == *mark);
    }
    Ok(copies)
}

/// The acts of the copy that a mark names, if there is one.
async fn by_mark(asking: &mut Asking<'_>, mark: &str) -> Outcome<Vec<AccessAct>> {
    let numbers: Option<Vec<u64>> = mark.trim().split('-').map(|part| part.parse().ok()).collect();
    let Some(&[_, _, copy, seq]) = numbers.as_deref() else { return Ok(Vec::new()) };
    let Some(act) = asking.access_act(seq).await? else { return Ok(Vec::new()) };
    let request = act.request.parse().map_err(|_| damaged())?;
    asking.copy_acts(&request, copy).await
}

async fn copy_of(asking: &mut Asking<'_>, act: AccessAct, written: &[AccessAct]) -> Outcome<Copy> {
    let request: RecordId = act.request.parse().map_err(|_| damaged())?;
    let steps = asking.access_acts(&request).await?;
    let notice = steps.iter().find(|step| step.kind == "access.notice-issued");
    let notice = notice.map(|step| (step.year, step.number)).unwrap_or_default();
    let same = |other: &&AccessAct| (&other.request, other.copy) == (&act.request, act.copy);
    // For what is read it is the grant that stands for it, and who asked that has it.
    let (to, by) = if act.kind == "access.granted" {
        let asked = asking.requests_like(&act.request).await?.into_iter().next();
        (asked.map(|row| row.person).unwrap_or_default(), act.person)
    } else {
        (act.person, act.reason)
    };
    Ok(Copy {
        signature: written.iter().find(same).map(|other| other.digest.clone()),
        mark: mark_of(notice, act.copy, act.seq),
        request,
        copy: act.copy,
        seq: act.seq,
        at: act.at_ms,
        to,
        by,
    })
}
