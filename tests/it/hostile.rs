//! Hostile and many clients (R29): whatever they send is refused or served, everybody else is
//! served meanwhile, memory stays flat, and nobody locks an approver out.

use crate::office::Office;
use serde_json::json;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};
use vault_tests::service::{Reply, Service};

const TUS: [&str; 2] = ["--header", "Tus-Resumable: 1.0.0"];
const BYTES: &str = "Content-Type: application/offset+octet-stream";

pub(crate) fn resident_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a line");
    line.split_whitespace().nth(1).and_then(|count| count.parse().ok()).expect("a number")
}

fn connect(service: &Service) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", service.port())).expect("connects");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    socket
}

fn metric(service: &Service, name: &str) -> u64 {
    let text = service.call("", "GET", "/metrics", &[]).body;
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a number")
}

fn answered(service: &Service) -> Duration {
    let begun = Instant::now();
    assert_eq!(
        service.call("qian", "GET", "/api/v1/session", &[]).status,
        200,
        "others are served"
    );
    begun.elapsed()
}

#[test]
fn ten_thousand_connections_wait_and_whoever_asks_is_served() {
    let office = Office::new();
    let service =
        Service::configured(office.ctl.vault(), true, |_| "connections = 12000\n".to_owned());
    let service = service.expect("service");
    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let before = resident_kib(service.id());
    let begun = Instant::now();
    let mut idle: Vec<TcpStream> = (0..10_000).map(|_| connect(&service)).collect();
    let open = metric(&service, "vault_connections");
    let slowest = (0..20).map(|_| answered(&service)).max().expect("answers");
    let during = resident_kib(service.id());
    println!("{open} connections after {:?}, slowest answer {slowest:?}", begun.elapsed());
    println!("{before} KiB before, {during} KiB with them: {} KiB each", (during - before) / open);
    assert!(open >= 9_000, "{open}");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert!(during < before + open * 32, "{before} KiB, then {during} KiB");
    // Heads that come a byte at a time do not hold a seat longer than silence does.
    for socket in &mut idle {
        socket.write_all(b"G").ok();
    }
    let patience = Instant::now();
    while metric(&service, "vault_connections") > 50 {
        for socket in idle.iter_mut().take(500) {
            socket.write_all(b"E").ok();
        }
        assert!(patience.elapsed() < Duration::from_secs(40), "they are not waited for for ever");
        std::thread::sleep(Duration::from_millis(500));
    }
    drop(idle);
    answered(&service);
}

fn begin(service: &Service, words: &[&str]) -> Reply {
    service.call("qian", "POST", "/api/v1/uploads", &[&TUS[..], words].concat())
}

fn patch(service: &Service, path: &str, offset: &str, body: &str) -> Reply {
    let at = format!("Upload-Offset: {offset}");
    let words = ["--header", &at, "--header", BYTES, "--data-binary", body];
    service.call("qian", "PATCH", path, &[&TUS[..], &words].concat())
}

fn named(name: &[u8]) -> String {
    use base64::Engine;
    let name = base64::engine::general_purpose::STANDARD.encode(name);
    format!("Upload-Metadata: filename {name}")
}

