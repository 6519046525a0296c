//! The register of devices (音像记录设备台账): who keeps each, who has it, how it was found, when it
//! is to be looked at and maintained again (R05; A3.6, A2.12).
//!
//! Promises: two devices in use never bear the same number; what does not work, is out already or
//! was retired cannot be taken out; a recording from a device that nobody entered is taken in and
//! the device is named. Never refuses a recording because of its device.

use super::register::{self, Entry, Step, Words};
use crate::calendar::Calendar;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{
    DEVICE_CHECK_DAYS, DEVICE_CLOCK_SECONDS_MAX, DEVICE_DAYS_MAX, DEVICE_DRIFT_SHOWN,
    DEVICE_MAINTENANCE_DAYS, DEVICE_NOTICE_DAYS, LABEL_WORKING_DAYS,
};
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use crate::vault::change::new_record;
use vault_proof::{OversightBody, RecordId};

const REGISTER: &str = "device";

/// Kinds of devices: those of A3.2, and what stands in one place (A2.13).
pub const DEVICE_KINDS: &[&str] =
    &["body-worn", "camcorder", "camera", "voice-recorder", "fixed-camera", "other"];

/// What an entry says of a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceFacts {
    /// The number it bears, as labels of recordings say it.
    pub number: String,
    /// Of `DEVICE_KINDS`.
    pub kind: String,
    /// Maker and model.
    pub model: String,
    /// The maker's number.
    pub serial: String,
    /// The unit it belongs to.
    pub unit: String,
    /// Who keeps it (专人).
    pub keeper: String,
    /// Days after which it is to be looked at again; 0 for the usual.
    pub check_days: u64,
    /// Days after which it is to be maintained again; 0 for the usual.
    pub maintenance_days: u64,
}

/// How a device was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// Charge of the battery, in percent.
    pub battery: u64,
    /// Free memory, in MiB.
    pub free_mib: u64,
    /// How much its clock is behind, in seconds; negative if it is ahead.
    pub clock_seconds: i64,
    /// Whether whoever looked finds it fit for duty.
    pub fit: bool,
    /// What else was seen.
    pub note: String,
}

/// What is done with a device that needs no more than words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceStep {
    /// It came back.
    Returned,
    /// It was maintained.
    Maintained,
    /// It does not work.
    Broken,
    /// It works again.
    Mended,
    /// It is used no more.
    Retired,
}

impl DeviceStep {
    /// The step of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "return" => Self::Returned,
            "maintain" => Self::Maintained,
            "break" => Self::Broken,
            "mend" => Self::Mended,
            "retire" => Self::Retired,
            _ => return None,
        })
    }

    /// The act it is.
    pub const fn act(self) -> Act {
        match self {
            Self::Returned | Self::Broken => Act::UseDevice,
            Self::Maintained | Self::Mended | Self::Retired => Act::KeepDevices,
        }
    }
}

/// How a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// With its keeper.
    In,
    /// Somebody has it.
    Out,
    /// It does not work.
    Broken,
    /// It is used no more.
    Retired,
}

impl DeviceState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::In, Self::Out, Self::Broken, Self::Retired];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Broken => "broken",
            Self::Retired => "retired",
        }
    }
}

/// A device as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The entry's number.
    pub id: RecordId,
    /// What the entry says.
    pub facts: DeviceFacts,
    /// How it stands.
    pub state: DeviceState,
    /// Who has it, and since when.
    pub user: Option<(String, UtcTime)>,
    /// How it was found the last time, and when.
    pub checked: Option<(Condition, UtcTime)>,
    /// The day by which it is to be looked at.
    pub check_due: Date,
    /// When it was maintained last.
    pub maintained: Option<UtcTime>,
    /// The day by which it is to be maintained.
    pub maintenance_due: Date,
    /// Whether one of the two is overdue.
    pub overdue: bool,
    /// How often a recording was received from it, when last, and how much its clock was behind
    /// then, in seconds.
    pub deliveries: Option<(u64, UtcTime, i64)>,
    /// How much its clock was behind at each of the last deliveries, in seconds, the newest first;
    /// in lists none.
    pub drift: Vec<(UtcTime, i64)>,
    /// Every step; in lists the last of each kind.
    pub steps: Vec<Step>,
}

/// What a device asks of its keeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// To be looked at or maintained soon, or its clock to be set.
    Waits,
    /// To be looked at or maintained, and the day is over; or to be brought back.
    Late,
}

