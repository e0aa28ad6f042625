// The fleet: clusters in one look, and every delivery as a list with search, filters and an order.

import { favourites, star } from "/static/favourites.js";
import { MORE_FILTERS, summary, tilePlace, tiles, way, ways } from "/static/fleet_views.js";
import { propose } from "/static/dialogs.js";
import { reveal, windowed } from "/static/lists.js";
import { choice, choose, go, here } from "/static/place.js";
import { mayAct } from "/static/server.js";
import { changed, known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { amount, count, deliveryUrl, ENGINES, icon, keyOf, mark, moment, rank, STATES, title } from "/static/words.js";

const LIST = "deliveries";
const placeOf = (line) => line.destination || line.id.cluster;
const FILTERS = {
  cluster: ["Cluster", placeOf],
  engine: ["Engine", (line) => line.engine],
  kind: ["Kind", (line) => line.id.kind],
  namespace: ["Namespace", (line) => line.id.namespace],
  project: ["Project", (line) => line.project],
  source: ["Source", (line) => line.source],
};
let filtersOf = { fleet: null, found: FILTERS };

/** Return all filters: some know the whole fleet. */
function filters() {
  const { value } = known("fleet");
  if (value && filtersOf.fleet !== value) filtersOf = { fleet: value, found: { ...FILTERS, ...MORE_FILTERS(value) } };
  return filtersOf.found;
}

const has = (own, wanted) => (Array.isArray(own) ? own.includes(wanted) : own === wanted);

const NONE = [];
const ORDERS = {
  "": ["Trouble first", (line) => `${rank(line.state)}`],
  name: ["Name", (line) => line.id.name],
  cluster: ["Cluster", placeOf],
  kind: ["Kind", (line) => line.id.kind],
  revision: ["Revision", (line) => line.revision],
};
const isNarrow = matchMedia("(max-width: 719px)");
const rowHeight = () => (isNarrow.matches ? 84 : 60);

export const about = "Fleet";

export function refresh() {
  return load("fleet");
}

const text = (line) => `${line.id.name} ${line.id.kind} ${line.id.namespace} ${line.id.cluster} ${line.destination} ${line.status} ${line.project} ${line.revision} ${line.message} ${line.why} ${line.origin} ${line.source} ${line.labels.join(" ")}`.toLowerCase();
const texts = new WeakMap();

function searched(line) {
  if (!texts.has(line)) texts.set(line, text(line));
  return texts.get(line);
}

let memo = [];
let ordered = [];

/** Return the lines that pass, and of each filter how many pass all others, and how many with each value: in one pass. */
function judged(deliveries) {
  const asked = [deliveries, here(), favourites.changes];
  if (asked.every((each, at) => each === memo[at])) return memo[asked.length];
  const values = { state: (line) => line.state };
  for (const [name, [, value]] of Object.entries(filters())) values[name] = value;
  const names = Object.keys(values);
  const chosen = names.filter((name) => choice(name));
  const words = choice("q").toLowerCase().split(/\s+/).filter(Boolean);
  const counts = Object.fromEntries(names.map((name) => [name, new Map()]));
  const totals = Object.fromEntries(names.map((name) => [name, 0]));
  const found = [];
  for (const line of deliveries) {
    const failed = chosen.filter((name) => !has(values[name](line), choice(name)));
    if (failed.length > 1 || !words.every((word) => searched(line).includes(word))) continue;
    for (const name of failed.length ? failed : names) {
      const own = values[name](line);
      totals[name] += 1;
      for (const each of Array.isArray(own) ? own : [own]) counts[name].set(each, (counts[name].get(each) ?? 0) + 1);
    }
    if (!failed.length) found.push(line);
  }
  memo = [...asked, { found, counts, totals }];
  return memo[asked.length];
}

/** Return the lines that are chosen, in the order that is chosen. */
function lines() {
  const { found } = judged(known("fleet").value?.deliveries ?? NONE);
  const [, by] = ORDERS[choice("sort")] ?? ORDERS[""];
  if (ordered[0] === found && ordered[1] === by) return ordered[2];
  const ranked = found.map((line) => [by(line), line]);
  ranked.sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0));
  ordered = [found, by, ranked.map(([, line]) => line)];
  return ordered[2];
}