#[test]
fn broken_uploads_are_refused_and_leave_nothing_behind() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let name = named(b"a.mp4");
    for length in ["-1", "1e9", "0x10", " ", "99999999999999999999", "+5", "1,000"] {
        let length = format!("Upload-Length: {length}");
        let reply = begin(&service, &["--header", &length, "--header", &name]);
        assert_eq!((reply.status, reply.code().as_str()), (400, "argument-invalid"), "{length}");
    }
    assert_eq!(begin(&service, &["--header", &name]).status, 400, "no length");
    let length = ["--header", "Upload-Length: 10"];
    let huge = format!("Upload-Metadata: filename YQ==,x {}", "QUFB".repeat(3_500));
    for (said, status) in [
        ("Upload-Metadata: filename ???".to_owned(), 400),
        ("Upload-Metadata: filename /w==".to_owned(), 400),
        ("Upload-Metadata: filename".to_owned(), 400),
        ("Upload-Concat: last".to_owned(), 400),
        (huge, 201),
        (format!("Upload-Metadata: {}", "filename YQ==,".repeat(2_000)), 431),
    ] {
        let reply = begin(&service, &[&length[..], &["--header", &said]].concat());
        assert_eq!(reply.status, status, "{:.60}", said);
    }
    let path = begin(&service, &[&length[..], &["--header", &name]].concat());
    let path = path.field("location").to_owned();
    for (offset, status) in
        [("-1", 400), ("x", 400), ("1", 409), ("11", 409), ("18446744073709551615", 409)]
    {
        assert_eq!(patch(&service, &path, offset, "12345").status, status, "{offset}");
    }
    assert_eq!(patch(&service, &path, "0", "12345").status, 204);
    assert_eq!(patch(&service, &path, "5", "1234567890").status, 413, "more than was announced");
    let plain = ["--header", "Upload-Offset: 5", "--data-binary", "x"];
    let plain = service.call("qian", "PATCH", &path, &[&TUS[..], &plain].concat());
    assert_eq!((plain.status, plain.field("tus-resumable")), (415, "1.0.0"));
    two_at_once(&service, &path);
    let end = patch(&service, &path, "7", "890");
    assert_eq!((end.status, end.field("upload-recording").len()), (204, 64));
    assert_eq!(patch(&service, &path, "10", "x").status, 413, "after the end");
    assert_eq!(patch(&service, &path, "0", "1234567890").status, 409);
    let left = std::fs::read_dir(office.path("vault/store/staging")).expect("staging").count();
    let open = service.ask("qian", "/api/v1/uploads")["items"].as_array().map_or(0, Vec::len);
    assert!(left <= open, "{left} files of {open} uploads");
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("verify").code, 0);
}

/// A piece that hangs holds its upload and no other; what came of it counts when it broke off.
fn two_at_once(service: &Service, path: &str) {
    let cookie = service.cookie("qian").expect("a session");
    let mut slow = connect(service);
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nTus-Resumable: 1.0.0\r\n\
         {BYTES}\r\nUpload-Offset: 5\r\nContent-Length: 5\r\n\r\n67"
    );
    slow.write_all(head.as_bytes()).expect("written");
    let busy = Instant::now();
    loop {
        let second = patch(service, path, "5", "67890");
        if second.status == 423 {
            break;
        }
        assert!(busy.elapsed() < Duration::from_secs(10), "{}", second.status);
        std::thread::sleep(Duration::from_millis(20));
    }
    slow.shutdown(Shutdown::Both).ok();
    let begun = Instant::now();
    loop {
        let head = service.call("qian", "HEAD", path, &TUS);
        if head.status == 200 {
            assert_eq!(head.field("upload-offset"), "7", "what came counts");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", head.status);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn names_with_paths_in_them_name_files_and_nothing_else() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in ["qian", "zhang"] {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200);
    }
    let long = "长".repeat(86);
    let tricks: [(&[u8], Option<&str>); 12] = [
        (b"../../../etc/passwd", Some("passwd")),
        (b"C:\\Windows\\..\\win.ini", Some("win.ini")),
        (b"/absolute.mp4", Some("absolute.mp4")),
        (b"..", None),
        (b"a/..", None),
        (b"a/", None),
        (b".", None),
        (b"a\0b.mp4", None),
        (b"a\nb.mp4", None),
        ("a\u{202e}4pm.exe".as_bytes(), None),
        (long.as_bytes(), None),
        ("-rf --no-preserve.mp4".as_bytes(), Some("-rf --no-preserve.mp4")),
    ];
    let length = ["--header", "Upload-Length: 10"];
    for (name, known) in tricks {
        let said = named(name);
        let reply = begin(&service, &[&length[..], &["--header", &said]].concat());
        let shown = String::from_utf8_lossy(name);
        match known {
            None => {
                assert_eq!((reply.status, reply.code().as_str()), (400, "label-invalid"), "{shown}")
            }
            Some(known) => {
                assert_eq!(reply.status, 201, "{shown}");
                let all = service.ask("qian", "/api/v1/uploads").to_string();
                assert!(all.contains(&format!("\"{known}\"")), "{known} in {all}");
            }
        }
    }
    let case = json!({"case": "一号", "title": "x", "counterpart": "某", "unit": "执法科",
        "officers": [{"name": "张三", "certificate": "1"}, {"name": "李四", "certificate": "2"}],
        "opened_on": "2026-01-05"});
    assert_eq!(service.send("zhang", "POST", "/api/v1/cases", &case).status, 201);
    for name in ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "a%00b.pdf", "a%0Ab.pdf", "%FF.pdf"] {
        let path = format!(
            "/api/v1/cases/%E4%B8%80%E5%8F%B7/documents?type=inquiry-record&on=2026-01-06&filename={name}"
        );
        let body = format!("%PDF-1.7 {name}");
        let reply = service.call("zhang", "POST", &path, &["--data-binary", &body]);
        assert!(
            matches!(reply.status, 200..=299 | 400),
            "{name}: {} {}",
            reply.status,
            reply.json()
        );
    }
    let words = ["--path-as-is"];
    for path in [
        "/../../etc/passwd",
        "/assets/../../Cargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/ledger/tile/%2e%2e/%2e%2e/vault.json",
        "/api/v1/recordings/..%2f..%2f/content",
        "//etc/passwd",
    ] {
        let reply = service.call("qian", "GET", path, &words);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(
            reply.status != 500 && !text.contains("root:") && !text.contains("key_copies"),
            "{path}"
        );
    }
}

