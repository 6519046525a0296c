// The shapes of the interface that the pages use (vault-server/openapi.json).
import type { Language } from '../words';
import type { Words } from './client';

export interface Session {
  person: string;
  login: string;
  unit: string;
  inside: boolean;
  roles: string[];
  may: string[];
  seconds_left: number;
  confirmed: boolean;
  by_provider: boolean;
}
export interface Listed<T> {
  items: T[];
  next: number | null;
}
export interface Recording {
  recording: string;
  sha256: string | null;
  sm3: string | null;
  bytes: number;
  name: string;
  case: string;
  counterpart: string;
  handler: string;
  activity: string;
  device: string;
  maker: string;
  method: string;
  proves: string;
  secrecy: string;
  accession_seq: number;
  received: string;
  checked: string | null;
  damaged_seq: number | null;
  destroyed_seq: number | null;
}
export interface Marker {
  marker: string;
  kind: string;
  from_ms: number;
  to_ms: number;
  note: string;
  person: string;
}
export interface Version {
  version: number;
  origin: string;
  engine: string;
  based_on: number | null;
  at: string;
  person: string;
  checked_by: string | null;
  checked: string | null;
}
export interface Media {
  kind: string;
  container: string | null;
  duration_ms: number | null;
  device: string;
  started: string | null;
  ended: string | null;
  time_source: string | null;
  streams: { medium?: string; codec?: string; width?: number; height?: number }[];
  plays_in_browser: boolean | null;
  not_examinable: string | null;
  findings: { class: string; stream: number; from_ms: number; to_ms: number; measure: unknown }[];
  products: { kind: string; object: string; bytes: number }[];
  transcripts: Version[];
  markers: Marker[];
  session: {
    part: number;
    parts: { recording: string; name: string; started: string; ended: string }[];
    seams: { after_part: number; from: string; to: string; measure_ms: number }[];
  } | null;
  lacks_checked_text: boolean;
}
export interface Retention {
  until: string | null;
  reasons: { kind: string; detail: string; article: string; until: string | null; person: string; why: string; at: string | null }[];
  blocks: { kind: string; detail: string; person: string; why: string; at: string | null; years: number | null }[];
}
export interface RecordingFull extends Recording {
  media: Media | null;
  retention: Retention;
  archived: boolean;
  received_by: string | null;
  term: { since: string; basis: string; due: string; done_on: string | null; late: boolean; provisional: boolean };
  tier: Tier;
  volumes: string[];
}
export interface Tier { state: 'hot' | 'cold' | 'brought-back'; store: string | null; since: string | null }

export interface Tiers {
  store: string | null; archives: boolean; after_days: number; recordings: number; bytes: number;
  asked: { recording: string; since: string }[]; next: number; next_bytes: number; stay: Record<string, number>;
}

export interface Backup {
  backup: string; made: string; person: string; place: string; events: number; objects: number; bytes: number; list: string;
  bears_destroyed_keys: boolean;
  rehearsed: { at: string; objects: number; bytes: number; milliseconds: number; failed: number } | null;
}

export interface Backups {
  backups: Backup[]; last_made: string | null; last_rehearsed: string | null; backup_due: boolean; rehearsal_due: boolean;
  days: number; rehearsal_days: number; placed: boolean; restored: string | null; unseen: string | null;
  known: { place: string; size: number; root: string; standing: 'behind' | 'differs' }[]; lost: string[];
}

export interface Rehearsed {
  backup: string; events: number; objects: number; bytes: number; restoring_milliseconds: number; reading_milliseconds: number; failed: string[];
}

export interface Rule {
  rule: string; state: 'proposed' | 'in-force' | 'replaced' | 'withdrawn'; class: string; years: number; stored: boolean;
  recordings: number; lengthened: number; kept: number; proposed: Step; decided: Step | null;
}

