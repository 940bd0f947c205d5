// The latest requests, and the path of one through edge, API, handler and table.

import { h, put, table, nothing, field } from "./dom.js";
import { load } from "./live.js";
import { duration, resource, status, time } from "./format.js";
import { line } from "./view-logs.js";

/** Requests that the list keeps. */
const KEPT = 300;
const LAYERS = { cdn: "CDN", edge: "Edge function", api: "API", function: "Function", service: "Service" };

function row(one, chosen) {
  const here = one.number === chosen;
  return h("tr", { class: here && "chosen" },
    h("td", { class: "dim" }, time(one.at)),
    h("td", null, status(one.status)),
    h("th", { scope: "row", class: "path" },
      h("a", { href: `#/requests/${one.number}`, "data-key": `r${one.number}`, "aria-current": here && "true" },
        h("span", { class: "method" }, one.method), " ", one.path)),
    h("td", { class: "dim app-name" }, one.app ?? one.front.replace(/^https?:\/\//, "")),
    h("td", { class: "number" }, duration(one.ms)));
}

/** One step as a bar at its time. */
function step(one, whole) {
  const start = whole > 0 ? Math.min(one.began / whole, 1) : 0;
  const width = whole > 0 ? Math.min(one.ms / whole, 1 - start) : 0;
  const bar = () => {
    const made = h("span", { class: `bar ${one.layer}` });
    made.style.marginInlineStart = `${(start * 100).toFixed(2)}%`;
    made.style.inlineSize = `${(width * 100).toFixed(2)}%`;
    return made;
  };
  const what = h("div", null,
    h("span", { class: `layer ${one.layer}` }, LAYERS[one.layer] ?? one.layer), " ",
    // The resource says which function it is.
    h("span", { class: "said" }, one.resource ? one.what.replace(/^invoke \S+$/, "invoke") : one.what), " ",
    one.resource && h("span", { class: "where" }, resource(one.resource, one.resource.split("/")[1])));
  what.style.paddingInlineStart = `${Math.min(one.depth, 8) * 1.1}rem`;
  return h("tr", null, h("th", { scope: "row", class: "what" }, what, bar()),
    h("td", null, one.outcome || h("span", { class: "dim" }, "–")),
    h("td", { class: "number" }, duration(one.ms)),
    h("td", { class: "bars" }, bar()));
}

function log(one) {
  const lines = one.lines.length > 0
    ? h("ol", { class: "lines", tabindex: "0", "aria-label": `Log of ${one.resource}` }, one.lines.map((l) => line(l)))
    : h("p", { class: "dim" }, "Nothing logged.");
  const all = h("a", { href: `#/logs/${encodeURIComponent(one.group)}` }, one.group);
  return [h("h3", null, "Log of ", resource(one.resource)), h("p", { class: "dim call" }, `Call ${one.requestId} in `, all), lines];
}

function detail(one) {
  const heads = ["Step", "Outcome", { text: "Took", class: "number" }, { text: `0 to ${duration(one.ms)}`, class: "scale" }];
  return [
    h("p", { class: "back" }, h("a", { href: "#/requests" }, "← all requests")),
    h("h2", { class: "path" }, h("span", { class: "method" }, one.method), " ", one.path),
    h("p", null, status(one.status), ` in ${duration(one.ms)} at `, time(one.at), " · ", h("span", { class: "dim" }, one.front)),
    one.steps.length > 0
      ? table("Steps of the request", heads, one.steps.map((each) => step(each, one.ms)), "waterfall")
      : nothing("This request took no steps that are noted."),
    one.logs.map(log),
  ];
}

export const requests = {
  name: "requests",
  title: "Requests",
  watches: ["requests", "logs"],
  make(body) {
    let [all, filter, chosen, before, drawn] = [[], "", 0, "", ""];
    const list = h("div", { class: "list" });
    const one = h("div", { class: "one", "aria-live": "off" });
    const draw = () => {
      const wanted = filter.toLowerCase();
      const has = (r) => `${r.method} ${r.path} ${r.status} ${r.app ?? ""}`.toLowerCase().includes(wanted);
      const seen = all.filter(has);
      const now = `${chosen} ${filter} ${seen[0]?.number} ${seen.length}`;
      if (now === drawn) return;
      drawn = now;
      const heads = ["At", "Status", "Request", { text: "Application", class: "app-name" }, { text: "Took", class: "number" }];
      put(list, all.length === 0
        ? nothing("No requests yet.", "Open an application from the overview; every request appears here with its path through the stack.")
        : seen.length === 0 ? nothing("No request matches.")
          : table("Requests, the latest first", heads, seen.map((r) => row(r, chosen)), "latest"));
    };
    body.append(
      h("div", { class: "tools" }, field("Filter", "", (text) => { filter = text; draw(); }, "path, method, status or application")),
      h("div", { class: "panes" }, list, one));
    const follow = async () => {
      if (!chosen) return put(one, h("p", { class: "hint dim" }, "Choose a request to see its path and its log."));
      const data = await load("request", { number: chosen });
      const text = JSON.stringify(data);
      if (text !== before) put(one, detail(data));
      before = text;
    };
    return {
      route([number]) {
        chosen = Number(number) || 0;
        before = "";
        body.classList.toggle("chosen", chosen > 0);
        if (chosen && body.getBoundingClientRect().top < 0 && list.offsetParent === null) scrollTo(0, 0);
      },
      async update() {
        const news = await load("requests", { after: all[0]?.number });
        all = [...news, ...all].slice(0, KEPT);
        draw();
        await follow().catch((error) => put(one, nothing("This request is not shown.", error.message)));
      },
    };
  },
};
