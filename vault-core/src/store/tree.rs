//! The BLAKE3 tree over blocks and extents.
//!
//! A block's entry is the chaining value of its subtree, so that entries merge to the digest that
//! `b3sum` prints, in any order of computing and on several cores. A lone block has no chaining
//! value that is not the root, so its entry is the root itself. Pure; never does input or output.

use crate::limits::BLOCK_BYTES;
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root,
};

/// Chaining value of one block, or the root for a lone block.
pub(crate) type Entry = ChainingValue;

/// How many blocks `bytes` make; an empty object has none.
pub(crate) const fn blocks_in(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK_BYTES)
}

/// The entry of block `index` of an object of `total` bytes.
pub(crate) fn entry(index: u64, total: u64, block: &[u8]) -> Entry {
    if total <= BLOCK_BYTES {
        return *blake3::hash(block).as_bytes();
    }
    let mut hasher = blake3::Hasher::new();
    hasher.set_input_offset(index * BLOCK_BYTES).update(block).finalize_non_root()
}

/// The digest of the whole from all its entries, in order.
pub(crate) fn root(entries: &[Entry]) -> [u8; 32] {
    match entries {
        [] => *blake3::hash(b"").as_bytes(),
        [lone] => *lone,
        _ => {
            let mut layer = entries.to_vec();
            while layer.len() > 2 {
                layer = parents(&layer);
            }
            *merge_subtrees_root(&layer[0], &layer[1], Mode::Hash).as_bytes()
        }
    }
}

/// The chaining value of a subtree of whole blocks that is not the whole, from their entries.
pub(crate) fn subtree(entries: &[Entry]) -> Option<Entry> {
    let mut layer = entries.to_vec();
    while layer.len() > 1 {
        layer = parents(&layer);
    }
    layer.first().copied()
}

/// The chaining value of bytes at that place, which are a subtree and not the whole.
pub(crate) fn value_of(at: u64, bytes: &[u8]) -> Entry {
    let mut hasher = blake3::Hasher::new();
    hasher.set_input_offset(at).update(bytes).finalize_non_root()
}

/// One layer up: pairs merge, an odd last one moves up as it is, which is how BLAKE3 completes
/// its left subtrees.
fn parents(layer: &[Entry]) -> Vec<Entry> {
    layer
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => merge_subtrees_non_root(left, right, Mode::Hash),
            rest => rest[0],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::EXTENT_BYTES;
    use proptest::prelude::*;

    fn root_of(bytes: &[u8]) -> [u8; 32] {
        let total = bytes.len() as u64;
        let block = usize::try_from(BLOCK_BYTES).expect("fits");
        let entries: Vec<Entry> = bytes
            .chunks(block)
            .enumerate()
            .map(|(index, part)| entry(index as u64, total, part))
            .collect();
        assert_eq!(entries.len() as u64, blocks_in(total));
        root(&entries)
    }

    fn sample(bytes: u64) -> Vec<u8> {
        (0..bytes).map(|at| u8::try_from(at % 251).expect("below 251")).collect()
    }

    #[test]
    fn the_root_is_what_b3sum_prints_around_every_boundary() {
        let edges = [0, 1, 1024, BLOCK_BYTES, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES, EXTENT_BYTES];
        for edge in edges {
            for size in [edge.saturating_sub(1), edge, edge + 1] {
                let bytes = sample(size);
                assert_eq!(&root_of(&bytes), blake3::hash(&bytes).as_bytes(), "{size} bytes");
            }
        }
    }

    #[test]
    fn the_official_vectors_hold() {
        let vectors = include_str!("../../../tests/vectors/blake3/test_vectors.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).expect("vectors parse");
        for case in vectors["cases"].as_array().expect("cases") {
            let bytes = sample(case["input_len"].as_u64().expect("length"));
            let expected = case["hash"].as_str().expect("hash");
            assert_eq!(hex::encode(root_of(&bytes)), expected[..64], "{} bytes", bytes.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_root_is_what_b3sum_prints_for_any_size(size in 0u64..(5 * BLOCK_BYTES + 3)) {
            let bytes = sample(size);
            let root = root_of(&bytes);
            let printed = blake3::hash(&bytes);
            prop_assert_eq!(&root, printed.as_bytes());
        }
    }
}
