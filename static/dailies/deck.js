// The deck: the take that is shown, frame exact, and its neighbours already loaded behind it.
//
// What is shown is known from the pictures themselves: requestVideoFrameCallback tells the media time of the frame that
// reached the screen. A seek goes to the middle of a frame. While one is under way the newest wish waits, so that holding
// a key down never piles up seeks.

import { Clock } from "./frames.js";

const KEPT = 5; // players that stay loaded: the shown one and two on either side

export class Deck extends EventTarget {
  constructor(holder, first) {
    super();
    this.holder = holder;
    this.first = first;
    this.players = new Map(); // take id -> video
    this.item = null;
    this.frame = 0;
    this.speed = 100; // per cent; below 0 it runs backwards
    this.running = false;
    this.turning = null; // while a loop goes back to its beginning, which takes a seek
    this.inPoint = null;
    this.outPoint = null;
    this.loop = false;
    this.volume = 0.8;
    this.muted = false;
    this.full = false;
  }

  get video() {
    return this.item && this.players.get(this.key(this.item));
  }

  key(item) {
    return `${item.take}${this.full ? "f" : ""}`;
  }

  get from() {
    return this.inPoint ?? 0;
  }

  get to() {
    return this.outPoint ?? this.clock.frames - 1;
  }

  // Make the item ready to be shown without showing it.
  prepare(item) {
    const key = this.key(item);
    let video = this.players.get(key);
    if (!video) {
      video = document.createElement("video");
      Object.assign(video, { preload: "auto", playsInline: true, muted: true, src: this.full ? item.picture : item.proxy, disablePictureInPicture: true });
      video.setAttribute("aria-hidden", "true");
      video.tabIndex = -1;
      video.dataset.take = item.take;
      video.clock = new Clock(item.rate, item.frames, this.first);
      this.players.set(key, video);
      this.holder.append(video);
      this.watch(video, item);
    }
    return video;
  }

