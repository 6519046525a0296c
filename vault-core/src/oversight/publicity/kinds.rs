//! What is published of which decision, where, by when, and what may not be: the closed lists of
//! A2.6(三), A2.7, A2.8 and A2.9. A new kind needs its name in both languages.

use crate::limits::{PUBLICITY_OTHER_WORKING_DAYS, PUBLICITY_WORKING_DAYS};

/// A kind of decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicityKind {
    /// Its name.
    pub name: &'static str,
    /// The article that says what is published of it.
    pub article: &'static str,
    /// What is published of it, each with a name.
    pub fields: &'static [&'static str],
    /// Working days from the decision to its publication.
    pub working_days: u32,
}

/// The four kinds of A2.6(三), in their order.
pub const KINDS: &[PublicityKind] = &[
    PublicityKind {
        name: "licence",
        article: "A2.6(三)1",
        fields: &["holder", "category", "licensed", "valid_until"],
        working_days: PUBLICITY_WORKING_DAYS,
    },
    PublicityKind {
        name: "penalty",
        article: "A2.6(三)2",
        fields: &["party", "facts", "legal_basis", "result"],
        working_days: PUBLICITY_WORKING_DAYS,
    },
    PublicityKind {
        name: "coercion",
        article: "A2.6(三)3",
        fields: &["party", "measure", "manner", "outcome", "sealed"],
        working_days: PUBLICITY_OTHER_WORKING_DAYS,
    },
    PublicityKind {
        name: "inspection",
        article: "A2.6(三)4",
        fields: &[
            "party",
            "legal_basis",
            "manner",
            "checked_on",
            "matters",
            "sampled",
            "problems",
            "corrected",
        ],
        working_days: PUBLICITY_OTHER_WORKING_DAYS,
    },
];

/// What stands against a publication (A2.8): the article, and a name for it. Each has to be
/// answered.
pub const OBJECTIONS: &[(&str, &str)] = &[
    ("A2.8(一)", "secret"),
    ("A2.8(二)", "endangers"),
    ("A2.8(三)", "hinders"),
    ("A2.8(四)", "prescribed"),
];

/// Carriers of A2.9: a name, and the item it belongs to.
pub const CARRIERS: &[(&str, &str)] = &[
    ("portal", "A2.9(一)"),
    ("platform", "A2.9(一)"),
    ("credit", "A2.9(一)"),
    ("mobile", "A2.9(一)"),
    ("gazette", "A2.9(二)"),
    ("press", "A2.9(三)"),
    ("premises", "A2.9(四)"),
];

/// Why something is withdrawn: the three grounds of A2.7(二), and what A2.8 forbids after all.
pub const CAUSES: &[&str] = &["revoked", "unlawful", "anew", "forbidden"];

/// The kind of that name.
pub fn kind_of(name: &str) -> Option<&'static PublicityKind> {
    KINDS.iter().find(|kind| kind.name == name)
}
