//! Excerpts under a grant for a stretch (R19, R22): the stretch is read and handed out with its proof,
//! the whole never; what is rendered for a copy bears its mark, and tells which copy it is from.

use crate::office::{CASE, Office};
use crate::package::{files, vault_verify};
use std::path::{Path, PathBuf};
use std::process::Command;

const STRETCH: [&str; 4] = ["--stretch-from", "0:03", "--stretch-to", "0:06"];

/// A film of twelve seconds with a key frame each second, taken in and digested; its file and id.
fn film(office: &Office, name: &str, coding: &str) -> (PathBuf, String) {
    let file = office.path(name);
    let source = "-v error -f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=440 -t 12";
    let made =
        Command::new("ffmpeg").args(source.split(' ')).args(coding.split(' ')).arg(&file).status();
    assert!(made.expect("ffmpeg").success());
    let path = file.display().to_string();
    let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
    office.done("zhang", &[&["ingest", &path, "--activity", "inspection"], &labels[..]].concat());
    let done = office.ctl.call(&["jobs", "run"]).expect("vaultctl");
    assert_eq!(done.code, 0, "{}", done.err);
    let id = blake3::hash(&std::fs::read(&file).expect("file")).to_hex().to_string();
    (file, id)
}

const PLAYS: &str = "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -c:a aac";

fn seconds(file: &Path) -> f64 {
    let said = Command::new("ffprobe")
        .args("-v error -show_entries format=duration -of csv=p=0".split(' '))
        .arg(file)
        .output()
        .expect("ffprobe");
    String::from_utf8_lossy(&said.stdout).trim().parse().expect("a length")
}

#[test]
fn a_grant_for_a_stretch_gives_its_excerpt_with_the_proof_and_never_the_whole() {
    let office = Office::new();
    let (file, id) = film(&office, "现场.mp4", PLAYS);
    office.archive();
    let number = office.granted(&id, &[&["--copies", "1"], &STRETCH[..]].concat());
    let (part, nothing) = (office.text("part.mp4"), office.text("nothing"));
    let read = ["read", &id, "--grant", &number, "-o"];
    let acting = |who: &str, words: &[&str]| {
        let own = office.text(&format!("{who}.own"));
        let acting = ["--as", who, "--password-file", &own];
        office.ctl.call(&[words, &acting[..]].concat()).expect("vaultctl")
    };
    assert_eq!(acting("zhang", &[&read[..], &[&nothing]].concat()).code, 5, "the whole");
    let other = acting("li", &[&read[..], &[&nothing, "--excerpt"]].concat());
    assert_eq!(other.code, 5, "somebody else's");
    let done = acting("zhang", &[&read[..], &[&part, "--excerpt"]].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("0:00:03"), "says what it covers: {}", done.err);
    assert!((2.9..3.3).contains(&seconds(Path::new(&part))));
    assert!(!Path::new(&nothing).exists());

    let package = office.text("package");
    let export = ["export", "--grant", &number, "--recipient", "某法院", "-o", &package];
    office.done("qian", &export);
    let (code, said) = vault_verify(&[&package, "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["included"], serde_json::json!([]));
    let excerpt = &said["excerpts"][0];
    assert_eq!((&excerpt["recording"], &excerpt["begins_ms"]), (&id.into(), &3_000.into()));
    let (bytes, recorded) = (excerpt["bytes"].as_u64(), excerpt["as_recorded"].as_u64());
    assert!(recorded > bytes.map(|bytes| bytes * 8 / 10), "nearly all of it: {excerpt}");
    let whole = std::fs::read(&file).expect("file");
    let files = files(Path::new(&package));
    let given: usize = files.values().map(Vec::len).max().expect("files");
    assert!(given < whole.len() / 2, "no file holds the whole");
    let end = &whole[whole.len() * 9 / 10..][..512];
    assert!(files.values().all(|file| !file.windows(512).any(|window| window == end)));
    let read_again = std::fs::read(&part).expect("file");
    assert!(files.values().any(|file| *file == read_again), "what was read is what was given");
    let source = files.keys().find(|name| name.ends_with("source.bin")).expect("ranges");
    let source = Path::new(&package).join(source);
    let mut changed = std::fs::read(&source).expect("ranges");
    changed[77] ^= 1;
    crate::story::overwrite(&source, &changed);
    let (code, said) = vault_verify(&[&package]);
    assert!(code == Some(4) && said.contains("source-not-proved"), "{said}");
    let found = office.done("aud", &["copies", "--found", &part])["copies"].clone();
    assert_eq!((&found[0]["request"], &found[0]["copy"]), (&number.as_str().into(), &0.into()));
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("vaultctl").code, 0);
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("vaultctl").code, 0);
}

/// What a browser does not play goes out as a rendition as well, and that tells its copy.
#[test]
fn what_is_rendered_for_a_copy_bears_its_mark_and_tells_which_copy_it_is_from() {
    let office = Office::new();
    let coding = "-c:v mpeg4 -b:v 900k -g 25 -c:a mp2";
    let (file, id) = film(&office, "旧机.avi", coding);
    office.archive();
    let number = office.granted(&id, &["--copies", "2"]);
    let mut renditions = Vec::new();
    for (copy, to) in [(1, "某法院"), (2, "某检察院")] {
        let package = office.text(&format!("package-{copy}"));
        let export = ["export", "--grant", &number, "--recipient", to, "-o", &package];
        let done = office.done("qian", &export);
        let mark = done["mark"].as_str().expect("a mark").to_owned();
        assert_eq!(vault_verify(&[&package]).0, Some(0));
        let files = files(Path::new(&package));
        let rendition = files.iter().find(|(name, _)| name.ends_with("rendition.mp4"));
        let (name, rendition) = rendition.expect("a rendition");
        let original = files.iter().find(|(name, _)| name.ends_with("original.avi"));
        assert!(*original.expect("the original").1 == std::fs::read(&file).expect("file"));
        let path = Path::new(&package).join(name);
        assert!((11.0..13.0).contains(&seconds(&path)));
        let tag = Command::new("ffprobe")
            .args("-v error -show_entries format_tags=comment -of csv=p=0".split(' '))
            .arg(&path)
            .output()
            .expect("ffprobe");
        let tag = String::from_utf8_lossy(&tag.stdout).into_owned();
        assert!(tag.contains(&mark) && tag.contains(to), "{tag}");
        for clue in [["--mark", mark.as_str()], ["--found", path.to_str().expect("text")]] {
            let found = office.done("aud", &[&["copies"], &clue[..]].concat())["copies"].clone();
            assert_eq!(found.as_array().map(Vec::len), Some(1), "{clue:?}: {found}");
            assert_eq!((&found[0]["to"], &found[0]["copy"]), (&to.into(), &copy.into()));
        }
        renditions.push(rendition.clone());
    }
    assert!(renditions[0] != renditions[1], "no two copies have the same rendition");
    let stranger = office.text("来路不明.mp4");
    std::fs::write(&stranger, b"of nobody").expect("file");
    for clue in [["--mark", "2026-1-9-9"], ["--found", stranger.as_str()]] {
        office.refused("aud", &[&["copies"], &clue[..]].concat(), 6, "copy-untraced");
    }
    let both = office.done("aud", &["copies", "--found", &file.display().to_string()]);
    assert_eq!(both["copies"].as_array().map(Vec::len), Some(2), "the original is in each");
    office.refused("zhang", &["copies", "--mark", "2026-1-1-9"], 5, "act-denied");
}
