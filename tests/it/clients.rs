//! Clients that nobody here wrote, with media, whatever is killed half-way: tuspy, tus-js-client
//! with parts side by side, curl with ranges (R08, R10; tus 1.0, RFC 9110 §14).

use crate::collect::station;
use crate::kill::root;
use crate::office::Office;
use serde_json::json;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use vault_tests::program::cached;
use vault_tests::service::{Reply, Service};

const TUS: [&str; 2] = ["--header", "Tus-Resumable: 1.0.0"];

/// A film of some size, made in moments: pictures as they come from a sensor.
fn film(office: &Office, name: &str, frames: u32) -> (PathBuf, Vec<u8>, String) {
    let file = office.path(name);
    let made = Command::new("ffmpeg")
        .args("-v error -f lavfi -i testsrc2=s=1280x720:r=25 -f lavfi -i sine".split(' '))
        .args(["-frames:v", &frames.to_string(), "-shortest"])
        .args("-pix_fmt yuv420p -c:v rawvideo -c:a pcm_s16le".split(' '))
        .arg(&file)
        .status();
    assert!(made.expect("ffmpeg").success());
    let bytes = std::fs::read(&file).expect("file");
    let id = blake3::hash(&bytes).to_hex().to_string();
    (file, bytes, id)
}

/// Bytes of uploads this process of the service took in so far.
fn taken(service: &Service) -> u64 {
    let text = service.call("", "GET", "/metrics", &[]).body;
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().find(|line| line.starts_with("vault_uploaded_bytes_total "));
    line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0)
}

/// Runs a client and kills the service once so many bytes came in; gives what the client said, and
/// how many bytes it had to send after the kill.
fn killed_at(service: &mut Service, client: &mut Command, bytes: u64) -> (Output, u64) {
    let client = client.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // What earlier clients brought to this process does not count.
    let before = taken(service);
    let running = client.spawn().expect("starts");
    let begun = Instant::now();
    while taken(service) < before + bytes {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing comes");
        std::thread::sleep(Duration::from_millis(2));
    }
    service.killed().expect("comes back");
    let output = running.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stdout));
    (output, taken(service))
}

/// The offsets a client said it goes on from.
fn offsets(output: &Output) -> Vec<u64> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.strip_prefix("from ")?.parse().ok()).collect()
}

fn says(output: &Output, words: &str) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(words), "{words} in {text}");
}

