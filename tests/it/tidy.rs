//! What keeps the tree in order: the direction of dependencies, headers, file lengths.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in ["vault-core", "vault-server", "tools", "benches", "tests"] {
        sources(&root().join(directory), &mut found);
    }
    found
}

/// Crates of a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(manifest)).expect("manifest");
    let section = text.split("\n[dependencies]\n").nth(1).expect("dependencies");
    section
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_verifying_crate_stays_pure() {
    let allowed = ["base64", "blake3", "ed25519-dalek", "hex", "sha2", "sm3", "thiserror"];
    for name in dependencies("vault-core/proof/Cargo.toml") {
        assert!(allowed.contains(&name.as_str()), "vault-proof depends on {name}");
    }
    let mut files = Vec::new();
    sources(&root().join("vault-core/proof/src"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("source");
        for banned in ["std::fs", "std::env", "std::net", "SystemTime", "async fn"] {
            assert!(!text.contains(banned), "{} uses {banned}", path.display());
        }
    }
}

#[test]
fn the_program_that_checks_packages_knows_nothing_of_the_vault() {
    assert_eq!(dependencies("tools/vault-verify/Cargo.toml"), ["vault-proof", "flate2"]);
}

#[test]
fn forms_are_set_in_type_by_one_crate_that_knows_them_as_data() {
    let known = [
        "vault-core",
        "qrcode",
        "tiny-skia",
        "ttf-parser",
        "typst",
        "typst-layout",
        "typst-pdf",
        "unicode-properties",
    ];
    assert_eq!(dependencies("tools/vault-forms/Cargo.toml"), known);
    let others = ["vault-core", "vault-core/proof", "vault-server", "tools/vaultctl"];
    for place in others {
        let typst = |name: &String| name.starts_with("typst");
        assert!(!dependencies(&format!("{place}/Cargo.toml")).iter().any(typst), "{place}");
    }
    let mut files = Vec::new();
    sources(&root().join("tools/vault-forms/src"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("source");
        for part in text.split("vault_core::").skip(1) {
            let data = ["access::Form", "access::Points", "preservation::OWN_STORE"];
            let allowed = [&data[..], &["clock::", "fault::", "limits::", "wording::"]].concat();
            let fits = allowed.iter().any(|name| part.starts_with(name));
            assert!(fits, "{} uses {}", path.display(), part.lines().next().unwrap_or_default());
        }
    }
}

#[test]
fn spreadsheets_are_known_to_one_crate() {
    assert_eq!(dependencies("tools/vault-sheets/Cargo.toml"), ["vault-core", "rust_xlsxwriter"]);
    let others = ["vault-core", "vault-core/proof", "vault-server", "tools/vaultctl"];
    for place in others {
        for name in dependencies(&format!("{place}/Cargo.toml")) {
            assert!(name != "rust_xlsxwriter", "{place}");
        }
    }
}

/// What `docs/REQUIREMENTS.md` says works names a test, and every test of `requirements` that it
/// names is there, one that works and one that refuses.
#[test]
fn what_is_said_to_work_names_tests_that_exist() {
    let table = std::fs::read_to_string(root().join("docs/REQUIREMENTS.md")).expect("table");
    let rows = table.lines().filter(|line| line.starts_with("| R"));
    let mut named = 0;
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let (number, status) = (cells[0].trim_start_matches("| "), cells[3]);
        let tests = cells[4].trim_end_matches(" |");
        assert!(!status.starts_with("works") || tests.len() > 3, "{number} names no test");
        for module in literals_of(tests, "`requirements::").map(|name| name.replace("::", "/")) {
            named += 1;
            let path = root().join(format!("tests/requirements/{module}.rs"));
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let has = |kind: &str| text.contains(&format!("fn {kind}_"));
            assert!(has("works") && has("refuses"), "{number}: {}", path.display());
        }
    }
    assert!(named >= 10, "{named}");
}

/// What stands in backquotes behind that beginning.
fn literals_of<'a>(text: &'a str, marker: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(marker).skip(1).filter_map(|rest| rest.split('`').next())
}

#[test]
fn programs_know_no_sql_and_no_store() {
    for manifest in ["tools/vaultctl/Cargo.toml", "vault-server/Cargo.toml"] {
        for name in dependencies(manifest) {
            let banned = ["sqlx", "object_store", "ffmpeg-next"];
            assert!(!banned.contains(&name.as_str()), "{manifest} depends on {name}");
            // Ciphers are the core's; the service checks what an identity provider signed, and that alone.
            let ciphers = name == "aws-lc-rs" && manifest != "vault-server/Cargo.toml";
            assert!(!ciphers, "{manifest} depends on {name}");
        }
    }
    let mut files = Vec::new();
    sources(&root().join("vault-server/src"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).expect("source");
        let checks = path.ends_with("provider/token.rs");
        assert!(checks || !text.contains("aws_lc_rs"), "{}", path.display());
    }
}

