//! The service over HTTP (issue 4): the whole story with curl, uploads that survive kill -9, what
//! hostile clients get, and that every route is described and guarded.

use crate::office::Office;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use vault_tests::command::Vaultctl;
use vault_tests::program::built;
use vault_tests::service::{Reply, Service};

const CASE: &str = "吉民罚〔2026〕9号";
const TUS: [&str; 2] = ["--header", "Tus-Resumable: 1.0.0"];

pub(crate) fn signed_in(office: &Office, service: &Service, people: &[&str]) {
    for person in people {
        let password = std::fs::read_to_string(office.path(&format!("{person}.own")));
        let reply = service.sign_in(person, password.expect("password").trim());
        assert_eq!(reply.status, 200, "{person}");
        assert!(reply.field("set-cookie").contains("HttpOnly; SameSite=Strict"));
    }
}

fn base64(text: &str) -> String {
    let done =
        Command::new("base64").arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut done = done.expect("base64");
    done.stdin.take().expect("input").write_all(text.as_bytes()).expect("written");
    String::from_utf8(done.wait_with_output().expect("ends").stdout).expect("text")
}

fn metadata(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, text)| format!("{name} {}", base64(text))).collect();
    format!("Upload-Metadata: {}", pairs.join(","))
}

/// Begins an upload; gives its path, or the refusal.
fn begin(service: &Service, person: &str, bytes: usize, pairs: &[(&str, &str)]) -> Reply {
    let length = format!("Upload-Length: {bytes}");
    let said = metadata(pairs);
    let words = [&TUS[..], &["--header", &length, "--header", &said]].concat();
    service.call(person, "POST", "/api/v1/uploads", &words)
}

fn piece(service: &Service, person: &str, path: &str, offset: usize, file: &Path) -> Reply {
    let at = format!("Upload-Offset: {offset}");
    let body = format!("@{}", file.display());
    let kind = "Content-Type: application/offset+octet-stream";
    let words = [&TUS[..], &["--header", &at, "--header", kind, "--data-binary", &body]].concat();
    service.call(person, "PATCH", path, &words)
}

fn offset(service: &Service, person: &str, path: &str) -> usize {
    let reply = service.call(person, "HEAD", path, &TUS);
    assert_eq!(reply.status, 200);
    reply.field("upload-offset").parse().expect("a number")
}

fn bytes(count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    blake3::Hasher::new().update(b"upload").finalize_xof().fill(&mut bytes);
    bytes
}

fn part(office: &Office, bytes: &[u8]) -> PathBuf {
    let path = office.path("part.bin");
    std::fs::write(&path, bytes).expect("file");
    path
}

#[test]
fn an_upload_goes_on_after_a_kill_and_ends_with_equal_digests() {
    let office = Office::new();
    let mut service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian", "zhang"]);
    let whole = bytes(40 << 20);
    let id = blake3::hash(&whole).to_hex().to_string();
    let print = blake3::hash(b"its ends").to_hex().to_string();
    let name = "../../某/执法记录 1.MP4";
    let named = [("filename", name), ("blake3", id.as_str()), ("fingerprint", print.as_str())];
    let begun = begin(&service, "qian", whole.len(), &named);
    assert_eq!(begun.status, 201);
    let path = begun.field("location").to_owned();
    let first = 20_000_000;
    assert_eq!(piece(&service, "qian", &path, 0, &part(&office, &whole[..first])).status, 204);
    assert_eq!(offset(&service, "qian", &path), first);
    let foreign = service.call("zhang", "HEAD", &path, &TUS);
    assert_eq!(foreign.status, 404, "an upload is seen by who began it");
    let wrong = piece(&service, "qian", &path, 5, &part(&office, &whole[5..100]));
    assert_eq!((wrong.status, wrong.code().as_str()), (409, "upload-offset"));

    service.killed().expect("comes back");
    signed_in(&office, &service, &["qian"]);
    let at = offset(&service, "qian", &path);
    assert_eq!(at, 16 << 20, "what was made durable is there");
    let listed = service.ask("qian", "/api/v1/uploads");
    assert_eq!(listed["items"][0]["name"], "执法记录 1.MP4", "the path of another machine is gone");
    assert_eq!(listed["items"][0]["fingerprint"], print, "it is known again after the kill");
    let odd = begin(&service, "qian", 5, &[("filename", "a.mp4"), ("fingerprint", "its ends")]);
    assert_eq!((odd.status, odd.code().as_str()), (400, "argument-invalid"));
    let ended = piece(&service, "qian", &path, at, &part(&office, &whole[at..]));
    assert_eq!((ended.status, ended.field("upload-recording")), (204, id.as_str()));
    assert_eq!(ended.field("upload-duplicate"), "false");
    let asked = service.ask("qian", &format!("/api/v1/recordings/{id}"));
    assert_eq!((&asked["bytes"], &asked["case"]), (&json!(whole.len()), &json!("")));
    let got = service.call("qian", "HEAD", &path, &TUS);
    assert_eq!(got.field("upload-recording"), id, "an answer that was lost can be asked for");
    let verified = office.ctl.call(&["verify", "--all", "--json"]).expect("vaultctl");
    assert_eq!(verified.code, 0, "{}", verified.err);

    let again = begin(&service, "qian", whole.len(), &[("filename", "b.mp4")]);
    let twin = piece(&service, "qian", again.field("location"), 0, &part(&office, &whole));
    assert_eq!((twin.field("upload-recording"), twin.field("upload-duplicate")), (&*id, "true"));
    let earlier = twin.field("upload-earlier");
    let said = |name: &str| {
        let mut pairs = earlier.split(',').filter_map(|pair| pair.split_once(' '));
        let (_, text) = pairs.find(|(known, _)| *known == name).expect("said");
        String::from_utf8(STANDARD.decode(text).expect("Base64")).expect("text")
    };
    let row = service.ask("qian", &format!("/api/v1/recordings/{id}"));
    for (name, known) in [("by", "received_by"), ("at", "received"), ("case", "case")] {
        assert_eq!(said(name), row[known].as_str().expect("known"), "as the page says");
    }
}

