// Where one is: the URL holds every choice, so that each view can be shared and the back button works.

let told = () => {};

let read = null; // every row asks what is chosen, and the browser takes long to say where it is: it is asked once a move

function place() {
  if (read) return read;
  const url = new URL(location.href);
  return (read = { url, choices: new Map([...url.searchParams].reverse()) });
}

/** Return the present address; whoever changes it makes a copy. */
export const here = () => place().url;

export const choice = (name) => place().choices.get(name) ?? "";

export function onMove(callback) {
  told = callback;
  for (const name of ["popstate", "hashchange"]) addEventListener(name, () => moved(name === "popstate"));
}

const leaving = [];

/** Say what ends when the address does not have it any more. */
export function onLeave(isHere, leave) {
  leaving.push([isHere, leave]);
}

function moved(isOther) {
  read = null;
  for (const [isHere, leave] of leaving) if (!isHere()) leave();
  told(isOther);
}

/** Go to another view. */
export function go(target) {
  history.pushState(null, "", target);
  moved(true);
}

/** Choose within this view; typing replaces the last step, and another question (`isOther`) is asked at once. */
export function choose(choices, { replaces = false, isOther = false } = {}) {
  const url = new URL(here());
  for (const [name, value] of Object.entries(choices)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (url.href === location.href) return;
  history[replaces ? "replaceState" : "pushState"](null, "", url);
  moved(isOther);
}

/** Follow links of this page without loading it again. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith("/api/") || url.pathname.startsWith("/static/")) return;
    event.preventDefault();
    if (url.href !== location.href) go(url);
  });
}
