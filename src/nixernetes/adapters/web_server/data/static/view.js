// Values that describe elements, and the elements that they become. Texts are texts: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

/** Describe an element. `key` in the properties keeps it the same one when its place changes. */
export function h(tag, properties, ...children) {
  const given = properties ?? {};
  return { tag, properties: given, key: given.key, children: flat(children) };
}

function flat(children) {
  const found = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === true) continue;
    if (Array.isArray(child)) found.push(...flat(child));
    else found.push(typeof child === "object" ? child : String(child));
  }
  return found;
}

/** Make what is in a parent be what is described, and touch nothing that is right already. */
export function draw(parent, children) {
  const wanted = flat([children]);
  const kept = new Map();
  for (const node of parent.childNodes) if (node.described?.key !== undefined) kept.set(node.described.key, node);
  let present = parent.firstChild;
  for (const child of wanted) {
    let node = null;
    if (child.key !== undefined && kept.has(child.key)) {
      node = kept.get(child.key);
      if (node.described.tag !== child.tag) node = null;
    } else if (present && present.described?.key === undefined && fits(present, child)) node = present;
    if (node === null) {
      node = make(child, parent);
      parent.insertBefore(node, present);
    } else if (node === present) present = present.nextSibling;
    else parent.insertBefore(node, present);
    update(node, child);
  }
  while (present) {
    const next = present.nextSibling;
    present.remove();
    present = next;
  }
}

function fits(node, child) {
  if (typeof child === "string") return node.nodeType === Node.TEXT_NODE;
  return node.described?.tag === child.tag && child.key === undefined;
}

function make(child, parent) {
  if (typeof child === "string") return document.createTextNode(child);
  const isDrawing = child.tag === "svg" || (parent.namespaceURI === SVG && parent.tagName !== "foreignObject");
  return isDrawing ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
}

function update(node, child) {
  if (typeof child === "string") {
    if (node.data !== child) node.data = child;
    return;
  }
  if (node.described === child) return; // described once and kept: nothing of it has changed
  const before = node.described?.properties ?? {};
  node.described = child;
  for (const name of Object.keys(before)) if (!(name in child.properties)) set(node, name, undefined);
  for (const name of Object.keys(before.style ?? {})) if (!(name in (child.properties.style ?? {}))) node.style.removeProperty(name);
  draw(node, child.children);
  for (const [name, value] of Object.entries(child.properties)) {
    if (name.startsWith("on") || value !== before[name] || name === "value" || name === "checked") set(node, name, value);
  }
  child.properties.after?.(node);
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "indeterminate", "tabIndex"]);

function set(node, name, value) {
  if (name === "key" || name === "after") return;
  if (name.startsWith("on")) node[name] = value ?? null;
  else if (name === "style") for (const [each, text] of Object.entries(value ?? {})) node.style.setProperty(each, text);
  else if (PROPERTIES.has(name)) {
    const wanted = value ?? (name === "value" ? "" : false);
    if (node[name] !== wanted) node[name] = wanted;
  } else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}
