// The resources: a drawing, a list, and one with its properties.

import { h, put, table, nothing, copier, prose, say } from "./dom.js";
import { load } from "./live.js";
import { count, kind, resource, service } from "./format.js";
import { drawing } from "./graph.js";

function facts(one, node, graph) {
  const near = (from, to) => graph.edges.filter((edge) => graph.nodes[edge[from]].id === one.id).map((edge) => graph.nodes[edge[to]]);
  const list = (all) => all.length > 0
    ? h("ul", { class: "near" }, all.map((other) => h("li", null, resource(other.id, other.stack === node?.stack ? other.name : other.id), " ", h("span", { class: "dim" }, kind(other.kind)))))
    : h("p", { class: "dim" }, "Nothing.");
  const attributes = Object.entries(one.attributes).map(([name, value]) => [h("dt", null, name), h("dd", null, h("code", null, value))]);
  return [
    h("p", { class: "back" }, h("a", { href: "#/resources", "data-key": "close" }, "← close")),
    h("h2", null, one.id),
    h("p", null, kind(one.kind), " · ", one.runs ? "runs" : h("strong", null, "not run")),
    one.notes.length > 0 && h("ul", { class: "reasons" }, one.notes.map((note) => h("li", null, prose(note)))),
    h("dl", { class: "facts" },
      h("dt", null, "Physical id"), h("dd", null, h("code", null, one.physical), " ", copier(one.physical, "the physical id")), attributes),
    more(one),
    h("h3", null, "Refers to"), list(near(0, 1)),
    h("h3", null, "Referred to by"), list(near(1, 0)),
    h("h3", null, "Properties"),
    h("pre", { tabindex: "0", class: "properties" }, JSON.stringify(one.properties, null, 2)),
  ];
}

/** Where its content is looked at. */
function more(one) {
  const name = encodeURIComponent(one.physical);
  const places = {
    "AWS::DynamoDB::Table": [`#/tables/${name}`, "its items"],
    "AWS::DynamoDB::GlobalTable": [`#/tables/${name}`, "its items"],
    "AWS::S3::Bucket": [`#/buckets/${name}`, "its objects"],
    "AWS::Cognito::UserPool": [`#/users/${name}`, "its users"],
    "AWS::Logs::LogGroup": [`#/logs/${name}`, "its lines"],
  };
  const [href, text] = places[one.kind] ?? [];
  return href && h("p", null, h("a", { href }, `See ${text}`));
}

function catalogue(nodes) {
  const groups = Map.groupBy ? Map.groupBy(nodes, (node) => service(node.kind)) : grouped(nodes);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => {
    const row = (node) => h("tr", null,
      h("th", { scope: "row" }, resource(node.id)),
      h("td", null, kind(node.kind)),
      h("td", { class: "path" }, node.physical),
      h("td", null, node.runs ? "runs" : "not run"));
    return h("details", { "data-key": `service-${name}` },
      h("summary", null, h("h3", null, kind(`AWS::${name}`)), " ", h("span", { class: "dim" }, count(members.length, "resource"))),
      table(`Resources of ${name}`, ["Resource", "Type", "Physical id", "State"], members.map(row)));
  });
}

function grouped(nodes) {
  const groups = new Map();
  for (const node of nodes) groups.set(service(node.kind), [...(groups.get(service(node.kind)) ?? []), node]);
  return groups;
}

/** The part of the graph that one stack is, or all of it. */
function part(graph, stack) {
  const kept = graph.nodes.flatMap((node, at) => !stack || node.stack === stack ? [at] : []);
  const place = new Map(kept.map((at, index) => [at, index]));
  const edges = graph.edges.filter(([from, to]) => place.has(from) && place.has(to));
  return { nodes: kept.map((at) => graph.nodes[at]), edges: edges.map(([from, to]) => [place.get(from), place.get(to)]) };
}

export const resources = {
  name: "resources",
  title: "Resources",
  watches: [],
  make(body) {
    let [stack, whole, chosen, graph, before] = ["", false, "", { nodes: [], edges: [] }, ""];
    const tools = h("div", { class: "tools" });
    const picture = h("div", { class: "picture" });
    const detail = h("div", { class: "detail" });
    const list = h("div");
    body.append(tools, h("div", { class: "split" }, picture, detail), h("h2", null, "All resources"), list);
    const choice = (name, text, pressed, act) => h("button", {
      type: "button", "data-key": name, "aria-pressed": String(pressed), onclick: () => { act(); draw(); },
    }, text);
    const draw = () => {
      const stacks = [...new Set(graph.nodes.map((node) => node.stack))];
      const seen = part(graph, stack);
      put(tools,
        h("div", { class: "choices", role: "group", "aria-label": "Stack" },
          choice("stack", "All stacks", !stack, () => { stack = ""; }),
          stacks.map((name) => choice(`stack-${name}`, name, stack === name, () => { stack = name; }))),
        h("div", { class: "choices of-picture", role: "group", "aria-label": "Detail" },
          choice("main", "Architecture", !whole, () => { whole = false; }),
          choice("whole", "Every resource", whole, () => { whole = true; })));
      put(picture, seen.nodes.length > 0 ? drawing(seen.nodes, seen.edges, whole, chosen) : nothing("No resources."));
      put(list, catalogue(seen.nodes));
    };
    const follow = async () => {
      body.classList.toggle("chosen", Boolean(chosen));
      for (const node of picture.querySelectorAll(".node")) node.classList.toggle("chosen", node.dataset.key === `node-${chosen}`);
      if (!chosen) return put(detail);
      const one = await load("resource", { id: chosen });
      const isNew = detail.dataset.shown !== chosen || !detail.hasChildNodes();
      detail.dataset.shown = chosen;
      put(detail, facts(one, graph.nodes.find((node) => node.id === chosen), graph));
      if (!isNew) return;
      say(`Details of ${chosen} are shown`);
      const { top, bottom } = detail.getBoundingClientRect();
      if (bottom < 0 || top < 0 || top > innerHeight) detail.scrollIntoView({ block: "start" });
    };
    return {
      route(parts) { chosen = parts.join("/"); },
      async update() {
        const now = await load("graph");
        const text = JSON.stringify(now);
        if (text !== before) {
          graph = now;
          draw();
        }
        before = text;
        await follow().catch((error) => put(detail, nothing("This resource is not shown.", error.message)));
      },
    };
  },
};
