//! Volumes (R16): an image that anybody can read and check, damage within the parity made whole bit
//! for bit and beyond it named file by file, and what counts only in two places.

use crate::office::Office;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that tools/test fetched.
pub(super) fn fetched(name: &str) -> std::path::PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let program = workspace.join(".cache").join(name);
    assert!(program.is_file(), "run tools/test, which fetches {name}");
    program
}

pub(super) const LABEL: &str = "JL-2026-0001";

/// An office with some recordings, all but the last on the list for long-term preservation.
pub(super) fn office_with(count: usize, bytes: usize) -> (Office, Vec<String>) {
    let office = Office::new();
    let source = office.path("源");
    std::fs::create_dir(&source).expect("directory");
    for number in 0..count {
        let content = crate::story::bytes(number as u64 + 5, bytes + number, false);
        std::fs::write(source.join(format!("执法记录-{number}.mp4")), content).expect("source");
    }
    assert_eq!(office.ctl.ingest(&source).expect("runs").code, 0);
    let listed = office.done("", &["list"]);
    let ids: Vec<String> = listed["recordings"]
        .as_array()
        .expect("recordings")
        .iter()
        .map(|row| row["recording"].as_str().expect("an id").to_owned())
        .collect();
    for id in &ids[..count - 1] {
        let ground =
            ["retention", "trigger", id, "--ground", "coercive-measure", "--reason", "强制"];
        office.done("zhao", &ground);
    }
    (office, ids)
}

pub(super) fn build(office: &Office, image: &str) -> serde_json::Value {
    office.done("zhao", &["disc", "build", image, "--medium", "bd25", "--label", LABEL])
}

/// Takes everything out of an image with a program nobody here wrote.
pub(super) fn extracted(image: &str, into: &Path) {
    let done = Command::new("xorriso")
        .args(["-osirrox", "on", "-indev", image, "-extract", "/"])
        .arg(into)
        .output()
        .expect("xorriso");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let all = Command::new("chmod").arg("-R").arg("u+w").arg(into).status();
    assert!(all.expect("chmod").success());
}

pub(super) fn succeeds(program: impl AsRef<std::ffi::OsStr>, words: &[&str], at: &Path) -> bool {
    let done = Command::new(program).args(words).current_dir(at).output();
    done.expect("a program").status.success()
}