#[test]
fn readings_that_hang_hold_up_nobody_else() {
    let office = Office::new();
    let big = office.path("大.bin");
    std::fs::write(&big, vec![7; 24 << 20]).expect("file");
    let labels =
        ["--case", "一号", "--counterpart", "某", "--handler", "zhang", "--activity", "other"];
    let big = big.display().to_string();
    office.done("zhang", &[&["ingest", &big, "--no-examine"], &labels[..]].concat());
    let listed = office.done("zhang", &["list"]);
    let id = listed["recordings"][0]["recording"].as_str().expect("an id").to_owned();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in ["zhang", "qian"] {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200);
    }
    let path = format!("/api/v1/recordings/{id}/content");
    let cookie = service.cookie("zhang").expect("a session");
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
    let hanging: Vec<(TcpStream, String)> = (0..45)
        .map(|_| {
            let mut socket = connect(&service);
            socket.write_all(head.as_bytes()).expect("written");
            let mut status = [0; 12];
            socket.read_exact(&mut status).expect("an answer");
            (socket, String::from_utf8_lossy(&status[9..]).into_owned())
        })
        .collect();
    let count = |wanted: &str| hanging.iter().filter(|(_, status)| status == wanted).count();
    assert_eq!((count("200"), count("429")), (30, 15));
    assert_eq!(service.call("zhang", "GET", &path, &[]).code(), "readings-too-many");
    let other = service.call("qian", "GET", &path, &["--header", "Range: bytes=0-99"]);
    assert_eq!((other.status, other.body.len()), (206, 100), "{}", other.json());
    answered(&service);
}

/// Sends this, says that nothing follows, and reads whatever comes; empty where the connection is
/// closed.
fn raw(service: &Service, bytes: &[u8]) -> String {
    let mut socket = connect(service);
    socket.write_all(bytes).ok();
    socket.shutdown(Shutdown::Write).ok();
    rest(&mut socket)
}

/// Everything that comes until the connection is closed.
fn rest(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn oversized_and_slow_requests_leave_memory_flat_and_everybody_else_served() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let cookie = "c".repeat(20_000);
    let fields = (0..200).map(|at| format!("F{at}: x\r\n")).collect::<String>();
    for (text, status) in [
        (format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"), "431"),
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{fields}\r\n"), "431"),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(40_000)), "4"),
        ("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n".into(), "400"),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n".into(),
            "400",
        ),
        (
            "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                .into(),
            "",
        ),
        ("GET / HTTP/9.9\r\n\r\n".into(), ""),
        ("\0\0\0\0".into(), "400"),
    ] {
        let answer = raw(&service, text.as_bytes());
        let said = answer.split(' ').nth(1).unwrap_or_default();
        assert!(said.starts_with(status) && !said.starts_with('5'), "{text:.60}: {answer:.80}");
    }
    // An allocator takes its share in steps, now and then; what is not given back comes on top in
    // every round, whole. A quarter of it lies far from both.
    let after: Vec<u64> = (0..12)
        .map(|_| {
            round_of_slow_bodies(&service);
            resident_kib(service.id())
        })
        .collect();
    let kept = after[11].saturating_sub(after[3]);
    let sent = 8 * SLOW * (SLOW_BODY >> 10) as u64;
    assert!(kept < sent / 4, "{kept} of {sent} KiB; KiB after each round: {after:?}");
}

