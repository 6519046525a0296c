//! Forms set in type, with the fonts that the vault's settings name.
//!
//! Promises: fonts are loaded before the first form is made, so that what is missing is known
//! before anything else is done.

use crate::context::Context;
use crate::failure::Answer;
use vault_core::access::{Form, Points};
use vault_core::clock::Date;
use vault_core::fault::Outcome;
use vault_core::wording::Wording;
use vault_forms::Fonts;

/// Sets forms in one language.
#[derive(Debug)]
pub(crate) struct Typesetter<'a> {
    fonts: Fonts,
    wording: &'a Wording,
}

impl<'a> Typesetter<'a> {
    /// With the fonts of the vault's settings, else the system's.
    pub(crate) fn new(context: &'a Context) -> Answer<Self> {
        let fonts = Fonts::find(context.settings()?.forms.fonts.as_deref())?;
        Ok(Self { fonts, wording: &context.wording })
    }

    /// The mark of a copy, drawn.
    pub(crate) fn draw(&self, words: &str) -> Outcome<Points> {
        vault_forms::mark(words, &self.fonts)
    }

    /// The bytes of a PDF/A file.
    pub(crate) fn set(&self, form: &Form, issued: Date) -> Outcome<Vec<u8>> {
        vault_forms::set(form, self.wording, issued, &self.fonts)
    }
}
