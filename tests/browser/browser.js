// Opens a page of a package in headless Chromium, from its file, as from a disc.
// Usage: browser.js verify PAGE folder|zip PACKAGE [KEY]   prints the verdict and problems as JSON
//        browser.js play PAGE                              plays, presses the second cue, prints what was seen
//        browser.js look PAGE                              prints what it says of each recording
// Promises to print every address that was asked for and is no file, and every complaint of the page's policy.
// Speaks the DevTools protocol over a pipe, so that no port is opened. Needs `chromium` on the path.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const WAIT_MS = 60000;

class Browser {
  constructor() {
    this.profile = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
    // Chromium refuses its sandbox to root; the pages are our own and offline.
    const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
    const flags = ["--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--autoplay-policy=no-user-gesture-required",
      "--disable-background-networking", "--disable-component-update", `--user-data-dir=${this.profile}`, ...sandbox, "about:blank"];
    this.process = spawn("chromium", flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.process.on("error", (error) => { console.error(error.message); process.exit(1); });
    this.waiting = new Map();
    this.asked = [];
    this.complaints = [];
    this.next = 1;
    let held = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (text) => {
      const parts = (held + text).split("\0");
      held = parts.pop();
      parts.forEach((part) => this.take(JSON.parse(part)));
    });
  }

  take({ id, result, error, method, params }) {
    if (id) {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      return error ? reject(new Error(error.message)) : resolve(result);
    }
    const address = method === "Network.requestWillBeSent" ? params.request.url : "file:";
    if (!/^(file|data|blob):/u.test(address)) this.asked.push(address);
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) this.complaints.push(params.entry.text);
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description ?? "exception");
  }

  send(method, params = {}) {
    const id = this.next++;
    const message = { id, method, params, ...(this.session ? { sessionId: this.session } : {}) };
    this.process.stdio[3].write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async open(page) {
    const { targetInfos } = await this.send("Target.getTargets");
    const target = targetInfos.find(({ type }) => type === "page");
    const { sessionId } = await this.send("Target.attachToTarget", { targetId: target.targetId, flatten: true });
    this.session = sessionId;
    for (const domain of ["Page", "Network", "Log", "Runtime", "DOM"]) await this.send(`${domain}.enable`);
    await this.send("Page.navigate", { url: pathToFileURL(path.resolve(page)).href });
    await this.until("document.readyState === 'complete' && document.getElementById('page')?.children.length > 0");
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async until(expression) {
    for (const begun = Date.now(); Date.now() - begun < WAIT_MS;) {
      if (await this.evaluate(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never became so: ${expression}; ${this.complaints.join("; ")}`);
  }

  async choose(selector, file) {
    const { root } = await this.send("DOM.getDocument");
    const { nodeId } = await this.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    await this.send("DOM.setFileInputFiles", { nodeId, files: [path.resolve(file)] });
    // A folder is listed while the page goes on.
    await this.until(`document.querySelector(${JSON.stringify(selector)}).files.length > 0`);
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    // Asked to end, its other processes end with it; killed, they would go on writing into the profile.
    this.session = undefined;
    this.send("Browser.close").catch(() => {});
    const late = setTimeout(() => this.process.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(late);
    try {
      fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch (error) {
      if (error.code !== "ENOTEMPTY") throw error;
    }
  }
}

async function verify(browser, [page, kind, held, key]) {
  await browser.open(page);
  if (key) await browser.evaluate(`document.getElementById("origin").value = ${JSON.stringify(key)}`);
  await browser.choose(kind === "zip" ? "#zip" : "#folder", held);
  await browser.evaluate(`document.getElementById("start").click()`);
  await browser.until(`document.getElementById("result").dataset.verdict`);
  const found = await browser.evaluate(`({ ...document.getElementById("result").dataset, said: document.getElementById("verdict")?.textContent })`);
  await browser.evaluate(`document.getElementById("language").click()`);
  const english = await browser.evaluate(`document.getElementById("verdict")?.textContent`);
  return { ...found, english };
}

async function play(browser, [page]) {
  await browser.open(page);
  await browser.until(`[...document.querySelectorAll("video,audio")].every((media) => media.readyState >= 1)`);
  await browser.until(`[...document.images].every((image) => image.complete && image.naturalWidth > 0)`);
  await browser.evaluate(`document.querySelectorAll(".cue")[1].click()`);
  await browser.evaluate(`document.querySelector("video").play()`);
  await browser.until(`document.querySelector(".cue.now")`);
  return browser.evaluate(`({ now: document.querySelector(".cue.now").textContent, first: document.querySelector(".cue").textContent,
    durations: [...document.querySelectorAll("video,audio")].map((media) => media.duration),
    title: document.title, heading: document.querySelector("h1").textContent, names: [...document.querySelectorAll("h2")].map((name) => name.textContent) })`);
}

// What a page says, whether or not its media can be played.
async function look(browser, [page]) {
  await browser.open(page);
  await browser.until(`document.querySelector("section.recording")`);
  return browser.evaluate(`({ said: [...document.querySelectorAll("section.recording p")].map((one) => one.textContent) })`);
}

async function main() {
  const [act, ...rest] = process.argv.slice(2);
  const browser = new Browser();
  try {
    const found = await { play, look, verify }[act](browser, rest);
    console.log(JSON.stringify({ ...found, asked: browser.asked, complaints: browser.complaints }));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
  await browser.close();
}

main();
