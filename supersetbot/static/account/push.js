"use strict";

/* Asks the browser for an address for messages, and sends it with the form like any other value. A browser that is
   told already is marked in the list instead, by the digest of that address. */

const push = document.getElementById("push");

function complain(text) {
  const said = document.getElementById("push-said");
  said.textContent = text;
  said.className = "said bad";
}

async function address() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error(push.dataset.refused);
  return subscriptionFor(push.dataset);
}

async function subscribe(event) {
  event.preventDefault();
  try {
    const { endpoint, keys } = (await address()).toJSON();
    push.elements.endpoint.value = endpoint;
    push.elements.p256dh.value = keys.p256dh;
    push.elements.auth.value = keys.auth;
    push.submit();
  } catch (error) {
    complain(error.message === push.dataset.refused ? error.message : push.dataset.failed);
  }
}

async function known() {
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  if (!subscription || !madeFor(push.dataset.key, subscription)) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return document.querySelector(`[data-browser="${hex}"] strong`);
}

async function begin() {
  const mark = await known();
  if (mark) mark.hidden = false;
  else push.querySelector("button").hidden = false;
}

if (push) {
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    begin();
    push.addEventListener("submit", subscribe);
  } else {
    complain(push.dataset.none);
  }
}
