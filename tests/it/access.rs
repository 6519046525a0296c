//! Retrieval as people do it (R12–R15, R19–R22, R29): from first accounts to a package that the
//! court verifies and a grant that is taken back, on the operator's program; and that of many who
//! act at once on one grant exactly one has it, on both databases.

use crate::office::{CASE, Office};
use crate::story::{check, new_vault, new_vault_on, operator, take_in};
use std::path::Path;
use std::process::Command;
use vault_core::access::{self, Applicant, Mode, NewRequest, RequestState, Verdict};
use vault_core::fault::Code;
use vault_core::people::{self, NewAccount, Password, SignIn};
use vault_core::policy::{Actor, Role};
use vault_core::vault::Vault;
use vault_proof::{ContentId, RecordId};
use vault_tests::command::{Answer, Vaultctl};
use vault_tests::postgres::PostgresServer;
use vault_tests::program::built;

#[test]
fn a_retrieval_from_first_accounts_to_a_verified_package_and_its_revocation() {
    let office = Office::new();
    let (file, id) = office.recording();
    let (whole, part) = (office.text("whole.mp4"), office.text("part.bin"));
    let nothing = office.text("nothing");
    let own = office.ctl.call(&[
        "read",
        &id,
        "-o",
        &whole,
        "--as",
        "zhang",
        "--password-file",
        &office.text("zhang.own"),
    ]);
    assert_eq!(own.expect("vaultctl").code, 0, "the unit's own, before it is archived");
    assert_eq!(std::fs::read(&whole).expect("file"), std::fs::read(&file).expect("file"));
    office.archive();
    for account in ["", "zhang", "li", "wang", "zhao", "qian", "sys", "aud"] {
        let answer = read(&office, account, &[&id, "-o", &nothing]);
        assert_eq!(answer.code, 5, "{account}: {}", answer.err);
    }
    let number = office.granted(&id, &["--copies", "1"]);
    let ranged = [id.as_str(), "--grant", &number, "--range", "10-99", "-o", &part];
    assert_eq!(read(&office, "zhang", &ranged).code, 0);
    assert_eq!(std::fs::read(&part).expect("file"), std::fs::read(&file).expect("file")[10..100]);
    assert_eq!(read(&office, "li", &[&id, "--grant", &number, "-o", &nothing]).code, 5);

    let package = office.text("package.zip");
    let export = ["export", "--grant", &number, "--recipient", "某法院", "-o"];
    let done = office.done("qian", &[&export[..], &[&package]].concat());
    let verified = Command::new(built("vault-verify").expect("vault-verify"))
        .arg(&package)
        .output()
        .expect("vault-verify");
    assert!(verified.status.success());
    let mark = done["mark"].as_str().expect("a mark");
    assert!(String::from_utf8_lossy(&verified.stdout).contains(mark));
    office.refused("qian", &[&export[..], &[&package]].concat(), 1, "target-taken");
    office.refused("qian", &[&export[..], &[&nothing]].concat(), 5, "grant-needed");
    let copies = office.done("aud", &["copies", &id])["copies"].clone();
    assert_eq!(copies[0]["to"], "某法院");
    assert_eq!(copies[0]["package_sha256"], done["signature_sha256"]);

    office.done("li", &["revoke", &number, "--reason", "事由消失"]);
    assert_eq!(read(&office, "zhang", &[&id, "--grant", &number, "-o", &nothing]).code, 5);
    assert!(!Path::new(&nothing).exists());
    equal_when_rebuilt(&office);
}

fn read(office: &Office, account: &str, words: &[&str]) -> Answer {
    let file = office.text(&format!("{account}.own"));
    let mut call = [&["read"], words].concat();
    if !account.is_empty() {
        call.extend(["--as", account, "--password-file", &file]);
    }
    office.ctl.call(&call).expect("vaultctl")
}

