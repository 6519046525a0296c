//! Buffers that begin where a page begins, reused by their worker.
//!
//! Direct writes need it, and reading from memory lives by it: bytes that the kernel copies to an
//! address 16 behind a page, where large vectors begin, came at a fifth of the speed
//! (`benches --only warm`). Touching fresh memory costs more than hashing it, so a buffer grows and
//! never shrinks.

/// Where buffers begin: a multiple of this, the size of a page and a multiple of every sector.
pub(crate) const ALIGN: usize = 4_096;

/// A byte buffer that begins at a multiple of `ALIGN`.
#[derive(Default)]
pub(crate) struct AlignedBuffer {
    bytes: Vec<u8>,
    start: usize,
    len: usize,
}

impl AlignedBuffer {
    /// `len` zero bytes.
    pub(crate) fn new(len: usize) -> Self {
        let bytes = vec![0; len + ALIGN];
        let start = bytes.as_ptr().align_offset(ALIGN).min(ALIGN);
        Self { bytes, start, len }
    }

    /// The whole buffer.
    pub(crate) fn all(&mut self) -> &mut [u8] {
        self.first(self.len)
    }

    /// Its first `len` bytes; shorter if the buffer is.
    pub(crate) fn first(&mut self, len: usize) -> &mut [u8] {
        let len = len.min(self.len);
        &mut self.bytes[self.start..self.start + len]
    }

    /// So many bytes, whatever they hold; the buffer is made anew where it is shorter.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        if self.len < len {
            *self = Self::new(len);
        }
        self.first(len)
    }

    /// What lies in this range; nothing where the buffer is shorter.
    pub(crate) fn get(&self, range: std::ops::Range<usize>) -> &[u8] {
        let all = self.bytes.get(self.start..self.start + self.len);
        all.and_then(|all| all.get(range)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_begins_where_a_page_begins_however_it_grows() {
        let mut buffer = AlignedBuffer::default();
        assert!(buffer.get(0..1).is_empty());
        for len in [1, 64 << 10, 256 << 10, (256 << 10) + 1, 16 << 20, 5] {
            let room = buffer.room(len);
            assert_eq!((room.len(), room.as_ptr().align_offset(ALIGN)), (len, 0));
            room[len - 1] = 7;
            assert_eq!(buffer.get(len - 1..len), [7]);
        }
        assert_eq!(buffer.all().len(), 16 << 20, "it does not shrink");
    }
}