#[test]
fn nothing_in_the_core_looks_up() {
    // Each part of the core, and the parts above it that it must not use.
    let flows = ["intake", "access", "disposal", "preservation", "vault", "work", "holdings"];
    let rules: &[(&str, &[&str])] = &[
        ("fault.rs", &["store", "catalog", "ledger", "keys", "jobs", "policy"]),
        ("clock.rs", &["store", "catalog", "ledger", "keys", "jobs", "policy"]),
        ("limits.rs", &["store", "catalog", "ledger", "keys", "jobs", "policy"]),
        ("policy", &["store", "catalog", "ledger", "keys", "jobs"]),
        ("store", &["catalog", "ledger", "jobs", "policy"]),
        ("keys", &["catalog", "ledger", "jobs", "policy"]),
        ("ledger", &["jobs", "policy", "keys"]),
        ("catalog", &["ledger", "keys"]),
    ];
    for (part, above) in rules {
        let place = root().join("vault-core/src").join(part);
        let mut files = Vec::new();
        if place.is_dir() {
            sources(&place, &mut files);
        } else {
            files.push(place);
        }
        for path in files {
            let text = std::fs::read_to_string(&path).expect("source");
            for upper in above.iter().chain(&flows) {
                let used = text.contains(&format!("crate::{upper}::"));
                assert!(!used, "{} uses {upper}", path.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_none_is_too_long() {
    for path in all_sources() {
        let text = std::fs::read_to_string(&path).expect("source");
        let inner = path.file_name().is_some_and(|name| name == "tests.rs");
        assert!(inner || text.starts_with("//!"), "{} has no header", path.display());
        assert!(text.lines().count() <= 800, "{} is past 800 lines", path.display());
        for banned in ["FIX".to_owned() + "ME", "TO".to_owned() + "DO:"] {
            assert!(!text.contains(&banned), "{} holds {banned}", path.display());
        }
    }
}

/// Evidence ends by a disposal alone: nothing else shreds a key or removes a finished thing; and
/// the bytes that a cold store stands for are taken from the vault's own by one flow (R16, R17).
#[test]
fn no_other_code_path_removes_evidence() {
    let disposal = "vault-core/src/disposal/carry_out.rs";
    let rules: [(&str, &[&str]); 3] = [
        (".shred(", &[disposal]),
        (".destroy(", &[disposal, "vault-core/src/store/replica.rs"]),
        (".take_away(", &["vault-core/src/preservation/tiers.rs"]),
    ];
    for (call, allowed) in rules {
        let mut callers: Vec<_> = all_sources()
            .into_iter()
            .filter(|path| std::fs::read_to_string(path).expect("source").contains(call))
            .map(|path| path.strip_prefix(root()).expect("below").display().to_string())
            .filter(|path| !path.starts_with("tests/") && !path.ends_with("conformance.rs"))
            .collect();
        callers.sort();
        assert_eq!(callers, allowed, "{call}");
    }
}

/// The texts behind each `marker` of a source, up to the closing quotation mark.
fn literals<'a>(text: &'a str, marker: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(marker).skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn what_stands_beside_a_fault_has_words_in_both_languages() {
    let mut wanted = std::collections::BTreeSet::new();
    for directory in ["vault-core/src", "vault-server/src", "tools"] {
        let mut files = Vec::new();
        sources(&root().join(directory), &mut files);
        for text in files.iter().map(|path| std::fs::read_to_string(path).expect("source")) {
            wanted.extend(literals(&text, ".with(\"").map(|name| format!("detail-{name}")));
            for family in ["reason", "what"] {
                let marker = format!(".with(\"{family}\", \"");
                let values = literals(&text, &marker).map(|value| value.replace(' ', "-"));
                wanted.extend(values.map(|value| format!("{family}-{value}")));
            }
        }
    }
    assert!(wanted.len() > 100, "{}", wanted.len());
    for language in ["zh-CN", "en"] {
        let path = root().join(format!("vault-core/locales/{language}/names.ftl"));
        let names = std::fs::read_to_string(path).expect("names");
        let known: std::collections::BTreeSet<_> =
            names.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect();
        let wanting: Vec<_> = wanted.iter().filter(|key| !known.contains(key.as_str())).collect();
        assert!(wanting.is_empty(), "{language} has no words for {wanting:?}");
    }
}
