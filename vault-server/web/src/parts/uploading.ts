// Files on their way into the vault. They go on while their person looks at other pages, and end with
// three digests that agree: of the file here, of what the service received, of what it read back.
import { useSyncExternalStore } from 'react';
import i18next from 'i18next';
import { Upload as Tus } from 'tus-js-client';
import { Problem, call, get, tellSignedOut } from '../api/client';
import type { Listed, RecordingFull, Upload } from '../api/types';
import { language } from '../words';
import { type Hashing, hash } from './hashing';
import type { Labels } from './labels';

export type State = 'waiting' | 'sending' | 'paused' | 'done' | 'failed';

export interface Item {
  key: string;
  file: File;
  labels: Labels;
  state: State;
  sent: number;
  received: number;
  /** Bytes of which the digest is taken here. */
  hashed: number;
  /** BLAKE3 of the file, of what was received, of what was read back from the store. */
  source?: string;
  recording?: string;
  stored?: string;
  sha256?: string;
  /** Last day for its labels, where they are not whole. */
  due?: string;
  duplicate?: boolean;
  problem?: string;
  /** The unfinished upload it has to go on with. */
  goesOn?: Upload;
}

/** Files sent at once: enough to fill a line, few enough for the service's other users. */
const AT_ONCE = 3;
/** Bytes of one piece: what came in whole pieces survives a broken connection. */
const PIECE = 32 * 1024 * 1024;
/** Recordings asked about at once, whether they were read back. */
const ASKED_AT_ONCE = 10;
const ASKED_EVERY_MS = 2_000;

/** How often the page is drawn anew while bytes are under way. */
const SHOWN_EVERY_MS = 150;

let items: Item[] = [];
/** What the page shows: the same, a moment later. */
let shown: Item[] = [];
let showing: ReturnType<typeof setTimeout> | undefined;
let owner = '';
const listeners = new Set<() => void>();
const lines = new Map<string, { tus?: Tus; hashing?: Hashing }>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};

function show(next: Item[]): void {
  items = next;
  showing ??= setTimeout(() => {
    showing = undefined;
    shown = items;
    for (const listener of listeners) listener();
  }, SHOWN_EVERY_MS);
}

function set(key: string, change: Partial<Item>): void {
  show(items.map((one) => (one.key === key ? { ...one, ...change } : one)));
}

export const useItems = () => useSyncExternalStore(subscribe, () => shown);

/** How many are not whole yet and go on by themselves. */
export const underWay = () => items.filter((one) => one.state === 'sending' || one.state === 'waiting').length;

export const useUnderWay = () => useSyncExternalStore(subscribe, underWay);

/** Whose files these are: another person does not go on with them, the same one does after signing in again. */
export function belongsTo(login: string): void {
  if (owner && owner !== login) {
    for (const one of items) drop(one);
    show([]);
  }
  owner = login;
  for (const one of items.filter((item) => item.state === 'failed' && item.problem === SIGNED_OUT)) resume(one);
  if (items.some(unproved)) ask();
}

/** Stands for the words while nobody is signed in to read them. */
const SIGNED_OUT = 'signed-out';

export function add(files: Iterable<File>, labels: Labels, goesOn?: Upload): void {
  const fresh = [...files].map((file): Item => ({
    key: `${file.name}:${file.size}:${file.lastModified}`,
    file, labels, state: 'waiting', sent: 0, received: 0, hashed: 0, goesOn,
  }));
  const again = new Set(fresh.filter((one) => one.goesOn).map((one) => one.key));
  const kept = items.filter((one) => !again.has(one.key) || one.state !== 'failed');
  show([...kept, ...fresh.filter((one) => !kept.some((other) => other.key === one.key))]);
  pump();
}

export function pause(item: Item): void {
  lines.get(item.key)?.tus?.abort();
  set(item.key, { state: 'paused' });
  pump();
}

export function resume(item: Item): void {
  set(item.key, { state: 'waiting', problem: undefined });
  pump();
}

export function drop(item: Item): void {
  const line = lines.get(item.key);
  line?.tus?.abort(true).catch(() => {});
  line?.hashing?.stop();
  lines.delete(item.key);
  show(items.filter((one) => one.key !== item.key));
  pump();
}

/** Starts what waits, as far as there is room. */
function pump(): void {
  const busy = items.filter((one) => one.state === 'sending').length;
  for (const next of items.filter((one) => one.state === 'waiting').slice(0, Math.max(0, AT_ONCE - busy))) {
    set(next.key, { state: 'sending', problem: undefined });
    send(next).catch((error: Error) => fail(next.key, error instanceof Problem && error.code === 'sign-in-needed' ? SIGNED_OUT : error.message || i18next.t('unreachable')));
  }
}

