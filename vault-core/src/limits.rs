//! Every bound of the core, in one place, each with its reason.
//!
//! Input is hostile: whatever has a size, a count, a depth or a duration has its limit here.

use std::time::Duration;

/// Bytes of one block: the unit of encryption, and of verification of a range. A power of two of
/// BLAKE3 chunks; 256 KiB keeps the side tables at 0.03 % and fits the second-level cache.
pub const BLOCK_BYTES: u64 = 256 * 1024;

/// Bytes of one extent: the unit of parallel work, of resuming and of repair.
pub const EXTENT_BYTES: u64 = 16 * 1024 * 1024;

/// Blocks in a full extent.
pub const BLOCKS_PER_EXTENT: u64 = EXTENT_BYTES / BLOCK_BYTES;

/// The largest recording taken in: 4 TiB, above any recorder's card, and below the point where a
/// manifest no longer fits in memory comfortably (640 MiB at 16 TiB).
pub const RECORDING_BYTES_MAX: u64 = 4 << 40;

/// The largest manifest read: that of the largest recording, with room.
pub const MANIFEST_BYTES_MAX: u64 = 1 << 30;

/// Memory that manifests opened lately take: those of some 150 GiB that are being watched.
pub const MANIFESTS_OPENED_BYTES_MAX: u64 = 64 << 20;

/// How many files one `ingest` takes: the walk keeps them in memory to sort and count them.
pub const SOURCES_MAX: usize = 2_000_000;

/// How deep directories may nest in one `ingest`.
pub const SOURCE_DEPTH_MAX: usize = 64;

/// The longest label (case number, name, purpose) in bytes of UTF-8; the forms of the regulation
/// have no field longer than a line or two.
pub const LABEL_BYTES_MAX: usize = 1_024;

/// The longest name to sign in with, in characters.
pub const LOGIN_CHARS_MAX: usize = 64;

/// The shortest password, in characters: what NIST SP 800-63B asks where it is not the only proof.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// The longest password: Argon2 reads all of it, and nobody types more.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// How long a one-time code that served is remembered: longer than it could serve again.
pub const CODE_REMEMBERED: Duration = Duration::from_mins(5);

/// Working days from the end of a recording to its being stored with its labels (A2.18(一)1).
pub const LABEL_WORKING_DAYS: u32 = 2;

/// Days for which damage that was found is suspected to be somebody's lapse: a period of the
/// scheduled reading.
pub const ALARM_DAYS: i64 = 90;

/// Deadlines of one kind that are told at once; who has more works them off page by page.
pub const DEADLINES_MAX: usize = 1_000;

/// Working days after a missed term before the head of the unit hears of it, if nothing is said.
pub const ESCALATE_AFTER_WORKING_DAYS: u32 = 3;

/// The most that can be said: later nobody would act on it.
pub const ESCALATE_AFTER_MAX: u32 = 20;

/// The hour of the day before which nothing is sent, if nothing is said: people are at work.
pub const REMINDER_HOUR: u32 = 8;

/// Webhooks and robots: one for each unit of a county, and some.
pub const CHANNELS_MAX: usize = 64;

/// Attempts at one message, spread by the queue over a day; then an administrator is told.
pub const DELIVERY_ATTEMPTS_MAX: i64 = 5;

/// Messages shown to administrators: some weeks of an office.
pub const DELIVERIES_SHOWN_MAX: i64 = 500;

/// Deliveries of a device whose clock is told: some months of daily use.
pub const DEVICE_DRIFT_SHOWN: i64 = 60;

/// Days from the end of the enforcement to the closing of its file (A2.18(一)3).
pub const CASE_FILING_DAYS: i64 = 30;

/// Days after which a device is to be looked at again, where its entry says nothing: A3.6 asks for
/// "in time" and gives no number; a month is what charged and idle batteries bear.
pub const DEVICE_CHECK_DAYS: u64 = 30;

/// Days after which a device is to be maintained again, where its entry says nothing: A3.6 asks for
/// "regularly" and gives no number.
pub const DEVICE_MAINTENANCE_DAYS: u64 = 180;

/// The longest of these terms that can be set.
pub const DEVICE_DAYS_MAX: u64 = 3_650;

/// Days before a device is to be looked at or maintained on which its keeper is told: a week, so that
/// it is not taken out then (A3.6).
pub const DEVICE_NOTICE_DAYS: i64 = 7;

