// The check of a whole package in the browser: the same as vault-proof's, written a second time.
// Promises the verdict and the problems of docs/formats/package.md; each file is read once and hashed as it is
// read. Never trusts a key found in the package beyond calling it self-asserted.

const WHOLE_BYTES_MAX = 64 * 1024 * 1024;
const LEAVES_BYTES_MAX = 256 * 1024 * 1024;
const LEAF_BYTES_MAX = 60 * 1024;
const NOTE_BYTES_MAX = 1000000;
const INFO_BYTES_MAX = 64 * 1024;
const RECORD_BYTES_MAX = 1024 * 1024;
const BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const FORMAT_LINE = "Evidence-Vault-Package: 1";
const LISTED = ["bag-info.txt", "bagit.txt", "index.html", "manifest-blake3.txt", "manifest-sha256.txt",
  "manifest-sha512.txt", "verify.html"];
const UNLISTED = ["package.sig", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"];
const STATEMENT = "data/statement.json", CHECKPOINT = "data/checkpoint", INTEGRITY = "data/integrity.csv";

function partIsGood(part) {
  const letters = [...part];
  const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/u.test(part.split(".")[0].toLowerCase());
  return letters.length >= 1 && letters.length <= 64 && !device && !/^[.-]|\.$/u.test(part) &&
    /^[a-zA-Z0-9._\-\u3007\u3014\u3015\u3400-\u4dbf\u4e00-\u9fff]+$/u.test(part);
}
const pathIsGood = (path) => [...path].length <= 200 && path.split("/").length <= 6 && path.split("/").every(partIsGood);
const folded = (path) => path.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

// The text of strict UTF-8, or null.
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function canonical(value, depth) {
  if (depth > 32) throw new Error("too deep");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error("not an integer");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`).join(",")}}`;
}

// The value of canonical JSON bytes, or null where they are not exactly that.
function parseCanonical(bytes) {
  try {
    const value = JSON.parse(textOf(bytes));
    return sameBytes(utf8(canonical(value, 0)), bytes) ? value : null;
  } catch {
    return null;
  }
}

const isText = (value) => typeof value === "string";
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/u.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);

// Whether a value is an object of exactly these fields, each of its kind; of those beside, any may be there.
const shaped = (kinds, beside = {}) => (value) => isObject(value) &&
  Object.keys(kinds).every((name) => Object.hasOwn(value, name)) &&
  Object.entries(value).every(([name, one]) => (Object.hasOwn(kinds, name) && kinds[name](one)) ||
    (Object.hasOwn(beside, name) && beside[name](one)));

const INCLUDED = { bytes: isCount, events: listOf(isCount), last_leaf: isHash, original: isText, recording: isHash,
  transcripts: listOf(isText) };
const EXCERPTED = { ...INCLUDED, article: isText, begins_ms: isCount, ends_ms: isCount, from_ms: isCount, reason: isText,
  to_ms: isCount };
const isStatement = shaped({
  asked: listOf(isHash), copy_mark: isText, forms: listOf(isText), notice: isText, origin: isText,
  included: listOf(shaped(INCLUDED, { rendition: isText })),
  purpose: isText, recipient: isText, request: isText, root: isHash, size: isCount, t: Number.isSafeInteger,
  unreadable: listOf(shaped({ class: isText, from: isCount, recording: isHash, to: isCount })),
  v: (value) => value === 1, withheld: listOf(shaped({ article: isText, reason: isText, recording: isHash })),
}, { excerpts: (value) => listOf(shaped(EXCERPTED, { rendition: isText }))(value) && value.length > 0 });
const isTriple = (value) => listOf(isCount)(value) && value.length === 3;
const isExcerptShaped = shaped({ blake3: isHash, bytes: isCount, engine: isText, format: isText, pieces: listOf(isTriple),
  proof: listOf(isHash), ranges: listOf((value) => listOf(isCount)(value) && value.length === 2), recording: isHash,
  sha256: isText, sm3: isText, total: isCount, v: (value) => value === 1 });
const isRecord = shaped({ bytes: isCount, case: isText, facts: isObject, format: isText, name: isText,
  name_bytes: isText, recording: isHash, sha256: isText, sm3: isText, v: (value) => value === 1 });

