// Putting a playlist into order by dragging. The arrows beside each take do the same without a mouse.

import { post, Refused } from "./outbox.js";

const list = document.getElementById("order");
let dragged = null;

list?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li");
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
});
list?.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
});
list?.addEventListener("drop", (event) => event.preventDefault());
list?.addEventListener("dragend", async () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  const takes = [...list.querySelectorAll("li")].map((row) => Number(row.dataset.take));
  try {
    await post(list.dataset.change, { deed: "order", takes });
  } catch (problem) {
    document.getElementById("announcer").textContent = problem.message;
    if (problem instanceof Refused) location.reload();
  }
});
