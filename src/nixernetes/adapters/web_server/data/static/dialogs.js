// What stands above the page: what an action will do, the keys, and what came of actions.

import { act, ask } from "/static/server.js";
import { changed, store } from "/static/store.js";
import { h } from "/static/view.js";
import { count, spelled } from "/static/words.js";
import { beginRemoval, removal } from "/static/removal.js";
import { results } from "/static/results.js";
import { selection } from "/static/selection.js";
import { faultDialog } from "/static/time.js";

const KEYS = [
  ["/", "search"],
  ["j  k", "next and previous row"],
  ["Enter", "open"],
  ["x", "select for an action on several"],
  ["h  l", "fold and unfold a tree; the moment before and the next"],
  ["s  r", "sync, refresh"],
  ["p", "suspend or resume"],
  ["u", "back to the fleet"],
  ["g f  g w  g h  g a  g n", "go to fleet, reasons, history, activity, notifications"],
  ["g c  g p  g s  g o", "go to clusters, projects, sources, policies"],
  ["g d  g r", "go to findings, review, of a repository"],
  [".  >  o", "virtual time: a step, the next event, run or pause"],
  ["t", "light, dark, as the system"],
  ["Esc", "close, leave, clear"],
  ["?", "these keys"],
];
const LATEST = 4; // notices that are shown

const VERBS = { sync: "Sync", refresh: "Refresh", suspend: "Suspend", resume: "Resume", rollback: "Roll back", terminate: "End the operation of", restart: "Restart", scale: "Scale", delete: "Delete", confirm: "Confirm deletions of" };
const DOES = { terminate: "End it", confirm: "Confirm" };
const OPTIONS = { prune: false, dryRun: false, hard: false, force: false, applyOnly: false, replace: false };

/** Ask in words before something is done. */
export function propose(verb, lines, more = {}, told = "") {
  if (!lines.length) return;
  const dialog = { kind: "action", verb, lines, told, options: { ...OPTIONS, ...more } };
  if (verb === "delete") beginRemoval(dialog);
  open(dialog);
}

export function showKeys() {
  open({ kind: "keys" });
}

function open(dialog) {
  store.dialog = { ...dialog, back: document.activeElement };
  changed();
}

export function closeDialog() {
  const back = store.dialog?.back;
  store.dialog = null;
  changed();
  back?.focus?.();
}

/** Say in words what an action does to what is chosen. */
function sentences(verb, lines) {
  const argo = lines.filter((line) => line.engine === "argocd");
  const flux = lines.filter((line) => line.engine === "flux");
  const said = [];
  const on = (found, noun) => (found.length === 1 ? spelled(found[0].id) : count(found.length, noun));
  if (verb === "sync") {
    if (flux.length) said.push(`Flux reconciles ${on(flux, "object")} now, with the source that was fetched last.`);
    if (argo.length) said.push(`Argo CD applies what Git has of ${on(argo, "Application")}, as argocd app sync does.`);
  } else if (verb === "refresh") {
    if (flux.length) said.push(`Flux fetches the source of ${on(flux, "object")} and reconciles then.`);
    if (argo.length) said.push(`Argo CD compares ${on(argo, "Application")} with Git again; only automated sync applies anything.`);
  } else if (verb === "suspend") {
    if (flux.length) said.push(`Flux leaves ${on(flux, "object")} as it is until you resume it: changes in Git and drift have no effect.`);
    if (argo.length) said.push(`Automated sync of ${on(argo, "Application")} is switched off; a sync by hand still works.`);
  } else if (verb === "terminate") said.push(`What the operation has applied stays; running hooks are deleted.`);
  else if (verb === "restart") said.push("Its pods are replaced one after the other, as kubectl rollout restart does.");
  else if (verb === "scale") said.push("It will have this many pods. That is drift: its delivery may set it back.");
  else if (verb === "confirm") said.push("Everything that waits for confirmation is deleted now, as argocd app confirm-deletion does. This cannot be undone.");
  else if (verb === "resume") {
    if (flux.length) said.push(`Flux reconciles ${on(flux, "object")} again, from now on.`);
    if (argo.length) said.push(`Automated sync of ${on(argo, "Application")} is switched on again.`);
  }
  return said;
}

function option(dialog, name, label, hint) {
  const toggled = (event) => {
    dialog.options[name] = event.target.checked;
  };
  return h("label", { class: "option" }, h("input", { type: "checkbox", checked: dialog.options[name], onchange: toggled }), h("span", {}, label, h("small", {}, hint)));
}

