//! Reading the hashes of complete subtrees from tiles, for making proofs.
//!
//! Promises to refuse a tile of another length, and to ask only for tiles that a tree of the given
//! size has, or for the full tile where the partial one is gone. Never keeps a tile, and never
//! vouches for what it reads: compare the root that `Frontier::load` gives with a checkpoint before
//! relying on it.

use super::{TILE_WIDTH, Tile, TileKind, hashes_at, merge, parse_tile, place_of};
use crate::id::Hash256;
use crate::tree::{HashReader, ProofError};

/// The hashes of a tree of `size` leaves, given a callback that loads the bytes of a tile.
#[derive(Debug, Clone, Copy)]
pub struct TileReader<F> {
    size: u64,
    load: F,
}

impl<F: Fn(&Tile) -> Option<Vec<u8>>> TileReader<F> {
    /// Of a tree of `size` leaves; `load` gives the bytes of a tile, or `None` if there is none.
    pub const fn new(size: u64, load: F) -> Self {
        Self { size, load }
    }

    fn find(&self, level: u8, index: u64) -> Option<Hash256> {
        // A subtree is in the tiles only when it is complete; this also keeps every product below
        // from overflowing.
        let complete = self.size.checked_shr(u32::from(level)).unwrap_or(0);
        if index >= complete {
            return None;
        }
        let place = place_of(level, index);
        let kind = TileKind::Hashes { level: place.tile_level };
        let before = place.tile * TILE_WIDTH;
        let width = (hashes_at(place.tile_level, self.size) - before).min(TILE_WIDTH);
        let hashes = self.tile(Tile { kind, number: place.tile, width })?;
        let from = usize::try_from(place.first).ok()?;
        let to = usize::try_from(place.first + place.count).ok()?;
        merge(hashes.get(from..to)?)
    }

    /// A partial tile may be gone once the full one is there (C2SP tlog-tiles, "Partial Tiles").
    fn tile(&self, tile: Tile) -> Option<Vec<Hash256>> {
        if let Some(bytes) = (self.load)(&tile) {
            return parse_tile(&bytes, tile.width);
        }
        if tile.width == TILE_WIDTH {
            return None;
        }
        let bytes = (self.load)(&Tile { width: TILE_WIDTH, ..tile })?;
        parse_tile(&bytes, TILE_WIDTH)
    }
}

impl<F: Fn(&Tile) -> Option<Vec<u8>>> HashReader for TileReader<F> {
    fn hash(&self, level: u8, index: u64) -> Result<Hash256, ProofError> {
        self.find(level, index).ok_or(ProofError::Missing { level, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::leaf_hash;
    use crate::tiles::{encode_tile, levels, tiles_between};
    use crate::tree::{
        Frontier, check_consistency, check_inclusion, prove_consistency, prove_inclusion,
    };
    use std::collections::BTreeMap;

    type Stored = BTreeMap<(u8, u64), Hash256>;

    fn grown(size: u64) -> (Stored, Vec<Hash256>) {
        let (mut stored, mut roots) = (Stored::new(), Vec::new());
        let mut frontier = Frontier::default();
        for number in 0..size {
            roots.push(frontier.root());
            frontier.append(leaf_hash(&number.to_be_bytes()), |level, index, hash| {
                stored.insert((level, index), hash);
            });
        }
        roots.push(frontier.root());
        (stored, roots)
    }

    fn written(stored: &Stored, size: u64) -> BTreeMap<String, Vec<u8>> {
        let tiles = levels(size)
            .flat_map(|level| tiles_between(TileKind::Hashes { level }, 0, size))
            .map(|tile| {
                let TileKind::Hashes { level } = tile.kind else { panic!("hash tiles only") };
                let first = tile.number * TILE_WIDTH;
                let hashes: Vec<Hash256> =
                    (first..first + tile.width).map(|at| stored[&(8 * level, at)]).collect();
                (tile.path(), encode_tile(&hashes))
            });
        tiles.collect()
    }

    #[test]
    fn proofs_made_from_tiles_hold_at_every_edge_of_a_tile() {
        let (stored, roots) = grown(66_000);
        for size in [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000u64] {
            let files = written(&stored, size);
            let reader = TileReader::new(size, |tile: &Tile| files.get(&tile.path()).cloned());
            let root = roots[usize::try_from(size).expect("small")];
            assert_eq!(Frontier::load(size, &reader).expect("loads").root(), root, "{size}");
            for index in [0, 1, 254, 255, 256, 300, 65_535, size - 1] {
                let Ok(proof) = prove_inclusion(index, size, &reader) else {
                    assert!(index >= size, "{index} of {size}");
                    continue;
                };
                let leaf = stored[&(0, index)];
                assert_eq!(check_inclusion(index, size, &leaf, &proof, &root), Ok(()));
            }
            for old in [1, 2, 255, 256, 257, size].into_iter().filter(|old| *old <= size) {
                let old_root = roots[usize::try_from(old).expect("small")];
                let proof = prove_consistency(old, size, &reader).expect("proves");
                assert_eq!(check_consistency((old, &old_root), (size, &root), &proof), Ok(()));
            }
        }
    }

    #[test]
    fn a_missing_short_or_changed_tile_never_gives_the_root() {
        let (stored, roots) = grown(700);
        let files = written(&stored, 700);
        let load = |files: &BTreeMap<String, Vec<u8>>| {
            let reader = TileReader::new(700, |tile: &Tile| files.get(&tile.path()).cloned());
            Frontier::load(700, &reader).map(|frontier| frontier.root())
        };
        assert_eq!(load(&files), Ok(roots[700]));
        for path in ["tile/0/002.p/188", "tile/1/000.p/2"] {
            let mut gone = files.clone();
            gone.remove(path);
            assert!(matches!(load(&gone), Err(ProofError::Missing { .. })), "{path}");
            let mut short = files.clone();
            short.get_mut(path).expect("there").pop();
            assert!(matches!(load(&short), Err(ProofError::Missing { .. })), "{path}");
            let mut longer = files.clone();
            longer.get_mut(path).expect("there").extend([0; 32]);
            assert!(matches!(load(&longer), Err(ProofError::Missing { .. })), "{path}");
            let mut changed = files.clone();
            changed.get_mut(path).expect("there")[0] ^= 1;
            assert!(load(&changed).is_ok_and(|root| root != roots[700]), "{path}");
        }
    }

    #[test]
    fn a_full_tile_serves_where_the_partial_one_is_gone_and_nothing_beyond_the_tree_is_asked() {
        let (stored, roots) = grown(300);
        let files = written(&stored, 256);
        let reader = TileReader::new(200, |tile: &Tile| files.get(&tile.path()).cloned());
        assert_eq!(Frontier::load(200, &reader).expect("loads").root(), roots[200]);
        for (level, index) in [(0, 200), (8, 0), (64, 0), (255, 0), (7, u64::MAX)] {
            assert_eq!(reader.hash(level, index), Err(ProofError::Missing { level, index }));
        }
    }
}
