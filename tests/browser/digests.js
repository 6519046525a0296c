// The hand-written digests and signatures of the verifier page against official vectors and against Node's own.
// Promises exit 0 only when every vector held. Vectors: tests/vectors/blake3 (official), RFC 8032 §7.1, GB/T 32905.
"use strict";
const assert = require("node:assert");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const page = require("./scripts.js");

const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, "../vectors/blake3/test_vectors.json"), "utf8"));
for (const { input_len: length, hash } of vectors.cases) {
  const input = Uint8Array.from({ length }, (_, at) => at % 251);
  assert.strictEqual(page.hexOf(page.digest(page.Blake3, input)), hash.slice(0, 64), `BLAKE3 of ${length}`);
  // The same in pieces of every awkward length.
  for (const size of [1, 63, 64, 65, 1000, 1024, 1025]) {
    const running = new page.Blake3();
    for (let at = 0; at < length; at += size) running.update(input.subarray(at, at + size));
    assert.strictEqual(page.hexOf(running.finish()), hash.slice(0, 64), `BLAKE3 of ${length} by ${size}`);
  }
}
for (let length = 0; length < 520; length++) {
  const input = crypto.randomBytes(length);
  for (const [Kind, name] of [[page.Sha256, "sha256"], [page.Sha512, "sha512"], [page.Sm3, "sm3"]]) {
    const expected = crypto.createHash(name).update(input).digest("hex");
    const running = new Kind();
    const cut = length % 97;
    running.update(input.subarray(0, cut));
    running.update(input.subarray(cut));
    assert.strictEqual(page.hexOf(running.finish()), expected, `${name} of ${length}`);
  }
}
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
assert.strictEqual(page.hexOf(page.digest(page.Sm3, Buffer.from("abc"))),
  "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
const key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const signature = bytes("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
assert.ok(page.ed25519Holds(key, bytes("72"), signature));
assert.ok(!page.ed25519Holds(key, bytes("73"), signature));
for (let at = 0; at < 64; at++) {
  const changed = signature.slice();
  changed[at] ^= 1;
  assert.ok(!page.ed25519Holds(key, bytes("72"), changed), `byte ${at} of the signature`);
}
// A signature with the group's order added to s, a key of small order: refused, as RFC 8032 strictly read demands.
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
let s = BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString("hex")}`) + order;
const malleable = signature.slice();
for (let at = 32; at < 64; at++, s >>= 8n) malleable[at] = Number(s & 255n);
assert.ok(!page.ed25519Holds(key, bytes("72"), malleable));
const identity = new Uint8Array(32);
identity[0] = 1;
assert.ok(!page.ed25519Holds(identity, bytes("72"), Uint8Array.of(...identity, ...new Uint8Array(32))));
for (let round = 0; round < 20; round++) {
  const pair = crypto.generateKeyPairSync("ed25519");
  const message = crypto.randomBytes(round * 13);
  const raw = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  assert.ok(page.ed25519Holds(raw, message, crypto.sign(null, message, pair.privateKey)));
}
const noteKey = page.parseKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
const note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
assert.ok(page.openNote(note, noteKey).endsWith("is.\n"));
assert.strictEqual(page.openNote(note.replace("answer", "Answer"), noteKey), null);
console.log("ok");
