//! Stages of a case, the written records that belong to each, and what no case is without.
//!
//! Taken from A2.13 to A2.17, one line for each kind the articles name. Closed lists: a new kind
//! needs its name in both languages.

/// The stages, in order: opening, investigation, review and decision, service and execution.
pub const STAGES: &[&str] = &["opening", "investigation", "review-decision", "service-execution"];

/// Every type of written record, with its stage.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("application", "opening"),
    ("acceptance", "opening"),
    ("correction-notice", "opening"),
    ("complaint-record", "opening"),
    ("opening-approval", "opening"),
    ("not-opened-notice", "opening"),
    ("inquiry-record", "investigation"),
    ("evidence-notice", "investigation"),
    ("evidence-list", "investigation"),
    ("inspection-record", "investigation"),
    ("sampling-list", "investigation"),
    ("registration-approval", "investigation"),
    ("registration-notice", "investigation"),
    ("registration-list", "investigation"),
    ("sealing-list", "investigation"),
    ("expert-opinion", "investigation"),
    ("no-recording-statement", "investigation"),
    ("investigation-report", "investigation"),
    ("draft-decision", "review-decision"),
    ("legal-review-opinion", "review-decision"),
    ("expert-meeting", "review-decision"),
    ("collective-discussion", "review-decision"),
    ("hearing-record", "review-decision"),
    ("statement-record", "review-decision"),
    ("leader-approval", "review-decision"),
    ("summary-procedure-record", "review-decision"),
    ("decision", "review-decision"),
    ("service-receipt", "service-execution"),
    ("posting-receipt", "service-execution"),
    ("public-notice", "service-execution"),
    ("correction-check", "service-execution"),
    ("reminder", "service-execution"),
    ("enforcement-record", "service-execution"),
    ("court-application", "service-execution"),
    ("closing-report", "service-execution"),
    ("other-opening", "opening"),
    ("other-investigation", "investigation"),
    ("other-review-decision", "review-decision"),
    ("other-service-execution", "service-execution"),
];

/// What a complete file holds of each stage: one of these types, and the article that asks for it.
pub(super) const REQUIRED: &[(&str, &[&str], &str)] = &[
    ("opening", &["opening-approval", "application", "acceptance", "complaint-record"], "A2.13"),
    ("investigation", &["inquiry-record", "inspection-record"], "A2.14(一)"),
    ("investigation", &["investigation-report", "summary-procedure-record"], "A2.14(五)"),
    ("review-decision", &["leader-approval", "summary-procedure-record"], "A2.15(五)"),
    ("review-decision", &["decision"], "A2.15(六)"),
    ("service-execution", &["service-receipt", "posting-receipt", "public-notice"], "A2.16(一)"),
];

/// The stage a type belongs to; `None` for a type that is not known.
pub fn document_stage(document: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|(known, _)| *known == document).map(|(_, stage)| *stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_belongs_to_a_stage_and_what_is_required_is_a_type() {
        for (document, stage) in DOCUMENTS {
            assert!(STAGES.contains(stage), "{document}");
            assert_eq!(document_stage(document), Some(*stage), "{document} stands once");
        }
        for (stage, any, _) in REQUIRED {
            assert!(STAGES.contains(stage));
            assert!(any.iter().all(|document| document_stage(document).is_some()), "{any:?}");
        }
    }
}
