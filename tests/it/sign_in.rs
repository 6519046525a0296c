//! Signing in by the unit's identity provider (R29): whom it vouches for gets in with the account
//! he has, every answer that does not hold is refused, and what an account demands stays demanded.

use crate::office::Office;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use vault_tests::identity_provider::{CLIENT, IdentityProvider, SECRET, Signs};
use vault_tests::program::built;
use vault_tests::service::{Reply, Service};

const LEAVE: &str = "/api/v1/sign-in/provider";

fn config(office: &Office, issuer: &str, port: u16) -> String {
    let secret = office.path("oidc-secret");
    std::fs::write(&secret, format!("{SECRET}\n")).expect("file");
    format!(
        "[oidc]\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"{}\"\n\
         address = \"http://127.0.0.1:{port}\"\ntitle = \"统一身份认证\"\n",
        secret.display()
    )
}

fn start(office: &Office, provider: &IdentityProvider) -> Service {
    let config = |port| config(office, provider.issuer(), port);
    Service::configured(office.ctl.vault(), true, config).expect("service")
}

/// Where a browser is sent; with the path of the service alone where it is one.
fn location(service: &Service, reply: &Reply) -> String {
    assert_eq!(reply.status, 303, "{}", reply.json());
    reply.field("location").trim_start_matches(&service.url()).to_owned()
}

/// Leaves for the provider; gives the path that a browser comes back to, code and all.
fn way_back(service: &Service, person: &str, query: &str) -> String {
    let left = service.call(person, "GET", &format!("{LEAVE}{query}"), &[]);
    let away = location(service, &left);
    assert!(away.starts_with("http://"), "{away}");
    let out = service.curl("", &["--include", &away]).output().expect("curl");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("Location: ")).expect("a way back");
    line.trim_start_matches("Location: ").trim_start_matches(&service.url()).trim().to_owned()
}

/// The whole way; gives where the browser ends.
fn come(service: &Service, person: &str, query: &str) -> String {
    let back = way_back(service, person, query);
    location(service, &service.call(person, "GET", &back, &[]))
}

fn session(service: &Service, person: &str) -> Value {
    service.ask(person, "/api/v1/session")
}

fn code(key: &str) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut held, mut bits, mut bytes) = (0u64, 0, Vec::new());
    for letter in key.bytes() {
        let value = letters.iter().position(|known| *known == letter).expect("Base32");
        held = (held << 5) | value as u64;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    let step = SystemTime::now().duration_since(UNIX_EPOCH).expect("time").as_secs() / 30;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().expect("four"));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

#[test]
fn whom_the_provider_vouches_for_is_signed_in_and_nothing_else_of_its_answer_counts() {
    let office = Office::new();
    let provider = IdentityProvider::start().expect("provider");
    let service = start(&office, &provider);
    let ways = service.ask("", "/api/v1/sign-in");
    assert_eq!(ways, json!({"provider": {"title": "统一身份认证"}}));
    for signs in [Signs::Rs256, Signs::Es256, Signs::EdDsa] {
        provider.vouch_for("Li", signs);
        assert_eq!(come(&service, "li", "?next=/requests"), "/requests", "{signs:?}");
        let said = session(&service, "li");
        assert_eq!((&said["login"], &said["by_provider"]), (&json!("Li"), &json!(true)));
        assert_eq!(said["roles"], json!(["in-charge"]), "the roles of his account here");
        assert_eq!(service.call("li", "DELETE", "/api/v1/session", &[]).status, 204);
    }
    assert_eq!(come(&service, "li", "?next=//evil.example"), "/", "no way to another site");
    let refused = |claims: Value, signs: Signs, code: &str| {
        provider.behave("zhao", signs, claims.clone());
        let end = come(&service, "x", "");
        assert_eq!(end, format!("/sign-in?refused={code}"), "{signs:?} {claims}");
        assert_eq!(session(&service, "x")["code"], "sign-in-needed", "{signs:?} {claims}");
    };
    let answer = "provider-answer-refused";
    for claims in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"aud": "another"}),
        json!({"aud": [CLIENT, "another"], "azp": "another"}),
        json!({"iss": "http://127.0.0.1:1"}),
        json!({"exp": 1_700_000_000}),
        json!({"preferred_username": null}),
        json!({"preferred_username": ""}),
        json!({"preferred_username": 7}),
    ] {
        refused(claims, Signs::EdDsa, answer);
    }
    for signs in [Signs::None, Signs::Hs256, Signs::Unpublished] {
        refused(json!({}), signs, answer);
    }
    refused(json!({"preferred_username": "nobody"}), Signs::Rs256, "provider-login-unknown");
    provider.vouch_for("zhao", Signs::Es256);
    a_way_back_serves_once_and_for_its_browser(&service);
    provider.refuse();
    assert_eq!(come(&service, "x", ""), format!("/sign-in?refused={answer}"));
    let words = service.call("", "GET", &format!("/api/v1/sign-in/refusals/{answer}"), &[]);
    assert_eq!((words.status, words.code().as_str()), (401, answer));
    let kinds = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert_eq!(kinds.matches("account.signed-in-by-provider").count(), 5, "on record");
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

