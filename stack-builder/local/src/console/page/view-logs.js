// What functions log.

import { h, put, nothing, field } from "./dom.js";
import { load } from "./live.js";
import { bytes, text, time } from "./format.js";

/** Lines that the page keeps. */
const KEPT = 1000;
/** Members of a structured line that are shown first, or not at all. */
const FIRST = ["timestamp", "time", "level", "message", "msg"];

/** Members whose own members are shown in their place: Lambda's lines about a call have them. */
const INNER = ["type", "record", "metrics"];

function inner(record) {
  return record && typeof record === "object" ? { ...record, ...record.metrics } : {};
}

function structured(message) {
  if (!message.startsWith("{")) return null;
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}

/** One line; a structured one is set as words, with its level in colour and in letters. Within a group, calls are links. */
export function line(event, group) {
  const parts = structured(event.message);
  const said = h("span", { class: "message" });
  if (parts) {
    const level = String(parts.level ?? parts.type ?? "");
    const members = { ...parts, ...inner(parts.record) };
    const rest = Object.entries(members).filter(([name]) => !FIRST.includes(name) && !INNER.includes(name));
    const message = text(parts.message ?? parts.msg ?? "");
    const first = level && h("b", { class: `level ${level.toLowerCase().replace(/[^a-z]/g, "-")}` }, level);
    const words = [first, message, ...rest.map(([name, value]) => member(name, value, group))].filter(Boolean);
    said.append(...words.flatMap((word, at) => at > 0 ? [" ", word] : [word]));
  } else {
    said.append(event.message);
  }
  return h("li", null, time(event.at), " ", said);
}

function member(name, value, group) {
  const shown = text(value);
  const isCall = name === "requestId" && group;
  const href = `#/logs/${encodeURIComponent(group)}/${encodeURIComponent(shown)}`;
  return h("span", { class: "pair" }, h("i", null, `${name}=`), isCall ? h("a", { href }, shown) : shown);
}

function groupList(groups, chosen) {
  const item = (group) => h("li", null,
    h("a", {
      href: `#/logs/${encodeURIComponent(group.name)}`, "data-key": group.name,
      "aria-current": group.name === chosen && "true",
    }, group.function ?? group.name), " ",
    h("span", { class: "dim" }, group.function && [group.name, h("br")], group.last ? [bytes(group.bytes), " · ", time(group.last)] : "empty"));
  // Those with lines first.
  const sorted = groups.toSorted((a, b) => Boolean(b.last) - Boolean(a.last));
  return h("ul", { class: "picks" }, sorted.map(item));
}

export const logs = {
  name: "logs",
  title: "Logs",
  watches: ["logs", "requests"],
  make(body) {
    let [chosen, filter, call, next, kept, drawn] = ["", "", "", 0, [], ""];
    const groups = h("div", { class: "list" });
    const tools = h("div", { class: "tools" });
    const lines = h("div", { class: "one" });
    const again = () => { [next, kept, drawn] = [0, [], ""]; show(); };
    const search = () => put(tools,
      field("Filter lines", filter, (typed) => { filter = typed; again(); }, "any text"),
      call && h("p", { class: "call" }, "Only the call ", h("code", null, call), " ",
        h("a", { href: `#/logs/${encodeURIComponent(chosen)}` }, "show all")));
    search();
    body.append(h("div", { class: "panes narrow" }, groups, h("div", { class: "one" }, tools, lines)));
    const draw = () => {
      if (kept.length === 0) {
        const how = filter || call ? "No line has this." : "Call the function, and its lines appear here.";
        return put(lines, nothing("No lines.", how));
      }
      // As at a terminal: whoever is at the end stays there.
      const old = lines.querySelector(".lines");
      const atEnd = !old || old.scrollHeight - old.scrollTop - old.clientHeight < 40;
      const place = old?.scrollTop ?? 0;
      const list = h("ol", { class: "lines tall", tabindex: "0", "data-key": "lines", "aria-label": `Log ${chosen}` },
        kept.map((event) => line(event, chosen)));
      put(lines, list);
      list.scrollTop = atEnd ? list.scrollHeight : place;
    };
    const show = async () => {
      const all = await load("log-groups");
      if (!chosen) {
        const latest = all.filter((group) => group.last).sort((a, b) => b.last - a.last)[0] ?? all[0];
        chosen = latest?.name ?? "";
      }
      if (all.length === 0) return put(groups, nothing("No log groups.", "A function's group appears with its stack."));
      put(groups, groupList(all, chosen));
      const [group, from] = [chosen, call ? 0 : next];
      const data = await load("log", { group, filter, request: call, from, limit: KEPT });
      if (group !== chosen || from !== (call ? 0 : next)) return;
      kept = call ? data.lines : [...kept, ...data.lines].slice(-KEPT);
      next = data.next;
      const now = `${chosen} ${call} ${next} ${kept.length} ${filter}`;
      if (now !== drawn) draw();
      drawn = now;
    };
    return {
      route([group, request]) {
        if (group && (group !== chosen || (request ?? "") !== call)) {
          [chosen, call, next, kept, drawn] = [group, request ?? "", 0, [], ""];
        }
        search();
      },
      update: show,
    };
  },
};