#[test]
fn what_differs_from_its_digest_is_refused_and_leaves_nothing() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian"]);
    let whole = bytes(3_000_000);
    let other = "ab".repeat(32);
    let begun = begin(&service, "qian", whole.len(), &[("filename", "a"), ("blake3", &other)]);
    let path = begun.field("location").to_owned();
    let ended = piece(&service, "qian", &path, 0, &part(&office, &whole));
    assert_eq!((ended.status, ended.code().as_str()), (422, "upload-differs"));
    assert_eq!(service.call("qian", "HEAD", &path, &TUS).status, 404);
    assert_eq!(service.ask("qian", "/api/v1/recordings")["items"], json!([]));
    let staging = office.ctl.vault().join("store/staging");
    let left = std::fs::read_dir(&staging).expect("staging").count();
    assert_eq!(left, 0, "nothing is left in staging");
    for (pairs, code) in [
        (&[("filename", "")][..], "label-invalid"),
        (&[("filename", "a\u{202e}gpm.exe")][..], "label-invalid"),
        (&[("filename", "a"), ("secrecy", "state-secret")][..], "state-secret-refused"),
        (&[("filename", "a"), ("blake3", "xyz")][..], "argument-invalid"),
    ] {
        assert_eq!(begin(&service, "qian", 10, pairs).code(), code, "{pairs:?}");
    }
    assert_eq!(begin(&service, "qian", 2 << 40, &[("filename", "a")]).status, 413);
    let checked = begin(&service, "qian", 3, &[("filename", "c.txt")]);
    let words = [
        &TUS[..],
        &["--header", "Upload-Offset: 0", "--header", "Upload-Checksum: sha256 AAAA"],
        &["--header", "Content-Type: application/offset+octet-stream", "--data-binary", "abc"],
    ];
    let path = checked.field("location");
    assert_eq!(service.call("qian", "PATCH", path, &words.concat()).status, 460);
    assert_eq!(offset(&service, "qian", path), 0);
    let more = piece(&service, "qian", path, 0, &part(&office, b"abcdef"));
    assert_eq!(more.status, 413, "more than was announced");
    let gone = service.call("qian", "DELETE", path, &TUS);
    assert_eq!((gone.status, service.call("qian", "HEAD", path, &TUS).status), (204, 404));
}

fn film(office: &Office) -> (PathBuf, Vec<u8>, String) {
    let file = office.path("现场.mp4");
    let made = Command::new("ffmpeg")
        .args("-v error -f lavfi -i testsrc2=d=20:s=960x540:r=25,noise=alls=80:allf=t -f lavfi -i sine=d=20".split(' '))
        .args("-pix_fmt yuv420p -b:v 9M".split(' '))
        .arg(&file)
        .status();
    assert!(made.expect("ffmpeg").success());
    let bytes = std::fs::read(&file).expect("file");
    let id = blake3::hash(&bytes).to_hex().to_string();
    (file, bytes, id)
}

fn done(reply: &Reply) -> Value {
    assert!((200..300).contains(&reply.status), "{}: {}", reply.status, reply.json());
    reply.json()
}

/// Labels, the case file, its end and its closing.
fn archived(service: &Service, id: &str) {
    assert_eq!(service.ask("qian", "/api/v1/tray")["items"][0]["recording"], id);
    let labels = json!({"case": CASE, "counterpart": "某协会", "handler": "张三",
        "activity": "inspection"});
    let path = format!("/api/v1/recordings/{id}/labels");
    done(&service.send("qian", "PATCH", &path, &labels));
    assert_eq!(service.send("qian", "PATCH", &path, &labels).code(), "labels-given");
    assert_eq!(service.ask("qian", "/api/v1/tray")["items"], json!([]));
    let case = json!({"case": CASE, "title": "违规收费", "counterpart": "某协会", "unit": "执法科",
        "officers": [{"name": "张三", "certificate": "吉001"}, {"name": "李四", "certificate": "吉002"}],
        "opened_on": "2026-01-05"});
    done(&service.send("zhang", "POST", "/api/v1/cases", &case));
    let path = "/api/v1/cases/%E5%90%89%E6%B0%91%E7%BD%9A%E3%80%942026%E3%80%959%E5%8F%B7";
    let file = format!("{path}/documents?type=inquiry-record&filename=a.pdf&on=2026-01-06");
    done(&service.call("zhang", "POST", &file, &["--data-binary", "%PDF-1.7 ..."]));
    done(&service.send("zhang", "POST", &format!("{path}/end"), &json!({"on": "2026-01-20"})));
    let close = format!("{path}/close");
    assert_eq!(service.send("zhang", "POST", &close, &json!({})).code(), "act-denied");
    assert_eq!(service.send("zhao", "POST", &close, &json!({})).code(), "case-step-refused");
    done(&service.send("zhao", "POST", &close, &json!({"note": "文书在纸质卷"})));
    let shown = done(&service.call("zhang", "GET", path, &[]));
    assert_eq!(shown["contents"].as_array().map(Vec::len), Some(2));
}