  watch(video, item) {
    const shown = (now, { mediaTime }) => {
      video.requestVideoFrameCallback(shown);
      video.shown = video.clock.frameAt(mediaTime);
      if (this.item?.take === item.take && this.video === video) this.arrived(video.shown);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(shown);
    else video.addEventListener("timeupdate", () => this.video === video && this.arrived(video.clock.clamp(Math.floor((video.currentTime * video.clock.num) / video.clock.den + 0.001))));
    video.addEventListener("seeked", () => this.settled(video));
    video.addEventListener("loadeddata", () => this.settled(video));
    video.addEventListener("ended", () => this.video === video && this.running && this.atEnd());
    video.addEventListener("error", () => this.video === video && this.dispatchEvent(new CustomEvent("broken")));
  }

  // Show an item at a frame. Resolves when that frame can be seen.
  async show(item, frame = 0, { keepPoints = false } = {}) {
    const before = this.video;
    const speed = this.speed;
    this.halt();
    this.item = item;
    this.clock = new Clock(item.rate, item.frames, this.first);
    if (!keepPoints) this.inPoint = this.outPoint = null;
    const video = this.prepare(item);
    video.muted = this.muted;
    video.volume = this.volume;
    this.speed = Math.abs(speed) || 100;
    this.wanted = null;
    this.frame = this.clock.clamp(frame);
    const ready = this.seek(frame);
    if (before && before !== video) before.muted = true;
    for (const other of this.holder.querySelectorAll("video")) other.classList.toggle("on", other === video);
    this.dispatchEvent(new CustomEvent("item"));
    this.tell();
    await ready;
  }

  // Load these behind the shown one, let go of all others.
  keep(items) {
    const keys = new Set([this.key(this.item), ...items.slice(0, KEPT - 1).map((item) => this.key(item))]);
    for (const item of items.slice(0, KEPT - 1)) {
      const video = this.prepare(item);
      if (video !== this.video && video.readyState < 2 && !video.currentTime) video.currentTime = video.clock.seconds(0);
    }
    for (const [key, video] of this.players) {
      if (keys.has(key) || video === this.video) continue;
      video.removeAttribute("src");
      video.load();
      video.remove();
      this.players.delete(key);
    }
  }

  seek(frame) {
    const video = this.video;
    const wanted = this.clock.clamp(frame);
    this.target = wanted;
    return new Promise((resolve) => {
      video.wishes = [...(video.wishes ?? []), resolve];
      video.wanted = wanted;
      this.go(video);
    });
  }

  go(video) {
    if (video.wanted === undefined || video.seeking) return;
    if (video.readyState < 1) {
      video.addEventListener("loadedmetadata", () => this.go(video), { once: true });
      return;
    }
    const middle = video.clock.seconds(video.wanted);
    video.going = video.wanted;
    video.wanted = undefined;
    if (Math.abs(video.currentTime - middle) < 1e-4 && video.readyState >= 2) this.settled(video);
    else video.currentTime = middle;
  }

  settled(video) {
    if (video.wanted !== undefined) {
      if (video.wanted !== video.going) return this.go(video);
      video.wanted = undefined;
    }
    if (video.readyState < 2 || video.going === undefined) return undefined;
    if (this.video === video && !this.running) this.arrived(video.going);
    for (const resolve of video.wishes ?? []) resolve();
    video.wishes = [];
    return undefined;
  }

  arrived(frame) {
    this.frame = frame;
    if (this.running && this.speed > 0) {
      if (this.outPoint !== null && frame >= this.to) return this.atEnd();
    }
    return this.tell();
  }

  tell() {
    this.dispatchEvent(new CustomEvent("frame", { detail: this.frame }));
  }

  step(by) {
    this.pause();
    const from = this.video.wanted ?? (this.video.seeking ? this.video.going : undefined) ?? this.frame;
    return this.seek(from + by);
  }

  toggle() {
    return this.running ? this.pause() : this.play();
  }

  async play(speed = this.speed) {
    this.halt();
    this.speed = speed || 100;
    this.running = true;
    this.dispatchEvent(new CustomEvent("state"));
    if (this.speed < 0) return this.runBackwards();
    const video = this.video;
    if (this.frame >= this.to || this.frame < this.from) await this.seek(this.from);
    if (!this.running || video !== this.video) return undefined;
    video.playbackRate = Math.min(16, this.speed / 100);
    video.loop = this.loop && this.inPoint === null && this.outPoint === null;
    video.muted = this.muted || this.speed > 200;
    try {
      await video.play();
    } catch (problem) {
      if (problem.name === "NotAllowedError") {
        video.muted = true; // sound only after the person has touched the page
        await video.play().catch(() => this.pause());
      } else if (problem.name !== "AbortError") this.pause();
    }
    return undefined;
  }

  // No browser plays backwards: seek, frame by frame, as the clock goes.
  runBackwards() {
    const begun = performance.now();
    const from = this.frame;
    const perSecond = (this.clock.num / this.clock.den) * (-this.speed / 100);
    const step = () => {
      if (!this.running || this.speed >= 0) return;
      const frame = from - Math.floor(((performance.now() - begun) / 1000) * perSecond);
      if (frame <= this.from) {
        this.seek(this.from).then(() => this.atEnd());
        return;
      }
      if (!this.video.seeking && frame !== this.frame) this.seek(frame).then(() => this.running && this.arrived(this.video.going));
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  atEnd() {
    if (!this.running || this.turning) return undefined;
    if (this.loop) return this.turn();
    const last = this.speed < 0 ? this.from : this.to;
    this.halt();
    this.frame = last;
    this.dispatchEvent(new CustomEvent("state"));
    const handled = !this.dispatchEvent(new CustomEvent("end", { cancelable: true }));
    return handled ? undefined : this.seek(last);
  }

  // A loop begins again. It counts as running meanwhile: what is pressed before it has begun holds.
  async turn() {
    const turn = {};
    const edge = this.speed < 0 ? this.to : this.from;
    this.turning = turn;
    this.rest();
    await this.seek(edge);
    if (this.turning !== turn) return;
    this.frame = edge;
    this.tell();
    await this.play(this.speed);
  }

  halt() {
    this.running = false;
    this.turning = null;
    this.rest();
  }

  rest() {
    cancelAnimationFrame(this.timer);
    const video = this.video;
    if (video && !video.paused) video.pause();
  }

  pause() {
    if (!this.running) return undefined;
    this.halt();
    this.dispatchEvent(new CustomEvent("state"));
    // Between the last callback and the pause another frame may have come up: land on the one that was told.
    return this.seek(this.frame);
  }

  // J and L: again is faster, the other way turns round.
  shuttle(direction) {
    const going = this.running ? Math.sign(this.speed) : 0;
    const faster = going === direction ? Math.min(800, Math.abs(this.speed) * 2) : 100;
    return this.play(direction * faster);
  }

  setVolume(volume, muted = this.muted) {
    Object.assign(this, { volume, muted });
    if (this.video) Object.assign(this.video, { volume, muted });
  }
}
