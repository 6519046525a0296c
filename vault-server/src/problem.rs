//! Answers that say no: RFC 9457 problems made of faults.
//!
//! Promises: every fault has one status; its code is stable, its words are those of the catalogues
//! in the language of the request; what went wrong inside is logged and not told.

use crate::state::language_of;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;
use vault_core::fault::{Class, Code, Fault};
use vault_core::wording::{Language, Wording};

/// The media type of a problem (RFC 9457).
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// A problem as programs and pages read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says which.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// The stable code.
    pub code: &'static str,
    /// What happened.
    pub detail: String,
    /// Why: the article, or what would be at risk.
    pub why: Option<String>,
    /// What to do next.
    pub next: Option<String>,
    /// The same in each language, for whoever changes it while a page shows the problem.
    pub words: BTreeMap<&'static str, ProblemWords>,
    /// The article of the regulation.
    pub article: Option<String>,
    /// Values of the text by their names.
    pub details: BTreeMap<&'static str, String>,
}

/// A problem in the words of one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemWords {
    /// What happened.
    pub detail: String,
    /// Why.
    pub why: Option<String>,
    /// What to do next.
    pub next: Option<String>,
}

fn words(fault: &Fault, language: Language) -> ProblemWords {
    let text = wording(language).fault_on_page(fault);
    ProblemWords { detail: text.what, why: text.why, next: text.next }
}

/// A fault on its way to an answer.
#[derive(Debug)]
pub struct Refused(Fault);

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl Refused {
    /// Its code.
    pub fn code(&self) -> Code {
        self.0.code()
    }
}

/// What a handler answers.
pub type Answer<T> = Result<T, Refused>;

/// The status of each code: that of its class, but for those that HTTP has a closer word for.
pub fn status_of(code: Code) -> StatusCode {
    match code {
        Code::UploadOffset
        | Code::CaseTaken
        | Code::AccountTaken
        | Code::LabelsGiven
        | Code::CaseStepRefused
        | Code::AccessStepRefused
        | Code::RetentionShortens
        | Code::VolumeStepRefused
        | Code::VolumeLabelTaken
        | Code::CopyNotBurnt
        | Code::StoreReleaseProposed
        | Code::StoreReleaseNotProposed
        | Code::TargetTaken
        | Code::WorkNotStopped
        | Code::StoreDirectoryNotEmpty
        | Code::InColdStore
        | Code::DisposalStepRefused
        | Code::InspectionStepRefused
        | Code::EntryStepRefused
        | Code::FormGlyphMissing
        | Code::FormTooLong
        | Code::BeingBroughtBack => StatusCode::CONFLICT,
        Code::RangeOutside => StatusCode::RANGE_NOT_SATISFIABLE,
        Code::SourceTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UploadDiffers => StatusCode::UNPROCESSABLE_ENTITY,
        Code::UploadVersion => StatusCode::PRECONDITION_FAILED,
        Code::UploadsTooMany | Code::ReadingsTooMany | Code::TooManyAttempts => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        _ => match code.class() {
            Class::Usage => StatusCode::BAD_REQUEST,
            Class::Denied => StatusCode::FORBIDDEN,
            Class::NotFound => StatusCode::NOT_FOUND,
            Class::Locked => StatusCode::LOCKED,
            Class::TryAgain | Class::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
            Class::LoginFailed => StatusCode::UNAUTHORIZED,
            Class::Failed | Class::Integrity | Class::NotInitialised => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        },
    }
}

/// The words of both languages, made once.
pub fn wording(language: Language) -> &'static Wording {
    static CHINESE: LazyLock<Wording> = LazyLock::new(|| Wording::new(Language::Chinese));
    static ENGLISH: LazyLock<Wording> = LazyLock::new(|| Wording::new(Language::English));
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

/// Details that say where things lie on the machine; they are for its logs.
const INSIDE: &[&str] = &["path", "what"];

impl Problem {
    /// A fault that no call is answered with: of work that was begun and ended later.
    pub fn of(fault: &Fault, language: Language) -> Self {
        problem(fault, status_of(fault.code()), language)
    }
}

fn problem(fault: &Fault, status: StatusCode, language: Language) -> Problem {
    let ProblemWords { detail, why, next } = words(fault, language);
    let details = fault.details().iter().filter(|(name, _)| !INSIDE.contains(name));
    Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        code: fault.code().as_str(),
        detail,
        why,
        next,
        words: Language::ALL.map(|one| (one.tag(), words(fault, one))).into(),
        article: fault.detail("article").map(str::to_owned),
        details: details.map(|(name, value)| (*name, value.clone())).collect(),
    }
}

impl IntoResponse for Refused {
    /// Without words: the language of the request is not known here. `in_words` sets them in.
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.code()).into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self.0));
        response
    }
}

/// Puts the words of the request's language into answers that say no.
pub async fn in_words(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let head = request.method() == axum::http::Method::HEAD;
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let fault = match response.extensions().get::<std::sync::Arc<Fault>>() {
        Some(fault) => std::sync::Arc::clone(fault),
        // What is refused before a handler sees it: a path or a method that is none.
        None if response.status().is_client_error() && path.starts_with("/api/") => {
            Fault::new(Code::ArgumentInvalid).with("argument", &path).into()
        }
        None => return response,
    };
    if response.status().is_server_error() {
        tracing::error!(fault = %*fault, cause = ?std::error::Error::source(&*fault), "failed");
    }
    let said = problem(&fault, response.status(), language);
    let wait = fault.detail("seconds").and_then(|text| text.parse::<u64>().ok());
    let (mut parts, _) = response.into_parts();
    let fields = &mut parts.headers;
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
    fields.remove(header::CONTENT_LENGTH);
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = wait {
        fields.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = if head { Vec::new() } else { serde_json::to_vec(&said).unwrap_or_default() };
    Response::from_parts(parts, axum::body::Body::from(body))
}
