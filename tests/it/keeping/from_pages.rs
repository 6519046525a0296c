//! From pages (R16, R17; A3.12): what is damaged is mended, stores are added, filled and let go,
//! what is cold is moved, and what is lost comes back from volumes, each with what is refused.

use super::discs::{LABEL, office_with};
use super::stores::largest;
use super::{DAY_MS, data_files, flip, newest, recordings, settled};
use crate::office::Office;
use crate::story::operator;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use vault_core::catalog::{Catalog, Location};
use vault_core::clock::Clock;
use vault_core::jobs::{JobKind, Jobs, NewJob};
use vault_core::preservation;
use vault_core::stop::Stop;
use vault_core::vault::{CatalogueChoice, FurtherPlace, InitOptions, StoreChoice, Vault};
use vault_core::work::{self, Tools};
use vault_proof::ContentId;
use vault_tests::service::{Reply, Service};

/// The service on the vault of an office, and these of its people signed in.
fn serving(office: &Office, people: &[&str]) -> Service {
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in people {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200, "{person}");
    }
    service
}

fn settings(office: &Office, text: &str) {
    std::fs::write(office.path("vault/settings.toml"), text).expect("settings");
}

fn post(service: &Service, person: &str, path: &str, body: &Value) -> Reply {
    service.send(person, "POST", &format!("/api/v1{path}"), body)
}

/// What is refused at once, with its status and its code.
fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, reply.code())
}

