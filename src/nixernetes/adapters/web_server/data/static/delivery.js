// One delivery: how it stands in words, what it brings as a tree, what happened to it, and one object of it.

import { propose } from "/static/dialogs.js";
import { filters, isListed, kindRow, listed, pictured, viewAsked, ways } from "/static/delivery_views.js";
import { reveal, windowed } from "/static/lists.js";
import { logs } from "/static/logs.js";
import { object, objectAbout } from "/static/object.js";
import { choice, choose, go } from "/static/place.js";
import { mayChange, refused } from "/static/permitted.js";
import { changed, known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { amount, count, ENGINES, icon, keyOf, mark, moment, stateOf, title } from "/static/words.js";
import { isWhole, want } from "/static/tree_lines.js";
import { conditionList, eventList, facts, panel, tabBar } from "/static/details.js";
import { skeleton } from "/static/fleet.js";
import { finding } from "/static/findings.js";

const TREE = "tree";
const HEIGHT = 36;
const ROLES = { source: "source", made: "" }; // what is said of what is well

const asked = () => Object.fromEntries(["cluster", "kind", "namespace", "name"].map((part) => [part, choice(part)]));
const answer = () => known("delivery", asked());

export const about = () => choice("name");

export function refresh() {
  const object = objectAbout();
  return Promise.all([load("delivery", asked()), object ? load("object", object) : null, viewAsked() ? load(viewAsked(), asked()) : null]);
}

/** Tell whether a change of a delivery is one of what is shown: of this one, or of its source. */
export function concerns(id) {
  const shown = answer().value?.tree.slice(0, 2).map((line) => line.id) ?? [];
  return !shown.length || shown.some((each) => each.kind === id.kind && each.name === id.name && each.namespace === id.namespace);
}

function sentence(page) {
  const { line } = page;
  const objects = line.objects ? `${line.unavailable ? `${line.objects - line.unavailable} of ${count(line.objects, "object")} available` : `${count(line.objects, "object")}${page.mode === "run" ? ", all available" : ""}`}` : "";
  const commit = page.facts.find((fact) => fact.label === "Commit")?.text;
  const at = commit ? `at ${commit}` : line.revision ? `at ${line.revision}` : "";
  return [`${title(line.state)} ${at}`.trim(), objects].filter(Boolean).join("; ");
}

function buttons({ line, operating, confirms }) {
  if (!mayChange(line.id)) return refused(line.id);
  const button = (verb, label, name, kind = "") => h("button", { type: "button", class: kind, onclick: () => propose(verb, [line]) }, icon(name), label);
  return h(
    "div",
    { class: "actions", role: "toolbar", "aria-label": "Actions" },
    button("sync", line.engine === "argocd" ? "Sync" : "Reconcile", "sync", "primary"),
    button("refresh", line.engine === "argocd" ? "Refresh" : "Reconcile with source", "refresh"),
    operating ? button("terminate", "End operation", "close") : null,
    line.suspended === null ? null : line.suspended ? button("resume", "Resume", "play") : button("suspend", "Suspend", "pause"),
    confirms ? button("confirm", "Confirm deletions", "warning", "danger") : null,
    button("delete", "Delete", "bin"),
  );
}

const TROUBLE = new Set(["failed", "progressing"]);
const texts = new WeakMap();
let memo = [];
let troubled = [];

function searched(line) {
  if (!texts.has(line)) texts.set(line, `${line.id.kind} ${line.id.namespace} ${line.id.name} ${line.status} ${line.message}`.toLowerCase());
  return texts.get(line);
}

/** Return the lines of the tree that are seen: not what is folded, and only what matches the search and its parents. */
function seen(page) {
  const about = [page.tree, page.treeSize, choice("find"), choice("only"), store.folds];
  if (about.every((each, at) => each === memo[at])) return memo[about.length];
  const words = choice("find").toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = choice("only");
  const found = [];
  let hidden = Infinity;
  const matches = (line) => (wanted !== "trouble" || TROUBLE.has(stateOf(line))) && words.every((word) => searched(line).includes(word));
  const isNarrowed = words.length > 0 || wanted;
  const keep = isNarrowed ? parentsOf(page.tree, matches) : null;
  page.tree.forEach((line, at) => {
    if (line.depth <= hidden) hidden = Infinity;
    if (hidden !== Infinity || (keep && !keep.has(at))) return;
    const hasMore = page.tree[at + 1]?.depth > line.depth;
    const isFolded = hasMore && store.folded.has(keyOf(line.id));
    if (isFolded) hidden = line.depth;
    found.push({ line, hasMore, isFolded });
  });
  const isOfRoot = hidden !== Infinity && page.tree.some((line) => line.depth === hidden && line.role !== "brought" && line.role !== "made" && store.folded.has(keyOf(line.id)));
  if (!isNarrowed && !isOfRoot) for (let at = page.tree.length; at < page.treeSize; at += 1) found.push({ coming: at });
  memo = [...about, found];
  return found;
}

/** Return how many lines of a tree are not well. */
function troubles(tree) {
  if (troubled[0] !== tree) troubled = [tree, tree.filter((line) => TROUBLE.has(stateOf(line))).length];
  return troubled[1];
}

function parentsOf(tree, matches) {
  const keep = new Set();
  const above = [];
  tree.forEach((line, at) => {
    above.length = line.depth;
    above[line.depth] = at;
    if (matches(line)) for (const each of above) if (each !== undefined) keep.add(each);
  });
  return keep;
}

export function fold(line) {
  toggled(keyOf(line.id));
}

function toggled(key) {
  if (!store.folded.delete(key)) store.folded.add(key);
  store.folds += 1;
  changed();
}

const chosenObject = () => choice("object");

function treeRow(found, at, place) {
  if (found.kind) return kindRow(found, place, toggled);
  if (found.coming !== undefined) return comingRow(found.coming, place);
  const { line, hasMore, isFolded, isFlat } = found;
  const key = keyOf(line.id);
  const open = () => choose({ object: chosenObject() === key ? "" : key, show: choice("show") });
  const isLoud = line.available === false;
  const state = stateOf(line);
  const toggle = (event) => {
    event.stopPropagation();
    fold(line);
  };
  return h(
    "div",
    {
      key: `${at}-${key}`, class: `row object${chosenObject() === key ? " chosen" : ""}${store.cursor === at ? " cursor" : ""}`,
      ...(isFlat ? { role: "listitem" } : { role: "treeitem", id: `row-${at}`, "aria-level": `${line.depth + 1}`, "aria-expanded": hasMore ? (isFolded ? "false" : "true") : undefined, "aria-selected": chosenObject() === key ? "true" : "false" }),
      style: { ...place, "--depth": isFlat ? 0 : line.depth },
    },
    hasMore ? h("button", { type: "button", tabIndex: isFlat ? 0 : -1, class: `fold${isFolded ? "" : " open"}`, "aria-expanded": isFolded ? "false" : "true", "aria-label": `${isFolded ? "Unfold" : "Fold"} ${line.id.name}`, onclick: toggle }, icon("chevron")) : h("span", { class: "fold" }),
    h(
      "button",
      { type: "button", class: "cells", onclick: open, tabIndex: isFlat ? 0 : -1, "aria-pressed": chosenObject() === key ? "true" : "false" },
      mark(state, line.status || undefined),
      h("span", { class: "kind" }, line.id.kind),
      h("span", { class: "name" }, line.id.name),
      isFlat && line.id.namespace ? h("span", { class: "kind" }, line.id.namespace) : null,
      h("span", { class: `message${isLoud ? ` loud ${state}` : ""}` }, isLoud ? line.message || line.status : (ROLES[line.role] ?? line.message)),
    ),
  );
}

/** A line that is not here yet: whoever sees it has it asked for. */
function comingRow(at, place) {
  want(answer().value, asked(), at);
  return h("div", { key: `coming-${at}`, class: "row object coming", role: "treeitem", "aria-level": "2", "aria-selected": "false", style: place, "aria-label": "Loading" });
}

const ARROWS = { ArrowDown: () => keys.move(1), ArrowUp: () => keys.move(-1), ArrowRight: () => keys.fold(false), ArrowLeft: () => keys.fold(true), Enter: () => keys.open() };

/** What makes rows a tree: one stop of the tab key, in which the arrows walk, fold and unfold. */
function treeRoles(rows) {
  const walk = (event) => {
    if (event.target !== event.currentTarget || !ARROWS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    ARROWS[event.key]();
  };
  return { role: "tree", "aria-label": "What it brings", tabindex: "0", "aria-activedescendant": store.cursor >= 0 && store.cursor < rows.length ? `row-${store.cursor}` : undefined, onkeydown: walk };
}

const rowsOf = (page) => (isListed() ? listed(page) : seen(page));

function tree(page) {
  const isSearched = isListed() || choice("find") || choice("only") || (chosenObject() && !page.tree.some((line) => keyOf(line.id) === chosenObject()));
  if (isSearched) want(page, asked());
  if (viewAsked()) return h("div", { class: "panel" }, h("div", { class: "toolbar" }, ways()), pictured(page, asked()));
  const rows = rowsOf(page);
  const typed = (event) => choose({ find: event.target.value }, { replaces: true });
  const trouble = isWhole(page) ? troubles(page.tree) : page.line.unavailable;
  const only = () => choose({ only: choice("only") ? "" : "trouble" });
  return h(
    "div",
    { class: "panel" },
    h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("find"), placeholder: "Search objects", "aria-label": "Search objects", oninput: typed, autocomplete: "off", spellcheck: "false" }), h("kbd", {}, "/")), ways(), filters(page), !isListed() && (trouble || choice("only")) ? h("button", { type: "button", class: "pill failed", "aria-pressed": choice("only") ? "true" : "false", onclick: only }, "Not available", h("b", {}, `${trouble}`)) : null),
    isSearched && !isWhole(page) ? h("p", { class: "soft", role: "status" }, `Asking for all ${count(page.treeSize, "object")} …`) : null,
    rows.length ? windowed(TREE, rows, HEIGHT, treeRow, isListed() ? undefined : treeRoles(rows)) : h("p", { class: "empty" }, "No object matches."),
    page.leftOut ? h("p", { class: "soft" }, `${page.leftOut} more are left out`) : null,
  );
}

