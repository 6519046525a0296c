//! The draw: what is computed, and from what. Format: `docs/formats/draw.md`.
//!
//! Promises: nothing here depends on a clock, a store or an order of calls: the same population,
//! numbers and root give the same lots, on every machine, with SHA-256 as the only tool.

use crate::fault::{Code, Fault, Outcome};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use vault_proof::{ContentId, RecordId};

/// A party to the draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The legal-affairs body, which inspects.
    Inspector,
    /// Those whose recordings are inspected, or the audit for them.
    Inspected,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 2] = [Self::Inspector, Self::Inspected];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Inspected => "inspected",
        }
    }

    /// The party of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.as_str() == name)
    }
}

/// A recording of a population, in its stratum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// The name of its stratum.
    pub stratum: String,
    /// Which recording.
    pub recording: ContentId,
}

/// How much is drawn of each stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Parts of ten thousand, rounded up.
    pub proportion: u64,
    /// At least so many, or all.
    pub minimum: u64,
}

impl Measure {
    /// How many are drawn of so many.
    pub fn of(self, count: u64) -> u64 {
        let share = count.saturating_mul(self.proportion).div_ceil(10_000);
        share.max(self.minimum).min(count)
    }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The hex text of 32 bytes, in lower case. Fails with `ArgumentInvalid`.
pub fn number_of(text: &str) -> Outcome<String> {
    let bytes = hex::decode(text.trim()).ok().filter(|bytes| bytes.len() == 32);
    let invalid = || Fault::new(Code::ArgumentInvalid).with("argument", text);
    Ok(hex::encode(bytes.ok_or_else(invalid)?))
}

/// What a party binds itself with to a number.
pub fn commitment(inspection: &RecordId, party: Party, number: &str) -> String {
    let party = party.as_str();
    digest(&format!("vault inspection commitment v1\n{inspection}\n{party}\n{number}\n"))
}

/// The digest of a population; sorts it.
pub fn population_digest(population: &mut [Lot]) -> String {
    population.sort_unstable();
    let mut text = String::new();
    for lot in population {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{} {}", lot.recording, lot.stratum);
    }
    digest(&text)
}

/// The seed of a draw: the ledger's root with the event that froze the population, and a number of
/// each party. Whoever does not know both numbers knows nothing of it.
pub fn seed(
    inspection: &RecordId,
    population: &str,
    (inspector, inspected): (&str, &str),
    root: &str,
) -> String {
    digest(&format!(
        "vault inspection seed v1\n{inspection}\n{population}\n{inspector}\n{inspected}\n{root}\n"
    ))
}

fn ticket(seed: &str, recording: &ContentId) -> [u8; 32] {
    Sha256::digest(format!("{seed} {recording}\n").as_bytes()).into()
}

/// The lots of a draw, in the order of review: of each stratum those with the smallest tickets.
pub fn draw(seed: &str, population: &[Lot], measure: Measure) -> Vec<ContentId> {
    let mut strata: BTreeMap<&str, Vec<([u8; 32], ContentId)>> = BTreeMap::new();
    for lot in population {
        let ticketed = (ticket(seed, &lot.recording), lot.recording);
        strata.entry(&lot.stratum).or_default().push(ticketed);
    }
    let mut drawn = Vec::new();
    for mut stratum in strata.into_values() {
        stratum.sort_unstable();
        let count = measure.of(stratum.len() as u64);
        stratum.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        drawn.append(&mut stratum);
    }
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, recording)| recording).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws that are counted.
    const TURNS: u32 = 20_000;

    fn lot(number: u32, stratum: &str) -> Lot {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_le_bytes());
        Lot { stratum: stratum.into(), recording: ContentId::from_bytes(id) }
    }

    #[test]
    fn shares_round_up_and_never_ask_for_more_than_there_is() {
        let five = Measure { proportion: 500, minimum: 1 };
        assert_eq!([0, 1, 20, 21, 1_000].map(|count| five.of(count)), [0, 1, 1, 2, 50]);
        assert_eq!(Measure { proportion: 10_000, minimum: 9 }.of(4), 4);
        assert_eq!(Measure { proportion: 0, minimum: 3 }.of(7), 3);
    }

    /// Every recording of a stratum is drawn equally often, whatever the other strata are: over
    /// many seeds the counts of ten items differ no more than chance lets them (chi-square with
    /// nine degrees of freedom, 27.9 at one in a thousand).
    #[test]
    fn draws_are_uniform_within_a_stratum() {
        let mut population: Vec<Lot> = (0..10).map(|n| lot(n, "甲")).collect();
        population.extend((10..40).map(|n| lot(n, "乙")));
        let measure = Measure { proportion: 2_000, minimum: 1 };
        let mut counts = [0u32; 10];
        for turn in 0..TURNS {
            let drawn = draw(&digest(&turn.to_string()), &population, measure);
            assert_eq!(drawn.len(), 2 + 6);
            for id in &drawn {
                let number = usize::from(id.as_bytes()[0]);
                if let Some(count) = counts.get_mut(number) {
                    *count += 1;
                }
            }
        }
        let expected = f64::from(TURNS) * 2.0 / 10.0;
        let square = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
        let chi: f64 = counts.iter().map(square).sum();
        // Drawn without replacement, so the statistic is a tenth smaller still.
        assert!(chi < 27.9, "{counts:?}: {chi}");
    }

    #[test]
    fn the_seed_hangs_on_every_part_and_the_draw_on_no_order() {
        let id = RecordId::from_bytes([1; 16]);
        let base = seed(&id, "p", ("a", "b"), "r");
        let other = RecordId::from_bytes([2; 16]);
        let changed = [
            seed(&other, "p", ("a", "b"), "r"),
            seed(&id, "q", ("a", "b"), "r"),
            seed(&id, "p", ("c", "b"), "r"),
            seed(&id, "p", ("a", "c"), "r"),
            seed(&id, "p", ("a", "b"), "s"),
        ];
        assert!(changed.iter().all(|seed| *seed != base));
        let mut population: Vec<Lot> = (0..50).map(|n| lot(n, "甲")).collect();
        let measure = Measure { proportion: 1_000, minimum: 1 };
        let drawn = draw(&base, &population, measure);
        let listed = population_digest(&mut population);
        population.reverse();
        assert_eq!(draw(&base, &population, measure), drawn);
        assert_eq!(population_digest(&mut population), listed);
        assert_ne!(commitment(&id, Party::Inspector, "a"), commitment(&id, Party::Inspected, "a"));
    }
}
