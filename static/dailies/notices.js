// What a person is told while a page is open: a number at "My reviews", and a word that passes, unless it is quiet.

import { toast } from "./outbox.js";

const OTHERS = 60_000; // ms

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
  const said = Number(sessionStorage.getItem("notices-said")) || 0;
  if (newest) sessionStorage.setItem("notices-said", String(Math.max(said, newest.id)));
  if (!say || quiet || !newest || newest.id <= said) return;
  if (!document.getElementById("toast")) {
    const element = Object.assign(document.createElement("p"), { id: "toast", className: "toast", hidden: true });
    element.setAttribute("role", "status");
    document.body.append(element);
  }
  toast(newest.text, { label: "Look", stay: 10_000, action: () => { location.href = newest.path || "/my-reviews/"; } });
}

if (person && link) {
  setTimeout(ask, 1000, false); // after what the page itself asks for
  document.addEventListener("rushes:event", ({ detail }) => {
    if (detail.type === "dailies.notice" && String(detail.payload.person) === person) ask(true);
  });
  // The feed is of one production; of the others one hears within a minute.
  setInterval(() => document.hidden || ask(true), OTHERS);
  document.addEventListener("visibilitychange", () => document.hidden || ask(true));
}