#[test]
fn an_image_is_read_and_checked_by_programs_nobody_here_wrote() {
    let (office, ids) = office_with(4, 200_000);
    let image = office.text("卷.iso");
    office.refused(
        "zhang",
        &["disc", "build", &image, "--medium", "bd25", "--label", LABEL],
        5,
        "act-denied",
    );
    let plan = office.done("", &["disc", "plan", "--medium", "bd25"]);
    assert_eq!(plan["volumes"][0]["recordings"].as_array().map(Vec::len), Some(3));
    let waits = |account: &str| office.waiting(account, "volume-new");
    assert_eq!((waits("zhao"), waits("li")), (3, 0), "it waits for who builds volumes");
    let built = build(&office, &image);
    assert_eq!((built["recordings"].as_u64(), built["counts"].as_bool()), (Some(3), Some(false)));
    assert_eq!(
        office.done("", &["disc", "plan", "--medium", "bd25"])["volumes"][0],
        serde_json::Value::Null
    );
    assert_eq!(waits("zhao"), 0, "it lies on one");
    let out = office.path("out");
    extracted(&image, &out);
    assert!(succeeds("sha256sum", &["--quiet", "-c", "manifest-sha256.txt"], &out));
    assert!(succeeds("sha256sum", &["--quiet", "-c", "tagmanifest-sha256.txt"], &out));
    assert!(succeeds(fetched("cargo/bin/b3sum"), &["--check", "--quiet", "b3sums.txt"], &out));
    let bagit = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
    let valid = Command::new(fetched("venv/bin/python")).args(["-c", bagit]).arg(&out).status();
    assert!(valid.expect("python").success(), "bagit.py validates it");
    let sums = std::fs::read_to_string(out.join("b3sums.txt")).expect("sums");
    assert!(ids[..3].iter().all(|id| sums.contains(id)) && !sums.contains(&ids[3]));
    assert!(sums.contains("-执法记录-"), "{sums}");
    // A changed byte is found by them, too.
    let changed = sums.lines().next().and_then(|line| line.split_once("  ")).expect("a line").1;
    std::fs::write(out.join(changed), b"other").expect("changed");
    assert!(!succeeds(fetched("cargo/bin/b3sum"), &["--check", "--quiet", "b3sums.txt"], &out));
    // Two copies in two places, each read to its end before it is on record.
    let copy = office.text("copy.iso");
    // A disc is longer than the image on it.
    let burnt = [std::fs::read(&image).expect("image"), vec![0; 300 << 10]].concat();
    std::fs::write(&copy, burnt).expect("burnt");
    let shelve = |copy: &str, number: &str, place: &str| {
        office.call(
            "zhao",
            &[
                &["disc", "shelve", copy, "--label", LABEL, "--copy", number, "--place", place][..],
                &["--burnt-elsewhere", "光盘复制机"],
            ]
            .concat(),
        )
    };
    assert_eq!(shelve(&image, "1", "档案室 3-2-1").last()["counts"], false);
    assert_eq!(shelve(&copy, "2", "档案室 3-2-2").last()["counts"], false, "the same room");
    let check = |copy: &str| office.call("zhao", &["disc", "check", copy, "--label", LABEL]);
    assert_eq!(check(&copy).code, 0, "as long as the disc is");
    let again = Office::new();
    let source = again.path("源.mp4");
    std::fs::write(&source, vec![3; 9_000]).expect("source");
    assert_eq!(again.ctl.ingest(&source).expect("runs").code, 0);
    let id = again.done("", &["list"])["recordings"][0]["recording"].as_str().map(str::to_owned);
    let id = id.expect("an id");
    again.done("zhao", &["retention", "trigger", &id, "--ground", "dispute", "--reason", "争议"]);
    let other = again.text("other.iso");
    let label = ["--medium", "bd25", "--label", "JL-2026-0002"];
    again.done("zhao", &[&["disc", "build", &other][..], &label].concat());
    assert_eq!(check(&other).fault(), "volume-unreadable", "another volume");
    again.refused("zhao", &["disc", "check", &other, "--label", "none"], 6, "volume-unknown");
    let mut other = std::fs::read(&copy).expect("bytes");
    other[70_000] ^= 1;
    std::fs::write(&copy, &other).expect("damaged");
    let refused = shelve(&copy, "2", "异地库房 1-1");
    assert_eq!((refused.code, refused.fault().as_str()), (4, "volume-unreadable"));
    assert_eq!(shelve(&image, "2", "异地库房 1-1").last()["counts"], true);
    assert_eq!(office.call("", &["disc", "list"]).code, 0);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("runs").code, 0);
}

