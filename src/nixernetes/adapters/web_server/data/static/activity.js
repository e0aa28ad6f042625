// What happened in the fleet, the latest first.

import { choice, choose } from "/static/place.js";
import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, mark, moment, spelled } from "/static/words.js";
import { skeleton } from "/static/fleet.js";

export const about = "Activity";

export const every = 1000; // milliseconds between two questions: it is about everything

export function refresh() {
  return load("activity");
}

function matches(line) {
  if (choice("type") && line.type !== choice("type")) return false;
  const words = choice("q").toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${line.id.cluster} ${spelled(line.id)} ${line.reason} ${line.message} ${line.controller}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function event(line) {
  const name = spelled(line.id);
  return h(
    "li",
    { class: line.type === "Warning" ? "warning" : "" },
    moment(line.time),
    mark(line.type === "Warning" ? "failed" : "ready", line.type),
    h("div", {}, h("strong", {}, line.isDelivery ? h("a", { href: deliveryUrl(line.id) }, name) : name), h("span", { class: "faint" }, line.id.cluster), h("p", {}, h("b", {}, line.reason), " ", line.message)),
  );
}

export function view() {
  const { value: page, problem } = known("activity");
  if (!page) return h("main", { id: "main" }, h("h1", {}, "Activity"), problem ? h("p", { class: "note failed" }, problem) : skeleton());
  const found = page.lines.filter(matches);
  const warnings = page.lines.filter((line) => line.type === "Warning").length;
  const isOnly = choice("type") === "Warning";
  return h(
    "main",
    { id: "main" },
    h("div", { class: "heading" }, h("h1", {}, "Activity"), h("p", { class: "lead" }, page.lines.length ? `What controllers said and did: ${count(page.lines.length, "event")}, newest first` : "Nothing has happened yet")),
    h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search events", "aria-label": "Search events", oninput: (typed) => choose({ q: typed.target.value }, { replaces: true }) }), h("kbd", {}, "/")), h("button", { type: "button", class: "pill failed", "aria-pressed": isOnly ? "true" : "false", onclick: () => choose({ type: isOnly ? "" : "Warning" }) }, "Warnings", h("b", {}, `${warnings}`))),
    found.length ? h("ol", { class: "events wide" }, found.map(event)) : h("p", { class: "empty" }, page.lines.length ? "No event matches." : "Events appear here as they happen."),
    page.leftOut ? h("p", { class: "soft" }, `${page.leftOut} older ones are not shown: nixernetes events lists them`) : null,
  );
}

export const keys = {};
