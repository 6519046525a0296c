//! Disposal (R17): the only way on which evidence ends, and everything that stands against it.

use super::{BEGIN, DAY_MS, data_files, recordings, vault_with_a_clock};
use crate::access::person;
use crate::story::operator;
use std::path::Path;
use vault_core::backup::{self, NewRehearsal};
use vault_core::clock::{Clock, UtcTime};
use vault_core::disposal::{self, DisposalState};
use vault_core::fault::{Code, Outcome};
use vault_core::ledger;
use vault_core::policy::{Actor, Role};
use vault_core::preservation;
use vault_core::retention::{self, HoldTarget};
use vault_core::stop::Stop;
use vault_core::transcript::{self, Origin, read_captions, version_from_captions};
use vault_core::vault::{FurtherPlace, Vault};
use vault_core::volume;
use vault_proof::{Body, ContentId};
use vault_tests::command::Vaultctl;

/// Two years and a day, and some.
const LATER: i64 = 740;

struct Office {
    vault: Vault,
    clock: Clock,
    keeper: Actor,
    leader: Actor,
    archivist: Actor,
    ids: Vec<ContentId>,
    scratch: tempfile::TempDir,
}

/// A vault whose recordings are all older than originals are kept.
async fn office(count: usize) -> Office {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let ids = recordings(&vault, &scratch.path().join("源"), count, 70_000).await;
    let ids = ids.iter().map(|id| id.parse().expect("an id")).collect();
    clock.set(BEGIN.plus_ms(LATER * DAY_MS));
    Office {
        keeper: person(&vault, "qian", Role::Custodian).await,
        leader: person(&vault, "li", Role::InCharge).await,
        archivist: person(&vault, "zhao", Role::Archivist).await,
        vault,
        clock,
        ids,
        scratch,
    }
}

impl Office {
    fn key(&self) -> std::path::PathBuf {
        self.scratch.path().join("witness.key")
    }

    /// Names a witness in the settings.
    fn with_witness(&self) {
        let key = ledger::create_witness(&self.key(), "省厅").expect("a witness");
        let text = format!("[witness]\nkeys = [\"{key}\"]\n");
        std::fs::write(self.vault.directory().join("settings.toml"), text).expect("settings");
    }

    /// The witness looks at the ledger, by its own clock.
    async fn witnessed(&self, at: UtcTime) -> Outcome<UtcTime> {
        let note = self.vault.sign_checkpoint(&operator()).await.expect("a checkpoint");
        self.vault.take_witnessed(&ledger::cosign(&self.key(), &note, at)?)
    }

    async fn proposed(&self, ids: &[ContentId]) -> String {
        let done = disposal::propose(&self.vault, &self.keeper, ids.to_vec(), "保存期满").await;
        done.expect("proposed").to_string()
    }

    async fn approved(&self, ids: &[ContentId]) -> String {
        let number = self.proposed(ids).await;
        disposal::approve(&self.vault, &self.leader, &number, "同意").await.expect("approved");
        number
    }

    fn later(&self, hours: i64) {
        self.clock.set(self.clock.now().plus_ms(hours * 3_600_000));
    }
}

