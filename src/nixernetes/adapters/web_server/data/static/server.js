// The API beneath the page, and the stream that tells when something has changed.

const meta = (name) => document.querySelector(`meta[name="nixernetes-${name}"]`)?.content ?? "";
const proof = meta("proof");

export const version = meta("version");
export const mayAct = meta("role") === "operator";

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function read(response) {
  if (response.ok) return response.json();
  const text = await response.text();
  let told = text.trim();
  try {
    told = JSON.parse(text).error;
  } catch {
    // not JSON: the door speaks plain text
  }
  throw new Refused(told || `the server answers ${response.status}`, response.status);
}

/** Ask for a page of the API. */
export async function ask(name, about = {}) {
  return read(await fetch(`/api/v1/${name}?${new URLSearchParams(about)}`, { headers: { accept: "application/json" } }));
}

/** Ask for a change. */
export async function act(request) {
  const headers = { "content-type": "application/json", "x-csrf-token": proof };
  return read(await fetch("/api/v1/actions", { method: "POST", headers, body: JSON.stringify(request) }));
}

/** Call `changed` after each change, and `live` with whether the server is there. */
export function follow(changed, live) {
  const source = new EventSource("/api/v1/changes");
  source.addEventListener("open", () => live(true));
  source.addEventListener("error", () => live(false));
  source.addEventListener("changed", changed);
}
