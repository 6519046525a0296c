//! `[stores]`: where pages may add a further store (R16; A3.12).
//!
//! A page names a place by its title and never where it lies: directories, buckets and the files of
//! their access keys are the operator's word alone.

use crate::limits::STORES_MAX;
use crate::store::backend::s3::StorageClass;
use crate::vault::{FurtherPlace, StoreChoice};
use serde::Deserialize;
use std::path::PathBuf;

/// `[stores]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// `[[stores.places]]`: where a page may add a store.
    pub places: Vec<StorePlace>,
}

/// `[[stores.places]]`: an empty directory, or a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorePlace {
    /// What people choose it by.
    pub title: String,
    /// The directory; of a bucket, none.
    pub directory: Option<PathBuf>,
    /// The bucket.
    pub bucket: Option<String>,
    /// What all keys in it begin with.
    pub prefix: String,
    /// The address of its service, where it is not the provider's own.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// A file with the access key on its first line and the secret on its second.
    pub credentials_file: Option<PathBuf>,
    /// The storage class of an archive for what is cold.
    pub storage_class: Option<String>,
}

impl StoreSettings {
    /// The setting that cannot be used, if there is one.
    pub(super) fn unusable(&self) -> Option<&'static str> {
        let titled = |place: &StorePlace| !place.title.trim().is_empty();
        let usable = |place: &StorePlace| titled(place) && place.further().is_some();
        let fits = self.places.len() <= STORES_MAX && self.places.iter().all(usable);
        (!fits).then_some("stores.places")
    }
}

impl StorePlace {
    /// Where the store is to be; none where what is said of it does not fit together.
    pub fn further(&self) -> Option<FurtherPlace> {
        let Some(bucket) = &self.bucket else {
            let alone = Self { title: self.title.clone(), ..Self::default() };
            let directory = self.directory.clone().filter(|path| path.is_absolute())?;
            let same = *self == Self { directory: Some(directory.clone()), ..alone };
            return same.then_some(FurtherPlace::Directory(directory));
        };
        if self.directory.is_some() {
            return None;
        }
        let choice = StoreChoice::S3 {
            endpoint: self.endpoint.clone(),
            region: self.region.clone()?,
            bucket: bucket.clone(),
            prefix: self.prefix.trim_matches('/').to_owned(),
            credentials_file: self.credentials_file.clone().filter(|path| path.is_absolute())?,
        };
        match &self.storage_class {
            None => Some(FurtherPlace::S3(choice)),
            Some(class) => Some(FurtherPlace::Archive(choice, StorageClass::parse(class)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<FurtherPlace> {
        toml::from_str::<StorePlace>(text).unwrap().further()
    }

    #[test]
    fn a_place_is_a_directory_or_a_bucket_and_says_all_that_it_needs() {
        let directory = place("title = \"二号\"\ndirectory = \"/mnt/two\"");
        assert_eq!(directory, Some(FurtherPlace::Directory("/mnt/two".into())));
        let bucket = "bucket = \"b\"\nregion = \"r\"\ncredentials_file = \"/etc/keys\"";
        assert!(matches!(place(bucket), Some(FurtherPlace::S3(_))));
        let archive = format!("{bucket}\nstorage_class = \"DEEP_ARCHIVE\"");
        assert!(matches!(place(&archive), Some(FurtherPlace::Archive(..))));
        for refused in [
            "title = \"nothing\"",
            "directory = \"two\"",
            "directory = \"/mnt/two\"\nregion = \"r\"",
            &format!("{bucket}\ndirectory = \"/mnt/two\""),
            "bucket = \"b\"\nregion = \"r\"",
            "bucket = \"b\"\ncredentials_file = \"/etc/keys\"",
            &format!("{bucket}\nstorage_class = \"COLD\""),
        ] {
            assert_eq!(place(refused), None, "{refused}");
        }
    }
}
