// Lists on a phone: each cell says which column it is of; what is behind the first four folds away.
"use strict";

const SHOWN = 4;

function fold(row, labels) {
  const cells = [...row.children].filter((cell) => !cell.classList.contains("action-checkbox"));
  cells.forEach((cell, number) => {
    if (number === 0) {
      cell.classList.add("field-first");
    } else {
      cell.dataset.label = labels[number] ?? "";
      cell.classList.toggle("folded", number >= SHOWN);
    }
  });
  if (cells.length <= SHOWN) return;
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  more.textContent = "More";
  more.addEventListener("click", () => {
    cells.forEach((cell) => cell.classList.remove("folded"));
    more.remove();
  });
  cells[SHOWN - 1].append(document.createElement("br"), more);
}

const table = document.getElementById("result_list");
if (table) {
  const heads = [...table.querySelectorAll("thead th")].filter((head) => !head.classList.contains("action-checkbox-column"));
  const labels = heads.map((head) => head.querySelector(".text")?.textContent.trim() ?? "");
  table.querySelectorAll("tbody tr").forEach((row) => fold(row, labels));
}

// Django leaves the two boxes of a moment and those of a table without a name, and names an icon that may have none
// (WCAG 2.2, 4.1.2).
function nameTableBoxes(row) {
  const heads = [...row.closest("table").querySelectorAll("thead th")];
  [...row.cells].forEach((cell, number) => {
    const name = heads[number]?.textContent.trim() ?? "";
    for (const box of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (name && !box.labels.length && !box.ariaLabel) box.ariaLabel = name;
    }
  });
}

function nameSearchedChoice(box) {
  const label = box.closest(".form-row").querySelector("label");
  if (!label || (label.id && box.getAttribute("aria-labelledby")?.includes(label.id))) return;
  label.id ||= `${label.htmlFor}-label`;
  box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`);
  box.querySelector(".select2-selection__rendered")?.setAttribute("aria-labelledby", label.id);
}

function nameBoxes() {
  for (const box of document.querySelectorAll(".vDateField, .vTimeField")) {
    if (box.labels.length || box.ariaLabel) continue;
    const row = box.closest(".form-row, td");
    const label = row?.querySelector("legend, label")?.textContent.trim().replace(/:$/, "") ?? "";
    box.ariaLabel = `${label}, ${box.classList.contains("vDateField") ? "date" : "time"}`;
  }
  document.querySelectorAll(".tabular tr.form-row").forEach(nameTableBoxes);
  document.querySelectorAll(".form-row .select2-selection").forEach(nameSearchedChoice);
  document.querySelectorAll(".search-label-icon[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
}

// Select2 may come after the page has loaded, and so do rows that are added.
window.addEventListener("load", () => {
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
});