/// Runs the verifier that lies in a bag; gives its exit code and what it said.
pub(super) fn verified(bag: &Path) -> (Option<i32>, String) {
    let done = Command::new("python3").arg(bag.join("verify.py")).output().expect("python3");
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn a_volume_bears_its_own_verifier_and_the_format_of_its_parity() {
    let (office, _) = office_with(3, 200_000);
    let image = office.text("卷.iso");
    build(&office, &image);
    let out = office.path("out");
    extracted(&image, &out);
    let readme = std::fs::read_to_string(out.join("README.txt")).expect("readme");
    for name in ["verify.py", "parity-format.txt"] {
        assert!(readme.contains(name) && out.join(name).is_file(), "{name}");
    }
    let (code, said) = verified(&out);
    assert_eq!(code, Some(0), "{said}");
    let sums = std::fs::read_to_string(out.join("manifest-sha256.txt")).expect("sums");
    let original = sums.lines().next().and_then(|line| line.split_once("  ")).expect("a line").1;
    let whole = std::fs::read(out.join(original)).expect("bytes");
    let mut other = whole.clone();
    other[70_000] ^= 1;
    std::fs::write(out.join(original), &other).expect("damaged");
    let (code, said) = verified(&out);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("损坏") && said.contains(original), "{said}");
    std::fs::remove_file(out.join(original)).expect("gone");
    let (code, said) = verified(&out);
    let named = said.lines().any(|line| line.contains("缺少") && line.ends_with(original));
    assert!(code == Some(4) && named && said.contains("Payload-Oxum"), "{said}");
    std::fs::write(out.join(original), &whole).expect("back");
    assert_eq!(verified(&out).0, Some(0));
    let stranger = out.join("data/别的.txt");
    std::fs::write(&stranger, b"x").expect("one more");
    let (code, said) = verified(&out);
    assert!(code == Some(4) && said.contains("多出") && said.contains("别的.txt"), "{said}");
    std::fs::remove_file(stranger).expect("gone");
    // A list that was changed is told from one that was not; without lists nothing agrees.
    std::fs::write(out.join("manifest-sha256.txt"), &sums[..0]).expect("emptied");
    assert_eq!(verified(&out).0, Some(4));
    std::fs::remove_file(out.join("tagmanifest-sha256.txt")).expect("gone");
    assert_eq!(verified(&out).0, Some(4));
}

#[test]
fn a_damaged_image_is_made_whole_and_what_is_beyond_it_is_named() {
    let (office, ids) = office_with(6, 4_000_000);
    let image = office.text("卷.iso");
    build(&office, &image);
    let whole = std::fs::read(&image).expect("image");
    let hurt = office.text("hurt.iso");
    let mut damaged = whole.clone();
    let length = whole.len() * 16 / 100;
    damaged[1_000_000..1_000_000 + length].fill(0);
    std::fs::write(&hurt, &damaged).expect("damaged");
    let back = office.text("back.iso");
    let check = ["disc", "check", &hurt, "--label", LABEL, "--recover", &back];
    let found = office.call("zhao", &check);
    assert_eq!(found.code, 4, "damage is told");
    assert_eq!(found.last()["lost"].as_array().map(Vec::len), Some(0), "{}", found.out);
    let recovered = std::fs::read(&back).expect("recovered");
    assert!(whole == recovered, "bit for bit, parity included");
    let out = office.path("out");
    extracted(&back, &out);
    assert!(succeeds(fetched("cargo/bin/b3sum"), &["--check", "--quiet", "b3sums.txt"], &out));
    // A third of it gone: every recording in it is named, and the others are not.
    let mut damaged = whole;
    let length = damaged.len() / 3;
    damaged[2_000_000..2_000_000 + length].fill(0);
    std::fs::write(&hurt, &damaged).expect("damaged");
    let found = office.call("zhao", &check[..5]);
    let lost = found.last()["lost"].as_array().expect("a list").len();
    assert!((1..5).contains(&lost), "{}", found.out);
    // What can be had of it is written, and nobody takes it for the volume.
    office.refused("zhao", &check, 1, "target-taken");
    let part = office.text("part.iso");
    let partial = ["disc", "check", &hurt, "--label", LABEL, "--recover", &part];
    let found = office.call("zhao", &partial).last();
    assert_eq!(found["recovered"]["whole"], false, "{found}");
    let gone = found["lost_recordings"].as_array().expect("recordings");
    assert!(!gone.is_empty() && gone.iter().all(|id| ids.iter().any(|known| id == known)));
    std::fs::remove_file(&part).expect("removed");
    let said = office.ctl.call(&[&["--lang", "zh-CN"][..], &partial].concat()).expect("runs");
    let id = gone[0].as_str().expect("an id");
    assert!(said.out.contains("映像不完整") && said.out.contains(id), "{said:?}");
    // The directory of the disc gone as well: then every recording on it is.
    damaged[..length].fill(0);
    std::fs::write(&hurt, &damaged).expect("damaged");
    let found = office.call("zhao", &check[..5]);
    assert_eq!((found.code, found.last()["lost"].as_array().map(Vec::len)), (4, Some(5)));
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("runs").out;
    assert!(events.contains("volume.checked") && ids.iter().any(|id| events.contains(id)));
}

