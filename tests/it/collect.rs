//! A collecting station brings in what recorders left, whatever is killed meanwhile, and can do
//! nothing else (R08, R29; A2.18(一)1).

use crate::office::Office;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use vault_tests::program::built;
use vault_tests::service::{Reply, Service};

const WAIT: Duration = Duration::from_mins(2);

/// An account of a station with a token, as two people make it.
pub(crate) fn station(office: &Office) -> String {
    let new = ["people", "add", "dock", "--person", "一号采集站", "--unit", "执法科"];
    let both = [&new[..], &["--roles", "station,handler"]].concat();
    office.refused("sys", &both, 5, "roles-refused");
    office.done("sys", &[&new[..], &["--roles", "station"]].concat());
    office.refused("sec", &["people", "token", "dock"], 5, "roles-refused");
    office.done("sec", &["people", "confirm", "dock"]);
    office.refused("sec", &["people", "token", "qian"], 5, "roles-refused");
    office.refused("qian", &["people", "token", "dock"], 5, "act-denied");
    let given = office.text("qian.given");
    let password = ["people", "password", "dock", "--new-password-file", &given];
    office.refused("sec", &password, 5, "roles-refused");
    token(office)
}

fn token(office: &Office) -> String {
    let made = office.done("sec", &["people", "token", "dock"]);
    let token = made["token"].as_str().expect("a token").to_owned();
    std::fs::write(office.path("token"), format!("{token}\n")).expect("file");
    token
}

/// What a card of a recorder leaves: large files, small ones, names of every kind, and what is
/// nobody's recording.
fn card(directory: &Path) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    std::fs::create_dir_all(directory.join("DCIM/20261012")).expect("directory");
    for (number, name) in
        ["DCIM/20261012/一.MP4", "DCIM/20261012/b c.MP4", "三.wav", "e.jpg"].into_iter().enumerate()
    {
        let mut bytes = vec![0; [48 << 20, 33 << 20, 70_000, 0][number]];
        blake3::Hasher::new().update(name.as_bytes()).finalize_xof().fill(&mut bytes);
        std::fs::write(directory.join(name), &bytes).expect("file");
        let file = Path::new(name).file_name().expect("name").to_string_lossy().into_owned();
        ids.insert(file, blake3::hash(&bytes).to_hex().to_string());
    }
    std::fs::write(directory.join(".DS_Store"), b"x").expect("file");
    std::os::unix::fs::symlink("/etc/hostname", directory.join("link.mp4")).expect("link");
    ids
}

fn collector(office: &Office, service: &Service) -> Command {
    let mut command = Command::new(built("vault-collect").expect("vault-collect"));
    let certificate = office.path("vault").join("tls/service.crt");
    command.arg("watch").arg(office.path("card")).args(["--server", &service.url()]);
    command.arg("--token-file").arg(office.path("token"));
    command.arg("--certificate").arg(certificate);
    command.args(["--device", "DSJ-1", "--parallel", "2", "--once", "--json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn as_station(service: &Service, token: &str, path: &str) -> Reply {
    let shown = format!("Authorization: Bearer {token}");
    service.call("", "GET", path, &["--header", &shown])
}

/// Waits until something is as it is to be; looks often, for it passes quickly.
fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < WAIT, "it does not come to it");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Bytes a process has read so far; as many as there can be where it has ended.
fn read_by(process: u32) -> u64 {
    let said = std::fs::read_to_string(format!("/proc/{process}/io")).unwrap_or_default();
    let count = said.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok());
    count.unwrap_or(u64::MAX)
}

fn killed(mut child: Child) {
    child.kill().expect("kill");
    child.wait().expect("ended");
}

#[test]
fn a_station_brings_everything_in_whatever_is_killed() {
    let office = Office::new();
    station(&office);
    let ids = card(&office.path("card"));
    let mut service = Service::on(office.ctl.vault(), false).expect("service");

    let journal = office.path("card/.vault-collect.jsonl");
    let first = collector(&office, &service).spawn().expect("starts");
    until(|| std::fs::read_to_string(&journal).is_ok_and(|text| text.contains("begun")));
    killed(first);
    let second = collector(&office, &service).spawn().expect("starts");
    until(|| read_by(second.id()) > 24 << 20);
    service.killed().expect("comes back");
    let ended = second.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(0), "{said} {:?}", lines(&ended));
    let stored: BTreeMap<_, _> = lines(&ended)
        .into_iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("name"), text("recording"))
        })
        .collect();
    assert_eq!(stored, ids, "ids are those b3sum prints");
    let verified = office.ctl.call(&["verify", "--all", "--json"]).expect("vaultctl");
    assert_eq!(verified.code, 0, "{}", verified.err);

    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let tray = service.ask("qian", "/api/v1/tray");
    assert_eq!(tray["items"].as_array().map(Vec::len), Some(4), "it waits for labels: {tray}");
    let due = service.ask("qian", "/api/v1/deadlines");
    let due = due["items"].as_array().expect("deadlines");
    assert_eq!(due.len(), 4, "each has its term: {due:?}");
    assert!(due.iter().all(|one| one["kind"] == "label" && one["days_left"].as_i64() > Some(0)));
    let one = service.ask("qian", &format!("/api/v1/recordings/{}", ids["三.wav"]));
    assert_eq!((&one["device"], &one["name"]), (&"DSJ-1".into(), &"三.wav".into()));

    std::fs::copy(office.path("card/三.wav"), office.path("card/四.wav")).expect("copy");
    let again = collector(&office, &service).output().expect("runs");
    let told = lines(&again);
    assert_eq!((again.status.code(), told.len()), (Some(0), 1), "only what is new: {told:?}");
    assert_eq!((&told[0]["name"], &told[0]["duplicate"]), (&"四.wav".into(), &true.into()));
}

#[test]
fn the_token_of_a_station_is_good_for_nothing_else_and_ends_with_the_next() {
    let office = Office::new();
    let old = station(&office);
    card(&office.path("card"));
    let service = Service::on(office.ctl.vault(), false).expect("service");
    assert_eq!(as_station(&service, &old, "/api/v1/uploads").status, 200);
    for path in ["/api/v1/recordings", "/api/v1/session", "/api/v1/cases", "/api/v1/events"] {
        assert_eq!(as_station(&service, &old, path).status, 401, "{path}");
    }
    let new = token(&office);
    assert_eq!(as_station(&service, &old, "/api/v1/uploads").code(), "sign-in-failed");
    assert_eq!(as_station(&service, &new, "/api/v1/uploads").status, 200);
    std::fs::write(office.path("token"), &old).expect("file");
    let refused = collector(&office, &service).output().expect("runs");
    assert_eq!(refused.status.code(), Some(3));
    assert!(lines(&refused).iter().all(|line| line["refused"].is_string()));
    assert_eq!(office.done("", &["list"])["recordings"].as_array().map(Vec::len), Some(0));
    office.done("sec", &["people", "disable", "dock", "--reason", "拆除"]);
    assert_eq!(as_station(&service, &new, "/api/v1/uploads").code(), "sign-in-failed");
}
