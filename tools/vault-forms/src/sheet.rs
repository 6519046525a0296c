//! A form put into words: title, number, labels, fields and lines as people read them.
//!
//! Promises: codes become the words of the catalogue, days and times are written out, what is empty
//! is crossed through so that nothing can be added later; whatever could mislead a reader is
//! escaped. Every character has a glyph, or the fault names it: a name is never set with an empty
//! box in it.

use crate::fonts::Fonts;
use typst::foundations::{Array, Dict, IntoValue, Value};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use vault_core::access::Form;
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::preservation::OWN_STORE;
use vault_core::wording::{Family, Language, Wording, shown};

/// The texts a form may have beside its title, as attributes of its entry in the catalogue.
const WORDS: [&str; 16] = [
    "opening", "body", "basis", "copies", "box-1", "box-2", "box-3", "box-4", "seal", "space-1",
    "space-2", "space-3", "list-1", "list-2", "list-3", "list-4",
];

/// The words that all forms share: their key, and their name in the templates.
const COMMON: [(&str, &str); 2] =
    [("forms-date-blank", "date-blank"), ("forms-none-listed", "none-listed")];

/// Everything that the template of this form is given.
pub(crate) fn values(form: &Form, wording: &Wording, issued: Date, fonts: &Fonts) -> Outcome<Dict> {
    let key = format!("forms-{}", form.kind);
    if !wording.has(&key) {
        return Err(Fault::new(Code::Internal).with("kind", form.kind));
    }
    let fields: Vec<(&str, String)> =
        form.fields.iter().map(|(code, text)| (*code, written(code, text, wording))).collect();
    let fields: Vec<_> =
        fields.into_iter().map(|(code, text)| (code, named(code, text, fonts))).collect();
    let words = words(&key, form, &fields, issued, wording);
    // Fields first: a fault then names the field, not the sentence it also stands in.
    let mut sheet = Dict::new();
    put(&mut sheet, "fields", dictionary(fields));
    put(&mut sheet, "lines", lines(form, wording, fonts));
    put(&mut sheet, "title", wording.text(&key, &[]));
    put(&mut sheet, "number", number(form, wording));
    put(&mut sheet, "words", words);
    put(&mut sheet, "labels", labels(form, wording));
    check(&sheet.clone().into_value(), "", fonts).map_err(|(character, place)| {
        let value = format!("{character} U+{:04X}", u32::from(character));
        let fault = Fault::new(Code::FormGlyphMissing).with("value", value);
        fault.with("key", wording.name(Family::Form, &place))
    })?;
    if let Some((_, text)) = form.fields.iter().find(|(code, _)| *code == "qr") {
        put(&mut sheet, "qr", modules(text)?);
    }
    put(&mut sheet, "issued", day(issued)?);
    put(&mut sheet, "lang", language(wording));
    put(&mut sheet, "text-fonts", families(&fonts.text));
    put(&mut sheet, "title-fonts", families(&fonts.title));
    Ok(sheet)
}

/// A text as the rows of a QR code, `1` for a dark module: a quarter of it may be lost.
fn modules(text: &str) -> Outcome<Array> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::Q)
        .map_err(|error| Fault::new(Code::Internal).with("what", "qr").caused_by(error))?;
    let dark: String = code.to_colors().into_iter().map(|module| module.select('1', '0')).collect();
    let rows = dark.as_bytes().chunks(code.width());
    Ok(rows.map(|row| String::from_utf8_lossy(row).into_owned().into_value()).collect())
}

fn put(dictionary: &mut Dict, name: &str, value: impl IntoValue) {
    dictionary.insert(name.into(), value.into_value());
}

fn dictionary<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Dict {
    let mut dictionary = Dict::new();
    for (name, text) in pairs {
        put(&mut dictionary, name, text);
    }
    dictionary
}

fn families(names: &[String]) -> Array {
    names.iter().map(|name| name.clone().into_value()).collect()
}

