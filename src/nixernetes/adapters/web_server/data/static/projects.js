// The AppProjects of Argo CD.

import { list, pairs, part, surveyed, users } from "/static/survey.js";
import { h } from "/static/view.js";
import { count, moment } from "/static/words.js";

const state = (project) => (!project.isThere || project.users.some((user) => user.forbidden.length) ? "failed" : project.windows.some(isClosed) ? "suspended" : "rendered");
const isClosed = (window) => window.problem || (window.kind === "deny" ? window.isOpen : !window.isOpen);

function standing(window) {
  if (window.problem) return ["failed", "cannot be read"];
  if (window.kind === "deny") return window.isOpen ? ["suspended", "no sync now"] : ["ready", "not in force"];
  return window.isOpen ? ["ready", "open: syncs may run"] : ["suspended", "closed: no sync now"];
}

function windowRow(window) {
  const [name, told] = standing(window);
  return h(
    "tr",
    {},
    h("td", {}, h("span", { class: `word ${name}` }, told)),
    h("td", {}, window.kind, " ", h("code", {}, window.schedule)),
    h("td", {}, `for ${window.duration}`, window.manual ? ", by hand at any time" : ""),
    h("td", {}, window.about.join("; ")),
    h("td", {}, window.changes ? [window.kind === "deny" ? (window.isOpen ? "ends " : "begins ") : window.isOpen ? "closes " : "opens ", moment(window.changes), h("span", { class: "faint" }, ` ${window.changes.slice(0, 10)}`)] : window.problem || (window.isOpen ? "never ends" : "")),
  );
}

function role(each) {
  return h("div", { class: "role" }, h("p", {}, h("strong", {}, each.name), each.description ? h("span", { class: "soft" }, ` ${each.description}`) : null, each.groups.map((group) => h("span", { class: "tag" }, group)), each.tokens ? h("span", { class: "tag" }, count(each.tokens, "token")) : null), list(each.policies, true));
}

function troubles(project) {
  return project.users.flatMap((user) => [...user.forbidden, user.orphans].filter(Boolean).map((text) => h("li", {}, h("strong", {}, user.id.name), ` ${text}`)));
}

function body(project) {
  if (!project.isThere) return [h("p", { class: "loud" }, "There is no such project: Argo CD refuses to sync Applications that name it."), part("Named by", users(project.users, project.leftOut))];
  const bad = troubles(project);
  const held = project.users.filter((user) => user.automatic === false);
  return [
    bad.length ? part("What is wrong", h("ul", { class: "plain loud" }, bad)) : null,
    h("div", { class: "columns" }, part("Repositories", list(project.sources, true) ?? h("p", { class: "faint" }, "None: nothing may be deployed.")), part("Destinations", list(project.destinations) ?? h("p", { class: "faint" }, "None: nothing may be deployed.")), part("Allowed kinds", list(project.allowedKinds) ?? h("p", { class: "faint" }, "All namespaced kinds, no cluster-scoped ones.")), part("Denied kinds", list(project.deniedKinds)), part("Applied with the rights of", list(project.accounts, true)), part("Commits signed with", list(project.signatures, true))),
    part("Sync windows", project.windows.length ? h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": `Sync windows of ${project.id.name}` }, h("table", {}, h("tbody", {}, project.windows.map(windowRow)))) : null, held.length ? h("p", { class: "soft" }, `They hold back now: ${held.map((user) => user.id.name).join(", ")}${held.every((user) => user.manual) ? "; a sync by hand goes on" : ""}.`) : null),
    part("Roles", project.roles.map(role)),
    part("Used by", users(project.users, project.leftOut)),
    project.orphaned.length ? part("Orphaned resources", h("ul", { class: "chips" }, project.orphaned.map((id) => h("li", { class: "chip", title: id.cluster }, h("span", { class: "kind" }, id.kind), `${id.namespace}/${id.name}`))), h("p", { class: "soft" }, "They are in the namespaces that the project delivers to, and belong to no Application.")) : null,
    pairs([["Looks for orphaned resources", project.orphans], ["Applications may stand in", project.sourceNamespaces.join(", ")]]),
  ];
}

export const { about, every, refresh, view, keys } = surveyed({
  name: "projects",
  title: "Projects",
  about: "What AppProjects of Argo CD allow, and who uses them",
  lead: (items) => (items.length ? `${count(items.length, "project")} of Argo CD: what each allows, and who uses it` : "What AppProjects of Argo CD allow, and who uses them"),
  empty: () => [h("p", {}, "There is no AppProject here, and no Application that names one."), h("p", { class: "soft" }, "Projects are Argo CD's way to restrict what may go where; Flux uses service accounts and RBAC for this.")],
  items: (page) => page.projects,
  key: (project) => `${project.id.cluster}/${project.id.name}`,
  facets: { cluster: ["Cluster", (project) => project.id.cluster] },
  head: (project) => ({
    state: state(project),
    label: project.isThere ? (state(project) === "suspended" ? "A window blocks syncs" : "Project") : "Not there",
    name: project.id.name,
    kind: project.id.cluster,
    tags: [project.windows.some(isClosed) && "window closed", project.roles.length && count(project.roles.length, "role")],
    says: project.isThere ? project.description || `${project.sources.join(", ") || "no repository"} to ${project.destinations.join(", ") || "nowhere"}` : "it does not exist",
    isLoud: !project.isThere,
    end: count(project.users.length + project.leftOut, "Application"),
  }),
  body,
});
