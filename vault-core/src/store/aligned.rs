//! Buffers whose address suits direct input and output, reused by their worker.
//!
//! Allocated once per worker: touching fresh memory costs more than hashing it.

/// A byte buffer that begins at a multiple of its alignment.
pub(crate) struct AlignedBuffer {
    bytes: Vec<u8>,
    start: usize,
    len: usize,
}

impl AlignedBuffer {
    /// `len` zero bytes at an address that is a multiple of `align` (a power of two).
    pub(crate) fn new(len: usize, align: usize) -> Self {
        let bytes = vec![0; len + align];
        let start = bytes.as_ptr().align_offset(align).min(align);
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
}
