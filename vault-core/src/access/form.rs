//! The forms of the regulation as data: which fields, with what in them. Setting them in type is
//! for others. Field names are codes with their words in the catalogues.

use super::paper::stretch_of;
use super::view::RequestView;
use crate::casefile::CaseView;
use crate::clock::Date;
use crate::holdings::Holding;
use vault_proof::canonical::Value;

/// A form: its fields in order, then its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which form: `notice` (《调取证据通知书》), `preservation-list` (《证据登记保存清单》),
    /// `transfer-list` (证据移交清单), `custody-log` (保管链日志), `copy-statement` (复制件说明),
    /// `no-recording-statement` (未记录情况说明), `legal-opinion` (法制审核意见书), `disposal`
    /// (证据到期处置审批表), `destruction-record` (《销毁记录》), `volume-label` (光盘卷标签),
    /// `inspection-notice` (抽查通知书), `correction-notice` (限期整改通知书), `inspection-report`
    /// (抽查报告) or `inspection-evaluation` (年度考评表).
    pub kind: &'static str,
    /// Codes of fields and what stands in them.
    pub fields: Vec<(&'static str, String)>,
    /// Codes of columns.
    pub columns: Vec<&'static str>,
    /// Lines of the list.
    pub lines: Vec<Vec<String>>,
}

impl Form {
    /// The form as a value, for signing.
    pub fn value(&self) -> Value {
        let fields =
            self.fields.iter().map(|(name, text)| (*name, Value::text(text))).collect::<Vec<_>>();
        let line = |line: &Vec<String>| Value::List(line.iter().map(Value::text).collect());
        Value::map([
            ("columns", Value::List(self.columns.iter().copied().map(Value::text).collect())),
            ("fields", Value::map(fields)),
            ("kind", Value::text(self.kind)),
            ("lines", Value::List(self.lines.iter().map(line).collect())),
        ])
    }
}

/// The notice of evidence retrieval, once it has its number.
pub fn notice_form(view: &RequestView) -> Form {
    let (year, number, issued) = view.notice.map_or((0, 0, view.at), |notice| notice);
    let decision = view.decision.as_ref();
    let stretch = stretch_of(view);
    let fields = vec![
        ("year", year.to_string()),
        ("number", number.to_string()),
        ("issued-on", Date::of(issued).to_string()),
        ("request", view.id.to_string()),
        ("applicant", view.applicant.clone()),
        ("applicant-name", view.applicant_name.clone()),
        ("applicant-unit", view.applicant_unit.clone()),
        ("purpose", view.purpose.clone()),
        ("mode", if view.copies_asked { "copy" } else { "view" }.to_owned()),
        ("copies", view.copies.to_string()),
        ("days", view.days.to_string()),
        ("stretch-ms", stretch),
        ("office", view.office.as_str().to_owned()),
        ("consented-by", decision.map(|one| one.person.clone()).unwrap_or_default()),
        ("consented-on", decision.map(|one| Date::of(one.at).to_string()).unwrap_or_default()),
        ("registered-by", view.person.clone()),
    ];
    let lines = (1u64..)
        .zip(&view.recordings)
        .map(|(number, recording)| vec![number.to_string(), recording.to_string()])
        .collect();
    Form { kind: "notice", fields, columns: vec!["number", "recording"], lines }
}

/// The evidence registration and preservation list of a case (R10, A3.10): what was handed over,
/// to be signed by who hands over and who receives.
pub fn preservation_list(case: &CaseView, holdings: &[Holding]) -> Form {
    let officers: Vec<_> = case
        .officers
        .iter()
        .map(|officer| format!("{} {}", officer.name, officer.certificate))
        .collect();
    let fields = vec![
        ("case-no", case.case_no.clone()),
        ("title", case.title.clone()),
        ("counterpart", case.counterpart.clone()),
        ("unit", case.unit.clone()),
        ("officers", officers.join("; ")),
    ];
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
    let line = |(number, holding): (u64, &Holding)| {
        vec![
            number.to_string(),
            holding.name.clone(),
            holding.recording.to_string(),
            holding.bytes.to_string(),
            holding.sha256.clone().unwrap_or_default(),
            holding.device.clone(),
            holding.maker.clone(),
            holding.method.clone(),
            holding.proves.clone(),
            Date::of(holding.received_at).to_string(),
        ]
    };
    let lines = (1u64..).zip(holdings).map(line).collect();
    Form { kind: "preservation-list", fields, columns, lines }
}
