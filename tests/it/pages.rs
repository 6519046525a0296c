//! The pages in a real browser: what people of each role do all day, with the mouse, by keyboard
//! and on a phone, and every page as axe, the eye and the network see it (R30; WCAG 2.2).
//!
//! The journeys are `vault-server/web/tests/journeys`, by role; the looking is `look.mjs` beside it.

use crate::kill::root;
use crate::office::Office;
use crate::requirements::{filled, r23};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vault_tests::command::Vaultctl;
use vault_tests::program::built;
use vault_tests::service::{INTRANET, Service};

/// What the search journey looks for; two Chinese characters.
const WORDS: &str = "WEBVTT\n\n00:00.500 --> 00:01.000\n请出示证件\n\n00:03.000 --> 00:05.000\n\
                     你们收费的依据是什么\n";

/// A vault as an office has one in its first week: an archived recording, one with a text that is
/// not archived yet, people of every role.
fn busy_office() -> Office {
    let office = Office::new();
    let _ = office.recording();
    office.archive();
    let film = office.path("询问.mp4");
    let made = Command::new("ffmpeg")
        .args("-v error -f lavfi -i testsrc2=d=8:s=320x240:r=10 -f lavfi -i sine=d=8".split(' '))
        .args("-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac".split(' '))
        .arg(&film)
        .status();
    assert!(made.expect("ffmpeg").success());
    let about = ["--case", "吉民罚〔2026〕2号", "--counterpart", "某", "--handler", "zhang"];
    let take = ["ingest", &film.display().to_string(), "--activity", "evidence-taking"];
    office.done("zhang", &[&take[..], &about].concat());
    let listed = office.done("zhang", &["list"]);
    let rows = listed["recordings"].as_array().expect("recordings");
    let row = rows.iter().find(|row| row["name"] == "询问.mp4").expect("the film");
    let id = row["recording"].as_str().expect("an id").to_owned();
    std::fs::write(office.path("words.vtt"), WORDS).expect("file");
    office.done("zhang", &["transcript", "import", &id, &office.text("words.vtt")]);
    office.hire("sun", "inspector");
    r23::drawn(&office);
    // More of the same officer than inspections draw, so that something is always not drawn.
    for (name, pitch) in [("补录一.wav", "440"), ("补录二.wav", "550")] {
        let file = office.path(name);
        let tone = format!("sine=f={pitch}:d=1");
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-f", "lavfi", "-i", &tone])
            .arg(&file)
            .status();
        assert!(made.expect("ffmpeg").success());
        let take = ["ingest", &file.display().to_string(), "--activity", "evidence-taking"];
        office.done("zhang", &[&take[..], &about].concat());
    }
    filled(&office);
    let drive = |name: &str| format!("stdio:{}", office.text(name));
    let settings = format!(
        "[volumes]\nimages = {:?}\ndrives = {:?}\n\
         [[stores.places]]\ntitle = \"二号盘柜\"\ndirectory = {:?}\n",
        office.text("映像"),
        [drive("盘一"), drive("盘二")],
        office.text("second"),
    );
    std::fs::create_dir(office.path("映像")).expect("directory");
    std::fs::write(office.path("vault/settings.toml"), settings).expect("settings");
    office
}

/// A file for each role, as the scripts read them.
fn people(office: &Office) -> PathBuf {
    let people = office.path("people");
    std::fs::create_dir_all(&people).expect("directory");
    for (role, login) in [
        ("custodian", "qian"),
        ("handler", "zhang"),
        ("in-charge", "li"),
        ("principal", "wang"),
        ("archivist", "zhao"),
        ("inspector", "sun"),
        ("system-administrator", "sys"),
        ("security-administrator", "sec"),
        ("audit-administrator", "aud"),
    ] {
        std::fs::write(people.join(role), format!("{login} own-{login}-1")).expect("file");
    }
    people
}

/// Node on a script of the pages; programs the tests fetched come first.
fn node(script: &str, words: &[&str], with: &[(&str, &str)]) {
    let web = root().join("vault-server/web");
    let fetched = root().join(".cache/cargo/bin").display().to_string();
    let node = root().join(".cache/node/node_modules/node/bin").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("node")
        .arg(web.join("tests").join(script))
        .args(words)
        .envs(with.iter().copied())
        .env("PATH", format!("{fetched}:{node}:{path}"))
        .current_dir(web)
        .stdin(Stdio::null())
        .output()
        .expect("node");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{said}");
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{wrong}");
}

