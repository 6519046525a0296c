//! More than 200 changed packages, none of them accepted.
//!
//! Four kinds of forger: one who changes files; one who makes the manifests again; one who signs
//! again with a key of his own; and, to try each deeper check alone, one who has the vault's key
//! and still cannot leave out an event. Controls: the same hands without a change are accepted.

use super::kit::{Court, VaultSigner, files, root, run};
use sha2::{Digest, Sha256, Sha512};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use vault_core::access::package::{Target, write};
use vault_proof::event::leaf_hash;
use vault_proof::note::VerifierKey;
use vault_proof::package::excerpt::ExcerptRecord;
use vault_proof::package::manifest::{self, Lines};
use vault_proof::package::part::Part;
use vault_proof::package::seal::Seal;
use vault_proof::package::statement::Statement;
use vault_proof::package::{Files, Listed, Report, Verdict, data, top, verify};
use vault_proof::tlog_proof::TlogProof;
use vault_proof::{ContentId, Hash256};

type Set = BTreeMap<String, Vec<u8>>;

type Edit = fn(&mut Statement);

/// Files in memory; a list, so that a name can be there twice.
struct Memory(Vec<(String, Vec<u8>)>);

impl Files for Memory {
    fn list(&self) -> std::io::Result<Vec<Listed>> {
        let listed = self.0.iter().map(|(path, bytes)| Listed {
            path: path.clone(),
            bytes: bytes.len() as u64,
            ordinary: true,
        });
        Ok(listed.collect())
    }

    fn open<'a>(&'a self, path: &str) -> std::io::Result<Box<dyn Read + 'a>> {
        let found = self.0.iter().find(|(name, _)| name == path);
        let found = found.ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(&*found.1))
    }
}

fn check(set: &Set, pin: Option<&VerifierKey>) -> Report {
    verify(&Memory(set.clone().into_iter().collect()), pin, &mut |_| {})
}

/// Makes every manifest again, as a forger would.
fn manifests(set: &mut Set) {
    let mut payload: [Lines; 3] = Default::default();
    for (name, bytes) in set.iter().filter(|(name, _)| name.starts_with("data/")) {
        payload[0].insert(name.clone(), hex::encode(Sha256::digest(bytes)));
        payload[1].insert(name.clone(), hex::encode(Sha512::digest(bytes)));
        payload[2].insert(name.clone(), blake3::hash(bytes).to_string());
    }
    let count = payload[0].len();
    let total: usize = payload[0].keys().map(|name| set[name].len()).sum();
    for (name, lines) in [top::SHA256, top::SHA512, top::BLAKE3].into_iter().zip(&payload) {
        set.insert(name.into(), manifest::encode(lines));
    }
    let info = String::from_utf8(set[top::BAG_INFO].clone()).expect("text");
    let kept = info.lines().filter(|line| !line.starts_with("Payload-Oxum"));
    let info: String = kept.map(|line| format!("{line}\n")).collect();
    set.insert(top::BAG_INFO.into(), format!("{info}Payload-Oxum: {total}.{count}\n").into());
    let (mut sha256, mut sha512) = (Lines::new(), Lines::new());
    for name in top::LISTED.into_iter().filter(|name| set.contains_key(*name)) {
        sha256.insert(name.into(), hex::encode(Sha256::digest(&set[name])));
        sha512.insert(name.into(), hex::encode(Sha512::digest(&set[name])));
    }
    set.insert(top::TAG_SHA256.into(), manifest::encode(&sha256));
    set.insert(top::TAG_SHA512.into(), manifest::encode(&sha512));
}

/// Makes the manifests again and signs.
fn sealed(mut set: Set, signer: &VaultSigner) -> Set {
    manifests(&mut set);
    let seal = Seal::over(&signer.origin, &set[top::TAG_SHA256], &set[top::TAG_SHA512]);
    set.insert(top::SIGNATURE.into(), seal.sign(&signer.key()).expect("signs").into());
    set
}

fn statement(set: &Set) -> Statement {
    Statement::decode(&set[data::STATEMENT]).expect("statement")
}

/// A good package, an older checkpoint of the same vault, and the hands that sign.
struct Forge {
    good: Set,
    older: String,
    vault: VaultSigner,
    stranger: VaultSigner,
    mutants: Vec<(String, Set)>,
}

