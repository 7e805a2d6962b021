// Drawings: vectors over the picture, in whole numbers from 0 to 10,000 over its width and over its height.

const UNIT = 10_000;
const SVG = "http://www.w3.org/2000/svg";
export const TOOLS = { pen: "Pen", line: "Line", arrow: "Arrow", rectangle: "Rectangle", ellipse: "Ellipse", text: "Text" };

export class Drawing extends EventTarget {
  constructor(svg, colours) {
    super();
    this.svg = svg;
    this.on = false;
    this.tool = "pen";
    this.colour = colours[0];
    this.width = 45;
    this.strokes = [];
    this.kept = []; // strokes of notes on this frame
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerup", (event) => this.up(event));
    svg.addEventListener("pointercancel", () => this.drop());
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("blur", () => { this.point = null; this.render(); });
  }

  fit(wide, high) {
    this.high = Math.round((UNIT * high) / wide);
    this.svg.setAttribute("viewBox", `0 0 ${UNIT} ${this.high}`);
    this.render();
  }

  start(on = true) {
    this.on = on;
    this.svg.classList.toggle("on", on);
    if (!on) this.stroke = this.point = null;
    this.svg.setAttribute("tabindex", on ? "0" : "-1");
    this.svg.setAttribute("aria-hidden", String(!on));
    this.dispatchEvent(new CustomEvent("change"));
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const within = (value) => Math.max(0, Math.min(UNIT, Math.round(value * UNIT)));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  down(event) {
    if (!this.on || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const point = this.at(event);
    if (this.tool === "text") { this.words = point; return; } // the field opens as the pointer is let go, and has the keyboard at once
    this.svg.setPointerCapture?.(event.pointerId);
    this.stroke = { tool: this.tool, colour: this.colour, width: this.width, points: [point] };
    return this.render();
  }

  move(event) {
    if (!this.stroke) return;
    const point = this.at(event);
    if (this.tool === "pen") {
      const [x, y] = this.stroke.points.at(-1);
      if (Math.abs(x - point[0]) + Math.abs(y - point[1]) > 25 && this.stroke.points.length < 2000) this.stroke.points.push(point);
    } else this.stroke.points = [this.stroke.points[0], point];
    this.render();
  }

  // What was begun and not let go is nothing.
  drop() {
    this.stroke = this.words = null;
    this.render();
  }

  up(event) {
    if (this.words) {
      const point = this.words;
      this.words = null;
      this.write(event, point);
    }
    if (!this.stroke) return;
    this.move(event);
    const { stroke } = this;
    this.stroke = null;
    if (stroke.points.length > 1 || stroke.tool === "pen") this.strokes.push(stroke);
    this.render();
    this.dispatchEvent(new CustomEvent("change"));
  }

  // Without a mouse: arrows move a point (with Shift in small steps), Enter begins and ends what is drawn.
  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!this.on || event.altKey || event.ctrlKey || event.metaKey || !(event.key in moves || event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    this.point ??= [UNIT / 2, UNIT / 2];
    if (event.key === "Enter") this.pressAt(this.point);
    else {
      const step = event.shiftKey ? 50 : 400;
      this.point = this.point.map((value, axis) => Math.max(0, Math.min(UNIT, value + step * moves[event.key][axis])));
      if (this.stroke) this.stroke.points = this.tool === "pen" ? [...this.stroke.points, this.point] : [this.stroke.points[0], this.point];
    }
    this.render();
  }

  pressAt(point) {
    if (this.tool === "text") {
      const box = this.svg.getBoundingClientRect();
      this.write({ clientX: box.left + (point[0] / UNIT) * box.width, clientY: box.top + (point[1] / UNIT) * box.height }, point);
    } else if (!this.stroke) {
      this.stroke = { tool: this.tool, colour: this.colour, width: this.width, points: [point] };
    } else {
      const { stroke } = this;
      this.stroke = null;
      if (stroke.points.length > 1) this.strokes.push(stroke);
      this.dispatchEvent(new CustomEvent("change"));
    }
  }

  write(event, point) {
    const field = Object.assign(document.createElement("input"), { className: "draw-text", maxLength: 300 });
    field.setAttribute("aria-label", "Words on the picture");
    const box = this.svg.parentElement.getBoundingClientRect();
    field.style.left = `${event.clientX - box.left}px`;
    field.style.top = `${event.clientY - box.top}px`;
    this.svg.parentElement.append(field);
    const done = () => {
      const text = field.value.trim();
      field.remove();
      if (!text) return;
      this.strokes.push({ tool: "text", colour: this.colour, width: this.width, points: [point], text });
      this.render();
      this.dispatchEvent(new CustomEvent("change"));
    };
    field.addEventListener("blur", done, { once: true });
    field.addEventListener("keydown", (key) => {
      key.stopPropagation();
      if (key.key === "Escape") field.value = "";
      if (key.key === "Enter" || key.key === "Escape") { key.preventDefault(); field.blur(); this.svg.focus({ preventScroll: true }); }
    });
    field.addEventListener("pointerdown", (press) => press.stopPropagation());
    field.focus();
  }

  undo() {
    this.strokes.pop();
    this.render();
    this.dispatchEvent(new CustomEvent("change"));
  }

  clear() {
    this.strokes = [];
    this.render();
    this.dispatchEvent(new CustomEvent("change"));
  }

  render() {
    const all = [...this.kept, ...this.strokes, ...(this.stroke ? [this.stroke] : [])];
    this.svg.replaceChildren(...all.flatMap((stroke) => shapes(stroke, this.high || UNIT)));
    if (this.point) {
      const [x, y] = [this.point[0], Math.round((this.point[1] * (this.high || UNIT)) / UNIT)];
      this.svg.append(make("path", { d: `M${x - 200} ${y}h400M${x} ${y - 200}v400`, stroke: this.colour, "stroke-width": 30, class: "point" }));
    }
    this.svg.dataset.strokes = this.strokes.length;
    this.svg.dataset.kept = this.kept.length;
  }
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function shapes({ tool, colour, width, points, text }, high) {
  const at = ([x, y]) => [x, Math.round((y * high) / UNIT)];
  const line = { stroke: colour, "stroke-width": width, fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };
  const [from, to] = [at(points[0]), at(points.at(-1))];
  if (tool === "rectangle") return [make("rect", { ...line, x: Math.min(from[0], to[0]), y: Math.min(from[1], to[1]), width: Math.abs(to[0] - from[0]), height: Math.abs(to[1] - from[1]) })];
  if (tool === "ellipse") return [make("ellipse", { ...line, cx: (from[0] + to[0]) / 2, cy: (from[1] + to[1]) / 2, rx: Math.abs(to[0] - from[0]) / 2, ry: Math.abs(to[1] - from[1]) / 2 })];
  if (tool === "text") {
    const words = make("text", { x: from[0], y: from[1], fill: colour, "font-size": 330, stroke: "#000", "stroke-width": 30, "paint-order": "stroke" });
    words.textContent = text;
    return [words];
  }
  const path = points.map((point, place) => `${place ? "L" : "M"}${at(point).join(" ")}`).join("");
  const drawn = [make("path", { ...line, d: points.length > 1 ? path : `${path}h1` })];
  if (tool === "arrow") {
    const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const wing = (by) => [to[0] - 420 * Math.cos(turn + by), to[1] - 420 * Math.sin(turn + by)].map(Math.round).join(" ");
    drawn.push(make("path", { ...line, d: `M${wing(0.45)}L${to.join(" ")}L${wing(-0.45)}` }));
  }
  return drawn;
}
