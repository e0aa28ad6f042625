// One object beside the tree: what is wanted, what is there, where they differ, what happened, and where it comes from.

import { propose } from "/static/dialogs.js";
import { healPod, proposeFault } from "/static/time.js";
import { choice, choose } from "/static/place.js";
import { mayChange, refused } from "/static/permitted.js";
import { isBounded } from "/static/server.js";
import { known } from "/static/store.js";
import { h } from "/static/view.js";
import { deliveryUrl, icon, idOf, isDelivery, mark, same, stateOf } from "/static/words.js";
import { conditionList, eventList, facts, panel, tabBar } from "/static/details.js";
import { difference } from "/static/differences.js";
import { finding } from "/static/findings.js";
import { hasLogs, logs } from "/static/logs.js";

/** Return what the API is asked about the object that is chosen; null where none is. */
export function objectAbout() {
  const id = idOf(choice("object"));
  if (!id) return null;
  const by = Object.fromEntries(["cluster", "kind", "namespace", "name"].map((part) => [`by-${part}`, choice(part)]));
  return { ...id, ...by };
}

const COMMENT = /^\s*#/;
const FIELD = /^(\s*(?:- )*)("[^"]*"|'[^']*'|[^\s:#'"][^:]*?)(:)(\s.*|)$/;

/** Describe a line of YAML: its field and its value are told apart, nothing more. */
function yamlLine(text) {
  if (COMMENT.test(text)) return h("span", { class: "comment" }, text);
  const found = FIELD.exec(text);
  if (!found) return text;
  const [, indent, field, colon, value] = found;
  const kind = /^\s*(?:-?\d[\d.]*|true|false|null)$/.test(value) ? "plain" : /^\s*\*\*\*/.test(value) ? "masked" : "text";
  return [indent, h("span", { class: "field" }, field), colon, value ? h("span", { class: kind }, value) : null];
}

const MOST = 4000; // lines that are drawn at once
const described = new Map();

function yaml(text, says) {
  if (text === null) return h("p", { class: "empty" }, says);
  if (!described.has(text)) {
    if (described.size > 8) described.clear();
    const lines = text.replace(/\n$/, "").split("\n");
    const shown = lines.slice(0, MOST).map((line) => h("span", { class: "line" }, yamlLine(line), "\n"));
    described.set(text, h("pre", { class: "yaml", tabindex: "0" }, h("code", {}, shown), lines.length > MOST ? `… ${lines.length - MOST} more lines` : null));
  }
  return described.get(text);
}

function copying(text) {
  if (!text || !navigator.clipboard) return null;
  return h("div", { class: "copy" }, h("button", { type: "button", class: "bare", "aria-label": "Copy", title: "Copy", onclick: () => navigator.clipboard.writeText(text) }, icon("copy")));
}

/** A link to the line on the Git host, in a window of its own. */
function hostLink(url, host) {
  if (!url.startsWith("https://")) return null;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, host ? `See it on ${host}` : "See it", icon("out"));
}

function origin(page) {
  const { text, link, host, steps } = page.origin;
  if (!text && !steps.length) return h("p", { class: "empty" }, page.desiredSays || "Its origin is not known.");
  return [
    text ? h("p", { class: "place" }, h("code", {}, text), copying(text)) : null,
    link ? h("p", { class: "soft" }, hostLink(link, host), " as far as it is pushed there") : null,
    steps.length ? [h("p", { class: "soft" }, "Its way to the cluster, in order:"), h("ol", { class: "chain" }, steps.map((step) => h("li", {}, step.text, step.link ? [" ", hostLink(step.link, "")] : null)))] : h("p", { class: "soft" }, "It comes from there unchanged."),
  ];
}

const LANGUAGES = { kstatus: "kstatus, as Flux and kubectl see it", CEL: "a CEL expression", Lua: "a Lua script", "Argo CD": "Argo CD" };

/** Say who decided how it stands. */
function health(found) {
  if (!found) return null;
  const { status, message, language, rule, source } = found;
  return h(
    "section",
    { class: "decided" },
    h("h3", {}, "Health"),
    h("p", {}, h("strong", {}, status || "No health"), message && message !== status ? h("span", { class: "soft" }, ` ${message}`) : null),
    h("p", { class: "soft" }, language ? `Decided by ${LANGUAGES[language] ?? language}: ${rule}.` : `${rule}.`),
    source ? h("pre", { class: "source", tabindex: "0" }, source) : null,
  );
}

function body(page) {
  switch (choice("show")) {
    case "live":
      return [copying(page.live), yaml(page.live, page.liveSays)];
    case "desired":
      return [copying(page.desired), yaml(page.desired, page.desiredSays)];
    case "diff":
      return difference(page);
    case "events":
      return eventList(page.events);
    case "logs":
      return logs(page.id);
    case "origin":
      return origin(page);
    default:
      return [facts([...page.facts, ...(page.origin.text ? [{ label: "Declared", text: page.origin.text }] : [])]), page.origin.link ? h("p", { class: "hosted" }, hostLink(page.origin.link, page.origin.host)) : null, health(page.health), page.findings.map(finding), page.conditions.length ? [h("h3", {}, "Conditions"), conditionList(page.conditions)] : null];
  }
}

