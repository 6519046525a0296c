//! The store in a bucket of an S3 server.
//!
//! The same paths as on disk (`docs/formats/store.md` §2) below a prefix. Data blobs go up in
//! parts of one extent, in any order and from several threads; a blob of one extent or less and a
//! manifest are each one create-only put. What a server must enforce is in
//! `docs/formats/backends.md`; `self_test` finds out whether it does.
//!
//! Promises: an acknowledged blob or manifest is complete and durable at the server; a manifest
//! is never overwritten where the server enforces create-only puts; every request is bounded in
//! time. Never: lets a credential into a fault, a log or `Debug`. Not for threads that drive the
//! runtime: every method blocks.

mod archive;
mod trial;
mod writer;

pub use archive::StorageClass;

use super::{Backend, BlobReader, BlobWriter, Capabilities, Created, Kind, Recall, StoreName};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    EXTENT_BYTES, S3_BACKOFF_FIRST, S3_BACKOFF_MAX, S3_BLOCKS_AT_ONCE, S3_CONNECT_WAIT,
    S3_PARTS_MAX, S3_PUTS_AT_ONCE, S3_REQUEST_WAIT, S3_RETRIES_MAX, S3_RETRY_SPAN,
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::MultipartUpload as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::client::HttpError;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    RetryConfig,
};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Where a bucket is and how to get in.
#[derive(Debug, Clone)]
pub struct S3Location {
    /// The server's address, or `None` for the region's own.
    pub endpoint: Option<String>,
    /// The region requests are signed for.
    pub region: String,
    /// The bucket; it must exist.
    pub bucket: String,
    /// Everything lies below this path; may be empty.
    pub prefix: String,
    /// Whether an address without TLS is accepted (a server on the same machine).
    pub allow_http: bool,
    /// Who asks.
    pub credentials: S3Credentials,
}

/// Who asks. Wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct S3Credentials {
    /// The public name of the key.
    pub access_key_id: String,
    /// The key. Never shown.
    pub secret_access_key: String,
    /// The token of a temporary key. Never shown.
    pub session_token: Option<String>,
}

impl fmt::Debug for S3Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("S3Credentials(hidden)")
    }
}

/// A store in a bucket.
#[derive(Debug)]
pub struct S3Backend(Arc<Bucket>);

impl S3Backend {
    /// Prepares the way to a bucket. Sends nothing yet: what is wrong with the address or the key
    /// shows at the first use, which is the self-test at registration.
    pub fn connect(location: S3Location, runtime: Handle) -> Outcome<Self> {
        Self::connect_in(location, None, runtime)
    }

    /// The same, of a bucket whose blobs are to have a storage class.
    pub fn connect_in(
        location: S3Location,
        class: Option<StorageClass>,
        runtime: Handle,
    ) -> Outcome<Self> {
        let plain = location.endpoint.as_deref().is_some_and(|at| !at.starts_with("https://"));
        if plain && !location.allow_http {
            return Err(Fault::new(Code::SettingVoidsPromise).with("setting", "allow_http"));
        }
        let prefix = Path::parse(&location.prefix)
            .map_err(|_| Fault::new(Code::ArgumentInvalid).with("argument", "prefix"))?;
        let store = client(&location, S3_RETRIES_MAX, ClientOptions::new())?;
        let once = client(&location, 0, ClientOptions::new())?;
        let uploads = Mutex::default();
        Ok(Self(Arc::new(Bucket { location, class, prefix, store, once, uploads, runtime })))
    }
}

