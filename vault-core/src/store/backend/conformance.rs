//! What every backend must do, as one list of named cases.
//!
//! `check` runs all cases, whatever fails, and says for each by name how it went. It works
//! through the trait alone, with fresh random names, so it may run beside other users of a
//! store; it leaves its manifests behind, which the trait has no way to delete, and is therefore
//! for stores made for testing. Never panics on what a backend answers.

use super::{Backend, BlobWriter, Created, Kind, StoreName};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCK_BYTES, EXTENT_BYTES};
use crate::store::aligned::AlignedBuffer;
use std::collections::HashSet;
use std::fmt;
use std::sync::Barrier;

/// What became of one case: nothing to say, or what went wrong.
pub type Verdict = Result<(), String>;

/// How all cases went.
#[derive(Debug)]
pub struct Report {
    /// Name and verdict of each case, in the order they ran.
    pub cases: Vec<(&'static str, Verdict)>,
}

impl Report {
    /// The names of the cases that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        self.cases.iter().filter(|(_, verdict)| verdict.is_err()).map(|(name, _)| *name).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, verdict) in &self.cases {
            match verdict {
                Ok(()) => writeln!(formatter, "passed  {name}")?,
                Err(why) => writeln!(formatter, "FAILED  {name}: {why}")?,
            }
        }
        Ok(())
    }
}

/// The case that shows whether a second create is refused.
pub const CREATE_TWICE: &str = "a manifest is created once";

/// The case that shows whether creating is atomic.
pub const CREATE_RACE: &str = "one of 16 racing creates wins";

/// The case that shows whether a batch says for each manifest whether it was new.
pub const COMMIT_MIXED: &str = "a batch tells new manifests from known ones";

