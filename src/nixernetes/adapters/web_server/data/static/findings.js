// What `check` says of a repository.

import { choice, choose } from "/static/place.js";
import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon, mark } from "/static/words.js";
import { waiting } from "/static/fleet.js";

const SEVERITIES = ["error", "warning", "info"];
const MOST = 500; // findings that are drawn at once

export const about = "Findings";

export function refresh() {
  return load("findings");
}

/** Describe one finding. */
export function finding(each) {
  const place = each.file ? `${each.file}${each.line ? `:${each.line}` : ""}` : "";
  return h(
    "article",
    { class: `finding ${each.severity}` },
    each.severity === "error" ? mark("failed", "error") : icon("warning"),
    h("div", {}, each.object || place ? h("p", { class: "about" }, each.object ? h("strong", {}, each.object) : null, place ? h("code", {}, place) : null) : null, h("p", {}, each.message), each.remedy ? h("p", { class: "remedy" }, each.remedy) : null, h("p", { class: "faint" }, h("code", {}, each.rule), (each.clusters ?? []).length ? ` in ${each.clusters.join(", ")}` : "")),
  );
}

export function view() {
  const { value: page, problem } = known("findings");
  if (!page) return h("main", { id: "main" }, h("h1", {}, "Findings"), waiting(problem));
  if (!page.checked) return h("main", { id: "main" }, h("h1", {}, "Findings"), h("p", { class: "empty" }, "This runs a platform and does not check it: `nixernetes ui REPO` shows what `nixernetes check` says."));
  const words = choice("q").toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = choice("severity");
  const matching = page.findings.filter((each) => (!wanted || each.severity === wanted) && words.every((word) => JSON.stringify(each).toLowerCase().includes(word)));
  const empty = page.findings.length ? "No finding matches." : "";
  const pill = (severity) => {
    const number = page.findings.filter((each) => each.severity === severity).length;
    const isChosen = wanted === severity;
    return number || isChosen ? h("button", { type: "button", class: "pill", "aria-pressed": isChosen ? "true" : "false", onclick: () => choose({ severity: isChosen ? "" : severity }) }, severity, h("b", {}, `${number}`)) : null;
  };
  return h(
    "main",
    { id: "main" },
    h("div", { class: "heading" }, h("h1", {}, "Findings"), h("p", { class: "lead" }, page.findings.length ? count(page.findings.length, "finding") : "Nothing is wrong", page.suppressed ? `, ${page.suppressed} accepted` : "")),
    h("div", { class: "pills" }, SEVERITIES.map(pill)),
    page.findings.length ? h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search findings", "aria-label": "Search findings", oninput: (event) => choose({ q: event.target.value }, { replaces: true }) }), h("kbd", {}, "/"))) : h("p", { class: "empty" }, mark("ready", "Good"), " Check found nothing to say."),
    matching.slice(0, MOST).map(finding),
    !matching.length && empty ? h("p", { class: "empty" }, empty) : null,
    matching.length > MOST ? h("p", { class: "soft" }, `${matching.length - MOST} more: search, or choose a severity`) : null,
    page.notVerified.length ? h("section", { class: "unverified" }, h("h2", {}, "Not verified"), h("p", { class: "soft" }, "These could not be checked, so they are neither good nor bad:"), h("ul", {}, page.notVerified.map((each) => h("li", {}, mark("unknown", "Not verified"), h("span", {}, each))))) : null,
  );
}

export const keys = {};
