// The drawing of an application: who leads to whom.

import { s, h } from "./dom.js";
import { kind, service } from "./format.js";
import { layout, longest } from "./layout.js";

const WIDTH = 200;
const HEIGHT = 42;
const COLUMN = 280;
const ROW = 12;
/** Above everything, for the names of the columns. */
const TOP = 26;
/** Above a group of stacks, for their names. */
const HEAD = 34;
/** Between two groups. */
const BAND = 36;

/** Types that an application is thought of in, with the column that they stand in. */
const MAIN = {
  "AWS::CloudFront::Distribution": 0, "AWS::Amplify::App": 0,
  "AWS::CloudFront::Function": 1, "AWS::ApiGateway::RestApi": 1, "AWS::ApiGatewayV2::Api": 1,
  "AWS::Lambda::Function": 2,
  "AWS::DynamoDB::Table": 3, "AWS::DynamoDB::GlobalTable": 3, "AWS::S3::Bucket": 3, "AWS::Cognito::UserPool": 3,
  "AWS::SecretsManager::Secret": 3, "AWS::SQS::Queue": 3, "AWS::SNS::Topic": 3, "AWS::CloudFront::KeyValueStore": 3,
};
const COLUMNS = ["Front", "Edge and APIs", "Functions", "Data and users"];

/** Writing to these calls the functions that they refer to. */
const CALLERS = ["AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::SQS::Queue", "AWS::SNS::Topic"];
/** The security policy of a page names whom the page may connect to. */
const PAGE_POLICY = "AWS::CloudFront::ResponseHeadersPolicy";
/** What refers to a site or an API only by its address. */
const ASIDE = [PAGE_POLICY, "AWS::Cognito::UserPoolClient"];

/**
 * The main resources only: what refers to two of them, such as a route, or leads from one to the other, such as a role,
 * becomes a line between them. That a function knows the address of its site is no line.
 */
function main(nodes, edges) {
  const chosen = nodes.flatMap((node, at) => node.kind in MAIN ? [at] : []);
  const place = new Map(chosen.map((at, index) => [at, index]));
  const after = nodes.map(() => []);
  for (const [from, to] of edges) after[from].push(to);
  const reached = (from, passes) => {
    const [found, seen, open] = [new Set(), new Set([from]), [...after[from]]];
    while (open.length > 0) {
      const at = open.pop();
      if (seen.has(at)) continue;
      seen.add(at);
      if (place.has(at)) found.add(at);
      else if (passes(nodes[at].kind)) open.push(...after[at]);
    }
    return [...found];
  };
  const lines = new Map();
  const join = (from, to, soft) => {
    if (MAIN[nodes[from].kind] >= MAIN[nodes[to].kind]) return;
    const key = `${from} ${to}`;
    if (!lines.has(key)) lines.set(key, { ends: [place.get(from), place.get(to)], soft });
  };
  /** What a tying resource refers to first on a request's way leads to the others. */
  const star = (ats) => {
    const first = Math.min(...ats.map((at) => MAIN[nodes[at].kind]));
    for (const one of ats) if (MAIN[nodes[one].kind] === first) ats.forEach((other) => join(one, other, false));
  };
  nodes.forEach((node, at) => {
    const found = reached(at, (type) => !ASIDE.includes(type));
    if (!place.has(at)) {
      if (joins(node.kind)) star(found);
    } else if (CALLERS.includes(node.kind)) {
      found.filter((other) => nodes[other].kind === "AWS::Lambda::Function").forEach((other) => star([at, other]));
    } else {
      found.forEach((other) => join(at, other, false));
    }
  });
  for (const at of chosen) for (const other of reached(at, (type) => type === PAGE_POLICY)) join(at, other, true);
  const all = [...lines.values()];
  return {
    nodes: chosen.map((at) => ({ ...nodes[at], layer: MAIN[nodes[at].kind] })),
    edges: all.map(({ ends }) => ends),
    soft: all.map(({ soft }) => soft),
    columns: COLUMNS,
  };
}

/** Whether a resource ties what it refers to: a route its API and its function. A policy that several share does not. */
function joins(type) {
  return !/^AWS::(IAM|Cognito|CloudWatch|Logs)::/.test(type) && type !== PAGE_POLICY;
}

function everything(nodes, edges) {
  const { layers, edges: forward } = longest(nodes.length, edges);
  // Every group of stacks begins at the left.
  for (const { nodes: band } of bands({ nodes, edges })) {
    const first = Math.min(...band.map((at) => layers[at]));
    for (const at of band) layers[at] -= first;
  }
  return { nodes: nodes.map((node, at) => ({ ...node, layer: layers[at] })), edges: forward, soft: [], columns: [], dense: true };
}

