//! The one socket: ranges of the recording come in, pieces of products and the answer go out.
//!
//! Promises: reads ahead in steps of a mebibyte, so that small reads of the parser cost nothing;
//! holds a few such steps and no more, whatever the length of the recording.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use vault_media_protocol::{Frame, Order, Product, read_frame, write_frame};

/// Bytes asked for at once.
const STEP_BYTES: u64 = 1 << 20;

/// Bytes of a product handed over at once.
const PIECE_BYTES: usize = 1 << 20;

/// Steps that are kept: the one being read, the index at the other end of a file, and the places
/// between which parsers jump.
const STEPS_KEPT: usize = 4;

/// The socket.
pub(crate) struct Link {
    socket: Mutex<BufReader<UnixStream>>,
    /// Whether a range of the recording of this order could not be had. Parsers take a failed read
    /// for the end of the file, so it is remembered here.
    failed: AtomicBool,
}

fn broken<E>(_: E) -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}

impl Link {
    pub(crate) fn new(socket: UnixStream) -> Self {
        Self { socket: Mutex::new(BufReader::new(socket)), failed: AtomicBool::new(false) }
    }

    /// Whether bytes were missing since the order came: what was computed then is not to be used.
    pub(crate) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    fn socket(&self) -> io::Result<MutexGuard<'_, BufReader<UnixStream>>> {
        self.socket.lock().map_err(broken)
    }

    /// Sends a frame in one piece: each part of it by itself would be a call of the system.
    fn send(socket: &BufReader<UnixStream>, frame: &Frame) -> io::Result<()> {
        let mut wire = Vec::new();
        write_frame(&mut wire, frame).map_err(broken)?;
        socket.get_ref().write_all(&wire)
    }

    /// The next order; `None` once the vault closed the socket.
    pub(crate) fn next_order(&self) -> io::Result<Option<Order>> {
        self.failed.store(false, Ordering::Relaxed);
        match read_frame(&mut *self.socket()?).map_err(broken)? {
            None => Ok(None),
            Some(Frame::Order(json)) => serde_json::from_slice(&json).map(Some).map_err(broken),
            Some(_) => Err(broken(())),
        }
    }

    /// Ends an order.
    pub(crate) fn answer(&self, json: &[u8]) -> io::Result<()> {
        let frame = Frame::Answer(json.to_vec());
        Self::send(&*self.socket()?, &frame)
    }

    fn range(&self, offset: u64, length: u32) -> io::Result<Vec<u8>> {
        let bytes = self.asked(offset, length);
        if bytes.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        bytes
    }

    fn asked(&self, offset: u64, length: u32) -> io::Result<Vec<u8>> {
        let mut socket = self.socket()?;
        Self::send(&socket, &Frame::Read { offset, length })?;
        match read_frame(&mut *socket).map_err(broken)? {
            Some(Frame::Bytes(bytes)) if bytes.len() == length as usize => Ok(bytes),
            _ => Err(broken(())),
        }
    }
}

/// The recording, as a file that can be read and sought in.
pub(crate) struct Recording {
    link: Arc<Link>,
    length: u64,
    at: u64,
    /// Steps by their number, the one used last in front.
    steps: Vec<(u64, Vec<u8>)>,
}

impl Recording {
    pub(crate) fn new(link: &Arc<Link>, length: u64) -> Self {
        Self { link: Arc::clone(link), length, at: 0, steps: Vec::new() }
    }

    fn step(&mut self, number: u64) -> io::Result<&[u8]> {
        if let Some(place) = self.steps.iter().position(|(kept, _)| *kept == number) {
            self.steps[..=place].rotate_right(1);
        } else {
            let offset = number * STEP_BYTES;
            let length = STEP_BYTES.min(self.length - offset);
            let length = u32::try_from(length).map_err(broken)?;
            let bytes = self.link.range(offset, length)?;
            self.steps.truncate(STEPS_KEPT - 1);
            self.steps.insert(0, (number, bytes));
        }
        Ok(&self.steps[0].1)
    }
}

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        let at = self.at;
        let step = self.step(at / STEP_BYTES)?;
        let from = usize::try_from(at % STEP_BYTES).map_err(broken)?;
        let part = &step[from..];
        let length = part.len().min(buffer.len());
        buffer[..length].copy_from_slice(&part[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Recording {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// A product on its way to the vault.
pub(crate) struct Outgoing {
    link: Arc<Link>,
    product: Product,
    bytes_max: u64,
    at: u64,
    length: u64,
}

impl Outgoing {
    /// An empty product; one that grows beyond what the order allows fails with `EFBIG`.
    pub(crate) fn new(link: &Arc<Link>, order: &Order, product: Product) -> Self {
        let bytes_max = order.product_bytes_max;
        Self { link: Arc::clone(link), product, bytes_max, at: 0, length: 0 }
    }
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(PIECE_BYTES)];
        if self.at.saturating_add(bytes.len() as u64) > self.bytes_max {
            return Err(io::Error::from_raw_os_error(libc::EFBIG));
        }
        let (product, offset) = (self.product.number(), self.at);
        let frame = Frame::Piece { product, offset, bytes: bytes.to_vec() };
        Link::send(&*self.link.socket()?, &frame)?;
        self.at += bytes.len() as u64;
        self.length = self.length.max(self.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Outgoing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.at = at;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault_media_protocol::Task;

    #[test]
    fn a_product_stops_at_the_limit_of_its_order() {
        let (mine, _theirs) = UnixStream::pair().unwrap();
        let link = Arc::new(Link::new(mine));
        let products = [Product::Poster].into();
        let order = Order { bytes: 1, ..Order::new(Task::Preview, products, 10) };
        let mut out = Outgoing::new(&link, &order, Product::Poster);
        assert_eq!(out.write(&[0; 10]).unwrap(), 10);
        assert_eq!(out.write(&[0]).unwrap_err().raw_os_error(), Some(libc::EFBIG));
        out.seek(SeekFrom::Start(3)).unwrap();
        assert_eq!(out.write(&[0; 7]).unwrap(), 7);
    }

    #[test]
    fn a_recording_is_read_and_sought_through_the_socket() {
        let bytes: Vec<u8> = (0..2_500_000_u32).map(|n| (n % 251) as u8).collect();
        let (mine, mut theirs) = UnixStream::pair().unwrap();
        let served = bytes.clone();
        let vault = std::thread::spawn(move || {
            let mut asked = 0;
            while let Ok(Some(Frame::Read { offset, length })) = read_frame(&mut theirs) {
                let from = usize::try_from(offset).unwrap();
                let part = served[from..from + length as usize].to_vec();
                write_frame(&mut theirs, &Frame::Bytes(part)).unwrap();
                asked += 1;
            }
            asked
        });
        let link = Arc::new(Link::new(mine));
        let mut recording = Recording::new(&link, bytes.len() as u64);
        let mut whole = Vec::new();
        recording.read_to_end(&mut whole).unwrap();
        assert!(whole == bytes);
        recording.seek(SeekFrom::End(-10)).unwrap();
        let mut end = Vec::new();
        recording.read_to_end(&mut end).unwrap();
        assert_eq!(end, bytes[bytes.len() - 10..]);
        recording.seek(SeekFrom::Start(5)).unwrap();
        let mut five = [0; 5];
        recording.read_exact(&mut five).unwrap();
        assert_eq!(five, bytes[5..10]);
        drop((recording, link));
        assert_eq!(vault.join().unwrap(), 3, "what is kept is not asked for again");
    }
}
