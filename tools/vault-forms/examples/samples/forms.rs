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
    let lines = lines(recordings, |number| {
        let (name, case) = (format!("MAVI{number:04}_20261121_0930.mp4"), "吉民罚〔2026〕17号");
        let title = format!("{NAMES}基金会未按规定接受监督检查");
        vec![number.to_string(), name, case.to_owned(), title, digest(number)]
    });
    let columns = vec!["number", "name", "case-no", "title", "recording"];
    Form { kind: "notice", fields, columns, lines }
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
            "access.read".to_owned(),
            format!("张{NAMES}"),
            "zhangsan handler".to_owned(),
            "notice:2026-17\napplicant:张三\npurpose:复议举证\nbytes:0-1048576".to_owned(),
            digest(number),
        ]
    });
    let columns = vec!["seq", "at", "event", "person", "account", "ground", "leaf"];
    Form { kind: "custody-log", fields, columns, lines }
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
    let line = |material: &str, place: &str| vec![material.to_owned(), place.to_owned()];
    let lines = vec![
        line("investigation-report", "调查终结报告"),
        line("evidence-and-basis", "询问笔录、现场检查笔录"),
        line("procedure", "立案审批表"),
    ];
    Form { kind: "legal-opinion", fields, columns: vec!["material", "reference"], lines }
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

fn destruction_record() -> Form {
    let fields = fields(&[
        ("year", "2026"),
        ("number", "3"),
        ("proposal", "00112233445566778899aabbccddeeff"),
        ("proposed-by", "周保管"),
        ("proposed-on", "2026-11-20"),
        ("reason", "保管期限届满"),
        ("approved-by", "李分管"),
        ("approved-on", "2026-11-21"),
        ("approval", "同意"),
        ("carried-out-by", "周保管"),
        ("carried-out-on", "2026-11-23"),
        ("recordings", "4"),
        ("keys-shredded", "12"),
        ("bytes", "4823449600"),
        ("stores", "main; 二号盘"),
        (
            "volumes",
            "JL-2026-0001 clear 1@档案室 3-2-1; 2@异地库房 1-1\nJL-2026-0002 sealed 1@档案室 3-2-2",
        ),
        ("spared", "0"),
        ("digest", DIGEST),
        ("vault-key", "evidence-vault.example/0011+6c1c1a55+AQqW1E0y"),
    ]);
    let columns =
        vec!["number", "name", "case-no", "received-on", "kept-until-on", "because", "recording"];
    let lines = lines(4, |number| {
        let (name, case) = (format!("MAVI{number:04}.mp4"), "吉民查〔2024〕3号".to_owned());
        let (from, until) = ("2024-10-01".to_owned(), "2026-10-01".to_owned());
        let because = "original:A3.11 case-term:A3.11".to_owned();
        vec![number.to_string(), name, case, from, until, because, digest(number)]
    });
    Form { kind: "destruction-record", fields, columns, lines }
}

/// The label of a volume with more cases than it names, or of an encrypted one, which names none.
pub(crate) fn volume_label(sealed: bool) -> Form {
    let cases: Vec<_> = (1..=10).map(|number| format!("吉民罚〔2026〕{number}号")).collect();
    let named = format!("7\n{}", cases.join("\n"));
    let (encryption, cases) = if sealed { ("sealed", "17\n") } else { ("clear", named.as_str()) };
    let qr = format!("evidence-vault-volume:00112233445566778899aabbccddeeff:1:{DIGEST}");
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudscfm9qkz6hqr".to_owned();
    let mut fields = fields(&[
        ("volume-label", "JL-2026-0001"),
        ("copy-number", "1"),
        ("shelf-mark", "档案室 3 柜 2 层 1 格"),
        ("read-by-on", "2027-11-23"),
        ("carrier-kind", "bd25"),
        ("built-on", "2026-11-23"),
        ("encryption", encryption),
        ("cases", cases),
        ("recordings", "128"),
        ("bytes", "21474836480"),
        ("migrated-from", "JL-2016-0001"),
        ("volume", "00112233445566778899aabbccddeeff"),
        ("image-digest", DIGEST),
        ("qr", &qr),
    ]);
    if sealed {
        fields.push(("recipients", [recipient.clone(), recipient].join("; ")));
    }
    Form { kind: "volume-label", fields, columns: Vec::new(), lines: Vec::new() }
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
        destruction_record(),
        volume_label(false),
        volume_label(true),
    ]
}
