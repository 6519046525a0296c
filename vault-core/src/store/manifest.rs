//! The manifest: what one stored recording is, with the tables that verify and decrypt it.
//!
//! Format in `docs/formats/store.md` §4. The open part lets anybody scrub without keys; what could
//! tell which recording it is, is sealed. Reading is strict: a manifest whose own digest, lengths
//! or roots disagree is damaged, never repaired here.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCK_BYTES, EXTENT_BYTES, RECORDING_BYTES_MAX};
use crate::store::backend::StoreName;
use crate::store::cipher::{SecretKey, TAG_BYTES, Tag, open_part, seal_part};
use crate::store::tree::{self, Entry};
use vault_proof::ContentId;
use vault_proof::canonical::{self, CanonicalError, Fields, Value};

const MAGIC: &[u8; 8] = b"EVMANIF1";
const HEADER_BYTES_MAX: usize = 4_096;
const SEAL_CONTEXT: &str = "evidence-vault 2026-11 manifest seal";
const HEAD_NONCE: [u8; 12] = [0xff; 12];
const TABLE_NONCE: [u8; 12] = [0; 12];
const DIGEST_BYTES: usize = 32;
const ROW_BYTES: usize = 32 + TAG_BYTES;

/// How plain bytes became stored plain bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    /// As they are.
    Raw,
    /// Frames of zstd.
    Zstd,
}

impl Codec {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Zstd => "zstd",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "raw" => Some(Self::Raw),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// One stored block in the open table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredRow {
    /// Entry of the stored bytes in their BLAKE3 tree.
    pub(crate) entry: Entry,
    /// Tag of the block's encryption.
    pub(crate) tag: Tag,
}

/// The open part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenPart {
    pub(crate) data: StoreName,
    pub(crate) codec: Codec,
    pub(crate) key_slot: u64,
    pub(crate) stored_bytes: u64,
    pub(crate) stored: Vec<StoredRow>,
    /// Nonce generation of each stored extent.
    pub(crate) generations: Vec<u32>,
}

/// The sealed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedPart {
    pub(crate) id: ContentId,
    pub(crate) bytes: u64,
    /// Lengths of the compressed frames; empty for `Codec::Raw`.
    pub(crate) frames: Vec<u32>,
    /// Entries of the plain blocks.
    pub(crate) plain: Vec<Entry>,
}

/// A manifest as read: the open part checked, the sealed part still closed.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) open: OpenPart,
    /// BLAKE3 of the whole file, as the ledger names it.
    pub(crate) digest: ContentId,
    header: Vec<u8>,
    sealed_head: Vec<u8>,
    sealed_table: Vec<u8>,
}

fn damaged(what: &'static str) -> Fault {
    Fault::new(Code::ManifestDamaged).with("what", what)
}

/// Writes a manifest; gives its bytes and its digest.
pub(crate) fn encode(
    open: &OpenPart,
    sealed: &SealedPart,
    object_key: &SecretKey,
) -> Outcome<(Vec<u8>, ContentId)> {
    let seal_key = object_key.derive(SEAL_CONTEXT);
    let head = canonical::encode(&head_value(sealed)?);
    let sealed_bytes = head.len() + TAG_BYTES;
    let header = canonical::encode(&header_value(open, sealed_bytes)?);
    let length = u32::try_from(header.len()).map_err(|_| damaged("header"))?;
    let mut bytes = Vec::with_capacity(256 + open.stored.len() * 80 + head.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&header);
    for row in &open.stored {
        bytes.extend_from_slice(&row.entry);
        bytes.extend_from_slice(&row.tag);
    }
    for generation in &open.generations {
        bytes.extend_from_slice(&generation.to_le_bytes());
    }
    bytes.extend_from_slice(&seal_part(&seal_key, HEAD_NONCE, &header, &head)?);
    let table = sealed.plain.concat();
    bytes.extend_from_slice(&seal_part(&seal_key, TABLE_NONCE, &header, &table)?);
    let own = blake3::hash(&bytes);
    bytes.extend_from_slice(own.as_bytes());
    let digest = ContentId::from_bytes(*blake3::hash(&bytes).as_bytes());
    Ok((bytes, digest))
}

fn integer(number: u64) -> Outcome<Value> {
    i64::try_from(number).map(Value::Integer).map_err(|_| damaged("number"))
}

fn header_value(open: &OpenPart, sealed_bytes: usize) -> Outcome<Value> {
    let entries: Vec<Entry> = open.stored.iter().map(|row| row.entry).collect();
    let fields = [
        ("codec", Value::Text(open.codec.as_str().to_owned())),
        ("data", Value::Text(open.data.to_string())),
        ("key_slot", integer(open.key_slot)?),
        ("sealed_bytes", integer(sealed_bytes as u64)?),
        ("stored_bytes", integer(open.stored_bytes)?),
        ("stored_root", Value::Text(hex::encode(tree::root(&entries)))),
        ("v", Value::Integer(1)),
    ];
    Ok(Value::map(fields))
}

fn head_value(sealed: &SealedPart) -> Outcome<Value> {
    let frames = sealed.frames.iter().map(|&length| Value::Integer(length.into())).collect();
    Ok(Value::map([
        ("bytes", integer(sealed.bytes)?),
        ("frames", Value::List(frames)),
        ("id", Value::Text(sealed.id.to_string())),
    ]))
}

/// Takes fixed parts off the front of a byte string.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Outcome<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(length).ok_or_else(|| damaged("length"))?;
        self.0 = rest;
        Ok(part)
    }
}

