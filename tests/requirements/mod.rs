//! Each requirement of the supervising half by its number (R02–R05, R08, R12, R23–R28): what works, and
//! what is refused. `docs/REQUIREMENTS.md` names these; `tidy` holds that what is named exists.

mod common;
mod r02;
mod r03;
mod r04;
pub(crate) mod r05;
mod r08;
mod r12;
pub(crate) mod r23;
mod r24;
mod r25;
mod r26;
mod r27;
mod r28;

pub(crate) use common::{filled, opened};
