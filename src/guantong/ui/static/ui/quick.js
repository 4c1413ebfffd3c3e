/* Quick records on the page: each is put into the queue first and sent from there, so that a lost network, a lost reply or
   a second press loses and doubles nothing. Without IndexedDB, fetch or this file the form is sent as any other. */
(function () {
  "use strict";
  var body = document.body, who = body.getAttribute("data-who"), queue = window.quickQueue, place = document.querySelector("[data-queue]");
  if (!who || !queue || !window.indexedDB || !window.fetch || !window.Promise || !window.crypto || !window.Uint8Array) return;
  function all(selector, scope) { return Array.prototype.slice.call((scope || document).querySelectorAll(selector)); }
  function store(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* private mode */ }
    return null;
  }
  function newKey() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (each) { return (256 + each).toString(16).slice(1); }).join("");
  }

  /* a form into the queue */
  function typed(form) {
    var pairs = [];
    all("input[name], select[name], textarea[name]", form).forEach(function (field) {
      if (/^(key|csrfmiddlewaretoken)$/.test(field.name) || /^(submit|file)$/.test(field.type)) return;
      if (/radio|checkbox/.test(field.type) && !field.checked) return;
      pairs.push([field.name, field.value]);
    });
    return pairs;
  }
  function what(form) {
    var words = all("textarea", form).map(function (area) { return area.value.trim(); }).filter(Boolean);
    var radio = all("input[type=radio]:checked", form)[0];
    if (!words.length && radio) words.push((radio.closest("label") || radio.parentNode).textContent.trim());
    return (words[0] || "").slice(0, 200);
  }
  function missing(form) { /* one of two ways to say what was done */
    var words = form.getAttribute("data-either"), area = form.querySelector("textarea");
    if (!words || !area) return false;
    area.setCustomValidity(what(form) ? "" : words);
    return form.reportValidity ? !form.reportValidity() : false;
  }
  function accept(form) {
    var key = form.querySelector("[name=key]"), old = form.getAttribute("data-old-key");
    var item = { key: key.value, who: who, kind: form.getAttribute("data-quick"), label: form.getAttribute("data-label"), what: what(form), fields: typed(form), at: Date.now(), state: "waiting", reasons: [] };
    return queue.put(item).then(function () {
      if (old) { form.removeAttribute("data-old-key"); queue.drop(old); }
      store("keep:" + form.getAttribute("data-keep"), null);
      try { sessionStorage.removeItem("sent:keep:" + form.getAttribute("data-keep")); } catch (error) { /* private mode */ }
      form.reset(); prepare(form); put(form, true);
      place.querySelector("[data-again]").hidden = false;
      queue.later();
      return queue.show("said").then(function () { place.hidden = false; place.focus(); return queue.sendNow(); });
    });
  }
  function prepare(form) {
    form.querySelector("[name=key]").value = newKey();
    if (!body.hasAttribute("data-shell")) return;
    var now = new Date(), day = form.querySelector("input[type=date]"); /* the kept page may be of another day */
    if (day) { day.max = day.value = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10); }
  }
  function put(form, away) { var section = form.closest("[data-section]"); (section || form).hidden = away; }
  function again(item) { /* what was refused, back into its form */
    var form = document.querySelector("form[data-quick='" + item.kind + "']");
    if (!form) { store("again", item.key); location.assign("/quick/?kind=" + item.kind); return; }
    put(form, false);
    all("input[name], select[name], textarea[name]", form).forEach(function (field) {
      if (field.type === "hidden") return;
      var values = item.fields.filter(function (pair) { return pair[0] === field.name; }).map(function (pair) { return pair[1]; });
      if (/radio|checkbox/.test(field.type)) field.checked = values.indexOf(field.value) >= 0; else if (values.length) field.value = values[0];
    });
    form.setAttribute("data-old-key", item.key);
    all("details", form).forEach(function (part) { part.open = true; });
    var first = form.querySelector("textarea, input:not([type=hidden])");
    if (first) first.focus();
  }

  all("form[data-quick]").forEach(function (form) {
    if (form.querySelector("[aria-invalid=true]")) return;
    prepare(form);
    form.addEventListener("input", function () { all("textarea", form).forEach(function (area) { area.setCustomValidity(""); }); });
    form.addEventListener("submit", function (event) {
      if (form.busy || missing(form)) { event.preventDefault(); return; }
      event.preventDefault(); form.busy = true;
      accept(form).then(function () { form.busy = false; }, function () { form.submit(); /* nowhere to keep it: send it as it is */ });
    });
  });
  /* the kept page holds every kind: show the one that was asked for */
  function choose(kind) {
    var found = false;
    all("[data-section]").forEach(function (section) { section.hidden = section.getAttribute("data-section") !== kind; found = found || !section.hidden; });
    all(".kinds").forEach(function (kinds) { kinds.hidden = found; });
    return found;
  }
  if (body.hasAttribute("data-shell")) {
    choose((/[?&]kind=(\w+)/.exec(location.search) || [])[1]);
    all("a[data-kind]").forEach(function (link) { link.addEventListener("click", function (event) { if (choose(link.getAttribute("data-kind"))) event.preventDefault(); }); });
    all("[data-again] a").forEach(function (link) { link.addEventListener("click", function (event) { event.preventDefault(); choose(""); place.querySelector("[data-again]").hidden = true; }); });
  }
  queue.again = again;
})();
