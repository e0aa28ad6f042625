// Which lines of a long tree are here: the first few hundred, and more as they are shown, searched or sorted.

import { load, named, parts } from "/static/store.js";

const NAME = "delivery";
const FIRST = 300;
const AHEAD = 300; // lines beyond those that are shown
const wanted = new Map(); // by the question: how many lines of its tree
const asking = new Set();

function more(question, page) {
  const most = wanted.get(question) ?? FIRST;
  return { ...(most === Infinity ? {} : { lines: most }), have: page?.treeName ?? "" };
}

/** Return a page with all lines that are here: a line that stayed is the very same, and so is a tree. */
function join(before, page) {
  if (!page.treeSpans) return page;
  const tree = [];
  let at = 0;
  for (const { at: from, had, count } of page.treeSpans) {
    while (tree.length < from) tree.push(page.tree[at++]);
    for (let each = 0; each < count; each += 1) tree.push(before.tree[had + each]);
  }
  while (at < page.tree.length) tree.push(page.tree[at++]);
  const isSame = tree.length === before.tree.length && tree.every((line, each) => line === before.tree[each]);
  return { ...page, tree: isSame ? before.tree : tree };
}

parts.set(NAME, { more, join });

export const isWhole = (page) => page.tree.length >= page.treeSize;

/** Ask for more of a tree, so that so many lines are here: all of them where no number is said. */
export async function want(page, about, least = Infinity) {
  const question = named(NAME, about);
  if (isWhole(page) || least <= page.tree.length || asking.has(question)) return;
  if (wanted.size > 60) wanted.clear();
  wanted.set(question, Math.max(wanted.get(question) ?? FIRST, least + AHEAD));
  asking.add(question);
  await load(NAME, about);
  asking.delete(question);
}
