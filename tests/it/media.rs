//! Recordings tell what they are, previews and texts stand beside them, and words are found (R01,
//! R06, R07, R09): the vault, the real worker, FFmpeg's media and a real recogniser together.

use crate::story::{check, new_vault, new_vault_on, operator, take_in};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use vault_core::clock::Clock;
use vault_core::fault::Code;
use vault_core::media::{
    MediaFacts, MediaPool, NewMarker, WorkerProgram, remove_marker, set_marker,
};
use vault_core::policy::Actor;
use vault_core::search::search;
use vault_core::stop::Stop;
use vault_core::transcript::{
    self, Caption, CommandEngine, Origin, Transcriber, read_captions, version_from_captions,
};
use vault_core::vault::Vault;
use vault_core::work::{RunSummary, Tools};
use vault_media_protocol::FindingClass;
use vault_proof::ContentId;
use vault_tests::postgres::PostgresServer;
use vault_tests::program::built;

fn tools() -> Tools {
    let path = built("vault-media").expect("the worker");
    let program = WorkerProgram { path, weak_sandbox_allowed: false };
    Tools { media: Some(Arc::new(MediaPool::new(program))), ..Tools::default() }
}

fn ffmpeg(arguments: &str, file: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(shell_words(arguments))
        .arg(file)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success(), "ffmpeg {arguments}");
}

/// Words as a shell has them, with single quotes only.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match (character, quoted) {
            ('\'', _) => quoted = !quoted,
            (' ', false) => words.push(String::new()),
            (character, _) => words.last_mut().expect("a word").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

const SPOKEN: &str = "the officer asked the driver to show his license and step out of the car";

fn speech(file: &Path) {
    let voice = format!("-f lavfi -i 'flite=text={SPOKEN}:voice=slt' -ar 16000 -ac 1");
    ffmpeg(&voice, file);
}

async fn run(vault: &Vault, tools: &Tools) -> RunSummary {
    vault_core::work::run(vault, &operator(), tools, Stop::default()).await.expect("jobs")
}

async fn facts_by_name(vault: &Vault, ids: &crate::story::Ids) -> BTreeMap<String, MediaFacts> {
    let mut found = BTreeMap::new();
    for (path, (id, _)) in ids {
        let id: ContentId = id.parse().expect("an id");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        found.insert(name, vault.media_facts(&id).await.expect("facts"));
    }
    found
}

/// Stretches of a class, in milliseconds.
fn stretches(facts: &MediaFacts, class: FindingClass) -> Vec<(i64, i64)> {
    let found = facts.findings().into_iter().filter(|finding| finding.class == class);
    found.map(|finding| (finding.from_us / 1_000, finding.to_us / 1_000)).collect()
}