fn a_way_back_serves_once_and_for_its_browser(service: &Service) {
    let answer = "/sign-in?refused=provider-answer-refused";
    let back = way_back(service, "zhao", "");
    let stolen = service.call("x", "GET", &back, &[]);
    assert_eq!(location(service, &stolen), answer, "another browser has no use for it");
    let own = way_back(service, "x", "");
    let code = |path: &str| {
        path.split(['?', '&']).find(|part| part.starts_with("code=")).map(str::to_owned)
    };
    let mixed = own.replace(&code(&own).expect("a code"), &code(&back).expect("a code"));
    let mixed = service.call("x", "GET", &mixed, &[]);
    assert_eq!(location(service, &mixed), answer, "a stolen code does not fit its proof");
    let ended = service.call("zhao", "GET", &back, &[]);
    assert_eq!(location(service, &ended), "/");
    let again = service.call("zhao", "GET", &back, &[]);
    assert_eq!(location(service, &again), answer, "a code is not replayed");
    let other = way_back(service, "x", "");
    let state = other.split("state=").nth(1).expect("a state").to_owned();
    let forged = service.call("x", "GET", &other.replace(&state, "another"), &[]);
    assert_eq!(location(service, &forged), answer, "another state");
}

#[test]
fn what_an_account_demands_stays_demanded_and_its_end_ends_the_session() {
    let office = Office::new();
    let provider = IdentityProvider::start().expect("provider");
    let service = start(&office, &provider);
    provider.vouch_for("li", Signs::Es256);
    assert_eq!(come(&service, "li", ""), "/");
    let confirm = "?confirm=true&next=/sign-in?confirmed";
    assert_eq!(come(&service, "li", confirm), "/sign-in?confirmed");
    let asked = provider.last_asked();
    assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "0"));
    let answer = "/sign-in?refused=provider-answer-refused";
    provider.behave("li", Signs::Es256, json!({"auth_time": 1_700_000_000}));
    assert_eq!(come(&service, "li", confirm), answer, "an old proof confirms nothing");
    provider.behave("li", Signs::Es256, json!({"auth_time": null}));
    assert_eq!(come(&service, "li", confirm), answer);
    provider.vouch_for("wang", Signs::Es256);
    assert_eq!(come(&service, "li", confirm), answer, "nobody confirms for another");
    assert_eq!(session(&service, "li")["login"], "li");
    let stranger = service.call("", "GET", &format!("{LEAVE}{confirm}"), &[]);
    assert_eq!(stranger.code(), "sign-in-needed");
    let own = json!({"password": "own-li-1", "code": null});
    assert_eq!(service.send("li", "POST", "/api/v1/session/confirmation", &own).status, 204);

    let key = office.done("sec", &["people", "one-time-code", "wang"]);
    let key = key["key"].as_str().expect("a key");
    assert_eq!(come(&service, "wang", ""), "/sign-in?code=needed");
    assert_eq!(session(&service, "wang")["code"], "sign-in-needed");
    let path = "/api/v1/sign-in/provider/code";
    let wrong = service.send("wang", "POST", path, &json!({"code": "000000"}));
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "sign-in-failed"));
    let right = service.send("wang", "POST", path, &json!({"code": code(key)}));
    assert_eq!((right.status, &right.json()["next"]), (200, &json!("/")));
    assert_eq!(session(&service, "wang")["login"], "wang");
    let twice = service.send("wang", "POST", path, &json!({"code": code(key)}));
    assert_eq!(twice.code(), "provider-answer-refused");

    office.done("sec", &["people", "disable", "li", "--reason", "调离"]);
    assert_eq!(session(&service, "li")["code"], "sign-in-needed", "at once");
    provider.vouch_for("li", Signs::Es256);
    assert_eq!(come(&service, "li", ""), "/sign-in?refused=sign-in-failed");
    drop(provider);
}

#[test]
fn the_configuration_is_checked_and_a_provider_that_is_down_shuts_nobody_out() {
    let office = Office::new();
    let provider = IdentityProvider::start().expect("provider");
    let nowhere = "http://127.0.0.1:1";
    let check = |text: &str| {
        let file = office.path("check.toml");
        std::fs::write(&file, text).expect("file");
        let mut command = Command::new(built("vault-server").expect("vault-server"));
        command.args(["config", "check", "--vault", "v", "--config"]).arg(file);
        let done = command.output().expect("runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    let (fits, said) = check(&config(&office, provider.issuer(), 1));
    assert!(fits && !said.contains(SECRET), "{said}");
    for (text, name) in [
        (config(&office, nowhere, 1), "oidc"),
        (config(&office, &format!("{}/other", provider.issuer()), 1), "oidc"),
        (config(&office, "http://id.example", 1), "oidc.issuer"),
        ("[oidc]\nissuer = \"https://id.example\"\n".to_owned(), "oidc.client_id"),
        ("[oidc]\nsecret = \"x\"\n".to_owned(), "secret"),
    ] {
        let (fits, said) = check(&text);
        assert!(!fits && said.contains(name), "{name}: {said}");
    }
    let down = |port| config(&office, nowhere, port);
    let service = Service::configured(office.ctl.vault(), true, down).expect("service");
    let left = service.call("li", "GET", LEAVE, &[]);
    assert_eq!(location(&service, &left), "/sign-in?refused=provider-unavailable");
    assert_eq!(service.sign_in("li", "own-li-1").status, 200, "by password all the same");
    drop(service);
    let plain = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(plain.ask("", "/api/v1/sign-in"), json!({"provider": null}), "no button");
}
