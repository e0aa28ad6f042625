// What deleting takes with it: how it goes is chosen, and what goes and what stays is told before it is done.

import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon, mark, spelled } from "/static/words.js";

const APPLICATION = [
  ["foreground", "Foreground", "its objects are deleted first, and their dependents before them"],
  ["background", "Background", "the same, without waiting for dependents"],
  ["orphan", "Non-cascading", "only the Application; its objects stay"],
];
const FLUX = [
  ["", "As it says", "its prune and deletion policy decide"],
  ["orphan", "Leave what it applied", "it is suspended first, so that Flux prunes nothing"],
];
const OTHERS = [
  ["background", "Background", "what it owns is deleted after it"],
  ["foreground", "Foreground", "what it owns is deleted first"],
  ["orphan", "Orphan", "what it owns stays"],
];
const FLUX_KINDS = new Set(["Kustomization", "HelmRelease"]);
const SHOWN = 100;

/** Return the ways in which objects can be deleted, the usual one first. */
function ways(lines) {
  if (lines.every(({ id }) => id.kind === "Application" && id.group === "argoproj.io")) return APPLICATION;
  if (lines.every(({ id }) => FLUX_KINDS.has(id.kind) && id.group.endsWith("fluxcd.io"))) return FLUX;
  return OTHERS;
}

const about = (id, cascade) => ({ ...id, cascade });

/** Begin with the usual way, and ask what it would do. */
export function beginRemoval(dialog) {
  choose(dialog, ways(dialog.lines)[0][0]);
}

function choose(dialog, cascade) {
  dialog.options.cascade = cascade;
  if (dialog.lines.length === 1) load("removal", about(dialog.lines[0].id, cascade));
}

function list(label, lines, number, state) {
  if (!number) return null;
  const rows = lines.slice(0, SHOWN).map(({ id, why }) => h("li", {}, h("span", {}, spelled(id)), why ? h("small", {}, why) : null));
  return h("details", { class: `parts ${state}`, open: number <= 12 }, h("summary", {}, icon(state === "goes" ? "bin" : "pause"), `${label}: ${count(number, "object")}`), h("ul", {}, rows, number > SHOWN ? h("li", {}, `and ${(number - SHOWN).toLocaleString("en")} more`) : null));
}

function told(id, cascade) {
  const { value, problem } = known("removal", about(id, cascade));
  if (!value) return h("p", { class: "soft" }, problem || "…");
  return [
    value.says.map((text) => h("p", {}, text)),
    list("Goes with it", value.goes, value.going, "goes"),
    list("Stays", value.stays, value.staying, "stays"),
    value.isCut ? h("p", { class: "soft" }, "More goes than is followed here.") : null,
    value.again.map((text) => h("p", { class: "note warn" }, icon("warning"), h("span", {}, text))),
  ];
}

/** Describe how it is deleted, and what that does. */
export function removal(dialog) {
  const { lines, options } = dialog;
  const way = ([value, label, hint]) =>
    h("label", { class: "option" }, h("input", { type: "radio", name: "cascade", value, checked: options.cascade === value, onchange: () => choose(dialog, value) }), h("span", {}, label, h("small", {}, hint)));
  return [
    h("fieldset", { class: "options" }, h("legend", {}, "How"), ways(lines).map(way)),
    lines.length === 1 ? h("div", { class: "told", "aria-live": "polite" }, told(lines[0].id, options.cascade)) : null,
  ];
}

/** Describe the state in which something ended, for a list of what became of objects. */
export const ended = (status) => mark(/fail|error|warning/i.test(status) ? "failed" : /running|pending/i.test(status) ? "progressing" : "ready", status || undefined);
