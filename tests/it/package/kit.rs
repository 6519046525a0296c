//! Packages of a real vault with real media, and the programs that read them.

use crate::story::new_vault;
use blake3::hazmat::HasherExt;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use vault_core::access::package::{
    Answers, Form, PackageContents, PackageExcerpt, PackageRecording, PackageSigner, ProvedLeaf,
    Target, Written, write,
};
use vault_core::fault::Outcome;
use vault_core::intake::{IntakeOptions, IntakeReport, LabelInput, Labels, ingest};
use vault_core::policy::Actor;
use vault_core::stop::Stop;
use vault_core::vault::Vault;
use vault_core::work::Tools;
use vault_proof::note::{Signer, VerifierKey};
use vault_proof::package::excerpt::Piece;
use vault_proof::package::part::Part;
use vault_proof::package::seal::Seal;
use vault_proof::package::statement::Withheld;
use vault_proof::{ContentId, Hash256};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The clerk who takes the media in.
fn operator() -> Actor {
    Actor::terminal(0, "张三", [7; 16])
}

/// A vault with a video, a sound recording and a picture, taken in and digested.
pub struct Court {
    pub scratch: tempfile::TempDir,
    pub vault: Vault,
    /// Path of each source, by its id.
    pub sources: BTreeMap<ContentId, PathBuf>,
}

fn ffmpeg(arguments: &str, to: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-bitexact"])
        .args(arguments.split(' '))
        .arg(to)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success(), "{}", to.display());
}

pub fn make_media(directory: &Path) {
    std::fs::create_dir_all(directory).expect("directory");
    let video = "-f lavfi -i testsrc2=size=160x90:rate=10:duration=4 -f lavfi -i sine=duration=4 \
        -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -movflags +faststart -f mp4";
    ffmpeg(video, &directory.join("执法记录 甲.MP4"));
    ffmpeg(
        "-f lavfi -i sine=frequency=440:duration=2 -ar 8000 -f wav",
        &directory.join("=询问(1).wav"),
    );
    ffmpeg("-f lavfi -i testsrc2=size=160x90 -frames:v 1 -f image2", &directory.join("现场.png"));
}

impl Court {
    pub async fn new() -> Self {
        let scratch = tempfile::tempdir().expect("scratch");
        let vault = new_vault(&scratch.path().join("vault")).await;
        let media = scratch.path().join("media");
        make_media(&media);
        let mut court = Self { scratch, vault, sources: BTreeMap::new() };
        court.take_in(&media).await;
        assert_eq!(court.sources.len(), 3);
        court
    }

    /// Takes in what lies there, has it digested, and signs.
    pub async fn take_in(&mut self, source: &Path) {
        let labels = Labels::checked(LabelInput {
            case: "吉民罚〔2026〕1号".into(),
            counterpart: "某协会".into(),
            handler: "张三".into(),
            activity: "evidence-taking".into(),
            ..LabelInput::default()
        })
        .expect("labels");
        let seen: Arc<Mutex<BTreeMap<ContentId, PathBuf>>> = Arc::default();
        let noted = Arc::clone(&seen);
        let report = Arc::new(move |report| {
            if let IntakeReport::Received { path, recording, .. } = report {
                noted.lock().expect("lock").insert(recording, path);
            }
        });
        let (vault, actor, sources) = (&self.vault, operator(), vec![source.to_owned()]);
        let options = IntakeOptions { jobs: 0 };
        let summary =
            ingest(vault, &actor, sources, labels, options, Stop::default(), report).await;
        assert_eq!(summary.expect("taken in").failed, 0);
        vault_core::work::run(vault, &actor, &Tools::default(), Stop::default())
            .await
            .expect("digests");
        vault.sign_checkpoint(&actor).await.expect("signs");
        self.sources.append(&mut seen.lock().expect("lock"));
    }

