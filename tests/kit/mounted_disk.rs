//! A small disk of its own: an ext4 image on a loop device, mounted while the value lives.
//!
//! Needs root and loop devices. Tests that use it have `mounted_disk` in their names, so that
//! `tools/test` can leave them out, and say so, where the machine has neither.

use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A mounted image; unmounted and gone when dropped.
#[derive(Debug)]
pub struct MountedDisk {
    scratch: TempDir,
}

fn run(program: &str, arguments: &[&OsStr]) -> anyhow::Result<()> {
    let done = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("{program} does not start"))?;
    if !done.status.success() {
        bail!("{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(())
}

impl MountedDisk {
    /// A disk of that many MiB.
    pub fn new(mebibytes: u64) -> anyhow::Result<Self> {
        let disk = Self { scratch: TempDir::new()? };
        let image = disk.scratch.path().join("image");
        std::fs::File::create(&image)?.set_len(mebibytes << 20)?;
        // No blocks kept back for root: full is full.
        let options = ["-q", "-F", "-m", "0"].map(OsStr::new);
        run("mkfs.ext4", &[&options[..], &[image.as_os_str()]].concat())?;
        std::fs::create_dir(disk.path())?;
        let options = ["-o", "loop"].map(OsStr::new);
        let places = [image.as_os_str(), disk.path().as_os_str()].map(OsStr::to_owned);
        run("mount", &[options[0], options[1], &places[0], &places[1]])?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.scratch.path().join("mount")
    }

    /// Makes it read-only, or writable again.
    pub fn set_read_only(&self, read_only: bool) -> anyhow::Result<()> {
        let options = if read_only { "remount,ro" } else { "remount,rw" };
        run("mount", &[OsStr::new("-o"), OsStr::new(options), self.path().as_os_str()])
    }

    /// Leaves no byte free; gives the file that took them.
    pub fn fill(&self) -> anyhow::Result<PathBuf> {
        let path = self.path().join("fill");
        let fill = || -> std::io::Result<()> {
            let mut file = std::fs::File::create(&path)?;
            for piece in [1 << 20, 4096, 1] {
                while std::io::Write::write_all(&mut file, &vec![1; piece]).is_ok() {}
            }
            file.sync_all()
        };
        fill().context("the disk could not be filled")?;
        Ok(path)
    }
}

impl Drop for MountedDisk {
    fn drop(&mut self) {
        let path: &Path = &self.path();
        // A file system that is still busy for a moment goes when its last file is closed.
        run("umount", &["-l".as_ref(), path.as_os_str()]).ok();
    }
}
