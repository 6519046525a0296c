//! An identity provider (OpenID Connect) of the loopback, with keys of its own, that can be told to
//! answer wrongly in each way that a vault has to notice.
//!
//! Holds itself to the standard otherwise: a code serves once, for the address, the secret and the
//! proof (PKCE, S256) it was asked with.

use anyhow::Context;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Under what name it knows the vault.
pub const CLIENT: &str = "evidence-vault";

/// The secret it gave.
pub const SECRET: &str = "the secret: of the vault";

/// With which key it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// RSA, PKCS#1 v1.5, SHA-256.
    Rs256,
    /// ECDSA, P-256, SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// Not at all.
    None,
    /// With the secret, which is no signature of the provider's.
    Hs256,
    /// With a key it does not publish, under the name of one that it does.
    Unpublished,
}

/// How it answers.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Whom it vouches for.
    pub login: String,
    /// How it signs.
    pub signs: Signs,
    /// Claims that stand in the token instead of the right ones; null leaves one out.
    pub claims: Value,
    /// How the person answers.
    pub consents: bool,
}

struct Asked {
    said: BTreeMap<String, String>,
    used: bool,
}

struct Inner {
    issuer: String,
    rsa: RsaKeyPair,
    ecdsa: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
    unpublished: Ed25519KeyPair,
    manner: Mutex<Manner>,
    codes: Mutex<BTreeMap<String, Asked>>,
}

/// The provider. Its threads end with the tests.
pub struct IdentityProvider(Arc<Inner>);

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn coded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl IdentityProvider {
    /// Starts one.
    pub fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let ed25519 = || Ed25519KeyPair::generate().context("a key");
        let manner =
            Manner { login: String::new(), signs: Signs::Rs256, claims: json!({}), consents: true };
        let inner = Arc::new(Inner {
            issuer,
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).context("a key")?,
            ecdsa: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("a key")?,
            ed25519: ed25519()?,
            unpublished: ed25519()?,
            manner: Mutex::new(manner),
            codes: Mutex::default(),
        });
        let serving = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inner = Arc::clone(&serving);
                std::thread::spawn(move || inner.answer(stream));
            }
        });
        Ok(Self(inner))
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Vouches for this person from now on, as it should.
    pub fn vouch_for(&self, login: &str, signs: Signs) {
        self.behave(login, signs, json!({}));
    }

    /// Vouches for this person, with these claims instead of the right ones.
    pub fn behave(&self, login: &str, signs: Signs, claims: Value) {
        *lock(&self.0.manner) = Manner { login: login.to_owned(), signs, claims, consents: true };
    }

    /// The person refuses from now on.
    pub fn refuse(&self) {
        lock(&self.0.manner).consents = false;
    }

    /// What was said with the last code that was asked for.
    pub fn last_asked(&self) -> BTreeMap<String, String> {
        let codes = lock(&self.0.codes);
        codes.values().next_back().map(|asked| asked.said.clone()).unwrap_or_default()
    }
}

/// Modulus and exponent of an RSA key in DER (RFC 8017, A.1.1): a sequence of two integers, in
/// long form, that begin with a zero where their first bit is set.
fn rsa_numbers(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut rest = der;
    let mut value = || {
        let length = usize::from(rest[1]);
        let (head, length) = match length {
            0x81 => (3, usize::from(rest[2])),
            0x82 => (4, usize::from(u16::from_be_bytes([rest[2], rest[3]]))),
            short => (2, short),
        };
        let whole = rest[0] == 0x30;
        let (bytes, after) = rest[head..].split_at(length);
        rest = if whole { bytes } else { after };
        bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>()
    };
    let _sequence = value();
    (value(), value())
}

/// A query or a form, decoded.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                    let digits = String::from_utf8_lossy(&digits).into_owned();
                    bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn reply(stream: &mut TcpStream, status: &str, fields: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{fields}\r\n",
        body.len()
    );
    // Whoever went away gets no answer.
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).ok();
}

fn reply_json(stream: &mut TcpStream, status: &str, body: &Value) {
    reply(stream, status, "Content-Type: application/json\r\n", &body.to_string());
}

