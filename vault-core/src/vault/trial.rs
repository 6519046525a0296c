//! A vault on trial, for the tests inside this crate: those that need what nobody outside can do.

use super::{CatalogueChoice, InitOptions, StoreChoice, Vault};
use crate::clock::Clock;
use crate::intake::{IntakeOptions, IntakeReport, LabelInput, Labels, ingest};
use crate::policy::Actor;
use crate::stop::Stop;
use crate::store::durable;
use std::path::Path;
use std::sync::{Arc, Mutex};
use vault_proof::ContentId;

/// Whoever does everything in it.
pub(crate) fn operator() -> Actor {
    Actor::terminal(0, "张三", [7; 16])
}

/// A new vault in `vault` of this directory.
pub(crate) async fn vault(directory: &Path) -> Vault {
    let options = InitOptions {
        directory: directory.join("vault"),
        key_copies: Vec::new(),
        secrets: None,
        store: StoreChoice::Local,
        catalogue: CatalogueChoice::Sqlite,
    };
    Vault::init(options, &operator(), Clock::system()).await.unwrap()
}

/// Takes in these, by their names; gives their ids in the order in which they came.
pub(crate) async fn take_in(
    vault: &Vault,
    directory: &Path,
    sources: &[(String, Vec<u8>)],
) -> Vec<ContentId> {
    let source = directory.join("source");
    durable::make_directory(&source).unwrap();
    for (name, bytes) in sources {
        durable::write_file(&source.join(name), bytes, 0o644).unwrap();
    }
    let labels = LabelInput {
        case: "吉民罚〔2026〕1号".into(),
        counterpart: "某协会".into(),
        handler: "张三".into(),
        activity: "evidence-taking".into(),
        ..LabelInput::default()
    };
    let (labels, options) = (Labels::checked(labels).unwrap(), IntakeOptions { jobs: 0 });
    let ids: Arc<Mutex<Vec<ContentId>>> = Arc::default();
    let noted = Arc::clone(&ids);
    let report = Arc::new(move |report| {
        if let IntakeReport::Received { recording, .. } = report {
            noted.lock().unwrap().push(recording);
        }
    });
    ingest(vault, &operator(), vec![source], labels, options, Stop::default(), report)
        .await
        .unwrap();
    std::mem::take(&mut *ids.lock().unwrap())
}