function bar(states) {
  const total = Object.values(states).reduce((sum, each) => sum + each, 0);
  if (!total) return h("div", { class: "bar" });
  const parts = [...STATES].reverse().filter((state) => states[state]);
  const words = parts.map((state) => `${states[state]} ${title(state).toLowerCase()}`).join(", ");
  return h("div", { class: "bar", role: "img", "aria-label": words }, parts.map((state) => h("span", { class: state, style: { "flex-grow": `${states[state]}` } })));
}

function sum(deliveries) {
  const states = {};
  for (const line of deliveries) states[line.state] = (states[line.state] ?? 0) + 1;
  return states;
}

function headline(fleet, states) {
  const total = fleet.deliveries.length;
  const bad = ["failed", "progressing", "suspended"].filter((state) => states[state]).map((state) => `${amount(states[state])} ${title(state).toLowerCase()}`);
  if (fleet.mode === "repository") {
    const found = Object.entries(fleet.findings ?? {}).map(([severity, number]) => count(number, severity));
    return `${count(total, "delivery", "deliveries")} rendered for ${count(fleet.clusters.length, "cluster")}; ${found.length ? found.join(", ") : "nothing is wrong with them"}`;
  }
  if (!bad.length) return `All ${count(total, "delivery", "deliveries")} of ${count(fleet.clusters.length, "cluster")} are ready`;
  return `${amount(states.ready ?? 0)} of ${count(total, "delivery", "deliveries")} ready, ${bad.join(", ")}`;
}

function card(cluster) {
  const isChosen = choice("cluster") === cluster.name;
  const pick = () => choose({ cluster: isChosen ? "" : cluster.name });
  const worst = STATES.find((state) => cluster.states[state]) ?? "rendered";
  const total = Object.values(cluster.states).reduce((all, each) => all + each, 0);
  const trouble = STATES.slice(0, 3).filter((state) => cluster.states[state]);
  return h(
    "button",
    { type: "button", key: cluster.name, class: `card cluster${isChosen ? " chosen" : ""}`, "aria-pressed": isChosen ? "true" : "false", onclick: pick },
    h("span", { class: "line" }, mark(worst), h("strong", {}, cluster.name), h("span", { class: "soft end" }, cluster.engines.map((engine) => ENGINES[engine] ?? engine).join(" + "))),
    bar(cluster.states),
    h(
      "span",
      { class: "line soft" },
      h("span", {}, trouble.length ? trouble.map((state) => `${cluster.states[state]} ${title(state).toLowerCase()}`).join(", ") : count(total, "delivery", "deliveries")),
      h("span", { class: "end" }, cluster.unavailable ? `${cluster.unavailable} of ` : "", count(cluster.objects, "object"), cluster.unavailable ? " not available" : ""),
    ),
    cluster.lastChange ? h("span", { class: "line faint" }, "last change ", moment(cluster.lastChange)) : null,
  );
}

function pills(deliveries) {
  const counted = Object.fromEntries(judged(deliveries).counts.state);
  const total = Object.values(counted).reduce((all, each) => all + each, 0);
  const pill = (state, label, number) => {
    const isChosen = choice("state") === state;
    return h("button", { type: "button", class: `pill ${state}`, "aria-pressed": isChosen ? "true" : "false", onclick: () => choose({ state: isChosen ? "" : state }) }, state ? mark(state) : null, label, h("b", {}, amount(number)));
  };
  const shown = STATES.filter((state) => counted[state] || choice("state") === state);
  return h("div", { class: "pills", role: "group", "aria-label": "State" }, pill("", "All", total), shown.map((state) => pill(state, title(state), counted[state] ?? 0)), favouritePill(deliveries), h("span", { class: "end" }), ways());
}

function favouritePill(deliveries) {
  const number = judged(deliveries).counts.favourite.get("yes") ?? 0;
  const isOn = choice("favourite") === "yes";
  if (!number && !isOn) return null;
  return h("button", { type: "button", class: "pill", "aria-pressed": isOn ? "true" : "false", onclick: () => choose({ favourite: isOn ? "" : "yes" }) }, icon("star"), "Favourites", h("b", {}, amount(number)));
}

const FIRST = ["cluster", "engine", "kind", "namespace"]; // the rest unfolds