const directoryOf = (entry) => entry.original.slice(0, entry.original.lastIndexOf("/") + 1);
const recordOf = (entry) => `${directoryOf(entry)}record.json`;
const leafName = (seq) => `data/custody/${seq}.json`;
const proofName = (seq) => `data/proofs/${seq}.tlog-proof`;

// Every recording of which something is here, whole or as an excerpt.
const givenBy = (found) => [...found.included, ...(found.excerpts ?? [])];
const excerptOf = (entry) => `${directoryOf(entry)}excerpt.json`;
const sourceOf = (entry) => `${directoryOf(entry)}source.bin`;

// The record of an excerpt with its part, or null where it contradicts itself.
function parseExcerpt(bytes) {
  const record = parseCanonical(bytes);
  const part = isExcerptShaped(record) ? partOf(record.total, record.ranges) : null;
  if (!part) return null;
  let end = 0;
  for (const [at, from, length] of record.pieces) {
    const placed = length > 0 && at >= end && at + length <= record.bytes;
    if (!placed || placeOf(part, from, from + length) === null) return null;
    end = at + length;
  }
  return { ...record, part };
}

// That a statement does not contradict itself.
function statementHolds(found) {
  const answered = [...givenBy(found), ...found.withheld, ...found.unreadable].map((entry) => entry.recording);
  const asked = new Set(found.asked), distinct = new Set(answered);
  if (asked.size === 0 || asked.size !== found.asked.length || distinct.size !== answered.length) return false;
  if (distinct.size !== asked.size || answered.some((id) => !asked.has(id)) || found.copy_mark === "") return false;
  const seen = new Set(), directories = new Set();
  const fresh = (path) => !seen.has(path) && Boolean(seen.add(path));
  const stretched = (found.excerpts ?? []).every((entry) => entry.from_ms < entry.to_ms &&
    entry.begins_ms < entry.ends_ms && entry.begins_ms < entry.to_ms && entry.article !== "");
  if (!stretched) return false;
  for (const [at, entry] of givenBy(found).entries()) {
    const ascends = entry.events.every((seq, at) => at === 0 || entry.events[at - 1] < seq);
    if (!ascends || entry.events.length === 0 || entry.events.at(-1) >= found.size) return false;
    const directory = directoryOf(entry), name = entry.original.slice(directory.length);
    const placed = directory.startsWith("data/recordings/") && directory.split("/").length === 5;
    const known = entry.transcripts.every((path) => [`${directory}transcript.txt`, `${directory}transcript.vtt`].includes(path));
    const stem = at < found.included.length ? "original" : "excerpt";
    const rendered = [undefined, `${directory}rendition.mp4`, `${directory}rendition.jpg`].includes(entry.rendition);
    if (!placed || name.split(".")[0] !== stem || name === "excerpt.json" || !known || !rendered) return false;
    seen.add(entry.original).add(recordOf(entry));
    if (!entry.transcripts.every(fresh)) return false;
    directories.add(folded(directory));
  }
  const forms = found.forms.every((path) => path.startsWith("data/forms/") && !path.slice(11).includes("/") && fresh(path));
  return forms && directories.size === givenBy(found).length && [...seen].every(pathIsGood);
}

// Every path below data/ that follows from a statement.
function filesOf(found) {
  const cut = (found.excerpts ?? []).flatMap((entry) => [excerptOf(entry), sourceOf(entry)]);
  const entries = givenBy(found).flatMap((entry) => [entry.original, recordOf(entry), ...entry.transcripts,
    ...(entry.rendition === undefined ? [] : [entry.rendition]), ...entry.events.flatMap((seq) => [leafName(seq), proofName(seq)])]);
  return new Set([STATEMENT, CHECKPOINT, INTEGRITY, ...found.forms, ...cut, ...entries]);
}

// The lines of a manifest: path to digest; null for every other spelling.
function parseManifest(bytes, digestBytes) {
  const text = textOf(bytes), lines = new Map();
  if (text === "") return lines;
  if (text === null || !text.endsWith("\n")) return null;
  let before = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const at = line.indexOf("  "), name = line.slice(at + 2), digested = line.slice(0, at);
    const good = at === digestBytes * 2 && /^[0-9a-f]+$/u.test(digested);
    if (!good || (before !== null && before >= name) || !pathIsGood(name)) return null;
    lines.set(name, digested);
    before = name;
  }
  return lines;
}

