/* Records that were written on this phone and are not stored yet. Each has a key under which the server stores it once,
   so sending again is always safe. Used by the page and by the service worker; kept in IndexedDB, each with the number of
   the person who wrote it: nobody else's are ever sent or shown. */
(function (scope) {
  "use strict";
  var SEND = "/quick/", TOKEN = "/quick/token/", STORE = "records", DAY = 86400000, OLDEST = 28 * DAY, PATIENCE = 30000;
  var opened = null;

  function open() {
    if (!opened) opened = new Promise(function (resolve, reject) {
      var asked = scope.indexedDB.open("guantong-quick", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore(STORE, { keyPath: "key" }); };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = asked.onblocked = function () { opened = null; reject(asked.error); };
    });
    return opened;
  }
  function work(mode, act) {
    return open().then(function (db) {
      return new Promise(function (resolve, reject) {
        var transaction = db.transaction(STORE, mode), asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = function () { resolve(asked && asked.result); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
      });
    });
  }
  function put(item) { return work("readwrite", function (store) { return store.put(item); }); }
  function drop(key) { return work("readwrite", function (store) { return store.delete(key); }); }
  function all() {
    if (!scope.IDBObjectStore.prototype.getAll) return work("readonly", function (store) { /* very old phones */
      var found = { result: [] };
      store.openCursor().onsuccess = function (event) { var at = event.target.result; if (at) { found.result.push(at.value); at.continue(); } };
      return found;
    });
    return work("readonly", function (store) { return store.getAll(); });
  }
  /* one person's, oldest first; what was sent is shown for a day */
  function of(who) {
    return all().then(function (items) {
      return items.filter(function (item) { return String(item.who) === String(who) && !(item.state === "sent" && item.sentAt < Date.now() - DAY); })
        .sort(function (one, other) { return one.at - other.at; });
    });
  }
  function tidy(who) {
    return all().then(function (items) {
      return Promise.all(items.map(function (item) {
        if (String(item.who) === String(who) && item.state === "sent" && item.sentAt < Date.now() - DAY) return drop(item.key);
      }));
    });
  }
  function forget(who) { /* signed out, and chose to lose them */
    return all().then(function (items) {
      return Promise.all(items.map(function (item) { if (String(item.who) === String(who)) return drop(item.key); }));
    });
  }

  function ask(address, options) {
    options.credentials = "same-origin"; options.redirect = "manual"; options.cache = "no-store";
    var late = new Promise(function (resolve, reject) { setTimeout(function () { reject(new Error("late")); }, PATIENCE); });
    return Promise.race([fetch(address, options), late]);
  }
  function json(answer) {
    var kind = answer.headers.get("Content-Type") || "";
    return kind.indexOf("application/json") === 0 ? answer.json().catch(function () { return null; }) : Promise.resolve(null);
  }
  function settle(item, state, more) {
    item.state = state; item.reasons = (more && more.reasons) || []; item.ledTo = (more && more.led_to) || "";
    if (state === "sent") { item.sentAt = Date.now(); item.fields = []; }
    return put(item).then(function () { return ""; });
  }
  /* one record; tells why to stop sending, or nothing */
  function sendOne(item, token) {
    if (item.at < Date.now() - OLDEST) return settle(item, "refused", { reasons: ["old"] });
    var body = item.fields.concat([["key", item.key]]).map(function (pair) { return encodeURIComponent(pair[0]) + "=" + encodeURIComponent(pair[1]); }).join("&");
    var headers = { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "X-CSRFToken": token };
    return ask(SEND, { method: "POST", body: body, headers: headers }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) return "signin";
      return json(answer).then(function (told) {
        if (told && told.stored) return settle(item, "sent", told);
        if (answer.status === 422 && told) return settle(item, "refused", told);
        if (answer.status === 400 || answer.status === 413) return settle(item, "refused", { reasons: ["bad"] });
        if (answer.status === 409) return "other";
        return "offline";
      });
    });
  }
  /* everything that waits and was written by whoever is signed in now; resolves to why it stopped, or "" */
  function send() {
    return ask(TOKEN, { headers: { "Accept": "application/json" } }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signin";
      return json(answer).then(function (told) {
        if (!told || !told.who) return "offline";
        return of(told.who).then(function (items) {
          return items.filter(function (item) { return item.state === "waiting"; }).reduce(function (before, item) {
            return before.then(function (stopped) { return stopped || sendOne(item, told.token); });
          }, Promise.resolve(""));
        });
      });
    }).catch(function () { return "offline"; });
  }
  scope.quickQueue = { open: open, put: put, drop: drop, of: of, tidy: tidy, forget: forget, all: all, send: send };
})(self);
