//! The description of a vault, `vault.json`: where its parts are. Holds no secret.
//!
//! Paths are relative to the vault's directory or absolute, so that keys can lie on other media.

use crate::catalog::Location;
use crate::fault::{Code, Fault, Outcome};
use crate::store::backend::Backend;
use crate::store::backend::local::LocalBackend;
use crate::store::backend::s3::{S3Backend, S3Credentials, S3Location, StorageClass};
use crate::store::cipher::random_bytes;
use crate::store::durable;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault_proof::RecordId;

const FILE: &str = "vault.json";

/// The only version of the formats there is.
const VERSION: u64 = 1;

/// What a new vault is to be like.
pub struct InitOptions {
    /// Its directory; empty or missing.
    pub directory: PathBuf,
    /// Directories for copies of the key store; two inside the vault if none is named.
    pub key_copies: Vec<PathBuf>,
    /// Directory for the vault key and the signing key; inside the vault if not named.
    pub secrets: Option<PathBuf>,
    /// Where the bytes go.
    pub store: StoreChoice,
    /// Where the catalogue is.
    pub catalogue: CatalogueChoice,
}

/// Where the bytes go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreChoice {
    /// Into the vault's directory.
    Local,
    /// Into a bucket of an S3-compatible service.
    S3 {
        /// Its address, where it is not the provider's own.
        endpoint: Option<String>,
        /// Its region.
        region: String,
        /// The bucket.
        bucket: String,
        /// What all keys begin with.
        prefix: String,
        /// A file with the access key on its first line and the secret on its second.
        credentials_file: PathBuf,
    },
}

/// Where a further store is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FurtherPlace {
    /// An empty directory, on another drive if it is to be of use.
    Directory(PathBuf),
    /// A bucket of an S3-compatible service.
    S3(StoreChoice),
    /// A bucket whose blobs have a storage class, for what is cold.
    Archive(StoreChoice, StorageClass),
}

/// Where the bytes of a restored vault are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RestoredStore {
    /// Where they were.
    AsDescribed,
    /// In this directory, which holds them already.
    At(PathBuf),
    /// In a new directory, to be filled from further stores; a bucket stays the one it was.
    New,
}

/// Where the parts of a restored vault are.
#[derive(Debug)]
pub(crate) struct RestoredPlaces {
    pub(crate) key_copies: Vec<PathBuf>,
    /// The directory of the secrets, where they are not in the vault's own.
    pub(crate) secrets: Option<PathBuf>,
    pub(crate) store: RestoredStore,
    /// Names the server of the catalogue, where it is not to be a file.
    pub(crate) catalogue_url_file: Option<PathBuf>,
}

/// Where the catalogue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueChoice {
    /// In a file of the vault.
    Sqlite,
    /// On a server whose address (with password) is in this file.
    Postgres {
        /// The file.
        url_file: PathBuf,
    },
}

/// The description as read.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) vault: String,
    value: Value,
}

fn bad(path: &Path) -> Fault {
    Fault::new(Code::VaultDescriptionDamaged).with("path", path.display())
}

fn path_of(directory: &Path, part: &Value) -> PathBuf {
    directory.join(part.as_str().unwrap_or(""))
}

fn absolute(path: &Path) -> Outcome<String> {
    let path = std::path::absolute(path).map_err(|error| Fault::from_given_path(error, path))?;
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Fault::new(Code::ArgumentInvalid).with("argument", path.display()))
}

impl Description {
    /// Checks that the directory is free, makes it, and says what the vault will be like.
    pub(super) fn prepare(options: &InitOptions) -> Outcome<Self> {
        let directory = &options.directory;
        if let Ok(mut entries) = std::fs::read_dir(directory)
            && entries.next().is_some()
        {
            return Err(Fault::new(Code::DirectoryNotEmpty).with("path", directory.display()));
        }
        durable::make_directory(directory)?;
        let copies: Vec<String> = match options.key_copies.as_slice() {
            [] => vec!["keys/a".to_owned(), "keys/b".to_owned()],
            [one] => vec!["keys/a".to_owned(), absolute(one)?],
            several => several.iter().map(|copy| absolute(copy)).collect::<Outcome<_>>()?,
        };
        let secrets = match &options.secrets {
            None => "secrets".to_owned(),
            Some(path) => absolute(path)?,
        };
        let store = store_value(&options.store, "store")?;
        let catalogue = match &options.catalogue {
            CatalogueChoice::Sqlite => json!({"kind": "sqlite", "path": "catalog.sqlite"}),
            CatalogueChoice::Postgres { url_file } => {
                json!({"kind": "postgres", "url_file": absolute(url_file)?})
            }
        };
        let vault = hex::encode(random_bytes::<16>()?);
        let value = json!({
            "v": VERSION, "vault": vault, "key_copies": copies, "secrets": secrets,
            "ledger": "ledger", "store": store, "catalogue": catalogue,
        });
        let description = Self { vault, value };
        durable::make_directory(&description.secrets(directory))?;
        durable::make_directory(&description.ledger(directory))?;
        Ok(description)
    }