fn equal_when_rebuilt(office: &Office) {
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("vaultctl").code, 0);
    let (code, said) = crate::second_reader::read(office.ctl.vault());
    assert_eq!(code, Some(0), "the second reader knows every type of event: {said}");
    let (from, into) = (office.text("vault"), office.text("rebuilt"));
    let rebuilt = office.ctl.call(&["rebuild", "--from", &from, "--into", &into]);
    assert_eq!(rebuilt.expect("vaultctl").code, 0);
    let again = office.ctl.beside(Path::new(&into));
    let dump = |ctl: &Vaultctl| ctl.call(&["dump"]).expect("vaultctl").out;
    let before = dump(&office.ctl);
    assert!(before.contains("access_requests"), "the dump holds the flows");
    assert_eq!(before, dump(&again));
}

#[test]
fn retention_grows_and_holds_are_released_by_another() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let until = |office: &Office| office.done("", &["retention", "show", &id]);
    assert_eq!(until(&office)["reasons"][0]["kind"], "original");
    let term = |years| ["retention", "term", CASE, "--years", years, "--reason", "处罚案卷"];
    office.refused("zhang", &term("10"), 5, "act-denied");
    office.done("zhao", &term("10"));
    office.refused("zhao", &term("5"), 5, "retention-shortens");
    assert_eq!(until(&office)["reasons"][0]["kind"], "case-term");
    let ground = ["retention", "trigger", &id, "--ground", "obstruction", "--reason", "阻碍执法"];
    office.done("zhang", &ground);
    assert_eq!(until(&office)["permanent"], true);
    assert_eq!(until(&office)["reasons"].as_array().expect("reasons").len(), 3);
    let hold = office.done("zhang", &["retention", "hold", &id, "--reason", "复议中"]);
    let hold = hold["hold"].as_str().expect("a number");
    office.refused("zhang", &["retention", "release", hold, "--reason", "x"], 5, "act-denied");
    office.done("li", &["retention", "release", hold, "--reason", "复议终结"]);
    office.refused("li", &["retention", "release", hold, "--reason", "x"], 6, "hold-unknown");
}

#[test]
fn after_the_closing_a_case_file_only_grows_by_addenda_of_the_archivist() {
    let office = Office::new();
    office.recording();
    let paper = office.text("决定书.pdf");
    std::fs::write(&paper, b"%PDF-1.7 decision").expect("file");
    let add = ["case", "add", CASE, "--document", &paper, "--type", "decision"];
    let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
    let rest = ["--counterpart", "某", "--unit", "执法科", "--opened-on", "2026-01-05"];
    let open = ["case", "open", CASE, "--title", "违规收费"];
    office.refused("zhang", &add, 6, "case-unknown");
    office.done("zhang", &[&open[..], &officers[..], &rest[..]].concat());
    office.refused("zhang", &[&open[..], &officers[..], &rest[..]].concat(), 2, "case-taken");
    // Nobody said yet that the decision needs no review.
    office.refused("zhang", &add, 5, "review-needed");
    office.done("zhang", &["review", "not-needed", CASE, "--note", "警告，不属重大决定"]);
    office.done("zhang", &add);
    office.refused("zhang", &add, 5, "case-step-refused");
    office.refused("zhang", &["case", "end", CASE, "--on", "2099-01-20"], 5, "case-step-refused");
    let later = ["--counterpart", "某", "--unit", "执法科", "--opened-on", "2099-01-05"];
    let ahead = ["case", "open", "吉民罚〔2099〕1号", "--title", "违规收费"];
    let ahead = [&ahead[..], &officers[..], &later[..]].concat();
    office.refused("zhang", &ahead, 5, "case-step-refused");
    office.done("zhang", &["case", "end", CASE, "--on", "2026-01-20"]);
    office.done("zhao", &["case", "close", CASE, "--note", "其余在纸质卷"]);
    let late = office.text("回证.pdf");
    std::fs::write(&late, b"%PDF-1.7 receipt").expect("file");
    let add = ["case", "add", CASE, "--document", &late, "--type", "service-receipt"];
    let noted = [&add[..], &["--note", "迟到的回证"]].concat();
    office.refused("zhang", &noted, 5, "act-denied");
    office.refused("zhao", &add, 2, "text-invalid");
    office.done("zhao", &noted);
    let case = office.done("", &["case", "show", CASE]);
    let contents = case["contents"].as_array().expect("contents");
    assert_eq!(contents.len(), 3);
    assert_eq!(contents[2]["addendum"], true);
    assert_eq!(case["closed"]["note"], "其余在纸质卷");
    late_recording(&office);
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("vaultctl").code, 0);
}

