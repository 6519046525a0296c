//! Papers of oversight as forms, with the day each bears, and their way into a case file (R25;
//! A2.31).
//!
//! Promises: a form says what the register says and nothing else, so that the same register gives
//! the same form again; what is filed is the very form that is handed out, and its digest stands in
//! the ledger with the event that files it.

use super::review::{self, Review};
use crate::access::{Form, Typeset};
use crate::casefile::{self, DocumentSource, NewDocument};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use vault_proof::ContentId;

/// The opinion of a legal review (《法制审核意见书》), once it was given.
pub async fn legal_opinion(vault: &Vault, actor: &Actor, number: &str) -> Outcome<(Form, Date)> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    opinion(vault, &review::one(vault, number).await?).await
}

async fn opinion(vault: &Vault, view: &Review) -> Outcome<(Form, Date)> {
    let case = casefile::show(vault, &view.case_no).await?;
    let early = || {
        let fault = Fault::new(Code::EntryStepRefused).with("id", view.id);
        fault.with("reason", "opinion-missing")
    };
    let last = |kind: &str| view.steps.iter().rev().find(|step| step.kind == kind);
    let given = last("review.opinion-given").ok_or_else(early)?;
    let (year, number) = view.opinion_number.ok_or_else(early)?;
    let accepted = last("review.accepted").map(|step| Date::of(step.at).to_string());
    let submitted = view.steps.first().map_or("", |step| &step.text);
    let day = Date::of(given.at);
    let fields = vec![
        ("year", year.to_string()),
        ("number", number.to_string()),
        ("case-no", case.case_no.clone()),
        ("received-on", accepted.unwrap_or_default()),
        ("title", case.title.clone()),
        ("unit", case.unit.clone()),
        ("counterpart", case.counterpart.clone()),
        ("decision", submitted.to_owned()),
        ("opinion", given.field("opinion").to_owned()),
        ("reason", given.text.clone()),
        ("reviewer", given.person.clone()),
        ("issued-on", day.to_string()),
    ];
    let columns = vec!["material", "reference"];
    let place = |one: &review::HandedIn| {
        let titles = one.documents.iter().map(|entry| entry.title.as_str());
        let said = Some(one.reference.as_str()).filter(|said| !said.is_empty());
        said.into_iter().chain(titles).collect::<Vec<_>>().join("、")
    };
    let lines = review::handed_in(view, &case);
    let lines = lines.iter().map(|one| vec![one.material.clone(), place(one)]).collect();
    Ok((Form { kind: "legal-opinion", fields, columns, lines }, day))
}

/// Files the opinion of a review in its case (A2.31): the copy of the handling unit. Gives its
/// content id, which the ledger bears; `title` is what it is called in the table of contents.
pub async fn file_legal_opinion(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (typeset, title, note): (Typeset<'_>, &str, &str),
) -> Outcome<ContentId> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let view = review::one(vault, number).await?;
    let (form, day) = opinion(vault, &view).await?;
    let bytes = typeset(&form, day)?;
    let new = NewDocument {
        source: DocumentSource::Bytes { name: format!("{}.pdf", form.kind), bytes },
        document: "legal-review-opinion".to_owned(),
        title: title.to_owned(),
        on: Some(day),
        note: note.to_owned(),
    };
    casefile::file_document(vault, actor, &view.case_no, new).await
}
