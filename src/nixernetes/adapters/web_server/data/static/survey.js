// Pages about the whole: a list with search and filters in the URL, of which each entry unfolds; empty, loading and failed too.

import { choice, choose } from "/static/place.js";
import { known, load, store, changed } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, isDelivery, mark, spelled, title } from "/static/words.js";
import { skeleton } from "/static/fleet.js";

const MOST = 300; // entries that are drawn at once
const words = () => choice("q").toLowerCase().split(/\s+/).filter(Boolean);
const texts = new WeakMap();

function searched(item) {
  if (!texts.has(item)) texts.set(item, JSON.stringify(item).toLowerCase());
  return texts.get(item);
}

function passes(page, item, except) {
  for (const [name, [, value]] of Object.entries(page.facets)) if (name !== except && choice(name) && value(item) !== choice(name)) return false;
  return words().every((word) => searched(item).includes(word));
}

function facet(page, name, items) {
  const [label, value, told = (each) => each] = page.facets[name];
  const numbers = new Map();
  for (const item of items) if (passes(page, item, name)) numbers.set(value(item), (numbers.get(value(item)) ?? 0) + 1);
  const chosen = choice(name);
  if (chosen && !numbers.has(chosen)) numbers.set(chosen, 0);
  numbers.delete("");
  if (numbers.size < 2 && !chosen) return null;
  const options = [...numbers].sort(([one], [two]) => (one < two ? -1 : 1));
  return h("select", { "aria-label": label, class: chosen ? "set" : "", value: chosen, onchange: (event) => choose({ [name]: event.target.value }) }, h("option", { value: "" }, `${label}: all`), options.map(([each, number]) => h("option", { value: each, key: each }, `${told(each)} (${number})`)));
}

/** Entries that are there, in the order of the answer. */
function found(page) {
  const { value } = known(page.name);
  return value ? page.items(value).filter((item) => passes(page, item, "")) : [];
}

function entry(page, item, at) {
  const key = page.key(item);
  const isOpen = choice("open") === key;
  const { state, label, name, kind, tags = [], says = "", isLoud = false, end = "" } = page.head(item);
  return h(
    "article",
    { key, class: `entry${isOpen ? " open" : ""}${store.cursor === at ? " cursor" : ""}`, "data-at": `${at}` },
    h("h2", { class: "entry-title" }, h(
      "button",
      { type: "button", class: "entry-head", "aria-expanded": isOpen ? "true" : "false", onclick: () => choose({ open: isOpen ? "" : key }) },
      mark(state, label),
      h("span", { class: "entry-main" }, h("span", { class: "entry-name" }, h("strong", {}, name), h("span", { class: "kind" }, kind), tags.filter(Boolean).map((tag) => h("span", { class: "tag" }, tag))), says ? h("span", { class: `entry-says${isLoud ? " loud" : ""}` }, says) : null),
      h("span", { class: "entry-end" }, end),
      h("span", { class: `fold${isOpen ? " open" : ""}` }, icon("chevron")),
    )),
    isOpen ? h("div", { class: "entry-body" }, page.body(item)) : null,
  );
}

/** Make a view of a page. */
export function surveyed(page) {
  const view = () => {
    const { value, problem, status } = known(page.name);
    const heading = (lead) => h("div", { class: "heading" }, h("h1", {}, page.title), h("p", { class: "lead" }, lead));
    if (!value) return h("main", { id: "main" }, heading(page.about), problem ? failed(problem, status) : skeleton());
    const items = page.items(value);
    const shown = items.filter((item) => passes(page, item, ""));
    const clear = () => choose(Object.fromEntries(["q", ...Object.keys(page.facets)].map((name) => [name, ""])));
    return h(
      "main",
      { id: "main" },
      heading(page.lead(items, value)),
      problem ? h("p", { class: "note failed" }, h("strong", {}, "This is not the newest: "), problem) : null,
      unverified(value.says ?? []),
      items.length
        ? h(
            "div",
            { class: "toolbar" },
            h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: `Search ${page.title.toLowerCase()}`, "aria-label": `Search ${page.title.toLowerCase()}`, autocomplete: "off", spellcheck: "false", oninput: (event) => choose({ q: event.target.value }, { replaces: true }) }), h("kbd", {}, "/")),
            h("div", { class: "selects" }, Object.keys(page.facets).map((name) => facet(page, name, items))),
          )
        : h("div", { class: "empty" }, page.empty(value)),
      items.length && !shown.length ? h("div", { class: "empty" }, h("p", {}, "Nothing matches."), h("button", { type: "button", onclick: clear }, "Clear search and filters")) : null,
      h("div", { class: "entries" }, shown.slice(0, MOST).map((item, at) => entry(page, item, at))),
      shown.length > MOST ? h("p", { class: "soft" }, `${count(shown.length - MOST, "more")}: search, or choose a filter`) : null,
    );
  };
  const keys = {
    move(step) {
      const last = Math.min(found(page).length, MOST) - 1;
      store.cursor = Math.min(Math.max(store.cursor + step, 0), last);
      changed();
      requestAnimationFrame(() => document.querySelector(`.entry[data-at="${store.cursor}"]`)?.scrollIntoView({ block: "nearest" }));
    },
    open() {
      const item = found(page)[store.cursor];
      if (item) choose({ open: choice("open") === page.key(item) ? "" : page.key(item) });
    },
    leave() {
      choose(choice("open") ? { open: "" } : { q: "" });
    },
  };
  return { about: page.title, every: 1000, refresh: () => load(page.name), view, keys };
}

/** Say what is not verified: nothing of it is told as good. */
export function unverified(says) {
  if (!says.length) return null;
  if (says.length === 1) return h("p", { class: "note" }, mark("unknown", "Not verified"), h("span", {}, says[0]));
  return h("details", { class: "note" }, h("summary", {}, count(says.length, "thing"), " not verified"), h("ul", {}, says.map((each) => h("li", {}, each))));
}

function failed(problem, status) {
  return h("div", { class: "empty" }, h("p", {}, mark("failed", "Failed"), ` ${problem}`), h("p", { class: "soft" }, status === 404 ? "This version of what runs does not have it." : "The page tries again as soon as something changes."));
}

/** A part of an entry, with a heading; nothing where there is nothing in it. */
export function part(name, ...content) {
  const flat = content.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false && each !== "");
  return flat.length ? h("section", { class: "part-of" }, h("h3", {}, name), flat) : null;
}

/** Texts one below the other, in the type of code where they are code. */
export const list = (found, isCode = false) => (found.length ? h("ul", { class: "plain" }, found.map((text) => h("li", {}, isCode ? h("code", {}, text) : text))) : null);

/** Deliveries as links, each with how it stands. */
export function users(found, leftOut = 0) {
  if (!found.length) return h("p", { class: "faint" }, "Nobody.");
  return h(
    "ul",
    { class: "chips" },
    found.map(({ id, state }) => h("li", {}, h(isDelivery(id) ? "a" : "span", { class: "chip", href: isDelivery(id) ? deliveryUrl(id) : undefined, title: `${spelled(id)} in ${id.cluster}: ${title(state)}` }, mark(state), id.name, h("span", { class: "kind" }, id.kind)))),
    leftOut ? h("li", { class: "faint" }, `and ${count(leftOut, "more")}`) : null,
  );
}

/** Words and what they say, in columns; those that say nothing are left out. */
export function pairs(found) {
  const told = found.filter(([, text]) => text);
  return told.length ? h("dl", { class: "pairs" }, told.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text)))) : null;
}