function historyList(history, line) {
  const mayRoll = mayChange(line.id) && line.engine === "argocd";
  const roll = (each) => propose("rollback", [line], { entry: Number(each.id) }, `Argo CD syncs it to ${each.commit || each.revision}, as it was deployed at ${each.time}. Automated sync must be off for that.`);
  if (!history.length) return h("p", { class: "empty" }, "It has not been applied since this run began.");
  return h(
    "ol",
    { class: "events" },
    history.map((each, at) => h("li", {}, each.time ? moment(each.time) : h("span", {}), mark(/fail|error/i.test(each.status) ? "failed" : "ready", each.status), h("div", {}, h("strong", {}, each.commit || each.revision), h("span", { class: "faint" }, each.commit ? each.revision : ""), h("p", {}, [each.id && `#${each.id}`, each.status].filter(Boolean).join("  ")), mayRoll && at > 0 && each.id ? h("button", { type: "button", onclick: () => roll(each) }, icon("back"), "Roll back to this") : null))),
  );
}

function tabs(page) {
  const found = [["", "Objects", page.treeSize]];
  if (page.mode === "run") found.push(["events", "Events", page.events.length], ["history", "History", page.history.length], ["conditions", "Conditions", page.conditions.length], ["logs", "Logs"]);
  else if (page.mode === "live") found.push(["events", "Events", page.events.length], ["conditions", "Conditions", page.conditions.length], ["logs", "Logs"]);
  else found.push(["findings", "Findings", page.findings.length]);
  return tabBar("tab", found);
}