fn told(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Begins work and waits for its end.
fn begun(service: &Service, person: &str, path: &str, body: &Value) -> Value {
    let reply = post(service, person, path, body);
    assert_eq!(reply.status, 202, "{path} {body}: {}", reply.json());
    newest(service, person)
}

/// Begins work that comes to its end; gives what it found.
fn found(service: &Service, person: &str, path: &str, body: &Value) -> Value {
    let work = begun(service, person, path, body);
    assert_eq!(work["state"], "done", "{work}");
    work["found"].clone()
}

/// Begins work that does not; gives the code of its problem.
fn failed(service: &Service, person: &str, path: &str, body: &Value) -> String {
    let work = begun(service, person, path, body);
    assert_eq!(work["state"], "failed", "{work}");
    work["problem"]["code"].as_str().unwrap_or_default().to_owned()
}

/// How many events this person's account has in the ledger in which all of that stands.
fn on_record(office: &Office, person: &str, parts: &[&str]) -> usize {
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    let of_person = format!("\"account\":\"{person}\"");
    let fits = |line: &&str| parts.iter().chain([&&*of_person]).all(|part| line.contains(part));
    events.lines().filter(fits).count()
}

/// Standing work of these kinds is not due before tomorrow: the service leaves it alone.
fn kept_from(office: &Office, kinds: &[JobKind]) {
    let everything = ContentId::from_bytes([0; 32]);
    let held = async {
        let catalogue = Location::Sqlite(office.path("vault/catalog.sqlite"));
        let catalogue = Catalog::open(&catalogue, Duration::from_mins(1)).await.expect("opened");
        let tomorrow = Clock::fixed(Clock::system().now().plus_ms(DAY_MS));
        let jobs = Jobs::new(&catalogue, &tomorrow);
        for kind in kinds.iter().copied() {
            jobs.enqueue(&[NewJob { kind, recording: everything }]).await.expect("owed");
        }
    };
    tokio::runtime::Runtime::new().expect("runtime").block_on(held);
}

/// A store in a directory beside the vault, which holds everything.
fn filled(office: &Office, name: &str) -> PathBuf {
    let place = office.path(name);
    office.done("sys", &["store", "add", name, "--in-directory", &office.text(name)]);
    office.done("zhao", &["store", "fill", name]);
    place
}

/// An id that no recording has.
fn nobodys() -> String {
    "ab".repeat(32)
}

#[test]
fn what_is_damaged_in_the_store_is_found_and_mended() {
    let (office, ids) = office_with(1, 300_000);
    let (second, id) = (filled(&office, "second"), ids[0].as_str());
    let (own, copy) = (largest(&office.path("vault/store")), largest(&second));
    let before = std::fs::read(&own).expect("bytes");
    let service = serving(&office, &["zhang", "qian", "zhao"]);
    let [checks, repairs] = ["checks", "repairs"].map(|step| format!("/recordings/{id}/{step}"));
    for (path, step) in [(&checks, "checks"), (&repairs, "repairs")] {
        let unknown = format!("/recordings/{}/{step}", nobodys());
        assert_eq!(refused(&post(&service, "zhang", path, &json!({}))), told(403, "act-denied"));
        let answer = refused(&post(&service, "qian", &unknown, &json!({})));
        assert_eq!(answer, told(404, "recording-unknown"));
    }
    assert_eq!(on_record(&office, "zhang", &["act.refused"]), 2);
    assert_eq!(service.ask("qian", "/api/v1/desk")["items"], json!([]), "nothing was begun");
    flip(&own, 17);
    let work = begun(&service, "qian", &checks, &json!({}));
    for (field, value) in [("kind", "verify"), ("lane", "objects"), ("about", id)] {
        assert_eq!(work[field], value, "{work}");
    }
    assert_eq!((&work["state"], &work["person"]), (&"done".into(), &"qian".into()), "{work}");
    assert_eq!((&work["found"]["failed"], &work["found"]["objects"]), (&1.into(), &1.into()));
    assert_eq!(work["found"]["undone"][0]["object"], id);
    let damaged = || service.ask("zhao", "/api/v1/integrity")["damaged_ids"].clone();
    assert_eq!(damaged(), json!([id]));
    let mended = found(&service, "zhao", &repairs, &json!({}));
    assert_eq!((&mended["repaired"], &mended["failed"]), (&1.into(), &0.into()), "{mended}");
    let repair = &mended["repairs"][0];
    assert_eq!((&repair["object"], &repair["store"]), (&id.into(), &"main".into()), "{mended}");
    assert_eq!(repair["source"], "second", "{mended}");
    let fetched = repair["bytes"].as_u64().expect("bytes");
    assert!(0 < fetched && fetched <= before.len() as u64, "{mended}");
    assert!(std::fs::read(&own).expect("bytes") == before, "bit for bit as it was");
    assert_eq!(found(&service, "qian", &checks, &json!({}))["failed"], 0);
    assert_eq!(damaged(), json!([]));
    assert_eq!(found(&service, "qian", &repairs, &json!({}))["repaired"], 0, "it is whole");
    assert_eq!(on_record(&office, "zhao", &["copy.repaired", id]), 1);
    // Damaged in the same place everywhere: nothing is touched, and the work says so.
    flip(&own, 17);
    flip(&copy, 18);
    assert_eq!(failed(&service, "zhao", &repairs, &json!({})), "no-good-copy");
    assert_eq!(std::fs::read(&own).expect("bytes")[17], before[17] ^ 1);
    assert_eq!(found(&service, "zhao", &checks, &json!({}))["failed"], 1);
    assert_eq!(damaged(), json!([id]));
    assert_eq!(on_record(&office, "zhao", &["copy.repaired"]), 1);
    office.done("", &["ledger", "verify"]);
}

#[test]
fn a_store_is_added_in_a_place_of_the_settings() {
    let office = Office::new();
    let places = ["second", "full", "third"].map(|name| office.text(name));
    std::fs::create_dir(&places[1]).expect("directory");
    std::fs::write(office.path("full/letter.txt"), b"x").expect("file");
    let service = serving(&office, &["sys", "qian", "zhao"]);
    let add = |person: &str, name: &str, place: u64| {
        post(&service, person, "/stores", &json!({ "name": name, "place": place }))
    };
    // Without a place in the settings a page adds none.
    assert_eq!(refused(&add("sys", "二号盘", 0)), told(400, "argument-invalid"));
    let one =
        |(title, place)| format!("[[stores.places]]\ntitle = {title:?}\ndirectory = {place:?}\n");
    let titles = ["二号盘位", "已占用", "三号盘位"];
    settings(&office, &titles.iter().zip(&places).map(one).collect::<String>());
    assert_eq!(service.ask("zhao", "/api/v1/stores")["places"], json!(titles));
    for place in [0, 7] {
        assert_eq!(refused(&add("qian", "二号盘", place)), told(403, "act-denied"));
    }
    assert_eq!(on_record(&office, "qian", &["act.refused", "store.register"]), 2);
    assert_eq!(refused(&add("sys", "二号盘", 7)), told(400, "argument-invalid"));
    assert_eq!(refused(&add("sys", " ", 0)), told(400, "text-invalid"));
    let full = refused(&add("sys", "二号盘", 1));
    assert_eq!(full, told(409, "store-directory-not-empty"));
    assert_eq!(on_record(&office, "sys", &["store.added"]), 0);
    let added = add("sys", " 二号盘 ", 0);
    assert_eq!(added.status, 200, "{}", added.json());
    let store = added.json()["stores"][1].clone();
    assert_eq!((&store["name"], &store["state"]), (&"二号盘".into(), &"in-use".into()), "{store}");
    assert_eq!((&store["in_reach"], &store["create_only"]), (&true.into(), &true.into()));
    assert!(office.path("second").is_dir(), "its place was made");
    let said = String::from_utf8(added.body).expect("text");
    assert!(!said.contains(&places[0]), "no page is told where a store lies: {said}");
    for (name, place, reason) in [
        ("二号盘", 2, "store-name-taken"),
        ("三号盘", 0, "inside-a-store"),
        ("main", 2, "store-name-reserved"),
    ] {
        let reply = add("sys", name, place);
        assert_eq!(refused(&reply), told(400, "argument-invalid"), "{name}");
        assert_eq!(reply.json()["details"]["reason"], reason);
    }
    assert!(!office.path("third").exists(), "nothing was made");
    assert_eq!(on_record(&office, "sys", &["store.added"]), 1);
}

#[test]
fn a_store_is_filled_and_what_is_damaged_in_it_is_mended() {
    let (office, ids) = office_with(3, 90_000);
    kept_from(&office, &[JobKind::CopyOut]);
    let second = office.text("second");
    settings(&office, &format!("[[stores.places]]\ntitle = \"盘\"\ndirectory = {second:?}\n"));
    let service = serving(&office, &["sys", "zhang", "zhao"]);
    let added = post(&service, "sys", "/stores", &json!({ "name": "二号盘", "place": 0 }));
    let stores = || service.ask("zhao", "/api/v1/stores")["stores"][1].clone();
    assert_eq!((added.status, &stores()["lacking"]), (200, &3.into()));
    let id = stores()["id"].as_str().expect("a number").to_owned();
    let [fills, checks] = ["fills", "checks"].map(|step| format!("/stores/{id}/{step}"));
    for (path, step) in [(&fills, "fills"), (&checks, "checks")] {
        assert_eq!(refused(&post(&service, "zhang", path, &json!({}))), told(403, "act-denied"));
        for unknown in ["none", "main"] {
            let unknown = format!("/stores/{unknown}/{step}");
            let reply = post(&service, "zhao", &unknown, &json!({}));
            assert_eq!(refused(&reply), told(404, "store-unknown"));
        }
    }
    let work = begun(&service, "zhao", &fills, &json!({}));
    for (field, value) in [("kind", "fill-store"), ("lane", "stores"), ("about", "二号盘")] {
        assert_eq!(work[field], value, "{work}");
    }
    assert_eq!((&work["found"]["objects"], &work["found"]["failed"]), (&3.into(), &0.into()));
    assert_eq!(work["found"]["bytes"], work["bytes"], "counted while it went on");
    assert_eq!((&stores()["lacking"], &stores()["objects"]), (&0.into(), &3.into()));
    assert_eq!(found(&service, "zhao", &fills, &json!({}))["objects"], 0, "once");
    assert_eq!(on_record(&office, "zhao", &["copies.placed"]), 1);
    let whole = found(&service, "zhao", &checks, &json!({}));
    assert_eq!((&whole["objects"], &whole["failed"]), (&3.into(), &0.into()));
    // The longest is the last that was taken in.
    let copy = largest(&office.path("second"));
    let before = std::fs::read(&copy).expect("bytes");
    flip(&copy, 1_000);
    let read = found(&service, "zhao", &checks, &json!({}));
    assert_eq!((&read["objects"], &read["failed"]), (&3.into(), &1.into()), "{read}");
    let damaged = read["undone"][0]["object"].as_str().expect("an id").to_owned();
    assert!(ids.contains(&damaged));
    assert_eq!(stores()["damaged_objects"], json!([damaged]));
    assert_eq!(stores()["damaged"], 1);
    let mended = found(&service, "sys", &format!("/recordings/{damaged}/repairs"), &json!({}));
    assert_eq!((&mended["repaired"], &mended["failed"]), (&1.into(), &0.into()), "{mended}");
    let repair = &mended["repairs"][0];
    assert_eq!((&repair["store"], &repair["source"]), (&"二号盘".into(), &"main".into()));
    assert!(std::fs::read(&copy).expect("bytes") == before, "bit for bit as it was");
    assert_eq!((&stores()["damaged"], &stores()["damaged_objects"]), (&0.into(), &json!([])));
    assert_eq!(on_record(&office, "sys", &["copy.repaired", &damaged]), 1);
}

#[test]
fn a_store_is_let_go_by_two_persons_and_only_while_it_can_be_spared() {
    let (office, _) = office_with(2, 90_000);
    let second = filled(&office, "second");
    let service = serving(&office, &["zhang", "zhao", "qian", "li", "sec"]);
    let step = |person: &str, step: &str, reason: &str| {
        post(&service, person, &format!("/stores/second/{step}"), &json!({ "reason": reason }))
    };
    let store = |reply: Reply| {
        assert_eq!(reply.status, 200, "{}", reply.json());
        reply.json()["stores"][1].clone()
    };
    let (proposal, release, withdrawal) = ("release-proposal", "release", "release-withdrawal");
    for name in [proposal, release, withdrawal] {
        let reply =
            post(&service, "li", &format!("/stores/none/{name}"), &json!({ "reason": "x" }));
        assert_eq!(refused(&reply), told(404, "store-unknown"));
    }
    // What is kept for long is wanted twice: without this store there would be one.
    let needed = step("zhao", proposal, "到期");
    assert_eq!(refused(&needed), told(403, "copies-needed"));
    let details = &needed.json()["details"];
    assert_eq!((&details["copy_class"], &details["wanted"]), (&"long-term".into(), &"2".into()));
    assert_eq!(on_record(&office, "zhao", &["act.refused", "copies-needed"]), 1);
    filled(&office, "third");
    assert_eq!(refused(&step("zhang", proposal, "到期")), told(403, "act-denied"));
    assert_eq!(refused(&step("zhao", proposal, " ")), told(400, "text-invalid"));
    let unproposed = told(409, "store-release-not-proposed");
    assert_eq!(refused(&step("li", release, "到期")), unproposed);
    let proposed = store(step("zhao", proposal, "硬盘到期"));
    assert_eq!(proposed["state"], "release-proposed");
    let said = &proposed["proposed"];
    assert_eq!((&said["person"], &said["reason"]), (&"zhao".into(), &"硬盘到期".into()));
    let again = step("qian", proposal, "另有理由");
    assert_eq!(refused(&again), told(409, "store-release-proposed"), "it stays the first one's");
    let waits = |person: &str| office.waiting(person, "release-store");
    assert_eq!((waits("li"), waits("zhao")), (1, 0), "not for its proposer");
    for (person, why) in [("zhao", "own-proposal"), ("qian", "role-not-entitled")] {
        let reply = step(person, release, "到期");
        assert_eq!(refused(&reply), told(403, "act-denied"));
        assert_eq!(on_record(&office, person, &["act.refused", "store.release", why]), 1);
    }
    let withdrawn = store(step("li", withdrawal, "仍在保修期内"));
    assert_eq!((&withdrawn["state"], &withdrawn["proposed"]), (&"in-use".into(), &().into()));
    assert_eq!(withdrawn["withdrawn"]["person"], "li");
    assert_eq!(refused(&step("li", withdrawal, "x")), unproposed);
    assert_eq!(refused(&step("li", release, "x")), unproposed);
    store(step("qian", proposal, "已迁移"));
    assert_eq!(refused(&step("li", release, "")), told(400, "text-invalid"));
    let released = store(step("li", release, "已迁移至三号盘"));
    assert_eq!(released["state"], "released");
    let said = &released["released"];
    assert_eq!((&said["person"], &said["reason"]), (&"li".into(), &"已迁移至三号盘".into()));
    assert!(said["at"].is_string(), "{released}");
    assert_eq!(waits("li"), 0);
    assert!(second.join("data").is_dir(), "its bytes are left alone");
    for path in ["fills", "checks"] {
        let reply = post(&service, "zhao", &format!("/stores/second/{path}"), &json!({}));
        assert_eq!(refused(&reply), told(404, "store-unknown"));
    }
    office.done("", &["ledger", "verify"]);
}

/// An office whose recordings came in more than a year ago, with what they have in a further store.
fn of_long_ago() -> (Office, Vec<String>) {
    let mut ids = Vec::new();
    let office = Office::on(|ctl| {
        let made = async {
            let clock = Clock::fixed(Clock::system().now().plus_ms(-400 * DAY_MS));
            let options = InitOptions {
                directory: ctl.vault().to_owned(),
                key_copies: Vec::new(),
                secrets: None,
                store: StoreChoice::Local,
                catalogue: CatalogueChoice::Sqlite,
            };
            let vault = Vault::init(options, &operator(), clock).await.expect("a new vault");
            let source = ctl.vault().with_file_name("源");
            ids = recordings(&vault, &source, 2, 300_000).await;
            let cold = FurtherPlace::Directory(ctl.vault().with_file_name("cold"));
            preservation::add_store(&vault, &operator(), "冷库", cold).await.expect("a store");
            let done = work::run(&vault, &operator(), &Tools::default(), Stop::default()).await;
            assert_eq!(done.expect("runs").failed, 0);
        };
        tokio::runtime::Runtime::new().expect("runtime").block_on(made);
    });
    (office, ids)
}

#[test]
fn what_nobody_uses_goes_to_the_cold_store_at_once() {
    let (office, ids) = of_long_ago();
    kept_from(&office, &[JobKind::CopyOut, JobKind::MoveTiers, JobKind::CheckFixity]);
    let service = serving(&office, &["zhang", "qian", "sys"]);
    let moves = |person: &str| post(&service, person, "/tiers/moves", &json!({}));
    let unset = moves("sys");
    assert_eq!(refused(&unset), told(400, "setting-invalid"));
    assert_eq!(unset.json()["details"]["argument"], "tiers.store");
    settings(&office, "[tiers]\nstore = \"没有的\"\nafter_days = 365\n");
    assert_eq!(refused(&moves("sys")), told(404, "store-unknown"), "before anything is begun");
    settings(&office, "[tiers]\nstore = \"冷库\"\nafter_days = 365\n");
    for person in ["zhang", "qian"] {
        assert_eq!(refused(&moves(person)), told(403, "act-denied"));
        assert_eq!(on_record(&office, person, &["act.refused", "preservation.cool-down"]), 1);
    }
    let tiers = || service.ask("sys", "/api/v1/tiers");
    assert_eq!((&tiers()["next"], &tiers()["recordings"]), (&2.into(), &0.into()));
    let checks = format!("/recordings/{}/checks", ids[0]);
    assert_eq!(found(&service, "qian", &checks, &json!({}))["failed"], 0, "it is here");
    let work = begun(&service, "sys", "/tiers/moves", &json!({}));
    for (field, value) in [("kind", "move-tiers"), ("lane", "stores"), ("about", "冷库")] {
        assert_eq!(work[field], value, "{work}");
    }
    assert_eq!((&work["state"], &work["found"]["objects"]), (&"done".into(), &2.into()), "{work}");
    assert!(work["found"]["bytes"].as_u64() >= Some(600_000), "{work}");
    assert_eq!((&tiers()["next"], &tiers()["recordings"]), (&0.into(), &2.into()));
    assert_eq!(data_files(&office.path("vault/store")), Vec::<PathBuf>::new(), "they are gone");
    assert_eq!(on_record(&office, "sys", &["copies.cooled"]), 1);
    assert_eq!(found(&service, "sys", "/tiers/moves", &json!({}))["objects"], 0, "once");
    // What is not here cannot be read again here; where it is at home it is whole.
    let cold = post(&service, "qian", &checks, &json!({}));
    assert_eq!(refused(&cold), told(409, "in-cold-store"));
    assert_eq!(cold.json()["details"]["store"], "冷库");
    let repairs = format!("/recordings/{}/repairs", ids[0]);
    assert_eq!(found(&service, "qian", &repairs, &json!({}))["repaired"], 0);
    office.done("", &["ledger", "verify"]);
}

/// Pages build images in a directory and burn to two drives; with these settings beside.
fn with_drives(office: &Office, drives: [&str; 2], more: &str) {
    let images = office.path("映像");
    std::fs::create_dir(&images).expect("directory");
    let images = images.display().to_string();
    settings(office, &format!("[volumes]\nimages = {images:?}\ndrives = {drives:?}\n{more}"));
}

fn image(office: &Office) -> PathBuf {
    office.path("映像").join(format!("{LABEL}.iso"))
}

fn of_volume(step: &str) -> String {
    format!("/volumes/{LABEL}/{step}")
}

/// Builds a volume of what waits for one and burns it, a copy to each of so many drives.
fn burnt(service: &Service, copies: u64) {
    let new = json!({ "medium": "bd25", "label": LABEL });
    found(service, "zhao", "/volumes", &new);
    for copy in 1..=copies {
        let told = json!({ "copy": copy, "drive": copy - 1 });
        found(service, "zhao", &of_volume("burns"), &told);
    }
}

fn two_drives(office: &Office) -> [String; 2] {
    ["盘一", "盘二"].map(|name| format!("stdio:{}", office.text(name)))
}

#[test]
fn what_the_store_lost_comes_back_from_a_volume() {
    let (office, ids) = office_with(3, 200_000);
    let drives = two_drives(&office);
    with_drives(&office, drives.each_ref().map(String::as_str), "");
    let service = serving(&office, &["zhang", "zhao"]);
    burnt(&service, 1);
    let borne = service.ask("zhao", &format!("/api/v1/recordings/{}", ids[0]))["volumes"].clone();
    assert_eq!(borne, json!([LABEL]), "its page leads to where it can be had again");
    let restore = of_volume("restorations");
    let asked = |person: &str, body: &Value| refused(&post(&service, person, &restore, body));
    assert_eq!(asked("zhang", &json!({ "drive": 0 })), told(403, "act-denied"));
    assert_eq!(asked("zhao", &json!({ "drive": 7 })), told(400, "argument-invalid"));
    let unknown = post(&service, "zhao", "/volumes/JL-2026-0009/restorations", &json!({}));
    assert_eq!(refused(&unknown), told(404, "volume-unknown"));
    for id in [&ids[2], &nobodys()] {
        let other = json!({ "drive": 0, "recordings": [ids[0], id] });
        assert_eq!(asked("zhao", &other), told(404, "recording-unknown"));
    }
    assert_eq!(newest(&service, "zhao")["kind"], "burn", "nothing was begun");
    let empty = failed(&service, "zhao", &restore, &json!({ "drive": 1 }));
    assert_eq!(empty, "volume-unreadable");
    for file in data_files(&office.path("vault/store")) {
        flip(&file, 1_000);
    }
    let one = json!({ "drive": 0, "recordings": [ids[0]] });
    let back = found(&service, "zhao", &restore, &one);
    assert_eq!((&back["repaired"], &back["whole"]), (&1.into(), &0.into()), "{back}");
    let repair = &back["repairs"][0];
    assert_eq!((&repair["object"], &repair["store"]), (&ids[0].clone().into(), &"main".into()));
    assert_eq!(repair["source"], format!("disc:{LABEL}"), "{back}");
    let rest = found(&service, "zhao", &restore, &json!({ "drive": 0 }));
    assert_eq!((&rest["repaired"], &rest["whole"]), (&1.into(), &1.into()), "{rest}");
    // From the image, too; a second time there is nothing to do.
    let again = found(&service, "zhao", &restore, &json!({}));
    assert_eq!((&again["repaired"], &again["whole"]), (&0.into(), &2.into()), "{again}");
    for (id, damaged) in ids.iter().zip([0, 0, 1]) {
        let read = found(&service, "zhao", &format!("/recordings/{id}/checks"), &json!({}));
        assert_eq!(read["failed"], damaged, "{id}");
    }
    assert_eq!(service.ask("zhao", "/api/v1/integrity")["damaged_ids"], json!([ids[2]]));
    let source = format!("disc:{LABEL}");
    assert_eq!(on_record(&office, "zhao", &["copy.repaired", &source]), 2);
    office.done("", &["ledger", "verify"]);
}

/// An identity that lies in no file, and its recipient.
fn identity() -> (String, String) {
    let made = Command::new("age-keygen").output().expect("age-keygen");
    let text = String::from_utf8(made.stdout).expect("text");
    let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: "));
    (text.clone(), recipient.expect("a recipient").to_owned())
}

/// Every file below a directory in which these bytes stand.
fn bearing(directory: &Path, wanted: &[u8]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            all.extend(bearing(&entry.path(), wanted));
        } else if kind.is_file() {
            let content = std::fs::read(entry.path()).unwrap_or_default();
            let bears = content.windows(wanted.len()).any(|window| window == wanted);
            all.extend(bears.then(|| entry.path()));
        }
    }
    all
}

