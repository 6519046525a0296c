//! The fonts that forms are set in: Noto Serif CJK as Debian brings it, before it the agency's own.
//!
//! Promises: the font that has a glyph for every name is there, or nothing is set and the fault
//! says which package brings it; the same files give the same choice. An agency's licensed 仿宋 and
//! 小标宋 (GB/T 9704) are taken from a directory it names, and come first. Never searches the
//! system: what a form looks like depends on files that somebody chose.

use std::path::{Path, PathBuf};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::limits::{FONT_BYTES_MAX, FONT_FILES_MAX};

/// The Debian package that brings the fonts.
pub const PACKAGE: &str = "fonts-noto-cjk";

/// Where that package puts them: regular for text, bold for titles.
const PLACES: [&str; 2] = [
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
];

/// The family of that package for the mainland's shapes of characters.
const FAMILY: &str = "Noto Serif CJK SC";

/// What the name of a 仿宋 font contains, in lower case.
const FANGSONG: [&str; 3] = ["fangsong", "fandolfang", "仿宋"];

/// What the name of a 小标宋 font contains, in lower case.
const TITLE: [&str; 2] = ["xiaobiaosong", "小标宋"];

/// Fonts, loaded.
pub struct Fonts {
    pub(crate) faces: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
    /// Families for text, the preferred one first.
    pub(crate) text: Vec<String>,
    /// Families for titles, the preferred one first.
    pub(crate) title: Vec<String>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Fonts({})", self.text.join(", "))
    }
}

impl Fonts {
    /// Loads the fonts: those of the directory, if one is named, then Debian's. A directory that
    /// holds Noto Serif CJK itself does without the package. Fails with `FormFontMissing`.
    pub fn find(directory: Option<&Path>) -> Outcome<Self> {
        Self::find_in(directory, &PLACES)
    }

    /// The same, with other places for those of the package.
    pub(crate) fn find_in(directory: Option<&Path>, places: &[&str]) -> Outcome<Self> {
        let mut own = Vec::new();
        if let Some(directory) = directory {
            for path in files(directory)? {
                own.extend(load(&path)?);
            }
        }
        let has_family = |fonts: &[Font]| fonts.iter().any(|font| font.info().family == FAMILY);
        let mut fonts = own;
        let own_families = families(&fonts);
        if !has_family(&fonts) {
            for place in places {
                fonts.extend(load(Path::new(place))?);
            }
        }
        if !has_family(&fonts) {
            return Err(missing(Path::new(places.first().copied().unwrap_or_default())));
        }
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        let (text, title) = (chain(&own_families, &FANGSONG), chain(&own_families, &TITLE));
        Ok(Self { faces: fonts, book, text, title })
    }

    /// Whether a glyph is there for the character.
    pub(crate) fn cover(&self, character: char) -> bool {
        let has = |font: &Font| font.info().coverage.contains(u32::from(character));
        self.faces.iter().any(has)
    }
}

/// The families wanted before the one that has every character.
fn chain(own: &[String], wanted: &[&str]) -> Vec<String> {
    let fits = |family: &&String| {
        let name = family.to_lowercase();
        wanted.iter().any(|part| name.contains(part))
    };
    own.iter().filter(fits).cloned().chain([FAMILY.to_owned()]).collect()
}

fn families(fonts: &[Font]) -> Vec<String> {
    let mut names: Vec<_> = fonts.iter().map(|font| font.info().family.clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn missing(path: &Path) -> Fault {
    Fault::new(Code::FormFontMissing).with("name", PACKAGE).with("path", path.display())
}

/// The font files of a directory, in the order of their names.
fn files(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let failed = |error| Fault::from_file(error, directory);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if ending.is_some_and(|ending| ["otf", "ttf", "ttc", "otc"].contains(&ending.as_str())) {
            found.push(path);
        }
    }
    if found.len() > FONT_FILES_MAX {
        let fault = Fault::new(Code::SettingInvalid).with("path", directory.display());
        return Err(fault.with("count", found.len()).with("limit", FONT_FILES_MAX));
    }
    found.sort();
    Ok(found)
}

fn load(path: &Path) -> Outcome<Vec<Font>> {
    let bytes = match std::fs::metadata(path) {
        Ok(found) if found.len() <= FONT_BYTES_MAX => std::fs::read(path),
        Ok(found) => {
            let fault = Fault::new(Code::SettingInvalid).with("path", path.display());
            return Err(fault.with("bytes", found.len()).with("limit", FONT_BYTES_MAX));
        }
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => missing(path),
        _ => Fault::from_file(error, path),
    })?;
    let all = Font::iter(Bytes::new(bytes));
    // A collection of Noto holds five regions; the others would only be read for nothing.
    let wanted = |font: &Font| {
        let family = &font.info().family;
        !family.starts_with("Noto Serif CJK") || family == FAMILY
    };
    Ok(all.filter(wanted).collect())
}
