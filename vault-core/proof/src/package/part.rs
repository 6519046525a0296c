//! Parts of a recording, proved by its content id: the bytes of some ranges, and the chaining
//! values of the BLAKE3 tree over everything else.
//!
//! Promises that `PartHasher::finish` gives the content id of the whole only where every byte that
//! was pushed stands in it at the place the part says. Ranges begin and end on chunks of 1,024
//! bytes, the smallest nodes of the tree. Never holds more than one node's digest for each subtree.

use crate::id::{ContentId, Hash256};
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root,
};
use std::ops::Range;

/// Bytes of a chunk, the leaf of the BLAKE3 tree.
pub const CHUNK_BYTES: u64 = 1_024;

/// How many ranges a part may have: a container that lays its streams apart needs a few for each
/// of them, and a proof has some fifty nodes at each edge.
pub const RANGES_MAX: usize = 10_000;

/// Ranges of a recording of `total` bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    total: u64,
    ranges: Vec<Range<u64>>,
    /// For each range, how many bytes stand in those before it.
    before: Vec<u64>,
}

/// How a subtree lies to the ranges.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lies {
    Inside,
    Outside,
    Across,
}

impl Part {
    /// A part; `None` unless its ranges ascend with room between them, are not empty, lie in the
    /// whole, and begin and end on chunks or at its end.
    pub fn new(total: u64, ranges: Vec<Range<u64>>) -> Option<Self> {
        let on_chunk = |at: u64| at.is_multiple_of(CHUNK_BYTES);
        let good = |range: &Range<u64>| {
            let ends = on_chunk(range.end) || range.end == total;
            on_chunk(range.start) && ends && range.start < range.end && range.end <= total
        };
        let apart = ranges.is_sorted_by(|before, after| before.end < after.start);
        let counted = (1..=RANGES_MAX).contains(&ranges.len());
        if !(counted && apart && ranges.iter().all(good)) {
            return None;
        }
        let before = ranges.iter().scan(0, |sum, range| {
            let before = *sum;
            *sum += range.end - range.start;
            Some(before)
        });
        Some(Self { total, before: before.collect(), ranges })
    }

    /// Length of the whole.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> u64 {
        self.ranges.iter().map(|range| range.end - range.start).sum()
    }

    /// Where a stretch of the whole lies among the bytes of the part, put one behind the other;
    /// `None` unless one range holds all of it.
    pub fn place_of(&self, stretch: &Range<u64>) -> Option<u64> {
        let at = self.ranges.partition_point(|range| range.end <= stretch.start);
        let (range, before) = (self.ranges.get(at)?, self.before.get(at)?);
        let inside = range.start <= stretch.start && stretch.end <= range.end;
        inside.then(|| before + stretch.start - range.start)
    }

    fn lies(&self, at: u64, bytes: u64) -> Lies {
        let first = self.ranges.partition_point(|range| range.end <= at);
        match self.ranges.get(first) {
            Some(range) if range.start <= at && at + bytes <= range.end => Lies::Inside,
            Some(range) if range.start < at + bytes => Lies::Across,
            _ => Lies::Outside,
        }
    }

    /// Largest subtrees that lie as asked, in order: where each begins and its bytes.
    fn subtrees(&self, wanted: Lies) -> Vec<(u64, u64)> {
        let (mut found, mut waiting) = (Vec::new(), vec![(0, self.total)]);
        while let Some((at, bytes)) = waiting.pop() {
            match self.lies(at, bytes) {
                Lies::Across => {
                    let left = left_subtree_len(bytes);
                    waiting.extend([(at + left, bytes - left), (at, left)]);
                }
                lies if lies == wanted => found.push((at, bytes)),
                Lies::Inside | Lies::Outside => {}
            }
        }
        found
    }

    /// The largest subtrees outside the ranges, in order: a proof has the chaining value of each.
    pub fn outside(&self) -> Vec<(u64, u64)> {
        self.subtrees(Lies::Outside)
    }
}

/// Takes the bytes of a part, in order, and gives the content id they prove.
pub struct PartHasher<'a> {
    part: &'a Part,
    inside: Vec<(u64, u64)>,
    running: blake3::Hasher,
    /// Bytes of the subtree under way.
    held: u64,
    values: Vec<ChainingValue>,
}

