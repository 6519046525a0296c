// The verifier page itself: choose a package, see the verdict, zh-CN first, English at a press.
// Promises that text of a package is only ever shown as text. Never uses a network: the policy forbids it.

const WORDS = JSON.parse(document.getElementById("words").textContent);
let language = "zh-CN";
let shown = null;
const word = (key) => WORDS[language][key] ?? key;

// An element with attributes and children; strings become text.
function make(tag, attributes, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

// Text that cannot play tricks: control and direction characters as their numbers.
const plain = (text) => text.replace(/[\p{C}\u2028\u2029]/gu, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);

const folder = make("input", { type: "file", id: "folder", webkitdirectory: true });
const zip = make("input", { type: "file", id: "zip", accept: ".zip" });
const origin = make("input", { type: "text", id: "origin", spellcheck: false, autocomplete: "off" });
const result = make("section", { id: "result" });
result.setAttribute("aria-live", "polite");

function show() {
  document.documentElement.lang = language;
  document.title = word("title");
  const switched = make("button", { type: "button", id: "language" }, word("page-language"));
  switched.addEventListener("click", () => {
    language = language === "en" ? "zh-CN" : "en";
    show();
  });
  const start = make("button", { type: "button", id: "start" }, word("page-start"));
  start.addEventListener("click", verifyChosen);
  document.getElementById("page").replaceChildren(
    make("header", {}, make("h1", {}, word("title")), switched),
    make("p", {}, make("label", { htmlFor: "folder" }, word("page-folder")), folder),
    make("p", {}, make("label", { htmlFor: "zip" }, word("page-zip")), zip),
    make("p", {}, make("label", { htmlFor: "origin" }, word("page-origin")), origin),
    make("p", {}, start),
    result,
    make("footer", {}, word("page-advice")),
  );
  if (shown) showReport(shown);
}

// Milliseconds as 0:12:05.040.
function clock(ms) {
  const seconds = Math.floor(ms / 1000), two = (number) => String(number).padStart(2, "0");
  const rest = String(ms % 1000).padStart(3, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`;
}

const excerptLine = (found) => `${found.recording} ${clock(found.begins_ms)}–${clock(found.ends_ms)}, ` +
  `${word("excerpt-as-recorded")}: ${found.as_recorded} / ${found.bytes}`;

function showReport(report) {
  shown = report;
  const rows = [["origin", plain(report.origin)], ["copy-mark", plain(report.copy_mark)],
    ["files", report.files], ["bytes", report.bytes], ["events", report.events],
    ["included", report.included.join("\n")], ["excerpts", report.excerpts.map(excerptLine).join("\n")], ["missing-recordings", report.missing.join("\n")]];
  const facts = rows.flatMap(([key, value]) => [make("dt", {}, word(key)), make("dd", {}, String(value))]);
  const problems = report.problems.map(({ file, what }) =>
    make("li", {}, make("strong", {}, word(what)), make("code", {}, plain(file))));
  const why = report.verdict === "self-asserted" ? [make("p", {}, word("self-asserted-why"))] : [];
  result.replaceChildren(
    make("p", { id: "verdict", className: report.verdict }, word(report.verdict)),
    ...why,
    make("dl", {}, ...facts),
    ...(problems.length ? [make("h2", {}, word("problems")), make("ul", { id: "problems" }, ...problems)] : []),
  );
  result.dataset.verdict = report.verdict;
  result.dataset.problems = report.problems.map(({ file, what }) => `${what} ${file}`).sort().join("\n");
}

async function verifyChosen() {
  delete result.dataset.verdict;
  shown = null;
  const given = origin.value.trim(), pin = given ? parseKey(given) : null;
  const state = make("p", {}, word("page-working"));
  result.replaceChildren(state);
  if (given && !pin) return fail(word("origin-bad"));
  if (folder.files.length + zip.files.length === 0) return fail(word("package-absent"));
  let done = 0, last = performance.now();
  const progress = async (bytes) => {
    done += bytes;
    if (performance.now() - last < 200) return;
    state.textContent = `${word("page-working")} ${(done / 1048576).toFixed(0)} MiB`;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
  let files;
  try {
    files = folder.files.length ? filesOfFolder(folder.files) : await filesOfZip(zip.files[0]);
  } catch {
    return showReport({ verdict: "not-valid", problems: [{ file: "", what: "not-listed" }], files: 0, bytes: 0,
      events: 0, origin: "", copy_mark: "", included: [], excerpts: [], missing: [] });
  }
  try {
    showReport(await checkPackage(files, pin, progress));
  } catch (error) {
    fail(`${word("page-failed")}: ${error.message}`);
  }
}

function fail(text) {
  result.replaceChildren(make("p", { className: "not-valid" }, text));
  result.dataset.verdict = "failed";
}

show();
