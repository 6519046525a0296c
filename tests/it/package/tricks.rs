//! Hostile packages: names that climb, links, devices, archives that lie, overlap or explode.
//! Each is refused within seconds, in bounded memory, and nothing is written anywhere.

use super::kit::{Court, files, root, run, vault_verify};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};
use vault_core::access::package::{PackageSigner, Target, write};

#[tokio::test(flavor = "multi_thread")]
async fn links_devices_and_names_that_are_no_text_are_named_and_never_followed() {
    let court = Court::new().await;
    let (package, _) = court.package("副本").await;
    let path = package.to_str().expect("text");
    let key = court.signer().verifier().expect("key").to_string();
    let held = files(&package);
    let original = held.keys().find(|name| name.contains("original.wav")).expect("the sound");
    let original = package.join(original);
    let aside = court.scratch.path().join("aside.wav");
    let check = |what: &str| {
        let (code, text) = vault_verify(&[path, "--origin", &key, "--json"]);
        assert!(code == Some(4) && text.contains(what), "{what}: {text}");
    };
    // The very same bytes, behind a link.
    std::fs::rename(&original, &aside).expect("moved");
    std::os::unix::fs::symlink(&aside, &original).expect("link");
    check("not-ordinary");
    std::fs::remove_file(&original).expect("removed");
    rustix::fs::mkfifoat(rustix::fs::CWD, &original, 0o600.into()).expect("fifo");
    check("not-ordinary");
    std::fs::remove_file(&original).expect("removed");
    std::fs::rename(&aside, &original).expect("moved back");
    assert_eq!(vault_verify(&[path, "--origin", &key]).0, Some(0), "put back, it holds");
    let odd = package.join(std::ffi::OsStr::from_bytes(b"data/\xff\xfe"));
    let names = [odd, package.join("data/\u{202e}gpj.exe"), package.join("data/a b")];
    for name in names {
        std::fs::write(&name, b"x").expect("odd name");
        check("name-bad");
        std::fs::remove_file(&name).expect("removed");
    }
    std::os::unix::fs::symlink(package.join("data"), package.join("data/forms/loop"))
        .expect("link");
    check("not-ordinary");
    std::fs::remove_file(package.join("data/forms/loop")).expect("removed");
    std::fs::create_dir_all(package.join("data/a/b/c/d/e/f/g/h")).expect("deep");
    check("name-bad");
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_that_lie_are_refused_within_seconds_and_write_nothing() {
    let court = Court::new().await;
    let good = court.scratch.path().join("good.zip");
    let contents = court.contents("副本").await;
    write(contents, &court.signer(), &Target::Zip(good.clone())).expect("written");
    let key = court.signer().verifier().expect("key").to_string();
    let good_path = good.to_str().expect("text");
    assert_eq!(vault_verify(&[good_path, "--origin", &key]).0, Some(0), "the control");
    let out = court.scratch.path().join("hostile");
    std::fs::create_dir(&out).expect("directory");
    let forger = root().join("tests/rigs/hostile_zips.py");
    let arguments = [forger.to_str().expect("text"), good_path, out.to_str().expect("text")];
    let (made, text) = run(Path::new("python3"), &arguments, court.scratch.path());
    assert!(made, "{text}");
    let hostile = files(&out);
    assert!(hostile.len() >= 20, "{} archives", hostile.len());
    for name in hostile.keys() {
        let begun = Instant::now();
        let path = out.join(name);
        let arguments = [path.to_str().expect("text"), "--origin", &key, "--json"];
        let (code, text) = vault_verify(&arguments);
        let what = found_in(name);
        assert!(code == Some(4) && text.contains(what), "{name}, {what}: {text}");
        // An archive that lies is not looked into any further.
        assert!(what != "not-listed" || text.contains(r#""bytes":0,"#), "{name}: {text}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{name} took {:?}", begun.elapsed());
    }
    the_page_refuses(&key, good_path, &out);
    assert!(files(&out).keys().eq(hostile.keys()), "something was written");
    assert!(!Path::new("/tmp/evil").exists());
}

/// What is to be found in each of the hostile archives.
fn found_in(name: &str) -> &'static str {
    match name {
        "climbs.zip" | "absolute.zip" | "backslash.zip" | "drive.zip" => "name-bad",
        "folded.zip" | "twice.zip" => "name-twice",
        "link.zip" => "not-ordinary",
        "liar.zip" => "too-long",
        "many.zip" => "too-many-files",
        "outside.zip" => "extra",
        "empty.zip" => "missing",
        _ => "not-listed",
    }
}

/// The page's own reader of archives, written a second time, refuses the same ones.
fn the_page_refuses(key: &str, good: &str, hostile: &Path) {
    let script = root().join("tests/browser/zips.js");
    let paths: Vec<_> = files(hostile).into_keys().map(|name| hostile.join(name)).collect();
    let mut arguments = vec![script.to_str().expect("text"), key, good];
    arguments.extend(paths.iter().map(|path| path.to_str().expect("text")));
    let (ran, text) = run(Path::new("node"), &arguments, hostile);
    assert!(ran, "{text}");
    let verdicts: Vec<_> = text.lines().filter_map(|line| line.split_once(' ')).collect();
    let (control, refused) = verdicts.split_first().expect("verdicts");
    assert_eq!(*control, ("valid", good), "the control");
    assert_eq!(refused.len(), paths.len(), "{text}");
    for (verdict, path) in refused {
        assert_eq!(*verdict, "not-valid", "{path}");
    }
}