fn language(wording: &Wording) -> &'static str {
    match wording.language() {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

/// 文号, where the form has one: 〔2026〕1号.
fn number(form: &Form, wording: &Wording) -> String {
    let of = |code| form.fields.iter().find(|(name, _)| *name == code).map(|(_, text)| text);
    match (of("year"), of("number")) {
        (Some(year), Some(number)) => {
            wording.text("notice-number", &[("year", year), ("number", number)])
        }
        _ => String::new(),
    }
}

/// The texts of a form. They may use what stands in the fields, and choose by `…_code`, which is
/// what stands there before it is put into words.
fn words(
    key: &str,
    form: &Form,
    fields: &[(&str, String)],
    issued: Date,
    wording: &Wording,
) -> Dict {
    let name = |code: &str| code.replace('-', "_");
    let written = fields.iter().map(|(code, text)| (name(code), text.as_str()));
    let codes = form.fields.iter().map(|(code, text)| (name(code) + "_code", text.as_str()));
    let values: Vec<(String, &str)> = written.chain(codes).collect();
    let values: Vec<(&str, &str)> =
        values.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let own = WORDS.iter().filter_map(|name| Some((*name, wording.attribute(key, name, &values)?)));
    let common = COMMON.iter().map(|(key, name)| (*name, wording.text(key, &[])));
    // The numbers of pages are known to the template alone.
    let page = wording.text("forms-page", &[("page", "{page}"), ("pages", "{pages}")]);
    let issued = wording.text("forms-issued", &[("date", &written_date(issued, wording))]);
    dictionary(own.chain(common).chain([("page", page), ("issued", issued)]))
}

fn labels(form: &Form, wording: &Wording) -> Dict {
    let fields = form.fields.iter().map(|(code, _)| (*code, *code));
    // A number is that of the document among fields, and that of the line among columns.
    let column = |code: &&'static str| (*code, if *code == "number" { "seq" } else { code });
    let all = fields.chain(form.columns.iter().map(column));
    dictionary(all.map(|(code, name)| (code, wording.name(Family::Form, name))))
}

fn lines(form: &Form, wording: &Wording, fonts: &Fonts) -> Array {
    let line = |line: &Vec<String>| {
        let cells = form.columns.iter().zip(line);
        dictionary(
            cells.map(|(code, text)| (*code, named(code, in_line(code, text, wording), fonts))),
        )
        .into_value()
    };
    form.lines.iter().map(line).collect()
}

/// The name of a file comes from a device, not from a person, and its digest says which it is: what
/// no font has is written out in it, as `\u{1f600}`, so that no name keeps evidence from its list.
/// Elsewhere that is done only with what Unicode gives to no character, which no font will ever
/// have: what once was said with one in it is on record for ever, and so is what is printed of it.
fn named(code: &str, text: String, fonts: &Fonts) -> String {
    let written_out = |character: char| {
        (code == "name" || character.general_category() == GeneralCategory::Unassigned)
            && !set_able(character, fonts)
    };
    if !text.chars().any(written_out) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if written_out(character) {
            plain.extend(character.escape_unicode());
        } else {
            plain.push(character);
        }
    }
    plain
}

/// What stands in a line: as in a field, but days stay short.
fn in_line(code: &str, text: &str, wording: &Wording) -> String {
    let day = code.ends_with("-on") && !text.is_empty();
    if day { shown(text) } else { written(code, text, wording) }
}

