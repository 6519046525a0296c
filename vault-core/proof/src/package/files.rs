//! A set of files, wherever it lies: a directory, an archive, memory.

use std::io::Read;

/// One file as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path with `/` between parts, exactly as it is there; not to be trusted.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Whether it is an ordinary file with a name that is text; a link, a device or a name that
    /// is no text is listed and never opened.
    pub ordinary: bool,
}

/// Files to be checked. Implementations list every file once for each time it is there, never
/// follow links, and read a file from its beginning. Opening is repeatable.
pub trait Files {
    /// Every file, in any order; directories are not listed.
    fn list(&self) -> std::io::Result<Vec<Listed>>;

    /// A listed file's content.
    fn open<'a>(&'a self, path: &str) -> std::io::Result<Box<dyn Read + 'a>>;
}
