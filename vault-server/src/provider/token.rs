//! ID tokens of the identity provider (OpenID Connect Core 1.0 §3.1.3.7; RFC 7515, RFC 7518).
//!
//! Promises: a token counts only if a key that the provider publishes signed it, by RS256, ES256 or
//! EdDSA, which the key's own type has to fit; if it is from this provider, for this vault, for
//! this sign-in, and not expired. Signatures are checked by aws-lc-rs. Never by a shared secret,
//! never none, never a header that demands more than is understood here.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Clocks of two machines may differ by so much, in seconds.
const CLOCKS_DIFFER_S: i64 = 60;

/// Published keys that are looked at: a provider has two or three.
const KEYS_MAX: usize = 50;

/// Bytes of a coordinate on P-256.
const COORDINATE_BYTES: usize = 32;

/// What a token has to say.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    /// The provider.
    pub(super) issuer: &'a str,
    /// Under what name it knows this vault.
    pub(super) client: &'a str,
    /// The number of this sign-in.
    pub(super) nonce: &'a str,
    /// What came with the token; the token may speak of it.
    pub(super) access_token: &'a str,
    /// Now, in seconds of the epoch.
    pub(super) now_s: i64,
    /// The person must have proved himself after this time, in seconds of the epoch.
    pub(super) since_s: Option<i64>,
}

/// With what a token may be signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signing {
    Rs256,
    Es256,
    EdDsa,
}

impl Signing {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Name, type of key and curve.
    const fn names(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Rs256 => ("RS256", "RSA", None),
            Self::Es256 => ("ES256", "EC", Some("P-256")),
            Self::EdDsa => ("EdDSA", "OKP", Some("Ed25519")),
        }
    }
}

type Object = Map<String, Value>;

/// Why a token does not count, as a stable code.
type Refused = &'static str;

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn object(text: &str) -> Option<Object> {
    serde_json::from_slice(&decoded(text)?).ok()
}

/// The claims of a token that counts.
pub(super) fn claims(
    token: &str,
    keys: &Value,
    expected: &Expected<'_>,
) -> Result<Object, Refused> {
    let mut parts = token.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("provider-signature");
    };
    let signed = token.get(..head.len() + 1 + body.len()).unwrap_or_default();
    let known = object(head).zip(decoded(signature)).and_then(|(head, signature)| {
        let signing = signing_of(&head)?;
        let holds = candidates(&head, signing, keys)
            .any(|key| verifies(signing, key, signed.as_bytes(), &signature).is_some());
        holds.then_some(signing)
    });
    let signing = known.ok_or("provider-signature")?;
    let claims = object(body).ok_or("provider-signature")?;
    for_us(&claims, expected)?;
    in_time(&claims, expected)?;
    let speaks_of = claims
        .get("at_hash")
        .is_none_or(|said| said.as_str() == Some(&hash_of(signing, expected.access_token)));
    if speaks_of { Ok(claims) } else { Err("provider-signature") }
}

/// How it says it is signed; none where it demands what is not understood here.
fn signing_of(head: &Object) -> Option<Signing> {
    let plain = !head.contains_key("crit") && !head.contains_key("b64");
    text(head, "alg").filter(|_| plain).and_then(Signing::parse)
}

/// Keys that may have signed it: those of its name, where it says one, and of its kind.
fn candidates<'a>(
    head: &'a Object,
    signing: Signing,
    keys: &'a Value,
) -> impl Iterator<Item = &'a Object> {
    let (name, kind, curve) = signing.names();
    let all = keys.get("keys").and_then(Value::as_array).into_iter().flatten();
    let fits = move |key: &&Object| {
        let same = |field: &str, wanted: &str| {
            key.get(field).is_none_or(|said| said.as_str() == Some(wanted))
        };
        text(key, "kty") == Some(kind)
            && curve.is_none_or(|curve| text(key, "crv") == Some(curve))
            && same("use", "sig")
            && same("alg", name)
            && text(head, "kid").is_none_or(|kid| text(key, "kid") == Some(kid))
    };
    all.take(KEYS_MAX).filter_map(Value::as_object).filter(fits)
}

/// Whether this key signed it.
fn verifies(signing: Signing, key: &Object, signed: &[u8], signature: &[u8]) -> Option<()> {
    let bytes = |name: &str| decoded(text(key, name)?);
    let checked = match signing {
        Signing::Rs256 => {
            let key = RsaPublicKeyComponents { n: bytes("n")?, e: bytes("e")? };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
        }
        Signing::Es256 => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != COORDINATE_BYTES || y.len() != COORDINATE_BYTES {
                return None;
            }
            // Uncompressed (SEC 1, §2.3.3).
            let point = [&[4], x.as_slice(), &y].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
        }
        Signing::EdDsa => UnparsedPublicKey::new(&ED25519, bytes("x")?).verify(signed, signature),
    };
    checked.ok()
}