#[test]
fn an_encrypted_volume_is_opened_by_what_is_brought_along_and_kept_nowhere() {
    let (office, _) = office_with(3, 90_000);
    let ((own, recipient), (stranger, _)) = (identity(), identity());
    let drives = two_drives(&office);
    let recipients = format!("[volumes.recipients]\nordinary = [{recipient:?}]\n");
    with_drives(&office, drives.each_ref().map(String::as_str), &recipients);
    let service = serving(&office, &["zhao"]);
    burnt(&service, 1);
    for file in data_files(&office.path("vault/store")) {
        flip(&file, 1_000);
    }
    let restore = of_volume("restorations");
    let asked = |body: &Value| refused(&post(&service, "zhao", &restore, body));
    assert_eq!(asked(&json!({ "drive": 0 })), told(403, "identity-needed"));
    assert_eq!(asked(&json!({ "drive": 0, "identity": " \n" })), told(403, "identity-needed"));
    let with = |text: &str| json!({ "drive": 0, "identity": text });
    for none in ["我的密钥", recipient.as_str(), &"A".repeat(70_000)] {
        assert_eq!(asked(&with(none)), told(403, "identity-wrong"));
    }
    assert_eq!(newest(&service, "zhao")["kind"], "burn", "nothing was begun");
    assert_eq!(failed(&service, "zhao", &restore, &with(&stranger)), "identity-wrong");
    let back = found(&service, "zhao", &restore, &with(&own));
    assert_eq!((&back["repaired"], &back["failed"]), (&2.into(), &0.into()), "{back}");
    let again = found(&service, "zhao", &restore, &with(&own));
    assert_eq!((&again["whole"], &again["repaired"]), (&2.into(), &0.into()), "{again}");
    // It was in memory: no file of the vault or of the service bears it, no log, no answer.
    let secret = "AGE-SECRET-KEY";
    let at = |name: &str| bearing(&office.path(name), secret.as_bytes());
    assert_eq!(at(""), Vec::<PathBuf>::new());
    assert_eq!(bearing(&service.temporary(), secret.as_bytes()), Vec::<PathBuf>::new());
    let log = service.log().expect("a log");
    assert!(log.contains("work that was begun from a page failed"), "it is the log: {log}");
    assert!(!log.contains(secret));
    assert!(!service.ask("zhao", "/api/v1/desk").to_string().contains(secret));
    assert_eq!(on_record(&office, "zhao", &[secret]), 0);
    std::fs::write(office.path("vault/left.txt"), &own).expect("left");
    assert_eq!(at("vault"), [office.path("vault/left.txt")], "what is left lying is found");
}

