// The fleet in other ways than as a list: as tiles, and summed up by what deliveries have in common.

import { isFavourite, star } from "/static/favourites.js";
import { windowed } from "/static/lists.js";
import { choice, choose } from "/static/place.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, ENGINES, keyOf, mark, STATES, title } from "/static/words.js";

const WAYS = { "": "List", tiles: "Tiles", summary: "Summary" };
const TILE = 136; // pixels: the height of a tile and the gap below it
const WIDTH = 276;

export const way = () => (choice("as") in WAYS ? choice("as") : "");

export function ways() {
  return h("div", { class: "segments", role: "group", "aria-label": "Shown as" }, Object.entries(WAYS).map(([name, label]) => h("button", { type: "button", "aria-pressed": way() === name ? "true" : "false", onclick: () => choose({ as: name }) }, label)));
}

const READY = { True: "Ready", False: "Not ready", Unknown: "Reconciling", Rendered: "Rendered" };
const HEALTH = { ready: "Healthy", failed: "Degraded", progressing: "Progressing", suspended: "Suspended" };

/** The engine's own word: of Argo CD whether it is in sync, of Flux whether it is ready. */
export function statusOf(line) {
  return line.engine === "argocd" ? line.status.split("/")[0] : (READY[line.status] ?? line.status);
}

/** How what it brings stands: of Argo CD as that says, of Flux by its objects, in the same words. */
export function healthOf(line) {
  if (line.engine === "argocd") return line.status.split("/")[1] ?? "";
  return line.state === "ready" && line.unavailable ? "Degraded" : (HEALTH[line.state] ?? "");
}

const sources = new WeakMap(); // of a fleet: the URLs of its sources, by cluster and name

/** The URL that its files come from: of Flux that of the source that it names. */
export function repositoryOf(fleet, line) {
  if (line.engine === "argocd" || !line.source || line.source.includes("://")) return line.source;
  if (!sources.has(fleet)) {
    const found = new Map();
    for (const each of fleet.deliveries) {
      if (!each.source.includes("://")) continue;
      const name = `${each.id.cluster} ${each.id.kind}/${each.id.name}`;
      found.set(name, each.source);
      found.set(`${each.id.namespace} ${name}`, each.source);
    }
    sources.set(fleet, found);
  }
  const name = `${line.id.cluster} ${line.source}`;
  return sources.get(fleet).get(`${line.id.namespace} ${name}`) ?? sources.get(fleet).get(name) ?? line.source;
}

/** The filters that a list has beside those of every line. */
export const MORE_FILTERS = (fleet) => ({
  repository: ["Repository", (line) => repositoryOf(fleet, line)],
  status: ["Status", statusOf],
  health: ["Health", healthOf],
  label: ["Label", (line) => line.labels],
  favourite: ["Favourite", (line) => (isFavourite(line) ? "yes" : "")],
});

export const columns = () => Math.max(Math.floor(((document.getElementById("main")?.clientWidth ?? window.innerWidth) - (window.innerWidth < 720 ? 32 : 48) + 12) / (WIDTH + 12)), 1);

function tile(line, at, { cursor, pick, placeOf }) {
  const isLoud = line.state !== "ready" && line.state !== "rendered";
  const told = isLoud ? line.why || line.message : [line.engine === "argocd" && line.status, line.project && `project ${line.project}`].filter(Boolean).join("  ·  ");
  return h(
    "div",
    { key: keyOf(line.id), class: `card tile ${line.state}${cursor === at ? " cursor" : ""}` },
    h("div", { class: "line" }, pick ? pick(line) : null, mark(line.state), h("a", { href: deliveryUrl(line.id), class: "name" }, line.id.name), h("span", { class: "end" }), star(line)),
    h("p", { class: "kind" }, `${line.id.kind} in ${line.id.namespace}, ${placeOf(line)}`),
    h("p", { class: `told-of${isLoud ? " loud" : ""}` }, told || " "),
    h("p", { class: "line faint" }, h("span", { class: "revision" }, line.revision), h("span", { class: "end" }, line.objects ? `${line.unavailable ? `${line.objects - line.unavailable} of ` : ""}${count(line.objects, "object")}` : "")),
  );
}