/// One client of the bucket. `extra` may carry headers for every request.
fn client(location: &S3Location, retries: usize, extra: ClientOptions) -> Outcome<AmazonS3> {
    let backoff = BackoffConfig {
        init_backoff: S3_BACKOFF_FIRST,
        max_backoff: S3_BACKOFF_MAX,
        ..BackoffConfig::default()
    };
    let retry = RetryConfig { backoff, max_retries: retries, retry_timeout: S3_RETRY_SPAN };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(client_options(location, extra))
        .with_retry(retry)
        .with_region(&location.region)
        .with_bucket_name(&location.bucket)
        .with_access_key_id(&location.credentials.access_key_id)
        .with_secret_access_key(&location.credentials.secret_access_key)
        // The server checks what it received; buckets that lock every version demand it.
        .with_checksum_algorithm(Checksum::SHA256)
        // One request for one deletion is understood by every server.
        .with_disable_bulk_delete(true);
    if let Some(endpoint) = &location.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(token) = &location.credentials.session_token {
        builder = builder.with_token(token);
    }
    builder.build().map_err(|error| faulted(location, "connect", "", &error))
}

/// Bounded in time; the server is asked directly, whatever proxy the machine is set up with.
fn client_options(location: &S3Location, extra: ClientOptions) -> ClientOptions {
    extra
        .with_allow_http(location.allow_http)
        .with_connect_timeout(S3_CONNECT_WAIT)
        .with_timeout(S3_REQUEST_WAIT)
}

/// What all threads share.
struct Bucket {
    location: S3Location,
    class: Option<StorageClass>,
    prefix: Path,
    /// Repeats requests after passing faults.
    store: AmazonS3,
    /// Sends once. For creates: a create that is repeated after a lost answer finds its own
    /// bytes, and that must not be taken for somebody else's.
    once: AmazonS3,
    /// Multipart uploads that this process began and did not end.
    uploads: Mutex<HashMap<StoreName, String>>,
    runtime: Handle,
}

impl fmt::Debug for Bucket {
    /// The location alone: the clients would show the name of the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Bucket").field("location", &self.location).finish_non_exhaustive()
    }
}

impl Bucket {
    fn path(&self, kind: Kind, name: StoreName) -> Path {
        let name = name.to_string();
        self.prefix.clone().join(directory(kind)).join(&name[..2]).join(name.as_str())
    }

