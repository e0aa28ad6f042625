// What a delivery brings, seen in other ways than as a tree: as a list, by kind, in its order, and as a network.

import { unverified } from "/static/survey.js";
import { isWhole } from "/static/tree_lines.js";
import { graph } from "/static/graph.js";
import { choice, choose } from "/static/place.js";
import { known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, keyOf, mark, rank, same, stateOf, STATES, title } from "/static/words.js";

const WAYS = { "": "Tree", list: "List", kinds: "By kind", order: "Order", network: "Network" };
export const way = () => (choice("as") in WAYS ? choice("as") : "");
export const isListed = () => ["list", "kinds"].includes(way());

/** Say what has to be asked for the way that is chosen. */
export const viewAsked = () => (["order", "network"].includes(way()) ? way() : "");

const asked = () => Object.fromEntries(["cluster", "kind", "namespace", "name"].map((part) => [part, choice(part)]));

/** Show what it brings in another way, at the same place of the page. */
function show(name) {
  choose({ as: name, only: "" });
  if (viewAsked()) load(viewAsked(), asked());
}

export function ways() {
  return h("div", { class: "segments", role: "group", "aria-label": "Shown as" }, Object.entries(WAYS).map(([name, label]) => h("button", { type: "button", "aria-pressed": way() === name ? "true" : "false", onclick: () => show(name) }, label)));
}

const ORDERS = {
  "": ["Trouble first", (line) => `${rank(stateOf(line))}`],
  kind: ["Kind", (line) => line.id.kind],
  name: ["Name", (line) => line.id.name],
  namespace: ["Namespace", (line) => line.id.namespace],
  status: ["Status", (line) => line.status],
};
const FILTERS = { kind: ["Kind", (line) => line.id.kind], ns: ["Namespace", (line) => line.id.namespace], state: ["State", (line) => stateOf(line)] };
const words = () => choice("find").toLowerCase().split(/\s+/).filter(Boolean);

function passes(line, except) {
  for (const [name, [, value]] of Object.entries(FILTERS)) if (name !== except && choice(`o-${name}`) && value(line) !== choice(`o-${name}`)) return false;
  return words().every((word) => `${line.id.kind} ${line.id.namespace} ${line.id.name} ${line.status} ${line.message}`.toLowerCase().includes(word));
}

/** Return the lines of a list, in the chosen order; by kind, with a heading before those of each. */
export function listed(page) {
  const lines = page.tree.filter((line) => line.role !== "source" && line.role !== "delivery" && passes(line, ""));
  if (way() === "kinds") return byKind(lines);
  const [, by] = ORDERS[choice("sort")] ?? ORDERS[""];
  const ranked = lines.map((line, at) => [by(line), at, line]);
  ranked.sort(([one, first], [two, second]) => (one < two ? -1 : one > two ? 1 : first - second));
  return ranked.map(([, , line]) => ({ line, hasMore: false, isFlat: true }));
}

function byKind(lines) {
  const kinds = new Map();
  for (const line of lines) {
    const kind = line.id.group ? `${line.id.kind}.${line.id.group}` : line.id.kind;
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(line);
  }
  const found = [];
  for (const [kind, held] of [...kinds].sort(([one], [two]) => (one < two ? -1 : 1))) {
    const isFolded = store.folded.has(`kind ${kind}`);
    found.push({ kind, held, isFolded });
    if (!isFolded) for (const line of held) found.push({ line, hasMore: false, isFlat: true });
  }
  return found;
}

export function filters(page) {
  if (!isListed()) return null;
  const lines = page.tree.filter((line) => line.role !== "source" && line.role !== "delivery");
  const select = (name) => {
    const [label, value] = FILTERS[name];
    const numbers = new Map();
    for (const line of lines) if (passes(line, name)) numbers.set(value(line), (numbers.get(value(line)) ?? 0) + 1);
    const chosen = choice(`o-${name}`);
    if (chosen && !numbers.has(chosen)) numbers.set(chosen, 0);
    if (numbers.size < 2 && !chosen) return null;
    const options = [...numbers].sort(([one], [two]) => (one < two ? -1 : 1));
    const told = (each) => (name === "state" ? title(each) : each || "none: of the cluster");
    return h("select", { "aria-label": label, class: chosen ? "set" : "", value: chosen, onchange: (event) => choose({ [`o-${name}`]: event.target.value }) }, h("option", { value: "" }, `${label}: all`), options.map(([each, number]) => (each ? h("option", { value: each, key: each }, `${told(each)} (${number})`) : null)));
  };
  const sort = h("select", { "aria-label": "Order", value: choice("sort"), onchange: (event) => choose({ sort: event.target.value }) }, Object.entries(ORDERS).map(([name, [label]]) => h("option", { value: name }, label)));
  return h("div", { class: "selects" }, Object.keys(FILTERS).map(select), way() === "list" ? sort : null);
}

