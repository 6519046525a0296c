//! Where each packet of an excerpt lies, found by looking at what the muxer writes.
//!
//! Muxers keep packets back (Matroska a cluster, Ogg a page) and some write them otherwise than they
//! are. So each packet is looked for in the bytes that leave, in its order, and no muxer is believed.
//! Promises: a place that is told holds those bytes; holds two windows of bytes at most; a packet that
//! is not found is told as such. Never: keeps the excerpt from being written.

use crate::link::Outgoing;
use std::collections::VecDeque;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};
use vault_media_protocol::CutPlace;

/// How far behind a packet its bytes may leave: more than the five megabytes of a Matroska cluster.
const WINDOW_BYTES: usize = 8 << 20;

/// So many packets not found one after the other: this muxer writes them otherwise.
const MISSES_MAX: u32 = 64;

/// A packet on its way.
struct Pending {
    from: u64,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Search {
    pending: VecDeque<Pending>,
    pending_bytes: usize,
    /// What left last, and where it begins.
    tail: Vec<u8>,
    tail_at: u64,
    /// How much of it the first pending packet was looked for in.
    looked: usize,
    misses: u32,
    found: Vec<CutPlace>,
}

impl Search {
    fn expect(&mut self, from: u64, packet: &[u8]) {
        if packet.is_empty() {
            return;
        }
        if self.misses > MISSES_MAX {
            return self.tell(CutPlace::NOT_FOUND, from, packet.len());
        }
        self.pending_bytes += packet.len();
        self.pending.push_back(Pending { from, bytes: packet.to_vec() });
        while self.pending_bytes > WINDOW_BYTES.max(packet.len()) && self.miss() {}
    }

    /// Gives up the first packet that is looked for; `false` where there is none.
    fn miss(&mut self) -> bool {
        let Some(missed) = self.pending.pop_front() else { return false };
        self.pending_bytes -= missed.bytes.len();
        (self.looked, self.misses) = (0, self.misses.saturating_add(1));
        self.tell(CutPlace::NOT_FOUND, missed.from, missed.bytes.len());
        true
    }

    fn tell(&mut self, at: u64, from: u64, length: usize) {
        let bytes = u32::try_from(length).unwrap_or(u32::MAX);
        self.found.push(CutPlace { at, from, bytes });
    }

    fn left(&mut self, at: u64, bytes: &[u8]) {
        if self.misses > MISSES_MAX {
            return;
        }
        if at != self.tail_at + self.tail.len() as u64 {
            self.tail.clear();
            (self.tail_at, self.looked) = (at, 0);
        }
        self.tail.extend_from_slice(bytes);
        while let Some(next) = self.pending.front() {
            let Some(behind) = memchr::memmem::find(&self.tail[self.looked..], &next.bytes) else {
                // Its beginning may have left already.
                let whole = self.tail.len().saturating_sub(next.bytes.len() - 1);
                self.looked = self.looked.max(whole);
                break;
            };
            let (place, length) = (self.looked + behind, next.bytes.len());
            let (at, from) = (self.tail_at + place as u64, next.from);
            self.pending.pop_front();
            self.pending_bytes -= length;
            self.tell(at, from, length);
            (self.looked, self.misses) = (0, 0);
            self.forget(place + length);
        }
        self.forget(self.tail.len().saturating_sub(WINDOW_BYTES));
    }

    fn forget(&mut self, bytes: usize) {
        self.tail.drain(..bytes);
        self.tail_at += bytes as u64;
        self.looked = self.looked.saturating_sub(bytes);
    }
}

/// The places of the packets of one excerpt.
#[derive(Default, Clone)]
pub(super) struct Places(Arc<Mutex<Search>>);

impl Places {
    fn with<T>(&self, act: impl FnOnce(&mut Search) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks for a packet of the recording in what is written from now on.
    pub(super) fn expect(&self, from: u64, packet: &[u8]) {
        self.with(|search| search.expect(from, packet));
    }

    /// Every place, once nothing more is written.
    pub(super) fn told(&self) -> Vec<CutPlace> {
        self.with(|search| {
            while search.miss() {}
            std::mem::take(&mut search.found)
        })
    }
}

/// The excerpt on its way to the vault, looked at as it passes.
pub(super) struct Watched {
    out: Outgoing,
    at: u64,
    places: Places,
}

impl Watched {
    pub(super) fn new(out: Outgoing, places: &Places) -> Self {
        Self { out, at: 0, places: places.clone() }
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.places.with(|search| search.left(self.at, &bytes[..written]));
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.out.seek(to)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(search: &Search) -> Vec<u64> {
        search.found.iter().map(|place| place.at).collect()
    }

    #[test]
    fn packets_are_found_late_and_over_the_edges_of_what_is_written() {
        let mut search = Search::default();
        search.expect(1_000, b"first packet");
        search.expect(2_000, b"the second");
        search.left(0, b"head fir");
        assert!(at(&search).is_empty());
        search.left(8, b"st packet..the se");
        search.left(25, b"cond");
        assert_eq!(at(&search), [5, 19]);
        assert_eq!((search.found[1].from, search.found[1].bytes), (2_000, 10));
        // The index in front is written last, and is no place of a packet.
        search.expect(3_000, b"third");
        search.left(0, b"index third");
        search.left(29, b"third");
        assert_eq!(at(&search), [5, 19, 6]);
    }

    #[test]
    fn a_packet_that_is_written_otherwise_does_not_hold_up_the_next_for_ever() {
        let mut search = Search::default();
        let turned = vec![7; WINDOW_BYTES / 2];
        search.expect(0, &turned);
        search.left(0, &[8; 100]);
        search.expect(1, b"as it is");
        search.left(100, b"as it is");
        search.expect(2, &turned);
        search.left(108, b"-");
        assert_eq!(at(&search), [CutPlace::NOT_FOUND, 100]);
    }

    #[test]
    fn where_nothing_is_found_nothing_is_kept() {
        let places = Places::default();
        for from in 0..10_000 {
            places.expect(from, &[1; 4_096]);
            places.with(|search| search.left(from * 10, b"otherwise "));
        }
        places.with(|search| assert!(search.tail.len() <= WINDOW_BYTES));
        let told = places.told();
        assert_eq!(told.len(), 10_000);
        assert!(told.iter().all(|place| (place.at, place.bytes) == (CutPlace::NOT_FOUND, 4_096)));
    }
}
