// How the run went: a picture of all states over time, a moment that can be chosen, and how the fleet stood then.

import { skeleton } from "/static/fleet.js";
import { reveal, windowed } from "/static/lists.js";
import { choice, choose, go } from "/static/place.js";
import { changed, known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, keyOf, mark, moment, rank, STATES, title } from "/static/words.js";

const LIST = "then";
const HEIGHT = 44;
const WIDE = 1000; // units of the picture
const HIGH = 100;
const PLAY = 350; // milliseconds that a moment is shown
const CAUSES = { commit: "another revision", asked: "asked for by hand", new: "new" };
const STACK = ["ready", "suspended", "progressing", "failed"]; // from the bottom up

export const about = "History";

export const every = 1000; // milliseconds between two questions: it is about everything

export function refresh() {
  return load("timeline");
}

let memo = [];

/** Return what each moment sums up to: how many deliveries are of each state. */
function sums(page) {
  if (memo[0] === page) return memo[1];
  const states = new Map();
  const numbers = {};
  const found = page.moments.map(({ changes }) => {
    for (const { delivery, state } of changes) {
      const before = states.get(delivery);
      if (before) numbers[before] -= 1;
      states.set(delivery, state);
      numbers[state] = (numbers[state] ?? 0) + 1;
    }
    return { ...numbers };
  });
  memo = [page, found];
  return found;
}

/** Return how each delivery stood at a moment, the worst first. */
function fleetAt(page, at) {
  const stands = new Map();
  for (const { changes } of page.moments.slice(0, at + 1)) for (const each of changes) stands.set(each.delivery, each);
  const rows = [...stands.values()].filter((each) => each.state !== "gone").map((each) => ({ ...each, id: page.deliveries[each.delivery] }));
  const order = (row) => `${rank(row.state)} ${row.id.cluster} ${row.id.name}`;
  return rows.map((row) => [order(row), row]).sort(([one], [two]) => (one < two ? -1 : 1)).map(([, row]) => row);
}

const last = (page) => page.moments.length - 1;

function chosen(page) {
  const at = Number.parseInt(choice("at"), 10);
  return Number.isNaN(at) ? last(page) : Math.min(Math.max(at, 0), last(page));
}