/** Describe deliveries as tiles, of which only those that are seen are drawn. */
export function tiles(name, lines, options) {
  const wide = columns();
  const rows = [];
  for (let at = 0; at < lines.length; at += wide) rows.push({ at, held: lines.slice(at, at + wide) });
  const row = ({ at, held }, _, place) => h("div", { key: keyOf(held[0].id), class: "tile-row", role: "listitem", style: { ...place, "--columns": `${wide}` } }, held.map((line, beside) => tile(line, at + beside, options)));
  return h("div", { class: "tiles" }, windowed(name, rows, TILE, row));
}

/** Where a tile is: its row and the height of one. */
export const tilePlace = (cursor) => [Math.floor(cursor / columns()), TILE];

function bar(states) {
  const parts = [...STATES].reverse().filter((state) => states[state]);
  return h("span", { class: "bar", role: "img", "aria-label": parts.map((state) => `${states[state]} ${title(state).toLowerCase()}`).join(", ") }, parts.map((state) => h("span", { class: state, style: { "flex-grow": `${states[state]}` } })));
}

function sums(lines, value) {
  const found = new Map();
  for (const line of lines) {
    const own = value(line);
    for (const name of Array.isArray(own) ? own : [own]) {
      if (!name) continue;
      const sum = found.get(name) ?? { states: {}, total: 0, objects: 0, missing: 0 };
      sum.states[line.state] = (sum.states[line.state] ?? 0) + 1;
      sum.total += 1;
      sum.objects += line.objects;
      sum.missing += line.unavailable ?? 0;
      found.set(name, sum);
    }
  }
  const trouble = (sum) => (sum.states.failed ?? 0) * 1e6 + (sum.states.progressing ?? 0);
  return [...found].sort(([one, first], [two, second]) => trouble(second) - trouble(first) || (one < two ? -1 : 1));
}

const MOST_GROUPS = 200;

/** Describe deliveries summed up; a row leads to its deliveries. */
export function summary(lines, filters) {
  const names = Object.keys(filters).filter((name) => name !== "favourite");
  const by = names.includes(choice("by")) ? choice("by") : names[0];
  const [label, value] = filters[by];
  const groups = sums(lines, value);
  const told = (name) => (by === "engine" ? (ENGINES[name] ?? name) : name); // a namespace may be called as an engine
  const numbers = (sum) => STATES.filter((state) => sum.states[state]).map((state) => h("span", {}, mark(state), sum.states[state].toLocaleString("en")));
  return h(
    "div",
    { class: "summary" },
    h("div", { class: "pills", role: "group", "aria-label": "Summed up by" }, names.map((name) => h("button", { type: "button", class: "pill", "aria-pressed": name === by ? "true" : "false", onclick: () => choose({ by: name === names[0] ? "" : name }) }, filters[name][0]))),
    groups.length
      ? h(
          "ul",
          { class: "rows sums-of" },
          groups.slice(0, MOST_GROUPS).map(([name, sum]) =>
            h(
              "li",
              { key: name },
              h("button", { type: "button", onclick: () => choose({ as: "", by: "", [by]: name }), title: `The deliveries of ${told(name)}` }, h("strong", {}, told(name)), bar(sum.states), h("span", { class: "sums" }, numbers(sum)), h("span", { class: "number" }, `${sum.missing ? `${(sum.objects - sum.missing).toLocaleString("en")} of ` : ""}${count(sum.objects, "object")}`)),
            ),
          ),
        )
      : h("p", { class: "empty" }, `No delivery has a ${label.toLowerCase()}.`),
    groups.length > MOST_GROUPS ? h("p", { class: "soft" }, `${count(groups.length - MOST_GROUPS, "more")}: search, or choose a filter`) : null,
  );
}
