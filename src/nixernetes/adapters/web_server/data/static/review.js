// What the step between two revisions does: dangers first, then each cluster, delivery, object and field.

import { panel, tabBar } from "/static/details.js";
import { finding } from "/static/findings.js";
import { skeleton } from "/static/fleet.js";
import { refreshRehearsal, rehearsal } from "/static/rehearsal.js";
import { choice, choose } from "/static/place.js";
import { changed, known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon, mark } from "/static/words.js";

const SIGNS = { create: "+", change: "~", delete: "−", replace: "±", orphan: "○", move: "→" };
const WORDS = { create: "created", change: "changed", delete: "deleted", replace: "replaced", orphan: "left behind", move: "moved" };
const GROUPS = { branch: "Branches", tag: "Tags", commit: "Commits" };
const MOST_OPEN = 60; // objects whose fields are drawn without being asked for

const asked = () => ({ base: choice("base"), head: choice("head") });

export const about = "Review";

export function refresh() {
  return Promise.all([load("revisions"), load("review", asked()), choice("tab") === "rehearsal" ? refreshRehearsal(asked()) : null]);
}

function revision(name, label, first, revisions) {
  const chosen = choice(name);
  const option = (each) => h("option", { value: each.name, key: each.name }, each.kind === "commit" ? `${each.name} ${each.subject}` : each.name);
  const groups = Object.entries(GROUPS).map(([kind, title]) => [title, revisions.filter((each) => each.kind === kind)]);
  const isKnown = !chosen || revisions.some((each) => each.name === chosen);
  return h(
    "label",
    { class: "choice" },
    h("span", { class: "faint" }, label),
    h(
      "select",
      { class: chosen ? "set" : "", value: chosen, onchange: (event) => choose({ [name]: event.target.value }, { isOther: true }) },
      h("option", { value: "" }, first),
      isKnown ? null : h("option", { value: chosen }, chosen),
      groups.filter(([, found]) => found.length).map(([title, found]) => h("optgroup", { label: title, key: title }, found.map(option))),
    ),
  );
}

function chooser() {
  const revisions = known("revisions").value?.revisions ?? [];
  return h(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Revisions" },
    revision("base", "From", "where HEAD left main", revisions),
    revision("head", "To", "files on disk", revisions),
    h("a", { class: "button end", href: `/api/v1/export?${new URLSearchParams(asked())}`, download: "review.html" }, icon("save"), "Save as one file"),
  );
}

function field({ path, lines }) {
  return h("div", { class: "changed" }, h("code", {}, path), h("pre", {}, lines.map(({ sign, text }) => h("span", { class: sign === "-" ? "minus" : sign === "+" ? "plus" : "same" }, h("b", {}, sign === "-" ? "−" : sign), `${text}\n`))));
}

function object(each, key, isOpen) {
  const shown = isOpen !== store.folded.has(key);
  const toggle = () => {
    if (!store.folded.delete(key)) store.folded.add(key);
    changed();
  };
  const head = [
    h("span", { class: `sign ${each.action}`, title: WORDS[each.action], role: "img", "aria-label": WORDS[each.action] }, SIGNS[each.action]),
    h("span", { class: "name" }, each.name),
    each.note ? h("span", { class: "soft note-text" }, each.note) : null,
    h("code", { class: "at" }, each.place),
  ];
  if (!each.fields.length) return h("div", { class: "item", key }, h("div", { class: "head" }, h("span", { class: "fold" }), head));
  return h(
    "div",
    { class: "item", key },
    h("button", { type: "button", class: "head", "aria-expanded": shown ? "true" : "false", onclick: toggle }, h("span", { class: `fold${shown ? " open" : ""}` }, icon("chevron")), head),
    shown ? each.fields.map(field) : null,
  );
}

