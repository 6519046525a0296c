//! Laying the package: every file in its order, hashed in the one pass that writes it.

use super::names::Names;
use super::pages::{self, Shown};
use super::sink::{DirectorySink, Sink};
use super::zip::{FilePlace, ZipSink};
use super::{
    Opener, PackageContents, PackageExcerpt, PackageRecording, PackageSigner, Target, Written,
};
use crate::fault::{Class, Code, Fault, Outcome};
use crate::limits::{LABEL_BYTES_MAX, PACKAGE_CASE_CHARS, PACKAGE_READ_BYTES};
use crate::store::spool::Spool;
use sha2::{Digest, Sha256, Sha512};
use sm3::Sm3;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;
use vault_proof::ContentId;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::event::leaf_hash;
use vault_proof::package::excerpt::{ExcerptFile, ExcerptRecord};
use vault_proof::package::manifest::{self, Lines};
use vault_proof::package::record::{self, Record};
use vault_proof::package::seal::Seal;
use vault_proof::package::statement::{Excerpted, Included, Statement, Unreadable};
use vault_proof::package::{BAGIT, FILES_MAX, FORMAT_LINE, WHOLE_BYTES_MAX, data, path, top};

/// Writes a package. What cannot be read whole is left out and named; every other fault ends the
/// writing, and nothing is left under the target's name.
pub fn write(
    contents: PackageContents<'_>,
    signer: &dyn PackageSigner,
    target: &Target,
) -> Outcome<Written> {
    let (mut sink, path): (Box<dyn Sink>, _) = match target {
        Target::Directory(path) => (Box::new(DirectorySink::create(path)?), path),
        Target::Zip(path) => {
            let place = FilePlace::create(path)?;
            (Box::new(ZipSink::new(place, top_name(&contents))), path)
        }
    };
    let written = write_into(contents, signer, &mut *sink)?;
    Ok(Written { path: path.clone(), ..written })
}

/// Writes a package as one zip file into a place that nobody else sees.
pub(super) fn write_spool(
    contents: PackageContents<'_>,
    signer: &dyn PackageSigner,
    spool: &mut Spool,
) -> Outcome<Written> {
    let top = top_name(&contents);
    write_into(contents, signer, &mut ZipSink::new(spool, top))
}

fn top_name(contents: &PackageContents<'_>) -> String {
    path::safe(&contents.answers.copy_mark, PACKAGE_CASE_CHARS, "package")
}

fn write_into(
    contents: PackageContents<'_>,
    signer: &dyn PackageSigner,
    sink: &mut dyn Sink,
) -> Outcome<Written> {
    check(&contents)?;
    let mut pen =
        Pen { sink, lines: <[Lines; 3]>::default(), files: 0, bytes: 0, renditions: Vec::new() };
    let (statement, records) = payload(&mut pen, contents, signer)?;
    let signature_sha256 = tags(&mut pen, &statement, &records, signer)?;
    let (files, bytes) = (pen.files, pen.bytes);
    let renditions = std::mem::take(&mut pen.renditions);
    sink.finish()?;
    let unreadable = statement.unreadable;
    let path = PathBuf::new();
    Ok(Written { path, files, bytes, signature_sha256, unreadable, renditions })
}

/// What would make a package that no reader accepts is refused before anything is written.
fn check(contents: &PackageContents<'_>) -> Outcome<()> {
    let answers = &contents.answers;
    let labels = [
        ("copy_mark", &answers.copy_mark),
        ("request", &answers.request),
        ("notice", &answers.notice),
        ("recipient", &answers.recipient),
        ("purpose", &answers.purpose),
    ];
    for (label, text) in labels {
        if text.is_empty() || text.len() > LABEL_BYTES_MAX || text.contains(char::is_control) {
            return Err(Fault::new(Code::LabelInvalid).with("label", label));
        }
    }
    let recordings = contents.recordings.len() * 5 + contents.excerpts.len() * 7;
    let files = recordings + contents.leaves.len() * 2 + contents.forms.len();
    if files + top::LISTED.len() + top::UNLISTED.len() + 3 > FILES_MAX {
        return Err(Fault::new(Code::PackageTooLarge).with("count", files));
    }
    Ok(())
}

/// Writes files and keeps their digests: SHA-256, SHA-512, BLAKE3.
struct Pen<'a> {
    sink: &'a mut dyn Sink,
    lines: [Lines; 3],
    files: u64,
    bytes: u64,
    renditions: Vec<(ContentId, ContentId, u64)>,
}

/// A file as it was written from a reader.
struct Streamed {
    bytes: u64,
    digests: [String; 3],
    sm3: String,
}

/// The running digests of one file.
struct Running(Sha256, Sha512, blake3::Hasher);

