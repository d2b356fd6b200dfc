"use strict";

/* The page where a browser subscribes to Web Push, chooses what it wants, and leaves. */

const ANSWER_MS = 4000;
const form = document.getElementById("subscribe");
const on = document.getElementById("on");
const off = document.getElementById("off");
const said = document.getElementById("said");
const texts = form ? JSON.parse(document.getElementById("texts").textContent) : {};
const boxes = form ? [...form.querySelectorAll("input[type=checkbox]")] : [];
let shown = null; // the subscription that the page shows as on

function say(text, kind = "") {
  said.textContent = text;
  said.className = `said ${kind}`;
}

function checked(name) {
  return boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
}

function chosen() {
  return { categories: checked("category"), seasons: checked("season"), language: document.documentElement.lang };
}

/* The choice lies where the service worker can read it, too. */
async function keep(choice) {
  const cache = await caches.open("choice");
  await cache.put("/choice", new Response(JSON.stringify(choice)));
}

/* Who subscribed before seasons could be chosen kept a list of categories. */
async function restore() {
  const kept = await caches.match("/choice");
  if (!kept) return;
  const choice = await kept.json();
  const { categories, seasons } = Array.isArray(choice) ? { categories: choice } : choice;
  boxes.forEach((box) => {
    const wanted = box.name === "category" ? categories : seasons;
    if (wanted) box.checked = wanted.includes(box.value);
  });
}

function post(path, body, options = {}) {
  return fetch(`/api/push/${path}`, {
    ...options,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function tell(path, body) {
  const response = await post(path, body);
  if (response.status === 429) {
    throw new Error(texts.tooMany.replace("%(seconds)s", response.headers.get("Retry-After") || 60));
  }
  if (!response.ok && !(path === "unsubscribe" && response.status === 404)) {
    throw new Error(texts.failed);
  }
}

function show(subscription) {
  on.textContent = subscription ? texts.save : texts.turnOn;
  on.disabled = false;
  off.hidden = !subscription;
  off.disabled = false;
  form.querySelectorAll("fieldset").forEach((fieldset) => (fieldset.disabled = false));
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.worker);
  return registration ? registration.pushManager.getSubscription() : null;
}

/* The server may have ended what the browser still has, or sign with another key today. Where it does not say, the
   browser is believed. */
async function ended(subscription) {
  if (!madeFor(form.dataset.key, subscription)) return true;
  try {
    const response = await post("subscribed", subscription.toJSON(), { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok && !(await response.json()).subscribed;
  } catch {
    return false;
  }
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error(texts.notAllowed);
  }
  const subscription = await subscriptionFor(form.dataset);
  await tell("subscribe", { ...subscription.toJSON(), ...chosen() });
  await keep(chosen());
  return subscription;
}

async function unsubscribe() {
  const subscription = await current();
  if (!subscription) return null;
  await tell("unsubscribe", subscription.toJSON());
  await subscription.unsubscribe();
  return null;
}

async function attempt(action, done) {
  on.disabled = off.disabled = true;
  say(texts.wait);
  try {
    shown = await action();
    say(done, "good");
  } catch (error) {
    say(error.message, "bad");
  }
  show(shown);
}

async function start() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    say(texts.cannot, "bad");
    return;
  }
  await restore();
  const subscription = await current();
  if (subscription && !(await ended(subscription))) shown = subscription;
  show(shown);
  say(shown ? texts.on : "", "good");
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { categories, seasons } = chosen();
    if (!categories.length) return say(texts.noCategory, "bad");
    if (!seasons.length) return say(texts.noSeason, "bad");
    return attempt(subscribe, texts.on);
  });
  off.addEventListener("click", () => attempt(unsubscribe, texts.off));
  start().catch(() => say(texts.failed, "bad"));
}
