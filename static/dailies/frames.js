// Frames are whole numbers at a rational rate; seconds appear only where the browser wants them.

export class Clock {
  // rate: [numerator, denominator] in frames per second; first: the number the first frame is called by.
  constructor(rate, frames, first = 0) {
    [this.num, this.den] = rate;
    this.frames = frames;
    this.first = first;
  }

  // The middle of a frame: as far as can be from both its neighbours, whatever the container rounds.
  seconds(frame) {
    return ((2 * frame + 1) * this.den) / (2 * this.num);
  }

  // The frame that begins at this media time. The browser gives times in microseconds.
  frameAt(seconds) {
    return this.clamp(Math.round((seconds * this.num) / this.den));
  }

  clamp(frame) {
    return Math.max(0, Math.min(this.frames - 1, frame));
  }

  label(frame) {
    return String(frame + this.first);
  }

  // Non-drop timecode at the nominal rate, counted from 0.
  timecode(frame) {
    const nominal = Math.round(this.num / this.den);
    const two = (number) => String(number).padStart(2, "0");
    const seconds = Math.floor(frame / nominal);
    return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, frame % nominal].map(two).join(":");
  }
}