impl<'a> PartHasher<'a> {
    /// Nothing was taken yet.
    pub fn new(part: &'a Part) -> Self {
        let inside = part.subtrees(Lies::Inside);
        let running = blake3::Hasher::new();
        Self { part, inside, running, held: 0, values: Vec::new() }
    }

    /// Takes bytes; what goes beyond the part is counted by nobody here.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(&(at, length)) = self.inside.get(self.values.len())
            && !bytes.is_empty()
        {
            if self.held == 0 {
                // A hasher that was set to a place does not come back from it.
                self.running = blake3::Hasher::new();
                self.running.set_input_offset(at);
            }
            let room = usize::try_from(length - self.held).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.running.update(now);
            self.held += now.len() as u64;
            bytes = later;
            if self.held == length {
                let alone = length == self.part.total;
                self.values.push(if alone {
                    *self.running.finalize().as_bytes()
                } else {
                    self.running.finalize_non_root()
                });
                self.held = 0;
            }
        }
    }

    /// The content id of the whole; `None` where bytes are missing or the proof has another
    /// number of nodes than this part takes.
    pub fn finish(self, proof: &[Hash256]) -> Option<ContentId> {
        if self.values.len() != self.inside.len() {
            return None;
        }
        let mut values = self.values.into_iter();
        let mut proof = proof.iter();
        let root = value(self.part, (0, self.part.total), &mut values, &mut proof)?;
        proof.next().is_none().then(|| ContentId::from_bytes(root))
    }
}

fn value(
    part: &Part,
    (at, bytes): (u64, u64),
    values: &mut std::vec::IntoIter<ChainingValue>,
    proof: &mut std::slice::Iter<'_, Hash256>,
) -> Option<ChainingValue> {
    match part.lies(at, bytes) {
        Lies::Inside => values.next(),
        Lies::Outside => proof.next().map(|node| *node.as_bytes()),
        Lies::Across => {
            let left_bytes = left_subtree_len(bytes);
            let left = value(part, (at, left_bytes), values, proof)?;
            let right = value(part, (at + left_bytes, bytes - left_bytes), values, proof)?;
            Some(if bytes == part.total {
                *merge_subtrees_root(&left, &right, Mode::Hash).as_bytes()
            } else {
                merge_subtrees_non_root(&left, &right, Mode::Hash)
            })
        }
    }
}

/// Digests of stretches of a file that is read once, in order.
pub(super) struct Slices {
    /// Where each begins, its length and its number, ascending, none over another.
    stretches: Vec<(u64, u64, usize)>,
    next: usize,
    at: u64,
    running: blake3::Hasher,
    digests: Vec<Option<[u8; 32]>>,
}

impl Slices {
    /// For these stretches, numbered in the order given; `None` where two share a byte.
    pub(super) fn new(stretches: impl Iterator<Item = (u64, u64)>) -> Option<Self> {
        let mut stretches: Vec<_> =
            stretches.enumerate().map(|(number, (at, bytes))| (at, bytes, number)).collect();
        stretches.sort_unstable();
        let apart = stretches.is_sorted_by(|before, after| before.0 + before.1 <= after.0);
        let digests = vec![None; stretches.len()];
        let running = blake3::Hasher::new();
        apart.then_some(Self { stretches, next: 0, at: 0, running, digests })
    }

