// The log of a container, or what controllers wrote about a delivery: followed, searched, and never more than so many lines.

import { choice, choose, onLeave } from "/static/place.js";
import { ask } from "/static/server.js";
import { changed } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon } from "/static/words.js";

const MOST = 2000; // lines that are held here
const USUAL = 500;
const PAUSE = 1000; // milliseconds between two questions of one who follows
const HAS_LOGS = new Set(["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"]);

export const hasLogs = (id) => HAS_LOGS.has(id.kind) && ["", "apps", "batch"].includes(id.group);

let held = nothing("");

function nothing(question) {
  return { question, page: null, lines: [], tail: USUAL, problem: "", isAsking: false, timer: 0, atEnd: true };
}

const isFollowing = () => choice("follow") !== "no";

/** Ask for what is shown, or for what came since; whoever asks again while an answer is awaited waits for that. */
async function more(id) {
  const now = held;
  if (now.isAsking) return;
  now.isAsking = true;
  const about = { ...id, pod: choice("pod"), container: choice("container"), tail: now.page ? MOST : now.tail, after: now.page?.cursor ?? "" };
  try {
    const page = await ask("logs", about);
    const isNew = page.lines.length > 0 || !now.page || page.says !== now.page.says || page.pods.length !== now.page.pods.length;
    const leftOut = now.page ? now.page.leftOut : page.leftOut;
    now.lines.push(...page.lines.map(read));
    const beyond = Math.max(now.lines.length - MOST, 0);
    now.lines.splice(0, beyond);
    now.page = { ...page, leftOut: leftOut + beyond };
    if (isNew || now.problem) changed();
    now.problem = "";
  } catch (error) {
    if (now.problem !== error.message) changed();
    now.problem = error.message;
  }
  now.isAsking = false;
}

function follow(id) {
  const now = held;
  clearTimeout(now.timer);
  now.timer = setTimeout(async () => {
    if (held !== now) return;
    if (isFollowing() && !document.hidden) await more(id);
    if (held === now) follow(id);
  }, PAUSE);
}

/** Nobody looks at a log any more. */
function leave() {
  clearTimeout(held.timer);
  held = nothing("");
}

const TOLD = new Set(["controller", "controllerGroup", "controllerKind", "namespace", "name", "app-namespace", "reconcileID"]);
const LEVELS = { info: "info", debug: "info", trace: "info", warn: "warning", warning: "warning", error: "error", fatal: "error", panic: "error" };

/** Read a line: controllers write JSON, of which what is said stands first. */
function read({ time, text, controller }) {
  const line = { time, text, controller, level: "", said: text, rest: "", searched: `${text} ${controller}`.toLowerCase(), drawn: new Map() };
  if (!text.startsWith("{")) return line;
  try {
    const { level, ts, time: at, msg, error, ...rest } = JSON.parse(text);
    if (typeof msg !== "string") return line;
    line.level = LEVELS[level] ?? "";
    line.said = error ? `${msg}: ${error}` : msg;
    const fields = Object.entries(rest).filter(([name]) => !TOLD.has(name) && !(controller && (name === rest.controllerKind || name === "application")));
    line.rest = fields.map(([name, value]) => `${name}=${typeof value === "object" && value ? [value.namespace, value.name].filter(Boolean).join("/") || JSON.stringify(value) : value}`).join("  ");
  } catch {
    // not JSON: it is shown as it is
  }
  return line;
}

/** Mark what is searched for. */
function marked(text, word) {
  if (!word) return text;
  const found = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(word); at >= 0 && lower.length === text.length; at = lower.indexOf(word, from)) {
    found.push(text.slice(from, at), h("mark", {}, text.slice(at, at + word.length)));
    from = at + word.length;
  }
  return [...found, text.slice(from)];
}

function row(line, word, isRaw) {
  const how = `${isRaw} ${word}`;
  if (!line.drawn.has(how)) {
    line.drawn.clear();
    const [day, time] = line.time.split("T");
    const at = h("time", { datetime: line.time, title: `${day} UTC` }, (time ?? day).slice(0, 12).replace("Z", ""));
    const rest = isRaw ? null : [line.controller ? h("span", { class: "who" }, line.controller) : null, line.rest ? h("span", { class: "rest" }, marked(line.rest, word)) : null];
    const level = line.level && line.level !== "info" ? h("b", {}, line.level) : null;
    line.drawn.set(how, h("li", { class: line.level }, at, h("span", { class: "said" }, level, marked(isRaw ? line.text : line.said, word), rest)));
  }
  return line.drawn.get(how);
}