/// The furthest a device's clock may be off without being called unfit, in seconds: times of
/// recordings and of written records are compared to the minute (A3.9).
pub const DEVICE_CLOCK_SECONDS_MAX: i64 = 60;

/// Working days of a legal review from complete material (A2.26).
pub const REVIEW_WORKING_DAYS: u32 = 5;

/// Working days of a legal review from its acceptance (A2.28). The text has both rules; the
/// stricter one comes first and is the one that counts as missed.
pub const REVIEW_ACCEPTED_WORKING_DAYS: u32 = 7;

/// Working days that a leader may add, once (A2.26, A2.28).
pub const REVIEW_EXTENSION_WORKING_DAYS: u32 = 5;

/// Working days to object to an opinion (A2.29).
pub const REVIEW_OBJECTION_WORKING_DAYS: u32 = 3;

/// Working days from a licence or a penalty to its publication (A2.7(一)).
pub const PUBLICITY_WORKING_DAYS: u32 = 7;

/// Working days from any other decision to its publication (A2.7(一)).
pub const PUBLICITY_OTHER_WORKING_DAYS: u32 = 20;

/// Working days to withdraw what does not stand any more (A2.7(二)).
pub const PUBLICITY_WITHDRAWAL_WORKING_DAYS: u32 = 3;

/// Years after which what was published may be taken down (A2.7(三)).
pub const PUBLICITY_YEARS: i64 = 5;

/// Years after which that of a natural person may be, with approval (A2.7(三)).
pub const PUBLICITY_PERSON_YEARS: i64 = 2;

/// The longest field that is published, in bytes of UTF-8: the facts of a penalty are a paragraph.
pub const PUBLICITY_FIELD_BYTES_MAX: usize = 6_000;

/// The last day of December on which the figures of a year are handed in (A2.10(五)).
pub const ANNUAL_DUE_DAY: u32 = 10;

/// Days before the tenth of December from which the figures of the year wait for whoever freezes
/// them: a month, so that a leader has time to look at them.
pub const ANNUAL_NOTICE_DAYS: i64 = 30;

/// The last day of December on which they are reported upwards (A2.10(五)).
pub const ANNUAL_REPORT_DAY: u32 = 15;

/// The longest figures of a year, in bytes: some 500 for each unit.
pub const ANNUAL_BYTES_MAX: usize = 128 << 10;

/// The least share of a drawn recording that is watched before a verdict, in parts of a hundred;
/// who watched less says why. The text asks for the whole process to be looked at, and what is
/// fast-forwarded is not.
pub const WATCHED_PERCENT_MIN: u64 = 80;

/// Stretches that a player says at once: it joins what it played on and on.
pub const WATCHED_RANGES_MAX: usize = 1_000;

/// The longest edition of a calendar: one names some 40 days in 3 KiB.
pub const EDITION_BYTES_MAX: usize = 64 << 10;

/// Recordings that one lapse concerns: each is a subject of its event.
pub const LAPSE_ITEMS_MAX: usize = 100;

/// Recordings on one timeline: what a page can show, each looked up for it.
pub const TIMELINE_MAX: usize = 500;

/// Officers named with one case.
pub const OFFICERS_MAX: usize = 32;

/// Recordings and written records in one case file: closing files them in one transaction.
pub const CASE_ITEMS_MAX: usize = 10_000;

/// The largest written record: a scan of some thousand pages.
pub const DOCUMENT_BYTES_MAX: u64 = 1 << 30;

/// The largest font file read for forms: Noto Serif CJK has 27 MB for each weight.
pub const FONT_BYTES_MAX: u64 = 128 << 20;

/// Font files in the directory an agency names: a few families in a few weights.
pub const FONT_FILES_MAX: usize = 32;

/// Lines of one form: setting a list in type takes some 300 KiB of memory for each, and nobody
/// signs a hundred pages at once. Longer lists come in parts.
pub const FORM_LINES_MAX: usize = 1_000;

/// Years an original is kept at least (A3.11).
pub const ORIGINAL_YEARS: i64 = 2;

/// The longest term of a case file in years; longer is for ever.
pub const CASE_TERM_YEARS_MAX: u64 = 100;

/// Recordings in one request: each is a subject of its events, whose leaves stay below 60 KiB.
pub const REQUEST_ITEMS_MAX: usize = 200;

