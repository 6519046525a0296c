//! Media (R16): what is burnt is read back, what is encrypted is opened by those it is for, what is
//! replaced is released by two persons, and what has to be read again is told.

use super::discs::{LABEL, build, extracted, fetched, office_with, succeeds, verified};
use super::{BEGIN, DAY_MS, ended, newest, recordings, vault_with_a_clock};
use crate::access::person;
use crate::office::Office;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use vault_core::fault::Code;
use vault_core::policy::{Actor, Role};
use vault_core::vault::Vault;
use vault_core::{oversight, reminders, retention, volume};
use vault_tests::service::Service;

fn burn(office: &Office, image: &str, to: &str, copy: &str) -> vault_tests::command::Answer {
    let call = ["disc", "burn", image, "--to", to, "--label", LABEL, "--copy", copy];
    office.call("qian", &call)
}

fn check(office: &Office, medium: &str, copy: &str) -> i32 {
    let call = ["disc", "check", medium, "--label", LABEL, "--copy", copy];
    office.call("zhao", &call).code
}

fn shelve(office: &Office, medium: &str, label: &str, copy: &str, place: &str) -> bool {
    let call = ["disc", "shelve", medium, "--label", label, "--copy", copy, "--place", place];
    let made = ["--burnt-elsewhere", "光盘复制机"];
    office.done("zhao", &[&call[..], &made].concat())["counts"] == true
}

#[test]
fn what_is_burnt_is_read_back_and_a_medium_that_bears_anything_is_refused() {
    let (office, _) = office_with(3, 300_000);
    let image = office.text("卷.iso");
    build(&office, &image);
    let whole = std::fs::read(&image).expect("image");
    let (file, drive) = (office.text("盘一"), format!("stdio:{}", office.text("盘二")));
    office.refused(
        "zhang",
        &["disc", "burn", &image, "--to", &file, "--label", LABEL, "--copy", "1"],
        5,
        "act-denied",
    );
    let burnt = burn(&office, &image, &file, "1");
    assert_eq!((burnt.code, &burnt.last()["result"]), (0, &"agrees".into()), "{}", burnt.err);
    assert_eq!(burnt.last()["target"], "file");
    assert!(std::fs::read(&file).expect("burnt") == whole);
    // Nothing is written over: a file, a drive with a disc in it, what is no medium at all.
    assert_eq!(burn(&office, &image, &file, "2").fault(), "medium-not-empty");
    let burnt = burn(&office, &image, &drive, "2");
    assert_eq!((burnt.code, &burnt.last()["target"]), (0, &"drive".into()), "{}", burnt.err);
    assert!(std::fs::read(office.path("盘二")).expect("burnt") == whole, "nothing behind it");
    assert_eq!(burn(&office, &image, &drive, "3").fault(), "medium-not-empty");
    assert_eq!(burn(&office, &image, "/dev/null", "3").fault(), "medium-not-empty");
    let nowhere = office.text("none/盘");
    assert_ne!(burn(&office, &image, &nowhere, "3").code, 0, "a failed burn is on record");
    // An image that is no longer what was built is not burnt.
    let mut other = whole.clone();
    other[90_000] ^= 1;
    std::fs::write(office.path("other.iso"), other).expect("changed");
    let third = office.text("盘三");
    let refused = burn(&office, &office.text("other.iso"), &third, "3");
    assert_eq!((refused.code, refused.fault().as_str()), (4, "volume-unreadable"));
    assert!(!Path::new(&third).exists());
    assert_eq!((check(&office, &file, "1"), check(&office, &office.text("盘二"), "2")), (0, 0));
    let nobodys = ["disc", "check", &file, "--label", LABEL, "--copy", "7"];
    office.refused("zhao", &nobodys, 1, "volume-step-refused");
    let other = office.text("另.iso");
    let again = ["disc", "build", &other, "--medium", "bd25", "--label", LABEL];
    office.refused("zhao", &again, 1, "volume-label-taken");
    let listed = office.call("", &["disc", "list"]).last();
    let results: Vec<_> = listed["volumes"][0]["burns"]
        .as_array()
        .expect("burns")
        .iter()
        .map(|burn| burn["result"].as_str().expect("a result").to_owned())
        .collect();
    assert_eq!(results, ["agrees", "agrees", "failed"]);
    assert_eq!(listed["volumes"][0]["copies"].as_array().map(Vec::len), Some(0), "none counts");
    // What was burnt is shelved; the image itself, read once more, is no other copy, unless somebody
    // says how it was made.
    let call = |medium: &str, copy: &str, place: &str| {
        ["disc", "shelve", medium, "--label", LABEL, "--copy", copy, "--place", place]
            .map(str::to_owned)
    };
    let said = |call: &[String], more: &[&str]| {
        let words = call.iter().map(String::as_str).chain(more.iter().copied());
        office.call("zhao", &words.collect::<Vec<_>>())
    };
    let done = said(&call(&file, "1", "档案室 3-2-1"), &[]);
    assert_eq!((done.code, &done.last()["counts"]), (0, &false.into()), "{}", done.err);
    let twice = said(&call(&file, "3", "异地库房"), &[]);
    assert_eq!(twice.fault(), "copy-not-burnt", "its burn failed");
    let twice = said(&call(&image, "4", "异地库房"), &[]);
    assert_eq!((twice.code, twice.fault().as_str()), (1, "copy-not-burnt"), "never burnt");
    let done = said(&call(&office.text("盘二"), "2", "异地库房"), &[]);
    assert_eq!((done.code, &done.last()["counts"]), (0, &true.into()), "{}", done.err);
    let done = said(&call(&image, "4", "异地库房"), &["--burnt-elsewhere", "光盘复制机"]);
    assert_eq!(done.last()["copies"][2]["burnt_elsewhere"], "光盘复制机", "{}", done.err);
    let moved = said(&call(&office.text("盘二"), "2", "城东库房"), &[]);
    assert_eq!(moved.code, 0, "a copy on a shelf is moved: {}", moved.err);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("runs").code, 0);
}