function toggle(name, off, label, title) {
  const isOn = (choice(name) || (off === "yes" ? "no" : "yes")) === "yes";
  return h("button", { type: "button", class: "pill", title, "aria-pressed": isOn ? "true" : "false", onclick: () => choose({ [name]: isOn ? (off === "no" ? "no" : "") : off === "yes" ? "yes" : "" }) }, label);
}

function choosing(page) {
  const other = (name) => (event) => choose({ [name]: event.target.value, ...(name === "pod" ? { container: "" } : {}) });
  const pod = page.pods.find((each) => each.name === page.pod);
  return [
    page.pods.length > 1 ? h("select", { "aria-label": "Pod", value: page.pod, onchange: other("pod") }, page.pods.map((each) => h("option", { value: each.name }, `${each.name} (${each.phase})`))) : null,
    pod?.containers.length > 1 ? h("select", { "aria-label": "Container", value: page.container, onchange: other("container") }, pod.containers.map((each) => h("option", { value: each }, each))) : null,
  ];
}

function older(id) {
  const { page } = held;
  const back = () => {
    leave();
    held = { ...nothing(JSON.stringify([id, choice("pod"), choice("container")])), tail: MOST };
    more(id).then(() => follow(id));
  };
  if (!page.leftOut) return null;
  return h("p", { class: "faint" }, `${count(page.leftOut, "older line")} not shown`, held.lines.length < MOST ? h("button", { type: "button", class: "bare", onclick: back }, "Show") : null);
}

function empty(page) {
  if (page.says) return page.says;
  return page.source === "controllers" ? "No controller has written about it yet." : `${page.container || "It"} has written nothing yet.`;
}

/** Describe the log of what is named. */
export function logs(id) {
  const question = JSON.stringify([id, choice("pod"), choice("container")]);
  if (held.question !== question) {
    leave();
    held = nothing(question);
    more(id).then(() => follow(id));
  }
  const { page, problem, lines } = held;
  if (!page) return problem ? h("div", { class: "empty" }, h("p", {}, problem), h("p", { class: "soft" }, "The page tries again every second.")) : h("div", { class: "skeleton short", "aria-busy": "true", "aria-label": "Loading" }, h("i", {}));
  const word = choice("grep").toLowerCase();
  const isRaw = choice("raw") === "yes";
  const onlyBad = choice("level") === "yes";
  const shown = lines.filter((line) => (!word || line.searched.includes(word)) && (!onlyBad || line.level === "error" || line.level === "warning"));
  const keepEnd = (node) => {
    if (isFollowing() && held.atEnd) node.scrollTop = node.scrollHeight;
  };
  const scrolled = (event) => {
    held.atEnd = event.target.scrollTop + event.target.clientHeight >= event.target.scrollHeight - 24;
  };
  return h(
    "div",
    { class: "logs" },
    h(
      "div",
      { class: "toolbar" },
      choosing(page),
      h("label", { class: "search" }, icon("search"), h("input", { type: "search", value: choice("grep"), placeholder: "Search lines", "aria-label": "Search lines", autocomplete: "off", spellcheck: "false", oninput: (event) => choose({ grep: event.target.value }, { replaces: true }) })),
      toggle("follow", "no", "Follow", "New lines appear as they are written"),
      toggle("level", "yes", "Problems", "Only warnings and errors"),
      toggle("raw", "yes", "Raw", "As it was written"),
    ),
    problem ? h("p", { class: "note failed" }, problem) : null,
    older(id),
    lines.length ? h("div", { class: `log${isRaw ? " raw" : ""}`, role: "log", tabindex: "0", "aria-label": "Lines", after: keepEnd, onscroll: scrolled }, h("ol", {}, shown.map((line) => row(line, word, isRaw)))) : h("p", { class: "empty" }, empty(page)),
    lines.length ? h("p", { class: "faint", role: "status" }, shown.length === lines.length ? count(lines.length, "line") : `${shown.length.toLocaleString("en")} of ${count(lines.length, "line")}`, page.says ? ` · ${page.says}` : "") : null,
  );
}

onLeave(() => choice("show") === "logs" || choice("tab") === "logs" || choice("log") !== "", leave);
