// Keeps a page of a production current: connects to its events, puts the newer selves of elements in their place, and
// after any break goes on from the last event it saw. docs/live.md describes the messages.
//
// The body says what to follow: data-live-project (slug) and data-live-since (an event id, read before the page's data).
// data-live-fragments="0" asks for events alone, which come without the pace of rendering; data-live-address names
// another feed than the production's.
// Other scripts listen for "rushes:event" on document; its detail is the message.

const FIRST_WAIT = 500; // ms before the first attempt to reconnect; doubled for each that fails
const LONGEST_WAIT = 30_000;
const SILENCE = 60_000; // the server says something every 25 s; after this the line is dead even if nothing told us
const SAY_AFTER = 2_000; // a restart of the server is not worth a word
const RELOAD_EVERY = 30_000;
const NOT_AVAILABLE = new Set([4400, 4404]); // trying again cannot help

const WRITING = "input, textarea, select, [contenteditable]";

export class LiveElements {
  // Elements that may not be replaced now wait here in their newest form.
  waiting = new Map();
  shown = new Map();

  constructor() {
    for (const type of ["pause", "ended", "focusout", "close", "toggle"]) {
      document.addEventListener(type, () => setTimeout(() => this.retry()), true);
    }
  }

  show(fragments) {
    for (const [id, html] of Object.entries(fragments)) this.replace(id, html);
    this.retry();
  }

  retry() {
    for (const [id, html] of [...this.waiting]) this.replace(id, html);
  }

  replace(id, html) {
    this.waiting.delete(id);
    const old = document.getElementById(id);
    if (!old || this.shown.get(id) === html) return;
    if (isBusy(old)) {
      this.waiting.set(id, html);
      return;
    }
    const fresh = parsed(html);
    if (!fresh) return;
    const focus = focusWithin(old);
    const places = scrollPlaces(old);
    keepPlayers(old, fresh);
    keepOpen(old, fresh);
    old.replaceWith(fresh);
    this.forget(fresh);
    this.shown.set(id, html);
    restoreScroll(fresh, places);
    focus?.(fresh);
  }

  // What was shown, or waits, inside an element that came anew is older than the element.
  forget(fresh) {
    for (const known of [this.shown, this.waiting]) {
      for (const id of [...known.keys()]) {
        if (fresh.querySelector(`#${CSS.escape(id)}`)) known.delete(id);
      }
    }
  }
}

// Somebody watches or writes in it, or a script asked for it to stay.
function isBusy(element) {
  if (element.closest("[data-live-keep]") || element.querySelector("[data-live-keep]")) return true;
  for (const player of element.querySelectorAll("video, audio")) {
    if (!player.paused && !player.ended) return true;
  }
  const active = document.activeElement;
  if (active && element.contains(active) && active.matches(WRITING)) return true;
  return Boolean(element.querySelector("dialog[open]"));
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// The keyboard stays on the same control: the one with the same id, address or name.
function focusWithin(old) {
  const active = document.activeElement;
  if (!active || active === document.body || !old.contains(active)) return null;
  const same = (name) => active.getAttribute(name) && `${active.localName}[${name}="${CSS.escape(active.getAttribute(name))}"]`;
  const selector = ["id", "href", "name", "formaction"].map(same).find(Boolean);
  return (fresh) => {
    const target = active === old ? fresh : selector && (fresh.matches(selector) ? fresh : fresh.querySelector(selector));
    target?.focus({ preventScroll: true });
  };
}

function scrollPlaces(old) {
  return [old, ...old.querySelectorAll("[id]")]
    .filter((part) => part.scrollTop || part.scrollLeft)
    .map((part) => [part.id, part.scrollTop, part.scrollLeft]);
}

function restoreScroll(fresh, places) {
  for (const [id, top, left] of places) {
    const part = fresh.id === id ? fresh : fresh.querySelector(`#${CSS.escape(id)}`);
    part?.scrollTo({ top, left, behavior: "instant" });
  }
}

// A player of the same file is moved over as it is, with its position and what it has loaded.
function keepPlayers(old, fresh) {
  for (const player of fresh.querySelectorAll("video[src], audio[src]")) {
    const address = player.getAttribute("src");
    const same = [...old.querySelectorAll(player.localName)].find((mine) => mine.getAttribute("src") === address);
    if (same) player.replaceWith(same);
  }
}

function keepOpen(old, fresh) {
  for (const details of fresh.querySelectorAll("details[id]")) {
    const before = old.querySelector(`#${CSS.escape(details.id)}`);
    if (before) details.open = before.open;
  }
}

class LiveState {
  // The words about the line, read out by screen readers; empty while all is well.
  constructor() {
    this.element = document.getElementById("live-state") || this.make();
  }

  make() {
    const element = document.createElement("p");
    element.id = "live-state";
    element.className = "live-state";
    element.setAttribute("role", "status");
    element.setAttribute("aria-live", "polite");
    Object.assign(element.style, { position: "fixed", insetInlineEnd: "1rem", insetBlockEnd: "1rem", margin: "0", zIndex: "10" });
    document.body.append(element);
    return element;
  }

  say(words, state) {
    clearTimeout(this.timer);
    document.body.dataset.liveState = state;
    this.element.textContent = words;
  }

  sayLater(words, state) {
    if (document.body.dataset.liveState === state) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(words, state), SAY_AFTER);
  }
}