/** Describe the heading of a kind. */
export function kindRow({ kind, held, isFolded }, place, toggled) {
  const [name, ...group] = kind.split(".");
  const states = STATES.map((state) => [state, held.filter((line) => stateOf(line) === state).length]).filter(([, number]) => number);
  return h(
    "div",
    { key: `kind ${kind}`, class: "row kind-row", role: "listitem", style: place },
    h("button", { type: "button", class: "cells", "aria-expanded": isFolded ? "false" : "true", onclick: () => toggled(`kind ${kind}`) }, h("span", { class: `fold${isFolded ? "" : " open"}` }, icon("chevron")), h("strong", {}, name), h("span", { class: "kind" }, group.join(".")), h("span", { class: "end sums" }, states.map(([state, number]) => h("span", {}, mark(state), number.toLocaleString("en"))))),
  );
}

function loading(problem) {
  return problem ? h("p", { class: "note failed" }, problem) : h("div", { class: "skeleton", "aria-busy": "true", "aria-label": "Loading" }, h("i", {}), h("i", {}));
}

function step(line, page) {
  const state = line.status ? stateOf(line) : "rendered";
  const isHere = line.id.name && !line.id.name.endsWith("*");
  const inner = [mark(state, line.status || "Its state is unknown"), h("span", { class: "kind" }, line.id.kind), h("strong", {}, line.id.name), line.isHook ? h("span", { class: "tag" }, "hook") : null, h("span", { class: "end faint" }, line.isHook && line.deletes.length ? `deleted: ${line.deletes.map(whenDeleted).join(", ")}` : "", line.available === false ? line.message || line.status : "")];
  const isThere = !isWhole(page) || page.tree.some((each) => same(each.id, line.id));
  return h("li", {}, isHere && isThere ? h("button", { type: "button", class: "bare", onclick: () => choose({ object: keyOf(line.id) }) }, inner) : h("div", { class: "line" }, inner));
}

const whenDeleted = (policy) => ({ BeforeHookCreation: "before the next one", HookSucceeded: "when it has succeeded", HookFailed: "when it has failed" })[policy] ?? policy;

function stages(found, page) {
  if (!found.stages.length) return null;
  const word = { Application: "Wave", HelmRelease: "Weight" }[page.line.id.kind];
  return h(
    "section",
    { class: "stages", "aria-label": "Order of its objects" },
    found.stages.map((stage) =>
      h(
        "article",
        { class: "card stage" },
        h("header", {}, h("h3", {}, stage.name), h("p", { class: "faint" }, stage.text)),
        h("ol", { class: "waves" }, stage.waves.map((wave) => h("li", { class: "wave" }, word && (word === "Wave" || wave.steps[0].isHook) ? h("p", { class: "number" }, `${word} ${wave.number}`) : null, h("ul", {}, wave.steps.slice(0, 200).map((line) => step(line, page)), wave.steps.length > 200 ? h("li", { class: "faint" }, `and ${count(wave.steps.length - 200, "more object")}`) : null)))),
      ),
    ),
  );
}

function order(page, found) {
  const own = page.line.id;
  return [
    found.edges.length ? [h("h2", {}, "Which delivery waits for which"), graph("order", found, { label: "Deliveries that wait for each other", href: (id) => (same(id, own) ? "" : deliveryUrl(id, { as: "order" })), chosen: (id) => same(id, own) })] : page.line.engine === "flux" ? h("p", { class: "empty" }, "It depends on no other delivery, and none depends on it.") : null,
    found.leftOut ? h("p", { class: "soft" }, `${count(found.leftOut, "delivery", "deliveries")} more are left out.`) : null,
    found.stages.length ? h("h2", {}, page.line.engine === "argocd" ? "Phases and waves" : "Stages of applying it") : null,
    stages(found, page),
    unverified(found.says),
  ];
}

const COLUMNS = { Gateway: 0, Ingress: 1, HTTPRoute: 1, GRPCRoute: 1, TCPRoute: 1, TLSRoute: 1, UDPRoute: 1, Service: 2 };
const column = (node) => COLUMNS[node.id.kind] ?? 3;

function network(found) {
  if (!found.nodes.length) return [unverified(found.says), h("div", { class: "empty" }, h("p", {}, "None of its objects is reachable over the network."), h("p", { class: "soft" }, "Gateways, routes, Ingresses, Services and the pods that they select would be shown here."))];
  return [
    graph("network", found, { label: "Who reaches whom", open: (id) => choose({ object: keyOf(id) }), chosen: (id) => choice("object") === keyOf(id), column }),
    h("p", { class: "faint" }, "From gateways and routes over Services to the pods that their selectors match; what other deliveries bring is dimmed."),
    found.leftOut ? h("p", { class: "soft" }, `${count(found.leftOut, "object")} more are left out.`) : null,
    unverified(found.says),
  ];
}

/** Describe the order or the network of a delivery. */
export function pictured(page, asked) {
  const { value: found, problem } = known(way(), asked);
  if (!found) return loading(problem);
  return h("div", { class: "pictured" }, way() === "order" ? order(page, found) : network(found));
}
