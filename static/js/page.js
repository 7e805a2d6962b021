// What the pages do beyond plain HTML: dialogs, confirmation, keys, and words for people who do not see the screen.
// Every page works without it.

const $ = (selector, from = document) => from.querySelector(selector);

// Dialogs: a link with data-opens shows the dialog of that id instead of going to its page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  if (event.target.nodeName === "DIALOG" && outside(event, event.target)) event.target.close();
});

function outside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// Confirmation: a button with data-confirm asks first. The dialog lives outside the parts that are kept current,
// so news that replaces the button does not take the question away.
const question = $("#confirm");
let asked = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button || !question?.showModal) return;
  event.preventDefault();
  asked = { form: button.form, action: button.formAction };
  $("p", question).textContent = button.dataset.confirm;
  $("[data-confirms]", question).textContent = button.dataset.yes || "Yes";
  question.showModal();
});

question?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-confirms]") || !asked) return;
  const { form, action } = asked;
  const said = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
  form.append(said);
  form.action = action;
  question.close();
  form.submit();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Left and right go to the shot before and after, unless the keys mean something where the focus is.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, video, audio, dialog, [contenteditable]")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = rel && $(`.neighbours a[rel=${rel}]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

// Live parts are replaced by their newer selves (static/live.js). Say what is new in the one region that screen
// readers watch, since a region that is itself replaced is not read out, and let new pictures come up softly.
const SPEAK_EVERY = 8000; // ms; progress changes faster than anybody wants to hear
const announcer = $("#announcer");
let heard = "";
let timer = null;

function announce(node) {
  const source = node.matches("[data-announce]") ? node : $("[data-announce]", node);
  const words = source?.dataset.announce;
  if (!words || words === heard) return;
  heard = words;
  timer ??= setTimeout(() => {
    timer = null;
    announcer.textContent = heard;
  }, announcer.textContent ? SPEAK_EVERY : 0);
}

if (announcer && document.body.dataset.liveProject) {
  const watcher = new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches("li.shot")) $("img", node)?.classList.add("just-arrived");
      announce(node);
    }
  });
  watcher.observe($("main"), { childList: true, subtree: true });
}