#[test]
fn tuspy_and_tus_js_client_go_on_at_the_offset_of_a_service_that_was_killed() {
    let office = Office::new();
    station(&office);
    let mut service = Service::on(office.ctl.vault(), true).expect("service");
    let address = format!("{}/api/v1/uploads", service.url());
    let token = office.path("token");

    let (file, bytes, id) = film(&office, "一号.avi", 40);
    let mut tuspy = Command::new(cached("venv/bin/python").expect("python"));
    tuspy.arg("-B").arg(root().join("tests/clients/tuspy_upload.py"));
    tuspy.arg(&address).arg(&file).arg(&token).arg(office.path("tuspy.json"));
    let (output, after) = killed_at(&mut service, &mut tuspy, 20 << 20);
    says(&output, &format!("recording {id}"));
    let from = *offsets(&output).last().expect("an offset");
    assert!(from >= 16 << 20, "what was made durable is not sent again: {from}");
    assert_eq!(after, bytes.len() as u64 - from, "everything from there, and nothing else");

    let (file, bytes, id) = film(&office, "二号.avi", 90);
    let mut node = Command::new("node");
    node.arg(root().join("vault-server/web/tests/tus.mjs"));
    node.arg(&address).arg(&file).arg(&token).arg("2");
    let (output, after) = killed_at(&mut service, &mut node, 60 << 20);
    says(&output, &format!("recording {id}"));
    let kept: u64 = offsets(&output).iter().sum();
    let said = [&output.stdout[..], &output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(offsets(&output).len() >= 2 && kept >= 32 << 20, "{said}");
    assert!(after < bytes.len() as u64, "{after} of {}", bytes.len());
    let left = std::fs::read_dir(office.path("vault/store/staging")).expect("staging").count();
    assert_eq!(left, 0, "the parts went when the whole was durable");
    let verified = office.ctl.call(&["verify", "--all", "--json"]).expect("vaultctl");
    assert_eq!(verified.code, 0, "{}", verified.err);
}

fn begun(service: &Service, words: &[&str]) -> Reply {
    let all = [&TUS[..], words].concat();
    service.call("qian", "POST", "/api/v1/uploads", &all)
}

fn piece(service: &Service, path: &str, offset: usize, body: &str) -> Reply {
    let at = format!("Upload-Offset: {offset}");
    let kind = "Content-Type: application/offset+octet-stream";
    let words = ["--header", &at, "--header", kind, "--data-binary", body];
    service.call("qian", "PATCH", path, &[&TUS[..], &words].concat())
}

/// A whole part of these bytes; gives its path.
fn part(service: &Service, text: &str) -> String {
    let length = format!("Upload-Length: {}", text.len());
    let begun = begun(service, &["--header", &length, "--header", "Upload-Concat: partial"]);
    assert_eq!((begun.status, begun.field("upload-concat")), (201, "partial"));
    let path = begun.field("location").to_owned();
    if !text.is_empty() {
        assert_eq!(piece(service, &path, 0, text).status, 204);
    }
    path
}

fn joined(service: &Service, parts: &[&str], more: &[&str]) -> Reply {
    let said = format!("Upload-Concat: final;{}", parts.join(" "));
    begun(service, &[&["--header", &said][..], more].concat())
}

#[test]
fn parts_are_joined_once_each_is_whole_and_by_who_brought_them() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in ["qian", "zhang"] {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200);
    }
    let named = ["--header", "Upload-Metadata: filename YS50eHQ="];
    let (first, second) = (part(&service, "证据一"), part(&service, "证据二"));
    let open =
        begun(&service, &["--header", "Upload-Length: 9", "--header", "Upload-Concat: partial"]);
    let open = open.field("location").to_owned();
    for (parts, status, code) in [
        (vec![&*first, &*open], 400, "upload-parts-unfinished"),
        (vec![&*first, &*first], 400, "argument-invalid"),
        (vec!["/api/v1/uploads/0123456789abcdef0123456789abcdef"], 404, "upload-unknown"),
        (vec!["/elsewhere/x"], 400, "argument-invalid"),
        (vec![], 400, "argument-invalid"),
    ] {
        let refused = joined(&service, &parts, &named);
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{parts:?}");
    }
    assert_eq!(joined(&service, &[&first], &[]).code(), "label-invalid", "it needs a name");
    let other = "f".repeat(64);
    let declared = format!("Upload-Metadata: filename YS50eHQ=,blake3 {}", base64(&other));
    let differs = joined(&service, &[&first, &second], &["--header", &declared]);
    assert_eq!((differs.status, differs.code().as_str()), (422, "upload-differs"));
    let whole = joined(&service, &[&first, &second], &named);
    let id = blake3::hash("证据一证据二".as_bytes()).to_hex().to_string();
    assert_eq!((whole.status, whole.field("upload-recording")), (201, &*id));
    let path = whole.field("location").to_owned();
    let again = joined(&service, &[&first, &second], &named);
    assert_eq!(again.field("location"), path, "an answer that was lost can be asked for");
    let head = service.call("qian", "HEAD", &path, &TUS);
    assert_eq!((head.field("upload-offset"), head.field("upload-length")), ("18", "18"));
    assert_eq!(head.field("upload-concat"), format!("final;{first} {second}"));
    assert_eq!(piece(&service, &path, 18, "更多").code(), "upload-joined");
    assert_eq!(service.call("qian", "HEAD", &first, &TUS).status, 404, "parts went with it");
    let foreign = format!("Upload-Concat: final;{open}");
    let words = [&TUS[..], &["--header", &foreign], &named[..]].concat();
    let foreign = service.call("zhang", "POST", "/api/v1/uploads", &words);
    assert_eq!(foreign.code(), "upload-unknown", "a part is seen by who brought it");
    let recordings = service.ask("qian", "/api/v1/recordings");
    assert_eq!(recordings["items"].as_array().map(Vec::len), Some(1), "parts are no recordings");
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn curl_reads_ranges_as_the_standard_has_them_and_goes_on_after_a_kill() {
    let office = Office::new();
    let (file, bytes, id) = film(&office, "现场.avi", 40);
    let labels =
        ["--case", "一号", "--counterpart", "某", "--handler", "zhang", "--activity", "other"];
    office.done("zhang", &[&["ingest", &file.display().to_string()], &labels[..]].concat());
    let mut service = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(service.sign_in("zhang", "own-zhang-1").status, 200);
    let path = format!("/api/v1/recordings/{id}/content");
    let tag = format!("\"{id}\"");
    let get = |words: &[&str]| service.call("zhang", "GET", &path, words);
    let total = bytes.len();
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=-5", total - 5, total),
        ("bytes=16777210-", 16_777_210, total),
    ] {
        let got = get(&["--header", &format!("Range: {range}")]);
        assert_eq!(got.status, 206, "{range}");
        assert!(got.body == bytes[from..to], "{range}");
        assert_eq!(got.field("content-range"), format!("bytes {from}-{}/{total}", to - 1));
    }
    for range in ["bytes=0-1,5-6", "bytes=0-1, -1", "items=0-1", "bytes=5-1", "bytes=a-b"] {
        let whole = get(&["--header", &format!("Range: {range}")]);
        assert!(whole.status == 200 && whole.body == bytes, "{range}: the whole, as may be");
    }
    for range in [format!("bytes={total}-"), "bytes=-0".to_owned()] {
        let none = get(&["--header", &format!("Range: {range}")]);
        assert_eq!((none.status, none.code().as_str()), (416, "range-outside"), "{range}");
        assert_eq!(none.field("content-range"), format!("bytes */{total}"));
    }
    let if_range = |tag: &str| format!("If-Range: {tag}");
    for (same, status) in [(tag.as_str(), 206), ("\"other\"", 200), ("W/\"other\"", 200)] {
        let got = get(&["--header", "Range: bytes=0-9", "--header", &if_range(same)]);
        assert_eq!(got.status, status, "{same}");
    }
    let head = service.call("zhang", "HEAD", &path, &[]);
    assert_eq!((head.status, head.field("content-length")), (200, &*total.to_string()));
    assert_eq!((head.field("etag"), head.field("accept-ranges")), (&*tag, "bytes"));

    let out = office.path("copy.avi");
    let url = format!("{}{path}", service.url());
    let mut slow = service.curl("zhang", &["--limit-rate", "20M", "--output"]);
    let mut slow = slow.arg(&out).arg(&url).spawn().expect("curl");
    while std::fs::metadata(&out).map_or(0, |found| found.len()) < 10 << 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
    service.killed().expect("comes back");
    assert!(!slow.wait().expect("ends").success(), "it broke off");
    let had = std::fs::metadata(&out).expect("a part").len();
    assert!((10 << 20..total as u64).contains(&had), "{had}");
    assert_eq!(service.sign_in("zhang", "own-zhang-1").status, 200);
    let rest = ["--continue-at", "-", "--header", &if_range(&tag), "--output"];
    let done = service.curl("zhang", &rest).arg(&out).arg(&url).status().expect("curl");
    assert!(done.success() && std::fs::read(&out).expect("file") == bytes, "whole after the kill");
    let own = service.ask("zhang", "/api/v1/session");
    assert_eq!(own["login"], json!("zhang"));
}
