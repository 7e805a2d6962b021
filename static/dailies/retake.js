// The question before a take goes back: why, in words the next prompt is told, and what another take would cost.

export function askForRetake({ estimateUrl, count = 1 } = {}) {
  const dialog = document.getElementById("retake-dialog");
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector(".error").textContent = "";
  const words = dialog.querySelector(".estimate-words");
  if (words) {
    words.textContent = "";
    if (estimateUrl && document.body.dataset.may.split(" ").includes("generate")) {
      words.textContent = "Working out what a retake costs …";
      fetch(estimateUrl, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then((found) => {
          if (found.error) words.textContent = found.error;
          else {
            const each = found.total === null ? "an amount that is not known" : found.total;
            words.textContent = count > 1 ? `A retake is expected to cost ${each} a shot, for ${count} shots.` : `A retake is expected to cost ${each}.`;
          }
        })
        .catch(() => { words.textContent = "What a retake costs cannot be told now."; });
    }
  }
  dialog.returnValue = "";
  dialog.showModal();
  form.querySelector("input, textarea").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (!["send", "start"].includes(dialog.returnValue)) return resolve(null);
      const data = new FormData(form);
      return resolve({ reasons: data.getAll("reasons"), text: data.get("text").trim(), start: dialog.returnValue === "start" });
    }, { once: true });
  });
}
