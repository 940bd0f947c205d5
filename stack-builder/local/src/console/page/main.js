// The page: which view is shown, and when it looks again.

import { h, put, nothing } from "./dom.js";
import { listen, calm, load } from "./live.js";
import { overview } from "./view-overview.js";
import { resources } from "./view-resources.js";
import { requests } from "./view-requests.js";
import { logs } from "./view-logs.js";
import { tables } from "./view-tables.js";
import { buckets } from "./view-buckets.js";
import { users } from "./view-users.js";
import { inbox } from "./view-inbox.js";
import { notices } from "./view-notices.js";

const VIEWS = [overview, resources, requests, logs, tables, buckets, users, inbox, notices];
const main = document.getElementById("main");
let shown;

/** The parts of the address: `#/requests/12` is `["requests", "12"]`. */
function route() {
  const parts = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [];
  }
}

function navigation() {
  const item = (view) => h("li", null,
    h("a", { href: `#/${view.name}`, "data-view": view.name }, view.title, h("span", { class: "count" })));
  document.getElementById("views").replaceChildren(...VIEWS.map(item));
}

function mark(view) {
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view.name) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  document.title = `${view.title} · stack-builder local`;
}

/** Shows what the address asks for. A view that is shown already is told of its new address. */
async function go(byReader) {
  const [name, ...rest] = route();
  const view = VIEWS.find((one) => one.name === name) ?? VIEWS[0];
  const again = shown?.view === view;
  if (!again) {
    const body = h("div", { class: `view ${view.name}` });
    const made = view.make(body);
    const update = calm(() => attempt(made.update));
    // A reader's own choice does not wait for the pause between two looks at news.
    shown = { view, made, update, news: calm(update, view.pause) };
    put(main, h("h1", null, view.title), body);
    mark(view);
    scrollTo(0, 0);
  }
  shown.made.route?.(rest);
  shown.update();
  if (byReader && !again) main.focus({ preventScroll: true });
}

async function attempt(update) {
  const before = main.querySelector(".failed");
  try {
    await update();
    before?.remove();
  } catch (error) {
    if (before) return;
    const failed = nothing("This could not be loaded.", String(error.message ?? error));
    failed.classList.add("failed");
    main.append(failed);
  }
}

function connection(state) {
  const link = document.getElementById("link");
  const text = state === "live" ? "Live" : "Waiting for the process";
  link.className = `link ${state}`;
  if (link.textContent !== text) link.textContent = text;
}

const counts = calm(async () => {
  const { totals } = await load("overview").catch(() => ({}));
  for (const [view, number] of [["inbox", totals?.mails], ["notices", totals?.notices]]) {
    const place = document.querySelector(`[data-view="${view}"] .count`);
    place.textContent = number ? ` ${number}` : "";
  }
});

function heard(names) {
  const all = names.includes("everything") || names.includes("application");
  if (all || names.includes("inbox") || names.includes("notices")) counts();
  if (all || names.some((name) => shown?.view.watches.includes(name))) shown?.news();
}

document.querySelector(".skip").addEventListener("click", (event) => {
  // The address belongs to the views.
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => go(true));
navigation();
go(false);
counts();
listen(heard, connection);