impl Device {
    /// What it asks of its keeper today.
    pub fn need(&self, calendar: &Calendar, today: Date) -> Need {
        if self.state == DeviceState::Retired {
            return Need::Nothing;
        }
        // What was recorded is to be in the vault by then (A2.18(一)1), and so is not in the field.
        let kept = self.user.as_ref().is_some_and(|(_, since)| {
            calendar.deadline(Date::of(*since), LABEL_WORKING_DAYS).due < today
        });
        if self.overdue || kept {
            return Need::Late;
        }
        let soon = self.check_due.min(self.maintenance_due);
        // A clock that was looked at since is right, or it would not have passed.
        let looked = self.checked.as_ref().map(|(_, at)| *at).max(self.maintained);
        let drifts = self.deliveries.is_some_and(|(_, at, seconds)| {
            seconds.abs() > DEVICE_CLOCK_SECONDS_MAX && looked.is_none_or(|looked| looked < at)
        });
        let waits = drifts || soon <= today.plus_days(DEVICE_NOTICE_DAYS);
        if waits { Need::Waits } else { Need::Nothing }
    }
}

/// A number that labels name and no entry bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownDevice {
    /// The number.
    pub number: String,
    /// How often a recording was received that bears it.
    pub deliveries: u64,
    /// When the last of them was.
    pub received: UtcTime,
}

/// The register as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// The devices, by number; those retired last.
    pub devices: Vec<Device>,
    /// Numbers that labels name and no entry bears.
    pub unknown: Vec<UnknownDevice>,
}

fn invalid(argument: impl std::fmt::Display) -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", argument)
}

/// A term that was told, or the usual one for 0.
const fn usual(days: u64, usual: u64) -> u64 {
    if days == 0 { usual } else { days }
}

impl DeviceFacts {
    fn check(&self) -> Outcome<()> {
        let required = [("number", &self.number), ("unit", &self.unit), ("keeper", &self.keeper)];
        for (label, text) in required {
            checked_text(label, text, true)?;
        }
        checked_text("model", &self.model, false)?;
        checked_text("serial", &self.serial, false)?;
        if !DEVICE_KINDS.contains(&self.kind.as_str()) {
            return Err(invalid(&self.kind));
        }
        match [self.check_days, self.maintenance_days].iter().find(|days| **days > DEVICE_DAYS_MAX)
        {
            Some(days) => Err(invalid(days)),
            None => Ok(()),
        }
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        vec![
            ("number", self.number.clone()),
            ("kind", self.kind.clone()),
            ("model", self.model.clone()),
            ("serial", self.serial.clone()),
            ("unit", self.unit.clone()),
            ("keeper", self.keeper.clone()),
            ("check_days", usual(self.check_days, DEVICE_CHECK_DAYS).to_string()),
            ("maintenance_days", usual(self.maintenance_days, DEVICE_MAINTENANCE_DAYS).to_string()),
        ]
    }

    fn of(step: &Step) -> Self {
        Self {
            number: step.field("number").to_owned(),
            kind: step.field("kind").to_owned(),
            model: step.field("model").to_owned(),
            serial: step.field("serial").to_owned(),
            unit: step.field("unit").to_owned(),
            keeper: step.field("keeper").to_owned(),
            check_days: step.count("check_days"),
            maintenance_days: step.count("maintenance_days"),
        }
    }
}

impl Condition {
    /// Whether it is fit by what was found: somebody says so, there is charge and memory, and the
    /// clock is right within a minute.
    pub const fn passed(&self) -> bool {
        let right = self.clock_seconds.abs() <= DEVICE_CLOCK_SECONDS_MAX;
        self.fit && self.battery > 0 && self.free_mib > 0 && right
    }

    fn check(&self) -> Outcome<()> {
        checked_text("note", &self.note, false)?;
        if self.battery > 100 {
            return Err(invalid(self.battery));
        }
        Ok(())
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        vec![
            ("battery", self.battery.to_string()),
            ("free_mib", self.free_mib.to_string()),
            ("clock_seconds", self.clock_seconds.to_string()),
            ("fit", self.fit.to_string()),
        ]
    }

    fn of(step: &Step) -> Self {
        Self {
            battery: step.count("battery"),
            free_mib: step.count("free_mib"),
            clock_seconds: step.field("clock_seconds").parse().unwrap_or(0),
            fit: step.field("fit") == "true",
            note: step.text.clone(),
        }
    }
}

/// Enters a device; gives the number of its entry.
pub async fn register(vault: &Vault, actor: &Actor, facts: DeviceFacts) -> Outcome<RecordId> {
    let device = new_record()?;
    enter(vault, actor, device, facts).await?;
    Ok(device)
}

/// Enters what changed of a device.
pub async fn change(vault: &Vault, actor: &Actor, number: &str, facts: DeviceFacts) -> Outcome<()> {
    let entry = register::find_one(vault, REGISTER, number).await?;
    enter(vault, actor, entry.id, facts).await
}