impl Forge {
    async fn new(court: &Court) -> Self {
        let older = court.checkpoint().await;
        court.look_again().await;
        let mut contents = court.contents("副本-003").await;
        Court::excerpted(&mut contents);
        let package = court.scratch.path().join("forge");
        write(contents, &court.signer(), &Target::Directory(package.clone())).expect("written");
        let vault = court.signer();
        let stranger = VaultSigner { seed: [3; 32], ..vault.clone() };
        Self { good: files(&package), older, vault, stranger, mutants: Vec::new() }
    }

    fn add(&mut self, name: impl Into<String>, set: Set) {
        self.mutants.push((name.into(), set));
    }

    /// The change as it is, with the manifests made again, and signed again by a stranger.
    fn add_in_every_hand(&mut self, name: &str, set: &Set) {
        self.add(format!("{name}, as it is"), set.clone());
        let mut again = set.clone();
        manifests(&mut again);
        self.add(format!("{name}, manifests made again"), again);
        self.add(format!("{name}, signed by a stranger"), sealed(set.clone(), &self.stranger));
    }

    /// Also signed with the vault's own key: only what the check knows beyond digests is left.
    fn add_even_signed(&mut self, name: &str, set: &Set) {
        self.add_in_every_hand(name, set);
        self.add(format!("{name}, signed by the vault"), sealed(set.clone(), &self.vault));
    }

