// Elements, made of plain text: whatever an application says is never read as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "href" && !isSafe(value)) continue;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Links lead into this page or to the web, never to a script.
function isSafe(href) {
  return /^(#|https?:\/\/)/.test(String(href));
}

/** An element with attributes and children; `on…` is a listener, and absent children are left out. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An element of a drawing. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts new content into a region; what had the focus keeps it, by its `data-key`. */
export function put(region, ...children) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-key]")?.dataset.key;
  const open = new Set([...region.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));
  region.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const one of region.querySelectorAll("details[data-key]")) if (open.has(one.dataset.key)) one.open = true;
  if (key !== undefined) region.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** A table with a caption for those who do not see it. */
export function table(caption, heads, rows, kind = "") {
  const head = (one) => h("th", { scope: "col", class: one.class }, one.text ?? one);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: kind },
      h("caption", { class: "unseen" }, caption),
      h("thead", null, h("tr", null, heads.map(head))),
      h("tbody", null, rows)));
}

/** A sentence in which backticks stand round code. */
export function prose(text) {
  return String(text).split("`").map((part, at) => at % 2 === 1 ? h("code", null, part) : part);
}

/** What to say where there is nothing yet, and how to change that. */
export function nothing(what, how) {
  return h("div", { class: "nothing" }, h("p", null, prose(what)), how && h("p", { class: "dim" }, prose(how)));
}

/** A button that copies a text. */
export function copier(text, what, label = "Copy") {
  const copy = async (event) => {
    const button = event.currentTarget;
    const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = done ? "Copied" : "Not allowed";
    say(done ? `${what} copied` : "the browser does not allow copying");
    setTimeout(() => { button.textContent = label; }, 1500);
  };
  return h("button", { type: "button", class: "copy", "aria-label": `${label} ${what}`, onclick: copy }, label);
}

/** Says something to those who listen to the page. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

/** A field that filters; `changed` is called when its reader stops typing. */
export function field(label, value, changed, placeholder = "") {
  let waiting;
  const typed = (event) => {
    clearTimeout(waiting);
    const text = event.target.value;
    waiting = setTimeout(() => changed(text), 200);
  };
  return h("label", { class: "field" }, h("span", null, label),
    h("input", { type: "search", value, placeholder, autocomplete: "off", spellcheck: "false", oninput: typed }));
}
