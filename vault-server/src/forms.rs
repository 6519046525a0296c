//! Forms set in type for people who ask over the network.
//!
//! Promises: fonts are loaded off the threads that serve, and let go of afterwards: some 100 MB
//! that few requests need. Setting a form takes its thread out of serving meanwhile.

use crate::state::App;
use tokio::runtime::{Handle, RuntimeFlavor};
use vault_core::access::{Form, Points};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::settings::Settings;
use vault_core::wording::Wording;
use vault_forms::Fonts;

/// Sets forms in one language.
pub struct Typesetter {
    fonts: Fonts,
    wording: &'static Wording,
}

impl Typesetter {
    /// With the fonts of the vault's settings, else the system's.
    pub async fn new(app: &App, wording: &'static Wording) -> Outcome<Self> {
        let directory = app.vault.directory().to_owned();
        let load = move || Fonts::find(Settings::read(&directory)?.forms.fonts.as_deref());
        let fonts = tokio::task::spawn_blocking(load).await;
        let fonts = fonts.map_err(|error| Fault::new(Code::Internal).caused_by(error))??;
        Ok(Self { fonts, wording })
    }

    /// The mark of a copy, drawn.
    pub fn draw(&self, words: &str) -> Outcome<Points> {
        vault_forms::mark(words, &self.fonts)
    }

    /// The bytes of a PDF/A file.
    pub fn set(&self, form: &Form, issued: Date) -> Outcome<Vec<u8>> {
        let work = || vault_forms::set(form, self.wording, issued, &self.fonts);
        match Handle::current().runtime_flavor() {
            RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
            _ => work(),
        }
    }
}
