//! That both catalogues are whole, agree with each other, and are safe to print.

use super::*;
use crate::access::RequestState;
use crate::disposal::DisposalState;
use crate::fault::Code;
use crate::inspection::InspectionState;
use std::collections::{BTreeMap, BTreeSet};

/// Every key of a language, attributes as `key.attribute`, with the variables it uses.
fn variables_by_key(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (_, text) in language.catalogues() {
        let mut message = String::new();
        let mut entry = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let attribute = line.trim_start().strip_prefix('.').and_then(|l| l.split_once(" ="));
            if let Some((name, _)) = attribute {
                entry = format!("{message}.{name}");
            } else if !line.starts_with(' ')
                && let Some((name, _)) = line.split_once(" =")
            {
                name.clone_into(&mut message);
                name.clone_into(&mut entry);
            }
            let used: &mut BTreeSet<String> = keys.entry(entry.clone()).or_default();
            for part in line.split('$').skip(1) {
                let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                used.insert(part[..end.unwrap_or(part.len())].to_owned());
            }
        }
    }
    keys.remove("");
    keys
}

#[test]
fn catalogues_parse_whole_and_name_nothing_twice() {
    for language in Language::ALL {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        for (name, text) in language.catalogues() {
            let resource = FluentResource::try_new(text.to_owned());
            let resource = resource.map_err(|(_, errors)| format!("{name}: {errors:?}")).unwrap();
            // The terms of regulations are shared by name only inside one catalogue.
            bundle.add_resource(resource).unwrap();
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let chinese = variables_by_key(Language::Chinese);
    let english = variables_by_key(Language::English);
    for (key, variables) in &chinese {
        assert_eq!(english.get(key), Some(variables), "{key} in English");
    }
    for key in english.keys() {
        assert!(chinese.contains_key(key), "{key} in Chinese");
    }
}

#[test]
fn every_fault_says_what_why_and_what_next_in_both_languages() {
    for language in Language::ALL {
        let wording = Wording::new(language);
        for code in Code::ALL {
            let text = wording.fault(&Fault::new(*code));
            assert!(!text.what.starts_with('['), "{} in {}", code.as_str(), language.tag());
            assert!(text.why.is_some(), "why of {} in {}", code.as_str(), language.tag());
            assert!(text.next.is_some(), "next of {} in {}", code.as_str(), language.tag());
        }
    }
}

#[test]
fn nobody_on_a_page_is_sent_to_a_command() {
    for language in Language::ALL {
        let wording = Wording::new(language);
        for code in Code::ALL {
            let text = wording.fault_on_page(&Fault::new(*code));
            let told = [Some(text.what), text.why, text.next].map(Option::unwrap_or_default);
            for word in ["vaultctl", " --", "命令", "command"] {
                let found = told.iter().find(|told| told.contains(word));
                assert!(found.is_none(), "{} in {}: {found:?}", code.as_str(), language.tag());
            }
        }
    }
}

#[test]
fn nobody_on_a_page_is_told_where_things_lie_on_the_machine() {
    let cause = std::io::Error::other("/srv/vault: no such file");
    let fault = Fault::new(Code::TargetTaken).with("path", "/srv/vault/x.iso").caused_by(cause);
    for language in Language::ALL {
        let wording = Wording::new(language);
        let (page, terminal) = (wording.fault_on_page(&fault).what, wording.fault(&fault).what);
        assert!(!page.contains("/srv") && !page.contains('（') && !page.contains('('), "{page}");
        assert_eq!(terminal.matches("/srv/vault").count(), 2, "{terminal}");
    }
}

#[test]
fn a_refusal_says_which_roles_may_and_whose_consent_it_takes() {
    let fault = Fault::new(Code::ActDenied)
        .with("roles", "in-charge principal")
        .with("office", "in-charge");
    let what = Wording::new(Language::Chinese).fault(&fault).what;
    assert!(
        what.ends_with("（可办理的角色：主管领导 / 主要领导；须由何人审批：主管领导）"),
        "{what}"
    );
}

#[test]
fn a_step_that_is_refused_tells_the_state_in_words() {
    let states = DisposalState::ALL.iter().map(|one| (Code::DisposalStepRefused, one.as_str()));
    let drawn = InspectionState::ALL.iter().map(|one| (Code::InspectionStepRefused, one.as_str()));
    let asked = RequestState::ALL.iter().map(|one| (Code::AccessStepRefused, one.as_str()));
    for (code, state) in states.chain(drawn).chain(asked) {
        let fault = Fault::new(code).with("state", state);
        let what = Wording::new(Language::Chinese).fault(&fault).what;
        assert!(!what.contains(state), "{what}");
    }
}

#[test]
fn a_reason_that_is_refused_is_told_its_limit_and_no_article_of_intake() {
    let fault = crate::intake::checked_text("reason", &"由".repeat(400), true).unwrap_err();
    for language in Language::ALL {
        let text = Wording::new(language).fault_on_page(&fault);
        assert!(text.next.is_some_and(|next| next.contains("1024")), "{language:?}");
        assert!(text.why.is_some_and(|why| !why.contains("18")), "{language:?}");
    }
}

#[test]
fn no_fault_text_is_left_over_from_a_code_that_is_gone() {
    let frame = [
        "fault-article",
        "fault-article-joint",
        "fault-basis",
        "fault-detail",
        "fault-detail-joint",
        "fault-details",
    ];
    for key in variables_by_key(Language::Chinese).keys() {
        let Some(code) = key.strip_prefix("fault-") else { continue };
        let code = code.split('.').next().unwrap();
        let known = Code::ALL.iter().any(|known| known.as_str() == code);
        assert!(known || frame.contains(&key.as_str()), "{key}");
    }
}

#[test]
fn both_languages_are_written_in_their_script() {
    for (key, _) in variables_by_key(Language::Chinese) {
        let (message, attribute) = key.split_once('.').unwrap_or((&key, ""));
        let wording = Wording::new(Language::English);
        let text = match attribute {
            "" => wording.text(message, &[]),
            name => wording.attribute(message, name, &[]).unwrap(),
        };
        let chinese = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
        assert!(message.starts_with("ctl-language") || !text.contains(chinese), "{key}: {text}");
    }
}

#[test]
fn details_follow_the_sentence_escaped() {
    let cause = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "no\nentry");
    let fault =
        Fault::new(Code::SourceUnreadable).with("path", "/录像\u{202e}/a\n").caused_by(cause);
    let chinese = Wording::new(Language::Chinese).fault(&fault).what;
    let expected = "来源文件无法读取，未接收（路径：/录像\\u{202e}/a\\n；系统报告：no\\nentry）";
    assert_eq!(chinese, expected);
    let english = Wording::new(Language::English).fault(&fault).what;
    let expected = "The source cannot be read; it was not taken in (path: /录像\\u{202e}/a\\n; \
                    the system says: no\\nentry)";
    assert_eq!(english, expected);
}

#[test]
fn an_article_given_with_a_refusal_is_cited() {
    let fault = Fault::new(Code::ActDenied).with("article", "A3.15, A2.18(一)5");
    let text = Wording::new(Language::Chinese).fault(&fault);
    let expected = "依据吉民发〔2020〕26号：附件3第15条、附件2第18条(一)5。";
    assert_eq!(text.why.as_deref(), Some(expected));
    let refused = Fault::new(Code::ActDenied).with("reason", "person-needed");
    let what = Wording::new(Language::Chinese).fault(&refused).what;
    assert!(what.ends_with("（原因：须由具名的人员办理）"), "{what}");
    assert!(!text.what.contains("A3.15"));
}

#[test]
fn values_that_are_missing_are_said_to_be_not_stated() {
    let wording = Wording::new(Language::English);
    let text = wording.finding("not-a-vault", &[]);
    assert_eq!(text.what, "This directory is not an evidence vault: not stated");
}

#[test]
fn languages_are_known_by_their_tags() {
    assert_eq!(Language::parse("zh-CN"), Some(Language::Chinese));
    assert_eq!(Language::parse("zh_CN.UTF-8"), Some(Language::Chinese));
    assert_eq!(Language::parse("en"), Some(Language::English));
    assert_eq!(Language::parse("fr"), None);
}

#[test]
fn codes_have_names() {
    let wording = Wording::new(Language::Chinese);
    assert_eq!(wording.name(Family::Event, "recording.accessioned"), "接收入库");
    assert_eq!(wording.name(Family::What, "read back"), "读回核对");
    assert_eq!(wording.name(Family::Secrecy, "unheard\u{202e}"), "unheard\\u{202e}");
}