function body(page) {
  switch (choice("tab")) {
    case "events":
      return eventList(page.events);
    case "history":
      return historyList(page.history, page.line);
    case "conditions":
      return conditionList(page.conditions);
    case "logs":
      return logs(page.line.id);
    case "findings":
      return page.findings.length ? page.findings.map(finding) : h("p", { class: "empty" }, "Nothing is wrong with it.");
    default:
      return tree(page);
  }
}

function crumbs(id, destination) {
  return h("nav", { class: "crumbs", "aria-label": "Where" }, h("a", { href: "/" }, "Fleet"), icon("chevron"), h("a", { href: `/?${new URLSearchParams({ cluster: destination || id.cluster })}` }, destination || id.cluster), icon("chevron"), h("span", {}, [id.kind, id.namespace].filter(Boolean).join("/")));
}

/** Say why it is not ready, and what helps. */
function trouble({ line, causes, remedy }) {
  const told = causes.length ? causes : [line.message].filter(Boolean);
  if (!told.length) return null;
  return h("div", { class: `note ${line.state}` }, mark(line.state), h("div", {}, told.map((cause) => h("p", {}, cause)), remedy ? h("p", { class: "soft" }, h("strong", {}, "What helps: "), remedy) : null));
}

export function view() {
  const { value: page, problem } = answer();
  if (!page) {
    return h("main", { id: "main" }, crumbs(asked()), h("h1", {}, choice("name")), problem ? h("div", { class: "empty" }, h("p", {}, problem), h("a", { class: "button", href: "/" }, "Back to the fleet")) : skeleton());
  }
  const { line } = page;
  const isLoud = line.state !== "ready" && line.state !== "rendered";
  const shown = object(page);
  return h(
    "main",
    { id: "main", class: "delivery" },
    crumbs(line.id, line.destination),
    h(
      "div",
      { class: "heading split" },
      h("div", {}, h("h1", {}, mark(line.state), line.id.name), h("p", { class: "lead" }, h("span", { class: "tag" }, ENGINES[line.engine]), h("span", { class: "tag" }, line.id.kind), line.engine === "argocd" && line.status ? h("span", { class: "tag" }, line.status) : null, line.labels.length ? h("span", { class: "labels" }, line.labels.map((label) => h("a", { class: "tag", href: `/?${new URLSearchParams({ q: label })}`, title: "All deliveries with this label" }, label))) : null, h("span", { class: "said" }, sentence(page)))),
      buttons(page),
    ),
    isLoud ? trouble(page) : null,
    page.confirms ? h("p", { class: "note warn" }, icon("warning"), h("span", {}, page.confirms)) : null,
    page.notes.map((note) => h("p", { class: "note warn" }, icon("warning"), h("span", {}, note))),
    facts(page.facts),
    tabs(page),
    h("div", { class: shown ? (choice("wide") ? "sides whole" : "sides") : "" }, h("div", panel("tab"), body(page)), shown),
  );
}

/** What keys do here. */
export const keys = {
  move(step) {
    const { value: page } = answer();
    if (!page || choice("tab") || viewAsked()) return;
    store.cursor = Math.min(Math.max(store.cursor + step, 0), rowsOf(page).length - 1);
    reveal(TREE, store.cursor, HEIGHT);
    changed();
  },
  open() {
    const line = this.line();
    if (line) choose({ object: keyOf(line.id) });
  },
  fold(isFolded) {
    const line = this.line();
    if (line && store.folded.has(keyOf(line.id)) !== isFolded) fold(line);
  },
  line() {
    const { value: page } = answer();
    return page && rowsOf(page)[store.cursor]?.line;
  },
  targets() {
    const { value: page } = answer();
    return page ? [page.line] : [];
  },
  leave() {
    if (chosenObject()) choose({ object: "", show: "" });
    else if (choice("find")) choose({ find: "" });
    else go("/");
  },
};
