use super::*;

#[test]
fn every_problem_and_verdict_has_its_words_in_both_languages() {
    let verdicts = ["valid", "self-asserted", "not-valid"];
    let keys = What::ALL.iter().map(|what| what.as_str()).chain(verdicts);
    for key in keys {
        for catalogue in [WORDS_ZH_CN, WORDS_EN] {
            assert!(words(catalogue, key).is_some_and(|text| !text.is_empty()), "{key}");
        }
    }
    let keys = |catalogue: &'static str| {
        let lines = catalogue.lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(keys(WORDS_ZH_CN), keys(WORDS_EN), "the catalogues hold the same keys in order");
}