fn array<const N: usize>(bytes: &[u8]) -> Outcome<[u8; N]> {
    bytes.try_into().map_err(|_| damaged("length"))
}

impl Manifest {
    /// Reads a manifest and checks everything that can be checked without keys.
    pub(crate) fn parse(bytes: &[u8]) -> Outcome<Self> {
        let body = bytes.len().checked_sub(DIGEST_BYTES).ok_or_else(|| damaged("length"))?;
        let (body, own) = bytes.split_at(body);
        if blake3::hash(body).as_bytes() != own {
            return Err(damaged("digest"));
        }
        let mut cursor = Cursor(body);
        if cursor.take(MAGIC.len())? != MAGIC {
            return Err(damaged("magic"));
        }
        let length = u32::from_le_bytes(array(cursor.take(4)?)?) as usize;
        if length > HEADER_BYTES_MAX {
            return Err(damaged("header"));
        }
        let header = cursor.take(length)?.to_vec();
        let mut fields = fields_of(&header)?;
        let open = open_part_of(&mut fields, &mut cursor)?;
        let entries: Vec<Entry> = open.stored.iter().map(|row| row.entry).collect();
        if hex::encode(tree::root(&entries)) != fields.text("stored_root").map_err(bad_field)? {
            return Err(damaged("stored root"));
        }
        let sealed_bytes = fields.count("sealed_bytes").map_err(bad_field)?;
        let sealed_bytes = usize::try_from(sealed_bytes).map_err(|_| damaged("length"))?;
        let sealed_head = cursor.take(sealed_bytes)?.to_vec();
        let digest = ContentId::from_bytes(*blake3::hash(bytes).as_bytes());
        Ok(Self { open, digest, header, sealed_head, sealed_table: cursor.0.to_vec() })
    }

    /// Opens the sealed part with the object's key and checks that its entries merge to its id.
    pub(crate) fn unseal(&self, object_key: &SecretKey) -> Outcome<SealedPart> {
        let seal_key = object_key.derive(SEAL_CONTEXT);
        let head = open_part(&seal_key, HEAD_NONCE, &self.header, &self.sealed_head)
            .ok_or_else(|| damaged("sealed head"))?;
        let table = open_part(&seal_key, TABLE_NONCE, &self.header, &self.sealed_table)
            .ok_or_else(|| damaged("sealed table"))?;
        let mut fields = fields_of(&head)?;
        let bytes = fields.count("bytes").map_err(bad_field)?;
        let id: ContentId = fields.parsed("id").map_err(bad_field)?;
        let plain: Vec<Entry> = table.chunks(32).map(array).collect::<Outcome<_>>()?;
        if bytes > RECORDING_BYTES_MAX || plain.len() as u64 != tree::blocks_in(bytes) {
            return Err(damaged("plain table"));
        }
        if &tree::root(&plain) != id.as_bytes() {
            return Err(damaged("content id"));
        }
        Ok(SealedPart { id, bytes, frames: frames_of(&mut fields)?, plain })
    }
}

fn open_part_of(fields: &mut Fields, cursor: &mut Cursor<'_>) -> Outcome<OpenPart> {
    if fields.count("v").map_err(bad_field)? != 1 {
        return Err(Fault::new(Code::VaultTooNew).with("what", "manifest"));
    }
    let stored_bytes = fields.count("stored_bytes").map_err(bad_field)?;
    // Compressed bytes are never kept when they are more than the plain ones, so one bound serves.
    if stored_bytes > RECORDING_BYTES_MAX {
        return Err(damaged("stored length"));
    }
    let blocks = usize::try_from(stored_bytes.div_ceil(BLOCK_BYTES));
    let blocks = blocks.map_err(|_| damaged("length"))?;
    let extents = usize::try_from(stored_bytes.div_ceil(EXTENT_BYTES));
    let extents = extents.map_err(|_| damaged("length"))?;
    let rows = cursor.take(blocks * ROW_BYTES)?.chunks_exact(ROW_BYTES);
    let stored = rows
        .map(|row| Ok(StoredRow { entry: array(&row[..32])?, tag: array(&row[32..])? }))
        .collect::<Outcome<_>>()?;
    let generations = cursor.take(extents * 4)?.chunks_exact(4);
    let generations =
        generations.map(|number| Ok(u32::from_le_bytes(array(number)?))).collect::<Outcome<_>>()?;
    let data = fields.text("data").map_err(bad_field)?;
    let data = hex::decode(data).map_err(|_| damaged("data name"))?;
    Ok(OpenPart {
        data: StoreName(array(&data)?),
        codec: Codec::parse(&fields.text("codec").map_err(bad_field)?)
            .ok_or_else(|| damaged("codec"))?,
        key_slot: fields.count("key_slot").map_err(bad_field)?,
        stored_bytes,
        stored,
        generations,
    })
}

fn fields_of(bytes: &[u8]) -> Outcome<Fields> {
    canonical::parse(bytes).and_then(Value::fields).map_err(bad_field)
}

fn bad_field(error: CanonicalError) -> Fault {
    damaged("header").caused_by(error)
}

fn frames_of(fields: &mut Fields) -> Outcome<Vec<u32>> {
    let frames = fields.list("frames").map_err(bad_field)?;
    let length = |value: &Value| value.as_integer().and_then(|number| u32::try_from(number).ok());
    frames.iter().map(length).collect::<Option<_>>().ok_or_else(|| damaged("frames"))
}
