//! Finding sources: files as named, directories to their depth, nothing through links.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{SOURCE_DEPTH_MAX, SOURCES_MAX};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A file to take in.
#[derive(Debug, Clone)]
pub(super) struct FoundSource {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

type Found = (Vec<FoundSource>, Vec<(PathBuf, Fault)>);

/// Every regular file under the given paths, in a stable order, and what cannot be taken in.
pub(super) fn find(paths: &[PathBuf]) -> Outcome<Found> {
    let mut found = (Vec::new(), Vec::new());
    for path in paths {
        walk(path, &mut found)?;
    }
    Ok(found)
}

fn walk(top: &Path, (found, unusable): &mut Found) -> Outcome<()> {
    // A link that the caller names is meant; links inside a directory could lead anywhere.
    let start = match std::fs::symlink_metadata(top) {
        Ok(kind) if kind.is_symlink() => std::fs::canonicalize(top),
        _ => Ok(top.to_owned()),
    };
    let start = match start {
        Ok(start) => start,
        Err(error) => {
            let fault = Fault::new(Code::SourceUnreadable).with("path", top.display());
            unusable.push((top.to_owned(), fault.caused_by(error)));
            return Ok(());
        }
    };
    let entries = WalkDir::new(&start).sort_by_file_name().max_depth(SOURCE_DEPTH_MAX + 1);
    for entry in entries {
        if found.len() + unusable.len() >= SOURCES_MAX {
            return Err(Fault::new(Code::TooManySources).with("limit", SOURCES_MAX));
        }
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                if entry.depth() > SOURCE_DEPTH_MAX {
                    let fault = Fault::new(Code::TooManySources).with("limit", SOURCE_DEPTH_MAX);
                    unusable.push((entry.into_path(), fault));
                }
            }
            Ok(entry) => match classify(&entry) {
                Ok(bytes) => found.push(FoundSource { path: entry.into_path(), bytes }),
                Err(fault) => unusable.push((entry.into_path(), fault)),
            },
            Err(error) => {
                let path = error.path().unwrap_or(&start).to_owned();
                let missing = error.io_error().map(std::io::Error::kind)
                    == Some(std::io::ErrorKind::NotFound);
                let code = if missing { Code::SourceMissing } else { Code::SourceUnreadable };
                let fault = Fault::new(code).with("path", path.display()).caused_by(error);
                unusable.push((path, fault));
            }
        }
    }
    Ok(())
}

fn classify(entry: &walkdir::DirEntry) -> Outcome<u64> {
    let path = entry.path().display();
    if entry.file_type().is_symlink() {
        return Err(Fault::new(Code::SourceIsALink).with("path", path));
    }
    if !entry.file_type().is_file() {
        return Err(Fault::new(Code::SourceNotAFile).with("path", path));
    }
    entry.metadata().map(|found| found.len()).map_err(|error| {
        Fault::new(Code::SourceUnreadable).with("path", entry.path().display()).caused_by(error)
    })
}
