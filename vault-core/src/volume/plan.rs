//! What goes on which volume: by case, by whom it is encrypted for, by what a medium holds.
//!
//! Promises: a case stays together where it fits on one medium; what is encrypted and what is not
//! are on different volumes; a recording longer than the medium is named and keeps no other from
//! its volume. Pure but for `plan` and `content_of`, which read the catalogue.

use super::parity;
use super::seal::sealed_bytes;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::SECRECIES;
use crate::limits::{VOLUME_CAPACITY_MAX, VOLUME_CAPACITY_MIN, VOLUME_ITEMS_MAX};
use crate::preservation;
use crate::settings::{Settings, VolumeRecipients};
use crate::vault::Vault;
use std::collections::BTreeMap;
use vault_proof::{ContentId, RecordId};

/// Kinds of medium and the bytes that an image may have on them. Of discs what the medium holds
/// less two percent, because its edge fails first; of a tape that of LTO-6 less two percent; one
/// archive object is what S3 keeps as one.
pub const MEDIA: &[(&str, u64)] = &[
    ("dvd", 4_700_372_992 / 100 * 98),
    ("bd25", 25_025_314_816 / 100 * 98),
    ("bd50", 50_050_629_632 / 100 * 98),
    ("bd100", 100_103_356_416 / 100 * 98),
    ("drive", 1_000_000_000_000),
    ("tape", 2_500_000_000_000 / 100 * 98),
    ("object", 5_497_558_138_880),
];

/// Kinds of medium that come in many lengths, so that theirs may be said.
const OF_ANY_LENGTH: &[&str] = &["drive", "tape", "object"];

/// Bytes of a file system beside its files: descriptors, path tables, the lists of the bag.
const FILE_SYSTEM_BYTES: u64 = 1 << 20;

/// Bytes that a file takes beside its content: entries in both directories, its lines in four
/// lists, the rest of its last sector.
const FILE_BYTES: u64 = 6 << 10;

/// A medium: its kind, and how long an image on it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    kind: &'static str,
    capacity: u64,
}

impl Medium {
    /// A medium of that kind. Drives, tapes and archive objects may be said to hold other than
    /// what is usual; discs are what they are.
    pub fn new(kind: &str, capacity: Option<u64>) -> Outcome<Self> {
        let invalid = |value: &dyn std::fmt::Display| {
            Fault::new(Code::ArgumentInvalid).with("argument", value)
        };
        let known = MEDIA.iter().find(|(name, _)| *name == kind);
        let (kind, usual) = known.ok_or_else(|| invalid(&kind))?;
        let capacity = match capacity {
            None => *usual,
            Some(said)
                if OF_ANY_LENGTH.contains(kind)
                    && (VOLUME_CAPACITY_MIN..=VOLUME_CAPACITY_MAX).contains(&said) =>
            {
                said
            }
            Some(said) if !OF_ANY_LENGTH.contains(kind) => {
                return Err(invalid(&said).with("reason", "disc-capacity-fixed"));
            }
            Some(said) => {
                let fault = invalid(&said).with("reason", "capacity-out-of-bounds");
                let fault = fault.with("least", VOLUME_CAPACITY_MIN);
                return Err(fault.with("limit", VOLUME_CAPACITY_MAX));
            }
        };
        Ok(Self { kind, capacity })
    }

    /// Its kind.
    pub const fn kind(self) -> &'static str {
        self.kind
    }

    /// How long an image on it may be.
    pub const fn capacity(self) -> u64 {
        self.capacity
    }

    /// Bytes for files, what each takes beside its content included.
    fn room(self) -> u64 {
        parity::room_within(self.capacity).saturating_sub(FILE_SYSTEM_BYTES)
    }
}

/// A recording that belongs on a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeItem {
    /// Which recording.
    pub recording: ContentId,
    /// Its length.
    pub bytes: u64,
    /// The name of its file.
    pub name: String,
    /// 案号.
    pub case: String,
    /// 行政相对人.
    pub counterpart: String,
    /// 承办人.
    pub handler: String,
    /// The activity, by its code.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// The strictest class of secrecy it was received under.
    pub secrecy: String,
    /// When it was received.
    pub received_at: UtcTime,
    /// Grounds of its long-term preservation, by their codes.
    pub grounds: Vec<String>,
    /// The cold store that its bytes lie in, where they are not in the vault's own.
    pub(super) cold: Option<RecordId>,
}

