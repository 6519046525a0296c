//! `settings.toml` of a vault: what an operator may choose without making a new vault.
//!
//! Promises: a name that is not known and a value that does not fit are refused, so that nobody
//! believes in a setting that does not hold; an absent file means the defaults. Holds no secrets:
//! those are in files of their own that settings point to. Names: `docs/SETTINGS.md`.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    BACKUP_DAYS, BACKUP_DAYS_MAX, COLD_AFTER_DAYS, COLD_AFTER_DAYS_MAX, COLD_AFTER_DAYS_MIN,
    COPIES_MAX, DRIVES_MAX, GRACE_HOURS_MAX, GRACE_HOURS_MIN, HOT_AGAIN_DAYS, LONG_TERM_COPIES,
    RECIPIENTS_MAX, REHEARSAL_DAYS, SCRUB_BYTES_PER_SECOND, SCRUB_BYTES_PER_SECOND_MIN,
    SCRUB_IDLE_PERCENT, SCRUB_IDLE_PERCENT_MAX, SCRUB_PERIOD_DAYS, SCRUB_PERIOD_DAYS_MAX,
    STORES_MAX, VOLUME_CHECK_DAYS, WITNESSES_MAX,
};
use crate::transcript::{CommandEngine, Transcriber};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault_proof::cosignature::WitnessKey;

mod reminders;
mod stores;

pub use reminders::{
    MailSettings, MailTls, ReminderSettings, RobotKind, RobotSettings, WebhookSettings,
};
pub use stores::{StorePlace, StoreSettings};

/// The file, in the vault's directory.
const FILE_NAME: &str = "settings.toml";

/// The longest file read.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// Everything that can be set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The examination of media.
    pub media: MediaSettings,
    /// Speech to text; none where nothing is said.
    pub speech: Option<SpeechSettings>,
    /// The scheduled reading of everything that is stored.
    pub scrub: ScrubSettings,
    /// Forms set in type.
    pub forms: FormSettings,
    /// How many good copies are wanted.
    pub copies: CopySettings,
    /// Where pages may add further stores.
    pub stores: StoreSettings,
    /// Backups and their rehearsal.
    pub backup: BackupSettings,
    /// When recordings are cold, and where they go.
    pub tiers: TierSettings,
    /// Volumes for long-term preservation.
    pub volumes: VolumeSettings,
    /// Disposal.
    pub disposal: DisposalSettings,
    /// Witnesses of the ledger.
    pub witness: WitnessSettings,
    /// Reminders of what waits.
    pub reminders: ReminderSettings,
}

/// `[backup]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupSettings {
    /// Where the vault makes backups by itself; it makes none without.
    pub directory: Option<PathBuf>,
    /// Days without a backup after which one is due.
    pub days: u64,
    /// Days without a rehearsal after which one is due.
    pub rehearsal_days: u64,
}

impl Default for BackupSettings {
    fn default() -> Self {
        Self { directory: None, days: BACKUP_DAYS, rehearsal_days: REHEARSAL_DAYS }
    }
}

impl BackupSettings {
    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let fits = |days: u64| (1..=BACKUP_DAYS_MAX).contains(&days);
        let relative = self.directory.as_ref().is_some_and(|path| path.is_relative());
        relative
            .then_some("backup.directory")
            .or((!fits(self.days)).then_some("backup.days"))
            .or((!fits(self.rehearsal_days)).then_some("backup.rehearsal_days"))
    }
}

/// `[tiers]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TierSettings {
    /// The further store that takes what is cold, by its name; nothing is cold without.
    pub store: Option<String>,
    /// Days after its receipt from which a recording without use is cold.
    pub after_days: u64,
    /// Days for which a recording that was brought back stays hot.
    pub hot_again_days: u64,
}

impl Default for TierSettings {
    fn default() -> Self {
        Self { store: None, after_days: COLD_AFTER_DAYS, hot_again_days: HOT_AGAIN_DAYS }
    }
}

impl TierSettings {
    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let fits = COLD_AFTER_DAYS_MIN..=COLD_AFTER_DAYS_MAX;
        let again = 1..=COLD_AFTER_DAYS_MAX;
        (!fits.contains(&self.after_days))
            .then_some("tiers.after_days")
            .or((!again.contains(&self.hot_again_days)).then_some("tiers.hot_again_days"))
    }
}