fn for_us(claims: &Object, expected: &Expected<'_>) -> Result<(), Refused> {
    let client = expected.client;
    let (named, several) = match claims.get("aud") {
        Some(Value::String(one)) => (one == client, false),
        Some(Value::Array(all)) => (all.iter().any(|one| one == client), all.len() > 1),
        _ => (false, false),
    };
    let party = match claims.get("azp") {
        Some(party) => party == client,
        None => !several,
    };
    if text(claims, "iss") != Some(expected.issuer) || !named || !party {
        return Err("provider-audience");
    }
    // Their hashes are compared, which tells nothing of where they differ.
    let hash = |text: &str| blake3::hash(text.as_bytes());
    if text(claims, "nonce").map(hash) != Some(hash(expected.nonce)) {
        return Err("provider-nonce");
    }
    if text(claims, "sub").is_none_or(str::is_empty) {
        return Err("provider-login");
    }
    Ok(())
}

fn in_time(claims: &Object, expected: &Expected<'_>) -> Result<(), Refused> {
    let now = expected.now_s;
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let lives = time("exp").is_some_and(|end| end > now.saturating_sub(CLOCKS_DIFFER_S));
    let later = now.saturating_add(CLOCKS_DIFFER_S);
    let begun = time("iat").is_some_and(|made| made <= later)
        && (claims.get("nbf").is_none() || time("nbf").is_some_and(|from| from <= later));
    if !lives || !begun {
        return Err("provider-expired");
    }
    let Some(since) = expected.since_s else { return Ok(()) };
    let proved = time("auth_time").is_some_and(|at| at >= since.saturating_sub(CLOCKS_DIFFER_S));
    if proved { Ok(()) } else { Err("provider-time") }
}

/// The left half of the digest that goes with the signature (§3.1.3.6).
fn hash_of(signing: Signing, access_token: &str) -> String {
    let algorithm = if signing == Signing::EdDsa { &SHA512 } else { &SHA256 };
    let digest = digest(algorithm, access_token.as_bytes());
    let half = digest.as_ref();
    URL_SAFE_NO_PAD.encode(&half[..half.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use serde_json::json;

    fn signed(key: &Ed25519KeyPair, head: &Value, body: &Value) -> String {
        let coded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", coded(head), coded(body));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()));
        format!("{text}.{signature}")
    }

    fn body() -> Value {
        json!({"iss": "https://id.example", "aud": "vault", "sub": "1", "nonce": "n",
            "iat": 1_000, "exp": 1_300, "auth_time": 990, "at_hash": hash_of(Signing::EdDsa, "t")})
    }

    fn expected() -> Expected<'static> {
        let (issuer, client, nonce, access_token) = ("https://id.example", "vault", "n", "t");
        Expected { issuer, client, nonce, access_token, now_s: 1_100, since_s: None }
    }

    #[test]
    fn what_holds_counts_and_every_claim_that_differs_is_refused_by_its_reason() {
        let key = Ed25519KeyPair::generate().unwrap();
        let coded = URL_SAFE_NO_PAD.encode(key.public_key());
        let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": coded}]});
        let head = json!({"alg": "EdDSA", "kid": "a"});
        let found = |head: &Value, body: &Value, expected: &Expected<'_>| {
            claims(&signed(&key, head, body), &keys, expected).map(drop)
        };
        assert_eq!(found(&head, &body(), &expected()), Ok(()));
        for (name, value, reason) in [
            ("iss", json!("https://other.example"), "provider-audience"),
            ("aud", json!("other"), "provider-audience"),
            ("aud", json!(["vault", "other"]), "provider-audience"),
            ("aud", Value::Null, "provider-audience"),
            ("azp", json!("other"), "provider-audience"),
            ("nonce", json!("m"), "provider-nonce"),
            ("nonce", Value::Null, "provider-nonce"),
            ("sub", json!(""), "provider-login"),
            ("exp", json!(1_040), "provider-expired"),
            ("exp", json!("1300"), "provider-expired"),
            ("iat", json!(1_161), "provider-expired"),
            ("nbf", json!(1_161), "provider-expired"),
            ("at_hash", json!("x"), "provider-signature"),
        ] {
            let mut other = body();
            other[name] = value.clone();
            assert_eq!(found(&head, &other, &expected()), Err(reason), "{name} {value}");
        }
        let several = json!(["other", "vault"]);
        let mut party = body();
        (party["aud"], party["azp"]) = (several, json!("vault"));
        assert_eq!(found(&head, &party, &expected()), Ok(()));
        let since = |since_s| Expected { since_s: Some(since_s), ..expected() };
        assert_eq!(found(&head, &body(), &since(1_050)), Ok(()), "clocks differ");
        assert_eq!(found(&head, &body(), &since(1_051)), Err("provider-time"));
        let refused = Err("provider-signature");
        for head in [
            json!({"alg": "none"}),
            json!({"alg": "HS256", "kid": "a"}),
            json!({"alg": "ES256", "kid": "a"}),
            json!({"alg": "EdDSA", "kid": "b"}),
            json!({"alg": "EdDSA", "kid": "a", "crit": ["x"], "x": 1}),
        ] {
            assert_eq!(found(&head, &body(), &expected()), refused, "{head}");
        }
        let token = signed(&key, &head, &body());
        let other = Ed25519KeyPair::generate().unwrap();
        let forged = signed(&other, &head, &body());
        for token in [forged, format!("{token}."), format!("{token}="), token.replace('.', "")] {
            assert_eq!(claims(&token, &keys, &expected()).map(drop), refused);
        }
    }
}
