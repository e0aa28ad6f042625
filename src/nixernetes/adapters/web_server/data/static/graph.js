// A graph as a picture that can be walked: nodes are links in the order of reading, arrows go from one to the next.

import { inColumn, laidOut } from "/static/layout.js";
import { changed } from "/static/store.js";
import { h } from "/static/view.js";
import { mark, title } from "/static/words.js";

const SIZES = [[256, 148], [212, 124], [188, 108], [176, 76]]; // of a node and of the gap to the next
const NARROW = 620; // pixels: less than that is one column
const ROOMY = 900; // from here on one scrolls rather than reads a column

let memo = { key: null };

function layout(page, space, column) {
  if (memo.key === page && memo.space === space) return memo.found;
  const found = space < NARROW ? inColumn(page.nodes, page.edges, { width: space, column }) : best(page, space, column);
  memo = { key: page, space, found };
  return found;
}

/** Lay out as wide as there is room for, down to nodes and gaps that can still be read. */
function best(page, space, column) {
  for (const [width, gap] of SIZES) {
    const found = { ...laidOut(page.nodes, page.edges, { width, gap, column }), node: width, gap };
    if (found.width <= space) return found;
  }
  if (space < ROOMY) return inColumn(page.nodes, page.edges, { width: space, column });
  const [width, gap] = SIZES[2];
  return { ...laidOut(page.nodes, page.edges, { width, gap, column }), node: width, gap };
}

function curve(points) {
  const parts = [];
  for (let at = 0; at < points.length; at += 2) {
    const [[x1, y1], [x2, y2]] = [points[at], points[at + 1]];
    const bend = Math.max((x2 - x1) / 2, 24);
    parts.push(`${at ? "L" : "M"}${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
  }
  return parts.join(" ");
}

function arc({ from, to }) {
  const [y1, y2] = [from.y + from.size / 2, to.y + to.size / 2];
  const out = Math.min(6 + Math.abs(y2 - y1) / 14, 26);
  return `M${from.x} ${y1} C${from.x - out} ${y1} ${to.x - out} ${y2} ${to.x} ${y2}`;
}

function line(edge) {
  const path = edge.isArc ? arc(edge) : curve(edge.points);
  const isBad = edge.texts.some((each) => each.problem) || edge.leadsBack;
  return path ? h("path", { d: path, class: isBad ? "edge bad" : "edge", "marker-end": isBad ? "url(#arrow-bad)" : "url(#arrow)" }) : null;
}

const cut = (text, most) => (text.length > most ? `…${text.slice(1 - most)}` : text); // of a host and a path the path

function labels(edge, found, page) {
  if (edge.isArc || !edge.points.length) return null;
  const isMissing = [edge.start, edge.end].some((at) => page.nodes[at].state === "missing");
  const [x, y] = edge.points[edge.points.length - 1];
  const told = edge.texts.filter(({ text, problem }) => text || (problem && !isMissing));
  const most = Math.floor((found.gap - 20) / 6.2);
  return told.map(({ text, problem }, at) => h("text", { x: x - 12, y: y - 5 - (told.length - 1) * 9 + at * 18, class: problem ? "told bad" : "told", "text-anchor": "end" }, h("title", {}, [text, problem].filter(Boolean).join(": ")), cut(text || problem, most)));
}

/** Say in words what leads to a node: for those who do not see the lines. */
function leading(page, at) {
  const found = page.edges.filter((edge) => edge.end === at).map((edge) => [`after ${page.nodes[edge.start].id.name}`, edge.text, edge.problem].filter(Boolean).join(" "));
  return found.join(", ");
}

function node(page, cell, width, { href, open, chosen }) {
  const { node: found } = cell;
  const { id } = found;
  const isMissing = found.state === "missing";
  const words = leading(page, cell.at);
  const problems = page.edges.filter((edge) => edge.end === cell.at && edge.problem && !isMissing).map((edge) => [edge.text, edge.problem].filter(Boolean).join(": "));
  const inner = [
    h("span", { class: "line" }, mark(isMissing ? "failed" : found.state, isMissing ? "Not there" : found.state === "unknown" ? "Not verified" : title(found.state)), h("strong", {}, id.name)),
    h("span", { class: `said${found.state === "failed" || isMissing ? " loud" : ""}` }, h("span", { class: "kind" }, id.kind), found.text || [id.namespace].filter(Boolean).join("")),
    words ? h("span", { class: "away" }, words) : null,
  ];
  const about = {
    key: `${id.cluster}/${id.group}/${id.kind}/${id.namespace}/${id.name}`, class: `node ${found.state}${found.isOwn ? " own" : ""}${chosen(id) ? " chosen" : ""}`, title: [`${id.kind}/${id.namespace}/${id.name}`, found.text, ...problems].join("\n"),
    style: { left: `${cell.x}px`, top: `${cell.y}px`, width: `${cell.width ?? width}px`, height: `${cell.size}px` }, "data-at": `${cell.at}`,
  };
  if (isMissing) return h("div", { ...about, role: "listitem", tabindex: "0" }, inner);
  const target = href(id);
  return h("div", { key: about.key, role: "listitem", class: "cell" }, h(target ? "a" : "button", { ...about, key: undefined, ...(target ? { href: target } : { type: "button", onclick: () => open(id) }) }, inner));
}

/** Go to the nearest node in a direction. */
function walk(event) {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  const from = event.target.closest?.("[data-at]");
  if (!step || !from) return;
  const centre = (each) => [each.offsetLeft + each.offsetWidth / 2, each.offsetTop + each.offsetHeight / 2];
  const [x, y] = centre(from);
  let nearest = null;
  for (const each of event.currentTarget.querySelectorAll("[data-at]")) {
    const [dx, dy] = [centre(each)[0] - x, centre(each)[1] - y];
    const along = dx * step[0] + dy * step[1];
    const aside = Math.abs(dx * step[1]) + Math.abs(dy * step[0]);
    if (each === from || along <= 4) continue;
    const cost = along + 2 * aside;
    if (!nearest || cost < nearest.cost) nearest = { each, cost };
  }
  event.preventDefault();
  nearest?.each.focus();
}

const arrow = (id, name) => h("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, h("path", { d: "M1 1L7 4L1 7", class: name }));

/** Describe a graph; `href` gives the address of a node, or `open` opens it. */
export function graph(name, page, { label, href = () => "", open = () => {}, chosen = () => false, column = () => 0 }) {
  const box = document.getElementById(name);
  const space = Math.max((box?.clientWidth ?? Math.min(window.innerWidth, 1408) - 48) - 34, 240);
  const found = layout(page, space, column);
  const fitted = (node) => {
    requestAnimationFrame(() => {
      if (Math.abs(Math.max(node.clientWidth - 34, 240) - space) > 4) changed(); // its room was guessed, or is another now
    });
  };
  const places = [...found.places].sort((one, two) => one.x - two.x || one.y - two.y);
  return h(
    "div",
    { id: name, class: "graph", role: "region", "aria-label": label, tabindex: "0", onkeydown: walk, after: fitted },
    h(
      "div",
      { class: "sheet-of", role: "list", "aria-label": label, style: { width: `${found.width}px`, height: `${found.height}px` } },
      h("svg", { width: found.width, height: found.height, "aria-hidden": "true" }, h("defs", {}, arrow("arrow", "tip"), arrow("arrow-bad", "tip bad")), found.edges.map(line), found.edges.map((edge) => labels(edge, found, page))),
      places.map((cell) => node(page, cell, found.node, { href, open, chosen })),
    ),
  );
}