/// What stands in a field, as people read it.
fn written(code: &str, text: &str, wording: &Wording) -> String {
    match code {
        "stretch-ms" if text.is_empty() => wording.text("forms-whole", &[]),
        "sha256" if text.is_empty() => wording.text("forms-not-taken", &[]),
        _ if text.is_empty() => wording.text("forms-nothing", &[]),
        "applicant" => wording.name(Family::Applicant, text),
        "mode" => wording.name(Family::Mode, text),
        "office" => wording.name(Family::Role, text),
        "event" => wording.name(Family::Event, text),
        "activity" => wording.name(Family::Activity, text),
        "account" => account(text, wording),
        "ground" => ground(text, wording),
        "strata" => {
            let names = text.split(' ').map(|one| wording.name(Family::Stratum, one));
            names.collect::<Vec<_>>().join(" / ")
        }
        "opinion" => wording.name(Family::Opinion, text),
        "recorded" | "uninterrupted" | "handled" => wording.name(Family::Answer, text),
        "correction" => wording.name(Family::Correction, text),
        "article" => {
            let word = |one: &str| wording.article(one).unwrap_or_else(|| shown(one));
            text.split(", ").map(word).collect::<Vec<_>>().join("; ")
        }
        "material" => wording.name(Family::Material, text),
        "stretch-ms" => stretch(text).unwrap_or_else(|| shown(text)),
        "because" => because(text, wording),
        "volumes" => carriers(text, wording),
        "stores" => {
            text.split("; ")
                .map(|name| {
                    if name == OWN_STORE {
                        wording.text("forms-own-store", &[])
                    } else {
                        shown(name)
                    }
                })
                .collect::<Vec<_>>()
                .join("; ")
        }
        "cases" => cases(text, wording),
        "carrier-kind" => wording.name(Family::VolumeMedium, text),
        "encryption" => wording.text(&format!("forms-{text}"), &[]),
        "bytes" => grouped(text),
        _ if code.ends_with("-on") => match text.parse() {
            Ok(date) => written_date(date, wording),
            Err(_) => shown(text),
        },
        _ => shown(text),
    }
}

/// `zhang handler` as an account and its role.
fn account(text: &str, wording: &Wording) -> String {
    let Some((account, role)) = text.rsplit_once(' ') else { return shown(text) };
    let values = [("account", &shown(account)), ("role", &wording.name(Family::Role, role))];
    wording.text("forms-account", &values.map(|(name, text)| (name, text.as_str())))
}

