// The review room: one take on the deck, what is said of it beside it, everything under the keys.

import { Beside } from "./beside.js";
import { Compare } from "./compare.js";
import { Composer } from "./composer.js";
import { Decisions } from "./decisions.js";
import { Deck } from "./deck.js";
import { deedsOf } from "./deeds.js";
import { Drawing, TOOLS } from "./drawing.js";
import { gestures } from "./gestures.js";
import { keys } from "./keys.js";
import { Outbox, toast } from "./outbox.js";
import { Session } from "./session.js";
import { drawWaveform } from "./waveform.js";
import { Zoom } from "./zoom.js";

const $ = (id) => document.getElementById(id);
const config = JSON.parse($("config").textContent);
const PATIENCE = 1000; // ms
const AROUND = 2; // seconds of the neighbours that are played with a shot

class Room {
  constructor() {
    this.config = config;
    this.reel = config.reel;
    this.place = config.start;
    this.takes = []; // of the shot that is shown
    this.playOn = false;
    this.around = null;
    this.zoom = new Zoom($("screen"), $("picture"));
    this.outbox = new Outbox(config.outbox);
    this.deck = new Deck($("videos"), config.firstFrame);
    this.drawing = new Drawing($("drawing"), config.colours);
    this.compare = new Compare($("compare"), this.deck);
    this.beside = new Beside(this);
    this.composer = new Composer(this);
    this.decisions = new Decisions(this);
    this.deeds = deedsOf(this);
    this.listen();
    this.makeTools();
    this.session = config.playlist ? new Session(this) : null;
  }

  may(right) {
    return config.rights.includes(right);
  }

  get item() {
    return this.deck.item;
  }

  // ---- what is shown

  async open(place, frame = 0) {
    if (!this.reel[place]) return;
    this.place = place;
    await this.show(this.reel[place], frame);
  }

