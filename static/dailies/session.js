// Watching together. The presenter says where they are, at most ten times a second; followers go there. What is said
// goes through the production's events, so it does not matter which web process a page is connected to; whoever comes
// late, or was away, asks for the place as it is now.

import { post, toast } from "./outbox.js";

const $ = (id) => document.getElementById(id);
const PACE = 100; // ms between two moves
const BEAT = 20_000;
const DRIFT = 6; // frames a follower may be off while playing

export class Session {
  constructor(room) {
    this.room = room;
    this.url = room.config.urls.session;
    this.state = room.config.session;
    this.following = false;
    this.serial = this.state?.serial ?? 0;
    this.moving = false; // it is the presenter who moves this page, not the person
    for (const [id, deed] of [["session-start", "start"], ["session-over", "take_over"], ["session-end", "end"]]) {
      $(id)?.addEventListener("click", () => this.say(deed));
    }
    $("session-follow").addEventListener("click", () => this.follow());
    for (const type of ["frame", "state", "item"]) room.deck.addEventListener(type, () => this.moved());
    setInterval(() => this.state && this.quietly("join"), BEAT);
    addEventListener("pagehide", () => this.state && this.leave());
    this.watchLine();
  }

  get presenting() {
    return Boolean(this.state && this.room.config.person && this.state.presenter === this.room.config.person);
  }

  // Where the page begins: with the presenter, where there is one.
  async begin() {
    this.show();
    if (!this.state) return this.room.open(this.room.config.start);
    await this.quietly("join");
    if (this.presenting) {
      await this.room.open(Math.max(0, this.room.reel.findIndex((item) => item.take === this.state.take)), this.state.frame);
      return undefined;
    }
    return this.follow();
  }

  async say(deed) {
    try {
      const said = await post(this.url, { deed });
      this.know(said);
      if (deed === "end") this.state = null;
      if (deed === "take_over" || deed === "start") { this.following = false; this.moved(true); }
    } catch (problem) {
      toast(problem.message);
    }
    this.show();
  }

  async quietly(deed) {
    try {
      this.know(await post(this.url, { deed }));
    } catch {
      // said again with the next beat
    }
    this.show();
  }

  leave() {
    const data = new FormData();
    data.append("deed", "leave");
    data.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    navigator.sendBeacon?.(this.url, data);
  }

  know(said) {
    if (said.session === null) this.state = null;
    if (said.session) this.state = { ...this.state, ...said.session };
    if (said.seats) this.seats = said.seats;
    this.serial = Math.max(this.serial, this.state?.serial ?? 0);
  }

  // After a break the events may be far behind: ask where the presenter is.
  watchLine() {
    let before = "connected";
    new MutationObserver(() => {
      const now = document.body.dataset.liveState;
      if (now === "connected" && before !== "connected" && this.state) this.quietly("join").then(() => this.following && this.goThere());
      before = now;
    }).observe(document.body, { attributeFilter: ["data-live-state"] });
  }

  hear(type, payload) {
    if (!type.startsWith("session.") || payload.playlist !== this.room.config.playlist) return;
    if (type === "session.started") {
      this.state = { id: payload.session, presenter: payload.presenter, serial: 0, frame: 0 };
      this.by = payload.by;
      this.quietly("join").then(() => { if (!this.presenting) this.follow(); });
    } else if (type === "session.moved") {
      if (!this.state || payload.serial <= (this.state.heard ?? -1)) return;
      this.state = { ...this.state, ...payload, id: payload.session, heard: payload.serial };
      if (this.following && !this.presenting) this.goThere();
    } else if (type === "session.presenter") {
      this.state = { ...this.state, presenter: payload.presenter };
      if (!this.presenting) { this.following = true; toast(`${payload.by} presents now.`); }
    } else if (type === "session.ended") {
      this.state = null;
      this.following = false;
      toast(`The session has ended: ${payload.summary}.`, { stay: 12_000 });
    } else if (type === "session.seats") {
      clearTimeout(this.asking);
      this.asking = setTimeout(() => this.quietly("join"), 300 + Math.random() * 700);
    }
    this.show();
  }

  follow() {
    this.following = true;
    this.show();
    return this.goThere();
  }

  // The person moved by themselves: they look on their own until they follow again.
  own() {
    if (this.moving || !this.following || this.presenting) return;
    this.following = false;
    this.show();
  }

  async goThere() {
    if (this.arriving) { this.arriveAgain = true; return; }
    this.arriving = this.moving = true;
    try {
      const { room } = this;
      const { take, frame, playing, speed } = this.state;
      const place = room.reel.findIndex((item) => item.take === take);
      if (place < 0) return;
      if (room.item?.take !== take) await room.open(place, frame);
      const { deck } = room;
      if (!playing) {
        if (deck.running) deck.halt();
        deck.dispatchEvent(new CustomEvent("state"));
        if (deck.frame !== frame || deck.target !== frame) await deck.seek(frame);
      } else {
        if (Math.abs(deck.frame - frame) > DRIFT) await deck.seek(frame);
        if (!deck.running || deck.speed !== speed) deck.play(speed);
      }
    } finally {
      this.arriving = this.moving = false;
      if (this.arriveAgain) {
        this.arriveAgain = false;
        this.goThere();
      }
    }
  }

  // The presenter's page tells, no oftener than people can see.
  moved(now = false) {
    if (!this.presenting || !this.room.item) return;
    const { deck } = this.room;
    const playing = deck.running;
    const same = playing && this.told?.playing && this.told.speed === deck.speed && this.told.take === deck.item.take;
    if (same && !now && performance.now() - this.told.at < 1000) return; // a running film is told once a second
    if (this.telling) { this.tellAgain = true; return; }
    this.telling = setTimeout(() => this.tell(), now ? 0 : PACE);
  }

  async tell() {
    const { deck } = this.room;
    this.serial = Math.max(this.serial + 1, Date.now());
    this.told = { playing: deck.running, speed: deck.speed, take: deck.item.take, at: performance.now(), frame: deck.frame };
    const frame = deck.running ? deck.frame : deck.target ?? deck.frame;
    try {
      await post(this.url, { deed: "move", take: deck.item.take, frame, playing: deck.running, speed: deck.speed, serial: this.serial });
    } catch {
      this.tellAgain = true;
    }
    this.telling = null;
    if (this.tellAgain) {
      this.tellAgain = false;
      if (!deck.running && this.told.frame === deck.frame && !this.told.playing && this.told.take === deck.item.take) return;
      this.moved();
    }
  }

  show() {
    const leads = this.room.may("comment") && !this.room.config.guest;
    const set = (id, shown) => { if ($(id)) $(id).hidden = !shown; };
    set("session-start", leads && !this.state);
    set("session-over", leads && this.state && !this.presenting);
    set("session-end", leads && this.state);
    set("session-follow", this.state && !this.presenting && !this.following);
    const who = this.presenting ? "You present" : this.following ? "Following" : this.state ? "Session going on" : "";
    const seats = this.state && this.seats?.length ? `${who} · ${this.seats.join(", ")}` : who;
    $("seats").textContent = seats;
    document.body.dataset.session = this.presenting ? "presenting" : this.following ? "following" : this.state ? "open" : "";
  }
}
