//! The record of destruction (《销毁记录》): what went, why, by whom, and what still bears it (R17;
//! A2.19(二)3, A3.11, A3.16(四)).
//!
//! Promises: numbered without gaps in a year, in the change that says the disposal was carried out;
//! its digest is in the ledger, and a record that would read otherwise than it did then is not
//! given out. What may change later, as terms of a case file and places of volumes, is kept as it
//! was.

use super::acts::{DisposalView, show, wrong_state};
use crate::access::Form;
use crate::catalog::Tx;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::preservation::OWN_STORE;
use crate::retention::{self, Until};
use crate::vault::Vault;
use crate::vault::change::event;
use crate::volume::{self, VolumeView};
use vault_proof::canonical::{self, Value};
use vault_proof::{Body, ContentId, DisposalBody, Subject};

/// The record of a disposal, as it was made out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestructionRecord {
    /// The year of its number.
    pub year: u64,
    /// Its number in that year.
    pub number: u64,
    /// BLAKE3 of its fields and lines.
    pub digest: String,
    /// For each recording that went: until when it was kept, and why that long.
    pub(super) terms: Vec<String>,
    /// For each volume that bore one: its label, whether it is encrypted, and its copies.
    pub(super) volumes: Vec<String>,
}

/// The record of a disposal as a form, with the day on which it was carried out.
pub async fn record_of(vault: &Vault, number: &str) -> Outcome<(Form, Date)> {
    let view = show(vault, number).await?;
    let record = view.record.as_ref().ok_or_else(|| wrong_state(&view))?;
    let (_, at) = view.carried_out.as_ref().ok_or_else(|| wrong_state(&view))?;
    let mut form = form(vault, &view, record).await?;
    if digest(&form).to_string() != record.digest {
        return Err(Fault::new(Code::CatalogueDamaged)
            .with("what", "disposal")
            .with("id", view.id));
    }
    form.fields.push(("digest", record.digest.clone()));
    form.fields.push(("vault-key", vault.ledger.verifier()?.to_string()));
    Ok((form, Date::of(*at)))
}

fn digest(form: &Form) -> ContentId {
    let fields = canonical::encode(&form.value());
    ContentId::from_bytes(*blake3::hash(&fields).as_bytes())
}

/// Makes the record out, in the change that carries the disposal out; `view` is the disposal as it
/// is afterwards.
pub(super) async fn make_out(vault: &Vault, tx: &mut Tx, view: &DisposalView) -> Outcome<()> {
    let (person, at) = view.carried_out.as_ref().ok_or_else(|| wrong_state(view))?;
    let year = u64::try_from(Date::of(*at).year())
        .map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let number = tx.ask().last_destruction_record(year).await? + 1;
    let mut terms = Vec::with_capacity(view.destroyed.len());
    for recording in &view.destroyed {
        terms.push(term(vault, recording).await?);
    }
    let bearing = volume::list(vault).await?;
    let bearing = bearing.iter().filter(|volume| view.volumes.contains(&volume.label));
    let volumes: Vec<String> = bearing.map(borne).collect();
    let mut record = DestructionRecord { year, number, digest: String::new(), terms, volumes };
    let digest = digest(&form(vault, view, &record).await?);
    record.digest = digest.to_string();
    let plain = [
        ("by", Value::text(person)),
        ("terms", Value::text(record.terms.join("\n"))),
        ("volumes", Value::text(record.volumes.join("\n"))),
    ];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let body = DisposalBody::Recorded { disposal: view.id, year, number, digest };
    let about = view.recordings.iter().map(Subject::recording).collect();
    tx.append(vec![event(Body::Disposal(body), Some(payload), about)]).await?;
    Ok(())
}

/// `2028-11-25 original:A3.11 case-term:A3.11`: the longest term, and its reasons by their codes.
async fn term(vault: &Vault, recording: &ContentId) -> Outcome<String> {
    let kept = retention::show(vault, recording).await?;
    let until = match kept.until {
        Until::Day(day) => day.to_string(),
        Until::Ever => String::new(),
    };
    let mut reasons: Vec<_> =
        kept.reasons.iter().map(|reason| format!("{}:{}", reason.kind, reason.article)).collect();
    reasons.dedup();
    Ok(format!("{until} {}", reasons.join(" ")))
}

/// `JL-2026-0001 clear 1@档案室 3-2-1; 2@异地库房`: a volume that bears copies, and where they are.
fn borne(volume: &VolumeView) -> String {
    let how = if volume.recipients.is_empty() { "clear" } else { "sealed" };
    let kept = volume.copies.iter().filter(|copy| !copy.is_released());
    let copies: Vec<_> = kept.map(|copy| format!("{}@{}", copy.copy, copy.place)).collect();
    format!("{} {how} {}", volume.label, copies.join("; "))
}

async fn form(vault: &Vault, view: &DisposalView, record: &DestructionRecord) -> Outcome<Form> {
    let said = |step: Option<&(String, String, crate::clock::UtcTime)>| {
        step.map_or_else(Default::default, |(person, reason, at)| {
            (person.clone(), reason.clone(), Date::of(*at).to_string())
        })
    };
    let (proposed_by, reason, proposed_on) = said(Some(&view.proposed));
    let (approved_by, opinion, approved_on) = said(view.approved.as_ref());
    let (person, at) = view.carried_out.as_ref().ok_or_else(|| wrong_state(view))?;
    let fields = vec![
        ("year", record.year.to_string()),
        ("number", record.number.to_string()),
        ("proposal", view.id.to_string()),
        ("proposed-by", proposed_by),
        ("proposed-on", proposed_on),
        ("reason", reason),
        ("approved-by", approved_by),
        ("approved-on", approved_on),
        ("approval", opinion),
        ("carried-out-by", person.clone()),
        ("carried-out-on", Date::of(*at).to_string()),
        ("recordings", view.destroyed.len().to_string()),
        ("keys-shredded", view.objects.to_string()),
        ("bytes", view.bytes.to_string()),
        ("stores", store_names(vault, &view.stores).await?.join("; ")),
        ("volumes", record.volumes.join("\n")),
        ("spared", view.spared.len().to_string()),
    ];
    let columns =
        vec!["number", "name", "case-no", "received-on", "kept-until-on", "because", "recording"];
    let mut lines = Vec::with_capacity(view.destroyed.len());
    for ((number, recording), term) in (1u64..).zip(&view.destroyed).zip(&record.terms) {
        let receipts = vault.catalog.receipts_of(recording).await?;
        let receipt = receipts.into_iter().next();
        let receipt =
            receipt.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", recording))?;
        let (until, because) = term.split_once(' ').unwrap_or((term, ""));
        lines.push(vec![
            number.to_string(),
            receipt.name,
            receipt.case_no,
            Date::of(receipt.received_at).to_string(),
            until.to_owned(),
            because.to_owned(),
            recording.to_string(),
        ]);
    }
    Ok(Form { kind: "destruction-record", fields, columns, lines })
}

/// What people call the stores from which bytes were removed.
async fn store_names(vault: &Vault, numbers: &[String]) -> Outcome<Vec<String>> {
    let acts = vault.catalog.ask().await?.store_acts().await?;
    let name = |number: &String| {
        let added =
            acts.iter().find(|act| act.kind == "store.added" && act.store.to_string() == *number);
        match added {
            Some(added) => added.name.clone(),
            // The vault's own has no name but its number.
            None => OWN_STORE.to_owned(),
        }
    };
    Ok(numbers.iter().map(name).collect())
}