    /// Adds an event to every chain, so that a newer checkpoint differs from an older one.
    pub async fn look_again(&self) {
        let quiet = Arc::new(|_| {});
        let all = vault_core::preservation::Selection::All;
        vault_core::preservation::verify(
            &self.vault,
            &operator(),
            all,
            false,
            Stop::default(),
            quiet,
        )
        .await
        .expect("verifies");
    }

    pub async fn checkpoint(&self) -> String {
        self.vault.sign_checkpoint(&operator()).await.expect("signs")
    }

    /// The vault's own key.
    pub fn signer(&self) -> VaultSigner {
        let key = std::fs::read(self.vault.directory().join("secrets/ledger.key")).expect("key");
        let checkpoint = self.vault.checkpoint().expect("reads").expect("a checkpoint");
        let origin = checkpoint.lines().next().expect("an origin").to_owned();
        VaultSigner { origin, seed: key[8..40].try_into().expect("32 bytes") }
    }

    /// Everything for a package of all recordings; the last one asked for is withheld.
    pub async fn contents(&self, copy_mark: &str) -> PackageContents<'_> {
        let checkpoint = self.checkpoint().await;
        let (mut recordings, mut leaves) = (Vec::new(), BTreeMap::new());
        for (id, path) in &self.sources {
            let events = self.vault.catalog().events(Some(id), None, 1_000).await.expect("events");
            for event in &events {
                let proof = self.vault.prove(event.seq).await.expect("proof");
                let leaf = event.encode().expect("leaf");
                leaves.insert(event.seq, ProvedLeaf { leaf, proof });
            }
            let events = events.iter().map(|event| event.seq).collect();
            recordings.push(self.recording(*id, path, events));
        }
        let withheld = ContentId::from_bytes([0xab; 32]);
        let asked = self.sources.keys().copied().chain([withheld]).collect();
        PackageContents {
            answers: Answers {
                copy_mark: copy_mark.into(),
                request: "调〔2026〕7号".into(),
                notice: "吉民调证〔2026〕3号".into(),
                recipient: "某区人民法院".into(),
                purpose: "行政诉讼举证".into(),
            },
            written_ms: 1_790_000_000_000,
            asked,
            withheld: vec![Withheld {
                recording: withheld,
                reason: "个人隐私".into(),
                article: "A3.15".into(),
            }],
            recordings,
            excerpts: Vec::new(),
            leaves,
            checkpoint,
            forms: vec![Form {
                name: "调取证据通知书.pdf".into(), bytes: b"%PDF-1.7\n".to_vec()
            }],
        }
    }

    fn recording<'a>(
        &self,
        id: ContentId,
        path: &'a Path,
        events: Vec<u64>,
    ) -> PackageRecording<'a> {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let spoken = name.ends_with("MP4");
        let vtt = "WEBVTT\n\n00:00.000 --> 00:01.500\n请出示证件。<b>&\n\n\
            00:01.500 --> 00:04.000\n好的。\n";
        PackageRecording {
            recording: id,
            bytes: std::fs::metadata(path).expect("source").len(),
            format: match path.extension().and_then(|extension| extension.to_str()) {
                Some("MP4") => "video/mp4",
                Some("wav") => "audio/wav",
                _ => "image/png",
            }
            .into(),
            name,
            name_bytes: Vec::new(),
            case: "吉民罚〔2026〕1号".into(),
            facts: BTreeMap::new(),
            transcript_vtt: spoken.then(|| vtt.as_bytes().to_vec()),
            transcript_txt: spoken.then(|| "请出示证件。\n好的。\n".as_bytes().to_vec()),
            rendition: None,
            events,
            open: Box::new(move || Ok(Box::new(File::open(path).expect("source")))),
        }
    }

    /// Gives of the sound recording an excerpt only, cut by hand: two ranges of it, and a file that
    /// has a head of its own before what it took from them.
    pub fn excerpted(contents: &mut PackageContents<'_>) {
        let at = contents.recordings.iter().position(|one| one.name.ends_with("wav"));
        let mut of = contents.recordings.remove(at.expect("the sound"));
        let open = std::mem::replace(&mut of.open, Box::new(|| Ok(Box::new(&b""[..]))));
        let mut whole = Vec::new();
        open().expect("source").read_to_end(&mut whole).expect("source");
        let ranges = [4_096..8_192, 12_288..20_480usize];
        let on = |range: &Range<usize>| range.start as u64..range.end as u64;
        let part = Part::new(whole.len() as u64, ranges.iter().map(on).collect());
        let part = part.expect("a part");
        let node = |(at, bytes): (u64, u64)| {
            let (from, to) = (at as usize, (at + bytes) as usize);
            let mut hasher = blake3::Hasher::new();
            hasher.set_input_offset(at).update(&whole[from..to]);
            Hash256::from_bytes(hasher.finalize_non_root())
        };
        let proof = part.outside().into_iter().map(node).collect();
        let source: Vec<u8> =
            ranges.iter().flat_map(|range| whole[range.start..range.end].to_vec()).collect();
        let mut excerpt = b"HEAD of the excerpt ".to_vec();
        let mut pieces = Vec::new();
        for (from, bytes) in [(13_000, 4_000), (4_200, 900)] {
            pieces.push(Piece { at: excerpt.len() as u64, from: from as u64, bytes: bytes as u64 });
            excerpt.extend_from_slice(&whole[from..from + bytes]);
        }
        let digests = (hex::encode(Sha256::digest(&whole)), hex::encode(Sm3::digest(&whole)));
        let bytes = excerpt.len() as u64;
        of.open = Box::new(move || Ok(Box::new(std::io::Cursor::new(excerpt))));
        contents.excerpts.push(PackageExcerpt {
            bytes,
            of,
            digests,
            asked_ms: (500, 900),
            covers_ms: (480, 900),
            withheld: ("授权只限所列时段".into(), "A3.15".into()),
            format: ("audio/wav", "wav"),
            part,
            proof,
            pieces,
            engine: "by hand".into(),
            source: Box::new(move || Ok(Box::new(std::io::Cursor::new(source)))),
        });
    }

    /// Writes the package to a directory of that name in the scratch place.
    pub async fn package(&self, name: &str) -> (PathBuf, Written) {
        let path = self.scratch.path().join(name);
        let contents = self.contents(name).await;
        let written = write(contents, &self.signer(), &Target::Directory(path.clone()));
        (path, written.expect("written"))
    }
}

