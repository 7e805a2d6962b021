// The picture closer, and which part of it: by keys, by the wheel, by two fingers.

const FURTHEST = 16; // times

export class Zoom {
  constructor(screen, picture) {
    Object.assign(this, { screen, picture, scale: 1, x: 0, y: 0 });
  }

  // Closer around a point, given as parts of the screen's width and height.
  by(factor, x = 0.5, y = 0.5) {
    const scale = Math.max(1, Math.min(FURTHEST, this.scale * factor));
    const grown = scale / this.scale;
    const box = this.screen.getBoundingClientRect();
    const [px, py] = [(x - 0.5) * box.width, (y - 0.5) * box.height];
    this.x = px - (px - this.x) * grown;
    this.y = py - (py - this.y) * grown;
    this.scale = scale;
    this.pan(0, 0);
  }

  pan(dx, dy) {
    const box = this.screen.getBoundingClientRect();
    const most = (size) => ((this.scale - 1) * size) / 2;
    this.x = Math.max(-most(box.width), Math.min(most(box.width), this.x + dx));
    this.y = Math.max(-most(box.height), Math.min(most(box.height), this.y + dy));
    this.picture.style.transform = this.scale === 1 ? "" : `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.screen.dataset.zoom = this.scale.toFixed(2);
    this.screen.classList.toggle("zoomed", this.scale > 1);
  }

  fit() {
    Object.assign(this, { scale: 1, x: 0, y: 0 });
    this.pan(0, 0);
  }
}
