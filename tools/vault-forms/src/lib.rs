//! The forms of the regulation set in type: PDF/A-2b, on A4, after GB/T 9704 (R10, R19, R30; A3.10,
//! A3.15).
//!
//! Promises: the same form in the same language with the same fonts gives the same bytes, so that
//! a digest of them can be kept; all fonts are embedded and every character can be read back as
//! text; a character without a glyph, like a font that is not there, is a fault and not an empty
//! box. Boxes for signatures and seals stay blank: the paper is signed. Never decides who may have
//! a form, and never asks a clock or the network.

mod fonts;
mod mark;
mod sheet;
mod world;

pub use fonts::{Fonts, PACKAGE};
pub use mark::mark;

use crate::world::FormWorld;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use vault_core::access::Form;
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::limits::FORM_LINES_MAX;
use vault_core::wording::Wording;

/// What the files say made them. Without a version: an update changes no bytes by itself.
const CREATOR: &str = "vault-forms";

/// Sets a form: the bytes of a PDF/A-2b file. `issued` is the day the document bears.
///
/// Fails with `FormGlyphMissing`, `FormTooLong`, or `Internal` for a kind that has no template.
pub fn set(form: &Form, wording: &Wording, issued: Date, fonts: &Fonts) -> Outcome<Vec<u8>> {
    if form.lines.len() > FORM_LINES_MAX {
        let fault = Fault::new(Code::FormTooLong).with("count", form.lines.len());
        return Err(fault.with("limit", FORM_LINES_MAX));
    }
    let values = sheet::values(form, wording, issued, fonts)?;
    let world = FormWorld::new(fonts, form.kind, values)?;
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    let set = output.map_err(|errors| failed(form, &errors)).and_then(|document| {
        typst_pdf::pdf(&document, &options(form)?).map_err(|errors| failed(form, &errors))
    });
    // What was kept for the next pass over the same form holds names; nobody comes back for it.
    typst::comemo::evict(0);
    set
}

fn options(form: &Form) -> Outcome<PdfOptions> {
    let standards = PdfStandards::new(&[PdfStandard::A_2b]);
    let standards = standards.map_err(|error| {
        Fault::new(Code::Internal).with("kind", form.kind).with("reason", error.message())
    })?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{form:?}")),
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        standards,
        ..PdfOptions::default()
    })
}

/// The first of the reasons; it is about the template or the fonts, never for people to mend.
fn failed(form: &Form, errors: &[SourceDiagnostic]) -> Fault {
    let reason = errors.first().map(|error| error.message.to_string()).unwrap_or_default();
    Fault::new(Code::Internal).with("kind", form.kind).with("reason", reason)
}

#[cfg(test)]
mod tests;
