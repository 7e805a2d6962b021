// The picture under a finger or a mouse: tap plays, swipe goes to the next take, hold draws, two fingers and the wheel
// come closer, a drag moves a picture that is closer, or the line of a wipe.

const HOLD = 450; // ms
const SWIPE = 60; // px
const STILL = 12; // px a finger may tremble

export function gestures(room, screen, picture) {
  const fingers = new Map();
  let press = null;

  const cancelHold = () => clearTimeout(press?.timer);

  // Where the page was busy, the hold began before it heard of a finger that had long moved or gone: the times of the
  // events themselves say what was meant.
  const takeBack = (event) => {
    if (!press?.drew || event.timeStamp - press.at >= HOLD) return;
    press.drew = false;
    room.drawing.drop();
    room.draw(false);
  };

  for (const kind of ["pointermove", "pointerup", "pointercancel"]) screen.addEventListener(kind, takeBack, true); // before the drawing hears of it

  screen.addEventListener("pointerdown", (event) => {
    if (room.drawing.on || event.button) return;
    fingers.set(event.pointerId, event);
    screen.setPointerCapture?.(event.pointerId);
    if (fingers.size === 2) {
      cancelHold();
      press = { pinch: distance(fingers), moved: true };
      return;
    }
    press = { x: event.clientX, y: event.clientY, lastX: event.clientX, lastY: event.clientY, at: event.timeStamp, moved: false };
    if (event.pointerType !== "mouse" && room.may("comment")) {
      press.timer = setTimeout(() => {
        if (!press || press.moved) return;
        press.drew = true;
        room.draw(true);
        navigator.vibrate?.(20);
        room.drawing.down(event); // the finger that holds draws on
      }, HOLD);
    }
  });

  screen.addEventListener("pointermove", (event) => {
    if (press?.drew) { room.drawing.move(event); return; }
    if (!press || !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const now = distance(fingers);
      const box = screen.getBoundingClientRect();
      const [a, b] = [...fingers.values()];
      room.zoom.by(now / press.pinch, ((a.clientX + b.clientX) / 2 - box.left) / box.width, ((a.clientY + b.clientY) / 2 - box.top) / box.height);
      press.pinch = now;
      return;
    }
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL && !press.moved) {
      press.moved = true;
      cancelHold();
    }
    if (press.moved) {
      const box = picture.getBoundingClientRect();
      press.wiped = room.wipeTo((event.clientX - box.left) / box.width) || press.wiped;
    }
    if (press.moved && room.zoom.scale > 1) room.zoom.pan(event.clientX - press.lastX, event.clientY - press.lastY);
    press.lastX = event.clientX;
    press.lastY = event.clientY;
  });

  const over = (event) => {
    fingers.delete(event.pointerId);
    cancelHold();
    if (!press) return;
    const done = press;
    if (fingers.size) return;
    press = null;
    if (done.drew) { room.drawing.up(event); return; }
    if (event.type === "pointercancel" || done.pinch || done.wiped) return;
    const [dx, dy] = [event.clientX - done.x, event.clientY - done.y];
    if (!done.moved) room.do("play");
    else if (room.zoom.scale === 1 && event.pointerType !== "mouse" && Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) room.do(dx < 0 ? "after" : "before");
    else if (room.zoom.scale === 1 && event.pointerType !== "mouse" && Math.abs(dy) > SWIPE && Math.abs(dy) > 2 * Math.abs(dx)) room.do(dy < 0 ? "takeAfter" : "takeBefore");
  };
  screen.addEventListener("pointerup", over);
  screen.addEventListener("pointercancel", over);
  screen.addEventListener("contextmenu", (event) => (event.pointerType === "touch" || press) && event.preventDefault());
  screen.addEventListener("dblclick", () => room.do("fullscreen"));
  screen.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = screen.getBoundingClientRect();
    room.zoom.by(event.deltaY < 0 ? 1.15 : 1 / 1.15, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }, { passive: false });
}

function distance(fingers) {
  const [a, b] = [...fingers.values()];
  return Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY));
}
