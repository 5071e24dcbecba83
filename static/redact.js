// Draws a rectangle on the page of a record by mouse, pen or keyboard and writes it into the form beside it.
// Without this script the same four numbers are typed.
"use strict";

for (const sheet of document.querySelectorAll(".sheet[data-draw=area]")) {
  const form = document.querySelector("[data-area] form");
  const svg = sheet.querySelector("svg");
  if (!form || !svg) continue;
  const sides = ["left", "top", "right", "bottom"].map((name) => form.elements.namedItem(name));
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  drawn.setAttribute("class", "drawn");
  svg.append(drawn);

  const help = document.createElement("p");
  help.className = "small soft sheet-help";
  help.id = "sheet-help";
  help.textContent = sheet.dataset.help;
  sheet.after(help);
  sheet.classList.add("drawing");
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "group");
  sheet.setAttribute("aria-describedby", help.id);

  const within = (value) => Math.min(100, Math.max(0, value));
  const read = () => sides.map((field) => Number.parseFloat(field.value));
  const show = () => {
    const [left, top, right, bottom] = read();
    const whole = [left, top, right, bottom].every(Number.isFinite) && right > left && bottom > top;
    drawn.setAttribute("visibility", whole ? "visible" : "hidden");
    if (!whole) return;
    drawn.setAttribute("x", left * 100);
    drawn.setAttribute("y", top * 100);
    drawn.setAttribute("width", (right - left) * 100);
    drawn.setAttribute("height", (bottom - top) * 100);
  };
  const write = (box) => {
    box.forEach((value, index) => { sides[index].value = within(value).toFixed(2); });
    form.closest("details").open = true;
    show();
  };
  sides.forEach((field) => field.addEventListener("input", show));
  show();

  let from = null;
  const at = (event) => {
    const edge = sheet.getBoundingClientRect();
    return [((event.clientX - edge.left) / edge.width) * 100, ((event.clientY - edge.top) / edge.height) * 100];
  };
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls, and types the numbers
    event.preventDefault();
    sheet.focus();
    sheet.setPointerCapture(event.pointerId);
    from = at(event);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    write([Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(end, () => { from = null; });
  }

  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  sheet.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const step = event.altKey ? 0.1 : 1;
    let [left, top, right, bottom] = read();
    if (![left, top, right, bottom].every(Number.isFinite)) [left, top, right, bottom] = [40, 45, 60, 50];
    const across = move[0] * step;
    const down = move[1] * step;
    if (event.shiftKey) {
      right = Math.max(left + 0.1, right + across);
      bottom = Math.max(top + 0.1, bottom + down);
    } else {
      const dx = Math.max(-left, Math.min(100 - right, across));
      const dy = Math.max(-top, Math.min(100 - bottom, down));
      [left, right, top, bottom] = [left + dx, right + dx, top + dy, bottom + dy];
    }
    write([left, top, right, bottom]);
  });
}
