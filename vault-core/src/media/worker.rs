//! The sandboxed worker process, as seen from the vault.
//!
//! The worker gets one socket and nothing else: no files, no names, no environment. It asks for
//! ranges, which are read verified; it hands over products, which go into spools; it ends with an
//! answer, which is checked. Promises: a worker that dies, lies about lengths or takes too long is
//! killed and costs its own order only. Several recordings may pass through one worker, one after
//! the other, because starting one costs more than most examinations.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{MEDIA_SMALL_PRODUCT_MAX, MEDIA_WORKER_ORDERS_MAX};
use crate::store::read::{ReadBuffers, StoredRecording};
use crate::store::spool::Spool;
use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use vault_media_protocol::{Answer, Frame, FrameError, Order, Product, read_frame, write_frame};

/// Where the worker's program is, and what is allowed to it.
#[derive(Debug, Clone)]
pub struct WorkerProgram {
    /// The program `vault-media`.
    pub path: PathBuf,
    /// Whether it may work although this kernel cannot confine it fully; a person's decision.
    pub weak_sandbox_allowed: bool,
}

impl WorkerProgram {
    /// The layers of confinement that are missing on this kernel; `None` if the program does not
    /// start or does not answer.
    pub(crate) fn confinement(&self) -> Option<Vec<String>> {
        let mut command = Command::new(&self.path);
        command.arg("--check").env_clear().stdin(Stdio::null()).stderr(Stdio::null());
        let answer = command.output().ok()?;
        let layers: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&answer.stdout).ok()?;
        let missing = |value: &serde_json::Value| {
            matches!(value, serde_json::Value::Bool(false))
                || value.as_str().is_some_and(|state| state != "full")
        };
        // Name spaces are a bonus: many machines forbid them to ordinary users.
        let needed = layers.into_iter().filter(|(name, _)| name != "namespaces");
        Some(needed.filter(|(_, value)| missing(value)).map(|(name, _)| name).collect())
    }
}

/// A running worker.
pub(super) struct Worker {
    child: Child,
    socket: UnixStream,
    orders: u32,
}

/// What came of an order.
pub(super) enum Ended {
    /// An answer that keeps its bounds.
    Answered(Answer, BTreeMap<Product, Spool>),
    /// None: `deadline` or `worker-died`. The worker is of no more use.
    Lost(&'static str),
}

impl Worker {
    /// Starts a worker.
    pub(super) fn start(program: &WorkerProgram) -> Outcome<Self> {
        let failed = |error: std::io::Error| {
            Fault::new(Code::MediaWorkerFailed)
                .with("path", program.path.display())
                .caused_by(error)
        };
        let (socket, theirs) = UnixStream::pair().map_err(failed)?;
        let mut command = Command::new(&program.path);
        if program.weak_sandbox_allowed {
            command.arg("--allow-weak-sandbox");
        }
        let child = command
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        Ok(Self { child, socket, orders: 0 })
    }

    /// Whether it may take another order: a worker is replaced now and then, so that what one
    /// recording did to it does not last.
    pub(super) fn fit(&self) -> bool {
        self.orders < MEDIA_WORKER_ORDERS_MAX
    }

    /// Serves one order. A fault is the vault's own: the recording could not be read, or a spool
    /// not be written.
    pub(super) fn serve(
        &mut self,
        order: &Order,
        recording: &StoredRecording<'_>,
        spools: &Path,
        within: Duration,
    ) -> Outcome<Ended> {
        self.orders += 1;
        let until = Instant::now() + within;
        let Ok(json) = serde_json::to_vec(order) else {
            return Err(Fault::new(Code::Internal).with("what", "order"));
        };
        if self.socket.set_write_timeout(Some(within)).is_err()
            || write_frame(&mut self.socket, &Frame::Order(json)).is_err()
        {
            return Ok(Ended::Lost("worker-died"));
        }
        let mut reading = Reading { recording, buffers: ReadBuffers::default() };
        let mut products = BTreeMap::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.socket.set_read_timeout(Some(left)).is_err() {
                return Ok(Ended::Lost("deadline"));
            }
            match read_frame(&mut self.socket) {
                Ok(Some(Frame::Read { offset, length })) => {
                    let bytes = reading.range(offset, length)?;
                    if write_frame(&mut self.socket, &Frame::Bytes(bytes)).is_err() {
                        return Ok(Ended::Lost("worker-died"));
                    }
                }
                Ok(Some(Frame::Piece { product, offset, bytes })) => {
                    let asked = Product::of_number(product)
                        .filter(|product| order.products.contains(product));
                    let Some(product) = asked else { return Ok(Ended::Lost("worker-died")) };
                    if !take_piece(&mut products, product, (offset, &bytes), order, spools)? {
                        return Ok(Ended::Lost("product-too-large"));
                    }
                }
                Ok(Some(Frame::Answer(json))) => {
                    return Ok(Answer::parse(&json).map_or(Ended::Lost("worker-died"), |answer| {
                        Ended::Answered(answer, products)
                    }));
                }
                Err(FrameError::Io(error)) if is_timeout(&error) => {
                    return Ok(Ended::Lost("deadline"));
                }
                Ok(Some(Frame::Order(_) | Frame::Bytes(_)) | None) | Err(_) => {
                    return Ok(Ended::Lost("worker-died"));
                }
            }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

/// Puts a piece into its spool; false if the product grows beyond its limit.
fn take_piece(
    products: &mut BTreeMap<Product, Spool>,
    product: Product,
    (offset, bytes): (u64, &[u8]),
    order: &Order,
    spools: &Path,
) -> Outcome<bool> {
    let limit = match product {
        Product::Poster | Product::Sheet | Product::Waveform => MEDIA_SMALL_PRODUCT_MAX,
        Product::Proxy | Product::Speech | Product::Excerpt | Product::Places => {
            order.product_bytes_max
        }
    };
    let spool = match products.entry(product) {
        std::collections::btree_map::Entry::Occupied(spool) => spool.into_mut(),
        std::collections::btree_map::Entry::Vacant(free) => free.insert(Spool::new(spools, limit)?),
    };
    match spool.write_at(offset, bytes) {
        Ok(()) => Ok(true),
        Err(fault) if fault.code() == Code::SourceTooLarge => Ok(false),
        Err(fault) => Err(fault),
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be gone already; either way it must not be left behind.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A recording as the worker asks for it.
struct Reading<'a, 'store> {
    recording: &'a StoredRecording<'store>,
    buffers: ReadBuffers,
}

impl Reading<'_, '_> {
    /// The bytes of a range; fewer than asked for only at the end.
    fn range(&mut self, offset: u64, length: u32) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        let end = offset.saturating_add(u64::from(length)).min(self.recording.bytes());
        if offset < end {
            self.recording.read_range(offset..end, &mut self.buffers, &mut |piece| {
                bytes.extend_from_slice(piece);
                Ok(())
            })?;
        }
        Ok(bytes)
    }
}
