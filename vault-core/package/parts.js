// Parts of a recording, proved by its content id: the same as vault-proof's, written a second time. Ranges begin and
// end on chunks; the proof has the chaining value of each largest subtree outside them, in order.

const CHUNK_BYTES = 1024, RANGES_MAX = 10000;

// Bytes of the left half of a subtree: the largest power of two of chunks that leaves something over.
function leftBytes(bytes) {
  let left = CHUNK_BYTES;
  while (left * 2 < bytes) left *= 2;
  return left;
}

// A part, or null where its ranges are none.
function partOf(total, ranges) {
  if (ranges.length < 1 || ranges.length > RANGES_MAX) return null;
  const before = [];
  let sum = 0, end = -1;
  for (const [from, to] of ranges) {
    const ends = to % CHUNK_BYTES === 0 || to === total;
    if (from % CHUNK_BYTES !== 0 || !ends || from >= to || to > total || from <= end) return null;
    before.push(sum);
    sum += to - from;
    end = to;
  }
  return { total, ranges, before, bytes: sum };
}

// Number of the first range that ends behind a byte.
function firstRange({ ranges }, at) {
  let low = 0, high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][1] <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Where a stretch of the whole lies among the bytes of the part; null unless one range holds all of it.
function placeOf(part, from, to) {
  const at = firstRange(part, from), range = part.ranges[at];
  return range && range[0] <= from && to <= range[1] ? part.before[at] + from - range[0] : null;
}

function lies(part, at, bytes) {
  const range = part.ranges[firstRange(part, at)];
  if (range && range[0] <= at && at + bytes <= range[1]) return "inside";
  return range && range[0] < at + bytes ? "across" : "outside";
}

// Takes the bytes of a part in order and gives the content id they prove, or null.
class PartHasher {
  constructor(part) {
    this.part = part;
    this.inside = [];
    const waiting = [[0, part.total]];
    while (waiting.length > 0) {
      const [at, bytes] = waiting.pop(), found = lies(part, at, bytes);
      if (found === "inside") this.inside.push([at, bytes]);
      if (found !== "across") continue;
      const left = leftBytes(bytes);
      waiting.push([at + left, bytes - left], [at, left]);
    }
    this.values = [];
    this.held = 0;
  }

  push(bytes) {
    let rest = bytes;
    while (rest.length > 0 && this.values.length < this.inside.length) {
      const [at, length] = this.inside[this.values.length];
      if (this.held === 0) this.running = new Blake3(at / CHUNK_BYTES);
      const now = rest.subarray(0, length - this.held);
      this.running.update(now);
      this.held += now.length;
      rest = rest.subarray(now.length);
      if (this.held < length) continue;
      this.values.push(this.running.value(length === this.part.total ? ROOT : 0));
      this.held = 0;
    }
  }

  finish(proof) {
    if (this.values.length !== this.inside.length) return null;
    const values = [...this.values], nodes = proof.map(wordsOfHex), merging = new Blake3();
    const value = (at, bytes) => {
      const found = lies(this.part, at, bytes);
      if (found === "inside") return values.shift();
      if (found === "outside") {
        if (nodes.length === 0) throw new Error("too few nodes");
        return nodes.shift();
      }
      const left = leftBytes(bytes);
      const one = value(at, left), other = value(at + left, bytes - left);
      return merging.parent(one, other, bytes === this.part.total ? ROOT : 0);
    };
    try {
      const root = value(0, this.part.total);
      return nodes.length === 0 ? hexOf(bytesOfWords(root)) : null;
    } catch {
      return null;
    }
  }
}

// Digests of stretches [at, bytes] of a file that is read once, in order; none may lie over another.
class Slices {
  constructor(stretches) {
    this.slices = stretches.map(([at, bytes], number) => [at, bytes, number]).sort((one, two) => one[0] - two[0] || one[1] - two[1]);
    this.apart = this.slices.every(([at], place) => place === 0 || this.slices[place - 1][0] + this.slices[place - 1][1] <= at);
    this.digests = stretches.map(() => null);
    this.next = 0;
    this.at = 0;
    this.running = new Blake3();
  }

  push(bytes) {
    let rest = bytes;
    while (rest.length > 0 && this.next < this.slices.length) {
      const [from, length, number] = this.slices[this.next];
      const skipped = rest.subarray(0, Math.max(0, from - this.at));
      this.at += skipped.length;
      rest = rest.subarray(skipped.length);
      const now = rest.subarray(0, from + length - this.at);
      if (now.length > 0) this.running.update(now);
      this.at += now.length;
      rest = rest.subarray(now.length);
      if (this.at < from + length) continue;
      this.digests[number] = hexOf(this.running.finish());
      this.running = new Blake3();
      this.next++;
    }
    this.at += rest.length;
  }
}
