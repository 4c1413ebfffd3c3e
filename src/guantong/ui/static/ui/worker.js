/* The service worker; queue.js stands before it. It answers only for whole pages and for static files, and only when the
   network does not: the last page of quick records this phone has seen. Nothing else is ever kept or answered here. */
(function (scope) {
  "use strict";
  var SHELL = "/quick/offline/", PATIENCE = 8000, HASHED = /\.[0-9a-f]{12}\.\w+$/;
  scope.addEventListener("install", function () { scope.skipWaiting(); });
  scope.addEventListener("activate", function (event) { event.waitUntil(scope.clients.claim()); });
  scope.addEventListener("sync", function (event) {
    if (event.tag !== "quick") return;
    event.waitUntil(scope.quickQueue.send().then(function (why) { if (why === "offline") throw new Error(why); }));
  });
  function shell() { return caches.match(SHELL).then(function (kept) { return kept || Response.error(); }); }
  function page(request, patient) {
    var asked = fetch(request).catch(shell);
    if (patient) return asked;
    return Promise.race([asked, new Promise(function (resolve) {
      setTimeout(function () { caches.match(SHELL).then(function (kept) { if (kept) resolve(kept); }); }, PATIENCE);
    })]);
  }
  function file(request) {
    function kept() { return caches.match(request); }
    function fresh() { return fetch(request); }
    if (HASHED.test(new URL(request.url).pathname)) return kept().then(function (found) { return found || fresh(); });
    return fresh().catch(function () { return kept().then(function (found) { return found || Response.error(); }); });
  }
  scope.addEventListener("fetch", function (event) {
    var request = event.request, address = new URL(request.url);
    if (request.method !== "GET" || address.origin !== scope.location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(request, address.pathname !== "/quick/"));
    else if (address.pathname.indexOf("/static/") === 0) event.respondWith(file(request));
  });
})(self);
