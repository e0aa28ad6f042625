// The clusters: what each is, and what is in it.

import { part, surveyed } from "/static/survey.js";
import { known, load } from "/static/store.js";
import { choice, choose } from "/static/place.js";
import { h } from "/static/view.js";
import { count, ENGINES, mark, STATES, title } from "/static/words.js";
import { logs } from "/static/logs.js";

const worst = (card) => STATES.find((state) => card.states[state]) ?? "rendered";

function node(each) {
  const isOpen = choice("node") === each.name;
  const pods = `${count(each.pods, "pod")}${each.mostPods ? ` of ${each.mostPods}` : ""}`;
  const toggle = () => choose({ node: isOpen ? "" : each.name });
  const row = h("tr", {}, h("td", {}, mark(each.state), " ", each.name), h("td", {}, each.version), h("td", {}, each.cpu && `${each.cpu} CPU`), h("td", {}, each.memory), h("td", {}, each.names.length ? h("button", { type: "button", class: "bare", "aria-expanded": isOpen ? "true" : "false", onclick: toggle }, pods) : pods));
  if (!isOpen) return row;
  const left = each.pods - each.names.length;
  return [row, h("tr", {}, h("td", { colspan: "5" }, h("ul", { class: "chips", "aria-label": `Pods on ${each.name}` }, each.names.map((name) => h("li", { class: "chip" }, name)), left ? h("li", { class: "faint" }, `and ${count(left, "more")}`) : null)))];
}

const table = (name, rows) => h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": name }, h("table", {}, h("tbody", {}, rows)));

function controller(each) {
  const isChosen = choice("log") === each.id.name;
  const toggle = () => choose({ log: isChosen ? "" : each.id.name });
  const isRun = known("fleet").value?.mode !== "repository";
  return h(
    "li",
    { class: "controller" },
    h("div", { class: "line" }, mark(each.state), h("strong", {}, each.id.name), h("span", { class: "faint" }, each.image.split(":").pop()), h("span", { class: "soft end" }, each.state === "ready" ? "" : each.message), isRun ? h("button", { type: "button", class: "bare", "aria-expanded": isChosen ? "true" : "false", onclick: toggle }, "Logs") : null),
    isChosen && isRun ? logs(each.id) : null,
  );
}

function engines(cluster) {
  const found = [...new Set(cluster.controllers.map((each) => each.engine))];
  return found.map((engine) => part(ENGINES[engine], h("ul", { class: "controllers" }, cluster.controllers.filter((each) => each.engine === engine).map(controller))));
}

const MOST_KINDS = 400;

function kinds(cluster) {
  const { kinds: used, unused: others } = cluster;
  return part(
    "Kinds",
    h("ul", { class: "chips" }, used.slice(0, MOST_KINDS).map((each) => h("li", { class: "chip" }, each.kind, h("span", { class: "kind" }, each.group), each.isCustom ? h("span", { class: "tag" }, "custom") : null, each.objects ? h("b", {}, each.objects.toLocaleString("en")) : null))),
    others ? h("p", { class: "faint" }, `and ${count(others, "kind")} that ${others === 1 ? "is" : "are"} served and ${others === 1 ? "has" : "have"} no object`) : null,
  );
}

function namespaces(cluster) {
  return part("Namespaces", h("ul", { class: "chips" }, cluster.namespaces.map((each) => h("li", { class: "chip" }, each.name, each.phase === "Terminating" ? h("span", { class: "tag" }, "terminating") : null, each.pods ? h("span", { class: "kind" }, count(each.pods, "pod")) : null, each.deliveries ? h("span", { class: "kind" }, count(each.deliveries, "delivery", "deliveries")) : null))));
}

function body(cluster) {
  return [
    cluster.says.map((text) => h("p", { class: "soft" }, text, ".")),
    cluster.nodes.length ? part("Nodes", table(`Nodes of ${cluster.card.name}`, cluster.nodes.map(node))) : null,
    engines(cluster),
    namespaces(cluster),
    kinds(cluster),
    h("p", {}, h("a", { href: `/?${new URLSearchParams({ cluster: cluster.card.name })}` }, "Deliveries of this cluster")),
  ];
}

const made = surveyed({
  name: "clusters",
  title: "Clusters",
  about: "The clusters and their contents",
  lead: (items) => `${count(items.length, "cluster")}: version, nodes, controllers, namespaces and kinds`,
  empty: () => [h("p", {}, "There is no cluster here.")],
  items: (page) => page.clusters,
  key: (cluster) => cluster.card.name,
  facets: { engine: ["Engine", (each) => each.card.engines.join("+"), (each) => each.split("+").map((name) => ENGINES[name] ?? name).join(" and ")], version: ["Version", (each) => each.version] },
  head: (cluster) => ({
    state: worst(cluster.card),
    name: cluster.card.name,
    kind: cluster.version ? `Kubernetes ${cluster.version}` : "",
    tags: cluster.card.engines.map((engine) => ENGINES[engine] ?? engine),
    says: [...STATES].filter((state) => cluster.card.states[state]).map((state) => `${cluster.card.states[state]} ${title(state).toLowerCase()}`).join(", ") || "nothing is delivered to it",
    isLoud: worst(cluster.card) === "failed",
    end: [cluster.nodes.length ? count(cluster.nodes.length, "node") : "", cluster.pods === null ? "" : count(cluster.pods, "pod")].filter(Boolean).join(", "),
  }),
  body,
});

export const { about, every, view, keys } = made;
export const refresh = () => Promise.all([load("clusters"), known("fleet").value?.mode === "run" ? null : load("fleet")]);