/// Request to grant; gives the number.
fn granted(service: &Service, id: &str, mode: &str, applicant: Value, leader: &str) -> String {
    let new = json!({"recordings": [id], "mode": mode, "copies": 1, "days": 7,
        "purpose": "复议举证", "applicant": applicant});
    let made = done(&service.send("zhang", "POST", "/api/v1/requests", &new));
    let number = made["request"].as_str().expect("a number").to_owned();
    let step = |person: &str, what: &str, body: Value| {
        service.send(person, "POST", &format!("/api/v1/requests/{number}/{what}"), &body)
    };
    let consent = json!({"consent": true});
    let own = step("zhang", "decision", consent.clone());
    assert_eq!((own.status, own.code().as_str()), (403, "act-denied"), "never on his own");
    let other = if leader == "li" { "wang" } else { "li" };
    assert_eq!(step(other, "decision", consent.clone()).code(), "act-denied");
    assert_eq!(step("qian", "grant", json!({})).code(), "access-step-refused");
    done(&step(leader, "decision", consent));
    done(&step("qian", "notice", json!({})));
    done(&step(leader, "signature", json!({})));
    let given = done(&step("qian", "grant", json!({})));
    assert_eq!((&given["state"], &given["grant"]), (&json!("granted"), &json!(number)));
    number
}

#[test]
fn a_recording_from_its_upload_to_the_court_and_the_end_of_its_grant() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), false).expect("service");
    signed_in(&office, &service, &["zhang", "li", "wang", "zhao", "qian", "sys"]);
    let (file, film, id) = film(&office);
    let begun = begin(&service, "qian", film.len(), &[("filename", "现场.mp4")]);
    let ended = piece(&service, "qian", begun.field("location"), 0, &file);
    assert_eq!(ended.field("upload-recording"), id);
    let content = format!("/api/v1/recordings/{id}/content");
    let before = service.call("zhang", "GET", &content, &[]);
    assert!(before.body == film, "the unit's own, to label and transcribe it");
    archived(&service, &id);
    for person in ["zhang", "qian", "li", "wang", "zhao", "sys"] {
        let refused = service.call(person, "GET", &content, &[]);
        assert_eq!((refused.status, refused.code().as_str()), (403, "grant-needed"), "{person}");
    }
    let grant = granted(&service, &id, "view", Value::Null, "li");
    let under = format!("{content}?grant={grant}");
    let ranged = service.call("zhang", "GET", &under, &["--header", "Range: bytes=100-299"]);
    assert_eq!((ranged.status, &ranged.body[..]), (206, &film[100..300]));
    assert_eq!(ranged.field("content-range"), format!("bytes 100-299/{}", film.len()));
    assert_eq!(ranged.field("etag"), format!("\"{id}\""));
    let whole = service.call("zhang", "GET", &under, &[]);
    assert!(whole.status == 200 && whole.body == film);
    let beyond = format!("Range: bytes={}-", film.len());
    assert_eq!(service.call("zhang", "GET", &under, &["--header", &beyond]).status, 416);
    assert_eq!(service.call("li", "GET", &under, &[]).code(), "grant-needed");
    a_grant_that_ends_cuts_its_stream(&service, &grant, &under, &film);
    to_the_court(&office, &service, &id, &film);
    a_stretch_alone(&office, &service, &id, &film);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("vaultctl").code, 0);
}

/// A slow reader is cut within two seconds of the revocation.
fn a_grant_that_ends_cuts_its_stream(service: &Service, grant: &str, under: &str, film: &[u8]) {
    assert!(film.len() > 12_000_000, "more than what lies in buffers: {}", film.len());
    let address = format!("{}{under}", service.url());
    let mut reading =
        service.curl("zhang", &[&address]).stdout(Stdio::piped()).spawn().expect("curl");
    let mut out = reading.stdout.take().expect("output");
    let mut some = vec![0; 64 * 1_024];
    for _ in 0..10 {
        out.read_exact(&mut some).expect("it is read");
        std::thread::sleep(Duration::from_millis(100));
    }
    let path = format!("/api/v1/requests/{grant}/revocation");
    done(&service.send("li", "POST", &path, &json!({"reason": "撤回"})));
    let revoked = Instant::now();
    std::thread::sleep(Duration::from_millis(1_500));
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).expect("what was on its way");
    assert!(revoked.elapsed() < Duration::from_secs(3), "it goes on after the revocation");
    assert!(!reading.wait().expect("ends").success(), "it was cut, not finished");
    assert!(rest.len() < film.len() - 10 * some.len(), "{} bytes came after", rest.len());
    assert_eq!(service.call("zhang", "GET", under, &[]).code(), "grant-needed");
}

