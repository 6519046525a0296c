//! Witnesses on the command line (R17): a key made once, a checkpoint cosigned on another machine,
//! taken by the vault that names it, and every way to fool either refused.

use crate::office::Office;
use vault_tests::command::Answer;

/// A witness that is not the vault: it has a key file and sees checkpoints in files.
struct Hall<'a>(&'a Office);

impl Hall<'_> {
    fn call(&self, words: &[&str]) -> Answer {
        self.0.ctl.call(&[&["witness"], words].concat()).expect("vaultctl")
    }

    fn init(&self, key: &str) -> Answer {
        self.call(&["init", key, "--witness-name", "hall.example"])
    }

    /// Writes a checkpoint of the vault as it is now into a file.
    fn checkpoint(&self, name: &str) -> String {
        let made = self.0.ctl.call(&["ledger", "checkpoint"]).expect("vaultctl");
        assert_eq!(made.code, 0, "{}", made.err);
        std::fs::write(self.0.path(name), &made.out).expect("file");
        self.0.text(name)
    }

    fn refuses(&self, words: &[&str], code: i32, reason: &str) {
        let answer = self.call(words);
        assert_eq!(answer.code, code, "{words:?}: {}", answer.err);
        assert!(answer.err.contains(reason), "{words:?}: {}", answer.err);
        assert_eq!(answer.out, "", "nothing is handed out");
    }
}

#[test]
fn a_witness_signs_what_it_sees_once_and_the_vault_takes_the_word_of_those_it_names() {
    let office = Office::new();
    let hall = Hall(&office);
    let (key, other) = (office.text("见证.key"), office.text("他人.key"));
    let public = hall.init(&key);
    assert_eq!(public.code, 0, "{}", public.err);
    assert_eq!(hall.call(&["key", &key]).out, public.out);
    let made = std::fs::read(&key).expect("key");
    hall.refuses(&["init", &key, "--witness-name", "x"], 1, "要写入的位置已有文件");
    assert_eq!(std::fs::read(&key).expect("key"), made, "the key is as it was");
    assert_eq!(hall.init(&other).code, 0);

    let early = hall.checkpoint("early");
    let signed = office.text("signed");
    let cosign = |key: &str, checkpoint: &str| {
        let answer = hall.call(&["cosign", key, checkpoint]);
        assert_eq!(answer.code, 0, "{}", answer.err);
        std::fs::write(&signed, answer.out).expect("file");
    };
    cosign(&key, &early);
    // The vault takes the word of nobody, of nobody but whom it names, and of no unsigned note.
    hall.refuses(&["take", &signed], 4, "见证签名不能采用");
    let settings = format!("[witness]\nkeys = [\"{}\"]\n", public.out.trim());
    std::fs::write(office.path("vault/settings.toml"), settings).expect("settings");
    hall.refuses(&["take", &early], 4, "见证签名不能采用");
    cosign(&other, &early);
    hall.refuses(&["take", &signed], 4, "见证签名不能采用");
    cosign(&key, &early);
    let taken = office.done("", &["witness", "take", &signed]);
    assert!(taken["seen_at"].is_string(), "{taken}");

    // The ledger grows; after that the witness does not go back.
    let second = office.text("second");
    let denied = ["store", "add", "二号盘", "--in-directory", &second];
    office.refused("zhang", &denied, 5, "act-denied");
    let late = hall.checkpoint("late");
    cosign(&key, &late);
    hall.refuses(&["cosign", &key, &early], 4, "见证签名不能采用");
    office.done("", &["ledger", "verify"]);
    // Another ledger of the same length, and a witness that cannot read what it saw.
    let note = std::fs::read_to_string(&late).expect("note");
    let root = note.lines().nth(2).expect("a root").to_owned();
    let forged = office.text("forged");
    let another = note.replacen(&root, "RMU77JzHsGoh86uTq3MqM+KMwG/DEgwFKLErYfiXWdM=", 1);
    std::fs::write(&forged, another).expect("file");
    hall.refuses(&["cosign", &key, &forged], 4, "账本变短或被改写");
    let near = std::fs::read_dir(office.path("")).expect("directory").flatten();
    let memory = near.map(|entry| entry.path()).find(|path| {
        let name = path.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
        name.starts_with("见证.seen-")
    });
    std::fs::write(memory.expect("a memory"), [0xff, 0xfe]).expect("file");
    hall.refuses(&["cosign", &key, &late], 4, "见证方的记录无法读取");
}