/// A command that kills the service and starts it again; the later one ends with the test.
struct Restart {
    script: PathBuf,
    number: PathBuf,
}

impl Restart {
    fn of(office: &Office, service: &Service) -> Self {
        let (script, number) = (office.path("restart.sh"), office.path("service.pid"));
        std::fs::write(&number, service.id().to_string()).expect("file");
        let program = built("vault-server").expect("vault-server");
        let text = format!(
            "kill -9 $(cat {number}); sleep 0.3\n\
             {program} --vault {vault} --listen 127.0.0.1:{port} </dev/null >/dev/null 2>&1 &\n\
             echo $! >{number}\n\
             for turn in $(seq 600); do curl -sk {url}/healthz && exit 0; sleep 0.1; done; exit 1\n",
            number = number.display(),
            program = program.display(),
            vault = office.text("vault"),
            port = service.port(),
            url = service.url(),
        );
        std::fs::write(&script, text).expect("file");
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("mode");
        Self { script, number }
    }
}

impl Drop for Restart {
    fn drop(&mut self) {
        let number = std::fs::read_to_string(&self.number).unwrap_or_default();
        let _ended = Command::new("kill").args(["-9", number.trim()]).status();
    }
}

/// Where pictures are kept, to be looked at.
fn pictures(name: &str) -> String {
    let profile = std::env::current_exe().expect("a program");
    let target = profile.ancestors().nth(3).unwrap_or(Path::new("."));
    target.join("pictures").join(name).display().to_string()
}

#[test]
fn people_of_each_role_arrive_at_what_they_want() {
    let office = busy_office();
    let service = Service::on(office.ctl.vault(), false).expect("service");
    let restart = Restart::of(&office, &service);
    let people = people(&office).display().to_string();
    let with = format!("sh {}", restart.script.display());
    let (url, pictures) = (service.url(), pictures("journeys"));
    node("journeys.mjs", &[url.as_str(), &people, &pictures], &[("RESTART", &with)]);
}

#[test]
fn files_are_hashed_in_the_browser_without_tls_as_well() {
    let office = busy_office();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    let people = people(&office).display().to_string();
    let url = format!("http://{INTRANET}:{}", service.port());
    let words = [url.as_str(), &people, &pictures("plain"), "custodian"];
    node("journeys.mjs", &words, &[("KEYS", "none")]);
}

#[test]
fn every_page_is_fit_for_every_eye_in_both_languages() {
    let office = busy_office();
    let listed = office.done("zhang", &["list"]);
    let rows = listed["recordings"].as_array().expect("recordings");
    let archived = rows.iter().find(|row| row["name"] == "现场.mp4").expect("the first film");
    office.granted(archived["recording"].as_str().expect("an id"), &["--copies", "1"]);
    let service = Service::on(office.ctl.vault(), false).expect("service");
    let people = people(&office).display().to_string();
    node("look.mjs", &[service.url().as_str(), &people, &pictures("look")], &[]);
}

#[test]
fn the_first_set_up_is_fit_for_every_eye() {
    let directory = tempfile::tempdir().expect("directory");
    let ctl = Vaultctl::on(&directory.path().join("vault")).expect("vaultctl");
    assert_eq!(ctl.init().expect("init").code, 0);
    let service = Service::on(ctl.vault(), false).expect("service");
    node("look.mjs", &[service.url().as_str(), "-", &pictures("set-up"), "--set-up"], &[]);
}

#[test]
fn long_a_gigabyte_goes_on_after_a_kill_and_five_hundred_files_scroll() {
    let office = busy_office();
    let service = Service::on(office.ctl.vault(), false).expect("service");
    let restart = Restart::of(&office, &service);
    let people = people(&office).display().to_string();
    let kill = format!("sh {}", restart.script.display());
    let (url, pictures) = (service.url(), pictures("gigabyte"));
    let words = [url.as_str(), &people, &pictures, "restart", "many"];
    let with = [("RESTART", kill.as_str()), ("UPLOAD_MIB", "1024"), ("UPLOAD_FILES", "500")];
    node("journeys.mjs", &words, &with);
}

#[test]
fn long_every_journey_is_gone_without_a_mouse() {
    let office = busy_office();
    let service = Service::on(office.ctl.vault(), false).expect("service");
    let people = people(&office).display().to_string();
    let (url, pictures) = (service.url(), pictures("by-keyboard"));
    let words = [url.as_str(), &people, &pictures, "inspection", "registers"];
    node("journeys.mjs", &words, &[("KEYS", "only")]);
}