/// How many requests of a round are begun and never ended.
const SLOW: u64 = 300;

/// Bytes each of them sends of its body.
const SLOW_BODY: usize = 64 << 10;

/// Begins [`SLOW`] requests that are never ended and one that is far too large, asks whether
/// others are answered meanwhile, and lets go of all.
fn round_of_slow_bodies(service: &Service) {
    let mut slow: Vec<TcpStream> = (0..SLOW).map(|_| connect(service)).collect();
    for (at, socket) in slow.iter_mut().enumerate() {
        let what = ["session", "set-up", "pick-up"][at % 3];
        let head =
            format!("POST /api/v1/{what} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
        socket.write_all(head.as_bytes()).ok();
        socket.write_all(&[b' '; SLOW_BODY]).ok();
    }
    let large =
        format!("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 64 << 20);
    let mut socket = connect(service);
    socket.write_all(large.as_bytes()).ok();
    for _ in 0..512 {
        if socket.write_all(&[b'['; 64 << 10]).is_err() {
            break;
        }
    }
    assert!(answered(service) < Duration::from_secs(5));
}

#[test]
fn hammering_a_login_from_one_place_locks_nobody_out_elsewhere() {
    let office = Office::new();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    let right = json!({"login": "li", "password": "own-li-1"}).to_string();
    let from = |place: &str, body: &str| {
        let json = "content-type: application/json";
        let words = ["--interface", place, "--header", json, "--data-binary", body];
        service.call("", "POST", "/api/v1/session", &words)
    };
    // Who is at work here, before it begins.
    assert_eq!(from("127.0.0.1", &right).status, 200);
    std::thread::scope(|scope| {
        for thread in 0..12 {
            let from = &from;
            scope.spawn(move || {
                for at in 0..12 {
                    let login =
                        if at % 2 == 0 { "li".to_owned() } else { format!("x{thread}-{at}") };
                    let wrong = json!({"login": login, "password": "wrong-password"}).to_string();
                    let status = from("127.0.0.9", &wrong).status;
                    assert!(matches!(status, 401 | 429), "{status}");
                }
            });
        }
        for place in ["127.0.0.1", "127.0.0.2"] {
            let begun = Instant::now();
            let reply = from(place, &right);
            println!("signed in from {place} during it after {:?}", begun.elapsed());
            assert_eq!(reply.status, 200, "from {place}, while it lasts");
        }
    });
    assert_eq!(from("127.0.0.9", &right).code(), "too-many-attempts", "there it has to wait");
    assert_eq!(from("127.0.0.1", &right).status, 200);
}

#[test]
fn of_two_hundred_calls_for_the_one_copy_of_a_grant_one_has_it() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let number = office.granted(&id, &["--copies", "1"]);
    let service = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let cookie = service.cookie("qian").expect("a session");
    let body = json!({"recordings": [id], "to": "某法院"}).to_string();
    let call = format!(
        "POST /api/v1/requests/{number}/copies HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\
         Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answers: Vec<String> = std::thread::scope(|scope| {
        // One who closes a direction of the connection has gone away; these wait for their answer.
        let ask = || {
            let mut socket = connect(&service);
            socket.set_read_timeout(Some(Duration::from_mins(3))).expect("set");
            socket.write_all(call.as_bytes()).expect("written");
            rest(&mut socket)
        };
        let all: Vec<_> = (0..200).map(|_| scope.spawn(ask)).collect();
        all.into_iter().map(|one| one.join().expect("a thread")).collect()
    });
    let made = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 201")).count();
    let refused = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 403")).count();
    let expected = ["HTTP/1.1 201", "HTTP/1.1 403"];
    let other = answers.iter().find(|one| !expected.iter().any(|start| one.starts_with(start)));
    assert_eq!((made, refused), (1, 199), "{other:?}");
    let copies = office.done("aud", &["copies", &id]);
    assert_eq!(copies["copies"].as_array().map(Vec::len), Some(1), "{copies}");
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}