#[test]
fn a_damaged_copy_gives_the_image_back_and_one_that_nobody_can_read_is_put_on_record() {
    let (office, ids) = office_with(3, 200_000);
    let drives = two_drives(&office);
    with_drives(&office, drives.each_ref().map(String::as_str), "");
    let service = serving(&office, &["zhang", "zhao"]);
    burnt(&service, 2);
    for (copy, place) in [(1, "档案室"), (2, "异地库房")] {
        let shelf = json!({ "copy": copy, "drive": copy - 1, "place": place });
        found(&service, "zhao", &of_volume("copies"), &shelf);
    }
    let unburnt = json!({ "copy": 3, "drive": 0, "place": "三号库房" });
    let unburnt = post(&service, "zhao", &of_volume("copies"), &unburnt);
    assert_eq!(refused(&unburnt), told(409, "copy-not-burnt"));
    let volume = || service.ask("zhao", "/api/v1/volumes")["items"][0].clone();
    assert_eq!(volume()["counts"], true);
    let (image, checks) = (image(&office), of_volume("checks"));
    let whole = std::fs::read(&image).expect("image");
    for at in [70_000, 150_000, 280_000] {
        flip(&office.path("盘一"), at);
    }
    let read = json!({ "copy": 1, "drive": 0 });
    let hurt = found(&service, "zhao", &checks, &read);
    let three = |found: &Value| {
        let chunks = (&found["damaged_bytes"], &found["mendable"], &found["failed"]);
        assert_eq!(chunks, (&(3 * 65_536).into(), &true.into(), &0.into()), "{found}");
    };
    three(&hurt);
    assert_eq!(
        (&volume()["copies"][0]["whole"], &volume()["counts"]),
        (&false.into(), &false.into())
    );
    let recover = json!({ "copy": 1, "drive": 0, "recover": true });
    let asked = |person: &str, body: &Value| refused(&post(&service, person, &checks, body));
    let taken = told(409, "target-taken");
    assert_eq!(asked("zhao", &recover), taken, "the image lies there");
    std::fs::rename(&image, office.path("away.iso")).expect("moved");
    assert_eq!(volume()["image_here"], false);
    assert_eq!(asked("zhang", &recover), told(403, "act-denied"));
    assert!(!image.exists());
    three(&found(&service, "zhao", &checks, &recover));
    assert!(std::fs::read(&image).expect("image") == whole, "bit for bit as it was built");
    assert_eq!(volume()["image_here"], true);
    let works = || service.ask("zhao", "/api/v1/desk")["items"].as_array().map(Vec::len);
    let before = works();
    assert_eq!(asked("zhao", &recover), taken, "nothing is written over");
    assert_eq!(works(), before, "nothing was begun");
    // All zero bytes: nobody can tell which copy it is, unless somebody says so.
    std::fs::write(office.path("盘二"), vec![0; 400_000]).expect("blank");
    let (copy, counted) =
        (volume()["copies"][1].clone(), on_record(&office, "zhao", &["volume.checked"]));
    let blank = json!({ "copy": 2, "drive": 1 });
    assert_eq!(failed(&service, "zhao", &checks, &blank), "medium-unreadable");
    assert_eq!(volume()["copies"][1], copy, "nothing of it is on record");
    assert_eq!(on_record(&office, "zhao", &["volume.checked"]), counted);
    let said = json!({ "copy": 2, "drive": 1, "unreadable": true });
    let gone = found(&service, "zhao", &checks, &said);
    assert_eq!((&gone["damaged_bytes"], &gone["mendable"]), (&whole.len().into(), &false.into()));
    assert_eq!(gone["failed"], 2, "{gone}");
    let undone = gone["undone"].as_array().expect("recordings").iter();
    assert!(undone.map(|one| &one["object"]).all(|one| ids[..2].iter().any(|id| one == id)));
    assert_eq!(volume()["copies"][1]["whole"], false);
    assert_eq!(on_record(&office, "zhao", &["volume.checked"]), counted + 1);
}

