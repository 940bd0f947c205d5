// Places for the nodes of a drawing in layers, from the left to the right; the same input gives the same drawing.

const ROUNDS = 8;

/**
 * Lays out `nodes` of the shape `{ layer, height }` with `edges` as pairs of their places, which lead to a later layer.
 * `dense` packs every layer at the top, for many nodes. Returns `{ y, paths, height }`: the upper end of each node, and for each edge the points between its ends.
 */
export function layout(nodes, edges, gap, dense = false) {
  const all = nodes.map((node, at) => ({ layer: node.layer, height: node.height, at, before: [], after: [], y: 0 }));
  const links = edges.map(([from, to]) => through(all, from, to));
  const depth = Math.max(0, ...all.map((one) => one.layer)) + 1;
  const layers = Array.from({ length: depth }, (_, layer) => all.filter((one) => one.layer === layer));
  for (let round = 0; round < ROUNDS; round += 1) {
    const forward = round % 2 === 0;
    for (const layer of forward ? layers : layers.toReversed()) order(layer, forward ? "before" : "after");
  }
  for (const layer of layers) spread(layer, gap, () => 0);
  if (!dense) settle(layers, gap);
  const top = Math.min(0, ...all.map((one) => one.y));
  for (const one of all) one.y -= top;
  return {
    y: nodes.map((_, at) => all[at].y),
    paths: links.map((link) => link.slice(1, -1).map(({ layer, y, height: h }) => ({ layer, y: y + h / 2 }))),
    height: Math.max(0, ...all.map((one) => one.y + one.height)),
  };
}

/** Moves the nodes of packed layers to the height of their neighbours. */
function settle(layers, gap) {
  const height = Math.max(0, ...layers.map((layer) => end(layer)));
  for (const layer of layers) {
    const shift = (height - end(layer)) / 2;
    for (const one of layer) one.y += shift;
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const forward = round % 2 === 0;
    for (const layer of forward ? layers : layers.toReversed()) {
      spread(layer, gap, (one) => wish(one, forward ? one.before : one.after), true);
    }
  }
}

/** An edge over several layers gets a thin place in each, so that it does not cross the nodes there. */
function through(all, from, to) {
  const link = [all[from]];
  for (let layer = all[from].layer + 1; layer < all[to].layer; layer += 1) {
    const thin = { layer, height: 4, thin: true, at: all.length, before: [], after: [], y: 0 };
    all.push(thin);
    link.push(thin);
  }
  link.push(all[to]);
  for (let at = 1; at < link.length; at += 1) {
    link[at - 1].after.push(link[at]);
    link[at].before.push(link[at - 1]);
  }
  return link;
}

/** Sorts a layer by the mean place of its neighbours on one side; those without keep theirs. */
function order(layer, side) {
  layer.forEach((one, place) => { one.place = place; });
  const mean = (one) => one[side].length > 0 ? one[side].reduce((sum, other) => sum + (other.place ?? 0), 0) / one[side].length : one.place;
  const keys = new Map(layer.map((one) => [one, mean(one)]));
  layer.sort((a, b) => keys.get(a) - keys.get(b) || a.at - b.at);
  layer.forEach((one, place) => { one.place = place; });
}

function wish(one, neighbours) {
  if (neighbours.length === 0) return one.y;
  const centre = neighbours.reduce((sum, other) => sum + other.y + other.height / 2, 0) / neighbours.length;
  return centre - one.height / 2;
}

/** Sets the layer's nodes as near as can be to where they wish to be, in their order and apart from each other. */
function spread(layer, gap, want, centred) {
  const wishes = layer.map(want);
  let free = -Infinity;
  layer.forEach((one, at) => {
    one.y = Math.max(wishes[at], free);
    free = one.y + one.height + (one.thin && layer[at + 1]?.thin ? gap / 2 : gap);
  });
  if (!centred || layer.length === 0) return;
  const drift = layer.reduce((sum, one, at) => sum + one.y - wishes[at], 0) / layer.length;
  for (const one of layer) one.y -= drift;
}

function end(layer) {
  const last = layer.at(-1);
  return last ? last.y + last.height : 0;
}

/** Layers by the longest way of references; a reference back in a circle is turned round. */
export function longest(count, edges) {
  const after = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) after[from].push(to);
  const state = new Uint8Array(count);
  const depth = new Array(count).fill(0);
  const back = new Set();
  const visit = (node) => {
    state[node] = 1;
    for (const next of after[node]) {
      if (state[next] === 1) {
        back.add(`${node} ${next}`);
        continue;
      }
      if (state[next] === 0) visit(next);
      depth[node] = Math.max(depth[node], depth[next] + 1);
    }
    state[node] = 2;
  };
  for (let node = 0; node < count; node += 1) if (state[node] === 0) visit(node);
  const most = Math.max(0, ...depth);
  const forward = edges.map(([from, to]) => back.has(`${from} ${to}`) ? [to, from] : [from, to]);
  const layers = depth.map((one) => most - one);
  return { layers, edges: forward.filter(([from, to]) => layers[from] < layers[to]) };
}
