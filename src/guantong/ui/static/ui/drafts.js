/* Drafts: what was typed into <form data-keep="name"> and not sent yet. Kept for a week on this device,
   dropped once the page after sending no longer shows the form, and all at once on signing out. */
(function () {
  "use strict";
  function all(selector, scope) { return Array.prototype.slice.call((scope || document).querySelectorAll(selector)); }
  function store(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* private mode */ }
    return null;
  }
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