/// `[volumes]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VolumeSettings {
    /// Copies on shelves are read again within so many days.
    pub check_days: u64,
    /// The directory that pages build images in; without it they build none.
    pub images: Option<PathBuf>,
    /// Drives that pages may burn to and read from.
    pub drives: Vec<String>,
    /// Whom recordings of each class of secrecy are encrypted for.
    pub recipients: VolumeRecipients,
}

impl Default for VolumeSettings {
    fn default() -> Self {
        Self {
            check_days: VOLUME_CHECK_DAYS,
            images: None,
            drives: Vec::new(),
            recipients: VolumeRecipients::default(),
        }
    }
}

impl VolumeSettings {
    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let days = (1..=VOLUME_CHECK_DAYS).contains(&self.check_days);
        let usable =
            |all: &[String]| all.len() <= RECIPIENTS_MAX && all.iter().all(|one| is_recipient(one));
        let whole = |path: &PathBuf| path.is_absolute();
        let drives = self.drives.len() <= DRIVES_MAX
            && self.drives.iter().all(|drive| drive.trim_start_matches("stdio:").starts_with('/'));
        (!days)
            .then_some("volumes.check_days")
            .or((!self.images.as_ref().is_none_or(whole)).then_some("volumes.images"))
            .or((!drives).then_some("volumes.drives"))
            .or((!self.recipients.all().iter().all(|(_, all)| usable(all)))
                .then_some("volumes.recipients"))
    }
}

/// Whether a text has the form of an X25519 recipient of age: 52 characters of Bech32 and a
/// checksum of 6, which age itself looks at before anything is encrypted.
fn is_recipient(text: &str) -> bool {
    const BECH32: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let characters = text.strip_prefix("age1");
    characters.is_some_and(|characters| {
        characters.len() == 58 && characters.chars().all(|one| BECH32.contains(one))
    })
}

/// `[volumes.recipients]`: for each class of secrecy the `age1…` keys that can open what is
/// encrypted; none where volumes stay readable for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct VolumeRecipients {
    /// Of what is ordinary.
    pub ordinary: Vec<String>,
    /// Of what concerns privacy.
    pub privacy: Vec<String>,
    /// Of trade secrets.
    pub trade_secret: Vec<String>,
}

impl VolumeRecipients {
    /// Every class by its code, the strictest last, as `intake::SECRECIES` has them.
    pub fn all(&self) -> [(&'static str, &[String]); 3] {
        [
            ("ordinary", &self.ordinary),
            ("privacy", &self.privacy),
            ("trade-secret", &self.trade_secret),
        ]
    }

    /// The recipients of a class, sorted; a class that is not known has those of the strictest.
    pub fn of(&self, class: &str) -> Vec<String> {
        let all = self.all();
        let found = all.iter().find(|(name, _)| *name == class).or(all.last());
        let mut recipients = found.map(|(_, all)| all.to_vec()).unwrap_or_default();
        recipients.sort_unstable();
        recipients.dedup();
        recipients
    }
}

/// `[disposal]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisposalSettings {
    /// Hours between the approval of a disposal and its execution.
    pub grace_hours: u64,
}

impl Default for DisposalSettings {
    fn default() -> Self {
        Self { grace_hours: GRACE_HOURS_MIN }
    }
}

/// `[witness]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WitnessSettings {
    /// Their keys, as `vaultctl witness key` prints them.
    pub keys: Vec<String>,
}

impl WitnessSettings {
    /// The witnesses whose word counts.
    pub fn parsed(&self) -> Outcome<Vec<WitnessKey>> {
        let invalid = |_| Fault::new(Code::SettingInvalid).with("argument", "witness.keys");
        self.keys.iter().map(|key| WitnessKey::parse(key).map_err(invalid)).collect()
    }
}

/// `[copies.places]`: further stores, by name, that are to hold a good copy of each class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct CopyPlaces {
    /// Of originals that are no evidence.
    pub original: Vec<String>,
    /// Of what belongs to a case.
    pub evidence: Vec<String>,
    /// Of what is on the list for long-term preservation.
    pub long_term: Vec<String>,
}

/// `[copies]`: good copies wanted of each class, the vault's own among them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct CopySettings {
    /// Of originals that are no evidence.
    pub original: u64,
    /// Of what belongs to a case.
    pub evidence: u64,
    /// Of what is on the list for long-term preservation (A2.18(二), A3.12).
    pub long_term: u64,
    /// Where they are to lie.
    pub places: CopyPlaces,
}

