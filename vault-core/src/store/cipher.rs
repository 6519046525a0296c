//! Encryption of blocks and of the sealed parts of manifests: AES-256-GCM.
//!
//! A key belongs to one object and one attempt to write it; the nonce is generation and block
//! number, so no nonce meets two different plain texts under one key. The formats are in
//! `docs/formats/store.md` §3–§4. Keys are wiped when dropped and are never shown.

use crate::fault::{Code, Fault, Outcome};
use crate::store::backend::StoreName;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of an AES-GCM tag.
pub(crate) const TAG_BYTES: usize = 16;

/// Tag of one block.
pub(crate) type Tag = [u8; TAG_BYTES];

/// A 256-bit key: of one object, or of one payload.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SecretKey([u8; 32]);

impl SecretKey {
    /// A fresh random key.
    pub(crate) fn random() -> Outcome<Self> {
        Ok(Self(random_bytes()?))
    }

    /// From bytes that were kept somewhere safe.
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for wrapping. Never for logs.
    pub(crate) const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another key for another use, that tells nothing of this one.
    pub(crate) fn derive(&self, context: &str) -> Self {
        Self(blake3::derive_key(context, &self.0))
    }

    /// Ready for sealing and opening.
    pub(crate) fn cipher(&self) -> Outcome<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0)
            .map(LessSafeKey::new)
            .map_err(|_| Fault::new(Code::Internal).with("what", "cipher key"))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(hidden)")
    }
}

/// Random bytes from the system's generator.
pub(crate) fn random_bytes<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Fault::new(Code::Internal).with("what", "random numbers"))?;
    Ok(bytes)
}

/// Seals and opens the blocks of one object.
pub(crate) struct BlockCipher {
    key: LessSafeKey,
    name: StoreName,
}

/// Which block, and what is bound to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockPlace {
    /// Number of the block in the object.
    pub(crate) index: u64,
    /// Nonce generation of its extent.
    pub(crate) generation: u32,
    /// Whether it is the last block of the object.
    pub(crate) last: bool,
}

impl BlockPlace {
    fn nonce(self) -> Nonce {
        let mut nonce = [0; 12];
        nonce[..4].copy_from_slice(&self.generation.to_be_bytes());
        nonce[4..].copy_from_slice(&self.index.to_be_bytes());
        Nonce::assume_unique_for_key(nonce)
    }
}

impl BlockCipher {
    /// For the object stored under `name`.
    pub(crate) fn new(key: &SecretKey, name: StoreName) -> Outcome<Self> {
        Ok(Self { key: key.cipher()?, name })
    }

    /// Encrypts a block where it lies and gives its tag.
    pub(crate) fn seal(&self, place: BlockPlace, block: &mut [u8]) -> Outcome<Tag> {
        let tag = self
            .key
            .seal_in_place_separate_tag(place.nonce(), Aad::from(self.bound(place)), block)
            .map_err(|_| Fault::new(Code::Internal).with("what", "sealing"))?;
        let mut bytes = [0; TAG_BYTES];
        bytes.copy_from_slice(tag.as_ref());
        Ok(bytes)
    }

    /// Decrypts `stored` into `plain` (of the same length); false if the block or its tag is not
    /// what was sealed.
    pub(crate) fn open(
        &self,
        place: BlockPlace,
        stored: &[u8],
        tag: &Tag,
        plain: &mut [u8],
    ) -> bool {
        let bound = Aad::from(self.bound(place));
        self.key.open_separate_gather(place.nonce(), bound, stored, tag, plain).is_ok()
    }

    fn bound(&self, place: BlockPlace) -> [u8; 41] {
        let mut bound = [0; 41];
        bound[..32].copy_from_slice(&self.name.0);
        bound[32..40].copy_from_slice(&place.index.to_be_bytes());
        bound[40] = u8::from(place.last);
        bound
    }
}

/// Seals a small thing under a key used for nothing else with this nonce.
pub(crate) fn seal_part(
    key: &SecretKey,
    nonce: [u8; 12],
    bound: &[u8],
    plain: &[u8],
) -> Outcome<Vec<u8>> {
    let mut sealed = plain.to_vec();
    key.cipher()?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound),
            &mut sealed,
        )
        .map_err(|_| Fault::new(Code::Internal).with("what", "sealing"))?;
    Ok(sealed)
}

/// Opens what `seal_part` made; `None` if it is not that, or the key is another.
pub(crate) fn open_part(
    key: &SecretKey,
    nonce: [u8; 12],
    bound: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let mut bytes = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let plain = key.cipher().ok()?.open_in_place(nonce, Aad::from(bound), &mut bytes).ok()?;
    Some(plain.to_vec())
}
