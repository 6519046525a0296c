//! Places for what a test makes, gone when the value is dropped.

use std::path::Path;
use tempfile::TempDir;

/// Where the kernel keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// A directory in memory where the machine has one: for tests that make hundreds of small vaults
/// and show nothing about durability. Elsewhere an ordinary temporary directory.
pub fn in_memory() -> std::io::Result<TempDir> {
    let memory = Path::new(MEMORY);
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }
}