export interface Simulation {
  years_now: number; recordings: number; bytes: number; lengthened: number; kept: number; would_end: number; would_end_bytes: number;
  obstacles: Record<string, number>; more: boolean; per_year: number; per_year_bytes: number;
}
export interface Cue {
  from_ms: number;
  to_ms: number;
  speaker: string;
  text: string;
  origin: string;
  confidence: number | null;
}
export interface Transcript {
  version: Version;
  language: string;
  cues: Cue[];
}
export interface VaultEvent {
  seq: number;
  at: string;
  kind: string;
  zh: string;
  en: string;
  actor: string;
  person: string | null;
  role: string;
  details: Record<string, unknown>;
}
export interface CaseLine {
  case: string;
  title: string;
  counterpart: string;
  unit: string;
  officers: { name: string; certificate: string }[];
  opened_on: string;
  ended_on: string | null;
  due_on: string | null;
  closed: string | null;
  closed_by: string | null;
  entries: number;
  lacks: number;
  awaiting: number;
}
export interface CaseFile extends CaseLine {
  closing_note: string | null;
  endings: { on: string; at: string; by: string; reason: string }[];
  awaiting_recordings: { recording: string; name: string }[];
  contents: { number: number; kind: 'document' | 'recording'; content: string; title: string; stage: string; document: string; on: string; addendum: boolean }[];
  missing: { stage: string; any_of: string[]; article: string }[];
}
export interface Request {
  request: string;
  state: string;
  at: string;
  applicant: { kind: string; name: string; unit: string };
  registered_by: string;
  office: string;
  mode: string;
  copies: number;
  copies_out: number;
  days: number;
  stretch_ms: [number, number] | null;
  purpose: string;
  recordings: string[];
  decision: { consent: boolean; person: string; reason: string; at: string } | null;
  notice: { year: number; number: number; at: string } | null;
  signature: { way: string; digest: string; person: string; at: string } | null;
  grant: string | null;
  expires: string | null;
  revoked: { person: string; reason: string; at: string } | null;
  own: boolean;
  may: string[];
}
/** Who signed for a side of a numbered list. */
export interface SideSigned {
  person: string;
  way: string;
  at: string;
}
export interface Paper {
  form: string;
  kind: string;
  year: number;
  number: number;
  case: string;
  request: string;
  copy: number;
  sha256: string;
  recordings: string[];
  issued_by: string;
  issued: string;
  handed_over: SideSigned | null;
  received: SideSigned | null;
  voided: { person: string; reason: string; at: string } | null;
  print: string;
}
export interface CopyLeft {
  request: string;
  copy: number;
  mark: string;
  seq: number;
  at: string;
  to: string;
  by: string;
}
export interface Account {
  login: string;
  person: string;
  unit: string;
  inside: boolean;
  certificate: string;
  roles: string[];
  disabled: boolean;
  acts: boolean;
  own_password: boolean;
  one_time_code: boolean;
  proposal: { roles: string[]; by: string; at: string } | null;
}
export interface Code {
  code: string;
  zh: string;
  en: string;
  of: string | null;
}
export type Codes = Record<string, Code[]>;
export interface Upload {
  upload: string;
  url: string;
  name: string;
  fingerprint: string;
  offset: number;
  bytes: number;
  created: string;
  expires: string;
}
export interface Integrity {
  recordings: number;
  bytes: number;
  duplicates: number;
  events: number;
  without_digests: number;
  oldest_check: string | null;
  damaged_ids: string[];
  damaged: Recording[];
  scrub: { period_days: number; oldest: string | null; bytes_per_day: number; bytes_per_day_needed: number; predicted_end: string | null; overdue: number; damaged: number };
}
export interface Due {
  kind: string;
  article: string;
  subject: string;
  name: string;
  unit: string;
  since: string;
  basis: string;
  due: string;
  days_left: number;
  provisional: boolean;
  case: string;
  days: Counted['days'];
  papers: string[];
}
export interface Missed {
  term: string;
  kind: string;
  article: string;
  subject: string;
  name: string;
  unit: string;
  case: string;
  since: string;
  due: string;
  at: string;
  reason: { person: string; text: string; at: string } | null;
  reasons: { person: string; text: string; at: string }[];
  explains: boolean;
}
export interface Moved {
  term: string;
  kind: string;
  subject: string;
  from: string;
  to: string;
}
export interface Duty {
  kind: string;
  count: number;
  late: number;
  page: string;
}
export interface Delivery {
  id: string;
  day: string;
  kind: string;
  channel: string;
  recipient: string;
  text: string;
  state: string;
  attempts: number;
  tried: string | null;
  problem: string;
}
export interface Trial {
  channel: string;
  recipient: string;
  problem: string | null;
}
export interface Figure {
  kind: string;
  value: number;
  percent: boolean;
  trend: number[];
  article: string;
  page: string;
}
export interface Board {
  role: string;
  by: 'week' | 'month';
  days: string[];
  figures: Figure[];
}
export interface Counted {
  due: string;
  provisional: boolean;
  papers: string[];
  days: { date: string; kind: string; festival: string | null; number: number | null }[];
}
export interface Job {
  id: number;
  kind: string;
  state: string;
  attempts: number;
  due: string;
  problem: string | null;
}
export interface Hit {
  recording: string;
  name: string;
  case: string;
  source: string;
  from_ms: number;
  to_ms: number;
  text: string;
}
export interface CopyMade {
  copy: number;
  mark: string;
  bytes: number;
  package: string;
  pick_up_code: string;
  unreadable: string[];
}