fn verified(package: &Path) -> bool {
    let verify = built("vault-verify").expect("vault-verify");
    Command::new(verify).arg(package).output().expect("runs").status.success()
}

/// The files of a ZIP whose paths are like that, one behind the other.
fn unzipped(package: &Path, like: &str) -> String {
    let read = Command::new("unzip").arg("-p").arg(package).arg(like).output().expect("unzip");
    String::from_utf8_lossy(&read.stdout).into_owned()
}

fn to_the_court(office: &Office, service: &Service, id: &str, film: &[u8]) {
    // The same file received for another case is none of the court's business.
    let again = office.text("又一份.mp4");
    std::fs::write(&again, film).expect("file");
    let labels = ["--case", "吉民罚〔2026〕99号", "--counterpart", "无关协会", "--handler", "李四"];
    let call = [&["ingest", &again, "--activity", "inspection"], &labels[..]].concat();
    office.done("qian", &call);
    let court = json!({"kind": "outside-body", "name": "某法院", "unit": "行政庭"});
    let grant = granted(service, id, "copy", court, "wang");
    let path = format!("/api/v1/requests/{grant}/copies");
    let to = json!({"to": "某娱乐公司"});
    let other = service.send("qian", "POST", &path, &to);
    assert_eq!((other.status, other.code().as_str()), (403, "recipient-other"));
    let to = json!({"to": "某法院"});
    let made = done(&service.send("qian", "POST", &path, &to));
    let again = service.send("qian", "POST", &path, &to);
    assert_eq!((again.status, again.code().as_str()), (403, "grant-needed"), "one copy, no second");
    let package = office.path("package.zip");
    let where_to = made["package"].as_str().expect("a path");
    let collected = service.call("qian", "GET", where_to, &[]);
    assert_eq!(collected.status, 200);
    std::fs::write(&package, &collected.body).expect("file");
    assert!(verified(&package));
    assert!(collected.body.windows(64).any(|part| part == &film[..64]), "the original is in it");
    let record = unzipped(&package, "*/record.json");
    assert!(record.contains("某协会") && !record.contains("无关协会"), "{record}");
    let mut code = json!({"request": grant, "copy": 1, "code": made["pick_up_code"]});
    let by_code = service.send("", "POST", "/api/v1/pick-up", &code);
    assert!(by_code.status == 200 && by_code.body == collected.body);
    code["code"] = json!("AAAAAAAAAAAAAAAA");
    assert_eq!(service.send("", "POST", "/api/v1/pick-up", &code).code(), "copy-unknown");
    assert_eq!(service.call("li", "GET", where_to, &[]).code(), "act-denied");
    let revoke = format!("/api/v1/requests/{grant}/revocation");
    done(&service.send("wang", "POST", &revoke, &json!({"reason": "终止"})));
    code["code"] = made["pick_up_code"].clone();
    assert_eq!(service.send("", "POST", "/api/v1/pick-up", &code).code(), "copy-withdrawn");
    assert_eq!(service.call("qian", "GET", where_to, &[]).status, 200, "the office keeps it");
    let kinds = service.ask("qian", &format!("/api/v1/recordings/{id}/events?limit=200"));
    let kinds = kinds["items"].to_string();
    for kind in
        ["access.read", "access.copy-handed-out", "access.copy-kept", "access.copy-collected"]
    {
        assert!(kinds.contains(&format!("\"{kind}\"")), "{kind} is on record");
    }
    for at in [100, collected.body.len() / 2, collected.body.len() - 30] {
        let mut damaged = collected.body.clone();
        damaged[at] ^= 1;
        std::fs::write(&package, damaged).expect("file");
        assert!(!verified(&package), "a changed byte at {at} is found");
    }
}

/// A program says so, in the directory of the package.
fn agrees(package: &Path, program: &Path, words: &[&str]) -> bool {
    let mut command = Command::new(program);
    let run = command.args(words).current_dir(package).output();
    run.unwrap_or_else(|error| panic!("{}: {error}", program.display())).status.success()
}

/// What programs nobody here wrote say of an unpacked package: bagit.py, sha256sum, b3sum.
fn strangers_agree(package: &Path) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("root");
    let bagit = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
    let sums = Path::new("sha256sum");
    agrees(package, &root.join(".cache/venv/bin/python"), &["-c", bagit, "."])
        && agrees(package, sums, &["--check", "--strict", "--quiet", "manifest-sha256.txt"])
        && agrees(package, sums, &["--check", "--strict", "--quiet", "tagmanifest-sha256.txt"])
        && agrees(
            package,
            &root.join(".cache/cargo/bin/b3sum"),
            &["--check", "--quiet", "manifest-blake3.txt"],
        )
}

fn openssl(file: &Path) -> String {
    let said = Command::new("openssl").args(["dgst", "-sha256", "-r"]).arg(file).output();
    let said = String::from_utf8(said.expect("openssl").stdout).expect("text");
    said.split_whitespace().next().expect("a digest").to_owned()
}

