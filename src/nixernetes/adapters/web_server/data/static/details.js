// What the pages of a delivery and of an object have in common: tabs, facts, events and conditions.

import { choice, choose } from "/static/place.js";
import { h } from "/static/view.js";
import { amount, mark, moment } from "/static/words.js";

/** Describe tabs of which the URL holds the chosen one. */
export function tabBar(name, found, how = {}) {
  const chosen = choice(name);
  return h("div", { class: "tabs", role: "tablist" }, found.map(([value, label, number]) => h("button", { type: "button", role: "tab", "aria-selected": chosen === value ? "true" : "false", onclick: () => choose({ [name]: value }, how) }, label, number === undefined ? null : h("b", {}, amount(number)))));
}

export function facts(found) {
  return h("dl", { class: "facts" }, found.map(({ label, text }) => h("div", {}, h("dt", {}, label), h("dd", {}, text))));
}

export function eventList(events) {
  if (!events.length) return h("p", { class: "empty" }, "Nothing has happened to it since this began to run.");
  return h(
    "ol",
    { class: "events" },
    events.map((event) => h("li", { class: event.type === "Warning" ? "warning" : "" }, moment(event.time), mark(event.type === "Warning" ? "failed" : "ready", event.type), h("div", {}, h("strong", {}, event.reason), h("span", { class: "faint" }, event.controller), h("p", {}, event.message)))),
  );
}

export function conditionList(conditions) {
  if (!conditions.length) return h("p", { class: "empty" }, "It has no conditions.");
  return h(
    "ul",
    { class: "conditions" },
    conditions.map((each) => h("li", {}, h("span", { class: "line" }, h("strong", {}, each.type), each.status ? h("code", {}, each.status) : null, h("span", { class: "soft" }, each.reason)), each.message ? h("p", {}, each.message) : null)),
  );
}
