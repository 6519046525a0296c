//! Files to measure with: bytes that do not compress, different in every file, the same each time.

use anyhow::Result;
use std::io::Write;
use std::path::Path;

/// Makes `files` files of `bytes` bytes.
pub(crate) fn make(directory: &Path, files: usize, bytes: usize) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut buffer = vec![0u8; bytes.min(1 << 20)];
    for number in 0..files {
        let mut file = std::fs::File::create(directory.join(format!("{number:06}.mp4")))?;
        let mut left = bytes;
        while left > 0 {
            for word in buffer.chunks_mut(8) {
                // xorshift: fast, and nothing here needs more than bytes that do not repeat.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                word.copy_from_slice(&state.to_le_bytes()[..word.len()]);
            }
            let part = left.min(buffer.len());
            file.write_all(&buffer[..part])?;
            left -= part;
        }
    }
    rustix::fs::sync();
    Ok(())
}
