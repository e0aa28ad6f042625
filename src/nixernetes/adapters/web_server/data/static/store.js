// What the page knows: the last answer of each question, what was wrong, and what is chosen here alone.

import { ask, given } from "/static/server.js";
import { keyOf, KINDS_OF_DELIVERIES } from "/static/words.js";

export const store = {
  answers: new Map(), // by question: { value, problem, told }
  chosen: new Map(), // deliveries for an action on many, by their key
  folded: new Set(), // objects of trees that are folded, by their key
  folds: 0, // how often one was folded or unfolded
  isLive: true,
  dialog: null, // what a dialog shows
  notices: [], // what came of actions
  cursor: -1, // the row that the keyboard is on
};

const MOST = 60; // answers that are kept

let redraw = () => {};
let isDue = false;

/** Say who draws the page. */
export function drawnBy(callback) {
  redraw = callback;
}

/** Have the page drawn once before the next picture. */
export function changed() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    redraw();
  });
}

/** Draw at once. */
export const drawNow = () => redraw();

const FLEET = "fleet";
const CLOCK = "clock";

/** Answers that come in parts, by the name of their question: what is asked beside it, and how an answer follows the last one. */
export const parts = new Map([[FLEET, { more: (_, value) => (value?.revision ? { since: value.revision } : {}), join: (before, answer) => (typeof answer.since === "number" ? joined(before, answer) : answer) }]]);

export const named = (name, about) => `${name}?${new URLSearchParams(about)}`;

const fresh = new Set(); // questions of which the answer came with the page, and was not asked for yet

for (const { name, about, value } of given()) {
  fresh.add(named(name, about));
  keep(named(name, about), value);
}

/** Say that something has changed since the page came. */
export const outdated = () => fresh.clear();

/** Return what is known of a question: its value, or what is wrong, or neither yet. */
export function known(name, about = {}) {
  return store.answers.get(named(name, about)) ?? {};
}

function keep(question, value) {
  store.answers.delete(question); // the one that came last stands last
  store.answers.set(question, { value, problem: "", told: Date.now() });
}

/** Ask, keep the answer, draw. A problem leaves the last answer where it is. */
export async function load(name, about = {}) {
  const question = named(name, about);
  if (fresh.delete(question)) return;
  try {
    const { value } = store.answers.get(question) ?? {};
    const { more, join } = parts.get(name) ?? {};
    const answer = await ask(name, more ? { ...about, ...more(question, value) } : about, join ? undefined : value);
    keep(question, join && value ? join(value, answer) : answer);
  } catch (error) {
    const { value } = store.answers.get(question) ?? {};
    const status = error.status ?? 0;
    store.answers.set(question, { value: status === 404 ? undefined : value, problem: error.message, status, told: Date.now() });
  }
  for (const oldest of store.answers.keys()) {
    if (store.answers.size <= MOST) break;
    if (oldest !== named(FLEET, {}) && oldest !== named(CLOCK, {})) store.answers.delete(oldest);
  }
  changed();
}

/** Take the lines that changed, where they follow what is known; tell whether they do. */
export function taken(fleet) {
  const { value } = known(FLEET);
  if (!fleet || !value || !value.revision || fleet.since === null || fleet.since > value.revision) return false;
  if (fleet.revision >= value.revision) keep(named(FLEET, {}), joined(value, fleet));
  changed();
  return true;
}

const KINDS = [...KINDS_OF_DELIVERIES];
const order = (id) => [id.cluster, String(KINDS.indexOf(id.kind)).padStart(2, "0"), id.namespace, id.name];

function byOrder(one, two) {
  const [first, second] = [order(one.id), order(two.id)];
  for (let at = 0; at < first.length; at += 1) if (first[at] !== second[at]) return first[at] < second[at] ? -1 : 1;
  return 0;
}

/** Return a fleet with the lines that are others in their places: a line that stays is the very same. */
function joined(before, answer) {
  const others = new Map(answer.deliveries.map((line) => [keyOf(line.id), line]));
  const gone = new Set(answer.gone.map(keyOf));
  if (!others.size && !gone.size) return { ...answer, deliveries: before.deliveries };
  const found = [];
  for (const line of before.deliveries) {
    const key = keyOf(line.id);
    if (others.has(key)) found.push(others.get(key));
    else if (!gone.has(key)) found.push(line);
    others.delete(key);
  }
  if (others.size) found.push(...others.values());
  return { ...answer, deliveries: others.size ? found.sort(byOrder) : found };
}
