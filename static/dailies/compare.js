// Two takes on one canvas, always the same frame of both.
//
// Each player's frames are copied as they come up, under their numbers; a pair is drawn only when both have the frame.
// So what is compared is never one frame off, however differently the two players run.

const KEPT = 12;

class Side {
  constructor(video) {
    this.video = video;
    this.frames = new Map();
    this.active = true;
    const shown = (now, { mediaTime }) => {
      if (!this.active) return;
      video.requestVideoFrameCallback(shown);
      this.copy(video.clock.frameAt(mediaTime));
    };
    video.requestVideoFrameCallback?.(shown);
  }

  copy(frame) {
    if (!this.video.videoWidth) return;
    let canvas = this.frames.get(frame);
    if (!canvas) {
      if (this.frames.size >= KEPT) {
        const [oldest] = this.frames.keys();
        canvas = this.frames.get(oldest);
        this.frames.delete(oldest);
      }
      canvas ??= document.createElement("canvas");
      this.frames.set(frame, canvas);
    }
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.told?.(frame);
  }

  stop() {
    this.active = false;
    this.frames.clear();
  }
}

export class Compare {
  constructor(canvas, deck) {
    this.canvas = canvas;
    this.deck = deck;
    this.mode = "side";
    this.mix = 0.5;
    this.on = false;
    deck.addEventListener("frame", () => this.on && this.follow());
    deck.addEventListener("state", () => this.on && this.follow());
  }

  start(other, mode = this.mode) {
    this.stop();
    this.on = true;
    this.mode = mode;
    this.other = other;
    this.left = new Side(this.deck.video);
    const video = this.deck.prepare(other);
    video.muted = true;
    this.right = new Side(video);
    this.left.told = this.right.told = () => this.draw();
    this.canvas.hidden = false;
    this.left.copy(this.deck.frame);
    this.follow();
  }

  stop() {
    this.on = false;
    this.left?.stop();
    this.right?.stop();
    this.right?.video.pause();
    this.canvas.hidden = true;
    delete this.canvas.dataset.frame;
  }

  // Keep the other player with the deck: paused on the very frame, playing within two.
  follow() {
    const { deck } = this;
    const video = this.right.video;
    const wanted = Math.min(deck.frame, this.other.frames - 1);
    if (deck.running && deck.speed > 0) {
      video.playbackRate = deck.video.playbackRate;
      if (video.paused) {
        video.currentTime = deck.video.currentTime;
        video.play().catch(() => {});
      } else if (Math.abs((video.shown ?? wanted) - wanted) > 2 && !video.seeking) {
        video.currentTime = deck.video.currentTime + 0.04;
      }
    } else {
      if (!video.paused) video.pause();
      if (video.seeking) {
        video.addEventListener("seeked", () => this.on && this.follow(), { once: true });
      } else if (video.readyState < 2) {
        video.addEventListener("loadeddata", () => this.on && this.follow(), { once: true });
      } else {
        const middle = video.clock.seconds(wanted);
        if (Math.abs(video.currentTime - middle) > 1e-4) video.currentTime = middle;
        else this.right.copy(wanted);
      }
    }
    this.draw();
  }

  pair() {
    const last = this.other.frames - 1;
    const wanted = this.deck.frame;
    if (!this.deck.running) {
      const ours = this.left.frames.get(wanted);
      const theirs = this.right.frames.get(Math.min(wanted, last));
      return ours && theirs ? [wanted, ours, theirs] : null;
    }
    for (const frame of [...this.left.frames.keys()].sort((a, b) => b - a)) {
      const theirs = this.right.frames.get(Math.min(frame, last));
      if (theirs) return [frame, this.left.frames.get(frame), theirs];
    }
    return null;
  }

  draw() {
    if (!this.on) return;
    const pair = this.pair();
    if (!pair) return;
    const [frame, ours, theirs] = pair;
    const { canvas, mode, mix } = this;
    const wide = ours.width;
    const high = ours.height;
    canvas.width = mode === "side" ? wide * 2 : wide;
    canvas.height = high;
    canvas.classList.toggle("twice", mode === "side");
    const pen = canvas.getContext("2d");
    pen.globalCompositeOperation = "source-over";
    pen.globalAlpha = 1;
    pen.drawImage(ours, 0, 0, wide, high);
    if (mode === "side") pen.drawImage(theirs, wide, 0, wide, high);
    if (mode === "overlay") {
      pen.globalAlpha = mix;
      pen.drawImage(theirs, 0, 0, wide, high);
    }
    if (mode === "wipe") {
      const at = Math.round(wide * mix);
      pen.drawImage(theirs, at * (theirs.width / wide), 0, theirs.width - at * (theirs.width / wide), theirs.height, at, 0, wide - at, high);
      pen.fillStyle = "#e8a24a";
      pen.fillRect(at - 1, 0, 2, high);
    }
    if (mode === "difference") {
      pen.globalCompositeOperation = "difference";
      pen.drawImage(theirs, 0, 0, wide, high);
    }
    pen.globalCompositeOperation = "source-over";
    pen.globalAlpha = 1;
    canvas.dataset.frame = frame;
    canvas.dataset.mode = mode;
  }
}
