// Runs the check of the verifier page over many packages and compares it with vault-proof's.
// Usage: agree.js INDEX; the index lists packages as paths with the names of blobs that lie beside it, the pinned
// key, and the problems found there. Promises exit 0 only when every package gave the same problems here.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const page = require("./scripts.js");

async function main() {
  const index = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const place = path.dirname(process.argv[2]);
  const blobs = new Map();
  const blob = (name) => {
    if (!blobs.has(name)) blobs.set(name, new Uint8Array(fs.readFileSync(path.join(place, name))));
    return blobs.get(name);
  };
  const pin = page.parseKey(index.pin);
  let differ = 0;
  for (const { name, files, problems } of index.packages) {
    const listed = Object.entries(files).map(([filePath, held]) => ({
      path: filePath, bytes: blob(held).length, ordinary: true,
      pieces: async function* () { if (blob(held).length > 0) yield blob(held); },
    }));
    const report = await page.checkPackage(listed, pin);
    const here = report.problems.map(({ file, what }) => `${what} ${file}`).sort();
    if (JSON.stringify(here) !== JSON.stringify([...problems].sort())) {
      differ += 1;
      if (differ <= 5) console.log(JSON.stringify({ name, there: problems, here }, null, 1));
    }
  }
  console.log(`${index.packages.length} packages, ${differ} judged differently`);
  process.exitCode = differ === 0 ? 0 : 1;
}

main();