#[test]
fn while_a_medium_is_read_no_other_is_and_what_is_stored_can_be() {
    let (office, ids) = office_with(2, 90_000);
    let pipe = office.path("管道");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    // Whoever reads this drive waits until somebody writes to it.
    let [first, second] = [format!("stdio:{}", office.text("盘一")), office.text("管道")];
    with_drives(&office, [&first, &second], "");
    let service = serving(&office, &["zhao"]);
    burnt(&service, 1);
    let checks = of_volume("checks");
    let waits = post(&service, "zhao", &checks, &json!({ "copy": 1, "drive": 1 }));
    assert_eq!(waits.status, 202, "{}", waits.json());
    let running = service.ask("zhao", "/api/v1/desk")["items"][0].clone();
    assert_eq!((&running["state"], &running["lane"]), (&"running".into(), &"volumes".into()));
    assert_eq!((&running["found"], &running["ended"]), (&().into(), &().into()), "{running}");
    for step in ["checks", "restorations"] {
        let told_of = json!({ "copy": 1, "drive": 0 });
        let reply = post(&service, "zhao", &of_volume(step), &told_of);
        assert_eq!(refused(&reply), told(423, "work-under-way"), "{step}");
    }
    let read = found(&service, "zhao", &format!("/recordings/{}/checks", ids[0]), &json!({}));
    assert_eq!(read["failed"], 0, "another lane");
    let still = service.ask("zhao", "/api/v1/desk")["items"][1].clone();
    assert_eq!(still["state"], "running");
    let writer = std::fs::File::options().write(true).open(&pipe).expect("its reader is there");
    std::fs::remove_file(&pipe).expect("taken out");
    drop(writer);
    assert_eq!(settled(&service, "zhao", 1)["state"], "failed");
    found(&service, "zhao", &checks, &json!({ "copy": 1, "drive": 0 }));
}

