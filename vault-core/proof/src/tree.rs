//! The ledger's tree: RFC 6962 (RFC 9162 §2.1), SHA-256.
//!
//! Proofs are made from hashes of complete subtrees, which is all a log ever has to keep, and
//! checked from nothing but the proof, the leaf and a root.

use crate::id::Hash256;
use sha2::{Digest, Sha256};

/// Why a proof does not hold, or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// An index or size lies outside the tree.
    #[error("outside the tree")]
    Outside,
    /// The proof has another number of hashes than the tree's form demands.
    #[error("a proof of another length")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Root,
    /// A stored hash that the proof needs cannot be read.
    #[error("hash of level {level}, number {index} is missing")]
    Missing {
        /// Level of the subtree; 0 is a leaf.
        level: u8,
        /// Its number in the level.
        index: u64,
    },
}

/// The hash of an inner node.
pub fn node_hash(left: &Hash256, right: &Hash256) -> Hash256 {
    let hash = Sha256::new()
        .chain_update([1])
        .chain_update(left.as_bytes())
        .chain_update(right.as_bytes())
        .finalize();
    Hash256::from_bytes(hash.into())
}

/// The root of the empty tree: SHA-256 of nothing.
pub fn empty_root() -> Hash256 {
    Hash256::from_bytes(Sha256::digest([]).into())
}

/// Gives hashes of complete subtrees: `2^level` leaves, number `index` in its level.
pub trait HashReader {
    /// The hash, or `ProofError::Missing`.
    fn hash(&self, level: u8, index: u64) -> Result<Hash256, ProofError>;
}

impl<F: Fn(u8, u64) -> Option<Hash256>> HashReader for F {
    fn hash(&self, level: u8, index: u64) -> Result<Hash256, ProofError> {
        self(level, index).ok_or(ProofError::Missing { level, index })
    }
}

/// The right edge of a growing tree: all that is needed to append and to know the root.
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete subtrees, largest first.
    edge: Vec<Hash256>,
}

impl Frontier {
    /// Of a tree that is stored: reads its right edge.
    pub fn load(size: u64, hashes: &dyn HashReader) -> Result<Self, ProofError> {
        let mut edge = Vec::new();
        let mut start = 0;
        for level in (0..64u8).rev().filter(|level| size >> level & 1 == 1) {
            edge.push(hashes.hash(level, start >> level)?);
            start += 1 << level;
        }
        Ok(Self { size, edge })
    }

    /// How many leaves it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; `completed` is called with level, number and hash of each subtree that
    /// this leaf completes, itself included.
    pub fn append(&mut self, leaf: Hash256, mut completed: impl FnMut(u8, u64, Hash256)) {
        let mut hash = leaf;
        let mut level = 0;
        completed(0, self.size, hash);
        while self.size >> level & 1 == 1 {
            let Some(left) = self.edge.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            completed(level, self.size >> level, hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash256 {
        let mut edge = self.edge.iter().rev();
        let Some(first) = edge.next() else { return empty_root() };
        edge.fold(*first, |right, left| node_hash(left, &right))
    }
}

/// The root of a tree of these leaves.
pub fn root_of(leaves: &[Hash256]) -> Hash256 {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(*leaf, |_, _, _| {});
    }
    frontier.root()
}

/// The largest power of two below `size`, for `size` of at least 2.
const fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The root of the leaves `from..to`, where `from` is a multiple of the subtree's span.
fn range_root(from: u64, to: u64, hashes: &dyn HashReader) -> Result<Hash256, ProofError> {
    let size = to - from;
    if size.is_power_of_two() {
        let level = u8::try_from(size.trailing_zeros()).unwrap_or(u8::MAX);
        return hashes.hash(level, from >> level);
    }
    let middle = from + split(size);
    Ok(node_hash(&range_root(from, middle, hashes)?, &range_root(middle, to, hashes)?))
}

/// The proof that leaf `index` is in the tree of `size` leaves.
pub fn prove_inclusion(
    index: u64,
    size: u64,
    hashes: &dyn HashReader,
) -> Result<Vec<Hash256>, ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(range_root(middle, to, hashes)?);
            to = middle;
        } else {
            proof.push(range_root(from, middle, hashes)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that a leaf is in the tree of that size and root.
pub fn check_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash256,
    proof: &[Hash256],
    root: &Hash256,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut number, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if number & 1 == 1 || number == last {
            hash = node_hash(sibling, &hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves.
pub fn prove_consistency(
    old: u64,
    new: u64,
    hashes: &dyn HashReader,
) -> Result<Vec<Hash256>, ProofError> {
    if old == 0 || old > new {
        return Err(ProofError::Outside);
    }
    if old == new {
        return Ok(Vec::new());
    }
    let (mut from, mut to) = (0, new);
    let mut proof = Vec::new();
    let mut whole = true;
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range_root(middle, to, hashes)?);
            to = middle;
        } else {
            proof.push(range_root(from, middle, hashes)?);
            from = middle;
            whole = false;
        }
    }
    if !whole {
        proof.push(range_root(from, to, hashes)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` leaves. The empty
/// tree is the beginning of every tree, so that no proof about it says anything; it is refused.
pub fn check_consistency(
    (old, old_root): (u64, &Hash256),
    (new, new_root): (u64, &Hash256),
    proof: &[Hash256],
) -> Result<(), ProofError> {
    if old == 0 || old > new {
        return Err(ProofError::Outside);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let (mut number, mut last) = (old - 1, new - 1);
    while number & 1 == 1 {
        number >>= 1;
        last >>= 1;
    }
    let mut hashes = proof.iter();
    // Where the old tree is one complete subtree, its root is not repeated in the proof.
    let first = if number == 0 { old_root } else { hashes.next().ok_or(ProofError::Length)? };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if number & 1 == 1 || number == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    match (last, old_hash == *old_root && new_hash == *new_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

#[cfg(test)]
mod tests;