function shownFilters(deliveries) {
  const names = Object.keys(filters()).filter((name) => name !== "favourite");
  const isAll = choice("filters") === "all";
  const found = names.map((name) => [name, filter(name, deliveries)]).filter(([, each]) => each);
  const seen = found.filter(([name]) => isAll || FIRST.includes(name) || choice(name));
  const hidden = found.length - seen.length;
  const more = isAll || hidden ? h("button", { type: "button", class: "bare", "aria-expanded": isAll ? "true" : "false", onclick: () => choose({ filters: isAll ? "" : "all" }) }, isAll ? "Fewer filters" : count(hidden, "more filter")) : null;
  return [seen.map(([, each]) => each), more];
}

function filter(name, deliveries) {
  const [label] = filters()[name];
  const { counts, totals } = judged(deliveries);
  const numbers = new Map(counts[name]);
  const total = totals[name];
  const chosen = choice(name);
  if (chosen && !numbers.has(chosen)) numbers.set(chosen, 0);
  numbers.delete("");
  const tellsApart = numbers.size > 1 || [...numbers.values()].some((number) => number < total);
  if (!tellsApart && !chosen) return null;
  const options = [...numbers].sort(([one], [two]) => (one < two ? -1 : 1));
  return h(
    "select",
    { "aria-label": label, class: chosen ? "set" : "", value: chosen, onchange: (event) => choose({ [name]: event.target.value }) },
    h("option", { value: "" }, `${label}: all`),
    options.map(([each, number]) => h("option", { value: each, key: each }, `${name === "engine" ? (ENGINES[each] ?? each) : each} (${number})`)),
  );
}

function toolbar(deliveries) {
  const typed = (event) => choose({ q: event.target.value }, { replaces: true });
  return h(
    "div",
    { class: "toolbar" },
    h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search deliveries", "aria-label": "Search deliveries", autocomplete: "off", spellcheck: "false", oninput: typed }), h("kbd", {}, "/")),
    h("div", { class: "selects" }, shownFilters(deliveries), h("select", { "aria-label": "Order", value: choice("sort"), onchange: (event) => choose({ sort: event.target.value }) }, Object.entries(ORDERS).map(([name, [label]]) => h("option", { value: name }, label)))),
  );
}

function row(line, at, place) {
  const key = keyOf(line.id);
  const isLoud = line.state !== "ready" && line.state !== "rendered";
  const toggle = () => pick(line);
  const missing = line.unavailable ? `${line.objects - line.unavailable} of ` : "";
  return h(
    "div",
    { key, class: `row delivery ${line.state}${store.cursor === at ? " cursor" : ""}`, role: "listitem", style: place },
    mayAct ? h("input", { type: "checkbox", class: "pick", checked: store.chosen.has(key), "aria-label": `Choose ${line.id.name}`, onchange: toggle }) : null,
    h(
      "a",
      { class: "cells", href: deliveryUrl(line.id) },
      mark(line.state),
      h(
        "span",
        { class: "main" },
        h("span", { class: "name" }, line.id.name, h("span", { class: "kind" }, line.id.kind), line.findings ? h("span", { class: "badge" }, count(line.findings, "finding")) : null, line.suspended && line.state !== "suspended" ? h("span", { class: "badge warn" }, "automated sync off") : null, line.warnings.length ? h("span", { class: "badge warn" }, count(line.warnings.length, "warning")) : null),
        h("span", { class: isLoud ? "message loud" : "message" }, isLoud && (line.why || line.message) ? line.why || line.message : [line.engine === "argocd" && line.status, line.id.namespace, line.project && `project ${line.project}`, line.origin].filter(Boolean).join("  ·  ")),
      ),
      h("span", { class: "where" }, placeOf(line)),
      h("span", { class: "revision" }, line.revision),
      h("span", { class: "number" }, line.objects ? `${missing}${count(line.objects, "object")}` : ""),
    ),
    star(line),
  );
}

export function pick(line) {
  const key = keyOf(line.id);
  if (!store.chosen.delete(key)) store.chosen.set(key, line);
  changed();
}

