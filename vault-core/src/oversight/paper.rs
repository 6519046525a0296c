//! Forms with a number of their own (R10; A3.10, A3.13): 《证据登记保存清单》 of a case and 《证据移交清单》
//! of a copy, issued, signed by who hands over and who receives, made void with a reason.
//!
//! Promises: numbers of each kind have no gaps in a year, whatever happens at once; printed again, a
//! form has the same number and lists the same; its digest stands in the ledger, that of its fields
//! and that of its print; nobody signs for both sides; a void number is never used again.

use super::register::{self, Entry, Step, Words};
use crate::access::{Form, Typeset, preservation_list_for, transfer_list_for};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use crate::vault::change::new_record;
use sha2::{Digest, Sha256};
use vault_proof::canonical;
use vault_proof::{ContentId, OversightBody, RecordId};

const REGISTER: &str = "form";

/// How often a number is tried for: each try fails only where somebody else had it.
const TRIES: usize = 16;

/// The two sides of a form.
pub const SIDES: &[&str] = &["hands-over", "receives"];

/// A form to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPaper {
    /// The preservation list of a case, or a part of a long one.
    PreservationList {
        /// 案号, or the number of the case file.
        case: String,
        /// Which part, counted from 1.
        part: Option<usize>,
    },
    /// The transfer list of a copy that was handed out.
    TransferList {
        /// Number of the request.
        request: String,
        /// Number of the copy.
        copy: u64,
        /// Which unit hands over.
        from_unit: String,
        /// Which unit receives.
        to_unit: String,
        /// On what it lies.
        carrier: String,
    },
}

/// Who signed for a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideSigned {
    /// Who.
    pub person: String,
    /// `system` or `paper`.
    pub way: String,
    /// When it was put on record.
    pub at: UtcTime,
}

/// A form as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its number in the vault.
    pub id: RecordId,
    /// `preservation-list` or `transfer-list`.
    pub kind: String,
    /// Year of its number.
    pub year: u64,
    /// Its number.
    pub number: u64,
    /// The case.
    pub case_no: String,
    /// The request, of a transfer list.
    pub request: String,
    /// The copy, of a transfer list.
    pub copy: u64,
    /// BLAKE3 of its fields.
    pub digest: String,
    /// SHA-256 of its print.
    pub sha256: String,
    /// What it lists.
    pub recordings: Vec<ContentId>,
    /// Who issued it, and when.
    pub issued: (String, UtcTime),
    /// Who handed over.
    pub handed_over: Option<SideSigned>,
    /// Who received.
    pub received: Option<SideSigned>,
    /// Who made it void, why and when.
    pub voided: Option<(String, String, UtcTime)>,
    details: Vec<(String, String)>,
}

/// What was put together for a form, before and after it has its number.
struct Made {
    form: Form,
    case_no: String,
    recordings: Vec<ContentId>,
    details: Vec<(&'static str, String)>,
}

async fn made(vault: &Vault, new: &NewPaper, on: Date) -> Outcome<Made> {
    match new {
        NewPaper::PreservationList { case, part } => {
            let (form, case_no, recordings) =
                preservation_list_for(vault, case, *part, None).await?;
            let part = part.map(|part| part.to_string()).unwrap_or_default();
            Ok(Made { form, case_no, recordings, details: vec![("part", part)] })
        }
        NewPaper::TransferList { request, copy, from_unit, to_unit, carrier } => {
            for (name, text) in [("from-unit", from_unit), ("to-unit", to_unit)] {
                checked_text(name, text, true)?;
            }
            checked_text("carrier", carrier, false)?;
            let details = vec![
                ("request", request.clone()),
                ("copy", copy.to_string()),
                ("from-unit", from_unit.clone()),
                ("to-unit", to_unit.clone()),
                ("carrier", carrier.clone()),
                ("on", on.to_string()),
            ];
            let units = (from_unit.as_str(), to_unit.as_str(), carrier.as_str());
            let (form, case_no, recordings) =
                transfer_list_for(vault, (request, *copy), units, on).await?;
            Ok(Made { form, case_no, recordings, details })
        }
    }
}

/// A form with its number, first among its fields.
fn numbered(mut form: Form, year: u64, number: u64) -> Form {
    form.fields.insert(0, ("number", number.to_string()));
    form.fields.insert(0, ("year", year.to_string()));
    form
}

fn digest_of(form: &Form) -> ContentId {
    ContentId::from_bytes(*blake3::hash(&canonical::encode(&form.value())).as_bytes())
}

fn next_number(entries: &[Entry], kind: &str, year: u64) -> u64 {
    let issued = entries.iter().filter_map(|entry| entry.last("form.issued"));
    let of = issued.filter(|step| step.field("kind") == kind && step.count("year") == year);
    of.map(|step| step.count("number")).max().unwrap_or(0) + 1
}

/// Issues a form with the next number of its kind in the year. It is printed before it is put on
/// record, so that the digest of its print stands there.
pub async fn issue(
    vault: &Vault,
    actor: &Actor,
    new: &NewPaper,
    typeset: Typeset<'_>,
) -> Outcome<(Paper, Vec<u8>)> {
    let _ = vault.permit(actor, Act::IssueForm).await?;
    for _ in 0..TRIES {
        let on = Date::of(vault.clock.now());
        let year = u64::try_from(on.year())
            .map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
        let Made { form, case_no, recordings, details } = made(vault, new, on).await?;
        let kind = form.kind;
        let known = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
        let number = next_number(&known, kind, year);
        let form = numbered(form, year, number);
        let printed = typeset(&form, on)?;
        let id = new_record()?;
        let body = OversightBody::FormIssued {
            form: id,
            kind: kind.to_owned(),
            year,
            number,
            digest: digest_of(&form),
            sha256: hex::encode(Sha256::digest(&printed)),
            recordings,
        };
        let words = Words { case_no: &case_no, details, ..Words::default() };
        let free = |entries: &[Entry]| {
            if next_number(entries, kind, year) == number {
                return Ok(());
            }
            Err(Fault::new(Code::Locked).with("what", "number"))
        };
        let permitted = vault.permit(actor, Act::IssueForm).await?;
        match register::enter(vault, (permitted, actor), body, words, free).await {
            Ok(()) => return Ok((show(vault, &id.to_string()).await?, printed)),
            Err(fault) if fault.code() == Code::Locked => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::new(Code::Locked).with("what", "number"))
}

fn signed(entry: &Entry, side: &str) -> Option<SideSigned> {
    let step = entry.steps.iter().find(|step| is_side(step, side))?;
    let told = step.field("person");
    let person = if told.is_empty() { step.person.clone() } else { told.to_owned() };
    Some(SideSigned { person, way: step.field("way").to_owned(), at: step.at })
}

fn is_side(step: &Step, side: &str) -> bool {
    step.kind == "form.signed" && step.field("side") == side
}

fn view(entry: &Entry) -> Outcome<Paper> {
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "form");
    let step = entry.last("form.issued").ok_or_else(damaged)?;
    let text = |name: &str| step.field(name).to_owned();
    let recordings = step.field("recordings").split_whitespace();
    let recordings = recordings.map(|id| id.parse().map_err(|_| damaged()));
    let voided = entry.last("form.voided");
    Ok(Paper {
        id: entry.id,
        kind: text("kind"),
        year: step.count("year"),
        number: step.count("number"),
        case_no: step.case_no.clone(),
        request: text("request"),
        copy: step.count("copy"),
        digest: text("digest"),
        sha256: text("sha256"),
        recordings: recordings.collect::<Outcome<_>>()?,
        issued: (step.person.clone(), step.at),
        handed_over: signed(entry, "hands-over"),
        received: signed(entry, "receives"),
        voided: voided.map(|step| (step.person.clone(), step.text.clone(), step.at)),
        details: step.fields.clone(),
    })
}

/// A form by its number in the vault, or the beginning of it.
pub async fn show(vault: &Vault, number: &str) -> Outcome<Paper> {
    view(&register::find_one(vault, REGISTER, number).await?)
}

/// Every form that was issued, the newest first; of one case, or of one request.
pub async fn list(vault: &Vault, actor: &Actor, about: Option<&str>) -> Outcome<Vec<Paper>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let mut papers = Vec::with_capacity(entries.len());
    for entry in &entries {
        // A list has of each kind of step the last only, and a form is signed twice.
        let entry = register::whole(&mut vault.catalog.ask().await?, REGISTER, &entry.id).await?;
        let paper = view(&entry)?;
        if about.is_none_or(|about| paper.case_no == about || paper.request == about) {
            papers.push(paper);
        }
    }
    papers.reverse();
    Ok(papers)
}

