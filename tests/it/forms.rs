//! Forms as people get them (R10, R18, R19): from the operator's program and inside a package, the
//! same bytes each time, and none before its step or without its font.

use crate::office::{CASE, Office};
use std::path::Path;
use std::process::Command;
use vault_tests::service::Service;

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
    let number_in_year = format!("〔{year}〕1号");
    for part in
        [&number_in_year, "喆㛃䶮龑案举证#emph[x]", &id, "（印章）", "现场.mp4", CASE, "违规收费"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let taken = ["form", "notice", "--request", &number, "-o", &office.text("first.pdf")];
    assert_eq!(office.call("", &taken).code, 2, "nothing is overwritten");

    office.done("li", &["sign", &number]);
    // The number that reading asks for is shown with the grant, and no sooner.
    let shown = |words: &[&str]| {
        let own = office.text("qian.own");
        let acting = ["--lang", "zh-CN", "--as", "qian", "--password-file", &own];
        office.ctl.call(&[words, &acting].concat()).expect("runs").out
    };
    assert!(!shown(&["requests", &number]).contains("授权编号"));
    for said in [shown(&["grant", &number]), shown(&["requests", &number])] {
        let line = said.lines().find(|line| line.starts_with("授权编号")).unwrap_or_default();
        assert!(line.contains(&number), "{said}");
    }
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
    // The service takes digests as well, which the list shows.
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
    for part in
        ["zhang（承办人）", &format!("案号：{CASE}"), "文件名：现场.mp4", "执法活动：日常检查"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
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

#[test]
fn over_the_network_a_form_is_the_same_and_so_is_what_a_copy_bears() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let number = office.granted(&id, &["--copies", "1"]);
    let notice = office.form(&["notice", "--request", &number]);
    // The service takes digests as well, which the list shows.
    office.done("", &["jobs", "run"]);
    let list = office.form(&["preservation-list", "--case", CASE]);
    let service = Service::on(office.ctl.vault(), true).expect("service");
    assert_eq!(service.sign_in("qian", "own-qian-1").status, 200);
    let printed = |path: &str| {
        let form = service.call("qian", "GET", path, &[]);
        assert_eq!((form.status, form.field("content-type")), (200, "application/pdf"), "{path}");
        form.body
    };
    assert!(printed(&format!("/api/v1/requests/{number}/notice.pdf")) == notice);
    let case = "%E5%90%89%E6%B0%91%E7%BD%9A%E3%80%942026%E3%80%951%E5%8F%B7";
    assert!(printed(&format!("/api/v1/cases/{case}/preservation-list.pdf")) == list);
    let far = service.call(
        "qian",
        "GET",
        &format!("/api/v1/cases/{case}/preservation-list.pdf?part=2"),
        &[],
    );
    assert_eq!((far.status, far.code().as_str()), (400, "argument-invalid"));
    std::fs::write(
        office.path("log.pdf"),
        printed(&format!("/api/v1/recordings/{id}/custody-log.pdf")),
    )
    .expect("file");
    let log = read(&office.path("log.pdf"));
    assert!(log.contains(&id) && log.contains("zhang") && !log.contains("account:"), "{log}");
    let year = office.done("", &["requests", &number])["notice"]["year"].to_string();
    for part in
        [&format!("调取证据通知书〔{year}〕1号"), "用途：复议举证", "审批：同意", "li（主管领导）"]
    {
        assert!(log.contains(part), "{part}: {log}");
    }

    let copies = format!("/api/v1/requests/{number}/copies");
    let made = service.send(
        "qian",
        "POST",
        &copies,
        &serde_json::json!({"to": "某法院", "recordings": []}),
    );
    assert_eq!(made.status, 201, "{}", made.code());
    let made = made.json();
    let package = service.call("qian", "GET", made["package"].as_str().expect("a place"), &[]);
    std::fs::write(office.path("copy.zip"), package.body).expect("file");
    for name in ["调取证据通知书.pdf", "复制件说明.pdf"] {
        let form = format!("*/data/forms/{name}");
        let read = Command::new("unzip").args(["-p", &office.text("copy.zip"), &form]).output();
        let form = read.expect("unzip").stdout;
        assert!(form.starts_with(b"%PDF-1."), "{name}");
        assert!(name.starts_with("复制件") || form == notice, "{name}");
    }
}
