// Long lists: only the rows that are seen are drawn, in a box as high as all of them.

import { h } from "/static/view.js";

const BEYOND = 8; // rows above and below the window, so that scrolling shows no gap

/** Describe a list of rows of one height, of which the window shows a part. */
export function windowed(name, items, height, row, more = { role: "list" }) {
  const found = document.getElementById(name);
  const top = found ? found.getBoundingClientRect().top : 300;
  const first = Math.max(Math.floor(-top / height) - BEYOND, 0);
  const last = Math.min(Math.ceil((window.innerHeight - top) / height) + BEYOND, items.length);
  const drawn = [];
  for (let at = Math.min(first, items.length); at < last; at += 1) {
    const place = { position: "absolute", top: `${at * height}px`, height: `${height}px` };
    drawn.push(row(items[at], at, place));
  }
  return h("div", { id: name, class: "rows", ...more, style: { height: `${items.length * height}px` } }, drawn);
}

/** Scroll so that a row is seen whole. */
export function reveal(name, at, height) {
  const found = document.getElementById(name);
  if (!found) return;
  const top = found.getBoundingClientRect().top + at * height;
  const head = 72;
  if (top < head) window.scrollBy(0, top - head);
  else if (top + height > window.innerHeight - 16) window.scrollBy(0, top + height - window.innerHeight + 16);
}
