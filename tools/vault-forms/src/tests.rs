//! That forms are what an archive and a court can take: whole, embedded, readable, the same again.
//!
//! The pages are read back with poppler, a program that had no part in making them.

#[path = "../examples/samples/forms.rs"]
mod samples;

use super::*;
use samples::{DIGEST, NAMES};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use vault_core::wording::Language;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::find(None).expect("fonts-noto-cjk"));

fn issued() -> Date {
    "2026-11-23".parse().unwrap()
}

fn chinese(form: &Form) -> Vec<u8> {
    set(form, &Wording::new(Language::Chinese), issued(), &FONTS).unwrap()
}

/// What a program says of these bytes.
fn asked(program: &str, before: &[&str], bytes: &[u8], after: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("form.pdf");
    #[expect(clippy::disallowed_methods, reason = "a file of the test")]
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(program).args(before).arg(&path).args(after).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program} (pdf… are in poppler-utils): {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> String {
    asked("pdftotext", &[], bytes, &["-"])
}

/// The text without what typesetting adds: spaces and line ends.
fn run_together(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_form_is_an_archival_file_on_a4_with_its_fonts_inside() {
    for form in samples::all() {
        for language in Language::ALL {
            let bytes = set(&form, &Wording::new(language), issued(), &FONTS).unwrap();
            let info = asked("pdfinfo", &["-meta"], &bytes, &[]);
            assert!(info.contains("<pdfaid:part>2</pdfaid:part>"), "{}: {info}", form.kind);
            assert!(info.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "{}", form.kind);
            let info = asked("pdfinfo", &[], &bytes, &[]);
            assert!(info.contains("(A4)"), "{}: {info}", form.kind);
            let fonts = asked("pdffonts", &[], &bytes, &[]);
            assert!(fonts.lines().count() > 2, "{fonts}");
            for line in fonts.lines().skip(2) {
                let marks: Vec<_> = line.split_whitespace().rev().skip(2).take(3).collect();
                assert_eq!(marks, ["yes", "yes", "yes"], "{}: {line}", form.kind);
            }
        }
    }
}

#[test]
fn every_text_of_a_form_is_there_and_in_its_language() {
    for form in samples::all() {
        for language in Language::ALL {
            let wording = Wording::new(language);
            let text = text(&set(&form, &wording, issued(), &FONTS).unwrap());
            assert!(!text.contains("[form"), "{}: {text}", form.kind);
            let title = wording.text(&format!("forms-{}", form.kind), &[]);
            assert!(run_together(&text).contains(&run_together(&title)), "{}", form.kind);
            assert!(!text.contains(&wording.text("not-stated", &[])), "{}: {text}", form.kind);
        }
    }
}

#[test]
fn the_same_data_gives_the_same_bytes_and_other_data_others() {
    let first = chinese(&samples::notice(3));
    // As a later call in another state of the program.
    let between = chinese(&samples::preservation_list(2));
    assert_eq!(first, chinese(&samples::notice(3)));
    assert_ne!(first, between);
    let later = "2026-11-24".parse().unwrap();
    let wording = Wording::new(Language::Chinese);
    assert_ne!(first, set(&samples::notice(3), &wording, later, &FONTS).unwrap());
}

#[test]
fn rare_characters_of_names_can_be_read_back() {
    let text = text(&chinese(&samples::notice(1)));
    assert!(text.contains(NAMES), "{text}");
    assert!(run_together(&text).contains("〔2026〕1号"), "{text}");
    assert!(run_together(&text).contains("第1页共1页"), "{text}");
}

#[test]
fn a_notice_cites_the_article_that_its_applicant_falls_under() {
    let mut form = samples::notice(1);
    let basis = |form: &Form| run_together(&text(&chinese(form)));
    assert!(basis(&form).contains("附件3）第十五条"), "{}", basis(&form));
    let applicant = form.fields.iter_mut().find(|(code, _)| *code == "applicant").unwrap();
    applicant.1 = "counterpart".to_owned();
    assert!(basis(&form).contains("附件2）第十八条（一）4"), "{}", basis(&form));
}

#[test]
fn a_notice_says_of_each_recording_what_people_know_it_by() {
    let text = run_together(&text(&chinese(&samples::notice(2))));
    for part in ["MAVI0002_20261121_0930.mp4", "吉民罚〔2026〕17号", "基金会未按规定", "0002"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_custody_log_says_who_in_which_role_on_which_ground() {
    let form = samples::all().into_iter().find(|form| form.kind == "custody-log").unwrap();
    let text = run_together(&text(&chinese(&form)));
    for part in ["zhangsan（承办人）", "调取证据通知书〔2026〕17号", "用途：复议举证", "字节范围"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("[forms-ground"), "{text}");
}

#[test]
fn signatures_never_stand_alone_on_a_page() {
    for form in samples::all() {
        // However long the list, so that the boxes come to lie at the end of a page once.
        for count in 1..=form.lines.len().max(1) {
            let mut form = form.clone();
            form.lines.truncate(count);
            let wording = Wording::new(Language::Chinese);
            let Some(box_1) = wording.attribute(&format!("forms-{}", form.kind), "box-1", &[])
            else {
                continue;
            };
            let bytes = chinese(&form);
            let last =
                text(&bytes).trim_end_matches('\u{c}').rsplit('\u{c}').next().map(run_together);
            let last = last.unwrap_or_default();
            if last.contains(&run_together(&box_1)) {
                let above = last.split(&run_together(&box_1)).next().unwrap_or_default();
                assert!(above.contains("依据"), "{} {count}: {last}", form.kind);
            }
        }
    }
}

#[test]
fn markup_in_a_value_stays_what_it_is() {
    let mut form = samples::notice(1);
    let hostile = "#panic(\"x\")#include \"/etc/passwd\"*b*$x$`c`<d>@e\\u{41}//f/*g*/= h";
    form.fields.iter_mut().for_each(|(code, text)| {
        if *code == "purpose" || *code == "applicant-name" {
            hostile.clone_into(text);
        }
    });
    let read = run_together(&text(&chinese(&form)));
    assert!(read.matches(&run_together(hostile)).count() >= 2, "{read}");
}

#[test]
fn digests_stay_inside_the_page_and_are_copied_whole() {
    for form in [samples::notice(2), samples::preservation_list(2)] {
        let bytes = chinese(&form);
        let boxes = asked("pdftotext", &["-bbox"], &bytes, &["-"]);
        let right = 595.3 - 26.0 * 72.0 / 25.4;
        for line in boxes.lines().filter(|line| line.contains("<word")) {
            let edge = line.split("xMax=\"").nth(1).and_then(|rest| rest.split('"').next());
            let edge: f64 = edge.unwrap().parse().unwrap();
            // The blank half of a full stop may stand in the margin.
            let blank = if line.ends_with("。</word>") { 8.0 } else { 0.5 };
            assert!(edge <= right + blank, "{}: {line}", form.kind);
        }
        let text = text(&bytes);
        let whole = |digest: &str| text.split_whitespace().any(|word| word == digest);
        assert!(whole(&format!("0001{}", &DIGEST[4..])), "{}: {text}", form.kind);
        assert!(form.kind == "notice" || whole(DIGEST), "{text}");
    }
}

/// Left and right edges of each word for which this holds, as poppler sees them.
fn edges(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Vec<(f64, f64)> {
    let found = asked("pdftotext", &["-bbox"], bytes, &["-"]);
    let edge = |line: &str, name: &str| {
        let value = line.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().parse::<f64>().unwrap()
    };
    let word = |line: &str| line.split(['>', '<']).nth(2).unwrap_or_default().to_owned();
    let lines = found.lines().filter(|line| line.contains("<word") && wanted(&word(line)));
    lines.map(|line| (edge(line, "xMin"), edge(line, "xMax"))).collect()
}

#[test]
fn names_without_a_place_to_break_stay_inside_their_cells() {
    let mut form = samples::preservation_list(1);
    form.lines[0][1] = "A".repeat(60);
    form.lines[0][5] = "B".repeat(30);
    let bytes = chinese(&form);
    let next = edges(&bytes, |word| word == "288")[0].0;
    let (names, devices) = (
        edges(&bytes, |word| word.starts_with("AAAA")),
        edges(&bytes, |word| word.starts_with("BBBB")),
    );
    assert!(names.len() > 1 && names.iter().all(|(_, right)| *right < next), "{names:?} {next}");
    let next =
        edges(&bytes, |word| word == "张三").iter().map(|(left, _)| *left).fold(0.0, f64::max);
    assert!(devices.len() > 1 && devices.iter().all(|(_, right)| *right < next), "{devices:?}");
}

#[test]
fn what_is_not_filled_in_is_crossed_through_and_boxes_stay_blank() {
    let mut form = samples::preservation_list(1);
    form.lines[0][5].clear();
    let text = text(&chinese(&form));
    assert!(text.contains('／'), "{text}");
    for part in ["被取证人（移交人）（签字）", "行政机关（印章）", "年", "一式两份"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    form.lines.clear();
    assert!(asked("pdftotext", &[], &chinese(&form), &["-"]).contains("（无）"));
}

#[test]
fn a_character_without_a_glyph_is_a_fault_that_names_it() {
    let mut form = samples::notice(1);
    let purpose = form.fields.iter_mut().find(|(code, _)| *code == "purpose").unwrap();
    purpose.1 = "查阅\u{1f9ff}".to_owned();
    let fault = set(&form, &Wording::new(Language::Chinese), issued(), &FONTS).unwrap_err();
    assert_eq!(fault.code(), Code::FormGlyphMissing);
    assert_eq!(fault.detail("value"), Some("\u{1f9ff} U+1F9FF"));
    assert_eq!(fault.detail("key"), Some("用途"));
}

#[test]
fn a_file_name_keeps_no_evidence_from_its_list() {
    let mut form = samples::preservation_list(1);
    form.lines[0][1] = "现场\u{1f9ff}1.mp4".to_owned();
    let text = run_together(&text(&chinese(&form)));
    assert!(text.contains("现场\\u{1f9ff}1.mp4"), "{text}");
}

#[test]
fn what_no_font_will_ever_have_is_written_out_wherever_it_was_said() {
    let mut form = samples::notice(1);
    let purpose = form.fields.iter_mut().find(|(code, _)| *code == "purpose").unwrap();
    purpose.1 = "查阅\u{8f597}".to_owned();
    let text = run_together(&text(&chinese(&form)));
    assert!(text.contains("查阅\\u{8f597}"), "{text}");
}

#[test]
fn a_font_that_is_not_there_is_a_fault_that_names_its_package() {
    let empty = tempfile::tempdir().unwrap();
    // Debian's place is used where the named directory has no such font.
    assert!(Fonts::find(Some(empty.path())).is_ok());
    let fault = Fonts::find_in(None, &["/nowhere/NotoSerifCJK-Regular.ttc"]).unwrap_err();
    assert_eq!(fault.code(), Code::FormFontMissing);
    assert_eq!(fault.detail("name"), Some("fonts-noto-cjk"));
    let words = Wording::new(Language::Chinese).fault(&fault);
    assert!(words.what.contains("制作表单需要字体软件包 fonts-noto-cjk"), "{}", words.what);
    assert!(Fonts::find(Some(Path::new("/nowhere"))).is_err());
}

#[test]
fn lists_past_the_limit_and_unknown_kinds_are_refused() {
    let mut form = samples::notice(1);
    form.lines = vec![form.lines[0].clone(); FORM_LINES_MAX + 1];
    let wording = Wording::new(Language::Chinese);
    let refused = set(&form, &wording, issued(), &FONTS).unwrap_err();
    assert_eq!(refused.code(), Code::FormTooLong);
    let unknown = Form { kind: "sheet", lines: Vec::new(), ..samples::notice(1) };
    assert_eq!(set(&unknown, &wording, issued(), &FONTS).unwrap_err().code(), Code::Internal);
}

#[test]
fn each_page_of_a_long_list_repeats_its_heads_and_bears_its_number() {
    let bytes = chinese(&samples::preservation_list(40));
    let info = asked("pdfinfo", &[], &bytes, &[]);
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim();
    let pages: usize = pages.parse().unwrap();
    let text = run_together(&text(&bytes));
    assert!(pages > 3, "{pages}");
    for page in 1..=pages {
        assert!(text.contains(&format!("第{page}页共{pages}页")), "{text}");
    }
    assert!(text.matches("接收日期").count() >= pages - 1, "{text}");
}

#[test]
#[ignore = "needs veraPDF, which Debian does not package: verapdf on PATH, then --run-ignored"]
fn verapdf_finds_nothing_to_object_to() {
    for form in samples::all() {
        let said = asked("verapdf", &["--flavour", "2b", "--format", "text"], &chinese(&form), &[]);
        assert!(said.starts_with("PASS"), "{}: {said}", form.kind);
    }
}

#[test]
fn the_code_on_a_label_is_read_again_from_its_picture() {
    let label = samples::volume_label(false);
    let wanted = &label.fields.iter().find(|(code, _)| *code == "qr").unwrap().1;
    let bytes = chinese(&label);
    let directory = tempfile::tempdir().unwrap();
    let picture = directory.path().join("label");
    let target = picture.display().to_string();
    asked("pdftoppm", &["-png", "-r", "200", "-singlefile"], &bytes, &[&target]);
    let mut read = Command::new("zbarimg");
    let read = read.args(["-q", "--raw"]).arg(format!("{target}.png")).output();
    let read = read.expect("zbarimg is in zbar-tools").stdout;
    assert_eq!(String::from_utf8(read).unwrap().trim(), wanted);
    let text = run_together(&text(&bytes));
    for part in ["JL-2026-0001", "档案室3柜2层1格", "未加密", "吉民罚〔2026〕10号", "等另7案"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains(DIGEST));
    let text = run_together(&self::text(&chinese(&samples::volume_label(true))));
    for part in ["已加密（age）", "17案（已加密", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("吉民罚"), "an encrypted volume names no case on the outside");
}

#[test]
fn a_record_of_destruction_says_why_by_article_and_what_still_bears_it() {
    let form = samples::all().into_iter().find(|form| form.kind == "destruction-record").unwrap();
    let text = run_together(&text(&chinese(&form)));
    for part in [
        "销毁记录",
        "〔2026〕3号",
        "原始资料保存期限（",
        "第十一条",
        "JL-2026-0001（未加密）：第1套档案室3-2-1;第2套异地库房1-1",
        "JL-2026-0002（已加密（age））：第1套",
        "本库存储;二号盘",
        "监销人（签字）",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
