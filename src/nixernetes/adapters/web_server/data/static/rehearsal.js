// What would happen: the change rolled out in a copy of the world, step by step, before it is merged.

import { choice, here } from "/static/place.js";
import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon, keyOf, mark, spelled, title } from "/static/words.js";

const AGAIN = 1000; // milliseconds between two questions; when nobody asks, it ends
const SIGNS = { created: ["create", "+"], changed: ["change", "~"], deleted: ["delete", "−"] };
const MARKS = { available: "ready", unavailable: "progressing", failed: "failed", told: "rendered" };
const FEW = 1500; // lines that are drawn

const isOpen = () => here().pathname === "/review" && choice("tab") === "rehearsal";

let waits = 0;

/** Ask how far it is, and again for as long as it goes on and somebody looks. */
export async function refreshRehearsal(asked) {
  await load("rehearsal", asked);
  clearTimeout(waits);
  if (known("rehearsal", asked).value?.state === "running") {
    waits = setTimeout(() => {
      if (isOpen()) refreshRehearsal({ base: choice("base"), head: choice("head") });
    }, AGAIN);
  }
}

/** Say how long something took. */
function lasting(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return [`${minutes} min`, rest ? `${rest} s` : ""].filter(Boolean).join(" ");
}

function sign(what) {
  const found = SIGNS[what];
  return found ? h("span", { class: `sign ${found[0]}`, title: what, role: "img", "aria-label": what }, found[1]) : mark(MARKS[what] ?? "unknown", what);
}

function happening(each) {
  return h("li", { class: each.what === "failed" ? "warning" : "" }, sign(each.what), h("div", {}, h("strong", {}, spelled(each.id)), h("span", { class: "faint" }, `${each.what === "told" || each.what === "failed" ? "" : `${each.what}, `}${each.id.cluster}`), each.text ? h("p", {}, each.text) : null));
}

/** Gather what happens by its moment. */
function moments(found) {
  const all = [];
  for (const each of found.slice(0, FEW)) {
    if (all.at(-1)?.after !== each.after) all.push({ after: each.after, lines: [] });
    all.at(-1).lines.push(each);
  }
  return all;
}

function course(each) {
  const id = each.id;
  const how = !each.after ? "is gone" : each.before === "failed" && each.after === "failed" ? "failed, as before" : !each.before ? `new: ${title(each.after).toLowerCase()}` : title(each.after).toLowerCase();
  return h("li", { key: keyOf(id) }, mark(each.after || "suspended", how), h("div", {}, h("strong", {}, id.name), h("span", { class: "faint" }, `${id.kind}, ${id.cluster}`), h("p", {}, `${how} after ${lasting(each.moved)}`, each.revision ? `, at ${each.revision}` : ""), each.message ? h("p", { class: each.after === "failed" ? "loud" : "" }, each.message) : null));
}

function summary(page) {
  const { created = 0, changed = 0, deleted = 0 } = page.counts ?? {};
  const parts = [[created, "created"], [changed, "changed"], [deleted, "deleted"]].filter(([number]) => number).map(([number, word]) => `${number.toLocaleString("en")} ${word}`);
  const failed = page.courses.filter((each) => each.after === "failed" && each.before !== "failed").length;
  const before = page.courses.filter((each) => each.after === "failed" && each.before === "failed").length;
  const end = page.settled ? `It settles after ${lasting(page.took)}` : `It has not settled after ${lasting(page.took)}`;
  const state = failed || page.failing.length ? "failed" : page.settled ? "ready" : "progressing";
  const trouble = [failed ? `${count(failed, "delivery", "deliveries")} failed` : "", page.failing.length ? `${count(page.failing.length, "pod")} not ready` : "", before ? `${before} failed before, too` : ""].filter(Boolean);
  return h("div", { class: `note ${state}` }, mark(state), h("div", {}, h("p", {}, h("strong", {}, `${end}. `), parts.length ? `${parts.join(", ")}; ` : "No object changes; ", trouble.length ? `${trouble.join(", ")}.` : "nothing fails."), h("p", { class: "soft" }, "In virtual time, in a copy of the clusters that started at ", h("code", {}, page.base), " and was moved to ", h("code", {}, page.head), "; workloads take two seconds to become ready.")));
}

/** Describe the rehearsal of a step. */
export function rehearsal(asked) {
  const { value: page, problem } = known("rehearsal", asked);
  if (problem && !page) return h("p", { class: "note failed" }, problem);
  if (!page || page.state === "running") {
    return h("div", { class: "note progressing", role: "status" }, mark("progressing"), h("div", {}, h("p", {}, h("strong", {}, page ? `It ${page.phase}` : "It begins"), " …"), page?.time ? h("p", { class: "soft" }, `${page.time} of virtual time. It ends when you leave this page.`) : null));
  }
  if (page.state === "failed") return h("p", { class: "note failed" }, mark("failed"), h("span", {}, page.problem));
  const moved = page.courses.filter((each) => each.before !== each.after || each.moved > 0 || each.after === "failed");
  const all = moments(page.happenings);
  return [
    summary(page),
    page.beganSettled ? null : h("p", { class: "note warn" }, icon("warning"), h("span", {}, "It had not settled before the change, so some of this is not due to the change.")),
    page.notes.map((note) => h("p", { class: "note warn" }, icon("warning"), h("span", {}, note))),
    page.failing.length ? h("section", { class: "part" }, h("h2", {}, "Not ready at the end"), h("ul", { class: "events results card" }, page.failing.map(happening))) : null,
    moved.length ? h("section", { class: "part" }, h("h2", {}, "Deliveries", h("span", { class: "soft" }, `${moved.length}`)), h("ul", { class: "events results card" }, moved.map(course))) : null,
    h(
      "section",
      { class: "part" },
      h("h2", {}, "In this order"),
      all.length ? null : h("p", { class: "empty" }, "Nothing happens."),
      h("ol", { class: "rollout" }, all.map(({ after, lines }) => h("li", {}, h("span", { class: "at" }, `+${lasting(after)}`), h("ul", { class: "events results" }, lines.map(happening))))),
      page.leftOut || page.happenings.length > FEW ? h("p", { class: "soft" }, `${(page.leftOut + Math.max(page.happenings.length - FEW, 0)).toLocaleString("en")} more are left out`) : null,
    ),
  ];
}
