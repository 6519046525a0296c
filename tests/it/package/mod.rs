//! The court package proves itself: written from a real vault with real media, checked by our
//! program, by programs nobody here wrote, and by the page in a browser; every change is found.

mod kit;
mod mutants;
mod pages;
mod tricks;

use kit::{Court, root, run};
pub(crate) use kit::{files, vault_verify};
use std::path::Path;
use vault_core::access::package::{PackageSigner, Target, write};
use vault_core::fault::Code;

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_valid_to_our_program_and_to_programs_nobody_here_wrote() {
    let court = Court::new().await;
    let (package, written) = court.package("副本-001").await;
    assert_eq!(written.unreadable, []);
    assert_eq!(written.files, files(&package).len() as u64);
    let (path, key) =
        (package.to_str().expect("text"), court.signer().key().verifier().to_string());
    let (code, text) = vault_verify(&[path]);
    assert!(code == Some(0) && text.contains("自证") && text.contains("Self-asserted"), "{text}");
    let (code, text) = vault_verify(&[path, "--origin", &key, "--json"]);
    assert!(code == Some(0) && text.contains(r#""verdict":"valid""#), "{text}");
    let policy = court.scratch.path().join("policy");
    std::fs::write(&policy, format!("log {key}\nquorum none\n")).expect("policy");
    let (code, text) = vault_verify(&[path, "--policy", policy.to_str().expect("text")]);
    assert!(code == Some(0) && text.contains("有效"), "{text}");
    let stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(vault_verify(&[path, "--origin", stranger]).0, Some(4));
    assert_eq!(vault_verify(&[path, "--origin", "nonsense"]).0, Some(2));
    assert_eq!(vault_verify(&["/nowhere/at/all"]).0, Some(2));
    others_agree(&package, true);
    let original = files(&package).into_keys().find(|name| name.ends_with("original.mp4"));
    let original = package.join(original.expect("the video"));
    let mut bytes = std::fs::read(&original).expect("original");
    bytes[1_000] ^= 1;
    crate::story::overwrite(&original, &bytes);
    others_agree(&package, false);
    let (code, text) = vault_verify(&[path, "--origin", &key]);
    assert!(code == Some(4) && text.contains("original-differs"), "{text}");
}

/// What bagit.py, sha256sum, sha512sum and b3sum say; the control is a package with a changed byte.
fn others_agree(package: &Path, whole: bool) {
    let python = root().join(".cache/venv/bin/python");
    let b3sum = root().join(".cache/cargo/bin/b3sum");
    assert!(python.is_file() && b3sum.is_file(), "run tools/test, which fetches them");
    let bagit = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
    let checks: [(&Path, &[&str]); 6] = [
        (&python, &["-c", bagit, "."]),
        (Path::new("sha256sum"), &["--check", "--strict", "--quiet", "manifest-sha256.txt"]),
        (Path::new("sha512sum"), &["--check", "--strict", "--quiet", "manifest-sha512.txt"]),
        (&b3sum, &["--check", "--quiet", "manifest-blake3.txt"]),
        (Path::new("sha256sum"), &["--check", "--strict", "--quiet", "tagmanifest-sha256.txt"]),
        (Path::new("sha512sum"), &["--check", "--strict", "--quiet", "tagmanifest-sha512.txt"]),
    ];
    for (at, (program, arguments)) in checks.into_iter().enumerate() {
        let (content, text) = run(program, arguments, package);
        // The tag manifests list no original, and are content either way.
        assert_eq!(content, whole || at > 3, "{}: {text}", program.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_is_the_same_package_and_other_programs_unpack_it() {
    let court = Court::new().await;
    let key = court.signer().key().verifier().to_string();
    let zip = court.scratch.path().join("副本.zip");
    let contents = court.contents("副本-002").await;
    write(contents, &court.signer(), &Target::Zip(zip.clone())).expect("written");
    let zip_path = zip.to_str().expect("text");
    let (code, text) = vault_verify(&[zip_path, "--origin", &key]);
    assert!(code == Some(0) && text.contains("有效"), "{text}");
    let unpacked = court.scratch.path().join("unpacked");
    std::fs::create_dir(&unpacked).expect("directory");
    let (content, text) = run(Path::new("unzip"), &["-q", zip_path], &unpacked);
    assert!(content, "{text}");
    let package = unpacked.join("副本-002");
    others_agree(&package, true);
    // Packed again by another program, deflated: the same package.
    let again = court.scratch.path().join("again.zip");
    let again_path = again.to_str().expect("text");
    assert!(run(Path::new("zip"), &["-q", "-r", again_path, "副本-002"], &unpacked).0);
    assert_eq!(vault_verify(&[again_path, "--origin", &key]).0, Some(0));
    assert!(run(Path::new("zip"), &["-q", "-r", "bare.zip", "."], &package).0);
    let bare = package.join("bare.zip");
    assert_eq!(vault_verify(&[bare.to_str().expect("text"), "--origin", &key]).0, Some(0));
    // Any byte of the archive changed: found, or no change of what is in it.
    let good = std::fs::read(&zip).expect("zip");
    let damaged = court.scratch.path().join("damaged.zip");
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x20;
        std::fs::write(&damaged, bytes).expect("damaged");
        let (code, text) = vault_verify(&[damaged.to_str().expect("text"), "--origin", &key]);
        assert_eq!(code, Some(4), "byte {at}: {text}");
    }
    for cut in [0, 10, good.len() / 2, good.len() - 1] {
        std::fs::write(&damaged, &good[..cut]).expect("cut");
        let (code, _) = vault_verify(&[damaged.to_str().expect("text"), "--origin", &key]);
        assert!(matches!(code, Some(2 | 4)), "cut at {cut}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_leaves_nothing_and_a_taken_place_is_left_alone() {
    let court = Court::new().await;
    let before = || std::fs::read_dir(court.scratch.path()).expect("scratch").count();
    let count = before();
    for zip in [false, true] {
        let path = court.scratch.path().join("out");
        let target = if zip { Target::Zip(path) } else { Target::Directory(path) };
        let mut contents = court.contents("副本").await;
        contents.leaves.pop_first();
        let failed = write(contents, &court.signer(), &target);
        assert!(failed.is_err());
        assert_eq!(before(), count, "something was left");
        let mut contents = court.contents("副本").await;
        contents.answers.copy_mark = "two\nlines".into();
        let failed = write(contents, &court.signer(), &target).map_err(|fault| fault.code());
        assert_eq!(failed, Err(Code::LabelInvalid));
    }
    let (package, _) = court.package("there").await;
    let held = files(&package);
    for target in [Target::Directory(package.clone()), Target::Zip(package.clone())] {
        let failed = write(court.contents("副本").await, &court.signer(), &target);
        assert_eq!(failed.map_err(|fault| fault.code()), Err(Code::TargetTaken));
    }
    assert!(files(&package) == held);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_whole_is_left_out_and_named() {
    let court = Court::new().await;
    for zip in [false, true] {
        let mut contents = court.contents("副本").await;
        let broken = contents.recordings[1].recording;
        contents.recordings[1].open = Box::new(|| Ok(Box::new(&b"something else"[..])));
        let name = if zip { "part.zip" } else { "part" };
        let path = court.scratch.path().join(name);
        let target = if zip { Target::Zip(path.clone()) } else { Target::Directory(path.clone()) };
        let written = write(contents, &court.signer(), &target).expect("written");
        assert_eq!(written.unreadable.iter().map(|u| u.recording).collect::<Vec<_>>(), [broken]);
        let key = court.signer().verifier().expect("key").to_string();
        let path = path.to_str().expect("text");
        let (code, text) = vault_verify(&[path, "--origin", &key, "--json"]);
        assert_eq!(code, Some(0), "{text}");
        let missing = text.split(r#""missing":["#).nth(1).expect("missing");
        assert!(missing.contains(&broken.to_string()), "{text}");
    }
}

/// Past 4 GiB the zip file needs its zip64 records; other programs read them too.
#[tokio::test(flavor = "multi_thread")]
async fn long_a_package_of_more_than_4_gib_in_one_file_holds() {
    let mut court = Court::new().await;
    let large = court.scratch.path().join("large.mp4");
    std::fs::File::create(&large).and_then(|file| file.set_len((4 << 30) + 77)).expect("sparse");
    court.take_in(&large).await;
    let zip = court.scratch.path().join("large.zip");
    let contents = court.contents("副本-009").await;
    let written = write(contents, &court.signer(), &Target::Zip(zip.clone())).expect("written");
    assert_eq!(written.unreadable, []);
    let (zip, key) = (zip.to_str().expect("text"), court.signer().verifier().expect("key"));
    let (code, text) = vault_verify(&[zip, "--origin", &key.to_string()]);
    assert!(code == Some(0) && text.contains("有效"), "{text}");
    let (content, text) = run(Path::new("unzip"), &["-tqq", zip], court.scratch.path());
    assert!(content, "{text}");
}