const RESTARTED = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

const SCALED = new Set(["Deployment", "StatefulSet", "ReplicaSet"]);
const replicas = (page) => Number(/^ {2}replicas: (\d+)$/m.exec(page?.live ?? "")?.[1] ?? 1);

const IMAGE = /^\s+(?:- )?image: (.+)$/gm;
const images = (page) => [...new Set([...(page?.live ?? "").matchAll(IMAGE)].map(([, image]) => image.replace(/^["']|["']$/g, "")))];

/** What can be let fail: a pod, or the images of a workload. */
function faults(button, id, page) {
  if (isBounded) return null; // they are for all clusters
  if (id.group === "" && id.kind === "Pod") {
    const isBroken = /^\s+sim\.nixernetes\.dev\/fail/m.test(page?.live ?? "");
    return isBroken ? button("Heal", "play", () => healPod(id)) : button("Break", "warning", () => proposeFault({ pod: id }));
  }
  const found = images(page);
  return found.length ? button("Fail image", "warning", () => proposeFault({ images: found })) : null;
}

/** Say what can be done with an object by hand. */
function acts(delivery, line, id, page) {
  if (delivery.mode !== "run" || !line || line.role === "source" || line.role === "delivery") return null;
  if (!mayChange(id)) return refused(id);
  const target = [{ id, engine: "" }];
  const { line: owner } = delivery;
  const sync = () => propose("sync", [owner], { resources: [id] }, `Only ${id.kind}/${id.name} takes part, without hooks.`);
  const button = (label, name, run) => h("button", { type: "button", onclick: run }, icon(name), label);
  return h(
    "div",
    { class: "actions", role: "toolbar", "aria-label": `Actions on ${id.name}` },
    owner.engine === "argocd" && line.role === "brought" ? button("Sync this", "sync", sync) : null,
    id.group === "apps" && RESTARTED.has(id.kind) ? button("Restart", "refresh", () => propose("restart", target)) : null,
    id.group === "apps" && SCALED.has(id.kind) ? button("Scale", "scale", () => propose("scale", target, { replicas: replicas(known("object", objectAbout()).value) })) : null,
    faults(button, id, page),
    button("Delete", "bin", () => propose("delete", target)),
  );
}

/** Describe the object that is chosen; null where none is. */
export function object(delivery) {
  const about = objectAbout();
  if (!about) return null;
  const id = idOf(choice("object"));
  const { value: page, problem } = known("object", about);
  const line = delivery.tree.find((each) => same(each.id, id));
  const close = () => choose({ object: "", show: "", wide: "" });
  const isRun = delivery.mode === "run";
  const head = h(
    "header",
    {},
    h("div", { class: "line" }, line ? mark(stateOf(line), line.status || undefined) : null, h("h2", { id: "object-name" }, id.name), h("button", { type: "button", class: "bare end wide", "aria-label": "The whole width", title: "The whole width", "aria-pressed": choice("wide") ? "true" : "false", onclick: () => choose({ wide: choice("wide") ? "" : "yes" }) }, icon(choice("wide") ? "narrow" : "wide")), h("button", { type: "button", class: "bare", "aria-label": "Close", onclick: close }, icon("close"))),
    h("p", { class: "soft" }, [id.kind, id.namespace].filter(Boolean).join(" in "), `, ${id.cluster}`, line?.status ? ` — ${line.status}` : ""),
    line?.message && line.available !== true ? h("p", { class: "soft" }, line.message) : null,
    acts(delivery, line, id, page),
    isDelivery(id) && line?.role !== "delivery" ? h("p", {}, h("a", { href: deliveryUrl(id) }, "Open this delivery")) : null,
  );
  const isLive = delivery.mode === "live";
  const log = hasLogs(id) && (isLive || isRun) ? [["logs", "Logs"]] : [];
  const tabs = isLive ? [["", "Summary"], ["live", "Live"], ["events", "Events", page?.events.length], ...log] : [["", "Summary"], ...(isRun ? [["live", "Live"]] : []), ["desired", "Desired"], ...(isRun ? [["diff", "Diff", page?.diff.length], ["events", "Events", page?.events.length], ...log] : []), ["origin", "Origin"]];
  return h("aside", { key: choice("object"), class: "side-panel", "aria-labelledby": "object-name" }, head, tabBar("show", tabs), h("div", { ...panel("show"), class: "inner" }, page ? body(page) : problem ? h("p", { class: "empty" }, problem) : h("div", { class: "skeleton short", "aria-busy": "true", "aria-label": "Loading" }, h("i", {}), h("i", {}))));
}
