// Every key of the review room, in one list: what is bound is what the sheet shows.

export const KEYS = [
  [" ", "play", "Space", "Play and pause"],
  ["j", "reverse", "J", "Backwards; again is faster"],
  ["k", "pause", "K", "Stop"],
  ["l", "ahead", "L", "Forwards; again is faster"],
  [",", "back", ",", "One frame back"],
  [".", "forth", ".", "One frame on"],
  ["<", "back10", "<", "Ten frames back"],
  [">", "forth10", ">", "Ten frames on"],
  ["Home", "first", "Home", "First frame"],
  ["End", "last", "End", "Last frame"],
  ["g", "gotoFrame", "G", "Go to a frame"],
  ["ArrowLeft", "before", "←", "Take before"],
  ["ArrowRight", "after", "→", "Next take"],
  ["ArrowUp", "takeBefore", "↑", "Earlier take of this shot"],
  ["ArrowDown", "takeAfter", "↓", "Later take of this shot"],
  ["a", "approve", "A", "Approve"],
  ["r", "retake", "R", "Retake, with reasons"],
  ["n", "needs_review", "N", "Needs review"],
  ["e", "choose", "E", "Use this take in the film"],
  ["w", "note", "W", "Write a note"],
  ["d", "draw", "D", "Draw on the picture; without a mouse: arrows move, Enter begins and ends a line"],
  ["i", "in", "I", "In point"],
  ["o", "out", "O", "Out point"],
  ["x", "clearMarks", "X", "Clear in and out"],
  ["b", "loop", "B", "Loop"],
  ["s", "sequence", "S", "Play on through the whole sequence"],
  ["v", "around", "V", "Play around: over the cuts on both sides"],
  ["[", "slower", "[", "Slower"],
  ["]", "faster", "]", "Faster"],
  ["c", "compare", "C", "Compare with another take"],
  ["1", "mode1", "1", "… side by side"],
  ["2", "mode2", "2", "… overlaid"],
  ["3", "mode3", "3", "… wiped"],
  ["4", "mode4", "4", "… as difference"],
  ["+", "zoomIn", "+", "Closer; the wheel too"],
  ["=", "zoomIn", "", ""],
  ["-", "zoomOut", "−", "Further away"],
  ["0", "fit", "0", "The whole picture"],
  ["m", "mute", "M", "Sound off and on"],
  ["f", "fullscreen", "F", "Full screen"],
  ["h", "full", "H", "Full picture instead of the quick one"],
  ["Escape", "leave", "Esc", "Leave drawing or comparing"],
  ["", "", "Ctrl Z", "Take back one's last stroke or decision"],
  ["?", "help", "?", "This sheet"],
];

const WRITING = "input:not([type=range], [type=checkbox]), textarea, select, dialog, [contenteditable]";

export function keys(room) {
  const deeds = new Map(KEYS.map(([key, deed]) => [key, deed]));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest(WRITING)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      room.do("undo");
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.id === "drawing" && (event.key.startsWith("Arrow") || event.key === "Enter")) return; // they draw
    const deed = deeds.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!deed) return;
    if (event.key === " " && event.target.closest("button, a, summary")) return; // space presses what has the keyboard
    if (event.target.matches("[type=range]") && ["Home", "End"].includes(event.key) && event.target.id !== "scrub") return;
    if (event.target.id === "volume" && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    room.do(deed);
  }, true);
}

export function showKeys(rows = KEYS) {
  const list = document.getElementById("keys");
  if (!list.children.length) {
    for (const [, , key, words] of rows) {
      if (!words) continue;
      const row = document.createElement("div");
      const name = document.createElement("dt");
      name.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      row.append(name, Object.assign(document.createElement("dd"), { textContent: words }));
      list.append(row);
    }
  }
  document.getElementById("help").showModal();
}