class LiveFeed {
  constructor(slug, since) {
    this.slug = slug;
    this.last = since;
    this.failures = 0;
    this.elements = new LiveElements();
    this.state = new LiveState();
    addEventListener("online", () => this.hurry());
    addEventListener("pageshow", (event) => event.persisted && this.connect());
    addEventListener("pagehide", () => this.hangUp());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  connect() {
    this.hangUp();
    const { liveAddress, liveFragments = "1" } = document.body.dataset;
    const address = new URL(liveAddress || `/ws/projects/${encodeURIComponent(this.slug)}/`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("fragments", liveFragments);
    if (this.last !== null) address.searchParams.set("since", this.last);
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onmessage = (message) => socket === this.socket && this.receive(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
    this.listen();
  }

  // A line that says nothing for long is dead, whatever the browser thinks of it.
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.hangUp();
      this.lost(1006);
    }, SILENCE);
  }

  receive(message) {
    this.listen();
    if (message.type === "hello") {
      this.failures = 0;
      if (message.stale) {
        this.startAfresh();
      } else {
        this.last = message.id;
        this.state.say("", "connected");
      }
    } else if (message.id !== undefined) {
      this.last = message.id;
      this.elements.show(message.fragments);
      document.dispatchEvent(new CustomEvent("rushes:event", { detail: message }));
    }
  }

  lost(code) {
    clearTimeout(this.silence);
    if (NOT_AVAILABLE.has(code)) {
      this.state.say("This production is no longer available to you.", "gone");
      return;
    }
    this.state.sayLater("Reconnecting …", "reconnecting");
    // Jitter, so that the pages of a server that restarts do not come back all at once.
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), wait);
  }

  hurry() {
    if (this.retry && this.socket?.readyState !== WebSocket.OPEN) this.connect();
  }

  hangUp() {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.retry = null;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  // Events since the last visit are no longer kept: only a fresh page is right, but nobody's work is thrown away.
  startAfresh() {
    this.hangUp();
    const before = Number(sessionStorage.getItem("live-reloaded")) || 0;
    const active = document.activeElement;
    const writing = active?.matches(WRITING) || isBusy(document.body) || document.querySelector("dialog[open]");
    if (writing || Date.now() - before < RELOAD_EVERY) {
      this.state.say("This page is out of date: load it again.", "stale");
      return;
    }
    sessionStorage.setItem("live-reloaded", String(Date.now()));
    location.reload();
  }
}

const { liveProject, liveSince } = document.body.dataset;
if (liveProject) new LiveFeed(liveProject, liveSince ? Number(liveSince) : null).connect();