#[test]
fn a_medium_that_gives_back_something_else_never_counts() {
    let (office, _) = office_with(3, 4_000_000);
    let image = office.text("卷.iso");
    build(&office, &image);
    let worn = office.path("坏盘");
    let over = AtomicBool::new(false);
    // A byte of the medium does not keep what is written to it.
    std::thread::scope(|scope| {
        let (worn, over) = (&worn, &over);
        scope.spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let file = std::fs::File::options().write(true).open(worn);
                if let Ok(file) = file.as_ref()
                    && file.metadata().is_ok_and(|found| found.len() > 200_000)
                {
                    let _ = std::os::unix::fs::FileExt::write_at(file, &[0xA5, 0x5A], 150_001);
                }
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        let burnt = burn(&office, &image, &worn.display().to_string(), "1");
        over.store(true, Ordering::Relaxed);
        assert_eq!((burnt.code, burnt.fault().as_str()), (4, "medium-differs"), "{}", burnt.err);
    });
    let burns = office.call("", &["disc", "list"]).last()["volumes"][0]["burns"].clone();
    assert_eq!(burns[0]["result"], "differs");
    assert!((1..=2).contains(&burns[0]["differing_bytes"].as_u64().expect("a count")), "{burns}");
    let worn = worn.display().to_string();
    let call =
        ["disc", "shelve", &worn, "--label", LABEL, "--copy", "1", "--place", "档案室 3-2-1"];
    office.refused("zhao", &call, 1, "copy-not-burnt");
    let call = [&call[..], &["--burnt-elsewhere", "光盘复制机"]].concat();
    office.refused("zhao", &call, 4, "volume-unreadable");
    assert_eq!(check(&office, &worn, "1"), 4, "and reading it again finds it, too");
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("runs").out;
    assert!(events.contains("volume.burnt") && events.contains("differs"));
}

