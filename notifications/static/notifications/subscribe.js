"use strict";

/* The page where a browser subscribes to Web Push, chooses what it wants, and leaves. */

const form = document.getElementById("subscribe");
const on = document.getElementById("on");
const off = document.getElementById("off");
const said = document.getElementById("said");
const boxes = form ? [...form.querySelectorAll("input[type=checkbox]")] : [];

function say(text, kind = "") {
  said.textContent = text;
  said.className = `said ${kind}`;
}

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function checked(name) {
  return boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
}

function chosen() {
  return { categories: checked("category"), seasons: checked("season") };
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

async function tell(path, body) {
  const response = await fetch(`/api/push/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status === 429) {
    throw new Error(`Too many at once. Try again in ${response.headers.get("Retry-After") || 60} seconds.`);
  }
  if (!response.ok && !(path === "unsubscribe" && response.status === 404)) {
    throw new Error("That didn't work. Try again in a minute.");
  }
}

function show(subscription) {
  on.textContent = subscription ? "Save my choice" : "Turn on notifications";
  on.disabled = false;
  off.hidden = !subscription;
  off.disabled = false;
  form.querySelectorAll("fieldset").forEach((fieldset) => (fieldset.disabled = false));
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.worker);
  return registration ? registration.pushManager.getSubscription() : null;
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("Your browser does not let this page notify you. Its site settings can change that.");
  }
  await navigator.serviceWorker.register(form.dataset.worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription =
    (await pushManager.getSubscription()) ||
    (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) }));
  await tell("subscribe", { ...subscription.toJSON(), ...chosen() });
  await keep(chosen());
  return subscription;
}

async function unsubscribe() {
  const subscription = await current();
  if (!subscription) return;
  await tell("unsubscribe", subscription.toJSON());
  await subscription.unsubscribe();
}

async function attempt(action, done) {
  on.disabled = off.disabled = true;
  say("One moment…");
  try {
    await action();
    say(done, "good");
  } catch (error) {
    say(error.message, "bad");
  }
  show(await current());
}

async function start() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    say("This browser takes no messages from pages. On an iPhone, first add this page to the Home Screen.", "bad");
    return;
  }
  await restore();
  const subscription = await current();
  show(subscription);
  say(subscription ? "Notifications are on in this browser." : "", "good");
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { categories, seasons } = chosen();
    if (!categories.length) return say("Choose at least one kind of notice.", "bad");
    if (!seasons.length) return say("Choose at least one season.", "bad");
    return attempt(subscribe, "Notifications are on in this browser.");
  });
  off.addEventListener("click", () => attempt(unsubscribe, "Notifications are off. Nothing more will come."));
  start().catch(() => say("That didn't work. Try again in a minute.", "bad"));
}