    /// Takes bytes.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while let Some(&(from, length, number)) = self.stretches.get(self.next)
            && !bytes.is_empty()
        {
            let skipped = usize::try_from(from.saturating_sub(self.at)).unwrap_or(usize::MAX);
            if skipped > 0 {
                let (gone, rest) = bytes.split_at(bytes.len().min(skipped));
                self.at += gone.len() as u64;
                bytes = rest;
                continue;
            }
            let room = usize::try_from(from + length - self.at).unwrap_or(usize::MAX);
            let (now, rest) = bytes.split_at(bytes.len().min(room));
            self.running.update(now);
            self.at += now.len() as u64;
            bytes = rest;
            if self.at == from + length {
                if let Some(digest) = self.digests.get_mut(number) {
                    *digest = Some(*self.running.finalize().as_bytes());
                }
                self.running.reset();
                self.next += 1;
            }
        }
        self.at += bytes.len() as u64;
    }

    /// The digest of each, by its number; `None` for one that the file does not hold whole.
    pub(super) fn finish(self) -> Vec<Option<[u8; 32]>> {
        self.digests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(bytes: u64) -> Vec<u8> {
        (0..bytes).map(|at| u8::try_from(at * at % 251).unwrap_or(0)).collect()
    }

    fn node(whole: &[u8], (at, bytes): (u64, u64)) -> Hash256 {
        let (from, to) = (usize::try_from(at).unwrap(), usize::try_from(at + bytes).unwrap());
        let mut hasher = blake3::Hasher::new();
        hasher.set_input_offset(at).update(&whole[from..to]);
        Hash256::from_bytes(hasher.finalize_non_root())
    }

    fn given(part: &Part, whole: &[u8]) -> Vec<u8> {
        let of = |range: &Range<u64>| {
            let (from, to) = (usize::try_from(range.start), usize::try_from(range.end));
            whole[from.unwrap()..to.unwrap()].to_vec()
        };
        part.ranges().iter().flat_map(of).collect()
    }

    fn proved(part: &Part, bytes: &[u8], proof: &[Hash256]) -> Option<ContentId> {
        let mut hasher = PartHasher::new(part);
        for piece in bytes.chunks(777) {
            hasher.push(piece);
        }
        hasher.finish(proof)
    }

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a part of one range")]
    fn the_bytes_of_any_part_prove_the_id_of_the_whole_and_no_change_does() {
        let chunk = CHUNK_BYTES;
        let parts = [
            (10 * chunk + 5, vec![0..chunk]),
            (10 * chunk + 5, vec![10 * chunk..10 * chunk + 5]),
            (10 * chunk + 5, vec![chunk..3 * chunk, 5 * chunk..8 * chunk]),
            (10 * chunk + 5, vec![0..10 * chunk + 5]),
            (chunk, vec![0..chunk]),
            (77, vec![0..77]),
            (300 * chunk, vec![17 * chunk..255 * chunk, 256 * chunk..299 * chunk]),
        ];
        for (total, ranges) in parts {
            let whole = sample(total);
            let part = Part::new(total, ranges).unwrap();
            let proof: Vec<_> = part.outside().iter().map(|one| node(&whole, *one)).collect();
            let bytes = given(&part, &whole);
            assert_eq!(part.bytes(), bytes.len() as u64);
            let id = ContentId::from_bytes(*blake3::hash(&whole).as_bytes());
            assert_eq!(proved(&part, &bytes, &proof), Some(id), "{part:?}");
            for at in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                assert_ne!(proved(&part, &changed, &proof), Some(id));
            }
            assert_ne!(proved(&part, &bytes[1..], &proof), Some(id));
            if let Some((first, rest)) = proof.split_first() {
                assert_eq!(proved(&part, &bytes, rest), None);
                let mut more = proof.clone();
                more.push(*first);
                assert_eq!(proved(&part, &bytes, &more), None);
                more.pop();
                more[0] = Hash256::from_bytes([9; 32]);
                assert_ne!(proved(&part, &bytes, &more), Some(id));
            }
        }
    }

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a part of one range")]
    fn ranges_that_are_none_are_refused() {
        let chunk = CHUNK_BYTES;
        let bad = [
            vec![],
            vec![1..chunk],
            vec![0..chunk + 1],
            vec![chunk..chunk],
            vec![0..11 * chunk],
            vec![0..chunk, chunk..2 * chunk],
            vec![2 * chunk..3 * chunk, 0..chunk],
        ];
        for ranges in bad {
            assert_eq!(Part::new(10 * chunk, ranges), None);
        }
        let part = Part::new(10 * chunk, vec![chunk..2 * chunk, 4 * chunk..6 * chunk]).unwrap();
        assert_eq!(part.place_of(&(4 * chunk + 1..5 * chunk)), Some(chunk + 1));
        assert_eq!(part.place_of(&(chunk..4 * chunk)), None);
    }

    #[test]
    fn slices_are_the_digests_of_their_stretches() {
        let whole = sample(5_000);
        let stretches = [(4_000, 1_000), (0, 10), (10, 500), (4_999, 2)];
        assert!(Slices::new(stretches.into_iter()).is_none());
        let stretches = [(4_000, 999), (0, 10), (10, 500), (4_999, 2)];
        let mut slices = Slices::new(stretches.into_iter()).unwrap();
        for piece in whole.chunks(333) {
            slices.push(piece);
        }
        let of = |from: usize, to: usize| Some(*blake3::hash(&whole[from..to]).as_bytes());
        assert_eq!(slices.finish(), [of(4_000, 4_999), of(0, 10), of(10, 510), None]);
    }
}