#[test]
fn volumes_are_as_long_as_their_media_and_what_fits_on_none_is_named() {
    let (office, ids) = office_with(5, 6_000_000);
    let plan = |capacity: &str| {
        office.call("", &["disc", "plan", "--medium", "drive", "--capacity", capacity])
    };
    let one = plan("60000000");
    assert_eq!((one.code, one.last()["volumes"].as_array().map(Vec::len)), (0, Some(1)));
    let two = plan("20000000");
    assert_eq!((two.code, two.last()["volumes"].as_array().map(Vec::len)), (0, Some(2)));
    // One that fits on none is named, and keeps no other from its volume.
    let long = office.path("长.mp4");
    std::fs::write(&long, crate::story::bytes(77, 18_000_000, false)).expect("source");
    assert_eq!(office.ctl.ingest(&long).expect("runs").code, 0);
    let long = blake3::hash(&std::fs::read(&long).expect("source")).to_hex().to_string();
    office.done("zhao", &["retention", "trigger", &long, "--ground", "dispute", "--reason", "争"]);
    let left = plan("20000000");
    assert_eq!((left.code, left.last()["volumes"].as_array().map(Vec::len)), (7, Some(2)));
    assert_eq!(left.last()["too_large"][0]["recording"], long);
    let image = office.text("卷.iso");
    let call = ["disc", "build", &image, "--medium", "drive", "--capacity", "20000000"];
    let built = office.done("zhao", &[&call[..], &["--label", LABEL]].concat());
    let length = std::fs::metadata(&image).expect("image").len();
    assert!(length <= 20_000_000 && built["bytes"] == length, "{length}");
    assert_eq!(plan("20000000").last()["volumes"].as_array().map(Vec::len), Some(1));
    let next = office.text("乙.iso");
    let call = ["disc", "build", &next, "--medium", "drive", "--capacity", "20000000"];
    office.done("zhao", &[&call[..], &["--label", "JL-2026-0002"]].concat());
    let last = office.text("丙.iso");
    let call = ["disc", "build", &last, "--medium", "drive", "--capacity", "20000000"];
    let call = [&call[..], &["--label", "JL-2026-0003"]].concat();
    office.refused("zhao", &call, 2, "volume-too-small");
    for wrong in [["bd25", "20000000"], ["drive", "1000"], ["floppy", "20000000"]] {
        let call = ["disc", "plan", "--medium", wrong[0], "--capacity", wrong[1]];
        assert_eq!(office.call("", &call).code, 2, "{wrong:?}");
    }
    assert_eq!(ids.len(), 5);
}

/// Makes an identity; gives its file and its recipient.
fn identity(office: &Office, name: &str) -> (String, String) {
    let path = office.text(name);
    let made = Command::new("age-keygen").args(["-o", &path]).output().expect("age-keygen");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let recipient = Command::new("age-keygen").args(["-y", &path]).output().expect("age-keygen");
    (path, String::from_utf8(recipient.stdout).expect("text").trim().to_owned())
}

/// Decrypts a file with a program nobody here wrote.
fn opened(identity: &str, file: &Path) -> Vec<u8> {
    let opened = Command::new("age").args(["-d", "-i", identity]).arg(file).output().expect("age");
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    opened.stdout
}

/// What the label of a volume's first copy says.
fn label_text(office: &Office, label: &str) -> String {
    let path = office.text(&format!("{label}.pdf"));
    office.done("", &["form", "volume-label", "--label", label, "--copy", "1", "-o", &path]);
    let read = Command::new("pdftotext").args([&path, "-"]).output().expect("poppler-utils");
    String::from_utf8_lossy(&read.stdout).split_whitespace().collect()
}

#[test]
fn the_label_of_an_encrypted_volume_tells_no_more_than_the_volume() {
    let (office, _) = office_with(3, 100_000);
    let plan = office.done("", &["disc", "plan", "--medium", "bd25"]);
    let case = plan["volumes"][0]["cases"][0].as_str().expect("a case").to_owned();
    build(&office, &office.text("清.iso"));
    assert!(label_text(&office, LABEL).contains(&case));
    let (_, recipient) = identity(&office, "own.txt");
    let text = format!("[volumes.recipients]\nordinary = [{recipient:?}]\n");
    std::fs::write(office.path("vault/settings.toml"), text).expect("settings");
    let sealed = "JL-2026-0002";
    let image = office.text("密.iso");
    let from = ["disc", "migrate", &image, "--from", LABEL, "--medium", "bd25", "--label", sealed];
    office.done("zhao", &from);
    let said = label_text(&office, sealed);
    assert!(said.contains(&recipient) && said.contains("1案（已加密"), "{said}");
    assert!(!said.contains(&case), "{said}");
}