#[test]
fn a_copy_that_cannot_be_read_counts_no_longer_once_somebody_says_that_it_is_that_copy() {
    let (office, ids) = office_with(2, 200_000);
    let image = office.text("卷.iso");
    build(&office, &image);
    for (copy, place) in [("1", "档案室 1"), ("2", "异地库房 1")] {
        let shelve = ["disc", "shelve", &image, "--label", LABEL, "--copy", copy, "--place", place];
        office.done("zhao", &[&shelve[..], &["--burnt-elsewhere", "光盘复制机"]].concat());
    }
    let check = |medium: &str, more: &[&str]| {
        let call = [&["disc", "check", medium, "--label", LABEL, "--copy", "1"][..], more].concat();
        office.call("zhao", &call)
    };
    let counts = || office.call("", &["disc", "list"]).last()["volumes"][0]["counts"].clone();
    let whole = std::fs::read(&image).expect("image");
    let short = office.text("short.iso");
    std::fs::write(&short, &whole[..40_000]).expect("short");
    let blank = office.text("blank.iso");
    std::fs::write(&blank, vec![0; 400_000]).expect("blank");
    let empty = office.text("empty.iso");
    std::fs::write(&empty, b"").expect("empty");
    for medium in [&short, &blank, &empty] {
        let refused = check(medium, &[]);
        assert_eq!((refused.code, refused.fault().as_str()), (4, "medium-unreadable"));
        assert!(refused.err.contains("--unreadable"), "{}", refused.err);
    }
    // What is not there, or says itself that it is another volume, nobody's word makes this one.
    let other = office.text("other.iso");
    let mut bytes = whole[..40_000].to_vec();
    bytes[16 * 2_048 + 40..16 * 2_048 + 47].copy_from_slice(b"ANOTHER");
    std::fs::write(&other, bytes).expect("another");
    let said = &["--unreadable"][..];
    assert_eq!(check(&office.text("nowhere"), said).fault(), "given-path-failed");
    assert_eq!(check(&office.text("vault"), said).fault(), "given-path-failed");
    assert_eq!(check(&other, said).fault(), "volume-unreadable");
    let events = || office.ctl.call(&["ledger", "events", "--json"]).expect("runs").out;
    assert!(!events().contains("volume.checked"), "nothing of it is on record");
    assert_eq!(counts(), true);
    // What can be read is read, whatever is said of it.
    assert_eq!(check(&image, said).code, 0);
    assert_eq!(counts(), true);
    let found = check(&blank, said);
    assert_eq!((found.code, &found.last()["lost_recordings"][0]), (4, &ids[0].clone().into()));
    assert_eq!(found.last()["damaged_bytes"].as_u64(), Some(whole.len() as u64));
    assert_eq!(counts(), false, "one good copy is left");
    assert_eq!(check(&image, &[]).code, 0);
    assert_eq!(counts(), true, "read again and found whole");
}

