//! Backups (R17, R29): a vault made again is the vault it was, a rehearsal reads what is stored, and
//! an older state that comes back is noticed by whatever lay elsewhere.

use super::{BEGIN, DAY_MS, data_files, flip, recordings, vault_with_a_clock};
use crate::story::operator;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault_core::backup::{self, NewRehearsal, RestoreOptions, Restored, SecretsFrom};
use vault_core::clock::{Clock, UtcTime};
use vault_core::fault::{Code, Outcome};
use vault_core::ledger::Standing;
use vault_core::people::Password;
use vault_core::preservation::{self, Selection};
use vault_core::stop::Stop;
use vault_core::vault::{CatalogueChoice, FurtherPlace, Vault};

async fn with_a_second_store(vault: &Vault, place: &Path) {
    let place = FurtherPlace::Directory(place.to_owned());
    preservation::add_store(vault, &operator(), "二号盘", place).await.expect("a store");
    let stop = Stop::default();
    preservation::fill_store(vault, &operator(), "二号盘", &stop, &|_| {}).await.expect("filled");
}

fn options(from: &Path, into: &Path, secrets: SecretsFrom) -> RestoreOptions {
    RestoreOptions {
        from: from.to_owned(),
        into: into.to_owned(),
        key_copies: Vec::new(),
        secrets,
        store: None,
        catalogue: CatalogueChoice::Sqlite,
    }
}

async fn restored(from: &Path, into: &Path, secrets: SecretsFrom) -> Outcome<Restored> {
    let clock = Clock::fixed(BEGIN.plus_ms(DAY_MS));
    backup::restore(options(from, into, secrets), &operator(), clock, &Stop::default()).await
}

async fn damaged(vault: &Vault) -> usize {
    let quiet = Arc::new(|_| {});
    let actor = operator();
    let found =
        preservation::verify(vault, &actor, Selection::All, false, Stop::default(), quiet).await;
    found.expect("verified").failed.len()
}

