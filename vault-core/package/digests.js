"use strict";
// Digests for the verifier page: SHA-256, SHA-512, SM3, BLAKE3, fed piece by piece.
// Promises the values of the standards' vectors (tests/browser/digests.js); never keeps more than a block.
// Written by hand because a page on a disc has no library, and WebCrypto cannot be fed piece by piece.

function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

// The first 64 bits of the fractional parts of a root of the first primes: the constants of SHA-2.
function primeRoots(count, cube) {
  const primes = [];
  for (let number = 2n; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0n)) primes.push(number);
  }
  return primes.map((prime) => {
    const target = cube ? prime << 192n : prime << 128n;
    let low = 0n;
    for (let bit = 1n << 70n; bit > 0n; bit >>= 1n) {
      const next = low + bit;
      if ((cube ? next * next * next : next * next) <= target) low = next;
    }
    return low & 0xffffffffffffffffn;
  });
}

const CUBE_ROOTS = primeRoots(80, true);
const SQUARE_ROOTS = primeRoots(8, false);
const high = (number) => Number(number >> 32n) | 0;
const low = (number) => Number(number & 0xffffffffn) | 0;

// Gathers bytes into blocks and pads them as SHA-2 and SM3 do: 0x80, zeros, the length in bits.
class BlockDigest {
  constructor(blockBytes) {
    this.block = new Uint8Array(blockBytes);
    this.view = new DataView(this.block.buffer);
    this.held = 0;
    this.bytes = 0;
  }

  update(piece) {
    this.bytes += piece.length;
    let at = 0;
    while (at < piece.length) {
      const count = Math.min(this.block.length - this.held, piece.length - at);
      this.block.set(piece.subarray(at, at + count), this.held);
      this.held += count;
      at += count;
      if (this.held === this.block.length) {
        this.compress();
        this.held = 0;
      }
    }
  }

  finish() {
    const bytes = this.bytes;
    const lengthBytes = this.block.length / 8;
    this.block[this.held++] = 0x80;
    if (this.held > this.block.length - lengthBytes) {
      this.block.fill(0, this.held);
      this.compress();
      this.held = 0;
    }
    this.block.fill(0, this.held);
    this.view.setBigUint64(this.block.length - 8, BigInt(bytes) * 8n);
    this.compress();
    return this.words();
  }

  words() {
    const out = new Uint8Array(this.state.length * 4);
    const view = new DataView(out.buffer);
    this.state.forEach((word, at) => view.setInt32(at * 4, word));
    return out;
  }
}

class Sha256 extends BlockDigest {
  constructor() {
    super(64);
    this.state = Int32Array.from(SQUARE_ROOTS, high);
    this.schedule = new Int32Array(64);
  }

  compress() {
    const w = this.schedule;
    for (let t = 0; t < 16; t++) w[t] = this.view.getInt32(t * 4);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15], y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + SHA256_K[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    const s = this.state;
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }
}
const SHA256_K = Int32Array.from(CUBE_ROOTS.slice(0, 64), high);

class Sha512 extends BlockDigest {
  constructor() {
    super(128);
    this.state = Int32Array.from(SQUARE_ROOTS.flatMap((root) => [high(root), low(root)]));
    this.schedule = new Int32Array(160);
    this.sums = new Int32Array(16);
  }