    fn fault(&self, action: &'static str, path: &Path, error: &Error) -> Fault {
        faulted(&self.location, action, path.as_ref(), error)
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<StoreName, String>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates a thing, only if its name is free; repeats after passing faults. An answer that
    /// got lost leaves a doubt: if the name is then taken by exactly our bytes, they are ours
    /// (no two writers have the same bytes: each names its own random data name).
    async fn put_new(&self, path: &Path, bytes: &Bytes) -> Outcome<Created> {
        let mut pause = S3_BACKOFF_FIRST;
        let mut doubt = false;
        let mut tries = 0;
        loop {
            let payload = PutPayload::from_bytes(bytes.clone());
            let error = match self.once.put_opts(path, payload, PutMode::Create.into()).await {
                Ok(_) => return Ok(Created::New),
                Err(error @ Error::AlreadyExists { .. }) => {
                    // A server may also refuse while another create is under way that then
                    // fails; only a thing that is really there counts.
                    match self.found(path, bytes, doubt).await? {
                        Some(true) => return Ok(Created::New),
                        Some(false) => return Ok(Created::Exists),
                        None => error,
                    }
                }
                Err(error) if is_passing(&error) => {
                    doubt = true;
                    error
                }
                Err(error) => return Err(self.fault("create", path, &error)),
            };
            tries += 1;
            if tries > S3_RETRIES_MAX {
                return Err(self.fault("create", path, &error));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(S3_BACKOFF_MAX);
        }
    }

    /// Whether something is there; if `compare`, whether it is exactly these bytes.
    async fn found(&self, path: &Path, bytes: &Bytes, compare: bool) -> Outcome<Option<bool>> {
        let Some(length) = self.length(path).await? else { return Ok(None) };
        if !compare || length != bytes.len() as u64 {
            return Ok(Some(false));
        }
        let fault = |error| self.fault("read", path, &error);
        let held = self.store.get(path).await.map_err(fault)?.bytes().await.map_err(fault)?;
        Ok(Some(held == *bytes))
    }

    async fn length(&self, path: &Path) -> Outcome<Option<u64>> {
        match self.store.head(path).await {
            Ok(found) => Ok(Some(found.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.fault("length", path, &error)),
        }
    }

    async fn read_at(&self, path: &Path, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let missing = || Fault::new(Code::StoredBytesMissing).with("path", path);
        let short = || Fault::new(Code::StoredBytesDamaged).with("path", path);
        let end = offset.checked_add(buffer.len() as u64).ok_or_else(short)?;
        if buffer.is_empty() {
            return self.length(path).await?.map(|_| ()).ok_or_else(missing);
        }
        match self.store.get_range(path, offset..end).await {
            Ok(bytes) if bytes.len() == buffer.len() => {
                buffer.copy_from_slice(&bytes);
                Ok(())
            }
            Ok(_) => Err(short()),
            Err(Error::NotFound { .. }) => Err(missing()),
            Err(error) if is_passing(&error) => Err(self.fault("read", path, &error)),
            // Servers say in several ways that a range ends beyond the end.
            Err(error) => match self.length(path).await? {
                None => Err(missing()),
                Some(length) if length < end => Err(short()),
                Some(_) => Err(self.fault("read", path, &error)),
            },
        }
    }

    async fn delete(&self, path: &Path) -> Outcome<()> {
        match self.store.delete(path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.fault("delete", path, &error)),
        }
    }

    async fn discard(&self, name: StoreName) -> Outcome<()> {
        let path = self.path(Kind::Data, name);
        let upload = self.uploads().remove(&name);
        if let Some(upload) = upload {
            match self.store.abort_multipart(&path, &upload).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => {
                    self.uploads().insert(name, upload);
                    return Err(self.fault("abort", &path, &error));
                }
            }
        }
        self.delete(&path).await
    }

    /// Copies under a fresh name, checks the copy, then frees the old name: a fault on the way
    /// leaves the manifest where it was.
    async fn quarantine(&self, name: StoreName) -> Outcome<()> {
        let path = self.path(Kind::Manifest, name);
        self.copy_aside(&path, &name.to_string()).await?;
        self.delete(&path).await
    }

    /// Writes an object again with other bytes in one range; complete or not at all.
    async fn rewrite(
        &self,
        path: &Path,
        length: u64,
        (offset, bytes): (u64, &[u8]),
    ) -> Outcome<()> {
        let fault = |error| self.fault("mend", path, &error);
        let mut writer = self.store.put_multipart(path).await.map_err(fault)?;
        let mut at = 0;
        while at < length {
            let mut part = vec![0; usize::try_from(EXTENT_BYTES.min(length - at)).unwrap_or(0)];
            if at == offset && part.len() == bytes.len() {
                part.copy_from_slice(bytes);
            } else {
                self.read_at(path, at, &mut part).await?;
            }
            at += part.len() as u64;
            writer.put_part(PutPayload::from(part)).await.map_err(fault)?;
        }
        writer.complete().await.map_err(fault)?;
        Ok(())
    }

    /// Copies a thing into quarantine under a fresh name and checks that it is there.
    async fn copy_aside(&self, path: &Path, stem: &str) -> Outcome<()> {
        let missing = || Fault::new(Code::StoredBytesMissing).with("path", path);
        let suffix = hex::encode(crate::store::cipher::random_bytes::<8>()?);
        let aside = self.prefix.clone().join("quarantine").join(format!("{stem}.{suffix}"));
        let length = self.length(path).await?.ok_or_else(missing)?;
        let copied = self.store.copy(path, &aside).await;
        copied.map_err(|error| self.fault("copy", path, &error))?;
        if self.length(&aside).await? != Some(length) {
            return Err(Fault::new(Code::BackendFailed).with("action", "copy").with("path", path));
        }
        Ok(())
    }
}

impl Backend for S3Backend {
    fn kind(&self) -> &'static str {
        "s3"
    }

    fn begin(&self, name: StoreName, expected_bytes: u64) -> Outcome<Box<dyn BlobWriter>> {
        let limit = S3_PARTS_MAX * EXTENT_BYTES;
        if expected_bytes > limit {
            return Err(Fault::new(Code::SourceTooLarge).with("limit", limit));
        }
        Ok(Box::new(writer::S3Writer::new(Arc::clone(&self.0), name, expected_bytes)))
    }

