//! Rows of people, case files, retention and access: one for each thing that happened.
//!
//! Promises: rows are only ever inserted, one for each event (and for each recording of a
//! request); what holds now follows from them in the order of events, by the flow's own rules.
//! A row is written, read, dumped and compared by the one list of its fields here.

use super::bulk::{Cell, Kind};
use super::read::Cells;
use super::tables::Table;
use crate::clock::UtcTime;
use crate::fault::Outcome;
use vault_proof::{ContentId, RecordId};

/// A type that a column can hold.
pub(super) trait Columnar: Sized {
    const KIND: Kind;
    fn cell(&self) -> Cell;
    fn take(cells: &mut Cells) -> Outcome<Self>;
}

impl Columnar for String {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell {
        self.as_str().into()
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        cells.text()
    }
}

impl Columnar for u64 {
    const KIND: Kind = Kind::Integer;

    fn cell(&self) -> Cell {
        // Counts in events are below 2^53 by their format.
        Cell::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        cells.count()
    }
}

impl Columnar for bool {
    const KIND: Kind = Kind::Integer;

    fn cell(&self) -> Cell {
        Cell::Integer(i64::from(*self))
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        Ok(cells.integer()? != 0)
    }
}

impl Columnar for UtcTime {
    const KIND: Kind = Kind::Integer;

    fn cell(&self) -> Cell {
        Cell::Integer(self.as_ms())
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        cells.integer().map(Self::from_ms)
    }
}

impl Columnar for ContentId {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell {
        Cell::Text(self.to_string())
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        cells.id()
    }
}

impl Columnar for RecordId {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell {
        Cell::Text(self.to_string())
    }

    fn take(cells: &mut Cells) -> Outcome<Self> {
        cells.record()
    }
}

/// Declares a row with its table.
macro_rules! rows {
    ($(
        $(#[$meta:meta])*
        $name:ident in $table:ident($sql:literal, $key:literal) {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty ),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type ),+
        }

        pub(super) const $table: Table = Table {
            name: $sql,
            columns: &[ $( (stringify!($field), <$type as Columnar>::KIND) ),+ ],
            n_key: $key,
        };

        impl $name {
            pub(super) fn cells(&self) -> Vec<Cell> {
                vec![ $( self.$field.cell() ),+ ]
            }

            pub(super) fn of(row: Vec<Cell>) -> Outcome<Self> {
                let mut cells = Cells::of(row);
                Ok(Self { $( $field: Columnar::take(&mut cells)? ),+ })
            }
        }
    )+};
}