  compress() {
    const w = this.schedule, K = SHA512_K, v = this.sums, s = this.state;
    for (let t = 0; t < 32; t++) w[t] = this.view.getInt32(t * 4);
    for (let t = 32; t < 160; t += 2) {
      const xh = w[t - 30], xl = w[t - 29], yh = w[t - 4], yl = w[t - 3];
      const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const sum = (s0l >>> 0) + (s1l >>> 0) + (w[t - 31] >>> 0) + (w[t - 13] >>> 0);
      w[t + 1] = sum | 0;
      w[t] = (s0h + s1h + w[t - 32] + w[t - 14] + Math.floor(sum / 0x100000000)) | 0;
    }
    v.set(s);
    for (let t = 0; t < 160; t += 2) {
      const eh = v[8], el = v[9], ah = v[0], al = v[1];
      const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const chh = (eh & v[10]) ^ (~eh & v[12]), chl = (el & v[11]) ^ (~el & v[13]);
      const oneSum = (v[15] >>> 0) + (s1l >>> 0) + (chl >>> 0) + (K[t + 1] >>> 0) + (w[t + 1] >>> 0);
      const oneLow = oneSum | 0;
      const oneHigh = (v[14] + s1h + chh + K[t] + w[t] + Math.floor(oneSum / 0x100000000)) | 0;
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const mh = (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]), ml = (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]);
      const twoSum = (s0l >>> 0) + (ml >>> 0);
      const twoHigh = (s0h + mh + Math.floor(twoSum / 0x100000000)) | 0;
      const dSum = (v[7] >>> 0) + (oneLow >>> 0);
      const dHigh = (v[6] + oneHigh + Math.floor(dSum / 0x100000000)) | 0;
      v.copyWithin(2, 0, 14);
      v[8] = dHigh;
      v[9] = dSum | 0;
      const aSum = (oneLow >>> 0) + ((twoSum | 0) >>> 0);
      v[0] = (oneHigh + twoHigh + Math.floor(aSum / 0x100000000)) | 0;
      v[1] = aSum | 0;
    }
    for (let at = 0; at < 16; at += 2) {
      const sum = (s[at + 1] >>> 0) + (v[at + 1] >>> 0);
      s[at + 1] = sum | 0;
      s[at] = (s[at] + v[at] + Math.floor(sum / 0x100000000)) | 0;
    }
  }
}
const SHA512_K = Int32Array.from(CUBE_ROOTS.flatMap((root) => [high(root), low(root)]));

// SM3 (GB/T 32905-2016).
class Sm3 extends BlockDigest {
  constructor() {
    super(64);
    this.state = Int32Array.of(
      0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
    this.schedule = new Int32Array(68);
  }

  compress() {
    const w = this.schedule;
    const turn = (x, by) => (x << by) | (x >>> (32 - by));
    for (let t = 0; t < 16; t++) w[t] = this.view.getInt32(t * 4);
    for (let t = 16; t < 68; t++) {
      const x = w[t - 16] ^ w[t - 9] ^ turn(w[t - 3], 15);
      w[t] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[t - 13], 7) ^ w[t - 6];
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let t = 0; t < 64; t++) {
      const a12 = turn(a, 12), by = t % 32;
      const constant = t < 16 ? 0x79cc4519 : 0x7a879d8a;
      const ss1 = turn((a12 + e + (by ? turn(constant, by) : constant)) | 0, 7);
      const ff = t < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = t < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const one = (ff + d + (ss1 ^ a12) + (w[t] ^ w[t + 4])) | 0;
      const two = (gg + h + ss1 + w[t]) | 0;
      d = c; c = turn(b, 9); b = a; a = one;
      h = g; g = turn(f, 19); f = e; e = two ^ turn(two, 9) ^ turn(two, 17);
    }
    const s = this.state;
    s[0] ^= a; s[1] ^= b; s[2] ^= c; s[3] ^= d; s[4] ^= e; s[5] ^= f; s[6] ^= g; s[7] ^= h;
  }
}

const BLAKE3_KEY = Int32Array.from(SQUARE_ROOTS, high);
const BLAKE3_SCHEDULE = (() => {
  const permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
  const rounds = [[...Array(16).keys()]];
  while (rounds.length < 7) rounds.push(permutation.map((at) => rounds[rounds.length - 1][at]));
  return Uint8Array.from(rounds.flat());
})();
const BLAKE3_STEPS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];
const CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8;

// BLAKE3, unkeyed, 32 bytes. Chunks of 1,024 bytes; a subtree is merged when its other half is whole.
// `first` is the number of the first chunk, for a subtree of a longer file.
class Blake3 {
  constructor(first = 0) {
    this.first = first;
    this.chaining = Int32Array.from(BLAKE3_KEY);
    this.block = new Uint8Array(64);
    this.view = new DataView(this.block.buffer);
    this.message = new Int32Array(16);
    this.state = new Int32Array(16);
    this.held = 0;
    this.blocks = 0;
    this.chunks = 0;
    this.stack = [];
  }

