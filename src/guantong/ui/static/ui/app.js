/* What pages do beyond links and forms. Everything works without it. No eval, no inline code. */
(function () {
  "use strict";
  var root = document.documentElement, body = document.body;
  function all(selector, scope) { return Array.prototype.slice.call((scope || document).querySelectorAll(selector)); }
  function store(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* private mode */ }
    return null;
  }

  /* theme: follow the system, light, dark */
  var THEMES = ["", "light", "dark"];
  function setTheme(theme) {
    if (theme) root.setAttribute("data-theme", theme); else root.removeAttribute("data-theme");
    store("theme", theme || null);
    var safe = location.protocol === "https:";
    document.cookie = (safe ? "__Host-theme=" : "theme=") + theme + ";path=/;max-age=" + (theme ? 31536000 : 0) + ";samesite=lax" + (safe ? ";secure" : "");
  }
  if (!root.hasAttribute("data-theme") && THEMES.indexOf(store("theme")) > 0) setTheme(store("theme"));
  all("[data-theme-toggle]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var next = (THEMES.indexOf(root.getAttribute("data-theme") || "") + 1) % 3;
      setTheme(THEMES[next]);
      announce(button.getAttribute("data-names").split("|")[next]);
    });
  });
  function announce(text) { var place = document.getElementById("announce"); if (place) place.textContent = text; }

  /* a row of tabs that is wider than the screen shows the current one */
  all(".tabs__list [aria-current]").forEach(function (tab) {
    var list = tab.closest(".tabs__list"), place = tab.getBoundingClientRect();
    list.scrollLeft += place.left - list.getBoundingClientRect().left - (list.clientWidth - place.width) / 2;
  });

  /* menus and drawers close on a click outside and on Escape */
  var CLOSING = "details.menu[open], details[data-closes][open]";
  document.addEventListener("click", function (event) {
    all(CLOSING).forEach(function (details) {
      var asked = event.target.closest && event.target.closest("[data-close]");
      if (!details.contains(event.target) || (asked && details.contains(asked))) close(details, !!asked);
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") all(CLOSING).forEach(function (details) { close(details, true); });
  });
  function close(details, focus) { details.open = false; if (focus) details.querySelector("summary").focus(); }

  /* questions before something serious: data-confirm on a form or a button */
  var confirmed = null;
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    var text = (button && button.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
    if (!text || confirmed === form) { confirmed = null; return; }
    event.preventDefault(); event.stopImmediatePropagation();
    ask(text, function () { confirmed = form; if (form.requestSubmit) form.requestSubmit(button || undefined); else form.submit(); });
  }, true);
  function ask(text, yes) {
    var dialog = document.getElementById("confirm");
    if (!dialog || !dialog.showModal) { if (window.confirm(text)) yes(); return; }
    document.getElementById("confirm-text").textContent = text;
    dialog.returnValue = "no";
    dialog.onclose = function () { if (dialog.returnValue === "yes") yes(); };
    dialog.showModal();
  }

  body.addEventListener("htmx:confirm", function (event) {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, function () { event.detail.issueRequest(true); });
  });

  /* filters apply as soon as something is chosen */
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-auto") && event.target.tagName === "SELECT" && form.requestSubmit) form.requestSubmit();
  });

  /* toasts */
  function leave(toast) { toast.classList.add("is-leaving"); setTimeout(function () { toast.remove(); }, 300); }
  function dress(toast) {
    if (toast.dressed) return;
    toast.dressed = true;
    var button = document.createElement("button");
    button.type = "button"; button.className = "toast__close"; button.textContent = "×";
    button.setAttribute("aria-label", document.getElementById("toasts").getAttribute("data-close-label"));
    button.addEventListener("click", function () { leave(toast); });
    toast.appendChild(button);
    if (/error|warning/.test(toast.className)) return;
    var timer, start = function () { timer = setTimeout(function () { leave(toast); }, 7000); };
    toast.addEventListener("mouseenter", function () { clearTimeout(timer); });
    toast.addEventListener("mouseleave", start);
    start();
  }
  function say(text) {
    var toast = document.createElement("div"), words = document.createElement("div");
    toast.className = "toast toast--error"; words.className = "toast__text"; words.textContent = text;
    toast.appendChild(words); document.getElementById("toasts").appendChild(toast); dress(toast);
  }

  /* whatever arrives: on load and after each swap */
  function arrive(scope) {
    all(".toast", document).forEach(dress);
    all("[data-close]", scope).forEach(function (button) { button.hidden = false; });
    all("textarea", scope).forEach(function (area) {
      var grow = function () { area.style.height = "auto"; area.style.height = area.scrollHeight + 2 + "px"; };
      area.addEventListener("input", grow);
      if (area.value) grow();
    });
    all("[data-print]", scope).forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
    var wrong = scope.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  }
  arrive(document);
  body.addEventListener("htmx:load", function (event) {
    if (event.detail.elt === body) return;
    arrive(event.detail.elt);
    var text = event.detail.elt.getAttribute && event.detail.elt.getAttribute("data-announce");
    if (text) announce(text);
  });
  body.addEventListener("htmx:beforeRequest", function () { root.classList.add("is-busy"); });
  body.addEventListener("htmx:afterRequest", function () { root.classList.remove("is-busy"); });
  body.addEventListener("htmx:responseError", function () { say(body.getAttribute("data-failed")); });
  body.addEventListener("htmx:sendError", function () { say(body.getAttribute("data-offline")); });
})();