async fn enter(vault: &Vault, actor: &Actor, device: RecordId, facts: DeviceFacts) -> Outcome<()> {
    facts.check()?;
    let permitted = vault.permit(actor, Act::KeepDevices).await?;
    let words = Words { details: facts.details(), ..Words::default() };
    let body = OversightBody::DeviceRegistered { device };
    let unique = |entries: &[Entry]| {
        let borne = |other: &Entry| {
            let number = other.last("device.registered").map(|step| step.field("number"));
            number == Some(facts.number.as_str())
        };
        let mut others = entries.iter().filter(|other| other.id != device && borne(other));
        if others.any(|other| state_of(other) != DeviceState::Retired) {
            return Err(Fault::new(Code::DeviceNumberTaken).with("device", &facts.number));
        }
        let own = entries.iter().find(|entry| entry.id == device);
        own.map_or(Ok(()), |own| own.require(state_of(own) != DeviceState::Retired, "retired"))
    };
    register::enter(vault, (permitted, actor), body, words, unique).await
}

/// Somebody takes a device out, after looking at it.
pub async fn take_out(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (user, found): (&str, Condition),
) -> Outcome<()> {
    checked_text("user", user, true)?;
    found.check()?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::UseDevice).await?;
    if !found.passed() {
        return Err(Fault::new(Code::DeviceUnfit).with("device", entry.id));
    }
    let mut details = found.details();
    details.push(("user", user.to_owned()));
    let words = Words { text: &found.note, details, ..Words::default() };
    let body = OversightBody::DeviceTakenOut { device: entry.id };
    let check = |entry: &Entry| entry.require(state_of(entry) == DeviceState::In, "not-in");
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Puts on record how a device was found.
pub async fn check(vault: &Vault, actor: &Actor, number: &str, found: Condition) -> Outcome<bool> {
    found.check()?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::UseDevice).await?;
    let passed = found.passed();
    let words = Words { text: &found.note, details: found.details(), ..Words::default() };
    let body = OversightBody::DeviceChecked { device: entry.id, passed };
    let check = |entry: &Entry| entry.require(state_of(entry) != DeviceState::Retired, "retired");
    register::step(vault, (permitted, actor), body, words, check).await?;
    Ok(passed)
}

/// Puts another step on record.
pub async fn note(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (step, text): (DeviceStep, &str),
) -> Outcome<()> {
    checked_text("note", text, step != DeviceStep::Returned)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let device = entry.id;
    let body = match step {
        DeviceStep::Returned => OversightBody::DeviceReturned { device },
        DeviceStep::Broken => OversightBody::DeviceBroken { device },
        DeviceStep::Maintained => OversightBody::DeviceMaintained { device },
        DeviceStep::Mended => OversightBody::DeviceMended { device },
        DeviceStep::Retired => OversightBody::DeviceRetired { device },
    };
    let permitted = vault.permit(actor, step.act()).await?;
    let check = |entry: &Entry| {
        let state = state_of(entry);
        entry.require(state != DeviceState::Retired, "retired")?;
        match step {
            DeviceStep::Returned => entry.require(is_out(entry), "not-out"),
            DeviceStep::Mended => entry.require(state == DeviceState::Broken, "not-broken"),
            DeviceStep::Broken => entry.require(state != DeviceState::Broken, "broken-already"),
            DeviceStep::Retired => entry.require(!is_out(entry), "not-in"),
            DeviceStep::Maintained => Ok(()),
        }
    };
    let words = Words { text, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, check).await
}

fn is_out(entry: &Entry) -> bool {
    entry.stands("device.taken-out", "device.returned")
}

fn state_of(entry: &Entry) -> DeviceState {
    if entry.last("device.retired").is_some() {
        DeviceState::Retired
    } else if entry.stands("device.broken", "device.mended") {
        DeviceState::Broken
    } else if is_out(entry) {
        DeviceState::Out
    } else {
        DeviceState::In
    }
}

fn view(entry: Entry, today: Date) -> Option<Device> {
    let entered = entry.last("device.registered")?;
    let first = entry.steps.first()?.at;
    let facts = DeviceFacts::of(entered);
    let state = state_of(&entry);
    let taken = entry.last("device.taken-out");
    // Whoever takes it out looks at it first.
    let looked = [entry.last("device.checked"), taken].into_iter().flatten();
    let looked = looked.max_by_key(|step| step.seq);
    let maintained = entry.last("device.maintained").map(|step| step.at);
    let due = |at: Option<UtcTime>, days: u64| {
        Date::of(at.unwrap_or(first)).plus_days(i64::try_from(days).unwrap_or(i64::MAX))
    };
    let check_due = due(looked.map(|step| step.at), facts.check_days);
    let maintenance_due = due(maintained, facts.maintenance_days);
    let late = check_due < today || maintenance_due < today;
    Some(Device {
        id: entry.id,
        state,
        user: taken.filter(|_| is_out(&entry)).map(|step| (step.field("user").to_owned(), step.at)),
        checked: looked.map(|step| (Condition::of(step), step.at)),
        check_due,
        maintained,
        maintenance_due,
        overdue: late && state != DeviceState::Retired,
        deliveries: None,
        drift: Vec::new(),
        facts,
        steps: entry.steps,
    })
}