    /// Reads the description of a vault.
    pub(super) fn read(directory: &Path) -> Outcome<Self> {
        let path = directory.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Fault::new(Code::NotAVault).with("path", directory.display()));
            }
            Err(error) => return Err(bad(&path).caused_by(error)),
        };
        let value: Value = serde_json::from_str(&text).map_err(|e| bad(&path).caused_by(e))?;
        match value["v"].as_u64() {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                return Err(Fault::new(Code::VaultTooNew).with("what", format!("vault {newer}")));
            }
            _ => return Err(bad(&path)),
        }
        let vault = value["vault"].as_str().ok_or_else(|| bad(&path))?.to_owned();
        let whole = value["secrets"].is_string()
            && value["ledger"].is_string()
            && value["key_copies"].as_array().is_some_and(|copies| !copies.is_empty());
        if !whole {
            return Err(bad(&path));
        }
        Ok(Self { vault, value })
    }

    /// Writes the description; from then on the directory is a vault.
    pub(super) fn write(&self, directory: &Path) -> Outcome<()> {
        let text = format!("{:#}\n", self.value);
        durable::write_file(&directory.join(FILE), text.as_bytes(), durable::REPLACED)
    }

    /// The same vault seen from another directory, with a catalogue of its own there.
    pub(super) fn seen_from(&self, directory: &Path) -> Outcome<Self> {
        let mut value = self.value.clone();
        let from_here = |path: &Value| absolute(&directory.join(path.as_str().unwrap_or("")));
        value["secrets"] = json!(from_here(&self.value["secrets"])?);
        value["ledger"] = json!(from_here(&self.value["ledger"])?);
        if self.value["store"]["kind"] == "local" {
            value["store"]["path"] = json!(from_here(&self.value["store"]["path"])?);
        }
        if let Some(stores) = value["stores"].as_object_mut() {
            for store in stores.values_mut().filter(|store| store["kind"] == "local") {
                store["path"] = json!(from_here(&store["path"])?);
            }
        }
        let copies = self.value["key_copies"].as_array().into_iter().flatten();
        value["key_copies"] = json!(copies.map(from_here).collect::<Outcome<Vec<_>>>()?);
        value["catalogue"] = json!({"kind": "sqlite", "path": "catalog.sqlite"});
        Ok(Self { vault: self.vault.clone(), value })
    }

    /// The description of a vault that is restored into another directory: keys, ledger and
    /// catalogue lie there, further stores where they were.
    pub(super) fn restored(
        &self,
        was: &Path,
        into: &Path,
        places: &RestoredPlaces,
    ) -> Outcome<Self> {
        let mut value = self.seen_from(was)?.value;
        value["ledger"] = json!("ledger");
        value["key_copies"] = match places.key_copies.as_slice() {
            [] => json!(["keys/a", "keys/b"]),
            [one] => json!(["keys/a", absolute(one)?]),
            several => json!(several.iter().map(|one| absolute(one)).collect::<Outcome<Vec<_>>>()?),
        };
        value["secrets"] = match &places.secrets {
            None => json!("secrets"),
            Some(path) => json!(absolute(path)?),
        };
        match &places.store {
            RestoredStore::At(path) => {
                let path = absolute(path)?;
                let others = value["stores"].as_object().into_iter().flatten();
                let mut others = others.filter_map(|(_, store)| store["path"].as_str());
                // One directory would count as two copies.
                if others.any(|other| Path::new(other) == Path::new(&path)) {
                    return Err(Fault::new(Code::ArgumentInvalid).with("argument", &path));
                }
                value["store"] = store_value(&StoreChoice::Local, &path)?;
            }
            RestoredStore::New if value["store"]["kind"] == "local" => {
                LocalBackend::create(&into.join("store"))?;
                value["store"] = store_value(&StoreChoice::Local, "store")?;
            }
            RestoredStore::New | RestoredStore::AsDescribed => {}
        }
        if let Some(url_file) = &places.catalogue_url_file {
            value["catalogue"] = json!({"kind": "postgres", "url_file": absolute(url_file)?});
        }
        Ok(Self { vault: self.vault.clone(), value })
    }

    pub(super) fn secrets(&self, directory: &Path) -> PathBuf {
        path_of(directory, &self.value["secrets"])
    }

    pub(super) fn ledger(&self, directory: &Path) -> PathBuf {
        path_of(directory, &self.value["ledger"])
    }

    pub(super) fn key_copies(&self, directory: &Path) -> Vec<PathBuf> {
        let copies = self.value["key_copies"].as_array().into_iter().flatten();
        copies.map(|copy| path_of(directory, copy)).collect()
    }

    /// Where the store's files are, where it has any here.
    pub(super) fn local_store(&self, directory: &Path) -> Option<PathBuf> {
        let store = &self.value["store"];
        (store["kind"] == "local").then(|| path_of(directory, &store["path"]))
    }

    pub(super) fn location(&self, directory: &Path) -> Outcome<Location> {
        let catalogue = &self.value["catalogue"];
        match catalogue["kind"].as_str() {
            Some("sqlite") => Ok(Location::Sqlite(path_of(directory, &catalogue["path"]))),
            Some("postgres") => {
                let path = path_of(directory, &catalogue["url_file"]);
                let url = std::fs::read_to_string(&path)
                    .map_err(|error| Fault::from_file(error, &path))?;
                Ok(Location::Postgres(url.trim().to_owned()))
            }
            _ => Err(bad(&directory.join(FILE))),
        }
    }

    pub(super) fn create_backend(&self, directory: &Path) -> Outcome<Arc<dyn Backend>> {
        match self.local_store(directory) {
            Some(path) => Ok(Arc::new(LocalBackend::create(&path)?)),
            None => remote_backend(&self.value["store"], directory),
        }
    }

    pub(super) fn open_backend(&self, directory: &Path) -> Outcome<Arc<dyn Backend>> {
        backend_of(&self.value["store"], directory)
    }

    /// Says where a further store is: an empty directory, or a place in a bucket. It is made, and
    /// the description names it from then on.
    pub(super) fn add_store(
        &mut self,
        directory: &Path,
        store: &RecordId,
        place: &FurtherPlace,
    ) -> Outcome<Arc<dyn Backend>> {
        let value = match place {
            FurtherPlace::Directory(path) => {
                let path = absolute(path)?;
                self.require_apart(directory, Path::new(&path))?;
                LocalBackend::create(Path::new(&path)).map_err(Fault::at_given_path)?;
                store_value(&StoreChoice::Local, &path)?
            }
            FurtherPlace::S3(choice) => {
                let value = store_value(choice, "")?;
                self.require_another_prefix(&value)?;
                value
            }
            FurtherPlace::Archive(choice, class) => {
                let mut value = store_value(choice, "")?;
                self.require_another_prefix(&value)?;
                value["storage_class"] = json!(class.as_str());
                value
            }
        };
        let backend = backend_of(&value, directory)?;
        self.value["stores"][store.to_string()] = value;
        self.write(directory)?;
        Ok(backend)
    }

    /// A further store.
    pub(super) fn further(&self, directory: &Path, store: &RecordId) -> Outcome<Arc<dyn Backend>> {
        backend_of(&self.value["stores"][store.to_string()], directory)
    }

    /// Whether a path lies in the vault, in one of its stores, or where its secrets are.
    pub(super) fn holds(&self, directory: &Path, path: &Path) -> Outcome<bool> {
        let own = std::path::absolute(directory).map_err(|e| Fault::from_file(e, directory))?;
        let further = self.value["stores"].as_object().into_iter().flatten();
        let further = further.filter(|(_, store)| store["kind"] == "local");
        let mut places: Vec<PathBuf> =
            further.map(|(_, store)| path_of(&own, &store["path"])).collect();
        places.extend(self.local_store(&own));
        places.extend([self.secrets(&own), self.ledger(&own), own]);
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        // What is to be made is not there yet; the nearest directory above it is.
        let above = path.ancestors().find(|above| above.exists()).unwrap_or(path);
        let above = real(above);
        Ok(places.iter().any(|place| path.starts_with(place) || above.starts_with(real(place))))
    }

    /// No two stores of a vault share a prefix of a bucket.
    fn require_another_prefix(&self, value: &Value) -> Outcome<()> {
        let others = self.value["stores"].as_object().into_iter().flatten();
        let mut known = others.map(|(_, store)| store).chain([&self.value["store"]]);
        let same = |name: &str, one: &Value| one[name] == value[name];
        let taken =
            |one: &Value| ["endpoint", "bucket", "prefix"].iter().all(|name| same(name, one));
        if known.any(taken) {
            return Err(Fault::new(Code::ArgumentInvalid)
                .with("argument", &value["bucket"])
                .with("reason", "inside-the-vault"));
        }
        Ok(())
    }

    /// A further store lies apart from everything of the vault and holds nothing yet.
    fn require_apart(&self, directory: &Path, path: &Path) -> Outcome<()> {
        let own = std::path::absolute(directory).map_err(|e| Fault::from_file(e, directory))?;
        let others = self.value["stores"].as_object().into_iter().flatten();
        let others = others.filter(|(_, store)| store["kind"] == "local");
        let others = others.map(|(_, store)| path_of(&own, &store["path"]));
        let nested = |one: &PathBuf| path.starts_with(one) || one.starts_with(path);
        let refused = |reason: &str| {
            let fault = Fault::new(Code::ArgumentInvalid).with("path", path.display());
            Err(fault.with("reason", reason))
        };
        if nested(&own) || self.local_store(&own).is_some_and(|store| nested(&store)) {
            return refused("inside-the-vault");
        }
        if others.into_iter().any(|store| nested(&store)) {
            return refused("inside-a-store");
        }
        if std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Fault::new(Code::StoreDirectoryNotEmpty).with("path", path.display()));
        }
        // A path made whole would lie on the vault's own disk where another one is not mounted.
        match path.parent().filter(|parent| !parent.is_dir()) {
            Some(parent) => {
                Err(Fault::new(Code::StoreParentMissing).with("path", parent.display()))
            }
            None => Ok(()),
        }
    }
}

