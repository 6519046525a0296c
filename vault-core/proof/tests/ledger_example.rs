//! The worked example of `docs/formats/ledger.md`, from its leaves to its proof, to the letter.
//!
//! The vectors come from a second writer, so that this test and the document cannot share a mistake
//! with the code.

use serde_json::Value;
use std::collections::BTreeMap;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::event::{check_custody_at, leaf_hash};
use vault_proof::note::{Signer, VerifierKey};
use vault_proof::tiles::{
    Tile, TileKind, TileReader, encode_bundle, encode_tile, levels, parse_bundle, tiles_between,
};
use vault_proof::tlog_proof::TlogProof;
use vault_proof::tree::{
    Frontier, check_consistency, node_hash, prove_consistency, prove_inclusion,
};
use vault_proof::{Event, Hash256, Subject};

const ORIGIN: &str = "vault.example/ledger";

struct Example {
    value: Value,
    leaves: Vec<Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("text")).expect("hex")
}

fn hash(value: &Value) -> Hash256 {
    value.as_str().expect("text").parse().expect("hash")
}

fn example() -> Example {
    let text = include_str!("../../../tests/vectors/ledger/example.json");
    let value: Value = serde_json::from_str(text).expect("vectors");
    let leaves = value["leaves"].as_array().expect("leaves").iter().map(bytes).collect();
    let files = value["files"].as_object().expect("files");
    let files = files.iter().map(|(path, content)| (path.clone(), bytes(content))).collect();
    Example { value, leaves, files }
}

impl Example {
    fn text(&self, name: &str) -> &str {
        self.value[name].as_str().expect("text")
    }

    fn key(&self) -> VerifierKey {
        VerifierKey::parse(self.text("verifier_key")).expect("key")
    }
}

#[test]
fn the_example_is_read_as_a_stranger_would_read_it() {
    let example = example();
    let checkpoint = Checkpoint::open(example.text("checkpoint"), &example.key()).expect("opens");
    assert_eq!(checkpoint.size, 3);
    let reader = TileReader::new(3, |tile: &Tile| example.files.get(&tile.path()).cloned());
    assert_eq!(Frontier::load(3, &reader).expect("loads").root(), checkpoint.root);
    let bundle = &example.files["tile/entries/000.p/3"];
    assert_eq!(parse_bundle(bundle).expect("whole"), example.leaves);
    for (at, leaf) in (0u64..).zip(&example.leaves) {
        assert_eq!(Event::decode(leaf).expect("event").seq, at);
    }
    let older = Checkpoint::open(example.text("older_checkpoint"), &example.key()).expect("opens");
    let proof = [hash(&example.value["consistency_2_3"][0])];
    let (old, new) = ((older.size, &older.root), (checkpoint.size, &checkpoint.root));
    assert_eq!(check_consistency(old, new, &proof), Ok(()));
    assert_eq!(prove_consistency(2, 3, &reader).expect("proves"), proof);
    let proof = TlogProof::parse(example.text("proof_of_1")).expect("reads");
    assert_eq!(proof.verify(&example.leaves[1], &example.key()), Ok(checkpoint));
    assert!(proof.verify(&example.leaves[2], &example.key()).is_err());
    let recording = Event::decode(&example.leaves[1]).expect("event").subjects;
    let subject = recording.keys().next().expect("one subject");
    let events = [(1, example.leaves[1].clone()), (2, example.leaves[2].clone())];
    assert_eq!(check_custody_at(&events, subject), Ok(()));
    assert!(check_custody_at(&events[1..], subject).is_err());
    assert!(check_custody_at(&events, &Subject::vault()).is_err());
}

#[test]
fn the_example_is_written_to_the_letter() {
    let example = example();
    let hashes: Vec<Hash256> = example.leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    let mut frontier = Frontier::default();
    for (leaf, expected) in hashes.iter().zip(example.value["leaf_hashes"].as_array().expect("")) {
        assert_eq!(*leaf, hash(expected));
        frontier.append(*leaf, |_, _, _| {});
    }
    let pair = node_hash(&hashes[0], &hashes[1]);
    assert_eq!(pair, hash(&example.value["node_0_1"]));
    assert_eq!(frontier.root(), hash(&example.value["root"]));
    let leaves = example.leaves.iter().map(Vec::as_slice);
    let mut files =
        BTreeMap::from([(String::from("tile/entries/000.p/3"), encode_bundle(leaves).expect(""))]);
    for tile in levels(3).flat_map(|level| tiles_between(TileKind::Hashes { level }, 0, 3)) {
        files.insert(tile.path(), encode_tile(&hashes));
    }
    assert_eq!(files, example.files);
    let seed = bytes(&example.value["seed"]).try_into().expect("32 bytes");
    let signer = Signer::from_seed(ORIGIN, &seed).expect("signer");
    assert_eq!(signer.verifier().to_string(), example.text("verifier_key"));
    let checkpoint = |size, root| Checkpoint { origin: ORIGIN.to_owned(), size, root };
    let newest = checkpoint(3, frontier.root()).sign(&signer).expect("signs");
    assert_eq!(newest, example.text("checkpoint"));
    assert_eq!(checkpoint(2, pair).sign(&signer).expect("signs"), example.text("older_checkpoint"));
    let reader = TileReader::new(3, |tile: &Tile| files.get(&tile.path()).cloned());
    let hashes = prove_inclusion(1, 3, &reader).expect("proves");
    let proof = TlogProof { index: 1, hashes, checkpoint: newest };
    assert_eq!(proof.text(), example.text("proof_of_1"));
}

#[test]
fn no_changed_bit_of_the_signed_texts_passes() {
    let example = example();
    let leaf = &example.leaves[1];
    let whole = example.text("proof_of_1");
    for at in 0..whole.len() {
        let mut changed = whole.as_bytes().to_vec();
        changed[at] ^= 1;
        let Ok(text) = String::from_utf8(changed) else { continue };
        let held =
            TlogProof::parse(&text).is_ok_and(|proof| proof.verify(leaf, &example.key()).is_ok());
        assert!(!held, "byte {at}");
    }
}
