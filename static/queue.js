// Single keys in the queue. Everything they do can be done with links, boxes and buttons as well.
"use strict";

const OFF = "queue-keys-off";
const links = [...document.querySelectorAll("[data-keys] tbody th a")];
const help = document.getElementById("keys");
const off = document.querySelector("[data-keys-off]");
// A browser that keeps nothing for us may refuse even the question.
const stored = (() => { try { return window.localStorage; } catch { return null; } })();

off.checked = stored?.getItem(OFF) === "1";
off.addEventListener("change", () => {
  if (off.checked) stored?.setItem(OFF, "1");
  else stored?.removeItem(OFF);
});

const row = () => document.activeElement?.closest("[data-keys] tbody tr");

function move(step) {
  const rows = links.map((link) => link.closest("tr"));
  const here = rows.indexOf(row());
  const there = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  links[Math.max(0, Math.min(there, links.length - 1))]?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => {
    const box = row()?.querySelector("input[name=case]");
    if (box) box.checked = !box.checked;
  },
  "/": () => document.querySelector("[data-key-search]").focus(),
  "?": () => {
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (off.checked || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
