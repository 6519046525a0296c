//! Frames on the wire: one byte of kind, four bytes of length (little-endian), the content.

use crate::{FRAME_BYTES_MAX, READ_BYTES_MAX};
use std::io::{self, Read, Write};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Vault to worker: an order, as JSON.
    Order(Vec<u8>),
    /// Vault to worker: the bytes that were asked for; fewer than asked only at the end.
    Bytes(Vec<u8>),
    /// Worker to vault: this range, please.
    Read {
        /// First byte.
        offset: u64,
        /// How many, at most `READ_BYTES_MAX`.
        length: u32,
    },
    /// Worker to vault: a piece of a product, at this place in it. Written again, a place takes
    /// the later bytes.
    Piece {
        /// Which product, by its number.
        product: u8,
        /// Where in it.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Worker to vault: the end of the order, as JSON.
    Answer(Vec<u8>),
}

/// Why there is no frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side is gone, or the socket failed.
    #[error("the connection failed")]
    Io(#[from] io::Error),
    /// A length beyond its limit.
    #[error("{0} bytes are too many")]
    TooLong(usize),
    /// A kind of frame nobody knows, or one of the wrong length.
    #[error("not a frame")]
    Kind,
    /// An answer that is not JSON of the agreed form.
    #[error("not an answer")]
    Answer(#[source] serde_json::Error),
    /// An answer that breaks a limit.
    #[error("an answer beyond its limits")]
    Bounds,
}

const ORDER: u8 = 1;
const BYTES: u8 = 2;
const READ: u8 = 3;
const PIECE: u8 = 4;
const ANSWER: u8 = 5;

/// Reads one frame; `None` when the other side closed between frames.
pub fn read_frame(from: &mut impl Read) -> Result<Option<Frame>, FrameError> {
    let mut kind = [0];
    match from.read_exact(&mut kind) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(array(from)?) as usize;
    if length > FRAME_BYTES_MAX {
        return Err(FrameError::TooLong(length));
    }
    Ok(Some(match kind[0] {
        ORDER => Frame::Order(content(from, length)?),
        BYTES => Frame::Bytes(content(from, length)?),
        ANSWER => Frame::Answer(content(from, length)?),
        READ if length == 12 => {
            let offset = u64::from_le_bytes(array(from)?);
            let length = u32::from_le_bytes(array(from)?);
            if length > READ_BYTES_MAX {
                return Err(FrameError::TooLong(length as usize));
            }
            Frame::Read { offset, length }
        }
        PIECE if length >= 9 => {
            let [product] = array(from)?;
            let offset = u64::from_le_bytes(array(from)?);
            Frame::Piece { product, offset, bytes: content(from, length - 9)? }
        }
        _ => return Err(FrameError::Kind),
    }))
}

/// Writes one frame.
pub fn write_frame(to: &mut impl Write, frame: &Frame) -> Result<(), FrameError> {
    match frame {
        Frame::Order(bytes) => whole(to, ORDER, &[], bytes),
        Frame::Bytes(bytes) => whole(to, BYTES, &[], bytes),
        Frame::Answer(bytes) => whole(to, ANSWER, &[], bytes),
        Frame::Read { offset, length } => {
            let mut head = [0; 12];
            head[..8].copy_from_slice(&offset.to_le_bytes());
            head[8..].copy_from_slice(&length.to_le_bytes());
            whole(to, READ, &head, &[])
        }
        Frame::Piece { product, offset, bytes } => {
            let mut head = [0; 9];
            head[0] = *product;
            head[1..].copy_from_slice(&offset.to_le_bytes());
            whole(to, PIECE, &head, bytes)
        }
    }
}

fn whole(to: &mut impl Write, kind: u8, head: &[u8], bytes: &[u8]) -> Result<(), FrameError> {
    let total = head.len() + bytes.len();
    let length = u32::try_from(total).ok().filter(|_| total <= FRAME_BYTES_MAX);
    let length = length.ok_or(FrameError::TooLong(total))?;
    to.write_all(&[kind])?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(head)?;
    to.write_all(bytes)?;
    Ok(to.flush()?)
}

fn array<const N: usize>(from: &mut impl Read) -> Result<[u8; N], FrameError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn content(from: &mut impl Read, length: usize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_read_as_it_was_written() {
        let frames = [
            Frame::Order(b"{}".to_vec()),
            Frame::Bytes(vec![1, 2, 3]),
            Frame::Read { offset: 7, length: 9 },
            Frame::Piece { product: 3, offset: 1 << 40, bytes: vec![9] },
            Frame::Answer(Vec::new()),
        ];
        let mut wire = Vec::new();
        for frame in &frames {
            write_frame(&mut wire, frame).unwrap();
        }
        let mut reading = wire.as_slice();
        for frame in &frames {
            assert_eq!(read_frame(&mut reading).unwrap().as_ref(), Some(frame));
        }
        assert!(read_frame(&mut reading).unwrap().is_none());
    }

    #[test]
    fn a_length_beyond_its_limit_is_refused_before_memory_is_taken() {
        let huge = [&[BYTES][..], &u32::MAX.to_le_bytes()].concat();
        assert!(matches!(read_frame(&mut huge.as_slice()), Err(FrameError::TooLong(_))));
        let mut greedy = [&[READ][..], &12u32.to_le_bytes(), &[0; 8]].concat();
        greedy.extend((READ_BYTES_MAX + 1).to_le_bytes());
        assert!(matches!(read_frame(&mut greedy.as_slice()), Err(FrameError::TooLong(_))));
        let unknown = [&[77][..], &0u32.to_le_bytes()].concat();
        assert!(matches!(read_frame(&mut unknown.as_slice()), Err(FrameError::Kind)));
        let cut = [&[ORDER][..], &9u32.to_le_bytes(), b"short"].concat();
        assert!(matches!(read_frame(&mut cut.as_slice()), Err(FrameError::Io(_))));
    }
}