async fn code<T: std::fmt::Debug>(done: impl Future<Output = Outcome<T>>) -> Code {
    done.await.expect_err("refused").code()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_goes_everywhere_and_for_good_and_the_rest_stays() {
    let office = office(3).await;
    let vault = &office.vault;
    let second = office.scratch.path().join("second");
    let place = FurtherPlace::Directory(second.clone());
    preservation::add_store(vault, &operator(), "二号盘", place).await.expect("a store");
    let stop = Stop::default();
    preservation::fill_store(vault, &operator(), "二号盘", &stop, &|_| {}).await.expect("filled");
    let files = |store: &Path| data_files(store).len();
    assert_eq!((files(&vault.directory().join("store")), files(&second)), (3, 3));
    office.with_witness();
    let gone = office.ids[0];
    let number = office.approved(&[gone]).await;
    office.later(25);
    office.witnessed(office.clock.now()).await.expect("witnessed");
    let done = disposal::carry_out(vault, &office.keeper, &number).await.expect("carried out");
    assert_eq!((done.destroyed.as_slice(), done.objects), (&[gone][..], 1));
    assert_eq!((files(&vault.directory().join("store")), files(&second)), (2, 2));
    let view = disposal::show(vault, &number).await.expect("on record");
    assert_eq!((view.state, view.proposed.0.as_str()), (DisposalState::CarriedOut, "人qian"));
    // Every list says so.
    let (listed, _) = vault.catalog().list(None, None, 10).await.expect("list");
    let marked = listed.iter().filter(|row| row.destroyed_seq.is_some());
    assert_eq!(marked.map(|row| row.recording).collect::<Vec<_>>(), [gone]);
    let ctl = Vaultctl::on(vault.directory()).expect("vaultctl");
    let said = |words: &[&str]| ctl.call(words).expect("runs").out;
    let (short, id) = (gone.to_string()[..16].to_owned(), gone.to_string());
    let line = |text: &str| text.lines().find(|line| line.starts_with(&short)).map(str::to_owned);
    let text = said(&["--lang", "zh-CN", "list"]);
    assert!(line(&text).is_some_and(|line| line.contains("已销毁")), "{text}");
    assert_eq!(text.matches("已销毁").count(), 1, "{text}");
    assert!(said(&["--lang", "zh-CN", "show", &id]).contains("已销毁，见账本序号"));
    let shown: serde_json::Value =
        serde_json::from_str(&said(&["show", &id, "--json"])).expect("json");
    assert!(shown["destroyed_seq"].is_u64(), "{shown}");
    // Nobody reads it, nobody checks it, and it does not come in again under its old id.
    let quiet = std::sync::Arc::new(|_| {});
    let this = preservation::Selection::These(vec![gone]);
    let actor = operator();
    let checking = preservation::verify(vault, &actor, this, false, Stop::default(), quiet.clone());
    assert_eq!(code(checking).await, Code::Destroyed);
    let (summary, _, failed) =
        crate::story::take_in(vault, &[office.scratch.path().join("源").as_path()]).await;
    assert_eq!((summary.duplicates, summary.failed), (2, 1), "{failed:?}");
    let all = preservation::Selection::All;
    let found = preservation::verify(vault, &operator(), all, false, Stop::default(), quiet).await;
    let found = found.expect("verified");
    assert_eq!((found.objects, found.failed.len()), (2, 0), "{:?}", found.failed);
    assert_eq!(
        code(disposal::carry_out(vault, &office.keeper, &number)).await,
        Code::DisposalStepRefused
    );
    vault.verify_ledger().await.expect("the ledger holds");
    // From storage alone the same is found out again.
    let into = office.scratch.path().join("rebuilt");
    let rebuilt = Vault::rebuild(vault.directory(), &into, office.clock.clone()).await;
    assert_eq!(rebuilt.expect("rebuilt").recordings, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_from_before_is_rehearsed_without_what_was_destroyed_since() {
    let office = office(3).await;
    let (vault, gone) = (&office.vault, office.ids[0]);
    // What was made of a recording goes with it.
    for id in [gone, office.ids[1]] {
        let text = format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{id}\n");
        let captions = read_captions(text.as_bytes(), 0).expect("captions");
        let version = version_from_captions(&id, captions, None, Origin::Person);
        transcript::store_version(vault, &operator(), &id, version).await.expect("stored");
    }
    let from = office.scratch.path().join("备份");
    vault.sign_checkpoint(&operator()).await.expect("signs");
    backup::create(vault, &operator(), &from).await.expect("a backup");
    let rehearsed = async || {
        let wanted = NewRehearsal { from: from.clone(), scratch: None, sample: 50 };
        let found = backup::rehearse(vault, &operator(), wanted, &Stop::default()).await;
        let found = found.expect("rehearsed");
        (found.objects, found.failed.len())
    };
    assert_eq!(rehearsed().await, (5, 0), "three recordings and two texts");
    office.with_witness();
    let number = office.approved(&[gone]).await;
    office.later(25);
    office.witnessed(office.clock.now()).await.expect("witnessed");
    disposal::carry_out(vault, &office.keeper, &number).await.expect("carried out");
    assert_eq!(rehearsed().await, (3, 0), "neither it nor its text is looked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_before_its_time_under_a_hold_or_by_one_person() {
    let office = office(2).await;
    let vault = &office.vault;
    let (first, other) = (office.ids[0], office.ids[1]);
    office.clock.set(BEGIN.plus_ms(600 * DAY_MS));
    let early = disposal::propose(vault, &office.keeper, vec![first], "x");
    assert_eq!(code(early).await, Code::NotDisposable, "before its time");
    office.clock.set(BEGIN.plus_ms(LATER * DAY_MS));
    let by_leader = disposal::propose(vault, &office.leader, vec![first], "x");
    assert_eq!(code(by_leader).await, Code::ActDenied);
    let target = HoldTarget::Recording(first);
    let hold = retention::place_hold(vault, &office.leader, target, "复议中").await.expect("held");
    let held = disposal::propose(vault, &office.keeper, vec![first], "x");
    assert_eq!(code(held).await, Code::NotDisposable, "under a hold");
    let principal = person(vault, "wang", Role::Principal).await;
    retention::release_hold(vault, &principal, &hold.to_string(), "终结").await.expect("free");
    retention::find_trigger(vault, &office.keeper, &other, "obstruction", "阻挠")
        .await
        .expect("kept");
    let kept = disposal::propose(vault, &office.keeper, vec![first, other], "x");
    assert_eq!(code(kept).await, Code::NotDisposable, "kept for ever");
    let number = office.proposed(&[first]).await;
    let own = disposal::approve(vault, &office.keeper, &number, "x");
    assert_eq!(code(own).await, Code::ActDenied, "by the one who proposed it");
    assert_eq!(
        code(disposal::carry_out(vault, &office.keeper, &number)).await,
        Code::ClockUntrusted
    );
    office.with_witness();
    office.witnessed(office.clock.now()).await.expect("witnessed");
    let unapproved = disposal::carry_out(vault, &office.keeper, &number);
    assert_eq!(code(unapproved).await, Code::DisposalStepRefused);
    disposal::approve(vault, &office.leader, &number, "同意").await.expect("approved");
    let soon = disposal::carry_out(vault, &office.keeper, &number);
    assert_eq!(code(soon).await, Code::DisposalTooEarly, "within the time of grace");
    // Each of these is on record, with its reason, in the custody of the recording.
    let events = vault.catalog().events(Some(&first), None, 100).await.expect("events");
    let reasons: Vec<String> = events
        .into_iter()
        .filter_map(|event| match event.body {
            Body::ActRefused { reason, .. } => Some(reason),
            _ => None,
        })
        .collect();
    let role = "role-not-entitled";
    let wanted = ["not-disposable", role, "not-disposable", "not-disposable", "own-proposal"];
    assert_eq!(reasons[..5], wanted);
    assert_eq!(reasons[5..], ["clock-untrusted", "disposal-too-early"]);
    // A hold that is placed while the time of grace runs spares the recording.
    let target = HoldTarget::Recording(first);
    retention::place_hold(vault, &office.archivist, target, "信访").await.expect("held");
    office.later(25);
    office.witnessed(office.clock.now()).await.expect("witnessed");
    let done = disposal::carry_out(vault, &office.archivist, &number).await.expect("looked again");
    assert_eq!((done.destroyed.len(), done.spared.as_slice()), (0, &[first][..]));
    let view = disposal::show(vault, &number).await.expect("on record");
    assert!(view.spared_all() && view.record.is_none(), "no record of nothing: {view:?}");
    let because: Vec<_> =
        view.spared_because.iter().map(|(id, one)| (*id, one.kind, one.detail.as_str())).collect();
    assert_eq!(because, [(first, "hold", "信访 · 人zhao")], "which, why and by whom");
    let none = disposal::record_of(vault, &number).await.expect_err("nothing was destroyed");
    assert_eq!(none.code(), Code::DisposalStepRefused);
    assert_eq!(data_files(&vault.directory().join("store")).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_approves_sees_what_and_nothing_lies_in_two_open_disposals() {
    let office = office(2).await;
    let vault = &office.vault;
    let (first, other) = (office.ids[0], office.ids[1]);
    let number = office.proposed(&[first]).await;
    let again = || disposal::propose(vault, &office.archivist, vec![first, other], "x");
    let fault = again().await.expect_err("it lies in another one");
    assert_eq!(fault.code(), Code::DisposalOverlaps);
    assert_eq!(fault.detail("id"), Some(number.as_str()));
    assert_eq!(fault.detail("recording"), Some(first.to_string().as_str()));
    let view = disposal::show(vault, &number).await.expect("on record");
    let weighed = disposal::weighed(vault, &view).await.expect("weighed");
    assert_eq!(weighed.len(), 1);
    let one = &weighed[0];
    assert!(one.recording == first && !one.name.is_empty(), "{one:?}");
    assert!(one.retention.reasons.iter().any(|reason| reason.kind == "original"), "{one:?}");
    assert!(one.risks.iter().any(|risk| risk.kind == "suit-possible"), "{one:?}");
    let ctl = Vaultctl::on(vault.directory()).expect("vaultctl");
    let said = ctl.call(&["--lang", "zh-CN", "dispose", "show", &number]).expect("runs").out;
    assert!(said.contains(&one.name) && said.contains("起诉期限未过"), "{said}");
    let said = ctl.call(&["dispose", "show", &number, "--json"]).expect("runs").out;
    let said: serde_json::Value = serde_json::from_str(&said).expect("json");
    assert_eq!(said["weighed"][0]["name"], one.name.as_str());
    assert_eq!(said["weighed"][0]["retention"]["reasons"][0]["kind"], "original");
    // It is open until its end, and what was withdrawn is free again.
    disposal::approve(vault, &office.leader, &number, "同意").await.expect("approved");
    assert_eq!(code(again()).await, Code::DisposalOverlaps, "approved");
    disposal::withdraw(vault, &office.leader, &number, "重提").await.expect("withdrawn");
    again().await.expect("free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_vouches_for_the_clock_disposal_is_locked() {
    let office = office(1).await;
    let vault = &office.vault;
    let number = office.approved(&office.ids).await;
    office.later(25);
    let run = || disposal::carry_out(vault, &office.keeper, &number);
    assert_eq!(code(run()).await, Code::ClockUntrusted, "no witness");
    office.with_witness();
    let now = office.clock.now();
    office.witnessed(now.plus_ms(-2 * DAY_MS)).await.expect("seen by the witness's own clock");
    assert_eq!(code(run()).await, Code::ClockUntrusted, "the clock runs two days ahead");
    office.witnessed(now).await.expect("witnessed");
    // Set back behind the ledger's last event, or behind the witness.
    office.clock.set(now.plus_ms(-DAY_MS));
    assert_eq!(code(run()).await, Code::ClockUntrusted, "set back");
    // What another signed, or for another time, is not taken.
    office.clock.set(now);
    let stranger = office.scratch.path().join("stranger.key");
    ledger::create_witness(&stranger, "省厅").expect("a key");
    let note = vault.sign_checkpoint(&operator()).await.expect("a checkpoint");
    let forged = ledger::cosign(&stranger, &note, now).expect("signed");
    assert_eq!(
        vault.take_witnessed(&forged).expect_err("a stranger").code(),
        Code::CosignatureInvalid
    );
    let older = office.witnessed(now.plus_ms(-DAY_MS)).await.expect_err("older than what is known");
    assert_eq!(older.code(), Code::CosignatureInvalid);
    office.witnessed(now).await.expect("witnessed");
    run().await.expect("carried out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_does_not_sign_a_ledger_that_became_shorter() {
    let office = office(1).await;
    office.with_witness();
    let old = office.vault.sign_checkpoint(&operator()).await.expect("a checkpoint");
    office.proposed(&office.ids).await;
    let new = office.vault.sign_checkpoint(&operator()).await.expect("a checkpoint");
    let now = office.clock.now();
    ledger::cosign(&office.key(), &new, now).expect("signed");
    let fault = ledger::cosign(&office.key(), &old, now).expect_err("shorter than before");
    assert_eq!(fault.code(), Code::CosignatureInvalid);
    ledger::cosign(&office.key(), &new, now).expect("the same again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_is_finished_by_the_next_call() {
    let office = office(2).await;
    let vault = &office.vault;
    let (second, away) = (office.scratch.path().join("second"), office.scratch.path().join("away"));
    let place = FurtherPlace::Directory(second.clone());
    preservation::add_store(vault, &operator(), "二号盘", place).await.expect("a store");
    let stop = Stop::default();
    preservation::fill_store(vault, &operator(), "二号盘", &stop, &|_| {}).await.expect("filled");
    office.with_witness();
    let number = office.approved(&office.ids).await;
    office.later(25);
    office.witnessed(office.clock.now()).await.expect("witnessed");
    std::fs::rename(&second, &away).expect("the drive is not there");
    let run = || disposal::carry_out(vault, &office.keeper, &number);
    assert_eq!(code(run()).await, Code::StoredBytesMissing);
    let view = disposal::show(vault, &number).await.expect("on record");
    assert_eq!((view.state, view.destroyed.len()), (DisposalState::Begun, 2));
    let late = disposal::withdraw(vault, &office.leader, &number, "x");
    assert_eq!(code(late).await, Code::DisposalStepRefused, "it has begun");
    std::fs::rename(&away, &second).expect("the drive is back");
    assert_eq!(run().await.expect("finished").objects, 2);
    assert_eq!(data_files(&vault.directory().join("store")).len(), 0);
    assert_eq!(data_files(&second).len(), 0);
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_destruction_is_numbered_and_names_the_volumes_that_still_bear_it() {
    let office = office(3).await;
    let vault = &office.vault;
    // Two were on the list for long-term preservation once, and lie on a volume.
    let image = office.scratch.path().join("卷.iso");
    office.clock.set(BEGIN.plus_ms(10 * DAY_MS));
    let medium = volume::Medium::new("bd25", None).expect("a medium");
    retention::find_trigger(vault, &office.archivist, &office.ids[2], "dispute", "争议")
        .await
        .expect("kept");
    let label = "JL-2026-0001".to_owned();
    let new = volume::NewImage { medium, label, target: image.clone() };
    volume::build(vault, &office.archivist, &new).await.expect("built");
    for (copy, place) in [(1, "档案室 3-2-1"), (2, "异地库房")] {
        let label = "JL-2026-0001";
        let burnt_elsewhere = Some("光盘复制机");
        let new = volume::NewShelf { label, copy, place, medium: &image, burnt_elsewhere };
        volume::shelve(vault, &office.archivist, new).await.expect("shelved");
    }
    office.clock.set(BEGIN.plus_ms(LATER * DAY_MS));
    let borne = disposal::evaluate(vault, &office.ids[2]).await.expect("evaluated");
    let risk = borne.risks.iter().find(|risk| risk.kind == "on-volume");
    assert_eq!(risk.map(|risk| risk.detail.as_str()), Some("JL-2026-0001"), "in the plan");
    let free = disposal::evaluate(vault, &office.ids[0]).await.expect("evaluated");
    assert!(free.risks.iter().all(|risk| risk.kind != "on-volume"));
    office.with_witness();
    let mut numbers = Vec::new();
    for recording in &office.ids[..2] {
        let number = office.approved(&[*recording]).await;
        let early = disposal::record_of(vault, &number).await;
        assert_eq!(early.expect_err("not yet").code(), Code::DisposalStepRefused);
        office.later(25);
        office.witnessed(office.clock.now()).await.expect("witnessed");
        disposal::carry_out(vault, &office.keeper, &number).await.expect("carried out");
        let (form, _) = disposal::record_of(vault, &number).await.expect("a record");
        let field = |name: &str| {
            let found = form.fields.iter().find(|(code, _)| *code == name);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        numbers.push(field("number"));
        assert_eq!(
            (field("proposed-by"), field("approved-by"), field("carried-out-by")),
            ("人qian".into(), "人li".into(), "人qian".into())
        );
        assert_eq!((field("keys-shredded"), field("stores")), ("1".into(), "main".into()));
        assert!(form.lines[0].contains(&recording.to_string()));
        assert!(form.lines[0].iter().any(|cell| cell.contains("original:A3.11")), "{form:?}");
        assert_eq!(field("volumes"), "");
        // The same again, whatever happened since.
        office.later(48);
        assert_eq!(disposal::record_of(vault, &number).await.expect("again").0, form);
    }
    assert_eq!(numbers, ["1", "2"], "without gaps");
    let view = disposal::list(vault).await.expect("disposals").remove(0);
    let record = view.record.expect("on record");
    assert_eq!(record.digest.len(), 64);
    vault.verify_ledger().await.expect("the ledger holds");
    let into = office.scratch.path().join("rebuilt");
    Vault::rebuild(vault.directory(), &into, office.clock.clone()).await.expect("rebuilt");
}