/// Persons a refusal names who could do it instead: a department has a few leaders, and a message
/// stays one.
pub const OFFICE_HOLDERS_SHOWN: usize = 5;

/// The longest grant, in days. Whoever needs it longer asks again.
pub const GRANT_DAYS_MAX: u64 = 365;

/// Copies under one grant.
pub const GRANT_COPIES_MAX: u64 = 100;

/// How often a reading under way looks whether its grant still holds: a stream stops within two
/// seconds of a revocation.
pub const GRANT_CHECKED: Duration = Duration::from_millis(500);

/// Bytes of one piece of a reading, of which five are in memory for each: a hundred viewers take
/// 125 MiB.
pub const READ_PIECE_BYTES: u64 = BLOCK_BYTES;

/// How many received recordings share one durable commit at most. More would delay the
/// acknowledgement of the first without saving much: a commit costs a few fsyncs.
pub const COMMIT_BATCH_MAX: usize = 512;

/// How many recordings one fixity event names: its leaf must stay below 60 KiB.
pub const FIXITY_BATCH_MAX: usize = 200;

/// How long a second writer waits for the catalogue before it is told that it is busy.
pub const CATALOGUE_WAIT: Duration = Duration::from_mins(1);

/// Events that wait for a checkpoint before the standing work signs one: sixteen tiles, which are
/// written in less time than a person notices.
pub const UNSIGNED_MAX: u64 = 4_096;

/// How long a claimed job belongs to its worker without a sign of life.
pub const JOB_LEASE: Duration = Duration::from_mins(2);

/// How often a failing job is tried before it waits for a person.
pub const JOB_ATTEMPTS_MAX: i64 = 6;

/// The first pause after a failed attempt; doubled each time.
pub const JOB_BACKOFF: Duration = Duration::from_secs(5);

/// How many days after its last check a copy on disk or in a bucket is due again, where the
/// settings say nothing (storage anchors, D13).
pub const SCRUB_PERIOD_DAYS: u64 = 90;

/// The longest period that can be set: what nobody looks at for longer than a year is not kept.
pub const SCRUB_PERIOD_DAYS_MAX: u64 = 365;

/// How much the scheduled reading takes of a second, where the settings say nothing: a tenth of
/// what a slow disk gives, and 90 days of it are 500 TB.
pub const SCRUB_BYTES_PER_SECOND: u64 = 64 << 20;

/// The lowest rate that can be set: below it not even a small vault is read within its period.
pub const SCRUB_BYTES_PER_SECOND_MIN: u64 = 1 << 20;

/// The part of its time that the scheduled reading rests, so that others come in between.
pub const SCRUB_IDLE_PERCENT: u64 = 50;

/// The most it can be made to rest.
pub const SCRUB_IDLE_PERCENT_MAX: u64 = 95;

/// Copies of one segment of the reading: chosen by age, read in their physical order.
pub const SCRUB_SEGMENT_MAX: u32 = 2_048;

/// Events on either side of a damaged copy's own, whose copies are read next: damage has
/// neighbours, and what came in together lies together.
pub const SCRUB_NEIGHBOURS: u64 = 16;

/// How long one turn of the scheduled reading takes, so that other work comes in between; where
/// it stops in a long recording is remembered.
pub const SCRUB_TURN: Duration = Duration::from_mins(1);

/// How often the standing reading gets a turn: half of the time, and finding out what is due costs
/// a look at every copy.
pub const SCRUB_EVERY: Duration = Duration::from_mins(2);

/// How long after a check that found damage the scheduled reading looks at the same copy again.
pub const SCRUB_BAD_AGAIN: Duration = Duration::from_hours(24);

/// How long abandoned staging is kept before the janitor removes it.
pub const STAGING_KEPT: Duration = Duration::from_hours(7 * 24);

/// How long a connection to an object store may take to open: a store that is up answers within
/// milliseconds, one across a slow line within a few seconds.
pub const S3_CONNECT_WAIT: Duration = Duration::from_secs(10);

/// How long a store may take to say whether it is there before people are told that it is not: who
/// looks at a board waits no longer for one that is up.
pub const STORE_ANSWER_WAIT: Duration = Duration::from_secs(5);

/// How long one request to an object store may take: a part of 16 MiB over a line of 2 Mbit/s.
pub const S3_REQUEST_WAIT: Duration = Duration::from_secs(75);

