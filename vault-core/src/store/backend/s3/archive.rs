//! Storage classes of a bucket: giving one to what was verified, and asking back what a class does
//! not hand out at once.
//!
//! Promises: the class is changed only behind a copy that was read back; a request to bring
//! something back is sent once, and its progress is asked for, never guessed.

use super::{Bucket, client_options};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{RECALL_DAYS, S3_COPY_BYTES_MAX, S3_REQUEST_WAIT};
use crate::store::backend::Recall;
use object_store::client::{HttpConnector, HttpRequest, HttpRequestBody, ReqwestConnector};
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{ClientOptions, Error, HeaderMap, HeaderValue};
use std::fmt::Write;

/// A storage class that a cold store can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageClass {
    /// Rarely read.
    StandardIa,
    /// Rarely read, in one place.
    OneZoneIa,
    /// The service finds out itself.
    IntelligentTiering,
    /// An archive that is read at once.
    GlacierIr,
    /// An archive that is asked, for hours.
    Glacier,
    /// An archive that is asked, for up to two days.
    DeepArchive,
}

impl StorageClass {
    /// Every class.
    pub const ALL: &'static [Self] = &[
        Self::StandardIa,
        Self::OneZoneIa,
        Self::IntelligentTiering,
        Self::GlacierIr,
        Self::Glacier,
        Self::DeepArchive,
    ];

    /// The name by which services know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StandardIa => "STANDARD_IA",
            Self::OneZoneIa => "ONEZONE_IA",
            Self::IntelligentTiering => "INTELLIGENT_TIERING",
            Self::GlacierIr => "GLACIER_IR",
            Self::Glacier => "GLACIER",
            Self::DeepArchive => "DEEP_ARCHIVE",
        }
    }

    /// The class of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == name)
    }

    /// Whether what lies in it must be asked for before it can be read.
    pub const fn archives(self) -> bool {
        matches!(self, Self::Glacier | Self::DeepArchive)
    }
}

/// A path as it stands in a header: every byte but letters, digits, `-._~/` as `%XX`.
fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            write!(text, "%{byte:02X}").ok();
        }
    }
    text
}

impl Bucket {
    /// Gives a finished thing this storage class, by a copy onto itself.
    pub(super) async fn give_class(&self, path: &Path, class: StorageClass) -> Outcome<()> {
        let length = self.length(path).await?;
        let missing = || Fault::new(Code::StoredBytesMissing).with("path", path);
        if length.ok_or_else(missing)? > S3_COPY_BYTES_MAX {
            // One copy cannot be larger; a rule of the bucket has to move it.
            tracing::warn!(%path, "too large to be given a storage class");
            return Ok(());
        }
        let mut headers = HeaderMap::new();
        let source = encoded(&format!("/{}/{path}", self.location.bucket));
        let internal = |_| Fault::new(Code::Internal).with("what", "header");
        headers.insert("x-amz-copy-source", HeaderValue::from_str(&source).map_err(internal)?);
        headers.insert("x-amz-storage-class", HeaderValue::from_static(class.as_str()));
        let (status, _) = self.send(Method::PUT, path, &[], headers, "").await?;
        if (200..300).contains(&status) {
            Ok(())
        } else {
            Err(self.answered("class", path, status))
        }
    }

    /// Asks that a thing can be read, and says whether it can be now.
    pub(super) async fn recall(&self, path: &Path) -> Outcome<Recall> {
        let (status, headers) = self.send(Method::HEAD, path, &[], HeaderMap::new(), "").await?;
        match status {
            200..=299 => {}
            404 => return Err(Fault::new(Code::StoredBytesMissing).with("path", path)),
            _ => return Err(self.answered("recall", path, status)),
        }
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let class = text("x-amz-storage-class").and_then(StorageClass::parse);
        if !class.is_some_and(StorageClass::archives) {
            return Ok(Recall::Ready);
        }
        match text("x-amz-restore") {
            Some(said) if said.contains("ongoing-request=\"false\"") => return Ok(Recall::Ready),
            Some(_) => return Ok(Recall::UnderWay),
            None => {}
        }
        let body = format!(
            "<RestoreRequest xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Days>{RECALL_DAYS}\
             </Days><GlacierJobParameters><Tier>Standard</Tier></GlacierJobParameters>\
             </RestoreRequest>"
        );
        let query = [("restore", "")];
        let (status, _) = self.send(Method::POST, path, &query, HeaderMap::new(), &body).await?;
        match status {
            // 409: somebody asked in between.
            200..=299 | 409 => Ok(Recall::UnderWay),
            _ => Err(self.answered("recall", path, status)),
        }
    }

    fn answered(&self, action: &'static str, path: &Path, status: u16) -> Fault {
        let fault = Fault::new(Code::BackendFailed).with("action", action).with("path", path);
        fault.with("status", status).with("bucket", &self.location.bucket)
    }

    /// Sends a signed request; gives the status and the headers of the answer.
    async fn send(
        &self,
        method: Method,
        path: &Path,
        query: &[(&str, &str)],
        headers: HeaderMap,
        body: &str,
    ) -> Outcome<(u16, HeaderMap)> {
        let failed = |error: Error| self.fault("signed", path, &error);
        let internal = |_| Fault::new(Code::Internal).with("what", "signed address");
        let mut options = SignedUrlOptions::new().with_query(query.iter().copied());
        for (name, value) in &headers {
            options = options.with_signed_header(name.clone(), value.clone());
        }
        let url = self.store.signed_url_opts(method.clone(), path, S3_REQUEST_WAIT, &options);
        let url = url.await.map_err(failed)?;
        let mut request = HttpRequest::new(HttpRequestBody::from(body.to_owned()));
        *request.method_mut() = method;
        *request.uri_mut() = url.as_str().parse().map_err(internal)?;
        *request.headers_mut() = headers;
        let options = client_options(&self.location, ClientOptions::new());
        let http = ReqwestConnector::default().connect(&options).map_err(failed)?;
        let answer = http.execute(request).await.map_err(|_| {
            // The error would name the signed address.
            Fault::new(Code::BackendUnreachable).with("action", "signed").with("path", path)
        })?;
        Ok((answer.status().as_u16(), answer.headers().clone()))
    }
}
