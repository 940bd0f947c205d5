// User pools: users, groups and clients.

import { h, put, table, nothing, field } from "./dom.js";
import { load } from "./live.js";
import { count, day, resource } from "./format.js";

function pick(one, chosen) {
  return h("li", null,
    h("a", { href: `#/users/${encodeURIComponent(one.id)}`, "data-key": one.id, "aria-current": one.id === chosen && "true" }, one.name || one.id),
    " ", h("span", { class: "dim" }, count(one.users, "user")));
}

function facts(pool) {
  return [
    h("h2", null, pool.name || pool.id),
    h("dl", { class: "facts" },
      h("dt", null, "Id"), h("dd", null, h("code", null, pool.id)),
      h("dt", null, "Resource"), h("dd", null, resource(pool.resource)),
      h("dt", null, "Issuer"), h("dd", null, h("code", null, pool.issuer)),
      pool.domains.length > 0 && [h("dt", null, "Sign-in pages"), h("dd", null, pool.domains.join(", "))]),
  ];
}

function people(data) {
  const row = (user) => {
    const { email, name, phone_number: phone, ...others } = user.attributes;
    return h("tr", null,
      h("th", { scope: "row" }, email ?? phone ?? user.username, name && h("span", { class: "dim" }, ` ${name}`)),
      h("td", null, user.status.replaceAll("_", " ").toLowerCase(), !user.enabled && ", disabled"),
      h("td", null, user.groups.join(", ") || h("span", { class: "dim" }, "–")),
      h("td", { class: "number" }, user.sessions),
      h("td", { class: "dim" }, day(user.created)),
      h("td", null, h("details", { "data-key": user.sub }, h("summary", null, "all", h("span", { class: "unseen" }, ` of ${user.username}`)),
        h("pre", { tabindex: "0" }, JSON.stringify({ username: user.username, sub: user.sub, ...user.attributes, ...others }, null, 2)))));
  };
  return table("Users", ["User", "Status", "Groups", { text: "Sessions", class: "number" }, "Since", "Attributes"], data.users.map(row));
}

function groups(pool) {
  if (pool.groups.length === 0) return h("p", { class: "dim" }, "None.");
  const row = (one) => h("tr", null, h("th", { scope: "row" }, one.name), h("td", null, one.description || "–"), h("td", { class: "number" }, one.precedence ?? "–"));
  return table("Groups", ["Group", "For", { text: "Precedence", class: "number" }], pool.groups.map(row));
}

function clients(pool) {
  if (pool.clients.length === 0) return h("p", { class: "dim" }, "None.");
  const row = (one) => h("tr", null,
    h("th", { scope: "row" }, one.name), h("td", null, h("code", null, one.id)), h("td", null, one.hasSecret ? "has a secret" : "public"),
    h("td", null, one.flows.join(", ") || "–"), h("td", null, one.callbacks.map((url) => h("div", { class: "path" }, url))));
  return table("Clients", ["Client", "Id", "Kind", "Flows", "Leads back to"], pool.clients.map(row));
}

export const users = {
  name: "users",
  title: "Users",
  watches: ["requests", "inbox"],
  // All of it is counted for every look.
  pause: 1000,
  make(body) {
    let [chosen, filter, start, before] = ["", "", 0, ""];
    const list = h("div", { class: "list" });
    const head = h("div");
    const found = h("div");
    const rest = h("div");
    const search = field("Filter users", "", (typed) => { [filter, start] = [typed, 0]; update(); }, "name or attribute");
    body.append(h("div", { class: "panes narrow" }, list,
      h("div", { class: "one" }, head, h("div", { class: "tools" }, search), found, rest)));
    const turn = (to) => { start = to; update(); };
    const pages = (data) => h("p", { class: "pages" },
      start > 0 && h("button", { type: "button", "data-key": "first", onclick: () => turn(0) }, "← first"),
      h("span", { class: "dim" }, count(data.total, "user")),
      data.next && h("button", { type: "button", "data-key": "next", onclick: () => turn(data.next) }, "next →"));
    const update = async () => {
      const all = await load("pools");
      const pool = all.find(({ id }) => id === chosen) ?? all[0];
      if (!pool) return put(body, nothing("No user pools.", "A user pool of a stack appears here with its users."));
      const data = await load("users", { pool: pool.id, filter, start });
      const now = JSON.stringify([all, data, pool.id]);
      if (now === before) return;
      before = now;
      put(list, h("ul", { class: "picks" }, all.map((one) => pick(one, pool.id))));
      put(head, facts(pool));
      const empty = filter ? nothing("No user matches.") : nothing("No users yet.", "Sign up in the application; the code that confirms the address arrives in the inbox here.");
      put(found, data.users.length > 0 ? [people(data), (data.next || start > 0) && pages(data)] : empty);
      put(rest, h("h3", null, "Groups"), groups(pool), h("h3", null, "Clients"), clients(pool));
    };
    return {
      route([id]) {
        if ((id ?? "") !== chosen) [chosen, start] = [id ?? "", 0];
      },
      update,
    };
  },
};