impl Running {
    fn new() -> Self {
        Self(Sha256::new(), Sha512::new(), blake3::Hasher::new())
    }

    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.1.update(bytes);
        self.2.update(bytes);
    }

    fn finish(self) -> [String; 3] {
        let sha256 = hex::encode(self.0.finalize());
        [sha256, hex::encode(self.1.finalize()), self.2.finalize().to_string()]
    }
}

impl Pen<'_> {
    fn file(&mut self, path: &str, bytes: &[u8]) -> Outcome<()> {
        self.sink.begin(path, bytes.len() as u64)?;
        self.sink.write(bytes)?;
        self.sink.end()?;
        let mut running = Running::new();
        running.update(bytes);
        self.note(path, bytes.len() as u64, running.finish());
        Ok(())
    }

    fn note(&mut self, path: &str, bytes: u64, digests: [String; 3]) {
        for (lines, digest) in self.lines.iter_mut().zip(digests) {
            lines.insert(path.to_owned(), digest);
        }
        self.files += 1;
        self.bytes += bytes;
    }

    /// Writes a file of that many bytes from a reader, and takes it back where that cannot be had;
    /// the inner fault is the reader's.
    fn stream(
        &mut self,
        path: &str,
        expected: u64,
        reader: &mut dyn Read,
    ) -> Outcome<Result<Streamed, Fault>> {
        self.sink.begin(path, expected)?;
        let (mut running, mut sm3) = (Running::new(), Sm3::new());
        let mut buffer = vec![0; PACKAGE_READ_BYTES];
        let mut bytes = 0u64;
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.sink.undo()?;
                    return Ok(Err(fault_in(error)));
                }
            };
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
            bytes += count as u64;
            if bytes > expected {
                break;
            }
            running.update(piece);
            sm3.update(piece);
            self.sink.write(piece)?;
        }
        self.sink.end()?;
        if bytes != expected {
            self.sink.undo()?;
            return Ok(Err(Fault::new(Code::StoredBytesDamaged).with("class", "data")));
        }
        let sm3 = hex::encode(sm3.finalize());
        Ok(Ok(Streamed { bytes, digests: running.finish(), sm3 }))
    }

    /// Writes an original; gives SHA-256 and SM3, or the range that could not be read.
    fn original(
        &mut self,
        path: &str,
        recording: &PackageRecording<'_>,
        reader: &mut dyn Read,
    ) -> Outcome<Result<(String, String), Unreadable>> {
        let streamed = match self.stream(path, recording.bytes, reader)? {
            Ok(streamed) => streamed,
            Err(fault) => return unreadable(recording, fault).map(Err),
        };
        if streamed.digests[2] != recording.recording.to_string() {
            self.sink.undo()?;
            let fault = Fault::new(Code::StoredBytesDamaged).with("class", "data");
            return unreadable(recording, fault).map(Err);
        }
        let sha256 = streamed.digests[0].clone();
        self.note(path, streamed.bytes, streamed.digests);
        Ok(Ok((sha256, streamed.sm3)))
    }

    /// Writes a file that the vault made itself and that must be had.
    fn made(&mut self, path: &str, bytes: u64, reader: &mut dyn Read) -> Outcome<Streamed> {
        let streamed = self.stream(path, bytes, reader)??;
        self.note(path, streamed.bytes, streamed.digests.clone());
        Ok(streamed)
    }
}

/// The fault that a reader put into its error.
fn fault_in(error: std::io::Error) -> Fault {
    match error.downcast::<Fault>() {
        Ok(fault) => fault,
        Err(error) => Fault::new(Code::FileFailed).with("path", "recording").caused_by(error),
    }
}

/// Damage is part of the answer; every other fault ends the writing.
fn unreadable(recording: &PackageRecording<'_>, fault: Fault) -> Outcome<Unreadable> {
    if fault.code().class() != Class::Integrity {
        return Err(fault);
    }
    let number = |name: &str| fault.detail(name).and_then(|text| text.parse().ok());
    let class = fault.detail("class").unwrap_or(fault.code().as_str()).to_owned();
    let (from, to) = (number("from").unwrap_or(0), number("to").unwrap_or(recording.bytes));
    Ok(Unreadable { recording: recording.recording, class, from, to })
}

fn internal(what: &'static str) -> impl Fn(vault_proof::canonical::CanonicalError) -> Fault {
    move |error| Fault::new(Code::Internal).with("what", what).caused_by(error)
}

