// What the page knows: the last answer of each question, what was wrong, and what is chosen here alone.

import { ask } from "/static/server.js";

export const store = {
  answers: new Map(), // by question: { value, problem, told }
  chosen: new Map(), // deliveries for an action on many, by their key
  folded: new Set(), // objects of trees that are folded, by their key
  isLive: true,
  dialog: null, // what a dialog shows
  notices: [], // what came of actions
  cursor: -1, // the row that the keyboard is on
};

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

const named = (name, about) => `${name}?${new URLSearchParams(about)}`;

/** Return what is known of a question: its value, or what is wrong, or neither yet. */
export function known(name, about = {}) {
  return store.answers.get(named(name, about)) ?? {};
}

/** Ask, keep the answer, draw. A problem leaves the last answer where it is. */
export async function load(name, about = {}) {
  const question = named(name, about);
  try {
    store.answers.set(question, { value: await ask(name, about), problem: "", told: Date.now() });
  } catch (error) {
    const { value } = store.answers.get(question) ?? {};
    const status = error.status ?? 0;
    store.answers.set(question, { value: status === 404 ? undefined : value, problem: error.message, status, told: Date.now() });
  }
  if (store.answers.size > 60) store.answers.delete(store.answers.keys().next().value);
  changed();
}