    fn resume(&self, _name: StoreName) -> Outcome<Option<Box<dyn BlobWriter>>> {
        Ok(None)
    }

    fn create_manifest(&self, name: StoreName, bytes: &[u8]) -> Outcome<Created> {
        let path = self.0.path(Kind::Manifest, name);
        self.0.runtime.block_on(self.0.put_new(&path, &Bytes::copy_from_slice(bytes)))
    }

    fn commit(
        &self,
        _data: &[StoreName],
        manifests: &[(StoreName, &[u8])],
    ) -> Outcome<Vec<Created>> {
        let puts = manifests.iter().map(|&(name, bytes)| async move {
            let path = self.0.path(Kind::Manifest, name);
            self.0.put_new(&path, &Bytes::copy_from_slice(bytes)).await
        });
        let puts = futures::stream::iter(puts).buffered(S3_PUTS_AT_ONCE);
        self.0.runtime.block_on(puts.try_collect())
    }

    /// Nothing to do: a server answers a put once it is durable.
    fn settle(&self, _names: &[(Kind, StoreName)]) -> Outcome<()> {
        Ok(())
    }

    fn read_at(&self, kind: Kind, name: StoreName, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.0.runtime.block_on(self.0.read_at(&self.0.path(kind, name), offset, buffer))
    }

    fn reader(&self, kind: Kind, name: StoreName) -> Outcome<Box<dyn BlobReader + '_>> {
        let path = self.0.path(kind, name);
        match self.0.runtime.block_on(self.0.length(&path))? {
            Some(_) => Ok(Box::new(S3Reader { bucket: &self.0, path })),
            None => Err(Fault::new(Code::StoredBytesMissing).with("path", &path)),
        }
    }

    fn length(&self, kind: Kind, name: StoreName) -> Outcome<Option<u64>> {
        self.0.runtime.block_on(self.0.length(&self.0.path(kind, name)))
    }

    fn list(&self, kind: Kind, each: &mut dyn FnMut(StoreName) -> Outcome<()>) -> Outcome<()> {
        let top = self.0.prefix.clone().join(directory(kind));
        let mut found = self.0.store.list(Some(&top));
        // `each` is called outside the runtime, so that it may use the store itself.
        while let Some(entry) = self.0.runtime.block_on(found.next()) {
            let entry = entry.map_err(|error| self.0.fault("list", &top, &error))?;
            let name = entry.location.filename().and_then(|name| hex::decode(name).ok());
            if let Some(name) = name.and_then(|name| <[u8; 32]>::try_from(name).ok()) {
                each(StoreName(name))?;
            }
        }
        Ok(())
    }

    fn discard(&self, name: StoreName) -> Outcome<()> {
        self.0.runtime.block_on(self.0.discard(name))
    }

    /// A server replaces an object as a whole: it is read, and written again with the range in it.
    /// Its name holds the old bytes until the new ones are complete.
    fn mend(&self, name: StoreName, offset: u64, bytes: &[u8]) -> Outcome<()> {
        let path = self.0.path(Kind::Data, name);
        let missing = || Fault::new(Code::StoredBytesMissing).with("path", &path);
        let length = self.length(Kind::Data, name)?.ok_or_else(missing)?;
        let bucket = &self.0;
        bucket.runtime.block_on(bucket.copy_aside(&path, &format!("{name}-data")))?;
        bucket.runtime.block_on(bucket.rewrite(&path, length, (offset, bytes)))
    }

    fn set_aside(&self, name: StoreName) -> Outcome<()> {
        let path = self.0.path(Kind::Data, name);
        self.0.runtime.block_on(async {
            if self.0.length(&path).await?.is_none() {
                return Ok(());
            }
            self.0.copy_aside(&path, &format!("{name}-data")).await?;
            self.0.delete(&path).await
        })
    }

    fn destroy(&self, kind: Kind, name: StoreName) -> Outcome<()> {
        self.0.runtime.block_on(self.0.delete(&self.0.path(kind, name)))
    }

    fn quarantine_manifest(&self, name: StoreName) -> Outcome<()> {
        self.0.runtime.block_on(self.0.quarantine(name))
    }

    fn archives(&self) -> bool {
        self.0.class.is_some_and(StorageClass::archives)
    }

    fn go_cold(&self, name: StoreName) -> Outcome<()> {
        let Some(class) = self.0.class else { return Ok(()) };
        self.0.runtime.block_on(self.0.give_class(&self.0.path(Kind::Data, name), class))
    }

    fn recall(&self, name: StoreName) -> Outcome<Recall> {
        if !self.archives() {
            return Ok(Recall::Ready);
        }
        self.0.runtime.block_on(self.0.recall(&self.0.path(Kind::Data, name)))
    }

    fn remember(&self, text: &[u8]) -> Outcome<()> {
        let path = self.0.prefix.clone().join("checkpoint");
        let payload = PutPayload::from_bytes(Bytes::copy_from_slice(text));
        let put = self.0.runtime.block_on(self.0.store.put(&path, payload));
        put.map(drop).map_err(|error| self.0.fault("remember", &path, &error))
    }

    fn remembered(&self) -> Outcome<Option<Vec<u8>>> {
        let path = self.0.prefix.clone().join("checkpoint");
        let held = self.0.runtime.block_on(async {
            match self.0.store.get(&path).await {
                Ok(found) => found.bytes().await.map(Some),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        });
        let held = held.map_err(|error| self.0.fault("read", &path, &error))?;
        Ok(held.map(|bytes| bytes.to_vec()))
    }

    fn self_test(&self) -> Outcome<Capabilities> {
        self.0.runtime.block_on(self.0.trial())
    }
}

