use super::*;
use crate::event::leaf_hash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeMap;

fn leaves(count: u64) -> Vec<Hash256> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

/// RFC 6962 §2.1 to the letter.
fn naive_root(leaves: &[Hash256]) -> Hash256 {
    match leaves {
        [] => empty_root(),
        [lone] => *lone,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            node_hash(&naive_root(&leaves[..middle]), &naive_root(&leaves[middle..]))
        }
    }
}

fn stored(leaves: &[Hash256]) -> BTreeMap<(u8, u64), Hash256> {
    let mut hashes = BTreeMap::new();
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(*leaf, |level, index, hash| {
            hashes.insert((level, index), hash);
        });
    }
    hashes
}

#[test]
fn every_proof_of_every_small_tree_holds_and_no_changed_one_does() {
    let all = leaves(70);
    let hashes = stored(&all);
    let reader = |level, index| hashes.get(&(level, index)).copied();
    for size in 0..=70u64 {
        let whole = &all[..usize::try_from(size).expect("small")];
        let root = root_of(whole);
        assert_eq!(root, naive_root(whole));
        assert_eq!(Frontier::load(size, &reader).expect("loads").root(), root);
        for index in 0..size {
            let leaf = all[usize::try_from(index).expect("small")];
            let proof = prove_inclusion(index, size, &reader).expect("proves");
            assert_eq!(check_inclusion(index, size, &leaf, &proof, &root), Ok(()));
            assert!(check_inclusion(index, size, &root, &proof, &root).is_err() || size == 1);
            if !proof.is_empty() {
                assert!(check_inclusion(index, size, &leaf, &proof[1..], &root).is_err());
            }
        }
        for old in 1..=size {
            let old_root = naive_root(&all[..usize::try_from(old).expect("small")]);
            let proof = prove_consistency(old, size, &reader).expect("proves");
            assert_eq!(check_consistency((old, &old_root), (size, &root), &proof), Ok(()));
            if old < size {
                let other = leaf_hash(b"other");
                assert!(check_consistency((old, &other), (size, &root), &proof).is_err());
            }
        }
    }
}

fn hash(value: &Value) -> Option<Hash256> {
    let bytes = STANDARD.decode(value.as_str()?).ok()?;
    bytes.try_into().ok().map(Hash256::from_bytes)
}

/// Some vectors have roots that are no SHA-256 values; our types cannot hold those, so a value
/// that stands for exactly these bytes takes their place.
fn root(value: &Value) -> Hash256 {
    hash(value).unwrap_or_else(|| leaf_hash(value.to_string().as_bytes()))
}

fn proof(value: &Value) -> Option<Vec<Hash256>> {
    value.as_array().map_or(Some(Vec::new()), |hashes| hashes.iter().map(hash).collect())
}

#[test]
fn the_inclusion_vectors_hold() {
    let text = include_str!("../../../../tests/vectors/transparency-dev-merkle/inclusion.json");
    let cases: BTreeMap<String, Value> = serde_json::from_str(text).expect("vectors");
    assert_eq!(cases.len(), 98);
    for (name, case) in cases {
        let number = |field: &str| case[field].as_u64().unwrap_or(0);
        let held = hash(&case["leafHash"])
            .zip(hash(&case["root"]))
            .zip(proof(&case["proof"]))
            .is_some_and(|((leaf, root), proof)| {
                check_inclusion(number("leafIdx"), number("treeSize"), &leaf, &proof, &root).is_ok()
            });
        assert_eq!(held, !case["wantErr"].as_bool().unwrap_or(false), "{name}");
    }
}

#[test]
fn the_consistency_vectors_hold() {
    let text = include_str!("../../../../tests/vectors/transparency-dev-merkle/consistency.json");
    let cases: BTreeMap<String, Value> = serde_json::from_str(text).expect("vectors");
    assert_eq!(cases.len(), 98);
    for (name, case) in cases {
        let number = |field: &str| case[field].as_u64().unwrap_or(0);
        let (old, new) = (root(&case["root1"]), root(&case["root2"]));
        let held = proof(&case["proof"]).is_some_and(|proof| {
            check_consistency((number("size1"), &old), (number("size2"), &new), &proof).is_ok()
        });
        assert_eq!(held, !case["wantErr"].as_bool().unwrap_or(false), "{name}");
    }
}
