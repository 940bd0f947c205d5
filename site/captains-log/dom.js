// The few things that the pages do to the document. Text only ever goes in as text. The same text in every site.

/**
 * The element with this id, which has to be there and of this kind.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind = /** @type {any} */ (HTMLElement)) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return element;
}

/**
 * A new element. `on` holds listeners; true and false set and omit an attribute; children that are text stay text.
 *
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Shows the children with these ids and hides their siblings that are in the list too.
 *
 * @param {string[]} all
 * @param {string[]} shown
 */
export function showOnly(all, shown) {
  for (const id of all) byId(id).hidden = !shown.includes(id);
}

/**
 * Tells those who listen instead of look. Emptied first, so that the same words are told again.
 *
 * @param {string} text
 */
export function say(text) {
  const region = byId('status');
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 60);
}
