// What people say is kept here until the server has answered, through lost connections and closed windows.
//
// Everything has a key made where it was said. The server takes a key once, so sending again is always safe; and it is
// sent in the order in which it was said, so that an undo never overtakes its decision.

const LONGEST_WAIT = 15_000;

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

// One request with JSON; raises Refused with the server's words, and TypeError when there is no connection.
export async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    credentials: "same-origin",
  });
  const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) throw new TypeError(said.error || "The server cannot answer now.");
  if (!answer.ok) throw new Refused(said.error || `That was refused (${answer.status}).`);
  return said;
}

export class Outbox extends EventTarget {
  constructor(name) {
    super();
    this.store = `rushes-outbox:${name}`;
    this.element = document.getElementById("outbox");
    this.wait = 500;
    this.sending = false;
    this.waiting = new Map(); // key -> { resolve, reject } of this window
    addEventListener("online", () => this.flush());
    addEventListener("storage", (event) => event.key === this.store && this.show());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    document.addEventListener("rushes:event", () => this.kept.length && this.flush());
    this.show();
    this.flush();
  }

  get kept() {
    try {
      const found = JSON.parse(localStorage.getItem(this.store) || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  keep(rows) {
    if (rows.length) localStorage.setItem(this.store, JSON.stringify(rows));
    else localStorage.removeItem(this.store);
    this.show();
  }

  // Keep, then send. Resolves with the answer, rejects when the server refuses; waits for as long as it takes.
  send(url, body) {
    const id = newKey();
    this.keep([...this.kept, { id, url, body }]);
    const answered = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.flush();
    return answered;
  }

  show() {
    const count = this.kept.length;
    if (!this.element) return;
    const held = count > 0 && this.failed;
    this.element.hidden = !held;
    this.element.textContent = held ? `${count} kept here, to be sent when the connection is back` : "";
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
        this.failed = false;
        this.wait = 500;
        this.drop(first.id);
        waiting?.resolve(answer);
        this.dispatchEvent(new CustomEvent("sent", { detail: { ...first, answer } }));
      } catch (problem) {
        if (!(problem instanceof Refused)) {
          this.failed = true;
          this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
          this.show();
          return;
        }
        this.drop(first.id);
        waiting?.reject(problem);
        this.dispatchEvent(new CustomEvent("refused", { detail: { ...first, words: problem.message } }));
      }
    }
  }

  drop(id) {
    this.keep(this.kept.filter((row) => row.id !== id));
    this.waiting.delete(id);
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
