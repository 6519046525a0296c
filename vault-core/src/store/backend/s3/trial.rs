//! Finding out by trying what a bucket enforces.
//!
//! Servers accept headers that they then ignore, so nothing is believed that was not seen to
//! work: a create that is refused, a race with one winner, a deletion that is refused before its
//! date and granted after it. Everything tried lies below `self-test/` and is removed again.
//! Never says that something is enforced when that was not seen.

use super::{Bucket, client, client_options, is_passing};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    S3_BACKOFF_FIRST, S3_BACKOFF_MAX, S3_LOCK_TRIAL, S3_RACERS, S3_REQUEST_WAIT, S3_RETRIES_MAX,
};
use crate::store::backend::Capabilities;
use bytes::Bytes;
use futures::future::join_all;
use object_store::client::{HttpConnector, HttpRequest, HttpRequestBody, ReqwestConnector};
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{
    ClientOptions, Error, GetOptions, HeaderMap, HeaderValue, ObjectStore, ObjectStoreExt, PutMode,
    PutPayload, PutResult,
};
use std::time::Duration;

/// How many names the creates race for, one after the other. The first races open the
/// connections, which spreads them out; with warm connections one race was enough to show a
/// server that looks first (measured: s3s-fs).
const RACES: usize = 8;

/// Bytes each racer sends.
const RACER_BYTES: usize = 1 << 16;

/// How much longer than the lock itself its end is waited for: dates have whole seconds.
const LOCK_MARGIN: Duration = Duration::from_secs(2);

/// How often the deletion after the date is tried, a second apart.
const RELEASE_TRIES: usize = 5;

