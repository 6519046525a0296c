// The shapes of the interface that the pages use (vault-server/openapi.json).
export interface Session {
  person: string;
  login: string;
  unit: string;
  inside: boolean;
  roles: string[];
  may: string[];
  seconds_left: number;
  confirmed: boolean;
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
  blocks: { kind: string; detail: string; person: string; why: string; at: string | null }[];
}
export interface RecordingFull extends Recording {
  media: Media | null;
  retention: Retention;
  archived: boolean;
  received_by: string | null;
  term: { since: string; basis: string; due: string; done_on: string | null; late: boolean; provisional: boolean };
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
}
export interface CaseFile extends CaseLine {
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
  damaged: Recording[];
  scrub: { period_days: number; oldest: string | null; bytes_per_day: number; bytes_per_day_needed: number; predicted_end: string | null; overdue: number; damaged: number };
}
export interface Due {
  kind: 'label' | 'close-case';
  article: string;
  subject: string;
  name: string;
  unit: string;
  since: string;
  basis: string;
  due: string;
  days_left: number;
  provisional: boolean;
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
  objects: number; bytes: number; lacking: number; damaged: number; oldest: string | null;
}

export interface Stores {
  stores: Store[];
  classes: { class: string; wanted: number; objects: number; short: number }[];
}

export interface Volume {
  label: string; medium: string; bytes: number; built: string; recordings: number; counts: boolean;
  copies: { copy: number; place: string; at: string; checked: string | null; readable: boolean | null }[];
}

export interface Ground { kind: string; detail: string }

export interface Candidate {
  recording: string; name: string; bytes: number; received: string; until: string | null;
  obstacles: Ground[]; risks: Ground[];
}

export interface Step { person: string; reason: string; at: string }

export interface Disposal {
  disposal: string; state: 'proposed' | 'approved' | 'withdrawn' | 'begun' | 'carried-out';
  recordings: string[]; spared: string[]; proposed: Step; approved: Step | null; not_before: string | null;
  withdrawn: Step | null; objects: number; bytes: number; volumes: string[];
}

export interface InSaid { person: string; text: string; at: string }

export interface Lot {
  recording: string; name: string; handler: string;
  answers: string[] | null; watched_ms: number | null; reviewed: InSaid | null;
}

export interface Finding {
  finding: string; recording: string; article: string; from_ms: number; to_ms: number; due: string;
  found: InSaid; corrected: InSaid | null; rechecked: InSaid | null; settled: boolean;
}

export interface Inspection {
  inspection: string; state: 'planned' | 'approved' | 'frozen' | 'drawn' | 'ended';
  proportion: number; minimum: number; strata: string[]; from: string; to: string;
  planned: InSaid; approved: InSaid | null;
  bound: { party: string; person: string; at: string; commitment: string; number: string | null }[];
  items: number | null; population: string | null; root: string | null; seed: string | null;
  lots: Lot[]; findings: Finding[]; ended: InSaid | null;
}

export interface Score {
  stratum: string; population: number; drawn: number; reviewed: number; passed: number;
  points: number | null; findings: number; settled: number;
}

export interface Recorded { recording: string; name: string; medium: string; source: string; started: string; ended: string }

export interface RegisterStep { kind: string; at: string; person: string; text: string; fields: Record<string, string> }

export interface Device {
  device: string; number: string; kind: string; model: string; serial: string; unit: string; keeper: string;
  check_days: number; maintenance_days: number; state: 'in' | 'out' | 'broken' | 'retired'; user: string | null;
  checked: { battery: number; free_mib: number; clock_seconds: number; fit: boolean; note: string; at: string } | null;
  check_due: string; maintained: string | null; maintenance_due: string; overdue: boolean;
  deliveries: { count: number; last: string; clock_seconds: number } | null; steps: RegisterStep[];
}

export interface Devices { devices: Device[]; unknown: { number: string; deliveries: number; last: string }[] }

export interface Statement {
  statement: string; state: 'reported' | 'accepted' | 'rejected'; ground: string; activity: string; case: string; on: string;
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
  grounds: string[]; materials: string[]; materials_missing: string[]; opinion: string | null; objection_due: string | null;
  terms: { article: string; working_days: number; due: string | null; late: boolean }[]; steps: RegisterStep[];
}

export interface CalendarDay { date: string; kind: 'working' | 'shifted-working' | 'weekend' | 'festival'; festival: string | null; number: number | null }

export interface Year { year: number; papers: string[]; days: CalendarDay[] }

export interface Edition {
  edition: string; year: number; papers: string[]; days: CalendarDay[]; person: string; at: string; confirmed_by: string | null; confirmed: string | null;
}
