//! Recordings made by real programs, and a small caller of the media worker.
//!
//! `Worker` starts `vault-media` as the vault does (a socket as its standard input, nothing else)
//! and serves it a local file. `Studio` makes recordings with FFmpeg, sox, espeak-ng and exiftool
//! in a directory of its own. Promises: a program that is missing fails the test and names itself.
//! Never: serves a byte the worker did not ask for.

use anyhow::{Context, bail, ensure};
use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;
use vault_media_protocol::{
    Answer, Declined, Finding, FindingClass, Frame, Order, Product, Report, Task, read_frame,
    write_frame,
};

/// How long the worker may be silent; this machine may be busy compiling.
const SILENCE: Duration = Duration::from_mins(3);

/// The largest product a test takes, in bytes.
const PRODUCT_BYTES_MAX: u64 = 1 << 30;

/// The worker's program, built first.
pub fn program() -> anyhow::Result<&'static Path> {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(built) = BUILT.get() {
        return Ok(built);
    }
    let built = crate::program::built("vault-media")?;
    Ok(BUILT.get_or_init(|| built))
}

/// What came back for one order.
#[derive(Debug)]
pub struct Done {
    /// The end of the order.
    pub answer: Answer,
    /// The products, put together.
    pub products: BTreeMap<Product, Vec<u8>>,
    /// How many ranges were asked for.
    pub reads: u64,
    /// Bytes handed to the worker.
    pub bytes_read: u64,
}

impl Done {
    /// The report; fails the test where the order was declined.
    pub fn report(&self) -> &Report {
        match &self.answer {
            Answer::Done(report) => report,
            Answer::Declined(declined) => panic!("declined: {declined:?}"),
        }
    }

    /// The refusal; fails the test where the order was done.
    pub fn declined(&self) -> &Declined {
        match &self.answer {
            Answer::Declined(declined) => declined,
            Answer::Done(report) => panic!("not declined: {report:?}"),
        }
    }

    /// The findings of one class.
    pub fn findings(&self, class: FindingClass) -> Vec<Finding> {
        let all = self.report().findings.iter().copied();
        all.filter(|finding| finding.class == class).collect()
    }

    /// One product; fails the test where it was not made.
    pub fn product(&self, product: Product) -> &[u8] {
        self.products.get(&product).unwrap_or_else(|| panic!("no {}", product.as_str()))
    }
}

/// A running worker. Killed and waited for when dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    socket: UnixStream,
}

