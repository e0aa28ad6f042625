// What the pages of a delivery and of an object have in common: tabs, facts, events and conditions.

import { choice, choose } from "/static/place.js";
import { h } from "/static/view.js";
import { amount, mark, moment } from "/static/words.js";

/** What names a panel after the tab that is chosen. */
export const panel = (name) => ({ id: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}-${choice(name)}` });

/** Describe tabs of which the URL holds the chosen one. */
export function tabBar(name, found, how = {}) {
  const chosen = choice(name);
  const pick = (value) => choose({ [name]: value }, how);
  const walk = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const values = found.map(([value]) => value);
    const at = { Home: 0, End: values.length - 1 }[event.key] ?? (step ? (values.indexOf(chosen) + step + values.length) % values.length : -1);
    if (at < 0) return;
    event.preventDefault();
    pick(values[at]);
    event.currentTarget.children[at].focus();
  };
  return h(
    "div",
    { class: "tabs", role: "tablist", onkeydown: walk },
    found.map(([value, label, number]) => h("button", { type: "button", role: "tab", id: `tab-${name}-${value}`, tabIndex: chosen === value ? 0 : -1, "aria-selected": chosen === value ? "true" : "false", "aria-controls": `panel-${name}`, onclick: () => pick(value) }, label, number === undefined ? null : h("b", {}, amount(number)))),
  );
}

/** A long text of parts, which breaks between them. */
export const breakable = (text) => text.split(/(?<=[/:@,])(?=.)/).flatMap((part, at) => (at ? [h("wbr", {}), part] : [part]));

export function facts(found) {
  return h("dl", { class: "facts" }, found.map(({ label, text }) => h("div", {}, h("dt", {}, label), h("dd", {}, breakable(text)))));
}

export function eventList(events) {
  if (!events.length) return h("p", { class: "empty" }, "Nothing has happened to it since this run began.");
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
