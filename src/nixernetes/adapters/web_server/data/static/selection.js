// Which objects take part in a sync: all of them, those that are out of sync, or what is chosen.

import { changed, known, load } from "/static/store.js";
import { isWhole, want } from "/static/tree_lines.js";
import { h } from "/static/view.js";
import { count, keyOf, mark, spelled, stateOf } from "/static/words.js";

const SHOWN = 400;
const about = ({ cluster, kind, namespace, name }) => ({ cluster, kind, namespace, name });

/** Return what an Application has brought, or is to bring; null where that is not known yet. */
function brought(line) {
  const { value } = known("delivery", about(line.id));
  if (value) want(value, about(line.id));
  return value && isWhole(value) ? value.tree.filter((each) => each.role === "brought") : null;
}

function opened(dialog) {
  dialog.picks = dialog.picks ?? new Map();
  if (!brought(dialog.lines[0])) load("delivery", about(dialog.lines[0].id));
  changed();
}

/** Describe the choice of objects for a sync of one Application. */
export function selection(dialog) {
  const { picks } = dialog;
  const rows = picks ? brought(dialog.lines[0]) : null;
  const pick = (line) => (event) => {
    if (event.target.checked) picks.set(keyOf(line.id), line.id);
    else picks.delete(keyOf(line.id));
    dialog.options.resources = [...picks.values()];
    changed();
  };
  const all = (found) => () => {
    picks.clear();
    for (const line of found) picks.set(keyOf(line.id), line.id);
    dialog.options.resources = [...picks.values()];
    changed();
  };
  const isOff = (line) => /OutOfSync|Missing/.test(line.status);
  const list = () => [
    h("p", { class: "line" }, h("button", { type: "button", onclick: all(rows.filter(isOff)) }, "Out of sync"), h("button", { type: "button", onclick: all(rows) }, "All"), h("button", { type: "button", onclick: all([]) }, "None")),
    h("ul", { class: "picks" }, rows.slice(0, SHOWN).map((line) => h("li", {}, h("label", { class: "option" }, h("input", { type: "checkbox", checked: picks.has(keyOf(line.id)), onchange: pick(line) }), h("span", {}, mark(stateOf(line), line.status || undefined), spelled(line.id)))))),
  ];
  return h(
    "details",
    { class: "parts", ontoggle: (event) => event.target.open && opened(dialog) },
    h("summary", {}, picks?.size ? `${count(picks.size, "object")} chosen${picks.size === 1 ? ": it alone takes" : ": they alone take"} part, without hooks` : "All objects take part; choose some"),
    picks ? (rows ? list() : h("p", { class: "soft" }, "…")) : null,
  );
}