/// A grant for a stretch: the whole is refused, its excerpt is read in ranges and handed out; every
/// program agrees with the package, every change of each of its files is found, and the end of the
/// grant is the end of reading.
fn a_stretch_alone(office: &Office, service: &Service, id: &str, film: &[u8]) {
    let new = json!({"recordings": [id], "mode": "copy", "copies": 1, "days": 7,
        "stretch_ms": [5_000, 8_000], "purpose": "只看一段"});
    let made = done(&service.send("zhang", "POST", "/api/v1/requests", &new));
    let number = made["request"].as_str().expect("a number").to_owned();
    let step = |person: &str, what: &str, body: Value| {
        done(&service.send(person, "POST", &format!("/api/v1/requests/{number}/{what}"), &body))
    };
    step("li", "decision", json!({"consent": true}));
    step("qian", "notice", json!({}));
    let scan = vault_tests::media::scan("signed");
    let path = format!("/api/v1/requests/{number}/scan");
    std::fs::write(office.path("scan.pdf"), &scan).expect("file");
    let body = format!("@{}", office.path("scan.pdf").display());
    done(&service.call("qian", "POST", &path, &["--data-binary", &body]));
    let shown = service.call("zhang", "GET", &path, &[]);
    assert_eq!((shown.field("content-type"), &shown.body[..]), ("application/pdf", &scan[..]));
    assert_eq!(service.call("sys", "GET", &path, &[]).code(), "act-denied");
    step("qian", "grant", json!({}));

    let whole = format!("/api/v1/recordings/{id}/content?grant={number}");
    assert_eq!(service.call("zhang", "GET", &whole, &[]).code(), "grant-needed");
    let product = format!("/api/v1/recordings/{id}/products/poster?grant={number}");
    assert_eq!(service.call("zhang", "GET", &product, &[]).code(), "grant-needed");
    let path = format!("/api/v1/recordings/{id}/excerpt?grant={number}");
    assert_eq!(service.call("li", "GET", &path, &[]).code(), "grant-needed");
    let excerpt = service.call("zhang", "GET", &path, &[]);
    assert_eq!((excerpt.status, excerpt.field("content-type")), (200, "video/mp4"));
    let covers: Vec<u64> =
        excerpt.field("excerpt-covers-ms").split('-').map(|ms| ms.parse().expect("ms")).collect();
    assert!(covers[0] <= 5_000 && (7_900..=8_100).contains(&covers[1]), "{covers:?}");
    assert!(excerpt.body.len() < film.len() / 2);
    let ranged = service.call("zhang", "GET", &path, &["--header", "Range: bytes=100-299"]);
    assert_eq!((ranged.status, &ranged.body[..]), (206, &excerpt.body[100..300]));

    let copies = format!("/api/v1/requests/{number}/copies");
    let made = done(&service.send("qian", "POST", &copies, &json!({"to": "某法院"})));
    let zip = service.call("qian", "GET", made["package"].as_str().expect("a path"), &[]);
    std::fs::write(office.path("stretch.zip"), &zip.body).expect("file");
    let place = office.path("unpacked");
    std::fs::create_dir(&place).expect("directory");
    assert!(agrees(&place, Path::new("unzip"), &["-q", "../stretch.zip"]));
    let package = place.join(made["mark"].as_str().expect("a mark"));
    assert!(verified(&package) && strangers_agree(&package));
    let files = crate::package::files(&package);
    assert!(files.values().any(|file| *file == excerpt.body), "what was read is what is given");
    let sums = String::from_utf8(files["manifest-sha256.txt"].clone()).expect("text");
    for name in files.keys().filter(|name| name.starts_with("data/forms/")) {
        assert!(sums.contains(&format!("{}  {name}\n", openssl(&package.join(name)))), "{name}");
    }
    let clue = format!("/api/v1/copies?mark={}", made["mark"].as_str().expect("a mark"));
    let found = service.ask("li", &clue)["items"].clone();
    assert_eq!(found[0]["package_sha256"], openssl(&package.join("package.sig")).as_str());
    assert_eq!((&found[0]["to"], found.as_array().map(Vec::len)), (&json!("某法院"), Some(1)));
    for (name, bytes) in &files {
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        let file = package.join(name);
        crate::story::overwrite(&file, &changed);
        assert!(!verified(&package), "a changed {name} is found");
        crate::story::overwrite(&file, bytes);
    }
    assert!(verified(&package), "the control: all is as it was");
    let kept = made["package"].as_str().expect("a path");
    assert_eq!(service.call("zhang", "GET", kept, &[]).status, 200, "her own, while it holds");
    done(&service.send(
        "li",
        "POST",
        &format!("/api/v1/requests/{number}/revocation"),
        &json!({"reason": "结案"}),
    ));
    assert_eq!(service.call("zhang", "GET", &path, &[]).code(), "grant-needed");
    let withdrawn = service.call("zhang", "GET", kept, &[]);
    assert_eq!((withdrawn.status, withdrawn.code().as_str()), (403, "copy-withdrawn"));
    assert!(withdrawn.json()["next"].is_string(), "and what she can do");
}

fn raw(service: &Service, text: &[u8]) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", service.port())).expect("connects");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    socket.write_all(text).ok();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn resident_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a line");
    line.split_whitespace().nth(1).and_then(|count| count.parse().ok()).expect("a number")
}