/** Stacks that refer to each other stand together, each such group below the one before. */
function bands(graph) {
  const group = new Map(graph.nodes.map(({ stack }) => [stack, stack]));
  const of = (stack) => group.get(stack) === stack ? stack : of(group.get(stack));
  for (const [from, to] of graph.edges) group.set(of(graph.nodes[from].stack), of(graph.nodes[to].stack));
  const found = new Map();
  graph.nodes.forEach(({ stack }, at) => {
    const key = of(stack);
    if (!found.has(key)) found.set(key, { stacks: [], nodes: [] });
    const band = found.get(key);
    if (!band.stacks.includes(stack)) band.stacks.push(stack);
    band.nodes.push(at);
  });
  return [...found.values()];
}

/** Places for everything: the upper ends of the nodes, the ways of the edges, and the bands' headings. */
function arranged(graph, top) {
  const y = [];
  const paths = [];
  const heads = [];
  let below = top;
  for (const band of bands(graph)) {
    const place = new Map(band.nodes.map((at, index) => [at, index]));
    const own = graph.edges.flatMap(([from], at) => place.has(from) ? [at] : []);
    const ends = own.map((at) => graph.edges[at].map((end) => place.get(end)));
    const made = layout(band.nodes.map((at) => ({ layer: graph.nodes[at].layer, height: HEIGHT })), ends, ROW, graph.dense);
    heads.push({ text: band.stacks.join(", "), y: below + 14 });
    const shift = below + HEAD;
    band.nodes.forEach((at, index) => { y[at] = made.y[index] + shift; });
    own.forEach((at, index) => { paths[at] = made.paths[index].map((point) => ({ ...point, y: point.y + shift })); });
    below = shift + made.height + BAND;
  }
  return { y, paths, heads, height: below - BAND + 4 };
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
  const titled = graph.columns.some(Boolean);
  const { y, paths, heads, height } = arranged(graph, titled ? TOP : 0);
  const width = (graph.columns.length - 1) * COLUMN + WIDTH + 4;
  const lines = graph.edges.map(([from, to], at) => {
    const ends = [[graph.nodes[from].layer * COLUMN + WIDTH + 2, y[from] + HEIGHT / 2]];
    for (const point of paths[at]) ends.push([point.layer * COLUMN + 2, point.y], [point.layer * COLUMN + WIDTH + 2, point.y]);
    ends.push([graph.nodes[to].layer * COLUMN + 2, y[to] + HEIGHT / 2]);
    return s("path", { class: graph.soft[at] ? "edge soft" : "edge", d: curve(ends), "data-from": from, "data-to": to });
  });
  const columns = graph.columns.map((text, layer) => text && s("text", { class: "column", x: layer * COLUMN + 2, y: 14 }, text));
  const titles = heads.map((head) => [
    s("line", { class: "rule", x1: 0, x2: width, y1: head.y + 6, y2: head.y + 6 }),
    s("text", { class: "stack", x: 2, y: head.y }, head.text),
  ]);
  const boxes = graph.nodes.map((node, at) => box(node, at, y[at], chosen));
  const picture = s("svg", {
    class: "graph", role: "group", "aria-label": "Drawing of the resources", width, height, viewBox: `0 0 ${width} ${height}`,
  }, s("g", { "aria-hidden": "true" }, columns, titles), s("g", { class: "edges" }, lines), boxes);
  lightUp(picture);
  const says = whole
    ? "A line leads from a resource to what it refers to."
    : `A line leads from what calls to what is called${graph.soft.includes(true) ? "; a dashed one says that a site’s pages may connect there" : ""}.`;
  return [
    h("div", { class: whole ? "canvas whole" : "canvas", tabindex: "0", role: "region", "aria-label": "Drawing" }, picture),
    h("p", { class: "dim says" }, says),
  ];
}

function curve(points) {
  const [[x0, y0], ...rest] = points;
  let [path, x, y, flat] = [`M${x0} ${y0.toFixed(1)}`, x0, y0, false];
  for (const [nextX, nextY] of rest) {
    const middle = (x + nextX) / 2;
    path += flat ? `H${nextX}` : `C${middle} ${y.toFixed(1)} ${middle} ${nextY.toFixed(1)} ${nextX} ${nextY.toFixed(1)}`;
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
  },
  s("title", null, `${node.id} · ${node.kind}`),
  s("rect", { class: "box", x, y, width: WIDTH, height: HEIGHT, rx: 5 }),
  s("rect", { class: "side", x, y, width: 5, height: HEIGHT, rx: 2 }),
  s("text", { class: "name", x: x + 15, y: y + 18 }, short(node.name, 21)),
  s("text", { class: "kind", x: x + 15, y: y + 33 }, short(kind(node.kind) + (node.runs ? "" : " · not run"), 28)));
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