/** A picture of the states over the moments: each an equal step, since most of a run is waiting. */
function picture(page, at) {
  const all = sums(page);
  const most = Math.max(1, ...all.map((each) => STACK.reduce((sum, state) => sum + (each[state] ?? 0), 0)));
  const step = WIDE / Math.max(all.length, 1);
  const below = all.map(() => 0);
  const areas = STACK.map((state) => {
    const lower = [...below];
    all.forEach((each, index) => {
      below[index] += each[state] ?? 0;
    });
    const y = (value) => HIGH - (value / most) * HIGH;
    const upper = below.map((value, index) => `${index * step},${y(value)} ${(index + 1) * step},${y(value)}`);
    const under = lower.map((value, index) => `${(index + 1) * step},${y(value)} ${index * step},${y(value)}`).reverse();
    return h("polygon", { key: state, class: state, points: `${upper.join(" ")} ${under.join(" ")}` });
  });
  const place = (at + 0.5) * step;
  return h("svg", { class: "picture", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" }, areas, h("line", { x1: place, x2: place, y1: 0, y2: HIGH }));
}

let playing = 0;

function stop() {
  clearInterval(playing);
  playing = 0;
  changed();
}

function play(page) {
  if (playing) return stop();
  let at = chosen(page) >= last(page) ? 0 : chosen(page);
  step(at, last(page));
  playing = setInterval(() => {
    at += 1;
    if (at > last(page) || location.pathname !== "/history") stop();
    else step(at, last(page));
  }, PLAY);
  return changed();
}

/** Choose a moment; the last one is the present, and goes on with it. */
function step(at, end) {
  const wanted = Math.max(at, 0);
  choose({ at: wanted >= end ? "" : `${wanted}` }, { replaces: true });
}

function change(page, each) {
  const id = page.deliveries[each.delivery];
  const words = [title(each.state), CAUSES[each.cause], each.revision && `at ${each.revision}`].filter(Boolean).join(", ");
  return h("li", { key: keyOf(id) }, mark(each.state), h("div", {}, h("a", { href: deliveryUrl(id) }, id.name), h("span", { class: "faint" }, ` ${id.kind}, ${id.cluster}`), h("p", {}, words), each.state === "failed" && each.message ? h("p", { class: "loud" }, each.message) : null));
}

function row(line, at, place) {
  return h(
    "div",
    { key: keyOf(line.id), class: `row then ${line.state}${store.cursor === at ? " cursor" : ""}`, role: "listitem", style: place },
    h("a", { href: deliveryUrl(line.id) }, mark(line.state), h("span", { class: "name" }, line.id.name), h("span", { class: "kind" }, line.id.kind), h("span", { class: "where" }, line.id.cluster), h("span", { class: "revision" }, line.revision)),
  );
}

const MOST = 40; // changes of one moment that are told

export function view() {
  const { value: page, problem } = known("timeline");
  const head = (lead) => h("div", { class: "heading" }, h("h1", {}, "History"), h("p", { class: "lead" }, lead));
  if (!page) return h("main", { id: "main" }, head(""), problem ? h("p", { class: "note failed" }, problem) : skeleton());
  if (!page.moments.length) return h("main", { id: "main" }, head(""), h("p", { class: "empty" }, "Nothing has changed yet."));
  const at = chosen(page);
  const now = page.moments[at];
  const states = sums(page)[at];
  const fleet = fleetAt(page, at);
  const end = last(page);
  const told = STATES.filter((state) => states[state]).map((state) => `${states[state].toLocaleString("en")} ${title(state).toLowerCase()}`).join(", ");
  const slid = (event) => step(Number(event.target.value), end);
  const button = (label, name, run, isOff = false) => h("button", { type: "button", class: "bare", "aria-label": label, title: label, onclick: run, disabled: isOff }, icon(name));
  return h(
    "main",
    { id: "main" },
    head(`${count(page.moments.length, "moment")} at which something changed`),
    h(
      "section",
      { class: "card time", "aria-label": "Time" },
      picture(page, at),
      h("input", { type: "range", min: 0, max: end, value: `${at}`, "aria-label": "Moment", "aria-valuetext": `${now.time}: ${told}`, oninput: slid }),
      h("div", { class: "line" }, button("The moment before", "back", () => step(at - 1, end), at === 0), button(playing ? "Stop" : "Play", playing ? "pause" : "play", () => play(page)), button("The next moment", "forth", () => step(at + 1, end), at === end), h("strong", {}, moment(now.time)), h("span", { class: "soft" }, told), at === end ? h("span", { class: "tag end" }, "now") : h("button", { type: "button", class: "end", onclick: () => step(end, end) }, "To the present")),
    ),
    h(
      "div",
      { class: "sides" },
      h("section", {}, h("h2", {}, "The fleet then"), windowed(LIST, fleet, HEIGHT, row)),
      h("section", { class: "card what" }, h("h2", {}, "What changed"), h("ul", {}, now.changes.slice(0, MOST).map((each) => change(page, each))), now.changes.length > MOST ? h("p", { class: "soft" }, `and ${(now.changes.length - MOST).toLocaleString("en")} more`) : null),
    ),
  );
}

/** What keys do here. */
export const keys = {
  move(by) {
    const { value: page } = known("timeline");
    if (!page) return;
    store.cursor = Math.min(Math.max(store.cursor + by, 0), fleetAt(page, chosen(page)).length - 1);
    reveal(LIST, store.cursor, HEIGHT);
    changed();
  },
  open() {
    const { value: page } = known("timeline");
    const line = page && fleetAt(page, chosen(page))[store.cursor];
    if (line) go(deliveryUrl(line.id));
  },
  fold(isBack) {
    const { value: page } = known("timeline");
    if (page) step(chosen(page) + (isBack ? -1 : 1), last(page));
  },
  leave() {
    choose({ at: "" });
  },
};
