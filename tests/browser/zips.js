// Runs the check of the verifier page over zip files and prints one verdict to a line: "VERDICT PATH".
// Usage: zips.js KEY FILE…. Promises that an archive that cannot be listed counts as not-valid, as the page says it.
"use strict";
const fs = require("node:fs");
const page = require("./scripts.js");

async function verdictOf(file, pin) {
  let files;
  try {
    files = await page.filesOfZip(new Blob([fs.readFileSync(file)]));
  } catch {
    return "not-valid";
  }
  return (await page.checkPackage(files, pin)).verdict;
}

async function main() {
  const [key, ...files] = process.argv.slice(2);
  for (const file of files) console.log(`${await verdictOf(file, page.parseKey(key))} ${file}`);
}

main();