#[test]
fn an_encrypted_volume_is_opened_by_its_recipients_with_age_alone() {
    let (office, ids) = office_with(3, 2_000_000);
    let secret = office.path("举报.mp4");
    let content = crate::story::bytes(123, 3_000_000, false);
    std::fs::write(&secret, &content).expect("source");
    let labels = ["--case", "吉民罚〔2026〕9号", "--counterpart", "举报人某", "--handler", "张三"];
    let call =
        ["ingest", &secret.display().to_string(), "--activity", "complaint"].map(str::to_owned);
    let call: Vec<&str> = call.iter().map(String::as_str).collect();
    office.done("zhang", &[&call[..], &labels, &["--secrecy", "privacy"]].concat());
    let id = blake3::hash(&content).to_hex().to_string();
    office.done("zhao", &["retention", "trigger", &id, "--ground", "dispute", "--reason", "争议"]);
    let (own, recipient) = identity(&office, "own.txt");
    let (escrow, other) = identity(&office, "escrow.txt");
    let (stranger, _) = identity(&office, "stranger.txt");
    let settings = office.path("vault/settings.toml");
    let write = |recipients: &str| {
        let text = format!("[volumes.recipients]\nprivacy = [{recipients}]\n");
        std::fs::write(&settings, text).expect("settings");
    };
    write(&format!("\"{recipient}\""));
    let doctor = |office: &Office| office.ctl.call(&["doctor", "--json"]).expect("runs").out;
    assert!(doctor(&office).contains("escrow-missing"));
    write(&format!("\"{recipient}\", \"{other}\""));
    assert!(!doctor(&office).contains("escrow-missing"));
    // What is encrypted and what is not are on different volumes.
    let plan = office.done("", &["disc", "plan", "--medium", "bd25"]);
    assert_eq!(plan["volumes"].as_array().map(Vec::len), Some(2));
    assert_eq!(plan["volumes"][0]["recipients"].as_array().map(Vec::len), Some(0));
    let clear = office.text("清.iso");
    build(&office, &clear);
    let image = office.text("密.iso");
    let call = ["disc", "build", &image, "--medium", "bd25", "--label", "JL-2026-0002"];
    let built = office.done("zhao", &call);
    assert_eq!(built["recipients"].as_array().map(Vec::len), Some(2));
    let bytes = std::fs::read(&image).expect("image");
    let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    assert!(!holds(&content[..4_096]) && !holds("举报人某".as_bytes()), "nothing in clear");
    let out = office.path("out");
    extracted(&image, &out);
    assert!(succeeds("sha256sum", &["--quiet", "-c", "manifest-sha256.txt"], &out));
    assert!(succeeds("sha256sum", &["--quiet", "-c", "tagmanifest-sha256.txt"], &out));
    let bagit = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
    let valid = Command::new(fetched("venv/bin/python")).args(["-c", bagit]).arg(&out).status();
    assert!(valid.expect("python").success(), "bagit.py validates it");
    assert_eq!(verified(&out).0, Some(0), "no identity is needed to check what lies there");
    let readme = std::fs::read_to_string(out.join("README.txt")).expect("readme");
    assert!(readme.contains(&recipient) && readme.contains(&other) && readme.contains("age -d"));
    // Each of the two alone, as README.txt says; and what was decrypted has its id.
    for identity in [&own, &escrow] {
        assert!(opened(identity, &out.join("data/00001.mp4.age")) == content);
    }
    let listed = opened(&own, &out.join("catalogue.json.age"));
    assert!(String::from_utf8(listed).expect("text").contains("举报人某"));
    let plain = office.path("plain");
    std::fs::create_dir_all(plain.join("data")).expect("directory");
    std::fs::write(plain.join("data/00001.mp4"), &content).expect("decrypted");
    let sums = out.join("b3sums.txt").display().to_string();
    assert!(succeeds(fetched("cargo/bin/b3sum"), &["--check", "--quiet", &sums], &plain));
    // The vault checks it without an identity, and restores from it with one alone.
    let check = ["disc", "check", &image, "--label", "JL-2026-0002"];
    assert_eq!(office.call("zhao", &check).code, 0);
    for path in super::data_files(&office.path("vault/store")) {
        super::flip(&path, 1_000);
    }
    let restore = ["disc", "restore", &image, "--label", "JL-2026-0002"];
    office.refused("zhao", &restore, 5, "identity-needed");
    let with =
        |identity: &str| office.call("zhao", &[&restore[..], &["--identity", identity]].concat());
    let wrong = with(&stranger);
    assert_eq!((wrong.code, wrong.fault().as_str()), (5, "identity-wrong"));
    let none = with(&office.text("vault/settings.toml"));
    assert_eq!((none.code, none.fault().as_str()), (5, "identity-wrong"));
    assert_eq!(with(&office.text("nowhere.txt")).fault(), "given-path-failed");
    // Damage is not the fault of the identity, and what is said of it fits on a line.
    let noise = office.text("noise.iso");
    let mut hurt = bytes.clone();
    let head = bytes.windows(21).position(|at| at == b"age-encryption.org/v1").expect("one");
    hurt[head..head + 3_000].fill(0x1b);
    for at in (head + 65_536..bytes.len() / 2).step_by(65_536) {
        hurt[at] ^= 1;
    }
    std::fs::write(&noise, hurt).expect("damaged");
    let restore_noise =
        ["disc", "restore", &noise, "--label", "JL-2026-0002", "--identity", &escrow];
    let damaged = office.call("zhao", &restore_noise);
    assert_eq!(damaged.code, 4, "{}", damaged.out);
    assert_eq!(damaged.last()["failed"][0]["code"], "sealed-damaged");
    let right = with(&escrow);
    assert_eq!((right.code, right.last()["repaired"].as_array().map(Vec::len)), (0, Some(1)));
    let verified = office.ctl.call(&["verify", "--all", "--json"]).expect("runs").out;
    assert!(!verified.contains(&id) && verified.contains(&ids[0]), "{verified}");
    // Damage beyond the parity, forty chunks of so short an image, names the recording, encrypted
    // as it is.
    let mut hurt = bytes;
    hurt[200_000..200_000 + 42 * 65_536].fill(0);
    std::fs::write(&image, hurt).expect("damaged");
    let found = office.call("zhao", &check);
    assert_eq!((found.code, found.last()["lost"].as_array().map(Vec::len)), (4, Some(1)));
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("runs").out;
    assert!(events.contains("volume.encrypted") && events.contains(&recipient));
    let kept = std::fs::read_dir(office.path("vault")).expect("vault").flatten();
    assert!(kept.filter(|entry| entry.path().is_file()).all(|entry| {
        !std::fs::read(entry.path()).expect("file").windows(15).any(|at| at == b"AGE-SECRET-KEY-")
    }));
}