/// Everything below `data/`.
fn payload(
    pen: &mut Pen<'_>,
    contents: PackageContents<'_>,
    signer: &dyn PackageSigner,
) -> Outcome<(Statement, Vec<Shown>)> {
    let key = signer.verifier()?;
    let checkpoint = Checkpoint::open(&contents.checkpoint, &key).map_err(|error| {
        Fault::new(Code::LedgerDamaged).with("what", "checkpoint").caused_by(error)
    })?;
    let mut statement = Statement {
        origin: key.to_string(),
        size: checkpoint.size,
        root: checkpoint.root,
        written_ms: contents.written_ms,
        copy_mark: contents.answers.copy_mark,
        request: contents.answers.request,
        notice: contents.answers.notice,
        recipient: contents.answers.recipient,
        purpose: contents.answers.purpose,
        asked: contents.asked,
        included: Vec::new(),
        excerpts: Vec::new(),
        withheld: contents.withheld,
        unreadable: Vec::new(),
        forms: Vec::new(),
    };
    let (mut names, mut shown) = (Names::default(), Vec::new());
    for mut recording in contents.recordings {
        let path = names.original(&recording.case, &recording.name);
        let open = taken(&mut recording.open);
        let found = match open() {
            Ok(mut reader) => pen.original(&path, &recording, &mut *reader)?,
            Err(fault) => Err(unreadable(&recording, fault)?),
        };
        let digests = match found {
            Ok(digests) => digests,
            Err(range) => {
                statement.unreadable.push(range);
                continue;
            }
        };
        let mut entry = entry_of(&mut recording, path, &contents.leaves)?;
        shown.push(beside(pen, &mut entry, recording, digests)?);
        statement.included.push(entry);
    }
    for mut excerpt in contents.excerpts {
        let path = names.excerpt(&excerpt.of.case, &excerpt.of.name, excerpt.format.1);
        let entry = entry_of(&mut excerpt.of, path, &contents.leaves)?;
        match cut(pen, entry, excerpt)? {
            Ok((entry, one)) => {
                statement.excerpts.push(entry);
                shown.push(one);
            }
            Err(range) => statement.unreadable.push(range),
        }
    }
    let numbers = statement.given().flat_map(|entry| entry.events.iter().copied());
    for seq in numbers.collect::<BTreeSet<u64>>() {
        let proved = contents.leaves.get(&seq);
        let proved = proved.ok_or_else(|| Fault::new(Code::EventUnknown).with("seq", seq))?;
        pen.file(&data::leaf(seq), &proved.leaf)?;
        pen.file(&data::proof(seq), proved.proof.as_bytes())?;
    }
    for form in contents.forms {
        let path = names.form(&form.name);
        pen.file(&path, &form.bytes)?;
        statement.forms.push(path);
    }
    pen.file(data::CHECKPOINT, contents.checkpoint.as_bytes())?;
    let rows: Vec<_> = shown.iter().map(|shown| (shown.path.clone(), shown.row.clone())).collect();
    pen.file(data::INTEGRITY, &record::integrity(&rows))?;
    pen.file(data::STATEMENT, &statement.encode().map_err(internal("statement"))?)?;
    Ok((statement, shown))
}

/// Takes an opener out of its place; it is called once.
fn taken<'a>(open: &mut Opener<'a>) -> Opener<'a> {
    std::mem::replace(open, Box::new(|| Ok(Box::new(&b""[..]))))
}

/// What the statement says of a recording that is given.
fn entry_of(
    recording: &mut PackageRecording<'_>,
    original: String,
    leaves: &BTreeMap<u64, super::ProvedLeaf>,
) -> Outcome<Included> {
    let last = recording.events.last().and_then(|seq| leaves.get(seq));
    let last = last.ok_or_else(|| Fault::new(Code::Internal).with("what", "leaves"))?;
    Ok(Included {
        recording: recording.recording,
        original,
        bytes: recording.bytes,
        transcripts: Vec::new(),
        rendition: None,
        last_leaf: leaf_hash(&last.leaf),
        events: std::mem::take(&mut recording.events),
    })
}