impl Inner {
    fn answer(&self, mut stream: TcpStream) {
        let Ok(reading) = stream.try_clone() else { return };
        let mut reading = BufReader::new(reading);
        let mut line = String::new();
        let (mut authorization, mut length) = (String::new(), 0);
        if reading.read_line(&mut line).is_err() {
            return;
        }
        loop {
            let mut field = String::new();
            if reading.read_line(&mut field).is_err() || field.trim().is_empty() {
                break;
            }
            let (name, value) = field.trim().split_once(':').unwrap_or_default();
            match name.to_lowercase().as_str() {
                "authorization" => value.trim().clone_into(&mut authorization),
                "content-length" => length = value.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        if reading.read_exact(&mut body).is_err() {
            return;
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let body = String::from_utf8_lossy(&body).into_owned();
        match path {
            "/.well-known/openid-configuration" => {
                reply_json(&mut stream, "200 OK", &self.description());
            }
            "/keys" => reply_json(&mut stream, "200 OK", &self.keys()),
            "/authorize" => self.authorize(&mut stream, pairs(query)),
            "/token" => match self.token(&authorization, &pairs(&body)) {
                Some(token) => reply_json(&mut stream, "200 OK", &token),
                None => {
                    reply_json(&mut stream, "400 Bad Request", &json!({"error": "invalid_grant"}));
                }
            },
            _ => reply(&mut stream, "404 Not Found", "", ""),
        }
    }

    fn description(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        })
    }

    fn keys(&self) -> Value {
        let number = |bytes: &[u8]| coded(bytes);
        // Uncompressed: 4, x, y.
        let point = self.ecdsa.public_key().as_ref();
        let (modulus, exponent) = rsa_numbers(self.rsa.public_key().as_ref());
        json!({"keys": [
            {"kty": "RSA", "use": "sig", "kid": "rsa", "alg": "RS256",
                "n": number(&modulus), "e": number(&exponent)},
            {"kty": "EC", "use": "sig", "kid": "ec", "alg": "ES256", "crv": "P-256",
                "x": number(&point[1..33]), "y": number(&point[33..])},
            {"kty": "OKP", "use": "sig", "kid": "ed", "alg": "EdDSA", "crv": "Ed25519",
                "x": number(self.ed25519.public_key().as_ref())},
        ]})
    }

    fn authorize(&self, stream: &mut TcpStream, said: BTreeMap<String, String>) {
        let get = |name: &str| said.get(name).cloned().unwrap_or_default();
        let (back, state) = (get("redirect_uri"), get("state"));
        let asked = get("client_id") == CLIENT
            && get("response_type") == "code"
            && get("code_challenge_method") == "S256"
            && get("scope").split(' ').any(|scope| scope == "openid")
            && !get("nonce").is_empty();
        if !asked || !lock(&self.manner).consents {
            let to = format!("Location: {back}?error=access_denied&state={state}\r\n");
            return reply(stream, "302 Found", &to, "");
        }
        let mut codes = lock(&self.codes);
        let code = format!("code-{:06}", codes.len());
        codes.insert(code.clone(), Asked { said, used: false });
        let to = format!("Location: {back}?code={code}&state={state}\r\n");
        reply(stream, "302 Found", &to, "");
    }

    fn token(&self, authorization: &str, form: &BTreeMap<String, String>) -> Option<Value> {
        let shown = STANDARD.decode(authorization.strip_prefix("Basic ")?).ok()?;
        let shown = String::from_utf8(shown).ok()?;
        let (id, secret) = shown.split_once(':')?;
        let known = pairs(&format!("id={id}&secret={secret}"));
        if known.get("id")? != CLIENT || known.get("secret")? != SECRET {
            return None;
        }
        let mut codes = lock(&self.codes);
        let asked = codes.get_mut(form.get("code")?)?;
        let proof = coded(Sha256::digest(form.get("code_verifier")?.as_bytes()));
        let fits = !asked.used
            && asked.said.get("code_challenge") == Some(&proof)
            && asked.said.get("redirect_uri") == form.get("redirect_uri");
        if !fits {
            return None;
        }
        asked.used = true;
        let manner = lock(&self.manner).clone();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "0815", "iat": now_s(),
            "exp": now_s() + 300, "auth_time": now_s(), "nonce": asked.said.get("nonce"),
            "preferred_username": manner.login, "email": format!("{}@example.org", manner.login),
        });
        for (name, value) in manner.claims.as_object()? {
            claims[name] = value.clone();
        }
        claims.as_object_mut()?.retain(|_, value| !value.is_null());
        Some(json!({"access_token": "nothing to be had with it", "token_type": "Bearer",
            "id_token": self.signed(manner.signs, &claims)?}))
    }

    fn signed(&self, signs: Signs, claims: &Value) -> Option<String> {
        let (algorithm, key) = match signs {
            Signs::Rs256 => ("RS256", "rsa"),
            Signs::Es256 => ("ES256", "ec"),
            Signs::EdDsa | Signs::Unpublished => ("EdDSA", "ed"),
            Signs::None => ("none", ""),
            Signs::Hs256 => ("HS256", ""),
        };
        let head = json!({"alg": algorithm, "kid": key, "typ": "JWT"});
        let text = format!("{}.{}", coded(head.to_string()), coded(claims.to_string()));
        let bytes = text.as_bytes();
        let random = SystemRandom::new();
        let signature = match signs {
            Signs::Rs256 => {
                let mut signature = vec![0; self.rsa.public_modulus_len()];
                self.rsa.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).ok()?;
                signature
            }
            Signs::Es256 => self.ecdsa.sign(&random, bytes).ok()?.as_ref().to_vec(),
            Signs::EdDsa => self.ed25519.sign(bytes).as_ref().to_vec(),
            Signs::Unpublished => self.unpublished.sign(bytes).as_ref().to_vec(),
            Signs::None => Vec::new(),
            Signs::Hs256 => {
                let key =
                    aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
                aws_lc_rs::hmac::sign(&key, bytes).as_ref().to_vec()
            }
        };
        Some(format!("{text}.{}", coded(signature)))
    }
}
