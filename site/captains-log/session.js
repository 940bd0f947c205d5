// How long a session still lasts, by the server's clock.

/**
 * Milliseconds since 1970 from what an API may send: seconds since 1970, or a date in words.
 *
 * @param {unknown} value
 * @returns {number | undefined}
 */
export function instantOf(value) {
  const time = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  return Number.isFinite(time) ? time : undefined;
}

/**
 * How far the server's clock is ahead of ours, in milliseconds. Its header tells whole seconds only, so a smaller
 * difference is none.
 *
 * @param {number | undefined} server
 * @param {number} ours
 */
export function skew(server, ours) {
  if (server === undefined) return 0;
  return Math.abs(server - ours) < 2000 ? 0 : server - ours;
}

/**
 * Whole seconds left, never below zero.
 *
 * @param {number} end
 * @param {number} now
 */
export function secondsLeft(end, now) {
  return Math.max(0, Math.ceil((end - now) / 1000));
}

/**
 * Seconds as a clock shows them: `0:47`, `12:05`, `1:02:05`.
 *
 * @param {number} seconds
 */
export function asClock(seconds) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** The seconds before the end at which a reader is told. */
export const WARNINGS = [60, 30, 10];

/**
 * The warning that falls due between two ticks, if any; after a pause only the last one.
 *
 * @param {number} before seconds left at the tick before
 * @param {number} now seconds left
 * @returns {number | undefined}
 */
export function warningDue(before, now) {
  return WARNINGS.filter((mark) => before > mark && now <= mark && now > 0).at(-1);
}