/// The register, and the numbers that labels name without an entry.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Devices> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let today = Date::of(vault.clock.now());
    let mut asking = vault.catalog.ask().await?;
    let entries = register::entries(&mut asking, REGISTER).await?;
    let mut devices: Vec<Device> =
        entries.into_iter().filter_map(|entry| view(entry, today)).collect();
    let mut unknown = Vec::new();
    for used in asking.device_uses().await? {
        let known = |device: &&mut Device| device.facts.number == used.number;
        let seen = (used.deliveries, used.received, used.clock_offset_ms / 1_000);
        match devices.iter_mut().rev().find(known) {
            Some(device) => device.deliveries = Some(seen),
            None => unknown.push(UnknownDevice {
                number: used.number,
                deliveries: used.deliveries,
                received: used.received,
            }),
        }
    }
    devices.sort_by(|one, other| {
        let key =
            |device: &Device| (device.state == DeviceState::Retired, device.facts.number.clone());
        key(one).cmp(&key(other))
    });
    Ok(Devices { devices, unknown })
}

/// A device by the number of its entry, the beginning of it, or the number it bears; with every
/// step.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Device> {
    let all = list(vault, actor).await?.devices;
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let borne = all.iter().find(|device| device.facts.number == number);
    let id = match borne {
        Some(device) => device.id,
        None => register::find_one(vault, REGISTER, number).await?.id,
    };
    let listed = all.into_iter().find(|device| device.id == id).ok_or_else(unknown)?;
    let mut asking = vault.catalog.ask().await?;
    let whole = register::whole(&mut asking, REGISTER, &id).await?;
    let drift = asking.device_drift(&listed.facts.number, DEVICE_DRIFT_SHOWN).await?;
    let drift = drift.into_iter().map(|(at, off_ms)| (at, off_ms / 1_000)).collect();
    Ok(Device { steps: whole.steps, drift, ..listed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> UtcTime {
        day(text).begins_at()
    }

    /// A recorder that nothing is to be done with for months.
    fn device() -> Device {
        Device {
            id: RecordId::from_bytes([7; 16]),
            facts: DeviceFacts { number: "J-1".to_owned(), ..DeviceFacts::default() },
            state: DeviceState::In,
            user: None,
            checked: Some((Condition::default(), at("2026-03-02"))),
            check_due: day("2026-09-01"),
            maintained: None,
            maintenance_due: day("2026-09-01"),
            overdue: false,
            deliveries: None,
            drift: Vec::new(),
            steps: Vec::new(),
        }
    }

    #[test]
    fn a_device_asks_for_its_keeper_when_its_day_comes_its_clock_drifts_or_it_stays_away() {
        let (calendar, today) = (Calendar::official(), day("2026-03-20"));
        let need = |device: &Device| device.need(&calendar, today);
        let idle = device();
        assert_eq!(need(&idle), Need::Nothing);
        let soon = |days| Device { check_due: today.plus_days(days), ..device() };
        assert_eq!(need(&soon(DEVICE_NOTICE_DAYS)), Need::Waits);
        assert_eq!(need(&soon(DEVICE_NOTICE_DAYS + 1)), Need::Nothing);
        assert_eq!(need(&Device { overdue: true, ..device() }), Need::Late);
        // Its clock, as the last recording from it told; behind or ahead.
        let told = |day, seconds| Device { deliveries: Some((3, at(day), seconds)), ..device() };
        for seconds in [DEVICE_CLOCK_SECONDS_MAX + 1, -DEVICE_CLOCK_SECONDS_MAX - 1] {
            assert_eq!(need(&told("2026-03-10", seconds)), Need::Waits);
        }
        assert_eq!(need(&told("2026-03-10", DEVICE_CLOCK_SECONDS_MAX)), Need::Nothing);
        assert_eq!(need(&told("2026-03-01", 900)), Need::Nothing, "it was looked at since");
        let maintained = Some(at("2026-03-12"));
        assert_eq!(need(&Device { maintained, ..told("2026-03-10", 900) }), Need::Nothing);
        // Taken out on a Monday, it is to be back before the term of its recordings is over.
        let out = |day| Device { user: Some(("X".to_owned(), at(day))), ..device() };
        assert_eq!(need(&out("2026-03-19")), Need::Nothing);
        assert_eq!(need(&out("2026-03-09")), Need::Late);
        assert_eq!(
            need(&Device { state: DeviceState::Retired, ..out("2026-03-09") }),
            Need::Nothing
        );
    }
}
