/* Keeps the page of a driver's duty on the phone, so that it opens without a line.
   A page is kept only when the server says until when (X-Keep-Until), and is forgotten then, at sign-out,
   and when the server no longer gives it to this reader. Everything else passes by untouched. */
"use strict";

const STORE = "yui-duty";
const PAGES = new URL("./", self.location).pathname;
const SIGN_OUT = new URL(self.location).searchParams.get("out");
const PATIENCE_MS = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) return;
  if (event.request.method === "POST" && address.pathname === SIGN_OUT) {
    event.waitUntil(caches.delete(STORE));
  } else if (event.request.mode === "navigate" && event.request.method === "GET" && address.pathname.startsWith(PAGES)) {
    event.respondWith(page(event.request, address));
  } else if (event.request.destination && isOfDuty(event) && event.request.method === "GET") {
    event.respondWith(part(event.request));
  }
});

/* Styles and scripts, when a page of a duty asks for them. */
function isOfDuty(event) {
  return (
    event.request.mode !== "navigate" &&
    ["style", "script", "image", "font"].includes(event.request.destination) &&
    new URL(event.request.referrer || self.location.origin).pathname.startsWith(PAGES)
  );
}

async function page(request, address) {
  const key = address.origin + address.pathname;
  const store = await caches.open(STORE);
  const asked = fetch(request);
  try {
    const answer = await Promise.race([
      asked,
      new Promise((_, late) => setTimeout(() => late(new Error("late")), PATIENCE_MS)),
    ]);
    await keep(store, key, answer);
    return answer;
  } catch {
    const kept = (await fresh(store, key)) || (address.pathname === PAGES && (await anyFresh(store)));
    if (kept) {
      asked.then((answer) => keep(store, key, answer)).catch(() => {});
      return kept;
    }
    return asked;
  }
}

async function keep(store, key, answer) {
  const until = Number(answer.headers.get("X-Keep-Until"));
  if (answer.ok && until > Date.now()) {
    await store.put(key, answer.clone());
  } else if (answer.status < 500) {
    await store.delete(key);
  }
}

async function fresh(store, key) {
  const kept = await store.match(key);
  if (!kept) return undefined;
  if (Number(kept.headers.get("X-Keep-Until")) > Date.now()) return kept;
  await store.delete(key);
  return undefined;
}

/* The list of duties leads to the one that is kept. */
async function anyFresh(store) {
  for (const request of await store.keys()) {
    if (new URL(request.url).pathname.startsWith(PAGES) && (await fresh(store, request.url))) {
      return Response.redirect(request.url, 302);
    }
  }
  return undefined;
}

async function part(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await store.put(request, answer.clone());
    return answer;
  } catch (lost) {
    const kept = await store.match(request);
    if (kept) return kept;
    throw lost;
  }
}
