// What a person is told while a page is open: a number at "My reviews", and a word that passes, unless it is quiet.

import { toast } from "./outbox.js";

const person = document.querySelector("meta[name=person]")?.content;
const link = document.querySelector('.bar nav a[href="/my-reviews/"]');

async function ask(say) {
  const answer = await fetch("/my-reviews/unread/", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { unread, quiet, notices } = await answer.json();
  let count = link.querySelector(".unread");
  if (!count) {
    count = Object.assign(document.createElement("span"), { className: "unread" });
    link.append(" ", count);
  }
  count.hidden = unread === 0;
  count.textContent = unread;
  count.setAttribute("aria-label", `${unread} not read`);
  const [newest] = notices;
  if (!say || quiet || !newest) return;
  if (!document.getElementById("toast")) {
    const element = Object.assign(document.createElement("p"), { id: "toast", className: "toast", hidden: true });
    element.setAttribute("role", "status");
    document.body.append(element);
  }
  toast(newest.text, { label: "Look", stay: 10_000, action: () => { location.href = newest.path || "/my-reviews/"; } });
}

if (person && link) {
  ask(false);
  document.addEventListener("rushes:event", ({ detail }) => {
    if (detail.type === "dailies.notice" && String(detail.payload.person) === person) ask(true);
  });
}
