"use strict";

/* Shows what is pushed, and opens it when it is pressed. */

const ICON = "{{ icon }}";

self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data?.json() || {};
  } catch {
    message = { body: event.data.text() };
  }
  const shown = self.registration.showNotification(message.title || "SuperSet Bot", {
    body: message.body || "",
    tag: message.tag || undefined,
    icon: message.icon || ICON,
    data: { url: message.url || "/" },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.protocol === "https:" || url.origin === self.location.origin) {
    event.waitUntil(self.clients.openWindow(url.href));
  }
});

/* The push service gave a new address: whose browser it is, and the choice that was made, go with it. */
async function renew(event) {
  const { pushManager } = self.registration;
  const subscription = event.newSubscription || (await pushManager.subscribe(event.oldSubscription.options));
  const kept = await caches.match("/choice");
  const choice = kept ? await kept.json() : {};
  const wanted = Array.isArray(choice) ? { categories: choice } : choice;
  const before = event.oldSubscription ? { replaces: event.oldSubscription.toJSON() } : {};
  await fetch("/api/push/subscribe", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...subscription.toJSON(), ...wanted, ...before }),
  });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
