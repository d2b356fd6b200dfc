"use strict";

/* How a page asks its browser for an address for messages (W3C, Push API). */

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/* An address takes messages that are signed with the key it was made for, and no others. */
function madeFor(key, subscription) {
  const { applicationServerKey } = subscription.options;
  return String(new Uint8Array(applicationServerKey)) === String(bytes(key));
}

async function subscriptionFor({ key, worker }) {
  await navigator.serviceWorker.register(worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  const kept = await pushManager.getSubscription();
  if (kept && madeFor(key, kept)) return kept;
  await kept?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}
