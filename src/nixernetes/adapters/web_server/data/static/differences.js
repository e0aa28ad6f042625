// Where two texts differ, line by line: one below the other, or side by side, with what is the same folded.

import { choice, choose } from "/static/place.js";
import { h } from "/static/view.js";
import { count, mark } from "/static/words.js";

const MOST_STEPS = 1500; // of the search for the shortest way; texts that differ more are shown as one block each
const NEAR = 3; // lines around a change that are shown, too

/** Return the steps from one list of lines to another: kept, taken out, put in. After E. Myers, "An O(ND) Difference Algorithm". */
export function steps(one, two) {
  let head = 0;
  while (head < one.length && head < two.length && one[head] === two[head]) head += 1;
  let tail = 0;
  while (tail < one.length - head && tail < two.length - head && one[one.length - 1 - tail] === two[two.length - 1 - tail]) tail += 1;
  const [first, second] = [one.slice(head, one.length - tail), two.slice(head, two.length - tail)];
  const same = (lines) => lines.map((text) => ({ kind: "same", text }));
  return [...same(one.slice(0, head)), ...between(first, second), ...same(one.slice(one.length - tail))];
}

function between(one, two) {
  const trail = search(one, two);
  if (!trail) return [...one.map((text) => ({ kind: "minus", text })), ...two.map((text) => ({ kind: "plus", text }))];
  const found = [];
  let [x, y] = [one.length, two.length];
  for (let depth = trail.length - 1; depth >= 0; depth -= 1) {
    const reach = trail[depth];
    const line = x - y;
    const isDown = line === -depth || (line !== depth && (reach.get(line - 1) ?? -1) < (reach.get(line + 1) ?? -1));
    const before = isDown ? line + 1 : line - 1;
    const start = depth ? (reach.get(before) ?? 0) : 0;
    const [fromX, fromY] = depth ? [start, start - before] : [0, 0];
    while (x > fromX && y > fromY && x > 0 && y > 0 && one[x - 1] === two[y - 1]) {
      found.push({ kind: "same", text: one[x - 1] });
      x -= 1;
      y -= 1;
    }
    if (depth) {
      found.push(isDown ? { kind: "plus", text: two[y - 1] } : { kind: "minus", text: one[x - 1] });
      [x, y] = [fromX, fromY];
    }
  }
  return found.reverse();
}

function search(one, two) {
  const trail = [];
  const reach = new Map([[1, 0]]);
  for (let depth = 0; depth <= Math.min(one.length + two.length, MOST_STEPS); depth += 1) {
    trail.push(new Map(reach));
    for (let line = -depth; line <= depth; line += 2) {
      let x = line === -depth || (line !== depth && (reach.get(line - 1) ?? -1) < (reach.get(line + 1) ?? -1)) ? (reach.get(line + 1) ?? 0) : (reach.get(line - 1) ?? 0) + 1;
      let y = x - line;
      while (x < one.length && y < two.length && one[x] === two[y]) {
        x += 1;
        y += 1;
      }
      reach.set(line, x);
      if (x >= one.length && y >= two.length) return trail;
    }
  }
  return null;
}

/** Number the lines on both sides, and fold what is far from every change. */
function numbered(found, isWhole) {
  let [left, right] = [0, 0];
  const lines = found.map((step) => {
    if (step.kind !== "plus") left += 1;
    if (step.kind !== "minus") right += 1;
    return { ...step, left: step.kind === "plus" ? 0 : left, right: step.kind === "minus" ? 0 : right };
  });
  if (isWhole) return lines;
  const near = new Array(lines.length).fill(false);
  lines.forEach((line, at) => {
    if (line.kind !== "same") for (let beside = Math.max(at - NEAR, 0); beside <= Math.min(at + NEAR, lines.length - 1); beside += 1) near[beside] = true;
  });
  const shown = [];
  lines.forEach((line, at) => {
    if (near[at]) shown.push(line);
    else if (shown[shown.length - 1]?.kind === "gap") shown[shown.length - 1].count += 1;
    else shown.push({ kind: "gap", count: 1 });
  });
  return shown;
}