#[test]
fn what_goes_on_is_stopped_by_whoever_may_begin_it() {
    let (office, _) = office_with(2, 200_000);
    let pipe = office.path("管道");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let drives = [format!("stdio:{}", office.text("盘一")), office.text("管道")];
    with_drives(&office, drives.each_ref().map(String::as_str), "");
    // Whoever reads this recording waits until somebody writes to it.
    let (held, kept) = (largest(&office.path("vault/store")), office.path("原处"));
    std::fs::rename(&held, &kept).expect("moved");
    assert!(Command::new("mkfifo").arg(&held).status().expect("mkfifo").success());
    let service = serving(&office, &["zhao", "li"]);
    let new = json!({ "medium": "bd25", "label": LABEL });
    assert_eq!(post(&service, "zhao", "/volumes", &new).status, 202);
    let work = |person: &str| service.ask(person, "/api/v1/desk")["items"][0].clone();
    let stop = |person: &str, work: &Value| {
        post(&service, person, &format!("/desk/{}/stop", work["number"]), &json!({}))
    };
    let building = work("zhao");
    assert_eq!((&building["state"], &building["may_stop"]), (&"running".into(), &true.into()));
    assert_eq!(work("li")["may_stop"], false, "not for who may not build");
    assert_eq!(refused(&stop("li", &building)), told(403, "act-denied"));
    assert_eq!(stop("zhao", &building).status, 202);
    let ended = settled(&service, "zhao", 0);
    assert_eq!((&ended["state"], &ended["may_stop"]), (&"failed".into(), &false.into()));
    assert_eq!(ended["problem"]["code"], "interrupted", "{ended}");
    assert_eq!(refused(&stop("zhao", &building)), told(409, "work-not-stopped"), "it has ended");
    drop(std::fs::File::options().write(true).open(&held).expect("its reader is there"));
    std::fs::rename(&kept, &held).expect("put back");
    assert!(!image(&office).exists(), "nothing under a name that counts");
    burnt(&service, 1);
    // A copy is read to its end: half a reading is no result.
    let checks = of_volume("checks");
    let body = json!({ "copy": 1, "drive": 1 });
    assert_eq!(post(&service, "zhao", &checks, &body).status, 202);
    let reading = work("zhao");
    assert_eq!((&reading["state"], &reading["may_stop"]), (&"running".into(), &false.into()));
    assert_eq!(refused(&stop("zhao", &reading)), told(409, "work-not-stopped"), "in one go");
    let writer = std::fs::File::options().write(true).open(&pipe).expect("its reader is there");
    std::fs::remove_file(&pipe).expect("taken out");
    drop(writer);
    assert_eq!(settled(&service, "zhao", 0)["state"], "failed");
}