fn words(text: &str) -> Password {
    Password::new(text.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_vault_is_made_again_and_signs_nothing_until_somebody_looked() {
    let scratch = tempfile::tempdir().expect("scratch");
    let at = |name: &str| scratch.path().join(name);
    let (vault, _) = vault_with_a_clock(&at("vault")).await;
    recordings(&vault, &at("源"), 3, 70_000).await;
    with_a_second_store(&vault, &at("second")).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    backup::seal_secrets(&vault, &operator(), &at("封"), words("正确的封存口令二〇二六"))
        .await
        .expect("sealed");
    // Recordings come in while the backup is made: it is of one moment all the same.
    let busy = async { recordings(&vault, &at("更多"), 4, 90_000).await };
    let (actor, into) = (operator(), at("备份"));
    let (made, _) = tokio::join!(backup::create(&vault, &actor, &into), busy);
    let made = made.expect("a backup");
    let report = backup::check(&at("备份")).expect("whole");
    assert_eq!((report.events, report.objects), (made.events, made.objects), "{report:?}");
    assert!(report.signed > 0 && report.keys > 0, "{report:?}");
    // What is lost with the vault saves nothing of it, by whatever name it is reached.
    std::os::unix::fs::symlink(at("vault"), at("别名")).expect("a link");
    for inside in ["vault/备份", "vault/store/a/b", "second/备份", "别名/备份"] {
        let fault = backup::create(&vault, &operator(), &at(inside)).await.expect_err(inside);
        let said = (fault.code(), fault.detail("reason"));
        assert_eq!(said, (Code::ArgumentInvalid, Some("inside-the-vault")));
        assert!(!at(inside).exists());
    }
    let taken = backup::create(&vault, &operator(), &at("备份")).await.expect_err("taken");
    assert_eq!(taken.code(), Code::TargetTaken);
    vault.sign_checkpoint(&operator()).await.expect("signs");
    drop(vault);
    // The whole directory is gone: keys, ledger, catalogue, bytes.
    std::fs::remove_dir_all(at("vault")).expect("lost");
    let sealed = |text: &str| SecretsFrom::Sealed { file: at("封"), words: words(text) };
    let wrong =
        restored(&at("备份"), &at("错"), sealed("不是这个封存口令")).await.expect_err("wrong");
    assert_eq!(wrong.code(), Code::VaultKeyWrong);
    let found =
        restored(&at("备份"), &at("新"), sealed("正确的封存口令二〇二六")).await.expect("restored");
    assert_eq!(found.brought, 3, "{found:?}");
    // The store remembers what was signed after the backup.
    assert_eq!(found.behind.ahead.len(), 1, "{:?}", found.behind);
    assert_eq!(found.behind.ahead[0].place, "二号盘");
    let again = found.vault;
    let unseen = again.sign_checkpoint(&operator()).await.expect_err("nobody looked");
    assert_eq!(unseen.code(), Code::LedgerBehind);
    let said = again.verify_ledger().await.expect_err("it says so");
    assert_eq!(said.code(), Code::LedgerBehind);
    let looked = again.recover_ledger(&operator(), "原机房失火，按备份恢复").await.expect("looked");
    assert_eq!(looked.ahead.len(), 1);
    again.sign_checkpoint(&operator()).await.expect("signs again");
    again.verify_ledger().await.expect("the ledger holds, and the catalogue is its fold");
    assert_eq!(damaged(&again).await, found.missing.len(), "what no store has is named");
    let status = backup::backup_status(&again).await.expect("status");
    assert!(status.restored_at.is_some() && status.lost.len() == 1, "{status:?}");
    let none = again.recover_ledger(&operator(), "再来").await.expect_err("nothing to look at");
    assert_eq!(none.code(), Code::LedgerNotBehind);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_touched_is_not_restored() {
    let scratch = tempfile::tempdir().expect("scratch");
    let at = |name: &str| scratch.path().join(name);
    let (vault, _) = vault_with_a_clock(&at("vault")).await;
    recordings(&vault, &at("源"), 2, 70_000).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    backup::create(&vault, &operator(), &at("备份")).await.expect("a backup");
    let files: Vec<PathBuf> = walk(&at("备份"));
    assert!(files.len() >= 6, "{files:?}");
    for file in &files {
        let before = std::fs::read(file).expect("file");
        flip(file, before.len() / 2);
        let fault = backup::check(&at("备份")).expect_err("touched");
        let said = [Code::BackupDamaged, Code::KeyCopyDamaged, Code::LedgerDamaged];
        assert!(said.contains(&fault.code()), "{file:?}: {fault}");
        std::fs::remove_file(file).expect("gone");
        assert!(backup::check(&at("备份")).is_err(), "{file:?}");
        std::fs::write(file, before).expect("as it was");
        backup::check(&at("备份")).expect("whole again");
    }
    std::fs::write(at("备份").join("keys/more"), "x").expect("file");
    assert_eq!(backup::check(&at("备份")).expect_err("a stranger").code(), Code::BackupDamaged);
    let secrets = SecretsFrom::Directory(at("vault").join("secrets"));
    let refused = restored(&at("备份"), &at("新"), secrets).await.expect_err("not restored");
    assert_eq!(refused.code(), Code::BackupDamaged);
    assert!(!at("新").join("vault.json").exists(), "no vault");
}

fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        if entry.path().is_dir() {
            found.extend(walk(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// Copies a whole directory, as a snapshot of the machine would.
fn snapshot(from: &Path, into: &Path) {
    // A vault that was dropped folds its journal back a moment later.
    for _ in 0..50 {
        let done = std::process::Command::new("cp").arg("-a").arg(from).arg(into).output();
        if done.expect("cp").status.success() {
            return;
        }
        std::fs::remove_dir_all(into).expect("half a copy");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    unreachable!("{} does not rest", from.display());
}

async fn reopened(directory: &Path) -> Vault {
    Vault::open(directory, Clock::fixed(BEGIN.plus_ms(DAY_MS))).await.expect("opens")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_state_put_back_whole_is_noticed_by_what_lay_elsewhere() {
    let scratch = tempfile::tempdir().expect("scratch");
    let at = |name: &str| scratch.path().join(name);
    let (vault, _) = vault_with_a_clock(&at("vault")).await;
    recordings(&vault, &at("源"), 1, 70_000).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    drop(vault);
    // The whole machine is put aside, goes on, and is set back: everything in it agrees.
    snapshot(&at("vault"), &at("old"));
    let vault = reopened(&at("vault")).await;
    recordings(&vault, &at("更多"), 2, 90_000).await;
    let printed = vault.sign_checkpoint(&operator()).await.expect("signs");
    drop(vault);
    std::fs::rename(at("vault"), at("new")).expect("aside");
    snapshot(&at("old"), &at("vault"));
    // The control: nothing that lay elsewhere is asked, and nothing is noticed.
    let vault = reopened(&at("vault")).await;
    assert!(vault.behind().await.expect("asked").is_nothing());
    vault.verify_ledger().await.expect("sound by itself");
    // A person brings the printed checkpoint.
    let (standing, known) = vault.compare_checkpoint(&printed).await.expect("compared");
    assert_eq!(standing, Standing::Behind);
    let refused = vault.sign_checkpoint(&operator()).await.expect_err("not over it");
    assert_eq!((refused.code(), refused.detail("place")), (Code::LedgerBehind, Some("brought")));
    // It grows past the lost checkpoint: it is another ledger now, and still refused.
    recordings(&vault, &at("另一"), 1, 50_000).await;
    while vault.catalog().state().await.expect("state").events <= known.size {
        recordings(&vault, &at("再"), 1, 50_000).await;
        std::fs::remove_dir_all(at("再")).expect("gone");
    }
    let behind = vault.behind().await.expect("asked");
    assert_eq!(behind.ahead[0].standing, Standing::Differs, "{behind:?}");
    assert!(vault.sign_checkpoint(&operator()).await.is_err());
    vault.recover_ledger(&operator(), "确认回退，保留两份").await.expect("looked");
    vault.sign_checkpoint(&operator()).await.expect("signs");
    assert!(
        at("vault/ledger")
            .read_dir()
            .expect("ledger")
            .flatten()
            .any(|entry| { entry.file_name().to_string_lossy().contains("lost-") })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_remembers_what_was_signed_and_is_asked_before_the_next_signing() {
    let scratch = tempfile::tempdir().expect("scratch");
    let at = |name: &str| scratch.path().join(name);
    let (vault, _) = vault_with_a_clock(&at("vault")).await;
    recordings(&vault, &at("源"), 1, 70_000).await;
    with_a_second_store(&vault, &at("second")).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    drop(vault);
    snapshot(&at("vault"), &at("old"));
    let vault = reopened(&at("vault")).await;
    recordings(&vault, &at("更多"), 1, 90_000).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    drop(vault);
    std::fs::remove_dir_all(at("vault")).expect("gone");
    snapshot(&at("old"), &at("vault"));
    let vault = reopened(&at("vault")).await;
    let refused = vault.sign_checkpoint(&operator()).await.expect_err("the store knows better");
    assert_eq!(refused.code(), Code::LedgerBehind);
    assert_eq!(refused.detail("place"), Some("二号盘"));
    // A proof would be signed, too.
    recordings(&vault, &at("又"), 1, 50_000).await;
    let last = vault.catalog().state().await.expect("state").events - 1;
    assert_eq!(vault.prove(last).await.expect_err("nor this").code(), Code::LedgerBehind);
    // The control: without the memory of the store nothing is noticed.
    std::fs::remove_file(at("second").join("checkpoint")).expect("forgotten");
    vault.sign_checkpoint(&operator()).await.expect("signs over it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_reads_with_the_keys_of_the_backup_and_is_due_again_in_time() {
    let scratch = tempfile::tempdir().expect("scratch");
    let at = |name: &str| scratch.path().join(name);
    let (vault, clock) = vault_with_a_clock(&at("vault")).await;
    let ids = recordings(&vault, &at("源"), 3, 400_000).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    backup::create(&vault, &operator(), &at("备份")).await.expect("a backup");
    let wanted = NewRehearsal { from: at("备份"), scratch: None, sample: 20 };
    let stop = Stop::default();
    let found = backup::rehearse(&vault, &operator(), wanted.clone(), &stop).await;
    let found = found.expect("rehearsed");
    assert_eq!((found.objects, found.failed.len()), (3, 0), "{found:?}");
    assert!(found.bytes >= 1_200_000);
    let left = std::fs::read_dir(at("vault")).expect("vault").flatten();
    let left: Vec<_> = left.filter(|entry| entry.path().join("vault.json").exists()).collect();
    assert!(left.is_empty(), "the scratch is gone: {left:?}");
    let due = |days: i64| {
        clock.set(UtcTime::from_ms(BEGIN.as_ms() + days * DAY_MS));
        backup::backup_status(&vault)
    };
    let soon = due(6).await.expect("status");
    assert!(!soon.backup_due && !soon.rehearsal_due, "{soon:?}");
    let later = due(8).await.expect("status");
    assert!(later.backup_due && !later.rehearsal_due, "{later:?}");
    assert!(due(91).await.expect("status").rehearsal_due);
    // One bit of one recording: the rehearsal names it and does not count.
    flip(&data_files(&at("vault").join("store"))[0], 1_000);
    let found = backup::rehearse(&vault, &operator(), wanted, &stop).await.expect("rehearsed");
    assert_eq!(found.failed.len(), 1, "{found:?}");
    assert!(ids.contains(&found.failed[0].recording.to_string()));
    let status = backup::backup_status(&vault).await.expect("status");
    assert!(status.rehearsal_due, "a rehearsal that failed is none: {status:?}");
    assert_eq!(status.backups[0].rehearsed.as_ref().map(|last| last.failed), Some(1));
    vault.verify_ledger().await.expect("the ledger holds");
}