/// How often a request is repeated after a passing fault; with the pauses below this rides over a
/// restart of the store, and a store that is really gone is reported within a minute.
pub const S3_RETRIES_MAX: usize = 6;

/// No request is repeated later than this after its first attempt; below the five minutes for
/// which a signature of a request is valid.
pub const S3_RETRY_SPAN: Duration = Duration::from_mins(3);

/// The first pause before a repeated request; doubled, with jitter, each time.
pub const S3_BACKOFF_FIRST: Duration = Duration::from_millis(200);

/// The longest pause before a repeated request: a store that comes back is noticed soon.
pub const S3_BACKOFF_MAX: Duration = Duration::from_secs(10);

/// Parts of one multipart upload; every S3 server refuses more. With parts of one extent this
/// bounds a blob on an object store to 156 GiB.
pub const S3_PARTS_MAX: u64 = 10_000;

/// Blocks that one request reads where everything is read (4 MiB): each request travels and is paid
/// for, and each of many workers holds so much.
pub const S3_BLOCKS_AT_ONCE: u64 = 16;

/// How many manifests of one commit are put at once: enough to hide the latency of a request.
pub const S3_PUTS_AT_ONCE: usize = 16;

/// The largest thing that one copy inside a bucket moves: every S3 server refuses more.
pub const S3_COPY_BYTES_MAX: u64 = 5 << 30;

/// Days for which an archive keeps what it brought back readable: enough to fetch it, and again if
/// that fails.
pub const RECALL_DAYS: u64 = 3;

/// Days without use after which a recording is cold, where the settings say nothing: the terms of
/// objection and suit (60 days, six months) are over.
pub const COLD_AFTER_DAYS: u64 = 365;

/// The shortest such time: what is cold after a day is fetched again the next.
pub const COLD_AFTER_DAYS_MIN: u64 = 30;

/// The longest.
pub const COLD_AFTER_DAYS_MAX: u64 = 36_500;

/// Days for which a recording that was brought back stays where it is read at once.
pub const HOT_AGAIN_DAYS: u64 = 30;

/// How often what was asked for is looked after.
pub const RECALL_EVERY: Duration = Duration::from_secs(5);

/// How often it is looked whether recordings became cold.
pub const COOL_EVERY: Duration = Duration::from_hours(1);

/// Recordings taken to a cold store in one event.
pub const COOL_BATCH_MAX: usize = 32;

/// How long the self-test locks its trial version: longer than the three requests that try the
/// lock, short enough to wait for the end of it and clean up.
pub const S3_LOCK_TRIAL: Duration = Duration::from_secs(15);

/// How many creates of one name the self-test sends at the same time: a server that looks first
/// and writes later shows itself with a handful.
pub const S3_RACERS: u8 = 8;

/// The furthest a device's clock may be said to be wrong, in seconds: a day and a zone.
pub const CLOCK_OFFSET_SECONDS_MAX: i64 = 40 * 3_600;

/// The longest a probe may take for the smallest file: starting a worker on a busy machine.
pub const MEDIA_PROBE_WAIT: Duration = Duration::from_mins(1);

/// What a probe reads at least, beyond that: a slow object store.
pub const MEDIA_PROBE_BYTES_PER_SECOND: u64 = 5_000_000;

/// The longest a preview may take for the smallest file: a few seconds of 4K without help.
pub const MEDIA_PREVIEW_WAIT: Duration = Duration::from_mins(10);

/// What a preview gets through at least, beyond that: 4K at a fifth of its speed.
pub const MEDIA_PREVIEW_BYTES_PER_SECOND: u64 = 250_000;

/// The largest poster, contact sheet or waveform: a hundred hours of peaks, or 64 pictures.
pub const MEDIA_SMALL_PRODUCT_MAX: u64 = 16 << 20;

/// A proxy may have twice the bytes of its original and this: short films in old codecs grow.
pub const MEDIA_PROXY_ROOM_BYTES: u64 = 256 << 20;

/// Packets of an excerpt: a day of pictures and sound at the rates of recorders.
pub const EXCERPT_PIECES_MAX: u64 = 8_000_000;

/// Ranges of a recording that are nearer than this are given out as one with an excerpt: what lies
/// between is of the same moment, and a proof has some fifty nodes at each edge.
pub const EXCERPT_GAP_BYTES: u64 = 64 << 10;

