//! `--xlsx FILE`: a list as a spreadsheet instead of lines.
//!
//! Promises: the rows are those the call would have printed; an output file is whole or not there,
//! and never overwrites one; a file that was cut says so, and so does the call.

use crate::commands::read::Sink;
use crate::context::Context;
use crate::failure::Answer;
use crate::output;
use crate::view::shown_path;
use clap::ArgMatches;
use std::path::{Path, PathBuf};
use vault_core::policy::Actor;
use vault_core::tables::Table;
use vault_core::wording::Wording;
use vault_sheets::{Notes, Sheet};

/// A file under way, for lists that are read page by page.
pub(crate) struct Export<'a, T: 'static> {
    sheet: Sheet<'a, T>,
    target: PathBuf,
    notes: Notes,
}

impl<'a, T> Export<'a, T> {
    /// A file if the call asks for one; `scratch` is the vault's directory.
    pub(crate) fn asked(
        context: &'a Context,
        matches: &ArgMatches,
        (table, actor): (&'static Table<T>, &Actor),
        scratch: &Path,
    ) -> Answer<Option<Self>> {
        let Some(target) = matches.get_one::<PathBuf>("xlsx").cloned() else { return Ok(None) };
        let wording: &Wording = &context.wording;
        let notes = Notes {
            made: context.clock.now(),
            person: actor.person().to_owned(),
            asked: String::new(),
        };
        Ok(Some(Self { sheet: Sheet::new(table, wording, scratch)?, target, notes }))
    }

    /// Adds rows; gives whether there is room for more.
    pub(crate) fn add(&mut self, rows: &[T]) -> Answer<bool> {
        self.sheet.add(rows)?;
        Ok(self.sheet.room() > 0)
    }

    /// Says that there were more rows.
    pub(crate) fn cut(&mut self) {
        self.sheet.cut();
    }

    /// Writes the file.
    pub(crate) fn finish(self, context: &Context) -> Answer<()> {
        let (bytes, cut) = self.sheet.finish(&self.notes)?;
        let mut sink = Sink::new(Some(self.target.clone()));
        let written = sink.whole(&bytes);
        if written.is_err() {
            sink.abandon();
        }
        written?;
        output::note(&context.text("ctl-xlsx-done", &[("path", &shown_path(&self.target))]));
        if let Some(rows) = cut {
            output::note(&context.text("table-notes-cut", &[("rows", &rows.to_string())]));
        }
        Ok(())
    }
}

/// Writes a list that is whole into the file the call asks for; gives whether it asks for one.
pub(crate) fn given<T>(
    context: &Context,
    matches: &ArgMatches,
    (table, actor): (&'static Table<T>, &Actor),
    rows: &[T],
) -> Answer<bool> {
    let scratch = context.directory()?;
    let Some(mut export) = Export::asked(context, matches, (table, actor), &scratch)? else {
        return Ok(false);
    };
    export.add(rows)?;
    export.finish(context)?;
    Ok(true)
}
