// Buckets with their objects.

import { h, put, table, nothing, field } from "./dom.js";
import { load } from "./live.js";
import { bytes, count, day, resource } from "./format.js";

function pick(one, chosen) {
  return h("li", null,
    h("a", { href: `#/buckets/${encodeURIComponent(one.name)}`, "data-key": one.name, "aria-current": one.name === chosen && "true" }, one.name),
    " ", h("span", { class: "dim" }, `${count(one.objects, "object")} · ${bytes(one.bytes)}${one.versioned ? " · versioned" : ""}`));
}

function objects(bucket, data) {
  const row = (one) => h("tr", null,
    h("th", { scope: "row", class: "path" }, one.key),
    h("td", { class: "dim" }, one.type ?? "–"),
    h("td", { class: "number" }, bytes(one.size)),
    h("td", { class: "dim" }, day(one.modified * 1000)));
  return table(`Objects of ${bucket}`, ["Key", "Type", { text: "Size", class: "number" }, "Written"], data.objects.map(row));
}

export const buckets = {
  name: "buckets",
  title: "Buckets",
  watches: ["requests"],
  // All of it is counted for every look.
  pause: 1000,
  make(body) {
    let [chosen, prefix, starts, before] = ["", "", [""], ""];
    const list = h("div", { class: "list" });
    const head = h("div");
    const content = h("div");
    const search = field("Prefix of the key", "", (typed) => { [prefix, starts] = [typed, [""]]; update(); }, "assets/");
    body.append(h("div", { class: "panes narrow" }, list, h("div", { class: "one" }, head, h("div", { class: "tools" }, search), content)));
    const turn = (start) => { starts = start ? [...starts, start] : starts.slice(0, -1); update(); };
    const pages = (next) => h("p", { class: "pages" },
      starts.length > 1 && h("button", { type: "button", "data-key": "before", onclick: () => turn() }, "← before"),
      h("span", { class: "dim" }, `page ${starts.length}`),
      next && h("button", { type: "button", "data-key": "next", onclick: () => turn(next) }, "next →"));
    const update = async () => {
      const all = await load("buckets");
      const bucket = all.find(({ name }) => name === chosen) ?? all[0];
      if (!bucket) return put(body, nothing("No buckets.", "A bucket of a stack appears here with its objects."));
      const data = await load("objects", { bucket: bucket.name, prefix, start: starts.at(-1) });
      const now = JSON.stringify([all, data, bucket.name, starts.length]);
      if (now === before) return;
      before = now;
      put(list, h("ul", { class: "picks" }, all.map((one) => pick(one, bucket.name))));
      put(head, h("h2", null, bucket.name), h("p", null, resource(bucket.resource)));
      const empty = prefix ? nothing("No key begins so.") : nothing("No objects.", "Upload through the application, publish a site, or use `aws s3 cp`.");
      put(content, data.objects.length > 0
        ? [objects(bucket.name, data), (data.next || starts.length > 1) && pages(data.next)]
        : empty);
    };
    return {
      route([name]) {
        if ((name ?? "") !== chosen) [chosen, starts] = [name ?? "", [""]];
      },
      update,
    };
  },
};
