//! Files to measure with: bytes that do not compress, different in every file, the same each time.

use anyhow::Result;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Short recordings, all different: two seconds of H.264 and AAC, as a probe meets them.
pub(crate) fn make_short(directory: &Path, files: usize) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    let first = directory.join("000000.mp4");
    ffmpeg(
        "-f lavfi -i testsrc2=s=640x360:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 \
         -preset ultrafast -pix_fmt yuv420p -c:a aac",
        &first,
    )?;
    let bytes = std::fs::read(&first)?;
    for number in 1..files {
        // A box of its own at the end makes each file another recording.
        let mut one = bytes.clone();
        one.extend([0, 0, 0, 16]);
        one.extend(b"free");
        one.extend((number as u64).to_be_bytes());
        std::fs::write(directory.join(format!("{number:06}.mp4")), one)?;
    }
    rustix::fs::sync();
    Ok(())
}

/// Recordings that need a proxy: H.265 and AAC, 720p, half a minute each.
pub(crate) fn make_long(directory: &Path, files: usize) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    for number in 0..files {
        ffmpeg(
            &format!(
                "-f lavfi -i testsrc2=s=1280x720:r=25:d=30 -f lavfi -i sine=f={}:d=30 \
                 -c:v libx265 -x265-params log-level=none -preset ultrafast -c:a aac",
                300 + number * 10
            ),
            &directory.join(format!("{number:06}.mp4")),
        )?;
    }
    rustix::fs::sync();
    Ok(())
}

fn ffmpeg(arguments: &str, file: &Path) -> Result<()> {
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments.split_whitespace())
        .arg(file)
        .status()?;
    anyhow::ensure!(made.success(), "ffmpeg does not make {}", file.display());
    Ok(())
}

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