type Case = (&'static str, fn(&dyn Backend) -> Verdict);

const CASES: &[Case] = &[
    ("blob of 0 bytes", |backend| round_trip(backend, 0)),
    ("blob of 1 byte", |backend| round_trip(backend, 1)),
    ("blob of a block less 1", |backend| round_trip(backend, BLOCK_BYTES - 1)),
    ("blob of a block", |backend| round_trip(backend, BLOCK_BYTES)),
    ("blob of a block and 1", |backend| round_trip(backend, BLOCK_BYTES + 1)),
    ("blob of an extent less 1", |backend| round_trip(backend, EXTENT_BYTES - 1)),
    ("blob of an extent", |backend| round_trip(backend, EXTENT_BYTES)),
    ("blob of an extent and 1", |backend| round_trip(backend, EXTENT_BYTES + 1)),
    ("blob of 3 extents and 7, backwards, two threads", backwards),
    ("blob longer than announced", |backend| announced(backend, 1)),
    ("blob shorter than announced", |backend| announced(backend, 9 * EXTENT_BYTES)),
    ("an unfinished blob is not there", unfinished),
    (CREATE_TWICE, create_twice),
    (CREATE_RACE, create_race),
    (COMMIT_MIXED, commit_mixed),
    ("reading beyond the end is damage", beyond_the_end),
    ("a name never written is missing", never_written),
    ("a list is complete after 300", list_is_complete),
    ("a discarded blob is gone", discarded),
    ("a manifest in quarantine frees its name", quarantined),
    ("settling twice changes nothing", settle_twice),
    ("a range is mended, the rest stays", mended),
    ("a blob set aside frees its name", set_aside),
    ("what is destroyed is gone", destroyed),
];

/// Runs every case.
pub fn check(backend: &dyn Backend) -> Report {
    let cases = CASES.iter().map(|&(name, case)| (name, case(backend))).collect();
    Report { cases }
}

fn fail(what: &'static str) -> impl Fn(Fault) -> String {
    move |fault| match std::error::Error::source(&fault) {
        Some(cause) => format!("{what}: {fault}: {cause}"),
        None => format!("{what}: {fault}"),
    }
}

fn expect(holds: bool, otherwise: &str) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn expect_code<T>(outcome: Outcome<T>, code: Code, what: &str) -> Verdict {
    match outcome {
        Err(fault) if fault.code() == code => Ok(()),
        Err(fault) => Err(format!("{what}: {fault} instead of {}", code.as_str())),
        Ok(_) => Err(format!("{what}: success instead of {}", code.as_str())),
    }
}

fn fresh_name() -> Result<StoreName, String> {
    crate::store::cipher::random_bytes().map(StoreName).map_err(fail("name"))
}

/// Bytes that differ from name to name and do not repeat within one blob.
fn content(name: StoreName, bytes: u64) -> Vec<u8> {
    let mut content = vec![0; usize::try_from(bytes).unwrap_or(0)];
    blake3::Hasher::new().update(&name.0).finalize_xof().fill(&mut content);
    content
}

/// Offsets and lengths of the slices a writer wants.
fn slices(writer: &dyn BlobWriter, bytes: u64) -> Vec<(u64, u64)> {
    let step = writer.slice().bytes;
    (0..bytes.div_ceil(step)).map(|at| (at * step, step.min(bytes - at * step))).collect()
}

/// Writes one slice from an address as the workers' buffers have it.
fn write_slice(writer: &dyn BlobWriter, content: &[u8], slice: (u64, u64)) -> Outcome<()> {
    let wide = |_| Fault::new(Code::Internal).with("what", "slice");
    let start = usize::try_from(slice.0).map_err(wide)?;
    let length = usize::try_from(slice.1).map_err(wide)?;
    let mut buffer = AlignedBuffer::new(length);
    buffer.all().copy_from_slice(&content[start..start + length]);
    writer.write_at(slice.0, buffer.all())
}

fn write(backend: &dyn Backend, name: StoreName, content: &[u8], announced: u64) -> Verdict {
    let bytes = content.len() as u64;
    let writer = backend.begin(name, announced).map_err(fail("begin"))?;
    for slice in slices(&*writer, bytes) {
        write_slice(&*writer, content, slice).map_err(fail("write"))?;
    }
    writer.finish(bytes).map_err(fail("finish"))
}

/// Reads everything back, in one go and in pieces that meet no boundary.
fn read_back(backend: &dyn Backend, name: StoreName, content: &[u8]) -> Verdict {
    let length = backend.length(Kind::Data, name).map_err(fail("length"))?;
    expect(length == Some(content.len() as u64), "the length differs")?;
    let mut whole = vec![0; content.len()];
    backend.read_at(Kind::Data, name, 0, &mut whole).map_err(fail("read"))?;
    expect(whole == content, "the bytes differ")?;
    let reader = backend.reader(Kind::Data, name).map_err(fail("reader"))?;
    let step = 5_000_011;
    for (at, piece) in content.chunks(step).enumerate() {
        let mut read = vec![0; piece.len()];
        reader.read_at((at * step) as u64, &mut read).map_err(fail("read a piece"))?;
        expect(read == piece, "the bytes of a piece differ")?;
    }
    Ok(())
}

fn commit(backend: &dyn Backend, name: StoreName) -> Verdict {
    let created = backend.commit(&[name], &[(name, b"manifest")]).map_err(fail("commit"))?;
    expect(created == [Created::New], "the manifest was not new")
}

fn round_trip(backend: &dyn Backend, bytes: u64) -> Verdict {
    let name = fresh_name()?;
    let content = content(name, bytes);
    write(backend, name, &content, bytes)?;
    commit(backend, name)?;
    read_back(backend, name, &content)
}

fn announced(backend: &dyn Backend, announced: u64) -> Verdict {
    let name = fresh_name()?;
    let content = content(name, 2 * EXTENT_BYTES + 5);
    write(backend, name, &content, announced)?;
    commit(backend, name)?;
    read_back(backend, name, &content)
}

fn backwards(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    let bytes = 3 * EXTENT_BYTES + 7;
    let content = content(name, bytes);
    let writer = backend.begin(name, bytes).map_err(fail("begin"))?;
    let mut order = slices(&*writer, bytes);
    order.reverse();
    let (even, odd): (Vec<_>, Vec<_>) =
        order.into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let write_all = |half: Vec<(usize, (u64, u64))>| {
        half.into_iter().try_for_each(|(_, slice)| write_slice(&*writer, &content, slice))
    };
    let done = std::thread::scope(|threads| {
        let other = threads.spawn(|| write_all(odd));
        let mine = write_all(even);
        (mine, other.join())
    });
    done.0.map_err(fail("write"))?;
    done.1.map_err(|_| "a thread ended early".to_owned())?.map_err(fail("write"))?;
    writer.finish(bytes).map_err(fail("finish"))?;
    commit(backend, name)?;
    read_back(backend, name, &content)
}

/// That nothing is there under a data name, whichever way it is asked.
fn absent(backend: &dyn Backend, name: StoreName) -> Verdict {
    let length = backend.length(Kind::Data, name).map_err(fail("length"))?;
    expect(length.is_none(), "it has a length")?;
    expect(!names(backend, Kind::Data)?.contains(&name), "it is listed")?;
    let opened = backend.reader(Kind::Data, name).map(|_| ());
    expect_code(opened, Code::StoredBytesMissing, "opening")
}

fn unfinished(backend: &dyn Backend) -> Verdict {
    for bytes in [BLOCK_BYTES, 2 * EXTENT_BYTES] {
        let name = fresh_name()?;
        let content = content(name, bytes);
        let writer = backend.begin(name, bytes).map_err(fail("begin"))?;
        for slice in slices(&*writer, bytes) {
            write_slice(&*writer, &content, slice).map_err(fail("write"))?;
        }
        writer.checkpoint().map_err(fail("checkpoint"))?;
        absent(backend, name)?;
        drop(writer);
        backend.discard(name).map_err(fail("discard"))?;
        absent(backend, name)?;
    }
    Ok(())
}

fn manifest(backend: &dyn Backend, name: StoreName) -> Result<Vec<u8>, String> {
    let length = backend.length(Kind::Manifest, name).map_err(fail("length"))?;
    let length = length.ok_or("the manifest is missing")?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|error| error.to_string())?];
    backend.read_at(Kind::Manifest, name, 0, &mut bytes).map_err(fail("read"))?;
    Ok(bytes)
}