#[test]
fn what_the_store_lost_comes_back_from_a_disc() {
    let (office, ids) = office_with(5, 2_000_000);
    // Sound shrinks; it comes back through the same frames.
    let sound = office.path("讯问.wav");
    let quiet = crate::story::bytes(99, 2_500_000, false).into_iter().map(|byte| byte & 15);
    std::fs::write(&sound, quiet.collect::<Vec<u8>>()).expect("source");
    assert_eq!(office.ctl.ingest(&sound).expect("runs").code, 0);
    let listed = office.done("", &["list"]);
    let rows = listed["recordings"].as_array().expect("recordings").iter();
    let mut all = rows.map(|row| row["recording"].as_str().expect("an id").to_owned());
    let sound = all.find(|id| !ids.contains(id)).expect("the sound");
    office.done("zhao", &["retention", "trigger", &sound, "--ground", "dispute", "--reason", "争"]);
    let image = office.text("卷.iso");
    build(&office, &image);
    let call = |person: &str, image: &str, more: &[&str]| {
        let call = [&["disc", "restore", image, "--label", LABEL], more].concat();
        office.call(person, &call)
    };
    assert_eq!(call("zhang", &image, &[]).fault(), "act-denied");
    assert_eq!(call("zhao", &image, &[&ids[4]]).fault(), "recording-unknown", "not on it");
    let untouched = call("zhao", &image, &[]);
    assert_eq!((untouched.code, untouched.last()["whole"].as_u64()), (0, Some(5)));
    // One byte of everything in the store, and one file altogether.
    let data = super::data_files(&office.path("vault/store"));
    for path in &data[1..] {
        super::flip(path, 1_000);
    }
    std::fs::remove_file(&data[0]).expect("removed");
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("runs").code, 4);
    let one = call("zhao", &image, &[&sound]);
    assert_eq!((one.code, one.last()["repaired"].as_array().map(Vec::len)), (0, Some(1)));
    // A disc on which a file was changed: that one is refused and named, the others come back.
    let changed = office.text("changed.iso");
    let mut bytes = std::fs::read(&image).expect("image");
    let wanted = std::fs::read(office.path("源/执法记录-0.mp4")).expect("source");
    let start = bytes.windows(4_096).position(|window| window == &wanted[..4_096]);
    bytes[start.expect("it lies there as it is") + 70_000] ^= 1;
    std::fs::write(&changed, bytes).expect("changed");
    let most = call("zhao", &changed, &[]);
    assert_eq!(most.code, 4, "{}", most.out);
    assert_eq!(most.last()["failed"][0]["code"], "volume-unreadable");
    assert_eq!(most.last()["repaired"].as_array().map(Vec::len), Some(3));
    let last = call("zhao", &image, &[]);
    assert_eq!((last.code, last.last()["repaired"].as_array().map(Vec::len)), (0, Some(1)));
    assert_eq!(last.last()["repaired"][0]["source"], format!("disc:{LABEL}"));
    // What was on no volume is still damaged, and everything else agrees with its id again.
    let found = office.ctl.call(&["verify", "--all", "--json"]).expect("runs");
    assert_eq!(found.code, 4);
    assert!(found.out.contains(&ids[4]) && !found.out.contains(&ids[0]), "{}", found.out);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("runs").code, 0);
}

#[test]
fn long_a_sync_that_fails_leaves_no_image_and_the_plan_stands() {
    let program = crate::kill::program();
    let (office, _) = office_with(3, 300_000);
    let images = office.path("映像");
    std::fs::create_dir(&images).expect("directory");
    let image = images.join("卷.iso");
    let planned = || office.call("", &["disc", "plan", "--medium", "bd25"]).last();
    let before = planned();
    let build = |failing: &str| {
        let mut call = Command::new(&program);
        call.arg("--vault").arg(office.ctl.vault()).args(["disc", "build"]).arg(&image);
        call.args(["--medium", "bd25", "--label", LABEL, "--json", "--as", "zhao"]);
        call.arg("--password-file").arg(office.path("zhao.own")).env("FAILPOINTS", failing);
        let done = call.output().expect("runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    // The disk fails while the image is on its way to it.
    let (code, said) = build("image-sync=return");
    assert!(code == Some(1) && said.contains("medium-failed"), "{said}");
    let left = std::fs::read_dir(&images).expect("directory").flatten();
    assert_eq!(left.map(|entry| entry.path()).collect::<Vec<_>>(), Vec::<PathBuf>::new());
    assert_eq!(office.done("", &["disc", "list"])["volumes"].as_array().map(Vec::len), Some(0));
    assert_eq!(planned(), before, "what was planned can be built again");
    let (code, said) = build("");
    assert!(code == Some(0) && image.is_file(), "{said}");
}
