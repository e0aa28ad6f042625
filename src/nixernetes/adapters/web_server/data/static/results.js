// What came of an action: a notice while it goes, and all of it, object by object, in a panel.

import { changed, store } from "/static/store.js";
import { h } from "/static/view.js";
import { count, icon, mark } from "/static/words.js";
import { ended } from "/static/removal.js";

const FEW = 300; // rows that are drawn

const counted = (rows) => {
  const numbers = new Map();
  for (const { status } of rows) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  return [...numbers].map(([status, number]) => `${number.toLocaleString("en")} ${status}`).join(", ");
};

function row(each) {
  const where = [each.hook ? `${each.hook} hook` : each.phase, each.wave === null ? "" : `wave ${each.wave}`].filter(Boolean).join(", ");
  return h("li", {}, ended(each.status), h("div", {}, h("strong", {}, each.name), h("span", { class: "faint" }, [each.status, where].filter(Boolean).join(" · ")), each.message ? h("p", {}, each.message) : null));
}

/** Describe the panel of what came of one action. */
export function results(notice, close) {
  return [
    h("h2", { id: "dialog-title" }, mark(notice.state, notice.state === "ready" ? "Done" : undefined), " ", notice.title),
    h("p", {}, notice.text),
    notice.waits ? h("p", { class: "note progressing" }, mark("progressing"), h("span", {}, notice.waits)) : null,
    notice.rows.length ? h("p", { class: "soft" }, counted(notice.rows)) : null,
    notice.rows.length ? h("ul", { class: "events results" }, notice.rows.slice(0, FEW).map(row)) : null,
    notice.rows.length > FEW ? h("p", { class: "soft" }, `and ${notice.rows.length - FEW} more`) : null,
    notice.lines.length ? h("ul", {}, notice.lines.map((line) => h("li", {}, line))) : null,
    h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", onclick: close, "data-first": true }, "Close")),
  ];
}

/** Describe what came of the latest actions. */
export function notices() {
  const drop = (notice) => () => {
    store.notices = store.notices.filter((each) => each !== notice);
    changed();
  };
  const open = (notice) => () => {
    store.dialog = { kind: "results", notice, back: document.activeElement };
    changed();
  };
  const about = (notice) => (notice.rows.length ? count(notice.rows.length, "object") : count(notice.lines.length, "line"));
  return h(
    "div",
    { class: "notices", role: "status", "aria-live": "polite" },
    store.notices.map((notice) =>
      h(
        "article",
        { class: `notice ${notice.state}` },
        mark(notice.state, notice.state === "ready" ? "Done" : undefined),
        h("div", {}, h("strong", {}, notice.title), h("p", {}, notice.text), notice.waits ? h("p", { class: "soft" }, notice.waits) : null, notice.lines.length || notice.rows.length ? h("button", { type: "button", class: "more", onclick: open(notice) }, about(notice)) : null),
        h("button", { type: "button", class: "bare", "aria-label": "Dismiss", onclick: drop(notice) }, icon("close")),
      ),
    ),
  );
}
