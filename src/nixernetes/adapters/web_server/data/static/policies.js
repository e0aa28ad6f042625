// The policies of every cluster, and what does not keep them.

import { list, part, surveyed } from "/static/survey.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, isDelivery, mark, spelled } from "/static/words.js";

const BAD = ["fail", "error", "warn", "unknown"];
const bad = (policy) => BAD.reduce((sum, name) => sum + (policy.results?.[name] ?? 0), 0);
const isRefusing = (policy) => /Enforce|Deny/.test(policy.action);
const state = (policy) => (policy.refused.length || (isRefusing(policy) && policy.results?.fail) ? "failed" : bad(policy) ? "suspended" : policy.results?.pass ? "ready" : "rendered");
const RESULTS = { fail: "failed", error: "failed", warn: "suspended", unknown: "unknown" };
const NAMES = { fail: "violates it", error: "could not be judged", warn: "violates it, scored as a warning", unknown: "not verified" };

function affected(each) {
  const name = isDelivery(each.id) ? h("a", { href: deliveryUrl(each.id) }, spelled(each.id)) : h("span", {}, spelled(each.id));
  return h("li", {}, mark(RESULTS[each.result] ?? "unknown", NAMES[each.result] ?? each.result), h("div", {}, h("p", {}, h("strong", {}, name), h("span", { class: "faint" }, ` ${each.rule}`)), h("p", { class: "soft" }, each.message)));
}

function refused(each) {
  return h("li", {}, mark("failed", "Refused"), h("div", {}, h("p", {}, h("strong", {}, h("a", { href: deliveryUrl(each.id) }, spelled(each.id)))), h("p", { class: "soft" }, each.message)));
}

function body(policy) {
  const told = policy.results ? Object.entries(policy.results).map(([name, number]) => `${number.toLocaleString("en")} ${name}`).join(", ") : "";
  return [
    policy.description ? h("p", {}, policy.description) : null,
    policy.says.map((text) => h("p", { class: "soft" }, text, ".")),
    policy.refused.length ? part("Refused", h("ul", { class: "verdicts" }, policy.refused.map(refused))) : null,
    policy.affected.length ? part(`Violations${told ? ` (${told})` : ""}`, h("ul", { class: "verdicts" }, policy.affected.map(affected)), policy.leftOut ? h("p", { class: "faint" }, `and ${count(policy.leftOut, "more")}`) : null) : policy.results && told ? part("Results", h("p", {}, told)) : null,
    h("div", { class: "columns" }, part("Rules", list(policy.rules)), part("About", list(policy.matches, true)), part("Bindings", list(policy.bindings))),
  ];
}

export const { about, every, refresh, view, keys } = surveyed({
  name: "policies",
  title: "Policies",
  about: "Policies and their violations",
  lead: (items) => {
    const sum = items.reduce((all, policy) => all + bad(policy), 0);
    const kept = items.reduce((all, policy) => all + policy.refused.length, 0);
    if (!items.length) return "Policies and their violations";
    return [count(items.length, "policy", "policies"), sum ? `${count(sum, "object")} with violations` : "no violations reported", kept ? `${count(kept, "delivery", "deliveries")} refused` : ""].filter(Boolean).join("; ");
  },
  empty: () => [h("p", {}, "There is no policy here: none of Kyverno, and no ValidatingAdmissionPolicy."), h("p", { class: "soft" }, "Nothing restricts what the API server accepts.")],
  items: (page) => page.policies,
  key: (policy) => [policy.id.cluster, policy.id.kind, policy.id.namespace, policy.id.name].join("/"),
  facets: { cluster: ["Cluster", (each) => each.id.cluster], engine: ["Engine", (each) => each.engine, (each) => ({ kyverno: "Kyverno", kubernetes: "Kubernetes" })[each]], kind: ["Kind", (each) => each.id.kind], action: ["Action", (each) => each.action] },
  head: (policy) => ({
    state: state(policy),
    label: { failed: "Refuses something", suspended: "It has violations", ready: "Kept", rendered: "Nothing is reported" }[state(policy)],
    name: policy.title,
    kind: policy.id.kind,
    tags: [policy.action, policy.category],
    says: policy.refused.length ? `refuses ${policy.refused.map((each) => each.id.name).join(", ")}` : bad(policy) ? `${count(bad(policy), "object")} with violations` : policy.says[0] ?? policy.matches.join(", "),
    isLoud: state(policy) === "failed",
    end: policy.id.cluster,
  }),
  body,
});
