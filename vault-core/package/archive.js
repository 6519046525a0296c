// The files of a package as a browser gives them: a chosen folder, or a zip file (zip64, stored or deflated).
// Promises that a zip's list is its central directory's, agreeing with each local header, no two entries
// sharing bytes; pieces of at most 4 MiB; no more than the directory in memory. Never unpacks to a disc.

const PIECE_BYTES = 4 * 1024 * 1024;
const FILES_MAX = 200000;
const DIRECTORY_BYTES_MAX = 128 * 1024 * 1024;
const LARGE = 0xffffffff;

// Bytes of a blob, piece by piece.
async function* piecesOf(blob) {
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    yield new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer());
  }
}

async function* inflated(blob) {
  const reader = blob.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

// The files of a chosen folder, without the folder's own name.
function filesOfFolder(chosen) {
  return [...chosen].map((file) => ({
    path: file.webkitRelativePath.split("/").slice(1).join("/"),
    bytes: file.size,
    ordinary: true,
    pieces: () => piecesOf(file),
  }));
}

const refuse = (what) => { throw new Error(what); };

async function viewAt(blob, at, length) {
  if (at < 0 || length < 0 || at + length > blob.size) refuse("cut short");
  return new DataView(await blob.slice(at, at + length).arrayBuffer());
}

// A number of eight bytes; larger ones than a file can have are refused.
function wide(view, at) {
  const number = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(number) ? number : refuse("number");
}

// Count, place and length of the central directory.
async function zipEnding(blob) {
  const tail = await viewAt(blob, Math.max(0, blob.size - 22 - 0xffff), Math.min(blob.size, 22 + 0xffff));
  let at = tail.byteLength - 22;
  const ends = () => tail.getUint32(at, true) === 0x06054b50 && at + 22 + tail.getUint16(at + 20, true) === tail.byteLength;
  while (at >= 0 && !ends()) at--;
  if (at < 0) refuse("no end of a zip file");
  let endAt = blob.size - tail.byteLength + at;
  let [count, length, from] = [tail.getUint16(at + 10, true), tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  if (tail.getUint32(at + 4, true) !== 0 || tail.getUint16(at + 8, true) !== count) refuse("spanned");
  if (count === 0xffff || length === LARGE || from === LARGE) {
    const locator = await viewAt(blob, endAt - 20, 20), recordAt = wide(locator, 8);
    if (locator.getUint32(0, true) !== 0x07064b50 || recordAt + 56 !== endAt - 20) refuse("no zip64 record");
    const record = await viewAt(blob, recordAt, 56);
    if (record.getUint32(0, true) !== 0x06064b50 || wide(record, 16) !== 0) refuse("no zip64 record");
    [count, length, from, endAt] = [wide(record, 32), wide(record, 40), wide(record, 48), recordAt];
  }
  if (from + length !== endAt) refuse("something between directory and end");
  if (count > FILES_MAX * 2 || length > DIRECTORY_BYTES_MAX) refuse("too many entries");
  return { count, from, directory: await viewAt(blob, from, length) };
}

// One entry of the central directory, and where the next begins.
function zipEntry(directory, at) {
  if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50) refuse("cut short");
  const method = directory.getUint16(at + 10, true);
  if (directory.getUint16(at + 8, true) & 0x2041 || ![0, 8].includes(method)) refuse("encrypted, or of another method");
  const nameEnd = at + 46 + directory.getUint16(at + 28, true);
  const extraEnd = nameEnd + directory.getUint16(at + 30, true), next = extraEnd + directory.getUint16(at + 32, true);
  if (next > directory.byteLength) refuse("cut short");
  let field = extraEnd;
  for (let place = nameEnd; place + 4 <= extraEnd && field === extraEnd; place += 4 + directory.getUint16(place + 2, true)) {
    if (directory.getUint16(place, true) === 1) field = place + 4;
  }
  const widened = (place) => {
    const number = directory.getUint32(at + place, true);
    if (number !== LARGE) return number;
    if (field + 8 > extraEnd) refuse("no zip64 field");
    field += 8;
    return wide(directory, field - 8);
  };
  const [plain, packed, local] = [widened(24), widened(20), widened(42)];
  if (method === 0 && plain !== packed) refuse("stored in another length");
  const rawName = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameEnd - at - 46);
  const mode = directory.getUint16(at + 40, true) & 0o170000, onUnix = directory.getUint8(at + 5) === 3;
  let name, ordinary = !onUnix || [0, 0o100000].includes(mode);
  try {
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rawName);
  } catch {
    name = new TextDecoder().decode(rawName);
    ordinary = false;
  }
  return { entry: { name, rawName, ordinary, deflated: method === 8, at: local, packed, plain }, next };
}

// Reads the local header, which must agree.
async function locate(blob, entry) {
  const head = await viewAt(blob, entry.at, 30);
  const nameLength = head.getUint16(26, true), method = head.getUint16(8, true);
  if (head.getUint32(0, true) !== 0x04034b50 || method !== (entry.deflated ? 8 : 0)) refuse("local header differs");
  const name = await viewAt(blob, entry.at + 30, nameLength);
  if (entry.ordinary && !sameBytes(new Uint8Array(name.buffer), entry.rawName)) refuse("local header differs");
  entry.from = entry.at + 30 + nameLength + head.getUint16(28, true);
}

// The files of a zip file, without the top directory that they share.
async function filesOfZip(blob) {
  const { count, from, directory } = await zipEnding(blob);
  const entries = [];
  let at = 0;
  for (let number = 0; number < count; number++) {
    const { entry, next } = zipEntry(directory, at);
    entries.push(entry);
    at = next;
  }
  if (at !== directory.byteLength) refuse("more in the directory than it counts");
  // Before each is looked at: that takes two reads.
  if (entries.filter((entry) => !entry.name.endsWith("/")).length > FILES_MAX) refuse("too many entries");
  for (const entry of entries) await locate(blob, entry);
  const sorted = [...entries].sort((one, two) => one.at - two.at);
  sorted.forEach((entry, place) => {
    if (entry.from + entry.packed > (sorted[place + 1]?.at ?? from)) refuse("entries overlap");
  });
  const total = entries.reduce((sum, entry) => sum + entry.plain, 0);
  if (total > 2 ** 30 && total / 200 > blob.size) refuse("unpacks to too much");
  const files = entries.filter((entry) => !(entry.name.endsWith("/") && entry.plain === 0));
  const top = files[0]?.name.includes("/") ? files[0].name.split("/", 1)[0] + "/" : null;
  const shared = top !== null && files.every((entry) => entry.name.startsWith(top));
  return files.map((entry) => {
    const content = blob.slice(entry.from, entry.from + entry.packed);
    const pieces = () => (entry.deflated ? inflated(content) : piecesOf(content));
    return { path: shared ? entry.name.slice(top.length) : entry.name, bytes: entry.plain, ordinary: entry.ordinary, pieces };
  });
}