#[test]
fn a_copy_is_released_by_two_persons_and_never_below_two_in_two_places() {
    let (office, ids) = office_with(4, 200_000);
    let image = office.text("旧.iso");
    build(&office, &image);
    shelve(&office, &image, LABEL, "1", "档案室 3-2-1");
    assert!(shelve(&office, &image, LABEL, "2", "异地库房 1-1"));
    let step = |name: &'static str, label: &str, copy: &str| {
        ["disc", name, "--label", label, "--copy", copy, "--reason", "介质更换"].map(str::to_owned)
    };
    let call = |person: &str, words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        office.call(person, &words)
    };
    let refused = |person: &str, words: &[String], code: i32, fault: &str| {
        let answer = call(person, words);
        assert_eq!((answer.code, answer.fault().as_str()), (code, fault), "{words:?}");
    };
    refused("qian", &step("propose-release", LABEL, "1"), 5, "volume-copy-needed");
    // Its content laid anew on a volume for another medium.
    let new = office.text("新.iso");
    let migrate = ["disc", "migrate", &new, "--from", LABEL, "--medium", "bd50"];
    let migrate = [&migrate[..], &["--label", "JL-2026-0002"]].concat();
    office.refused("zhang", &migrate, 5, "act-denied");
    let built = office.done("zhao", &migrate);
    assert_eq!((&built["source"], &built["recordings"]), (&LABEL.into(), &3.into()));
    shelve(&office, &new, "JL-2026-0002", "1", "城东库房 3-2-2");
    refused("qian", &step("propose-release", LABEL, "2"), 0, "");
    refused("qian", &step("propose-release", LABEL, "2"), 1, "volume-step-refused");
    // Refused by another or taken back, with a reason: it counts as before, and is proposed anew.
    for person in ["li", "qian"] {
        refused("zhang", &step("withdraw-release", LABEL, "2"), 5, "act-denied");
        let withdrawn = call(person, &step("withdraw-release", LABEL, "2"));
        assert_eq!(withdrawn.code, 0, "{}", withdrawn.err);
        let copy = withdrawn.last()["copies"][1].clone();
        assert_eq!(copy["withdrawn"]["person"], person, "{copy}");
        assert_eq!(
            (&copy["release"], &copy["withdrawn"]["reason"]),
            (&().into(), &"介质更换".into())
        );
        refused(person, &step("withdraw-release", LABEL, "2"), 1, "volume-step-refused");
        refused("li", &step("release", LABEL, "2"), 1, "volume-step-refused");
        refused("qian", &step("propose-release", LABEL, "2"), 0, "");
    }
    let waits = |account: &str| office.waiting(account, "release-copy");
    assert_eq!((waits("li"), waits("zhao"), waits("qian")), (1, 1, 0), "not for its proposer");
    refused("qian", &step("release", LABEL, "2"), 5, "act-denied");
    refused("li", &step("release", LABEL, "1"), 1, "volume-step-refused");
    let released = call("li", &step("release", LABEL, "2"));
    assert_eq!((released.code, &released.last()["counts"]), (0, &false.into()), "{}", released.err);
    // Two are left, in two places: one of the old volume, one of the new.
    refused("qian", &step("propose-release", LABEL, "1"), 5, "volume-copy-needed");
    assert_eq!(office.call("", &["disc", "list"]).code, 7, "neither volume counts");
    assert!(shelve(&office, &new, "JL-2026-0002", "2", "异地库房 1-2"));
    let listed = office.call("", &["disc", "list"]);
    assert_eq!(listed.code, 0, "the new one stands for the old one: {}", listed.out);
    assert_eq!(listed.last()["volumes"][0]["superseded_by"], "JL-2026-0002");
    refused("qian", &step("propose-release", LABEL, "1"), 0, "");
    // What becomes unreadable in between does not count when it is judged again.
    let hurt = office.text("坏.iso");
    let mut damaged = std::fs::read(&new).expect("image");
    let length = damaged.len() / 2;
    damaged[100_000..100_000 + length].fill(0);
    std::fs::write(&hurt, damaged).expect("damaged");
    let check = |medium: &str| {
        office.call("zhao", &["disc", "check", medium, "--label", "JL-2026-0002", "--copy", "2"])
    };
    assert_eq!(check(&hurt).code, 4);
    refused("li", &step("release", LABEL, "1"), 5, "volume-copy-needed");
    assert_eq!(check(&new).code, 0);
    refused("li", &step("release", LABEL, "1"), 0, "");
    // Both stay in the catalogue; a number that was released is not given again.
    let listed = office.call("", &["disc", "list"]);
    assert_eq!(listed.code, 0, "the old one waits for nobody: {}", listed.out);
    let listed = listed.last();
    let releases: Vec<_> = listed["volumes"][0]["copies"]
        .as_array()
        .expect("copies")
        .iter()
        .map(|copy| copy["release"]["released_by"].as_str().expect("a person").to_owned())
        .collect();
    assert_eq!(releases, ["li", "li"]);
    assert_eq!(listed["volumes"][0]["successors"][0], "JL-2026-0002");
    let again = ["disc", "shelve", &image, "--label", LABEL, "--copy", "1", "--place", "档案室"];
    office.refused("zhao", &again, 1, "volume-step-refused");
    assert_eq!(ids.len(), 4);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("runs").code, 0);
}

