// Progressive enhancement only: every page does its work without this file.
"use strict";

document.documentElement.classList.add("has-script");

// The error summary takes the focus, so that it is the first thing read aloud.
document.querySelector("[data-take-focus]")?.focus();

// A second press of the same button within two seconds is a slip of the finger.
// The server makes doubles harmless too; this only spares the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const now = Date.now();
  if (form.dataset.sentAt && now - Number(form.dataset.sentAt) < 2000) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = String(now);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sentAt;
});

// An open menu of the desk closes with a press elsewhere, and with Escape.
const menus = document.querySelectorAll("details.menu");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Characters left, said below the field while one types.
for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const limit = Number(area.dataset.limit);
  const line = document.createElement("p");
  line.className = "count";
  line.setAttribute("aria-live", "polite");
  area.after(line);
  const say = () => {
    const left = limit - [...area.value].length;
    line.classList.toggle("over", left < 0);
    line.textContent = (left < 0 ? area.dataset.over : area.dataset.left).replace("{n}", Math.abs(left));
  };
  area.addEventListener("input", say);
  say();
}

// What was typed is kept when a field is left, when the typing rests, and on the way out of the page, whichever way that is.
for (const form of document.querySelectorAll("form[data-keep]")) {
  let touched = false;
  let sent = false;
  let pause;
  form.addEventListener("input", () => {
    touched = true;
    clearTimeout(pause);
    pause = setTimeout(keep, 3000);
  });
  form.addEventListener("change", () => {
    touched = true;
    keep();
  });
  form.addEventListener("submit", () => { sent = true; });
  function keep() {
    if (!touched || sent) return;
    const answers = new FormData(form);
    for (const [name, value] of [...answers]) if (value instanceof File) answers.delete(name);
    answers.set("keep_only", "1");
    navigator.sendBeacon(form.dataset.keep, answers);
    touched = false;
  }
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// A link to this page as it is by now is followed by itself while something is being worked on.
for (const link of document.querySelectorAll("[data-follow]")) {
  setTimeout(() => location.reload(), Number(link.dataset.follow) * 1000);
}

// The name of a figure is put where one was last writing.
let lastWritten = document.querySelector("textarea[name^=section_]");
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea[name^=section_]")) lastWritten = event.target;
});
for (const code of document.querySelectorAll("code[data-insert]")) {
  if (!lastWritten) break;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = code.textContent;
  button.addEventListener("click", () => {
    lastWritten.setRangeText(code.dataset.insert, lastWritten.selectionStart, lastWritten.selectionEnd, "end");
    lastWritten.focus();
    lastWritten.dispatchEvent(new Event("input", { bubbles: true }));
  });
  code.replaceChildren(button);
}

// Words of the application that are selected become a line of the field of unclear words; without script they are copied.
for (const button of document.querySelectorAll("button[data-mark]")) {
  const field = document.getElementById(button.dataset.mark);
  const source = document.getElementById(button.dataset.from);
  if (!field || !source) continue;
  const chosen = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || !source.contains(selection.getRangeAt(0).commonAncestorContainer)) return "";
    return selection.toString().trim();
  };
  document.addEventListener("selectionchange", () => button.classList.toggle("ready", Boolean(chosen())));
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => {
    const lines = field.value.split("\n").filter(Boolean);
    for (const line of chosen().split("\n").filter((each) => each.trim())) if (!lines.includes(line)) lines.push(line);
    field.value = lines.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
