// The API beneath the page, and the stream that tells when something has changed.

const meta = (name) => document.querySelector(`meta[name="nixernetes-${name}"]`)?.content ?? "";
const proof = meta("proof");

export const version = meta("version");
export const who = meta("who");
export const mayAct = meta("role") === "operator";
export const isBounded = meta("bounds") === "yes"; // some of it may be changed, and not all

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const tags = new WeakMap(); // of answers: by which the server knows the same one again

async function read(response, before) {
  if (response.status === 304) return before;
  if (response.ok) {
    const value = await response.json();
    const tag = response.headers.get("etag");
    if (tag && typeof value === "object") tags.set(value, tag);
    return value;
  }
  const text = await response.text();
  let told = text.trim();
  try {
    told = JSON.parse(text).error;
  } catch {
    // not JSON: the door speaks plain text
  }
  throw new Refused(told || `the server answers ${response.status}`, response.status);
}

/** Ask for a page of the API; where its answer is still the last one, that is returned. */
export async function ask(name, about = {}, before = undefined) {
  const tag = before && tags.get(before);
  const headers = { accept: "application/json", ...(tag ? { "if-none-match": tag } : {}) };
  return read(await fetch(`/api/v1/${name}?${new URLSearchParams(about)}`, { headers }), before);
}

/** Ask for a change: what it is about has a name of its own. */
export async function change(name, request) {
  const headers = { "content-type": "application/json", "x-csrf-token": proof };
  return read(await fetch(`/api/v1/${name}`, { method: "POST", headers, body: JSON.stringify(request) }));
}

/** Leave: this session is no longer any. */
export async function leave() {
  await fetch("/login/leave", { method: "POST", headers: { "x-csrf-token": proof } });
  location.assign("/login");
}

/** Ask for an action on deliveries or objects. */
export const act = (request) => change("actions", request);

/** Return what came with the page: answers with their questions. */
export function given() {
  try {
    return JSON.parse(document.getElementById("answers").textContent).filter(Boolean);
  } catch {
    return []; // nothing came: it is asked for
  }
}

let number = Number(meta("number")); // of the last change that the page knows of

/** Call `changed` with each change, and `live` with whether the server is there; a page that nobody sees hears nothing. */
export function follow(changed, live) {
  let source = null;
  const listen = () => {
    if (document.hidden) {
      source?.close();
      source = null;
      return;
    }
    if (source) return;
    source = new EventSource("/api/v1/changes");
    source.addEventListener("open", () => live(true));
    source.addEventListener("error", () => live(false));
    source.addEventListener("changed", (event) => {
      if (Number(event.lastEventId) === number) return;
      number = Number(event.lastEventId);
      changed(JSON.parse(event.data));
    });
  };
  document.addEventListener("visibilitychange", listen);
  listen();
}
