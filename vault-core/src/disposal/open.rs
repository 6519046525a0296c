//! One recording, one open disposal (R17; A3.11).
//!
//! Promises: judged inside the change that proposes, so that of two proposals at once one is
//! refused; the fault names the other one. What another disposal spared is free again.

use super::acts::{DisposalState, DisposalView, views_of};
use crate::catalog::Tx;
use crate::fault::{Code, Fault, Outcome};
use vault_proof::ContentId;

impl DisposalView {
    /// Whether this recording is still to be decided on, or to go, in it.
    fn holds(&self, recording: &ContentId) -> bool {
        match self.state {
            DisposalState::Proposed | DisposalState::Approved => {
                self.recordings.contains(recording)
            }
            DisposalState::Begun => self.destroyed.contains(recording),
            DisposalState::Withdrawn | DisposalState::CarriedOut => false,
        }
    }
}

/// Refused by the name of the disposal in which one of these lies already.
pub(super) async fn require_in_no_other(tx: &mut Tx, recordings: &[ContentId]) -> Outcome<()> {
    let views = views_of(tx.ask().disposal_acts(None).await?)?;
    for recording in recordings {
        if let Some(other) = views.iter().find(|view| view.holds(recording)) {
            return Err(Fault::new(Code::DisposalOverlaps)
                .with("recording", recording)
                .with("id", other.id)
                .with("state", other.state.as_str()));
        }
    }
    Ok(())
}
