"use strict";

/* Looks each second how far a broadcast is, until it is done. */

const EVERY_MS = 1000;
const said = document.getElementById("said");
const bar = document.getElementById("bar");
const steer = document.getElementById("steer");
const figures = document.querySelectorAll("[data-figure]");
let state = null;

function refused({ refused: count, why }) {
  return `Not taken so far: ${count} ${count === 1 ? "is" : "are"} tried again. Most often: ${why}.`;
}

function words(found) {
  if (found.state !== "running") return found.state === "paused" ? "Paused." : "Cancelled.";
  if (!found.waiting) return "Done.";
  if (found.seconds_left === null) return found.refused ? refused(found) : "Waiting for the scheduler…";
  const seconds = Math.ceil(found.seconds_left);
  if (seconds > 90) return `About ${Math.round(seconds / 60)} minutes left.`;
  return `About ${seconds} second${seconds === 1 ? "" : "s"} left.`;
}

function show(found) {
  bar.max = Math.max(1, found.total);
  bar.value = found.sent;
  figures.forEach((figure) => {
    const value = found[figure.dataset.figure];
    figure.textContent = Number.isInteger(value) ? value : value.toFixed(1);
  });
  const text = words(found);
  if (said.textContent !== text) said.textContent = text;
  steer.hidden = !found.waiting && !found.held;
}

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "application/json" } });
    const found = await response.json();
    if (state && found.state !== state) return location.reload();
    state = found.state;
    show(found);
    if (!found.waiting && !found.held) return;
  } catch {
    said.textContent = "The server does not answer. Trying again…";
  }
  setTimeout(look, EVERY_MS);
}

look();