/// Lines of a code and what it says, in words: on which ground something was done.
fn ground(text: &str, wording: &Wording) -> String {
    let said = text.lines().filter_map(|line| {
        let (code, value) = line.split_once(':')?;
        let value = match code {
            "notice" => {
                let (year, number) = value.split_once('-')?;
                wording.text("notice-number", &[("year", year), ("number", number)])
            }
            "act" => wording.name(Family::Act, value),
            "why" => wording.name(Family::Reason, value),
            "article" => {
                let one = |code: &str| wording.article(code).unwrap_or_else(|| shown(code));
                let all: Vec<_> = value.split(", ").map(one).collect();
                all.join(&wording.text("fault-article-joint", &[]))
            }
            "trigger" => wording.name(Family::Trigger, value),
            "marker" => wording.name(Family::Marker, value),
            "decision" => wording.name(Family::Step, value),
            // Here it is a name and a range, not a kind and a count.
            "applicant" | "bytes" => shown(value),
            _ => written(code, value, wording),
        };
        Some(wording.text(&format!("forms-ground-{code}"), &[("value", &value)]))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// `original:A3.11 case-term:A3.11` in words.
fn because(text: &str, wording: &Wording) -> String {
    let reasons = text.split(' ').filter_map(|reason| {
        let (kind, article) = reason.split_once(':')?;
        let why = wording.name(Family::Kept, kind);
        let article = wording.article(article).unwrap_or_else(|| shown(article));
        Some(wording.text("forms-because", &[("why", &why), ("article", &article)]))
    });
    reasons.collect::<Vec<_>>().join("; ")
}

/// `JL-2026-0001 clear 1@档案室; 2@异地库房`, a line for each volume, in words.
fn carriers(text: &str, wording: &Wording) -> String {
    let copy = |copy: &str| {
        let (number, place) = copy.split_once('@')?;
        let values = [("copy", number), ("place", &shown(place))];
        Some(wording.text("forms-carrier-copy", &values))
    };
    let line = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (label, how, copies) = (parts.next()?, parts.next()?, parts.next()?);
        let copies: Vec<_> = copies.split("; ").filter_map(copy).collect();
        let how = wording.text(&format!("forms-{how}"), &[]);
        let values = [("label", label), ("how", &how), ("copies", &copies.join("; "))];
        Some(wording.text("forms-carrier-line", &values))
    };
    text.lines().filter_map(line).collect::<Vec<_>>().join("; ")
}

/// Case numbers with a line for each; before them is how many more there are. Where none is named,
/// the volume is encrypted.
fn cases(text: &str, wording: &Wording) -> String {
    let (more, cases) = text.split_once('\n').unwrap_or(("0", text));
    if cases.is_empty() {
        return wording.text("forms-cases-unnamed", &[("count", more)]);
    }
    let cases: Vec<_> = cases.lines().map(shown).collect();
    let cases = cases.join("; ");
    match more {
        "0" => cases,
        _ => wording.text("forms-cases", &[("cases", &cases), ("more", more)]),
    }
}

/// Year, month and day, as `2026-01-05` has them.
fn parts(date: Date) -> Option<(i32, u8, u8)> {
    let text = date.to_string();
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    Some((year, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn written_date(date: Date, wording: &Wording) -> String {
    let Some((year, month, day)) = parts(date) else { return date.to_string() };
    // 2026年1月5日, and 2026-01-05.
    let width = if wording.language() == Language::Chinese { 1 } else { 2 };
    let (year, month, day) =
        (year.to_string(), format!("{month:0width$}"), format!("{day:0width$}"));
    wording.text("forms-date", &[("year", &year), ("month", &month), ("day", &day)])
}

fn day(date: Date) -> Outcome<Dict> {
    let invalid = || Fault::new(Code::ArgumentInvalid).with("value", date);
    let (year, month, day) = parts(date).ok_or_else(invalid)?;
    let mut dictionary = Dict::new();
    put(&mut dictionary, "year", i64::from(year));
    put(&mut dictionary, "month", i64::from(month));
    put(&mut dictionary, "day", i64::from(day));
    Ok(dictionary)
}

/// `65000-130500` as `0:01:05–0:02:10.500`.
fn stretch(text: &str) -> Option<String> {
    let (from, to) = text.split_once('-')?;
    let clock = |text: &str| {
        let ms: u64 = text.parse().ok()?;
        let (seconds, rest) = (ms / 1_000, ms % 1_000);
        let whole = format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        Some(if rest == 0 { whole } else { format!("{whole}.{rest:03}") })
    };
    Some(format!("{}–{}", clock(from)?, clock(to)?))
}

/// A count with its digits in threes, as `1 234 567`, never parted.
fn grouped(text: &str) -> String {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return shown(text);
    }
    let digits: Vec<char> = text.chars().collect();
    let threes: Vec<String> = digits.rchunks(3).rev().map(|three| three.iter().collect()).collect();
    threes.join("\u{a0}")
}

/// Fails with the first character that no font has, and the name it stands under.
fn check(value: &Value, place: &str, fonts: &Fonts) -> Result<(), (char, String)> {
    match value {
        Value::Str(text) => match text.chars().find(|character| !set_able(*character, fonts)) {
            None => Ok(()),
            Some(character) => Err((character, place.to_owned())),
        },
        Value::Array(all) => all.iter().try_for_each(|inner| check(inner, place, fonts)),
        Value::Dict(all) => all.iter().try_for_each(|(name, inner)| check(inner, name, fonts)),
        _ => Ok(()),
    }
}

/// Selectors of variants have no glyph of their own: they choose that of the character before.
fn set_able(character: char, fonts: &Fonts) -> bool {
    matches!(u32::from(character), 0xFE00..=0xFE0F | 0xE0100..=0xE01EF) || fonts.cover(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_counts_and_stretches_are_written_out() {
        let chinese = Wording::new(Language::Chinese);
        assert_eq!(written("issued-on", "2026-01-05", &chinese), "2026年1月5日");
        assert_eq!(written("issued-on", "soon", &chinese), "soon");
        assert_eq!(written("bytes", "1234567", &chinese), "1\u{a0}234\u{a0}567");
        assert_eq!(written("bytes", "12x", &chinese), "12x");
        assert_eq!(written("stretch-ms", "65000-130500", &chinese), "0:01:05–0:02:10.500");
        assert_eq!(written("stretch-ms", "", &chinese), "全部");
        assert_eq!(written("maker", "", &chinese), "／");
        assert_eq!(written("maker", "a\u{202e}b", &chinese), "a\\u{202e}b");
        let english = Wording::new(Language::English);
        assert_eq!(written("issued-on", "2026-01-05", &english), "2026-01-05");
    }
}