function integrityOf(rows) {
  const cell = (text) => `"${/^[=+\-@\t\r]/u.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
  const heads = ["文件", "名称", "格式", "字节数", "SHA-256", "SM3", "BLAKE3"];
  const lines = rows.map(([path, row]) =>
    [path, row.name, row.format, String(row.bytes), row.sha256, row.sm3, row.blake3 ?? row.recording]);
  return utf8("\ufeff" + [heads, ...lines].map((cells) => cells.map(cell).join(",") + "\r\n").join(""));
}

class Stop extends Error {}

class Check {
  constructor(files, pin, progress) {
    this.problems = new Map();
    this.pin = pin;
    this.progress = progress;
    this.files = new Map();
    this.digests = new Map();
    this.expected = [];
    this.bytes = 0;
    this.events = 0;
    this.excerpts = [];
    this.list(files);
  }

  problem(file, what) {
    this.problems.set(`${file}\n${what}`, { file, what });
  }

  list(files) {
    if (files.length > FILES_MAX) return this.problem("", "too-many-files");
    const names = new Set();
    for (const file of files) {
      if (!pathIsGood(file.path)) this.problem(file.path, "name-bad");
      else if (!file.ordinary) this.problem(file.path, "not-ordinary");
      else if (names.has(folded(file.path))) this.problem(file.path, "name-twice");
      else {
        names.add(folded(file.path));
        this.files.set(file.path, file);
      }
    }
    for (const path of this.files.keys()) {
      const parts = folded(path).split("/");
      const parents = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
      if (parents.some((parent) => names.has(parent))) this.problem(path, "name-twice");
    }
  }

  // Reads a file to its end, hashing; false, and a problem, where that cannot be.
  async read(name, bytesMax, original, take) {
    const file = this.files.get(name);
    if (!file) return this.problem(name, "missing"), false;
    if (file.bytes > bytesMax) return this.problem(name, "too-long"), false;
    const running = { sha256: new Sha256(), sha512: new Sha512(), blake3: new Blake3() };
    if (original) running.sm3 = new Sm3();
    let bytes = 0;
    try {
      for await (const piece of file.pieces()) {
        bytes += piece.length;
        if (bytes > file.bytes) throw new Stop();
        for (const one of Object.values(running)) one.update(piece);
        take(piece);
        await this.progress(piece.length);
      }
    } catch (error) {
      return this.problem(name, error instanceof Stop ? "too-long" : "unreadable"), false;
    }
    if (bytes !== file.bytes) return this.problem(name, "unreadable"), false;
    this.bytes += bytes;
    const digests = Object.fromEntries(Object.entries(running).map(([kind, one]) => [kind, hexOf(one.finish())]));
    this.digests.set(name, { bytes, ...digests });
    return true;
  }

  async whole(name, bytesMax) {
    const pieces = [];
    if (!(await this.read(name, Math.min(bytesMax, WHOLE_BYTES_MAX), false, (piece) => pieces.push(piece)))) return null;
    const content = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      content.set(piece, at);
      at += piece.length;
    }
    return content;
  }

  async text(name, bytesMax) {
    const bytes = await this.whole(name, bytesMax);
    const text = bytes && textOf(bytes);
    if (bytes && text === null) this.problem(name, "form");
    return text;
  }

  async stream(name, original) {
    if (!this.digests.has(name)) await this.read(name, Infinity, original, () => {});
    return this.digests.get(name) ?? null;
  }

  lines(name, bytes, digestBytes) {
    const lines = parseManifest(bytes, digestBytes);
    if (!lines) this.problem(name, "form");
    return lines;
  }

  async run() {
    const statement = await this.statement();
    const own = statement && parseKey(statement.origin);
    if (this.pin && own && this.pin.text !== own.text) this.problem(STATEMENT, "other-key");
    const key = this.pin ?? own;
    if (key) await this.seal(key);
    else this.problem(STATEMENT, "signature-bad");
    if (statement && key) {
      const checkpoint = await this.checkpoint(statement, key);
      const leaves = await this.leaves(statement, key, checkpoint);
      this.events = leaves.size;
      await this.recordings(statement, leaves);
      this.accounted(statement);
    }
    await this.bag();
    return this.report(statement);
  }

  async statement() {
    const bytes = await this.whole(STATEMENT, WHOLE_BYTES_MAX);
    if (!bytes) return null;
    const found = parseCanonical(bytes);
    if (isStatement(found) && statementHolds(found)) return found;
    this.problem(STATEMENT, "form");
    return null;
  }

  // The signature over the tag manifests, and those over the other files at the top.
  async seal(key) {
    const sha256 = await this.whole("tagmanifest-sha256.txt", WHOLE_BYTES_MAX);
    const sha512 = await this.whole("tagmanifest-sha512.txt", WHOLE_BYTES_MAX);
    const note = await this.text("package.sig", NOTE_BYTES_MAX);
    if (!sha256 || !sha512) return;
    const text = `evidence-vault package v1\n${key.name}\n${hexOf(digest(Sha256, sha256))}\n${hexOf(digest(Sha512, sha512))}\n`;
    if (note !== null && openNote(note, key) !== text) this.problem("package.sig", "signature-bad");
    for (const name of ["index.html", "verify.html"]) await this.stream(name, false);
    for (const [name, bytes, digestBytes] of [["tagmanifest-sha256.txt", sha256, 32], ["tagmanifest-sha512.txt", sha512, 64]]) {
      const lines = this.lines(name, bytes, digestBytes);
      if (!lines) continue;
      for (const listed of lines.keys()) if (!LISTED.includes(listed)) this.problem(listed, "missing");
      if (LISTED.some((listed) => !lines.has(listed))) this.problem(name, "missing");
      this.expected.push([digestBytes === 32 ? "sha256" : "sha512", lines]);
    }
  }

  async checkpoint(statement, key) {
    const note = await this.text(CHECKPOINT, NOTE_BYTES_MAX);
    if (note === null) return null;
    const found = openCheckpoint(note, key);
    if (!found) this.problem(CHECKPOINT, "signature-bad");
    else if (found.size !== BigInt(statement.size) || hexOf(found.root) !== statement.root) {
      this.problem(CHECKPOINT, "other-checkpoint");
    }
    return note;
  }

  // Every leaf the statement names, proved under the one checkpoint.
  async leaves(statement, key, checkpoint) {
    const numbers = [...new Set(givenBy(statement).flatMap((entry) => entry.events))].sort((one, two) => one - two);
    const leaves = new Map(), opened = new Map();
    let kept = 0;
    for (const seq of numbers) {
      const leaf = await this.whole(leafName(seq), LEAF_BYTES_MAX);
      const bytes = await this.whole(proofName(seq), NOTE_BYTES_MAX + 8192);
      if (!leaf || !bytes) continue;
      kept += leaf.length;
      if (kept > LEAVES_BYTES_MAX) return this.problem(leafName(seq), "too-long"), leaves;
      const text = textOf(bytes), proof = text === null ? null : parseProof(text);
      if (!proof) {
        this.problem(proofName(seq), "form");
        continue;
      }
      if (checkpoint !== null && proof.checkpoint !== checkpoint) this.problem(proofName(seq), "other-checkpoint");
      // Every proof holds the same note: one signature check serves them all.
      if (!opened.has(proof.checkpoint)) opened.set(proof.checkpoint, openCheckpoint(proof.checkpoint, key));
      const signed = opened.get(proof.checkpoint);
      const holds = signed && proof.index === BigInt(seq) && included(proof.index, signed.size, leaf, proof.hashes, signed.root);
      if (!holds) this.problem(proofName(seq), "not-proved");
      leaves.set(seq, leaf);
    }
    return leaves;
  }

  async recordings(statement, leaves) {
    const rows = [];
    for (const entry of statement.included) {
      const original = await this.stream(entry.original, true);
      if (original && (original.blake3 !== entry.recording || original.bytes !== entry.bytes)) {
        this.problem(entry.original, "original-differs");
      }
      rows.push([entry.original, await this.record(entry, original)]);
      this.chain(entry, leaves, original);
    }
    for (const entry of statement.excerpts ?? []) {
      const record = await this.record(entry, null);
      // What its events say of the whole is held against what its record says of it.
      this.chain(entry, leaves, record);
      const file = await this.excerpt(entry);
      rows.push([entry.original, record && file ? { ...record, ...file } : null]);
    }
    const integrity = await this.whole(INTEGRITY, WHOLE_BYTES_MAX);
    const complete = rows.every(([, record]) => record !== null);
    if (integrity && complete && !sameBytes(integrity, integrityOf(rows))) this.problem(INTEGRITY, "integrity-differs");
  }

  // What an excerpt was cut from: part of the recording, and what the excerpt has of it is what stands there. Gives
  // what integrity.csv says of it.
  async excerpt(entry) {
    const bytes = await this.whole(excerptOf(entry), WHOLE_BYTES_MAX);
    if (!bytes) return null;
    const record = parseExcerpt(bytes);
    if (!record) return this.problem(excerptOf(entry), "form"), null;
    if (record.recording !== entry.recording || record.total !== entry.bytes) {
      return this.problem(excerptOf(entry), "record-differs"), null;
    }
    const inExcerpt = new Slices(record.pieces.map(([at, , length]) => [at, length]));
    const inSource = new Slices(record.pieces.map(([, from, length]) => [placeOf(record.part, from, from + length), length]));
    if (!inSource.apart) return this.problem(excerptOf(entry), "form"), null;
    const hasher = new PartHasher(record.part);
    const source = sourceOf(entry);
    const whole = await this.read(source, Infinity, false, (piece) => {
      hasher.push(piece);
      inSource.push(piece);
    });
    if (!whole) return null;
    const proved = hasher.finish(record.proof) === entry.recording;
    if (!proved || this.digests.get(source).bytes !== record.part.bytes) this.problem(source, "source-not-proved");
    if (!(await this.read(entry.original, Infinity, true, (piece) => inExcerpt.push(piece)))) return null;
    const found = this.digests.get(entry.original);
    const same = ["bytes", "sha256", "sm3", "blake3"].every((name) => found[name] === record[name]);
    const alike = inExcerpt.digests.every((one, at) => one !== null && one === inSource.digests[at]);
    if (!same || !alike) this.problem(entry.original, "excerpt-differs");
    const asRecorded = record.pieces.reduce((sum, [, , length]) => sum + length, 0);
    this.excerpts.push({ recording: entry.recording, begins_ms: entry.begins_ms, ends_ms: entry.ends_ms,
      bytes: found.bytes, as_recorded: asRecorded });
    const { format, sha256, sm3, blake3 } = record;
    return { format, bytes: record.bytes, sha256, sm3, blake3 };
  }

  async record(entry, original) {
    const bytes = await this.whole(recordOf(entry), RECORD_BYTES_MAX);
    if (!bytes) return null;
    const record = parseCanonical(bytes);
    if (!isRecord(record)) return this.problem(recordOf(entry), "form"), null;
    const same = !original || (original.sha256 === record.sha256 && original.sm3 === record.sm3);
    if (!same || record.recording !== entry.recording || record.bytes !== entry.bytes) {
      this.problem(recordOf(entry), "record-differs");
    }
    return record;
  }

  // The chain of custody of one recording: whole, its end bound, its words true of the bytes.
  chain(entry, leaves, original) {
    if (entry.events.some((seq) => !leaves.has(seq))) return;
    const events = entry.events.map((seq) => parseEvent(leaves.get(seq)));
    const claims = events.findIndex((event, at) => event === null || event.seq !== entry.events[at]);
    if (claims >= 0) this.problem(leafName(entry.events[claims]), events[claims] === null ? "form" : "custody-gap");
    else {
      let before = "";
      for (const [at, event] of events.entries()) {
        if (event.subjects[`recording:${entry.recording}`] !== before) {
          this.problem(leafName(entry.events[at]), "custody-gap");
          break;
        }
        before = `${event.seq}:${hexOf(leafHash(leaves.get(event.seq)))}`;
      }
    }
    const last = entry.events.at(-1);
    if (hexOf(leafHash(leaves.get(last))) !== entry.last_leaf) this.problem(leafName(last), "custody-end");
    events.forEach((event, at) => {
      if (event && !eventAgrees(event, at === 0, entry, original)) this.problem(leafName(entry.events[at]), "custody-differs");
    });
  }

  // That the statement accounts for every file below data/, and every file it names is there.
  accounted(statement) {
    const expected = filesOf(statement);
    for (const name of expected) if (!this.files.has(name)) this.problem(name, "missing");
    for (const name of this.files.keys()) {
      if (name.startsWith("data/") && !expected.has(name)) this.problem(name, "extra");
    }
  }

  // What BagIt demands: its files, its manifests complete both ways, its counts.
  async bag() {
    const bagit = await this.whole("bagit.txt", INFO_BYTES_MAX);
    if (bagit && !sameBytes(bagit, utf8(BAGIT))) this.problem("bagit.txt", "form");
    const payload = [...this.files.keys()].filter((name) => name.startsWith("data/")).sort();
    for (const name of payload) await this.stream(name, false);
    for (const [kind, digestBytes] of [["sha256", 32], ["sha512", 64], ["blake3", 32]]) {
      const name = `manifest-${kind}.txt`, bytes = await this.whole(name, WHOLE_BYTES_MAX);
      const lines = bytes && this.lines(name, bytes, digestBytes);
      if (!lines) continue;
      for (const listed of payload) if (!lines.has(listed)) this.problem(listed, "extra");
      for (const listed of lines.keys()) if (!listed.startsWith("data/")) this.problem(listed, "extra");
      this.expected.push([kind, lines]);
    }
    const info = await this.text("bag-info.txt", INFO_BYTES_MAX);
    if (info !== null) {
      const total = payload.reduce((sum, name) => sum + this.files.get(name).bytes, 0);
      const lines = info.split("\n").map((line) => line.replace(/\r$/u, ""));
      const once = (line) => lines.filter((found) => found === line).length === 1;
      const sums = lines.filter((line) => line.startsWith("Payload-Oxum:")).length;
      if (!once(`Payload-Oxum: ${total}.${payload.length}`) || sums !== 1 || !once(FORMAT_LINE)) {
        this.problem("bag-info.txt", "bag-info-differs");
      }
    }
    for (const name of this.files.keys()) {
      if (!name.startsWith("data/") && !LISTED.includes(name) && !UNLISTED.includes(name)) this.problem(name, "extra");
    }
    this.compare();
  }

  // What was read against what the manifests say.
  compare() {
    for (const [kind, lines] of this.expected) {
      for (const [name, expected] of lines) {
        const found = this.digests.get(name);
        if (found && found[kind] !== expected) this.problem(name, `${kind}-differs`);
        else if (!found && !this.files.has(name)) this.problem(name, "missing");
      }
    }
  }

  report(statement) {
    const problems = [...this.problems.values()];
    const verdict = problems.length > 0 ? "not-valid" : this.pin ? "valid" : "self-asserted";
    const ids = (list) => list.map((entry) => entry.recording);
    return {
      verdict, problems, files: this.files.size, bytes: this.bytes, events: this.events,
      origin: statement?.origin ?? "", copy_mark: statement?.copy_mark ?? "",
      included: statement ? ids(statement.included) : [], excerpts: this.excerpts,
      missing: statement ? ids([...statement.withheld, ...statement.unreadable]) : [],
    };
  }
}

const isPointer = (value) => value === "" || (isText(value) && /^(0|[1-9][0-9]*):[0-9a-f]{64}$/u.test(value));
// Kinds of subjects grow with the vault; only that of the recording is looked at.
const isSubjects = (value) => isObject(value) && Object.values(value).every(isPointer);
const isEvent = shaped({ actor: shaped({ id: isText, role: isText, session: isText }), body: isObject,
  id: (value) => isText(value) && /^[0-9a-f]{32}$/u.test(value), payload: (value) => value === null || isHash(value),
  seq: isCount, subjects: isSubjects, t: Number.isSafeInteger, type: isText, v: (value) => value === 1 });

// The event of a leaf, or null. Bodies of other types than the two below are taken as they are.
function parseEvent(leaf) {
  const event = leaf.length <= LEAF_BYTES_MAX ? parseCanonical(leaf) : null;
  if (!isEvent(event)) return null;
  const accession = shaped({ activity: isText, bytes: isCount, manifest: isHash, recording: isHash, secrecy: isText });
  const digests = shaped({ bytes: isCount, recording: isHash, sha256: isText, sm3: isText });
  if (event.type === "recording.accessioned" && !accession(event.body)) return null;
  if (event.type === "recording.digests-taken" && !digests(event.body)) return null;
  return event;
}

// Whether what an event says of a recording is so. The first must be its accession.
function eventAgrees({ type, body }, first, entry, original) {
  const right = body.recording === entry.recording && body.bytes === entry.bytes;
  if (type === "recording.accessioned") return first && right;
  if (type !== "recording.digests-taken") return !first;
  return !first && right && (!original || (original.sha256 === body.sha256 && original.sm3 === body.sm3));
}

// Checks a package. `pin` is a parsed key from outside, or null; `progress` is told the bytes of each piece.
async function checkPackage(files, pin, progress) {
  return new Check(files, pin, progress ?? (async () => {})).run();
}
