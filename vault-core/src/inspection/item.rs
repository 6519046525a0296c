//! What a population holds: recordings, statements of what was not recorded, and acts that should
//! have been recorded and were not, nor stated.

use std::fmt;
use vault_proof::{ContentId, RecordId};

/// Before the number of a statement.
const STATEMENT: &str = "statement:";

/// Before the number of a case and an activity.
const ACT: &str = "case:";

/// Something that can be drawn, by its name in the population: the text that the draw counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    name: String,
    /// Of a recording, so that its name is read once.
    recording: Option<ContentId>,
}

impl Item {
    /// A recording: its content id.
    pub fn of_recording(id: &ContentId) -> Self {
        Self { name: id.to_string(), recording: Some(*id) }
    }

    /// A statement: `statement:` and its number.
    pub fn of_statement(id: &RecordId) -> Self {
        Self { name: format!("{STATEMENT}{id}"), recording: None }
    }

    /// An act of a case that was not recorded: `case:`, the number of the case file, the activity.
    pub fn of_act(case: &RecordId, activity: &str) -> Self {
        Self { name: format!("{ACT}{case}:{activity}"), recording: None }
    }

    /// The item of that name; `None` for a text that names none.
    pub fn parse(text: &str) -> Option<Self> {
        let item = Self { name: text.to_owned(), recording: text.parse().ok() };
        let known = item.recording.is_some() || item.statement().is_some() || item.act().is_some();
        known.then_some(item)
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The recording, where it is one.
    pub fn recording(&self) -> Option<ContentId> {
        self.recording
    }

    /// The statement, where it is one.
    pub fn statement(&self) -> Option<RecordId> {
        self.name.strip_prefix(STATEMENT)?.parse().ok()
    }

    /// The case and the activity, where it is an act that was not recorded.
    pub fn act(&self) -> Option<(RecordId, &str)> {
        let (case, activity) = self.name.strip_prefix(ACT)?.split_once(':')?;
        Some((case.parse().ok()?, activity))
    }
}

impl fmt::Display for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_known_by_its_name_and_every_other_text_is_none() {
        let (content, record) = (ContentId::from_bytes([1; 32]), RecordId::from_bytes([2; 16]));
        let recording = Item::of_recording(&content);
        assert_eq!(recording.recording(), Some(content));
        let statement = Item::of_statement(&record);
        assert_eq!((statement.statement(), statement.recording()), (Some(record), None));
        let act = Item::of_act(&record, "posted-notice");
        assert_eq!(act.act(), Some((record, "posted-notice")));
        for item in [recording, statement, act] {
            assert_eq!(Item::parse(item.as_str()), Some(item));
        }
        for bad in ["", "00", "statement:", "statement:zz", "case:02:x", "case:", "other:1"] {
            assert_eq!(Item::parse(bad), None, "{bad}");
        }
    }
}