/// The form again, as it was issued: the same number, the same lines, or `FormChanged`. A void one
/// says so among its fields.
pub async fn form_of(vault: &Vault, paper: &Paper) -> Outcome<(Form, Date)> {
    let detail = |name: &str| {
        let found = paper.details.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let on = Date::of(paper.issued.1);
    let form = if paper.kind == "preservation-list" {
        let part = detail("part").parse().ok();
        let only = Some(paper.recordings.as_slice());
        preservation_list_for(vault, &paper.case_no, part, only).await?.0
    } else {
        let (from, to, carrier) = (detail("from-unit"), detail("to-unit"), detail("carrier"));
        let on = detail("on").parse().unwrap_or(on);
        let which = (paper.request.as_str(), paper.copy);
        transfer_list_for(vault, which, (&from, &to, &carrier), on).await?.0
    };
    let mut form = numbered(form, paper.year, paper.number);
    if digest_of(&form).to_string() != paper.digest {
        return Err(Fault::new(Code::FormChanged).with("id", paper.id));
    }
    if let Some((_, reason, _)) = &paper.voided {
        form.fields.push(("voided", reason.clone()));
    }
    Ok((form, on))
}

/// Signs for a side: the actor himself, or, where `person` is named, whoever signed on paper, which
/// the actor puts on record. Nobody signs for both.
pub async fn sign(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (side, person): (&str, Option<&str>),
) -> Outcome<Paper> {
    if !SIDES.contains(&side) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", side));
    }
    let told = person.unwrap_or_default();
    checked_text("person", told, person.is_some())?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::SignForm).await?;
    let way = if person.is_some() { "paper" } else { "system" };
    let body =
        OversightBody::FormSigned { form: entry.id, side: side.to_owned(), way: way.to_owned() };
    let details = vec![("person", told.to_owned())];
    let name = if told.is_empty() { actor.person() } else { told };
    let open = |entry: &Entry| {
        entry.require(entry.last("form.voided").is_none(), "form-void")?;
        entry.require(signed(entry, side).is_none(), "signed-already")?;
        let other = SIDES.iter().filter(|other| **other != side);
        let both = other.filter_map(|other| signed(entry, other)).any(|one| one.person == name);
        entry.require(!both, "signs-for-both")
    };
    let words = Words { details, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, open).await?;
    show(vault, &entry.id.to_string()).await
}

/// Makes a form void, with a reason; its number stays used.
pub async fn void(vault: &Vault, actor: &Actor, number: &str, reason: &str) -> Outcome<Paper> {
    checked_text("reason", reason, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::VoidForm).await?;
    let body = OversightBody::FormVoided { form: entry.id };
    let open = |entry: &Entry| entry.require(entry.last("form.voided").is_none(), "form-void");
    let words = Words { text: reason, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, open).await?;
    show(vault, &entry.id.to_string()).await
}
