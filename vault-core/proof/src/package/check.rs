//! The check of a whole package, in the order in which a stranger would do it.

use super::contents::{Contents, Digests};
use super::custody;
use super::excerpt::ExcerptRecord;
use super::files::Files;
use super::manifest::{self, Lines};
use super::part::PartHasher;
use super::problem::{Excerpt, Problem, Report, Verdict, What};
use super::record::{self, RECORD_BYTES_MAX, Record};
use super::seal::Seal;
use super::statement::{Excerpted, Included, Statement};
use super::{BAGIT, FORMAT_LINE, WHOLE_BYTES_MAX, data, top};
use crate::checkpoint::Checkpoint;
use crate::note::{NOTE_BYTES_MAX, VerifierKey};
use std::collections::BTreeSet;

/// The largest `bag-info.txt`: a few lines.
const BAG_INFO_BYTES_MAX: u64 = 64 * 1024;

/// Checks a package. `pin` is the vault's key from outside the package; without it nothing but
/// agreement with itself can be said. `progress` is told the bytes read.
pub fn verify(
    files: &dyn Files,
    pin: Option<&VerifierKey>,
    progress: &mut dyn FnMut(u64),
) -> Report {
    let mut contents = Contents::list(files, progress);
    let statement = statement(&mut contents);
    let own = statement.as_ref().and_then(|found| VerifierKey::parse(&found.origin).ok());
    if let (Some(pin), Some(own)) = (pin, &own)
        && pin != own
    {
        contents.problem(data::STATEMENT, What::OtherKey);
    }
    let key = pin.cloned().or(own);
    match &key {
        Some(key) => seal(&mut contents, key),
        None => contents.problem(data::STATEMENT, What::Signature),
    }
    let (mut events, mut excerpts) = (0, Vec::new());
    if let (Some(statement), Some(key)) = (&statement, &key) {
        let checkpoint = checkpoint(&mut contents, statement, key);
        let leaves = custody::leaves(&mut contents, statement, key, checkpoint.as_deref());
        events = leaves.len() as u64;
        excerpts = recordings(&mut contents, statement, &leaves);
        accounted(&mut contents, statement);
    }
    bag(&mut contents);
    let (files, bytes) = (contents.lengths.len() as u64, contents.bytes);
    let report =
        conclude(statement, pin.is_some(), contents.into_problems(), (files, bytes, events));
    Report { excerpts, ..report }
}

fn conclude(
    statement: Option<Statement>,
    pinned: bool,
    problems: Vec<Problem>,
    (files, bytes, events): (u64, u64, u64),
) -> Report {
    let verdict = match (problems.is_empty(), pinned) {
        (false, _) => Verdict::NotValid,
        (true, true) => Verdict::Valid,
        (true, false) => Verdict::SelfAsserted,
    };
    let mut report = Report {
        verdict,
        origin: String::new(),
        copy_mark: String::new(),
        included: Vec::new(),
        excerpts: Vec::new(),
        missing: Vec::new(),
        files,
        bytes,
        events,
        problems,
    };
    if let Some(found) = statement {
        report.included = found.included.iter().map(|entry| entry.recording).collect();
        let withheld = found.withheld.iter().map(|entry| entry.recording);
        let unreadable = found.unreadable.iter().map(|entry| entry.recording);
        report.missing = withheld.chain(unreadable).collect();
        report.origin = found.origin;
        report.copy_mark = found.copy_mark;
    }
    report
}

fn statement(contents: &mut Contents<'_>) -> Option<Statement> {
    let bytes = contents.whole(data::STATEMENT, WHOLE_BYTES_MAX)?;
    let statement = Statement::decode(&bytes);
    if statement.is_err() {
        contents.problem(data::STATEMENT, What::Form);
    }
    statement.ok()
}

fn text(contents: &mut Contents<'_>, name: &str, bytes_max: u64) -> Option<String> {
    let bytes = contents.whole(name, bytes_max)?;
    let text = String::from_utf8(bytes).ok();
    if text.is_none() {
        contents.problem(name, What::Form);
    }
    text
}

