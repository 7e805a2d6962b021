// The board: choosing shots, deciding about many at once, scrolling on, and staying current.

import { Outbox, newKey, post, toast, Refused } from "./outbox.js";
import { askForRetake } from "./retake.js";
import { showKeys } from "./keys.js";
import { playStrips } from "./strips.js";

const board = document.getElementById("board");
const bulk = document.getElementById("bulk");
const outbox = board.dataset.outbox ? new Outbox(board.dataset.outbox) : null;
let last = null; // the box pressed last, where a row begins

playStrips(board);

const KEYS = [
  ["", "", "← → ↑ ↓", "From card to card"],
  ["", "", "Enter", "Open the shot in the room"],
  ["", "", "X", "Choose the card"],
  ["", "", "Shift", "With a box: all boxes from the last one to this one"],
  ["", "", "A", "Approve what is chosen, or the card with the focus"],
  ["", "", "R", "Retake, with reasons"],
  ["", "", "N", "Needs review"],
  ["", "", "Esc", "Choose nothing"],
  ["", "", "?", "This sheet"],
];
document.querySelector("[data-keys]")?.addEventListener("click", () => showKeys(KEYS));

const boxes = () => [...board.querySelectorAll(".pick input")];
const chosen = () => boxes().filter((box) => box.checked);

function showChosen() {
  if (!bulk) return;
  const count = chosen().length;
  bulk.hidden = count === 0;
  document.body.classList.toggle("choosing", count > 0);
  document.getElementById("bulk-count").textContent = `${count} shot${count === 1 ? "" : "s"} chosen`;
  for (const box of boxes()) box.closest(".card").classList.toggle("chosen", box.checked);
}

board.addEventListener("click", (event) => {
  if (!event.target.matches(".pick input")) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  last = event.target;
  showChosen();
});

async function decide(decision) {
  const cards = chosen().map((box) => box.closest(".card")).filter((card) => card.dataset.take);
  if (!cards.length) return toast("None of the chosen shots has a take to decide about.");
  let why = { reasons: [], text: "", start: false };
  if (decision === "retake") {
    why = await askForRetake({ estimateUrl: board.dataset.card.replace(/cards\/0\/$/, `shots/${cards[0].dataset.shot}/estimate/`), count: cards.length });
    if (!why) return;
  }
  const items = cards.map((card) => ({ key: newKey(), take: Number(card.dataset.take), decision, reasons: why.reasons, text: why.text, start: why.start }));
  clear();
  try {
    await outbox.send(board.dataset.decide, { items });
    toast(`${items.length} decided${why.start ? ", the retakes have started" : ""}.`, { label: "Undo", action: () => undo(items) });
  } catch (problem) {
    toast(problem.message);
  }
}

async function undo(items) {
  await Promise.allSettled(items.map((item) => outbox.send(board.dataset.undo, { key: item.key })));
  toast(`${items.length} decision${items.length === 1 ? "" : "s"} taken back.`);
}

function clear() {
  for (const box of boxes()) box.checked = false;
  showChosen();
}

bulk?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.decision) decide(button.dataset.decision);
  if ("clear" in button.dataset) clear();
  if ("toSheet" in button.dataset) location.href = `${board.dataset.sheet}?shots=${chosen().map((box) => box.value).join(",")}`;
  if ("toPlaylist" in button.dataset) makePlaylist({ shots: chosen().map((box) => Number(box.value)) });
});
document.querySelector("[data-filter-playlist]")?.addEventListener("click", () => makePlaylist({ filtered: true }));

function makePlaylist(what) {
  const dialog = document.getElementById("playlist-dialog");
  const form = dialog.querySelector("form");
  const error = dialog.querySelector(".error");
  error.textContent = "";
  dialog.showModal();
  form.onsubmit = async (event) => {
    if (event.submitter?.value !== "make") return;
    event.preventDefault();
    const data = new FormData(form);
    try {
      const made = await post(board.dataset.playlist, { ...what, name: data.get("name") || "", playlist: data.get("playlist") || "" });
      location.href = made.url;
    } catch (problem) {
      error.textContent = problem instanceof Refused ? problem.message : "There is no connection: try again.";
      delete form.dataset.sent;
    }
  };
}

