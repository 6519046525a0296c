//! The pages of a package in a real browser, opened from their files: `verify.html` finds what
//! our program finds, `index.html` plays with the text in step, and neither asks for a network.

use super::kit::{Court, files, root, run};
use serde_json::Value;
use std::path::Path;
use vault_core::access::package::{Target, write};

/// Runs a script of `tests/browser`; gives what it printed.
fn script(name: &str, arguments: &[&str]) -> String {
    let script = root().join("tests/browser").join(name);
    let mut all = vec![script.to_str().expect("text")];
    all.extend(arguments);
    let (content, text) = run(Path::new("node"), &all, &root());
    assert!(content, "{name}: {text}");
    text
}

/// Opens a page; also holds it to its policy.
fn browser(arguments: &[&str]) -> Value {
    let text = script("browser.js", arguments);
    let found: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(found["asked"], serde_json::json!([]), "{text}");
    assert_eq!(found["complaints"], serde_json::json!([]), "{text}");
    found
}

#[test]
fn the_digests_and_signatures_of_the_page_hold_to_official_vectors() {
    script("digests.js", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_on_the_disc_verifies_the_package_beside_it_and_finds_a_change() {
    let court = Court::new().await;
    let (package, _) = court.package("副本-006").await;
    let key = court.signer().key().verifier().to_string();
    let page = package.join("verify.html");
    let (page, path) = (page.to_str().expect("text"), package.to_str().expect("text"));
    let found = browser(&["verify", page, "folder", path, &key]);
    assert_eq!((&found["verdict"], &found["problems"]), (&"valid".into(), &"".into()), "{found}");
    assert!(found["said"].as_str().is_some_and(|said| said.starts_with("有效")), "{found}");
    assert!(found["english"].as_str().is_some_and(|said| said.starts_with("Valid")), "{found}");
    let found = browser(&["verify", page, "folder", path]);
    assert_eq!(found["verdict"], "self-asserted", "{found}");
    let zip = court.scratch.path().join("副本.zip");
    let contents = court.contents("副本-007").await;
    write(contents, &court.signer(), &Target::Zip(zip.clone())).expect("written");
    let zip = zip.to_str().expect("text");
    assert_eq!(browser(&["verify", page, "zip", zip, &key])["verdict"], "valid");
    // Packed again by another program, deflated.
    let again = court.scratch.path().join("again.zip");
    let again = again.to_str().expect("text");
    assert!(run(Path::new("zip"), &["-q", "-r", again, "."], &package).0);
    assert_eq!(browser(&["verify", page, "zip", again, &key])["verdict"], "valid");
    let original = files(&package).into_keys().find(|name| name.ends_with("original.mp4"));
    let original = package.join(original.expect("the video"));
    let mut bytes = std::fs::read(&original).expect("original");
    bytes[1_000] ^= 1;
    crate::story::overwrite(&original, &bytes);
    let found = browser(&["verify", page, "folder", path, &key]);
    assert_eq!(found["verdict"], "not-valid");
    let problems = found["problems"].as_str().expect("problems");
    for what in ["original-differs", "sha256-differs", "sha512-differs", "blake3-differs"] {
        assert!(problems.contains(what), "{problems}");
    }
    std::fs::write(zip, b"PK, but no archive").expect("damaged");
    assert_eq!(browser(&["verify", page, "zip", zip, &key])["verdict"], "not-valid");
}

/// Names and texts come from outside; the pages show them and never take them for markup.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_texts_are_shown_and_never_run() {
    let court = Court::new().await;
    let hostile =
        "</script><script>document.title='run'</script><img src=x onerror=alert(1)>{{data}}";
    let mut contents = court.contents("副本<b>").await;
    for recording in &mut contents.recordings {
        recording.name = format!("{hostile}.mp4");
        recording.case = hostile.into();
        if let Some(text) = &mut recording.transcript_vtt {
            text.extend(format!("\n\n00:03.000 --> 00:04.000\n{hostile}\n").bytes());
        }
    }
    contents.withheld[0].reason = hostile.into();
    let package = court.scratch.path().join("hostile");
    write(contents, &court.signer(), &Target::Directory(package.clone())).expect("written");
    let found = browser(&["play", package.join("index.html").to_str().expect("text")]);
    assert!(found["names"][0].as_str().is_some_and(|name| name.starts_with(hostile)), "{found}");
    assert_eq!(found["title"], "证据提供包");
    let page = package.join("verify.html");
    let (page, path) = (page.to_str().expect("text"), package.to_str().expect("text"));
    let found = browser(&["verify", page, "folder", path]);
    assert_eq!(found["verdict"], "self-asserted", "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_digest_of_an_excerpt_and_that_of_the_whole_are_told_apart() {
    let court = Court::new().await;
    let mut contents = court.contents("副本-009").await;
    Court::excerpted(&mut contents);
    let package = court.scratch.path().join("excerpted");
    write(contents, &court.signer(), &Target::Directory(package.clone())).expect("written");
    let (name, excerpt) =
        files(&package).into_iter().find(|(name, _)| name.contains("excerpt.w")).expect("excerpt");
    let own = blake3::hash(&excerpt).to_string();
    let record = name.replace("excerpt.wav", "record.json");
    let record: Value = serde_json::from_slice(&files(&package)[&record]).expect("JSON");
    let whole = record["recording"].as_str().expect("an id");
    let found = browser(&["look", package.join("index.html").to_str().expect("text")]);
    let said = found["said"].to_string();
    assert!(said.contains(&format!("本节选文件的摘要: BLAKE3 {own}")), "{said}");
    assert!(said.contains(&format!("整段原始录制（未予提供）的摘要: BLAKE3 {whole}")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_player_plays_from_the_disc_with_the_text_in_step() {
    let court = Court::new().await;
    let (package, _) = court.package("副本-008").await;
    let page = package.join("index.html");
    let found = browser(&["play", page.to_str().expect("text")]);
    assert_eq!(found["now"], "好的。", "{found}");
    assert!(
        found["first"].as_str().is_some_and(|text| text.starts_with("请出示证件。")),
        "{found}"
    );
    let durations = found["durations"].as_array().expect("durations");
    assert_eq!(durations.len(), 2, "{found}");
    assert!(durations.iter().all(|duration| duration.as_f64().is_some_and(|d| d >= 2.0)));
    assert!(found["names"].to_string().contains("=询问(1).wav"), "{found}");
}
