//! The unit's identity provider (OpenID Connect 1.0): authorization code with PKCE, state, nonce.
//!
//! Promises: what comes back counts only if it is for the browser that began, and its token holds
//! (`token`) by the keys the provider publishes at that moment; a confirmation also has to say that
//! the person proved himself after it was begun. The provider is asked over TLS or on this machine;
//! no redirection of its is followed, no answer is read beyond its limit. Tokens are dropped once
//! they were checked. Never makes an account or gives a role.

pub mod flows;
mod token;

use crate::config::oidc::{Oidc, address};
use crate::limits::{
    PROVIDER_ANSWER_BYTES_MAX, PROVIDER_ANSWER_WAIT, PROVIDER_AT_ONCE, PROVIDER_KEPT,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flows::{Flow, Flows, Purpose, Stage};
use reqwest::{Method, RequestBuilder, Url, header};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Instant;
use token::Expected;
use tokio::sync::{Mutex, Semaphore};
use vault_core::clock::Clock;
use vault_core::fault::{Code, Fault, Outcome};

/// What the provider says of itself.
#[derive(Debug, Clone)]
pub struct Described {
    authorization: Url,
    token: Url,
    keys: Url,
    /// Whether the secret goes into the body: it says that it takes it nowhere else.
    in_body: bool,
}

/// The provider, and the sign-ins under way there.
pub struct Provider {
    config: Oidc,
    http: reqwest::Client,
    kept: Mutex<Option<(Instant, Described)>>,
    room: Semaphore,
    clock: Clock,
    /// Sign-ins under way.
    pub flows: Flows,
}

/// What the browser brings back.
#[derive(Debug, Default)]
pub struct Returned {
    /// The state it was sent away with.
    pub state: String,
    /// The code; empty where the provider refused.
    pub code: String,
    /// The issuer, where the provider says it (RFC 9207).
    pub issuer: Option<String>,
}

fn refused(reason: &str) -> Fault {
    Fault::new(Code::ProviderAnswerRefused).with("reason", reason)
}

fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(Code::ProviderUnavailable).caused_by(cause)
}

fn client(config: &Oidc) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PROVIDER_ANSWER_WAIT)
        .no_proxy();
    match &config.certificate {
        Some(bundle) => {
            builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(bundle)?).build()
        }
        None => builder.build(),
    }
}