#[test]
fn what_hostile_clients_send_is_refused_and_everybody_else_is_served() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian"]);
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n", "a".repeat(40_000));
    assert!(raw(&service, long.as_bytes()).starts_with("HTTP/1.1 431"));
    assert!(raw(&service, b"\x16\x03\x01\0\xff nonsense\r\n\r\n").contains("400"));
    let body = part(&office, &vec![b' '; 3 << 20]);
    let words = ["--header", "content-type: application/json", "--data-binary"];
    let at = format!("@{}", body.display());
    let large = service.call("qian", "POST", "/api/v1/cases", &[&words[..], &[&at]].concat());
    assert_eq!(large.status, 413);
    let bad = service.call("qian", "POST", "/api/v1/cases", &[&words[..], &["{\"a\":"]].concat());
    assert_eq!((bad.status, bad.field("content-type")), (400, "application/problem+json"));
    // In both languages, so that a page that changes its own shows it in the other.
    let said = bad.json();
    assert_eq!(said["detail"], said["words"]["zh-CN"]["detail"]);
    assert!(said["words"]["en"]["next"].as_str().is_some_and(str::is_ascii), "{said}");
    let elsewhere = ["--header", "Origin: https://evil.example"];
    let crossed = service.call("qian", "POST", "/api/v1/ledger/checkpoint", &elsewhere);
    assert_eq!((crossed.status, crossed.code().as_str()), (403, "act-denied"));
    let site = ["--header", "Sec-Fetch-Site: cross-site"];
    assert_eq!(service.call("qian", "POST", "/api/v1/ledger/checkpoint", &site).status, 403);
    for path in ["/api/v1/nothing", "/api/v1/recordings/zz", "/ledger/tile/../../secrets/vault.key"]
    {
        let reply = service.call("qian", "GET", path, &["--path-as-is"]);
        assert!(reply.status == 404 || reply.status == 400, "{path}: {}", reply.status);
    }
    let old = service.call("qian", "POST", "/api/v1/uploads", &["--header", "Upload-Length: 1"]);
    assert_eq!((old.status, old.field("tus-version")), (412, "1.0.0"), "no version");

    let before = resident_kib(service.id());
    let idle: Vec<_> = (0..1_000)
        .map(|_| TcpStream::connect(("127.0.0.1", service.port())).expect("connects"))
        .collect();
    for mut socket in &idle {
        socket.write_all(b"GET /healthz HTTP/1.1\r\nHo").expect("written");
    }
    assert_eq!(
        service.call("qian", "GET", "/api/v1/session", &[]).status,
        200,
        "others are served"
    );
    let after = resident_kib(service.id());
    assert!(after < before + 100 * 1_024, "{before} KiB, then {after} KiB");
    drop(idle);
    let begun = Instant::now();
    assert!(raw(&service, b"GET /healthz HTTP/1.1\r\nHo").is_empty());
    assert!(begun.elapsed() < Duration::from_secs(18), "a head that never ends is not waited for");
}

