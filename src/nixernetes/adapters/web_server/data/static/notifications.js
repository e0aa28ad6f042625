// What was sent, or would have been: to whom, about what, and what became of it.

import { skeleton } from "/static/fleet.js";
import { choice, choose } from "/static/place.js";
import { known, load } from "/static/store.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, icon, isDelivery, mark, moment, spelled } from "/static/words.js";

export const about = "Notifications";

export const every = 1000; // milliseconds between two questions: it is about everything

export function refresh() {
  return load("notifications");
}

const OUTCOMES = { sent: ["ready", "sent"], failed: ["failed", "not delivered"], sending: ["progressing", "on its way"], recorded: ["rendered", "not sent"] };

function identity(line) {
  return [line.time, line.receiver, line.id.cluster, spelled(line.id), line.reason, line.message].join("\n");
}

function matches(line) {
  const text = `${line.id.cluster} ${spelled(line.id)} ${line.reason} ${line.message} ${line.receiver} ${line.host}`.toLowerCase();
  return (!choice("outcome") || line.outcome === choice("outcome")) && choice("q").toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

// JSON is shown as one reads it; a form as its fields; anything else as it is.
function written(request) {
  const kind = request.headers["Content-Type"] ?? "";
  try {
    if (kind.includes("json")) return JSON.stringify(JSON.parse(request.body), null, 2);
    if (kind.includes("form")) return [...new URLSearchParams(request.body)].map(([name, text]) => `${name}: ${text}`).join("\n");
  } catch {
    return request.body;
  }
  return request.body;
}

function request(each) {
  const headers = Object.entries(each.headers).map(([name, text]) => `${name}: ${text}`);
  return h("div", { class: "request" }, h("p", {}, h("b", {}, each.method), " ", h("code", {}, each.url)), headers.length ? h("pre", { class: "faint", tabindex: "0", "aria-label": "Headers" }, headers.join("\n")) : null, each.body ? h("pre", { tabindex: "0", "aria-label": "Body" }, written(each)) : null);
}

function requests(line) {
  if (!line.requests.length) return null;
  return h("details", { class: "requests" }, h("summary", {}, count(line.requests.length, "request")), line.requests.map(request));
}

function notification(line) {
  const [state, word] = OUTCOMES[line.outcome] ?? OUTCOMES.recorded;
  const name = spelled(line.id);
  return h(
    "li",
    { class: line.outcome === "failed" ? "warning" : "" },
    moment(line.time),
    mark(state, word),
    h(
      "div",
      {},
      h("strong", {}, isDelivery(line.id) ? h("a", { href: deliveryUrl(line.id) }, name) : name),
      h("span", { class: "faint" }, line.id.cluster),
      h("p", {}, h("b", {}, line.reason), " ", line.message),
      h("p", { class: "to" }, icon("send"), h("span", {}, [line.receiver, line.host].filter(Boolean).join(" at ")), h("span", { class: "tag" }, word), line.error),
      requests(line),
    ),
  );
}

function pills(lines) {
  const kinds = ["failed", "sending", "sent", "recorded"].map((outcome) => [outcome, lines.filter((line) => line.outcome === outcome).length]).filter(([outcome, number]) => number || choice("outcome") === outcome);
  if (kinds.length < 2) return null;
  return kinds.map(([outcome, number]) => {
    const isChosen = choice("outcome") === outcome;
    return h("button", { type: "button", class: "pill", "aria-pressed": isChosen ? "true" : "false", onclick: () => choose({ outcome: isChosen ? "" : outcome }) }, OUTCOMES[outcome][1], h("b", {}, `${number}`));
  });
}

export function view() {
  const { value: page, problem } = known("notifications");
  if (!page) return h("main", { id: "main" }, h("h1", {}, "Notifications"), problem ? h("p", { class: "note failed" }, problem) : skeleton());
  const listed = new Set(page.lines.filter((line) => line.outcome === "failed").map(identity));
  const older = page.dead.filter((line) => !listed.has(identity(line)) && matches(line));
  const found = page.lines.filter(matches);
  const total = page.lines.length + page.leftOut;
  const lead = page.sends ? `${count(total, "notification")}, sent to their receivers` : `${count(total, "notification")}; nothing leaves this machine without nixernetes up --send-notifications`;
  const typed = (event) => choose({ q: event.target.value }, { replaces: true });
  return h(
    "main",
    { id: "main" },
    h("div", { class: "heading" }, h("h1", {}, "Notifications"), h("p", { class: "lead" }, total ? lead : "There are no notifications yet")),
    page.lines.length ? h("div", { class: "toolbar" }, h("label", { class: "search" }, icon("search"), h("input", { id: "search", type: "search", value: choice("q"), placeholder: "Search notifications", "aria-label": "Search notifications", oninput: typed }), h("kbd", {}, "/")), pills(page.lines)) : null,
    found.length ? h("ol", { class: "events wide" }, found.map(notification)) : h("p", { class: "empty" }, page.lines.length ? "No notification matches." : "They come from Alerts and Providers of Flux, and from triggers and subscriptions of Argo CD."),
    older.length ? [h("h2", {}, "Not delivered before"), h("p", { class: "soft" }, "Those that could not be delivered are kept longer than the others."), h("ol", { class: "events wide" }, older.map(notification))] : null,
    page.leftOut ? h("p", { class: "soft" }, `${count(page.leftOut, "older one")} not shown`) : null,
  );
}

export const keys = {};