/// The signature over the tag manifests, and the tag manifests over the other tag files.
fn seal(contents: &mut Contents<'_>, key: &VerifierKey) {
    let sha256 = contents.whole(top::TAG_SHA256, WHOLE_BYTES_MAX);
    let sha512 = contents.whole(top::TAG_SHA512, WHOLE_BYTES_MAX);
    let note = text(contents, top::SIGNATURE, NOTE_BYTES_MAX as u64);
    let (Some(sha256), Some(sha512)) = (sha256, sha512) else { return };
    if let Some(note) = note
        && Seal::over(key.name(), &sha256, &sha512).check(&note, key).is_err()
    {
        contents.problem(top::SIGNATURE, What::Signature);
    }
    let listed = |name: &str| top::LISTED.contains(&name);
    let names: BTreeSet<String> = top::LISTED.map(str::to_owned).into();
    let sha256 = lines(contents, top::TAG_SHA256, &sha256, 32);
    let sha512 = lines(contents, top::TAG_SHA512, &sha512, 64);
    for name in &names {
        if name == top::BAGIT || name == top::BAG_INFO || name.starts_with("manifest-") {
            // Read whole, and so hashed, by `bag`.
            continue;
        }
        contents.stream(name, false);
    }
    for (manifest, lines) in [(top::TAG_SHA256, sha256), (top::TAG_SHA512, sha512)] {
        let Some(lines) = lines else { continue };
        for name in lines.keys().filter(|name| !listed(name)) {
            contents.problem(name, What::Missing);
        }
        if names.iter().any(|name| !lines.contains_key(name)) {
            contents.problem(manifest, What::Missing);
        }
        contents.expect(manifest, lines);
    }
}

fn lines(
    contents: &mut Contents<'_>,
    name: &str,
    bytes: &[u8],
    digest_bytes: usize,
) -> Option<Lines> {
    let lines = manifest::parse(bytes, digest_bytes);
    if lines.is_none() {
        contents.problem(name, What::Form);
    }
    lines
}

/// The signed checkpoint, to the letter.
fn checkpoint(
    contents: &mut Contents<'_>,
    statement: &Statement,
    key: &VerifierKey,
) -> Option<String> {
    let note = text(contents, data::CHECKPOINT, NOTE_BYTES_MAX as u64)?;
    match Checkpoint::open(&note, key) {
        Err(_) => contents.problem(data::CHECKPOINT, What::Signature),
        Ok(found) if (found.size, found.root) != (statement.size, statement.root) => {
            contents.problem(data::CHECKPOINT, What::OtherCheckpoint);
        }
        Ok(_) => {}
    }
    Some(note)
}

fn recordings(
    contents: &mut Contents<'_>,
    statement: &Statement,
    leaves: &custody::Leaves,
) -> Vec<Excerpt> {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    for entry in &statement.included {
        let original = contents.stream(&entry.original, true).cloned();
        if let Some(original) = &original
            && (original.blake3 != entry.recording.to_string() || original.bytes != entry.bytes)
        {
            contents.problem(&entry.original, What::OriginalDiffers);
        }
        let record = record_of(contents, entry, original.as_ref());
        custody::chain(contents, leaves, entry, original.as_ref());
        rows.push(record.map(|record| (entry.original.clone(), record.row())));
    }
    for entry in &statement.excerpts {
        let record = record_of(contents, &entry.of, None);
        // What its events say of the whole is held against what its record says of it.
        let said = record.as_ref().map(Digests::said);
        custody::chain(contents, leaves, &entry.of, said.as_ref());
        let excerpt = excerpt_of(contents, entry);
        let row = record.zip(excerpt).map(|(record, (excerpt, bytes))| {
            let (begins_ms, ends_ms) = (entry.begins_ms, entry.ends_ms);
            let (recording, as_recorded) = (entry.of.recording, excerpt.bytes_as_recorded());
            found.push(Excerpt { recording, begins_ms, ends_ms, bytes, as_recorded });
            (entry.of.original.clone(), record.excerpt_row(&excerpt.file))
        });
        rows.push(row);
    }
    let integrity = contents.whole(data::INTEGRITY, WHOLE_BYTES_MAX);
    if let (Some(integrity), Some(rows)) = (integrity, rows.into_iter().collect::<Option<Vec<_>>>())
        && integrity != record::integrity(&rows)
    {
        contents.problem(data::INTEGRITY, What::IntegrityDiffers);
    }
    found
}

