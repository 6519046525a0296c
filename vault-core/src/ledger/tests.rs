//! Tests of the log: torn ends are mended, damage is kept and spoken of.

use super::*;

fn entries(range: std::ops::Range<u64>) -> Vec<LogEntry> {
    let entry = |seq: u64| LogEntry {
        seq,
        leaf: format!("leaf {seq}").into_bytes(),
        sealed: vec![7; usize::try_from(seq % 5).unwrap()],
    };
    range.map(entry).collect()
}

fn read(directory: &Path) -> Outcome<Vec<LogEntry>> {
    log::read_all(&directory.join("log")).collect()
}

#[test]
fn an_append_cut_at_any_byte_is_taken_up_again() {
    let scratch = tempfile::tempdir().unwrap();
    let (directory, lock) = (scratch.path(), scratch.path().join("lock"));
    Log::new(directory.join("log")).append(&lock, &entries(0..3)).unwrap();
    let path = directory.join("log/00000000000000000000.log");
    let short = std::fs::read(&path).unwrap();
    Log::new(directory.join("log")).append(&lock, &entries(0..6)).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        crate::store::durable::write_file(&path, &whole[..cut], 0o644).unwrap();
        let mut log = Log::new(directory.join("log"));
        assert!(log.size().unwrap() <= 6);
        let size = log.size().unwrap();
        log.append(&lock, &entries(size..6)).unwrap();
        assert_eq!(read(directory).unwrap(), entries(0..6), "cut at {cut}");
        assert_eq!(std::fs::read(&path).unwrap(), whole, "cut at {cut}");
        assert!(log::refuse_set_aside(&directory.join("log")).is_ok());
    }
    assert!(short.len() < whole.len());
}

#[test]
fn a_changed_byte_is_found_or_kept_and_spoken_of() {
    let scratch = tempfile::tempdir().unwrap();
    let (directory, lock) = (scratch.path(), scratch.path().join("lock"));
    Log::new(directory.join("log")).append(&lock, &entries(0..6)).unwrap();
    let path = directory.join("log/00000000000000000000.log");
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x40;
        crate::store::durable::write_file(&path, &changed, 0o644).unwrap();
        let mut log = Log::new(directory.join("log"));
        // As at the opening of a vault: what the log lacks is taken from the catalogue.
        let found = log.size().and_then(|size| log.append(&lock, &entries(size..6)));
        let spoken_of = log::refuse_set_aside(&directory.join("log")).is_err();
        assert!(found.is_err() || spoken_of, "byte {at} was mended without a word");
        for entry in std::fs::read_dir(directory.join("log")).unwrap().flatten() {
            crate::store::durable::remove(&entry.path()).unwrap();
        }
        crate::store::durable::write_file(&path, &whole, 0o644).unwrap();
    }
}

#[test]
fn a_gap_is_refused_and_what_is_there_is_passed_over() {
    let scratch = tempfile::tempdir().unwrap();
    let lock = scratch.path().join("lock");
    let mut log = Log::new(scratch.path().join("log"));
    log.append(&lock, &entries(0..4)).unwrap();
    log.append(&lock, &entries(2..6)).unwrap();
    assert_eq!(log.size().unwrap(), 6);
    assert!(log.append(&lock, &entries(8..9)).is_err());
    assert_eq!(Log::new(scratch.path().join("log")).size().unwrap(), 6);
}

#[test]
fn segments_follow_each_other_and_a_missing_end_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let lock = scratch.path().join("lock");
    let mut log = Log::new(scratch.path().join("log"));
    log.append(&lock, &entries(0..40_000)).unwrap();
    assert_eq!(read(scratch.path()).unwrap().len(), 40_000);
    assert_eq!(Log::new(scratch.path().join("log")).size().unwrap(), 40_000);
    let first = scratch.path().join("log/00000000000000000000.log");
    let bytes = std::fs::read(&first).unwrap();
    crate::store::durable::write_file(&first, &bytes[..bytes.len() - 1], 0o644).unwrap();
    assert!(read(scratch.path()).is_err());
}

#[test]
fn what_lasts_is_told_once_and_so_is_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(directory.path(), directory.path(), "v");
    assert!(!ledger.is_news(None), "all is well from the beginning");
    assert!(ledger.is_news(Some(Code::VaultKeyMissing)));
    assert!(!ledger.is_news(Some(Code::VaultKeyMissing)));
    assert!(ledger.is_news(Some(Code::VaultKeyWrong)), "another reason is news");
    assert!(ledger.is_news(None));
    assert!(!ledger.is_news(None));
}
