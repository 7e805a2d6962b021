// The gather room beyond plain HTML: files dropped onto the form, rows of names and values, the form opened with a kind
// chosen, and the question before qualification with its countdown. Every part of it works without this script.

const $ = (selector, from = document) => from.querySelector(selector);
const announcer = $("#announcer");

function announce(words) {
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = words; });
}

// Files: those that are dropped anywhere on the form are chosen, and named.
const form = $("[data-drop]");
const files = form && $("input[type=file]", form);

if (files) {
  const named = Object.assign(document.createElement("p"), { className: "chosen-files" });
  files.after(named);
  const name = () => {
    const chosen = [...files.files].map((file) => file.name);
    named.textContent = chosen.length > 1 ? `${chosen.length} files: ${chosen.join(", ")}` : "";
    if (chosen.length) announce(`${chosen.length} file${chosen.length > 1 ? "s" : ""} chosen: ${chosen.slice(0, 5).join(", ")}`);
  };
  files.addEventListener("change", name);
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  form.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.remove("is-over");
    const all = new DataTransfer();
    for (const file of [...files.files, ...event.dataTransfer.files]) all.items.add(file);
    files.files = all.files;
    name();
    files.focus();
  });
}

// Names with values: another empty row.
for (const button of document.querySelectorAll("[data-adds-row]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const rows = $("ol", button.parentElement);
    const row = rows.lastElementChild.cloneNode(true);
    const number = rows.children.length + 1;
    for (const [place, input] of [...row.querySelectorAll("input")].entries()) {
      input.value = "";
      input.setAttribute("aria-label", `${place ? "Value" : "Name"} ${number}`);
    }
    rows.append(row);
    $("input", row).focus();
  });
}

// What is missing leads to the form with that kind chosen.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-adds]");
  const kind = form && $("[name=kind]", form);
  if (!link || !kind || !form.offsetParent) return;
  event.preventDefault();
  kind.value = link.dataset.adds;
  form.scrollIntoView({ block: "start" });
  $("[name=title]", form).focus({ preventScroll: true });
  announce(`The form is open for: ${kind.selectedOptions[0].textContent}`);
});

// The question before qualification. It counts down only where every required department is ready; Edit, Escape and
// closing it any other way stop it.
const dialog = $("#qualify-dialog");
const SAID_AT = [5]; // seconds; every one of them would be noise to those who listen
let ticking = null;

function stop() {
  clearInterval(ticking);
  ticking = null;
}

function countDown(question) {
  const whole = Number(question.dataset.countdown);
  if (!whole) return;
  const ends = Date.now() + whole * 1000;
  const shown = $("[data-seconds]", question);
  const bar = $(".countdown .meter > span", question);
  let before = whole;
  announce(`It starts in ${whole} seconds. Edit stops it, Continue starts at once.`);
  ticking = setInterval(() => {
    const left = Math.max(0, ends - Date.now());
    const seconds = Math.ceil(left / 1000);
    bar.style.inlineSize = `${left / (whole * 10)}%`;
    if (seconds !== before) {
      before = seconds;
      shown.textContent = seconds;
      if (SAID_AT.includes(seconds)) announce(`${seconds} seconds`);
    }
    if (left === 0) {
      stop();
      announce("Starting");
      question.requestSubmit();
    }
  }, 100);
}

async function ask(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.dataset.qualifies, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    dialog.innerHTML = await answer.text();
  } catch {
    location.assign(link.href); // the page asks the same
    return;
  } finally {
    link.removeAttribute("aria-busy");
  }
  dialog.append(announcer); // what is outside of an open dialog is not read out
  dialog.showModal();
  const question = $("form", dialog);
  question.addEventListener("submit", stop);
  countDown(question);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-qualifies]");
  if (!link || !dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy") !== "true") ask(link);
});

dialog?.addEventListener("close", () => {
  const stopped = ticking !== null;
  stop();
  document.body.append(announcer);
  if (stopped) announce("Stopped. Nothing was started.");
  $("#qualify-link")?.focus();
});