#[test]
fn guessing_is_slowed_down_and_a_session_ends_with_its_account() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian", "sec"]);
    for _ in 0..6 {
        let refused = service.sign_in("li", "wrong-password");
        assert_eq!((refused.status, refused.code().as_str()), (401, "sign-in-failed"));
    }
    let waits = service.sign_in("li", "wrong-password");
    assert_eq!((waits.status, waits.code().as_str()), (429, "too-many-attempts"));
    assert!(waits.field("retry-after").parse::<u64>().is_ok_and(|seconds| seconds <= 300));
    assert_eq!(service.sign_in("nobody", "wrong-password").code(), "sign-in-failed");
    assert_eq!(service.ask("qian", "/api/v1/session")["person"], "qian");
    let disabled =
        service.send("sec", "POST", "/api/v1/people/qian/disabling", &json!({"reason": "离岗"}));
    assert_eq!(disabled.status, 204);
    assert_eq!(service.call("qian", "GET", "/api/v1/session", &[]).code(), "sign-in-needed");
    let once = ["--header", "Idempotency-Key: 1", "--header", "content-type: application/json"];
    let own = [&once[..], &["--data-binary", r#"{"trigger":"x"}"#]].concat();
    let unknown = service.call("sec", "POST", "/api/v1/recordings/ab/triggers", &own);
    assert_eq!(unknown.status, 400);
    let key = ["--header", "Idempotency-Key: 2"];
    let state = |service: &Service| service.call("", "GET", "/metrics", &[]);
    let events = |text: Reply| {
        let text = String::from_utf8(text.body).expect("text");
        let line = text.lines().find(|line| line.starts_with("vault_events ")).expect("a line");
        line.to_owned()
    };
    signed_in(&office, &service, &["aud"]);
    let path = "/api/v1/ledger/checkpoint";
    let first = service.call("aud", "POST", path, &key);
    let before = events(state(&service));
    let second = service.call("aud", "POST", path, &key);
    assert_eq!((first.status, &first.body), (200, &second.body), "the same answer");
    assert_eq!(before, events(state(&service)), "and nothing was done twice");
}

#[test]
fn the_first_set_up_wants_the_code_of_the_machine_and_happens_once() {
    let directory = tempfile::tempdir().expect("directory");
    let ctl = Vaultctl::on(&directory.path().join("vault")).expect("vaultctl");
    assert_eq!(ctl.init().expect("init").code, 0);
    let service = Service::on(ctl.vault(), true).expect("service");
    assert_eq!(service.call("", "GET", "/api/v1/set-up", &[]).json(), json!({"awaited": true}));
    let file = ctl.vault().join("set-up-code");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).expect("a file"));
    assert_eq!(mode & 0o777, 0o600, "for the service's own user alone");
    let code = std::fs::read_to_string(&file).expect("the code").trim().to_owned();
    let one = |login: &str, password: &str| json!({"login": login, "person": login, "unit": "信息科", "password": password});
    let told = |code: &str, audit: Value| {
        json!({"code": code, "system": one("sys", "given-sys-1"),
        "security": one("sec", "given-sec-1"), "audit": audit})
    };
    let refused = |told: &Value, status: u16, code: &str| {
        let reply = service.send("", "POST", "/api/v1/set-up", told);
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
        let people = ctl.call(&["people", "list", "--json"]).expect("list");
        assert!(!people.out.contains("sys"), "all three or none: {}", people.out);
    };
    let audit = || one("aud", "given-aud-1");
    refused(&told("0000-0000-0000-0000-0000", audit()), 401, "set-up-code-wrong");
    refused(&told("", audit()), 401, "set-up-code-wrong");
    refused(&told(&code, one("SYS", "given-aud-1")), 409, "account-taken");
    refused(&told(&code, one("aud", "short")), 400, "password-refused");
    refused(&told(&code, one("a d", "given-aud-1")), 400, "label-invalid");
    let typed = code.to_lowercase().replace('-', " ");
    assert_eq!(service.send("", "POST", "/api/v1/set-up", &told(&typed, audit())).status, 201);
    assert!(!file.exists(), "the code is gone");
    assert_eq!(service.call("", "GET", "/api/v1/set-up", &[]).json(), json!({"awaited": false}));
    let again = json!({"code": code, "system": one("x1", "given-sys-1"),
        "security": one("x2", "given-sec-1"), "audit": one("x3", "given-aud-1")});
    let reply = service.send("", "POST", "/api/v1/set-up", &again);
    assert_eq!((reply.status, reply.code().as_str()), (403, "act-denied"));
    // What somebody else typed serves only to set one's own password.
    assert_eq!(service.sign_in("sys", "given-sys-1").code(), "password-not-own");
    let own = json!({"login": "sys", "password": "given-sys-1", "new_password": "own-of-sys-1"});
    assert_eq!(service.send("", "POST", "/api/v1/session/password", &own).status, 204);
    assert_eq!(service.sign_in("sys", "own-of-sys-1").status, 200);
    assert_eq!(ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

#[test]
fn every_route_is_described_asks_for_an_act_and_is_closed_to_strangers() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    let served = service.call("", "GET", "/api/openapi.json", &[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("root");
    let committed = std::fs::read(root.join("vault-server/openapi.json")).expect("committed");
    assert!(served.body == committed, "run: vault-server openapi > vault-server/openapi.json");
    let acts: Vec<&str> = vault_core::policy::Act::ALL.iter().map(|act| act.as_str()).collect();
    let open = ["people.sign-in", "people.set-up", "public"];
    let document = served.json();
    let mut routes = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let act = operation["x-act"].as_str().expect("an act");
            let known = acts.contains(&act) || ["session", "public"].contains(&act);
            assert!(known, "{method} {path}: {act}");
            routes += 1;
            let stranger_may = open.contains(&act) && method != "get"
                || path.ends_with("/pick-up")
                || path.ends_with("/set-up")
                || path.ends_with("/sign-in")
                || path.contains("/sign-in/provider")
                || path.ends_with("/session/password");
            if stranger_may && !path.ends_with("/confirmation") {
                continue;
            }
            let path = path.replace("{id}", "ab").replace("{copy}", "1").replace("{version}", "1");
            let path = path.replace(['{', '}'], "");
            let reply = service.call("", &method.to_uppercase(), &path, &[]);
            assert_eq!(reply.status, 401, "{method} {path}");
        }
    }
    assert!(routes > 50, "{routes}");
}

#[test]
fn lists_are_narrowed_by_kind_and_day_and_the_ledger_is_searched() {
    let office = Office::new();
    let (_, id) = office.recording();
    let text = office.path("说明.txt");
    std::fs::write(&text, "not media").expect("file");
    let path = text.display().to_string();
    let about = ["--case", CASE, "--counterpart", "某", "--handler", "zhang"];
    office.done("zhang", &[&["ingest", &path, "--activity", "inspection"][..], &about].concat());
    office.done("", &["jobs", "run"]);
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian", "aud"]);
    let names = |query: &str| {
        let said = service.ask("qian", &format!("/api/v1/recordings?{query}"));
        let rows = said["items"].as_array().expect("rows").iter();
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("newest=true"), ["说明.txt", "现场.mp4"]);
    assert_eq!(names("newest=true&limit=1"), ["说明.txt"]);
    let page = service.ask("qian", "/api/v1/recordings?newest=true&limit=1");
    let next = format!("newest=true&limit=1&after={}", page["next"]);
    assert_eq!(names(&next), ["现场.mp4"], "the next page leads back");
    assert_eq!(names("medium=video"), ["现场.mp4"]);
    assert_eq!(names("from=2020-01-01&to=2020-12-31"), Vec::<String>::new());
    assert_eq!(names("from=2020-01-01&to=2199-12-31").len(), 2);
    assert_eq!(service.call("qian", "GET", "/api/v1/recordings?from=yesterday", &[]).status, 400);

    let found =
        |query: &str| service.ask("aud", &format!("/api/v1/events?{query}"))["items"].clone();
    let all = found("newest=true");
    assert!(all[0]["seq"].as_u64() > all[1]["seq"].as_u64(), "the newest first");
    let about = found(&format!("newest=true&about={id}%20zhang"));
    let about = about.as_array().expect("events");
    assert!(!about.is_empty() && about.iter().all(|one| one["person"] == "zhang"), "{about:?}");
    assert_eq!(found("about=no-such-thing"), json!([]));
    assert_eq!(found("to=2020-12-31"), json!([]));
    assert_eq!(service.call("qian", "GET", "/api/v1/events?about=x", &[]).status, 403);
}

