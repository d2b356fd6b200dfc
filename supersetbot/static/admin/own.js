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