fn make_recordings(directory: &Path) {
    let to = |name: &str| directory.join(name);
    let both = "-f lavfi -i testsrc=s=320x240:r=25:d=12 -f lavfi -i sine=d=12";
    let h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    ffmpeg(
        &format!("{both} {h264} -c:a aac -metadata creation_time=2026-01-15T01:30:00Z"),
        &to("DSJ_20260115_093000.mp4"),
    );
    ffmpeg(&format!("{both} {h264} -g 25 -c:a mp2 -f mpegts"), &to("whole.ts"));
    let whole = std::fs::read(to("whole.ts")).expect("stream");
    let packets = whole.len() / 188;
    let cut = [&whole[..packets * 2 / 6 * 188], &whole[packets * 4 / 6 * 188..]].concat();
    std::fs::write(to("cut.ts"), cut).expect("stream");
    let black = "-f lavfi -i testsrc=s=320x240:r=25:d=5 -f lavfi -i color=black:s=320x240:r=25:d=40 \
        -f lavfi -i testsrc=s=320x240:r=25:d=5 -filter_complex '[0][1][2]concat=n=3'";
    ffmpeg(
        &format!("{black} -c:v libx265 -x265-params log-level=none -preset ultrafast"),
        &to("black.mp4"),
    );
    let upright = to("DSJ_20260115_093000.mp4");
    let copied = format!("-i {} -c copy -metadata:s:v rotate=90", upright.display());
    ffmpeg(&copied, &to("turned.mp4"));
    ffmpeg(
        "-f lavfi -i aevalsrc='0.4*sin(880*t)*lt(mod(t\\,10)\\,4)':d=10 -c:a pcm_s16le",
        &to("pause.wav"),
    );
    let mp4 = std::fs::read(to("DSJ_20260115_093000.mp4")).expect("recording");
    std::fs::write(to("unfinished.mp4"), &mp4[..mp4.len() / 2]).expect("recording");
    std::fs::write(to("empty.mp4"), b"").expect("recording");
    let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n";
    std::fs::write(to("playlist.mp4"), playlist).expect("playlist");
    std::fs::write(to("笔录.txt"), "现场检查笔录").expect("text");
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_tell_what_they_are_and_where_they_are_not_continuous() {
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("source");
    std::fs::create_dir_all(&source).expect("directory");
    make_recordings(&source);
    let vault = new_vault(&scratch.path().join("vault")).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    let tools = tools();
    let summary = run(&vault, &tools).await;
    assert_eq!(summary.failed, 0);
    let found = facts_by_name(&vault, &ids).await;

    let facts = &found["DSJ_20260115_093000.mp4"];
    let report = facts.report().expect("examined");
    assert_eq!((facts.medium.as_str(), report.streams.len()), ("video", 2));
    assert_eq!((report.streams[0].width, report.streams[0].codec.as_str()), (320, "h264"));
    assert!(report.plays_in_browser && facts.findings().is_empty());
    let sources: Vec<_> = facts.times.iter().map(|claim| claim.source.as_str()).collect();
    assert_eq!(sources, ["container", "name", "file", "received"]);
    assert_eq!(facts.times[0].started, facts.times[1].started, "both say 09:30 in China");
    assert!(facts.lacks_checked_text, "it has sound and no text");

    let whole = &found["whole.ts"];
    assert!(whole.findings().is_empty(), "{:?}", whole.findings());
    let gaps = stretches(&found["cut.ts"], FindingClass::Gap);
    let video = gaps.iter().find(|(from, to)| (to - from - 4_000).abs() <= 40);
    assert!(video.is_some(), "a third of twelve seconds is missing: {gaps:?}");

    let (from, to) = stretches(&found["black.mp4"], FindingClass::Black)[0];
    assert!((from - 5_000).abs() <= 1_000 && (to - 45_000).abs() <= 1_000, "{from} {to}");
    // FFmpeg's tag turns to the left, which is three quarters to the right.
    assert_eq!(found["turned.mp4"].report().expect("examined").streams[0].rotation, 270);
    let (from, to) = stretches(&found["pause.wav"], FindingClass::Silent)[0];
    assert!((from - 4_000).abs() <= 200 && (to - 10_000).abs() <= 200, "{from} {to}");

    for (name, reason) in [
        ("unfinished.mp4", "index-missing"),
        ("empty.mp4", "empty"),
        ("playlist.mp4", "format-refused"),
    ] {
        let probe = found[name].probe.as_ref().expect("tried");
        assert_eq!(probe.result.as_ref().expect_err("refused").0, reason, "{name}");
    }
    assert!(found["笔录.txt"].probe.is_none(), "a paper is not examined");
    let kinds = |name: &str| -> Vec<String> {
        found[name].products.iter().map(|product| product.kind.clone()).collect()
    };
    assert_eq!(kinds("DSJ_20260115_093000.mp4"), ["poster", "sheet", "waveform"]);
    assert_eq!(kinds("black.mp4"), ["poster", "proxy", "sheet"], "H.265 plays black");
    assert_eq!(kinds("pause.wav"), ["waveform"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_are_verified_like_recordings_and_survive_a_rebuild() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (source, directory) = (scratch.path().join("a.avi"), scratch.path().join("vault"));
    ffmpeg("-f lavfi -i testsrc=s=320x240:d=3 -c:v mjpeg -q:v 4", &source);
    let vault = new_vault(&directory).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    run(&vault, &tools()).await;
    let id: ContentId = ids[&source].0.parse().expect("an id");
    let facts = vault.media_facts(&id).await.expect("facts");
    assert_eq!(facts.products.len(), 3);
    for keyless in [false, true] {
        let checked = check(&vault, keyless).await.expect("verifies");
        assert_eq!((checked.objects, checked.failed.len()), (4, 0));
    }
    vault.sign_checkpoint(&operator()).await.expect("signs");
    let mut before = Vec::new();
    vault.dump(&mut before).await.expect("dump");
    drop(vault);
    let rebuilt = Vault::rebuild(&directory, &directory, Clock::system()).await.expect("rebuilt");
    let digest = ContentId::from_bytes(*blake3::hash(&before).as_bytes());
    assert_eq!(rebuilt.dump_digest, digest);

    // Each stored blob in turn: whatever it belongs to, its damage is named.
    let vault = Vault::open(&directory, Clock::system()).await.expect("opens");
    let mut blobs = Vec::new();
    files(&directory.join("store/data"), &mut blobs);
    assert_eq!(blobs.len(), 4);
    for blob in blobs {
        let bytes = std::fs::read(&blob).expect("blob");
        let mut damaged = bytes.clone();
        damaged[bytes.len() / 2] ^= 1;
        write(&blob, &damaged);
        let checked = check(&vault, true).await.expect("verifies");
        assert_eq!(checked.failed.len(), 1, "{}", blob.display());
        write(&blob, &bytes);
    }
    assert_eq!(check(&vault, false).await.expect("verifies").failed.len(), 0);
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        if entry.path().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

fn write(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("mode");
    std::fs::write(path, bytes).expect("written");
}

fn engine() -> Arc<dyn Transcriber> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let script = root.join("tools/lib/speech/pocketsphinx");
    Arc::new(CommandEngine {
        command: vec![script.display().to_string()],
        identity: "pocketsphinx, en-us".into(),
        language: "en".into(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn speech_becomes_text_that_is_found_with_its_time() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (said, source) = (scratch.path().join("said.wav"), scratch.path().join("later.mp4"));
    speech(&said);
    // Three seconds of silence first, in a video whose sound is coded.
    let said = said.display();
    ffmpeg(
        &format!(
            "-f lavfi -i color=gray:s=160x120:r=10:d=8 -i {said} \
             -af adelay=3000 -c:v libx264 -preset ultrafast -c:a aac -b:a 128k"
        ),
        &source,
    );
    let vault = new_vault(&scratch.path().join("vault")).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    let tools = tools();
    run(&vault, &tools).await;
    let id: ContentId = ids[&source].0.parse().expect("an id");
    let pool = tools.media.clone().expect("a pool");
    let done = transcript::transcribe(&vault, &operator(), &id, &pool, &engine()).await;
    let done = done.expect("heard");
    assert_eq!(done.version, 1);
    let (version, text) = transcript::show(&vault, &operator(), &id, None).await.expect("a text");
    let words: Vec<_> = text.cues.iter().map(|cue| cue.text.as_str()).collect();
    assert_eq!(words.join(" "), SPOKEN);
    assert!(version.checked.is_none() && version.origin == "machine");
    assert!(text.cues.iter().all(|cue| cue.origin == Origin::Machine));
    let page = search(&vault, &operator(), "license", None, 10).await.expect("found");
    assert_eq!(page.hits.len(), 1);
    let hit = &page.hits[0];
    assert!(hit.recording == id && hit.source == "transcript");
    assert!((2_900..3_400).contains(&hit.from_ms), "{}", hit.from_ms);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_engine_hears_in_silence_is_left_out() {
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("pause.wav");
    ffmpeg("-f lavfi -i aevalsrc='0.4*sin(880*t)*lt(t\\,4)':d=10 -ar 16000", &source);
    let vault = new_vault(&scratch.path().join("vault")).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    let tools = tools();
    run(&vault, &tools).await;
    let id: ContentId = ids[&source].0.parse().expect("an id");
    let script = "cat >/dev/null; printf '[{\"from_ms\":500,\"to_ms\":3000,\"text\":\"tone\"},\
        {\"from_ms\":6000,\"to_ms\":8000,\"text\":\"thank you for watching\"}]'";
    let engine: Arc<dyn Transcriber> = Arc::new(CommandEngine {
        command: ["sh", "-c", script].map(str::to_owned).to_vec(),
        identity: "inventive".into(),
        language: String::new(),
    });
    let pool = tools.media.expect("a pool");
    let done = transcript::transcribe(&vault, &operator(), &id, &pool, &engine).await;
    let done = done.expect("heard");
    assert_eq!((done.cues, done.left_out), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn machine_text_never_passes_as_checked_and_an_edit_is_unchecked_again() {
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("a.wav");
    speech(&source);
    let vault = new_vault(&scratch.path().join("vault")).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    let id: ContentId = ids[&source].0.parse().expect("an id");
    let captions = |text: &str| -> Vec<Caption> {
        let file =
            format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n\n00:02.000 --> 00:03.000\n同前\n");
        read_captions(file.as_bytes(), 0).expect("captions")
    };
    let first = version_from_captions(&id, captions("请出示证件"), None, Origin::Machine);
    assert_eq!(transcript::store_version(&vault, &operator(), &id, first).await.expect("1"), 1);
    // The vault itself cannot vouch for anything.
    let system = Actor::system([1; 16]);
    let refused = transcript::check(&vault, &system, &id, 1).await.expect_err("refused");
    assert_eq!(refused.code(), Code::ActDenied);
    transcript::check(&vault, &operator(), &id, 1).await.expect("checked");
    let (one, base) = transcript::show(&vault, &operator(), &id, Some(1)).await.expect("1");
    assert_eq!(one.checked.expect("checked").0, "张三");
    let edited = captions("请出示许可证");
    let second = version_from_captions(&id, edited, Some((1, &base)), Origin::Person);
    assert_eq!(transcript::store_version(&vault, &operator(), &id, second).await.expect("2"), 2);
    let (two, text) = transcript::show(&vault, &operator(), &id, None).await.expect("2");
    assert!(two.checked.is_none() && two.based_on == Some(1));
    let origins: Vec<_> = text.cues.iter().map(|cue| cue.origin).collect();
    assert_eq!(origins, [Origin::Person, Origin::Machine], "what nobody touched keeps its origin");
    let missing = transcript::show(&vault, &operator(), &id, Some(3)).await.expect_err("none");
    assert_eq!(missing.code(), Code::TranscriptUnknown);
    // Only the newest version is found, and the first is still there.
    let old = search(&vault, &operator(), "出示证件", None, 10).await.expect("search");
    let new = search(&vault, &operator(), "许可", None, 10).await.expect("search");
    assert_eq!((old.hits.len(), new.hits.len()), (0, 1));
    assert!(transcript::show(&vault, &operator(), &id, Some(1)).await.is_ok());
}

async fn words_are_found(vault: &Vault, scratch: &Path) {
    let source = scratch.join("酒驾检测_现场.wav");
    speech(&source);
    let (_, ids, _) = take_in(vault, &[&source]).await;
    run(vault, &tools()).await;
    let id: ContentId = ids[&source].0.parse().expect("an id");
    let marker = NewMarker {
        kind: "persons".into(),
        from_ms: 500,
        to_ms: 900,
        note: "相对人王五到场，100%配合_".into(),
    };
    let marker = set_marker(vault, &operator(), &id, marker).await.expect("set");
    let hits = async |question: &str| -> Vec<(String, u64)> {
        let page = search(vault, &operator(), question, None, 50).await.expect("search");
        page.hits.into_iter().map(|hit| (hit.source, hit.from_ms)).collect()
    };
    let label = vec![("label".to_owned(), 0)];
    let mark = [("marker".to_owned(), 500)];
    for question in ["酒驾", "驾检", "检测", "酒驾检测", "现场", "某协会", "2026", "协"]
    {
        assert_eq!(hits(question).await, label, "{question}");
    }
    for question in ["王五", "到场", "相对人 到场", "100%配合", "场"] {
        let found = hits(question).await;
        assert!(found.contains(&mark[0]), "{question}: {found:?}");
    }
    for question in ["驾酒", "王六", "酒测", "人五"] {
        assert_eq!(hits(question).await, [], "{question}");
    }
    let nothing = search(vault, &operator(), "，。%_", None, 5).await.expect_err("refused");
    assert_eq!(nothing.code(), Code::ArgumentInvalid);
    remove_marker(vault, &operator(), &marker).await.expect("removed");
    assert_eq!(hits("王五").await, []);
    let again = remove_marker(vault, &operator(), &marker).await.expect_err("gone");
    assert_eq!(again.code(), Code::MarkerUnknown);
    let outside =
        NewMarker { kind: "scene".into(), from_ms: 0, to_ms: 99_000_000, note: String::new() };
    let refused = set_marker(vault, &operator(), &id, outside).await.expect_err("outside");
    assert_eq!(refused.code(), Code::ArgumentInvalid);
    vault.verify_ledger().await.expect("the catalogue is the fold of the ledger");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_two_characters_are_found_on_sqlite() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    words_are_found(&vault, scratch.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_two_characters_are_found_on_postgresql() {
    let server = PostgresServer::start(&[]).expect("PostgreSQL");
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault_on(&server, &scratch.path().join("vault")).await;
    words_are_found(&vault, scratch.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_or_lies_costs_its_own_recording_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("a.wav");
    speech(&source);
    for (number, script) in [
        "exit 1",
        "kill -9 $$",
        // An answer that is none, and a length beyond its limit.
        "printf '\\005\\002\\000\\000\\000{}' >&0; sleep 5",
        "printf '\\004\\377\\377\\377\\377' >&0; sleep 5",
        // A product nobody asked for.
        "printf '\\004\\012\\000\\000\\000\\003\\000\\000\\000\\000\\000\\000\\000\\000x' >&0; sleep 5",
    ]
    .into_iter()
    .enumerate()
    {
        let program = scratch.path().join(format!("worker-{number}"));
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("script");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("mode");
        let vault = new_vault(&scratch.path().join(format!("vault-{number}"))).await;
        let (_, ids, _) = take_in(&vault, &[&source]).await;
        let worker = WorkerProgram { path: program, weak_sandbox_allowed: false };
        let media = Some(Arc::new(MediaPool::new(worker)));
        let tools = Tools { media, ..Tools::default() };
        let summary = run(&vault, &tools).await;
        assert_eq!((summary.done, summary.failed), (3, 0), "probe, digests, terms: {script}");
        let id: ContentId = ids[&source].0.parse().expect("an id");
        let facts = vault.media_facts(&id).await.expect("facts");
        let probe = facts.probe.expect("tried");
        assert_eq!(probe.result.expect_err("not examined").0, "worker-died", "{script}");
        assert_eq!(check(&vault, false).await.expect("verifies").failed.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_session_are_joined_and_the_missing_one_is_told() {
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("card");
    std::fs::create_dir_all(&source).expect("directory");
    for (part, minute) in [(1, 0), (2, 1), (4, 3)] {
        ffmpeg(
            &format!(
                "-f lavfi -i color=c=gray:s=64x48:r=5:d=60 -c:v libx264 -preset ultrafast \
                -metadata creation_time=2026-01-15T01:3{minute}:00Z -metadata make=Hik -metadata comment={part} \
                -movflags use_metadata_tags"
            ),
            &source.join(format!("DSJ_2026011509300{minute}_{part}.mp4")),
        );
    }
    let vault = new_vault(&scratch.path().join("vault")).await;
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    run(&vault, &tools()).await;
    let found = facts_by_name(&vault, &ids).await;
    let (session, place) = found["DSJ_20260115093001_2.mp4"].session.clone().expect("a session");
    assert_eq!((session.parts.len(), place), (3, 1));
    assert_eq!(session.seams.len(), 1);
    let seam = session.seams[0];
    assert!(seam.after == 1 && (seam.measure_ms - 60_000).abs() <= 1_000, "{seam:?}");
}