/// Checks what an excerpt was cut from: that those bytes are part of the recording, and that what
/// the excerpt has of them is what stands there. Gives its record, and its length.
fn excerpt_of(contents: &mut Contents<'_>, entry: &Excerpted) -> Option<(ExcerptRecord, u64)> {
    let name = entry.excerpt();
    let bytes = contents.whole(&name, WHOLE_BYTES_MAX)?;
    let Ok(record) = ExcerptRecord::decode(&bytes) else {
        contents.problem(&name, What::Form);
        return None;
    };
    if (record.recording, record.part.total()) != (entry.of.recording, entry.of.bytes) {
        contents.problem(&name, What::RecordDiffers);
        return None;
    }
    let slices = record.in_excerpt().zip(record.in_source());
    let Some((mut in_excerpt, mut in_source)) = slices else {
        contents.problem(&name, What::Form);
        return None;
    };
    let mut hasher = PartHasher::new(&record.part);
    let source = contents.pieces(&entry.source(), false, &mut |piece| {
        hasher.push(piece);
        in_source.push(piece);
    })?;
    let proved = hasher.finish(&record.proof) == Some(entry.of.recording);
    if !proved || source.bytes != record.part.bytes() {
        contents.problem(&entry.source(), What::SourceNotProved);
    }
    let found = contents.pieces(&entry.of.original, true, &mut |piece| in_excerpt.push(piece))?;
    let file = &record.file;
    let same = (&found.sha256, &found.sm3) == (&file.sha256, &file.sm3)
        && (found.bytes, found.blake3) == (file.bytes, file.blake3.to_string());
    let (in_excerpt, in_source) = (in_excerpt.finish(), in_source.finish());
    if !same || in_excerpt != in_source || in_excerpt.iter().any(Option::is_none) {
        contents.problem(&entry.of.original, What::ExcerptDiffers);
    }
    Some((record, found.bytes))
}

fn record_of(
    contents: &mut Contents<'_>,
    entry: &Included,
    original: Option<&Digests>,
) -> Option<Record> {
    let name = entry.record();
    let bytes = contents.whole(&name, RECORD_BYTES_MAX)?;
    let Ok(record) = Record::decode(&bytes) else {
        contents.problem(&name, What::Form);
        return None;
    };
    let same = original
        .is_none_or(|original| (&original.sha256, &original.sm3) == (&record.sha256, &record.sm3));
    if !same || (record.recording, record.bytes) != (entry.recording, entry.bytes) {
        contents.problem(&name, What::RecordDiffers);
    }
    Some(record)
}

/// That the statement accounts for every file below `data/`, and every file it names is there.
fn accounted(contents: &mut Contents<'_>, statement: &Statement) {
    let expected = statement.files();
    let there: BTreeSet<String> =
        contents.lengths.keys().filter(|name| name.starts_with("data/")).cloned().collect();
    for name in expected.difference(&there) {
        contents.problem(name, What::Missing);
    }
    for name in there.difference(&expected) {
        contents.problem(name, What::Extra);
    }
}

/// What BagIt demands: its files, its manifests complete both ways, its counts.
fn bag(contents: &mut Contents<'_>) {
    if contents.whole(top::BAGIT, BAG_INFO_BYTES_MAX).is_some_and(|b| b != BAGIT.as_bytes()) {
        contents.problem(top::BAGIT, What::Form);
    }
    let payload: Vec<String> =
        contents.lengths.keys().filter(|name| name.starts_with("data/")).cloned().collect();
    for name in &payload {
        contents.stream(name, false);
    }
    for (manifest, digest_bytes) in [(top::SHA256, 32), (top::SHA512, 64), (top::BLAKE3, 32)] {
        let Some(bytes) = contents.whole(manifest, WHOLE_BYTES_MAX) else { continue };
        let Some(lines) = lines(contents, manifest, &bytes, digest_bytes) else { continue };
        for name in payload.iter().filter(|name| !lines.contains_key(*name)) {
            contents.problem(name, What::Extra);
        }
        for name in lines.keys().filter(|name| !name.starts_with("data/")) {
            contents.problem(name, What::Extra);
        }
        contents.expect(manifest, lines);
    }
    if let Some(info) = text(contents, top::BAG_INFO, BAG_INFO_BYTES_MAX) {
        let total = payload.iter().filter_map(|name| contents.lengths.get(name)).sum::<u64>();
        let sum = format!("Payload-Oxum: {total}.{}", payload.len());
        let once = |line: &str| info.lines().filter(|found| *found == line).count() == 1;
        let sums = info.lines().filter(|line| line.starts_with("Payload-Oxum:")).count();
        if !once(&sum) || sums != 1 || !once(FORMAT_LINE) {
            contents.problem(top::BAG_INFO, What::BagInfo);
        }
    }
    let loose: Vec<String> =
        contents.lengths.keys().filter(|name| !name.starts_with("data/")).cloned().collect();
    let known = |name: &str| top::LISTED.contains(&name) || top::UNLISTED.contains(&name);
    for name in loose.iter().filter(|name| !known(name)) {
        contents.problem(name, What::Extra);
    }
    contents.compare();
}
