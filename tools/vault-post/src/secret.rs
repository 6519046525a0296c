//! Secrets in files: passwords, keys, addresses with a token in them.

use crate::limits::SECRET_BYTES_MAX;
use std::io::Read;
use std::path::Path;
use vault_core::fault::{Fault, Outcome};

/// What stands in a file, without the line end. Fails with `SourceUnreadable`; its path is told,
/// what stands in it never.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    let unreadable = |error| Fault::from_file(error, path);
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    file.take(SECRET_BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text.trim().to_owned())
}
