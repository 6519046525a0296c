//! One tokenizer for both databases: Chinese in pairs of characters, everything else in runs.
//!
//! Text is normalised (NFKC), lower-cased and cut into runs. A run of Chinese, Japanese or Korean
//! characters gives each pair of neighbours and, last, its last character alone, so that words of
//! two characters and of one are found wherever they stand; another run of letters and digits is
//! one word. What the index finds is compared with the folded text once more, so pairs that happen
//! to follow each other never pass for the words asked for. [dependencies §5]

use unicode_normalization::UnicodeNormalization;

/// A run of characters of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    text: String,
    ideographs: bool,
}

fn is_ideograph(character: char) -> bool {
    matches!(u32::from(character),
        0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff
        | 0x20000..=0x3ffff)
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for character in text.nfkc().flat_map(char::to_lowercase) {
        let ideographs = is_ideograph(character);
        if !ideographs && !character.is_alphanumeric() {
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if open && run.ideographs == ideographs => run.text.push(character),
            _ => runs.push(Run { text: character.to_string(), ideographs }),
        }
        open = true;
    }
    runs
}

/// The text as it is compared: its runs, one space between them.
pub(super) fn folded(text: &str) -> String {
    runs(text).into_iter().map(|run| run.text).collect::<Vec<_>>().join(" ")
}

/// The words a text is found by, in their order.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        if run.ideographs {
            let characters: Vec<char> = run.text.chars().collect();
            words.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
            words.extend(characters.last().map(char::to_string));
        } else {
            words.push(run.text);
        }
    }
    words
}

/// A part of a question: words that stand next to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    /// Whether the last word is only the beginning of one.
    pub(super) prefix: bool,
}

/// A question, as phrases that must all be there. Empty where there is nothing to ask.
pub(super) fn phrases(question: &str) -> Vec<Phrase> {
    let phrase = |run: Run| {
        let characters: Vec<char> = run.text.chars().collect();
        if !run.ideographs || characters.len() == 1 {
            return Phrase { words: vec![run.text], prefix: true };
        }
        let words = characters.windows(2).map(|pair| pair.iter().collect()).collect();
        Phrase { words, prefix: false }
    };
    runs(question).into_iter().map(phrase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn chinese_is_cut_into_pairs_and_the_rest_into_runs() {
        assert_eq!(words("证据链ABC-1２"), ["证据", "据链", "链", "abc", "12"]);
        assert_eq!(folded("证据，链 Ａbc"), "证据 链 abc");
        assert_eq!(
            phrases("执法证 lic"),
            [
                Phrase { words: vec!["执法".into(), "法证".into()], prefix: false },
                Phrase { words: vec!["lic".into()], prefix: true },
            ]
        );
        assert!(phrases("，。 -").is_empty());
    }

    proptest! {
        /// Whatever stands in a text is found by its words.
        #[test]
        fn every_part_of_a_run_is_found(text in "[证据链执法相对人]{1,12}", from in 0usize..12, length in 1usize..6) {
            let characters: Vec<char> = text.chars().collect();
            prop_assume!(from < characters.len());
            let part: String = characters[from..].iter().take(length).collect();
            let indexed = words(&text);
            let asked = phrases(&part);
            let found = asked.iter().all(|phrase| {
                indexed.windows(phrase.words.len()).any(|window| {
                    let (last, first) = phrase.words.split_last().unwrap();
                    let (window_last, window_first) = window.split_last().unwrap();
                    window_first == first
                        && if phrase.prefix { window_last.starts_with(last) } else { window_last == last }
                })
            });
            prop_assert!(found);
            prop_assert!(folded(&text).contains(&folded(&part)));
        }
    }
}