export interface Store {
  id: string; name: string; kind: string; state: 'in-use' | 'release-proposed' | 'released';
  objects: number; bytes: number; lacking: number; damaged: number; overdue: number; in_reach: boolean; oldest: string | null;
  damaged_objects: string[]; create_only: boolean; proposed: Step | null; withdrawn: Step | null; released: Step | null;
}

export interface Stores {
  stores: Store[];
  classes: { class: string; wanted: number; objects: number; short: number; places: { store: string; lacking: number }[] }[];
  places: string[];
}

export interface VolumeCopy {
  copy: number; place: string; burnt_elsewhere: string | null; at: string; checked: string | null; whole: boolean | null;
  release: { person: string; reason: string; at: string; released_by: string | null; released: string | null } | null;
  withdrawn: { person: string; reason: string; at: string } | null;
}

export interface Volume {
  volume: string; label: string; medium: string; bytes: number; image: string; built: string; recordings: number;
  recipients: string[]; source: string | null; successors: string[]; counts: boolean; retired: boolean; superseded_by: string | null; image_here: boolean;
  burns: { copy: number; target: string; result: string; differing_bytes: number; person: string; at: string }[];
  copies: VolumeCopy[];
}

interface PlannedItem { recording: string; name: string; case: string; bytes: number; secrecy: string }

export interface Plan {
  volumes: { items: PlannedItem[]; cases: string[]; bytes: number; recipients: string[] }[];
  too_large: PlannedItem[];
}

export interface DueCopy {
  label: string; copy: number; place: string; read_on: string; whole: boolean; due_on: string; days_left: number;
}

/** A problem within an answer: of work that failed after its beginning was answered. */
export interface Refusal extends Words { status: number; code: string; words: Partial<Record<Language, Words>> }

export interface Equipment { media: string[]; images: boolean; drives: string[] }

export interface Found {
  objects: number; bytes: number; repairs: { object: string; store: string; source: string; bytes: number }[]; repaired: number; whole: number;
  undone: { object: string; problem: Refusal | null }[]; failed: number; damaged_bytes: number; mendable: boolean | null; left: number; recalled: number; under_way: number;
}

export interface Work {
  number: number; may_stop: boolean; kind: string; lane: 'volumes' | 'stores' | 'objects'; about: string; copy: number; person: string; began: string; ended: string | null;
  state: 'running' | 'done' | 'failed'; bytes: number; found: Found | null; problem: Refusal | null;
}

export interface Ground { kind: string; detail: string }

export interface Candidate {
  recording: string; name: string; cases: string[]; bytes: number; received: string; until: string | null;
  retention: Retention; obstacles: Ground[]; risks: Ground[];
}

export interface Step { person: string; reason: string; at: string }

export interface Disposal {
  disposal: string; state: 'proposed' | 'approved' | 'withdrawn' | 'begun' | 'carried-out';
  recordings: string[]; destroyed: string[]; spared: string[]; spared_because: ({ recording: string } & Ground)[]; proposed: Step; approved: Step | null; not_before: string | null;
  withdrawn: Step | null; objects: number; bytes: number; volumes: string[];
  carried_out_by: string | null; carried_out: string | null;
  record: { year: number; number: number; digest: string } | null;
}

export interface InSaid { person: string; text: string; at: string }

export interface Lot {
  item: string; kind: 'recording' | 'statement' | 'act'; recording: string | null; name: string; handler: string; activity: string; case: string; ground: string;
  reason: string; answers: string[] | null; checklist: string[] | null; watched_ms: number | null; reviewed: InSaid | null;
  replaced: { answers: string[]; checklist: string[] | null; watched_ms: number; reviewed: InSaid }[];
}

export interface Watching { duration_ms: number | null; played_ms: number; served_percent: number; percent: number; least_percent: number }

export interface Finding {
  finding: string; item: string; recording: string | null; article: string; from_ms: number; to_ms: number; due: string;
  found: InSaid; corrected: InSaid | null; rechecked: InSaid | null; settled: boolean; state: 'open' | 'corrected' | 'settled';
}

export interface Inspection {
  inspection: string; state: 'planned' | 'approved' | 'frozen' | 'drawn' | 'ended';
  proportion: number; minimum: number; strata: string[]; from: string; to: string;
  planned: InSaid; approved: InSaid | null;
  bound: { party: string; person: string; at: string; commitment: string; number: string | null }[];
  items: number | null; population: string | null; root: string | null; seed: string | null;
  lots: Lot[]; findings: Finding[]; ended: InSaid | null;
}

/** What became of what inspections drew. */
export interface Tally { drawn: number; reviewed: number; unreviewed: number; passed: number; points: number | null; findings: number; settled: number }