  // Mixes `message` into the chaining value given; the first half of `state` is the new one.
  mix(chaining, counter, length, flags) {
    const v = this.state, m = this.message, order = BLAKE3_SCHEDULE;
    v.set(chaining);
    v.set(BLAKE3_KEY.subarray(0, 4), 8);
    v[12] = counter | 0;
    v[13] = Math.floor(counter / 0x100000000) | 0;
    v[14] = length;
    v[15] = flags;
    for (let at = 0; at < 112; at += 16) {
      for (let step = 0; step < 8; step++) {
        const [i, j, k, l] = BLAKE3_STEPS[step];
        let a = v[i], b = v[j], c = v[k], d = v[l];
        a = (a + b + m[order[at + 2 * step]]) | 0;
        d ^= a; d = (d >>> 16) | (d << 16);
        c = (c + d) | 0;
        b ^= c; b = (b >>> 12) | (b << 20);
        a = (a + b + m[order[at + 2 * step + 1]]) | 0;
        d ^= a; d = (d >>> 8) | (d << 24);
        c = (c + d) | 0;
        b ^= c; b = (b >>> 7) | (b << 25);
        v[i] = a; v[j] = b; v[k] = c; v[l] = d;
      }
    }
    for (let at = 0; at < 8; at++) v[at] ^= v[at + 8];
  }

  readBlock() {
    this.block.fill(0, this.held);
    for (let at = 0; at < 16; at++) this.message[at] = this.view.getInt32(at * 4, true);
  }

  parent(left, right, root) {
    this.message.set(left);
    this.message.set(right, 8);
    this.mix(BLAKE3_KEY, 0, 64, PARENT | root);
    return this.state.slice(0, 8);
  }

  endChunk() {
    this.readBlock();
    this.mix(this.chaining, this.first + this.chunks, this.held, (this.blocks === 0 ? CHUNK_START : 0) | CHUNK_END);
    let whole = this.state.slice(0, 8);
    this.chunks++;
    for (let total = this.chunks; total % 2 === 0; total /= 2) {
      whole = this.parent(this.stack.pop(), whole, 0);
    }
    this.stack.push(whole);
    this.chaining.set(BLAKE3_KEY);
    this.blocks = 0;
    this.held = 0;
  }

  update(piece) {
    let at = 0;
    while (at < piece.length) {
      if (this.held === 64) {
        // More follows, so this block is not the chunk's, or not the last chunk's, end.
        if (this.blocks === 15) {
          this.endChunk();
        } else {
          this.readBlock();
          this.mix(this.chaining, this.first + this.chunks, 64, this.blocks === 0 ? CHUNK_START : 0);
          this.chaining.set(this.state.subarray(0, 8));
          this.blocks++;
          this.held = 0;
        }
      }
      const count = Math.min(64 - this.held, piece.length - at);
      this.block.set(piece.subarray(at, at + count), this.held);
      this.held += count;
      at += count;
    }
  }

  // The chaining value of what was taken; with `root`, its digest, as words.
  value(root) {
    this.readBlock();
    const flags = (this.blocks === 0 ? CHUNK_START : 0) | CHUNK_END;
    const alone = this.stack.length === 0;
    this.mix(this.chaining, this.first + this.chunks, this.held, flags | (alone ? root : 0));
    let whole = this.state.slice(0, 8);
    while (this.stack.length > 0) {
      const left = this.stack.pop();
      whole = this.parent(left, whole, this.stack.length === 0 ? root : 0);
    }
    return whole;
  }

  finish() {
    return bytesOfWords(this.value(ROOT));
  }
}

function bytesOfWords(words) {
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  words.forEach((word, at) => view.setInt32(at * 4, word, true));
  return out;
}

function wordsOfHex(hex) {
  const view = new DataView(new ArrayBuffer(32));
  for (let at = 0; at < 32; at++) view.setUint8(at, parseInt(hex.slice(at * 2, at * 2 + 2), 16));
  return Int32Array.from({ length: 8 }, (_, at) => view.getInt32(at * 4, true));
}

// A digest of bytes that are all here.
function digest(Kind, ...pieces) {
  const running = new Kind();
  for (const piece of pieces) running.update(piece);
  return running.finish();
}
