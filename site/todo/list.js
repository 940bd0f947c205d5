// The list on the page: its rows, its filter, and what becomes of a deed.

import { byId, make, say } from './dom.js';
import { Problem, inWords } from './problem.js';
import { createRow } from './row.js';
import { emptyWords, filterOf, newestFirst, passes, summary } from './shelf.js';

/** @typedef {import('./items.js').Item} Item */

/**
 * @param {ReturnType<typeof import('./items.js').createItems>} items
 * @param {(problem: unknown) => boolean} isOver
 */
export function createList(items, isOver) {
  const place = byId('list');
  const more = byId('more', HTMLButtonElement);
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const rows = new Map();
  let filter = filterOf(location.hash);
  let next = /** @type {string | undefined} */ (undefined);

  /** @param {Item} item */
  function take(item) {
    const known = rows.get(item.id);
    if (known) known.update(item);
    else rows.set(item.id, createRow(item, deeds));
  }

  function render() {
    const all = [...rows.values()].map((row) => row.item());
    const shown = newestFirst(all.filter((item) => passes(item, filter)));
    const wanted = shown.map(({ id }) => /** @type {ReturnType<typeof createRow>} */ (rows.get(id)).row);
    for (const row of [...place.children]) if (!wanted.includes(/** @type {HTMLLIElement} */ (row))) row.remove();
    // Only what is out of place moves: a row that moves loses the keyboard's focus.
    wanted.forEach((row, index) => {
      if (place.children[index] !== row) place.insertBefore(row, place.children[index] ?? null);
    });
    byId('empty').hidden = wanted.length > 0;
    byId('empty').textContent = emptyWords(filter, all.length > 0, Boolean(next));
    byId('after').hidden = !next;
    byId('count').textContent = summary(all, Boolean(next));
  }

  /**
   * Tries a deed; a session that is over, or an item that is gone, is the page's matter and not the row's.
   *
   * @template T
   * @param {Item} item
   * @param {() => Promise<T>} deed
   * @returns {Promise<T | undefined>}
   */
  async function attempt(item, deed) {
    try {
      return await deed();
    } catch (problem) {
      if (isOver(problem)) throw new Problem({ status: 401, message: 'your session has ended' });
      if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
      forget(item);
      byId('alert').replaceChildren(make('p', { class: 'notice' }, `“${item.item}” was already gone from the list.`));
      return undefined;
    }
  }

  /**
   * Makes a change to one item and shows it. When its row goes away with the keyboard's focus, the focus goes to the
   * row that takes its place.
   *
   * @param {string} id
   * @param {() => void} change
   */
  function keepingFocus(id, change) {
    const row = rows.get(id)?.row;
    const index = row ? [...place.children].indexOf(row) : -1;
    const hadFocus = row?.contains(document.activeElement) ?? false;
    change();
    render();
    if (!hadFocus || row?.isConnected) return;
    const heir = place.children[Math.min(index, place.children.length - 1)];
    (heir?.querySelector('input') ?? byId('title')).focus();
  }

  /** @param {Item} item */
  function forget({ id }) {
    keepingFocus(id, () => rows.delete(id));
  }

  /** @type {import('./row.js').Deeds} */
  const deeds = {
    async mark(item, completed) {
      const change = () => (completed ? items.complete(item.id) : items.update(item.id, { item: item.item, completed }));
      const fresh = await attempt(item, change);
      if (!fresh) return;
      say(`${item.item}: ${completed ? 'done' : 'open again'}`);
      settle(fresh);
    },
    async rewrite(item, text) {
      const fresh = await attempt(item, () => items.update(item.id, { item: text, completed: item.completed }));
      if (!fresh) return;
      say('Saved');
      settle(fresh);
    },
    async remove(item) {
      await attempt(item, () => items.remove(item.id));
      forget(item);
      say(`${item.item}: deleted`);
    },
  };

  /**
   * Shows what the server made of an item, which the filter may hide now.
   *
   * @param {Item} fresh
   */
  function settle(fresh) {
    keepingFocus(fresh.id, () => take(fresh));
  }

  async function load() {
    byId('alert').replaceChildren();
    byId('loading').hidden = rows.size > 0;
    byId('empty').hidden = true;
    place.setAttribute('aria-busy', 'true');
    more.setAttribute('aria-disabled', 'true');
    try {
      const before = rows.size;
      const page = await items.page(next);
      page.items.forEach(take);
      next = page.next ?? undefined;
      render();
      say(`${rows.size - before} ${before > 0 ? 'more items' : 'items'}`);
    } catch (problem) {
      if (!isOver(problem)) showProblem(problem);
    } finally {
      byId('loading').hidden = true;
      place.setAttribute('aria-busy', 'false');
      more.setAttribute('aria-disabled', 'false');
    }
  }

  /** @param {unknown} problem */
  function showProblem(problem) {
    const again = make('button', { class: 'button quiet', type: 'button', on: { click: () => void load() } }, 'Try again');
    const text = make('p', {}, `The list could not be read. ${inWords(problem)}`);
    byId('alert').replaceChildren(make('div', { class: 'notice bad' }, text, again));
  }

  more.addEventListener('click', () => {
    if (more.getAttribute('aria-disabled') !== 'true') void load();
  });

  return {
    load,
    /** @param {Item} item */
    put(item) {
      take(item);
      render();
    },
    filter: () => filter,
    /** @param {import('./shelf.js').Filter} wanted */
    setFilter(wanted) {
      filter = wanted;
      render();
    },
  };
}
