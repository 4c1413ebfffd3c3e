/* What waits on this phone, what was stored and what was refused: shown, sent when there is a network, and the page of quick
   records kept for when there is none. Stands after queue.js and quick.js. */
(function () {
  "use strict";
  var body = document.body, who = body.getAttribute("data-who"), queue = window.quickQueue, place = document.querySelector("[data-queue]");
  if (!who || !queue || !window.indexedDB || !window.fetch || !window.Promise || !window.crypto || !window.Uint8Array) return;
  function all(selector, scope) { return Array.prototype.slice.call((scope || document).querySelectorAll(selector)); }
  function store(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* private mode */ }
    return null;
  }
  /* sending */
  var busy = null, waits = 0;
  function send() {
    if (busy) return busy;
    busy = queue.send().then(function (why) { busy = null; return show(why); }, function () { busy = null; });
    return busy;
  }
  function later() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.ready.then(function (registration) { if (registration.sync) return registration.sync.register("quick"); }).catch(function () { /* the page sends */ });
  }

  /* showing what waits, what was stored and what was refused */
  function text(item, selector, words) { var part = item.querySelector(selector); part.textContent = words; return part; }
  function drawn(item) {
    var row = document.importNode(document.getElementById("queue-item").content, true).firstElementChild;
    text(row, "[data-kind-name]", item.label);
    text(row, "[data-what]", item.what);
    text(row, "[data-state]", place.getAttribute("data-" + item.state));
    row.setAttribute("data-item", item.state);
    var why = row.querySelector("[data-why]"), open = row.querySelector("[data-open]"), edit = row.querySelector("[data-edit]"), gone = row.querySelector("[data-drop]");
    (item.reasons || []).forEach(function (each) {
      var line = document.createElement("li");
      line.textContent = place.getAttribute("data-" + each) && /^(old|bad)$/.test(each) ? place.getAttribute("data-" + each) : each;
      why.appendChild(line);
    });
    why.hidden = !why.children.length;
    if (item.state === "sent" && /^\/[^/\\]/.test(item.ledTo)) { open.href = item.ledTo; open.hidden = false; }
    edit.hidden = item.state !== "refused"; gone.hidden = item.state !== "refused";
    edit.addEventListener("click", function () { queue.again(item); });
    gone.addEventListener("click", function () { if (window.confirm(place.getAttribute("data-drop"))) queue.drop(item.key).then(function () { show(); }); });
    return row;
  }
  function show(why) {
    return queue.of(who).then(function (items) {
      var waiting = items.filter(function (item) { return item.state === "waiting"; }).length;
      var refused = items.filter(function (item) { return item.state === "refused"; }).length;
      waits = waiting;
      store("unsent:" + who, waiting + refused ? String(waiting + refused) : null);
      all("[data-unsent-count]").forEach(function (part) { part.hidden = !(waiting + refused); all("[data-n]", part).forEach(function (n) { n.textContent = waiting + refused; }); });
      if (!place) return;
      place.hidden = !items.length;
      var list = place.querySelector("[data-list]");
      while (list.firstChild) list.removeChild(list.firstChild);
      items.slice().reverse().forEach(function (item) { list.appendChild(drawn(item)); });
      if (why !== undefined) say(waiting ? why : "");
    });
  }
  function say(why) {
    var note = place.querySelector("[data-note]"), words = why ? place.getAttribute("data-" + why) : "";
    if (note.textContent !== words) note.textContent = words || "";
    place.querySelector("[data-signin-link]").hidden = why !== "signin";
  }

  /* what the phone keeps to work without a network */
  function keepPage() {
    if (!navigator.serviceWorker || !window.caches || body.hasAttribute("data-shell") || store("who") !== who) return;
    navigator.serviceWorker.register("/service-worker.js").catch(function () { /* no worker: the page still queues */ });
    var files = all("link[rel=stylesheet], script[src]").map(function (part) { return part.href || part.src; });
    var mine = "quick-" + who;
    fetch("/quick/offline/", { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) return null;
      return caches.open(mine).then(function (cache) { return cache.put("/quick/offline/", answer).then(function () { return cache.addAll(files); }); });
    }).catch(function () { /* no network now */ });
  }

  queue.show = show; queue.sendNow = send; queue.later = later;
  queue.open().then(function () {
    if (store("forget:" + who)) { store("forget:" + who, null); return queue.forget(who); }
    return queue.tidy(who);
  }).then(function () { return show(); }).then(function () {
    var key = store("again");
    if (key) { store("again", null); queue.of(who).then(function (items) { items.forEach(function (item) { if (item.key === key) queue.again(item); }); }); }
    send();
    if (document.readyState === "complete") keepPage(); else window.addEventListener("load", keepPage);
    window.addEventListener("online", send);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) send(); });
    setInterval(function () { if (!document.hidden && waits) send(); }, 20000);
  }).catch(function () { /* no place to keep anything: plain forms */ });
})();