#[test]
fn many_parts_of_one_recording_are_opened_at_once() {
    let office = Office::new();
    let (_, id) = office.recording();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["zhang"]);
    let url = format!("{}/api/v1/recordings/{id}/content", service.url());
    let begun = Instant::now();
    let mut asked: Vec<_> = (0..16)
        .map(|_| {
            let words = ["--fail", "--output", "/dev/null", url.as_str()];
            service.curl("zhang", &words).spawn().expect("curl")
        })
        .collect();
    assert!(asked.iter_mut().all(|one| one.wait().expect("ends").success()), "one was refused");
    assert!(begun.elapsed() < Duration::from_secs(20), "they waited for each other");
}

#[test]
fn a_duplicate_without_labels_has_those_of_its_recording() {
    let office = Office::new();
    let (film, id) = office.recording();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian"]);
    let bytes = std::fs::read(film).expect("film");
    let path = begin(&service, "qian", bytes.len(), &[("filename", "x.mp4")]);
    let path = path.field("location").to_owned();
    let received = piece(&service, "qian", &path, 0, &part(&office, &bytes));
    assert_eq!((received.status, received.field("upload-duplicate")), (204, "true"));
    assert_eq!(service.ask("qian", "/api/v1/tray")["items"], json!([]), "nothing waits");
    let labels =
        json!({"case": CASE, "counterpart": "某", "handler": "某", "activity": "inspection"});
    let path = format!("/api/v1/recordings/{id}/labels");
    assert_eq!(service.send("qian", "PATCH", &path, &labels).code(), "labels-given");
}

/// Turns a bit in every manifest of a vault; a second time, all are as they were.
fn turn_a_bit_in_every_manifest(vault: &Path) {
    let manifests = vault.join("store/manifests");
    for shard in std::fs::read_dir(manifests).expect("manifests") {
        for file in std::fs::read_dir(shard.expect("a shard").path()).expect("a shard") {
            let path = file.expect("a file").path();
            let mut bytes = std::fs::read(&path).expect("a manifest");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            let mut mode = std::fs::metadata(&path).expect("there").permissions();
            mode.set_mode(0o644);
            std::fs::set_permissions(&path, mode).expect("set");
            std::fs::write(&path, bytes).expect("written");
        }
    }
}

#[test]
fn a_manifest_that_changes_between_two_readings_is_not_taken_from_memory() {
    let office = Office::new();
    let (film, id) = office.recording();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["zhang"]);
    let url = format!("{}/api/v1/recordings/{id}/content", service.url());
    let read = || {
        let words = ["--fail", "--silent", "--range", "1-", url.as_str()];
        let answer = service.curl("zhang", &words).output().expect("curl");
        (answer.status.success(), answer.stdout)
    };
    let whole = std::fs::read(film).expect("film");
    assert_eq!(read(), (true, whole[1..].to_vec()));
    assert_eq!(read(), (true, whole[1..].to_vec()), "from memory");
    turn_a_bit_in_every_manifest(office.ctl.vault());
    assert_eq!(read(), (false, Vec::new()), "damaged");
    turn_a_bit_in_every_manifest(office.ctl.vault());
    assert_eq!(read(), (false, Vec::new()), "what was met is on record until it is found whole");
    office.done("", &["verify", &id]);
    assert_eq!(read(), (true, whole[1..].to_vec()), "as it was");
}

#[test]
fn who_keeps_the_machine_sees_how_it_stands_and_no_names() {
    let office = Office::new();
    let (_, id) = office.recording();
    turn_a_bit_in_every_manifest(office.ctl.vault());
    office.call("", &["verify", "--all"]);
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["zhang", "sys"]);
    let (seen, kept) =
        (service.ask("sys", "/api/v1/integrity"), service.ask("zhang", "/api/v1/integrity"));
    assert_eq!((&seen["damaged_ids"], &seen["damaged"]), (&json!([id]), &json!([])));
    assert_eq!(kept["damaged"][0]["recording"], id, "who reads the catalogue sees what it is");
    for path in ["/api/v1/stores", "/api/v1/tiers", "/api/v1/backups"] {
        assert_eq!(service.call("sys", "GET", path, &[]).status, 200, "{path}");
    }
    for path in ["/api/v1/recordings", "/api/v1/volumes"] {
        assert_eq!(service.call("sys", "GET", path, &[]).status, 403, "{path}");
    }
    assert_eq!(office.waiting("sys", "damaged"), 1, "and is told of it");
}