impl Worker {
    /// Starts a worker as the vault does.
    pub fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::spawn(Command::new(program()?).args(arguments))
    }

    /// Starts a worker whose every system call is written to a file.
    pub fn start_traced(log: &Path) -> anyhow::Result<Self> {
        let mut traced = Command::new("strace");
        Self::spawn(traced.args(["-f", "-qq", "-o"]).arg(log).arg(program()?))
    }

    /// Starts a worker whose calls of these names are written to a file, and no others, which
    /// takes little time. A call that the worker's own walls refuse is not among them.
    pub fn start_watched(log: &Path, calls: &[&str]) -> anyhow::Result<Self> {
        let names = calls.iter().map(|call| call.trim_end_matches('('));
        // A question mark: names that this machine's processor does not have are no error.
        let names: Vec<_> = names.map(|name| format!("?{name}")).collect();
        let filter = format!("trace=seccomp,{}", names.join(","));
        let mut traced = Command::new("strace");
        let traced = traced.args(["-f", "-qq", "--seccomp-bpf", "-e", &filter, "-o"]);
        Self::spawn(traced.arg(log).arg(program()?))
    }

    fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let (socket, far) = UnixStream::pair()?;
        let command = command.env_clear().stdin(OwnedFd::from(far));
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        socket.set_read_timeout(Some(SILENCE))?;
        socket.set_write_timeout(Some(SILENCE))?;
        Ok(Self { child, socket })
    }

    /// The worker's process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Gives an order for a file and serves it to the end; where the order says more bytes than
    /// the file has, fewer are handed over than asked for. An error is a worker that is gone or
    /// that broke the protocol.
    pub fn carry_out(&mut self, order: &Order, file: &Path) -> anyhow::Result<Done> {
        let file = File::open(file)?;
        let length_of_file = file.metadata()?.len();
        write_frame(&mut self.socket, &Frame::Order(serde_json::to_vec(order)?))?;
        let mut products: BTreeMap<Product, Vec<u8>> = BTreeMap::new();
        let (mut reads, mut bytes_read) = (0, 0);
        loop {
            match read_frame(&mut self.socket)?.context("the worker closed its socket")? {
                Frame::Read { offset, length } => {
                    let rest = length_of_file.saturating_sub(offset).min(u64::from(length));
                    let mut bytes = vec![0; usize::try_from(rest)?];
                    file.read_exact_at(&mut bytes, offset)?;
                    (reads, bytes_read) = (reads + 1, bytes_read + rest);
                    write_frame(&mut self.socket, &Frame::Bytes(bytes))?;
                }
                Frame::Piece { product, offset, bytes } => {
                    let product = Product::of_number(product).context("an unknown product")?;
                    ensure!(order.products.contains(&product), "a product nobody asked for");
                    let end = offset + bytes.len() as u64;
                    ensure!(end <= order.product_bytes_max, "a product past its limit");
                    let made = products.entry(product).or_default();
                    made.resize(made.len().max(usize::try_from(end)?), 0);
                    made[usize::try_from(offset)?..usize::try_from(end)?].copy_from_slice(&bytes);
                }
                Frame::Answer(bytes) => {
                    let answer = Answer::parse(&bytes)?;
                    return Ok(Done { answer, products, reads, bytes_read });
                }
                Frame::Order(_) | Frame::Bytes(_) => bail!("the worker speaks out of turn"),
            }
        }
    }

    /// Closes the socket and waits for the worker's end.
    pub fn close(mut self) -> anyhow::Result<std::process::ExitStatus> {
        self.socket.shutdown(std::net::Shutdown::Both)?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An order for a whole file.
pub fn order(task: Task, file: &Path, products: &[Product]) -> anyhow::Result<Order> {
    let products = products.iter().copied().collect();
    let bytes = file.metadata()?.len();
    Ok(Order { bytes, ..Order::new(task, products, PRODUCT_BYTES_MAX) })
}

/// Gives one order to a worker of its own.
pub fn examine(task: Task, file: &Path, products: &[Product]) -> anyhow::Result<Done> {
    Worker::start(&[])?.carry_out(&order(task, file, products)?, file)
}

/// A directory in which recordings are made.
#[derive(Debug)]
pub struct Studio(TempDir);

impl Studio {
    /// An empty one.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    /// A place in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a program in the directory and yields what it printed.
    pub fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(program);
        let output = command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        let output = output.output().with_context(|| format!("{program} does not start"))?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program} {arguments:?}: {words}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Makes a recording with FFmpeg; the words of the command are parted by spaces, the last is
    /// the file's name.
    pub fn ffmpeg(&self, words: &str) -> anyhow::Result<PathBuf> {
        let mut arguments: Vec<_> = "-hide_banner -loglevel error -nostdin -y".split(' ').collect();
        arguments.extend(words.split_whitespace());
        self.run("ffmpeg", &arguments)?;
        Ok(self.path(arguments.last().context("no file name")?))
    }

    /// What ffprobe says of a file: the entries asked for, one per line.
    pub fn ffprobe(&self, entries: &str, file: &str) -> anyhow::Result<String> {
        let format = ["-v", "error", "-show_entries", entries, "-of", "csv=p=0", file];
        self.run("ffprobe", &format)
    }

    /// Writes a file of these bytes.
    pub fn file(&self, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
        std::fs::write(self.path(name), bytes)?;
        Ok(self.path(name))
    }
}

/// A small PDF that every reader opens: what a scanner makes of a signed paper.
pub fn scan(note: &str) -> Vec<u8> {
    let mut file = format!("%PDF-1.4\n%{note}\n").into_bytes();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj{object}endobj\n").bytes());
    }
    let place = file.len();
    let trailer = format!("trailer<</Size {}/Root 1 0 R>>", objects.len() + 1);
    file.extend(format!("{table}{trailer}\nstartxref\n{place}\n%%EOF\n").bytes());
    file
}
