//! Access (调取): archived bytes are read under a grant, and under nothing else (R19–R22; A3.15,
//! A2.18(一)4–5).
//!
//! Request → the system decides whose consent it takes → consent or refusal → numbered notice
//! (《调取证据通知书》) → signature → grant → reading, copies, revocation. A grant for a stretch
//! gives an excerpt of it, to be read and in a copy, and never the whole. Promises: nobody decides
//! on his own request; each step has one outcome, however many try at once; numbers of notices
//! have no gaps; each copy bears its own mark; a grant holds for its person, its recordings and
//! its days, and a reading under way stops within two seconds of its end; every reading, and every
//! refusal, is an event before a byte leaves. Before archiving the handling unit may read its own
//! recordings to label and transcribe them; that is an event as well.
//!
//! ```compile_fail
//! // A grant cannot be made by hand.
//! let grant = vault_core::access::Grant { _private: () };
//! ```

mod acts;
mod collect;
mod copies;
mod custody;
mod decide;
mod export;
mod form;
mod grant;
mod machine;
mod mark;
pub mod package;
mod paper;
mod read;
mod scan;
mod scanned;
mod view;

pub use acts::{Applicant, Mode, NewRequest, request};
pub use collect::{Collected, collect, collect_by_code};
pub use copies::{Clue, Copy, copies_of, id_of_file};
pub use custody::custody_log_of;
pub use decide::{Verdict, decide, file_scan, give, issue_notice, revoke, sign, steps};
pub use export::{Exported, KeptCopy, Means, Typeset, export, export_kept};
pub use form::{Form, notice_form, preservation_list};
pub use grant::{Grant, HandedOut, hand_out_copy};
pub use machine::{RequestState, RequestStep};
pub use mark::{Draw, Points};
pub use paper::{notice_of, preservation_list_of};
pub use read::{
    GrantedReader, GrantedStream, OpenExcerpt, open, open_excerpt, open_product, read, read_excerpt,
};
pub use scan::{Scan, ShownScan, show_scan};
pub use view::{Decision, RequestView, Signature, list, list_for, show, show_for};

pub(crate) use grant::reading_state;
pub(crate) use paper::{preservation_list_for, transfer_list_for};
pub(crate) use read::permit_reading;

use crate::fault::Outcome;
use crate::vault::Vault;
use vault_proof::ContentId;

/// Whether a recording is archived (已归档): in a closed case file, and read under a grant only.
pub async fn is_archived(vault: &Vault, recording: &ContentId) -> Outcome<bool> {
    vault.catalog.ask().await?.is_archived(recording).await
}