/// Recordings one worker examines before it is replaced: few enough that what a hostile one did
/// to its worker does not reach far, enough that the start of a worker is not felt.
pub const MEDIA_WORKER_ORDERS_MAX: u32 = 32;

/// Pieces of one transcript: a whole day of short sentences.
pub const CUES_MAX: usize = 100_000;

/// The longest piece of a transcript, in bytes of UTF-8: a minute of fast speech.
pub const CUE_TEXT_BYTES_MAX: usize = 8 << 10;

/// The longest name of a speaker, in bytes of UTF-8.
pub const SPEAKER_BYTES_MAX: usize = 256;

/// The largest transcript kept: what canonical JSON may have.
pub const TRANSCRIPT_BYTES_MAX: u64 = 32 << 20;

/// How long a speech engine may take for the shortest sound: loading a large model.
pub const SPEECH_WAIT: Duration = Duration::from_mins(5);

/// How long it may take beyond that for each second of sound: large models without a GPU.
pub const SPEECH_WAIT_PER_SECOND: Duration = Duration::from_secs(20);

/// The longest answer of a speech engine.
pub const SPEECH_ANSWER_BYTES_MAX: u64 = 32 << 20;

/// The longest sound handed to a speech engine, as 16 kHz samples: a hundred hours.
pub const SPEECH_BYTES_MAX: u64 = 100 * 3_600 * 32_000;

/// Hits on one page of a search; each shows text, and each recording shown goes on record.
pub const SEARCH_HITS_MAX: u32 = 200;

/// The longest question, in characters: a sentence.
pub const SEARCH_QUESTION_CHARS_MAX: usize = 200;

/// Characters of a case's directory or a form's name in a court package, its ordinal apart: with
/// it below the 64 of Joliet, and long enough for every case number.
pub const PACKAGE_CASE_CHARS: usize = 40;

/// Characters of a recording's name in its directory's name: the whole path stays below 200.
pub const PACKAGE_NAME_CHARS: usize = 24;

/// Characters of a file name's extension in a court package.
pub const PACKAGE_EXTENSION_CHARS: usize = 8;

/// Bytes of a recording read at once for a court package: three digests over a piece that fits
/// the second-level cache.
pub const PACKAGE_READ_BYTES: usize = 256 * 1024;

/// How long verification waits for a log that is behind the catalogue: another process is between
/// its transaction and its append for milliseconds, on a slow disk for a second or two.
pub const LOG_END_WAIT: Duration = Duration::from_secs(10);

/// How often it looks meanwhile.
pub const LOG_END_LOOK: Duration = Duration::from_millis(50);

/// Uploads of one person or station that may be under way at once: every file of a docking
/// station with sixteen recorders, twice.
pub const UPLOADS_OF_ONE_MAX: usize = 64;

/// Uploads under way at once in all; each holds a buffer of two megabytes.
pub const UPLOADS_MAX: usize = 512;

/// Bytes of a part that are read again at once when parts are joined: whole blocks, small beside
/// the buffer of an upload.
pub const JOIN_STEP_BYTES: u64 = 4 * BLOCK_BYTES;

/// The longest file name of an upload, in bytes of UTF-8: what file systems take.
pub const UPLOAD_NAME_BYTES_MAX: usize = 255;

/// The largest single upload: a recorder writes files of 4 GiB at most, a day of a camera at
/// 20 Mbit/s has 216 GB.
pub const UPLOAD_BYTES_MAX: u64 = 1 << 40;

/// The largest package that the vault keeps as one file.
pub const PACKAGE_BYTES_MAX: u64 = 1 << 42;

/// How long a kept package can be collected by its code.
pub const PICK_UP_KEPT: Duration = Duration::from_hours(30 * 24);

/// Good copies that are wanted of what is preserved for long: on discs or drives, in two places
/// (A2.18(二), A3.12).
pub const LONG_TERM_COPIES: u64 = 2;

/// The most good copies that a setting may want: a wish that nobody can fulfil is an alarm that
/// nobody hears.
pub const COPIES_MAX: u64 = 9;

/// Objects whose copying to a further store is one event: few enough that a stop loses little,
/// many enough that the ledger stays short.
pub const COPY_BATCH_MAX: usize = 32;

/// The most further stores of a vault: each is a column that somebody has to watch.
pub const STORES_MAX: usize = 16;