    /// Changes each file by itself.
    fn each_file(&mut self) {
        for (name, bytes) in self.good.clone() {
            for at in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut set = self.good.clone();
                set.get_mut(&name).expect("file")[at] ^= 1;
                self.add(format!("{name}: byte {at} flipped"), set);
            }
            let mut set = self.good.clone();
            set.insert(name.clone(), bytes[..bytes.len() - 1].to_vec());
            self.add(format!("{name}: cut"), set);
            let mut set = self.good.clone();
            set.get_mut(&name).expect("file").push(b'\n');
            self.add(format!("{name}: longer"), set);
            let mut set = self.good.clone();
            set.remove(&name);
            if name.starts_with("data/") {
                self.add_even_signed(&format!("{name}: removed"), &set);
            } else {
                self.add(format!("{name}: removed"), set);
            }
            let mut set = self.good.clone();
            let content = set.remove(&name).expect("file");
            set.insert(format!("{name}.bak"), content);
            if name.starts_with("data/") {
                self.add_even_signed(&format!("{name}: renamed"), &set);
            } else {
                self.add(format!("{name}: renamed"), set);
            }
        }
    }

    fn added(&mut self) {
        let names = [
            "data/extra.txt",
            "data/custody/999999.json",
            "data/forms/extra.pdf",
            "extra.txt",
            "data/recordings/x/original.mp4",
            "fetch.txt",
            "data/a\\b",
            "data/NUL.txt",
            "data/e\u{301}",
            "manifest-md5.txt",
            "DATA/checkpoint",
            "data/Checkpoint",
        ];
        for name in names {
            let mut set = self.good.clone();
            set.insert(name.into(), b"extra\n".to_vec());
            self.add_even_signed(&format!("{name}: added"), &set);
        }
    }

    fn swapped(&mut self) {
        let kinds =
            ["data/custody/", "data/proofs/", "original.", "excerpt.", "source.bin", "record.json"];
        for kind in kinds {
            let alike: Vec<_> =
                self.good.keys().filter(|name| name.contains(kind)).cloned().collect();
            for pair in alike.windows(2) {
                let mut set = self.good.clone();
                let (one, two) = (set[&pair[0]].clone(), set[&pair[1]].clone());
                set.insert(pair[0].clone(), two);
                set.insert(pair[1].clone(), one);
                self.add_even_signed(&format!("{} and its neighbour: swapped", pair[0]), &set);
            }
        }
    }

    fn edited(&mut self, name: &str, edit: impl FnOnce(&mut Statement)) -> Set {
        let mut set = self.good.clone();
        let mut changed = statement(&set);
        edit(&mut changed);
        set.insert(data::STATEMENT.into(), changed.encode().expect("encodes"));
        self.add_in_every_hand(name, &set);
        set
    }

    /// What even the vault's own hand cannot state: each is found by one check alone.
    fn untrue(&mut self) {
        let edits: [(&str, Edit); 5] = [
            ("another size", |statement| statement.size += 1),
            ("another root", |statement| statement.root = Hash256::from_bytes([1; 32])),
            ("another end", |statement| {
                statement.included[0].last_leaf = Hash256::from_bytes([1; 32]);
            }),
            ("another length", |statement| statement.included[1].bytes += 1),
            ("another recording", |statement| {
                let other = ContentId::from_bytes([2; 32]);
                statement.included[0].recording = other;
                statement.asked[0] = other;
            }),
        ];
        for (name, edit) in edits {
            let set = self.edited(name, edit);
            self.add(format!("{name}, signed by the vault"), sealed(set, &self.vault));
        }
        let digests = ["\"sha256\":\"", "\"sm3\":\"", "\"bytes\":", "video/mp4"];
        for from in digests {
            for (name, bytes) in self.good.clone() {
                let text = String::from_utf8(bytes).unwrap_or_default();
                let known = name.ends_with("record.json") || name == data::INTEGRITY;
                if !known || !text.contains(from) {
                    continue;
                }
                let mut set = self.good.clone();
                let to = if from == "video/mp4" { "video/mp5".into() } else { format!("{from}1") };
                set.insert(name.clone(), text.replacen(from, &to, 1).into_bytes());
                self.add_even_signed(&format!("{name}: {from} untrue"), &set);
            }
        }
    }

    /// Leaves an event out: leaf, proof and number, all in agreement.
    fn dropped(&mut self, position: usize, from_end: bool) {
        let mut set = self.good.clone();
        let mut changed = statement(&set);
        let entry = &mut changed.included[0];
        let at = if from_end { entry.events.len() - 1 - position } else { position };
        let seq = entry.events.remove(at);
        let last = *entry.events.last().expect("events");
        entry.last_leaf = leaf_hash(&set[&data::leaf(last)]);
        let shared = changed.included.iter().any(|entry| entry.events.contains(&seq));
        if !shared {
            set.remove(&data::leaf(seq));
            set.remove(&data::proof(seq));
        }
        set.insert(data::STATEMENT.into(), changed.encode().expect("encodes"));
        let name = format!("event {seq} left out");
        // The end of a chain is bound by the signed statement alone; the vault itself could lie
        // about it, and only a newer checkpoint shows that.
        if from_end && position == 0 {
            self.add_in_every_hand(&name, &set);
        } else {
            self.add_even_signed(&name, &set);
        }
    }

    /// What even the vault's own hand cannot say of an excerpt: bytes that are not the recording's,
    /// a proof of something else, pieces that are not what stands in the ranges.
    fn excerpt(&mut self) {
        let name = |end: &str| {
            let found = self.good.keys().find(|name| name.ends_with(end));
            found.expect("a file of the excerpt").clone()
        };
        let (json, source, excerpt) =
            (name("excerpt.json"), name("source.bin"), name("excerpt.wav"));
        let record = ExcerptRecord::decode(&self.good[&json]).expect("excerpt");
        let mut changed = Vec::new();
        for at in [0, 5_000, self.good[&source].len() - 1] {
            let mut set = self.good.clone();
            set.get_mut(&source).expect("file")[at] ^= 1;
            changed.push((format!("source byte {at}"), set));
        }
        let cut: Vec<u8> = self.good[&source][1_024..].to_vec();
        changed.push(("source cut".into(), {
            let mut set = self.good.clone();
            set.insert(source, cut);
            set
        }));
        let mut edits: Vec<(&str, ExcerptRecord)> = Vec::new();
        let edited = |edit: &dyn Fn(&mut ExcerptRecord)| {
            let mut record = record.clone();
            edit(&mut record);
            record
        };
        let other = Hash256::from_bytes([7; 32]);
        edits.push(("a node", edited(&|record| record.proof[0] = other)));
        edits
            .push(("a node less", edited(&|record| record.proof.truncate(record.proof.len() - 1))));
        edits.push(("a node more", edited(&|record| record.proof.push(other))));
        edits.push(("nodes swapped", edited(&|record| record.proof.swap(0, 1))));
        edits.push(("a piece moved", edited(&|record| record.pieces[0].from += 1)));
        edits.push((
            "ranges elsewhere",
            edited(&|record| {
                let total = record.part.total();
                record.pieces.clear();
                record.part = Part::new(total, vec![4_096..8_192, 13_312..21_504]).expect("part");
            }),
        ));
        edits.push((
            "another whole",
            edited(&|record| {
                let ranges = record.part.ranges().to_vec();
                record.part = Part::new(record.part.total() + 1, ranges).expect("part");
            }),
        ));
        edits.push(("another excerpt", edited(&|record| record.file.sm3 = "0".repeat(64))));
        for (name, record) in edits {
            let mut set = self.good.clone();
            set.insert(json.clone(), record.encode().expect("encodes"));
            changed.push((format!("excerpt with {name}"), set));
        }
        // Changed together with its digests: what it took from the recording is another then.
        let mut set = self.good.clone();
        let bytes = set.get_mut(&excerpt).expect("file");
        bytes[200] ^= 1;
        let mut record = record.clone();
        record.file.sha256 = hex::encode(Sha256::digest(&bytes));
        record.file.sm3 = hex::encode(sm3::Sm3::digest(&bytes));
        record.file.blake3 = ContentId::from_bytes(*blake3::hash(bytes).as_bytes());
        set.insert(json, record.encode().expect("encodes"));
        changed.push(("a byte of what was taken".into(), set));
        for (name, set) in changed {
            self.add_even_signed(&name, &set);
        }
        let edits: [(&str, Edit); 4] = [
            ("an excerpt passed off as whole", |statement| {
                let mut entry = statement.excerpts.remove(0).of;
                entry.original = entry.original.replace("excerpt.", "original.");
                statement.included.push(entry);
            }),
            ("a whole of another length", |statement| statement.excerpts[0].of.bytes += 1),
            ("an excerpt forgotten", |statement| {
                let gone = statement.excerpts.remove(0).of.recording;
                statement.asked.retain(|id| *id != gone);
            }),
            ("an excerpt of another recording", |statement| {
                let other = ContentId::from_bytes([3; 32]);
                let at = statement.excerpts[0].of.recording;
                statement.excerpts[0].of.recording = other;
                for id in statement.asked.iter_mut().filter(|id| **id == at) {
                    *id = other;
                }
            }),
        ];
        for (name, edit) in edits {
            let set = self.edited(name, edit);
            self.add(format!("{name}, signed by the vault"), sealed(set, &self.vault));
        }
        self.edited("other times of an excerpt", |statement| statement.excerpts[0].begins_ms = 0);
    }

    fn other_checkpoint(&mut self) {
        let mut set = self.good.clone();
        set.insert(data::CHECKPOINT.into(), self.older.clone().into_bytes());
        self.add_even_signed("an older checkpoint", &set);
        let proofs: Vec<_> = set.keys().filter(|name| name.contains("/proofs/")).cloned().collect();
        for name in proofs {
            let mut one = self.good.clone();
            let text = String::from_utf8(one[&name].clone()).expect("text");
            let proof = TlogProof::parse(&text).expect("proof");
            let proof = TlogProof { checkpoint: self.older.clone(), ..proof };
            one.insert(name.clone(), proof.text().into_bytes());
            self.add_even_signed(&format!("{name}: under an older checkpoint"), &one);
        }
    }

    /// Edits of canonical JSON files that keep them JSON.
    fn json(&mut self) {
        let edits: [(&str, &str, &str); 7] = [
            ("record.json", "吉民罚", "吉民罸"),
            ("record.json", "\"sha256\":\"", "\"sha256\":\"0"),
            ("data/custody/", "\"role\":\"operator\"", "\"role\":\"leader\""),
            ("data/custody/", "\"v\":1", "\"v\": 1"),
            ("data/statement.json", "某区人民法院", "某县人民法院"),
            ("data/statement.json", "个人隐私", "国家秘密"),
            ("data/integrity.csv", "video/mp4", "video/mp5"),
        ];
        for (kind, from, to) in edits {
            let names: Vec<_> =
                self.good.keys().filter(|name| name.contains(kind)).cloned().collect();
            for name in names {
                let mut set = self.good.clone();
                let text = String::from_utf8(set[&name].clone()).expect("text");
                if !text.contains(from) {
                    continue;
                }
                set.insert(name.clone(), text.replacen(from, to, 1).into_bytes());
                self.add_in_every_hand(&format!("{name}: {from} edited"), &set);
            }
        }
    }

    fn all(mut self) -> (Set, VaultSigner, Vec<(String, Set)>) {
        self.each_file();
        self.added();
        self.swapped();
        let (one, other) = (self.good.clone(), self.stranger.key().verifier().to_string());
        self.edited("another key named", |statement| statement.origin = other);
        self.edited("another copy", |statement| statement.copy_mark = "副本-004".into());
        self.edited("a withheld recording forgotten", |statement| {
            statement.withheld.clear();
            statement.asked.pop();
        });
        self.untrue();
        self.edited("another time", |statement| statement.written_ms += 1);
        for position in 0..2 {
            self.dropped(position, false);
            self.dropped(position, true);
        }
        self.excerpt();
        self.other_checkpoint();
        self.json();
        (one, self.vault, self.mutants)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_hundreds_of_mutants_none_is_accepted() {
    let court = Court::new().await;
    let (good, vault, mutants) = Forge::new(&court).await.all();
    let pin = vault.key().verifier();
    // Controls: nothing is found in the good package, nor in one made again by the same hands.
    for set in [&good, &sealed(good.clone(), &vault)] {
        assert_eq!(check(set, Some(&pin)).problems, []);
        assert_eq!(check(set, Some(&pin)).verdict, Verdict::Valid);
        assert_eq!(check(set, None).verdict, Verdict::SelfAsserted);
    }
    assert!(mutants.len() >= 200, "{} mutants", mutants.len());
    println!("{} mutants", mutants.len());
    for (name, set) in &mutants {
        for pin in [Some(&pin), None] {
            let found = check(set, pin);
            assert_eq!(found.verdict, Verdict::NotValid, "accepted: {name}");
            assert!(!found.problems.is_empty());
        }
    }
    the_page_agrees(&court, &pin, &good, &mutants);
    for name in good.keys() {
        let mut twice: Vec<_> = good.clone().into_iter().collect();
        twice.push((name.clone(), b"another".to_vec()));
        let found = verify(&Memory(twice), Some(&pin), &mut |_| {});
        assert_eq!(found.verdict, Verdict::NotValid, "accepted: {name} twice");
    }
}

/// The check of `verify.html`, written a second time, finds the same problems in every mutant.
fn the_page_agrees(court: &Court, pin: &VerifierKey, good: &Set, mutants: &[(String, Set)]) {
    let place = court.scratch.path().join("blobs");
    std::fs::create_dir(&place).expect("directory");
    let mut packages = Vec::new();
    let whole = [("the good one".to_owned(), good.clone())];
    for (name, set) in whole.iter().chain(mutants) {
        let mut files = serde_json::Map::new();
        for (path, bytes) in set {
            let blob = blake3::hash(bytes).to_string();
            if !place.join(&blob).exists() {
                std::fs::write(place.join(&blob), bytes).expect("blob");
            }
            files.insert(path.clone(), blob.into());
        }
        let found = check(set, Some(pin)).problems.into_iter();
        let problems = found.map(|problem| format!("{} {}", problem.what.as_str(), problem.file));
        let problems: Vec<String> = problems.collect();
        packages.push(serde_json::json!({"name": name, "files": files, "problems": problems}));
    }
    let index = place.join("index.json");
    let listed = serde_json::json!({"pin": pin.to_string(), "packages": packages});
    std::fs::write(&index, listed.to_string()).expect("index");
    let script = root().join("tests/browser/agree.js");
    let arguments = [script.to_str().expect("text"), index.to_str().expect("text")];
    let (agreed, text) = run(Path::new("node"), &arguments, &place);
    assert!(agreed, "{text}");
    println!("{text}");
}

/// A vault made up from nothing agrees with itself: only a key from outside shows the difference.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_vault_agrees_with_itself_and_fails_only_before_the_pinned_key() {
    let (court, forged) = (Court::new().await, Court::new().await);
    let (package, _) = forged.package("副本-005").await;
    let set = files(&package);
    assert_eq!(check(&set, None).verdict, Verdict::SelfAsserted);
    let pin = court.signer().key().verifier();
    assert_eq!(check(&set, Some(&pin)).verdict, Verdict::NotValid);
}
