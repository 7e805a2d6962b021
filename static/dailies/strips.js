// A picture plays its filmstrip under the pointer: where the pointer is, is when.

export function playStrips(root = document) {
  const show = (frame, place) => {
    const count = Number(frame.dataset.frames) || 1;
    let strip = frame.querySelector(".scrub");
    if (!strip) {
      strip = Object.assign(document.createElement("span"), { className: "scrub" });
      strip.style.backgroundImage = `url(${frame.dataset.strip})`;
      strip.style.backgroundSize = `${100 * count}% 100%`;
      frame.querySelector("img, svg").after(strip);
    }
    const shown = Math.max(0, Math.min(count - 1, Math.floor(place * count)));
    strip.style.backgroundPositionX = count > 1 ? `${(100 * shown) / (count - 1)}%` : "0";
    frame.dataset.shown = shown;
  };
  root.addEventListener("pointermove", (event) => {
    const frame = event.target.closest?.("[data-strip]");
    if (!frame || event.pointerType === "touch") return;
    const box = frame.getBoundingClientRect();
    show(frame, (event.clientX - box.left) / box.width);
  });
  root.addEventListener("pointerout", (event) => {
    const frame = event.target.closest?.("[data-strip]");
    if (frame && !frame.contains(event.relatedTarget)) frame.querySelector(".scrub")?.remove();
  });
  // Without a mouse: the focused card plays by itself, unless motion is not wanted.
  let timer = null;
  root.addEventListener("focusin", (event) => {
    clearInterval(timer);
    const frame = event.target.closest?.("a")?.querySelector("[data-strip]");
    if (!frame || !event.target.matches(":focus-visible") || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    let at = 0;
    timer = setInterval(() => show(frame, ((at++ % Number(frame.dataset.frames)) + 0.5) / Number(frame.dataset.frames)), 160);
  });
  root.addEventListener("focusout", (event) => {
    clearInterval(timer);
    event.target.closest?.("a")?.querySelector(".scrub")?.remove();
  });
}