impl VolumeItem {
    /// What it takes on a volume for so many recipients.
    const fn cost(&self, recipients: usize) -> u64 {
        let bytes = match recipients {
            0 => self.bytes,
            count => sealed_bytes(self.bytes, count as u64),
        };
        bytes + FILE_BYTES
    }
}

/// A volume that is to be built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlannedVolume {
    /// What is to be on it, by case.
    pub items: Vec<VolumeItem>,
    /// Bytes of the originals.
    pub bytes: u64,
    /// Whom it is encrypted for; none where everybody reads it.
    pub recipients: Vec<String>,
    /// What it takes of the medium's room.
    taken: u64,
}

impl PlannedVolume {
    /// What making its image takes of a disk.
    pub(super) fn room_needed(&self) -> u64 {
        parity::image_bytes(self.taken.saturating_add(FILE_SYSTEM_BYTES))
    }

    /// The cases on it.
    pub fn cases(&self) -> Vec<&str> {
        let mut cases: Vec<&str> = self.items.iter().map(|item| item.case.as_str()).collect();
        cases.sort_unstable();
        cases.dedup();
        cases
    }
}

/// What is to be built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The volumes, in the order in which they are built.
    pub volumes: Vec<PlannedVolume>,
    /// Recordings that fit on no medium of this kind.
    pub too_large: Vec<VolumeItem>,
}

/// Recordings on the list for long-term preservation that are on no volume, laid out by case over
/// as few volumes of this medium as first fit gives.
pub async fn plan(vault: &Vault, medium: Medium) -> Outcome<Plan> {
    let recipients = Settings::read(vault.directory())?.volumes.recipients;
    let mut items = Vec::new();
    for (recording, grounds) in vault.catalog.for_long_term().await? {
        items.push(item(vault, &recording, grounds).await?);
    }
    Ok(laid_out(items, medium, &recipients))
}

/// What a volume bears and the vault still keeps, laid out on one of this medium.
pub(super) async fn content_of(
    vault: &Vault,
    recordings: &[ContentId],
    medium: Medium,
) -> Outcome<Plan> {
    let recipients = Settings::read(vault.directory())?.volumes.recipients;
    let grounds = vault.catalog.long_term_grounds().await?;
    let mut items = Vec::new();
    for recording in recordings {
        if vault.catalog.destroyed(recording).await?.is_none() {
            let grounds = grounds.get(recording).cloned().unwrap_or_default();
            items.push(item(vault, recording, grounds).await?);
        }
    }
    Ok(laid_out(items, medium, &recipients))
}

async fn item(vault: &Vault, recording: &ContentId, grounds: Vec<String>) -> Outcome<VolumeItem> {
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", recording);
    let row = vault.catalog.recording(recording).await?.ok_or_else(unknown)?;
    let receipts = vault.catalog.receipts_of(recording).await?;
    let rank = |class: &str| SECRECIES.iter().position(|known| *known == class);
    let classes = receipts.iter().map(|one| one.secrecy.clone()).filter(|class| !class.is_empty());
    let secrecy = classes.max_by_key(|class| rank(class));
    let receipt = receipts.into_iter().next().ok_or_else(unknown)?;
    Ok(VolumeItem {
        recording: *recording,
        bytes: row.bytes,
        name: receipt.name,
        case: receipt.case_no,
        counterpart: receipt.counterpart,
        handler: receipt.handler,
        activity: receipt.activity,
        device: receipt.device,
        secrecy: secrecy.unwrap_or_else(|| SECRECIES[0].to_owned()),
        received_at: receipt.received_at,
        grounds,
        cold: preservation::cold_store(vault, recording).await?,
    })
}

