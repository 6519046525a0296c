//! Forms as people get them (R10, R18, R19): from the operator's program and inside a package, the
//! same bytes each time, and none before its step or without its font.

use crate::office::{CASE, Office};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use vault_tests::program::{built, free_port};

/// What poppler reads in a file.
fn read(path: &Path) -> String {
    let output = Command::new("pdftotext").arg(path).arg("-").output().expect("poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect()
}

impl Office {
    /// Makes a form twice; gives its bytes.
    fn form(&self, words: &[&str]) -> Vec<u8> {
        let [first, second] = ["first.pdf", "second.pdf"].map(|name| {
            let path = self.path(name);
            let _absent = std::fs::remove_file(&path);
            let target = path.display().to_string();
            let made = self.done("", &[&["form"], words, &["-o", &target]].concat());
            let bytes = std::fs::read(&path).expect("form");
            assert_eq!(made["bytes"].as_u64(), u64::try_from(bytes.len()).ok());
            bytes
        });
        assert_eq!(first, second, "{words:?}");
        assert!(first.starts_with(b"%PDF-1."));
        first
    }
}

#[test]
fn a_notice_is_printed_once_it_is_made_out_and_its_package_bears_it() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let request = ["request", &id, "--purpose", "喆㛃䶮龑案举证 #emph[x]", "--days", "7"];
    let request = office.done("zhang", &[&request[..], &["--copies", "1"]].concat());
    let number = request["request"].as_str().expect("a number").to_owned();
    let target = office.text("early.pdf");
    let form = ["form", "notice", "--request", &number, "-o", &target];
    office.refused("", &form, 5, "access-step-refused");
    assert!(!Path::new(&target).exists());
    office.done("li", &["approve", &number]);
    office.done("qian", &["notice", &number]);

    let notice = office.form(&["notice", "--request", &number]);
    let text = read(&office.path("first.pdf"));
    let year = &office.done("", &["requests", &number])["notice"]["year"].to_string();
    for part in [&format!("〔{year}〕1号"), "喆㛃䶮龑案举证#emph[x]", &id, "（印章）"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let taken = ["form", "notice", "--request", &number, "-o", &office.text("first.pdf")];
    assert_eq!(office.call("", &taken).code, 2, "nothing is overwritten");

    office.done("li", &["sign", &number]);
    office.done("qian", &["grant", &number]);
    let package = office.path("package");
    let export = ["export", "--grant", &number, "--recipient", "某法院", "-o"];
    let done = office.done("qian", &[&export[..], &[&office.text("package")]].concat());
    let forms = package.join("data/forms");
    assert_eq!(std::fs::read(forms.join("调取证据通知书.pdf")).expect("notice"), notice);
    let statement = read(&forms.join("复制件说明.pdf"));
    let mark = done["mark"].as_str().expect("a mark");
    for part in [mark, &id, "某法院", "逐字节一致"] {
        assert!(statement.contains(part), "{part}: {statement}");
    }
    assert_eq!(std::fs::read_dir(&forms).expect("forms").count(), 2);
}

#[test]
fn the_list_of_a_case_and_the_chain_of_custody_say_what_the_vault_says() {
    let office = Office::new();
    let (file, id) = office.recording();
    office.archive();
    let unread = office.form(&["preservation-list", "--case", CASE]);
    assert!(read(&office.path("first.pdf")).contains("尚未计算"));
    let other = office.path("另案.mp4");
    std::fs::write(&other, b"of another case").expect("file");
    let labels = ["--case", "吉民查2号", "--counterpart", "某协会", "--handler", "张三"];
    let (path, add) = (other.display().to_string(), ["case", "add", CASE, "--note", "移入"]);
    let ingest = [&["ingest", &path, "--activity", "inspection"], &labels[..]].concat();
    office.done("zhang", &ingest);
    let filed = blake3::hash(b"of another case").to_hex().to_string();
    office.done("zhao", &[&add[..], &["--recording-id", &filed]].concat());
    office.done("", &["jobs", "run"]);
    let list = office.form(&["preservation-list", "--case", CASE]);
    let text = read(&office.path("first.pdf"));
    let sha256 =
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(std::fs::read(&file).expect("file")));
    for part in [CASE, "违规收费", "张三吉001", "李四吉002", "现场.mp4", &id, &sha256, "一式两份"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    for recording in [&id, &filed] {
        assert_eq!(text.matches(recording.as_str()).count(), 1, "{text}");
    }
    let log = office.form(&["custody-log", "--recording", &id[..12]]);
    let text = read(&office.path("first.pdf"));
    assert!(text.contains("接收入库") && text.contains(&id), "{text}");
    assert!(unread != list && list != log);
    let nowhere = ["form", "preservation-list", "--case", "无", "-o", &office.text("no.pdf")];
    office.refused("", &nowhere, 6, "case-unknown");
}

#[test]
fn without_a_glyph_no_copy_is_used_up() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let number = office.granted(&id, &["--copies", "1"]);
    let export = |to: &str, place: &str| {
        let place = office.text(place);
        office.call("qian", &["export", "--grant", &number, "--recipient", to, "-o", &place])
    };
    let refused = export("\u{1f9ff}法院", "first");
    assert_eq!((refused.code, refused.fault().as_str()), (1, "form-glyph-missing"));
    assert!(!office.path("first").exists());
    let state = office.done("", &["requests", &number]);
    assert_eq!(state["copies_out"], 0);
    assert_eq!(export("某法院", "second").code, 0);
}

