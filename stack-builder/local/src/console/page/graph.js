// The drawing of an application: who leads to whom.

import { s, h } from "./dom.js";
import { kind, service } from "./format.js";
import { layout, longest } from "./layout.js";

const WIDTH = 186;
const HEIGHT = 42;
const COLUMN = 268;
const ROW = 12;
const TOP = 30;

/** Types that an application is thought of in, with the column that they stand in. */
const MAIN = {
  "AWS::CloudFront::Distribution": 0, "AWS::Amplify::App": 0,
  "AWS::CloudFront::Function": 1, "AWS::ApiGateway::RestApi": 1, "AWS::ApiGatewayV2::Api": 1,
  "AWS::Lambda::Function": 2,
  "AWS::DynamoDB::Table": 3, "AWS::DynamoDB::GlobalTable": 3, "AWS::S3::Bucket": 3, "AWS::Cognito::UserPool": 3,
  "AWS::SecretsManager::Secret": 3, "AWS::SQS::Queue": 3, "AWS::SNS::Topic": 3, "AWS::CloudFront::KeyValueStore": 3,
};
const COLUMNS = ["Front", "Edge and APIs", "Functions", "Data and users"];

/** The main resources only: what refers to two of them, such as a route or a role, becomes a line between them. */
function main(nodes, edges) {
  const chosen = nodes.flatMap((node, at) => node.kind in MAIN ? [at] : []);
  const place = new Map(chosen.map((at, index) => [at, index]));
  const after = nodes.map(() => []);
  for (const [from, to] of edges) after[from].push(to);
  const reached = (from) => {
    const [found, seen, open] = [new Set(), new Set([from]), [...after[from]]];
    while (open.length > 0) {
      const at = open.pop();
      if (seen.has(at)) continue;
      seen.add(at);
      if (place.has(at)) found.add(at);
      else open.push(...after[at]);
    }
    return [...found];
  };
  const lines = new Map();
  const join = (one, other) => {
    const [from, to] = MAIN[nodes[one].kind] <= MAIN[nodes[other].kind] ? [one, other] : [other, one];
    if (MAIN[nodes[from].kind] < MAIN[nodes[to].kind]) lines.set(`${from} ${to}`, [place.get(from), place.get(to)]);
  };
  nodes.forEach((_, at) => {
    const found = reached(at);
    if (place.has(at)) found.forEach((other) => join(at, other));
    // A role leads its functions to tables by itself; joining what it names would tie tables to each other.
    else if (joins(nodes[at].kind)) found.forEach((one) => found.forEach((other) => join(one, other)));
  });
  return {
    nodes: chosen.map((at) => ({ ...nodes[at], layer: MAIN[nodes[at].kind] })),
    edges: [...lines.values()],
    columns: COLUMNS,
  };
}

function joins(type) {
  return !type.startsWith("AWS::IAM::") && !type.startsWith("AWS::Cognito::") && !type.startsWith("AWS::CloudWatch::");
}

function everything(nodes, edges) {
  const { layers, edges: forward } = longest(nodes.length, edges);
  return { nodes: nodes.map((node, at) => ({ ...node, layer: layers[at] })), edges: forward, columns: [] };
}

/** Leaves out columns in which nothing stands. */
function packed(graph) {
  const used = [...new Set(graph.nodes.map((node) => node.layer))].sort((a, b) => a - b);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, layer: used.indexOf(node.layer) })),
    columns: used.map((layer) => graph.columns[layer] ?? ""),
  };
}

/** The drawing; `whole` shows every resource. */
export function drawing(nodes, edges, whole, chosen) {
  const graph = packed(whole ? everything(nodes, edges) : main(nodes, edges));
  const sized = graph.nodes.map(({ layer }) => ({ layer, height: HEIGHT }));
  const { y, paths, height } = layout(sized, graph.edges, ROW);
  const top = graph.columns.some(Boolean) ? TOP : 4;
  const width = (graph.columns.length - 1) * COLUMN + WIDTH + 4;
  const lines = graph.edges.map(([from, to], at) => {
    const ends = [[graph.nodes[from].layer * COLUMN + WIDTH + 2, y[from] + HEIGHT / 2]];
    for (const point of paths[at]) ends.push([point.layer * COLUMN + 2, point.y], [point.layer * COLUMN + WIDTH + 2, point.y]);
    ends.push([graph.nodes[to].layer * COLUMN + 2, y[to] + HEIGHT / 2]);
    return s("path", { class: "edge", d: curve(ends, top), "data-from": from, "data-to": to });
  });
  const heads = graph.columns.map((text, layer) => text && s("text", { class: "column", x: layer * COLUMN + 2, y: 14 }, text));
  const boxes = graph.nodes.map((node, at) => box(node, at, y[at] + top, chosen));
  const picture = s("svg", {
    class: "graph", role: "group", "aria-label": "Drawing of the resources", width, height: height + top + 4,
    viewBox: `0 0 ${width} ${height + top + 4}`,
  }, s("g", { "aria-hidden": "true" }, heads), s("g", { class: "edges" }, lines), boxes);
  lightUp(picture);
  return h("div", { class: "canvas", tabindex: "0", role: "region", "aria-label": "Drawing" }, picture);
}

function curve(points, top) {
  const [[x0, y0], ...rest] = points;
  let [path, x, y, flat] = [`M${x0} ${(y0 + top).toFixed(1)}`, x0, y0, false];
  for (const [nextX, nextY] of rest) {
    const middle = (x + nextX) / 2;
    path += flat ? `H${nextX}` : `C${middle} ${(y + top).toFixed(1)} ${middle} ${(nextY + top).toFixed(1)} ${nextX} ${(nextY + top).toFixed(1)}`;
    [x, y, flat] = [nextX, nextY, !flat];
  }
  return path;
}

function box(node, at, y, chosen) {
  const short = (text, most) => text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const x = node.layer * COLUMN + 2;
  const href = `#/resources/${node.id.split("/").map(encodeURIComponent).join("/")}`;
  const classes = ["node", `of-${service(node.kind).toLowerCase()}`, !node.runs && "off", node.id === chosen && "chosen"];
  return s("a", {
    class: classes.filter(Boolean).join(" "), href, "data-at": at, "data-key": `node-${node.id}`,
    "aria-label": `${node.name}, ${kind(node.kind)}${node.runs ? "" : ", not run"}`,
  },
  s("title", null, `${node.id} · ${node.kind}`),
  s("rect", { class: "box", x, y, width: WIDTH, height: HEIGHT, rx: 5 }),
  s("rect", { class: "side", x, y, width: 5, height: HEIGHT, rx: 2 }),
  s("text", { class: "name", x: x + 15, y: y + 18 }, short(node.name, 23)),
  s("text", { class: "kind", x: x + 15, y: y + 33 }, short(kind(node.kind) + (node.runs ? "" : " · not run"), 29)));
}

/** Shows the lines of the node that is pointed at or has the focus. */
function lightUp(picture) {
  const light = (event) => {
    const at = event.target.closest?.(".node")?.dataset.at;
    for (const line of picture.querySelectorAll(".edge")) {
      line.classList.toggle("lit", at !== undefined && (line.dataset.from === at || line.dataset.to === at));
    }
  };
  const dark = () => picture.querySelectorAll(".lit").forEach((line) => line.classList.remove("lit"));
  picture.addEventListener("pointerover", light);
  picture.addEventListener("focusin", light);
  picture.addEventListener("pointerleave", dark);
  picture.addEventListener("focusout", dark);
}
