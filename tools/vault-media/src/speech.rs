//! x
use crate::input::Refusal;
use crate::link::Link;
use std::sync::Arc;
use vault_media_protocol::*;
pub(crate) fn speech(_: &Arc<Link>, _: &Order) -> Result<Report, Refusal> {
    Err(Refusal::new("internal", ""))
}
