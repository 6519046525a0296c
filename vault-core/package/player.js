"use strict";
// The player page: every recording of the package, its text record in step with the sound.
// Promises to work from a disc without a network; text of a recording is only ever shown as text.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const DATA = JSON.parse(document.getElementById("data").textContent);
let language = "zh-CN";
const word = (key) => WORDS[language][key] ?? key;

function make(tag, attributes, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

// Seconds of a WebVTT time, hours optional; NaN for anything else.
function seconds(text) {
  const parts = /^(?:([0-9]{2,}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})$/u.exec(text);
  return parts ? Number(parts[1] ?? 0) * 3600 + Number(parts[2]) * 60 + Number(parts[3]) + Number(parts[4]) / 1000 : NaN;
}

// The cues of a WebVTT text: {from, to, text}. Markup is shown as it is written, but for the tags of WebVTT.
function cuesOf(text) {
  const cues = [];
  for (const block of (text ?? "").replace(/\r\n?/g, "\n").split(/\n\n+/u)) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    if (at < 0) continue;
    const [from, to] = lines[at].split("-->").map((time) => seconds(time.trim().split(/\s/u)[0]));
    const spoken = lines.slice(at + 1).join("\n").trim().replace(/<\/?[civb](?:[. ][^>]*)?>/gu, "");
    if (from < to && spoken) cues.push({ from, to, text: spoken });
  }
  return cues;
}

// A path of the package as an address beside this page.
const address = (path) => path.split("/").map(encodeURIComponent).join("/");

function mediaOf(recording) {
  const path = recording.rendition ?? recording.path;
  const kind = path.endsWith(".jpg") ? "image" : recording.rendition ? "video" : recording.format.split("/")[0];
  if (kind === "image") return make("img", { src: address(path), alt: recording.name });
  if (kind === "audio" || kind === "video") {
    return make(kind, { src: address(path), controls: true, preload: "metadata" });
  }
  return make("a", { href: address(recording.path) }, recording.path);
}

function transcriptOf(cues, media) {
  const lines = cues.map((cue) => {
    const line = make("button", { type: "button", className: "cue" }, cue.text);
    line.addEventListener("click", () => { media.currentTime = cue.from; });
    return line;
  });
  media.addEventListener("timeupdate", () => {
    cues.forEach((cue, at) => {
      const now = media.currentTime >= cue.from && media.currentTime < cue.to;
      if (now && !lines[at].classList.contains("now")) lines[at].scrollIntoView({ block: "nearest" });
      lines[at].classList.toggle("now", now);
    });
  });
  return make("div", { className: "transcript" }, ...lines);
}

// Milliseconds as 0:12:05.
function clock(ms) {
  const seconds = Math.floor(ms / 1000), two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

// What of the recording is not here, and where the file itself lies if something else is played.
function noticesOf(recording) {
  const excerpt = recording.covers && `${word("player-excerpt")} ${clock(recording.covers[0])}–` +
    `${clock(recording.covers[1])}; ${word("player-excerpt-whole")}`;
  const file = make("a", { href: address(recording.path) }, recording.path);
  return [...(excerpt ? [make("p", { className: "excerpt" }, make("strong", {}, excerpt))] : []),
    ...(recording.rendition ? [make("p", {}, `${word("player-rendition")}: `, file)] : [])];
}

function sectionOf(recording) {
  const media = mediaOf(recording);
  const cues = cuesOf(recording.transcript);
  const text = cues.length ? transcriptOf(cues, media) : make("p", {}, word("player-no-transcript"));
  return make("section", { className: "recording" },
    make("h2", {}, recording.name),
    make("p", {}, `${recording.case} · ${recording.format} · ${recording.bytes} B`),
    ...noticesOf(recording),
    make("div", { className: "beside" }, media, text),
    ...digestsOf(recording));
}

// Digests with what they are of: that of the whole is not that of an excerpt which lies here.
function digestsOf(recording) {
  const line = (label, digest) => make("p", {}, label, make("code", {}, `BLAKE3 ${digest}`));
  if (!recording.covers) return [line("", recording.id)];
  return [line(`${word("player-digest-excerpt")}: `, recording.digest),
    line(`${word("player-digest-whole")}: `, recording.id)];
}

function show() {
  document.documentElement.lang = language;
  document.title = word("player-title");
  const switched = make("button", { type: "button", id: "language" }, word("page-language"));
  switched.addEventListener("click", () => {
    language = language === "en" ? "zh-CN" : "en";
    show();
  });
  const absent = [
    ...DATA.withheld.map((entry) => `${entry.id} ${word("player-withheld")}: ${entry.reason} (${entry.article})`),
    ...DATA.unreadable.map((entry) => `${entry.id} ${word("player-unreadable")}: ${entry.from}–${entry.to}`),
  ];
  document.getElementById("page").replaceChildren(
    make("header", {}, make("h1", {}, word("player-title")), switched),
    make("p", {}, `${word("copy-mark")}: ${DATA.copy_mark} · ${word("player-notice")}: ${DATA.notice} · ` +
      `${word("player-recipient")}: ${DATA.recipient}`),
    make("p", {}, make("a", { href: "verify.html" }, word("player-verify"))),
    ...DATA.recordings.map(sectionOf),
    ...(absent.length ? [make("h2", {}, word("missing-recordings")),
      make("ul", {}, ...absent.map((line) => make("li", {}, line)))] : []),
  );
}

show();
