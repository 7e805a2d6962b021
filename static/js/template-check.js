/* A prompt template is checked while it is typed: the server finds the variables, says what is wrong and fills it in. */
(() => {
  const PAUSE = 350; // milliseconds without a key before the server is asked

  const rows = () => {
    const total = Number(document.querySelector("[name=variables-TOTAL_FORMS]")?.value || 0);
    const found = [];
    for (let place = 0; place < total; place += 1) {
      const field = (name) => document.querySelector(`[name="variables-${place}-${name}"]`);
      if (!field("name") || field("DELETE")?.value) continue;
      found.push({
        name: field("name").value.trim(),
        description: field("description")?.value,
        required: Boolean(field("required")?.checked),
        default: field("default")?.value,
        example: field("example")?.value,
      });
    }
    return found;
  };

  const item = (words, className = "") => {
    const element = document.createElement("li");
    element.textContent = words;
    element.className = className;
    return element;
  };

  const describe = (name, standsFor) => {
    document.getElementById("id_variables-ADD")?.click();
    const place = Number(document.querySelector("[name=variables-TOTAL_FORMS]").value) - 1;
    const field = document.querySelector(`[name="variables-${place}-name"]`);
    if (!field) return;
    field.value = name;
    const words = document.querySelector(`[name="variables-${place}-description"]`);
    if (words && !words.value) words.value = standsFor;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    (words || field).focus();
  };

  const show = (panel, answer) => {
    const found = panel.querySelector("[data-found]");
    found.replaceChildren(
      ...answer.variables.map((variable) => {
        const line = item(`[${variable.name}]`, variable.is_described ? "is-there" : "is-missing");
        const value = document.createElement("span");
        value.className = "muted";
        value.textContent = ` ${variable.value || variable.stands_for}`;
        line.append(value);
        if (!variable.is_described) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "button button-small button-secondary";
          button.textContent = `Describe [${variable.name}]`;
          button.addEventListener("click", () => describe(variable.name, variable.stands_for));
          line.append(" ", button);
        }
        return line;
      }),
    );
    if (!answer.variables.length) found.append(item("None in the text.", "muted"));
    panel.querySelector("[data-problems]").replaceChildren(...answer.problems.map((words) => item(words)));
    panel.querySelector("[data-text]").textContent = answer.text;
  };

  const start = (panel) => {
    const text = document.getElementById("id_template");
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!text || !token) return;
    let timer = 0;
    let asked = 0;
    const check = async () => {
      asked += 1;
      const mine = asked;
      const body = JSON.stringify({ text: text.value, variables: rows(), record: panel.querySelector("[data-record]").value });
      try {
        const response = await fetch(panel.dataset.templateCheck, {
          method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body,
        });
        const answer = await response.json();
        if (mine === asked) show(panel, answer);
      } catch {
        if (mine === asked) show(panel, { variables: [], text: "", problems: ["The check could not be made. Saving checks it again."] });
      }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(check, PAUSE); };
    const concerns = (target) => target === text || target.matches?.('[name^="variables-"], [data-record]');
    for (const kind of ["input", "change"]) {
      document.addEventListener(kind, (event) => { if (concerns(event.target)) soon(); });
    }
    check();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-template-check]").forEach(start));
})();
