// One item on the page: shown, edited, or about to be deleted.

import { make } from './dom.js';
import { Problem, asSentence, inWords } from './problem.js';
import { LONGEST, asDay, oneLine, textFault } from './shelf.js';

/**
 * @typedef {import('./items.js').Item} Item
 *
 * @typedef {object} Deeds each fails with what stopped it
 * @property {(item: Item, completed: boolean) => Promise<void>} mark
 * @property {(item: Item, text: string) => Promise<void>} rewrite
 * @property {(item: Item) => Promise<void>} remove
 */

/**
 * @param {Item} first
 * @param {Deeds} deeds
 */
export function createRow(first, deeds) {
  const row = make('li', { class: 'row' });
  let item = first;
  let busy = false;
  let shown = /** @type {'view' | 'edit' | 'confirm'} */ ('view');

  /**
   * @param {() => Promise<void>} deed
   * @param {(fault: string) => void} failed
   */
  async function perform(deed, failed) {
    if (busy) return;
    busy = true;
    row.setAttribute('aria-busy', 'true');
    try {
      await deed();
    } catch (problem) {
      failed(rowWords(problem));
    } finally {
      busy = false;
      row.removeAttribute('aria-busy');
    }
  }

  /**
   * @param {{fault?: string, focus?: 'tick' | 'edit' | 'delete'}} [options]
   */
  function view({ fault = '', focus } = {}) {
    shown = 'view';
    row.classList.toggle('done', item.completed);
    const tick = make('input', {
      class: 'tick',
      type: 'checkbox',
      id: `tick-${item.id}`,
      on: { change: () => void mark(tick.checked) },
    });
    tick.checked = item.completed;
    const words = make('label', { class: 'words', for: tick.id }, item.item);
    const when = make('span', { class: 'when' }, `Since ${asDay(item.creation_date)}`);
    const edit = button('Edit', 'quiet', () => startEdit());
    const remove = button('Delete', 'quiet', () => confirm());
    row.replaceChildren(
      tick,
      make('div', { class: 'text' }, words, when),
      make('div', { class: 'deeds' }, edit, remove),
      ...(fault ? [faultView(fault)] : []),
    );
    if (focus) ({ tick, edit, delete: remove })[focus].focus();
  }

  /**
   * The tick shows at once: the deed can be repeated without harm, and is taken back if it fails.
   *
   * @param {boolean} completed
   */
  function mark(completed) {
    if (busy) return view({ focus: 'tick' });
    row.classList.toggle('done', completed);
    return perform(
      () => deeds.mark(item, completed),
      (fault) => view({ fault, focus: row.contains(document.activeElement) ? 'tick' : undefined }),
    );
  }

  /**
   * @param {string} [text]
   * @param {string} [fault]
   */
  function startEdit(text = item.item, fault = '') {
    shown = 'edit';
    const faultId = `fault-${item.id}`;
    const field = make('textarea', {
      class: 'input',
      rows: String(rowsFor(text)),
      maxlength: String(2 * LONGEST),
      'aria-label': 'What is to be done',
      'aria-invalid': fault ? 'true' : 'false',
      'aria-describedby': fault ? faultId : undefined,
    });
    field.value = text;
    // An item is one line; what is pasted may be several.
    field.addEventListener('input', () => {
      if (/[\r\n]/.test(field.value)) field.value = oneLine(field.value);
    });
    const save = () => {
      const wrong = textFault(field.value);
      if (wrong) return startEdit(field.value, wrong);
      if (field.value.trim() === item.item) return view({ focus: 'edit' });
      void perform(
        () => deeds.rewrite(item, field.value.trim()),
        (words) => startEdit(field.value, words),
      ).then(() => shown === 'view' && view({ focus: 'edit' }));
    };
    const cancel = () => view({ focus: 'edit' });
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Enter') {
        event.preventDefault();
        save();
      } else if (event.key === 'Escape') cancel();
    });
    row.replaceChildren(
      make(
        'div',
        { class: 'editor' },
        field,
        ...(fault ? [faultView(fault, faultId)] : []),
        make('div', { class: 'deeds' }, button('Save', '', save, false), button('Cancel', 'quiet', cancel, false)),
      ),
    );
    field.focus();
  }

  /** @param {string} [fault] */
  function confirm(fault = '') {
    shown = 'confirm';
    const keep = () => view({ focus: 'delete' });
    const yes = button('Delete', 'grave', () => void perform(() => deeds.remove(item), confirm), false);
    const no = button('Keep', 'quiet', keep, false);
    row.replaceChildren(
      make(
        'div',
        { class: 'editor', role: 'group', 'aria-label': `Delete ${item.item}?` },
        make('p', {}, 'Delete “', make('strong', {}, item.item), '”? It cannot be brought back.'),
        ...(fault ? [faultView(fault)] : []),
        make('div', { class: 'deeds' }, yes, no),
      ),
    );
    row.onkeydown = (event) => {
      if (event.key === 'Escape' && shown === 'confirm') keep();
    };
    no.focus();
  }

  /**
   * @param {string} label
   * @param {string} look
   * @param {() => void} click
   * @param {boolean} [named] whether the button says which item it is for
   */
  function button(label, look, click, named = true) {
    const name = named ? `${label} ${item.item}` : undefined;
    return make('button', { class: `button small ${look}`.trim(), type: 'button', 'aria-label': name, on: { click } }, label);
  }

  view();
  return {
    row,
    item: () => item,
    /**
     * Takes over what the server says, without disturbing somebody who is writing.
     *
     * @param {Item} fresh
     */
    update(fresh) {
      const same = JSON.stringify(fresh) === JSON.stringify(item);
      item = fresh;
      if (busy && shown === 'edit') shown = 'view';
      else if (shown === 'view' && !same) view({ focus: row.contains(document.activeElement) ? 'tick' : undefined });
    },
    focus: () => row.querySelector('input')?.focus(),
  };
}

/**
 * @param {string} text
 * @param {string} [id]
 */
function faultView(text, id) {
  return make('p', { class: 'fault', role: 'alert', id }, text);
}

/**
 * @param {unknown} problem
 */
function rowWords(problem) {
  if (!(problem instanceof Problem)) return `Not saved. ${inWords(problem)}`;
  if (problem.status === 400 && problem.fields.item) return asSentence(`the text ${problem.fields.item}`);
  return `Not saved. ${inWords(problem)}`;
}

/** @param {string} text */
function rowsFor(text) {
  return Math.min(8, 1 + Math.floor(text.length / 50));
}
