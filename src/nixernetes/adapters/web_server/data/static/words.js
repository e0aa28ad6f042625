// What states are called, how they are drawn, and in which order trouble stands.

import { h } from "/static/view.js";

const SHAPES = {
  ready: "M5 8.2l2.1 2.1L11 6",
  failed: "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  suspended: "M6.3 5.6v4.8M9.7 5.6v4.8",
  progressing: "M8 4.6V8l2.2 1.6",
  rendered: "M5.5 8h5",
  unknown: "M8 8h.01",
};
export const STATES = ["failed", "progressing", "suspended", "rendered", "ready"];
const TITLES = { ready: "Ready", failed: "Failed", suspended: "Suspended", progressing: "Progressing", rendered: "Rendered" };

export const title = (state) => TITLES[state] ?? state;
export const rank = (state) => (STATES.includes(state) ? STATES.indexOf(state) : 0);

/** The mark of a state: a shape and a colour, with its name for those who see neither. */
export function mark(state, label) {
  const shape = SHAPES[state] ?? SHAPES.unknown;
  return h(
    "svg",
    { class: `mark ${state}`, viewBox: "0 0 16 16", role: "img", "aria-label": label ?? title(state) },
    h("circle", { cx: 8, cy: 8, r: 6.5, class: "ring" }),
    h("path", { d: shape, class: "sign" }),
  );
}

/** Say in one of our states how an object of a tree stands. */
export function stateOf(line) {
  if (line.available === null || line.available === undefined) return "rendered";
  if (line.available) return "ready";
  return /fail|degraded|error|not ?found|missing|false|backoff|invalid/i.test(`${line.status} ${line.message}`) ? "failed" : "progressing";
}

const PATHS = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM14 14l-3.4-3.4",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z",
  screen: "M2 3h12v8H2zM6 14h4M8 11v3",
  help: "M6 6a2 2 0 1 1 2.6 1.9c-.4.1-.6.5-.6.9v.7M8 12h.01",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 4l4 4-4 4",
  sync: "M13 5A5.5 5.5 0 0 0 3.3 4.3M3 2v2.6h2.6M3 11a5.5 5.5 0 0 0 9.7.7M13 14v-2.6h-2.6",
  refresh: "M13.2 8A5.2 5.2 0 1 1 11.6 4.2L13 5.6M13 2.6v3h-3",
  pause: "M6 4v8M10 4v8",
  play: "M5.5 3.6v8.8L12.4 8z",
  warning: "M8 2.5L14.5 13.5h-13zM8 6.5v3.4M8 11.8h.01",
  scale: "M3 13V9M8 13V6M13 13V3",
  bin: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
  save: "M8 2.5v7M5 6.8l3 3 3-3M3 12.5h10",
  back: "M10 4L6 8l4 4",
  forth: "M6 4l4 4-4 4",
  send: "M14 2L7 9M14 2l-4.5 12L7 9 2 6.5z",
  star: "M8 2l1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
  out: "M6.5 3.5H3v9.5h9.5V9.5M9 3h4v4M13 3L7.5 8.5",
  wide: "M6 4L2 8l4 4M10 4l4 4-4 4",
  narrow: "M2 4l4 4-4 4M14 4l-4 4 4 4",
  leave: "M9.5 5V3h-7v10h7v-2M6 8h8M11.5 5.5L14 8l-2.5 2.5",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
};

export function icon(name) {
  return h("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { d: PATHS[name] }));
}

/** A number as it is read: `Intl` takes ten milliseconds to begin. */
export const amount = (number) => `${number}`.replace(/\B(?=(\d{3})+$)/g, ",");

export const count = (number, noun, plural = `${noun}s`) => `${amount(number)} ${number === 1 ? noun : plural}`;

/** A moment as it is read: the time of today, with the day otherwise. */
export function moment(text) {
  const [day, time] = text.replace("Z", "").split("T");
  return h("time", { datetime: text, title: `${day} ${time} UTC` }, time ?? day);
}

export const ENGINES = { flux: "Flux", argocd: "Argo CD" };

/** `Kind/namespace/name`, as everything else of Nixernetes writes it. */
export const spelled = (id) => [id.kind, id.namespace, id.name].filter(Boolean).join("/");
export const same = (one, two) =>
  one.cluster === two.cluster && one.group === two.group && one.kind === two.kind && one.namespace === two.namespace && one.name === two.name;
const keys = new WeakMap(); // a fleet asks for the key of every delivery each time it is drawn

export function keyOf(id) {
  if (!keys.has(id)) keys.set(id, [id.cluster, id.group, id.kind, id.namespace, id.name].map(encodeURIComponent).join("/"));
  return keys.get(id);
}


/** Read what `keyOf` wrote; null where it is something else. */
export function idOf(text) {
  const parts = text.split("/");
  if (parts.length !== 5) return null;
  try {
    const [cluster, group, kind, namespace, name] = parts.map(decodeURIComponent);
    return { cluster, group, kind, namespace, name };
  } catch {
    return null;
  }
}

export function deliveryUrl(id, more = {}) {
  const { cluster, kind, namespace, name } = id;
  return `/delivery?${new URLSearchParams({ cluster, kind, namespace, name, ...more })}`;
}

export const KINDS_OF_DELIVERIES = new Set([
  ...["GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket", "ArtifactGenerator"],
  ...["ResourceSet", "Kustomization", "HelmRelease", "ApplicationSet", "Application"],
]);
const ENGINE_GROUPS = /(\.toolkit\.fluxcd\.io|\.fluxcd\.io|\.extensions\.fluxcd\.io|^argoproj\.io|controlplane\.io)$/;
export const isDelivery = (id) => KINDS_OF_DELIVERIES.has(id.kind) && ENGINE_GROUPS.test(id.group);