fn create_twice(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    let first = backend.create_manifest(name, b"the first").map_err(fail("create"))?;
    expect(first == Created::New, "the first was not new")?;
    let second = backend.create_manifest(name, b"another").map_err(fail("create again"))?;
    let kept = manifest(backend, name)?;
    expect(kept == b"the first", "the content was overwritten")?;
    expect(second == Created::Exists, "the second was not refused")
}

fn create_race(backend: &dyn Backend) -> Verdict {
    for _ in 0..4 {
        let name = fresh_name()?;
        let start = Barrier::new(16);
        let contents: Vec<_> = (0..16).map(|racer| format!("racer {racer}")).collect();
        let answers = std::thread::scope(|threads| {
            let race = |bytes| {
                let start = &start;
                threads.spawn(move || {
                    start.wait();
                    backend.create_manifest(name, bytes)
                })
            };
            let racers: Vec<_> = contents.iter().map(|bytes| race(bytes.as_bytes())).collect();
            racers.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        let mut winners = Vec::new();
        for (answer, bytes) in answers.into_iter().zip(&contents) {
            let answer = answer.map_err(|_| "a thread ended early".to_owned())?;
            if answer.map_err(fail("create"))? == Created::New {
                winners.push(bytes);
            }
        }
        expect(winners.len() == 1, &format!("{} were told they won", winners.len()))?;
        expect(manifest(backend, name)? == winners[0].as_bytes(), "it is not the winner's")?;
    }
    Ok(())
}

fn commit_mixed(backend: &dyn Backend) -> Verdict {
    let (known, new) = (fresh_name()?, fresh_name()?);
    let created = backend.create_manifest(known, b"manifest").map_err(fail("create"))?;
    expect(created == Created::New, "the manifest was not new")?;
    let batch: [(StoreName, &[u8]); 2] = [(known, b"changed"), (new, b"new")];
    let created = backend.commit(&[], &batch).map_err(fail("commit"))?;
    expect(manifest(backend, known)? == b"manifest", "the content was overwritten")?;
    expect(manifest(backend, new)? == b"new", "the new one differs")?;
    expect(created == [Created::Exists, Created::New], "the answers differ")
}

fn beyond_the_end(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    write(backend, name, &content(name, 1000), 1000)?;
    commit(backend, name)?;
    let reader = backend.reader(Kind::Data, name).map_err(fail("reader"))?;
    for (offset, length) in [(0, 1001), (999, 2), (1000, 1), (5000, 10), (u64::MAX, 1)] {
        let what = format!("{length} bytes at {offset}");
        let mut buffer = vec![0; length];
        let read = backend.read_at(Kind::Data, name, offset, &mut buffer);
        // The last offset is no place in any file; all that counts is that it is refused.
        if offset == u64::MAX {
            expect(read.is_err(), &what)?;
            continue;
        }
        expect_code(read, Code::StoredBytesDamaged, &what)?;
        expect_code(reader.read_at(offset, &mut buffer), Code::StoredBytesDamaged, &what)?;
    }
    Ok(())
}

fn never_written(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    for kind in [Kind::Data, Kind::Manifest] {
        let length = backend.length(kind, name).map_err(fail("length"))?;
        expect(length.is_none(), "it has a length")?;
        let read = backend.read_at(kind, name, 0, &mut [0]);
        expect_code(read, Code::StoredBytesMissing, "reading")?;
        expect_code(backend.reader(kind, name).map(|_| ()), Code::StoredBytesMissing, "opening")?;
    }
    let taken_up = backend.resume(name).map_err(fail("resume"))?;
    expect(taken_up.is_none(), "there was something to take up again")
}

fn names(backend: &dyn Backend, kind: Kind) -> Result<HashSet<StoreName>, String> {
    let mut names = HashSet::new();
    let mut twice = false;
    let listed = backend.list(kind, &mut |name| {
        twice |= !names.insert(name);
        Ok(())
    });
    listed.map_err(fail("list"))?;
    expect(!twice, "a name was listed twice")?;
    Ok(names)
}

fn list_is_complete(backend: &dyn Backend) -> Verdict {
    let made = (0..300).map(|_| fresh_name()).collect::<Result<Vec<_>, _>>()?;
    for name in &made {
        write(backend, *name, &name.0[..5], 5)?;
    }
    let manifests: Vec<_> = made.iter().map(|name| (*name, &name.0[..])).collect();
    let created = backend.commit(&made, &manifests).map_err(fail("commit"))?;
    expect(created == vec![Created::New; 300], "not all were new")?;
    for kind in [Kind::Data, Kind::Manifest] {
        let listed = names(backend, kind)?;
        expect(made.iter().all(|name| listed.contains(name)), "names are not listed")?;
    }
    let stopped = backend.list(Kind::Data, &mut |_| Err(Fault::new(Code::Interrupted)));
    expect_code(stopped, Code::Interrupted, "a list that is stopped")
}

fn discarded(backend: &dyn Backend) -> Verdict {
    for bytes in [100, EXTENT_BYTES + 1] {
        let name = fresh_name()?;
        write(backend, name, &content(name, bytes), bytes)?;
        backend.settle(&[(Kind::Data, name)]).map_err(fail("settle"))?;
        let length = backend.length(Kind::Data, name).map_err(fail("length"))?;
        expect(length == Some(bytes), "it was never there")?;
        backend.discard(name).map_err(fail("discard"))?;
        absent(backend, name)?;
    }
    backend.discard(fresh_name()?).map_err(fail("discard nothing"))
}

fn quarantined(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    for content in [&b"damaged"[..], b"damaged again"] {
        let created = backend.create_manifest(name, content).map_err(fail("create"))?;
        expect(created == Created::New, "the name was not free")?;
        backend.quarantine_manifest(name).map_err(fail("quarantine"))?;
        let length = backend.length(Kind::Manifest, name).map_err(fail("length"))?;
        expect(length.is_none(), "it is still there")?;
        expect(!names(backend, Kind::Manifest)?.contains(&name), "it is still listed")?;
    }
    Ok(())
}

fn settle_twice(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    let bytes = content(name, 3000);
    write(backend, name, &bytes, 3000)?;
    for _ in 0..2 {
        backend.settle(&[(Kind::Data, name)]).map_err(fail("settle"))?;
        read_back(backend, name, &bytes)?;
    }
    backend.settle(&[]).map_err(fail("settle nothing"))?;
    let created = backend.create_manifest(name, b"manifest").map_err(fail("create"))?;
    expect(created == Created::New, "the manifest was not new")?;
    backend.settle(&[(Kind::Data, name), (Kind::Manifest, name)]).map_err(fail("settle all"))?;
    read_back(backend, name, &bytes)
}

fn mended(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    let mut bytes = content(name, EXTENT_BYTES + 3000);
    write(backend, name, &bytes, EXTENT_BYTES + 3000)?;
    backend.settle(&[(Kind::Data, name)]).map_err(fail("settle"))?;
    let good = vec![7; 3000];
    backend.mend(name, EXTENT_BYTES, &good).map_err(fail("mend"))?;
    let at = bytes.len() - good.len();
    bytes[at..].copy_from_slice(&good);
    read_back(backend, name, &bytes)
}

fn set_aside(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    backend.set_aside(name).map_err(fail("nothing set aside"))?;
    for length in [3000, 5000] {
        let bytes = content(name, length);
        write(backend, name, &bytes, length)?;
        backend.settle(&[(Kind::Data, name)]).map_err(fail("settle"))?;
        read_back(backend, name, &bytes)?;
        backend.set_aside(name).map_err(fail("set aside"))?;
        let left = backend.length(Kind::Data, name).map_err(fail("length"))?;
        expect(left.is_none(), "it is still there")?;
    }
    Ok(())
}

fn destroyed(backend: &dyn Backend) -> Verdict {
    let name = fresh_name()?;
    write(backend, name, &content(name, 3000), 3000)?;
    backend.settle(&[(Kind::Data, name)]).map_err(fail("settle"))?;
    backend.create_manifest(name, b"manifest").map_err(fail("create"))?;
    for kind in [Kind::Data, Kind::Manifest] {
        for _ in 0..2 {
            backend.destroy(kind, name).map_err(fail("destroy"))?;
            let left = backend.length(kind, name).map_err(fail("length"))?;
            expect(left.is_none(), "it is still there")?;
        }
    }
    Ok(())
}