/// What of copies and volumes waits for this person, with how much of it is late.
async fn waits(vault: &Vault, actor: &Actor) -> Vec<(&'static str, u64, u64)> {
    let all = reminders::duties(vault, actor).await.expect("duties");
    let of_copies = |duty: &&reminders::Duty| {
        ["volume-read", "volume-short", "copies-short"].contains(&duty.kind)
    };
    all.iter().filter(of_copies).map(|duty| (duty.kind, duty.count, duty.late)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_due_a_year_after_it_was_read_and_people_are_told() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let ids = recordings(&vault, &scratch.path().join("源"), 1, 70_000).await;
    let id = ids[0].parse().expect("an id");
    let archivist = person(&vault, "zhao", Role::Archivist).await;
    retention::find_trigger(&vault, &archivist, &id, "dispute", "争议").await.expect("kept");
    let target = scratch.path().join("卷.iso");
    let medium = volume::Medium::new("bd25", None).expect("a medium");
    let new = volume::NewImage { medium, label: LABEL.to_owned(), target: target.clone() };
    volume::build(&vault, &archivist, &new).await.expect("built");
    assert_eq!(
        waits(&vault, &archivist).await,
        [("volume-short", 1, 0), ("copies-short", 1, 0)],
        "one copy in the store, and none on a shelf"
    );
    for (copy, place) in [(1, "档案室"), (2, "异地库房")] {
        let burnt_elsewhere = Some("光盘复制机");
        let new = volume::NewShelf { label: LABEL, copy, place, medium: &target, burnt_elsewhere };
        volume::shelve(&vault, &archivist, new).await.expect("shelved");
    }
    let due = async |within| {
        let due = volume::due(&vault, within).await.expect("due");
        due.into_iter().map(|copy| (copy.copy, copy.days_left)).collect::<Vec<_>>()
    };
    assert_eq!(due(0).await, []);
    assert_eq!(waits(&vault, &archivist).await, [("copies-short", 1, 0)]);
    clock.set(BEGIN.plus_ms(340 * DAY_MS));
    assert!(waits(&vault, &archivist).await.contains(&("volume-read", 2, 0)));
    assert_eq!((due(0).await, due(30).await), (vec![], vec![(1, 25), (2, 25)]));
    let told = oversight::deadlines(&vault, &archivist).await.expect("deadlines");
    let told = told.iter().filter(|due| due.kind == oversight::DueKind::ReadCopy);
    assert_eq!(
        told.map(|due| due.subject.as_str()).collect::<Vec<_>>(),
        ["JL-2026-0001/1", "JL-2026-0001/2"]
    );
    clock.set(BEGIN.plus_ms(366 * DAY_MS));
    assert_eq!(due(0).await, [(1, -1), (2, -1)]);
    assert!(waits(&vault, &archivist).await.contains(&("volume-read", 2, 2)));
    let machine = person(&vault, "sys", Role::SystemAdministrator).await;
    let his = waits(&vault, &machine).await;
    assert_eq!(his, [("copies-short", 1, 0)], "the page of volumes is not open to him");
    let reading = volume::Rereading {
        label: LABEL,
        copy: 2,
        medium: &target,
        recover: None,
        said_unreadable: false,
    };
    let found = volume::check(&vault, &archivist, reading).await.expect("read");
    assert_eq!(found.damaged_bytes, 0);
    assert_eq!(due(0).await, [(1, -1)], "what was read again is not");
    // Twice a year, if the office says so; never more seldom than the year.
    let settings = vault.directory().join("settings.toml");
    std::fs::write(&settings, "[volumes]\ncheck_days = 180\n").expect("settings");
    clock.set(BEGIN.plus_ms((366 + 181) * DAY_MS));
    assert_eq!(due(0).await.last(), Some(&(2, -1)));
    std::fs::write(&settings, "[volumes]\ncheck_days = 400\n").expect("settings");
    let refused = volume::due(&vault, 0).await.expect_err("refused");
    assert_eq!(refused.code(), Code::SettingInvalid);
}

#[test]
fn from_a_page_volumes_are_planned_built_burnt_labelled_and_shelved() {
    let (office, _) = office_with(3, 200_000);
    let images = office.path("映像");
    std::fs::create_dir(&images).expect("directory");
    let drives = ["盘一", "盘二"].map(|name| format!("stdio:{}", office.text(name)));
    let settings =
        format!("[volumes]\nimages = {:?}\ndrives = {drives:?}\n", images.display().to_string());
    std::fs::write(office.path("vault/settings.toml"), settings).expect("settings");
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in ["zhao", "zhang", "li"] {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200);
    }
    let plan = service.ask("zhao", "/api/v1/volumes/plan?medium=bd25");
    assert_eq!(plan["volumes"][0]["items"].as_array().map(Vec::len), Some(2));
    let post = |person: &str, path: &str, body: serde_json::Value| {
        service.send(person, "POST", &format!("/api/v1/volumes{path}"), &body)
    };
    let new = serde_json::json!({ "medium": "bd25", "label": LABEL });
    assert_eq!(post("zhang", "", new.clone()).code(), "act-denied");
    let out_of_it = serde_json::json!({ "medium": "bd25", "label": "../../x" });
    assert_eq!(post("zhao", "", out_of_it).code(), "argument-invalid");
    assert_eq!(post("zhao", "", new.clone()).status, 202);
    assert_eq!(ended(&service, "zhao"), ("done".into(), String::new()));
    let taken = post("zhao", "", new);
    assert_eq!((taken.status, taken.code().as_str()), (409, "volume-label-taken"));
    assert_eq!(taken.json()["details"]["volume"], LABEL);
    assert!(images.join(format!("{LABEL}.iso")).is_file());
    let at = |step: &str| format!("/{LABEL}/{step}");
    let burn = |copy: u64, drive: u64| {
        post("zhao", &at("burns"), serde_json::json!({ "copy": copy, "drive": drive }))
    };
    assert_eq!(burn(1, 7).code(), "argument-invalid", "no such drive");
    for copy in [1, 2] {
        assert_eq!(burn(copy, copy - 1).status, 202);
        assert_eq!(ended(&service, "zhao").0, "done");
    }
    assert_eq!(burn(3, 0).status, 202);
    assert_eq!(ended(&service, "zhao"), ("failed".into(), "medium-not-empty".into()));
    let failed = newest(&service, "zhao")["problem"].clone();
    for language in ["zh-CN", "en"] {
        let words = &failed["words"][language];
        assert!(["detail", "why", "next"].iter().all(|part| words[part].is_string()), "{failed}");
    }
    // What can be seen before the work begins is refused then, and not after "done".
    let nowhere = serde_json::json!({ "copy": 1, "drive": 0, "place": " " });
    assert_eq!(post("zhao", &at("copies"), nowhere).code(), "text-invalid");
    let another = serde_json::json!({ "medium": "bd25", "label": "JL-2026-0002" });
    assert_eq!(post("zhao", "", another).code(), "volume-unknown", "nothing waits");
    for (copy, place) in [(1, "档案室 3-2-1"), (2, "异地库房")] {
        let told = serde_json::json!({ "copy": copy, "drive": copy - 1, "place": place });
        assert_eq!(post("zhao", &at("copies"), told).status, 202);
        assert_eq!(ended(&service, "zhao").0, "done");
    }
    let check = serde_json::json!({ "copy": 2, "drive": 1 });
    assert_eq!(post("zhao", &at("checks"), check).status, 202);
    assert_eq!(ended(&service, "zhao").0, "done");
    let nobodys = serde_json::json!({ "copy": 7, "drive": 1 });
    assert_eq!(post("zhao", &at("checks"), nobodys).code(), "volume-step-refused");
    let listed = service.ask("zhang", "/api/v1/volumes");
    let volume = &listed["items"][0];
    assert_eq!((&volume["counts"], &volume["image_here"]), (&true.into(), &true.into()));
    assert!(volume["copies"][1]["checked"].is_string());
    assert_eq!(
        service.ask("zhao", "/api/v1/volumes/due")["items"].as_array().map(Vec::len),
        Some(0)
    );
    // The label, from the program and over the network; its code says which volume it is.
    let label = office.text("标签.pdf");
    let call = ["form", "volume-label", "--label", LABEL, "--copy", "2", "-o", &label];
    office.done("", &call);
    let path = format!("/api/v1/volumes/{LABEL}/copies/2/label.pdf");
    let printed = service.call("zhang", "GET", &path, &[]);
    assert_eq!((printed.status, printed.field("content-type")), (200, "application/pdf"));
    assert!(printed.body == std::fs::read(&label).expect("label"));
    let picture = office.text("标签");
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-r", "200", "-singlefile", &label, &picture])
        .status();
    assert!(drawn.expect("pdftoppm").success());
    let read = Command::new("zbarimg").args(["-q", "--raw", &format!("{picture}.png")]).output();
    let read = String::from_utf8(read.expect("zbarimg").stdout).expect("text");
    let (id, image) = (volume["volume"].as_str(), volume["image"].as_str());
    let wanted =
        format!("{}{}:2:{}", volume::LABEL_QR_MARK, id.expect("id"), image.expect("image"));
    assert_eq!(read.trim(), wanted);
    let nine = format!("/api/v1/volumes/{LABEL}/copies/10/label.pdf");
    assert_eq!(service.call("zhao", "GET", &nine, &[]).code(), "argument-invalid");
    // A copy is proposed for release by one; what is needed stays.
    let reason = serde_json::json!({ "reason": "更换" });
    let refused = post("zhao", &at("copies/1/release-proposal"), reason.clone());
    assert_eq!(refused.code(), "volume-copy-needed");
    assert!(shelve(
        &office,
        &images.join(format!("{LABEL}.iso")).display().to_string(),
        LABEL,
        "3",
        "三号库房"
    ));
    let proposed = post("zhao", &at("copies/1/release-proposal"), reason.clone());
    assert_eq!(proposed.status, 200, "{}", proposed.json());
    assert_eq!(post("zhao", &at("copies/1/release"), reason.clone()).code(), "act-denied");
    let withdrawn = post("zhao", &at("copies/1/release-withdrawal"), reason.clone());
    assert_eq!((withdrawn.status, &withdrawn.json()["copies"][0]["release"]), (200, &().into()));
    assert_eq!(post("li", &at("copies/1/release"), reason.clone()).status, 409, "nothing waits");
    assert_eq!(post("zhao", &at("copies/1/release-proposal"), reason.clone()).status, 200);
    assert_eq!(post("li", &at("copies/1/release"), reason.clone()).status, 200);
    assert_eq!(post("li", &at("copies/1/release"), reason).code(), "volume-step-refused");
    let gone = format!("/api/v1/volumes/{LABEL}/copies/1/label.pdf");
    let gone = service.call("zhang", "GET", &gone, &[]);
    assert_eq!((gone.status, gone.code().as_str()), (409, "volume-step-refused"));
    let metrics = service.call("zhao", "GET", "/metrics", &[]);
    let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
    assert!(
        metrics.contains("vault_volume_copies_due 0") && metrics.contains("vault_volumes_short 0")
    );
}
