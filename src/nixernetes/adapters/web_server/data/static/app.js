// The page: which view the URL means, what keys do, and that everything is asked again when something has changed.

import * as fleet from "/static/fleet.js";
import { dialog, propose, showKeys } from "/static/dialogs.js";
import { notices } from "/static/results.js";
import { maySteer, refreshTime, timeKeys, timeStrip } from "/static/time.js";
import { choice, followLinks, go, here, onMove } from "/static/place.js";
import { mayChange } from "/static/permitted.js";
import { follow, leave, mayAct, version, who } from "/static/server.js";
import { changed, drawNow, drawnBy, known, load, outdated, store, taken } from "/static/store.js";
import { draw, h } from "/static/view.js";
import { icon, moment } from "/static/words.js";

// The view that is opened first is there at once, all others as soon as somebody is idle or goes there.
const LATER = {
  "/activity": () => import("/static/activity.js"),
  "/clusters": () => import("/static/clusters.js"),
  "/delivery": () => import("/static/delivery.js"),
  "/findings": () => import("/static/findings.js"),
  "/history": () => import("/static/history.js"),
  "/notifications": () => import("/static/notifications.js"),
  "/policies": () => import("/static/policies.js"),
  "/projects": () => import("/static/projects.js"),
  "/reasons": () => import("/static/reasons.js"),
  "/review": () => import("/static/review.js"),
  "/sources": () => import("/static/sources.js"),
};
const views = new Map([["/", fleet]]);
const coming = { about: "", keys: {}, refresh: async () => {}, view: () => h("main", { id: "main" }, fleet.skeleton()) };

function view() {
  const path = here().pathname;
  if (!views.has(path) && LATER[path]) {
    views.set(path, coming);
    arrived(path).then(changed).then(refresh);
  }
  return views.get(path) ?? fleet;
}

async function arrived(path) {
  views.set(path, await LATER[path]().catch(() => coming));
}

async function fetchOthers() {
  for (const path of Object.keys(LATER)) if (!views.has(path)) await arrived(path);
}

const page = document.getElementById("page");
const THEMES = { "": ["screen", "Theme: as the system"], light: ["sun", "Theme: light"], dark: ["moon", "Theme: dark"] };

function nextTheme() {
  const names = Object.keys(THEMES);
  const now = document.documentElement.dataset.theme ?? "";
  const next = names[(names.indexOf(now) + 1) % names.length];
  if (next) document.documentElement.dataset.theme = next;
  else delete document.documentElement.dataset.theme;
  document.cookie = `nixernetes-theme=${next}; path=/; max-age=${next ? 31_536_000 : 0}; samesite=strict`; // the server says it before anything is drawn
  changed();
}

const WHOLE = [["/clusters", "Clusters"], ["/projects", "Projects"], ["/sources", "Sources"], ["/policies", "Policies"]];

let shownLink = "";

function header() {
  const { value } = known("fleet");
  const [theme, told] = THEMES[document.documentElement.dataset.theme ?? ""];
  const link = (path, label) => {
    const isHere = here().pathname === path;
    const after = (node) => {
      if (!isHere || shownLink === path) return;
      shownLink = path;
      requestAnimationFrame(() => node.scrollIntoView({ block: "nearest", inline: "center" })); // on a phone the row is longer than the screen
    };
    return h("a", { href: path, "aria-current": isHere ? "page" : undefined, after }, label);
  };
  const isRun = value?.mode !== "repository";
  const isLive = value?.mode === "live";
  return h(
    "header",
    { class: "top" },
    h("a", { class: "skip", href: "#main" }, "To the content"),
    h("a", { class: "brand", href: "/" }, h("img", { src: "/static/mark.svg", alt: "", width: 24, height: 24 }), h("span", {}, "Nixernetes")),
    h("nav", { "aria-label": "Views" }, link("/", "Fleet"), WHOLE.map(([path, label]) => link(path, label)), isLive ? link("/activity", "Activity") : isRun ? [link("/reasons", "Reasons"), link("/history", "History"), link("/activity", "Activity"), link("/notifications", "Notifications")] : [link("/findings", "Findings"), link("/review", "Review")]),
    h("span", { class: "end" }),
    mayAct || !isRun ? null : h("span", { class: "tag" }, "looks only"),
    h("span", { class: `live${store.isLive ? "" : " lost"}`, title: store.isLive ? "Changes appear as they happen" : "The connection is lost" }, h("i", {}), h("span", {}, store.isLive ? (isRun ? "Live" : "Watching") : "Lost"), value && isRun ? [" ", moment(value.time)] : null),
    who ? h("span", { class: "tag who", title: who }, who) : null,
    who ? h("button", { type: "button", class: "bare", title: "Log out", "aria-label": "Log out", onclick: leave }, icon("leave")) : null,
    h("button", { type: "button", class: "bare", title: told, "aria-label": told, onclick: nextTheme }, icon(theme)),
    h("button", { type: "button", class: "bare", title: "Keys (?)", "aria-label": "Keys", onclick: showKeys }, icon("help")),
  );
}

