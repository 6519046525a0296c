//! A filled-in example of each form, with the characters, lengths and markup that go wrong.

use vault_core::access::Form;

/// A digest as it stands in forms.
pub(crate) const DIGEST: &str = "3b2c1f0e9d8c7b6a5f4e3d2c1b0a99887766554433221100ffeeddccbbaa9988";

/// Names with characters outside GB 2312, and one that would be markup.
pub(crate) const NAMES: &str = "喆㛃䶮龑";

type Fields = Vec<(&'static str, String)>;

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(code, text)| (*code, (*text).to_owned())).collect()
}

fn lines(count: usize, line: impl Fn(usize) -> Vec<String>) -> Vec<Vec<String>> {
    (1..=count).map(line).collect()
}

fn digest(number: usize) -> String {
    format!("{number:04x}{}", &DIGEST[4..])
}

/// 《调取证据通知书》 for so many recordings.
pub(crate) fn notice(recordings: usize) -> Form {
    let fields = fields(&[
        ("year", "2026"),
        ("number", "1"),
        ("issued-on", "2026-11-23"),
        ("request", "0123456789abcdef0123456789abcdef"),
        ("applicant", "account"),
        ("applicant-name", &format!("王{NAMES}")),
        ("applicant-unit", "社会组织管理执法监督局"),
        ("purpose", "办理民罚〔2026〕17号案 #sys.inputs *粗* $x$ [a] @b <c>"),
        ("mode", "copy"),
        ("copies", "2"),
        ("days", "30"),
        ("stretch-ms", "65000-130500"),
        ("office", "in-charge"),
        ("consented-by", "李主管"),
        ("consented-on", "2026-11-22"),
        ("registered-by", "王经办"),
    ]);
    let lines = lines(recordings, |number| vec![number.to_string(), digest(number)]);
    Form { kind: "notice", fields, columns: vec!["number", "recording"], lines }
}

/// 《证据登记保存清单》 of so many recordings.
pub(crate) fn preservation_list(recordings: usize) -> Form {
    let fields = fields(&[
        ("case-no", "吉民罚〔2026〕17号"),
        ("title", "某基金会未按规定接受监督检查"),
        ("counterpart", &format!("{NAMES}慈善基金会")),
        ("unit", "执法监督局"),
        ("officers", "张三 吉A0001; 李四 吉A0002"),
    ]);
    let columns = vec![
        "number",
        "name",
        "recording",
        "bytes",
        "sha256",
        "device",
        "maker",
        "method",
        "proves",
        "received-on",
    ];
    let lines = lines(recordings, |number| {
        vec![
            number.to_string(),
            format!("MAVI{number:04}_20261120_093012_body-worn-recorder-eastgate.mp4"),
            digest(number),
            "1288490188".to_owned(),
            DIGEST.to_owned(),
            "DSJ-A7-00231".to_owned(),
            "张三".to_owned(),
            "执法记录仪".to_owned(),
            "现场检查时账簿的存放情况".to_owned(),
            "2026-11-21".to_owned(),
        ]
    });
    Form { kind: "preservation-list", fields, columns, lines }
}

fn transfer_list() -> Form {
    let fields = fields(&[
        ("case-no", "吉民罚〔2026〕17号"),
        ("transferred-on", "2026-11-23"),
        ("title", "某基金会未按规定接受监督检查"),
        ("from-unit", "吉林省民政厅执法监督局"),
        ("to-unit", "某市人民检察院"),
        ("carrier", "光盘 2 张"),
        ("copy-mark", "0123456789abcdef0123456789abcdef-1"),
    ]);
    Form { kind: "transfer-list", fields, columns: COPIED.to_vec(), lines: copied() }
}

const COPIED: [&str; 5] = ["number", "name", "bytes", "recording", "sha256"];

