//! What is measured: the vault and its peers, each with a step before that is not timed.

use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One program doing one thing. `{s}` is the source directory, `{t}` the target, `{v}` vaultctl.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    program: &'static str,
    prepare: &'static str,
    timed: &'static str,
    vaultctl: PathBuf,
}

/// What a run took.
pub(crate) struct Measured {
    pub(crate) elapsed: Duration,
    pub(crate) peak_kib: u64,
}

pub(crate) const LABELS: &str = "--case C --counterpart P --handler H --activity other";

fn subject(
    vaultctl: &Path,
    name: &'static str,
    program: &'static str,
    prepare: &'static str,
    timed: &'static str,
) -> Subject {
    Subject { name, program, prepare, timed, vaultctl: vaultctl.to_owned() }
}

/// Durable, encrypted ingest, and what others call the like. Every one ends on disk.
pub(crate) fn ingest(vaultctl: &Path) -> Vec<Subject> {
    let one = |name, program, prepare, timed| subject(vaultctl, name, program, prepare, timed);
    vec![
        one(
            "vaultctl ingest",
            "sh",
            "{v} init {t}/v",
            "{v} --vault {t}/v ingest {s} {labels} --json >{t}/out",
        ),
        one("cp + sync", "cp", "true", "cp -r --reflink=never {s} {t}/c && sync -f {t}/c"),
        one(
            "restic",
            "restic",
            "RESTIC_PASSWORD=x restic -q -r {t}/r init",
            "RESTIC_PASSWORD=x restic -q -r {t}/r backup --compression off --no-cache {s} && sync -f {t}",
        ),
        one(
            "rustic",
            "rustic",
            "rustic --log-level error -r {t}/r --password x init --set-compression 0",
            "rustic --log-level error --no-progress -r {t}/r --password x backup {s} && sync -f {t}",
        ),
        one(
            "borg",
            "borg",
            "borg init -e none {t}/b",
            "borg create -C none --chunker-params fixed,4194304 {t}/b::a {s} && sync -f {t}",
        ),
        one(
            "git-annex",
            "git-annex",
            "cd {t} && git init -q && git annex init -q x",
            "cp -r {s} {t}/d && cd {t} && git annex add -q -J2 d && sync -f {t}",
        ),
    ]
}

/// Verification of everything stored.
pub(crate) fn verify(vaultctl: &Path) -> Vec<Subject> {
    let one = |name, program, prepare, timed| subject(vaultctl, name, program, prepare, timed);
    let taken_in = "{v} init {t}/v >/dev/null && {v} --vault {t}/v ingest {s} {labels} --json >/dev/null && cat {t}/v/store/data/*/* >/dev/null";
    vec![
        one("vaultctl verify", "sh", taken_in, "{v} --vault {t}/v verify --all --json >{t}/out"),
        one(
            "vaultctl verify --keyless",
            "sh",
            taken_in,
            "{v} --vault {t}/v verify --all --keyless --json >{t}/out",
        ),
        one(
            "b3sum --check",
            "b3sum",
            "cd {s} && find . -type f | xargs -d '\\n' b3sum --num-threads 2 >{t}/m",
            "cd {s} && b3sum --num-threads 2 --check --quiet {t}/m",
        ),
        // Reads as the vault does: a mapped file that is cut or fails kills whoever looks at it.
        one(
            "b3sum --no-mmap --check",
            "b3sum",
            "cd {s} && find . -type f | xargs -d '\\n' b3sum >{t}/m",
            "cd {s} && b3sum --no-mmap --check --quiet {t}/m",
        ),
        one(
            "restic check --read-data",
            "restic",
            "RESTIC_PASSWORD=x restic -q -r {t}/r init && RESTIC_PASSWORD=x restic -q -r {t}/r backup --compression off --no-cache {s}",
            "RESTIC_PASSWORD=x restic -q -r {t}/r check --read-data --no-cache",
        ),
        one(
            "rustic check --read-data",
            "rustic",
            "rustic --log-level error -r {t}/r --password x init --set-compression 0 && rustic --log-level error --no-progress -r {t}/r --password x backup {s}",
            "rustic --log-level error --no-progress -r {t}/r --password x check --read-data",
        ),
        one(
            "hashdeep",
            "hashdeep",
            "hashdeep -c sha256 -r -j2 {s} >{t}/m",
            "hashdeep -c sha256 -r -j2 -a -k {t}/m {s}",
        ),
        one(
            "bagit.py --validate",
            "bagit.py",
            "cp -r {s} {t}/bag && bagit.py --quiet --processes 2 --sha256 {t}/bag",
            "bagit.py --quiet --validate --processes 2 {t}/bag",
        ),
    ]
}

