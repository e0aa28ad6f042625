// Why not all is ready: each reason once, with the deliveries that have it and those that only wait for them.

import { skeleton } from "/static/fleet.js";
import { choice, choose } from "/static/place.js";
import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, keyOf, mark } from "/static/words.js";

export const about = "Reasons";
const FEW = 6;

export const every = 1000; // milliseconds between two questions: it is about everything

export function refresh() {
  return load("reasons");
}

function link(each) {
  return h("li", { key: keyOf(each.id) }, h("a", { href: deliveryUrl(each.id) }, mark(each.state), h("span", {}, each.id.name), h("span", { class: "kind" }, each.id.kind), h("span", { class: "faint" }, each.id.cluster)));
}

function links(label, found) {
  if (!found.length) return null;
  const list = (some) => h("ul", { class: "links" }, some.map(link));
  const rest = found.slice(FEW);
  return h("div", { class: "those" }, label ? h("h3", {}, label) : null, list(found.slice(0, FEW)), rest.length ? h("details", {}, h("summary", {}, `${rest.length.toLocaleString("en")} more`), list(rest)) : null);
}

function reason(line) {
  const [first] = line.deliveries;
  const name = line.deliveries.length === 1 ? `${first.id.kind} ${first.id.name}` : count(line.deliveries.length, "delivery", "deliveries");
  return h(
    "li",
    { key: keyOf(first.id), class: "card reason" },
    h("h2", {}, mark(line.state), h("span", {}, name), line.heldUp.length ? h("span", { class: "badge warn" }, `holds up ${line.heldUp.length.toLocaleString("en")}`) : null),
    line.why.map((each) => h("p", { class: "why" }, each)),
    h("p", { class: "soft" }, icon("help"), h("span", {}, line.remedy)),
    links("", line.deliveries),
    links("Only waiting for it", line.heldUp),
  );
}

const text = (line) => [...line.why, line.remedy, ...[...line.deliveries, ...line.heldUp].map(({ id }) => `${id.cluster} ${id.kind} ${id.namespace} ${id.name}`)].join(" ").toLowerCase();

export function view() {
  const { value: page, problem } = known("reasons");
  if (!page) return h("main", { id: "main" }, h("h1", {}, "Reasons"), problem ? h("p", { class: "note failed" }, problem) : skeleton());
  const words = choice("q").toLowerCase().split(/\s+/).filter(Boolean);
  const found = page.reasons.filter((line) => words.every((word) => text(line).includes(word)));
  const typed = (event) => choose({ q: event.target.value }, { replaces: true });
  const unready = page.total - page.ready;
  return h(
    "main",
    { id: "main" },
    h("div", { class: "heading" }, h("h1", {}, "Reasons"), h("p", { class: "lead" }, unready ? `${count(unready, "delivery is", "deliveries are")} not ready, for ${count(page.reasons.length, "reason")}` : `All ${count(page.total, "delivery", "deliveries")} are as they should be`)),
    page.reasons.length ? h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search reasons", "aria-label": "Search reasons", oninput: typed }), h("kbd", {}, "/"))) : null,
    found.length ? h("ol", { class: "reasons" }, found.map(reason)) : h("p", { class: "empty" }, page.reasons.length ? "No reason matches." : h("span", {}, mark("ready"), " Nothing holds anything up.")),
  );
}

export const keys = {};