/// What is labelled with a closed case is announced to the archivist until it lies in the file.
fn late_recording(office: &Office) {
    let waits = |account: &str| {
        let duties = office.call(account, &["todo"]).last()["duties"].clone();
        let mut all = duties.as_array().expect("duties").clone();
        all.retain(|duty| duty["kind"] == "addendum");
        all.first().map_or(0, |duty| duty["count"].as_u64().expect("a count"))
    };
    assert_eq!(waits("zhao"), 0);
    let file = office.text("补录.wav");
    std::fs::write(&file, b"recorded late").expect("file");
    let labels = ["--case", CASE, "--counterpart", "某", "--handler", "张三"];
    office.done("qian", &[&["ingest", &file, "--activity", "inspection"], &labels[..]].concat());
    let id = blake3::hash(b"recorded late").to_hex().to_string();
    assert_eq!((waits("zhao"), waits("zhang")), (1, 0), "the archivist's alone");
    let case = office.done("", &["case", "show", CASE]);
    assert_eq!(case["awaiting"][0]["recording"], id.as_str());
    assert_eq!(case["contents"].as_array().map(Vec::len), Some(3), "nothing joins by itself");
    let add = ["case", "add", CASE, "--recording-id", &id, "--note", "补录"];
    office.done("zhao", &add);
    assert_eq!(waits("zhao"), 0);
    let case = office.done("", &["case", "show", CASE]);
    assert_eq!(case["awaiting"], serde_json::json!([]));
}

#[test]
fn looking_from_the_terminal_is_asked_of_the_policy_as_over_the_network() {
    let office = Office::new();
    let (_, id) = office.recording();
    // A custodian may not read the ledger, and an administrator not the catalogue.
    for words in [&["ledger", "events"][..], &["ledger", "verify"], &["backup", "list"]] {
        office.refused("qian", words, 5, "act-denied");
    }
    // Who makes backups sees them, and nothing else of the ledger.
    office.done("sys", &["backup", "list"]);
    office.refused("sys", &["ledger", "events"], 5, "act-denied");
    let looks = [
        &["list"][..],
        &["show", &id],
        &["case", "list"],
        &["ledger", "events", "--recording", &id],
        &["retention", "show", &id],
        &["retention", "rules"],
        &["disc", "list"],
        &["dispose", "list"],
        &["jobs", "list"],
    ];
    for words in looks {
        office.refused("sys", words, 5, "act-denied");
        office.done("qian", words);
    }
    // Who keeps the machine sees how sound the whole is, without a name of anything.
    for words in [&["store", "status"][..], &["scrub", "status"], &["tier", "status"]] {
        office.done("sys", words);
        office.done("aud", words);
    }
    let seen = office.call("qian", &["requests"]).last();
    assert_eq!(seen["requests"], serde_json::json!([]));
    let refusals = office.call("aud", &["ledger", "events"]).out;
    assert!(refusals.contains("act.refused"), "{refusals}");
    let first = &office.done("qian", &["show", &id])["events"][0];
    assert_eq!((&first["person"], &first["account"]), (&"zhang".into(), &"zhang".into()));
}

