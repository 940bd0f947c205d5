// Pure questions about a list of items: which to show, in what order, and what to say about them.

/**
 * @typedef {import('./items.js').Item} Item
 * @typedef {'all' | 'open' | 'done'} Filter
 */

/**
 * A filter from the address, such as `#open`; everything else is all.
 *
 * @param {string} text
 * @returns {Filter}
 */
export function filterOf(text) {
  const name = text.replace(/^#/, '');
  return name === 'open' || name === 'done' ? name : 'all';
}

/**
 * @param {Item} item
 * @param {Filter} filter
 */
export function passes({ completed }, filter) {
  return filter === 'all' || completed === (filter === 'done');
}

/**
 * Newest first; the API lists by id, which means nothing to a person.
 *
 * @param {Item[]} items
 */
export function newestFirst(items) {
  return [...items].sort((a, b) => b.creation_date.localeCompare(a.creation_date) || a.id.localeCompare(b.id));
}

/**
 * @param {Item[]} items
 * @param {boolean} more whether the list goes on
 */
export function summary(items, more) {
  if (items.length === 0) return '';
  const done = items.filter(({ completed }) => completed).length;
  return `${items.length - done} open, ${done} done${more ? ' so far' : ''}`;
}

/**
 * What stands where no item does.
 *
 * @param {Filter} filter
 * @param {boolean} any whether there are items that the filter hides
 * @param {boolean} more whether the list goes on
 */
export function emptyWords(filter, any, more) {
  if (more) return 'None among those read so far. Show more to look further.';
  if (!any) return 'An empty page. What comes first?';
  return filter === 'open' ? 'Everything is done. Well then.' : 'Nothing is done yet.';
}

/**
 * What is wrong with a text before it is sent.
 *
 * @param {string} text
 */
export function textFault(text) {
  if (!text.trim()) return 'Write what is to be done.';
  // As the API counts: characters, not the halves that some of them are made of.
  return [...text.trim()].length > LONGEST ? `At most ${LONGEST} characters fit.` : '';
}

/**
 * A text of several lines as one.
 *
 * @param {string} text
 */
export function oneLine(text) {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** The longest text of an item, in characters. */
export const LONGEST = 1000;

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/**
 * @param {string} date RFC 3339
 */
export function asDay(date) {
  const time = Date.parse(date);
  return Number.isNaN(time) ? '' : WHEN.format(time);
}
