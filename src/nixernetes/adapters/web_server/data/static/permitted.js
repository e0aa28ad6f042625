// What somebody may change who may not change everything: asked for one object at a time, and told where it is refused.

import { isBounded, mayAct } from "/static/server.js";
import { known, load, named } from "/static/store.js";
import { h } from "/static/view.js";

const NAME = "permission";
const asking = new Set();
const about = ({ cluster, group, kind, namespace, name }) => ({ cluster, group, kind, namespace, name });

/** Return why an object may not be changed by whoever looks; null while that is not known. */
export function refusalOf(id) {
  if (!mayAct) return "this session only looks";
  if (!isBounded) return "";
  const question = named(NAME, about(id));
  const { value, problem } = known(NAME, about(id));
  if (value) return value.refused;
  if (!problem && !asking.has(question)) {
    asking.add(question);
    load(NAME, about(id)).finally(() => asking.delete(question));
  }
  return problem || null;
}

export const mayChange = (id) => refusalOf(id) === "";

/** Say why there are no buttons; nothing for those who look anyway. */
export function refused(id) {
  const why = mayAct ? refusalOf(id) : "";
  return why ? h("p", { class: "soft refused" }, why) : null;
}
