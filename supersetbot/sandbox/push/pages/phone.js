"use strict";

/* Stands in for a phone's browser in the sandbox: Web Push by the sandbox's push service (supersetbot/sandbox/push). */

(() => {
  const KEPT = "sandbox-push"; // the subscription with its private key, and the number of the last message
  const MOST = 3; // cards at once
  const KEY = { name: "ECDH", namedCurve: "P-256" };
  const text = new TextEncoder();

  const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const bytes = (base64) =>
    Uint8Array.from(atob(base64.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const read = () => JSON.parse(localStorage.getItem(KEPT));
  const keep = (subscription) => localStorage.setItem(KEPT, JSON.stringify(subscription));

  async function send(method, body) {
    const response = await fetch("/_phone/subscription", { method, body: JSON.stringify(body) });
    return response.json();
  }

  // What pages ask of a browser (W3C, Push API)

  function asSubscription(kept) {
    return kept && {
      endpoint: kept.endpoint,
      expirationTime: null,
      options: { userVisibleOnly: true, applicationServerKey: bytes(kept.server).buffer },
      toJSON: () => ({ endpoint: kept.endpoint, expirationTime: null, keys: kept.keys }),
      unsubscribe: async () => {
        localStorage.removeItem(KEPT);
        await send("DELETE", { endpoint: kept.endpoint });
        return true;
      },
    };
  }

  async function subscribe(options) {
    const pair = await crypto.subtle.generateKey(KEY, true, ["deriveBits"]);
    const server = base64url(options.applicationServerKey);
    const { endpoint } = await send("POST", { key: server });
    const kept = {
      endpoint,
      server,
      keys: {
        p256dh: base64url(await crypto.subtle.exportKey("raw", pair.publicKey)),
        auth: base64url(crypto.getRandomValues(new Uint8Array(16))),
      },
      secret: await crypto.subtle.exportKey("jwk", pair.privateKey),
      last: 0,
    };
    keep(kept);
    collect();
    return asSubscription(kept);
  }

  window.PushManager ??= class PushManager {};
  PushManager.prototype.getSubscription = async () => asSubscription(read());
  PushManager.prototype.subscribe = subscribe;
  window.Notification ??= class Notification {};
  Notification.requestPermission = async () => "granted";

  // What comes: aes128gcm (RFC 8188) with the keys of RFC 8291

  async function derive(salt, secret, info, length) {
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, length * 8);
  }

  async function decrypted(kept, body) {
    const salt = body.slice(0, 16);
    const sender = body.slice(21, 21 + body[20]);
    const record = body.slice(21 + body[20]);
    const mine = await crypto.subtle.importKey("jwk", kept.secret, KEY, false, ["deriveBits"]);
    const theirs = await crypto.subtle.importKey("raw", sender, KEY, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
    const info = new Uint8Array([...text.encode("WebPush: info\0"), ...bytes(kept.keys.p256dh), ...sender]);
    const secret = await derive(bytes(kept.keys.auth), shared, info, 32);
    const raw = await derive(salt, secret, text.encode("Content-Encoding: aes128gcm\0"), 16);
    const iv = await derive(salt, secret, text.encode("Content-Encoding: nonce\0"), 12);
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, record));
    return JSON.parse(new TextDecoder().decode(padded.slice(0, padded.lastIndexOf(2))));
  }

  // What is shown: a card for each message; one with the same tag takes its place

  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  }

  function shelf() {
    let found = document.getElementById("sandbox-push");
    if (!found) {
      found = element("aside", "sandbox-push");
      found.id = "sandbox-push";
      found.setAttribute("aria-label", "Notifications of this browser");
      found.setAttribute("role", "status");
      document.body.append(found);
    }
    return found;
  }

  function show(message) {
    const open = element("a", "sandbox-push-card", element("b", "", message.title), element("span", "", message.body));
    open.href = message.url || "/";
    const close = element("button", "sandbox-push-close", "Dismiss");
    close.type = "button";
    const card = element("div", "sandbox-push-item", open, close);
    card.dataset.tag = message.tag || "";
    close.addEventListener("click", () => card.remove());
    const old = message.tag && shelf().querySelector(`[data-tag="${CSS.escape(message.tag)}"]`);
    if (old) old.remove();
    shelf().prepend(card);
    [...shelf().children].slice(MOST).forEach((older) => older.remove());
  }

  let collecting = false;

  async function collect() {
    if (collecting) return;
    collecting = true;
    for (let kept = read(); kept; kept = read()) {
      const asked = new URLSearchParams({ endpoint: kept.endpoint, after: kept.last });
      const response = await fetch(`/_phone/messages?${asked}`).catch(() => null);
      if (!response?.ok) {
        await new Promise((done) => setTimeout(done, 2000));
        continue;
      }
      for (const { number, body } of await response.json()) {
        const now = read();
        if (now?.endpoint !== kept.endpoint || now.last >= number) continue; // another tab was faster
        keep({ ...now, last: number });
        show(await decrypted(kept, bytes(body)));
      }
    }
    collecting = false;
  }

  document.addEventListener("DOMContentLoaded", collect);
})();