/// How a place is described; a directory under `path`.
fn store_value(choice: &StoreChoice, path: &str) -> Outcome<Value> {
    Ok(match choice {
        StoreChoice::Local => json!({"kind": "local", "path": path}),
        StoreChoice::S3 { endpoint, region, bucket, prefix, credentials_file } => json!({
            "kind": "s3", "endpoint": endpoint, "region": region, "bucket": bucket,
            "prefix": prefix, "credentials_file": absolute(credentials_file)?,
        }),
    })
}

/// Opens what a description of a place describes.
fn backend_of(store: &Value, directory: &Path) -> Outcome<Arc<dyn Backend>> {
    match store["kind"].as_str() {
        Some("local") => Ok(Arc::new(LocalBackend::open(&path_of(directory, &store["path"]))?)),
        _ => remote_backend(store, directory),
    }
}

/// The service behind an S3 address. Must be called inside the runtime that will serve it.
fn remote_backend(store: &Value, directory: &Path) -> Outcome<Arc<dyn Backend>> {
    let text = |name: &str| store[name].as_str().map(str::to_owned);
    let needed = |name: &str| text(name).ok_or_else(|| bad(&directory.join(FILE)));
    if store["kind"] != "s3" {
        return Err(bad(&directory.join(FILE)).with("what", "store"));
    }
    let endpoint = text("endpoint");
    let location = S3Location {
        allow_http: endpoint.as_ref().is_some_and(|url| url.starts_with("http://")),
        endpoint,
        region: needed("region")?,
        bucket: needed("bucket")?,
        prefix: needed("prefix")?,
        credentials: credentials(&path_of(directory, &store["credentials_file"]))?,
    };
    let unknown = |name| bad(&directory.join(FILE)).with("what", name);
    let class = text("storage_class");
    let class = class.map(|name| StorageClass::parse(&name).ok_or_else(|| unknown(name)));
    let runtime = tokio::runtime::Handle::current();
    let backend = S3Backend::connect_in(location, class.transpose()?, runtime)?;
    Ok(Arc::new(backend))
}

/// Reads an access key (first line) and its secret (second line).
fn credentials(path: &Path) -> Outcome<S3Credentials> {
    let text = std::fs::read_to_string(path).map_err(|error| Fault::from_file(error, path))?;
    let mut lines = text.lines().map(str::trim);
    let pair = lines.next().zip(lines.next());
    let (access, secret) =
        pair.ok_or_else(|| Fault::new(Code::ArgumentInvalid).with("argument", path.display()))?;
    Ok(S3Credentials {
        access_key_id: access.to_owned(),
        secret_access_key: secret.to_owned(),
        session_token: None,
    })
}
