//! The chains of custody in a package: every leaf proved, every chain whole, every end bound.

use super::contents::{Contents, Digests};
use super::problem::What;
use super::statement::{Included, Statement};
use super::{LEAVES_BYTES_MAX, data};
use crate::event::{Body, CustodyGap, Event, LEAF_BYTES_MAX, check_custody_at, leaf_hash};
use crate::id::Subject;
use crate::note::{NOTE_BYTES_MAX, VerifierKey};
use crate::tlog_proof::TlogProof;
use std::collections::{BTreeMap, BTreeSet};

/// The longest proof file: a checkpoint, which is a note, and 63 hashes before it.
const PROOF_BYTES_MAX: u64 = NOTE_BYTES_MAX as u64 + 8_192;

/// The leaves by number, each proved under this very checkpoint.
pub(super) type Leaves = BTreeMap<u64, Vec<u8>>;

/// Reads every leaf that the statement names and checks its proof.
pub(super) fn leaves(
    contents: &mut Contents<'_>,
    statement: &Statement,
    key: &VerifierKey,
    checkpoint: Option<&str>,
) -> Leaves {
    let numbers: BTreeSet<u64> =
        statement.given().flat_map(|entry| entry.events.iter().copied()).collect();
    let (mut leaves, mut kept) = (Leaves::new(), 0);
    for seq in numbers {
        let (leaf_name, proof_name) = (data::leaf(seq), data::proof(seq));
        let leaf = contents.whole(&leaf_name, LEAF_BYTES_MAX as u64);
        let proof = contents.whole(&proof_name, PROOF_BYTES_MAX);
        let (Some(leaf), Some(proof)) = (leaf, proof) else { continue };
        kept += leaf.len() as u64;
        if kept > LEAVES_BYTES_MAX {
            contents.problem(&leaf_name, What::TooLong);
            return leaves;
        }
        let proof = std::str::from_utf8(&proof).ok().and_then(|text| TlogProof::parse(text).ok());
        let Some(proof) = proof else {
            contents.problem(&proof_name, What::Form);
            continue;
        };
        if checkpoint.is_some_and(|checkpoint| proof.checkpoint != checkpoint) {
            contents.problem(&proof_name, What::OtherCheckpoint);
        }
        if proof.index != seq || proof.verify(&leaf, key).is_err() {
            contents.problem(&proof_name, What::NotProved);
        }
        leaves.insert(seq, leaf);
    }
    leaves
}

/// Checks one recording's chain, and that what its events say is so of the bytes.
pub(super) fn chain(
    contents: &mut Contents<'_>,
    leaves: &Leaves,
    entry: &Included,
    original: Option<&Digests>,
) {
    let of = |seq: &u64| leaves.get(seq).map(|leaf| (*seq, leaf.clone()));
    let Some(chain) = entry.events.iter().map(of).collect::<Option<Vec<_>>>() else {
        // The missing leaf was named when it was read.
        return;
    };
    let name_at = |at: usize| entry.events.get(at).map(|seq| data::leaf(*seq)).unwrap_or_default();
    match check_custody_at(&chain, &Subject::recording(&entry.recording)) {
        Ok(()) => {}
        Err(CustodyGap::NotAnEvent(at)) => contents.problem(&name_at(at), What::Form),
        Err(CustodyGap::AnotherSubject(at) | CustodyGap::Missing(at)) => {
            contents.problem(&name_at(at), What::CustodyGap);
        }
        Err(CustodyGap::AnotherNumber { at, .. }) => {
            contents.problem(&data::leaf(at), What::CustodyGap);
        }
    }
    if let Some((seq, leaf)) = chain.last()
        && leaf_hash(leaf) != entry.last_leaf
    {
        contents.problem(&data::leaf(*seq), What::CustodyEnd);
    }
    for (at, (seq, leaf)) in chain.iter().enumerate() {
        let Ok(event) = Event::decode(leaf) else { continue };
        if !agrees(&event.body, at == 0, entry, original) {
            contents.problem(&data::leaf(*seq), What::CustodyDiffers);
        }
    }
}

/// Whether what an event says of this recording is so. The first must be its accession.
fn agrees(body: &Body, first: bool, entry: &Included, original: Option<&Digests>) -> bool {
    match body {
        Body::RecordingAccessioned { recording, bytes, .. } => {
            first && *recording == entry.recording && *bytes == entry.bytes
        }
        Body::DigestsTaken { recording, bytes, sha256, sm3 } => {
            let same = |digests: &Digests| digests.sha256 == *sha256 && digests.sm3 == *sm3;
            let right = *recording == entry.recording && *bytes == entry.bytes;
            !first && right && original.is_none_or(same)
        }
        _ => !first,
    }
}
