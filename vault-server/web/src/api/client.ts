// Calls to the service: JSON in, JSON out, problems as errors with their words.
import { type Language, language } from '../words';

export interface Words { detail: string; why: string | null; next: string | null }

/** What the service said no with; its words are those of the language that the page has when they are read. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    private readonly said: Words,
    private readonly words: Partial<Record<Language, Words>> = {},
  ) {
    super(said.detail);
  }
  private get own(): Words { return this.words[language()] ?? this.said; }
  get detail(): string { return this.own.detail; }
  get why(): string | null { return this.own.why; }
  get next(): string | null { return this.own.next; }
}

const NO_WORDS: Words = { detail: '', why: null, next: null };

/** Asks the person to prove who he is once more; gives whether he did. */
type Confirmer = () => Promise<boolean>;
let confirmer: Confirmer = async () => false;
let signedOut: () => void = () => {};

export function onConfirmation(ask: Confirmer): void {
  confirmer = ask;
}
export function onSignedOut(tell: () => void): void {
  signedOut = tell;
}

/** Where something other than a call was told that nobody is signed in. */
export function tellSignedOut(): void {
  signedOut();
}

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const said = (await response.json()) as Partial<Words> & { code?: string; words?: Partial<Record<Language, Words>> };
    return new Problem(response.status, said.code ?? '', { ...NO_WORDS, ...said }, said.words);
  } catch {
    return new Problem(response.status, 'unreachable', NO_WORDS);
  }
}

interface Options {
  method?: string;
  body?: unknown;
  bytes?: Blob;
  quiet?: boolean;
}

async function send(path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { 'accept-language': language() };
  let body: BodyInit | undefined;
  if (options.bytes) {
    headers['content-type'] = 'application/octet-stream';
    body = options.bytes;
  } else if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  const method = options.method ?? (body ? 'POST' : 'GET');
  if (method !== 'GET') headers['idempotency-key'] = key();
  try {
    return await fetch(path, { method, headers, body, credentials: 'same-origin' });
  } catch {
    throw new Problem(0, 'unreachable', NO_WORDS);
  }
}

/** A random key, also where a plain-HTTP page has no `randomUUID`. */
function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function raw(path: string, options: Options = {}): Promise<Response> {
  let response = await send(path, options);
  if (response.ok) return response;
  let problem = await problemOf(response);
  if (problem.code === 'confirmation-needed' && (await confirmer())) {
    response = await send(path, options);
    if (response.ok) return response;
    problem = await problemOf(response);
  }
  if (problem.code === 'sign-in-needed' && !options.quiet) signedOut();
  throw problem;
}

export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const response = await raw(`/api/v1${path}`, options);
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string) => call<T>(path);
export const post = <T>(path: string, body: unknown = {}) => call<T>(path, { method: 'POST', body });
export const put = <T>(path: string, body: unknown) => call<T>(path, { method: 'PUT', body });
export const patch = <T>(path: string, body: unknown) => call<T>(path, { method: 'PATCH', body });
export const remove = <T>(path: string) => call<T>(path, { method: 'DELETE' });