/// Tries again, with a new name, where an answer got lost: a server may refuse a create without
/// reading it to the end and hang up, which the next request on that connection then meets.
async fn repeated(trial: impl AsyncFn() -> Outcome<bool>) -> Outcome<bool> {
    let mut pause = S3_BACKOFF_FIRST;
    for _ in 0..S3_RETRIES_MAX {
        match trial().await {
            Err(fault) if fault.code() == Code::BackendUnreachable => {}
            answer => return answer,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(S3_BACKOFF_MAX);
    }
    trial().await
}

impl Bucket {
    /// Tries everything, cleans up and says what was seen.
    pub(super) async fn trial(&self) -> Outcome<Capabilities> {
        let create_only = repeated(async || self.second_create_refused().await).await?
            && repeated(async || self.race_has_one_winner().await).await?;
        let object_lock = self.lock_holds().await?;
        Ok(Capabilities { create_only, object_lock })
    }

    fn trial_path(&self) -> Outcome<Path> {
        let name = hex::encode(crate::store::cipher::random_bytes::<16>()?);
        Ok(self.prefix.clone().join("self-test").join(name))
    }

    /// Creates once; `None` if the server refused because the name is taken.
    async fn try_create(&self, path: &Path, bytes: &Bytes) -> Outcome<Option<PutResult>> {
        let payload = PutPayload::from_bytes(bytes.clone());
        match self.once.put_opts(path, payload, PutMode::Create.into()).await {
            Ok(put) => Ok(Some(put)),
            Err(Error::AlreadyExists { .. }) => Ok(None),
            Err(error) => Err(self.fault("self-test", path, &error)),
        }
    }

    async fn second_create_refused(&self) -> Outcome<bool> {
        let path = self.trial_path()?;
        let (kept, changed) = (Bytes::from_static(b"kept"), Bytes::from_static(b"changed"));
        let first = self.try_create(&path, &kept).await?;
        let second = self.try_create(&path, &changed).await?;
        let unchanged = self.found(&path, &kept, true).await? == Some(true);
        let enforced = first.is_some() && second.is_none() && unchanged;
        self.clean(&path, first.into_iter().chain(second)).await?;
        Ok(enforced)
    }

    /// A server that looks first and writes later refuses a late second create, but not one at
    /// the same time.
    async fn race_has_one_winner(&self) -> Outcome<bool> {
        for _ in 0..RACES {
            let path = self.trial_path()?;
            let racers: Vec<Bytes> =
                (0..S3_RACERS).map(|racer| Bytes::from(vec![racer; RACER_BYTES])).collect();
            let answers = join_all(racers.iter().map(|bytes| self.try_create(&path, bytes))).await;
            let (mut winners, mut puts, mut unsure) = (Vec::new(), Vec::new(), None);
            for (bytes, answer) in racers.iter().zip(answers) {
                match answer {
                    Ok(Some(put)) => {
                        winners.push(bytes);
                        puts.push(put);
                    }
                    Ok(None) => {}
                    Err(fault) => unsure = Some(fault),
                }
            }
            let kept = match winners[..] {
                [bytes] => self.found(&path, bytes, true).await? == Some(true),
                _ => false,
            };
            self.clean(&path, puts).await?;
            match unsure {
                // A racer without an answer may have won as well.
                Some(fault) if winners.len() < 2 => return Err(fault),
                _ if !kept => return Ok(false),
                _ => {}
            }
        }
        Ok(true)
    }

    /// Puts a version locked for a moment, tries to delete it, waits for its date and deletes it:
    /// a refusal that ends with the date is the lock's and not that of missing rights.
    async fn lock_holds(&self) -> Outcome<bool> {
        let path = self.trial_path()?;
        let bytes = Bytes::from_static(b"locked");
        // The server's clock decides when a lock ends, so the date is reckoned by it.
        let plain = self.try_create(&path, &bytes).await?;
        let found = self.store.head(&path).await;
        let found = found.map_err(|error| self.fault("self-test", &path, &error))?;
        self.clean(&path, plain).await?;
        let until = (found.last_modified + S3_LOCK_TRIAL).format("%Y-%m-%dT%H:%M:%SZ").to_string();

        let path = self.trial_path()?;
        let Some(put) = self.put_locked(&path, &bytes, &until).await? else { return Ok(false) };
        let Some(version) = put.version.clone() else {
            self.clean(&path, [put]).await?;
            return Ok(false);
        };
        if self.delete_version(&path, &version).await? != 403 {
            self.clean(&path, [put]).await?;
            return Ok(false);
        }
        let options = GetOptions { version: Some(version.clone()), ..GetOptions::default() };
        let still_there = self.store.get_opts(&path, options).await.is_ok();
        tokio::time::sleep(S3_LOCK_TRIAL + LOCK_MARGIN).await;
        for _ in 0..RELEASE_TRIES {
            if is_done(self.delete_version(&path, &version).await?) {
                return Ok(still_there);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.delete(&path).await?;
        Ok(false)
    }

    /// Puts a version that must not be deleted before the date; `None` if the server refuses,
    /// which those without Object Lock do.
    async fn put_locked(
        &self,
        path: &Path,
        bytes: &Bytes,
        until: &str,
    ) -> Outcome<Option<PutResult>> {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-object-lock-mode", HeaderValue::from_static("COMPLIANCE"));
        let until = HeaderValue::from_str(until)
            .map_err(|error| Fault::new(Code::Internal).with("what", "date").caused_by(error))?;
        headers.insert("x-amz-object-lock-retain-until-date", until);
        // Some servers look for the name of the checksum that a lock demands, not for its value.
        headers.insert("x-amz-sdk-checksum-algorithm", HeaderValue::from_static("SHA256"));
        let options = ClientOptions::new().with_default_headers(headers);
        let locking = client(&self.location, 0, options)?;
        match locking.put(path, PutPayload::from_bytes(bytes.clone())).await {
            Ok(put) => Ok(Some(put)),
            // "Not implemented" is an answer too, although it counts as the server's failure.
            Err(error) if is_passing(&error) && super::status(&error) != Some(501) => {
                Err(self.fault("self-test", path, &error))
            }
            Err(_) => Ok(None),
        }
    }

    /// Removes what was tried, in every version that is known.
    async fn clean(&self, path: &Path, puts: impl IntoIterator<Item = PutResult>) -> Outcome<()> {
        let mut plain = false;
        for put in puts {
            match put.version {
                // A version under the bucket's own retention stays; below, at least its name goes.
                Some(version) => plain |= !is_done(self.delete_version(path, &version).await?),
                None => plain = true,
            }
        }
        if plain { self.delete(path).await } else { Ok(()) }
    }

    /// Asks for the deletion of one version; gives the status of the answer.
    async fn delete_version(&self, path: &Path, version: &str) -> Outcome<u16> {
        let failed = |error: Error| self.fault("self-test", path, &error);
        let internal = |_| Fault::new(Code::Internal).with("what", "signed address");
        let options = SignedUrlOptions::new().with_query([("versionId", version)]);
        let url = self.store.signed_url_opts(Method::DELETE, path, S3_REQUEST_WAIT, &options);
        let url = url.await.map_err(failed)?;
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.method_mut() = Method::DELETE;
        *request.uri_mut() = url.as_str().parse().map_err(internal)?;
        let options = client_options(&self.location, ClientOptions::new());
        let http = ReqwestConnector::default().connect(&options).map_err(failed)?;
        let answer = http.execute(request).await.map_err(|_| {
            // The error would name the signed address, which lets its reader delete.
            Fault::new(Code::BackendUnreachable).with("action", "self-test").with("path", path)
        })?;
        Ok(answer.status().as_u16())
    }
}

/// Whether a deletion was done.
fn is_done(status: u16) -> bool {
    matches!(status, 200..=299 | 404)
}