// Keys: arrows move over the grid, X chooses, A R N decide about what is chosen or where the focus is.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  const links = [...board.querySelectorAll("a.card-link, .film-strip a")];
  const here = links.indexOf(document.activeElement.closest?.(".card, .film-strip li")?.querySelector("a"));
  const key = event.key.toLowerCase();
  if (event.key.startsWith("Arrow") && links.length) {
    event.preventDefault();
    links[nextPlace(links, here, event.key)]?.focus();
  } else if (key === "x" && here >= 0 && bulk) {
    const box = links[here].closest(".card").querySelector(".pick input");
    box.checked = !box.checked;
    last = box;
    showChosen();
  } else if (key === "escape") {
    clear();
  } else if (key === "?" && document.getElementById("help")) {
    showKeys(KEYS);
  } else if (["a", "r", "n"].includes(key) && bulk && document.body.dataset.may.split(" ").includes("review")) {
    if (!chosen().length && here >= 0) {
      links[here].closest(".card").querySelector(".pick input").checked = true;
      showChosen();
    }
    if (chosen().length) decide({ a: "approve", r: "retake", n: "needs_review" }[key]);
  }
});

function nextPlace(links, here, key) {
  if (here < 0) return 0;
  if (key === "ArrowLeft") return Math.max(0, here - 1);
  if (key === "ArrowRight") return Math.min(links.length - 1, here + 1);
  const from = links[here].getBoundingClientRect();
  const step = key === "ArrowDown" ? 1 : -1;
  let best = here;
  let nearest = Infinity;
  for (let place = here + step; place >= 0 && place < links.length; place += step) {
    const box = links[place].getBoundingClientRect();
    const down = (box.top - from.top) * step;
    if (down < 5) continue;
    const away = down * 10 + Math.abs(box.left - from.left);
    if (away >= nearest && down > from.height * 3) break;
    if (away < nearest) [best, nearest] = [place, away];
  }
  return best;
}

// Scrolling on: the next page comes before its end is reached.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) more(entry.target);
}, { rootMargin: "1200px" });

function watchMore() {
  for (const link of board.querySelectorAll(".more a")) watcher.observe(link);
}

async function more(link) {
  watcher.unobserve(link);
  const address = new URL(link.href);
  address.searchParams.set("cards", "1");
  try {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    link.closest(".more").remove();
    for (const section of [...holder.content.children]) join(section);
    watchMore();
  } catch {
    watcher.observe(link); // no connection: the link is still there to press
  }
}

// A group that goes on over the page's end stays one group.
function join(section) {
  const before = [...board.querySelectorAll(".board-group")].at(-1);
  if (before && section.matches(".board-group") && before.dataset.heading === section.dataset.heading) {
    before.querySelector(".cards").append(...section.querySelectorAll(".card"));
  } else {
    board.append(section);
  }
}
watchMore();

// What changes elsewhere changes here: the card of the shot is asked for anew, once for a rush of events.
const stale = new Set();
let refreshing = null;
document.addEventListener("rushes:event", ({ detail }) => {
  const [kind, id] = detail.subject.split(":");
  const shot = kind === "shot" ? id : detail.payload?.shot;
  if (!shot || !(document.getElementById(`card-${shot}`) || document.getElementById(`film-${shot}`))) return;
  stale.add(String(shot));
  refreshing ??= setTimeout(refresh, 150);
});

async function refresh() {
  refreshing = null;
  const shots = [...stale];
  stale.clear();
  await Promise.all(shots.map(async (shot) => {
    const answer = await fetch(board.dataset.card.replace("/0/", `/${shot}/`)).catch(() => null);
    if (!answer?.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector("li");
    const old = document.getElementById(`card-${shot}`);
    if (old) {
      fresh.querySelector(".pick input").checked = old.querySelector(".pick input").checked;
      const focused = old.contains(document.activeElement);
      old.replaceWith(fresh);
      if (focused) fresh.querySelector("a").focus({ preventScroll: true });
    }
    const cell = document.getElementById(`film-${shot}`);
    if (cell) {
      cell.className = [...fresh.classList].filter((name) => name.startsWith("review-")).join(" ");
      cell.querySelector(".frame").replaceWith(fresh.querySelector(".frame"));
    }
  }));
  showChosen();
}

// The newest filter at once, without the button, where there is a script.
for (const field of document.querySelectorAll(".filters select, .filters input")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
showChosen();
