// Tables with their items.

import { h, put, table, nothing } from "./dom.js";
import { load } from "./live.js";
import { bytes, count, plain, resource, text } from "./format.js";

/** Attributes shown as columns; all are in the item itself. */
const COLUMNS = 7;
const PAGE = 25;

function pick(one, chosen) {
  return h("li", null,
    h("a", { href: `#/tables/${encodeURIComponent(one.name)}`, "data-key": one.name, "aria-current": one.name === chosen && "true" }, one.name),
    " ", h("span", { class: "dim" }, `${count(one.items, "item")} · ${bytes(one.bytes)}`));
}

function head(one) {
  const key = one.key.map(([name, role, type]) => `${name} (${role === "HASH" ? "partition" : "sort"}, ${type})`).join(", ");
  return [
    h("h2", null, one.name),
    h("dl", { class: "facts" },
      one.resource && [h("dt", null, "Resource"), h("dd", null, resource(one.resource))],
      h("dt", null, "Key"), h("dd", null, key),
      one.indexes.length > 0 && [h("dt", null, "Indexes"), h("dd", null, one.indexes.join(", "))],
      one.ttl && [h("dt", null, "Expires by"), h("dd", null, one.ttl)]),
  ];
}

/** The key first, then the attributes that most items have. */
function columns(one, items) {
  const key = one.key.map(([name]) => name);
  const others = new Map();
  for (const item of items) for (const name of Object.keys(item)) if (!key.includes(name)) others.set(name, (others.get(name) ?? 0) + 1);
  const common = [...others].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  return [...key, ...common].slice(0, COLUMNS);
}

function items(one, data) {
  const names = columns(one, data.Items);
  const cell = (item, name) => {
    const value = name in item ? text(plain(item[name])) : "";
    return h("td", { class: "cell", title: value.length > 40 ? value.slice(0, 400) : null }, value);
  };
  const row = (item, at) => {
    const whole = JSON.stringify(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)])), null, 2);
    return h("tr", null, names.map((name) => cell(item, name)),
      h("td", null, h("details", { "data-key": `item-${at}` }, h("summary", null, "all", h("span", { class: "unseen" }, ` of item ${at + 1}`)), h("pre", { tabindex: "0" }, whole))));
  };
  return table(`Items of ${one.name}`, [...names, "Item"], data.Items.map(row));
}

export const tables = {
  name: "tables",
  title: "Tables",
  watches: ["requests"],
  // All of it is counted for every look.
  pause: 1000,
  make(body) {
    let [chosen, starts, before] = ["", [null], ""];
    const list = h("div", { class: "list" });
    const one = h("div", { class: "one" });
    body.append(h("div", { class: "panes narrow" }, list, one));
    const turn = (start) => { starts = start ? [...starts, start] : starts.slice(0, -1); update(); };
    const pages = (next) => h("p", { class: "pages" },
      starts.length > 1 && h("button", { type: "button", "data-key": "before", onclick: () => turn() }, "← before"),
      h("span", { class: "dim" }, `page ${starts.length}`),
      next && h("button", { type: "button", "data-key": "next", onclick: () => turn(next) }, "next →"));
    const update = async () => {
      const all = await load("tables");
      const table = all.find(({ name }) => name === chosen) ?? all[0];
      if (!table) return put(body, nothing("No tables.", "A table of a stack appears here with its items."));
      const start = starts.at(-1);
      const data = await load("items", { table: table.name, start: start && JSON.stringify(start), limit: PAGE });
      const now = JSON.stringify([all, data, table.name, starts.length]);
      if (now === before) return;
      before = now;
      put(list, h("ul", { class: "picks" }, all.map((each) => pick(each, table.name))));
      put(one, head(table), data.Items.length > 0
        ? [items(table, data), (data.LastEvaluatedKey || starts.length > 1) && pages(data.LastEvaluatedKey)]
        : nothing("No items.", "`stack-builder local --seed` fills tables with the stack's demonstration data; so does using the application."));
    };
    return {
      route([name]) {
        if ((name ?? "") !== chosen) [chosen, starts] = [name ?? "", [null]];
      },
      update,
    };
  },
};