function lost() {
  if (store.isLive) return null;
  return h("p", { class: "banner", role: "alert" }, "Nixernetes does not answer: it has ended, or runs at another address. You see its last state.");
}

drawnBy(() => {
  const shown = view();
  const name = typeof shown.about === "function" ? shown.about() : shown.about;
  document.title = [name, known("fleet").value?.title, "Nixernetes"].filter(Boolean).join(" · ");
  draw(page, [header(), lost(), timeStrip(), shown.view(), h("footer", {}, `Nixernetes ${version}`, h("a", { href: "/api/v1/openapi.json" }, "API")), notices(), dialog()]);
});

// What is shown is asked again when it has changed: never twice at once, and never more than a quarter of the time.
const isRunning = () => known("fleet").value?.mode === "run";
let isAsking = false;
let isStale = false;

async function refresh() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    const began = performance.now();
    await view().refresh();
    const took = performance.now() - began;
    await new Promise((wake) => setTimeout(wake, Math.max(view().every ?? 100, 3 * took)));
  }
  isAsking = false;
}

/** Take what a change says of the fleet, and ask for the rest of what is shown, where the change is about it. */
function take({ deliveries, fleet: lines }) {
  outdated();
  const isTaken = taken(lines);
  if (isRunning()) refreshTime();
  const { concerns } = view();
  const isOther = !deliveries || !concerns || deliveries.some(concerns);
  if (isOther && !(isTaken && view() === fleet)) refresh();
}

onMove(async (isOther) => {
  if (isOther) {
    store.cursor = -1;
    scrollTo(0, 0);
  }
  changed();
  if (isOther || choice("object")) await view().refresh();
});

let before = "";

function isTyping(target) {
  return target instanceof HTMLInputElement ? target.type !== "checkbox" : target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

const PLACES = { f: "/", c: "/clusters", p: "/projects", s: "/sources", o: "/policies", h: "/history", a: "/activity", n: "/notifications", w: "/reasons", d: "/findings", r: "/review" };
const PLAIN = {
  "/": () => document.getElementById("search")?.focus(),
  "?": showKeys,
  t: nextTheme,
  u: () => go("/"),
  j: () => view().keys.move?.(1),
  k: () => view().keys.move?.(-1),
  h: () => view().keys.fold?.(true),
  l: () => view().keys.fold?.(false),
  x: () => view().keys.pick?.(),
  s: () => proposed("sync"),
  r: () => proposed("refresh"),
  p: () => proposed(""),
};

function proposed(verb) {
  const lines = view().keys.targets?.() ?? [];
  if (!mayAct || (lines.length === 1 && !mayChange(lines[0].id))) return;
  propose(verb || (lines.every((line) => line.suspended) ? "resume" : "suspend"), lines);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || store.dialog) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur();
    else view().keys.leave?.();
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.target.blur();
      view().keys.move?.(1);
    }
    return;
  }
  if (before === "g" && PLACES[event.key]) {
    before = "";
    event.preventDefault();
    go(PLACES[event.key]);
    return;
  }
  before = event.key;
  if (event.key === "Enter" && (event.target === document.body || event.target.id === "main")) view().keys.open?.();
  else if (timeKeys[event.key] && maySteer()) {
    event.preventDefault();
    timeKeys[event.key]();
  } else if (PLAIN[event.key]) {
    event.preventDefault();
    PLAIN[event.key]();
  }
});

for (const name of ["scroll", "resize"]) addEventListener(name, changed, { passive: true });
followLinks();
if (view() !== coming) drawNow(); // else it is drawn when its module is here
follow(take, (isLive) => {
  store.isLive = isLive;
  changed();
});
load("fleet").then(() => isRunning() && !known("clock").value && refreshTime());
if (view() !== fleet) refresh();
(window.requestIdleCallback ?? setTimeout)(fetchOthers);