/// Days without a rehearsal of restoring after which one is due, where the settings say nothing: a
/// quarter, as long as the scheduled reading takes.
pub const REHEARSAL_DAYS: u64 = 90;

/// Days without a backup after which one is due, where the settings say nothing.
pub const BACKUP_DAYS: u64 = 7;

/// The longest of these terms that can be set.
pub const BACKUP_DAYS_MAX: u64 = 365;

/// The longest list of a backup's files: one of a ledger of a hundred million events has 1 MiB.
pub const BACKUP_LIST_BYTES_MAX: u64 = 64 << 20;

/// Objects that a rehearsal reads, where nobody says how many.
pub const REHEARSAL_SAMPLE: u64 = 20;

/// The most objects that a rehearsal reads: what one event can name as damaged.
pub const REHEARSAL_SAMPLE_MAX: u64 = 200;

/// Memory of one Argon2id pass over the words that seal the secrets of a backup, in KiB: a second
/// of a small machine, once.
pub const SEAL_MEMORY_KIB: u32 = 262_144;

/// Recordings that a simulated rule would let go and that are looked at one by one: a few seconds.
pub const SIMULATED_CLOSELY_MAX: usize = 2_000;

/// Recordings that one event names: with their back pointers they fit its 60 KiB.
pub const EVENT_ITEMS_MAX: usize = 200;

/// Damaged objects that are named where a store is shown: more than these are nobody's work of one
/// day, and how many more there are is said.
pub const DAMAGED_SHOWN_MAX: usize = 20;

/// Recordings of one disposal: they must fit one event, and one person's judgement.
pub const DISPOSAL_ITEMS_MAX: usize = EVENT_ITEMS_MAX;

/// Recordings that one event lists where they leave no trace with them: within its 60 KiB.
pub const LISTED_ITEMS_MAX: usize = 800;

/// Recordings of one population: what a province records in a year, and a draw in seconds.
pub const POPULATION_MAX: usize = 1_000_000;

/// Hours between the approval of a disposal and its execution at least.
pub const GRACE_HOURS_MIN: u64 = 24;

/// The most hours of grace; longer is a second term of retention.
pub const GRACE_HOURS_MAX: u64 = 24 * 365;

/// Years within which an administrative act can be sued over (行政诉讼法 art. 46).
pub const SUIT_YEARS: i64 = 5;

/// How old a witness's sight of the ledger may be where the clock must be right, in seconds.
pub const WITNESS_AGE_MAX: u64 = 24 * 3_600;

/// How far the clock may be behind a witness's, in seconds: what clocks on one network differ.
pub const WITNESS_SKEW_MAX: u64 = 300;

/// Witnesses a vault may name.
pub const WITNESSES_MAX: usize = 16;

/// The longest checkpoint with signatures read from a file, in bytes: what the format allows.
pub const NOTE_BYTES_MAX: u64 = vault_proof::note::NOTE_BYTES_MAX as u64;

/// Recordings on one volume at most: its catalogue stays a file that people can open.
pub const VOLUME_ITEMS_MAX: usize = 20_000;

/// Bytes of a medium whose length is said: below it tables and parity would be most of it.
pub const VOLUME_CAPACITY_MIN: u64 = 16_000_000;

/// The longest medium: ISO 9660 counts sectors of 2 KiB with 32 bits.
pub const VOLUME_CAPACITY_MAX: u64 = 8_000_000_000_000;

/// Copies of one volume, those that were released among them.
pub const VOLUME_COPIES_MAX: u64 = 9;

/// Copies of a volume on shelves are read again within so many days.
pub const VOLUME_CHECK_DAYS: u64 = 365;

/// So many days before a copy has to be read again people are told.
pub const VOLUME_CHECK_NOTICE_DAYS: i64 = 30;

/// Cases named on a label; how many more there are is said.
pub const LABEL_CASES_MAX: usize = 10;

/// Recipients a volume is encrypted for: who keeps an identity is known by name.
pub const RECIPIENTS_MAX: usize = 8;

/// The longest file of identities read, in bytes.
pub const IDENTITY_BYTES_MAX: u64 = 64 << 10;

/// Drives that pages may burn to.
pub const DRIVES_MAX: usize = 8;

/// Characters of a volume's label: what ISO 9660 keeps.
pub const VOLUME_LABEL_MAX: usize = 32;
