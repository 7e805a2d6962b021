// What people say is kept here until the server has answered, through lost connections and closed windows.
//
// Everything has a key made where it was said. The server takes a key once, so sending again is always safe; and it is
// sent in the order in which it was said, so that an undo never overtakes its decision.

const LONGEST_WAIT = 15_000;
const LONGEST_ANSWER = 60_000; // ms; a line that is dead without saying so counts as lost after it

export function newKey() {
  return crypto.randomUUID?.() ?? uuidFrom(crypto.getRandomValues(new Uint8Array(16)));
}

// randomUUID is there only on secure pages; a review on the studio's own network may not be one.
function uuidFrom(bytes) {
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20, 32].map((end, place) => hex.slice([0, 8, 12, 16, 20][place], end)).join("-");
}

export function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export class Refused extends Error {}

// The server answered, and cannot take it now: it is sent again.
class NotNow extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

// One request with JSON; raises Refused with the server's words, and something else when it is to be sent again.
export async function post(url, body) {
  let answer = await ask(url, body);
  if (answer.status === 403 && !isJson(answer)) {
    // The form token of this page is from before a log-in: take a fresh one.
    await renewToken();
    answer = await ask(url, body);
  }
  const said = isJson(answer) ? await answer.json() : {};
  if (answer.status >= 500 || [401, 408, 425, 429].includes(answer.status)) throw new NotNow(said.error || "The server cannot answer now.", answer.status);
  if (!answer.ok) throw new Refused(said.error || `That was refused (${answer.status}).`);
  return said;
}

function ask(url, body) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal: AbortSignal.timeout?.(LONGEST_ANSWER),
  });
}

const isJson = (answer) => (answer.headers.get("Content-Type") || "").includes("json");
const personOn = (page) => page.querySelector("meta[name=person]")?.content ?? "";

// What one person has said is never sent in the name of another who has logged in here meanwhile.
async function renewToken() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (personOn(page) && personOn(page) !== personOn(document)) throw new NotNow("Somebody else is logged in here now.", 401);
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh ?? field.value;
}

// `name` is of one production and one person. Each thing said has an entry of its own in the browser's storage, so that
// two windows never write over each other's.
export class Outbox extends EventTarget {
  constructor(name) {
    super();
    this.store = `rushes-outbox:${name}:`;
    this.unstored = new Map(); // what the browser would not store lives as long as the page
    this.element = document.getElementById("outbox");
    this.wait = 500;
    this.sending = false;
    this.last = 0;
    this.waiting = new Map(); // id -> { resolve, reject } of this window
    addEventListener("online", () => this.flush());
    addEventListener("storage", (event) => this.stored(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    document.addEventListener("rushes:event", () => this.kept.length && this.flush());
    this.show();
    this.flush();
  }

  // In the order in which it was said.
  get kept() {
    const rows = new Map(this.unstored);
    for (const entry of Object.keys(localStorage)) {
      if (!entry.startsWith(this.store)) continue;
      try {
        rows.set(entry, JSON.parse(localStorage.getItem(entry)));
      } catch {
        localStorage.removeItem(entry); // nothing of ours
      }
    }
    return [...rows].filter(([, row]) => row).sort(([a], [b]) => (a < b ? -1 : 1)).map(([entry, row]) => ({ ...row, entry }));
  }

  // Another window has sent what was said here.
  stored({ key, newValue }) {
    if (!key?.startsWith(this.store)) return;
    const id = key.slice(key.lastIndexOf(":") + 1);
    if (newValue === null && this.waiting.has(id)) {
      this.waiting.get(id).resolve({});
      this.waiting.delete(id);
    }
    this.show();
  }

  // Keep, then send. Resolves with the answer, rejects when the server refuses; waits for as long as it takes.
  send(url, body) {
    const id = newKey();
    this.last = Math.max(this.last + 1, Date.now());
    const entry = `${this.store}${String(this.last).padStart(15, "0")}:${id}`;
    const row = { id, url, body };
    try {
      localStorage.setItem(entry, JSON.stringify(row));
    } catch {
      this.unstored.set(entry, row);
    }
    this.show();
    const answered = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.flush();
    return answered;
  }

  show() {
    if (!this.element) return;
    const count = this.kept.length;
    const held = count > 0 && this.failed;
    this.element.hidden = !held;
    this.element.replaceChildren();
    if (!held) return;
    if (this.loggedOut) {
      const link = Object.assign(document.createElement("a"), { href: "/login/", target: "_blank", textContent: "Log in" });
      this.element.append(`${count} kept here: you are logged out. `, link, " to send it.");
    } else this.element.append(`${count} kept here, to be sent when the connection is back`);
  }

  async flush() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      // One window at a time where the browser can say so; without it both send, and the server takes each key once.
      if (navigator.locks) await navigator.locks.request(this.store, () => this.sendAll());
      else await this.sendAll();
    } finally {
      this.sending = false;
      if (this.kept.length) this.timer = setTimeout(() => this.flush(), this.failed ? this.wait : 0);
    }
  }

  async sendAll() {
    for (;;) {
      const [first] = this.kept;
      if (!first) break;
      const waiting = this.waiting.get(first.id);
      try {
        const answer = await post(first.url, first.body);
        this.failed = this.loggedOut = false;
        this.wait = 500;
        this.drop(first);
        waiting?.resolve(answer);
        this.dispatchEvent(new CustomEvent("sent", { detail: { ...first, answer } }));
      } catch (problem) {
        if (!(problem instanceof Refused)) {
          this.failed = true;
          this.loggedOut = problem.status === 401;
          this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
          this.show();
          return;
        }
        this.drop(first);
        waiting?.reject(problem);
        this.dispatchEvent(new CustomEvent("refused", { detail: { ...first, words: problem.message } }));
      }
    }
  }

  drop({ entry, id }) {
    localStorage.removeItem(entry);
    this.unstored.delete(entry);
    this.waiting.delete(id);
    this.show();
  }
}

let hiding = null;

// A word that passes, with something to press where there is something to undo.
export function toast(words, { action, label, stay = 6000 } = {}) {
  const element = document.getElementById("toast");
  if (!element) return;
  clearTimeout(hiding);
  element.replaceChildren(document.createTextNode(words));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: label });
    button.addEventListener("click", () => { element.hidden = true; action(); });
    element.append(" ", button);
  }
  element.hidden = false;
  hiding = setTimeout(() => { element.hidden = true; }, stay);
}
