// Deliveries that somebody wants to find again: kept by this browser alone.

import { changed } from "/static/store.js";
import { h } from "/static/view.js";
import { icon, keyOf } from "/static/words.js";

const NAME = "nixernetes-favourites";
const MOST = 500;

const kept = new Set(read());

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(found) ? found.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch {
    return []; // no storage, or nothing of ours in it
  }
}

export const isFavourite = (line) => kept.has(keyOf(line.id));

export const favourites = { changes: 0 }; // how often one was chosen or left

function toggle(line) {
  favourites.changes += 1;
  const key = keyOf(line.id);
  if (!kept.delete(key)) kept.add(key);
  try {
    localStorage.setItem(NAME, JSON.stringify([...kept].slice(-MOST)));
  } catch {
    // no storage: until the page is loaded again
  }
  changed();
}

/** A star that says whether a delivery is a favourite, and changes it. */
export function star(line) {
  const isOn = isFavourite(line);
  return h("button", { type: "button", class: `bare star${isOn ? " on" : ""}`, "aria-pressed": isOn ? "true" : "false", "aria-label": `Favourite: ${line.id.name}`, title: isOn ? "A favourite" : "Make it a favourite", onclick: () => toggle(line) }, icon("star"));
}
