//! Tiles and entry bundles on disk, as C2SP tlog-tiles lays them out.

use super::damaged;
use crate::fault::{Fault, Outcome};
use crate::store::durable;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use vault_proof::Hash256;
use vault_proof::event::leaf_hash;
use vault_proof::tiles::{
    TILE_WIDTH, Tile, TileKind, encode_bundle, encode_tile, levels, merge, parse_bundle,
    parse_tile, place_of, tiles_between,
};
use vault_proof::tree::{HashReader, ProofError};

/// Reads hashes of complete subtrees of the tree of one size.
pub(super) struct TileReader {
    directory: PathBuf,
    size: u64,
    cache: RefCell<HashMap<(u8, u64), Vec<Hash256>>>,
}

impl TileReader {
    pub(super) fn new(directory: &Path, size: u64) -> Self {
        Self { directory: directory.to_owned(), size, cache: RefCell::default() }
    }

    fn tile(&self, level: u8, number: u64) -> Option<Vec<Hash256>> {
        let hashes = self.size >> (8 * u32::from(level));
        let width = hashes.checked_sub(number * TILE_WIDTH)?.min(TILE_WIDTH);
        let tile = Tile { kind: TileKind::Hashes { level }, number, width };
        read_hashes(&self.directory, tile)
    }
}

fn read_hashes(directory: &Path, tile: Tile) -> Option<Vec<Hash256>> {
    parse_tile(&std::fs::read(directory.join(tile.path())).ok()?, tile.width)
}

impl HashReader for TileReader {
    fn hash(&self, level: u8, index: u64) -> Result<Hash256, ProofError> {
        let place = place_of(level, index);
        let key = (place.tile_level, place.tile);
        let missing = ProofError::Missing { level, index };
        let mut cache = self.cache.borrow_mut();
        let tile = match cache.entry(key) {
            Entry::Occupied(tile) => tile.into_mut(),
            Entry::Vacant(free) => {
                free.insert(self.tile(place.tile_level, place.tile).ok_or(missing)?)
            }
        };
        let range = usize::try_from(place.first).ok().zip(usize::try_from(place.count).ok());
        let (first, count) = range.ok_or(missing)?;
        tile.get(first..first + count).and_then(merge).ok_or(missing)
    }
}

/// Leaves and subtree hashes that are new since an older size.
pub(super) struct Growth {
    pub(super) old: u64,
    pub(super) size: u64,
    /// Leaves from the start of the last bundle of the old size on.
    pub(super) leaves: Vec<Vec<u8>>,
    /// Hashes of the levels that tiles hold, by level of the tile and index.
    pub(super) hashes: HashMap<(u8, u64), Hash256>,
}

impl Growth {
    /// First leaf that `leaves` holds.
    pub(super) const fn leaves_from(old: u64) -> u64 {
        old / TILE_WIDTH * TILE_WIDTH
    }

    /// Writes every tile and bundle that is new, then removes the partial ones they replace.
    pub(super) fn write(&self, directory: &Path) -> Outcome<()> {
        let mut files = Vec::new();
        for tile in self.tiles() {
            let path = directory.join(tile.path());
            durable::make_directory(path.parent().unwrap_or(directory))?;
            files.push((path, self.bytes(directory, tile)?));
        }
        durable::write_files(directory, &files, durable::WRITTEN_ONCE)?;
        for tile in self.superseded() {
            durable::remove(&directory.join(tile.path()))?;
        }
        Ok(())
    }

    fn tiles(&self) -> Vec<Tile> {
        let mut tiles = tiles_between(TileKind::Entries, self.old, self.size);
        for level in levels(self.size) {
            tiles.extend(tiles_between(TileKind::Hashes { level }, self.old, self.size));
        }
        tiles
    }

    /// Partial tiles of the old size that a larger one took the place of.
    fn superseded(&self) -> Vec<Tile> {
        let mut old = vec![(TileKind::Entries, self.old, self.size)];
        for level in levels(self.old) {
            let shift = 8 * u32::from(level);
            old.push((TileKind::Hashes { level }, self.old >> shift, self.size >> shift));
        }
        old.into_iter()
            .filter(|(_, before, now)| before % TILE_WIDTH != 0 && before != now)
            .map(|(kind, before, _)| Tile {
                kind,
                number: before / TILE_WIDTH,
                width: before % TILE_WIDTH,
            })
            .collect()
    }

    fn bytes(&self, directory: &Path, tile: Tile) -> Outcome<Vec<u8>> {
        let first = tile.number * TILE_WIDTH;
        let bad = || damaged("tile", first);
        match tile.kind {
            TileKind::Entries => {
                let from =
                    usize::try_from(first - Self::leaves_from(self.old)).map_err(|_| bad())?;
                let width = usize::try_from(tile.width).map_err(|_| bad())?;
                let leaves = self.leaves.get(from..from + width).ok_or_else(bad)?;
                encode_bundle(leaves.iter().map(Vec::as_slice)).ok_or_else(bad)
            }
            TileKind::Hashes { level } => {
                let older = TileReader::new(directory, self.old);
                let hashes = (first..first + tile.width)
                    .map(|index| match self.hashes.get(&(level, index)) {
                        Some(hash) => Ok(*hash),
                        None => older.hash(level * 8, index).map_err(|e| bad().caused_by(e)),
                    })
                    .collect::<Outcome<Vec<_>>>()?;
                Ok(encode_tile(&hashes))
            }
        }
    }
}

/// The leaf hashes of the bundles from a bundle's start to `size`, as they lie on disk.
pub(super) fn leaf_hashes_on_disk(directory: &Path, from: u64, size: u64) -> Outcome<Vec<Hash256>> {
    let mut hashes = Vec::new();
    for tile in tiles_between(TileKind::Entries, from, size) {
        let first = tile.number * TILE_WIDTH;
        let path = directory.join(tile.path());
        let bytes = std::fs::read(&path).map_err(|error| {
            damaged("entry bundle", first).caused_by(Fault::from_file(error, &path))
        })?;
        let leaves = parse_bundle(&bytes).ok_or_else(|| damaged("entry bundle", first))?;
        if leaves.len() as u64 != tile.width {
            return Err(damaged("entry bundle", first));
        }
        hashes.extend(leaves.into_iter().map(leaf_hash));
    }
    Ok(hashes)
}

/// Compares one level of hash tiles on disk with what they must hold.
pub(super) fn check_level(
    directory: &Path,
    level: u8,
    size: u64,
    expected: &dyn Fn(u64) -> Option<Hash256>,
) -> Outcome<()> {
    for tile in tiles_between(TileKind::Hashes { level }, 0, size) {
        let first = tile.number * TILE_WIDTH;
        let index = |at: u64| (first + at) << (8 * u32::from(level));
        let found = read_hashes(directory, tile).ok_or_else(|| damaged("hash tile", index(0)))?;
        for (at, hash) in (0..).zip(found) {
            if expected(first + at) != Some(hash) {
                return Err(damaged("hash tile", index(at)));
            }
        }
    }
    Ok(())
}
