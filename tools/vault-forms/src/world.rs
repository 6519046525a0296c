//! What Typst may see while it sets a form: the templates of this crate, the fonts, the form.
//!
//! Promises: no file of the machine, no network and no clock can be reached from a template; what
//! stands in a form reaches it as values, never as source text, so that nothing written into a
//! name can become markup.

use crate::fonts::Fonts;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use vault_core::fault::{Code, Fault, Outcome};

/// The templates by name.
const TEMPLATES: [(&str, &str); 15] = [
    ("sheet.typ", include_str!("../templates/sheet.typ")),
    ("notice.typ", include_str!("../templates/notice.typ")),
    ("preservation-list.typ", include_str!("../templates/preservation-list.typ")),
    ("transfer-list.typ", include_str!("../templates/transfer-list.typ")),
    ("custody-log.typ", include_str!("../templates/custody-log.typ")),
    ("copy-statement.typ", include_str!("../templates/copy-statement.typ")),
    ("no-recording-statement.typ", include_str!("../templates/no-recording-statement.typ")),
    ("legal-opinion.typ", include_str!("../templates/legal-opinion.typ")),
    ("destruction-record.typ", include_str!("../templates/destruction-record.typ")),
    ("volume-label.typ", include_str!("../templates/volume-label.typ")),
    ("disposal.typ", include_str!("../templates/disposal.typ")),
    ("inspection-notice.typ", include_str!("../templates/inspection-notice.typ")),
    ("correction-notice.typ", include_str!("../templates/correction-notice.typ")),
    ("inspection-report.typ", include_str!("../templates/inspection-report.typ")),
    ("inspection-evaluation.typ", include_str!("../templates/inspection-evaluation.typ")),
];

/// The world of one form.
pub(crate) struct FormWorld<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: FileId,
}

impl<'a> FormWorld<'a> {
    /// The world in which the template of that kind is set with these values.
    pub(crate) fn new(fonts: &'a Fonts, kind: &str, values: Dict) -> Outcome<Self> {
        let name = format!("{kind}.typ");
        let unknown = || Fault::new(Code::Internal).with("kind", kind);
        if !TEMPLATES.iter().any(|(known, _)| *known == name) {
            return Err(unknown());
        }
        let path = VirtualPath::new(&name).map_err(|_| unknown())?;
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        let library = LazyHash::new(Library::builder().with_inputs(values).build());
        Ok(Self { library, fonts, main })
    }
}

fn template(id: FileId) -> FileResult<&'static str> {
    let path = id.get().vpath().get_without_slash();
    let found = TEMPLATES.iter().find(|(name, _)| *name == path);
    found.map(|(_, text)| *text).ok_or_else(|| FileError::NotFound(path.into()))
}

impl World for FormWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        Ok(Source::new(id, template(id)?.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        Ok(Bytes::from_string(template(id)?))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
