// Signed notes with Ed25519 (RFC 8032, checked strictly), checkpoints, proofs, for the verifier page.
// Promises the refusals of docs/formats/ledger.md; one spelling of everything; never signs.

const P = (1n << 255n) - 19n;
const L = (1n << 252n) + 27742317777372353535851937790883648493n;
const mod = (number) => ((number % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (let factor = mod(base); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

function littleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

// A point in extended coordinates, or null where the bytes are no canonical point.
function decodePoint(bytes) {
  const encoded = littleEndian(bytes);
  const sign = encoded >> 255n, y = encoded & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const square = mod(y * y), u = mod(square - 1n), v = mod(D * square + 1n);
  const xSquared = mod(u * power(v, P - 2n));
  let x = power(xSquared, (P + 3n) / 8n);
  if (mod(x * x) !== xSquared) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== xSquared || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(point, scalar) {
  let result = [0n, 1n, 1n, 0n];
  for (let addend = point; scalar > 0n; scalar >>= 1n) {
    if (scalar & 1n) result = addPoints(result, addend);
    addend = addPoints(addend, addend);
  }
  return result;
}

const samePoint = ([x1, y1, z1], [x2, y2, z2]) =>
  mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;
const ofSmallOrder = (point) => samePoint(multiply(point, 8n), [0n, 1n, 1n, 0n]);
const BASE = (() => {
  const y = mod(4n * power(5n, P - 2n)), bytes = new Uint8Array(32);
  for (let at = 0, rest = y; at < 32; at++, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return decodePoint(bytes);
})();

// Whether the signature over the message is the key's.
function ed25519Holds(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const r = signature.subarray(0, 32), s = littleEndian(signature.subarray(32));
  const pointA = decodePoint(key), pointR = decodePoint(r);
  if (s >= L || !pointA || !pointR || ofSmallOrder(pointA) || ofSmallOrder(pointR)) return false;
  const k = littleEndian(digest(Sha512, r, key, message)) % L;
  return samePoint(multiply(BASE, s), addPoints(pointR, multiply(pointA, k)));
}

const utf8 = (text) => new TextEncoder().encode(text);

// The bytes of base64 in its one spelling, or null.
function fromBase64(text) {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (letter) => letter.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}

const sameBytes = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);
const nameIsValid = (name) => name !== "" && !/[\s\u0085+\u0000-\u001f]/u.test(name);

// A verifier key: {text, name, id, key}, or null.
function parseKey(text) {
  const parts = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text);
  const bytes = parts && fromBase64(parts[3]);
  if (!bytes || bytes.length !== 33 || bytes[0] !== 1 || !nameIsValid(parts[1])) return null;
  const name = parts[1], key = bytes.subarray(1);
  const id = digest(Sha256, utf8(name), Uint8Array.of(10, 1), key).subarray(0, 4);
  return hexOf(id) === parts[2] && decodePoint(key) ? { text, name, id, key } : null;
}

// The text of a note that the key signed, or null.
function openNote(note, key) {
  const end = note.lastIndexOf("\n\n");
  if (utf8(note).length > 1000000 || /[\u0000-\u0009\u000b-\u001f]/u.test(note) || end < 0) return null;
  const text = note.slice(0, end + 1), lines = note.slice(end + 2);
  if (!lines.endsWith("\n")) return null;
  let signed = false;
  for (const line of lines.slice(0, -1).split("\n")) {
    const parts = /^\u2014 ([^ ]*) (.*)$/u.exec(line);
    const bytes = parts && fromBase64(parts[2]);
    if (!bytes || bytes.length < 5 || !nameIsValid(parts[1])) return null;
    if (parts[1] !== key.name || !sameBytes(bytes.subarray(0, 4), key.id)) continue;
    if (!ed25519Holds(key.key, utf8(text), bytes.subarray(4))) return null;
    signed = true;
  }
  return signed ? text : null;
}

// Size and root of a signed checkpoint, or null.
function openCheckpoint(note, key) {
  const text = openNote(note, key);
  const parts = text && /^([^\n]+)\n(0|[1-9][0-9]{0,19})\n([^\n]*)\n$/u.exec(text);
  const root = parts && fromBase64(parts[3]);
  if (!root || root.length !== 32 || parts[1] !== key.name) return null;
  const size = BigInt(parts[2]);
  return size < 1n << 64n ? { size, root } : null;
}

// A proof file: {index, hashes, checkpoint}, or null.
function parseProof(text) {
  const end = text.indexOf("\n\n");
  if (end < 0) return null;
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") return null;
  if (lines[0]?.startsWith("extra ") && fromBase64(lines.shift().slice(6)) === null) return null;
  const index = /^index (0|[1-9][0-9]{0,19})$/u.exec(lines.shift() ?? "");
  const hashes = lines.map(fromBase64);
  if (!index || BigInt(index[1]) >= 1n << 64n || hashes.length > 63) return null;
  if (hashes.some((hash) => hash === null || hash.length !== 32)) return null;
  return { index: BigInt(index[1]), hashes, checkpoint: text.slice(end + 2) };
}

const leafHash = (leaf) => digest(Sha256, Uint8Array.of(0), leaf);
const nodeHash = (left, right) => digest(Sha256, Uint8Array.of(1), left, right);

// Whether the leaf is number `index` of the tree of that size and root (RFC 9162 §2.1.3.2).
function included(index, size, leaf, hashes, root) {
  if (index >= size) return false;
  let number = index, last = size - 1n, hash = leafHash(leaf);
  for (const sibling of hashes) {
    if (last === 0n) return false;
    if (number & 1n || number === last) {
      hash = nodeHash(sibling, hash);
      while (!(number & 1n) && number !== 0n) {
        number >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    number >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(hash, root);
}