impl Default for CopySettings {
    fn default() -> Self {
        let places = CopyPlaces::default();
        Self { original: 1, evidence: 1, long_term: LONG_TERM_COPIES, places }
    }
}

impl CopySettings {
    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let wanted = [self.original, self.evidence, self.long_term];
        if wanted.iter().any(|copies| !(1..=COPIES_MAX).contains(copies)) {
            return Some("copies");
        }
        let places = [&self.places.original, &self.places.evidence, &self.places.long_term];
        if places.iter().any(|names| names.len() > STORES_MAX) {
            return Some("copies.places");
        }
        // Two copies in two places are the regulation's, not the operator's choice.
        (self.long_term < LONG_TERM_COPIES).then_some("copies.long_term")
    }
}

/// `[forms]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormSettings {
    /// A directory with fonts that come before the system's, as a licensed 仿宋 and 小标宋.
    pub fonts: Option<PathBuf>,
}

/// `[media]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaSettings {
    /// The worker's program; beside the running program if not said.
    pub worker: Option<PathBuf>,
    /// Whether media may be examined on a kernel that cannot confine the worker fully.
    pub allow_weak_sandbox: bool,
}

/// `[speech]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, tag = "engine", rename_all = "kebab-case")]
pub enum SpeechSettings {
    /// A program of the operator's choice.
    Command {
        /// Program and arguments; `{wav}` stands for the sound, which also is its input.
        command: Vec<String>,
        /// Name, version and model, for the record.
        identity: String,
        /// The language it listens for.
        #[serde(default)]
        language: String,
    },
    /// whisper.cpp inside this program, if it was built in.
    Whisper {
        /// The model's file.
        model: PathBuf,
        /// The language it listens for; found out by itself if empty.
        #[serde(default)]
        language: String,
    },
}

/// `[scrub]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScrubSettings {
    /// Every stored byte is read again within so many days.
    pub period_days: u64,
    /// No more than this is read in a second.
    pub bytes_per_second: u64,
    /// The part of its time that the reading rests, in percent.
    pub idle_percent: u64,
}

impl Default for ScrubSettings {
    fn default() -> Self {
        Self {
            period_days: SCRUB_PERIOD_DAYS,
            bytes_per_second: SCRUB_BYTES_PER_SECOND,
            idle_percent: SCRUB_IDLE_PERCENT,
        }
    }
}

impl ScrubSettings {
    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        if !(1..=SCRUB_PERIOD_DAYS_MAX).contains(&self.period_days) {
            return Some("scrub.period_days");
        }
        if self.bytes_per_second < SCRUB_BYTES_PER_SECOND_MIN {
            return Some("scrub.bytes_per_second");
        }
        (self.idle_percent > SCRUB_IDLE_PERCENT_MAX).then_some("scrub.idle_percent")
    }
}

impl Settings {
    /// Reads the settings of the vault in this directory.
    pub fn read(directory: &Path) -> Outcome<Self> {
        let path = directory.join(FILE_NAME);
        let invalid = || Fault::new(Code::SettingInvalid).with("path", path.display());
        let length = match std::fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Fault::from_file(error, &path)),
        };
        if length > FILE_BYTES_MAX {
            return Err(invalid().with("bytes", length).with("limit", FILE_BYTES_MAX));
        }
        let text =
            std::fs::read_to_string(&path).map_err(|error| Fault::from_file(error, &path))?;
        let settings: Self = toml::from_str(&text).map_err(|error| {
            // Only the first line: the rest draws the place with the file's own text.
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            invalid().with("reason", message)
        })?;
        match settings.unusable() {
            None => Ok(settings),
            Some(name) => Err(invalid().with("argument", name)),
        }
    }

    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let grace = GRACE_HOURS_MIN..=GRACE_HOURS_MAX;
        let witnesses = self.witness.keys.len() <= WITNESSES_MAX && self.witness.parsed().is_ok();
        let scrub = self.scrub.unusable().or_else(|| self.copies.unusable());
        let scrub = scrub.or_else(|| self.stores.unusable()).or_else(|| self.backup.unusable());
        let scrub = scrub.or_else(|| self.tiers.unusable());
        scrub
            .or_else(|| self.volumes.unusable())
            .or((!grace.contains(&self.disposal.grace_hours)).then_some("disposal.grace_hours"))
            .or((!witnesses).then_some("witness.keys"))
            .or_else(|| self.reminders.unusable())
    }

    /// The speech engine that was chosen.
    pub fn transcriber(&self) -> Outcome<Option<Arc<dyn Transcriber>>> {
        match &self.speech {
            None => Ok(None),
            Some(SpeechSettings::Command { command, identity, language }) => {
                let (command, identity) = (command.clone(), identity.clone());
                if command.is_empty() || identity.trim().is_empty() {
                    return Err(Fault::new(Code::SettingInvalid).with("argument", "speech"));
                }
                let language = language.clone();
                Ok(Some(Arc::new(CommandEngine { command, identity, language })))
            }
            Some(SpeechSettings::Whisper { model, language }) => whisper(model, language).map(Some),
        }
    }
}

