// Caches one page, which is shown without a connection. Everything else always comes from the server.

const CACHE = "aloqa";
const offline = `/offline${location.search}`;

self.addEventListener("install", (event) =>
  event.waitUntil(
    (async () => {
      // A request that a page sends while it is left, such as saving a draft, would be lost if it had to wait for the
      // service worker to start. Browsers without static routing do not install it.
      if (!event.addRoutes) throw new Error("no routes");
      await event.addRoutes({
        condition: { not: { or: [{ requestMode: "navigate" }, { urlPattern: "/static/*" }] } },
        source: "network",
      });
      const page = await fetch(offline);
      const assets = [...(await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(
        ([, url]) => url,
      );
      await caches.delete(CACHE);
      const cache = await caches.open(CACHE);
      await cache.put(offline, page);
      await cache.addAll(assets);
      await self.skipWaiting();
    })(),
  ),
);

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const kept = request.mode === "navigate" ? offline : request;
  const may = request.mode === "navigate" || new URL(request.url).pathname.startsWith("/static/");
  if (request.method !== "GET" || !may) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(kept)) ?? Response.error()));
});