  async show(item, frame = 0) {
    this.compare.stop();
    this.pressed("compare", false);
    $("compare-tools").hidden = true;
    this.drawing.strokes = [];
    this.draw(false);
    this.drawing.kept = [];
    const [wide, high] = item.size;
    $("picture").style.setProperty("--shape", `${wide} / ${high}`);
    $("picture").style.setProperty("--ratio", wide / high);
    this.drawing.fit(wide, high);
    const shown = this.deck.show(item, frame);
    // The picture first: what stands around it is asked for once it can be seen, or does not come soon.
    const seen = Promise.race([shown, new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    this.describe();
    this.beside.load(item, seen);
    await seen;
    if (this.item !== item) return; // somebody has gone on
    drawWaveform($("waveform"), item);
    this.markReel();
    await shown;
    // The next ones first, then the one before: people go forward.
    this.deck.keep([1, -1, 2].map((by) => this.reel[this.place + by]).filter(Boolean));
  }

  describe() {
    const { item } = this;
    $("where").textContent = `${item.label}, take ${item.number} · ${this.place + 1} of ${this.reel.length}`;
    if (!config.playlist) $("room-title").textContent = `Shot ${item.label}`;
    const scrub = $("scrub");
    scrub.max = item.frames - 1;
    this.showState();
    if (!config.guest && !config.playlist) {
      history.replaceState(null, "", `${config.urls.shot.replace("/0/", `/${item.shot}/`)}?take=${item.number}`);
    }
  }

  showState() {
    const { item } = this;
    $("state").textContent = `${item.stateWords}${item.selected ? ", in the film" : ""}`;
    $("state").className = `state review-${item.state}`;
  }

  markReel() {
    const row = $("reel");
    if (!row.children.length) {
      for (const [place, item] of this.reel.entries()) row.append(this.cell(item, () => this.go(place)));
    }
    for (const [place, cell] of [...row.children].entries()) {
      const here = place === this.place;
      cell.firstChild.toggleAttribute("aria-current", here);
      if (here) {
        cell.firstChild.setAttribute("aria-current", "true");
        row.scrollTo({ left: cell.offsetLeft - row.clientWidth / 2 + cell.clientWidth / 2 });
      }
    }
  }

  cell(item, press) {
    const li = document.createElement("li");
    li.className = `review-${item.state}`;
    li.dataset.take = item.take;
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const image = Object.assign(document.createElement("img"), { src: item.thumbnail, alt: "", loading: "lazy", decoding: "async" });
    const label = Object.assign(document.createElement("span"), { textContent: `${item.label} ·${item.number}` });
    button.append(image, label);
    button.setAttribute("aria-label", `${item.label} take ${item.number}, ${item.stateWords}`);
    button.addEventListener("click", press);
    li.append(button);
    return li;
  }

  // A person's own move: they leave the presenter.
  go(place, frame = 0) {
    this.session?.own();
    this.around = null;
    return this.open(Math.max(0, Math.min(this.reel.length - 1, place)), frame);
  }

  showTakes(takes) {
    this.takes = takes;
    $("takes").replaceChildren(...takes.map((item) => {
      const cell = this.cell(item, () => { this.session?.own(); this.show(item); });
      if (item.take === this.item.take) cell.firstChild.setAttribute("aria-current", "true");
      cell.querySelector("span").textContent = `Take ${item.number}${item.selected ? " ★" : ""}`;
      return cell;
    }));
    $("takes").hidden = takes.length < 2;
    const select = $("compare-with");
    const kept = select.value;
    const others = [...takes, ...[-1, 1].map((by) => this.reel[this.place + by]).filter(Boolean)];
    select.replaceChildren(...others.filter((item) => item.take !== this.item.take).map((item) => {
      const option = new Option(item.shot === this.item.shot ? `take ${item.number}` : `${item.label} take ${item.number}`, item.take);
      return option;
    }));
    this.others = new Map(others.map((item) => [String(item.take), item]));
    if ([...select.options].some((option) => option.value === kept)) select.value = kept;
  }

  otherTake(by) {
    const at = this.takes.findIndex((item) => item.take === this.item.take);
    const other = this.takes[at + by];
    if (other) {
      this.session?.own();
      this.show(other, Math.min(this.deck.frame, other.frames - 1));
    }
  }

  // Something about these takes has changed.
  update(fresh) {
    for (const list of [this.reel, this.takes]) {
      for (const [place, item] of list.entries()) {
        const found = fresh.find((row) => row.take === item.take);
        if (found) list[place] = Object.assign(item, found);
      }
    }
    const now = fresh.find((row) => row.take === this.item.take);
    if (now) Object.assign(this.deck.item, now);
    for (const cell of document.querySelectorAll("#reel li, #takes li")) {
      const found = fresh.find((row) => String(row.take) === cell.dataset.take);
      if (!found) continue;
      cell.className = `review-${found.state}`;
      cell.firstChild.setAttribute("aria-label", `${found.label} take ${found.number}, ${found.stateWords}`);
    }
    this.showState();
  }

  // ---- playing

  listen() {
    const { deck } = this;
    deck.addEventListener("frame", () => this.showFrame());
    deck.addEventListener("state", () => {
      const button = document.querySelector("[data-does=play]");
      button.setAttribute("aria-label", deck.running ? "Pause" : "Play");
      button.querySelector("use").setAttribute("href", deck.running ? "#i-stop" : "#i-play");
      const value = String(Math.abs(deck.speed));
      if ([...$("speed").options].some((option) => option.value === value)) $("speed").value = value;
      document.body.dataset.playing = deck.running ? deck.speed : "";
    });
    deck.addEventListener("item", () => { $("screen").dataset.take = deck.item.take; });
    deck.addEventListener("end", (event) => this.ended(event));
    deck.addEventListener("broken", () => toast("This file cannot be played here. Its take can still be decided about."));
    document.addEventListener("rushes:event", ({ detail }) => this.hear(detail));
    new MutationObserver(() => this.leaveWhenShut()).observe(document.body, { attributeFilter: ["data-live-state"] });
    this.outbox.addEventListener("sent", () => this.item && this.beside.reload());
    this.outbox.addEventListener("refused", ({ detail }) => toast(detail.words));
    $("scrub").addEventListener("input", () => { this.session?.own(); deck.pause(); deck.seek(Number($("scrub").value)); });
    $("frame").addEventListener("change", () => this.goTo($("frame").value));
    $("frame").addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.goTo($("frame").value); $("screen").focus(); }
    });
    $("speed").addEventListener("change", () => this.setSpeed(Number($("speed").value)));
    $("volume").addEventListener("input", () => deck.setVolume(Number($("volume").value) / 100, false));
    $("compare-mix").addEventListener("input", () => { this.compare.mix = Number($("compare-mix").value) / 100; this.compare.draw(); });
    $("compare-with").addEventListener("change", () => this.startCompare());
    for (const button of document.querySelectorAll("button[data-mode]")) button.addEventListener("click", () => this.startCompare(button.dataset.mode));
    document.addEventListener("click", (event) => {
      const does = event.target.closest("[data-does]")?.dataset.does;
      if (does) this.do(does);
    });
    this.drawing.addEventListener("change", () => this.pressed("draw", this.drawing.on));
    keys(this);
    gestures(this, $("screen"), $("picture"));
  }

  // A link that is revoked, or a membership that ends, shuts the open page too.
  leaveWhenShut() {
    if (document.body.dataset.liveState !== "gone") return;
    const before = Number(sessionStorage.getItem("room-shut")) || 0;
    if (Date.now() - before < 30_000) return;
    sessionStorage.setItem("room-shut", String(Date.now()));
    this.deck.halt();
    location.reload();
  }

  showFrame() {
    const { deck } = this;
    const { clock, frame } = deck;
    $("scrub").value = frame;
    $("scrub").setAttribute("aria-valuetext", `Frame ${clock.label(frame)}`);
    if (document.activeElement !== $("frame")) $("frame").value = clock.label(frame);
    $("timecode").textContent = clock.timecode(frame);
    $("slate").textContent = `${this.item.label}  ${clock.label(frame)}  ${clock.timecode(frame)}`;
    $("screen").dataset.frame = frame;
    this.beside.showDrawings(frame);
  }

  goTo(text) {
    const number = Number.parseInt(text, 10);
    if (Number.isNaN(number)) return;
    this.session?.own();
    this.deck.pause();
    this.deck.seek(number - config.firstFrame);
  }

  setSpeed(speed) {
    this.deck.speed = speed;
    if (this.deck.running) this.deck.play(speed);
    else this.deck.dispatchEvent(new CustomEvent("state"));
  }

  ended(event) {
    if (this.around) {
      event.preventDefault();
      this.nextAround();
    } else if (this.playOn && this.reel[this.place + 1]) {
      event.preventDefault();
      this.playNext();
    }
  }

  async playNext() {
    const { speed } = this.deck;
    await this.open(this.place + 1);
    this.deck.play(speed);
  }

  // The shot in its cut: the end of the one before, the shot, the beginning of the next, and back.
  async playAround() {
    const center = this.place;
    const reach = (item) => Math.round((AROUND * item.rate[0]) / item.rate[1]);
    this.around = [];
    const before = this.reel[center - 1];
    const after = this.reel[center + 1];
    if (before) this.around.push({ place: center - 1, first: Math.max(0, before.frames - reach(before)) });
    this.around.push({ place: center, first: 0 });
    if (after) this.around.push({ place: center + 1, first: 0, last: Math.min(after.frames, reach(after)) - 1 });
    this.around.push({ place: center, stop: true });
    await this.nextAround();
  }

  async nextAround() {
    const part = this.around.shift();
    if (!part) { this.around = null; return; }
    if (part.stop) {
      this.around = null;
      await this.open(part.place);
      return;
    }
    await this.open(part.place, part.first);
    if (part.last !== undefined) this.deck.outPoint = part.last;
    this.deck.play(100);
  }

  mark(which) {
    const { deck } = this;
    if (which === "clear") deck.inPoint = deck.outPoint = null;
    else deck[which] = deck.frame;
    if (deck.inPoint !== null && deck.outPoint !== null && deck.outPoint < deck.inPoint) {
      if (which === "inPoint") deck.outPoint = null;
      else deck.inPoint = null;
    }
    this.beside.showMarks();
    const words = deck.inPoint === null && deck.outPoint === null ? "In and out cleared" : `In ${deck.clock.label(deck.from)}, out ${deck.clock.label(deck.to)}`;
    toast(words, { stay: 1500 });
  }

  pressed(does, on) {
    document.querySelector(`[data-does="${does}"]`)?.setAttribute("aria-pressed", String(on));
  }

  do(what) {
    const deed = this.deeds[what];
    if (!deed || (!this.item && what !== "help")) return;
    deed();
  }

  async toggleFull() {
    const { deck } = this;
    const frame = deck.frame;
    deck.halt();
    deck.full = !deck.full;
    this.pressed("full", deck.full);
    await deck.show(deck.item, frame, { keepPoints: true });
    deck.keep([1, -1].map((by) => this.reel[this.place + by]).filter(Boolean));
  }

  // ---- comparing

  startCompare(mode = this.compare.mode) {
    const other = this.others?.get($("compare-with").value);
    if (!other) { toast("There is no other take to compare with."); return; }
    $("compare-tools").hidden = false;
    this.pressed("compare", true);
    if (this.compare.on && this.compare.other.take === other.take) {
      this.compare.mode = mode;
      this.compare.draw();
    } else this.compare.start(other, mode);
    for (const button of document.querySelectorAll("button[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    $("compare-tools").classList.toggle("mixes", mode === "overlay" || mode === "wipe");
  }

  // The line of a wipe goes where the finger or the mouse is; false where there is no wipe to move.
  wipeTo(part) {
    if (!this.compare.on || this.compare.mode !== "wipe" || this.zoom.scale > 1) return false;
    this.compare.mix = Math.max(0, Math.min(1, part));
    $("compare-mix").value = Math.round(100 * this.compare.mix);
    this.compare.draw();
    return true;
  }

  stopCompare() {
    this.compare.stop();
    $("compare-tools").hidden = true;
    this.pressed("compare", false);
  }

  // ---- drawing and notes

  makeTools() {
    for (const [tool, words] of Object.entries(TOOLS)) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words });
      button.dataset.tool = tool;
      button.setAttribute("aria-pressed", String(tool === this.drawing.tool));
      button.addEventListener("click", () => {
        this.drawing.tool = tool;
        for (const other of document.querySelectorAll("[data-tool]")) other.setAttribute("aria-pressed", String(other === button));
      });
      $("tools").append(button);
    }
    const names = ["Amber", "Red", "Green", "Blue", "White", "Black"];
    for (const [place, colour] of config.colours.entries()) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "colour" });
      button.style.setProperty("--colour", colour);
      button.dataset.colour = colour;
      button.setAttribute("aria-label", names[place]);
      button.setAttribute("aria-pressed", String(place === 0));
      button.addEventListener("click", () => {
        this.drawing.colour = colour;
        for (const other of document.querySelectorAll("[data-colour]")) other.setAttribute("aria-pressed", String(other === button));
      });
      $("colours").append(button);
    }
  }

  draw(on) {
    if (on && !this.may("comment")) return;
    if (on) this.deck.pause();
    this.drawing.start(on);
    $("draw-tools").hidden = !on;
    if (on) $("drawing").focus({ preventScroll: true });
    else if (document.activeElement === $("drawing")) $("screen").focus({ preventScroll: true });
  }

  // ---- news

  hear({ type, subject, payload }) {
    this.session?.hear(type, payload);
    const shot = payload?.shot ?? (subject.startsWith("shot:") ? Number(subject.slice(5)) : null);
    if (payload?.take && payload.state) {
      const words = { approved: "Approved", retake: "Retake", needs_review: "Needs review", pending: "Pending" };
      const known = [...this.reel, ...this.takes].find((item) => item.take === payload.take);
      if (known) this.update([{ ...known, state: payload.state, stateWords: words[payload.state] ?? payload.state }]);
    }
    if (!this.item) return;
    const about = shot === this.item.shot || payload?.take === this.item.take || payload?.subject === `shot:${this.item.shot}`;
    if (about) this.beside.reload({ arrived: type === "take.created" ? payload.take : null });
  }

  arrived(item) {
    const busy = this.deck.running || this.drawing.on || $("note-text").value || this.compare.on || document.querySelector("dialog[open]");
    const following = this.session?.following;
    if (busy || following || config.playlist) {
      toast(`Take ${item.number} of ${item.label} has arrived.`, { label: "Look", action: () => this.show(item), stay: 15_000 });
    } else {
      this.show(item);
      toast(`Take ${item.number} of ${item.label} has arrived.`);
    }
  }
}

const room = new Room();
window.room = room;
if (room.reel.length) room.session?.begin() ?? room.open(config.start);
else document.addEventListener("rushes:event", ({ detail }) => detail.type === "take.created" && location.reload());
document.body.dataset.ready = "yes";