function action(dialog) {
  const { verb, lines } = dialog;
  const hasArgo = lines.some((line) => line.engine === "argocd");
  const run = () => {
    closeDialog();
    perform(verb, lines, dialog.options);
  };
  return [
    h("h2", { id: "dialog-title" }, VERBS[verb], " ", lines.length === 1 ? lines[0].id.name : count(lines.length, "delivery", "deliveries")),
    sentences(verb, lines).map((text) => h("p", {}, text)),
    dialog.told ? h("p", {}, dialog.told) : null,
    lines.length > 1
      ? h("ul", { class: "targets" }, lines.slice(0, 8).map((line) => h("li", {}, `${line.id.cluster}: ${spelled(line.id)}`)), lines.length > 8 ? h("li", {}, `and ${lines.length - 8} more`) : null)
      : h("p", { class: "soft" }, "In cluster ", h("strong", {}, lines[0].id.cluster), "."),
    verb === "sync" && hasArgo
      ? h("div", { class: "options" }, option(dialog, "prune", "Prune", "delete what is no longer in Git"), option(dialog, "dryRun", "Dry run", "try it, change nothing"), option(dialog, "applyOnly", "Apply only", "leave hooks out"), option(dialog, "replace", "Replace", "replace objects instead of patching them"), option(dialog, "force", "Force", "delete and recreate what cannot be patched"))
      : null,
    verb === "sync" && hasArgo && lines.length === 1 && !dialog.told ? selection(dialog) : null,
    verb === "delete" ? removal(dialog) : null,
    verb === "scale" ? h("label", { class: "option" }, h("span", {}, "Replicas"), h("input", { type: "number", min: 0, max: 5000, value: `${dialog.options.replicas}`, "data-first": true, oninput: (event) => (dialog.options.replicas = Number(event.target.value)) })) : null,
    verb === "rollback" ? h("div", { class: "options" }, option(dialog, "prune", "Prune", "delete what that revision does not have")) : null,
    verb === "refresh" && hasArgo ? h("div", { class: "options" }, option(dialog, "hard", "Hard", "render everything again")) : null,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: closeDialog, "data-first": verb === "delete" || verb === "confirm" }, "Cancel"), h("button", { type: "button", class: verb === "delete" || verb === "confirm" ? "primary danger" : "primary", onclick: run, "data-first": !["delete", "confirm", "scale"].includes(verb) }, DOES[verb] ?? VERBS[verb])),
  ];
}

function keys() {
  return [
    h("h2", { id: "dialog-title" }, "Keys"),
    h("dl", { class: "keys" }, KEYS.map(([key, what]) => [h("dt", {}, key.split("  ").map((each) => h("span", {}, each.split(" ").map((one) => h("kbd", {}, one))))), h("dd", {}, what)])),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", onclick: closeDialog, "data-first": true }, "Close")),
  ];
}

/** Describe the dialog that is open. */
export function dialog() {
  const { dialog: shown } = store;
  if (!shown) return null;
  const opened = (node) => {
    if (!node.open) {
      node.showModal();
      node.querySelector("[data-first]")?.focus();
    }
  };
  const cancel = (event) => {
    event.preventDefault();
    closeDialog();
  };
  const outside = (event) => {
    if (event.target === event.currentTarget) closeDialog();
  };
  const inner = shown.kind === "keys" ? keys() : shown.kind === "results" ? results(shown.notice, closeDialog) : shown.kind === "fault" ? faultDialog(shown, closeDialog) : action(shown);
  return h("dialog", { key: "dialog", "aria-labelledby": "dialog-title", after: opened, oncancel: cancel, onclick: outside }, h("div", { class: "sheet" }, inner));
}

/** Ask for an action, and tell what comes of it until the engine is done. */
async function perform(verb, lines, options) {
  const title = `${VERBS[verb]} ${lines.length === 1 ? spelled(lines[0].id) : count(lines.length, "delivery", "deliveries")}`;
  const notice = { title, state: "progressing", text: "asked …", waits: "", lines: [], rows: [] };
  store.notices = [notice, ...store.notices].slice(0, LATEST);
  changed();
  try {
    const { results } = await act({ do: verb, targets: lines.map((line) => line.id), ...options });
    const refused = results.filter((each) => !each.ok);
    notice.lines = results.length === 1 ? [] : refused.map((each) => each.message);
    if (lines.length > 1) store.chosen.clear();
    notice.text = results.length === 1 ? results[0].message : `${results.length - refused.length} of ${results.length} asked`;
    if (refused.length === results.length) notice.state = "failed";
    else await settled(verb, notice, results.filter((each) => each.waits), refused.length > 0);
  } catch (error) {
    notice.state = "failed";
    notice.text = error.message;
  }
  changed();
}

const PAUSE = 400; // milliseconds between two questions
const PATIENCE = 120_000;

const SHOWS_ROWS = new Set(["sync", "rollback", "delete", "terminate"]);

async function settled(verb, notice, waiting, someFailed) {
  let open = waiting;
  let failed = someFailed;
  const messages = [];
  for (const end = Date.now() + PATIENCE; open.length && Date.now() < end; ) {
    changed();
    await new Promise((wake) => setTimeout(wake, PAUSE));
    const still = [];
    for (const each of open.slice(0, 20)) {
      const found = await ask("outcome", { ...each.id, asked: each.token });
      if (waiting.length === 1 && SHOWS_ROWS.has(verb)) Object.assign(notice, { rows: found.rows, waits: found.waits });
      if (!found.done) still.push(each);
      else {
        failed ||= !found.ok;
        messages.push([each.id, found]);
      }
    }
    open = [...still, ...open.slice(20)];
    if (waiting.length > 1) notice.text = `${waiting.length - open.length} of ${waiting.length} done`;
  }
  if (messages.length === 1 && messages[0][1].message) notice.text = messages[0][1].message;
  notice.lines.push(...messages.flatMap(([id, found]) => (found.ok ? (notice.rows.length ? [] : found.lines) : [`${spelled(id)}: ${found.message}`, ...found.lines])).slice(0, 30));
  notice.state = failed ? "failed" : open.length ? "progressing" : "ready";
}
