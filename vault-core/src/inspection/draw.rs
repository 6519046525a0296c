//! The draw: what is computed, and from what. Format: `docs/formats/draw.md`.
//!
//! Promises: nothing here depends on a clock, a store or an order of calls: the same population,
//! numbers and root give the same lots, on every machine, with SHA-256 as the only tool.

use super::item::Item;
use crate::fault::{Code, Fault, Outcome};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use vault_proof::RecordId;

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

/// An item of a population, in its stratum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// The name of its stratum.
    pub stratum: String,
    /// Which item.
    pub item: Item,
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
    population.par_sort_unstable();
    let mut text = String::new();
    for lot in population {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{} {}", lot.item, lot.stratum);
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

fn ticket(seed: &str, item: &Item) -> [u8; 32] {
    Sha256::digest(format!("{seed} {item}\n").as_bytes()).into()
}

/// The lots of a draw, in the order of review: of each stratum those with the smallest tickets.
pub fn draw(seed: &str, population: &[Lot], measure: Measure) -> Vec<Item> {
    let tickets: Vec<[u8; 32]> = population.par_iter().map(|lot| ticket(seed, &lot.item)).collect();
    let mut strata: BTreeMap<&str, Vec<([u8; 32], &Item)>> = BTreeMap::new();
    for (lot, ticket) in population.iter().zip(tickets) {
        strata.entry(&lot.stratum).or_default().push((ticket, &lot.item));
    }
    let mut drawn = Vec::new();
    for mut stratum in strata.into_values() {
        stratum.sort_unstable();
        let count = measure.of(stratum.len() as u64);
        stratum.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        drawn.append(&mut stratum);
    }
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, item)| item.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault_proof::ContentId;

    /// Draws that are counted.
    const TURNS: u32 = 20_000;

    fn lot(number: u32, stratum: &str) -> Lot {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_le_bytes());
        Lot { stratum: stratum.into(), item: Item::of_recording(&ContentId::from_bytes(id)) }
    }

    #[test]
    fn shares_round_up_and_never_ask_for_more_than_there_is() {
        let five = Measure { proportion: 500, minimum: 1 };
        assert_eq!([0, 1, 20, 21, 1_000].map(|count| five.of(count)), [0, 1, 1, 2, 50]);
        assert_eq!(Measure { proportion: 10_000, minimum: 9 }.of(4), 4);
        assert_eq!(Measure { proportion: 0, minimum: 3 }.of(7), 3);
    }

    /// So many draws of two of ten, with thirty others in a stratum beside them, from seeds that
    /// `turn` makes: the chi-square statistic of how often each of the ten was drawn.
    fn chi_square(turns: u32, seed: impl Fn(u32) -> String) -> f64 {
        let mut population: Vec<Lot> = (0..10).map(|n| lot(n, "甲")).collect();
        population.extend((10..40).map(|n| lot(n, "乙")));
        let measure = Measure { proportion: 2_000, minimum: 1 };
        let mut counts = [0u32; 10];
        for turn in 0..turns {
            let drawn = draw(&seed(turn), &population, measure);
            assert_eq!(drawn.len(), 2 + 6);
            for id in drawn.iter().filter_map(Item::recording) {
                if let Some(count) = counts.get_mut(usize::from(id.as_bytes()[0])) {
                    *count += 1;
                }
            }
        }
        let expected = f64::from(turns) * 2.0 / 10.0;
        let square = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
        counts.iter().map(square).sum()
    }

    /// Nine degrees of freedom, at one in a thousand. Drawn without replacement, so the statistic
    /// is a tenth smaller still.
    const CHANCE: f64 = 27.9;

    #[test]
    fn draws_are_uniform_within_a_stratum() {
        let chi = chi_square(TURNS, |turn| digest(&turn.to_string()));
        assert!(chi < CHANCE, "{chi}");
        // The control: seeds of which one in ten is the same favour somebody.
        let steered = chi_square(TURNS, |turn| {
            digest(&if turn % 10 == 0 { "one".to_owned() } else { turn.to_string() })
        });
        assert!(steered > CHANCE, "{steered}");
    }

    /// A million draws in which one party is dishonest: it always uses the number it likes best,
    /// and the operator of the server the root he likes best. The other number alone makes each
    /// draw uniform.
    #[test]
    fn long_a_million_draws_are_uniform_whichever_of_both_parties_is_dishonest() {
        let id = RecordId::from_bytes([7; 16]);
        let fixed = "42".repeat(32);
        let fresh = |turn: u32| digest(&format!("number {turn}"));
        let honest_inspector =
            chi_square(500_000, |turn| seed(&id, "p", (&fresh(turn), &fixed), &fixed));
        assert!(honest_inspector < CHANCE, "{honest_inspector}");
        let honest_inspected =
            chi_square(500_000, |turn| seed(&id, "p", (&fixed, &fresh(turn)), &fixed));
        assert!(honest_inspected < CHANCE, "{honest_inspected}");
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
