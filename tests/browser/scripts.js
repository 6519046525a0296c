// Loads the scripts of the verifier page into Node, without a page, for tests and for measuring agreement.
// Promises the very text that goes into verify.html. Never loads the part that touches a document.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const place = path.join(__dirname, "../../vault-core/package");
const parts = ["digests.js", "signatures.js", "archive.js", "parts.js", "check.js"];
const text = parts.map((name) => fs.readFileSync(path.join(place, name), "utf8")).join("");
const names = ["Sha256", "Sha512", "Sm3", "Blake3", "digest", "hexOf", "ed25519Holds", "parseKey", "openNote",
  "filesOfZip", "checkPackage", "pathIsGood", "parseCanonical", "partOf", "PartHasher"];
module.exports = new Function(`${text}\nreturn { ${names.join(", ")} };`)();
