// Where files come from: sources of Flux, repositories of Argo CD.

import { pairs, part, surveyed, users } from "/static/survey.js";
import { h } from "/static/view.js";
import { count, deliveryUrl, ENGINES, isDelivery, moment } from "/static/words.js";

function fetched(source) {
  return source.fetched ? [moment(source.fetched), h("span", { class: "faint" }, ` ${source.fetched.slice(0, 10)}`)] : "";
}

function body(source) {
  const isLoud = source.state === "failed";
  return [
    source.message ? h("p", { class: isLoud ? "loud" : "soft" }, source.message) : null,
    pairs([["Where", source.url], ["Wanted", source.wanted], ["Fetched last", source.revision], ["At", fetched(source)], ["Looked at every", source.interval], ["Credentials", [source.secret, source.secretSays && `(${source.secretSays})`].filter(Boolean).join(" ")], ["Verified by", source.verifies], ["Declared", source.origin]]),
    part("Used by", users(source.users, source.leftOut)),
    isDelivery(source.id) && source.isThere ? h("p", {}, h("a", { href: deliveryUrl(source.id) }, "Open this source")) : null,
  ];
}

export const { about, every, refresh, view, keys } = surveyed({
  name: "sources",
  title: "Sources",
  about: "Sources and their users",
  lead: (items) => {
    const bad = items.filter((each) => each.state === "failed").length;
    return items.length ? `${count(items.length, "source")} and who has files from each${bad ? `; ${bad} in trouble` : ""}` : "Sources and their users";
  },
  empty: () => [h("p", {}, "There is no source here: no GitRepository, OCIRepository, HelmRepository or Bucket of Flux, no repository of Argo CD."), h("p", { class: "soft" }, "They appear here as soon as a cluster has one.")],
  items: (page) => page.sources,
  key: (source) => [source.id.cluster, source.kind, source.id.namespace, source.id.name].join("/"),
  facets: { cluster: ["Cluster", (each) => each.id.cluster], engine: ["Engine", (each) => each.engine, (each) => ENGINES[each]], kind: ["Kind", (each) => each.kind], state: ["State", (each) => each.state] },
  head: (source) => ({
    state: source.state,
    name: source.id.name,
    kind: source.kind,
    tags: [ENGINES[source.engine], source.revision],
    says: source.state === "failed" ? source.message : source.url === source.id.name ? source.message : source.url,
    isLoud: source.state === "failed",
    end: source.users.length ? count(source.users.length + source.leftOut, "user") : "unused",
  }),
  body,
});
