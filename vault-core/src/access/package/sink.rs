//! Where the files of a package go: a new directory, or a zip file.
//!
//! Promises that until `finish` nothing lies under the target's name, that after it everything is
//! durable, and that a sink dropped before removes what it made. What a killed program leaves has
//! a name that ends in `.partial` and no signature. Never replaces what is there.

use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Takes the files of a package, one after the other. Not concurrent; the first fault ends it.
pub(crate) trait Sink {
    /// Begins a file of that many bytes; the path is a good package path.
    fn begin(&mut self, path: &str, bytes: u64) -> Outcome<()>;

    /// Writes more of it.
    fn write(&mut self, bytes: &[u8]) -> Outcome<()>;

    /// Ends it.
    fn end(&mut self) -> Outcome<()>;

    /// Undoes the file begun last, whether ended or not.
    fn undo(&mut self) -> Outcome<()>;

    /// Makes everything durable and gives it its name.
    fn finish(&mut self) -> Outcome<()>;
}

/// The name under which a target is made, beside it.
pub(super) fn partial(target: &Path) -> Outcome<PathBuf> {
    let name = target.file_name();
    let name = name.ok_or_else(|| Fault::new(Code::ArgumentInvalid).with("path", target.display()));
    let mut partial = std::ffi::OsString::from(".");
    partial.push(name?);
    partial.push(format!(".{}.partial", std::process::id()));
    Ok(target.with_file_name(partial))
}

/// Refuses a target that is there.
pub(super) fn demand_free(target: &Path) -> Outcome<()> {
    match std::fs::symlink_metadata(target) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Fault::from_given_path(error, target)),
        Ok(_) => Err(taken(target)),
    }
}

pub(super) fn taken(target: &Path) -> Fault {
    Fault::new(Code::TargetTaken).with("path", target.display())
}

/// A directory.
pub(crate) struct DirectorySink {
    target: PathBuf,
    partial: PathBuf,
    /// Directories made, outer before inner.
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
    open: Option<File>,
    finished: bool,
}

impl DirectorySink {
    pub(crate) fn create(target: &Path) -> Outcome<Self> {
        demand_free(target)?;
        let partial = partial(target)?;
        std::fs::create_dir(&partial).map_err(|error| Fault::from_given_path(error, target))?;
        Ok(Self {
            target: target.to_owned(),
            directories: vec![partial.clone()],
            partial,
            files: Vec::new(),
            open: None,
            finished: false,
        })
    }

    fn make_parents(&mut self, path: &str) -> Outcome<()> {
        for (at, _) in path.match_indices('/') {
            let directory = self.partial.join(path.get(..at).unwrap_or_default());
            match std::fs::create_dir(&directory) {
                Ok(()) => self.directories.push(directory),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Fault::from_file(error, &directory)),
            }
        }
        Ok(())
    }
}

impl Sink for DirectorySink {
    fn begin(&mut self, path: &str, _bytes: u64) -> Outcome<()> {
        self.make_parents(path)?;
        let path = self.partial.join(path);
        self.open = Some(durable::write_new(&path, b"", durable::WRITTEN_ONCE)?);
        self.files.push(path);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        let (Some(file), Some(path)) = (&mut self.open, self.files.last()) else {
            return Err(Fault::new(Code::Internal).with("what", "package file"));
        };
        file.write_all(bytes).map_err(|error| Fault::from_file(error, path))
    }

    fn end(&mut self) -> Outcome<()> {
        self.open = None;
        Ok(())
    }

    fn undo(&mut self) -> Outcome<()> {
        self.open = None;
        let Some(path) = self.files.pop() else { return Ok(()) };
        durable::remove(&path)?;
        // A directory that this file alone was in goes too; one that is not empty stays.
        while let Some(directory) = self.directories.pop_if(|last| path.starts_with(last)) {
            if directory == self.partial || std::fs::remove_dir(&directory).is_err() {
                self.directories.push(directory);
                break;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Outcome<()> {
        let top = File::open(&self.partial);
        let top = top.map_err(|error| Fault::from_file(error, &self.partial))?;
        durable::sync_file_system(&top, &self.partial)?;
        if !durable::rename_directory_if_free(&self.partial, &self.target)? {
            return Err(taken(&self.target));
        }
        self.finished = true;
        durable::sync_parent(&self.target)
    }
}

impl Drop for DirectorySink {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        self.open = None;
        // What cannot be removed stays under its partial name, which no reader takes for a package.
        for file in &self.files {
            durable::remove(file).ok();
        }
        for directory in self.directories.iter().rev() {
            std::fs::remove_dir(directory).ok();
        }
    }
}
