//! The tree in tiles, as C2SP tlog-tiles lays it out.
//!
//! A tile of level L and number N holds up to 256 hashes of level 8·L; an entry bundle up to 256
//! leaves, each after its length in 16 bits, big-endian. Promises that paths and bytes have one
//! spelling each. Never reads or writes a file, and never vouches for a hash: what is read from
//! tiles counts only once it leads to the root of a checkpoint. Format: `docs/formats/ledger.md`.

mod reader;

pub use reader::TileReader;

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

/// The highest level that the specification lets a path name.
const LEVEL_MAX: u8 = 63;

impl Tile {
    /// Reads a path; `None` if it is not exactly what `path` would write.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => {
                TileKind::Hashes { level: level.parse().ok().filter(|level| *level <= LEVEL_MAX)? }
            }
        };
        let (elements, width) = match rest.split_once(".p/") {
            Some((elements, width)) => (elements, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let mut number = 0u64;
        for element in elements.split('/') {
            let digits = element.strip_prefix('x').unwrap_or(element);
            let value = digits.parse::<u64>().ok().filter(|value| *value < 1_000)?;
            number = number.checked_mul(1_000)?.checked_add(value)?;
        }
        let tile = Self { kind, number, width };
        // Writing it again refuses signs, missing zeros and a partial path of a full tile.
        ((1..=TILE_WIDTH).contains(&width) && tile.path() == path).then_some(tile)
    }

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
    let level = match kind {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    };
    let (before, now) = (hashes_at(level, old), hashes_at(level, size));
    if before == now {
        return Vec::new();
    }
    (before / TILE_WIDTH..now.div_ceil(TILE_WIDTH))
        .map(|number| Tile { kind, number, width: (now - number * TILE_WIDTH).min(TILE_WIDTH) })
        .collect()
}

/// How many hashes tiles of that level hold in a tree of `size` leaves.
fn hashes_at(tile_level: u8, size: u64) -> u64 {
    // A level above the seventh spans more than 2^64 leaves, and so has none.
    size.checked_shr(8 * u32::from(tile_level)).unwrap_or(0)
}

/// All levels of hash tiles of a tree of `size` leaves.
pub fn levels(size: u64) -> impl Iterator<Item = u8> {
    (0..8u8).take_while(move |level| size >> (8 * u32::from(*level)) > 0)
}

/// The bytes of a hash tile.
pub fn encode_tile(hashes: &[Hash256]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The hashes of a hash tile of that width; `None` if the bytes are of another length.
pub fn parse_tile(bytes: &[u8], width: u64) -> Option<Vec<Hash256>> {
    let (hashes, []) = bytes.as_chunks::<32>() else { return None };
    let right = u64::try_from(hashes.len()) == Ok(width);
    right.then(|| hashes.iter().map(|hash| Hash256::from_bytes(*hash)).collect())
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
mod tests;
