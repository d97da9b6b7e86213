{% autoescape off %}// Keeps the page on the phone. A new version waits until the page says that nothing is being sent.
const VERSION = "{{ version }}";
const SHELL = "{{ shell }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const CACHE = `collect-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    [SHELL, ...FILES].map(async (address) => {
      const answer = await fetch(new Request(address, { cache: "reload", redirect: "error" }));
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      await cache.put(address, answer);
    }),
  );
}

self.addEventListener("activate", (event) => {
  event.waitUntil(take());
});

async function take() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("collect-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname.startsWith(SHELL)) {
    event.respondWith(kept(SHELL, event.request));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(kept(address.pathname, event.request));
  }
});

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}
{% endautoescape %}
