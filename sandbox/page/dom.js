// Elements from words: everything people or the bot wrote goes in as text, never as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

// A camera drawn by us: emoji need a font that not every machine has.
export function camera() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 24, height: 24, fill: "none",
    stroke: "currentColor", "stroke-width": 1.7, "stroke-linejoin": "round", "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 1 0 0-7z");
  svg.append(path);
  return svg;
}

export const byId = (id) => document.getElementById(id);

// A panel under a button: the button opens and closes it, Escape and a click elsewhere close it.
export function panel(button, node, onOpen = () => {}) {
  const set = (open) => {
    node.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    set(node.hidden);
    if (!node.hidden) onOpen();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || node.hidden) return;
    if (node.contains(document.activeElement)) button.focus();
    set(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!node.hidden && !node.contains(event.target) && !button.contains(event.target)) set(false);
  });
}

export function notice(text) {
  const line = byId("notice");
  line.textContent = text;
  line.hidden = !text;
}