function chosenBar() {
  const chosen = [...store.chosen.values()];
  if (!chosen.length) return null;
  const button = (verb, label, name) => h("button", { type: "button", onclick: () => propose(verb, chosen) }, icon(name), label);
  const clear = () => {
    store.chosen.clear();
    changed();
  };
  return h("div", { class: "chosenbar", role: "toolbar", "aria-label": "What is chosen" }, h("strong", {}, `${chosen.length} chosen`), button("sync", "Sync", "sync"), button("refresh", "Refresh", "refresh"), button("suspend", "Suspend", "pause"), button("resume", "Resume", "play"), h("button", { type: "button", class: "bare", onclick: clear }, "Clear"));
}

function shown(found) {
  if (way() === "summary") return summary(found, filters());
  if (way() === "tiles") return tiles(LIST, found, { cursor: store.cursor, pick: mayAct ? picking : null, placeOf });
  return windowed(LIST, found, rowHeight(), row);
}

function picking(line) {
  return h("input", { type: "checkbox", class: "pick", checked: store.chosen.has(keyOf(line.id)), "aria-label": `Choose ${line.id.name}`, onchange: () => pick(line) });
}

function nothing(fleet) {
  if (fleet.deliveries.length) {
    const names = ["q", "state", ...Object.keys(filters())];
    const clear = () => choose(Object.fromEntries(names.map((name) => [name, ""])));
    return h("div", { class: "empty" }, h("p", {}, "No delivery matches."), h("button", { type: "button", onclick: clear }, "Clear search and filters"));
  }
  return h("div", { class: "empty" }, h("p", {}, "There is no delivery here yet: no Kustomization, HelmRelease or Application."), h("p", { class: "soft" }, "The files that start a cluster declare them; `nixernetes check` says what it found."));
}

export function view() {
  const { value: fleet, problem } = known("fleet");
  if (!fleet) return h("main", { id: "main", class: "fleet" }, h("h1", {}, "Fleet"), problem ? h("p", { class: "note failed" }, problem) : skeleton());
  const states = sum(fleet.deliveries);
  const found = lines();
  return h(
    "main",
    { id: "main", class: "fleet" },
    h("div", { class: "heading" }, h("h1", {}, fleet.title || "Fleet"), h("p", { class: "lead" }, headline(fleet, states), fleet.head ? h("span", { class: "faint" }, ` · ${fleet.head}`) : null)),
    fleet.problem ? h("p", { class: "note failed" }, h("strong", {}, "This is not the newest: "), fleet.problem) : null,
    fleet.notes.map((note) => h("p", { class: "note warn" }, icon("warning"), h("span", {}, note))),
    fleet.notVerified.length ? h("details", { class: "note" }, h("summary", {}, count(fleet.notVerified.length, "thing"), " not verified"), h("ul", {}, fleet.notVerified.map((each) => h("li", {}, each)))) : null,
    h("section", { class: "clusters", "aria-label": "Clusters" }, fleet.clusters.map(card)),
    h("section", { class: "list", "aria-label": "Deliveries" }, pills(fleet.deliveries), toolbar(fleet.deliveries), found.length ? shown(found) : nothing(fleet)),
    chosenBar(),
  );
}

/** Describe a view of which nothing is known yet, or what is wrong. */
export function waiting(problem) {
  return problem ? h("div", { class: "empty" }, h("p", {}, mark("failed", "Failed"), ` ${problem}`), h("p", { class: "soft" }, "The page tries again as soon as something changes.")) : skeleton();
}

export function skeleton() {
  return h("div", { class: "skeleton", "aria-busy": "true", "aria-label": "Loading" }, h("i", {}), h("i", {}), h("i", {}));
}

/** What keys do here. */
export const keys = {
  move(step) {
    store.cursor = Math.min(Math.max(store.cursor + step, 0), lines().length - 1);
    if (way() !== "summary") reveal(LIST, ...(way() === "tiles" ? tilePlace(store.cursor) : [store.cursor, rowHeight()]));
    changed();
  },
  open() {
    const line = lines()[store.cursor];
    if (line) go(deliveryUrl(line.id));
  },
  pick() {
    const line = lines()[store.cursor];
    if (line && mayAct) pick(line);
  },
  targets: () => (store.chosen.size ? [...store.chosen.values()] : lines().slice(store.cursor, store.cursor + 1).filter(() => store.cursor >= 0)),
  leave() {
    if (store.chosen.size) store.chosen.clear();
    else choose({ q: "" });
    changed();
  },
};
