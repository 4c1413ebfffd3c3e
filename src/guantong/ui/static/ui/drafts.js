/* Drafts: what was typed into <form data-keep="name"> and not sent yet. Kept for a week on this device,
   dropped once the page after sending no longer shows the form, and all at once on signing out. */
(function () {
  "use strict";
  function all(selector, scope) { return Array.prototype.slice.call((scope || document).querySelectorAll(selector)); }
  function store(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* private mode */ }
    return null;
  }
  /* whoever signs in on a shared device finds no draft and no kept page of the person before */
  var who = document.body.getAttribute("data-who");
  function stored(start) { try { return Object.keys(localStorage).filter(function (key) { return key.indexOf(start) === 0; }); } catch (error) { return []; /* private mode */ } }
  function dropPages() { if (window.caches && window.caches.keys) caches.keys().then(function (names) { names.forEach(function (name) { if (name !== "quick-" + who) caches.delete(name); }); }).catch(function () { /* none */ }); }
  if (who && store("who") !== who) {
    stored("keep:").forEach(function (key) { store(key, null); });
    dropPages();
    store("who", who);
  }

  /* signing out: what was written here and not sent yet is named first; that of others stays for them */
  document.addEventListener("click", function (event) {
    var form = event.target.closest && event.target.closest("form[data-clear-drafts]"), number = store("unsent:" + who);
    if (!form) return;
    if (number) form.setAttribute("data-confirm", (form.getAttribute("data-unsent") || "").replace("{n}", number)); else form.removeAttribute("data-confirm");
    all("[name=others]", form).forEach(function (field) { field.value = stored("unsent:").some(function (key) { return key !== "unsent:" + who; }) ? "1" : ""; });
  });
  function leaving(form) {
    if (!form.hasAttribute("data-clear-drafts")) return;
    if (store("unsent:" + who)) store("forget:" + who, "1");
    store("unsent:" + who, null);
    who = ""; dropPages();
  }
  document.addEventListener("submit", function (event) { if (!event.defaultPrevented) leaving(event.target); });

  var WEEK = 604800000, KEPT = "keep:", SENT = "sent:";
  function fields(form) { return all("textarea[name], input[name], select[name]", form).filter(function (f) { return !/^(hidden|password|file|submit)$/.test(f.type); }); }
  function keep(form) {
    var name = KEPT + form.getAttribute("data-keep"), draft = {};
    try { draft = JSON.parse(store(name) || "{}"); } catch (error) { /* not ours */ }
    if (draft.at > Date.now() - WEEK && !form.querySelector("[aria-invalid=true]")) fields(form).forEach(function (f) {
      var value = draft.values[f.name + (/radio|checkbox/.test(f.type) ? "=" + f.value : "")];
      if (value === undefined) return;
      if (/radio|checkbox/.test(f.type)) f.checked = value; else if (!f.value || (f.hasAttribute("data-known") && f.value === f.defaultValue)) f.value = value;
    });
    form.addEventListener("input", function () {
      var values = {};
      fields(form).forEach(function (f) { if (/radio|checkbox/.test(f.type)) values[f.name + "=" + f.value] = f.checked; else values[f.name] = f.value; });
      store(name, JSON.stringify({ at: Date.now(), values: values }));
    });
    form.addEventListener("submit", function () { try { sessionStorage.setItem(SENT + name, location.href); } catch (error) { /* private mode */ } });
  }
  function dropSent(swapped) { /* a page that came from the form, not one opened after a failed sending */
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf(SENT) !== 0) return;
        var name = key.slice(SENT.length);
        var came = swapped || document.referrer === sessionStorage.getItem(key);
        if (came && !all("form[data-keep]").some(function (form) { return KEPT + form.getAttribute("data-keep") === name; })) store(name, null);
        sessionStorage.removeItem(key);
      });
    } catch (error) { /* private mode */ }
  }
  all("form[data-clear-drafts]").forEach(function (form) {
    form.addEventListener("submit", function () { try { Object.keys(localStorage).forEach(function (key) { if (key.indexOf(KEPT) === 0) store(key, null); }); } catch (error) { /* private mode */ } });
  });
  all("form[data-keep]").forEach(keep);
  dropSent(false);
  document.body.addEventListener("htmx:load", function (event) { if (event.detail.elt !== document.body) { all("form[data-keep]", event.detail.elt).forEach(keep); dropSent(true); } });
})();
