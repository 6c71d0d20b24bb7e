// Finds, sorts and opens what stands in the page. It makes no markup, and reads nothing but text and names of ours.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("live");
  const list = document.getElementById("list");
  const query = document.getElementById("q");
  const ground = document.getElementById("g");
  const status = document.getElementById("shown");
  const none = document.getElementById("none");
  const packages = [...list.tBodies];
  const texts = new Map();

  const textOf = (one) => {
    if (!texts.has(one)) texts.set(one, one.textContent.toLowerCase());
    return texts.get(one);
  };

  const open = (one, isOpen) => {
    one.querySelector("button.open").setAttribute("aria-expanded", String(isOpen));
    one.rows[1].hidden = !isOpen;
  };

  const find = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of packages) {
      const fits =
        (ground.value === "" || one.dataset.kind === ground.value) && words.every((word) => textOf(one).includes(word));
      one.hidden = !fits;
      if (fits) shown += 1;
    }
    status.textContent = `${shown} of ${packages.length} packages`;
    none.hidden = shown > 0;
  };

  const sort = (button) => {
    const head = button.closest("th");
    const column = head.cellIndex;
    const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", order);
    const keys = new Map(packages.map((one) => [one, one.rows[0].cells[column].textContent.trim().toLowerCase()]));
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    packages.sort((left, right) => compare(keys.get(left), keys.get(right)) * (order === "ascending" ? 1 : -1));
    list.append(...packages);
  };

  /** A link to a package opens it, whatever is looked for. */
  const go = () => {
    const one = document.getElementById(location.hash.slice(1));
    if (one === null || !packages.includes(one)) return;
    query.value = "";
    ground.value = "";
    find();
    open(one, true);
    one.querySelector("button.open").focus();
    one.scrollIntoView({ block: "start" });
  };

  for (const one of packages) open(one, false);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === null) return;
    if (button.classList.contains("sort")) sort(button);
    else open(button.closest("tbody"), button.getAttribute("aria-expanded") !== "true");
  });
  query.addEventListener("input", find);
  ground.addEventListener("change", find);
  addEventListener("hashchange", go);
  find();
  go();
})();
