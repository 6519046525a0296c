//! Writes an example of each form, to be looked at: `cargo run -p vault-forms --example samples DIR`.
//!
//! Promises: writes below that directory only.

mod forms;

use std::path::Path;
use std::process::ExitCode;
use vault_core::fault::Outcome;
use vault_core::wording::{Language, Wording};
use vault_forms::Fonts;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1) else { return ExitCode::from(2) };
    match write(Path::new(&directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[expect(clippy::disallowed_methods, reason = "examples are no files of a vault")]
fn write(directory: &Path) -> Outcome<()> {
    let fonts = Fonts::find(None)?;
    let issued =
        vault_core::clock::Date::of(vault_core::clock::UtcTime::from_ms(1_795_000_000_000));
    for language in Language::ALL {
        let wording = Wording::new(language);
        for form in forms::all() {
            let bytes = vault_forms::set(&form, &wording, issued, &fonts)?;
            let name = format!("{}.{}.pdf", form.kind, language.tag());
            let path = directory.join(name);
            std::fs::write(&path, bytes)
                .map_err(|error| vault_core::fault::Fault::from_file(error, &path))?;
        }
    }
    Ok(())
}