rows! {
    /// Something that happened to an account.
    AccountAct in ACCOUNT_ACTS("account_acts", 1) {
        /// The event.
        seq: u64,
        /// Which account.
        account: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// `create` or `roles`; `password` or `one-time-code`; the reason of a refused sign-in.
        what: String,
        /// The proposal that was confirmed; 0 elsewhere.
        proposal: u64,
        /// Whether the person set the credential himself.
        own: bool,
        /// `inside` or `outside`.
        department: String,
        /// Roles, with a space between them.
        roles: String,
        /// The name to sign in with.
        login: String,
        /// The person's name.
        person: String,
        /// The unit.
        unit: String,
        /// The number of the officer's certificate (执法证件号).
        certificate: String,
        /// Who did it, by name, and why.
        note: String,
    }
    /// A case file as it was opened.
    CaseRow in CASES("cases", 1) {
        /// Its number in the vault.
        case_id: RecordId,
        /// The event that opened it.
        seq: u64,
        /// When.
        at_ms: UtcTime,
        /// 案号.
        case_no: String,
        /// 案由.
        title: String,
        /// 行政相对人.
        counterpart: String,
        /// The handling unit.
        unit: String,
        /// Name and certificate number of each officer, as a list in JSON.
        officers: String,
        /// The day the case was opened, as `2026-01-31`.
        opened_on: String,
        /// Who opened the file.
        person: String,
    }
    /// Something that was done with a case file.
    CaseAct in CASE_ACTS("case_acts", 1) {
        /// The event.
        seq: u64,
        /// Which case.
        case_id: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// The recording or written record; empty elsewhere.
        content: String,
        /// Length of a written record.
        bytes: u64,
        /// Stage of a written record.
        stage: String,
        /// Type of a written record.
        document: String,
        /// Whether the file was closed already.
        addendum: bool,
        /// Name of the file it came as.
        name: String,
        /// Title of a written record.
        title: String,
        /// A day: of a written record, or of the end of the enforcement.
        on_date: String,
        /// Who did it.
        person: String,
        /// Why, for an addendum.
        note: String,
    }
    /// A reason to keep something, or the end of a hold.
    RetentionAct in RETENTION_ACTS("retention_acts", 1) {
        /// The event.
        seq: u64,
        /// The kind of event.
        kind: String,
        /// A recording or a case, as a subject.
        target: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// The trigger.
        cause: String,
        /// The hold.
        hold: String,
        /// Years of a case's term; 0 is for ever.
        years: u64,
        /// Why.
        reason: String,
        /// Who.
        person: String,
    }
    /// A step of a rule of retention.
    RuleAct in RETENTION_RULES("retention_rules", 1) {
        /// The event.
        seq: u64,
        /// Which rule.
        rule: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// An activity, or `any`.
        class: String,
        /// Years; 0 is for ever.
        years: u64,
        /// Whether it lengthens what is stored, too.
        stored: bool,
        /// Stored recordings of the class when it was proposed.
        recordings: u64,
        /// Those whose term it lengthens.
        lengthened: u64,
        /// Those that keep a longer term.
        kept: u64,
        /// Why.
        reason: String,
        /// Who.
        person: String,
    }
    /// A request for access.
    AccessRequest in ACCESS_REQUESTS("access_requests", 1) {
        /// Its number.
        request: RecordId,
        /// The event.
        seq: u64,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who made or registered it.
        by_actor: String,
        /// `account`, `outside-account`, `counterpart` or `outside-body`.
        applicant: String,
        /// Who has to consent.
        office: String,
        /// `view` or `copy`.
        mode: String,
        /// Days of the grant.
        days: u64,
        /// Copies allowed.
        copies: u64,
        /// Begin of the stretch.
        from_ms: u64,
        /// End of it; 0 for the whole.
        to_ms: u64,
        /// What for.
        purpose: String,
        /// The applicant's name.
        applicant_name: String,
        /// The applicant's unit.
        applicant_unit: String,
        /// Who made or registered it.
        person: String,
    }
    /// A recording of a request.
    AccessItem in ACCESS_ITEMS("access_items", 2) {
        /// The request.
        request: RecordId,
        /// The recording.
        recording: ContentId,
        /// The event of the request.
        seq: u64,
    }
    /// Something that was done on a request or under its grant.
    AccessAct in ACCESS_ACTS("access_acts", 1) {
        /// The event.
        seq: u64,
        /// The request; empty for a reading before archiving.
        request: String,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// Whether the leader consented.
        consent: bool,
        /// Year of the notice.
        year: u64,
        /// Number of the notice.
        number: u64,
        /// How the notice was signed.
        way: String,
        /// Digest of what was signed.
        digest: String,
        /// When the grant ends.
        expires_ms: u64,
        /// The recording read.
        recording: String,
        /// First byte read.
        from_byte: u64,
        /// End, exclusive.
        to_byte: u64,
        /// Number of the copy.
        copy: u64,
        /// The recordings on a copy, with a space between them.
        recordings: String,
        /// Why.
        reason: String,
        /// Who, or to whom.
        person: String,
    }

    /// What was made of a recording under a grant, or for a copy.
    AccessRendition in ACCESS_RENDITIONS("access_renditions", 1) {
        /// The event.
        seq: u64,
        /// The request.
        request: RecordId,
        /// Of which recording.
        recording: ContentId,
        /// `excerpt` for reading, `marked` for a copy.
        kind: String,
        /// Number of the copy; 0 for reading.
        copy: u64,
        /// Begin of what is in an excerpt.
        begins_ms: u64,
        /// End of it.
        ends_ms: u64,
        /// The format of an excerpt.
        format: String,
        /// Its content id.
        object: ContentId,
        /// Its length.
        bytes: u64,
        /// When it was made.
        at_ms: UtcTime,
    }

    /// Something that happened to a further store.
    StoreAct in STORE_ACTS("store_acts", 1) {
        /// The event.
        seq: u64,
        /// Which store.
        store: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// Kind of store: `local` or `s3`.
        place: String,
        /// What people call it.
        name: String,
        /// Whether it refuses to create a name twice.
        create_only: bool,
        /// Whether it refuses to delete a locked version.
        object_lock: bool,
        /// Why.
        reason: String,
        /// Who.
        person: String,
    }

    /// Something that happened to the bytes of a recording in the vault's own store.
    TierAct in TIER_ACTS("tier_acts", 2) {
        /// Which recording.
        recording: ContentId,
        /// The event.
        seq: u64,
        /// The kind of event.
        kind: String,
        /// The cold store.
        store: RecordId,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// Who.
        person: String,
    }

    /// Something that happened to a backup, or an older state that came back.
    BackupAct in BACKUP_ACTS("backup_acts", 1) {
        /// The event.
        seq: u64,
        /// Which backup; empty for a look at the ledger.
        backup: String,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// Events of the ledger in it.
        events: u64,
        /// Objects on its list, or read from it.
        objects: u64,
        /// Bytes of its files, or read with its keys.
        bytes: u64,
        /// BLAKE3 of its list of files.
        list: String,
        /// How long a rehearsal took.
        milliseconds: u64,
        /// Objects that did not agree.
        failed: u64,
        /// Objects whose bytes no store has.
        missing: u64,
        /// Checkpoints that are lost, with a line for each.
        lost: String,
        /// Where the backup lies.
        place: String,
        /// Why.
        reason: String,
        /// Who.
        person: String,
    }

    /// Something that happened to a disposal.
    DisposalAct in DISPOSAL_ACTS("disposal_acts", 1) {
        /// The event.
        seq: u64,
        /// Which disposal.
        disposal: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// The end of the time of grace.
        not_before_ms: u64,
        /// The recordings, with a space between them.
        recordings: String,
        /// Those that were proposed and are kept, with a space between them.
        spared: String,
        /// Objects destroyed.
        objects: u64,
        /// Their bytes.
        bytes: u64,
        /// Stores from which bytes were removed, with a space between them.
        stores: String,
        /// Volumes that still bear copies, with a line for each.
        volumes: String,
        /// Why; of a record of destruction the terms, with a line for each recording.
        reason: String,
        /// Who.
        person: String,
        /// The year of the record of destruction.
        year: u64,
        /// Its number in that year.
        number: u64,
        /// BLAKE3 of the record.
        digest: String,
    }

    /// A recording whose destruction began.
    Destroyed in DESTROYED("destroyed", 1) {
        /// Which recording.
        recording: ContentId,
        /// The event.
        seq: u64,
        /// Which disposal.
        disposal: RecordId,
        /// When.
        at_ms: UtcTime,
    }

    /// Something that happened to a volume.
    VolumeAct in VOLUME_ACTS("volume_acts", 1) {
        /// The event.
        seq: u64,
        /// Which volume.
        volume: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// What stands on its label.
        label: String,
        /// Kind of medium.
        medium: String,
        /// Length of the image.
        bytes: u64,
        /// BLAKE3 of the image.
        image: String,
        /// Which copy.
        copy: u64,
        /// Whether everything could be read.
        readable: bool,
        /// Bytes that did not agree.
        damaged_bytes: u64,
        /// Recordings that could not be read, with a space between them.
        lost: String,
        /// Where the copy is.
        place: String,
        /// Who.
        person: String,
        /// Recipients with a space between them, the volume it was made of, or what was burnt to.
        detail: String,
        /// What reading back came to.
        result: String,
        /// Why.
        reason: String,
    }

    /// A recording on a volume.
    VolumeItem in VOLUME_ITEMS("volume_items", 2) {
        /// Which volume.
        volume: RecordId,
        /// Which recording.
        recording: ContentId,
        /// The event.
        seq: u64,
    }
    /// Something that happened to an inspection.
    InspectionAct in INSPECTION_ACTS("inspection_acts", 1) {
        /// The event.
        seq: u64,
        /// Which inspection.
        inspection: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// The recording, statement or act, where one is meant.
        recording: String,
        /// The finding, where one is meant.
        finding: String,
        /// The party of a commitment.
        party: String,
        /// Commitment, number, digest of the population, seed, answers, or article.
        value: String,
        /// Root of the ledger, for a draw.
        root: String,
        /// By what the population is divided, with a space between them.
        strata: String,
        /// Parts of ten thousand.
        proportion: u64,
        /// At least so many of each stratum.
        minimum: u64,
        /// Begin of the period, or of a stretch.
        from_ms: u64,
        /// End of it.
        to_ms: u64,
        /// Recordings; for a review, milliseconds watched.
        items: u64,
        /// Whether a finding is put right.
        settled: bool,
        /// The last day to put it right.
        due: String,
        /// What was written about it.
        text: String,
        /// Who.
        person: String,
    }

    /// A step of an entry in a register of oversight.
    OversightAct in OVERSIGHT_ACTS("oversight_acts", 1) {
        /// The event.
        seq: u64,
        /// Which register: `device`, `statement`, `lapse`.
        register: String,
        /// Which entry.
        entry: RecordId,
        /// The kind of event.
        kind: String,
        /// When.
        at_ms: UtcTime,
        /// The pseudonym of who did it.
        by_actor: String,
        /// The case it concerns, where it concerns one.
        case_no: String,
        /// What else was said, in canonical JSON.
        fields: String,
        /// What was written about it.
        text: String,
        /// Who.
        person: String,
    }
    /// A part of a population, as one event lists it.
    InspectionList in INSPECTION_LISTS("inspection_lists", 1) {
        /// The event.
        seq: u64,
        /// Which inspection.
        inspection: RecordId,
        /// The name of the stratum they are in.
        stratum: String,
        /// Which recordings, statements or acts, one on a line.
        items: String,
    }

    /// Something that was drawn.
    InspectionDrawn in INSPECTION_DRAWN("inspection_drawn", 2) {
        /// Which inspection.
        inspection: RecordId,
        /// Which recording, statement or act.
        item: String,
        /// The event.
        seq: u64,
        /// Its place in that event.
        ordinal: u64,
    }
}