fn laid_out(items: Vec<VolumeItem>, medium: Medium, recipients: &VolumeRecipients) -> Plan {
    let room = medium.room();
    let mut plan = Plan::default();
    let mut cases: BTreeMap<(Vec<String>, String), Vec<VolumeItem>> = BTreeMap::new();
    for item in items {
        let recipients = recipients.of(&item.secrecy);
        if item.cost(recipients.len()) > room {
            plan.too_large.push(item);
        } else {
            cases.entry((recipients, item.case.clone())).or_default().push(item);
        }
    }
    for ((recipients, _), items) in cases {
        let whole: u64 = items.iter().map(|item| item.cost(recipients.len())).sum();
        if whole <= room && items.len() <= VOLUME_ITEMS_MAX {
            put(&mut plan.volumes, room, &recipients, items);
        } else {
            for item in items {
                put(&mut plan.volumes, room, &recipients, vec![item]);
            }
        }
    }
    plan
}

/// Puts recordings together on the first volume that has room for them.
fn put(volumes: &mut Vec<PlannedVolume>, room: u64, recipients: &[String], items: Vec<VolumeItem>) {
    let bytes: u64 = items.iter().map(|item| item.bytes).sum();
    let taken: u64 = items.iter().map(|item| item.cost(recipients.len())).sum();
    let fits = |volume: &PlannedVolume| {
        volume.recipients == recipients
            && volume.taken + taken <= room
            && volume.items.len() + items.len() <= VOLUME_ITEMS_MAX
    };
    let place = volumes.iter().position(fits).unwrap_or_else(|| {
        volumes.push(PlannedVolume { recipients: recipients.to_vec(), ..Default::default() });
        volumes.len() - 1
    });
    if let Some(volume) = volumes.get_mut(place) {
        volume.bytes += bytes;
        volume.taken += taken;
        volume.items.extend(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: u8, case: &str, bytes: u64, secrecy: &str) -> VolumeItem {
        VolumeItem {
            recording: ContentId::from_bytes([number; 32]),
            bytes,
            name: format!("{number}.mp4"),
            case: case.to_owned(),
            counterpart: String::new(),
            handler: String::new(),
            activity: "other".to_owned(),
            device: String::new(),
            secrecy: secrecy.to_owned(),
            received_at: UtcTime::from_ms(0),
            grounds: Vec::new(),
            cold: None,
        }
    }

    #[test]
    fn a_case_stays_together_and_what_is_encrypted_apart() {
        let medium = Medium::new("drive", Some(100_000_000)).unwrap();
        let recipients =
            VolumeRecipients { privacy: vec!["age1".to_owned()], ..Default::default() };
        let items = vec![
            item(1, "甲", 40_000_000, "ordinary"),
            item(2, "乙", 30_000_000, "ordinary"),
            item(3, "乙", 30_000_000, "ordinary"),
            item(4, "甲", 20_000_000, "ordinary"),
            item(5, "甲", 10_000_000, "privacy"),
            item(6, "丙", 90_000_000, "ordinary"),
        ];
        let plan = laid_out(items, medium, &recipients);
        let numbers = |volume: &PlannedVolume| {
            volume.items.iter().map(|item| item.recording.as_bytes()[0]).collect::<Vec<_>>()
        };
        let all: Vec<_> = plan.volumes.iter().map(numbers).collect();
        assert_eq!(all, [vec![2, 3], vec![1, 4], vec![5]]);
        assert_eq!(plan.volumes[2].recipients, ["age1"]);
        assert_eq!(
            plan.too_large.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(),
            ["6.mp4"]
        );
    }

    #[test]
    fn a_medium_is_as_long_as_its_kind_says_or_may_be_told() {
        assert!(Medium::new("floppy", None).is_err());
        assert!(Medium::new("bd25", Some(1 << 30)).is_err(), "a disc is what it is");
        let disc = Medium::new("dvd", Some(4_700_000_000)).unwrap_err();
        assert_eq!(disc.detail("reason"), Some("disc-capacity-fixed"));
        let small = Medium::new("drive", Some(VOLUME_CAPACITY_MIN - 1)).unwrap_err();
        let least = VOLUME_CAPACITY_MIN.to_string();
        assert_eq!(small.detail("least"), Some(least.as_str()));
        for (kind, capacity) in MEDIA {
            let medium = Medium::new(kind, None).unwrap();
            assert!(medium.room() * 100 > capacity * 82, "{kind}: parity takes a sixth");
        }
    }
}
