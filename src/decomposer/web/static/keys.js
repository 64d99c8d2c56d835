// One key is one click: a key presses the button or follows the link of the page that carries it in `data-key`.
"use strict";

(() => {
  const NAMES = { " ": "space", Backspace: "u" };
  const SWITCH = "decomposer-keys-off";
  let busy = false;

  const page = () => document.getElementById("page");
  const off = () => localStorage.getItem(SWITCH) === "1";
  const typing = (target) =>
    target.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])");

  // --- rows of a list: one is the present one, several may be ticked

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const present = () => rows().findIndex((row) => row.classList.contains("now"));
  let from = -1;

  function go(to) {
    const all = rows();
    if (!all.length) return;
    const place = Math.max(0, Math.min(all.length - 1, to));
    all.forEach((row, number) => {
      row.classList.toggle("now", number === place);
      row.toggleAttribute("aria-current", number === place);
      if (from >= 0) tick(row, number >= Math.min(from, place) && number <= Math.max(from, place));
    });
    all[place].querySelector("a").focus({ preventScroll: true });
    all[place].scrollIntoView({ block: "nearest" });
  }

  function tick(row, on) {
    const box = row.querySelector("input[type=checkbox]");
    if (box) box.checked = on;
  }

  function range() {
    const place = Math.max(0, present());
    from = from < 0 ? place : -1;
    if (from >= 0) go(place);
    say(from >= 0 ? "a range begins here: j and k widen it, a or x decides" : "the range is closed");
  }

  // --- evidence in the source pane

  const marks = () => [...document.querySelectorAll("mark[tabindex]")];

  function evidence(step) {
    const all = marks();
    const place = all.indexOf(document.activeElement);
    const outside = place < 0 && document.activeElement !== document.body && document.activeElement !== page();
    const next = all[place < 0 ? (step > 0 ? 0 : -1) : place + step];
    if (outside || !next) return false; // past the last one Tab goes on through the page, as everywhere
    next.focus();
    next.scrollIntoView({ block: "center" });
    return true;
  }

  function scrollToEvidence() {
    const pane = document.querySelector(".source[data-scroll]");
    const first = pane && pane.querySelector("mark");
    if (first) pane.scrollTop = first.offsetTop - pane.offsetTop - pane.clientHeight / 4;
  }

  // --- what a key does

  function say(text) {
    document.getElementById("notice").textContent = text;
  }

  function act(key) {
    if (key === "?") return help();
    if (rows().length) {
      if (key === "j") return go(present() + 1), true;
      if (key === "k") return go(present() - 1), true;
      if (key === "v") return range(), true;
      const one = rows()[Math.max(0, present())];
      const button = one.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
      if (button) return button.click(), true;
      if ("ax".includes(key) && !document.querySelector("tr[data-row] input:checked")) tick(one, true);
    }
    const found = document.querySelector(`[data-key~="${CSS.escape(key)}"]`);
    if (!found || found.disabled) return false;
    if (found.matches("input[type=search], input[type=text], textarea")) found.focus();
    else if (found.matches("details")) open(found);
    else found.click();
    return true;
  }

  function open(details) {
    details.open = !details.open;
    const field = details.open && details.querySelector("textarea, input:not([type=hidden]), a, button");
    if (field) field.focus();
    details.scrollIntoView({ block: "nearest" });
  }

  function help() {
    const dialog = document.getElementById("keys");
    if (!dialog) return false;
    dialog.showModal();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && event.target.form) return event.target.form.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && event.target !== document.body) return event.target.blur();
    if (typing(event.target)) return;
    if (event.key === "Tab") {
      if (evidence(event.shiftKey ? -1 : 1)) event.preventDefault();
      return;
    }
    const pressing = event.target.matches("button, summary, a, input");
    if (off() || busy || event.repeat || (pressing && (event.key === " " || event.key === "Enter"))) return;
    if (act(NAMES[event.key] || event.key)) event.preventDefault();
  });

  // --- one decision at a time: a key that comes while a page is on its way is for a record that nobody has seen

  document.addEventListener("htmx:beforeRequest", () => (busy = true));
  document.addEventListener("submit", () => setTimeout(() => (busy = busy || !window.htmx), 0));
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"])
    document.addEventListener(name, () => {
      busy = false;
      say("the server did not answer: nothing was decided; is `decomposer serve` still running?");
    });
  function ready() {
    busy = false;
    from = -1;
    scrollToEvidence();
    const box = document.getElementById("keys-off");
    if (box) box.checked = off();
    if (document.querySelector("[data-range]")) range();
  }
  document.addEventListener("htmx:afterSettle", ready);
  document.addEventListener("DOMContentLoaded", ready);
  window.addEventListener("pageshow", (event) => event.persisted && ready());
  document.addEventListener("change", (event) => {
    if (event.target.id === "keys-off") localStorage.setItem(SWITCH, event.target.checked ? "1" : "0");
  });
})();
