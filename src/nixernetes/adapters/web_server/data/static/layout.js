// Where the nodes of a graph stand: in layers, so that every edge leads on; the same graph always stands the same.

const GAP = 14; // between two nodes of a layer
const LANE = 20; // what an edge takes at a node
const LEAST = 58; // of a node's height
const SWEEPS = 6;

/**
 * Return the layers of nodes by the longest way to each, none before its column; an edge of a circle leads back and
 * moves nobody.
 */
function layered(columns, edges) {
  const count = columns.length;
  const out = Array.from({ length: count }, () => []);
  for (const edge of edges) out[edge.start].push(edge);
  const state = new Array(count).fill(0);
  const order = [];
  const visit = (from) => {
    const stack = [[from, 0]];
    state[from] = 1;
    while (stack.length) {
      const top = stack[stack.length - 1];
      const edge = out[top[0]][top[1]];
      if (!edge) {
        state[top[0]] = 2;
        order.push(top[0]);
        stack.pop();
        continue;
      }
      top[1] += 1;
      if (state[edge.end] === 1) edge.leadsBack = true;
      else if (state[edge.end] === 0) {
        state[edge.end] = 1;
        stack.push([edge.end, 0]);
      }
    }
  };
  for (let node = 0; node < count; node += 1) if (!state[node]) visit(node);
  const layer = [...columns];
  for (const node of order.reverse()) for (const edge of out[node]) if (!edge.leadsBack) layer[edge.end] = Math.max(layer[edge.end], layer[node] + 1);
  const used = [...new Set(layer)].sort((one, two) => one - two);
  return layer.map((each) => used.indexOf(each));
}

/** Join edges between the same two nodes: what is said of them stands together. */
function joined(edges) {
  const found = new Map();
  for (const { start, end, text, problem } of edges) {
    const key = `${start} ${end}`;
    const edge = found.get(key) ?? { start, end, texts: [], leadsBack: start === end };
    edge.texts.push({ text, problem });
    found.set(key, edge);
  }
  return [...found.values()];
}

const mean = (found) => found.reduce((sum, each) => sum + each, 0) / found.length;

/** Lay out a graph: places of nodes, and for each edge the points that it passes. */
export function laidOut(nodes, given, { width, gap, column }) {
  const edges = joined(given);
  const layer = layered(nodes.map(column), edges);
  const cells = nodes.map((node, at) => ({ node, at, layer: layer[at], before: [], after: [], size: LEAST }));
  for (const edge of edges) {
    edge.cells = [cells[edge.start]];
    if (edge.leadsBack || layer[edge.end] <= layer[edge.start]) edge.leadsBack = true;
    else {
      for (let between = layer[edge.start] + 1; between < layer[edge.end]; between += 1) {
        const cell = { node: null, at: cells.length, layer: between, before: [], after: [], size: LANE };
        cells.push(cell);
        edge.cells.push(cell);
      }
      edge.cells.push(cells[edge.end]);
      for (let step = 1; step < edge.cells.length; step += 1) {
        edge.cells[step - 1].after.push(edge.cells[step]);
        edge.cells[step].before.push(edge.cells[step - 1]);
      }
    }
  }
  const lanes = (cell) => edges.filter((edge) => !edge.leadsBack && edge.end === cell.at).reduce((sum, edge) => sum + Math.max(edge.texts.length, 1), 0);
  for (const cell of cells) if (cell.node) cell.size = Math.max(LEAST, LANE * lanes(cell), LANE * cell.after.length);
  const layers = [];
  for (const cell of cells) (layers[cell.layer] ??= []).push(cell);
  place(layers);
  const top = Math.min(...cells.map((cell) => cell.y), 0);
  for (const cell of cells) {
    cell.x = cell.layer * (width + gap);
    cell.y -= top;
  }
  const found = cells.slice(0, nodes.length);
  return { places: found, edges: edges.map((edge) => ({ ...edge, points: points(edge, width) })), width: layers.length * (width + gap) - gap, height: Math.max(...cells.map((cell) => cell.y + cell.size), 0) };
}

/** Order each layer by its neighbours, so that few edges cross, and stand everything near to what it is joined to. */
function place(layers) {
  for (const layer of layers) stand(layer, () => null);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForth = sweep % 2 === 0;
    const walked = isForth ? layers : [...layers].reverse();
    for (const layer of walked) {
      const near = (cell) => {
        const found = isForth ? cell.before : cell.after;
        return found.length ? mean(found.map(middle)) : null;
      };
      const rank = new Map(layer.map((cell, at) => [cell, near(cell) ?? middle(cell) + at / 1e6]));
      layer.sort((one, two) => rank.get(one) - rank.get(two) || one.at - two.at);
      stand(layer, near);
    }
  }
}

const middle = (cell) => cell.y + cell.size / 2;

function stand(layer, near) {
  let next = -Infinity;
  const pushed = [];
  for (const cell of layer) {
    const wanted = near(cell);
    const y = wanted === null ? (Number.isFinite(next) ? next : (cell.y ?? 0)) : wanted - cell.size / 2;
    cell.y = Math.max(y, next);
    pushed.push(cell.y - y);
    next = cell.y + cell.size + GAP;
  }
  const shift = pushed.length ? Math.max(...pushed) / 2 : 0; // who was pushed down takes the others half of the way up
  for (const cell of layer) cell.y -= shift;
}

function points(edge, width) {
  const { cells } = edge;
  if (edge.leadsBack) return [];
  const at = (list, other, cell) => {
    const sorted = [...list].sort((one, two) => middle(one) - middle(two) || one.at - two.at);
    return cell.y + (cell.size * (sorted.indexOf(other) + 0.5)) / sorted.length;
  };
  const found = [];
  for (let step = 1; step < cells.length; step += 1) {
    const [one, two] = [cells[step - 1], cells[step]];
    found.push([one.x + width, one.node ? at(one.after, two, one) : middle(one)]);
    found.push([two.x, two.node ? at(two.before, one, two) : middle(two)]);
  }
  return found;
}

/** Lay out the same graph in one column, for a narrow window: edges lead along the left. */
export function inColumn(nodes, given, { width, column }) {
  const edges = joined(given);
  const layer = layered(nodes.map(column), edges);
  const order = nodes.map((_, at) => at).sort((one, two) => layer[one] - layer[two] || one - two);
  const step = 12;
  const gutter = 28;
  const places = [];
  order.forEach((at, row) => {
    const x = gutter + Math.min(layer[at], 4) * step;
    places[at] = { node: nodes[at], at, x, y: row * (LEAST + GAP), size: LEAST, width: width - x };
  });
  return { places, edges: edges.map((edge) => ({ ...edge, isArc: true, from: places[edge.start], to: places[edge.end] })), width, height: nodes.length * (LEAST + GAP) };
}