#[cfg(feature = "whisper")]
fn whisper(model: &Path, language: &str) -> Outcome<Arc<dyn Transcriber>> {
    Ok(Arc::new(crate::transcript::WhisperEngine::load(model, language)?))
}

#[cfg(not(feature = "whisper"))]
fn whisper(_model: &Path, _language: &str) -> Outcome<Arc<dyn Transcriber>> {
    Err(Fault::new(Code::SettingInvalid).with("argument", "speech").with("reason", "not-built-in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outcome<Settings> {
        let directory = tempfile::tempdir().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a file of the test")]
        std::fs::write(directory.path().join(FILE_NAME), text).unwrap();
        Settings::read(directory.path())
    }

    #[test]
    fn settings_are_read_and_unknown_ones_refused() {
        let nothing = tempfile::tempdir().unwrap();
        assert!(Settings::read(nothing.path()).unwrap().speech.is_none());
        let settings = read(
            "[media]\nallow_weak_sandbox = true\n[speech]\nengine = \"command\"\n\
             command = [\"hear\", \"{wav}\"]\nidentity = \"hear 1\"\nlanguage = \"zh\"\n",
        )
        .unwrap();
        assert!(settings.media.allow_weak_sandbox);
        let engine = settings.transcriber().unwrap().unwrap();
        assert_eq!((engine.identity(), engine.language()), ("hear 1".into(), "zh".into()));
        let scrub = read("[scrub]\nperiod_days = 30\n").unwrap().scrub;
        assert_eq!((scrub.period_days, scrub.idle_percent), (30, SCRUB_IDLE_PERCENT));
        for bad in [
            "[medla]\n",
            "[scrub]\nperiod_days = 0\n",
            "[scrub]\nperiod_days = 366\n",
            "[scrub]\nbytes_per_second = 5\n",
            "[scrub]\nidle_percent = 96\n",
            "[copies]\nevidence = 0\n",
            "[copies]\nlong_term = 1\n",
            "[copies.places]\nevidence = \"x\"\n",
            "[[stores.places]]\ntitle = \"二号\"\ndirectory = \"two\"\n",
            "[[stores.places]]\ntitle = \" \"\ndirectory = \"/mnt/two\"\n",
            "[disposal]\ngrace_hours = 23\n",
            "[backup]\ndirectory = \"here\"\n",
            "[backup]\nrehearsal_days = 0\n",
            "[tiers]\nafter_days = 29\n",
            "[volumes]\ncheck_days = 366\n",
            "[volumes]\nimages = \"images\"\n",
            "[volumes]\ndrives = [\"sr0\"]\n",
            "[volumes.recipients]\nprivacy = [\"age1x\"]\n",
            "[volumes.recipients]\nsecret = []\n",
            "[witness]\nkeys = [\"x\"]\n",
            "[reminders]\nescalate_after = 0\n",
            "[reminders]\nat_hour = 24\n",
            "[[reminders.robots]]\nname = \"a\"\nkind = \"wecom\"\nurl_file = \"u\"\n",
            "[media]\nallow_weak_sandbox = 1\n",
            "[speech]\nengine = \"oracle\"\n",
            "[speech]\nengine = \"command\"\n",
        ] {
            assert_eq!(read(bad).unwrap_err().code(), Code::SettingInvalid, "{bad}");
        }
        let empty = read("[speech]\nengine = \"command\"\ncommand = []\nidentity = \"x\"\n");
        assert_eq!(empty.unwrap().transcriber().unwrap_err().code(), Code::SettingInvalid);
    }
}