fn directory(kind: Kind) -> &'static str {
    match kind {
        Kind::Data => "data",
        Kind::Manifest => "manifests",
    }
}

#[derive(Debug)]
struct S3Reader<'a> {
    bucket: &'a Bucket,
    path: Path,
}

impl BlobReader for S3Reader<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.bucket.runtime.block_on(self.bucket.read_at(&self.path, offset, buffer))
    }

    fn blocks_at_once(&self) -> u64 {
        S3_BLOCKS_AT_ONCE
    }
}

/// What a server or the way to it said, as text without credentials.
#[derive(Debug)]
struct Answer(String);

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Answer {}

/// The fault for a failed request. Servers repeat parts of a request in their answers, so the
/// text is searched for credentials before it is kept.
fn faulted(location: &S3Location, action: &'static str, path: &str, error: &Error) -> Fault {
    let code = if is_passing(error) { Code::BackendUnreachable } else { Code::BackendFailed };
    let mut text = error.to_string();
    let S3Credentials { access_key_id, secret_access_key, session_token } = &location.credentials;
    let token = session_token.as_deref().unwrap_or_default();
    for secret in [access_key_id.as_str(), secret_access_key, token] {
        if !secret.is_empty() {
            text = text.replace(secret, "(hidden)");
        }
    }
    let mut fault = Fault::new(code).with("action", action).with("bucket", &location.bucket);
    if !path.is_empty() {
        fault = fault.with("path", path);
    }
    if let Some(status) = status(error) {
        fault = fault.with("status", status);
    }
    fault.caused_by(Answer(text))
}

/// Whether the same request may succeed later: nothing came back, or the server is overloaded.
fn is_passing(error: &Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<HttpError>() {
            return true;
        }
        cause = inner.source();
    }
    matches!(status(error), Some(408 | 429 | 500..=599))
}

/// The status a server answered with. The library keeps it in a private type; its text is all
/// there is (tested against servers).
fn status(error: &Error) -> Option<u16> {
    let text = error.to_string();
    let (_, rest) = text.split_once("status code: ")?;
    rest.get(..3)?.parse().ok()
}