#[test]
fn a_refusal_in_a_retrieval_says_whose_step_it_is() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let asked = ["request", &id, "--purpose", "复议举证", "--days", "7"];
    let number = office.done("zhang", &asked)["request"].as_str().expect("number").to_owned();
    let said = |account: &str, words: &[&str]| {
        let answer = office.call(account, words);
        assert_eq!(answer.fault(), "act-denied", "{}", answer.err);
        answer.last()["error"]["details"].clone()
    };
    let told = said("wang", &["approve", &number]);
    assert_eq!((&told["office"], &told["roles"]), (&"in-charge".into(), &"in-charge".into()));
    assert_eq!(told["persons"], "li (执法科)");
    assert_eq!(said("sys", &["approve", &number])["persons"], serde_json::Value::Null);
    office.done("li", &["approve", &number]);
    assert_eq!(said("zhang", &["notice", &number])["roles"], "custodian archivist");
}

#[test]
fn a_stretch_behind_the_end_is_refused_when_it_is_asked_for() {
    let office = Office::new();
    let (_, id) = office.recording();
    office.archive();
    let asked = ["request", &id, "--purpose", "复议举证", "--days", "7"];
    let behind = ["--stretch-from", "0:10", "--stretch-to", "0:20"];
    let answer = office.call("zhang", &[&asked[..], &behind[..]].concat());
    assert_eq!((answer.code, answer.fault().as_str()), (2, "request-invalid"));
    let details = answer.last()["error"]["details"].clone();
    assert_eq!(details["reason"], "behind-the-end", "{details}");
    assert_eq!(details["length"], "00:00:03.000", "{details}");
    let within = ["--stretch-from", "0:01", "--stretch-to", "0:20"];
    office.done("zhang", &[&asked[..], &within[..]].concat());
}

#[test]
fn whoever_names_an_account_proves_it_for_reading_as_well() {
    let office = Office::new();
    let wrong = office.text("wrong");
    std::fs::write(&wrong, "not-the-password\n").expect("file");
    for words in [&["list"][..], &["case", "list"], &["requests"]] {
        for account in ["zhang", "nobody"] {
            let shown = ["--as", account, "--password-file", &wrong, "--json"];
            let answer = office.ctl.call(&[words, &shown[..]].concat()).expect("vaultctl");
            assert_eq!(answer.fault(), "sign-in-failed", "{account} {words:?}");
        }
        office.done("zhang", words);
    }
}

#[test]
fn a_password_set_by_another_serves_only_to_set_ones_own_and_the_disabled_act_no_more() {
    let office = Office::new();
    let given = office.text("new.given");
    std::fs::write(&given, "reset-by-sec\n").expect("file");
    office.done("sec", &["people", "password", "zhang", "--new-password-file", &given]);
    let acting = ["search", "词", "--json", "--as", "zhang", "--password-file", &given];
    let answer = office.ctl.call(&acting).expect("vaultctl");
    assert_eq!((answer.code, answer.fault().as_str()), (12, "password-not-own"));
    assert!(answer.last()["error"]["details"]["account"] == "zhang", "{}", answer.out);
    office.refused("zhang", &["search", "词"], 12, "sign-in-failed");
    office.done("sec", &["people", "disable", "li", "--reason", "调离"]);
    office.refused("li", &["search", "词"], 12, "sign-in-failed");
    let both = ["people", "roles", "qian", "--roles", "custodian,system-administrator"];
    office.refused("sys", &both, 5, "roles-refused");
}

/// Somebody with one role, who proved it.
pub(crate) async fn person(vault: &Vault, login: &str, role: Role) -> Actor {
    let new = NewAccount {
        login: login.into(),
        person: format!("人{login}"),
        unit: "执法科".into(),
        inside: true,
        certificate: String::new(),
        roles: vec![role],
    };
    people::propose(vault, &operator(), new).await.expect("an account");
    let given = || Password::new("given-password".into());
    let own = || Password::new("a password of my own".into());
    people::set_password(vault, &operator(), login, given()).await.expect("a password");
    let shown = |password| SignIn { login: login.to_owned(), password, code: None };
    people::replace_password(vault, &operator(), shown(given()), own()).await.expect("own");
    people::sign_in(vault, &operator(), shown(own())).await.expect("signed in")
}