/// Facts of many short recordings. The vault's row takes them in and records what it found as
/// well; ffprobe only prints.
pub(crate) fn probe(vaultctl: &Path) -> Vec<Subject> {
    let one = |name, program, prepare, timed| subject(vaultctl, name, program, prepare, timed);
    vec![
        one(
            "vaultctl ingest with probes",
            "sh",
            "{v} init {t}/v",
            "{v} --vault {t}/v ingest {s} {labels} --json >{t}/out",
        ),
        one(
            "ffprobe for each file",
            "ffprobe",
            "true",
            "for f in {s}/*; do ffprobe -v error -count_packets -show_format -show_streams \
             -of json \"$f\" >{t}/out; done",
        ),
    ]
}

/// Everything that is found out and made of recordings by decoding them, the whole queue worked
/// off, beside one ffmpeg for each file that does the like: detectors, poster, sheet, proxy.
pub(crate) fn examine(vaultctl: &Path) -> Vec<Subject> {
    let one = |name, program, prepare, timed| subject(vaultctl, name, program, prepare, timed);
    vec![
        one(
            "vaultctl jobs run (previews and digests)",
            "sh",
            "{v} init {t}/v && {v} --vault {t}/v ingest {s} {labels} >/dev/null",
            "{v} --vault {t}/v jobs run >{t}/out",
        ),
        one(
            "ffmpeg, one pass for each file",
            "ffmpeg",
            "true",
            "for f in {s}/*; do ffmpeg -v error -nostdin -y -i \"$f\" -filter_complex \
             \"[0:v]split=4[p][s][o][d];[d]scale=160:-2,blackdetect=d=2,freezedetect=d=5[n];\
             [s]fps=1/4,scale=160:-2,tile=3x3[t];[o]trim=start=3,scale=640:-2[q];[0:a]silencedetect=d=2[a]\" \
             -map [p] -map [a] -c:v libx264 -preset veryfast -crf 26 -force_key_frames 'expr:gte(t,n_forced)' \
             -c:a aac -movflags +faststart {t}/p.mp4 -map [t] -frames:v 1 {t}/t.jpg \
             -map [q] -frames:v 1 {t}/q.jpg -map [n] -f null -; done",
        ),
        one(
            "ffmpeg, a pass for each product",
            "ffmpeg",
            "true",
            "for f in {s}/*; do g=\"ffmpeg -v error -nostdin -y -i $f\"; \
             $g -c:v libx264 -preset veryfast -crf 26 -force_key_frames 'expr:gte(t,n_forced)' \
             -c:a aac -movflags +faststart {t}/p.mp4; \
             $g -vf fps=1/4,scale=160:-2,tile=3x3 -frames:v 1 {t}/t.jpg; \
             $g -ss 3 -vf scale=640:-2 -frames:v 1 {t}/q.jpg; \
             $g -vf scale=160:-2,blackdetect=d=2,freezedetect=d=5 -an -f null -; \
             $g -vn -af silencedetect=d=2 -f null -; done",
        ),
    ]
}

impl Subject {
    pub(crate) fn is_installed(&self) -> bool {
        let mut search = Command::new("sh");
        search.arg("-c").arg(format!("command -v {}", self.program));
        quiet(&mut search).status().is_ok_and(|status| status.success())
    }

    /// Prepares an empty target, then runs and times.
    pub(crate) fn run(&self, source: &Path, target: &Path) -> Result<Measured> {
        std::fs::create_dir_all(target)?;
        let filled = |text: &str| {
            text.replace("{s}", &source.display().to_string())
                .replace("{t}", &target.display().to_string())
                .replace("{v}", &self.vaultctl.display().to_string())
                .replace("{labels}", LABELS)
        };
        let prepared = quiet(Command::new("sh").arg("-c").arg(filled(self.prepare))).status()?;
        ensure!(prepared.success(), "{}: preparation failed", self.name);
        rustix::fs::sync();
        let peak = target.join("peak");
        let began = Instant::now();
        let status = quiet(
            Command::new("/usr/bin/time")
                .args(["-f", "%M", "-o"])
                .arg(&peak)
                .args(["sh", "-c"])
                .arg(filled(self.timed)),
        )
        .status()?;
        let elapsed = began.elapsed();
        ensure!(status.success(), "{}: failed", self.name);
        let peak_kib = std::fs::read_to_string(peak)?.trim().parse().unwrap_or(0);
        Ok(Measured { elapsed, peak_kib })
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null())
}