/// An excerpt with what it was cut from and the proof; or the range that could not be read.
fn cut(
    pen: &mut Pen<'_>,
    of: Included,
    mut excerpt: PackageExcerpt<'_>,
) -> Outcome<Result<(Excerpted, Shown), Unreadable>> {
    let mut entry = Excerpted {
        of,
        from_ms: excerpt.asked_ms.0,
        to_ms: excerpt.asked_ms.1,
        begins_ms: excerpt.covers_ms.0,
        ends_ms: excerpt.covers_ms.1,
        reason: excerpt.withheld.0,
        article: excerpt.withheld.1,
    };
    let source = entry.source();
    let streamed = match taken(&mut excerpt.source)() {
        Ok(mut reader) => pen.stream(&source, excerpt.part.bytes(), &mut *reader)?,
        Err(fault) => Err(fault),
    };
    match streamed {
        Ok(streamed) => pen.note(&source, streamed.bytes, streamed.digests),
        Err(fault) => return unreadable(&excerpt.of, fault).map(Err),
    }
    let mut reader = taken(&mut excerpt.of.open)()?;
    let made = pen.made(&entry.of.original, excerpt.bytes, &mut *reader)?;
    let [sha256, _, blake3] = made.digests;
    let record = ExcerptRecord {
        recording: excerpt.of.recording,
        part: excerpt.part,
        proof: excerpt.proof,
        pieces: excerpt.pieces,
        file: ExcerptFile {
            format: excerpt.format.0.to_owned(),
            bytes: made.bytes,
            sha256,
            sm3: made.sm3,
            blake3: blake3.parse().map_err(|_| Fault::new(Code::Internal))?,
        },
        engine: excerpt.engine,
    };
    let encoded = record.encode().map_err(internal("excerpt"))?;
    if encoded.len() as u64 > WHOLE_BYTES_MAX {
        return Err(Fault::new(Code::PackageTooLarge).with("count", record.pieces.len()));
    }
    pen.file(&entry.excerpt(), &encoded)?;
    let shown = beside(pen, &mut entry.of, excerpt.of, excerpt.digests)?;
    let row = shown.record.excerpt_row(&record.file);
    let covers = Some((entry.begins_ms, entry.ends_ms));
    Ok(Ok((entry, Shown { row, covers, ..shown })))
}

/// What lies beside an original or excerpt: its record, its transcripts, its rendition.
fn beside(
    pen: &mut Pen<'_>,
    entry: &mut Included,
    recording: PackageRecording<'_>,
    (sha256, sm3): (String, String),
) -> Outcome<Shown> {
    let record = Record {
        recording: recording.recording,
        bytes: recording.bytes,
        sha256,
        sm3,
        name: recording.name,
        name_bytes: hex::encode(recording.name_bytes),
        case: recording.case,
        format: recording.format,
        facts: recording.facts,
    };
    pen.file(&entry.record(), &record.encode().map_err(internal("record"))?)?;
    let texts = [("vtt", &recording.transcript_vtt), ("txt", &recording.transcript_txt)];
    for (extension, text) in texts {
        let Some(text) = text else { continue };
        let path = format!("{}transcript.{extension}", entry.directory());
        pen.file(&path, text)?;
        entry.transcripts.push(path);
    }
    if let Some(rendition) = recording.rendition {
        let path = format!("{}rendition.{}", entry.directory(), rendition.extension);
        let mut reader = (rendition.open)()?;
        let made = pen.made(&path, rendition.bytes, &mut *reader)?;
        let object = made.digests[2].parse().map_err(|_| Fault::new(Code::Internal))?;
        pen.renditions.push((entry.recording, object, made.bytes));
        entry.rendition = Some(path);
    }
    Ok(Shown {
        path: entry.original.clone(),
        rendition: entry.rendition.clone(),
        row: record.row(),
        record,
        covers: None,
        transcript: recording.transcript_vtt,
    })
}

/// The tag files, and the signature over all; gives the digest of the signature.
fn tags(
    pen: &mut Pen<'_>,
    statement: &Statement,
    records: &[Shown],
    signer: &dyn PackageSigner,
) -> Outcome<String> {
    let (count, total) = (pen.files, pen.bytes);
    let payload = std::mem::take(&mut pen.lines);
    for (name, lines) in [top::SHA256, top::SHA512, top::BLAKE3].into_iter().zip(&payload) {
        pen.file(name, &manifest::encode(lines))?;
    }
    let info = format!(
        "Bag-Software-Agent: evidence-vault {}\n{FORMAT_LINE}\nExternal-Identifier: {}\n\
         Payload-Oxum: {total}.{count}\n",
        env!("CARGO_PKG_VERSION"),
        statement.copy_mark
    );
    pen.file(top::BAG_INFO, info.as_bytes())?;
    pen.file(top::PLAYER, pages::player(statement, records)?.as_bytes())?;
    pen.file(top::VERIFIER, pages::verifier()?.as_bytes())?;
    pen.file(top::BAGIT, BAGIT.as_bytes())?;
    let [sha256, sha512, _] = std::mem::take(&mut pen.lines);
    let (sha256, sha512) = (manifest::encode(&sha256), manifest::encode(&sha512));
    pen.file(top::TAG_SHA256, &sha256)?;
    pen.file(top::TAG_SHA512, &sha512)?;
    let note = signer.sign(&Seal::over(signer.verifier()?.name(), &sha256, &sha512))?;
    pen.file(top::SIGNATURE, note.as_bytes())?;
    Ok(hex::encode(Sha256::digest(note)))
}