struct People {
    handler: Actor,
    leader: Actor,
    keeper: Actor,
}

async fn asked(vault: &Vault, people: &People, id: ContentId, mode: Mode) -> RecordId {
    let new = NewRequest {
        applicant: Applicant::Myself,
        recordings: vec![id],
        mode,
        days: 1,
        stretch_ms: None,
        purpose: "举证".into(),
    };
    access::request(vault, &people.handler, new).await.expect("a request")
}

/// Many at once: of 200 who take the one copy one has it, and of consent, refusal and revocation
/// one comes first and decides what the others may.
async fn one_outcome(vault: &Vault, directory: &Path) {
    let file = directory.join("a.bin");
    std::fs::write(&file, b"recorded").expect("file");
    let (_, ids, _) = take_in(vault, &[&file]).await;
    let id: ContentId = ids[&file].0.parse().expect("an id");
    let people = People {
        handler: person(vault, "zhang", Role::Handler).await,
        leader: person(vault, "li", Role::InCharge).await,
        keeper: person(vault, "qian", Role::Custodian).await,
    };
    let number = asked(vault, &people, id, Mode::Copy(1)).await.to_string();
    access::decide(vault, &people.leader, &number, Verdict::Consent, "").await.expect("consent");
    access::issue_notice(vault, &people.keeper, &number).await.expect("notice");
    access::sign(vault, &people.leader, &number).await.expect("signature");
    access::give(vault, &people.keeper, &number).await.expect("grant");
    let redemptions: Vec<_> = (0..200)
        .map(|_| {
            let (vault, keeper, number) = (vault.clone(), people.keeper.clone(), number.clone());
            tokio::spawn(async move {
                access::hand_out_copy(&vault, &keeper, &number, Vec::new(), "某法院").await
            })
        })
        .collect();
    let (mut handed, mut refused) = (0, 0);
    for redemption in redemptions {
        match redemption.await.expect("a task") {
            Ok(_) => handed += 1,
            Err(fault) => {
                assert_eq!(fault.code(), Code::GrantNeeded, "{fault}");
                refused += 1;
            }
        }
    }
    assert_eq!((handed, refused), (1, 199));

    for _ in 0..10 {
        let number = asked(vault, &people, id, Mode::View).await.to_string();
        let decided = |verdict| {
            let (vault, leader, number) = (vault.clone(), people.leader.clone(), number.clone());
            tokio::spawn(async move {
                access::decide(&vault, &leader, &number, verdict, "x").await.is_ok()
            })
        };
        let (consent, refusal) = (decided(Verdict::Consent), decided(Verdict::Refuse));
        let (clone, handler, again) = (vault.clone(), people.handler.clone(), number.clone());
        let revoked =
            tokio::spawn(
                async move { access::revoke(&clone, &handler, &again, "x").await.is_ok() },
            );
        let (consent, refusal) = (consent.await.expect("task"), refusal.await.expect("task"));
        let revoked = revoked.await.expect("task");
        assert!(!(consent && refusal), "one decision");
        let state = access::show(vault, &number).await.expect("request").state;
        let expected = match (consent, refusal, revoked) {
            (_, false, true) => RequestState::Revoked,
            (true, false, false) => RequestState::Consented,
            (false, true, false) => RequestState::Refused,
            other => panic!("{other:?} came of three who acted at once"),
        };
        assert_eq!(state, expected);
    }
    check(vault, false).await.expect("nothing is damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_has_it_on_sqlite() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    one_outcome(&vault, scratch.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_has_it_on_postgresql() {
    let server = PostgresServer::start(&[]).expect("PostgreSQL");
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault_on(&server, &scratch.path().join("vault")).await;
    one_outcome(&vault, scratch.path()).await;
}