#[test]
fn fonts_come_from_where_the_settings_say() {
    let office = Office::new();
    let (_, _) = office.recording();
    office.archive();
    let settings = office.path("vault").join("settings.toml");
    std::fs::write(&settings, "[forms]\nfonts = \"/nowhere\"\n").expect("settings");
    let target = office.text("list.pdf");
    let form = ["form", "preservation-list", "--case", CASE, "-o", &target];
    office.refused("", &form, 1, "file-failed");
    let findings = office.done("", &["doctor"])["findings"].clone();
    let missing = findings.as_array().expect("findings").iter();
    let missing = missing.filter(|finding| finding["key"] == "forms-fonts-missing");
    assert!(missing.clone().all(|finding| finding["level"] == "warning"));
    assert_eq!(missing.count(), 1, "{findings}");
    // Fonts of an agency come first; Debian's are used for what those do not have.
    let fonts = office.path("fonts");
    std::fs::create_dir(&fonts).expect("directory");
    let text = format!("[forms]\nfonts = {:?}\n", fonts.display().to_string());
    std::fs::write(&settings, text).expect("settings");
    office.done("", &form);
}

/// The service, stopped when the test ends.
struct Service(std::process::Child, u16);

impl Drop for Service {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

impl Service {
    fn of(office: &Office) -> Self {
        let port = free_port().expect("a port");
        let listen = format!("127.0.0.1:{port}");
        let program = built("vault-server").expect("vault-server");
        let server = Command::new(program)
            .args(["--vault", &office.text("vault"), "--listen", &listen, "--tls", "off"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        let service = Self(server, port);
        let began = std::time::Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < std::time::Duration::from_mins(1), "it does not answer");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        service
    }

    /// Head and body of the answer.
    fn ask(&self, line: &str, cookie: &str, body: &str) -> (String, Vec<u8>) {
        let mut socket = TcpStream::connect(("127.0.0.1", self.1)).expect("connection");
        write!(
            socket,
            "{line} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Cookie: {cookie}\r\n\r\n{body}",
            body.len()
        )
        .expect("asked");
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).expect("answered");
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
        (String::from_utf8_lossy(&bytes[..end]).into_owned(), bytes[end + 4..].to_vec())
    }
}

#[test]
fn a_copy_made_over_the_network_bears_the_same_forms() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let number = office.granted(&id, &["--copies", "1"]);
    let notice = office.form(&["notice", "--request", &number]);
    let service = Service::of(&office);
    let shown = r#"{"login":"qian","password":"own-qian-1"}"#;
    let (head, _) = service.ask("POST /api/v1/session", "", shown);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|line| line.split(';').next()).expect("a cookie");
    let copies = format!("POST /api/v1/requests/{number}/copies");
    let (head, body) = service.ask(&copies, cookie, r#"{"to":"某法院","recordings":[]}"#);
    assert!(head.contains(" 201 "), "{head} {}", String::from_utf8_lossy(&body));
    let made: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    let place = format!("GET {}", made["package"].as_str().expect("a place"));
    let (head, package) = service.ask(&place, cookie, "");
    assert!(head.contains(" 200 "), "{head}");
    std::fs::write(office.path("copy.zip"), package).expect("file");
    for name in ["调取证据通知书.pdf", "复制件说明.pdf"] {
        let form = format!("*/data/forms/{name}");
        let read = Command::new("unzip").args(["-p", &office.text("copy.zip"), &form]).output();
        let form = read.expect("unzip").stdout;
        assert!(form.starts_with(b"%PDF-1."), "{name}");
        assert!(name.starts_with("复制件") || form == notice, "{name}");
    }
}
