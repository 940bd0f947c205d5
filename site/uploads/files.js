// The list of files that are in the bucket.

import { byId, make, say } from './dom.js';
import { asSize, asTag, asWhen, counted } from './format.js';
import { inWords } from './problem.js';

/** @typedef {import('./api.js').StoredFile} StoredFile */

/** A download link works for 15 minutes; it is renewed when it is clicked after 14. */
const LINK_LIFE = 14 * 60_000;

/**
 * @param {(next: string | undefined) => Promise<{files: StoredFile[], next: string | null}>} page
 * @param {(problem: unknown) => boolean} isOver
 */
export function createFiles(page, isOver) {
  const list = byId('files');
  const more = byId('more', HTMLButtonElement);
  /** @type {Map<string, StoredFile>} */
  let files = new Map();
  /** @type {Map<string, HTMLLIElement>} */
  const rows = new Map();
  let next = /** @type {string | null} */ (null);
  let pages = 1;
  let fetched = 0;

  /** Reads the list anew, as far as it is shown. */
  async function reload() {
    const fresh = new Map();
    let position = /** @type {string | null} */ (null);
    for (let count = 0; count === 0 || (count < pages && position); count += 1) {
      const answer = await page(position ?? undefined);
      for (const file of answer.files) fresh.set(file.fileId, file);
      position = answer.next;
    }
    [files, next, fetched] = [fresh, position, Date.now()];
    render();
  }

  async function readOn() {
    const answer = await page(next ?? undefined);
    for (const file of answer.files) files.set(file.fileId, file);
    next = answer.next;
    pages += 1;
    render();
    say(`${counted(answer.files.length, 'file')} more`);
  }

  /**
   * @param {() => Promise<void>} read
   * @returns {Promise<boolean>} whether it worked
   */
  async function attempt(read) {
    const alert = byId('files-alert');
    alert.replaceChildren();
    byId('files-loading').hidden = files.size > 0;
    byId('files-empty').hidden = true;
    list.setAttribute('aria-busy', 'true');
    more.setAttribute('aria-disabled', 'true');
    try {
      await read();
      return true;
    } catch (problem) {
      if (!isOver(problem)) alert.append(notice(problem, () => void attempt(read)));
      return false;
    } finally {
      byId('files-loading').hidden = true;
      list.setAttribute('aria-busy', 'false');
      more.setAttribute('aria-disabled', 'false');
    }
  }

  function render() {
    const ordered = newestFirst([...files.values()]);
    for (const [id, row] of rows) if (!files.has(id)) drop(id, row);
    ordered.forEach((file, index) => {
      const row = rows.get(file.fileId) ?? rowOf(file);
      rows.set(file.fileId, row);
      row.querySelector('a')?.setAttribute('href', file.downloadUrl);
      // Only what is out of place moves: a row that moves loses the keyboard's focus.
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    byId('files-empty').hidden = ordered.length > 0;
    byId('files-after').hidden = !next;
    byId('files-count').textContent = summary(ordered, Boolean(next));
  }

  /**
   * @param {string} id
   * @param {HTMLLIElement} row
   */
  function drop(id, row) {
    row.remove();
    rows.delete(id);
  }

  /** @param {StoredFile} file */
  function rowOf({ fileId, fileName, size, contentType, uploadedAt }) {
    const click = (/** @type {Event} */ event) => {
      if (Date.now() - fetched < LINK_LIFE) return;
      event.preventDefault();
      void attempt(reload).then((worked) => {
        const url = files.get(fileId)?.downloadUrl;
        if (worked && url) location.assign(url);
      });
    };
    const link = make('a', { download: true, on: { click } }, fileName);
    const about = [asSize(size), contentType, asWhen(uploadedAt)].filter(Boolean).join(' · ');
    return make(
      'li',
      { class: 'row' },
      make('span', { class: 'tag', 'aria-hidden': 'true' }, asTag(fileName)),
      make('div', { class: 'what' }, make('p', { class: 'name' }, link), make('p', { class: 'about' }, about)),
    );
  }

  more.addEventListener('click', () => {
    if (more.getAttribute('aria-disabled') !== 'true') void attempt(readOn);
  });

  return { reload: () => attempt(reload) };
}

/**
 * The API lists by id, which means nothing to a person.
 *
 * @param {StoredFile[]} files
 */
export function newestFirst(files) {
  return files.sort((a, b) => b.uploadedAt.localeCompare(a.uploadedAt) || a.fileId.localeCompare(b.fileId));
}

/**
 * @param {StoredFile[]} files
 * @param {boolean} more
 */
export function summary(files, more) {
  if (files.length === 0) return '';
  const size = asSize(files.reduce((sum, file) => sum + file.size, 0));
  return `${counted(files.length, 'file')}, ${size}${more ? ', and more' : ''}`;
}

/**
 * @param {unknown} problem
 * @param {() => void} again
 */
function notice(problem, again) {
  return make(
    'div',
    { class: 'notice bad' },
    make('p', {}, `The list could not be read. ${inWords(problem)}`),
    make('button', { class: 'button quiet', type: 'button', on: { click: again } }, 'Try again'),
  );
}