function matches(each) {
  if (choice("action") && each.action !== choice("action")) return false;
  const text = `${each.name} ${each.note} ${each.place}`.toLowerCase();
  return choice("q").toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

function cluster(found, budget) {
  const deliveries = found.deliveries.map((each) => ({ ...each, objects: each.objects.filter(matches) })).filter((each) => each.objects.length);
  if (!deliveries.length) return null;
  const told = Object.entries(found.counts).map(([action, number]) => `${number.toLocaleString("en")} ${WORDS[action]}`);
  return h(
    "section",
    { key: found.name, class: "review" },
    h("h2", {}, found.name, h("span", { class: "soft" }, told.join(", "))),
    deliveries.map((each) =>
      h(
        "div",
        { class: "card", key: each.name },
        h("h3", {}, each.name || "what starts the cluster"),
        each.objects.map((one) => object(one, `review ${found.name} ${each.name} ${one.action} ${one.name}`, (budget.left -= 1) > 0)),
        each.leftOut ? h("p", { class: "soft" }, `${each.leftOut.toLocaleString("en")} more objects: nixernetes diff has them all`) : null,
      ),
    ),
  );
}

function pills(counts) {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const pill = (action, label, number) => {
    const isChosen = choice("action") === action;
    return h("button", { type: "button", class: "pill", "aria-pressed": isChosen ? "true" : "false", onclick: () => choose({ action: isChosen ? "" : action }) }, action ? h("span", { class: `sign ${action}`, "aria-hidden": "true" }, SIGNS[action]) : null, label, h("b", {}, number.toLocaleString("en")));
  };
  return h("div", { class: "pills", role: "group", "aria-label": "What happens" }, pill("", "All", total), Object.entries(counts).map(([action, number]) => pill(action, WORDS[action], number)));
}

function part(title, found, draw) {
  return found.length ? h("section", { class: "part" }, h("h2", {}, title, h("span", { class: "soft" }, `${found.length}`)), found.map(draw)) : null;
}

const told = (text) => h("p", { class: "note warn" }, icon("warning"), h("span", {}, text));

function images(found) {
  if (!found.length) return null;
  return h("section", { class: "part" }, h("h2", {}, "Images", h("span", { class: "soft" }, `${found.length}`)), h("ul", { class: "card images" }, found.map((each) => h("li", {}, h("span", {}, h("strong", {}, each.name), h("span", { class: "faint" }, ` ${each.container}, ${each.cluster}`)), h("code", { class: "minus" }, each.before), h("code", { class: "plus" }, each.after)))));
}

function body(page) {
  const nothing = !Object.keys(page.counts).length;
  const budget = { left: MOST_OPEN };
  const clusters = page.clusters.map((each) => cluster(each, budget));
  const loud = page.dangers.filter((each) => each.severity !== "info");
  return [
    page.broken.map((text) => told(`a bug in Nixernetes, so something may be missing here: ${text}`)),
    page.unknown.length ? part("Not known", page.unknown, told) : null,
    part("Dangers", loud, finding),
    part("New findings", page.new, finding),
    page.added.map((name) => h("p", { class: "note" }, icon("chevron"), `the cluster ${name} is new`)),
    nothing ? h("p", { class: "empty" }, mark("ready", "Nothing"), " No object of any cluster changes.") : [pills(page.counts), search()],
    clusters.some(Boolean) || nothing ? clusters : h("p", { class: "empty" }, "No object matches."),
    images(page.images),
    part("Worth knowing", page.dangers.filter((each) => each.severity === "info"), finding),
    part("Stays as it is", page.clusters.flatMap((each) => each.held.map((text) => `${each.name}: ${text}`)), (text) => h("p", { class: "note" }, h("span", {}, text))),
    part("Mended", page.fixed, finding),
  ];
}

function search() {
  return h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search objects", "aria-label": "Search objects", oninput: (event) => choose({ q: event.target.value }, { replaces: true }) }), h("kbd", {}, "/")));
}

export function view() {
  const { value: page, problem } = known("review", asked());
  const lead = page ? page.summary : problem ? "" : "Rendering both sides …";
  return h(
    "main",
    { id: "main" },
    h("div", { class: "heading" }, h("h1", {}, "What merging does"), h("p", { class: "lead" }, lead)),
    chooser(),
    problem ? h("p", { class: "note failed" }, problem) : null,
    tabBar("tab", [["", "Changes"], ["rehearsal", "What would happen"]], { isOther: true }),
    h("div", panel("tab"), choice("tab") === "rehearsal" ? rehearsal(asked()) : page ? body(page) : problem ? null : skeleton()),
  );
}

export const keys = {
  leave() {
    choose({ q: "", action: "" });
  },
};
