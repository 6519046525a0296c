//! Papers that are signed (R10, R18, R19; A3.10, A3.13, A3.15): lists with numbers of their own, and the
//! scan of a signed notice, kept and handed over.

use crate::office::{CASE, Office};
use crate::package::{files, vault_verify};
use sha2::{Digest, Sha256};
use std::path::Path;

fn digest(path: &str) -> String {
    hex::encode(Sha256::digest(std::fs::read(path).expect("a print")))
}

#[test]
fn lists_have_numbers_without_gaps_are_signed_by_two_and_printed_again_the_same() {
    let office = Office::new();
    let (_, id) = office.recording();
    let issue = |out: &str| office.text(out);
    let list = |out: &str| {
        let out = issue(out);
        office.call("qian", &["paper", "preservation-list", "--case", CASE, "-o", &out])
    };
    assert_eq!(list("none.pdf").fault(), "case-unknown");
    office.archive();
    assert_eq!(list("early.pdf").fault(), "digests-not-taken");
    assert_eq!(office.ctl.call(&["jobs", "run"]).expect("vaultctl").code, 0);
    let first = list("1.pdf").last();
    let year = first["year"].clone();
    assert_eq!((&first["number"], &first["recordings"]), (&1.into(), &serde_json::json!([id])));
    assert_eq!(first["sha256"], digest(&issue("1.pdf")));
    let number = first["form"].as_str().expect("a number").to_owned();
    let second = list("2.pdf").last();
    assert_eq!((&second["number"], &second["year"]), (&2.into(), &year));
    office.refused("aud", &["paper", "void", &number, "--reason", "试"], 5, "act-denied");
    office.refused("li", &["paper", "sign", &number, "--side", "receives"], 5, "act-denied");

    let sign = |who: &str, side: &str, more: &[&str]| {
        office.call(who, &[&["paper", "sign", &number, "--side", side], more].concat())
    };
    assert_eq!(sign("zhang", "hands-over", &[]).code, 0);
    assert_eq!(sign("qian", "hands-over", &[]).fault(), "entry-step-refused", "signed already");
    assert_eq!(sign("zhang", "receives", &[]).fault(), "entry-step-refused", "for both sides");
    let on_paper = ["--person", "zhang"];
    assert_eq!(sign("qian", "receives", &on_paper).fault(), "entry-step-refused");
    let signed = sign("qian", "receives", &[]).last();
    assert_eq!(
        (&signed["handed_over"]["person"], &signed["received"]["person"]),
        (&"zhang".into(), &"qian".into())
    );

    let again = issue("again.pdf");
    office.done("", &["paper", "print", &number, "-o", &again]);
    assert_eq!(first["sha256"], digest(&again), "the same bytes under the same number");
    office.done("qian", &["paper", "void", &number, "--reason", "漏列一份"]);
    office.refused("qian", &["paper", "void", &number, "--reason", "再"], 1, "entry-step-refused");
    let void = issue("void.pdf");
    office.done("", &["paper", "print", &number, "-o", &void]);
    assert_ne!(first["sha256"], digest(&void), "a void one says so");
    assert_eq!(list("3.pdf").last()["number"], 3, "a void number stays used");
    let all = office.done("", &["paper", "list", "--case", CASE])["forms"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(3));
    assert_eq!(all[2]["voided"]["reason"], "漏列一份");
    assert_eq!(all[2]["handed_over"]["person"], "zhang");
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("vaultctl").code, 0);
}

#[test]
fn a_signed_scan_is_kept_shown_again_and_goes_with_the_copy_whose_transfer_is_listed() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    assert_eq!(office.ctl.call(&["jobs", "run"]).expect("vaultctl").code, 0);
    let asked = ["request", &id, "--purpose", "复议举证", "--days", "7", "--copies", "1"];
    let number = office.done("zhang", &asked)["request"].as_str().expect("number").to_owned();
    let (scan, text) = (office.text("签字.pdf"), office.text("签字.txt"));
    std::fs::write(&scan, vault_tests::media::scan("signed and sealed")).expect("file");
    let cut = office.text("断.pdf");
    std::fs::write(&cut, b"%PDF-1.4 signed and sealed").expect("file");
    std::fs::write(&text, b"signed and sealed").expect("file");
    office.refused("qian", &["sign", &number, "--scan", &scan], 5, "access-step-refused");
    office.done("li", &["approve", &number]);
    office.done("qian", &["notice", &number]);
    office.refused("qian", &["sign", &number, "--scan", &text], 2, "scan-format-refused");
    // It begins like one and cannot be opened.
    office.refused("qian", &["sign", &number, "--scan", &cut], 2, "scan-format-refused");
    let back = office.text("back.pdf");
    let show = ["form", "notice-scan", "--request", &number, "-o", &back];
    office.refused("qian", &show, 6, "scan-unknown");
    let signed = office.done("qian", &["sign", &number, "--scan", &scan]);
    let bytes = std::fs::read(&scan).expect("file");
    let id_of_scan = blake3::hash(&bytes).to_hex().to_string();
    assert_eq!(signed["signature"]["digest"], id_of_scan.as_str());
    office.done("qian", &["grant", &number]);
    office.refused("sys", &show, 5, "act-denied");
    let shown = office.done("zhang", &show);
    assert_eq!(shown["blake3"], id_of_scan.as_str());
    assert_eq!(std::fs::read(&back).expect("file"), bytes);
    let events = office.call("aud", &["ledger", "events"]).out;
    assert!(events.contains("access.scan-kept") && events.contains("access.scan-shown"));

    let transfer = |out: &str| {
        let out = office.text(out);
        let units = ["--from", "执法监督局", "--to", "某法院", "--carrier", "光盘 1 张"];
        let which = ["paper", "transfer-list", "--request", &number, "--copy", "1"];
        office.call("qian", &[&which[..], &units[..], &["-o", &out]].concat())
    };
    assert_eq!(transfer("early.pdf").fault(), "copy-unknown");
    let package = office.text("package");
    office.done("qian", &["export", "--grant", &number, "--recipient", "某法院", "-o", &package]);
    assert_eq!(vault_verify(&[&package]).0, Some(0));
    let files = files(Path::new(&package));
    let kept =
        files.iter().find(|(name, _)| name.contains("data/forms/") && name.contains("扫描件"));
    assert_eq!(*kept.expect("the scan").1, bytes);
    let listed = transfer("transfer.pdf").last();
    assert_eq!((&listed["kind"], &listed["number"]), (&"transfer-list".into(), &1.into()));
    let form = listed["form"].as_str().expect("a number");
    let receipt = ["paper", "sign", form, "--side", "receives", "--person", "赵法官"];
    let receipt = office.done("qian", &receipt);
    assert_eq!(
        (&receipt["received"]["person"], &receipt["received"]["way"]),
        (&"赵法官".into(), &"paper".into())
    );
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("vaultctl").code, 0);
}
