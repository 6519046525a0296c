//! The queue, worked off while the service runs, and uploads nobody went on with, given up.

use crate::limits::WORK_EVERY;
use crate::state::App;
use std::path::Path;
use std::sync::Arc;
use vault_core::fault::Code;
use vault_core::media::{MediaPool, WorkerProgram};
use vault_core::settings::Settings;
use vault_core::stop::Stop;
use vault_core::work::{self, Tools};

/// The tools that were found: media are examined where their worker lies beside this program or
/// where the settings say.
pub(crate) fn tools(vault: &Path) -> Tools {
    let settings = match Settings::read(vault) {
        Ok(settings) => settings,
        Err(fault) => {
            tracing::warn!(%fault, "settings are not read: nothing is examined");
            return Tools { carry: Some(vault_post::carrier()), ..Tools::default() };
        }
    };
    let beside = std::env::current_exe().ok();
    let beside = beside.and_then(|program| Some(program.parent()?.join("vault-media")));
    let Some(path) = settings.media.worker.clone().or(beside).filter(|path| path.exists()) else {
        return Tools { carry: Some(vault_post::carrier()), ..Tools::default() };
    };
    let program = WorkerProgram { path, weak_sandbox_allowed: settings.media.allow_weak_sandbox };
    Tools { media: Some(Arc::new(MediaPool::new(program))), carry: Some(vault_post::carrier()) }
}

/// Works until a stop is asked for.
pub async fn work(app: App, stop: Stop) {
    let tools = app.tools.clone();
    while !stop.requested() {
        match work::run(&app.vault, &app.itself, &tools, stop.clone()).await {
            Ok(_) => {}
            Err(fault) if fault.code() == Code::Interrupted => return,
            Err(fault) => tracing::warn!(%fault, "the queue was not worked off"),
        }
        if let Err(fault) = app.uploads.expire().await {
            tracing::warn!(%fault, "uploads were not given up");
        }
        tokio::time::sleep(WORK_EVERY).await;
    }
}