export interface Evaluated extends Tally { unit: string; handler: string; inspections: number }

export interface Score extends Tally { stratum: string; population: number }

export interface Recorded { recording: string; name: string; medium: string; source: string; started: string; ended: string }

export interface RegisterStep { kind: string; at: string; person: string; text: string; fields: Record<string, string> }

export interface Device {
  device: string; number: string; kind: string; model: string; serial: string; unit: string; keeper: string;
  check_days: number; maintenance_days: number; state: 'in' | 'out' | 'broken' | 'retired'; user: string | null;
  checked: { battery: number; free_mib: number; clock_seconds: number; fit: boolean; note: string; at: string } | null;
  check_due: string; maintained: string | null; maintenance_due: string; overdue: boolean;
  deliveries: { count: number; last: string; clock_seconds: number } | null; drift: { at: string; clock_seconds: number }[]; steps: RegisterStep[];
}

export interface Devices { devices: Device[]; unknown: { number: string; deliveries: number; last: string }[] }

export interface Statement {
  statement: string; state: 'reported' | 'accepted' | 'rejected'; ground: string; activity: string; case: string; case_unknown: boolean; on: string;
  place: string; handler: string; reason: string; basis: string; person: string; at: string; late: boolean; answered: InSaid | null;
}

export interface Obligation {
  case: string; unit: string; activity: string; article: string; documents: string[]; recordings: number; statements: string[];
  state: 'recorded' | 'stated' | 'waiting' | 'neither';
}

export interface Lapse {
  lapse: string; state: 'raised' | 'answered' | 'upheld' | 'dismissed'; clause: string; source: string; unit: string; concerned: string;
  case: string; recordings: string[]; due: string; text: string; person: string; at: string; overdue: boolean;
  answered: InSaid | null; closed: InSaid | null;
}

export interface Suspicion { key: string; kind: string; source: string; clause: string; about: string; recording: string | null; case: string; unit: string }

export interface Review {
  review: string; case: string; state: 'not-needed' | 'submitted' | 'accepted' | 'stopped' | 'passed' | 'not-passed' | 'objected';
  grounds: string[]; materials: { material: string; reference: string; documents: string[] }[]; materials_missing: string[]; opinion: string | null;
  opinion_number: { year: number; number: number } | null; objection_due: string | null;
  terms: { article: string; working_days: number; due: string | null; late: boolean }[]; steps: RegisterStep[];
}

export interface PublicityTerm {
  article: string; working_days: number; since: string; due: string; provisional: boolean; done_on: string | null; late: boolean;
  days: { date: string; kind: string; festival: string | null; number: number | null }[];
}

export interface Publicity {
  publicity: string; case: string; unit: string; waits: boolean; kind: string; decided_on: string; number: string; natural_person: boolean; major: boolean;
  state: 'drafted' | 'returned' | 'withheld' | 'approved' | 'published' | 'revoked' | 'withdrawn' | 'taken-down';
  title: string; fields: { name: string; value: string }[]; objections: Record<string, boolean>; reason: string; term: PublicityTerm;
  withdrawal: PublicityTerm | null; down_from: string | null; take_down: 'asked' | 'approved' | null; places: string[]; steps: RegisterStep[];
}

export interface PublicityDue { publicity: string | null; case: string; name: string; unit: string; withdraws: boolean; term: PublicityTerm }

export interface Figures { year: number; until: string; units: { unit: string; counts: Record<string, number> }[]; total: Record<string, number> }

export interface Annual {
  annual: string; state: 'frozen' | 'returned' | 'approved' | 'handed-on'; at: string; due: string; report_due: string; late: boolean; corrects: string | null; corrected_by: string | null; figures: Figures; steps: RegisterStep[];
}

export interface Requirement {
  stage: string; kind: 'document' | 'recording' | 'review' | 'opinion' | 'discussion' | 'publicity' | 'end' | 'closing'; names: string[]; article: string;
  fulfilment: 'there' | 'waiting' | 'missing' | 'ahead'; state: string; late: boolean; held: { title: string; content: string | null }[];
}

export interface Process {
  case: string; title: string; unit: string; stages: { stage: string; met: number; all: number }[]; missing: number; requirements: Requirement[];
}

export interface CalendarDay { date: string; kind: 'working' | 'shifted-working' | 'weekend' | 'festival'; festival: string | null; number: number | null }

export interface Year { year: number; papers: string[]; days: CalendarDay[] }

export interface Edition {
  edition: string; year: number; papers: string[]; days: CalendarDay[]; person: string; at: string; confirmed_by: string | null; confirmed: string | null;
}