/** What failed is looked up anew when it goes on: the server, not the library, knows where it stopped. */
function fail(key: string, problem: string): void {
  delete lines.get(key)?.tus;
  set(key, { state: 'failed', problem });
  pump();
}

/** Which unfinished upload this file goes on with; refuses another file that only looks like it. */
async function earlierOf(item: Item, fingerprint: string): Promise<Upload | undefined> {
  const left = (await get<Listed<Upload>>('/uploads')).items;
  const same = (one: Upload) => one.bytes === item.file.size && one.fingerprint === fingerprint;
  const asked = item.goesOn ?? left.find((one) => one.bytes === item.file.size && one.name === item.file.name && one.fingerprint !== '' && one.fingerprint !== fingerprint);
  if (asked && !same(asked)) throw new Error(i18next.t('upload.another-file', { name: asked.name }));
  return left.find((one) => one.upload === item.goesOn?.upload) ?? left.find(same);
}

async function send(item: Item): Promise<void> {
  const line = lines.get(item.key) ?? {};
  lines.set(item.key, line);
  if (line.tus) return line.tus.start();
  const fingerprint = await hash(item.file, 'fingerprint').digest;
  const earlier = await earlierOf(item, fingerprint);
  if (!items.some((one) => one.key === item.key && one.state === 'sending')) return;
  line.hashing ??= hash(item.file, 'whole', (hashed) => set(item.key, { hashed }));
  line.hashing.digest.then((source) => { set(item.key, { source, hashed: item.file.size }); agree(item.key); }, (error: Error) => fail(item.key, error.message));
  line.tus = tusOf(item, fingerprint, earlier);
  line.tus.start();
}

function tusOf(item: Item, fingerprint: string, earlier: Upload | undefined): Tus {
  const metadata: Record<string, string> = { filename: item.file.name, fingerprint };
  for (const [name, text] of Object.entries(item.labels)) if (text) metadata[name] = text;
  return new Tus(item.file, {
    endpoint: '/api/v1/uploads',
    uploadUrl: earlier?.url ?? null,
    chunkSize: PIECE,
    retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
    storeFingerprintForResuming: false,
    metadata,
    headers: { 'accept-language': language() },
    onBeforeRequest: (request) => {
      (request.getUnderlyingObject() as XMLHttpRequest).withCredentials = true;
    },
    onProgress: (sent) => set(item.key, { sent }),
    onChunkComplete: (_, received) => set(item.key, { received }),
    onAfterResponse: (_, response) => {
      const recording = response.getHeader('Upload-Recording');
      if (recording) set(item.key, { recording, duplicate: response.getHeader('Upload-Duplicate') === 'true' });
    },
    onSuccess: () => {
      set(item.key, { state: 'done', sent: item.file.size, received: item.file.size });
      agree(item.key);
      pump();
    },
    onError: (error) => {
      const answer = 'originalResponse' in error ? error.originalResponse : null;
      if (answer?.getStatus() === 401) {
        fail(item.key, SIGNED_OUT);
        return tellSignedOut();
      }
      let problem = i18next.t('unreachable');
      try {
        if (answer?.getBody()) problem = (JSON.parse(answer.getBody()) as { detail: string }).detail;
      } catch {
        // Not a problem of ours: the line was cut.
      }
      fail(item.key, problem);
    },
  });
}

/** Compares what was read here with what the service received; then waits for what it reads back. */
function agree(key: string): void {
  const item = items.find((one) => one.key === key);
  if (!item?.source || !item.recording || item.state !== 'done') return;
  if (item.source !== item.recording) return fail(key, i18next.t('upload.differs'));
  lines.delete(key);
  ask();
}

const unproved = (one: Item) => one.state === 'done' && one.source === one.recording && !one.stored;

let asking: ReturnType<typeof setTimeout> | undefined;

/** Asks whether recordings were read back from the store, a few at a time. */
function ask(): void {
  asking ??= setTimeout(async () => {
    asking = undefined;
    let answered = false;
    await Promise.all(items.filter(unproved).slice(0, ASKED_AT_ONCE).map(async ({ key, recording }) => {
      const row = await call<RecordingFull>(`/recordings/${recording}`, { quiet: true }).catch(() => null);
      if (!row) return;
      answered = true;
      const due = row.term.done_on ? undefined : row.term.due;
      set(key, row.sha256 ? { stored: row.recording, sha256: row.sha256, due } : { due });
    }));
    if (answered && items.some(unproved)) ask();
  }, ASKED_EVERY_MS);
}