fn copied() -> Vec<Vec<String>> {
    lines(3, |number| {
        let name = format!("MAVI{number:04}.mp4");
        vec![number.to_string(), name, "52428800".to_owned(), digest(number), DIGEST.to_owned()]
    })
}

fn copy_statement() -> Form {
    let fields = fields(&[
        ("copy-mark", "0123456789abcdef0123456789abcdef-1"),
        ("notice-number", "〔2026〕1号"),
        ("request", "0123456789abcdef0123456789abcdef"),
        ("recipient", "某市人民检察院 赵检察官"),
        ("purpose", "审查起诉"),
        ("made-by", "钱保管"),
        ("made-on", "2026-11-23"),
    ]);
    Form { kind: "copy-statement", fields, columns: COPIED.to_vec(), lines: copied() }
}

fn custody_log() -> Form {
    let fields = fields(&[
        ("case-no", "吉民罚〔2026〕17号"),
        ("received-on", "2026-11-21"),
        ("name", "MAVI0001.mp4"),
        ("recording", DIGEST),
        ("sha256", DIGEST),
    ]);
    let lines = lines(14, |number| {
        let at = format!("2026-11-21 09:{number:02}:00");
        vec![
            number.to_string(),
            at,
            "recording.accessioned".to_owned(),
            "张三".to_owned(),
            digest(number),
        ]
    });
    Form {
        kind: "custody-log",
        fields,
        columns: vec!["seq", "at", "event", "person", "leaf"],
        lines,
    }
}

fn no_recording_statement() -> Form {
    let fields = fields(&[
        ("case-no", "吉民罚〔2026〕17号"),
        ("unit", "执法监督局"),
        ("title", "某基金会未按规定接受监督检查"),
        ("activity", "inspection"),
        ("happened-on", "2026-11-20"),
        ("place", "长春市某路 1 号"),
        ("situation", "设备故障"),
        ("reason", "记录仪在 -28 ℃ 下断电"),
        ("legal-basis", ""),
        ("officers", "张三 吉A0001; 李四 吉A0002"),
        ("reported-to", "王局长"),
        ("reported-on", "2026-11-20"),
    ]);
    Form { kind: "no-recording-statement", fields, columns: Vec::new(), lines: Vec::new() }
}

fn legal_opinion() -> Form {
    let fields = fields(&[
        ("year", "2026"),
        ("number", "12"),
        ("case-no", "吉民罚〔2026〕17号"),
        ("received-on", "2026-11-16"),
        ("title", "某基金会未按规定接受监督检查"),
        ("unit", "执法监督局"),
        ("counterpart", "某基金会"),
        ("decision", "警告，并处罚款"),
        ("opinion", "同意"),
        ("reason", "事实清楚，证据确凿，程序合法"),
        ("reviewer", "孙审核"),
        ("issued-on", "2026-11-23"),
    ]);
    Form { kind: "legal-opinion", fields, columns: Vec::new(), lines: Vec::new() }
}

fn disposal() -> Form {
    let fields = fields(&[
        ("proposal", "2026-3"),
        ("way", "销毁密钥并删除"),
        ("proposed-by", "周档案"),
        ("proposed-on", "2026-11-23"),
        ("reason", "保管期限届满"),
    ]);
    let columns = vec!["number", "name", "case-no", "received-on", "kept-until-on", "recording"];
    let lines = lines(4, |number| {
        let (name, case) = (format!("MAVI{number:04}.mp4"), "吉民查〔2024〕3号".to_owned());
        let (from, until) = ("2024-10-01".to_owned(), "2026-10-01".to_owned());
        vec![number.to_string(), name, case, from, until, digest(number)]
    });
    Form { kind: "disposal", fields, columns, lines }
}

/// One of each.
pub(crate) fn all() -> Vec<Form> {
    vec![
        notice(3),
        preservation_list(7),
        transfer_list(),
        custody_log(),
        copy_statement(),
        no_recording_statement(),
        legal_opinion(),
        disposal(),
    ]
}
