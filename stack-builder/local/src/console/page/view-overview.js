// What runs where, and what is not as in AWS.

import { h, put, table, nothing, copier, prose } from "./dom.js";
import { load } from "./live.js";
import { count, kind, resource } from "./format.js";

function app(one) {
  const links = one.urls.map(({ name, url }) =>
    h("li", null, h("span", { class: "dim" }, name), " ",
      h("a", { href: url, target: "_blank", rel: "noopener", "data-key": `${one.stack}.${name}` }, url)));
  const all = one.runs === one.resources;
  const summary = all ? `all ${count(one.resources, "resource")} run` : `${one.runs} of ${count(one.resources, "resource")} run`;
  return h("li", { class: "app" },
    h("h2", null, one.name),
    h("p", { class: "dim" }, `${one.stack} · ${one.region} · ${summary}`),
    links.length > 0 ? h("ul", { class: "urls" }, links) : h("p", { class: "dim" }, "No address of its own."));
}

function tools(data) {
  const lines = [
    `export AWS_ENDPOINT_URL=${data.endpoint}`,
    "export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
    `export AWS_REGION=${data.region} AWS_DEFAULT_REGION=${data.region}`,
  ].join("\n");
  return [
    h("p", null, "The AWS command line and every SDK work here with these variables; account ", data.account, "."),
    h("div", { class: "code" }, h("pre", { tabindex: "0" }, lines), copier(lines, "the variables")),
  ];
}

function environments(one) {
  if (one.idle + one.busy === 0) return h("span", { class: "dim" }, "none yet");
  return [one.busy > 0 && `${one.busy} busy`, one.idle > 0 && `${one.idle} idle`].filter(Boolean).join(", ");
}

function built(one) {
  const state = h("span", { class: `state ${one.state}` }, one.state);
  if (!one.why) return state;
  return h("details", { "data-key": `why-${one.id}` }, h("summary", null, state), h("pre", { tabindex: "0" }, one.why));
}

function functions(all) {
  if (all.length === 0) return nothing("No functions.", "A function of a stack appears here with its build and its environments.");
  const row = (one) => h("tr", null,
    h("th", { scope: "row" }, resource(one.id)),
    h("td", null, built(one)),
    h("td", null, environments(one)),
    h("td", { class: "number" }, `${one.memory} MB`),
    h("td", { class: "number" }, `${one.timeout} s`),
    h("td", null, h("a", { href: `#/logs/${encodeURIComponent(one.logGroup)}` }, "log", h("span", { class: "unseen" }, ` of ${one.id}`))));
  const heads = ["Function", "Code", "Environments", { text: "Memory", class: "number" }, { text: "Timeout", class: "number" }, "Log"];
  return table("Functions", heads, all.map(row));
}

/** Resources that share a reason are told together. */
function grouped(differences) {
  const groups = new Map();
  for (const one of differences) {
    for (const note of one.notes) {
      const key = `${one.kind}\n${note}`;
      if (!groups.has(key)) groups.set(key, { kind: one.kind, note, ids: [] });
      groups.get(key).ids.push(one.there ? resource(one.id) : one.id);
    }
  }
  return [...groups.values()];
}

function reasons(differences) {
  const item = ({ kind: type, note, ids }) => h("li", null,
    h("p", null, h("strong", null, kind(type)), " ", prose(note)),
    h("p", { class: "ids" }, ids.map((id, at) => [at > 0 && ", ", id])));
  return h("ul", { class: "reasons" }, grouped(differences).map(item));
}

function differences(all) {
  const [not, other] = [all.filter((one) => !one.runs), all.filter((one) => one.runs)];
  if (all.length === 0) return nothing("Everything runs as it is described.");
  return [
    not.length > 0 && [h("h3", null, "Not run"), reasons(not)],
    other.length > 0 && [h("h3", null, "Run differently"), reasons(other)],
  ];
}

export const overview = {
  name: "overview",
  title: "Overview",
  watches: ["requests", "notices"],
  make(body) {
    const places = ["apps", "functions", "tools", "differences"].map((name) => h("div", { id: name }));
    const [apps, code, aws, differ] = places;
    body.append(
      apps,
      h("h2", null, "Functions"), code,
      h("h2", null, "AWS’s API"), aws,
      h("h2", null, "Not as in AWS"), differ);
    let before = ["", ""];
    const update = async () => {
      const [data, all] = await Promise.all([load("overview"), load("functions")]);
      const { totals, ...lasting } = data;
      const now = [JSON.stringify(lasting), JSON.stringify(all)];
      if (now[0] !== before[0]) {
        put(apps, data.apps.length > 0 ? h("ul", { class: "apps" }, data.apps.map(app)) : nothing("No stacks."));
        put(aws, tools(data));
        put(differ, differences(data.differences));
      }
      if (now[1] !== before[1]) put(code, functions(all));
      before = now;
    };
    return { update };
  },
};
