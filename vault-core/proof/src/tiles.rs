//! The tree in tiles, as C2SP tlog-tiles lays it out.
//!
//! A tile of level L and number N holds up to 256 hashes of level 8·L; an entry bundle up to 256
//! leaves, each after its length in 16 bits, big-endian.

use crate::id::Hash256;

/// Hashes in a full tile, and leaves in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of level `8 × level`.
    Hashes {
        /// Level of the tile.
        level: u8,
    },
    /// Leaves.
    Entries,
}

/// One tile, full or partial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub kind: TileKind,
    /// Its number in its level.
    pub number: u64,
    /// How many hashes or leaves it holds: 1 to 256.
    pub width: u64,
}

impl Tile {
    /// Its path, relative to the ledger.
    pub fn path(&self) -> String {
        let mut rest = self.number;
        let mut parts = vec![format!("{:03}", rest % 1_000)];
        while rest >= 1_000 {
            rest /= 1_000;
            parts.push(format!("x{:03}", rest % 1_000));
        }
        parts.reverse();
        let number = parts.join("/");
        let partial =
            if self.width == TILE_WIDTH { String::new() } else { format!(".p/{}", self.width) };
        match self.kind {
            TileKind::Hashes { level } => format!("tile/{level}/{number}{partial}"),
            TileKind::Entries => format!("tile/entries/{number}{partial}"),
        }
    }
}

/// The tiles of one kind that a tree of `size` leaves has and one of `old` leaves has not.
pub fn tiles_between(kind: TileKind, old: u64, size: u64) -> Vec<Tile> {
    let shift = match kind {
        TileKind::Hashes { level } => 8 * u32::from(level),
        TileKind::Entries => 0,
    };
    let (before, now) = (old >> shift, size >> shift);
    if before == now {
        return Vec::new();
    }
    (before / TILE_WIDTH..now.div_ceil(TILE_WIDTH))
        .map(|number| Tile { kind, number, width: (now - number * TILE_WIDTH).min(TILE_WIDTH) })
        .collect()
}

/// All levels of hash tiles of a tree of `size` leaves.
pub fn levels(size: u64) -> impl Iterator<Item = u8> {
    (0..8u8).take_while(move |level| size >> (8 * u32::from(*level)) > 0)
}

/// The bytes of an entry bundle; `None` if a leaf is too long for one.
pub fn encode_bundle<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        bytes.extend_from_slice(&u16::try_from(leaf.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(leaf);
    }
    Some(bytes)
}

/// The leaves of an entry bundle; `None` if it is not one.
pub fn parse_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut leaves = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (leaf, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        leaves.push(leaf);
        bytes = rest;
    }
    Some(leaves)
}

/// The hash of a complete subtree of `2^level` leaves from tiles: which tile holds its parts, and
/// where. The parts are the hashes `first..first + count` of that tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Level of the tile.
    pub tile_level: u8,
    /// Number of the tile.
    pub tile: u64,
    /// First hash in the tile.
    pub first: u64,
    /// How many; a power of two, to be merged pairwise.
    pub count: u64,
}

/// Where the hash of a complete subtree lies.
pub const fn place_of(level: u8, index: u64) -> Place {
    let tile_level = level / 8;
    let count = 1 << (level % 8);
    let first = index * count;
    Place { tile_level, tile: first / TILE_WIDTH, first: first % TILE_WIDTH, count }
}

/// Merges a power of two of sibling hashes into their parent's.
pub fn merge(hashes: &[Hash256]) -> Option<Hash256> {
    let mut layer = hashes.to_vec();
    while layer.len() > 1 {
        layer = layer
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Some(crate::tree::node_hash(left, right)),
                _ => None,
            })
            .collect::<Option<_>>()?;
    }
    layer.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = |kind, number, width| Tile { kind, number, width }.path();
        let hashes = TileKind::Hashes { level: 0 };
        assert_eq!(tile(hashes, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(TileKind::Hashes { level: 1 }, 0, 3), "tile/1/000.p/3");
        assert_eq!(tile(TileKind::Entries, 273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn the_tiles_of_a_tree_of_seventy_thousand_are_those_of_the_specification() {
        // C2SP tlog-tiles: 256 full tiles of level 0 and one of 112, one full and one of 1 of 1 …
        let level_0 = tiles_between(TileKind::Hashes { level: 0 }, 0, 70_000);
        assert_eq!(level_0.len(), 274);
        assert_eq!(level_0[273].width, 112);
        let level_1 = tiles_between(TileKind::Hashes { level: 1 }, 0, 70_000);
        assert_eq!(level_1.iter().map(|tile| tile.width).collect::<Vec<_>>(), [256, 17]);
        let level_2 = tiles_between(TileKind::Hashes { level: 2 }, 0, 70_000);
        assert_eq!(level_2.iter().map(|tile| tile.width).collect::<Vec<_>>(), [1]);
        assert_eq!(levels(70_000).count(), 3);
    }

    #[test]
    fn a_bundle_is_read_as_it_was_written() {
        let leaves: [&[u8]; 3] = [b"one", b"", b"three"];
        let bytes = encode_bundle(leaves).expect("short");
        assert_eq!(parse_bundle(&bytes).expect("whole"), leaves);
        assert!(parse_bundle(&bytes[..bytes.len() - 1]).is_none());
    }
}
