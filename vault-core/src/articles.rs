//! The articles of 吉民发〔2020〕26号, annexes 2 and 3: which there are, down to their numbered items.
//!
//! Promises: an article that the text does not have is told from one that it has, so that nobody is
//! held against a rule that does not exist. Says nothing of what an article demands.

use crate::wording::article_parts;

/// For each article of annex 2 its items (一), (二), …, and how many numbered ones each of them has.
const MEASURES: [&[usize]; 34] = [
    &[],
    &[],
    &[],
    &[],
    &[],
    &[9, 3, 4],
    &[0; 3],
    &[0; 4],
    &[0; 4],
    &[0, 0, 0, 4, 0],
    &[0; 2],
    &[0; 2],
    &[0; 3],
    &[6, 5, 3, 6, 0],
    &[0, 0, 0, 0, 0, 0, 7],
    &[0; 7],
    &[0; 3],
    &[6, 7],
    &[0, 5],
    &[],
    &[],
    &[0; 6],
    &[0; 3],
    &[0; 6],
    &[0; 5],
    &[0; 8],
    &[],
    &[],
    &[],
    &[0; 5],
    &[],
    &[],
    &[],
    &[],
];

/// The same for annex 3.
const RULES: [&[usize]; 17] = [
    &[],
    &[],
    &[],
    &[0; 5],
    &[0; 4],
    &[],
    &[],
    &[],
    &[],
    &[],
    &[],
    &[0; 3],
    &[],
    &[0; 3],
    &[],
    &[0; 6],
    &[],
];

/// How items are counted.
const ITEMS: [&str; 8] = ["一", "二", "三", "四", "五", "六", "七", "八"];

/// Articles as they are kept, from what somebody wrote: `A3.8、A2.18（一）1` becomes
/// `A3.8, A2.18(一)1`. None where one of them is not in the text.
pub fn articles(said: &str) -> Option<String> {
    let plain = said.replace('（', "(").replace('）', ")");
    let all: Vec<&str> = plain.split([',', '，', '、']).map(str::trim).collect();
    all.iter().all(|one| exists(one)).then(|| all.join(", "))
}

fn exists(code: &str) -> bool {
    let Some((annex, article, part)) = article_parts(code) else { return false };
    let known: &[&[usize]] = match annex {
        "2" => &MEASURES,
        "3" => &RULES,
        _ => return false,
    };
    let Some(items) = counted(article).and_then(|number| known.get(number - 1)) else {
        return false;
    };
    if part.is_empty() {
        return true;
    }
    let Some((item, number)) = part.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
        return false;
    };
    let place = ITEMS.iter().position(|known| *known == item);
    let Some(numbered) = place.and_then(|place| items.get(place)) else { return false };
    number.is_empty() || counted(number).is_some_and(|number| number <= *numbered)
}

/// A number from one on, as the text writes it.
fn counted(text: &str) -> Option<usize> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|number| plain && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oversight::lapse::CLAUSES;
    use crate::oversight::review::REVIEW_GROUNDS;

    #[test]
    fn an_article_is_one_of_the_text_and_every_other_is_none() {
        for there in ["A3.8", "A3.17", "A2.34", "A2.18(一)6", "A2.14(四)", "A3.16(六)"] {
            assert_eq!(articles(there).as_deref(), Some(there));
        }
        for named in CLAUSES.iter().chain(REVIEW_GROUNDS) {
            assert!(articles(named.0).is_some(), "{}", named.0);
        }
        assert_eq!(articles("A3.8、A2.18（一）1").as_deref(), Some("A3.8, A2.18(一)1"));
        let none = [
            "",
            "x",
            "A3.0",
            "A3.18",
            "A2.35",
            "A1.3",
            "A3.08",
            "A3.16(七)",
            "A2.18(一)7",
            "A2.18(一)0",
            "A3.8(一)",
            "A3.14(一)1",
            "A2.18一",
            "A3.8, A9.9",
            "A3.8,",
            "A3.99999999999999999999",
        ];
        for none in none {
            assert_eq!(articles(none), None, "{none}");
        }
    }
}
