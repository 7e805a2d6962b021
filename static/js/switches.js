/* Coherence settings: the effect of all switches together, while one switches. */
(() => {
  const add = (group) => {
    for (const output of group.querySelectorAll("[data-sum]")) {
      const key = output.dataset.sum;
      let factor = 1;
      for (const box of group.querySelectorAll("input[role=switch]:checked")) factor *= Number(box.dataset[key]);
      output.textContent = String(Math.round(factor * 1000) / 1000);
    }
  };
  document.addEventListener("change", (event) => {
    const group = event.target.closest?.("[data-switches]");
    if (group) add(group);
  });
})();