/// Sends a request; gives the status and the JSON of the answer.
async fn asked(request: RequestBuilder) -> Outcome<(u16, Value)> {
    let mut answer = request.send().await.map_err(unavailable)?;
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unavailable)? {
        if body.len() + piece.len() > PROVIDER_ANSWER_BYTES_MAX {
            return Err(unavailable("the answer is too large"));
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

/// A form, or a query.
fn form(pairs: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse("https://form.invalid") else { return String::new() };
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

/// One value, as it stands in a form.
fn in_form(value: &str) -> String {
    form(&[("v", value)]).trim_start_matches("v=").to_owned()
}

/// What nobody guesses, in letters that need no escape.
fn random() -> Outcome<String> {
    Ok(hex::encode(vault_core::people::random_token()?))
}

impl Provider {
    /// The provider of this configuration. Nothing is asked of it yet. Fails with `SettingInvalid`
    /// for a certificate that is none.
    pub fn new(config: Oidc) -> Outcome<Self> {
        let http = client(&config).map_err(|error| {
            Fault::new(Code::SettingInvalid).with("setting", "oidc.certificate").caused_by(error)
        })?;
        let (room, clock) = (Semaphore::new(PROVIDER_AT_ONCE), Clock::system());
        Ok(Self { config, http, kept: Mutex::default(), room, clock, flows: Flows::default() })
    }

    /// The name on its button, where one was configured.
    pub fn title(&self) -> Option<&str> {
        self.config.title.as_deref()
    }

    /// Its issuer's name, as it stands in events.
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// What the provider says of itself now. Fails with `ProviderUnavailable`.
    pub async fn discover(&self) -> Outcome<Described> {
        let issuer = self.config.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let (status, said) = asked(self.http.get(&url)).await?;
        if status != 200 || said["issuer"] != self.config.issuer.as_str() {
            let issuer = &said["issuer"];
            return Err(unavailable(format!("{url}: {status}, issuer {issuer}")));
        }
        let at = |name: &'static str| {
            let text = said[name].as_str().unwrap_or_default();
            address(name, text).map_err(unavailable)
        };
        let ways = said["token_endpoint_auth_methods_supported"].as_array();
        let way = |name: &str| ways.is_some_and(|ways| ways.iter().any(|way| way == name));
        let in_body = way("client_secret_post") && !way("client_secret_basic");
        Ok(Described {
            authorization: at("authorization_endpoint")?,
            token: at("token_endpoint")?,
            keys: at("jwks_uri")?,
            in_body,
        })
    }

    async fn described(&self) -> Outcome<Described> {
        let mut kept = self.kept.lock().await;
        if let Some((at, described)) = &*kept
            && at.elapsed() < PROVIDER_KEPT
        {
            return Ok(described.clone());
        }
        let described = self.discover().await?;
        *kept = Some((Instant::now(), described.clone()));
        Ok(described)
    }

    /// Begins a sign-in; gives the address to send the browser to, and its token.
    pub async fn begin(
        &self,
        purpose: Purpose,
        next: String,
        place: IpAddr,
    ) -> Outcome<(String, String)> {
        let mut url = self.described().await?.authorization;
        let (state, nonce, proof) = (random()?, random()?, random()?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(proof.as_bytes()));
        let email = self.config.claim == "email";
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.returns_to),
            ("scope", if email { "openid profile email" } else { "openid profile" }),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        if purpose != Purpose::SignIn {
            url.query_pairs_mut().extend_pairs([("prompt", "login"), ("max_age", "0")]);
        }
        let now_s = self.clock.now().as_ms() / 1_000;
        let away = Stage::Away { state, nonce, proof };
        let token = self.flows.put(Flow::new(purpose, next, away, place, now_s))?;
        Ok((url.into(), token))
    }

    /// Checks what a browser brought back for its sign-in; gives the login name the provider
    /// vouches for. Fails with `ProviderUnavailable` and `ProviderAnswerRefused`.
    pub async fn vouched(&self, flow: Flow, returned: Returned) -> Outcome<(Flow, String)> {
        let Stage::Away { state, nonce, proof } = &flow.stage else {
            return Err(refused("provider-state"));
        };
        // Their hashes are compared, which tells nothing of where they differ.
        if blake3::hash(state.as_bytes()) != blake3::hash(returned.state.as_bytes()) {
            return Err(refused("provider-state"));
        }
        if returned.issuer.is_some_and(|issuer| issuer != self.config.issuer) {
            return Err(refused("provider-audience"));
        }
        if returned.code.is_empty() {
            return Err(refused("provider-refused"));
        }
        let room = self.room.acquire().await;
        let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
        let described = self.described().await?;
        let answer = self.exchanged(&described, &returned.code, proof).await?;
        // Asked for anew: keys change, and one that was given up signs nothing more.
        let (status, keys) = asked(self.http.get(described.keys)).await?;
        if status != 200 {
            return Err(unavailable(format!("jwks_uri: {status}")));
        }
        let text = |name: &str| answer[name].as_str().unwrap_or_default();
        let expected = Expected {
            issuer: &self.config.issuer,
            client: &self.config.client_id,
            nonce,
            access_token: text("access_token"),
            now_s: self.clock.now().as_ms() / 1_000,
            since_s: (flow.purpose != Purpose::SignIn).then_some(flow.began_s),
        };
        let claims = token::claims(text("id_token"), &keys, &expected).map_err(refused)?;
        // An address that nobody proved to be his is anybody's.
        let proved = self.config.claim != "email"
            || claims.get("email_verified").is_some_and(|said| *said == true);
        let login = claims.get(&self.config.claim).and_then(Value::as_str).map(str::trim);
        let login = login.filter(|login| proved && !login.is_empty()).map(str::to_owned);
        let login = login.ok_or_else(|| refused("provider-login"))?;
        Ok((flow, login))
    }

    /// What the provider gives for a code.
    async fn exchanged(&self, described: &Described, code: &str, proof: &str) -> Outcome<Value> {
        let (id, secret) = (self.config.client_id.as_str(), self.config.secret.expose());
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.config.returns_to.as_str()),
            ("code_verifier", proof),
        ];
        let mut request = self.http.request(Method::POST, described.token.clone());
        if described.in_body {
            pairs.extend([("client_id", id), ("client_secret", secret)]);
        } else {
            // RFC 6749, §2.3.1: each in form encoding, together in Base64.
            let shown = STANDARD.encode(format!("{}:{}", in_form(id), in_form(secret)));
            request = request.header(header::AUTHORIZATION, format!("Basic {shown}"));
        }
        let kind = "application/x-www-form-urlencoded";
        let request = request.header(header::CONTENT_TYPE, kind).body(form(&pairs));
        let (status, answer) = asked(request).await?;
        match status {
            200 => Ok(answer),
            400 | 401 => {
                let said = answer["error"].as_str().unwrap_or_default().to_owned();
                Err(refused("provider-code").caused_by(said))
            }
            _ => Err(unavailable(format!("token_endpoint: {status}"))),
        }
    }
}