/** Pair what was taken out with what was put in its place. */
function paired(lines) {
  const found = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at].kind === "same" || lines[at].kind === "gap") {
      found.push([lines[at], lines[at]]);
      at += 1;
      continue;
    }
    const [out, put] = [[], []];
    for (; at < lines.length && ["minus", "plus"].includes(lines[at].kind); at += 1) (lines[at].kind === "minus" ? out : put).push(lines[at]);
    for (let row = 0; row < Math.max(out.length, put.length); row += 1) found.push([out[row] ?? null, put[row] ?? null]);
  }
  return found;
}

const number = (value) => h("td", { class: "no" }, value ? `${value}` : "");
const SIGNS = { minus: "−", plus: "+", same: " " };
const cell = (line) => h("td", { class: line ? line.kind : "none" }, line ? [h("span", { class: "sign-of", "aria-hidden": "true" }, SIGNS[line.kind]), h("span", { class: "away" }, line.kind === "minus" ? "live: " : line.kind === "plus" ? "desired: " : ""), line.text] : "");
const gap = (line, span) => h("tr", { class: "gap" }, h("td", { colspan: span }, `${count(line.count, "line")} the same`));

function inline(lines) {
  return lines.map((line) => (line.kind === "gap" ? gap(line, 3) : h("tr", {}, number(line.left), number(line.right), cell(line))));
}

function aside(lines) {
  return paired(lines).map(([left, right]) => (left?.kind === "gap" ? gap(left, 4) : h("tr", {}, number(left?.left), cell(left), number(right?.right), cell(right))));
}

let memo = {};

/** Describe both texts. */
function whole(compared, isAside, isWhole) {
  const { live, desired } = compared;
  if (memo.live === live && memo.desired === desired && memo.isAside === isAside && memo.isWhole === isWhole) return memo.found;
  const lines = numbered(steps(live.trimEnd().split("\n"), desired.trimEnd().split("\n")), isWhole);
  const head = isAside ? [["2", "Live"], ["2", "Desired"]] : [["3", "Live, and desired"]];
  const found = h("div", { class: "differs", tabindex: "0", role: "region", "aria-label": "Live and desired" }, h("table", { class: isAside ? "aside" : "inline" }, h("colgroup", {}, (isAside ? ["no", "", "no", ""] : ["no", "no", ""]).map((name) => h("col", { class: name }))), h("thead", {}, h("tr", {}, head.map(([span, text]) => h("th", { colspan: span, scope: "colgroup" }, text)))), h("tbody", {}, isAside ? aside(lines) : inline(lines))));
  memo = { live, desired, isAside, isWhole, found };
  return found;
}

function fields(page) {
  const side = (name, label, value) => (value === null ? h("p", { class: `side ${name}` }, h("b", {}, label), h("i", {}, "not set")) : h("pre", { class: `side ${name}` }, h("b", {}, label), value));
  return h("ul", { class: "fields" }, page.diff.map((each) => h("li", {}, h("code", {}, each.path), side("minus", "live", each.live), side("plus", "desired", each.desired))));
}

const WAYS = { "": "Fields", inline: "Inline", side: "Side by side" };

/** Describe where an object differs from what its delivery wants. */
export function difference(page) {
  if (page.diffSays) return h("p", { class: "empty" }, page.diffSays);
  const way = page.compared && choice("cmp") in WAYS ? choice("cmp") : "";
  const isWhole = choice("all") === "yes";
  const ways = page.compared ? h("div", { class: "segments", role: "group", "aria-label": "Compared as" }, Object.entries(WAYS).map(([name, label]) => h("button", { type: "button", "aria-pressed": way === name ? "true" : "false", onclick: () => choose({ cmp: name, ...(name === "side" ? { wide: "yes" } : {}) }) }, label))) : null;
  const more = way ? h("button", { type: "button", class: "pill", "aria-pressed": isWhole ? "true" : "false", onclick: () => choose({ all: isWhole ? "" : "yes" }) }, "Whole object") : null;
  const isSame = !page.diff.length;
  const told = isSame ? h("p", { class: "empty" }, mark("ready", "Same"), " Applying it again would change nothing.") : h("p", { class: "soft" }, `${count(page.diff.length, "field")} would change when it is applied again:`);
  return [h("div", { class: "toolbar" }, ways, more), told, way ? (isSame && !isWhole ? null : whole(page.compared, way === "side", isWhole)) : isSame ? null : fields(page)];
}
