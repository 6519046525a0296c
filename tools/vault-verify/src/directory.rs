//! A package that lies in a directory.
//!
//! Promises to follow no link and to open ordinary files only; what is neither file nor directory
//! is listed as such. Never lists more than one file above the limit.

use std::fs::File;
use std::io::{Error, Read, Result};
use std::path::{Path, PathBuf};
use vault_proof::package::{FILES_MAX, Files, Listed, path::PARTS_MAX};

/// A directory.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Files for Directory {
    fn list(&self) -> Result<Vec<Listed>> {
        let mut listed = Vec::new();
        list(&self.0, "", 0, &mut listed)?;
        Ok(listed)
    }

    fn open<'a>(&'a self, path: &str) -> Result<Box<dyn Read + 'a>> {
        let path = self.0.join(path);
        if !std::fs::symlink_metadata(&path)?.is_file() {
            return Err(Error::other("not an ordinary file"));
        }
        Ok(Box::new(File::open(&path)?))
    }
}

fn list(directory: &Path, prefix: &str, depth: usize, listed: &mut Vec<Listed>) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        if listed.len() > FILES_MAX {
            return Ok(());
        }
        let entry = entry?;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        // Does not follow links.
        let found = entry.metadata()?;
        if found.is_dir() && name.to_str().is_some() && depth < PARTS_MAX {
            list(&entry.path(), &format!("{path}/"), depth + 1, listed)?;
            continue;
        }
        let ordinary = found.is_file() && name.to_str().is_some();
        listed.push(Listed { path, bytes: found.len(), ordinary });
    }
    Ok(())
}