/// Signs as the vault does.
#[derive(Clone)]
pub struct VaultSigner {
    pub origin: String,
    pub seed: [u8; 32],
}

impl VaultSigner {
    pub fn key(&self) -> Signer {
        Signer::from_seed(&self.origin, &self.seed).expect("signer")
    }
}

impl PackageSigner for VaultSigner {
    fn verifier(&self) -> Outcome<VerifierKey> {
        Ok(self.key().verifier())
    }

    fn sign(&self, seal: &Seal) -> Outcome<String> {
        Ok(seal.sign(&self.key()).expect("signs"))
    }
}

/// Every file below a directory, by its path there.
pub fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(directory: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(directory).expect("directory").flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_str().expect("text"));
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, std::fs::read(entry.path()).expect("file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(directory, "", &mut found);
    found
}

/// Runs `vault-verify`; gives exit code and output.
pub fn vault_verify(arguments: &[&str]) -> (Option<i32>, String) {
    let program = vault_tests::program::built("vault-verify").expect("vault-verify");
    let done = Command::new(program).args(arguments).output().expect("vault-verify runs");
    let text = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(text).expect("UTF-8"))
}

/// Runs a program in a directory; gives whether it was content, and what it said.
pub fn run(program: &Path, arguments: &[&str], directory: &Path) -> (bool, String) {
    let done = Command::new(program).args(arguments).current_dir(directory).output();
    let done = done.unwrap_or_else(|error| panic!("{} does not run: {error}", program.display()));
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&text).into_owned())
}
