// One log entry as the page shows it.

import { make } from './dom.js';

/**
 * @typedef {object} Entry
 * @property {string} stardate
 * @property {string} title
 * @property {string} entry
 */

/**
 * @param {Entry} entry
 * @param {number} number its place in the list, from 1
 */
export function entryView({ stardate, title, entry }, number) {
  const heading = `entry-${number}`;
  return make(
    'article',
    { class: 'entry', 'aria-labelledby': heading, tabindex: '-1' },
    make('p', { class: 'stardate' }, `Stardate ${stardate}`),
    make('h2', { id: heading }, title || 'Untitled'),
    ...paragraphs(entry).map((text) => make('p', { class: 'text' }, text)),
  );
}

/**
 * A text's paragraphs, which empty lines part.
 *
 * @param {unknown} text
 * @returns {string[]}
 */
export function paragraphs(text) {
  return String(text ?? '')
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean);
}
