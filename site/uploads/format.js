// Sizes, times and kinds of files as a person reads them.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/**
 * A number of bytes with three significant digits: `0 B`, `812 B`, `3.46 MB`.
 *
 * @param {number} bytes
 */
export function asSize(bytes) {
  if (!(bytes >= 1000)) return `${Math.max(0, Math.round(bytes) || 0)} B`;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  // 999.9 kB would be written as 1000 kB.
  if (value >= 999.5 && power < UNITS.length - 1) return `1 ${UNITS[power + 1]}`;
  return `${Number(value.toPrecision(3))} ${UNITS[power]}`;
}

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/**
 * @param {unknown} date RFC 3339
 */
export function asWhen(date) {
  const time = Date.parse(String(date));
  return Number.isNaN(time) ? '' : WHEN.format(time);
}

/**
 * A file's ending as a label of at most four characters; `FILE` without one.
 *
 * @param {string} name
 */
export function asTag(name) {
  const ending = /[^.]\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? 'file';
  return ending.slice(0, 4).toUpperCase();
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * How much of the whole has gone, in full percents; 100 only when all of it has.
 *
 * @param {number} sent
 * @param {number} total
 */
export function percent(sent, total) {
  return total > 0 ? Math.min(100, Math.floor((sent / total) * 100)) : 0;
}
